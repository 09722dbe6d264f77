"""Moving a started plan to a newer form: what stays, what moves, what loses its place, what is new.

ORE chooses the newer form in the setup of the edition; the lead of the team decides whether and when its
draft moves there (decision 0020). No word is lost: a text whose section the new form does not have stays
with the draft and is shown on the page of the form. Nothing moves once a version was sent, because what
was sent is read by the form it was written by.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from plans import permissions
from plans.content import Content
from plans.copying import filled_keys
from plans.models import (
    InternalComment,
    Plan,
    PlanEvent,
    PlanVersion,
    SectionState,
    TemplateSection,
    Text,
)
from plans.outline import part
from plans.sections import STRUCTURES, pairs, sections_of
from portal.models import ChainHead
from portal.text import word_count
from portal.workflow import NotAllowed, TransitionError, note

STAYS, MOVES, NEW, LEAVES = "stays", "moves", "new", "leaves"


@dataclass
class Change:
    """What becomes of one section. `before` is the key it had, `over` says which new limits it breaks."""

    section: TemplateSection
    what: str
    before: TemplateSection | None = None
    over: list = field(default_factory=list)
    part: object = None


def offered_template(plan):
    """Return the published form that ORE has chosen since for the plan's edition, or None."""
    chosen = plan.participation.edition.setup.template
    return chosen if chosen.published_at and chosen.pk != plan.template_id else None


def in_way(version):
    """Return sentences on why the plan cannot move to another form now."""
    if version.status not in PlanVersion.EDITABLE:
        return [_("The form can be changed only while the plan is being written.")]
    if version.plan.versions.filter(number__lt=version.number).exists():
        return [_("This plan was sent by its form already, so it keeps it to the end.")]
    return []


def sections_by(plan, template):
    """Return the sections that the plan would have by another form."""
    return sections_of(Plan(template=template, scope=plan.scope))


def changes(version, template):
    """Return what moving to `template` does, section by section, in the order of the new form."""
    content = Content(version)
    paired, left = pairs(sections_of(version.plan), sections_by(version.plan, template))
    found = []
    for section, before in paired:
        what = NEW if before is None else STAYS if before.key == section.key else MOVES
        over = newly_over(before, section, content) if before else []
        found.append(Change(section, what, before, over))
    return found + [Change(one, LEAVES, one, [], part(one, content)) for one in left]


def newly_over(before, section, content):
    """Return sentences on the limits that the new form is first to break."""
    if section.is_narrative:
        text = content.texts.get(before.key)
        words = word_count(text.body) if text else 0
        was_over = before.word_limit and words > before.word_limit
        if section.word_limit and words > section.word_limit and not was_over:
            sentence = _("It has %(words)d words, the new limit is %(limit)d.")
            return [sentence % {"words": words, "limit": section.word_limit}]
        return []
    most = max(len(content.of(rows)) for rows in STRUCTURES[section.key])
    was_over = before.row_limit and most > before.row_limit
    if section.row_limit and most > section.row_limit and not was_over:
        sentence = _("A table has %(rows)d rows, the new limit is %(limit)d.")
        return [sentence % {"rows": most, "limit": section.row_limit}]
    return []


def leftovers(version):
    """Return the parts of a draft that its form has no place for: kept, and shown to the team."""
    content = Content(version)
    sections = sections_of(version.plan)
    keys = {section.key for section in sections}
    told = [
        TemplateSection(key=text.key, title=title_of(text.key), kind=TemplateSection.Kind.NARRATIVE)
        for text in content.rows[Text]
        if text.key not in keys and text.body.strip()
    ]
    counted = [
        TemplateSection(key=key, title=title_of(key), kind=TemplateSection.Kind.STRUCTURED)
        for key, row_sets in STRUCTURES.items()
        if key not in keys and any(content.of(rows) for rows in row_sets)
    ]
    return [part(section, content) for section in [*told, *counted]]


def title_of(key):
    """Return the title that the newest form with this section gives it."""
    known = TemplateSection.objects.filter(key=key).order_by("-template__published_at")
    return known.values_list("title", flat=True).first() or key


@transaction.atomic
def upgrade_plan(plan, template, *, by, at=None):
    """Move the draft of a plan to a newer form and record it; returns the event.

    Raises NotAllowed or TransitionError, and then nothing has changed. Twice is refused.
    """
    ChainHead.hold()
    plan = Plan.objects.select_related("participation__edition__setup__template", "template").get(pk=plan.pk)
    version = plan.latest()
    version.plan = plan
    if not PlanVersion.objects.claim(version, PlanVersion.EDITABLE):
        raise TransitionError(_("The form can be changed only while the plan is being written."))
    if not permissions.leads(by, version):
        raise NotAllowed(_("The lead of the team decides about the form of the plan."))
    if sentences := in_way(version):
        raise TransitionError(*sentences)
    if offered_template(plan) != template:
        raise TransitionError(_("This is no longer the form that ORE has chosen. Look again."))
    paired, left = pairs(sections_of(plan), sections_by(plan, template))
    moved = {old.key: new.key for new, old in paired if old and old.key != new.key}
    facts = {"from": plan.template_id, "to": template.pk, "moved": moved, "left": [one.key for one in left]}
    plan.template = template
    plan.save(update_fields=["template"])
    rearrange(version, paired)
    about = PlanEvent(plan=plan, version=version)
    return note("plans.plan.upgrade", by=by, about=about, data=facts, at=at)


def rearrange(version, paired):
    """Give every section of the new form its text and state; a text that moves keeps its uid."""
    for section, old in paired:
        if old and old.key != section.key:
            Text.objects.filter(version=version, key=old.key).update(key=section.key)
            SectionState.objects.filter(version=version, key=old.key).update(key=section.key, done=False)
            comments = InternalComment.objects.filter(plan=version.plan, section=old.key)
            comments.update(section=section.key)
    written = set(version.text_rows.values_list("key", flat=True))
    states = set(version.section_states.values_list("key", flat=True))
    filled = filled_keys(version)
    sections = [section for section, _old in paired]
    Text.objects.bulk_create(
        Text(version=version, key=section.key)
        for section in sections
        if section.is_narrative and section.key not in written
    )
    SectionState.objects.bulk_create(
        SectionState(version=version, key=section.key, filled=section.key in filled)
        for section in sections
        if section.key not in states
    )
    for section in sections:
        if section.is_narrative:
            Text.objects.filter(version=version, key=section.key).update(position=section.position)
