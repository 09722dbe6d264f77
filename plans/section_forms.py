"""The form of one section: its text, or all its rows, bound to what was posted or to what is stored.

Drafts are lenient: everything may be empty, and only what cannot be understood is refused (a date that is
none, a negative sum). Rows work without JavaScript: the server draws empty ones, a row goes only by an
explicit mark, and what is absent from a request stays as it is.
"""

import uuid
from functools import partial

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.row_cards import RowCards
from plans.row_choices import Choices
from plans.sections import STRUCTURES, settings_of
from portal.prepared import prepared_for_all

MAX_ROWS = 300


class LinesField(forms.CharField):
    """A text of several lines, which end alike whether a button sent them or a script."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class TextForm(forms.Form):
    """The text of a told section."""

    body = LinesField(required=False)

    def __init__(self, *args, section, **kwargs):
        super().__init__(*args, **kwargs)
        body = self.fields["body"]
        body.label = section.title
        body.help_text = section.help
        body.widget.attrs |= {"rows": 18}
        if section.word_limit:
            body.widget.attrs |= {"data-word-limit": section.word_limit}


CHOOSE = ("", gettext_lazy("– choose –"))


def form_field(model_field, choices):
    """Return the form field of one column: choices come ready, so that sixty rows ask no more than one."""
    label = model_field.verbose_name
    if model_field.name in choices:
        if model_field.many_to_many:
            return forms.MultipleChoiceField(
                label=label,
                required=False,
                choices=choices[model_field.name],
                widget=forms.CheckboxSelectMultiple,
            )
        options = [CHOOSE, *choices[model_field.name]]
        return forms.ChoiceField(label=label, required=False, choices=options)
    several_lines = {"form_class": LinesField} if isinstance(model_field, models.TextField) else {}
    found = model_field.formfield(label=label, required=False, **several_lines)
    if model_field.choices:
        found.choices = [CHOOSE, *model_field.flatchoices]
    else:
        found.validators += model_field.validators
    if isinstance(model_field, models.DecimalField):
        found.localize = True
        found.widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short"})
        found.widget.is_localized = True
    elif isinstance(model_field, models.DateField):
        found.widget = forms.DateInput(attrs={"class": "short"})
    elif isinstance(model_field, models.IntegerField) and not model_field.choices:
        found.widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short"})
    elif isinstance(model_field, models.TextField):
        found.widget.attrs["rows"] = 3
    return found


class RowForm(forms.Form):
    """One row. Its `uid` is given by the server when the empty row is drawn, and is kept for ever."""

    def __init__(self, *args, row_set, row, fields, **kwargs):
        self.row_set, self.row = row_set, row
        initial = {"uid": row.uid} | self.stored_values(row_set, row)
        super().__init__(*args, initial=initial, **kwargs)
        # The same fields for every row: they keep nothing of one.
        self.fields = fields

    @staticmethod
    def stored_values(row_set, row):
        values = {}
        for name in row_set.fields:
            field = row_set.model._meta.get_field(name)
            if field.many_to_many:
                values[name] = (
                    [reference_value(target) for target in getattr(row, name).all()] if row.pk else []
                )
            elif field.is_relation:
                target = getattr(row, name) if getattr(row, field.attname) else None
                values[name] = reference_value(target) if target else ""
            else:
                values[name] = getattr(row, name)
        return values

    @property
    def is_new(self):
        return self.row.pk is None

    @property
    def is_blank(self):
        """A new row in which nothing was written: drawn by the server, not meant by anybody."""
        return self.is_new and not set(self.changed_data) - {"uid", "delete"}

    @property
    def alike(self):
        """Return (name, label) of what a new row may take from the row above; a stored row takes nothing."""
        names = self.row_set.alike if self.is_new else ()
        return [(name, self.fields[name].label) for name in names]

    @property
    def shown_fields(self):
        return [self[name] for name in self.row_set.fields]

    @property
    def fields_with_errors(self):
        if not self.is_bound:
            return []
        return [field for field in self.shown_fields if field.errors]


def row_fields(row_set, choices, asked):
    """Return the form fields of a row, by name: its columns, of which those in `asked` say that they are."""
    fields = {"uid": forms.UUIDField(widget=forms.HiddenInput)}
    for name in row_set.fields:
        fields[name] = form_field(row_set.model._meta.get_field(name), choices)
        if name in row_set.refers_to:
            fields[name].widget.attrs["data-refers-to"] = row_set.refers_to[name]
        if name in asked:
            fields[name].help_text = _("Needed before the plan is sent.")
    return fields | {"delete": forms.BooleanField(required=False, label=_("Remove this row"))}


def reference_value(target):
    """Return what stands for a row in a form: content rows by uid, register rows by primary key."""
    return str(getattr(target, "uid", target.pk))


class RowSetForms:
    """All rows of one kind in a section, as forms."""

    def __init__(self, row_set, version, stored, choices, data, asked=()):
        self.row_set, self.version = row_set, version
        self.fields = row_fields(row_set, choices, asked)
        self.stored = {row.uid: row for row in stored}
        self.data = data
        self.forms = self._posted() if data is not None else self._drawn(stored)

    def _form(self, index, row, data=None):
        return RowForm(
            data,
            prefix=f"{self.row_set.name}-{index}",
            row_set=self.row_set,
            row=row,
            fields=self.fields,
        )

    def _new(self, uid):
        return self.row_set.model(version=self.version, uid=uid, **self.row_set.fixed)

    def _drawn(self, stored):
        extra = self.row_set.extra if self.row_set.can_add else 0
        rows = [*stored, *(self._new(uuid.uuid4()) for _number in range(extra))]
        return [self._form(index, row) for index, row in enumerate(rows)]

    def _posted(self):
        """Bind what was posted; a uid that is none, or too many rows, never comes from our own page."""
        total = self.data.get(f"{self.row_set.name}-total", "0")
        if not total.isascii() or not total.isdigit() or len(total) > 4 or int(total) > MAX_ROWS:
            raise SuspiciousOperation("too many rows")
        found = []
        for index in range(int(total)):
            try:
                uid = uuid.UUID(self.data.get(f"{self.row_set.name}-{index}-uid", ""))
            except ValueError:
                continue
            row = self.stored.get(uid)
            if row is not None or self.row_set.can_add:
                found.append(self._form(index, row or self._new(uid), self.data))
        return found

    @property
    def pattern(self):
        """An empty row with `__index__` for its number: what the browser copies to add one."""
        return self._form("__index__", self._new(""))

    @property
    def cards(self):
        """The rows as the page shows them."""
        return RowCards(self)

    @property
    def total(self):
        return max((int(form.prefix.rpartition("-")[2]) + 1 for form in self.forms), default=0)

    @cached_property
    def kept(self):
        return [form for form in self.forms if not form.is_blank and not form.cleaned_data.get("delete")]

    @cached_property
    def deleted(self):
        return [form for form in self.forms if not form.is_new and form.cleaned_data.get("delete")]

    def is_valid(self):
        return all(form.is_blank or form.is_valid() for form in self.forms)


class SectionForm:
    """The whole section: the `data` posted, or None to show what is stored; `body` is its text, if known."""

    def __init__(self, version, section, data=None, body=None):
        self.version, self.section, self.data = version, section, data
        self.text, self.choices, self.row_sets = None, None, []
        if section.is_narrative:
            self.text = TextForm(data, initial=None if data else self._stored_text(body), section=section)
            return
        structure = STRUCTURES[section.key]
        loaded = {row_set.name: load_rows(row_set, version) for row_set in structure}
        self.choices = Choices(version, loaded, data)
        settings = settings_of(version.plan.template)
        for row_set in structure:
            choices, asked = self.choices.of(row_set), settings.asked(section, row_set, version.plan)
            rows = RowSetForms(row_set, version, loaded[row_set.name], choices, data, asked)
            self.row_sets.append(rows)
        self.refuse_rows_twice()

    def refuse_rows_twice(self):
        """A row stands once, in the table that has it; anything else never comes from our own page."""
        owner = {(rows.row_set.model, uid): rows for rows in self.row_sets for uid in rows.stored}
        met = set()
        for rows in self.row_sets:
            for form in rows.forms:
                row = rows.row_set.model, form.row.uid
                if row in met or owner.get(row, rows) is not rows:
                    raise SuspiciousOperation("a row twice")
                met.add(row)

    def _stored_text(self, body):
        return (
            {"body": body}
            if body is not None
            else self.version.text_rows.filter(key=self.section.key).values("body").first()
        )

    def is_valid(self):
        if self.text is not None:
            return self.text.is_valid()
        # Every row set is validated, so that all mistakes are told at once.
        results = [row_set.is_valid() for row_set in self.row_sets]
        return all(results)

    @property
    def errors(self):
        """Return (id of the control, sentence) for each mistake."""
        if self.text is not None:
            return [(self.text["body"].id_for_label, error) for error in self.text["body"].errors]
        return [
            (field.id_for_label or field.auto_id, f"{field.label}: {error}")
            for row_set in self.row_sets
            for form in row_set.forms
            if form.is_bound and not form.is_blank
            for field in form.fields_with_errors
            for error in field.errors
        ]


def load_rows(row_set, version):
    return prepared_for_all(f"plans.rows.{row_set.name}", partial(stored_rows, row_set), version.pk)


def stored_rows(row_set, version):
    """Return the stored rows with what their forms show, in a fixed number of queries."""
    rows = row_set.rows(version)
    names = [row_set.model._meta.get_field(name) for name in row_set.fields]
    rows = rows.prefetch_related(*(field.name for field in names if field.many_to_many))
    joined = [field.name for field in names if field.many_to_one]
    return rows.select_related(*joined) if joined else rows
