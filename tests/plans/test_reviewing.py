"""The expert reads and judges: the queue, the two columns, saving, handing in; and who else may look."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jst.models import Expert, TeamMembership
from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.judging import criteria_of
from plans.models import Plan, PlanEvent, PlanVersion, Review, ReviewScore, SectionVerdict
from plans.outline import kept
from plans.sections import sections_of
from plans.workflow import REVIEW, VERSION
from tests.factories import ParticipationFactory
from tests.situations import complete_draft, decide, grow, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast):
    """The cast's plan in review, given to the reviewer, nothing written yet."""
    return plan_version(cast, "in_review").reviews.get()


def words(review, revision=0, **changes):
    """Everything the form posts, filled in, as a person would."""
    data = {
        "revision": str(revision),
        "request_key": "a",
        "recommendation": "accept",
        "summary": "Dobry plan.",
    }
    for criterion in criteria_of(review):
        data |= {f"score-{criterion.pk}": "2", f"rationale-{criterion.pk}": "Widać to w planie."}
    data |= {f"verdict-{section.key}": "fine" for section in sections_of(review.version.plan)}
    return data | changes


def address(review, *path):
    return "/".join(["", "recenzje", str(review.pk), *path, ""])


# --- The queue ----------------------------------------------------------------------------------


def test_the_queue_shows_the_unit_with_its_county_and_how_far_the_review_is(cast, browse, review):
    county = type(cast.participation.jst).objects.create(code="1802", kind="P", name="brzozowski")
    cast.participation.jst.parent = county
    cast.participation.jst.save()
    criterion = criteria_of(review)[0]
    browse(cast.reviewer).post(
        address(review), {"revision": 0, f"score-{criterion.pk}": "1", f"rationale-{criterion.pk}": "Bo tak."}
    )

    response = browse(cast.reviewer).get("/recenzje/")

    [line] = response.context["reviews"]
    assert line.unit == f"{cast.participation.jst.full_name} ({county.full_name})"
    assert (line.scored, line.criteria_count) == (1, 8)
    assert (line.judged_sections, line.sections_count) == (0, len(sections_of(review.version.plan)))
    assert line.is_waiting == 1
    assert line.unit in response.content.decode()


def test_an_expert_without_reviews_is_told_what_will_happen(cast, browse):
    response = browse(cast.other_reviewer).get("/recenzje/")
    assert response.context["reviews"] == []
    assert 'class="empty"' in response.content.decode()


def test_only_experts_have_a_queue(cast, browse):
    for person in (cast.lead, cast.coordinator, cast.auditor):
        assert browse(person).get("/recenzje/").status_code == 403
    assert browse(None).get("/recenzje/").status_code == 302


def test_the_queue_asks_as_much_for_one_review_as_for_many(cast, browse, review, many_plans):
    client = browse(cast.reviewer)
    client.get("/recenzje/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/recenzje/")
    for version in many_plans(5):
        assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
    with CaptureQueriesContext(connection) as many:
        response = client.get("/recenzje/")
    assert len(response.context["reviews"]) == 6
    assert len(many) == len(few)


# --- Reading and writing ------------------------------------------------------------------------


def test_a_review_is_saved_as_often_as_one_likes_and_begins_with_the_first_save(cast, browse, review):
    client = browse(cast.reviewer)
    criterion = criteria_of(review)[0]

    first = client.post(address(review), {"revision": 0, f"rationale-{criterion.pk}": "Zaczynam."})
    review.refresh_from_db()
    assert (first.status_code, first["Location"]) == (302, address(review))
    assert (review.status, review.revision) == ("in_progress", 1)

    client.post(address(review), {"revision": 1, f"score-{criterion.pk}": "1", "summary": "Dobrze."})
    review.refresh_from_db()
    score = ReviewScore.objects.get(review=review, criterion=criterion)
    assert (score.score, score.rationale) == (1, "")
    assert (review.revision, review.summary, review.recommendation) == (2, "Dobrze.", "")
    kinds = PlanEvent.objects.filter(review=review).values_list("event__kind", flat=True)
    assert sorted(kinds) == ["plans.review.assign", "plans.review.begin"]


def test_two_windows_do_not_overwrite_each_other_and_both_texts_are_shown(cast, browse, review):
    client = browse(cast.reviewer)
    client.post(address(review), words(review, summary="Z pierwszego okna."))

    response = client.post(address(review), words(review, summary="Z drugiego okna."))

    review.refresh_from_db()
    assert response.status_code == 409
    assert (review.revision, review.summary) == (1, "Z pierwszego okna.")
    assert "Z drugiego okna." in response.content.decode()
    assert "Z pierwszego okna." in response.content.decode()
    assert 'name="revision" value="1"' in response.content.decode()


