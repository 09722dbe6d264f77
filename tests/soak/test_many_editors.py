"""R05: many sessions on one plan at once. Who is acknowledged is stored, who comes too late is told and kept.

The control is the same server without the guard of a save: it must write over words that it acknowledged.
"""

import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from urllib.parse import urlencode

from lxml import html

from tests.plans.pages import fields_of
from tests.soak.writers import Writer, asked, open_plan, revision_in

SESSIONS, SAVES, THINKING = 200, 50, 2
REQUESTS = """
import json
from plans.models import SectionRevision
found = SectionRevision.objects.filter(version={version})
print(json.dumps(list(found.values_list("key", "outcome", "revision", "request_key"))))
"""


class Editor(Writer):
    """One session in one section, writing into the page's own form."""

    def open(self):
        """Read the page: its form, and the first place in it where something can be written."""
        form = html.fromstring(self.read()).xpath("//form[@data-autosave]")[0]
        self.fields = fields_of(form)
        self.place = next(iter(form.xpath(".//textarea/@name")), None)
        self.revision = int(self.fields["revision"][0])
        return self

    def body(self, text, request_key):
        posted = {self.place: text, "revision": self.revision, "request_key": request_key}
        return urlencode(self.fields | posted, doseq=True)

    def write(self, saves, thinking):
        """Save so many times, thinking between; whoever is told of another's text goes on from that one."""
        chance = random.Random(self.name)
        time.sleep(chance.uniform(0, thinking))
        for number in range(saves):
            self.send(f"{self.name}, tekst {number}")
            time.sleep(chance.uniform(0.75, 1.25) * thinking)

    def send(self, text):
        """Save once; keep whether it was acknowledged or told of a conflict."""
        request_key, begun = uuid.uuid4().hex, time.monotonic()
        status, answer = self.answered(self.body(text, request_key))
        self.waits.append(time.monotonic() - begun)
        assert status in {200, 409}, f"{status}: {answer[:300]}"
        self.revision = revision_in(answer)
        if status == 200:
            self.acknowledged.append((self.revision, request_key, text))
        else:
            self.told.append(request_key)


def editors_of(server, opened, count):
    """Return so many editors, each with a session of its own, over the sections where there is a place."""
    pages = [Editor(server.url, opened, key).open() for key in opened["keys"]]
    pages = [page for page in pages if page.place]
    editors = []
    for number, session in enumerate(opened["sessions"][:count]):
        page = pages[number % len(pages)]
        editor = Editor(server.url, opened, page.key, within=180, session=session)
        editor.fields, editor.place, editor.revision = page.fields, page.place, page.revision
        editor.name, editor.told, editor.waits = f"Osoba {number}", [], []
        editors.append(editor)
    return editors


def lost(server, opened, editors):
    """Return (acknowledged texts not there, written over unseen; refused ones not kept; numbers left out)."""
    found = asked(server.environment, REQUESTS.format(version=opened["version"]))
    outcomes = {(key, request): (outcome, revision) for key, outcome, revision, request in found}
    missing = overwritten = unkept = gaps = 0
    for key in {editor.key for editor in editors}:
        here = [editor for editor in editors if editor.key == key]
        saves = sorted(save for editor in here for save in editor.acknowledged)
        missing += sum(
            outcomes.get((key, request)) != ("saved", revision) for revision, request, _text in saves
        )
        # Each reads what is stored through the page, as anybody would.
        stored = here[0].open().fields[here[0].place][0]
        missing += stored != saves[-1][2]
        numbers = {revision for revision, _request, _text in saves}
        overwritten += len(saves) - len(numbers)
        gaps += max(numbers) - min(numbers) + 1 - len(numbers)
        unkept += sum(
            outcomes.get((key, request)) != ("conflict", None) for editor in here for request in editor.told
        )
    return missing, overwritten, unkept, gaps


def written(server, sessions, saves, thinking):
    """Let so many sessions write; return what `lost` counts, and print what they met."""
    opened = open_plan(server.environment, sessions)
    editors = editors_of(server, opened, sessions)
    begun, own, served = time.monotonic(), time.process_time(), server.processor_time()
    with ThreadPoolExecutor(sessions) as threads:
        for done in [threads.submit(editor.write, saves, thinking) for editor in editors]:
            done.result()
    elapsed, own = time.monotonic() - begun, time.process_time() - own
    served = server.processor_time() - served
    seconds = [wait for editor in editors for wait in editor.waits]
    conflicts = sum(len(editor.told) for editor in editors)
    repeated = sum(len(editor.answers) - len(editor.waits) for editor in editors)
    p50, p95 = (quantiles(seconds, n=100)[at] for at in (49, 94))
    print(
        f"{sessions} sessions in {len({editor.key for editor in editors})} sections, {elapsed:.0f} s: "
        f"{len(seconds) - conflicts} acknowledged, {conflicts} conflicts told, {repeated} sent again, "
        f"p50 {p50:.2f} s, p95 {p95:.2f} s, {max(seconds):.1f} s at most; "
        f"of the processors the workers took {served / elapsed:.0%}, the clients {own / elapsed:.0%}"
    )
    return p95, lost(server, opened, editors)


def test_many_sessions_on_one_plan_lose_nothing_and_wait_less_than_a_second(serve):
    p95, losses = written(serve(workers=4), SESSIONS, SAVES, THINKING)

    assert losses == (0, 0, 0, 0)
    assert p95 <= 1


def test_the_control_without_the_guard_writes_over_what_it_acknowledged(serve):
    server = serve("tests.soak.unguarded:application", workers=4)
    _p95, (_missing, overwritten, _unkept, _gaps) = written(server, 40, 5, 0.2)

    assert overwritten > 0
