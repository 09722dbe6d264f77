"""Pages on which plans are read: who sees which, what they say, what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.copying import start_plan
from plans.models import Text
from plans.remarks import answer_remark
from plans.workflow import REMARK, SENTENCES, VERSION
from tests.factories import JstFactory, MembershipFactory, ParticipationFactory
from tests.situations import (
    complete_draft,
    decide,
    grow,
    hand_in,
    judged,
    plan_version,
    remark_on,
    started_plan,
)

pytestmark = pytest.mark.django_db


def cost(client, path):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured), len(response.content)


def test_the_list_shows_each_person_the_plans_they_may_follow(cast, browse):
    ours = started_plan(cast)
    theirs = start_plan(
        cast.other_participation,
        scope="wide",
        title="Cudzy",
        year_from=2026,
        year_to=2027,
        by=cast.other_team,
    )

    def plans(role):
        page = browse(getattr(cast, role)).get("/plany/").content.decode()
        return [plan for plan in (ours, theirs) if f'href="{plan.get_absolute_url()}"' in page]

    roles = ["reader", "other_team", "caretaker", "reviewer", "former_member", "coordinator", "auditor"]
    assert {role: plans(role) for role in roles} == {
        "reader": [ours],
        "other_team": [theirs],
        "caretaker": [ours],
        "reviewer": [],
        "former_member": [],
        "coordinator": [ours, theirs],
        "auditor": [ours, theirs],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("szukaj=brzozow", 1),
        ("szukaj=BRZOZÓW", 1),
        ("szukaj=lublin", 0),
        ("rodzaj=GMW", 1),
        ("rodzaj=P", 0),
        ("status=draft", 1),
        ("status=sent", 0),
        ("status=bzdura", 1),
        ("edycja=abc", 1),
        ("page=999", 1),
    ],
)
def test_the_list_is_filtered_and_nonsense_filters_nothing(cast, browse, query, found):
    plan = started_plan(cast)

    page = browse(cast.coordinator).get(f"/plany/?{query}").content.decode()

    assert page.count(f'href="{plan.get_absolute_url()}"') == found


def many_plans(cast, numbers):
    for number in numbers:
        participation = ParticipationFactory(
            edition=cast.setup.edition, jst=JstFactory(name=f"Gmina {number:03d}")
        )
        lead = MembershipFactory(participation=participation, is_lead=True).person
        start_plan(participation, scope="narrow", title="Plan", year_from=2026, year_to=2027, by=lead)


def test_the_list_costs_the_same_with_55_plans_and_with_80(cast, browse):
    client = browse(cast.coordinator)
    many_plans(cast, range(55))
    client.get("/plany/")
    queries, size = cost(client, "/plany/")
    many_plans(cast, range(55, 80))

    more_queries, more_size = cost(client, "/plany/")

    # One of them asks for the lines by their keys: what `visible_to` says of titles is written once a day.
    assert more_queries == queries <= 9
    assert abs(more_size - size) < size * 0.02


def test_the_page_of_a_plan_tells_whose_turn_it_is_and_what_happened(cast, browse):
    version = plan_version(cast, "sent")

    page = browse(cast.reader).get(f"/plany/{version.plan_id}/").content.decode()

    assert str(cast.signatory) in page
    assert version.register_number in page


def test_what_an_expert_does_stays_out_of_the_teams_history_until_the_decision(cast, browse):
    version = plan_version(cast, "in_review")
    hand_in(judged(version.reviews.get()))
    path = f"/plany/{version.plan_id}/"
    handed_in = str(version.reviews.get().version.number)

    def sentences(person):
        return browse(person).get(path).context["history"]

    team = {entry.sentence for entry in sentences(cast.lead)}
    staff = {entry.sentence for entry in sentences(cast.coordinator)}
    decide(version, "accept", by=cast.coordinator)
    after = {entry.sentence for entry in sentences(cast.lead)}

    assert len(staff - team) == 3, handed_in
    assert staff - after == set()


def test_why_the_signatory_did_not_sign_stays_within_the_team(cast, browse):
    version = plan_version(cast, "awaiting_signature")
    VERSION.perform(version, "decline", by=cast.signatory, comment="Za drogo")
    VERSION.perform(version, "ask_signature", by=cast.author)
    VERSION.perform(version, "send", by=cast.signatory)
    in_admin = f"/admin/plans/planversion/{version.pk}/change/"

    def comments(person):
        history = browse(person).get(f"/plany/{version.plan_id}/").context["history"]
        return {entry.comment for entry in history} - {""}

    assert comments(cast.reader) == {"Za drogo"}
    assert comments(cast.coordinator) == comments(cast.caretaker) == set()
    assert "Za drogo" not in browse(cast.coordinator).get(in_admin).content.decode()


def test_the_history_does_not_name_the_expert_who_settles_a_remark_nor_blame_the_sender(cast, browse):
    returned = plan_version(cast, "returned")
    remark = remark_on(returned, cast.reviewer)
    version = returned.plan.latest()
    answer_remark(remark, "Poprawione.", by=cast.author)
    VERSION.perform(version, "ask_signature", by=cast.author)
    VERSION.perform(version, "send", by=cast.signatory)
    VERSION.perform(version, "start_review", by=cast.coordinator)
    REMARK.perform(remark, "uphold", by=cast.reviewer, comment="Nadal za mało")
    REMARK.perform(remark, "confirm", by=cast.reviewer)
    hand_in(judged(version.reviews.get()))
    decide(version, "accept", by=cast.coordinator)

    history = browse(cast.lead).get(f"/plany/{version.plan_id}/").context["history"]

    assert not [entry.sentence for entry in history if "Recenzent" in entry.sentence]
    kinds = ["plans.remark.uphold", "plans.remark.confirm", "plans.review.assign"]
    sentences = [str(SENTENCES[kind]).format(version=2) for kind in kinds]
    assert set(sentences) <= {entry.sentence for entry in history}


def test_staff_see_how_far_a_draft_is_but_never_its_text(cast, browse):
    version = complete_draft(cast)
    Text.objects.filter(version=version, key="wizja").update(body="Tajemnica wizji")
    client = browse(cast.coordinator)

    page = client.get(f"/plany/{version.plan_id}/")

    assert page.status_code == 200
    assert "Tajemnica wizji" not in page.content.decode()
    assert [line.url for line in page.context["lines"]] == [""] * len(page.context["lines"])
    assert client.get(f"/plany/{version.plan_id}/wersje/1/").status_code == 404


def test_a_version_is_read_as_a_page_with_everything_it_says(cast, browse):
    version = plan_version(cast, "sent")

    page = browse(cast.coordinator).get(f"/plany/{version.plan_id}/wersje/1/").content.decode()

    for words in ("Uczeń, który bada świat", "Pracownie przyrodnicze", "10 000", "1.09.2026", "Dzienniki"):
        assert words in page.replace("\xa0", " ").replace("01.09.2026", "1.09.2026"), words


def test_the_comparison_shows_what_changed_and_is_missing_for_the_first_version(cast, browse):
    version = plan_version(cast, "returned")
    draft = version.plan.latest()
    Text.objects.filter(version=draft, key="wizja").update(body="Tekst o naszej <b>gminie</b> i szkołach.")
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    client = browse(cast.reviewer)

    page = client.get(f"/plany/{version.plan_id}/wersje/2/porownanie/")

    assert page.status_code == 200
    assert "&lt;b&gt;gminie&lt;/b&gt;" in page.content.decode()
    assert client.get(f"/plany/{version.plan_id}/wersje/1/porownanie/").status_code == 404


@pytest.mark.parametrize("page", ["", "wersje/1/", "czego-brakuje/"])
def test_a_page_of_a_plan_costs_the_same_with_3_goals_and_with_60(cast, browse, page):
    version = complete_draft(cast)
    client = browse(cast.lead)
    path = f"/plany/{version.plan_id}/{page}"
    client.get(path)
    grow(version, 2)
    few, _size = cost(client, path)
    grow(version, 57)

    many, _size = cost(client, path)

    assert many == few


def test_the_lead_publishes_and_withdraws_and_a_double_click_is_one_event(cast, browse):
    version = plan_version(cast, "accepted")
    client = browse(cast.lead)
    path = f"/plany/{version.plan_id}/publikacja/"

    for wish in ("publish", "publish", "withdraw", "withdraw", "publish"):
        client.post(path, {wish: "1", "reach": "this"})

    version.plan.refresh_from_db()
    kinds = list(
        version.plan.events.filter(event__kind__contains="publish").values_list("event__kind", flat=True)
    )
    assert version.plan.published_on is not None
    assert sorted(kinds) == ["plans.plan.publish", "plans.plan.publish", "plans.plan.unpublish"]


def test_a_plan_that_is_not_accepted_cannot_be_published(cast, browse):
    version = plan_version(cast, "sent")

    response = browse(cast.lead).post(f"/plany/{version.plan_id}/publikacja/", {"publish": "1"})

    version.plan.refresh_from_db()
    assert (response.status_code, version.plan.published_on) == (403, None)
