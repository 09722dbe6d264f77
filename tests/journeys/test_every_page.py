"""Every page of the reviewed table, as narrow as a page may get; the keyboard, the dark and wider letters."""

from types import SimpleNamespace

import pytest

from plans.models import InternalComment, PlanVersion, Text
from tests.access_matrix import MATRIX
from tests.conftest import ROLES, person_of
from tests.journeys.acting import address, open_page, press, sign_in_again, write
from tests.journeys.looking import NARROW, ask, axe, width_of
from tests.situations import grow, judged, plan_version, remark_on
from tests.test_access import path_of, things  # noqa: F401, the fixture that makes what addresses name

pytestmark = pytest.mark.django_db(transaction=True)

# Answers that are no pages.
NO_PAGES = {
    "account_session",
    "alive",
    "ready",
    "plans:decision_report",
    "plans:file",
    "plans:section_document",
    "plans:sheet_template",
} | {name for name, _situation in MATRIX if name.endswith("_file")}
# Whose page shows most to do; the first of them that gets the page looks at it.
LOOKERS = ["lead", "coordinator", "reviewer", "anonymous", "author", "administrator"]
# What differs with the state of the plan is looked at in each.
OF_EACH_STATE = {"plans:plan", "plans:version", "plans:section", "plans:decision"}


def pages():
    """Return situation → role → the addresses that this role looks at."""
    found, seen = {}, set()
    for (name, situation), codes in MATRIX.items():
        codes = dict(zip(ROLES, codes.split(), strict=True))
        role = next((role for role in LOOKERS if codes[role] == "200"), None)
        if role and name not in NO_PAGES and (name in OF_EACH_STATE or name not in seen):
            seen.add(name)
            found.setdefault(situation, {}).setdefault(role, []).append(name)
    return found


PAGES = pages()


@pytest.mark.parametrize("situation", sorted(PAGES))
def test_every_page_holds_at_320_pixels(cast, page_of, check, request, things, situation):  # noqa: F811
    made = things(situation)
    for role, names in PAGES[situation].items():
        page = page_of(person_of(cast, role), width=NARROW)
        for name in names:
            page.goto(path_of(name, made))
            check(page, f"narrow-{situation}-{role}-{name.replace(':', '-')}")


def test_pages_that_say_no(cast, page_of, check):
    plan = plan_version(cast, "draft").plan
    page = page_of(cast.author)
    open_page(page, "plans:publish", plan.pk)
    check(page, "403")
    page.goto("/nie-ma-takiej-strony/")
    check(page, "404")
    open_page(page, "account_logout")
    press_without_a_token(page)
    check(page, "403-token")


def test_a_text_of_a_page_that_waited_too_long_is_sent_from_the_page_that_says_so(cast, page_of, check):
    plan = plan_version(cast, "draft").plan
    page = page_of(cast.author)
    open_page(page, "plans:section", plan.pk, "wizja")
    write(page, body="Szkoła <b>blisko</b> domu.")
    press_without_a_token(page, 'button[value="ready"]')
    check(page, "403-token-with-text")
    assert page.locator("main textarea").input_value() == "Szkoła <b>blisko</b> domu."
    press(page)

    assert Text.objects.get(version=plan.latest(), key="wizja").body == "Szkoła <b>blisko</b> domu."
    assert page.url.endswith(address("plans:section", plan.pk, "wizja"))


def test_what_was_sent_after_the_session_ended_is_saved_by_one_press_after_signing_in(
    cast, page_of, check, sign_out_everybody
):
    plan = plan_version(cast, "draft").plan
    page = page_of(cast.author)
    open_page(page, "plans:comment_add", plan.pk, "wizja")
    write(page, body="Skąd mamy te liczby?")
    sign_out_everybody()
    press(page)
    check(page, "403-session-with-text")
    sign_in_again(page, cast.author)
    press(page)

    assert InternalComment.objects.get(plan=plan).body == "Skąd mamy te liczby?"


def press_without_a_token(page, *button):
    """Send a form whose token does not count: the browser has dropped the cookie that it belongs to."""
    page.context.clear_cookies(name="csrftoken")
    press(page, *button)


# --- Pages on which people spend their time ------------------------------------------------------


@pytest.fixture
def long_pages(cast):
    """Return (name, person, address) of long pages with many controls."""
    version = plan_version(cast, PlanVersion.Status.RETURNED)
    plan, remark = version.plan, remark_on(version, cast.reviewer)
    grow(plan.latest(), 3)
    review = judged(plan_version(other_unit(cast), PlanVersion.Status.IN_REVIEW).reviews.get())
    return [
        ("sign-in", None, address("account_login")),
        ("home", None, address("home")),
        ("plan", cast.lead, address("plans:plan", plan.pk)),
        ("rows", cast.lead, address("plans:section", plan.pk, "goals")),
        ("answer", cast.lead, address("plans:remark_answer", remark.pk)),
        ("team", cast.lead, address("jst:team", plan.participation_id)),
        ("review", cast.reviewer, address("plans:review", review.pk)),
        ("decision", cast.coordinator, address("plans:decision", review.version.plan_id, 1)),
    ]


def other_unit(cast):
    """Return the same people around the other unit, where one person does everything for the team."""
    cast.other_participation.memberships.update(is_signatory=True)
    team = dict.fromkeys(["author", "lead", "signatory"], cast.other_team)
    return SimpleNamespace(**vars(cast) | team | {"participation": cast.other_participation})


@pytest.fixture
def keyboard_walk(faults):
    """Return a walk over a page by one key, which notes where the focus cannot be seen."""

    def walk(page, name, key, most):
        seen = []
        for _step in range(most):
            page.keyboard.press(key)
            told = ask(page, "focus")
            if not told["called"]:
                break
            seen.append(told["called"])
            faults.sentences += [f"{name}, {key}: {sentence}" for sentence in told["found"]]
        return seen

    return walk


@pytest.mark.parametrize("width", [1280, NARROW])
def test_the_focus_is_seen_wherever_the_keyboard_goes(long_pages, page_of, keyboard_walk, width):
    for name, person, path in long_pages:
        page = page_of(person, width=width)
        page.goto(path)
        forth = keyboard_walk(page, name, "Tab", 45)
        back = keyboard_walk(page, name, "Shift+Tab", 20)

        assert len(forth) > 9
        assert len(back) > 8
        page.context.close()


def test_pages_hold_in_the_dark_and_with_wider_letters(long_pages, page_of, faults):
    for name, person, path in long_pages:
        page = page_of(person)
        page.goto(path)
        page.emulate_media(color_scheme="dark")
        found = [*axe(page, ["color-contrast", "css-orientation-lock"], preload=True), *ask(page, "edges")]
        page.emulate_media(color_scheme="light")
        ask(page, "spread")
        found += ask(page, "clipped")
        with width_of(page, NARROW):
            found += [*ask(page, "sideways"), *ask(page, "clipped")]
        faults.sentences += [f"{name}: {sentence}" for sentence in found]
        page.context.close()
