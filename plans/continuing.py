"""Starting a plan from the unit's last accepted one: what still holds comes along, the rest is named.

An accepted plan is the unit's own document, adopted by its council: the team of the next edition may start
from it even where it was never published. Rows are new (`uid`) and say in `origin` where they come from.
"""

from django.utils.translation import gettext as _

from plans.content import Content, references
from plans.models import (
    Action,
    ActionCost,
    BudgetLine,
    Debate,
    Evidence,
    Goal,
    KeyCompetence,
    PlanIndicator,
    PlanVersion,
    Risk,
    SchoolCommitment,
    SwotItem,
    Text,
)
from plans.sections import SECTION_OF_MODEL, STRUCTURES, pairs, sections_of

# Parents before the rows that point to them; schools are matched with those that the unit has now.
TAKEN = [SwotItem, Goal, Action, ActionCost, PlanIndicator, BudgetLine, Risk]

# What a copy has of its own.
OWN = {"id", "version", "uid", "origin"}


def earlier_version(participation):
    """Return the accepted version of the unit's plan of an earlier edition, the newest, or None."""
    accepted = PlanVersion.objects.filter(
        plan__participation__jst=participation.jst_id, status=PlanVersion.Status.ACCEPTED
    )
    accepted = accepted.exclude(plan__participation=participation)
    return accepted.select_related("plan__template").order_by("-sent_at", "-number").first()


def origin_of(version):
    return _("plan “%(title)s”, version %(number)s") % {
        "title": version.title[:200],
        "number": version.number,
    }


def take_over(version, earlier):
    """Fill an empty draft from the accepted version; return sentences about what could not come along."""
    return Continuation(version, earlier).run()


class Continuation:
    def __init__(self, version, earlier):
        self.version, self.content = version, Content(earlier)
        self.origin = origin_of(earlier)
        self.keys = {section.key: section for section in sections_of(version.plan)}
        before = sections_of(earlier.plan)
        self.titles = {section.key: section.title for section in before}
        paired, _left = pairs(before, self.keys.values())
        self.place_of = {old.key: section for section, old in paired if old}
        chosen = version.plan.participation.edition.setup.competence_set
        competences = KeyCompetence.objects.filter(competence_set=chosen)
        self.competences = {competence.label.casefold(): competence for competence in competences}
        self.copies, self.left_out = {}, []

    def run(self):
        self.texts()
        self.schools()
        for model in TAKEN:
            if SECTION_OF_MODEL[model] in self.keys:
                self.rows(model)
        self.name_what_stays()
        return list(dict.fromkeys(self.left_out))

    def texts(self):
        """Texts move by the key of their section, or to the section that replaces it in the new form."""
        told = [text for text in self.content.rows[Text] if text.body.strip()]
        for text in told:
            section = self.place_of.get(text.key) or self.free_place(text.key)
            if section is None or not section.is_narrative:
                self.left_out.append(
                    _("The text of the section “%s”: the new form does not have it.")
                    % self.titles.get(text.key, text.key)
                )
                continue
            Text.objects.create(
                version=self.version,
                key=section.key,
                body=text.body,
                position=section.position,
                origin=self.origin,
            )

    def free_place(self, key):
        """Return the section of a text that had no place in its own plan, unless another text goes there."""
        section = self.keys.get(key)
        return section if section not in self.place_of.values() else None

    def schools(self):
        """Schools that are still the unit's get the support they had; the others are named."""
        now = {row.school_id: row for row in SchoolCommitment.objects.filter(version=self.version)}
        self.copies[SchoolCommitment] = {}
        for old in self.content.rows[SchoolCommitment]:
            new = now.get(old.school_id)
            if new is None:
                self.left_out.append(_("The school “%s”: it is not in the scope of this edition.") % old)
                continue
            for name in ("starts", "area", "provider", "reason"):
                setattr(new, name, getattr(old, name))
            new.origin = self.origin
            self.drop_dates(new, old)
            new.save()
            new.competences.set(self.same_competences(old))
            self.copies[SchoolCommitment][old.pk] = new

    def drop_dates(self, new, old):
        """Clear and name the days that lie outside the years of the new plan."""
        for name in ("starts", "ends"):
            day = getattr(new, name, None)
            if day and day.year not in self.version.years:
                setattr(new, name, None)
                self.left_out.append(_("The dates of “%s”: they are outside the new plan.") % old)

    def same_competences(self, old):
        """Return the competences of this edition that have the same names."""
        found = []
        for competence in old.competences.all():
            same = self.competences.get(competence.label.casefold())
            if same:
                found.append(same)
            else:
                self.left_out.append(
                    _("The key competence “%s”: this edition uses another set.") % competence.label
                )
        return found

    def rows(self, model):
        """Copy the rows of one model, strategic goals before operational ones."""
        copies = self.copies.setdefault(model, {})
        rows = sorted(self.content.rows[model], key=lambda row: getattr(row, "parent_id", None) is not None)
        for old in rows:
            if self.outside(old):
                self.left_out.append(_("“%s”: the year is outside the new plan.") % old)
                continue
            new = model(version=self.version, origin=self.origin, **self.values(old))
            self.drop_dates(new, old)
            new.save()
            copies[old.pk] = new
            if model is Goal:
                new.competences.set(self.same_competences(old))
            elif model is Action:
                schools = self.copies[SchoolCommitment]
                new.schools.set(schools[one.pk] for one in old.schools.all() if one.pk in schools)

    def values(self, row):
        """Return the columns of a row, its references led to the copies; a parent left behind is none."""
        fields = {field.name: field for field in row._meta.concrete_fields if field.name not in OWN}
        values = {field.attname: getattr(row, field.attname) for field in fields.values()}
        for field in references(type(row)):
            target = values.pop(field.attname)
            values[field.name] = self.copies.get(field.related_model, {}).get(target)
        return values

    def outside(self, row):
        """Money of a year that the new plan does not have stays behind."""
        if not isinstance(row, ActionCost | BudgetLine):
            return False
        return row.year is not None and row.year not in self.version.years

    def name_what_stays(self):
        """Meetings and attachments prove what was done then; sections without a place are named."""
        if self.content.rows[Debate]:
            self.left_out.append(_("The debate: the new plan is discussed anew."))
        if self.content.rows[Evidence]:
            self.left_out.append(_("Attached files: attach those that still hold."))
        for key in STRUCTURES.keys() - self.keys.keys() - {"debate", "evidence"}:
            if any(self.content.of(row_set) for row_set in STRUCTURES[key]):
                self.left_out.append(
                    _("The section “%s”: the new form does not have it.") % self.titles.get(key, key)
                )
