"""What this app keeps about a person: work on plans, remarks and reviews, decisions."""

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from plans.models import (
    AdoptionAct,
    DeadlineExtension,
    Decision,
    EditPresence,
    Flag,
    InternalComment,
    Plan,
    PlanUpload,
    Remark,
    RemarkPhrase,
    Review,
    SecondOpinion,
    SectionRevision,
    SectionState,
    StoredFile,
)
from portal.extract import Section

COVERED = {
    "plans.AdoptionAct.recorded_by",
    "plans.EditPresence.person",
    "plans.Flag.addressee",
    "plans.Flag.raised_by",
    "plans.InternalComment.author",
    "plans.InternalComment.settled_by",
    "plans.PlanUpload.by",
    "plans.RemarkPhrase.owner",
    "plans.SectionState.owner",
    "plans.DeadlineExtension.by",
    "plans.Decision.prepared_by",
    "plans.Decision.released_by",
    "plans.Remark.author",
    "plans.SecondOpinion.author",
    "plans.SectionRevision.by",
    "plans.SectionState.changed_by",
    "plans.StoredFile.uploaded_by",
}


def sections(person):
    return [
        writing(person),
        looking_after(person),
        comments(person),
        files(person),
        brought_in(person),
        reviews(person),
        second_opinions(person),
        remarks(person),
        phrases(person),
        flags(person),
        decisions(person),
        adoptions(person),
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


def looking_after(person):
    """The sections that the person looks after, and those whose page is open in the person's browser."""
    owned = SectionState.objects.filter(owner=person).values_list("version__plan", "key", "due")
    opened = EditPresence.objects.filter(person=person).values_list("version__plan", "key", "seen_at")
    named = titles({row[0] for row in [*owned, *opened]})
    rows = [(named[plan], key, due, None) for plan, key, due in owned]
    rows += [(named[plan], key, None, seen) for plan, key, seen in opened]
    heads = [_("Plan"), _("Section"), _("Due"), _("Page open at")]
    return Section(_("Sections looked after"), _("So that a team knows who writes what."), heads, rows)


def comments(person):
    found = InternalComment.objects.filter(author=person) | InternalComment.objects.filter(settled_by=person)
    named = titles(found.values("plan"))
    rows = [
        (named[row.plan_id], row.section, row.body if row.author_id == person.pk else "", row.created_at)
        for row in found
    ]
    heads = [_("Plan"), _("Section"), _("Your comment"), _("Created")]
    return Section(_("Comments within the team"), _("So that a team can write together."), heads, rows)


def files(person):
    rows = StoredFile.objects.filter(uploaded_by=person).values_list("name", "size", "uploaded_at")
    heads = [_("File"), _("Size in bytes"), _("Uploaded")]
    return Section(_("Files"), _("Evidence attached to plans."), heads, list(rows))


def brought_in(person):
    found = PlanUpload.objects.filter(by=person).select_related("stored", "version")
    named = titles({row.version.plan_id for row in found})
    rows = [(named[row.version.plan_id], row.stored.name, row.at, row.applied_at) for row in found]
    heads = [_("Plan"), _("File"), _("Uploaded"), _("Applied")]
    return Section(_("Files read into plans"), _("To know where rows of a plan come from."), heads, rows)


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


def second_opinions(person):
    found = SecondOpinion.objects.filter(author=person).select_related("review__version")
    named = titles({row.review.version.plan_id for row in found})
    rows = [
        (
            named[row.review.version.plan_id],
            row.review.version.number,
            _("you agree") if row.agrees else _("you disagree"),
            row.reason,
            row.written_at,
        )
        for row in found
    ]
    heads = [_("Plan"), _("Version"), _("What you said"), _("Your words"), _("Written")]
    return Section(_("Second opinions on others' reviews"), _("To judge plans."), heads, rows)


def remarks(person):
    found = Remark.objects.filter(author=person)
    named = titles(found.values("plan"))
    rows = [(named[row.plan_id], row.section, row.body, row.created_at) for row in found]
    heads = [_("Plan"), _("Section"), _("Remark"), _("Created")]
    return Section(_("Remarks"), _("So that the team can correct its plan."), heads, rows)


def phrases(person):
    rows = RemarkPhrase.objects.filter(owner=person).values_list("title", "body", "created_at")
    heads = [_("Name"), _("Text"), _("Created")]
    return Section(
        _("Reusable remarks"), _("So that the same remark is not written twice."), heads, list(rows)
    )


def flags(person):
    found = Flag.objects.filter(raised_by=person) | Flag.objects.filter(addressee=person)
    named = titles(found.values("plan"))
    rows = [
        (named[row.plan_id], row.body if row.raised_by_id == person.pk else "", row.created_at)
        for row in found
    ]
    heads = [_("Plan"), _("Your words"), _("Created")]
    return Section(_("Matters raised about plans"), _("So that somebody settles them."), heads, rows)


def adoptions(person):
    found = AdoptionAct.objects.filter(recorded_by=person).select_related("version")
    named = titles({row.version.plan_id for row in found})
    rows = [(named[row.version.plan_id], row.get_form_display(), row.recorded_at) for row in found]
    heads = [_("Plan"), _("Form"), _("Recorded")]
    return Section(_("Adoptions recorded"), _("To know who recorded how a plan was adopted."), heads, rows)


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
