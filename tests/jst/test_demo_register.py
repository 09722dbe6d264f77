"""The small register of the demonstration: real codes, the right kinds, schools to choose from."""

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from jst import demo_register, demo_schools
from jst.demo_offices import load_offices
from jst.demo_register import CURRENT, PILOT, WITHDREW
from jst.imports import terc
from jst.models import Jst, JstEvent, JstPeriod, RegisterImport, School
from portal.models import User

REAL = os.environ.get("PORTAL_REAL_DATA")


@pytest.fixture
def loaded(db):
    demo_register.load(User.objects.system())


def kinds(codes):
    return Counter(Jst.objects.filter(code__in=codes).values_list("kind", flat=True))


def test_the_pilot_has_the_32_units_of_the_deck(loaded):
    assert kinds(PILOT) == {"GW": 7, "GM": 6, "MNP": 2, "GMW": 9, "P": 8}


def test_the_unit_that_withdrew_is_a_county(loaded):
    assert kinds(set(PILOT) - {WITHDREW}) == {"GW": 7, "GM": 6, "MNP": 2, "GMW": 9, "P": 7}


def test_the_current_edition_has_three_units_of_each_kind(loaded):
    assert kinds(CURRENT) == {"GW": 3, "GM": 3, "GMW": 3, "P": 3}
    assert kinds(CURRENT[:4]) == {"GW": 1, "GM": 1, "GMW": 1, "P": 1}


def test_no_unit_is_in_both_editions():
    assert set(PILOT) & set(CURRENT) == set()


def test_the_units_lie_in_all_voivodeships(loaded):
    assert {code[:2] for code in PILOT} == set(Jst.objects.filter(kind="W").values_list("code", flat=True))
    assert Jst.objects.filter(kind="W").count() == 16


def test_every_unit_knows_where_it_lies(loaded):
    assert Jst.objects.get(code="300405").parent.name == "gostyński"
    assert Jst.objects.get(code="226401").parent.name == "pomorskie"
    assert [jst.kind for jst in Jst.objects.filter(parent=None)] == ["W"] * 16


def test_a_city_with_county_rights_is_one_unit_with_two_codes(loaded):
    cities = Jst.objects.exclude(county_code=None).values_list("code", "county_code", "kind")
    assert set(cities) == {("226401", "2264", "MNP"), ("247901", "2479", "MNP")}


def test_every_unit_has_a_history_that_covers_the_pilot(loaded):
    periods = JstPeriod.objects.values_list("valid_from", "valid_to")
    assert periods.count() == Jst.objects.count()
    assert set(periods) == {(date(2017, 1, 1), None)}


def test_loading_is_recorded_and_a_second_time_adds_nothing(loaded):
    demo_register.load(User.objects.system())
    assert RegisterImport.objects.count() == 1
    event = JstEvent.objects.get().event
    assert (event.kind, event.data["register"]) == ("jst.register.import", "demo")
    assert Jst.objects.count() == len(demo_register.units())


def test_loading_takes_few_queries(db, django_assert_max_num_queries):
    user = User.objects.system()
    with django_assert_max_num_queries(30):
        demo_register.load(user)


def test_the_pilot_has_250_schools_at_entry_and_261_at_the_end(loaded):
    assert (len(demo_schools.AT_ENTRY), sum(demo_schools.AT_ENTRY.values())) == (32, 250)
    assert (len(demo_schools.AT_COMPLETION), sum(demo_schools.AT_COMPLETION.values())) == (31, 261)
    schools = demo_schools.load_schools()
    needed = demo_schools.AT_ENTRY | demo_schools.AT_COMPLETION
    assert {code: len(schools[code]) for code in PILOT} == needed


def test_each_unit_of_the_current_edition_has_4_to_9_schools(loaded):
    schools = demo_schools.load_schools()
    sizes = [len(schools[code]) for code in CURRENT]
    assert (min(sizes), max(sizes)) == (4, 9)


def test_schools_are_told_apart_and_the_same_every_time(loaded):
    first = demo_schools.load_schools()
    second = demo_schools.load_schools()
    assert first == second
    assert School.objects.count() == sum(map(len, first.values()))
    for schools in first.values():
        assert len({(school.name, school.town) for school in schools}) == len(schools)
        assert [school.rspo for school in schools] == sorted(school.rspo for school in schools)


def test_gminas_run_primary_schools_and_counties_secondary_ones(loaded):
    schools = demo_schools.load_schools()
    assert {school.kind for school in schools["300405"]} == {"Szkoła podstawowa", "Przedszkole"}
    assert {school.kind for school in schools["0416"]} & {"Szkoła podstawowa", "Przedszkole"} == set()
    first = schools["0416"][0]
    assert (first.kind, first.town) == ("Liceum ogólnokształcące", "Tuchola")


@pytest.mark.skipif(not REAL, reason="PORTAL_REAL_DATA names no folder of official files")
@pytest.mark.parametrize("file", ["TERC_Urzedowy_2025-11-18.zip", "TERC_Urzedowy_2026-01-08.zip"])
def test_every_unit_is_as_in_the_official_register(file):
    official = terc.read(Path(REAL) / file).units
    small = demo_register.units()

    def facts(unit):
        return (unit.teryt, unit.kind, unit.name, unit.parent, unit.county_code)

    assert {code: facts(unit) for code, unit in small.items()} == {
        code: facts(official[code]) for code in small
    }


@pytest.mark.parametrize("words", ["starostwo łowicz", "Lowicz starostwo", "urzad miasta zory", "polanczyk"])
def test_a_unit_is_found_by_its_office_and_its_town(loaded, words):
    load_offices()
    (found,) = Jst.objects.search(words)

    assert found.code == {"p": "182105", "u": "247901"}.get(words[0], "1005")
    assert found.mailbox.endswith(".demo.example")


def test_offices_are_loaded_once_and_never_over_what_a_register_said(loaded):
    Jst.objects.filter(code="1005").update(office_name="Starostwo")
    load_offices()
    load_offices()

    assert Jst.objects.get(code="1005").office_name == "Starostwo"
    assert Jst.objects.exclude(kind="W").filter(office_name="").count() == 0
