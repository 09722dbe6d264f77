"""Opening versions: the first one, and the next one as a copy of the last."""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jst.models import SchoolScope
from jst.models.dated import today
from plans.content import Content, references
from plans.continuing import take_over
from plans.models import (
    CONTENT_MODELS,
    Plan,
    PlanEvent,
    PlanVersion,
    SchoolCommitment,
    SectionState,
    Text,
)
from plans.sections import SECTION_OF_MODEL, sections_of
from portal.models import ChainHead
from portal.workflow import note


@transaction.atomic
def start_plan(participation, *, scope, title, year_from, year_to, by, at=None, earlier=None):
    """Start the one plan of a participation; its schools are those the unit has in scope today.

    Where somebody has just started it, that is the plan. `earlier` is a version of the unit's last plan to
    begin from; what could not come along is told in `plan.left_out`.
    """
    ChainHead.hold()
    if started := Plan.objects.filter(participation=participation).first():
        started.left_out = []
        return started
    setup = participation.edition.setup
    plan = Plan.objects.create(
        participation=participation,
        template=setup.template,
        scope=scope,
    )
    version = PlanVersion.objects.create(
        plan=plan, number=1, title=title, year_from=year_from, year_to=year_to
    )
    note("plans.plan.start", by=by, about=PlanEvent(plan=plan, version=version), at=at)
    bring_schools(version, at.date() if at else today())
    plan.left_out = take_over(version, earlier) if earlier else []
    open_sections(version)
    return plan


def bring_schools(version, day):
    """Give the draft the schools that the unit has in scope on `day`; each says so."""
    scopes = SchoolScope.objects.on(day).filter(participation=version.plan.participation)
    origin = _("the list of schools taking part, as of %s") % date_format(day, "SHORT_DATE_FORMAT")
    SchoolCommitment.objects.bulk_create(
        SchoolCommitment(version=version, school_id=school_id, position=position, origin=origin)
        for position, school_id in enumerate(scopes.values_list("school_id", flat=True))
    )


def open_sections(version):
    """Create the state of every section, and the text of every told one that has none yet."""
    sections = sections_of(version.plan)
    written = set(version.text_rows.values_list("key", flat=True))
    Text.objects.bulk_create(
        Text(version=version, key=section.key, position=section.position)
        for section in sections
        if section.is_narrative and section.key not in written
    )
    filled = filled_keys(version)
    SectionState.objects.bulk_create(
        SectionState(version=version, key=section.key, filled=section.key in filled) for section in sections
    )


def filled_keys(version):
    """Return the keys of the sections that say anything."""
    keys = set(version.text_rows.exclude(body="").values_list("key", flat=True))
    for model, key in SECTION_OF_MODEL.items():
        if key not in keys and model.objects.filter(version=version).exists():
            keys.add(key)
    return keys


def open_next(version):
    """Open the next version as a copy: every row keeps its `uid`, files are shared, states are fresh."""
    following = PlanVersion.objects.create(plan=version.plan, number=version.number + 1, **version.about())
    content = Content(version)
    copies = {}
    for model in CONTENT_MODELS:
        copies[model] = {}
        for rows in generations(model, content.rows[model]):
            new_rows = model.objects.bulk_create(copied(row, following, copies) for row in rows)
            copies[model] |= {old.pk: new for old, new in zip(rows, new_rows, strict=True)}
        for field in model._meta.many_to_many:
            copy_links(field, content.rows[model], copies)
    open_sections(following)
    return following


def generations(model, rows):
    """Return the rows in batches, so that a row's parent of the same model is in an earlier batch."""
    for field in references(model):
        if field.related_model is model:
            roots = [row for row in rows if getattr(row, field.attname) is None]
            return [roots, [row for row in rows if getattr(row, field.attname) is not None]]
    return [rows]


def copied(row, version, copies):
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in {"id", "version"}
    }
    for field in references(type(row)):
        target = values.pop(field.attname)
        values[field.name] = copies[field.related_model][target] if target else None
    return type(row)(version=version, **values)


def copy_links(field, rows, copies):
    through = field.remote_field.through
    source_name, target_name = field.m2m_column_name(), field.m2m_reverse_name()
    copies_of_target = copies.get(field.related_model)
    links = []
    for row in rows:
        for target in getattr(row, field.name).all():
            target_pk = copies_of_target[target.pk].pk if copies_of_target else target.pk
            links.append(through(**{source_name: copies[type(row)][row.pk].pk, target_name: target_pk}))
    through.objects.bulk_create(links)
