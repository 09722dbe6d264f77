"""Changing the key of restricted data while people work: nothing is unreadable at any moment.

Every process must know the new key before the first value is encrypted with it, and the old one until the
last value has changed: `DATA_KEY=new,old` everywhere first, then this, then the old key may go.
"""

from django.db import transaction

from jst.models import ParticipantData, ParticipantValue
from jst.participant_fields import PESEL
from portal.encryption import Unreadable, decrypt, keyed_index, rotated

CHUNK = 200


def rotate_all():
    """Encrypt every value with the first key and renew the indexes; return counts of what was done."""
    done = {"rotated": 0, "unreadable": 0}
    for rows in chunks(ParticipantValue.objects.exclude(token="")):
        for row in rows:
            done["rotated" if rotate(row) else "unreadable"] += 1
    return done


def chunks(rows):
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield found
        last = found[-1].pk


def rotate(row):
    """Renew one value; one that somebody changed meanwhile already has the first key. Return success."""
    try:
        token = rotated(row.token)
        index = keyed_index(PESEL, decrypt(row.token)) if row.field == PESEL else None
    except Unreadable:
        return False
    with transaction.atomic():
        mine = ParticipantValue.objects.filter(pk=row.pk, token=row.token).update(token=token)
        if mine and index:
            ParticipantData.objects.filter(pk=row.data_id).update(pesel_index=index)
    return True
