"""What a machine sees on a page: axe, the frame of the page, its width, what it asked for, what it logged."""

import os
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = 320
# The browser's own parts: its viewer of PDF files asks for them.
OWN = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
EYES = Path(__file__).with_name("looking.js").read_text()


class Faults:
    """Listens behind the pages: other hosts, errors of scripts, broken policy, failing answers."""

    def __init__(self, origin):
        self.origin = origin
        self.sentences = []

    def watch(self, context):
        context.on("request", self.requested)
        context.on("response", self.answered)
        context.on("console", self.logged)
        context.on("weberror", lambda error: self.sentences.append(f"error of a script: {error.error}"))

    def requested(self, request):
        if not request.url.startswith((self.origin, *OWN)):
            self.sentences.append(f"asked another host: {request.url}")

    def answered(self, response):
        if response.status >= 500 or response.status == 404 and "/static/" in response.url:
            self.sentences.append(f"answered {response.status}: {response.url}")

    def logged(self, message):
        # The browser also logs each answer of 400 and more, and each request made while offline.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.sentences.append(f"logged: {message.text}")


def ask(page, question):
    """Return what a function of looking.js tells of the page."""
    return page.evaluate(f"({EYES}).{question}()")


def mistakes_of(page):
    """Return what is wrong with the page as it stands now, one sentence for each thing."""
    return [*ask(page, "frame"), *ask(page, "edges"), *widths(page), *axe(page)]


def widths(page):
    """Return what makes the page scroll sideways at its own width or at 320 px."""
    found = ask(page, "sideways")
    with width_of(page, NARROW):
        return found + ask(page, "sideways")


def axe(page, rules=TAGS, **options):
    """Return what axe finds by its rules, named or tagged so, with the elements it means."""
    # Without the stylesheets, which it would fetch anew for one rule about them: that one is asked elsewhere.
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False} | options
    return [
        f"axe: {rule['id']}: {rule['help']}: {node['target']} {node['html'][:160]}"
        for rule in Axe().run(page, options=options).response["violations"]
        for node in rule["nodes"][:4]
    ]


@contextmanager
def width_of(page, width):
    """Show the page at another width for a while."""
    size = page.viewport_size
    page.set_viewport_size(size | {"width": width})
    yield
    page.set_viewport_size(size)


def photograph(page, name):
    """Keep pictures of the page, wide and narrow, in the folder that PORTAL_SCREENSHOTS names."""
    folder = os.environ.get("PORTAL_SCREENSHOTS")
    if not folder:
        return
    for width in (1280, 390):
        with width_of(page, width):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def summary_leads_to_the_places(page):
    """Assert that the summary of mistakes is complete and that its first link moves the focus."""
    assert ask(page, "summary") == []
    link = page.locator(".error-summary li a").first
    place = link.get_attribute("href")
    link.press("Enter")
    assert page.evaluate("(hash) => document.querySelector(hash).contains(document.activeElement)", place), (
        f"the focus did not follow the link to {place}"
    )
