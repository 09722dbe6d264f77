#!/usr/bin/env python3
"""Start the portal, or its tests, on a machine that has Python 3.11 and pip and nothing else.

    python3 start.py [--port P …]         install, build the demo, serve it
    python3 start.py test [pytest …]      install what tests need, run them on both databases
    python3 start.py soak [pytest …]      the long figures
    python3 start.py manage COMMAND …     any command of the portal
    python3 start.py install              only install

Standard library only. Everything goes into .venv beside this file.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME = ["requirements.txt"]
WITH_TESTS = [*RUNTIME, "requirements-dev.txt"]
NO_BROWSER = (
    "The browser tests did not run: no Chromium could be started here. "
    "Install one (on Debian: apt-get install chromium) or name it in CHROMIUM, and run this again."
)
LAUNCH = """
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    path = sys.argv[1] or playwright.chromium.executable_path
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
    page = browser.new_page()
    page.goto("data:text/html,<title>fine</title>")
    assert page.title() == "fine"
    print(path)
"""


def run(command, **options):
    """Run `command` with its output on standard error; return its exit status."""
    try:
        return subprocess.run(command, cwd=HERE, stdout=sys.stderr, **options).returncode
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 127


def fail(sentence, status=1):
    sys.stderr.write(sentence + "\n")
    sys.exit(status)


def digest(name):
    """Return what a requirement file's marker holds once its packages are in .venv."""
    return hashlib.sha256((HERE / name).read_bytes() + str(PYTHON.resolve()).encode()).hexdigest()


def is_installed(name):
    marker = VENV / f".installed-{name}"
    return PYTHON.exists() and marker.exists() and marker.read_text() == digest(name)


def install(files):
    """Bring .venv to what the requirement files pin; where it is there already, do nothing."""
    if all(is_installed(name) for name in files):
        return
    if not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
    requirements = [part for name in files for part in ("-r", name)]
    if not (with_uv(requirements) or with_pip(requirements)):
        fail("The packages could not be installed; the installer's own words are above.")
    for name in files:
        (VENV / f".installed-{name}").write_text(digest(name))


def with_uv(requirements):
    """Install by uv, where it is on the PATH and works."""
    uv = shutil.which("uv")
    if not uv:
        return False
    if not PYTHON.exists() and run([uv, "venv", "-q", "--python", sys.executable, str(VENV)]):
        return False
    return not run([uv, "pip", "install", "-q", "--python", str(PYTHON), *requirements])


def with_pip(requirements):
    """Install by this Python's pip; Debian's lacks ensurepip, so the environment is made without."""
    if not PYTHON.exists() and run([sys.executable, "-m", "venv", "--without-pip", str(VENV)]):
        return False
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "--disable-pip-version-check"]
    return not run([*pip, "install", "-q", *requirements])


def launches(path):
    """Return the path of the browser (of Playwright's own for an empty one) if it starts, else nothing."""
    try:
        tried = subprocess.run(
            [PYTHON, "-c", LAUNCH, path], cwd=HERE, capture_output=True, text=True, timeout=120
        )
    except subprocess.TimeoutExpired:
        return ""
    return tried.stdout.strip() if tried.returncode == 0 else ""


def installed_browser():
    """Return a browser of this machine that starts: named, on the PATH, or Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    paths = [os.environ.get("CHROMIUM"), *map(shutil.which, names), ""]
    return next((found for path in paths if path is not None and (found := launches(path))), "")


def browser():
    """Return a browser that starts, installing one where there is none; nothing where none can be had."""
    if found := installed_browser():
        return found
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        run([apt, "update", "-q"], env=quiet)
        run([apt, "install", "-y", "-q", "--no-install-recommends", "chromium"], env=quiet)
        if found := installed_browser():
            return found
    run([PYTHON, "-m", "playwright", "install", "chromium"])
    return installed_browser()


def pytest(database, arguments, **environment):
    """Run pytest on one database; return its exit status."""
    env = os.environ | environment | {"TEST_DB": database}
    print(f"\n{database}", flush=True)
    return subprocess.run([PYTHON, "-m", "pytest", *arguments], cwd=HERE, env=env).returncode


def outcomes(runs, arguments, **environment):
    """Give the exit status of each run; what the arguments choose may exist in one of the runs only."""
    for database, chosen in runs:
        status = pytest(database, [*chosen, *arguments], **environment)
        yield 0 if status == 5 and arguments else status


def tell_without(chromium):
    """Fail with a sentence where no browser ran."""
    if not chromium:
        sys.stdout.flush()
        fail(NO_BROWSER)


def test(arguments):
    """Run the suite on both databases, the browser's journeys on one; return the exit status."""
    install(WITH_TESTS)
    chromium = browser()
    # Each processor takes its share; the browser is busy enough by itself.
    shared = ["-p", "xdist.plugin", "-n", str(min(4, os.cpu_count() or 1)), "-m", "not browser"]
    runs = [("sqlite", shared), ("postgres", shared)]
    if chromium:
        runs.insert(1, ("sqlite", ["-p", "pytest_playwright.pytest_playwright", "-m", "browser"]))
    # The first run that fails is the last.
    status = next(filter(None, outcomes(runs, arguments, CHROMIUM=chromium)), 0)
    tell_without(chromium)
    return status


def soak(arguments):
    """Run the long figures on both databases, the browser's on one; return the exit status."""
    install(WITH_TESTS)
    chromium = browser()
    everywhere = ["-o", "norecursedirs=.venv var", "-s", "-m", "(soak or races) and not browser"]
    runs = [("sqlite", everywhere), ("postgres", everywhere)]
    if chromium:
        runs.append(("sqlite", ["-p", "pytest_playwright.pytest_playwright", "-m", "soak and browser"]))
    status = max(outcomes(runs, arguments, CHROMIUM=chromium, PORTAL_SOAK="1"))
    tell_without(chromium)
    return status


def manage(arguments):
    """Become the portal's own command."""
    install(RUNTIME)
    os.chdir(HERE)
    os.execv(PYTHON, [str(PYTHON), "manage.py", *arguments])


def main(arguments):
    if sys.version_info < (3, 11):  # noqa: UP036, an older Python may well run this
        fail("The portal needs Python 3.11 or newer.")
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if not command or command.startswith("--") and command != "--help":
        manage(["demo", *arguments])
    elif command == "manage" and rest:
        manage(rest)
    elif command == "install" and not rest:
        install(RUNTIME)
    elif command == "test":
        sys.exit(test(rest))
    elif command == "soak":
        sys.exit(soak(rest))
    else:
        fail(__doc__, 0 if command == "--help" else 2)


if __name__ == "__main__":
    main(sys.argv[1:])
