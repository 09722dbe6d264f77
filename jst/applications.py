"""Filling an application in and sending it: a lenient draft, a strict and single sending.

Every save claims the draft first: what was sent never changes, whichever of two requests comes first.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.models import Application, ApplicationPerson, ApplicationSchool, Call, School
from jst.permissions import is_applicant
from jst.recruitment_times import not_open
from jst.workflow import APPLICATION
from portal.models import ChainHead
from portal.models.user import normal_email
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError

CONTACT = ("contact_name", "contact_function", "contact_email", "contact_phone", "reasons", "statement")


def begin(call, *, by):
    """Return the person's draft for this call, a new one where there is none."""
    with transaction.atomic():
        if by.is_staff:
            raise NotAllowed(_("People who work at ORE decide about applications: they send none."))
        if sentences := list(not_open(call)):
            raise TransitionError(*sentences)
        # Held, so that two presses of the button find one draft.
        ChainHead.hold()
        mine = Application.objects.filter(call=call, applicant=by)
        if found := mine.filter(status=Application.Status.DRAFT).first():
            return found
        if sent := mine.exclude(status=Application.Status.WITHDRAWN).first():
            return sent
        contact = {"contact_name": by.get_full_name(), "contact_email": by.email}
        return Application.objects.create(call=call, applicant=by, **contact)


def hold_draft(application, by):
    """Take the draft for this transaction: raises where it is not the person's, was sent, or is too late."""
    if not is_applicant(by, application):
        raise NotAllowed(_("Only the person who began the application fills it in."))
    if not Application.objects.claim(application, {Application.Status.DRAFT}):
        raise AlreadyMoved(_("The application has been sent and cannot be changed."))
    if sentences := list(not_open(application.call)):
        raise TransitionError(*sentences)


@transaction.atomic
def choose_unit(application, jst, *, by):
    """Say which unit applies; schools declared for another unit are dropped."""
    hold_draft(application, by)
    application.jst = jst
    application.save(update_fields=["jst"])
    application.schools.exclude(school__authority=jst).delete()


def schools_to_declare(jst):
    """The schools of the unit's own list: open ones, the parts of a complex and never the complex."""
    if jst is None:
        return School.objects.none()
    return School.objects.filter(authority=jst).open().counted()


@transaction.atomic
def declare_schools(application, schools, *, by):
    """Declare exactly these schools; what is not on the unit's own list is left out."""
    hold_draft(application, by)
    own = schools_to_declare(application.jst).filter(pk__in=[school.pk for school in schools])
    application.schools.all().delete()
    ApplicationSchool.objects.bulk_create(
        ApplicationSchool(application=application, school=school) for school in own
    )


@transaction.atomic
def declare_people(application, people, *, by):
    """Declare exactly these people: dicts of the fields of `ApplicationPerson`."""
    hold_draft(application, by)
    application.people.all().delete()
    ApplicationPerson.objects.bulk_create(
        ApplicationPerson(
            application=application,
            position=place,
            **person | {"email": normal_email(person["email"])},
        )
        for place, person in enumerate(people, start=1)
    )


@transaction.atomic
def give_reasons(application, *, by, **given):
    """Keep the reasons, the contact person and the statement."""
    hold_draft(application, by)
    for name in CONTACT:
        setattr(application, name, given[name])
    application.save(update_fields=CONTACT)


def send(application, *, by, at=None):
    """Send the application: once, with the next number of the call, and not after the bell.

    The clock is read when it is this application's turn to be numbered, so that the order of numbers, the
    times of sending and the bell never contradict each other. `at` is for the demo only.
    """
    with transaction.atomic():
        ChainHead.hold()
        at = at or timezone.now()
        call = Call.objects.get(pk=application.call_id)
        if sentences := list(not_open(call, at)):
            raise TransitionError(*sentences)
        return APPLICATION.perform(application, "send", by=by, at=at)


def withdraw(application, *, by, reason="", at=None):
    """Withdraw an application that was sent; the unit may send another while the call is open."""
    return APPLICATION.perform(application, "withdraw", by=by, comment=reason, at=at)
