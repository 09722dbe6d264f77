"""People who write a plan over HTTP and never give up: an unanswered save is sent again, unchanged."""

import http.client
import json
import re
import subprocess
import time
import uuid
from urllib.parse import urlencode, urlsplit

from plans.models import SectionRevision, SectionState, Text
from tests.processes import MANAGE

OPEN_PLAN = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from plans.benchmark import largest_draft
from plans.sections import open_keys, sections_of
from plans.teamwork import writers_of

def signed_in(person):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key

_person, version = largest_draft()
team = list(writers_of(version.plan.participation))
told = [one.key for one in sections_of(version.plan) if one.is_narrative and one.key in open_keys(version)]
states = dict(version.section_states.values_list("key", "revision"))
print(json.dumps({{
    "plan": version.plan_id, "version": version.pk,
    "sessions": [signed_in(team[number % len(team)]) for number in range({sessions})],
    "revisions": {{key: states[key] for key in told}}, "keys": sorted(open_keys(version)),
}}))
"""
STORED = """
import json
from tests.soak.writers import stored
print(json.dumps(stored({version})))
"""


def stored(version):
    """Return what the database holds of a version: the saves done, in order, its texts, its revisions."""
    saved = SectionRevision.objects.filter(version=version, outcome="saved").order_by("pk")
    return {
        "saved": list(saved.values_list("key", "revision", "request_key")),
        "texts": dict(Text.objects.filter(version=version).values_list("key", "body")),
        "revisions": dict(SectionState.objects.filter(version=version).values_list("key", "revision")),
    }


def asked(environment, script):
    """Run a script in the portal's shell; return what it prints as JSON."""
    command = [*MANAGE, "shell", "--no-imports", "-c", script]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def open_plan(environment, sessions=1):
    """Return a large draft's plan, open sections and revisions, with sessions of those who write it."""
    return asked(environment, OPEN_PLAN.format(sessions=sessions))


def asked_stored(environment, opened):
    """Return what the server's database holds of what was opened."""
    return asked(environment, STORED.format(version=opened["version"]))


def revision_in(answer):
    """Return the revision that an answer to the autosave tells."""
    return int(re.search(r'data-revision="(\d+)"', answer)[1])


class Writer:
    """One author in one section, whose saves follow each other."""

    def __init__(self, url, opened, key, within=60, session=None):
        self.host = urlsplit(url).netloc
        self.address = f"/plany/{opened['plan']}/sekcje/{key}/"
        self.key, self.revision, self.within = key, opened["revisions"].get(key), within
        self.headers = {
            "Cookie": f"sessionid={session or opened['sessions'][0]}; csrftoken={'c' * 32}",
            "X-CSRFToken": "c" * 32,
            "Origin": url,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.acknowledged, self.cut, self.answers = [], 0, []

    def save(self, text):
        """Save a text, however often it has to be sent; AssertionError when the time is over."""
        request_key = uuid.uuid4().hex
        status, answer = self.answered(self.body(text, request_key))
        assert status == 200, f"{status}: {answer[:300]}"
        self.revision = revision_in(answer)
        self.acknowledged.append((request_key, text))

    def answered(self, body):
        """Send until the portal answers, be it a refusal; return its status and answer."""
        deadline = time.monotonic() + self.within
        while time.monotonic() < deadline:
            status, answer, seconds = self.sent(body)
            self.answers.append((status, seconds))
            if status not in {None, 503}:
                return status, answer
            time.sleep(0.05)
        raise AssertionError(f"{self.key} was not saved within {self.within} s: {self.answers[-5:]}")

    def save_all(self, count):
        """Save so many texts, each after the one before was acknowledged."""
        for number in range(count):
            self.save("Zdanie dla wagi. " * 40 + f"{self.key} numer {number}.")

    def body(self, text, request_key):
        """Return what a browser posts."""
        return urlencode({"body": text, "revision": self.revision, "request_key": request_key})

    def read(self):
        """Return the page of the section."""
        link = http.client.HTTPConnection(self.host, timeout=120)
        try:
            link.request("GET", self.address, headers={"Cookie": self.headers["Cookie"]})
            return link.getresponse().read().decode()
        finally:
            link.close()

    def sent(self, body):
        """Send once; return (status or None where no answer came, answer, seconds)."""
        begun, link = time.monotonic(), http.client.HTTPConnection(self.host, timeout=30)
        try:
            link.request("POST", self.address, body, self.headers)
        except OSError:
            return None, "", time.monotonic() - begun
        try:
            response = link.getresponse()
            return response.status, response.read().decode(), time.monotonic() - begun
        except (OSError, http.client.HTTPException):
            # The request had left: nobody knows whether it was done.
            self.cut += 1
            return None, "", time.monotonic() - begun
        finally:
            link.close()


def lost_or_doubled(found, opened, writers):
    """Return (acknowledged saves that are not there or are older than what is, saves done twice, gaps).

    `found` is what is stored.
    """
    lost = doubled = gaps = 0
    for writer in writers:
        done = [request for key, _revision, request in found["saved"] if key == writer.key]
        revisions = [revision for key, revision, _request in found["saved"] if key == writer.key]
        lost += sum(request not in done for request, _text in writer.acknowledged)
        lost += found["texts"][writer.key] != writer.acknowledged[-1][1]
        doubled += len(done) - len(set(done))
        first = opened["revisions"][writer.key] + 1
        gaps += revisions[-len(writer.acknowledged) :] != list(range(first, writer.revision + 1))
    return lost, doubled, gaps
