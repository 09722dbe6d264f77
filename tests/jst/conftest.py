"""What the tests of the registers share."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from jst import participants
from jst.imports.registry import IMPORTS
from jst.models import Jst
from tests.jst import rspo_files, terc_files
from tests.jst.participant_answers import setup_of
from tests.jst.terc_files import as_csv


@pytest.fixture
def in_english():
    """Sentences as they stand in the source."""
    with translation.override(None):
        yield


@pytest.fixture
def import_terc(db, in_english, tmp_path, capsys):
    """Write a file and import it: returns (exit status, the JSON document, the sentence on stderr)."""

    def import_terc(content, *options):
        path = tmp_path / "TERC.csv"
        if isinstance(content, Path):
            path = content
        elif isinstance(content, list):
            path.write_bytes(as_csv(content).encode())
        else:
            path.write_bytes(content)
        status, sentence = 0, ""
        try:
            call_command("import", "terc", str(path), "--json", *options)
        except CommandError as error:
            status, sentence = error.returncode, str(error)
        printed = capsys.readouterr().out
        return status, json.loads(printed), sentence

    return import_terc


@pytest.fixture
def country(import_terc):
    import_terc(terc_files.rows(), "--apply")
    return {unit.code: unit for unit in Jst.objects.select_related("parent__parent")}


@pytest.fixture
def import_rspo(country, tmp_path):
    """Write rows or bytes as a file of a day and apply it; returns the Report."""

    def import_rspo(content, day="2026-01-31", name="rspo.csv", **options):
        path = tmp_path / f"{day}-{name}"
        path.write_bytes(content if isinstance(content, bytes) else rspo_files.as_csv(content).encode())
        return IMPORTS["rspo"](path, **{"apply": True} | options)

    return import_rspo


@pytest.fixture
def project(cast):
    """The project of the cast's edition, which asks six things and PESEL."""
    project = cast.participation.edition.project
    participants.set_up(setup_of(project, pesel=True, pesel_basis="art. 87 ustawy"), by=cast.coordinator)
    return project
