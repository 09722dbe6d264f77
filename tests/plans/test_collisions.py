"""R06: two people, or two tabs of one, save the same section from the same revision at the same instant.

One is stored, the other is told and finds both texts on one page. The control saves without the guard.
"""

import html
import re

import pytest

from plans import saving
from plans.models import SectionRevision, SectionState, Text
from tests import unguarded
from tests.plans.pages import address, posted
from tests.plans.test_races import at_once
from tests.situations import started_plan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]

SHARP = '<script>alert("{}")</script> & <b onclick=x>'


def collisions(draft, clients, rounds):
    """Let the clients save at the same instant, so many times; give answers, texts, revision."""
    where = address(draft, "wizja")
    for number in range(rounds):
        revision = SectionState.objects.get(version=draft, key="wizja").revision
        texts = [f"{SHARP.format(who)} Tekst {number} okna {who}." for who in range(len(clients))]

        def save(who):
            request = posted(body=texts[who], revision=str(revision))  # noqa: B023
            return clients[who].post(where, request, headers={"HX-Request": "true"})

        yield at_once(len(clients), save), texts, revision


def link_to_both_texts(answer):
    (link,) = re.findall(r'href="([^"]+dwa-teksty/[^"]*)"', answer.content.decode())
    return link


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


@pytest.fixture(params=["two_people", "two_tabs"])
def clients(request, cast, browse):
    if request.param == "two_people":
        return [browse(cast.lead), browse(cast.author)]
    return [browse(cast.author), browse(cast.author)]


def test_who_collides_is_told_and_finds_both_texts(draft, clients, figures):
    found = 0
    rounds = figures(small=4, full=1000)
    for answers, texts, revision in collisions(draft, clients, rounds):
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        late = [answer.status_code for answer in answers].index(409)
        first, mine = texts[1 - late], texts[late]
        state = SectionState.objects.get(version=draft, key="wizja")
        assert state.revision == revision + 1
        assert Text.objects.get(version=draft, key="wizja").body == first
        assert f"{state.changed_by} changed this section" in answers[late].content.decode()

        page = clients[late].get(link_to_both_texts(answers[late])).content.decode()

        found += html.escape(first) in page and html.escape(mine) in page
        assert "<script>alert" not in page
        assert "<b onclick" not in page
    assert found == rounds


def test_a_text_that_came_too_late_is_found_though_it_was_recorded_first(cast, browse, draft):
    client, where = browse(cast.author), address(draft, "wizja")
    for words in ("Tekst pierwszy.", "Tekst drugi."):
        client.post(where, posted(body=words))
    first = SectionRevision.objects.get(version=draft, outcome="saved")
    SectionRevision.objects.filter(pk=first.pk).update(id=first.pk + 2)

    page = client.get(f"{where}dwa-teksty/").content.decode()

    assert "Tekst pierwszy." in page
    assert "Tekst drugi." in page


def test_a_window_finds_its_own_text_though_another_of_the_same_person_went_on(draft, clients):
    ((answers, texts, revision),) = collisions(draft, clients, 1)
    late = [answer.status_code for answer in answers].index(409)
    further = posted(body="Okno, które było pierwsze, pisze dalej.", revision=str(revision + 1))
    clients[1 - late].post(address(draft, "wizja"), further)

    page = clients[late].get(link_to_both_texts(answers[late])).content.decode()

    assert "Okno, które było pierwsze, pisze dalej." in page
    assert html.escape(texts[late]) in page


def test_nobody_reads_the_refused_text_of_another(cast, browse, draft):
    ((answers, texts, _revision),) = collisions(draft, [browse(cast.lead), browse(cast.author)], 1)
    late = [answer.status_code for answer in answers].index(409)
    link = link_to_both_texts(answers[late])
    other = browse([cast.author, cast.lead][late])

    response = other.get(link)

    assert response.url == address(draft, "wizja")
    assert html.escape(texts[late]) not in other.get(response.url).content.decode()


def test_the_control_without_the_guard_writes_over_one_text_silently(draft, clients, monkeypatch):
    monkeypatch.setattr(saving, "write", unguarded.write)

    told = [answer.status_code for answers, *_rest in collisions(draft, clients, 4) for answer in answers]

    assert told == [200] * 8
