"""What everybody may see of calls: the list, the page of a call, the self-check."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jst.models import Application, Call
from jst.models.recruitment import CLOSED, OPEN, SCHEDULED
from jst.recruitment_times import remaining

YES, NO = "tak", "nie"


def get_call(request, slug):
    """Return a call that the person may see, or 404."""
    rows = Call.objects.visible_to(request.user).select_related("edition__project", "edition__operator")
    return get_object_or_404(rows, slug=slug)


@login_not_required
@require_safe
def call_list(request):
    """The calls by phase: open ones first, closing soonest on top."""
    rows = list(Call.objects.visible_to(request.user).select_related("edition"))
    phases = {phase: [row for row in rows if row.phase() == phase] for phase in (OPEN, SCHEDULED, CLOSED)}
    phases[OPEN].sort(key=lambda call: call.closes)
    phases[SCHEDULED].sort(key=lambda call: call.opens)
    return render(request, "jst/call_list.html", {"phases": phases})


@login_not_required
@require_safe
def call(request, slug):
    """One call: when, for whom, by which criteria, how many."""
    found = get_call(request, slug)
    phase = found.phase()
    mine = Application.objects.none()
    if request.user.is_authenticated:
        mine = Application.objects.filter(call=found, applicant=request.user).select_related("jst")
    criteria = list(found.criteria.all())
    context = {
        "call": found,
        "phase": phase,
        "remaining": remaining(found.opens if phase == SCHEDULED else found.closes)
        if phase != CLOSED
        else "",
        "criteria": criteria,
        "points": sum(criterion.max_points for criterion in criteria),
        "quotas": list(found.quotas.select_related("voivodeship")),
        "questions": found.questions.count(),
        "mine": mine,
        "may_run": request.user.is_authenticated and reads_applications(request.user, found),
    }
    return render(request, "jst/call_detail.html", context)


def reads_applications(user, found):
    return Call.objects.run_by(user).filter(pk=found.pk).exists()


@login_not_required
@require_safe
def self_check(request, slug):
    """The questions before the form. The answers stand in the address only; nothing is stored."""
    found = get_call(request, slug)
    questions = [Asked(question, request.GET.get(f"p{question.pk}")) for question in found.questions.all()]
    asked = bool(request.GET)
    missing = [one for one in questions if asked and one.answer is None]
    stopping = [one for one in questions if one.stops]
    context = {
        "call": found,
        "phase": found.phase(),
        "questions": questions,
        "missing": [(one.control, one.question.text) for one in missing],
        "answered": asked and not missing,
        "stopping": stopping,
    }
    return render(request, "jst/call_check.html", context, status=422 if missing else 200)


class Asked:
    """A question of the self-check with what was answered."""

    def __init__(self, question, answer):
        self.question = question
        self.answer = answer if answer in (YES, NO) else None
        self.control = f"id_p{question.pk}_{YES}"

    @property
    def stops(self):
        return self.answer is not None and (self.answer == YES) != self.question.expects_yes
