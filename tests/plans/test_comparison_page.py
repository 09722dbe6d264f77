"""What changed is read in one text, or as two side by side: made from what was stored when it was sent."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from plans.models import Debate, Risk, Text
from plans.workflow import VERSION
from tests.situations import plan_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    """The second version of the cast's plan: a changed text, a new debate, and a risk that went."""
    draft = plan_version(cast, "returned").plan.latest()
    Text.objects.filter(version=draft, key="wizja").update(body="Tekst o <b>szkołach</b> naszej gminy.")
    Debate.objects.create(version=draft, place="Szkoła", conclusions="Nowe wnioski.", held_on="2026-03-01")
    Risk.objects.filter(version=draft).delete()
    Risk.objects.create(version=draft, name="Inne", likelihood=1, impact=1, response="Nic")
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    return draft


def address(version):
    return f"/plany/{version.plan_id}/wersje/2/porownanie/"


def opened(client, version, **query):
    response = client.get(address(version), query)
    assert response.status_code == 200
    return html.fromstring(response.content)


def test_side_by_side_what_went_is_on_the_left_alone_and_what_came_on_the_right(cast, browse, version):
    page = opened(browse(cast.coordinator), version, view="side")
    sides = page.xpath("//div[@class='two-sides']")

    assert len(sides) == len(version.comparison) > 2
    for change, pair in zip(version.comparison, sides, strict=True):
        left, right = pair.xpath("./div")
        assert [one.xpath("string(./h4)") for one in (left, right)] == ["Version 1", "Version 2"]
        assert (left.xpath(".//ins"), right.xpath(".//del")) == ([], [])
        pieces = [tuple(piece) for piece in change["pieces"]]
        for side, other in ((left, "new"), (right, "gone")):
            expected = "".join(text for kind, text in pieces if kind != other)
            assert side.xpath("string(./p[@class='difference'])") == expected


def test_what_was_not_there_is_said_in_words(cast, browse, version):
    page = opened(browse(cast.coordinator), version, view="side")
    said = {
        change.xpath("normalize-space(./h3)").partition(":")[0]: change.xpath(".//p[@class='hint']/text()")
        for change in page.xpath("//div[@class='change']")
    }

    assert (said["Added"], said["Removed"]) == (["It was not there."], ["It is not there any more."])


def test_each_way_leads_to_the_other_and_says_which_it_is(cast, browse, version):
    client = browse(cast.reviewer)
    shown = {}
    for view in ("", "side", "nonsense"):
        page = opened(client, version, **({"view": view} if view else {}))
        nav = page.xpath("//nav[@aria-label='How the changes are shown']")[0]
        current = nav.xpath(".//a[@aria-current='page']/text()")
        shown[view] = (current, nav.xpath(".//a/@href"), bool(page.xpath("//div[@class='two-sides']")))

    links = [address(version), f"{address(version)}?view=side"]
    inline = (["In one text"], links, False)
    assert shown == {"": inline, "side": (["Side by side"], links, True), "nonsense": inline}


def test_both_ways_show_the_same_changes_cost_the_same_and_look_for_no_difference(
    cast, browse, version, monkeypatch
):
    def no_difference_is_looked_for(*_texts, **_options):
        raise AssertionError

    client = browse(cast.coordinator)
    opened(client, version)
    heads, costs = [], []
    with monkeypatch.context() as patched:
        patched.setattr("difflib.SequenceMatcher", no_difference_is_looked_for)
        for query in ({}, {"view": "side"}):
            with CaptureQueriesContext(connection) as asked:
                page = opened(client, version, **query)
            heads.append([head.text_content() for head in page.xpath("//h2 | //h3")])
            costs.append(len(asked))

    assert heads[0] == heads[1]
    assert costs[0] == costs[1]
