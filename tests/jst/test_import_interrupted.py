"""R16: an import that dies while it writes leaves no half; two at once are as good as one."""

import hashlib
import threading
from contextlib import nullcontext
from random import Random
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from jst.imports import applying
from jst.imports.registry import IMPORTS
from jst.models import JstEvent, RegisterChange, RegisterImport, RejectedRow, School
from tests.jst.rspo_files import as_csv, national, school
from tests.plans.test_races import at_once

FIRST, SECOND = "2026-01-31", "2026-02-28"
TOLD = {
    School: [field.attname for field in School._meta.fields if field.name not in ("id", "register_import")],
    RegisterChange: ["code", "name", "what", "before", "after", "row"],
    RejectedRow: ["row", "column", "value", "reason"],
    RegisterImport: ["source", "file_name", "sha256", "as_of", "counts"],
    JstEvent: ["event__kind", "event__data"],
}


class Killed(BaseException):
    """The process ends here; nothing catches it."""


def checksum():
    """Return the digest of all that an import writes, without the numbers that a database gives its rows."""
    rows = [sorted(map(repr, model.objects.order_by().values_list(*names))) for model, names in TOLD.items()]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def killed_at(number):
    """Return a wrapper of statements that lets `number` of those of one write pass and then kills."""
    count = SimpleNamespace(passed=0)

    def wrapper(execute, sql, params, many, context):
        if count.passed == number:
            raise Killed
        count.passed += 1
        return execute(sql, params, many, context)

    wrapper.count = count
    return wrapper


@pytest.fixture
def files(country, tmp_path, monkeypatch):
    """Two states of a register of some hundred schools; the first is applied, the second waits."""
    # Small batches make many statements, and so many places to die at.
    monkeypatch.setattr(applying, "BATCH", 20)
    older = list(national(300))
    newer = [row | ({"Miejscowość": "Nowe"} if n % 3 == 0 else {}) for n, row in enumerate(older[3:])]
    newer += [school(country["020104"], number) for number in range(20_000, 20_060)]
    newer.append(newer[0])
    for day, rows in [(FIRST, older), (SECOND, newer)]:
        (tmp_path / f"{day}.csv").write_text(as_csv(rows))
    assert IMPORTS["rspo"](tmp_path / f"{FIRST}.csv", apply=True).applied
    return tmp_path


def apply_second(files, progress=None):
    return IMPORTS["rspo"](files / f"{SECOND}.csv", apply=True, set_aside=True, progress=progress)


def write_killed_at(monkeypatch, number):
    """Kill the next writes after so many of their statements; returns the wrapper, which counts."""
    wrapper, write = killed_at(number), applying.write

    def killing(*arguments):
        with connection.execute_wrapper(wrapper):
            return write(*arguments)

    monkeypatch.setattr(applying, "write", killing)
    return wrapper


def after_in_full(files, monkeypatch):
    """Return the checksum after an undisturbed import and how many statements it wrote; then undo it."""
    with monkeypatch.context() as patch, transaction.atomic():
        wrapper = write_killed_at(patch, -1)
        assert apply_second(files).applied
        after = checksum()
        transaction.set_rollback(True)
    return after, wrapper.count.passed


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_anywhere_leaves_the_register_before_or_after(files, figures, monkeypatch):
    before = checksum()
    after, statements = after_in_full(files, monkeypatch)
    assert checksum() == before != after
    assert statements > 30
    numbers = range(statements)
    chosen = Random(16).sample(numbers, figures(small=12, full=len(numbers)))
    for number in {0, statements - 1, *chosen}:
        with monkeypatch.context() as patch:
            write_killed_at(patch, number)
            with pytest.raises(Killed):
                apply_second(files)
        assert checksum() == before, f"killed after {number} of {statements} statements"

    def dies_when_done(percent, sentence):
        if percent == 100:
            raise Killed

    with pytest.raises(Killed):
        apply_second(files, dies_when_done)
    assert checksum() == after
    assert apply_second(files).changes == []
    assert checksum() == after


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_before_is_applied_whole_and_then_changes_nothing(files, monkeypatch):
    after, statements = after_in_full(files, monkeypatch)
    with monkeypatch.context() as patch:
        write_killed_at(patch, statements // 2)
        with pytest.raises(Killed):
            apply_second(files)
    again = apply_second(files)
    assert (again.applied, again.counts["new"], again.counts["missing"]) == (True, 60, 3)
    assert checksum() == after
    assert apply_second(files).changes == []
    assert checksum() == after


@pytest.mark.django_db(transaction=True)
def test_without_its_transaction_a_killed_import_leaves_a_half(files, monkeypatch):
    """The control: the same death without the transaction is seen by the checksum."""
    before = checksum()
    after, statements = after_in_full(files, monkeypatch)
    monkeypatch.setattr(applying, "transaction", SimpleNamespace(atomic=nullcontext))
    write_killed_at(monkeypatch, statements // 2)
    with pytest.raises(Killed):
        apply_second(files)
    assert checksum() not in {before, after}


# --- Two at once ------------------------------------------------------------------------------


def two_at_once(files, attempts=2):
    """Apply the same file on two threads, which both compare before either writes; return the reports."""
    meeting, met = threading.Barrier(attempts), threading.local()

    def wait_before_writing(percent, sentence):
        if percent == 80 and not hasattr(met, "once"):
            met.once = True
            meeting.wait(60)

    return at_once(attempts, lambda number: apply_second(files, wait_before_writing))


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_bring_the_register_once(files, figures, monkeypatch):
    after, _statements = after_in_full(files, monkeypatch)
    reports = two_at_once(files, figures(small=2, full=6))
    assert [report.refused for report in reports] == [""] * len(reports)
    assert sorted(len(report.changes) > 0 for report in reports) == [False] * (len(reports) - 1) + [True]
    assert checksum() == after


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_imports_that_do_not_look_again_tell_the_changes_twice(country, files, monkeypatch):
    """The control: without the look at what came meanwhile both write what they found."""
    older = [row | {"Miejscowość": "Nowe"} for row in national(300)]
    (files / f"{SECOND}.csv").write_text(as_csv(older))
    after, _statements = after_in_full(files, monkeypatch)
    monkeypatch.setattr(applying, "newest_import", lambda: None)
    two_at_once(files)
    assert RegisterImport.objects.filter(source="rspo").count() == 3
    assert checksum() != after
