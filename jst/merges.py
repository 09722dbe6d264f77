"""Making two accounts of one person one: nothing is deleted, history stays as it was written.

What happens to each relation to a person is said by the `merging.py` of every app. The closed account keeps
its row, for events name it; it can no longer sign in. A merge cannot be taken back: what people do with the
kept account afterwards could not be told apart truthfully. So its effect is shown before it is made.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from jst.models import DistinctPeople, LikelyDuplicate, MergedPerson, ParticipantData
from jst.participant_fields import PESEL
from jst.permissions import is_administrator
from portal import conventions
from portal.memory import forget
from portal.merging import MOVE, REFUSE
from portal.models import ChainHead, User
from portal.models.user import SYSTEM_EMAIL
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError, note

# What is chosen field by field, from the kept or from the closed account.
CHOSEN = ("first_name", "last_name", "email")


@dataclass(frozen=True)
class Effect:
    """What happens to the rows of one relation."""

    relation: str
    treatment: str
    name: str
    field: str
    count: int


# --- Relations ----------------------------------------------------------------------------------


def relations():
    """Return every relation to a person: `app.Model.field` → the field, hidden ones and join tables too."""
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model is User
    }


def treatments():
    """Return relation → treatment, as the apps say."""
    return {relation: found[0] for relation, found in conventions.merged("merging", "RELATIONS").items()}


def effects(drop):
    """Return what happens to each relation in which the account to be closed has rows."""
    found, said = [], treatments()
    for relation, field in relations().items():
        count = field.model._base_manager.filter(**{field.name: drop}).count()
        if count:
            names = (str(field.model._meta.verbose_name_plural), str(field.verbose_name))
            found.append(Effect(relation, said.get(relation, REFUSE), *names, count))
    return sorted(found, key=lambda effect: (effect.treatment != MOVE, effect.relation))


def obstacles(keep, drop):
    """Give every sentence that forbids closing `drop` in favour of `keep`."""
    if keep.pk == drop.pk:
        return [_("Choose two accounts.")]
    if SYSTEM_EMAIL in {keep.email, drop.email} or keep.is_superuser or drop.is_superuser:
        return [_("Technical accounts are not merged.")]
    if not (keep.is_active and drop.is_active):
        return [_("One of the accounts is closed already.")]
    found = [
        sentence for told in conventions.offered("merging", "obstacles") for sentence in told(keep, drop)
    ]
    for effect in effects(drop):
        if effect.treatment == REFUSE:
            sentence = _("The account to be closed has rows that cannot move: %(name)s (%(count)d).")
            found.append(sentence % {"name": effect.name, "count": effect.count})
    return found


# --- Verbs --------------------------------------------------------------------------------------


def merge(keep, drop, fields, *, by):
    """Close `drop` in favour of `keep`; `fields` names which of `CHOSEN` are taken from the closed account.

    Raises NotAllowed or TransitionError; then nothing has changed. Returns the `MergedPerson`.
    """
    with transaction.atomic():
        ChainHead.hold()
        require_administrator(by)
        pair = {person.pk: person for person in User.objects.filter(pk__in=[keep.pk, drop.pk])}
        keep, drop = pair[keep.pk], pair[drop.pk]
        if sentences := obstacles(keep, drop):
            raise TransitionError(*sentences)
        taken = [name for name in CHOSEN if name in set(fields)]
        moved = {**move_rows(keep, drop), **move_data(keep, drop)}
        close(keep, drop, taken)
        forget_pairs(drop)
        merged = MergedPerson(kept=keep, dropped=drop)
        note("jst.person.merge", by=by, about=merged, data={"fields": taken, "moved": moved})
    return merged


def move_rows(keep, drop):
    """Give the rows that move to the kept account; return relation → their keys."""
    moved, fields = {}, relations()
    for effect in effects(drop):
        if effect.treatment == MOVE:
            field = fields[effect.relation]
            rows = field.model._base_manager.filter(**{field.name: drop})
            moved[effect.relation] = sorted(rows.values_list("pk", flat=True))
            rows.update(**{field.name: keep})
    return moved


def move_data(keep, drop):
    """Give the kept account what it has not answered itself, project by project; its own answers stand."""
    moved = {}
    for data in ParticipantData.objects.filter(person=drop):
        own, _created = ParticipantData.objects.get_or_create(person=keep, project_id=data.project_id)
        lacking = dict(data.values.exclude(field__in=own.values.values("field")).values_list("field", "pk"))
        if lacking:
            moved.setdefault("jst.ParticipantValue.data", []).extend(sorted(lacking.values()))
        data.values.filter(pk__in=lacking.values()).update(data=own)
        if PESEL in lacking:
            own.pesel_index, data.pesel_index = data.pesel_index, ""
        own.save()
        data.save()
    return moved


def close(keep, drop, taken):
    """Take the chosen fields over and close the account; a proven address of it leads to the kept one."""
    for name in ("first_name", "last_name"):
        if name in taken:
            setattr(keep, name, getattr(drop, name))
    if "email" in taken:
        require_proven(drop)
        theirs, mine = drop.email, keep.email
        drop.email = f"merged-{drop.pk}@portal.invalid"
        drop.save(update_fields=["email"])
        keep.email, drop.email = theirs, mine
    keep.save(update_fields=["first_name", "last_name", "email"])
    drop.is_active = drop.is_staff = False
    drop.set_unusable_password()
    drop.save(update_fields=["is_active", "is_staff", "password", "email"])
    EmailAddress.objects.filter(user=drop, verified=True).update(user=keep, primary=False)
    if "email" in taken:
        EmailAddress.objects.filter(user=keep).update(primary=False)
        EmailAddress.objects.filter(user=keep, email=keep.email).update(primary=True)


def require_proven(person):
    if not EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists():
        raise TransitionError(
            _("The address %s was never proven by a letter. Keep the other one.") % person.email
        )


def mark_distinct(one, other, *, by):
    """Record that two accounts belong to two people: the pair is not offered again."""
    with transaction.atomic():
        ChainHead.hold()
        require_administrator(by)
        first, second = sorted([one, other], key=lambda person: person.pk)
        if DistinctPeople.objects.filter(first=first, second=second).exists():
            raise AlreadyMoved(_("This has changed in the meantime. Check where it stands now."))
        LikelyDuplicate.objects.filter(first=first, second=second).delete()
        distinct = DistinctPeople(first=first, second=second)
        note("jst.person.distinguish", by=by, about=distinct)
    return distinct


def forget_pairs(person):
    LikelyDuplicate.objects.filter(first=person).delete()
    LikelyDuplicate.objects.filter(second=person).delete()


def require_administrator(by):
    forget()
    if not is_administrator(by):
        raise NotAllowed(_("Only ORE's administrators merge accounts."))
