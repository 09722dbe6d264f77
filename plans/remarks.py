"""The verbs of the remark ledger."""

from django.db import transaction

from plans.models import Remark
from plans.workflow import REMARK
from portal.models import ChainHead


@transaction.atomic
def answer_remark(remark, text, *, by, at=None):
    """Store the team's answer and mark the remark as answered; it may be changed until the plan is sent.

    Raises TransitionError where the person may not answer or the answer is empty.
    """
    ChainHead.hold()
    Remark.objects.filter(pk=remark.pk).update(answer=text.strip())
    # The event carries no words: until the plan is sent the answer is read by the team alone.
    return REMARK.perform(remark, "answer", by=by, at=at)
