"""The demonstration: made-up people and plans on real places, the same for the same seed and day.

`build()` here makes one person for each role; the `demo.py` of every app above adds its part.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from operator import itemgetter
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal import conventions, groups
from portal.models import Message, User
from portal.models.user import SYSTEM_EMAIL

SCALES = ("small", "pilot", "national")
PASSWORD = "rower jezioro mapa latarnia"


@dataclass(frozen=True)
class Account:
    """One person that anybody may be in the demo; `group` makes them ORE's staff."""

    role: str
    label: str
    email: str
    first_name: str
    last_name: str
    group: str = ""

    @property
    def name(self):
        return f"{self.first_name} {self.last_name}"


ACCOUNTS = (
    Account("lead", _("leads a team"), "lider@demo.example", "Hanna", "Zielińska"),
    Account("author", _("writes a plan"), "autor@demo.example", "Tomasz", "Wrona"),
    Account("signatory", _("signs a plan"), "podpisujacy@demo.example", "Barbara", "Kalinowska"),
    Account("reader", _("reads a plan"), "czytelnik@demo.example", "Grzegorz", "Lis"),
    Account("reviewer", _("reviews a plan"), "ekspert@demo.example", "Ewa", "Malinowska"),
    Account("caretaker", _("cares for a team"), "opiekun@demo.example", "Piotr", "Sadowski"),
    Account(
        "coordinator",
        _("coordinates at ORE"),
        "koordynator@demo.example",
        "Joanna",
        "Wysocka",
        groups.COORDINATOR,
    ),
    Account(
        "administrator",
        _("administers at ORE"),
        "administrator@demo.example",
        "Marek",
        "Dąbrowski",
        groups.ADMINISTRATOR,
    ),
    Account("auditor", _("audits"), "audytor@demo.example", "Irena", "Żak", groups.AUDITOR),
    Account("operator", _("runs an edition for an operator"), "operator@demo.example", "Dorota", "Kubiak"),
    Account("other_lead", _("leads another team"), "inny@demo.example", "Łukasz", "Ossowski"),
    Account("other_reviewer", _("reviews other plans"), "ekspert2@demo.example", "Agata", "Ćwik"),
    Account("former_member", _("has left a team"), "byly@demo.example", "Rafał", "Górecki"),
)


def accounts():
    """Return the people one may sign in as: dicts of role, label, name, email, password, totp."""
    return [
        {
            "role": account.role,
            "label": account.label,
            "name": account.name,
            "email": account.email,
            "password": PASSWORD,
            "totp": None,
        }
        for account in ACCOUNTS
    ]


@dataclass
class Demo:
    """One building of the demo, handed from the lowest app to the highest.

    `people` holds the person of each role; `made` is where an app leaves what those above need; `diary` is
    what all of them let happen, lived through in the order of time once every part is built.
    """

    scale: str
    seed: int
    day: date
    people: dict = field(default_factory=dict)
    made: dict = field(default_factory=dict)
    diary: list = field(default_factory=list)

    @cached_property
    def random(self):
        """The only source of chance, so that the same seed gives the same data."""
        return Random(f"{self.seed} {self.day}")

    @cached_property
    def password_hash(self):
        """One hash for everybody: a good hash takes a tenth of a second."""
        return make_password(PASSWORD)

    def uid(self):
        """Return a `uid` for a row, the same at every building."""
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def date(self, days_ago):
        """Return the day so many days before today; a negative number is in the future."""
        return self.day - timedelta(days=days_ago)

    def at(self, days_ago, hour=10, minute=0):
        """Return a moment of that day in Poland, for `perform(…, at=)`."""
        return timezone.make_aware(datetime.combine(self.date(days_ago), time(hour, minute)))

    def later(self, at, happen, *args, **kwargs):
        """Let `happen(*args, **kwargs, at=at)` happen when everything before that moment has happened."""
        self.diary.append((at, len(self.diary), partial(happen, *args, **kwargs, at=at)))

    def live_through(self):
        """Let everything in the diary happen, in the order of time."""
        for _at, _number, happen in sorted(self.diary, key=itemgetter(0, 1)):
            happen()
        self.diary.clear()

    def person(self, email, first_name, last_name, **fields):
        """Create a person who signs in with the demo's password."""
        fields = {"password": self.password_hash, "date_joined": self.at(400)} | fields
        person = User.objects.create(email=email, first_name=first_name, last_name=last_name, **fields)
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person


def build(demo):
    """Create the person of each role, ORE's staff with their groups."""
    for account in ACCOUNTS:
        person = demo.person(
            account.email, account.first_name, account.last_name, is_staff=bool(account.group)
        )
        if account.group:
            person.groups.add(Group.objects.get(name=account.group))
        demo.people[account.role] = person


def is_built():
    """Whether this database holds the demo."""
    return User.objects.filter(email=ACCOUNTS[0].email).exists()


def is_empty():
    """Whether nobody but the system itself is in this database."""
    return not User.objects.exclude(email=SYSTEM_EMAIL).exists()


def build_all(scale, seed):
    """Build every app's part of the demo, all or nothing, and return it."""
    demo = Demo(scale=scale, seed=seed, day=timezone.localdate())
    with transaction.atomic():
        for build_part in conventions.offered("demo", "build"):
            build_part(demo)
        demo.live_through()
        # What happened before the demo began is not written about.
        Message.objects.filter(status=Message.Status.READY).update(status=Message.Status.CANCELLED)
        # Tables filled at one go have no statistics yet, and a planner without them guesses badly.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return demo