def test_the_same_request_twice_is_one_save(cast, browse, review):
    client = browse(cast.reviewer)
    statuses = [client.post(address(review), words(review)).status_code for _time in range(3)]
    review.refresh_from_db()
    assert statuses == [302, 302, 302]
    assert review.revision == 1


def test_the_autosave_gets_a_fragment_with_the_new_revision(cast, browse, review):
    client = browse(cast.reviewer, headers={"HX-Request": "true"})
    saved = client.post(address(review), words(review))
    stale = client.post(address(review), words(review, summary="Inaczej."))
    refused = client.post(address(review), words(review, 1, recommendation="fire"))

    assert saved.status_code == 200
    assert re.search(r'id="save-state".*data-revision="1"', saved.content.decode())
    assert "<html" not in saved.content.decode()
    assert stale.status_code == 409
    assert refused.status_code == 422


def test_nothing_is_saved_once_the_plan_left_the_review(cast, browse, review):
    client = browse(cast.reviewer)
    client.post(address(review), words(review))
    decide(review.version, "refuse", by=cast.coordinator)

    response = client.post(address(review), words(review, 1, summary="Za późno."))

    review.refresh_from_db()
    assert response.status_code == 423
    assert "Za późno." in response.content.decode()
    assert (review.revision, review.summary) == (1, "Dobry plan.")


def test_a_review_handed_in_no_longer_changes(cast, browse, review):
    hand_in(judged(review))
    response = browse(cast.reviewer).post(address(review), words(review, 0, summary="Poprawka."))
    review.refresh_from_db()
    assert response.status_code == 423
    assert review.summary == "Dobry plan."


def test_before_the_review_starts_the_expert_reads_and_writes_nothing(cast, browse):
    version = plan_version(cast, "sent")
    review = assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)

    page = browse(cast.reviewer).get(address(review))
    saved = browse(cast.reviewer).post(address(review), words(review))

    assert page.status_code == 200
    assert "Doświadczenia w każdej klasie" in page.content.decode()
    assert "<textarea" not in page.content.decode()
    assert saved.status_code == 423
    assert Review.objects.get(pk=review.pk).status == "assigned"


def test_an_expert_with_a_conflict_declared_since_cannot_begin(cast, browse, review):
    cast.reviewer.expert.conflicts.create(jst=cast.participation.jst, reason="Praca w urzędzie")
    response = browse(cast.reviewer).post(address(review), words(review))
    assert response.status_code == 423
    assert ReviewScore.objects.filter(review=review).count() == 0
    assert Review.objects.get(pk=review.pk).status == "assigned"


def test_extra_fields_change_nothing(cast, browse, review):
    forged = {
        "status": "handed_in",
        "expert": "1",
        "version": "999",
        "score": "2",
        "verdict-nosection": "gap",
    }
    browse(cast.reviewer).post(address(review), words(review, **forged))
    stored = Review.objects.get(pk=review.pk)
    assert (stored.status, stored.expert_id, stored.version_id) == (
        "in_progress",
        review.expert_id,
        review.version_id,
    )
    assert SectionVerdict.objects.filter(review=review, key="nosection").count() == 0


def test_what_an_expert_and_a_team_write_is_shown_as_text(cast, browse, review):
    attack = "<script>alert(1)</script><b hx-get=/x>"
    browse(cast.reviewer).post(address(review), words(review, summary=attack))
    remark_on(review.version, cast.reviewer, body=attack, review=review)
    page = browse(cast.reviewer).get(address(review)).content.decode()
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;&lt;b hx-get=/x&gt;") == 2
    assert attack not in page


# --- Handing in ---------------------------------------------------------------------------------


def test_handing_in_tells_what_is_missing_with_links_to_the_places(cast, browse, review):
    client = browse(cast.reviewer)
    criterion = criteria_of(review)[0]
    said = words(review, summary="")
    said[f"score-{criterion.pk}"] = ""
    said["verdict-goals"] = ""
    client.post(address(review), said)

    page = client.get(address(review, "hand_in"))
    posted = client.post(address(review, "hand_in"))

    anchors = [one.anchor for one in page.context["missing"]]
    assert anchors == ["sekcja-goals", f"kryterium-{criterion.pk}", "podsumowanie"]
    for anchor in anchors:
        assert f'href="{address(review)}#{anchor}"' in page.content.decode()
        assert f'id="{anchor}"' in client.get(address(review)).content.decode()
    assert posted.status_code == 409
    assert len(posted.context["refusal"]) == 3
    assert Review.objects.get(pk=review.pk).status == "in_progress"


