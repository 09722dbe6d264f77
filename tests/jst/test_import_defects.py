"""R15: every planted defect of a file is reported with its row and column, and nothing else is."""

import resource
import time

import pytest

from jst.models import RegisterImport, School
from tests.factories import JstFactory
from tests.jst.rspo_defects import DAMAGED_CELLS, ON_ROWS, Planted

BAD_ROWS = len(DAMAGED_CELLS) + len(ON_ROWS)


@pytest.fixture
def planted(country):
    # A gmina whose six digits are another's seven without the zero: „201044” may be either.
    JstFactory(code="201044", kind="GW", name="Inna")
    return lambda bad, seed, **form: Planted(country["020104"], bad, seed, **form)


def reported(report):
    return [(rejected.row, rejected.column) for rejected in report.rejected]


def check(report, planted):
    found, expected = reported(report), planted.faults
    assert sorted(found) == sorted(expected), (
        f"not reported: {sorted(set(expected) - set(found))[:5]}; "
        f"wrongly reported: {[str(r) for r in report.rejected if (r.row, r.column) not in set(expected)][:5]}"
    )
    assert all(rejected.reason for rejected in report.rejected)
    assert not report.applied
    assert report.counts["rejected"] == len({row for row, _column in expected})
    assert not School.objects.exists()
    assert not RegisterImport.objects.filter(source="rspo").exists()


@pytest.mark.parametrize("separator", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
def test_the_defects_planted_are_the_defects_reported(import_rspo, planted, figures, encoding, separator):
    file = planted(figures(small=2 * BAD_ROWS, full=10_000), seed=15)
    content = file.as_csv(separator).encode(encoding)
    started = time.monotonic()
    report = import_rspo(content)
    tell(len(content), len(file.faults), started)
    check(report, file)


def test_the_defects_planted_in_a_spreadsheet_are_reported(import_rspo, planted, figures):
    file = planted(figures(small=2 * BAD_ROWS, full=10_000), seed=16, xlsx=True)
    content = file.as_xlsx()
    started = time.monotonic()
    report = import_rspo(content, name="rspo.xlsx")
    tell(len(content), len(file.faults), started)
    check(report, file)


def test_rows_without_defects_are_all_taken(import_rspo, planted):
    file = planted(0, seed=17)
    for _row in range(60):
        file.good()
    report = import_rspo(file.as_csv().encode())
    assert (report.rejected, report.applied) == ([], True)
    assert School.objects.count() == sum(any(row) for row in file.rows)


def test_a_row_that_lacks_only_blank_ends_is_taken(import_rspo, planted):
    file = planted(0, seed=18)
    file.add(file.next_row()[:-10])
    report = import_rspo(file.as_csv().encode())
    assert (report.rejected, report.applied) == ([], True)


def tell(size, faults, started):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{faults} faults in {size / 1e6:.1f} MB: {time.monotonic() - started:.1f} s, peak {peak} MiB")
