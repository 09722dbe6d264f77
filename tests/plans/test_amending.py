"""A change of an accepted plan: the light review asks only about what was changed."""

import pytest
from django.urls import reverse

from plans.amending import is_amendment, judged_sections, reviews_needed
from plans.judging import missing
from plans.models import EditionSetup, Plan, PlanVersion, Review, Text
from plans.publishing import publish_plan
from plans.waiting import waiting_for
from plans.workflow import REVIEW, VERSION
from portal.workflow import TransitionError
from tests.situations import decide, plan_version

pytestmark = pytest.mark.django_db


def setup_of(cast, **fields):
    EditionSetup.objects.filter(pk=cast.setup.pk).update(**fields)


def fresh(version):
    return PlanVersion.objects.for_page().get(pk=version.pk)


def amended(cast, text="Nowa wizja gminy."):
    """The cast's accepted plan with its next version sent, one text changed."""
    version = plan_version(cast, "accepted")
    VERSION.perform(version, "amend", by=cast.lead, comment="Przybyła szkoła.")
    draft = version.plan.latest()
    Text.objects.filter(version=draft, key="wizja").update(body=text)
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    return fresh(draft)


def test_only_a_version_after_an_accepted_one_is_an_amendment(cast):
    version = amended(cast)

    first = fresh(version.plan.versions.get(number=1))
    assert (is_amendment(first), is_amendment(version)) == (False, True)
    assert [section.key for section in judged_sections(version)] == ["wizja"]
    assert len(judged_sections(first)) > 5


def test_the_reviews_an_amendment_needs_are_its_own_number(cast):
    setup_of(cast, reviews_needed=2, amendment_reviews=0)
    setup_of(cast, reviews_needed=1)
    version = amended(cast)
    setup_of(cast, reviews_needed=2)

    first = fresh(version.plan.versions.get(number=1))
    assert (reviews_needed(first), reviews_needed(fresh(version))) == (2, 0)


def test_of_the_experts_of_the_accepted_version_no_more_are_asked_than_needed(cast):
    setup_of(cast, amendment_reviews=0)

    assert amended(cast).reviews.count() == 0


def test_without_experts_ore_decides_but_still_by_a_decision(cast):
    setup_of(cast, amendment_reviews=0)
    version = amended(cast)
    VERSION.perform(version, "start_review", by=cast.coordinator)
    assert any("Decide" in row.title for row in waiting_for(cast.coordinator))
    with pytest.raises(TransitionError):
        VERSION.perform(version, "accept", by=cast.coordinator, comment="Dobrze.")

    decide(fresh(version), "accept", by=cast.coordinator)

    assert fresh(version).status == "accepted"


def test_an_amendment_that_needs_an_expert_does_not_start_without_one(cast):
    version = amended(cast)
    REVIEW.perform(version.reviews.get(), "recuse", by=cast.reviewer, comment="Choroba.")

    with pytest.raises(TransitionError, match="Needed: 1"):
        VERSION.perform(version, "start_review", by=cast.coordinator)


def in_review(cast):
    version = amended(cast)
    VERSION.perform(version, "start_review", by=cast.coordinator)
    return Review.objects.get(version=version)


def test_the_page_of_the_review_asks_only_about_what_was_changed(browse, cast):
    review = in_review(cast)

    response = browse(cast.reviewer).get(review.get_absolute_url())

    form = response.context["judgement"]
    assert list(form.verdict_lines) == ["wizja"]
    assert [section.key for section in response.context["sections"]] == ["wizja"]
    assert len(response.context["unchanged"]) == len(review.version.plan.template.sections.all()) - 1
    criterion = review.version.plan.template.sections.get(key="wizja").criterion_id
    compulsory = [line.key for line in form.criterion_lines if not line.is_optional]
    assert compulsory == [str(criterion)]


def test_the_queue_counts_only_the_sections_that_were_changed(browse, cast):
    in_review(cast)

    assert "0 of 1 sections" in browse(cast.reviewer).get("/recenzje/").content.decode()


def test_a_review_of_an_amendment_is_handed_in_with_the_changed_sections_judged(browse, cast):
    review = in_review(cast)
    client = browse(cast.reviewer)
    criterion = review.version.plan.template.sections.get(key="wizja").criterion_id
    fields = {
        "revision": review.revision,
        "verdict-wizja": "fine",
        f"score-{criterion}": "2",
        f"rationale-{criterion}": "Jasno.",
        "recommendation": "accept",
        "summary": "Zmiana jest dobra.",
    }
    client.post(review.get_absolute_url(), fields)
    review = Review.objects.get(pk=review.pk)

    assert missing(review) == []
    REVIEW.perform(review, "hand_in", by=cast.reviewer)
    assert Review.objects.get(pk=review.pk).status == "handed_in"


def test_the_first_version_is_still_judged_whole(cast):
    review = plan_version(cast, "in_review").reviews.get()

    asked = {one.anchor for one in missing(review)}
    sections = {f"sekcja-{section.key}" for section in review.version.plan.template.sections.all()}
    assert sections <= asked


def test_a_reviewer_page_says_that_a_change_needs_fewer_experts(browse, cast):
    version = amended(cast)

    page = browse(cast.coordinator).get(reverse("plans:reviewers", args=[version.plan_id])).content.decode()

    assert "This is a change of an accepted plan: 1 review of what was changed is enough." in page


# --- Publication ----------------------------------------------------------------------------------


@pytest.mark.parametrize("later_too", [False, True])
def test_a_changed_plan_stays_public_only_where_the_consent_covers_it(browse, cast, later_too):
    setup_of(cast, amendment_reviews=0)
    first = plan_version(cast, "accepted")
    publish_plan(first.plan, published=True, later_too=later_too, by=cast.lead)
    VERSION.perform(first, "amend", by=cast.lead, comment="Przybyła szkoła.")
    draft = first.plan.latest()
    page = reverse("plans:library_plan", args=[first.plan_id])
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    VERSION.perform(draft, "start_review", by=cast.coordinator)
    assert browse(None).get(page).status_code == 200

    decide(draft, "accept", by=cast.coordinator)

    assert browse(None).get(page).status_code == (200 if later_too else 404)
    kinds = list(first.plan.events.values_list("event__kind", flat=True))
    assert kinds.count("plans.plan.lapse") == (0 if later_too else 1)


def test_the_team_is_told_on_the_page_and_agrees_anew(browse, cast):
    setup_of(cast, amendment_reviews=0)
    first = plan_version(cast, "accepted")
    client = browse(cast.lead)
    publish = reverse("plans:publish", args=[first.plan_id])
    client.post(publish, {"publish": "1", "reach": "this"})
    assert Plan.objects.get().published_on is not None
    client.post(publish, {"publish": "1", "reach": "later"})
    assert Plan.objects.get().publishes_later is True
    client.post(publish, {"withdraw": "1"})

    plan = Plan.objects.get()
    assert (plan.published_on, plan.publishes_later) == (None, False)
    kinds = list(plan.events.order_by("event__sequence").values_list("event__kind", flat=True))[-3:]
    assert kinds == ["plans.plan.publish", "plans.plan.change_publication", "plans.plan.unpublish"]


def test_consent_without_saying_to_what_is_asked_again(browse, cast):
    version = plan_version(cast, "accepted")

    response = browse(cast.lead).post(
        reverse("plans:publish", args=[version.plan_id]), {"publish": "1", "reach": ""}
    )

    assert response.status_code == 422
    assert Plan.objects.get().published_on is None
