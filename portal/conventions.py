"""How apps offer things to the portal without the portal knowing them.

Each installed app may have these modules, exporting plain dicts or functions:

`notifications.py`  RECIPIENTS: event kind → function(event) giving users;
                    CONTEXT: event kind → function(event, recipient) giving the letter's words;
                    AT_ONCE: the kinds whose letters do not wait;
                    HELD_FOR: event kind → function(event) naming what letters prepared for it wait for,
                    for an event that is not stored yet too;
                    HELD: how such a name begins → function(names) giving {name: (words, address)}.
`reactions.py`      REACTIONS: event kind → function(event), in the same transaction;
                    may veto by raising TransitionError.
`waiting.py`        waiting_for(user) → list of Waiting.
`navigation.py`     entries(user) → list of (label, address, what is there) for the main menu,
                    cheap: it is on every page;
                    BELONGS: how an address begins → name of the entry it belongs to.
`indicators.py`     INDICATORS: list of `portal.indicators.Indicator`.
`dates.py`          edition_dates(edition) → list of (label, day or moment) that move with the edition
                    when it is copied.
`staffing.py`       obstacles(person) → sentences that stop a person from being placed in ORE's groups.
`links.py`          team_links(participation, user) → list of (label, address) for the page of a team.
`load.py`           LOADS: heading → function(keys of experts) giving {expert: number}, how busy they are.
`handover_facts.py` handover_facts(participation, user) → list of (label, value, address or "") for the
                    handover pack of a new lead.
`prefill.py`        facts(key, participation, user) → list of Fact: what the app knows for the section of a
                    plan with this key; nothing that the user may not read anyway.
`reminders.py`      remind(day): writes what is due on that day, once; returns how many matters it moved.
`personal.py`       sections(person) → list of portal.extract.Section: what the app keeps about a person;
                    COVERED: the names of the foreign keys to people that they tell of.
`workflow.py`       PROCESSES: the tables of the app's processes;
                    SENTENCES: event kind → one sentence for the history;
                    SILENT: the kinds of which staff learn only that they happened, no word and no fact.
`chores.py`         every_minute(): what the app does by itself, in the loop of `manage.py jobs`; idle, it
                    only reads.
`merging.py`        RELATIONS: relation to a person → what happens to it when two accounts become one;
                    obstacles(keep, drop) → sentences that forbid it.
`demo.py`           build(demo): the app's part of the demonstration.
`benchmark.py`      PAGES: what `manage.py benchmark` measures.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

# Without `demo`, `benchmark` and `reminders`, which their commands ask for: the server starts faster.
AT_START = [
    "workflow",
    "notifications",
    "reactions",
    "waiting",
    "navigation",
    "links",
    "load",
    "indicators",
    "dates",
    "staffing",
    "handover_facts",
    "prefill",
    "personal",
]
LOADED = {}


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person: what, why, where and until when."""

    title: str
    reason: str
    url: str
    due: date | None = None
    rank: int = 50


@dataclass(frozen=True)
class Fact:
    """Something already known that a team may put into its plan; `source` says whose it is and of when.

    A text, or `rows` of the table `row_set` as their form takes them; then `text` is how they are shown.
    `code` is unique within a section.
    """

    code: str
    title: str
    text: str
    source: str
    row_set: str = ""
    rows: tuple = ()


def modules(name):
    """Return the modules of this name, from the lowest layer to the highest."""
    if name not in LOADED:
        LOADED[name] = [
            import_module(f"{config.name}.{name}")
            for config in reversed(list(apps.get_app_configs()))
            if config.name in {"portal", "jst", "trainings", "plans", "supporting"}
            and module_has_submodule(config.module, name)
        ]
    return LOADED[name]


def autodiscover():
    """Load the convention modules that a server needs, of every app."""
    for name in AT_START:
        modules(name)


def merged(module, attribute):
    """Return one dict of lists from what all apps export under `attribute` of `module`."""
    found = defaultdict(list)
    for loaded in modules(module):
        for key, value in getattr(loaded, attribute, {}).items():
            found[key].append(value)
    return found


def offered(module, attribute):
    """Return what each app exports under `attribute` of `module`, lowest layer first."""
    return [getattr(loaded, attribute) for loaded in modules(module) if hasattr(loaded, attribute)]
