"""What the demonstration's current project asks of its participants, and a second account of one of them."""

from jst.duplicates import find_duplicates
from jst.models import ParticipantDataSetup
from jst.participants import read, save_answers, set_up

FIELDS = [
    "citizenship",
    "sex",
    "age",
    "education",
    "voivodeship",
    "county",
    "gmina",
    "town",
    "postcode",
    "phone",
    "labour_status",
    "labour_detail",
    "foreign_origin",
    "minority",
    "homeless",
    "disability",
]
PURPOSE = "Rozliczenie projektu i sprawozdanie o jego uczestnikach (dane pokazowe)."
LEGAL_BASIS = "Przykład do zastąpienia: art. 6 ust. 1 lit. c i art. 9 ust. 2 lit. g RODO."
GIVEN = {
    "citizenship": "Obywatelstwo polskie",
    "sex": "Kobieta",
    "age": "47",
    "education": "Wyższe (ISCED 5–8)",
    "voivodeship": "mazowieckie",
    "town": "Nowa Wieś",
    "postcode": "00-000",
    "phone": "600 000 000",
    "labour_status": "Osoba pracująca",
    "foreign_origin": "Nie",
    "homeless": "Nie",
}


def build(demo, project):
    """The lead has given most of what is asked, the others nothing yet; ORE has read it once."""
    setup = ParticipantDataSetup(
        project=project,
        profile="sm_efs",
        fields=FIELDS,
        purpose=PURPOSE,
        legal_basis=LEGAL_BASIS,
    )
    lead, coordinator = demo.people["lead"], demo.people["coordinator"]
    demo.later(demo.at(178, 9), set_up, setup, by=coordinator)
    answers = {name: ("given", value) for name, value in GIVEN.items()}
    answers["disability"] = ("refused", "")
    demo.later(demo.at(150, 12), save_answers, lead, project, answers, by=lead)
    reason = "Korekta sprawozdania za kwartał"
    demo.later(demo.at(60, 13), read, lead, project, list(GIVEN), reason=reason, by=coordinator)
    # The signatory got a second account when the office changed its addresses.
    one = demo.people["signatory"]
    email = one.email.replace("@", "2@")
    demo.person(email, one.first_name, one.last_name, date_joined=demo.at(30))
    demo.later(demo.at(1, 8), search)


def search(*, at):
    find_duplicates()
