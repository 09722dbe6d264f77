"""The control of the looks: on a page where everything is wrong they find everything."""

import pytest

from tests.journeys.looking import ask, axe

WRONG = """<!doctype html><html lang="en"><head><title> </title><style>
  body { margin: 0; background: white }
  button, input { appearance: none; background: white; border: 1px solid #ddd }
  .wide { width: 2000px } .short { overflow: hidden; height: 5px; color: #ccc } :focus { outline: none }
</style></head><body><main>
  <h1>Jeden</h1><h1>Dwa</h1><h3>Za głęboko</h3>
  <p id="raz" class="wide">Szeroko</p><p id="raz" class="short">Schowane słowa tego zdania</p>
  <table><tr><th>Bez zakresu</th></tr></table>
  <label for="poczta">Poczta</label><input id="poczta" type="email" name="poczta" aria-label="Inna nazwa">
  <input name="nic" aria-describedby="nigdzie"><button>Guzik</button>
</main></body></html>"""


@pytest.fixture
def wrong(page):
    page.set_content(WRONG)
    return page


def test_the_frame_of_a_page_is_seen(wrong):
    assert ask(wrong, "frame") == [
        "the page is not marked as Polish",
        "the page has no title",
        "2 headings of the first level",
        "h1 is followed by h3: Za głęboko",
        "the id raz stands twice",
        "a table without a caption: Bez zakresu",
        "a heading of a table without its scope: Bez zakresu",
        "poczta shows “Poczta”, is named “Inna nazwa”",
        "poczta does not say what a browser may fill in",
        "aria-describedby names nigdzie, which is nowhere",
    ]


def test_pale_edges_wide_pages_and_hidden_text_are_seen(wrong):
    assert [sentence.partition(":")[0] for sentence in ask(wrong, "edges")] == ["poczta", "nic", "Guzik"]
    assert "the page is 2000 px wide: p.wide#raz" in ask(wrong, "sideways")[0]
    assert ask(wrong, "clipped") == ["hides a part of its text: P Schowane słowa tego zdania"]


def test_a_focus_without_a_ring_or_under_a_cover_is_seen(wrong):
    wrong.keyboard.press("Tab")
    assert ask(wrong, "focus") == {"called": "input poczta", "found": ["no ring around input poczta"]}

    wrong.evaluate("""() => {
      const cover = document.createElement("div");
      cover.style = "position: fixed; inset: 0; background: white";
      document.body.append(cover);
      document.activeElement.style.outline = "3px solid black";
    }""")
    assert ask(wrong, "focus")["found"] == ["input poczta is out of sight or covered"]


def test_axe_finds_what_it_knows(wrong):
    rules = {sentence.split(": ")[1] for sentence in axe(wrong)}

    assert rules == {"color-contrast", "document-title", "label"}
