"""`manage.py report`: every indicator of an edition as of a day, from dated rows."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from jst.models import JstPeriod, Target
from plans.workflow import VERSION
from tests.factories import (
    EditionFactory,
    JstFactory,
    MembershipFactory,
    ParticipationFactory,
    SchoolFactory,
    SchoolScopeFactory,
)
from tests.situations import plan_version

pytestmark = pytest.mark.django_db

MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)


@pytest.fixture
def report(capsys):
    """Run the command; return {code: (value, target, breakdown)}."""

    def report(edition, day):
        call_command("report", edition.slug, "--on", day.isoformat(), "--json")
        printed = json.loads(capsys.readouterr().out)
        assert (printed["edition"], printed["on"]) == (edition.slug, day.isoformat())
        return {row["code"]: (row["value"], row["target"], row["breakdown"]) for row in printed["indicators"]}

    return report


def kinds(**numbers):
    return dict.fromkeys(["GW", "GM", "GMW", "P"], 0) | numbers


def test_an_empty_edition_has_every_indicator_at_nought(report):
    found = report(EditionFactory(), JUNE)

    assert list(found) == ["units", "people", "schools", "plans_sent", "plans_accepted"]
    assert set(map(repr, found.values())) == {repr((0, None, kinds()))}


def test_units_count_from_their_first_day_to_the_day_before_they_ended(report):
    edition = EditionFactory()
    ParticipationFactory(edition=edition, since=MARCH, until=JUNE, status="withdrew")

    days = [date(2026, 2, 28), MARCH, date(2026, 5, 31), JUNE]

    assert [report(edition, day)["units"][0] for day in days] == [0, 1, 1, 0]


def test_a_unit_counts_under_the_kind_it_had_on_that_day(report):
    unit = JstFactory(kind="GMW")
    fields = {"jst": unit, "teryt": unit.code + "3", "name": unit.name}
    JstPeriod.objects.create(**fields, kind="GW", valid_from=date(2017, 1, 1), valid_to=JUNE)
    JstPeriod.objects.create(**fields, kind="GMW", valid_from=JUNE)
    edition = ParticipationFactory(jst=unit).edition

    assert report(edition, MARCH)["units"][2] == kinds(GW=1)
    assert report(edition, JUNE)["units"][2] == kinds(GMW=1)


def test_a_city_with_county_rights_counts_as_an_urban_gmina(report):
    edition = ParticipationFactory(jst=JstFactory(kind="MNP")).edition

    assert report(edition, JUNE)["units"][2] == kinds(GM=1)


def test_a_person_in_two_teams_counts_once_and_leaves_with_the_unit(report):
    edition = EditionFactory()
    first = ParticipationFactory(edition=edition)
    second = ParticipationFactory(edition=edition, until=JUNE, status="withdrew")
    person = MembershipFactory(participation=first).person
    MembershipFactory(participation=second, person=person)
    MembershipFactory(participation=second)
    MembershipFactory(participation=first, until=JUNE)

    assert report(edition, MARCH)["people"][0] == 3
    assert report(edition, JUNE)["people"][0] == 1


def test_a_complex_is_never_counted_with_its_parts_and_a_school_declared_twice_counts_once(report):
    participation = ParticipationFactory()
    whole = SchoolFactory(is_complex=True)
    part = SchoolFactory(parent_rspo=whole.rspo)
    SchoolScopeFactory(participation=participation, school=whole)
    SchoolScopeFactory(participation=participation, school=part, until=MARCH)
    SchoolScopeFactory(participation=participation, school=part, since=MARCH)
    other = ParticipationFactory(edition=participation.edition)
    SchoolScopeFactory(participation=other, school=part)

    assert report(participation.edition, JUNE)["schools"][0] == 1


def test_plans_count_when_sent_and_when_accepted_and_not_when_taken_back(report, cast):
    from jst.models.dated import today

    version = plan_version(cast, "sent")

    def counted():
        found = report(cast.setup.edition, today())
        return found["plans_sent"][0], found["plans_accepted"][0]

    assert counted() == (1, 0)
    VERSION.perform(version, "take_back", by=cast.lead, comment="Pomyłka")
    assert counted() == (0, 0)


def test_an_accepted_plan_stays_accepted_while_it_is_changed(report, cast):
    from jst.models.dated import today

    version = plan_version(cast, "accepted")
    VERSION.perform(version, "amend", by=cast.lead, comment="Nowa szkoła")

    found = report(cast.setup.edition, today())

    assert (found["plans_sent"][0], found["plans_accepted"][0]) == (1, 1)
    assert report(cast.setup.edition, MARCH)["plans_sent"][0] == 0


def test_the_edition_s_target_stands_beside_and_the_project_s_where_it_is_the_only_edition(report):
    edition = EditionFactory()
    Target.objects.create(edition=edition, indicator="units", value=30)
    Target.objects.create(project=edition.project, indicator="units", value=99)
    Target.objects.create(project=edition.project, indicator="people", value=90)

    assert [report(edition, JUNE)[code][1] for code in ("units", "people", "schools")] == [30, 90, None]
    EditionFactory(project=edition.project)
    assert [report(edition, JUNE)[code][1] for code in ("units", "people")] == [30, None]


def test_without_json_it_is_a_page_of_words(capsys):
    edition = ParticipationFactory().edition
    Target.objects.create(edition=edition, indicator="units", value=30)

    call_command("report", edition.slug, "--on", "2026-06-01")

    first, units, *_others = capsys.readouterr().out.splitlines()
    assert (first, units.split(" (")[0].split(": ")[1]) == (f"{edition.name}, 1 czerwca 2026", "1 / 30")


@pytest.mark.parametrize("arguments", [["nie-ma"], ["pilot", "--on", "1.04.2017"]])
def test_an_edition_that_is_not_there_and_a_day_in_another_form_end_with_status_two(arguments):
    with pytest.raises(CommandError) as refusal:
        call_command("report", *arguments, "--json")

    assert refusal.value.returncode == 2
