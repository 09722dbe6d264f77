"""The network goes and comes back while people write: the server ends with the text that was typed."""

import random
import time
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from plans.models import Plan
from plans.saving import Outcome
from tests.factories import MembershipFactory, ParticipationFactory
from tests.journeys.acting import wait_for_save
from tests.journeys.writing import open_section, outcomes, stored, told, type_in, with_script
from tests.situations import started_plan

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 20
PORTIONS = 6
LETTERS = "aąbcćdeęfghijklłmnńoóprsśtuwyzźż ABCŁŻ,.;–0123456789"


@dataclass
class Writer:
    """One person at one plan, in a browser of their own; nobody else's text looks like theirs."""

    page: Page
    plan: Plan
    chance: random.Random
    typed: str = ""
    kept: list = field(default_factory=list)

    def type(self, count):
        # The server takes spaces from both ends of a text, so none stands there.
        inner = "".join(self.chance.choices(LETTERS, k=count - 2))
        text = f"{self.chance.choice('abc')}{inner}{self.chance.choice('xyz')}"
        type_in(self.page, text)
        self.typed += text

    def network(self, is_there):
        # The browser's own switch: CDP, Network.emulateNetworkConditions.
        self.page.context.set_offline(not is_there)


@pytest.fixture
def writer_of(cast, page_of):
    """Return a maker of writers, each a lead with a plan of their own and its section open."""

    def make(number, script=None):
        participation = ParticipationFactory(edition=cast.setup.edition)
        lead = MembershipFactory(participation=participation, is_lead=True, is_author=True).person
        plan = started_plan(SimpleNamespace(participation=participation, lead=lead))
        page = page_of(lead)
        if script:
            with_script(page, *script)
        open_section(page, plan)
        return Writer(page, plan, random.Random(number))

    return make


def a_spell_without_network(writers, seconds, characters, look=None):
    """All lose the network for `seconds` and type on: nine tenths before it returns, one tenth as it does."""
    portion = characters * 9 // 10 // PORTIONS
    for writer in writers:
        writer.network(False)
        writer.kept.append(stored(writer.plan))
    began = time.monotonic()
    for number in range(PORTIONS):
        for writer in writers:
            writer.type(portion)
        left = began + seconds * (number + 1) / PORTIONS - time.monotonic()
        writers[0].page.wait_for_timeout(max(left, 0) * 1000)
    for writer in writers:
        told(writer.page, "failed")
        if look:
            look = look(writer.page, "section-not-saved")
        assert stored(writer.plan) == writer.kept[-1], "nothing arrives without a network"
    assert time.monotonic() - began >= seconds
    for writer in writers:
        writer.network(True)
        writer.type(characters - portion * PORTIONS)


def arrived(writer, seconds=30):
    """Wait until the server holds what was typed; say whether it does."""
    end = time.monotonic() + seconds
    while stored(writer.plan) != writer.typed and time.monotonic() < end:
        writer.page.wait_for_timeout(200)
    return stored(writer.plan) == writer.typed


def test_what_is_typed_through_twenty_failures_of_the_network_is_stored_whole(writer_of, check, figures):
    """In full: thirty seconds without network, twenty times, while 2,000 characters are typed."""
    people, spells, seconds = figures(small=2, full=100), figures(small=2, full=20), figures(small=2, full=30)
    characters = 2000 // figures(small=40, full=20)
    whole = 0
    for first in range(0, people, AT_ONCE):
        writers = [writer_of(number) for number in range(first, min(first + AT_ONCE, people))]
        for spell in range(spells):
            a_spell_without_network(writers, seconds, characters, None if first or spell else check)
            late = [number for number, writer in enumerate(writers) if not arrived(writer)]
            assert late == [], f"after failure {spell + 1}"
        for writer in writers:
            assert len(writer.typed) == spells * characters
            assert writer.page.locator("#id_body").input_value() == writer.typed
            assert writer.page.evaluate("() => Object.keys(sessionStorage)") == []
            saved = outcomes(writer.plan)
            assert saved == [(Outcome.SAVED, number + 1) for number in range(len(saved))]
            whole += stored(writer.plan) == writer.typed
        for writer in writers:
            writer.page.context.close()
        print(f"{whole} of {first + len(writers)} texts whole", flush=True)
    assert whole == people


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(("repeat() {", "repeat() { return;"), id="does not try again"),
        pytest.param(
            ("this.dirty = true;", "this.dirty = navigator.onLine;"), id="does not keep what is typed"
        ),
    ],
)
def test_the_control_loses_what_is_typed_without_network(writer_of, script):
    writer = writer_of(0, script)
    writer.type(10)
    wait_for_save(writer.page, after=0)
    writer.network(False)
    kept = writer.typed
    writer.type(20)
    writer.page.wait_for_timeout(2500)
    writer.network(True)

    assert not arrived(writer, seconds=5)
    assert stored(writer.plan) == kept
