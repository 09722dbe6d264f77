"""A real browser before a live server: people at their pages, and what every state of a page must hold."""

import os
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import expect

pytest.register_assert_rewrite("tests.journeys.acting", "tests.journeys.looking")

from tests.journeys.looking import Faults, mistakes_of, photograph  # noqa: E402

# Playwright's own loop runs in this thread, and Django would refuse to touch the database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return browser_type_launch_args | {"executable_path": chromium, "args": FLAGS}


@pytest.fixture(autouse=True)
def no_earlier_tries():
    """The limits of signing in must not be used up by another test."""
    cache.clear()


@pytest.fixture
def faults(live_server):
    """What is wrong with the pages of this test and behind them: told at its end, all at once."""
    found = Faults(live_server.url)
    yield found
    assert not found.sentences, "\n".join(found.sentences)


@pytest.fixture
def new_context(browser, live_server, settings, faults):
    """Return a maker of browser profiles: one for each person, so that nobody shares a session."""
    settings.PORTAL_ORIGIN = live_server.url
    # Polish words are longer than those of the source: pages are looked at as people see them.
    settings.LOCALE_PATHS = [settings.BASE_DIR / "locale"]
    contexts = []

    def make(width=1280, **options):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="pl-PL",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        faults.watch(context)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page_of(new_context, browse, live_server):
    """Return a maker of pages: the browser of `person`, already signed in; None is an anonymous visitor."""

    def open_browser(person, width=1280, **options):
        context = new_context(width, **options)
        if person is not None:
            cookie = browse(person).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return context.new_page()

    return open_browser


@pytest.fixture
def check(faults):
    """Return the look at a state of a page: accessible, within its width, from our host alone."""

    def look(page, name):
        faults.sentences += [f"{name}: {mistake} ({page.url})" for mistake in mistakes_of(page)]
        photograph(page, name)

    return look


@pytest.fixture
def sign_out_everybody():
    """Return what ends every session on the server, as time does."""
    return lambda: Session.objects.all().delete()


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
