"""A sample form of the plan and sample criteria: ORE's own were not published (domain.md, "Not found").

Data in Polish, meant to be read and replaced by staff; every name says that it is a sample.
"""

from django.db import transaction
from django.utils import timezone

from plans.models import (
    Challenge,
    CriteriaSet,
    Criterion,
    KeyCompetence,
    PlanTemplate,
    RequiredField,
    TemplateSection,
)

TEMPLATE_NAME = "Wzór przykładowy planu (do zastąpienia wzorem ORE)"
CRITERIA_NAME = "Kryteria przykładowe (do zastąpienia kryteriami ORE)"

# Label, what the expert looks for, weight.
CRITERIA = [
    ("Kompletność", "Plan ma wszystkie części wzoru, a każda mówi o tej gminie lub tym powiecie.", 1),
    (
        "Diagnoza oparta na danych",
        "Wnioski wynikają z liczb: demografii, wyników, zasobów, głosów z debaty.",
        2,
    ),
    (
        "Debata oświatowa",
        "Plan poprzedziła debata z udziałem szkół, rodziców i uczniów; są wnioski i protokół.",
        1,
    ),
    ("Logika celów", "Cel operacyjny służy celowi strategicznemu, ma zadania i wskaźniki.", 2),
    ("Kompetencje kluczowe", "Cele rozwijają nazwane kompetencje kluczowe uczniów.", 2),
    ("Wspomaganie szkół", "Jest lista szkół z harmonogramem wspomagania, od diagnozy do oceny efektów.", 2),
    ("Realny budżet", "Koszty mają rok i źródło, a środki wystarczają na zadania.", 1),
    ("Monitorowanie", "Wiadomo, kto, kiedy i na podstawie jakich danych sprawdzi postępy.", 1),
]

