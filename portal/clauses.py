"""Information clauses: writing the next version, and saying that one was read."""

from django.db import transaction
from django.db.models import Max

from portal.models import ClauseReading, InformationClause, User

# Set in the session once the page was shown: it stands before other pages once, not every time.
SHOWN = "clauses_shown"


def publish(clause):
    """Store the next version of a clause; `clause` is not saved yet."""
    with transaction.atomic():
        before = InformationClause.objects.filter(purpose=clause.purpose).aggregate(latest=Max("version"))
        clause.version = (before["latest"] or 0) + 1
        clause.save(force_insert=True)
    return clause


def read(person, clauses):
    """Record that the person was shown these clauses; what was read before stays as it was."""
    ClauseReading.objects.bulk_create(
        [ClauseReading(person=person, clause=clause) for clause in clauses], ignore_conflicts=True
    )


def read_by_all(clause):
    """Record that everybody who has an account was told this elsewhere, as in the demo."""
    ClauseReading.objects.bulk_create(
        [ClauseReading(person=person, clause=clause) for person in User.objects.all()], batch_size=1000
    )


def are_due(request):
    """Whether the page of clauses comes before the next one: something is unread and was not shown yet."""
    if request.session.get(SHOWN):
        return False
    return InformationClause.objects.unread_by(request.user).exists()
