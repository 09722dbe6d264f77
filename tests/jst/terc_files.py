"""TERC files of a small country, in every form, and what an import of one may touch."""

import csv
import io
import zipfile

from jst.models import Jst, JstEvent, JstPeriod, RegisterImport
from portal.models import ChainHead, User

HEADER = ["WOJ", "POW", "GMI", "RODZ", "NAZWA", "NAZWA_DOD", "STAN_NA"]
COUNTRY = """
02;;;;DOLNOŚLĄSKIE;województwo
02;01;;;bolesławiecki;powiat
02;01;01;1;Bolesławiec;gmina miejska
02;01;02;2;Bolesławiec;gmina wiejska
02;01;04;3;Nowogrodziec;gmina miejsko-wiejska
02;01;04;4;Nowogrodziec;miasto
02;01;04;5;Nowogrodziec;obszar wiejski
02;64;;;Wrocław;miasto na prawach powiatu
02;64;01;1;Wrocław;gmina miejska
02;64;02;9;Wrocław-Fabryczna;delegatura
14;;;;MAZOWIECKIE;województwo
14;65;;;Warszawa;miasto stołeczne, na prawach powiatu
14;65;01;1;Warszawa;gmina miejska, miasto stołeczne
14;65;02;8;Bemowo;dzielnica
"""
UNITS = {
    ("02", None, "W", "dolnośląskie", None),
    ("0201", None, "P", "bolesławiecki", "02"),
    ("020101", None, "GM", "Bolesławiec", "0201"),
    ("020102", None, "GW", "Bolesławiec", "0201"),
    ("020104", None, "GMW", "Nowogrodziec", "0201"),
    ("026401", "0264", "MNP", "Wrocław", "02"),
    ("14", None, "W", "mazowieckie", None),
    ("146501", "1465", "MNP", "Warszawa", "14"),
}


def rows(as_of="2025-01-01", country=COUNTRY):
    return [[*line.split(";"), as_of] for line in country.strip().splitlines()]


def as_csv(table, separator=";", newline="\r\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=newline).writerows([HEADER, *table])
    return text.getvalue()


def as_xml(table, declared="utf-8"):
    cells = [
        "".join(
            f"<{name}>{value}</{name}>" if value else f"<{name} />"
            for name, value in zip(HEADER, row, strict=True)
        )
        for row in table
    ]
    body = "\r\n".join(f"<row>{row}</row>" for row in cells)
    return f'<?xml version="1.0" encoding="{declared}"?><teryt><catalog name="TERC">{body}</catalog></teryt>'


def as_older_xml(table):
    body = "".join(
        "<row>"
        + "".join(f'<col name="{name}">{value}</col>' for name, value in zip(HEADER, row, strict=True))
        + "</row>"
        for row in table
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><teryt><catalog name="TERC">{body}</catalog></teryt>'


def as_zip(**members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, content in members.items():
            archive.writestr(f"TERC_Urzedowy_2025-01-01.{suffix}", content)
    return data.getvalue()


def stored_units():
    return set(Jst.objects.values_list("code", "county_code", "kind", "name", "parent__code"))


def history(code):
    periods = JstPeriod.objects.filter(jst__code=code).order_by("valid_from")
    return [(p.teryt, p.kind, p.name, p.valid_from.isoformat(), str(p.valid_to)) for p in periods]


def everything():
    """All that an import may touch, to show that it touched nothing."""
    return [
        list(model.objects.order_by("pk").values())
        for model in [Jst, JstPeriod, RegisterImport, JstEvent, ChainHead, User]
    ]


def changed(table, code, **cells):
    """Return the table with some cells of the row with this code replaced."""
    return [
        [cells.get(name, value) for name, value in zip(HEADER, row, strict=True)]
        if "".join(row[:4]) == code
        else row
        for row in table
    ]


def without(table, *codes):
    return [row for row in table if "".join(row[:4]) not in codes]


def faults(document):
    return [(fault["row"], fault["column"], fault["value"]) for fault in document["rejected"]]
