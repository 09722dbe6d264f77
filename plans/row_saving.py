"""Writing the rows of a section in few statements, parents before the rows that point to them."""

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from plans.models import Action, SchoolCommitment


class RowInUse(Exception):
    """A row that others point to cannot go; `sentences` say what uses it."""

    def __init__(self, sentences):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def save_row_sets(form):
    """Write the kept rows of a valid SectionForm and remove the marked ones.

    Raises RowInUse where a marked row is still used elsewhere; then nothing is written.
    """
    for row_set in form.row_sets:
        write(row_set, form.choices)
    for row_set in reversed(form.row_sets):
        remove(row_set)


def write(forms, choices):
    """Write one row set: one INSERT for new rows, one UPDATE for the changed columns of changed rows."""
    row_set = forms.row_set
    new, changed, columns, linked = [], [], set(), []
    for position, form in enumerate(forms.kept):
        row, touched = form.row, set(form.changed_data) & set(row_set.fields)
        if row.position != position:
            row.position = position
            touched.add("position")
        fill(form, choices)
        if form.is_new:
            new.append(row)
        elif touched:
            changed.append(row)
            columns |= touched - set(many(row_set))
        if form.is_new or touched & set(many(row_set)):
            linked.append(form)
    row_set.model.objects.bulk_create(new)
    if changed and columns:
        row_set.model.objects.bulk_update(changed, sorted(columns))
    for name in many(row_set):
        link(row_set, name, linked, choices)
    choices.learn(row_set, [form.row for form in forms.kept])


def many(row_set):
    return [name for name in row_set.fields if row_set.model._meta.get_field(name).many_to_many]


def single(row_set):
    return [name for name in row_set.fields if not row_set.model._meta.get_field(name).many_to_many]


def fill(form, choices):
    """Put the cleaned values into the row; references become rows, an unknown one becomes none."""
    for name in single(form.row_set):
        value = form.cleaned_data[name]
        if name in form.row_set.refers_to:
            setattr(form.row, name, choices.rows[form.row_set.refers_to[name]].get(value))
        elif form.row_set.model._meta.get_field(name).is_relation:
            setattr(form.row, f"{name}_id", int(value) if value else None)
        else:
            setattr(form.row, name, value)


def link(row_set, name, forms, choices):
    """Replace the links of the changed rows: one DELETE and one INSERT, however many rows."""
    if not forms:
        return
    field = row_set.model._meta.get_field(name)
    through = field.remote_field.through
    source, target = field.m2m_column_name(), field.m2m_reverse_name()
    through.objects.filter(**{f"{source}__in": [form.row.pk for form in forms]}).delete()
    links = []
    for form in forms:
        values = form.cleaned_data[name]
        if name in row_set.refers_to:
            known = choices.rows[row_set.refers_to[name]]
            keys = [known[value].pk for value in values if value in known]
        else:
            keys = [int(value) for value in values]
        links += [through(**{source: form.row.pk, target: key}) for key in keys]
    through.objects.bulk_create(links)


def remove(forms):
    sentences = []
    for form in forms.deleted:
        try:
            used = uses(form.row)
            if used:
                sentences.append(used)
            else:
                form.row.delete()
        except ProtectedError as error:
            names = ", ".join(f"„{row}”" for row in list(error.protected_objects)[:3])
            sentences.append(
                _("“%(row)s” cannot be removed: it is used by %(names)s. Change that first.")
                % {"row": form.row, "names": names}
            )
    if sentences:
        raise RowInUse(sentences)


def uses(row):
    """Links from actions to schools are many-to-many, which the database does not protect by itself."""
    if not isinstance(row, SchoolCommitment):
        return ""
    action = Action.objects.filter(schools=row).first()
    if action is None:
        return ""
    return _("“%(row)s” cannot be removed: it is used by %(names)s. Change that first.") % {
        "row": row,
        "names": f"„{action}”",
    }
