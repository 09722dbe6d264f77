"""Before the session of a writer ends: a word in good time, one key, and no focus taken (WCAG 2.2.1)."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from plans.models import InternalComment, Text
from portal.sessions import SIGNED_IN_AT, SessionStore
from tests.journeys.acting import address, open_page, press
from tests.journeys.looking import axe
from tests.journeys.test_signed_out_while_writing import sign_in_again
from tests.journeys.writing import SENTENCE, open_section, type_in, with_script
from tests.situations import started_plan

pytestmark = pytest.mark.django_db(transaction=True)

AHEAD = 5 * 60
NOTICE = "#session-end"


@pytest.fixture
def plan(cast):
    return started_plan(cast)


def end_in(seconds):
    """Let every session end in so many seconds, as if it had begun long ago."""
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=seconds))


def seconds_left():
    return (Session.objects.get().expire_date - timezone.now()).total_seconds()


def heard(page, role):
    return page.locator(f".session-heard[role={role}]")


def time_passes(page, seconds):
    """Move the clock of the browser on; what is due meanwhile happens. The server's clock stays."""
    page.clock.fast_forward(seconds * 1000)


def come_back(page):
    """Turn to this tab again. A browser without a window gives the focus to all its tabs and tells none."""
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_a_writer_is_told_in_good_time_and_one_key_is_enough(cast, plan, page_of, check):
    page = page_of(cast.lead)
    page.clock.install()
    end_in(AHEAD + 600)
    open_section(page, plan)
    time_passes(page, 500)
    type_in(page, SENTENCE)
    expect(page.locator(NOTICE)).to_be_hidden()

    end_in(AHEAD - 1)
    time_passes(page, 101)
    expect(page.locator(NOTICE)).to_be_visible()
    assert seconds_left() > 120
    expect(page.locator("#id_body")).to_be_focused()
    end = timezone.localtime(Session.objects.get().expire_date).strftime("%H:%M")
    for place in (page.locator(f"{NOTICE} p"), heard(page, "status")):
        expect(place).to_contain_text(
            f"Twoja sesja skończy się o {end}. Aby pracować dalej, naciśnij klawisz F2"
        )
    check(page, "session-ends-soon")

    page.keyboard.press("F2")
    expect(page.locator(NOTICE)).to_be_hidden()
    expect(heard(page, "status")).to_contain_text("Sesja potrwa teraz do")
    assert seconds_left() == pytest.approx(12 * 60 * 60, abs=60)
    type_in(page, "I to też.")
    expect(page.locator("#id_body")).to_be_focused()
    assert page.locator("#id_body").input_value() == f"{SENTENCE}I to też."


def test_the_button_does_the_same_and_gives_the_focus_back(cast, plan, page_of):
    page = page_of(cast.lead)
    end_in(AHEAD - 30)
    open_section(page, plan)
    button = page.locator(f"{NOTICE} button")
    expect(button).to_be_visible()
    page.locator("#id_body").focus()
    button.focus()
    page.keyboard.press("Enter")

    expect(page.locator(NOTICE)).to_be_hidden()
    expect(page.locator("#id_body")).to_be_focused()
    assert seconds_left() > 11 * 60 * 60


def test_what_another_tab_did_counts_here(cast, plan, page_of):
    page = page_of(cast.lead)
    end_in(AHEAD - 30)
    open_section(page, plan)
    expect(page.locator(NOTICE)).to_be_visible()
    other = page.context.new_page()
    open_page(other, "desk")
    other.locator(f"{NOTICE} button").press("Enter")
    expect(other.locator(NOTICE)).to_be_hidden()
    come_back(page)

    expect(page.locator(NOTICE)).to_be_hidden()


def test_what_another_tab_did_counts_though_an_older_answer_is_still_awaited(cast, plan, page_of):
    page, held = page_of(cast.lead), []
    end_in(AHEAD - 30)
    open_section(page, plan)
    expect(page.locator(NOTICE)).to_be_visible()

    def hold(route):
        if held:
            route.fallback()
        else:
            held.append((route, route.fetch()))

    page.route("**/konto/sesja/", hold)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)
    end_in(AHEAD + 900)
    come_back(page)
    [(route, old)] = held
    route.fulfill(response=old)

    expect(page.locator(NOTICE)).to_be_hidden()


def test_nothing_the_page_does_by_itself_makes_the_session_longer(cast, plan, page_of):
    """Somebody who has gone away stays signed in no longer because a page was left open."""
    page = page_of(cast.lead)
    page.clock.install()
    end_in(AHEAD - 30)
    before = Session.objects.get().expire_date
    open_section(page, plan)
    type_in(page, SENTENCE)
    expect(page.locator(NOTICE)).to_be_visible()
    for _time in range(4):
        with page.expect_response(f"**{address('account_session')}"):
            time_passes(page, 25)

    assert Session.objects.get().expire_date == before


