"""The library is searched by Polish words in any form, with and without Polish marks, on every database."""

from html import unescape

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jst.models import Jst
from plans.lemmas import OWN, basic_forms, records, words_of
from plans.models import (
    Challenge,
    Goal,
    KeyCompetence,
    Plan,
    PlanChallenge,
    PlanVersion,
    ShelvedForm,
    ShelvedWord,
    Text,
)
from plans.publishing import publish_plan
from plans.shelving import fill_shelf
from plans.workflow import VERSION
from tests.factories import EditionSetupFactory, JstFactory, ParticipationFactory
from tests.situations import about, plan_version

pytestmark = pytest.mark.django_db

LIBRARY = reverse("plans:library")

# What the plan says; each row of the table looks for it in another form.
BODY = """Wspieramy uczniów i uczennice szkół zawodowych w powiecie łódzkim.
Dzieci dojeżdżają do szkoły autobusem, a nauczyciele uczą się na szkoleniach z matematyki.
W gminach o niskich dochodach brakuje psychologów. Kadra uczestniczy w zajęciach.
Pomagamy uczniom z niepełnosprawnościami. Egzamin ósmoklasisty: działania i cele na lata 2026–2029."""
TABLE = [
    # word typed, found
    ("szkoły", True),
    ("szkół", True),
    ("szkole", True),
    ("szkołami", True),
    ("SZKÓŁ", True),
    ("szkol", True),  # without marks, and also a form of „szkolić”
    ("szkół zawodowych", True),
    ("szkoła zawodowa", True),
    ("szkola zawodowa", True),
    ("zawodowych szkół", True),
    ("uczeń", True),
    ("ucznia", True),
    ("uczniów", True),
    ("uczniow", True),
    ("dziecko", True),
    ("dziećmi", True),
    ("dziecmi", True),
    ("łódzki", True),
    ("lodzki", True),
    ("łódzkiego", True),
    ("nauczycielami", True),
    ("matematyka", True),
    ("matem", True),  # a form of nothing: taken for the beginning of a word
    ("psycholog", True),
    # Words that the dictionary does not know, or takes for rarer ones; `lemmas.OWN` corrects them.
    ("gmina", True),
    ("gmin", True),
    ("kadry", True),
    ("kadr", True),
    ("zajęcia", True),
    ("zajęć", True),
    ("szkolenie", True),
    ("szkoleń", True),
    ("niepełnosprawność", True),
    ("niepełnosprawnością", True),
    ("działań", True),
    ("celach", True),
    ("rok", True),
    ("2026", True),
    # Words of a sentence tell nothing and stop nothing.
    ("szkoły i uczniowie", True),
    # An adjective is another word than its noun, and what the plan does not say is not found.
    ("szkolny", False),
    ("przedszkole", False),
    ("szkoła muzyczna", False),
    ("uczelnia", False),
    ("celnik", False),
    ("xyz", False),
]


@pytest.fixture
def setup(db):
    return EditionSetupFactory()


def shelved(setup, name="Piaski", body="", title="Plan rozwoju oświaty", goal="", **unit):
    """A published plan with one text and perhaps a goal, made at once."""
    unit = {"kind": Jst.Kind.GW} | unit
    participation = ParticipationFactory(edition=setup.edition, jst=JstFactory(name=name, **unit))
    plan = Plan.objects.create(
        participation=participation,
        template=setup.template,
        scope="wide",
        published_on="2026-01-01",
    )
    version = PlanVersion.objects.create(
        plan=plan, **about(title), number=1, status="accepted", sent_at="2026-01-01T10:00Z"
    )
    Text.objects.create(version=version, key="wizja", body=body)
    if goal:
        Goal.objects.create(version=version, level="strategic", title=goal)
    return plan


def units(response):
    return [line.unit for line in response.context["page"].object_list]


# --- The dictionary -------------------------------------------------------------------------------


def test_the_dictionary_is_read_as_a_stream(db):
    """Also a guard: how it is read is not promised by its authors."""
    first = [pair for _number, pair in zip(range(1000), records(), strict=False)]

    assert len(first) == 1000
    assert basic_forms({"szkół", "uczniów"}) == {"szkół": "szkoła", "uczniów": "uczeń"}


