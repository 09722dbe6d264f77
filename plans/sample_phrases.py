"""Sample remarks that every expert may insert; each says that it is a sample; staff keep them."""

from plans.models import RemarkPhrase

# Short name, kind, section it suits, text.
PHRASES = [
    (
        "Brak wskaźnika celu",
        "missing",
        "indicators",
        "Cel „…” nie ma wskaźnika. Prosimy dopisać wskaźnik z wartością bazową, docelową i źródłem danych.",
    ),
    (
        "Brak wniosków z debaty",
        "missing",
        "debate",
        "Brakuje wniosków z debaty oświatowej. Prosimy dopisać, co z niej wynika dla celu „…”.",
    ),
    (
        "Dane nieaktualne",
        "outdated",
        "",
        "Dane o … pochodzą z roku …. Prosimy podać najnowsze dostępne i ich źródło.",
    ),
    (
        "Zadanie bez szkoły",
        "wrong",
        "actions",
        "Zadanie „…” nie wskazuje szkół. Prosimy je dopisać albo wyjaśnić, dlaczego dotyczy wszystkich.",
    ),
    (
        "Kwoty się nie zgadzają",
        "wrong",
        "budget",
        "Suma kosztów zadań w roku … różni się od kwoty w budżecie. Prosimy uzgodnić obie.",
    ),
    (
        "Warto dodać przykład",
        "suggestion",
        "",
        "Warto dodać przykład …, który pokaże, jak … zmieni pracę szkół.",
    ),
]


def load_phrases():
    """Create what is missing of the sample."""
    for title, kind, section, body in PHRASES:
        words = {"kind": kind, "section": section, "body": body}
        RemarkPhrase.objects.get_or_create(owner=None, title=f"{title} (przykład)", defaults=words)