@pytest.mark.parametrize("width", [1280, 320])
def test_the_warning_covers_nothing_that_has_the_focus(cast, plan, page_of, width):
    page = page_of(cast.lead, width=width)
    end_in(AHEAD - 30)
    open_section(page, plan)
    expect(page.locator(NOTICE)).to_be_visible()
    stops = page.locator("main a:visible, main button:visible, main textarea:visible, main summary:visible")
    covered = []
    for stop in stops.all():
        stop.focus()
        if not stop.evaluate(
            """(one) => { const box = one.getBoundingClientRect();
              const [x, from, to] = [box.x + Math.min(box.width, 20) / 2, box.top, box.bottom];
              for (let y = from + 1; y < to; y += 2) {
                if (one.contains(document.elementFromPoint(x, y))) return true;
              }
              return false; }"""
        ):
            covered.append(stop.evaluate("(one) => one.outerHTML.slice(0, 120)"))

    assert covered == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_after_the_end_a_long_form_without_autosave_is_sent_all_the_same(cast, plan, page_of, check):
    """The page tells the end; after signing in in another tab the form goes with a token that counts."""
    page = page_of(cast.lead)
    page.clock.install()
    end_in(AHEAD)
    open_page(page, "plans:comment_add", plan.pk, "wizja")
    page.locator('main [name="body"]').fill("Czy to jest nasza wizja?")
    end_in(-1)
    time_passes(page, AHEAD + 1)
    expect(page.locator(f"{NOTICE} p")).to_contain_text(
        "Sesja się skończyła. Tekst jest nadal na tej stronie"
    )
    expect(heard(page, "alert")).to_contain_text("Sesja się skończyła.")
    expect(page.locator(f"{NOTICE} button")).to_be_hidden()
    check(page, "session-ended")
    sign_in_again(page, cast.lead)
    come_back(page)
    expect(page.locator(NOTICE)).to_be_hidden()
    press(page, 'form:has([name="body"]) button')

    assert InternalComment.objects.get().body == "Czy to jest nasza wizja?"


def test_a_session_that_may_last_no_longer_says_so(cast, plan, page_of, check):
    page = page_of(cast.lead)
    session = SessionStore(Session.objects.get().session_key)
    session[SIGNED_IN_AT] = int(time.time()) - 24 * 60 * 60 + 200
    session.save()
    open_section(page, plan)
    expect(page.locator(f"{NOTICE} p")).to_contain_text("po dobie trzeba zalogować się od nowa")
    expect(page.locator(f"{NOTICE} button")).to_be_hidden()
    check(page, "session-ends-for-good")


def test_where_the_server_is_away_the_button_says_so_and_can_be_pressed_again(cast, plan, page_of):
    page = page_of(cast.lead)
    end_in(AHEAD - 30)
    open_section(page, plan)
    expect(page.locator(f"{NOTICE} button")).to_be_visible()
    page.context.set_offline(True)
    page.keyboard.press("F2")
    expect(heard(page, "alert")).to_contain_text("Sesja nie została przedłużona")
    page.context.set_offline(False)
    page.keyboard.press("F2")

    expect(page.locator(NOTICE)).to_be_hidden()
    assert seconds_left() > 11 * 60 * 60


@pytest.mark.parametrize("script", ["as it is", pytest.param("without turns", id="control")])
def test_an_answer_from_before_an_extension_does_not_call_it_back(cast, plan, page_of, script):
    page, held = page_of(cast.lead), []
    if script == "without turns":
        with_script(page, "mine === turn", "true", "**/session.js")

    def hold(route):
        if route.request.method == "GET" and not held:
            held.append((route, route.fetch()))
        else:
            route.fallback()

    end_in(AHEAD - 30)
    open_section(page, plan)
    expect(page.locator(f"{NOTICE} button")).to_be_visible()
    page.route("**/konto/sesja/", hold)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)
    page.keyboard.press("F2")
    expect(page.locator(NOTICE)).to_be_hidden()
    [(route, old)] = held
    route.fulfill(response=old)
    page.wait_for_timeout(500)

    assert page.locator(NOTICE).is_hidden() == (script == "as it is")


def test_the_control_that_does_not_ask_would_let_the_session_end_unsaid(cast, plan, page_of):
    page = page_of(cast.lead)
    page.route("**/session.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    end_in(AHEAD - 30)
    open_section(page, plan)
    page.wait_for_timeout(1500)

    expect(page.locator(NOTICE)).to_be_hidden()


def test_without_scripts_nothing_is_shown_and_nothing_changes(cast, plan, page_of):
    page = page_of(cast.lead, java_script_enabled=False)
    end_in(AHEAD - 30)
    open_section(page, plan)

    expect(page.locator(NOTICE)).to_be_hidden()
    page.locator("#id_body").fill(SENTENCE)
    press(page, 'button[value="ready"]')
    assert Text.objects.get(version=plan.latest(), key="wizja").body == SENTENCE.strip()


def test_the_administration_warns_too(cast, page_of):
    page = page_of(cast.administrator)
    end_in(AHEAD - 30)
    page.goto(address("admin:index"))
    expect(page.locator(NOTICE)).to_be_visible()
    assert [line for line in axe(page) if "session-end" in line] == []
    page.keyboard.press("F2")
    expect(page.locator(NOTICE)).to_be_hidden()