def test_what_the_own_list_corrects_is_still_wrong_in_the_dictionary(db):
    """An entry that the dictionary has learnt meanwhile may go."""
    from plans import lemmas

    words = {form for forms in OWN.values() for form in forms.split()}
    own, lemmas.OWN_FORMS = lemmas.OWN_FORMS, {}
    try:
        plain = basic_forms(words)
    finally:
        lemmas.OWN_FORMS = own

    needless = [lemma for lemma, forms in OWN.items() if all(plain[one] == lemma for one in forms.split())]
    assert needless == []


def test_words_that_tell_nothing_are_left_out():
    assert list(words_of("Gmina i jej szkoły w 2026 r., 125000 zł")) == ["gmina", "szkoły", "2026", "zł"]


# --- Finding --------------------------------------------------------------------------------------


def test_the_table_of_polish_forms(browse, setup):
    """One test and not one for each row: the dictionary is read once."""
    shelved(setup, "Brzozów", BODY)
    fill_shelf()
    client = browse(None)

    found = [(word, bool(units(client.get(LIBRARY, {"szukaj": word})))) for word, _found in TABLE]

    assert found == TABLE


def test_words_in_titles_and_goals_weigh_more(browse, setup):
    shelved(setup, "Aa", "Dowozimy uczniów.")
    shelved(setup, "Bb", "Nic.", goal="Bezpieczny dowóz")
    shelved(setup, "Cc", "Nic.", title="Dowóz uczniów w gminie")
    shelved(setup, "Dd", "Dowóz i dowozy.")
    shelved(setup, "Ee", "Nic o tym.")
    fill_shelf()

    response = browse(None).get(LIBRARY, {"szukaj": "dowozu"})

    assert [unit.split()[-1] for unit in units(response)] == ["Cc", "Bb", "Dd"]
    assert response.context["page"].paginator.count == 3


def test_a_passage_shows_the_words_found_and_escapes_the_rest(browse, setup):
    shelved(setup, body="<script>alert('x')</script> Wspieramy szkoły & uczniów & <b>szkołę</b>.")
    fill_shelf()

    response = browse(None).get(LIBRARY, {"szukaj": "szkół"})

    passage = response.context["page"].object_list[0].passage
    assert "<mark>szkoły</mark> &amp; uczniów" in passage
    assert "&lt;b&gt;<mark>szkołę</mark>&lt;/b&gt;" in passage
    assert "<script>alert" not in response.content.decode()


def test_a_unit_is_found_by_its_name_before_its_words_are_on_the_shelf(browse, setup):
    shelved(setup, "Łęczna", "Nic.")

    assert len(units(browse(None).get(LIBRARY, {"szukaj": "leczna"}))) == 1
    assert len(units(browse(None).get(LIBRARY, {"szukaj": "łęczna gmina"}))) == 1


def test_a_search_costs_three_queries_however_many_plans_there_are(browse, setup):
    costs = []
    for many in (3, 15):
        for number in range(Plan.objects.count(), many):
            shelved(setup, f"Gmina{number}", BODY, goal="Szkoła, do której chce się chodzić")
        fill_shelf()
        with CaptureQueriesContext(connection) as queries:
            browse(None).get(LIBRARY, {"szukaj": "szkół zawodowych"})
        costs.append(len(queries))

    assert costs == [3, 3]


@pytest.mark.parametrize("words", ["%", "_", "'", '"; DROP', "i w na", "ł" * 100, "-", "\\"])
def test_odd_words_are_no_error(browse, setup, words):
    shelved(setup, body=BODY)

    assert browse(None).get(LIBRARY, {"szukaj": words}).status_code == 200


# --- The shelf ------------------------------------------------------------------------------------


def shelf():
    return list(ShelvedWord.objects.order_by("version", "lemma").values_list("version", "lemma", "times"))


