"""What happens to the rows of this app when two accounts of one person become one, and what forbids it."""

from django.utils.translation import gettext as _

from jst.models import ExpertAssignment, TeamMembership
from plans.models import Review
from portal.merging import KEEP, MOVE

# Who wrote, uploaded or decided is history: it stays with the account that did it.
RELATIONS = {
    "plans.StoredFile.uploaded_by": KEEP,
    "plans.Decision.prepared_by": KEEP,
    "plans.Decision.released_by": KEEP,
    "plans.DeadlineExtension.by": KEEP,
    "plans.SectionState.changed_by": KEEP,
    "plans.SectionRevision.by": KEEP,
    "plans.PlanUpload.by": KEEP,
    "plans.AdoptionAct.recorded_by": KEEP,
    "plans.InternalComment.author": KEEP,
    "plans.InternalComment.settled_by": KEEP,
    "plans.Flag.raised_by": KEEP,
    # Who has a section open is a matter of seconds.
    "plans.EditPresence.person": KEEP,
    # What waits for somebody, or belongs to nobody else, goes with the person.
    "plans.SectionState.owner": MOVE,
    "plans.Flag.addressee": MOVE,
    "plans.RemarkPhrase.owner": MOVE,
    # An open remark is its author's to change: it goes with the reviews, which belong to the expert.
    "plans.Remark.author": MOVE,
    # A second opinion counts beside its author's own review, which goes with the expert.
    "plans.SecondOpinion.author": MOVE,
}


def obstacles(keep, drop):
    """Whoever reviews the plan of a unit is neither in its team nor its caretaker."""
    both = [keep, drop]
    reviewed = (
        Review.objects.filter(expert__person__in=both)
        .exclude(status=Review.Status.RECUSED)
        .values("version__plan__participation__jst")
    )
    member = TeamMembership.objects.filter(person__in=both, participation__jst__in=reviewed)
    caretaker = ExpertAssignment.objects.filter(
        expert__person__in=both,
        role=ExpertAssignment.Role.CARETAKER,
        participation__jst__in=reviewed,
    )
    if member.exists() or caretaker.exists():
        return [_("One of them reviews the plan of a unit with which the other works.")]
    return []
