"""What the references of a row may point to: one query for each kind, however many rows there are."""

import uuid

from jst.models import School
from plans.models import KeyCompetence
from plans.sections import ROW_SETS


def choices_for(row_set, version, loaded, data):
    """Return field → [(value, label)] for the references of `row_set`.

    `loaded` holds the rows of the same section by row set name; rows made in the same request (`data`) may
    be pointed to as well, by the uid the page gave them.
    """
    choices = {}
    for name in row_set.fields:
        field = row_set.model._meta.get_field(name)
        if name in row_set.refers_to:
            choices[name] = row_options(ROW_SETS[row_set.refers_to[name]], version, loaded, data)
        elif field.related_model is KeyCompetence:
            choices[name] = competences(version)
        elif field.related_model is School:
            choices[name] = schools(version, loaded.get(row_set.name, []))
    return choices


def row_options(target, version, loaded, data):
    if target.name in loaded:
        rows = loaded[target.name]
    else:
        rows = (
            target.rows(version).select_related("school") if target.name == "school" else target.rows(version)
        )
    options = [(str(row.uid), str(row)) for row in rows]
    known = {value for value, _label in options}
    return options + [(uid, label) for uid, label in posted(target, data) if uid not in known]


def posted(target, data):
    """Return (uid, label) of the rows of `target` in the request itself."""
    total = (data or {}).get(f"{target.name}-total", "0")
    for index in range(int(total) if total.isascii() and total.isdigit() and len(total) < 5 else 0):
        try:
            uid = str(uuid.UUID(data.get(f"{target.name}-{index}-uid", "")))
        except ValueError:
            continue
        yield uid, data.get(f"{target.name}-{index}-title", "") or uid


def competences(version):
    setup = version.plan.participation.edition.setup
    found = KeyCompetence.objects.filter(competence_set=setup.competence_set)
    return [(str(competence.pk), competence.label) for competence in found]


def schools(version, rows):
    """The schools the unit runs; a school of another authority that was chosen before stays in the list."""
    own = [
        (str(school.pk), str(school))
        for school in School.objects.filter(operator=version.plan.participation.jst_id)
    ]
    known = {value for value, _label in own}
    others = {str(row.school_id): str(row.school) for row in rows if row.school_id}
    return own + [(value, label) for value, label in others.items() if value not in known]
