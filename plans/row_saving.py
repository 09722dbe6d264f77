"""Writing the rows of a section in few statements, parents before the rows that point to them."""

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from plans.models import Action, SchoolCommitment
from plans.sections import ROW_SETS


class RowInUse(Exception):
    """A row that others point to cannot go; `sentences` say what uses it."""

    def __init__(self, sentences):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def save_row_sets(form):
    """Write the kept rows of a valid SectionForm and remove the marked ones.

    Raises RowInUse where a marked row is still used elsewhere; then nothing is written.
    """
    resolver = Resolver(form.version)
    for row_set in form.row_sets:
        write(row_set, resolver)
    for row_set in reversed(form.row_sets):
        remove(row_set)


class Resolver:
    """Finds the row behind a posted reference: of this request, or stored."""

    def __init__(self, version):
        self.version = version
        self.rows = {}

    def learn(self, name, rows):
        self.rows.setdefault(name, {}).update({str(row.uid): row for row in rows})

    def find(self, name, uids):
        """Return the rows with these uids; those not of this request are read in one query."""
        known = self.rows.setdefault(name, {})
        missing = {uid for uid in uids if uid and uid not in known}
        if missing:
            self.learn(name, ROW_SETS[name].rows(self.version).filter(uid__in=missing))
        return known


def write(forms, resolver):
    row_set = forms.row_set
    new, changed, linked = [], [], []
    for position, form in enumerate(forms.kept):
        row = form.row
        moved = row.position != position
        row.position = position
        fill(form, resolver)
        if form.is_new:
            new.append(row)
        elif moved or set(form.changed_data) - {"uid"}:
            changed.append(row)
        if form.is_new or any(name in form.changed_data for name in many(row_set)):
            linked.append(form)
    row_set.model.objects.bulk_create(new)
    if changed:
        row_set.model.objects.bulk_update(changed, ["position", *single(row_set)])
    for name in many(row_set):
        link(row_set, name, linked, resolver)
    resolver.learn(row_set.name, [form.row for form in forms.kept])


def many(row_set):
    return [name for name in row_set.fields if row_set.model._meta.get_field(name).many_to_many]


def single(row_set):
    return [name for name in row_set.fields if not row_set.model._meta.get_field(name).many_to_many]


def fill(form, resolver):
    """Put the cleaned values into the row; references become rows, an unknown one becomes none."""
    for name in single(form.row_set):
        value = form.cleaned_data[name]
        if name in form.row_set.refers_to:
            target = form.row_set.refers_to[name]
            setattr(form.row, name, resolver.find(target, [value]).get(value))
        elif form.row_set.model._meta.get_field(name).is_relation:
            setattr(form.row, f"{name}_id", int(value) if value else None)
        else:
            setattr(form.row, name, value)


def link(row_set, name, forms, resolver):
    """Replace the links of the changed rows: one DELETE and one INSERT, however many rows."""
    if not forms:
        return
    field = row_set.model._meta.get_field(name)
    through = field.remote_field.through
    source, target = field.m2m_column_name(), field.m2m_reverse_name()
    old = [form.row.pk for form in forms if not form.is_new or form.row.pk]
    through.objects.filter(**{f"{source}__in": old}).delete()
    links = []
    for form in forms:
        values = form.cleaned_data[name]
        if name in row_set.refers_to:
            known = resolver.find(row_set.refers_to[name], values)
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
