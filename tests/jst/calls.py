"""What the tests of recruitment share: calls of the cast's edition, applications sent and decided."""

from datetime import timedelta

from django.utils import timezone

from jst import applications, deciding, offers
from jst.models import Application, Call, ScoringCriterion
from tests.factories import ApplicationFactory, CallFactory


def open_call(cast, **fields):
    return CallFactory(edition=cast.participation.edition, **fields)


def sent(call, **fields):
    """An application that was sent."""
    application = ApplicationFactory(call=call, **fields)
    applications.send(application, by=application.applicant)
    return fresh(application)


def fresh(application):
    return Application.objects.select_related("call__edition", "jst", "applicant").get(pk=application.pk)


def close(call):
    """Let the call be closed since an hour."""
    Call.objects.filter(pk=call.pk).update(closes=timezone.now() - timedelta(hours=1))
    call.refresh_from_db()


def scored(application, by, points=5):
    criteria = list(application.call.criteria.all())
    if not criteria:
        criteria = [ScoringCriterion.objects.create(call=application.call, label="Potrzeby", max_points=10)]
    deciding.score(application, dict.fromkeys(criteria, (points, "Jasno opisane.")), by=by)


def decided(application, outcome, by, **fields):
    """An application scored, decided and released."""
    scored(application, by)
    given = {"reason": "Uzasadnienie decyzji."} | fields
    decision = deciding.prepare(application, outcome=outcome, by=by, **given)
    deciding.release([decision], by=by)
    return fresh(application)


def offered(cast, call):
    """An application from the reserve list to which a place is offered."""
    application = decided(sent(call), "reserve", cast.coordinator)
    offers.offer_next(call, to=application.pk, by=cast.coordinator)
    return fresh(application)
