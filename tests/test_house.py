"""The habits of the house, checked by a machine: layers, names, sizes, events, templates."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template
from importlinter import cli

from portal import conventions

ROOT = Path(__file__).resolve().parents[1]
APPS = ["portal", "jst", "plans"]
PYTHON = [
    path
    for folder in [*APPS, "tests"]
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
] + sorted(ROOT.glob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
READ_BY_PEOPLE = [
    *PYTHON,
    *TEMPLATES,
    *(path for name in ("static", "templates") for path in (ROOT / name).rglob("*.*") if path.is_file()),
]


def name(path):
    return str(path.relative_to(ROOT))


def functions(path):
    """Give every function of a file."""
    for node in ast.walk(ast.parse(path.read_text(), name(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def too_long(paths, limit):
    return {
        f"{name(path)}:{function.lineno} {function.name}"
        for path in paths
        for function in functions(path)
        if function.end_lineno - function.lineno + 1 > limit
    }


# --- Layers, names, sizes ---------------------------------------------------------------------


def test_nothing_imports_upward():
    assert cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_ruff_finds_nothing():
    ruff = Path(sys.executable).parent / "ruff"
    done = subprocess.run([ruff, "check", "--quiet", "."], cwd=ROOT, capture_output=True, text=True)

    assert done.stdout + done.stderr == ""


def test_no_file_passes_four_hundred_lines():
    kinds = {".py", ".html", ".txt", ".css", ".js", ".typ"}
    long = {
        name(path): lines
        for path in READ_BY_PEOPLE
        if path.suffix in kinds and (lines := len(path.read_text().splitlines())) > 400
    }

    assert long == {}


def test_no_function_passes_forty_lines():
    assert too_long(PYTHON, 40) == set()


def test_no_view_passes_thirty_lines():
    assert too_long([path for path in PYTHON if "views" in path.parts], 30) == set()


def test_no_file_is_named_for_nothing_in_particular():
    forbidden = {"utils", "util", "helpers", "services", "service", "common", "misc"}

    assert {name(path) for path in READ_BY_PEOPLE if path.stem in forbidden} == set()


def test_no_template_writes_a_key_or_a_revision_as_a_sum():
    """From a thousand on it would have a space in it, and lead nowhere.

    `attrs.id` and `input.id` are names of elements, not keys: formatted as numbers they would be empty.
    """
    plain = re.compile(
        r"\{\{ ?(?!(attrs|input)\.id )[a-z_.]*?(\.pk|\.id|revision) ?\}\}|\b(attrs|input)\.id\|stringformat"
    )

    assert {
        name(path)
        for path in READ_BY_PEOPLE
        if path.suffix == ".html" and "admin" not in path.parts and plain.search(path.read_text())
    } == set()


def test_nothing_is_left_for_later():
    left = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError|^<<<<<<<|^>>>>>>>", re.MULTILINE)
    here = Path(__file__).resolve()

    assert {
        name(path)
        for path in READ_BY_PEOPLE
        if path.suffix != ".woff2" and path != here and left.search(path.read_text())
    } == set()


def test_requirements_name_no_host_and_every_package_is_pinned_with_its_digest():
    for path in ROOT.glob("requirements*.txt"):
        text = path.read_text()
        assert re.findall(r"https?://", text) == []
        packages = re.findall(r"^[a-z0-9].*", text, re.MULTILINE | re.IGNORECASE)
        assert [line for line in packages if "==" not in line or not line.endswith("\\")] == []


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration(capsys):
    call_command("makemigrations", "--check", "--dry-run")

    assert capsys.readouterr().out == "No changes detected\n"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_template_compiles(path):
    get_template(str(path.relative_to(ROOT / "templates")))


# --- Events -----------------------------------------------------------------------------------


KIND = re.compile(rf"({'|'.join(APPS)})\.[a-z]+\.[a-z_]+")


def calls_note(tree):
    """Whether a file records something outside a process."""
    names = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(getattr(name, "id", "") in {"note", "record"} for name in names)


def noted():
    """Return a pattern of the kinds that the source records outside a process, and those it spells out."""
    written, composed = set(), [r"$^"]
    for path in PYTHON:
        tree = ast.parse(path.read_text())
        if "tests" in path.parts or not calls_note(tree):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and KIND.fullmatch(str(node.value)):
                written.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [getattr(part, "value", None) for part in node.values]
                pattern = "".join(re.escape(p) if isinstance(p, str) else "[a-z_]+" for p in parts)
                composed.append(pattern if parts[0] and str(parts[0]).startswith(tuple(APPS)) else r"$^")
    return written, re.compile("|".join(composed))


def sentences():
    return set(conventions.merged("workflow", "SENTENCES"))


def moves():
    """Return the kinds that the tables of the processes make."""
    tables = [table for tables in conventions.offered("workflow", "PROCESSES") for table in tables]
    return {kind for table in tables for kind in table.kinds()}


def test_every_event_has_a_sentence_and_every_sentence_an_event():
    written, composed = noted()

    assert (moves() | written) - sentences() == set()
    assert {kind for kind in sentences() - moves() - written if not composed.fullmatch(kind)} == set()


@pytest.mark.parametrize(
    ("module", "attribute"),
    [("notifications", "RECIPIENTS"), ("notifications", "CONTEXT"), ("reactions", "REACTIONS")],
)
def test_what_is_done_about_an_event_names_one_that_exists(module, attribute):
    assert set(conventions.merged(module, attribute)) - sentences() == set()


def test_letters_that_do_not_wait_are_letters():
    at_once = {kind for kinds in conventions.offered("notifications", "AT_ONCE") for kind in kinds}

    assert at_once - set(conventions.merged("notifications", "RECIPIENTS")) == set()


def test_every_letter_has_its_template_and_every_template_its_letter():
    written = {
        f"emails/{kind.replace('.', '/', 1)}.txt"
        for kind in conventions.merged("notifications", "RECIPIENTS")
    }
    emails = [path for path in TEMPLATES if path.parent.parent.name == "emails"]
    there = {str(path.relative_to(ROOT / "templates")) for path in emails}
    frames = {base for path in emails for base in re.findall(r'{% extends "([^"]+)"', path.read_text())}

    assert written == there - frames


@pytest.mark.parametrize("app", APPS)
def test_an_event_kind_begins_with_the_name_of_its_app(app):
    found = [module for module in conventions.modules("workflow") if module.__name__ == f"{app}.workflow"]

    assert {kind.split(".")[0] for kind in getattr(found[0], "SENTENCES", [])} <= {app}
