"""Search without Polish letters and the Polish alphabet, the same on both databases."""

import pytest

from jst.models import Jst
from jst.spelling import folded, polish_order
from tests.factories import JstFactory

ALPHABETICAL = [
    "Aleksandrów",
    "Ciechanów",
    "Cieszyn",
    "Ćmielów",
    "Lubań",
    "Lublin",
    "Lwówek",
    "Łask",
    "Łomża",
    "Osiek",
    "Ósno",
    "Zator",
    "Źródła",
    "Żary",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Łódź", "lodz"),
        ("  Bielsko–Biała ", "bielsko-biala"),
        ("ZAŻÓŁĆ GĘŚLĄ JAŹŃ", "zazolc gesla jazn"),
        ("„Słoneczko”", '"sloneczko"'),
    ],
)
def test_folding_drops_what_a_person_may_leave_out(text, expected):
    assert folded(text) == expected


def test_names_sort_as_in_the_polish_alphabet():
    assert sorted(set(ALPHABETICAL), key=polish_order) == ALPHABETICAL


def test_numbers_in_names_sort_by_value():
    schools = ["Szkoła nr 1", "Szkoła nr 2", "Szkoła nr 10", "Szkoła nr 101"]
    assert sorted(set(schools), key=polish_order) == schools


def test_a_short_name_comes_before_the_longer_one_that_begins_with_it():
    names = ["Brody", "Brody Nowe", "Brodyszcze"]
    assert sorted(set(names), key=polish_order) == names


def test_signs_between_words_do_not_disturb_the_order():
    assert polish_order("„Bielsko-Biała”") == polish_order("Bielsko Biała")


def test_foreign_letters_sort_as_their_plain_form():
    assert polish_order("Müller") == polish_order("Muller")


def test_a_key_has_digits_only_so_that_no_collation_matters():
    assert polish_order("Szkoła Podstawowa nr 2 im. Źdźbła – „A”").isdigit()


def test_a_key_never_outgrows_its_column():
    assert len(polish_order("Ż" * 1000)) == 300


def test_the_database_sorts_units_as_a_polish_reader_does(db):
    for name in reversed(ALPHABETICAL):
        JstFactory(name=name)
    assert list(Jst.objects.values_list("name", flat=True)) == ALPHABETICAL


@pytest.mark.parametrize(
    "words",
    ["swiebodzin", "ŚWIEBODZIN", "gmina świebodzin", "miasto Świebodzin", "urzad miejski swieb", "080806"],
)
def test_a_unit_is_found_by_what_people_write(db, words):
    unit = JstFactory(name="Świebodzin", kind="GMW", code="080806")
    JstFactory(name="Łagów", kind="GW", code="080802")
    assert list(Jst.objects.search(words)) == [unit]


def test_words_that_no_unit_has_find_nothing(db):
    JstFactory(name="Świebodzin")
    assert list(Jst.objects.search("świebodzin opole")) == []