def test_publishing_puts_the_words_on_the_shelf_and_withdrawing_takes_them_off(browse, cast):
    version = plan_version(cast, "accepted")
    publish_plan(version.plan, published=True, by=cast.lead)
    call_command("jobs", "--once")
    assert ShelvedWord.objects.filter(version=version, lemma="gmina").exists()
    assert len(units(browse(None).get(LIBRARY, {"szukaj": "gmin doświadczeń"}))) == 1

    publish_plan(version.plan, published=False, by=cast.lead)

    assert shelf() == []


def test_filling_the_shelf_twice_or_anew_changes_nothing(setup, capsys):
    shelved(setup, body=BODY)
    assert fill_shelf() == 1
    words, forms = shelf(), set(ShelvedForm.objects.values_list("form", "lemma"))
    assert fill_shelf() == 0

    call_command("shelve", "--anew")

    assert (shelf(), set(ShelvedForm.objects.values_list("form", "lemma"))) == (words, forms)
    assert "1" in capsys.readouterr().out


def test_what_is_no_longer_public_leaves_the_shelf_when_it_is_filled(setup):
    plan = shelved(setup, body=BODY)
    fill_shelf()
    Plan.objects.filter(pk=plan.pk).update(published_on=None)

    fill_shelf()

    assert shelf() == []


def test_a_plan_withdrawn_while_its_words_are_read_is_not_put_on_the_shelf(setup, cast, monkeypatch):
    plan = shelved(setup, body=BODY)

    def meanwhile(words):
        Plan.objects.filter(pk=plan.pk).update(published_on=None)
        return basic_forms(words)

    monkeypatch.setattr("plans.shelving.basic_forms", meanwhile)
    fill_shelf()

    assert shelf() == []


def test_only_the_version_in_force_is_on_the_shelf(cast, browse):
    first = plan_version(cast, "accepted")
    publish_plan(first.plan, published=True, later_too=True, by=cast.lead)
    call_command("jobs", "--once")
    VERSION.perform(first, "amend", by=cast.lead, comment="Zmiana")
    second = first.plan.latest()
    PlanVersion.objects.filter(pk=second.pk).update(status="accepted")

    fill_shelf()

    assert set(ShelvedWord.objects.values_list("version", flat=True)) == {second.pk}


# --- Filters --------------------------------------------------------------------------------------


def test_plans_are_chosen_by_challenge_and_by_key_competence(browse, setup):
    transport = Challenge.objects.create(label="Dojazdy uczniów")
    competence, other = KeyCompetence.objects.all()[:2]
    first, second = shelved(setup, "Aa", goal="Cel"), shelved(setup, "Bb", goal="Cel")
    PlanChallenge.objects.create(plan=first, challenge=transport)
    Goal.objects.get(version__plan=second).competences.add(competence)

    client = browse(None)
    by_challenge = units(client.get(LIBRARY, {"wyzwanie": transport.pk}))
    by_competence = units(client.get(LIBRARY, {"kompetencja": competence.pk}))
    by_other = units(client.get(LIBRARY, {"kompetencja": other.pk}))

    assert [[unit.split()[-1] for unit in found] for found in (by_challenge, by_competence, by_other)] == [
        ["Aa"],
        ["Bb"],
        [],
    ]


def test_the_team_names_challenges_when_it_agrees_and_everybody_sees_them(browse, cast):
    version = plan_version(cast, "accepted")
    challenges = [Challenge.objects.create(label=f"Wyzwanie {number}") for number in range(6)]
    client, publish = browse(cast.lead), reverse("plans:publish", args=[version.plan_id])

    too_many = client.post(
        publish, {"publish": "1", "reach": "this", "challenges": [c.pk for c in challenges]}
    )
    client.post(publish, {"publish": "1", "reach": "this", "challenges": [challenges[0].pk]})

    assert too_many.status_code == 422
    assert list(PlanChallenge.objects.values_list("challenge__label", flat=True)) == ["Wyzwanie 0"]
    page = unescape(browse(None).get(reverse("plans:library_plan", args=[version.plan_id])).content.decode())
    assert "Wyzwanie 0" in page
