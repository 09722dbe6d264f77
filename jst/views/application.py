"""The pages of one application: its parts, what is missing, sending, the offer of a place."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jst import applications, offers
from jst.admission import reconciled
from jst.forms.applications import ReasonsForm, SchoolsForm, UnitSearch, WithdrawForm, people_formset
from jst.models import Application, Jst, JstEvent
from jst.permissions import is_applicant, may_run_application
from jst.problems import PARTS, PEOPLE, REASONS, SCHOOLS, UNIT, problems
from jst.quotas import Meter
from jst.recruitment_times import remaining
from jst.views.teams import posted
from jst.workflow import APPLICATION
from portal.history import told
from portal.workflow import AlreadyMoved, TransitionError

UNITS_SHOWN = 30
Status = Application.Status


def get_application(request, pk):
    """Return an application that the person may see, or 404."""
    rows = Application.objects.visible_to(request.user).select_related(
        "jst__parent__parent", "call__edition__operator", "applicant", "participation", "decision"
    )
    return get_object_or_404(rows, pk=pk)


def get_own(request, pk):
    """The same, for the person who fills it in."""
    application = get_application(request, pk)
    if not is_applicant(request.user, application):
        raise PermissionDenied(_("Only the person who began the application does this. You may read it."))
    return application


@require_safe
def application(request, pk):
    """A draft as a list of tasks; what was sent as it was sent, with what became of it."""
    found = get_application(request, pk)
    own = is_applicant(request.user, found)
    context = {"application": found, "call": found.call, "own": own}
    if found.status == Status.DRAFT:
        return render(request, "jst/application_draft.html", context | draft_words(found))
    context |= {
        "schools": [row.school for row in found.schools.select_related("school")],
        "people": list(found.people.all()),
        "buttons": buttons(found, request.user),
        "reconciled": reconciled(found.participation) if found.participation_id else None,
        "history": told(happened(found, own)),
    }
    if not own:
        context |= judging_words(found, request.user)
    return render(request, "jst/application_detail.html", context)


def draft_words(found):
    """Return what the page of a draft shows: each part with what is missing in it."""
    missing = problems(found)
    parts = [
        {
            "key": key,
            "title": title,
            "missing": sum(problem.part == key for problem in missing),
            "closed": key == SCHOOLS and found.jst_id is None,
        }
        for key, title in PARTS.items()
    ]
    left = remaining(found.call.closes) if found.call.is_open else ""
    return {"parts": parts, "missing": len(missing), "remaining": left}


def happened(found, own):
    """Return the events of an application; who scored it, and when, is not for the applicant."""
    events = JstEvent.objects.filter(application=found).with_words()
    return events.exclude(event__kind="jst.application.score") if own else events


def judging_words(found, user):
    return {
        "may_run": may_run_application(user, found),
        "scores": list(found.scores.select_related("criterion").order_by("criterion__position")),
        "points": sum(score.points for score in found.scores.all()),
        "exceeded": Meter(found.call).exceeded_by(found.jst) if found.status == Status.SENT else [],
    }


def buttons(found, user):
    """Return (label, address) of what the person may do, one for each page."""
    pages = {}
    for move in APPLICATION.available(found, user):
        argument = found.call.slug if move.page == "jst:reserve_next" else found.pk
        pages.setdefault(reverse(move.page, args=[argument]), move)
    several = {"jst:application_decision": _("Decide"), "jst:application_offer": _("Answer the offer")}
    return [(several.get(move.page, move.label), address) for address, move in pages.items()]


# --- Filling in ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def part(request, pk, key):
    """One part of a draft. Saving is lenient: what is missing is told before sending."""
    if key not in PARTS:
        raise Http404
    found = get_own(request, pk)
    if found.status != Status.DRAFT:
        messages.info(request, _("The application has been sent and cannot be changed."))
        return redirect(found)
    page = {UNIT: unit_part, SCHOOLS: schools_part, PEOPLE: people_part, REASONS: reasons_part}[key]
    try:
        return page(request, found)
    except AlreadyMoved as refusal:
        messages.info(request, str(refusal))
    except TransitionError as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


def saved(request, found, key):
    messages.success(request, _("Saved: %s.") % PARTS[key])
    return redirect(found)


def part_page(request, template, found, key, status=200, **context):
    shown = {"application": found, "call": found.call, "title": PARTS[key], "key": key}
    return render(request, template, shown | context, status=status)


def unit_part(request, found):
    """Search the register and choose; a name is never typed into the application."""
    if request.method == "POST":
        chosen = request.POST.get("jst", "")
        units = units_to_choose()
        unit = units.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 12 else None
        if unit is not None:
            applications.choose_unit(found, unit, by=request.user)
            return saved(request, found, UNIT)
        messages.error(request, _("Choose a unit from the list."))
        return redirect(request.path)
    search = UnitSearch(request.GET)
    words = search.cleaned_data["szukaj"].strip() if search.is_valid() else ""
    units = list(units_to_choose().search(words)[: UNITS_SHOWN + 1]) if words else []
    more = len(units) > UNITS_SHOWN
    context = {"search": search, "words": words, "units": units[:UNITS_SHOWN], "more": more}
    return part_page(request, "jst/application_unit.html", found, UNIT, **context)


def units_to_choose():
    return Jst.objects.current().exclude(kind=Jst.Kind.W).select_related("parent__parent")


def schools_part(request, found):
    schools = applications.schools_to_declare(found.jst)
    declared = [row.school_id for row in found.schools.all()]
    form = SchoolsForm(posted(request), schools=schools, initial={"schools": declared})
    if form.is_valid():
        applications.declare_schools(found, form.cleaned_data["schools"], by=request.user)
        return saved(request, found, SCHOOLS)
    context = {"form": form, "marked": [str(pk) for pk in declared], "total": schools.count()}
    status = 422 if form.errors else 200
    return part_page(request, "jst/application_schools.html", found, SCHOOLS, status, **context)


def people_part(request, found):
    formset = people_formset(found, posted(request))
    if formset.is_bound and formset.is_valid():
        applications.declare_people(found, formset.values(), by=request.user)
        return saved(request, found, PEOPLE)
    status = 422 if formset.is_bound else 200
    return part_page(request, "jst/application_people.html", found, PEOPLE, status, formset=formset)


def reasons_part(request, found):
    initial = {name: getattr(found, name) for name in applications.CONTACT}
    form = ReasonsForm(posted(request), initial=initial)
    if form.is_valid():
        applications.give_reasons(found, by=request.user, **form.cleaned_data)
        return saved(request, found, REASONS)
    status = 422 if form.errors else 200
    context = {"form": form, "questions": list(found.call.questions.all())}
    return part_page(request, "jst/application_reasons.html", found, REASONS, status, **context)


# --- Sending ------------------------------------------------------------------------------------


@require_safe
def application_problems(request, pk):
    """What is still missing, each with a link to its place."""
    found = get_own(request, pk)
    return render(
        request, "jst/application_problems.html", {"application": found, "problems": problems(found)}
    )


@require_http_methods(["GET", "POST"])
def application_send(request, pk):
    """Read everything once more and send it."""
    found = get_own(request, pk)
    if found.status != Status.DRAFT:
        messages.info(request, _("The application has been sent already."))
        return redirect(found)
    refusal = []
    if request.method == "POST":
        try:
            applications.send(found, by=request.user)
        except AlreadyMoved:
            return redirect(found)
        except TransitionError as error:
            refusal = error.sentences
        else:
            messages.success(request, _("The application has been sent. A receipt is on its way to you."))
            return redirect(found)
    context = {
        "application": found,
        "call": found.call,
        "problems": problems(found),
        "refusal": refusal,
        "schools": [row.school for row in found.schools.select_related("school")],
        "people": list(found.people.all()),
    }
    return render(request, "jst/application_send.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
def application_withdraw(request, pk):
    """Withdraw an application that was sent."""
    found = get_own(request, pk)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        try:
            applications.withdraw(found, by=request.user, reason=form.cleaned_data["reason"])
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("The application is withdrawn."))
            return redirect(found)
    return render(
        request,
        "jst/application_withdraw.html",
        {"application": found, "form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def application_offer(request, pk):
    """The offer of a place: two buttons, while it stands."""
    found = get_own(request, pk)
    refusal = []
    if request.method == "POST" and (answer := request.POST.get("answer")) in {"take", "decline"}:
        try:
            getattr(offers, answer)(found, by=request.user)
        except AlreadyMoved as error:
            messages.info(request, str(error))
            return redirect(found)
        except TransitionError as error:
            refusal = error.sentences
        else:
            taken, given_up = _("The place is taken: the unit takes part."), _("The place is given up.")
            messages.success(request, taken if answer == "take" else given_up)
            return redirect(found)
    left = remaining(found.offered_until) if found.offer_is_open else ""
    context = {"application": found, "call": found.call, "refusal": refusal, "remaining": left}
    return render(request, "jst/application_offer.html", context, status=409 if refusal else 200)
