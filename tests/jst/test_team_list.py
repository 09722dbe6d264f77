"""The list of teams, what it finds and what it costs; units that end; teams that wait for people."""

from datetime import timedelta

import pytest

from jst import teams
from jst.models.dated import today
from jst.waiting import waiting_for
from portal.benchmark import tallied
from portal.models import Event
from portal.workflow import NotAllowed, TransitionError
from tests.factories import JstFactory, MembershipFactory, ParticipationFactory

pytestmark = pytest.mark.django_db

TOMORROW = today() + timedelta(days=1)


def page(participation):
    return f"/zespoly/{participation.pk}/"


# --- The list -----------------------------------------------------------------------------------


def test_somebody_in_one_team_is_led_to_it_and_somebody_in_none_is_told(cast, browse):
    assert browse(cast.author).get("/zespoly/").url == page(cast.participation)
    assert browse(cast.reviewer).get("/zespoly/").status_code == 403


def test_a_person_of_two_teams_chooses_in_a_list_of_the_two(cast, browse):
    ParticipationFactory()
    MembershipFactory(participation=cast.other_participation, person=cast.author)

    rows = browse(cast.author).get("/zespoly/").context["rows"]

    assert [row["pk"] for row in rows] == [cast.participation.pk, cast.other_participation.pk]


@pytest.mark.parametrize("words", ["Łódź", "lodz", "ŁÓDŹ", "Lódz"])
def test_ore_finds_a_team_with_and_without_polish_letters(cast, browse, words):
    found = ParticipationFactory(jst=JstFactory(name="Łódź", kind="MNP"))

    rows = browse(cast.coordinator).get("/zespoly/", {"szukaj": words}).context["rows"]

    assert [row["pk"] for row in rows] == [found.pk]


def test_ore_filters_the_list_by_edition_kind_and_status(cast, browse):
    county = ParticipationFactory(jst=JstFactory(kind="P"), status="withdrew")
    client = browse(cast.auditor)

    def shown(**query):
        return [row["pk"] for row in client.get("/zespoly/", query).context["rows"]]

    assert shown(rodzaj="P") == shown(status="withdrew") == shown(edycja=county.edition_id) == [county.pk]
    assert shown(rodzaj="P", status="completed") == []
    assert len(shown(rodzaj="nic", status="nic", edycja="999", page="99999999999999999999")) == 3


def test_the_list_costs_the_same_for_sixty_teams_and_for_three_hundred(cast, browse):
    client = browse(cast.coordinator)
    ParticipationFactory.create_batch(60, edition=cast.setup.edition)
    client.get("/zespoly/")
    with tallied() as few:
        short = client.get("/zespoly/")
    ParticipationFactory.create_batch(240, edition=cast.setup.edition)

    with tallied() as many:
        long = client.get("/zespoly/")

    assert few.queries == many.queries <= 6
    assert abs(few.rows - many.rows) <= 2
    assert abs(len(short.content) - len(long.content)) < len(short.content) / 50


# --- Taking part --------------------------------------------------------------------------------


def test_a_unit_withdraws_as_of_a_day_with_a_reason(cast):
    day = today() - timedelta(days=5)
    teams.end_participation(
        cast.participation, "withdraw", on=day, by=cast.coordinator, comment="Uchwała rady"
    )

    cast.participation.refresh_from_db()
    assert (cast.participation.status, cast.participation.until) == ("withdrew", day)
    event = Event.objects.last()
    assert (event.kind, event.comment, event.data) == (
        "jst.participation.withdraw",
        "Uchwała rady",
        {"on": day.isoformat()},
    )


def test_a_participation_does_not_end_tomorrow_nor_before_it_began_nor_without_a_reason(cast):
    def end(day, comment="Uchwała rady"):
        teams.end_participation(cast.participation, "withdraw", on=day, by=cast.coordinator, comment=comment)

    for day in (TOMORROW, cast.participation.since - timedelta(days=1)):
        with pytest.raises(TransitionError):
            end(day)
    with pytest.raises(TransitionError):
        end(today(), comment=" ")
    with pytest.raises(NotAllowed):
        teams.end_participation(cast.participation, "complete", on=today(), by=cast.lead)
    cast.participation.refresh_from_db()
    assert (cast.participation.status, cast.participation.until) == ("in_progress", None)


def test_a_lead_of_a_team_that_is_too_small_is_told(cast):
    lonely = MembershipFactory(participation=ParticipationFactory(), is_lead=True)

    assert waiting_for(cast.lead) == []
    assert [row.url for row in waiting_for(lonely.person)] == [page(lonely.participation)]
