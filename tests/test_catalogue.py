"""The Polish catalogue is complete, true to the source, and plain."""

import re

import polib
import pytest
from django.utils.translation import ngettext

from tests import catalogue

ENTRIES = list(catalogue.read())
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}")
TAG = re.compile(r"</?\w+>")
# Officialese, blame, and what a form does not say to a person.
BANNED = re.compile(
    r"proszę|prosimy|niestety|przepraszamy|nieprawidłow|niepoprawn|błędn|błąd walidacji|walidac"
    r"|celem dokonania|dokonani|dokonaj|weryfikacj|w przypadku gdy|należy \w+ć\b|niniejsz|przedmiotow"
    r"|zapomnia[łl]|powyższ|wyżej wymienion|uprzejmie|realizacj|kliknij",
    re.IGNORECASE,
)
# Past tense of the second and first person, and slashes, tell a man from a woman.
GENDERED = re.compile(r"\w+(łeś|łaś|łem|łam)\b|\w/\w*(a|ła|łaś)\b", re.IGNORECASE)
NEITHER = {"hasłem", "udziałem", "zespołem"}
LONGEST_SENTENCE = 25


PUBLIC = [
    "/",
    "/przyjete-plany/",
    "/kontakt/",
    "/konto/login/",
    "/konto/signup/",
    "/konto/password/reset/",
    "/nie/",
]


@pytest.fixture
def in_polish(settings):
    settings.LOCALE_PATHS = [catalogue.PO.parents[2]]


def words_of(entry):
    """Return every Polish form of an entry."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def found(pattern):
    return {
        match[0]
        for entry in ENTRIES
        for text in words_of(entry)
        for match in pattern.finditer(text)
        if match[0].lower() not in NEITHER
    }


def key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural or None


# --- Complete -----------------------------------------------------------------------------------


def test_every_sentence_of_the_source_is_in_the_catalogue_and_nothing_else():
    said = {(context, singular, plural) for (context, singular), (plural, _) in catalogue.sentences().items()}
    kept = {key(entry) for entry in ENTRIES}

    assert {"not in the catalogue": said - kept, "no longer in the source": kept - said} == {
        "not in the catalogue": set(),
        "no longer in the source": set(),
    }


def test_every_sentence_has_polish_words():
    assert [entry.msgid for entry in ENTRIES if catalogue.is_untranslated(entry)] == []


def test_nothing_is_fuzzy_obsolete_or_twice():
    assert [entry.msgid for entry in ENTRIES if entry.fuzzy or entry.obsolete] == []
    assert len({key(entry)[:2] for entry in ENTRIES}) == len(ENTRIES)


def test_the_compiled_catalogue_says_what_the_text_says():
    compiled = {key(entry): words_of(entry) for entry in polib.mofile(str(catalogue.MO))}

    assert compiled == {key(entry): words_of(entry) for entry in ENTRIES}


# --- True to the source ---------------------------------------------------------------------------


def test_the_polish_words_keep_every_place_for_a_value():
    assert {
        entry.msgid: text
        for entry in ENTRIES
        for text in words_of(entry)
        if sorted(PLACE.findall(text)) != sorted(PLACE.findall(entry.msgid_plural or entry.msgid))
    } == {}


def test_the_polish_words_keep_the_marks_of_emphasis():
    assert {
        entry.msgid: text
        for entry in ENTRIES
        for text in words_of(entry)
        if TAG.findall(text) != TAG.findall(entry.msgid)
    } == {}


def test_a_sentence_stays_a_sentence_and_a_label_a_label():
    def end(text):
        return text.rstrip()[-1:] if text.rstrip()[-1:] in ".:?…" else ""

    assert {
        entry.msgid: text for entry in ENTRIES for text in words_of(entry) if end(text) != end(entry.msgid)
    } == {}


def test_a_label_begins_as_in_the_source():
    assert {
        entry.msgid: text
        for entry in ENTRIES
        for text in words_of(entry)
        if entry.msgid[0].islower() and text[0].isupper()
    } == {}


# --- Polish ---------------------------------------------------------------------------------------


def test_there_are_four_plural_forms():
    assert [
        entry.msgid for entry in ENTRIES if entry.msgid_plural and sorted(entry.msgstr_plural) != [0, 1, 2, 3]
    ] == []
    assert catalogue.read().metadata["Plural-Forms"] == catalogue.PLURAL


@pytest.mark.parametrize(
    "count, words",
    [(1, "1 plan"), (2, "2 plany"), (5, "5 planów"), (12, "12 planów"), (22, "22 plany"), (25, "25 planów")],
)
def test_numbers_take_the_form_they_ask_for(in_polish, count, words):
    assert ngettext("%(count)s plan", "%(count)s plans", count) % {"count": count} == words


def test_no_officialese_and_no_blame():
    assert found(BANNED) == set()


def test_no_sentence_tells_a_man_from_a_woman():
    assert found(GENDERED) == set()


def test_quotation_marks_are_polish():
    assert found(re.compile("\"[^\"]*\"|“[^”]*”|'[^']*'")) == set()


def test_sentences_are_short():
    assert {
        sentence
        for entry in ENTRIES
        for text in words_of(entry)
        for sentence in re.split(r"(?<=[.?!])\s", text)
        if len(sentence.split()) > LONGEST_SENTENCE
    } == set()


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_says_nothing_in_english(in_polish, client, address):
    page = client.get(address).content.decode()
    english = [entry.msgid for entry in ENTRIES if " " in entry.msgid and entry.msgid not in words_of(entry)]

    assert [sentence for sentence in english if sentence in page] == []
    assert '<html lang="pl"' in page
