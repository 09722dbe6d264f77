"""Plain text with a few conventions, and the one rule for counting words."""

import pytest

from portal.text import blocks, render_html, word_count


def test_a_blank_line_ends_a_paragraph_and_a_single_break_stays():
    assert blocks("Jeden.\nDwa.\n\n\nTrzy.") == [("p", ["Jeden.", "Dwa."]), ("p", ["Trzy."])]


def test_line_breaks_of_every_system_are_alike():
    assert blocks("a\r\nb\r\rc") == blocks("a\nb\n\nc")


def test_lines_with_a_dash_make_a_list():
    assert blocks("Wnioski:\n- pierwszy\n- drugi\nDalej.") == [
        ("p", ["Wnioski:"]),
        ("ul", ["pierwszy", "drugi"]),
        ("p", ["Dalej."]),
    ]


def test_bullets_pasted_from_a_word_processor_are_bullets():
    assert blocks("•\tpierwszy\n– drugi") == [("ul", ["pierwszy", "drugi"])]


def test_a_numbered_list_goes_on_over_a_blank_line():
    assert blocks("1. diagnoza\n\n2. plan") == [("ol", ["diagnoza", "plan"])]


def test_a_list_that_starts_again_at_one_is_another_list():
    assert blocks("1. a\n2. b\n1. c") == [("ol", ["a", "b"]), ("ol", ["c"])]


@pytest.mark.parametrize("line", ["3. czerwca była debata.", "2026. rok", "1.5 etatu", "-5 stopni", "-"])
def test_what_only_looks_like_a_list_is_shown_as_written(line):
    assert blocks(line) == [("p", [line])]


def test_numbers_out_of_order_are_shown_as_written():
    assert blocks("1. a\n3. b") == [("ol", ["a"]), ("p", ["3. b"])]


def test_nothing_makes_nothing():
    assert blocks(" \n\t\n") == []
    assert render_html(None) == ""


def test_html_is_escaped_everywhere():
    assert render_html("<b>a</b>\n<i>\n\n- <script>\n\n1. &") == (
        "<p>&lt;b&gt;a&lt;/b&gt;<br>&lt;i&gt;</p>\n<ul><li>&lt;script&gt;</li></ul>\n<ol><li>&amp;</li></ol>"
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (None, 0),
        ("   \n\t ", 0),
        ("Gmina prowadzi sześć szkół.", 4),
        ("uczeń – nauczyciel", 2),
        ("- pierwszy\n- drugi", 2),
        ("1. diagnoza", 2),
        ("miejsko-wiejska", 1),
        ("12\xa0500 zł", 3),
        ("a\u200bb", 1),
        ("a\ufeffb", 2),
        ("… ! „”", 0),
        ("łódź żółć 语言 ½", 4),
    ],
)
def test_a_word_is_a_stretch_between_spaces_with_a_letter_or_a_digit(text, count):
    assert word_count(text) == count
