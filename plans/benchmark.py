"""The pages of plans that `manage.py benchmark` measures, found in the data at hand."""

import uuid

from django.db.models import Count
from django.urls import reverse

from jst.models import Participation, TeamMembership
from jst.models.dated import today
from plans.judging import criteria_of
from plans.models import Plan, PlanVersion, Review, SectionState
from plans.sections import requested_keys
from portal.benchmark import Page
from portal.groups import COORDINATOR
from portal.models import User


def coordinator():
    return User.objects.filter(is_active=True, groups__name=COORDINATOR).first()


def plan_list():
    person = coordinator()
    return person and (person, reverse("plans:list"))


def last_page_of_the_list():
    person = coordinator()
    return person and (person, reverse("plans:list") + "?page=999999")


def searched_list():
    person = coordinator()
    return person and (person, reverse("plans:list") + "?szukaj=gmina")


def largest_draft():
    """Return (writer, version) of the draft with most indicators that somebody may write today, unlocked."""
    drafts = PlanVersion.objects.filter(
        status=PlanVersion.Status.DRAFT, plan__participation__status=Participation.Status.IN_PROGRESS
    )
    for version in drafts.annotate(size=Count("planindicator_rows")).order_by("-size", "pk")[:20]:
        if requested_keys(version) is not None:
            continue
        members = TeamMembership.objects.on(today()).filter(
            participation__plan=version.plan_id, is_lead=True, person__is_active=True
        )
        if member := members.select_related("person").first():
            return member.person, version
    return None


def editor(key):
    def find():
        found = largest_draft()
        return found and (found[0], reverse("plans:section", args=[found[1].plan_id, key]))

    return find


def autosave():
    found = largest_draft()
    if found is None:
        return None
    person, version = found
    state = SectionState.objects.get(version=version, key="wizja")
    fields = {"revision": state.revision, "request_key": uuid.uuid4().hex, "body": "Wizja. " * 60}
    return person, reverse("plans:section", args=[version.plan_id, "wizja"]), fields


def review():
    open_reviews = Review.objects.filter(
        version__status=PlanVersion.Status.IN_REVIEW, status__in=Review.WRITABLE
    )
    found = open_reviews.select_related("expert__person").first()
    return found and (found.expert.person, reverse("plans:review", args=[found.pk]))


def review_save():
    """Return the POST of a review with all its answers, as the autosave sends it."""
    found = Review.objects.filter(
        version__status=PlanVersion.Status.IN_REVIEW, status=Review.Status.IN_PROGRESS
    )
    found = found.select_related("expert__person", "version__plan__participation__edition__setup").first()
    if found is None:
        return None
    fields = {"revision": found.revision, "summary": f"Podsumowanie {uuid.uuid4().hex}"}
    for criterion in criteria_of(found):
        fields |= {f"score-{criterion.pk}": "1", f"rationale-{criterion.pk}": "Widać to w planie."}
    return found.expert.person, reverse("plans:review", args=[found.pk]), fields


def review_dashboard():
    person = coordinator()
    return person and (person, reverse("plans:review_dashboard"))


def published_plan():
    found = Plan.objects.published().first()
    return found and (None, reverse("plans:library_plan", args=[found.pk]))


def plan_page():
    found = largest_draft()
    return found and (found[0], found[1].plan.get_absolute_url())


# Goals are ratios to F2 of the same run.
PAGES = [
    Page("public page, not signed in: home", 0.4, lambda: (None, reverse("home"))),
    Page("public page, not signed in: library", 0.4, lambda: (None, reverse("plans:library"))),
    Page("public page, not signed in: an accepted plan", 0.4, published_plan),
    Page(
        "public page, not signed in: search",
        0.4,
        lambda: (None, reverse("plans:library") + "?szukaj=szkol+zawodowych"),
    ),
    Page("list of plans", 1.5, plan_list),
    Page("list of plans: last page", 2.0, last_page_of_the_list),
    Page("list of plans: search", 2.0, searched_list),
    Page("page of a plan", 1.5, plan_page),
    Page("plan editor: a text", 1.5, editor("wizja")),
    Page("plan editor: indicators", 1.5, editor("indicators")),
    Page("plan editor: actions", 1.5, editor("actions")),
    Page("autosave of a text", 0.8, autosave),
    Page("review page", 2.0, review),
    Page("saved review", 1.0, review_save),
    Page("review dashboard", 2.0, review_dashboard),
]