def test_save_and_hand_in_leads_to_the_question_and_the_review_goes_to_ore(cast, browse, review):
    client = browse(cast.reviewer)
    saved = client.post(address(review), words(review, hand_in="1"))
    assert saved["Location"] == address(review, "hand_in")

    assert client.get(address(review, "hand_in")).context["missing"] == []
    done = client.post(address(review, "hand_in"))

    assert (done.status_code, done["Location"]) == (302, "/recenzje/")
    assert Review.objects.get(pk=review.pk).status == "handed_in"


def test_a_review_is_given_up_with_a_reason_and_is_then_gone_for_the_expert(cast, browse, review):
    client = browse(cast.reviewer)
    assert client.post(address(review, "recuse"), {"comment": " "}).status_code == 422
    client.post(address(review, "recuse"), {"comment": "Znam autorów."})

    assert Review.objects.get(pk=review.pk).status == "recused"
    assert client.get(address(review)).status_code == 404
    assert client.get(f"/plany/{review.version.plan_id}/wersje/1/").status_code == 404
    assert client.get("/recenzje/").context["reviews"] == []


def test_the_coordinator_lets_the_expert_correct_a_review(cast, browse, review):
    hand_in(judged(review))
    assert browse(cast.reviewer).post(address(review, "reopen"), {"comment": "x"}).status_code == 403
    browse(cast.coordinator).post(address(review, "reopen"), {"comment": "Brakuje uzasadnienia."})
    assert Review.objects.get(pk=review.pk).status == "in_progress"
    assert browse(cast.reviewer).post(address(review), words(review, summary="Lepiej.")).status_code == 302


def test_scoring_again_leaves_the_earlier_score_in_the_trail(cast, browse, review):
    hand_in(judged(review))
    criterion = criteria_of(review)[0]
    REVIEW.perform(review, "reopen", by=cast.coordinator, comment="Sprawdź pierwsze kryterium")
    said = words(review, recommendation="return")
    said[f"score-{criterion.pk}"] = "0"
    browse(cast.reviewer).post(address(review), said)
    hand_in(review)

    events = PlanEvent.objects.filter(review=review, event__kind="plans.review.hand_in").order_by("pk")
    kept = [one.event.data for one in events]
    assert [data["scores"][str(criterion.pk)] for data in kept] == [2, 0]
    assert [data["recommendation"] for data in kept] == ["accept", "return"]
    assert {tuple(sorted(data)) for data in kept} == {("recommendation", "scores", "verdicts")}


def test_moves_that_the_table_hides_or_does_not_know_are_missing(cast, browse, review):
    client = browse(cast.reviewer)
    assert client.get(address(review, "begin")).status_code == 404
    assert client.post(address(review, "approve")).status_code == 404


# --- Who may look -------------------------------------------------------------------------------

# State of the review → who opens its page. Everybody else gets 404.
READERS = {
    "assigned": {"reviewer"},
    "in_progress": {"reviewer"},
    "handed_in": {"reviewer", "coordinator", "administrator", "auditor"},
    "decided": {
        "reviewer",
        "coordinator",
        "administrator",
        "auditor",
        "reader",
        "author",
        "lead",
        "signatory",
        "caretaker",
    },
    "recused": set(),
}
ROLES = sorted(READERS["decided"] | {"other_reviewer", "other_team", "former_member"})


@pytest.mark.parametrize("state", READERS)
def test_a_review_is_read_by_those_whom_it_concerns(cast, browse, review, state):
    if state != "assigned":
        judged(review)
    if state in {"handed_in", "decided"}:
        hand_in(review)
    if state == "decided":
        decide(review.version, "accept", by=cast.coordinator)
    if state == "recused":
        REVIEW.perform(review, "recuse", by=cast.reviewer, comment="Konflikt")

    found = {role for role in ROLES if browse(getattr(cast, role)).get(address(review)).status_code == 200}

    assert found == READERS[state]


def test_a_stranger_gets_the_same_answer_as_for_a_review_that_never_was(cast, browse, review):
    hand_in(judged(review))
    for role in ("other_team", "former_member", "other_reviewer", "lead"):
        client = browse(getattr(cast, role))
        for method in (client.get, client.post):
            for path in ((), ("hand_in",), ("recuse",), ("uwagi",)):
                there, never = (
                    method(address(review, *path)),
                    method(address(review, *path).replace(str(review.pk), "999999")),
                )
                assert (there.status_code, len(there.content)) == (404, len(never.content))
    assert Review.objects.get(pk=review.pk).status == "handed_in"


