"""Writing together: owners and dates, who is here, comments within the team, two texts made one."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jst.models import Participation
from jst.models.dated import today
from plans.chores import every_minute
from plans.models import (
    EditPresence,
    PlanIndicator,
    SectionState,
    Text,
)
from plans.sections import section_of
from plans.teamwork import be_here, look_after, remind
from plans.waiting import waiting_for
from portal.models import Message
from portal.outbox import render
from tests.conftest import ROLES, person_of
from tests.plans.pages import address, form_of, posted
from tests.situations import complete_draft, started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


def page_of(client, path):
    return client.get(path).content.decode()


def care(version, person, *, by, due=None, key="wizja"):
    return look_after(version, section_of(version.plan, key), owner=person, due=due, by=by)


# --- Owners -------------------------------------------------------------------------------------


def test_the_lead_says_who_looks_after_a_section_and_the_author_finds_it_on_the_first_screen(
    cast, browse, draft
):
    due = today() + timedelta(days=5)
    words = {"owner": cast.author.pk, "due": due.strftime("%d.%m.%Y")}

    response = browse(cast.lead).post(f"{address(draft, 'wizja')}kto-pisze/", words)

    state = SectionState.objects.get(version=draft, key="wizja")
    assert response.status_code == 302
    assert (state.owner, state.due, state.revision) == (cast.author, due, 0)
    waiting = [(row.url, row.due) for row in waiting_for(cast.author)]
    assert (address(draft, "wizja"), due) in waiting
    assert str(cast.author) in page_of(browse(cast.reader), f"/plany/{draft.plan_id}/")
    assert str(cast.author) in page_of(browse(cast.author), address(draft, "wizja"))


def test_an_author_takes_a_free_section_but_not_one_of_another(cast, browse, draft):
    client = browse(cast.author)
    free = client.post(f"{address(draft, 'wizja')}kto-pisze/", {"owner": cast.author.pk})
    care(draft, cast.lead, by=cast.lead, key="zespol")
    taken = client.post(f"{address(draft, 'zespol')}kto-pisze/", {"owner": cast.author.pk})

    assert (free.status_code, taken.status_code) == (302, 403)
    assert SectionState.objects.get(version=draft, key="zespol").owner == cast.lead


def test_nobody_without_writing_rights_looks_after_a_section(cast, browse, draft):
    response = browse(cast.lead).post(f"{address(draft, 'wizja')}kto-pisze/", {"owner": cast.reader.pk})

    assert response.status_code == 422
    assert SectionState.objects.get(version=draft, key="wizja").owner is None


def test_an_owner_who_left_is_shown_as_gone_and_not_lost(cast, browse, draft):
    care(draft, cast.author, by=cast.lead)
    cast.participation.memberships.filter(person=cast.author).update(until=today() - timedelta(days=1))

    page = page_of(browse(cast.lead), f"/plany/{draft.plan_id}/")

    assert SectionState.objects.get(version=draft, key="wizja").owner == cast.author
    assert f"{cast.author} looked after it" in page


def test_ore_sees_neither_owners_nor_a_way_to_name_them(cast, browse, draft):
    care(draft, cast.author, by=cast.lead, due=today())

    page = page_of(browse(cast.coordinator), f"/plany/{draft.plan_id}/")

    assert str(cast.author) not in page
    assert "kto-pisze" not in page


def test_a_reminder_goes_out_once_a_day_and_carries_no_text(cast, draft):
    care(draft, cast.author, by=cast.lead, due=today() + timedelta(days=3))

    counts = [remind(today()), remind(today()), remind(today() + timedelta(days=1))]

    letters = Message.objects.filter(event__kind="plans.section.remind")
    assert counts == [1, 0, 0]
    assert [letter.recipient for letter in letters] == [cast.author]
    assert section_of(draft.plan, "wizja").title in render(letters[0])[1]


def test_comments_of_yesterday_are_told_in_one_letter_to_the_lead(cast, draft, browse):
    for body in ("Raz", "Dwa"):
        browse(cast.reader).post(f"/plany/{draft.plan_id}/komentarze/wizja/", {"body": body})

    remind(today() + timedelta(days=1))

    letters = Message.objects.filter(event__kind="plans.section.remind")
    assert [letter.recipient for letter in letters] == [cast.lead]
    assert "Raz" not in render(letters[0])[1]


@pytest.mark.parametrize(
    "role", ["lead", "author", "reader", "caretaker", "coordinator", "auditor", "operator"]
)
def test_who_writes_what_stands_in_the_history_for_the_team_alone(cast, browse, draft, role):
    care(draft, cast.author, by=cast.lead)
    sentence = "said who looks after a section"

    history = browse(person_of(cast, role)).get(f"/plany/{draft.plan_id}/").context["history"]

    told = [entry.sentence for entry in history if sentence in entry.sentence]
    assert len(told) == (1 if role in {"lead", "author", "reader"} else 0)


# --- Who is here --------------------------------------------------------------------------------


def test_others_see_who_has_the_section_open_with_unsaved_text(cast, browse, draft):
    here = f"{address(draft, 'wizja')}obecnosc/"
    browse(cast.lead).post(here, {"unsaved": "1"})

    line = browse(cast.author).post(here, {"unsaved": "0"}).content.decode()
    own = browse(cast.lead).post(here, {"unsaved": "1"}).content.decode()

    assert str(cast.lead) in line
    assert str(cast.author) in own
    assert str(cast.lead) not in own
    assert str(cast.lead) in page_of(browse(cast.author), address(draft, "wizja"))
    assert str(cast.lead) in page_of(browse(cast.reader), f"/plany/{draft.plan_id}/")


def test_a_presence_of_a_minute_ago_does_not_count_and_leaving_ends_it(cast, browse, draft):
    here = f"{address(draft, 'wizja')}obecnosc/"
    be_here(draft, section_of(draft.plan, "wizja"), by=cast.lead, is_unsaved=True)
    EditPresence.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    old = browse(cast.author).post(here, {"unsaved": "0"}).content.decode()
    left = browse(cast.author).post(here, {"leaving": "1"})

    assert str(cast.lead) not in old
    assert left.status_code == 204
    assert not EditPresence.objects.filter(person=cast.author).exists()


def test_presences_of_browsers_that_were_never_closed_go_after_a_day(cast, draft):
    be_here(draft, section_of(draft.plan, "wizja"), by=cast.lead, is_unsaved=True)
    every_minute()
    kept = EditPresence.objects.count()
    EditPresence.objects.update(seen_at=timezone.now() - timedelta(days=1, seconds=1))
    every_minute()

    assert (kept, EditPresence.objects.count()) == (1, 0)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("over", [False, True])
def test_whoever_may_open_the_section_may_say_so_and_nobody_else(cast, browse, draft, role, over):
    if over:
        Participation.objects.filter(pk=cast.participation.pk).update(status="withdrew")
    client = browse(person_of(cast, role))

    opened = client.get(address(draft, "wizja")).status_code
    told = client.post(f"{address(draft, 'wizja')}obecnosc/", {"unsaved": "0"}).status_code

    assert told == opened
    assert EditPresence.objects.exists() == (opened == 200) == (not over and role in {"author", "lead"})


def test_telling_that_one_is_here_is_cheap(cast, browse, draft):
    here = f"{address(draft, 'wizja')}obecnosc/"
    client = browse(cast.author)
    client.post(here, {"unsaved": "0"})

    with CaptureQueriesContext(connection) as captured:
        client.post(here, {"unsaved": "1"})

    own = [query["sql"] for query in captured if "django_session" not in query["sql"]]
    own = [sql for sql in own if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    assert len(own) <= 4, "\n".join(own)


# --- Two texts ----------------------------------------------------------------------------------

BASE = "Wstęp\n\nŚrodek\n\nKoniec"


@pytest.fixture
def conflict(cast, browse, draft):
    browse(cast.lead).post(address(draft, "wizja"), posted(body=BASE))
    browse(cast.lead).post(
        address(draft, "wizja"), posted(body="Wstęp\n\nŚrodek lidera <b>\n\nKoniec", revision="1")
    )
    client = browse(cast.author)
    answer = client.post(
        address(draft, "wizja"), posted(body="Wstęp\n\nŚrodek autora <i>\n\nKoniec", revision="1")
    )
    assert answer.status_code == 409
    return client


def merge_fields(page, **choices):
    fields = dict(re.findall(r'name="(revision|record|request_key)" value="([^"]*)"', page))
    return fields | choices


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("tamten", "Wstęp\n\nŚrodek lidera <b>\n\nKoniec"),
        ("moj", "Wstęp\n\nŚrodek autora <i>\n\nKoniec"),
        ("oba", "Wstęp\n\nŚrodek lidera <b>\n\nŚrodek autora <i>\n\nKoniec"),
    ],
)
def test_paragraphs_that_differ_are_chosen_one_by_one(cast, draft, conflict, choice, expected):
    path = f"{address(draft, 'wizja')}dwa-teksty/"
    page = page_of(conflict, path)
    (name,) = set(re.findall(r'name="(wybor-[^"]+)"', page))

    response = conflict.post(path, merge_fields(page, **{name: choice}))

    assert "Środek lidera &lt;b&gt;" in page
    assert "Środek autora &lt;i&gt;" in page
    assert response.url == address(draft, "wizja")
    assert Text.objects.get(version=draft, key="wizja").body == expected
    assert SectionState.objects.get(version=draft, key="wizja").revision == 3


def test_what_is_chosen_on_an_old_page_overwrites_nothing_and_both_texts_are_shown_anew(
    cast, browse, draft, conflict
):
    path = f"{address(draft, 'wizja')}dwa-teksty/"
    page = page_of(conflict, path)
    browse(cast.lead).post(address(draft, "wizja"), posted(body="Jeszcze nowszy", revision="2"))

    response = conflict.post(path, merge_fields(page, **{"wybor-1": "moj"}))

    shown = response.content.decode()
    assert response.status_code == 409
    assert Text.objects.get(version=draft, key="wizja").body == "Jeszcze nowszy"
    assert "Jeszcze nowszy" in shown
    assert "Środek autora" in shown


@pytest.mark.parametrize("choice", ["tamten", "moj"])
def test_rows_that_differ_are_chosen_field_by_field(cast, browse, choice):
    version = complete_draft(cast)
    path = address(version, "indicators")
    mine = form_of(browse(cast.author).get(path))
    theirs = dict(mine) | {"indicator-0-name": "Nazwa lidera", "request_key": "l"}
    browse(cast.lead).post(path, theirs)
    client = browse(cast.author)
    client.post(path, mine | {"indicator-0-name": "Nazwa autora", "indicator-0-unit": "sztuki"})
    page = page_of(client, f"{path}dwa-teksty/")

    fields = {"wybor-indicator-0-name": choice, "wybor-indicator-0-unit": "moj"}
    response = client.post(f"{path}dwa-teksty/", merge_fields(page, **fields))

    row = PlanIndicator.objects.get(version=version)
    assert response.status_code == 302
    assert (row.name, row.unit) == (
        "Nazwa lidera" if choice == "tamten" else "Nazwa autora",
        "sztuki",
    )
