"""Differences are shown by paragraph, then by word, and put together they give both texts back."""

import pytest

from plans.differences import GONE, NEW, SAME, pieces
from tests.plans.pages import both_texts

PAIRS = [
    ("", "Nowy tekst"),
    ("Stary tekst", ""),
    ("Ala ma kota", "Ala ma psa"),
    ("Pierwszy akapit.\n\nDrugi akapit.", "Pierwszy akapit.\n\nWstawiony.\n\nDrugi, zmieniony akapit."),
    ("a b c d", "d c b a"),
    ("<script>alert(1)</script>", "<b>"),
]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_pieces_give_both_texts_back(before, after):
    assert both_texts(pieces(before, after)) == (before, after)


def test_only_the_changed_word_is_marked():
    assert pieces("Ala ma kota", "Ala ma psa") == [(SAME, "Ala ma "), (GONE, "kota"), (NEW, "psa")]
