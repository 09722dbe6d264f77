"""A new plan begun with the unit's last accepted one: what still holds comes, the rest is named."""

from datetime import date
from html import unescape

import pytest

from plans.models import Action, BudgetLine, EditionSetup, Goal, PlanVersion, SchoolCommitment, Text
from plans.templating import copy_template, publish_template
from tests.factories import (
    EditionSetupFactory,
    MembershipFactory,
    ParticipationFactory,
    SchoolFactory,
    SchoolScopeFactory,
)
from tests.plans.pages import version_digest
from tests.situations import plan_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(cast):
    return plan_version(cast, "accepted")


@pytest.fixture
def next_edition(cast, accepted):
    """The unit takes part again, with the same school and another; the lead is the same."""
    setup = EditionSetupFactory(edition__since=date(2026, 6, 1))
    participation = ParticipationFactory(edition=setup.edition, jst=cast.participation.jst)
    MembershipFactory(participation=participation, person=cast.lead, is_lead=True)
    school = SchoolCommitment.objects.get(version=accepted).school
    for one in (school, SchoolFactory(authority=participation.jst)):
        SchoolScopeFactory(participation=participation, school=one)
    return participation


def start(client, participation, earlier, **fields):
    words = {"scope": "wide", "title": "Nowy plan", "year_from": "2027", "year_to": "2030"} | fields
    answer = client.post(f"/zespoly/{participation.pk}/plan/", words | {"earlier": earlier}, follow=True)
    return answer, PlanVersion.objects.filter(plan__participation=participation).first()


def test_texts_goals_actions_and_schools_come_along_as_new_rows(cast, browse, accepted, next_edition):
    _answer, version = start(browse(cast.lead), next_edition, accepted.pk)

    assert set(version.text_rows.values_list("body", flat=True)) == {"Tekst o naszej gminie."}
    goal = Goal.objects.get(version=version, level="operational")
    assert goal.parent.version == version
    assert goal.origin == f"plan “{accepted.title}”, version 1"
    assert goal.uid not in set(accepted.goal_rows.values_list("uid", flat=True))
    assert SchoolCommitment.objects.filter(version=version).count() == 2
    action = Action.objects.get(version=version)
    assert [one.area for one in action.schools.all()] == ["Matematyka"]
    assert version.section_states.get(key="goals").filled


def test_what_does_not_hold_any_more_is_named(cast, browse, accepted, next_edition):
    next_edition.school_scopes.all().delete()

    answer, version = start(browse(cast.lead), next_edition, accepted.pk)

    page = answer.content.decode()
    for words in ("it is not in the scope", "outside the new plan", "discussed anew"):
        assert words in page
    assert not BudgetLine.objects.filter(version=version).exists()
    assert not Action.objects.get(version=version).schools.exists()


def test_a_text_follows_its_section_that_has_another_name_in_the_newer_form(
    cast, browse, accepted, next_edition
):
    template = copy_template(cast.setup.template)
    template.sections.filter(key="zespol").update(key="autorzy", title="Autorzy planu", replaces="zespol")
    publish_template(template)
    EditionSetup.objects.filter(edition=next_edition.edition).update(template=template)
    Text.objects.filter(version=accepted, key="zespol").update(body="Pisaliśmy we czworo.")
    before = PlanVersion.objects.get(pk=accepted.pk).title

    answer, version = start(browse(cast.lead), next_edition, accepted.pk)

    text = Text.objects.get(version=version, key="autorzy")
    assert (text.body, text.origin) == ("Pisaliśmy we czworo.", f"plan “{before}”, version 1")
    assert version.section_states.get(key="autorzy").filled
    assert "The text of the section" not in answer.content.decode()


def test_a_school_comes_with_its_reason_and_a_day_outside_the_new_years_is_named(
    cast, browse, accepted, next_edition
):
    old = SchoolCommitment.objects.filter(version=accepted)
    old.update(reason="Uczą się tu dzieci z gminy.", starts=date(2026, 9, 1))
    school = old.get().school

    answer, version = start(browse(cast.lead), next_edition, accepted.pk)

    new = SchoolCommitment.objects.get(version=version, school=school)
    assert (new.reason, new.starts) == ("Uczą się tu dzieci z gminy.", None)
    assert f"The dates of “{school}”: they are outside the new plan." in unescape(answer.content.decode())


def test_a_day_within_the_new_years_comes_along(cast, browse, accepted, next_edition):
    SchoolCommitment.objects.filter(version=accepted).update(starts=date(2027, 9, 1))

    _answer, version = start(browse(cast.lead), next_edition, accepted.pk)

    days = SchoolCommitment.objects.filter(version=version).values_list("starts", flat=True)
    assert set(days) == {date(2027, 9, 1), None}


def test_the_old_plan_stays_as_it_was(cast, browse, accepted, next_edition):
    before = version_digest(accepted)

    start(browse(cast.lead), next_edition, accepted.pk)

    assert version_digest(accepted) == before


def test_a_plan_may_start_empty_and_no_other_unit_is_offered_this_one(cast, browse, accepted, next_edition):
    _answer, version = start(browse(cast.lead), next_edition, "")
    other = browse(cast.other_team).get(f"/zespoly/{cast.other_participation.pk}/plan/")

    assert not Goal.objects.filter(version=version).exists()
    assert set(Text.objects.filter(version=version).values_list("body", flat=True)) == {""}
    assert "What to begin with" not in other.content.decode()
