"""The whole country's schools: how long one import takes, how much memory, and what a killed one leaves."""

import os
import signal
import subprocess
import time
from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection

from jst.imports.registry import IMPORTS
from jst.models import Jst, RegisterChange, School
from tests.jst import rspo_files, terc_files
from tests.jst.test_import_interrupted import checksum
from tests.processes import MANAGE, environment

pytestmark = pytest.mark.django_db(transaction=True)

MOST_MEMORY = 512
MOST_SECONDS = {"postgresql": 60, "sqlite": 120}


def country():
    """Give the rows of TERC for 16 voivodeships of 20 counties of 8 gminas, about as many as Poland has."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for woj in range(16):
        yield f"{2 * woj + 2:02d};;;;WOJ {letters[woj]};województwo"
        for pow_ in range(20):
            county = f"{2 * woj + 2:02d};{pow_ + 1:02d}"
            yield f"{county};;;powiat {letters[woj]}{letters[pow_]};powiat"
            for gmi in range(8):
                name = f"Gmina {letters[woj]}{letters[pow_]}{letters[gmi]}"
                yield f"{county};{gmi + 1:02d};2;{name};gmina wiejska"


@pytest.fixture
def registers(tmp_path):
    """The country's units, in the database under test; gives the folder for files."""
    path = tmp_path / "TERC.csv"
    path.write_text(terc_files.as_csv(terc_files.rows(country="\n".join(country()))))
    assert IMPORTS["terc"](path, apply=True).refused == ""
    assert Jst.objects.filter(kind="GW").count() == 2560
    return tmp_path


def write_schools(folder, count, day, **cells):
    path = folder / f"rspo-{day}.csv"
    rows = (row | cells for row in rspo_files.national(count))
    path.write_text(rspo_files.as_csv(rows), encoding="utf-8-sig")
    return path


def started(path):
    """Start the command on the database under test."""
    stored = connection.settings_dict
    address = f"sqlite:///{stored['NAME']}"
    if connection.vendor == "postgresql":
        address = f"postgres://postgres@localhost/{stored['HOST']}/{stored['NAME']}"
    command = [*MANAGE, "import", "rspo", str(path), "--apply"]
    return subprocess.Popen(command, env=environment(DATABASE_URL=address), stdout=subprocess.DEVNULL)


def measured(path):
    """Import in a process of its own; return (seconds, its peak memory in MiB)."""
    begun = time.monotonic()
    process = started(path)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.monotonic() - begun, used.ru_maxrss // 1024


def test_the_schools_of_the_country_are_imported_in_time_and_memory(registers, figures):
    schools, measures = figures(small=3000, full=56_000), {}
    path = write_schools(registers, schools, "2026-01-31")
    newer = write_schools(registers, schools, "2026-02-28", Miejscowość="Nowe")
    for what, file in {"first": path, "again": path, "every row changed": newer}.items():
        seconds, memory = measures[what] = measured(file)
        print(f"\n{connection.vendor}, {schools} schools, {what}: {seconds:.1f} s, peak {memory} MiB")
        assert School.objects.count() == schools
        # The first brings every school, the second nothing, the third one field of each.
        assert RegisterChange.objects.filter(register_import__source="rspo").count() == schools * (
            2 if file == newer else 1
        )
    if os.environ.get("PORTAL_SOAK"):
        assert max(seconds for seconds, _memory in measures.values()) < MOST_SECONDS[connection.vendor]
        assert max(memory for _seconds, memory in measures.values()) < MOST_MEMORY


def test_a_process_killed_while_it_imports_leaves_the_register_before_or_after(registers, figures):
    fewer = figures(small=500, full=3000)
    seconds, _memory = measured(write_schools(registers, fewer, "2026-01-31"))
    chance, outcomes = Random(16), Counter()
    for attempt in range(figures(small=5, full=50)):
        town = f"Miasto {attempt}"
        day = date(2026, 2, 1) + timedelta(days=attempt)
        before, path = checksum(), write_schools(registers, fewer, day, Miejscowość=town)
        process = started(path)
        time.sleep(chance.uniform(0.4, 1.05) * seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if checksum() == before:
            outcomes["before"] += 1
            continue
        outcomes["after"] += 1
        assert School.objects.filter(town=town, last_seen=day).count() == fewer
        assert RegisterChange.objects.filter(register_import__as_of=day).count() == fewer
        assert IMPORTS["rspo"](path, apply=True).changes == []
    print(f"\n{connection.vendor}: {outcomes.total()} killed: {dict(outcomes)}")
    path = write_schools(registers, fewer, "2026-12-31", Miejscowość="Wreszcie")
    assert IMPORTS["rspo"](path, apply=True).applied
    assert School.objects.filter(town="Wreszcie").count() == fewer
