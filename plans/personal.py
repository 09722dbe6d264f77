"""What this app keeps about a person: work on plans, remarks and reviews, decisions."""

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from plans.models import (
    DeadlineExtension,
    Decision,
    Plan,
    Remark,
    Review,
    SectionRevision,
    SectionState,
    StoredFile,
)
from portal.extract import Section

COVERED = {
    "plans.DeadlineExtension.by",
    "plans.Decision.prepared_by",
    "plans.Decision.released_by",
    "plans.Remark.author",
    "plans.SectionRevision.by",
    "plans.SectionState.changed_by",
    "plans.StoredFile.uploaded_by",
}


def sections(person):
    return [
        writing(person),
        files(person),
        reviews(person),
        remarks(person),
        decisions(person),
        more_time(person),
    ]


def titles(pks):
    """Return plan → its unit and edition, in words."""
    plans = Plan.objects.filter(pk__in=pks).select_related("participation__jst", "participation__edition")
    return {
        plan.pk: f"{plan.participation.jst.full_name}, {plan.participation.edition.name}" for plan in plans
    }


def writing(person):
    saved = (
        SectionRevision.objects.filter(by=person)
        .values("version__plan", "key")
        .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("version__plan", "key")
    )
    latest = SectionState.objects.filter(changed_by=person).values_list("version__plan", "key")
    named = titles({row["version__plan"] for row in saved})
    mine = set(latest)
    rows = [
        (
            named[row["version__plan"]],
            row["key"],
            row["times"],
            row["first"],
            row["last"],
            (row["version__plan"], row["key"]) in mine,
        )
        for row in saved
    ]
    heads = [_("Plan"), _("Section"), _("Saves"), _("First"), _("Last"), _("Last to write")]
    why = _("So that nothing is lost when several people write. The texts belong to the plan and stay there.")
    return Section(_("Writing of plans"), why, heads, rows)


def files(person):
    rows = StoredFile.objects.filter(uploaded_by=person).values_list("name", "size", "uploaded_at")
    heads = [_("File"), _("Size in bytes"), _("Uploaded")]
    return Section(_("Files"), _("Evidence attached to plans."), heads, list(rows))


def reviews(person):
    found = Review.objects.filter(expert__person=person).select_related("version").prefetch_related("scores")
    named = titles({review.version.plan_id for review in found})
    rows = [
        (named[review.version.plan_id], review.version.number, review.get_status_display(), words(review))
        for review in found
    ]
    heads = [_("Plan"), _("Version"), _("Status"), _("Your words")]
    return Section(_("Reviews"), _("To judge plans."), heads, rows)


def words(review):
    """Return what the expert wrote: the summary and the reason of each score."""
    return "\n".join(filter(None, [review.summary, *(score.rationale for score in review.scores.all())]))


def remarks(person):
    found = Remark.objects.filter(author=person)
    named = titles(found.values("plan"))
    rows = [(named[row.plan_id], row.section, row.body, row.created_at) for row in found]
    heads = [_("Plan"), _("Section"), _("Remark"), _("Created")]
    return Section(_("Remarks"), _("So that the team can correct its plan."), heads, rows)


def decisions(person):
    found = Decision.objects.filter(prepared_by=person) | Decision.objects.filter(released_by=person)
    found = found.select_related("version")
    named = titles({row.version.plan_id for row in found})
    rows = [
        (
            named[row.version.plan_id],
            row.get_outcome_display(),
            row.prepared_at if row.prepared_by_id == person.pk else None,
            row.released_at if row.released_by_id == person.pk else None,
        )
        for row in found
    ]
    heads = [_("Plan"), _("Decision"), _("Prepared"), _("Released")]
    return Section(_("Decisions"), _("To be able to show how a decision came about."), heads, rows)


def more_time(person):
    found = DeadlineExtension.objects.filter(by=person)
    named = titles(found.values("plan"))
    rows = [(named[row.plan_id], row.until, row.reason, row.at) for row in found]
    heads = [_("Plan"), _("New deadline"), _("Reason"), _("Time")]
    return Section(_("More time given"), _("To know who changed a deadline."), heads, rows)
