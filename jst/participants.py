"""Data of participants: what a project collects, how a person gives it, who else may read it.

Everything given is encrypted and nothing of it is in an event. A person reads their own data freely; every
reading by somebody else leaves an `AccessRecord`, written before the values are handed out. `at` is another
time than now: for the demo only.
"""

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst.models import (
    Edition,
    FieldOption,
    JstEvent,
    ParticipantData,
    ParticipantDataSetup,
    ParticipantValue,
    TeamMembership,
)
from jst.participant_fields import BY_NAME, OPTIONS, ORDINARY, PESEL
from jst.permissions import is_coordinator
from jst.teams import require_coordinator
from portal.encryption import decrypt, encrypt, keyed_index
from portal.memory import forget
from portal.models import AccessRecord, ChainHead, User
from portal.workflow import NotAllowed, TransitionError, note

GIVEN, REFUSED, NONE = ParticipantValue.Answer


# --- What is collected --------------------------------------------------------------------------


def set_up(setup, *, by, erase=False, at=None):
    """Say which data the project collects; `setup` is not saved yet, or changed and not saved.

    What was given in a field that is switched off is erased, which has to be said: `erase`.
    """
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        known = {field.name for field in ORDINARY}
        setup.fields = [field.name for field in ORDINARY if field.name in set(setup.fields) & known]
        refuse_unfounded(setup)
        erased = erase_switched_off(setup, erase)
        setup.save()
        load_options(setup)
        fields = [field.name for field in setup.switched_on()]
        data = {"project": setup.project_id, "profile": setup.profile, "fields": fields, "erased": erased}
        comment = setup.pesel_basis if setup.pesel else ""
        note("jst.data.setup", by=by, about=JstEvent(), data=data, comment=comment, at=at)
    return setup


def refuse_unfounded(setup):
    """Nothing is collected without a purpose and a law; PESEL only where a law names it."""
    setup.pesel_basis = setup.pesel_basis.strip()
    if not (setup.purpose.strip() and setup.legal_basis.strip()):
        raise TransitionError(_("Give the purpose and the legal basis: participants read them."))
    if setup.pesel and not setup.pesel_basis:
        raise TransitionError(_("Give the provision that allows collecting PESEL, or leave it off."))


def erase_switched_off(setup, erase):
    """Erase what was given in fields that are not asked any more; return how many answers."""
    names = [field.name for field in setup.switched_on()]
    rows = ParticipantValue.objects.filter(data__project=setup.project_id).exclude(field__in=names)
    count = rows.count()
    if count and not erase:
        sentence = ngettext(
            "%d answer was given in what you switch off. Confirm that it is to be erased.",
            "%d answers were given in what you switch off. Confirm that they are to be erased.",
            count,
        )
        raise TransitionError(sentence % count)
    rows.delete()
    if not setup.pesel:
        ParticipantData.objects.filter(project=setup.project_id).update(pesel_index="")
    return count


def load_options(setup):
    """Write out the answers to choose from where this version of the profile has none yet."""
    wanted = {"profile": setup.profile, "version": setup.dictionary}
    if FieldOption.objects.filter(**wanted).exists():
        return
    FieldOption.objects.bulk_create(
        FieldOption(**wanted, field=name, value=value, position=position)
        for name, values in OPTIONS[setup.profile].items()
        for position, value in enumerate(values)
    )


def options_of(setup):
    """Return field → the answers to choose from."""
    rows = FieldOption.objects.filter(profile=setup.profile, version=setup.dictionary, offered=True)
    found = {}
    for name, value in rows.order_by("position", "pk").values_list("field", "value"):
        found.setdefault(name, []).append(value)
    return found


# --- One's own data -----------------------------------------------------------------------------


def answers_of(person, project):
    """Return field → (answer, value) as the person gave them. For the person alone: others use `read`."""
    rows = ParticipantValue.objects.filter(data__person=person, data__project=project)
    return {row.field: (row.answer, decrypt(row.token) if row.token else "") for row in rows}


