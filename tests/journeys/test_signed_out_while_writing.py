"""The session is gone in the middle of a sentence: the text stays; signing in again elsewhere saves it."""

import random

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import sign_in_again
from tests.journeys.writing import SENTENCE, open_section, stored, told, type_in, with_script
from tests.portal.test_sign_in import with_totp
from tests.situations import started_plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(cast):
    return started_plan(cast)


def lose_the_session(page, sign_out_everybody, text, after):
    """Type `text`; the session is deleted on the server once `after` of its characters are there."""
    type_in(page, text[:after])
    sign_out_everybody()
    type_in(page, text[after:])
    told(page, "expired")


def write_through(page, person, plan, rounds, sign_out_everybody, check):
    """Lose the session `rounds` times, at another letter each time; nothing typed is ever missing."""
    chance, typed = random.Random(9), ""
    open_section(page, plan)
    for number in range(rounds):
        text = f"{number + 1}. {SENTENCE * 2}"
        lose_the_session(page, sign_out_everybody, text, after=chance.randrange(1, len(text) - 1))
        typed += text
        assert page.locator("#id_body").input_value() == typed
        if number == 0:
            check(page, "section-signed-out")
        sign_in_again(page, person, None if number else check)
        expect(page.locator('#save-state[data-tone="good"]')).to_be_visible(timeout=40_000)
        # What was typed while the first save waited follows it.
        page.wait_for_function("() => Object.keys(sessionStorage).length === 0")

        assert stored(plan) == typed.strip(), f"after loss {number + 1}"
        print(f"{number + 1} sessions lost, 0 characters lost", end="\r", flush=True)


def test_signed_out_in_the_middle_of_a_sentence(cast, plan, page_of, check, sign_out_everybody, figures):
    rounds = figures(small=2, full=100)
    write_through(page_of(cast.lead), cast.lead, plan, rounds, sign_out_everybody, check)


def test_the_same_with_the_second_factor_that_a_lead_must_have(
    cast, plan, page_of, check, sign_out_everybody, figures, settings
):
    settings.SECOND_FACTOR_REQUIRED = True
    lead, rounds = with_totp(cast.lead), figures(small=1, full=100)
    write_through(page_of(lead), lead, plan, rounds, sign_out_everybody, lambda *_args: None)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(("repeat() {", "repeat() { return;"), id="does not try again"),
        pytest.param(
            ('return this.retryLater("expired");', 'return this.answered(0, ""), this.say("expired");'),
            id="does not keep what is typed",
        ),
    ],
)
def test_the_control_loses_what_was_typed_without_a_session(cast, plan, page_of, sign_out_everybody, script):
    page = page_of(cast.lead)
    with_script(page, *script)
    open_section(page, plan)
    lose_the_session(page, sign_out_everybody, SENTENCE, after=10)
    sign_in_again(page, cast.lead)
    page.wait_for_timeout(5000)

    assert stored(plan) == ""
