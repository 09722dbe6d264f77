"""Made-up people for the demonstration: common names, drawn by the demo's chance, never twice the same."""

from jst.models import TeamMembership
from jst.spelling import folded

WOMEN = (
    "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Magdalena Elżbieta Joanna Krystyna Monika Zofia "
    "Teresa Danuta Beata Iwona Renata Justyna Dorota Halina Jolanta Urszula Bożena Aleksandra Sylwia Hanna "
    "Marta Lucyna Wiesława"
).split()
MEN = (
    "Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Stanisław Jakub Adam Marek Łukasz Grzegorz "
    "Mateusz Wojciech Mariusz Dariusz Zbigniew Jerzy Maciej Rafał Robert Kamil Jacek Dawid Artur Henryk "
    "Ryszard Leszek"
).split()
# The masculine form; those in -ski, -cki and -dzki have a feminine one.
SURNAMES = (
    "Nowak Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Kozłowski Jankowski Mazur "
    "Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Pawłowski Michalski Król Wieczorek Jabłoński "
    "Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Pawlak Górski Witkowski "
    "Walczak Sikora Rutkowski Baran Michalak Szewczyk Ostrowski Tomaszewski Pietrzak Zalewski Wróblewski "
    "Marciniak Jasiński Zawadzki Bąk Sadowski Duda Chmielewski Włodarczyk Borkowski Czarnecki Sawicki "
    "Sokołowski Urbański Kubiak Maciejewski Szczepański Kucharski Wilk Kalinowski Lis Mazurek Wysocki "
    "Adamski Kaźmierczak Wasilewski Sobczak Czerwiński Andrzejewski Cieślak Głowacki Zakrzewski Kołodziej "
    "Sikorski Krajewski Gajewski Szymczak Szulc Baranowski Laskowski Brzeziński Makowski Ziółkowski"
).split()

MANAGERIAL, OPERATIONAL, DIRECTOR = TeamMembership.RoleKind.values

# Kind of unit → the functions of its team, in the order in which the team is filled.
FUNCTIONS = {
    "GW": [
        ("inspektor do spraw oświaty", OPERATIONAL),
        ("dyrektor szkoły podstawowej", DIRECTOR),
        ("zastępca wójta", MANAGERIAL),
        ("skarbnik gminy", MANAGERIAL),
    ],
    "GM": [
        ("naczelnik wydziału edukacji", MANAGERIAL),
        ("doradca metodyczny", OPERATIONAL),
        ("sekretarz miasta", MANAGERIAL),
        ("dyrektor szkoły podstawowej", DIRECTOR),
    ],
    "GMW": [
        ("kierownik referatu oświaty", MANAGERIAL),
        ("dyrektor szkoły podstawowej", DIRECTOR),
        ("zastępca burmistrza", MANAGERIAL),
        ("inspektor do spraw finansów oświaty", OPERATIONAL),
    ],
    "P": [
        ("naczelnik wydziału edukacji", MANAGERIAL),
        ("dyrektor technikum", DIRECTOR),
        ("wicestarosta", MANAGERIAL),
        ("pracownik poradni psychologiczno-pedagogicznej", OPERATIONAL),
    ],
}
FUNCTIONS["MNP"] = FUNCTIONS["GM"]


class People:
    """Makes people with names that nobody else has; their addresses tell the office they work in."""

    def __init__(self, demo):
        self.demo = demo
        self.taken = {person.get_full_name() for person in demo.people.values()}

    def person(self, office, joined):
        """Return a new person of `office`, who got an account at `joined`."""
        first, last = self.name()
        email = f"{address(first)}.{address(last)}@{address(office)}.demo.example"
        return self.demo.person(email, first, last, date_joined=joined)

    def name(self):
        chance = self.demo.random
        while True:
            woman = chance.random() < 0.65
            first = chance.choice(WOMEN if woman else MEN)
            last = chance.choice(SURNAMES)
            if woman and last.endswith(("ski", "cki", "dzki")):
                last = f"{last[:-1]}a"
            if f"{first} {last}" not in self.taken:
                self.taken.add(f"{first} {last}")
                return first, last


def address(word):
    return folded(word).replace(" ", "-")