def save_answers(person, project, answers, *, by, at=None):
    """Keep what a person gives about themselves: field → (answer, value), or None where it is taken back.

    Fields that are not named stay as they were; those that the project does not ask are refused.
    """
    with transaction.atomic():
        ChainHead.hold()
        forget()
        setup = ParticipantDataSetup.objects.asking(person).filter(project=project).first()
        if by != person or setup is None:
            raise NotAllowed(_("Only the participants themselves give these data."))
        if set(answers) - {field.name for field in setup.switched_on()}:
            raise TransitionError(_("The project no longer asks some of this. Read the page again."))
        data, _created = ParticipantData.objects.get_or_create(person=person, project=project)
        changed = [name for name, given in answers.items() if keep(data, name, given)]
        if not changed:
            return data
        if PESEL in changed:
            data.pesel_index = index_of(answers[PESEL])
        data.save()
        about = {"participant_data": data.pk, "fields": sorted(changed)}
        note("jst.data.save", by=by, about=JstEvent(), data=about, at=at)
    return data


def keep(data, name, given):
    """Write one answer; return whether it differs from the one before."""
    row = ParticipantValue.objects.filter(data=data, field=name).first()
    before = (row.answer, decrypt(row.token) if row.token else "") if row else None
    if given == before:
        return False
    if given is None:
        row.delete()
        return True
    answer, value = given
    if answer == REFUSED and not BY_NAME[name].sensitive:
        raise TransitionError(_("This answer cannot be refused: %s.") % BY_NAME[name].label)
    token = encrypt(value) if answer == GIVEN else ""
    ParticipantValue.objects.update_or_create(
        data=data, field=name, defaults={"answer": answer, "token": token}
    )
    return True


def index_of(given):
    answer, value = given or (NONE, "")
    return keyed_index(PESEL, value) if answer == GIVEN else ""


# --- Reading by others --------------------------------------------------------------------------


def participants(project, user):
    """The people of the project's teams, then or now, whose data `user` may read."""
    editions = Edition.objects.filter(project=project)
    if not is_coordinator(user):
        editions = editions.of_operator(user) if user.is_authenticated else editions.none()
    teams = TeamMembership.objects.filter(person=OuterRef("pk"), participation__edition__in=editions)
    return User.objects.filter(Exists(teams), is_active=True)


def read(person, project, names, *, reason, by, at=None):
    """Return field → (answer, value) of another person; the reading is recorded first.

    Raises NotAllowed, or TransitionError where no reason is given.
    """
    with transaction.atomic():
        ChainHead.hold()
        forget()
        if not participants(project, by).filter(pk=person.pk).exists():
            raise NotAllowed(_("You may not read the data of this person."))
        if not reason.strip():
            raise TransitionError(_("Give a reason."))
        names = sorted(set(names))
        record = AccessRecord(person=person, matter=project.number, fields=names)
        note("jst.data.read", by=by, about=record, comment=reason.strip(), at=at)
        found = answers_of(person, project)
    return {name: found[name] for name in names if name in found}


# --- Whose data are missing ---------------------------------------------------------------------


def answered(people, project):
    """Return person → names of the fields that they answered, refusals included; no values."""
    rows = ParticipantValue.objects.filter(data__project=project, data__person__in=people)
    found = {}
    for person, name in rows.values_list("data__person", "field"):
        found.setdefault(person, set()).add(name)
    return found


def stated(person, project):
    """Return field → kind of answer: given, refused, or that there is none; no values."""
    rows = ParticipantValue.objects.filter(data__person=person, data__project=project)
    return dict(rows.values_list("field", "answer"))


def with_gaps(people, setup):
    """Those of `people` who have not answered everything without which they cannot be reported."""
    names = [field.name for field in setup.needed()]
    if not names:
        return people.none()
    answers = ParticipantData.objects.filter(project=setup.project_id, values__field__in=names)
    counted = answers.annotate(answered=Count("values"))
    return people.exclude(pk__in=counted.filter(answered=len(names)).values("person"))
