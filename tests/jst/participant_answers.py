"""What the tests of participants' data share: a project that asks, and people who answer."""

from jst.models import ParticipantDataSetup
from tests.factories import PASSWORD

PESEL = "44051401359"  # a man born on 14 May 1944
WOMAN = "02070803628"  # a woman born on 8 July 1902
ASKED = ["sex", "birth_date", "education", "town", "street", "disability"]
GIVEN = {
    "sex": "mężczyzna",
    "birth_date": "1944-05-14",
    "education": "wyższe",
    "town": "Kraśniczyn Dolny",
    "disability": "-",
}
OWN = "/konto/dane-uczestnika/"


def setup_of(project, **fields):
    given = {
        "profile": "sl2014",
        "fields": list(ASKED),
        "purpose": "Rozliczenie projektu",
        "legal_basis": "art. 6 ust. 1 lit. c RODO",
    } | fields
    return ParticipantDataSetup(project=project, **given)


def give(browse, person, project, **more):
    return browse(person).post(f"{OWN}{project.pk}/", GIVEN | more)


def page_of(project, person):
    return f"/dane-uczestnikow/{project.pk}/{person.pk}/"


def read_page(client, project, person, **more):
    return client.post(page_of(project, person), {"reason": "Korekta sprawozdania", **more})


def confirmed(client):
    """Let the client's person have given the password a moment ago."""
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    return client