# Key, kind, title, help, word limit, criterion, in a narrow plan, required in a narrow plan.
N, R = TemplateSection.Kind.NARRATIVE, TemplateSection.Kind.STRUCTURED
SECTIONS = [
    (
        "wprowadzenie",
        N,
        "Wprowadzenie",
        "W kilku zdaniach: po co jest ten plan, kogo dotyczy i na jakie lata?",
        400,
        "Kompletność",
        True,
        False,
    ),
    (
        "zespol",
        N,
        "Zespół i tryb pracy",
        "Napisz, kto przygotował plan, jak zespół pracował i z kim się konsultował.",
        600,
        "Kompletność",
        True,
        True,
    ),
    (
        "debate",
        R,
        "Debata oświatowa",
        "Podaj datę i miejsce debaty, liczbę uczestników i wnioski. Protokół dodaj w załącznikach.",
        None,
        "Debata oświatowa",
        True,
        True,
    ),
    (
        "podstawy",
        N,
        "Podstawy prawne i powiązania z innymi dokumentami",
        "Wymień przepisy, uchwały i strategie (gminy, powiatu, województwa), z których plan wynika.",
        500,
        "Kompletność",
        True,
        False,
    ),
    (
        "demografia",
        N,
        "Diagnoza: demografia i sieć szkół",
        "Opisz liczbę uczniów dziś i za kilka lat, szkoły i przedszkola, dojazdy. Podaj źródła danych.",
        900,
        "Diagnoza oparta na danych",
        False,
        False,
    ),
    (
        "wyniki",
        N,
        "Diagnoza: wyniki i potrzeby uczniów",
        "Opisz wyniki egzaminów i potrzeby uczniów w kompetencjach kluczowych. Powiedz, skąd to wiadomo.",
        900,
        "Diagnoza oparta na danych",
        True,
        True,
    ),
    (
        "kadra",
        N,
        "Diagnoza: kadra i dotychczasowe wspomaganie",
        "Opisz, jak szkoły doskonaliły się do tej pory, kto im pomagał i co z tego wynikło.",
        900,
        "Diagnoza oparta na danych",
        True,
        True,
    ),
    (
        "finanse",
        N,
        "Diagnoza: finansowanie oświaty i baza szkół",
        "Opisz wydatki na oświatę i ich źródła, budynki, pracownie i sprzęt. Podaj lata i źródła danych.",
        900,
        "Diagnoza oparta na danych",
        False,
        False,
    ),
    (
        "zawodowe",
        N,
        "Diagnoza: kształcenie zawodowe i rynek pracy",
        "Dla powiatów i miast: opisz zawody, praktyki, współpracę z pracodawcami i losy absolwentów.",
        600,
        "Diagnoza oparta na danych",
        False,
        False,
    ),
    (
        "potrzeby",
        N,
        "Diagnoza: edukacja włączająca i potrzeby szczególne",
        "Opisz, ilu uczniów ma orzeczenia i opinie, jak pomagają im szkoły i poradnia oraz czego brakuje.",
        600,
        "Diagnoza oparta na danych",
        False,
        False,
    ),
    (
        "wnioski",
        N,
        "Wnioski z diagnozy",
        "Które potrzeby są najważniejsze i dlaczego? Z tych wniosków wynikają cele.",
        400,
        "Logika celów",
        True,
        False,
    ),
    (
        "swot",
        R,
        "Analiza SWOT",
        "Wpisz mocne i słabe strony oraz szanse i zagrożenia. Jedna myśl w jednym wierszu.",
        None,
        "Diagnoza oparta na danych",
        False,
        False,
    ),
    (
        "wizja",
        N,
        "Wizja",
        "W kilku zdaniach: jaka będzie oświata u Was na koniec planu?",
        250,
        "Logika celów",
        True,
        False,
    ),
    (
        "goals",
        R,
        "Cele",
        "Najpierw cele strategiczne, potem operacyjne. Każdy operacyjny rozwija kompetencje uczniów.",
        None,
        "Logika celów",
        True,
        True,
    ),
    (
        "schools",
        R,
        "Szkoły objęte wspomaganiem i harmonogram",
        "Harmonogram wspomagania jest częścią planu. Dla każdej szkoły podaj początek, obszar i kto pomaga.",
        None,
        "Wspomaganie szkół",
        True,
        True,
    ),
    (
        "actions",
        R,
        "Zadania",
        "Co zrobicie, kto za to odpowiada, kiedy, w których szkołach i ile to kosztuje w każdym roku.",
        None,
        "Logika celów",
        True,
        True,
    ),
    (
        "indicators",
        R,
        "Wskaźniki",
        "Po czym poznacie, że cel jest osiągnięty: wartość dziś, wartość docelowa i źródło danych.",
        None,
        "Logika celów",
        True,
        True,
    ),
    (
        "budget",
        R,
        "Budżet",
        "Wpisz środki zapewnione na plan w każdym roku i z każdego źródła.",
        None,
        "Realny budżet",
        True,
        False,
    ),
    (
        "risks",
        R,
        "Ryzyka",
        "Co może się nie udać i co wtedy zrobicie?",
        None,
        "Realny budżet",
        False,
        False,
    ),
    (
        "wdrazanie",
        N,
        "Wdrażanie planu",
        "Kto kieruje wdrażaniem, z kim współpracujecie (szkoły, poradnia, organizacje), kto o czym decyduje?",
        600,
        "Monitorowanie",
        True,
        False,
    ),
    (
        "monitorowanie",
        N,
        "Monitorowanie i ewaluacja",
        "Kto, kiedy i na podstawie jakich danych sprawdzi postępy? Kto zdecyduje o zmianach?",
        600,
        "Monitorowanie",
        True,
        True,
    ),
    (
        "komunikacja",
        N,
        "Komunikacja i promocja planu",
        "Jak i kiedy powiecie o planie szkołom, rodzicom, radzie i mieszkańcom?",
        400,
        "Kompletność",
        True,
        False,
    ),
    (
        "evidence",
        R,
        "Załączniki",
        "Dodaj protokół debaty i inne dokumenty, na które powołuje się plan.",
        None,
        "Debata oświatowa",
        True,
        False,
    ),
]

# Sections told at will: plans published by communes and powiats have them, ORE's programme asks for none.
AT_WILL = {
    *("wprowadzenie", "podstawy", "finanse", "zawodowe", "potrzeby", "wnioski"),
    *("wdrazanie", "komunikacja", "evidence"),
}

