"""The minutes of a debate as a small PDF, attached to every plan that is written to its end."""

import json
from tempfile import TemporaryDirectory

import typst
from django.core.files.base import ContentFile
from django.utils.formats import date_format

from plans.demo_content import FOLDER
from plans.documents.pdf import faces
from plans.models import Debate, Evidence, StoredFile
from plans.uploads import attach

NEXT = (
    "Wnioski zespół włącza do planu. Odpowiedź na każdy z nich przedstawi na następnym spotkaniu. "
    "Listy obecności są przechowywane w urzędzie."
)


def attach_minutes(version, *, uid, by, at):
    """Attach the minutes of the first debate to a draft."""
    debate = Debate.objects.filter(version=version).first()
    jst = version.plan.jst
    day = date_format(debate.held_on, "DATE_FORMAT")
    counts = [
        f"dyrektorzy: {debate.heads}, nauczyciele: {debate.teachers}, rodzice: {debate.parents},",
        f"uczniowie: {debate.pupils}, inne osoby: {debate.others}",
    ]
    data = {
        "title": "Protokół z debaty oświatowej",
        "unit": jst.full_name,
        "held_on": day,
        "place": debate.place,
        "present": " ".join(counts),
        "conclusions": [line.lstrip("-0123456789. ") for line in debate.conclusions.splitlines()],
        "next": NEXT,
    }
    with TemporaryDirectory(prefix="faces-") as folder:
        pdf = typst.compile(
            str(FOLDER / "minutes.typ"),
            sys_inputs={"data": json.dumps(data)},
            font_paths=faces(folder),
            timestamp=int(at.timestamp()),
        )
    evidence = attach(
        version,
        ContentFile(pdf, name="protokol-z-debaty.pdf"),
        uid=uid,
        kind=Evidence.Kind.MINUTES,
        title=f"Protokół z debaty oświatowej, {day}",
        proves="przebieg debaty, liczbę uczestników i wnioski",
        by=by,
    )
    StoredFile.objects.filter(pk=evidence.stored_id).update(uploaded_at=at)
