"""What the references of a row may point to: one query for each kind, however many rows there are."""

import uuid
from functools import partial

from django.db.models import Q

from jst.models import School, SchoolScope
from plans.models import KeyCompetence
from plans.sections import ROW_SETS
from portal.prepared import prepared_for_all


class Choices:
    """The choices of one section's references, and the content rows behind them.

    `loaded` holds the section's own rows by row set name; rows made in the same request (`data`) may be
    pointed to as well, by the uid the page gave them.
    """

    def __init__(self, version, loaded, data):
        self.version, self.data = version, data
        self.rows = {name: {str(row.uid): row for row in rows} for name, rows in loaded.items()}

    def of(self, row_set):
        """Return field → [(value, label)] for the references of `row_set`."""
        choices = {}
        for name in row_set.fields:
            field = row_set.model._meta.get_field(name)
            if name in row_set.refers_to:
                choices[name] = self.row_options(ROW_SETS[row_set.refers_to[name]])
            elif field.related_model is KeyCompetence:
                choices[name] = competences(self.version)
            elif field.related_model is School:
                choices[name] = schools(self.version, self.rows[row_set.name].values())
        return choices

    def row_options(self, target):
        if target.name not in self.rows:
            rows = prepared_for_all(
                f"plans.named.{target.name}", partial(named_rows, target), self.version.pk
            )
            self.rows[target.name] = {str(row.uid): row for row in rows}
        known = self.rows[target.name]
        options = [(uid, str(row)) for uid, row in known.items()]
        return options + [(uid, label) for uid, label in posted(target, self.data) if uid not in known]

    def learn(self, row_set, rows):
        """Remember rows that were just written, so that others may point to them."""
        self.rows.setdefault(row_set.name, {}).update({str(row.uid): row for row in rows})


def named_rows(target, version):
    """Return the rows of a row set with what their words need."""
    rows = target.rows(version)
    return rows.select_related("school") if target.name == "school" else rows


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
    found = prepared_for_all("plans.competences", competences_of, setup.competence_set)
    return [(str(competence.pk), competence.label) for competence in found]


def competences_of(competence_set):
    return KeyCompetence.objects.filter(competence_set=competence_set)


def schools(version, rows):
    """The schools the unit runs or has in scope; one of another authority chosen before stays in the list."""
    participation = version.plan.participation
    taken_on = SchoolScope.objects.filter(participation=participation).values("school")
    found = School.objects.filter(Q(authority=participation.jst_id) | Q(pk__in=taken_on))
    own = [(str(school.pk), str(school)) for school in found]
    known = {value for value, _label in own}
    others = {str(row.school_id): str(row.school) for row in rows if row.school_id}
    return own + [(value, label) for value, label in others.items() if value not in known]
