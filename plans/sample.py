"""A sample form of the plan and sample criteria: ORE's own were not published (domain.md, "Not found").

Data in Polish, meant to be read and replaced by staff; every name says that it is a sample.
"""

from django.db import transaction
from django.utils import timezone

from plans.models import Challenge, CriteriaSet, Criterion, KeyCompetence, PlanTemplate, TemplateSection

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
        by_label = {criterion.label: criterion for criterion in criteria.criteria.all()}
        TemplateSection.objects.bulk_create(
            TemplateSection(
                template=template,
                position=position,
                key=key,
                kind=kind,
                title=title,
                help=text,
                word_limit=limit,
                criterion=by_label[criterion],
                in_narrow=in_narrow,
                required_narrow=required_narrow,
                required_wide=key != "evidence",
            )
            for position, (key, kind, title, text, limit, criterion, in_narrow, required_narrow) in enumerate(
                SECTIONS
            )
        )
    return template, criteria


def load_challenges():
    """Create what is missing of the sample of challenges; return all of them."""
    for position, label in enumerate(CHALLENGES):
        Challenge.objects.get_or_create(label=label, defaults={"position": position, "is_sample": True})
    return list(Challenge.objects.filter(label__in=CHALLENGES))
