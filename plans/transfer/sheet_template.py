"""The spreadsheet that a team fills in: one sheet for each table, a sample row, and what to copy from."""

import io

from django.http import FileResponse
from django.utils.translation import gettext as _
from rustpy_xlsxwriter import FastExcel

from jst.models import School
from plans.models import BudgetLine, KeyCompetence
from plans.transfer.tables import TABLES, heading, sheet_title
from portal.exports import XLSX

# The first cell of a row that begins so is never brought in.
MARK = "PRZYKŁAD: "

SAMPLES = {
    "strategic": {"title": "Uczeń, który bada świat", "description": "Tak wynika z debaty."},
    "operational": {
        "parent": "Uczeń, który bada świat",
        "title": "Doświadczenia w każdej klasie",
        "description": "Dziś jedna lekcja z doświadczeniem w miesiącu.",
    },
    "school": {
        "school": "123456",
        "starts": "1.09.2027",
        "area": "nauczanie przyrody",
        "provider": "powiatowy ośrodek doskonalenia nauczycieli",
    },
    "action": {
        "goal": "Doświadczenia w każdej klasie",
        "title": "Wyposażenie pracowni przyrodniczych",
        "responsible": "inspektor do spraw oświaty",
        "starts": "1.09.2027",
        "ends": "30.06.2028",
        "schools": "123456; 654321",
    },
    "cost": {
        "action": "Wyposażenie pracowni przyrodniczych",
        "year": "2027",
        "source": "środki własne",
        "amount": "12 000,00",
    },
    "indicator": {
        "goal": "Doświadczenia w każdej klasie",
        "name": "Lekcje z doświadczeniem",
        "unit": "w miesiącu",
        "base": "1",
        "target": "4",
        "target_year": "2028",
        "source": "dzienniki lekcyjne",
        "frequency": "co pół roku",
    },
    "budget": {"year": "2027", "source": "środki własne", "amount": "50 000,00", "note": "uchwała budżetowa"},
}


def template_file(version):
    """Return the template of this plan as a download."""
    stream = io.BytesIO()
    book = FastExcel(stream).format(bold_headers=True).freeze(row=1)
    for row_set in TABLES:
        columns = [heading(row_set, name) for name in row_set.fields]
        cells = [SAMPLES[row_set.name].get(name, "") for name in row_set.fields]
        cells[0] = MARK + cells[0]
        book = book.sheet(
            sheet_title(row_set),
            [dict(zip(columns, cells, strict=True))],
            column_widths=[max(14, min(48, len(column) + 8)) for column in columns],
        )
    book.sheet(_("To copy from"), to_copy_from(version), column_widths=[46, 12, 46, 22]).save()
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_("plan-template") + ".xlsx", content_type=XLSX)


def to_copy_from(version):
    """Return the unit's schools, the key competences of the edition and the sources of money."""
    participation = version.plan.participation
    schools = list(School.objects.filter(authority=participation.jst_id))
    chosen = KeyCompetence.objects.filter(competence_set=participation.edition.setup.competence_set)
    competences = [competence.label for competence in chosen]
    sources = [str(label) for _value, label in BudgetLine._meta.get_field("source").flatchoices]
    lines = max(len(schools), len(competences), len(sources), 1)
    columns = [_("School"), _("RSPO number"), _("Key competences"), _("Source of money")]
    return [
        dict(
            zip(
                columns,
                [
                    str(schools[line]) if line < len(schools) else "",
                    schools[line].rspo if line < len(schools) else "",
                    competences[line] if line < len(competences) else "",
                    sources[line] if line < len(sources) else "",
                ],
                strict=True,
            )
        )
        for line in range(lines)
    ]
