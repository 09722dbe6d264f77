"""Remarks worth writing again: an expert's own, and those that ORE keeps for everybody."""

from django.db.models import Case, Q, Value, When

from plans.models import RemarkPhrase


def phrases_for(user, section=""):
    """Return the phrases this person may use: those that suit the section first, own before shared."""
    mine = RemarkPhrase.objects.filter(Q(owner=user) | Q(owner=None))
    fit = Case(When(section=section, then=Value(0)), When(section="", then=Value(1)), default=Value(2))
    shared = Case(When(owner=None, then=Value(1)), default=Value(0))
    return mine.order_by(fit, shared, "title", "pk")


def keep_phrase(*, kind, body, section, by):
    """Keep a remark to write again; the same words twice are one phrase."""
    title = " ".join(body.split())[:80]
    phrase, _created = RemarkPhrase.objects.get_or_create(
        owner=by, body=body, kind=kind, defaults={"title": title, "section": section}
    )
    return phrase


def drop_phrase(pk, *, by):
    """Drop one's own phrase, and nobody else's; the remarks written with it stay."""
    RemarkPhrase.objects.filter(pk=pk, owner=by).delete()
