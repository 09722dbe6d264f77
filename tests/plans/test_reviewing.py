"""The expert reads and judges: the two columns, saving in two windows, handing in, and what it costs."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans import annotated, outline, problems
from plans.assigning import assign_reviewer
from plans.comparison import compare
from plans.judging import criteria_of
from plans.models import Goal, PlanEvent, PlanVersion, Remark, Review, ReviewScore, SectionVerdict, Text
from plans.remarks import answer_remark
from plans.workflow import REVIEW, VERSION
from tests.plans.posting import address, words
from tests.situations import decide, grow, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast):
    """The cast's plan in review, given to the reviewer, nothing written yet."""
    return plan_version(cast, "in_review").reviews.get()


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
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;&lt;b hx-get=/x&gt;") == 3
    assert attack not in page


def test_a_text_cannot_pretend_to_be_a_place_for_remarks(cast, browse, review):
    uid = Goal.objects.get(version=review.version, level="operational").uid
    mark = f"<!--uwagi {uid} 0-->"
    Text.objects.filter(version=review.version, key="wizja").update(body=mark)
    forget_what_was_sent()
    remark = remark_on(review.version, cast.reviewer, row_uid=uid)
    page = browse(cast.reviewer).get(address(review)).content.decode()
    assert page.count(f'id="remark-{remark.pk}"') == 1
    assert f"&lt;!--uwagi {uid} 0--&gt;" in page
    assert "<!--uwagi" not in page


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


# --- How much it costs --------------------------------------------------------------------------


def forget_what_was_sent():
    annotated.kept.clear()
    outline.kept.clear()
    problems.kept.clear()


def asked_by(client, url):
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
    assert response.status_code == 200
    return len(asked), response.content.decode().count("Zadanie ")


def test_the_page_asks_the_same_for_three_goals_and_for_sixty(cast, browse, grown):
    review = grown(3).reviews.get()
    client = browse(cast.reviewer)
    forget_what_was_sent()
    first_small = asked_by(client, address(review))
    small = asked_by(client, address(review))
    grow(review.version, 57)
    forget_what_was_sent()
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
    """Return the second version in review with so many goals, remarks answered and new ones included."""

    def make(goals):
        first = plan_version(cast, "in_review")
        for _number in range(10):
            remark_on(first, cast.reviewer)
        hand_in(judged(first.reviews.get()))
        decide(first, "return", by=cast.coordinator)
        version = first.plan.latest()
        for remark in Remark.objects.all():
            answer_remark(remark, "Poprawione.", by=cast.author)
        grow(version, goals)
        PlanVersion.objects.filter(pk=version.pk).update(
            status="sent",
            sent_at=timezone.now(),
            sha256=uuid.uuid4().hex,
            comparison=compare(first, version),
        )
        version.refresh_from_db()
        assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
        VERSION.perform(version, "start_review", by=cast.coordinator)
        for _number in range(10):
            remark_on(version, cast.reviewer)
        return version

    return make
