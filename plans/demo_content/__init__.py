"""What the plans of the demonstration say, in Polish, and who judges them how.

`whole/` holds plans written from beginning to end, `themes/` and `general.toml` the fragments of which
the others are put together (`composing`), `judging.toml` the words of experts and of ORE.
"""

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def read(name):
    """Return one of the files of this folder as plain data; nobody changes what is returned."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def themes():
    return {path.stem: read(f"themes/{path.stem}") for path in sorted((FOLDER / "themes").glob("*.toml"))}
