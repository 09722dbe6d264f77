"""Which official registers can be brought in, and by what."""

from jst.imports.units import import_terc

IMPORTS = {"terc": import_terc}
