"""Words are counted by one rule, in Python and in the browser."""

import unicodedata
from pathlib import Path

import pytest
from django.conf import settings

from portal.text import word_count

SCRIPT = Path(settings.BASE_DIR, "static/js/counter.js")
TEXTS = [
    "",
    " ",
    "\n",
    "jedno",
    "  dwa  słowa  ",
    "trzy\nsłowa\r\ntutaj",
    "tab\tw\tśrodku",
    "twarda\u00a0spacja",
    "wąska\u202ftwarda",
    "cienka\u2009spacja i\u2003szeroka",
    "linia\u2028podział\u2029akapit",
    "nowa\u0085linia",
    "strona\u000cnowa\u000bpionowa",
    "znak\ufeffkolejności",
    "zero\u200bszerokości",
    "łącznik\u200dzero",
    "słowo\u2060złączone",
    "ideograficzna\u3000spacja",
    "mongolska\u180eprzerwa",
    "ogamowa\u1680spacja",
    "rozdzielacz\u001cpól\u001dgrup\u001erekordów\u001fjednostek",
    "– myślnik – pauza —",
    "- punkt\n- drugi",
    "• kropka\n1. numer",
    "biało-czerwony",
    "m.in. np. itd.",
    "100%",
    "12 345,50 zł",
    "1/2 ½ ² ³ ①",
    "... !!! ???",
    "e-mail: a@b.pl, https://ore.edu.pl/x?y=1",
    "„cudzysłów” i «inny»",
    "§ 5 ust. 2 pkt 3",
    "zażółć gęślą jaźń ZAŻÓŁĆ GĘŚLĄ JAŹŃ",
    "a\u0301 o\u0308 złożone",
    "\u0301 sam znak łączący",
    "日本語 中文 русский العربية",
    "١٢٣ ४५६ Ⅻ ʰ ª º",
    "😀 👩‍👩‍👧 🇵🇱 słowo😀",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 𒀀",
    "_ __ _a_ *b*",
    "<b>nie</b> &amp; <script>",
    "a" * 5000 + " b",
]


@pytest.fixture
def count(page):
    """Return the browser's own count of many texts."""
    page.set_content("<p>Licznik</p>")
    page.add_script_tag(path=SCRIPT)
    return lambda texts: page.evaluate("(texts) => texts.map((text) => wordCount(text))", texts)


def test_python_and_the_browser_count_the_same_words(count):
    ours = [word_count(text) for text in TEXTS]

    assert dict(zip(TEXTS, count(TEXTS), strict=True)) == dict(zip(TEXTS, ours, strict=True))


def test_every_sign_joins_parts_or_counts_alike(count):
    """Each sign that people type, alone and between two letters; the long rows of ideographs are left out."""
    signs = [
        chr(number)
        for number in [
            *range(0x3400),
            *range(0xA000, 0xAC00),
            *range(0xF900, 0x10000),
            *range(0x1F000, 0x20000),
        ]
        if unicodedata.category(chr(number)) not in {"Cn", "Cs", "Co"}
    ]
    texts = [text for sign in signs for text in (sign, f"a{sign}b")]

    assert len(texts) > 20_000
    assert [
        f"U+{ord(text[len(text) // 2]):04X}"
        for text, theirs in zip(texts, count(texts), strict=True)
        if theirs != word_count(text)
    ] == []