def test_readers_of_a_review_do_not_write_it(cast, browse, review):
    hand_in(judged(review))
    decide(review.version, "return", by=cast.coordinator)
    for role in ("lead", "coordinator", "auditor", "caretaker"):
        client = browse(getattr(cast, role))
        assert client.post(address(review), words(review, summary="Moje")).status_code == 403
        assert client.post(address(review, "uwagi"), {"body": "x"}).status_code == 403
    assert Review.objects.get(pk=review.pk).summary == "Dobry plan."


def test_the_team_reads_a_review_without_the_name_of_the_expert(cast, browse, review):
    hand_in(judged(review))
    remark_on(review.version, cast.reviewer, review=review)
    decide(review.version, "return", by=cast.coordinator)
    team = browse(cast.lead).get(address(review)).content.decode()
    ore = browse(cast.coordinator).get(address(review)).content.decode()
    assert (cast.reviewer.last_name in team, cast.reviewer.last_name in ore) == (False, True)


def test_an_expert_of_yesterday_loses_the_review_at_once(cast, browse, review):
    client = browse(cast.reviewer)
    assert client.get(address(review)).status_code == 200
    Expert.objects.filter(person=cast.reviewer).update(until=today())
    assert client.get(address(review)).status_code == 404
    assert client.post(address(review), words(review)).status_code == 404
    assert client.get("/recenzje/").status_code == 403


def test_a_member_of_yesterday_loses_the_review_at_once(cast, browse, review):
    hand_in(judged(review))
    decide(review.version, "accept", by=cast.coordinator)
    client = browse(cast.lead)
    assert client.get(address(review)).status_code == 200
    TeamMembership.objects.filter(person=cast.lead).update(until=today())
    assert client.get(address(review)).status_code == 404


def test_a_second_expert_sees_the_first_review_after_handing_in_the_own(cast, browse, review):
    second = assign_reviewer(review.version, cast.other_reviewer.expert, by=cast.coordinator)
    hand_in(judged(review))
    client = browse(cast.other_reviewer)
    assert client.get(address(review)).status_code == 404
    hand_in(judged(second))
    assert client.get(address(review)).status_code == 200
    assert cast.reviewer.last_name not in client.get(address(review)).content.decode()


# --- How much it costs --------------------------------------------------------------------------


def asked_by(client, url):
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
    assert response.status_code == 200
    return len(asked), response.content.decode().count("Zadanie ")


def test_the_page_asks_the_same_for_three_goals_and_for_sixty(cast, browse, grown):
    review = grown(3).reviews.get()
    client = browse(cast.reviewer)
    kept.clear()
    first_small = asked_by(client, address(review))
    small = asked_by(client, address(review))
    grow(review.version, 57)
    kept.clear()
    first_large = asked_by(client, address(review))
    large = asked_by(client, address(review))

    assert large[1] - small[1] >= 57
    assert first_large[0] == first_small[0]
    assert large[0] == small[0]
    assert large[0] <= 8


def test_a_save_takes_eight_statements(cast, browse, review):
    client = browse(cast.reviewer, headers={"HX-Request": "true"})
    client.post(address(review), words(review))
    changed = words(review, 1, summary="Znowu.")
    with CaptureQueriesContext(connection) as asked:
        client.post(address(review), changed)
    statements = [one["sql"] for one in asked if not re.match("BEGIN|COMMIT|SAVEPOINT|RELEASE", one["sql"])]
    assert len(statements) <= 8


@pytest.fixture
def grown(cast):
    """Return the plan in review with so many goals, remarks to ten of its places included."""

    def make(goals):
        version = complete_draft(cast)
        grow(version, goals)
        type(version).objects.filter(pk=version.pk).update(
            status="sent", sent_at=timezone.now(), sha256=f"{goals:064d}"
        )
        version.refresh_from_db()
        assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
        VERSION.perform(version, "start_review", by=cast.coordinator)
        for _number in range(10):
            remark_on(version, cast.reviewer)
        return version

    return make


@pytest.fixture
def many_plans(cast):
    """Return so many sent plans of other units."""

    def make(count):
        versions = []
        for _number in range(count):
            participation = ParticipationFactory(edition=cast.setup.edition)
            plan = Plan.objects.create(
                participation=participation,
                template=cast.setup.template,
                scope="wide",
                title="Plan",
                year_from=2026,
                year_to=2029,
            )
            versions.append(
                PlanVersion.objects.create(plan=plan, number=1, status="sent", sent_at="2026-05-01T10:00Z")
            )
        return versions

    return make


def test_overdue_reviews_are_marked(cast, browse, review):
    Review.objects.filter(pk=review.pk).update(due=today() - timedelta(days=1))
    [line] = browse(cast.reviewer).get("/recenzje/").context["reviews"]
    assert line.is_late is True
