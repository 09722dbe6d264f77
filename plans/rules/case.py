"""What a rule looks at, and what it gives back."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from plans.content import Content
from plans.models import Goal
from plans.sections import STRUCTURES, sections_of, settings_of


@dataclass(frozen=True)
class Finding:
    """One thing to mend: where it is, and a plain sentence of what to do.

    `row` is the content row it is about and `field` the column of it, where there is one.
    """

    section: str
    sentence: str
    row: object = None
    field: str = ""


class Case:
    """A version with everything the rules need, loaded once."""

    def __init__(self, version):
        self.version = version
        self.plan = version.plan
        self.sections = sections_of(version.plan)
        self.keys = {section.key for section in self.sections}
        self.settings = settings_of(version.plan.template)

    @cached_property
    def content(self):
        return Content(self.version)

    @cached_property
    def day(self):
        """The day of the check: a sent version is looked at as it was on the day it was sent."""
        return timezone.localdate(self.version.sent_at) if self.version.sent_at else timezone.localdate()

    def rows(self, model):
        return self.content.rows[model]

    def goals(self, level):
        return [goal for goal in self.rows(Goal) if goal.level == level]

    def is_told_empty(self, key, model):
        """Whether a required section is empty as a whole: then that is said once, not row by row."""
        section = next((section for section in self.sections if section.key == key), None)
        required = section is not None and section.is_required(self.plan.scope)
        return required and not self.rows(model)

    def row_sets(self):
        """Give (section, row set) of every table of the plan."""
        for section in self.sections:
            for row_set in STRUCTURES[section.key] if not section.is_narrative else ():
                yield section, row_set

    @cached_property
    def places(self):
        """Return uid → (row set, its number in the editor) of every row."""
        return {
            row.uid: (row_set.name, number)
            for _section, row_set in self.row_sets()
            for number, row in enumerate(self.content.of(row_set))
        }
