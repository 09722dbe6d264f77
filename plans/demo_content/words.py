"""The words of one unit: how it is called in each case, its people, its years and its numbers.

Texts have places for them, such as {gminy} or {rok1}; {los:10-30-5} is a number from 10 to 30, every five.
"""

from django.utils.formats import number_format

# Unit (nominative, genitive), "of ours", head (nominative, genitive), office
# (nominative, genitive, locative), council (nominative, genitive, accusative), education officer,
# department, house of culture, library (locative), board.
FORMS = (
    *("gmina", "gminy", "naszej", "wojt", "wojta", "urzad", "urzedu", "urzedzie"),
    *("rada", "rady", "rade", "inspektor", "referat", "dom_kultury", "bibliotece", "zarzad"),
)
BY_KIND = {
    "GW": (
        *("gmina", "gminy", "naszej gminy", "wójt", "wójta", "urząd gminy", "urzędu gminy", "urzędzie gminy"),
        *("Rada Gminy", "Rady Gminy", "Radę Gminy", "inspektor do spraw oświaty", "referat oświaty"),
        *("gminny ośrodek kultury", "bibliotece gminnej", "wójt"),
    ),
    "GMW": (
        *("gmina", "gminy", "naszej gminy", "burmistrz", "burmistrza"),
        *("urząd miejski", "urzędu miejskiego", "urzędzie miejskim"),
        *("Rada Miejska", "Rady Miejskiej", "Radę Miejską", "kierownik referatu oświaty", "referat oświaty"),
        *("miejsko-gminny ośrodek kultury", "bibliotece publicznej", "burmistrz"),
    ),
    "GM": (
        *("miasto", "miasta", "naszego miasta", "burmistrz", "burmistrza"),
        *("urząd miasta", "urzędu miasta", "urzędzie miasta"),
        *("Rada Miejska", "Rady Miejskiej", "Radę Miejską", "naczelnik wydziału edukacji"),
        *("wydział edukacji", "miejski dom kultury", "bibliotece miejskiej", "burmistrz"),
    ),
    "MNP": (
        *("miasto", "miasta", "naszego miasta", "prezydent miasta", "prezydenta miasta"),
        *("urząd miasta", "urzędu miasta", "urzędzie miasta"),
        *("Rada Miasta", "Rady Miasta", "Radę Miasta", "naczelnik wydziału edukacji"),
        *("wydział edukacji", "miejski dom kultury", "bibliotece miejskiej", "prezydent miasta"),
    ),
    "P": (
        *("powiat", "powiatu", "naszego powiatu", "starosta", "starosty"),
        *("starostwo", "starostwa", "starostwie"),
        *("Rada Powiatu", "Rady Powiatu", "Radę Powiatu", "naczelnik wydziału edukacji"),
        *("wydział edukacji", "młodzieżowy dom kultury", "bibliotece powiatowej", "zarząd powiatu"),
    ),
}
# What a unit of each kind is in the lists of fragments: rural, urban, county.
LETTER = {"GW": "R", "GMW": "R", "GM": "M", "MNP": "M", "P": "P"}

# Towns without county rights whose head is a president all the same.
PRESIDENTS = frozenset({"061401", "100201", "241602"})

# Kind of school → one (accusative), two to four, five and more.
SCHOOL_FORMS = {
    "Szkoła podstawowa": ("szkołę podstawową", "szkoły podstawowe", "szkół podstawowych"),
    "Przedszkole": ("przedszkole", "przedszkola", "przedszkoli"),
    "Liceum ogólnokształcące": (
        *("liceum ogólnokształcące", "licea ogólnokształcące", "liceów ogólnokształcących"),
    ),
    "Technikum": ("technikum", "technika", "techników"),
    "Branżowa szkoła I stopnia": (
        *("branżową szkołę I stopnia", "branżowe szkoły I stopnia", "branżowych szkół I stopnia"),
    ),
    "Poradnia psychologiczno-pedagogiczna": (
        *("poradnię psychologiczno-pedagogiczną", "poradnie psychologiczno-pedagogiczne"),
        "poradni psychologiczno-pedagogicznych",
    ),
    "Specjalny ośrodek szkolno-wychowawczy": (
        *("specjalny ośrodek szkolno-wychowawczy", "specjalne ośrodki szkolno-wychowawcze"),
        "specjalnych ośrodków szkolno-wychowawczych",
    ),
    "Młodzieżowy dom kultury": (
        *("młodzieżowy dom kultury", "młodzieżowe domy kultury", "młodzieżowych domów kultury"),
    ),
}
TEAM = {2: "dwuosobowy", 3: "trzyosobowy", 4: "czteroosobowy", 5: "pięcioosobowy"}
MONTHS = (
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
).split()


class Draw:
    """A number by chance, for {los:10-30} or {los:10-30-5}."""

    def __init__(self, chance):
        self.chance = chance

    def __format__(self, limits):
        low, high, *step = (int(part) for part in limits.split("-"))
        return str(self.chance.randrange(low, high + 1, *step))


def words_of(jst, *, schools, team, first_year, last_year, since, until, exam, chance):
    """Return the words of a unit whose team of `team` people worked on the plan from `since` to `until`."""
    kind = "MNP" if jst.code in PRESIDENTS else jst.kind
    found = dict(zip(FORMS, BY_KIND[kind], strict=True))
    pupils = sum(school.pupils or 0 for school in schools)
    exam = "egzamin maturalny" if jst.kind == "P" else exam
    found |= {
        "nazwa": f"{found['gmina']} {jst.name}",
        "egzamin": exam,
        "egzaminu": exam.replace("egzamin ", "egzaminu ").replace("alny", "alnego"),
        "osob": TEAM[team],
        "miesiac_od": MONTHS[since.month - 1],
        "miesiac_do": MONTHS[until.month - 1],
        "uczniow": number_format(pupils, use_l10n=True, force_grouping=True),
        "najmniej": min(
            school.pupils for school in schools if school.pupils and "rzedszk" not in school.kind
        ),
        "nauczycieli": max(25, round(pupils / 9.4 / 5) * 5),
        "szkoly_prowadzone": in_words(schools),
        "szkoly_prowadzone_l": f"{len(schools)} szkołach i placówkach",
        "rok_k": last_year,
        "rs0": f"{first_year - 2}/{first_year - 1}",
        "rs3": f"{first_year + 2}/{first_year + 3}",
        "los": Draw(chance),
    }
    found |= {f"rok{number}": first_year - 1 + number for number in range(6)}
    capitals = {
        word[0].upper() + word[1:]: found[word][0].upper() + found[word][1:]
        for word in ("nazwa", "egzamin", "osob", "urzad")
    }
    return found | capitals


def in_words(schools):
    """Return how many schools of each kind, as the object of “prowadzi”."""
    counts = {}
    for school in schools:
        counts[school.kind] = counts.get(school.kind, 0) + 1
    parts = [counted(counts[kind], SCHOOL_FORMS[kind]) for kind in SCHOOL_FORMS if kind in counts]
    return " i ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def counted(number, forms):
    one, few, many = forms
    if number == 1:
        return one
    is_few = number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14)
    return f"{number} {few if is_few else many}"


def worded(value, words):
    """Return the data with every text in the words of the unit."""
    if isinstance(value, dict):
        return {key: worded(item, words) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [worded(item, words) for item in value]
    return value.format_map(words).strip() if isinstance(value, str) else value
