"""What staff say against a register: single fields of units and schools, corrected by hand.

A correction lasts: an import writes what the register says beside it (`corrected`: field → the register's
value), never over it. Whoever takes the register's value back ends it.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jst.models import Jst, JstEvent, School
from jst.permissions import may_correct
from portal.models import ChainHead
from portal.workflow import NotAllowed, TransitionError, note

# Which fields may be wrong in a register; keys (codes, numbers) and names of units follow other acts.
CORRECTABLE = {
    Jst: [
        *("office_name", "mailbox", "town", "street", "postal_code", "phone", "website"),
        *("delivery_address", "nip", "regon"),
    ],
    School: [
        *("name", "kind", "is_complex", "town", "street", "postal_code", "is_public", "pupils", "closed_on"),
    ],
}
AUTHORITY = ("authority", "authority_basis")


def correct(subject, *, by, reason, **values):
    """Give fields of a unit or school other values than the register's; return the subject as stored."""
    with transaction.atomic():
        current = held(subject, by)
        if not reason.strip():
            raise TransitionError(_("Give a reason."))
        unknown = set(values) - set(CORRECTABLE[type(current)])
        if unknown:
            raise ValueError(f"not to be corrected by hand: {sorted(unknown)}")
        changed = {name: value for name, value in values.items() if getattr(current, name) != value}
        if not changed:
            raise TransitionError(_("This is the value already."))
        for name, value in changed.items():
            put(current, name, value)
        refuse_impossible(current, changed)
        for name in changed:
            tell("jst.correction.correct", current, name, by, reason)
        current.save()
    return current


def decide_authority(school, *, authority, by, reason):
    """Say which unit runs a school; `authority` None says that another body does. Return the school."""
    with transaction.atomic():
        current = held(school, by)
        if not reason.strip():
            raise TransitionError(_("Give a reason."))
        remember(current, "authority", current.authority.code if current.authority else "")
        remember(current, "authority_basis", current.authority_basis)
        current.authority = authority
        current.authority_basis = School.Basis.STAFF if authority else School.Basis.OTHER
        tell("jst.correction.correct", current, "authority", by, reason)
        current.save()
    return current


def uncorrect(subject, field, *, by, reason=""):
    """Take the register's value of a field back; return the subject as stored."""
    with transaction.atomic():
        current = held(subject, by)
        if field not in current.corrected:
            raise TransitionError(_("This is what the register says already."))
        if field in AUTHORITY:
            code = current.corrected.pop("authority", "")
            current.authority = Jst.objects.filter(code=code).first() if code else None
            current.authority_basis = current.corrected.pop("authority_basis", School.Basis.UNDECIDED)
        else:
            setattr(current, field, native(current, field, current.corrected.pop(field)))
        tell("jst.correction.undo", current, field, by, reason)
        current.save()
    return current


def held(subject, by):
    """Return the row as it is now, held by the caller's transaction."""
    ChainHead.hold()
    if not may_correct(by):
        raise NotAllowed(_("ORE’s coordinators correct the registers."))
    return type(subject).objects.get(pk=subject.pk)


def put(subject, name, value):
    """Set a field; the register's value is kept, and a correction that equals it is none."""
    remember(subject, name, plain(getattr(subject, name)))
    if subject.corrected[name] == plain(value):
        del subject.corrected[name]
    setattr(subject, name, value)


def remember(subject, name, value):
    """Keep what the register says of a field, unless an earlier correction keeps it already."""
    subject.corrected.setdefault(name, value)


def plain(value):
    """Return a value as JSON keeps it: days as text."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def native(subject, name, value):
    """Return a value kept as JSON as the field holds it."""
    return None if value is None else subject._meta.get_field(name).to_python(value)


def refuse_impossible(subject, names):
    """Raise TransitionError with the sentences of the fields' own checks."""
    try:
        subject.clean_fields(exclude={field.name for field in subject._meta.fields} - set(names))
    except ValidationError as error:
        raise TransitionError(*error.messages) from error


def tell(kind, subject, field, by, reason):
    """Write the event, with the value given and what the register says."""
    about = JstEvent(unit=subject) if isinstance(subject, Jst) else JstEvent(school=subject)
    data = {
        "field": field,
        "shown": in_words(subject, field),
        "register": subject.corrected.get(field),
    }
    note(kind, by=by, about=about, comment=reason, data=data)


def in_words(subject, field):
    """Return the value of a field as people read it."""
    return value_in_words(getattr(subject, field))


def value_in_words(value):
    if isinstance(value, Jst):
        return value.placed_name
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return "" if value is None else str(value)