# (Section, rows) → the columns that a row must have before the plan is sent.
REQUIRED = {
    ("debate", "debate"): ["held_on", "conclusions"],
    ("goals", "strategic"): ["title"],
    ("goals", "operational"): ["title", "competences"],
    ("schools", "school"): ["starts", "competences"],
    ("actions", "action"): ["title", "responsible", "starts", "ends"],
    ("indicators", "indicator"): ["name", "base", "target", "source"],
    ("risks", "risk"): ["name"],
}
# A sample, as everything here: ORE sets the list.
CHALLENGES = [
    "Coraz mniej uczniów",
    "Dojazdy do szkół",
    "Edukacja włączająca",
    "Koszty sieci szkół",
    "Kształcenie zawodowe i rynek pracy",
    "Różnice w wynikach między szkołami",
    "Brak nauczycieli i specjalistów",
    "Zdrowie psychiczne dzieci i młodzieży",
]

COMPETENCES = {
    KeyCompetence.Set.EU_2006: [
        "porozumiewanie się w języku ojczystym",
        "porozumiewanie się w językach obcych",
        "kompetencje matematyczne i podstawowe kompetencje naukowo-techniczne",
        "kompetencje informatyczne",
        "umiejętność uczenia się",
        "kompetencje społeczne i obywatelskie",
        "inicjatywność i przedsiębiorczość",
        "świadomość i ekspresja kulturalna",
    ],
    KeyCompetence.Set.EU_2018: [
        "kompetencje w zakresie rozumienia i tworzenia informacji",
        "kompetencje w zakresie wielojęzyczności",
        "kompetencje matematyczne oraz kompetencje w zakresie nauk przyrodniczych, technologii i inżynierii",
        "kompetencje cyfrowe",
        "kompetencje osobiste, społeczne i w zakresie umiejętności uczenia się",
        "kompetencje obywatelskie",
        "kompetencje w zakresie przedsiębiorczości",
        "kompetencje w zakresie świadomości i ekspresji kulturalnej",
    ],
    KeyCompetence.Set.POWER: [
        "ICT",
        "matematyczno-przyrodnicze",
        "języki obce",
        "nauczanie eksperymentalne",
        "kreatywność",
        "innowacyjność",
        "praca zespołowa",
        "metody zindywidualizowanego podejścia do ucznia",
    ],
}


@transaction.atomic
def load_sample():
    """Create what is missing of the sample; return (template, criteria)."""
    for competence_set, labels in COMPETENCES.items():
        for position, label in enumerate(labels):
            KeyCompetence.objects.get_or_create(
                competence_set=competence_set, label=label, defaults={"position": position}
            )
    criteria, created = CriteriaSet.objects.get_or_create(name=CRITERIA_NAME, defaults={"is_sample": True})
    if created:
        Criterion.objects.bulk_create(
            Criterion(criteria_set=criteria, position=position, label=label, description=text, weight=weight)
            for position, (label, text, weight) in enumerate(CRITERIA)
        )
    template, created = PlanTemplate.objects.get_or_create(
        name=TEMPLATE_NAME, defaults={"is_sample": True, "published_at": timezone.now()}
    )
    if created:
        fill(template, {criterion.label: criterion for criterion in criteria.criteria.all()})
    return template, criteria


def fill(template, criteria):
    """Write the sections of the sample form, and the columns that it requires."""
    sections = TemplateSection.objects.bulk_create(
        TemplateSection(
            template=template,
            position=position,
            key=key,
            kind=kind,
            title=title,
            help=text,
            word_limit=limit,
            criterion=criteria[criterion],
            in_narrow=in_narrow,
            required_narrow=required_narrow,
            required_wide=key not in AT_WILL,
        )
        for position, (key, kind, title, text, limit, criterion, in_narrow, required_narrow) in enumerate(
            SECTIONS
        )
    )
    by_key = {section.key: section for section in sections}
    RequiredField.objects.bulk_create(
        RequiredField(section=by_key[key], row_set=rows, field=name)
        for (key, rows), names in REQUIRED.items()
        for name in names
    )


def load_challenges():
    """Create what is missing of the sample of challenges; return all of them."""
    for position, label in enumerate(CHALLENGES):
        Challenge.objects.get_or_create(label=label, defaults={"position": position, "is_sample": True})
    return list(Challenge.objects.filter(label__in=CHALLENGES))
