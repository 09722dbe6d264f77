"""A plan that a real unit has published can be entered whole: each of its chapters has a place.

The chapters are those of documents found in public; the words below are our own.

- Rawa Mazowiecka (rural gmina), „Strategia rozwoju edukacji” for 2009–2014: its table of contents.
- Powiat kwidzyński, „Polityka oświatowa – strategia” for 2018–2023: what its resolution names.
- Suchy Las (rural gmina), „Strategia rozwoju oświaty” with a demographic forecast: its description.
"""

import pytest

from tests.plans.pages import address, posted
from tests.situations import started_plan

pytestmark = pytest.mark.django_db

# (Document, chapter) → where it is entered: a told section, or a table.
PLACES = {
    ("Rawa Mazowiecka", "Wstęp"): "wprowadzenie",
    ("Rawa Mazowiecka", "I. Opis stosowanej metody"): "zespol",
    ("Rawa Mazowiecka", "II. Inwentaryzacja zasobów: sieć szkół i przedszkoli"): "demografia",
    ("Rawa Mazowiecka", "II. Inwentaryzacja zasobów: kadra"): "kadra",
    ("Rawa Mazowiecka", "II. Inwentaryzacja zasobów: baza i finanse"): "finanse",
    ("Rawa Mazowiecka", "III. Wyniki analizy SWOT"): "swot",
    ("Rawa Mazowiecka", "IV. Analiza problemów"): "wnioski",
    ("Rawa Mazowiecka", "V. Analiza celów"): "goals",
    ("Rawa Mazowiecka", "VI. Programy"): "actions",
    ("Rawa Mazowiecka", "VII. Relacja do innych dokumentów"): "podstawy",
    ("powiat kwidzyński", "Podstawa prawna"): "podstawy",
    ("powiat kwidzyński", "Zespół powołany zarządzeniem starosty"): "zespol",
    ("powiat kwidzyński", "Szkoły ponadpodstawowe i kształcenie zawodowe"): "zawodowe",
    ("powiat kwidzyński", "Szkolnictwo specjalne i poradnia"): "potrzeby",
    ("powiat kwidzyński", "Wyniki egzaminów"): "wyniki",
    ("powiat kwidzyński", "Wykonanie uchwały"): "wdrazanie",
    ("powiat kwidzyński", "Coroczny raport dla rady"): "monitorowanie",
    ("powiat kwidzyński", "Konsultacje społeczne"): "debate",
    ("Suchy Las", "Prognoza demograficzna"): "demografia",
    ("Suchy Las", "Misja i wizja"): "wizja",
    ("Suchy Las", "Harmonogram"): "actions",
    ("Suchy Las", "Źródła finansowania"): "budget",
    ("Suchy Las", "Mierniki"): "indicators",
    ("Suchy Las", "Zagrożenia"): "risks",
    ("Suchy Las", "Upowszechnienie strategii"): "komunikacja",
}

# One row of each table, as the chapter would have it.
ROWS = {
    "debate": ("debate", {"held_on": "03.02.2026", "place": "Starostwo", "conclusions": "{words}"}),
    "swot": ("strength", {"body": "{words}"}),
    "goals": ("strategic", {"title": "{words}"}),
    "actions": ("action", {"title": "{words}", "starts": "01.09.2026", "ends": "30.06.2027"}),
    "indicators": ("indicator", {"name": "{words}", "base": "1", "target": "2,5", "target_year": "2028"}),
    "budget": ("budget", {"year": "2027", "source": "own", "amount": "12000", "note": "{words}"}),
    "risks": ("risk", {"name": "{words}", "likelihood": "2", "impact": "3", "response": "Zmienimy termin."}),
}
UID = "7a1f4bd0-6d3c-4f0b-9d0e-2f8f3f1f7a{number:02d}"


def entered(version, key, words, number, stored):
    """What a browser would post to enter `words` in a section after what is `stored` there."""
    if key not in ROWS:
        return posted(body="\n\n".join([*stored, words]), revision=str(len(stored)))
    name, values = ROWS[key]
    row = {"uid": UID.format(number=number)} | {
        field: value.format(words=words) for field, value in values.items()
    }
    fields = {f"{name}-0-{field}": value for field, value in row.items()}
    return posted(**fields, **{f"{name}-total": "1", "revision": str(len(stored))})


@pytest.mark.parametrize("document", sorted({document for document, _chapter in PLACES}))
def test_every_chapter_of_a_published_plan_is_entered_and_read(cast, browse, document):
    version = started_plan(cast).latest()
    client = browse(cast.author)
    said = {}
    chapters = {chapter: key for (where, chapter), key in PLACES.items() if where == document}
    for number, (chapter, key) in enumerate(chapters.items()):
        words = f"{chapter}: tak jest w naszym dokumencie."
        answer = client.post(address(version, key), entered(version, key, words, number, said.get(key, [])))
        assert (chapter, answer.status_code) == (chapter, 302)
        said.setdefault(key, []).append(words)

    page = client.get(version.get_absolute_url()).content.decode()

    assert [words for found in said.values() for words in found if words not in page] == []


def test_no_section_of_the_sample_is_without_a_use(cast):
    """The sections that no chapter above needs are those the programme itself asks for."""
    used = set(PLACES.values())
    keys = {section.key for section in started_plan(cast).template.sections.all()}

    assert used - keys == set()
    assert keys - used == {"schools", "evidence"}
