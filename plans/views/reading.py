"""Pages on which a plan is read: the list, the plan itself, a version, a comparison, files."""

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from jst.models import Participation
from jst.naming import named, place_columns
from jst.permissions import is_member, is_ore_staff
from plans import permissions
from plans.differences import shown
from plans.filters import PlanFilter
from plans.history import history_of
from plans.ledger import remarks_for
from plans.models import Decision, Evidence, Plan, PlanVersion, Review
from plans.outline import outline
from plans.progress import due, offered_moves, task_list, unanswered_by_section, whose_turn, with_team
from plans.sections import sections_of
from plans.views.files import file_response
from portal.prepared import prepared
from portal.templatetags.portal_ui import TONE_OF

STATUS_WORDS = dict(PlanVersion.Status.choices)
WITH_EXPERTS = {PlanVersion.Status.SENT, PlanVersion.Status.IN_REVIEW}


def get_plan(request, pk):
    """Return the plan whose progress the person may see, or answer 404 as for one that never was."""
    return only(prepared("plans.plan", plan_of, request.user, pk))


def only(found):
    """Return the one row that was found, or answer 404."""
    if not found:
        raise Http404
    return found[0]


def plan_of(user, pk):
    return Plan.objects.visible_to(user).for_page().filter(pk=pk)


def get_version(request, pk, number):
    """Return the version whose text the person may read, or 404."""
    return only(prepared("plans.version", version_of, request.user, pk, number))


def version_of(user, plan, number):
    return PlanVersion.objects.visible_to(user).for_page().filter(plan=plan, number=number)


def plans(request):
    """The plans this person may follow, with filters; one line each, never a text."""
    newest = PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("-number")
    rows = Plan.objects.visible_to(request.user).annotate(
        status=Subquery(newest.values("status")[:1]), number=Subquery(newest.values("number")[:1])
    )
    plan_filter = PlanFilter(request.GET, user=request.user)
    rows = plan_filter.apply(rows).order_by("participation__jst__sort_key", "pk")
    page = Paginator(
        rows.values(
            "pk",
            "title",
            "status",
            "number",
            "scope",
            "participation__edition__name",
            *place_columns("participation__jst"),
        ),
        50,
    ).get_page(request.GET.get("page"))
    rows = [as_line(row) for row in page.object_list]
    return render(request, "plans/plan_list.html", {"page": page, "rows": rows, "filter": plan_filter})


def as_line(row):
    """Return one line of the list in words."""
    return {
        "pk": row["pk"],
        "title": row["title"],
        "number": row["number"],
        "edition": row["participation__edition__name"],
        "status_words": STATUS_WORDS[row["status"]],
        "tone": TONE_OF.get(row["status"], "plain"),
        "unit": named(row, "participation__jst"),
    }


def plan(request, pk):
    """One plan: whose turn it is, the task list, what one may do, the history."""
    plan = get_plan(request, pk)
    versions = list(plan.versions.order_by("-number"))
    for version in versions:
        version.plan = plan
    current = versions[0]
    user = request.user
    is_team = is_member(user, plan.participation)
    sees_judging = is_ore_staff(user) or is_reviewer_of(user, plan)
    context = {
        "plan": plan,
        "version": current,
        "versions": versions_read_by(user, plan, versions),
        "move_links": offered_moves(current, user),
        "in_force": any(version.status == PlanVersion.Status.ACCEPTED for version in versions),
        "sees_team": Participation.objects.visible_to(user).filter(pk=plan.participation_id).exists(),
        "may_write": permissions.can_write(user, current),
        "may_publish": permissions.can_publish(user, plan),
        "with_experts": current.status in WITH_EXPERTS and permissions.decides(user, current),
        "is_team": is_team,
        "whose_turn": whose_turn(current),
        "due": due(current),
        "history": history_of(plan, sees_judging=sees_judging, is_team=is_team),
    }
    if current.status in PlanVersion.UNSENT:
        context |= tasks(current, context, user) | corrections(versions)
    return render(request, "plans/plan_detail.html", context)


def versions_read_by(user, plan, versions):
    """Return the versions that the person may open, each with its reviews to open as `reviews_read`."""
    readable = set(prepared("plans.readable", readable_of, user, plan.pk))
    reviews = prepared("plans.reviews_read", reviews_of, user, plan.pk)
    for version in versions:
        version.reviews_read = [review for review in reviews if review.version_id == version.pk]
    return [version for version in versions if version.pk in readable]


def readable_of(user, plan):
    return PlanVersion.objects.visible_to(user).filter(plan=plan).values_list("pk", flat=True)


def reviews_of(user, plan):
    return Review.objects.visible_to(user).filter(version__plan=plan).order_by("pk")


def tasks(version, context, user):
    """Return the task list of a draft and how far it is."""
    lines = task_list(
        version,
        may_write=context["may_write"],
        reads=version in context["versions"],
        unanswered=unanswered_by_section(version) if version.number > 1 else {},
    )
    ready = sum(line.ready for line in lines)
    if version in context["versions"]:
        is_team, may_write = context["is_team"], context["may_write"]
        with_team(lines, version, user, is_team=is_team, may_write=may_write)
    return {"lines": lines, "ready": ready}


def corrections(versions):
    """Return the released decision that asks for corrections, and the titles of the sections it opens."""
    earlier = (version for version in versions[1:] if version.status != PlanVersion.Status.TAKEN_BACK)
    before = next(earlier, None)
    if before is None or before.status != PlanVersion.Status.RETURNED:
        return {}
    decision = Decision.objects.get(version=before)
    titles = [section.title for section in sections_of(before.plan) if section.key in decision.sections]
    return {"decision": decision, "requested": ", ".join(titles)}


def is_reviewer_of(user, plan):
    return bool(prepared("plans.own_review", own_review, user, plan.pk))


def own_review(user, plan):
    return Review.objects.of(user).filter(version__plan=plan).order_by().values_list("pk", flat=True)[:1]


def version(request, pk, number):
    """The whole text of one version, with the remarks this person may see."""
    version = get_version(request, pk, number)
    return render(
        request,
        "plans/version_detail.html",
        {
            "plan": version.plan,
            "version": version,
            "parts": outline(version),
            "remarks": remarks_for(version, request.user) if request.user.is_authenticated else {},
            "follows": permissions.can_follow(request.user, version.plan),
        },
    )


def comparison(request, pk, number):
    """What changed since the version that ORE read before; stored when this one was sent."""
    version = get_version(request, pk, number)
    if version.comparison is None or not permissions.can_follow(request.user, version.plan):
        raise Http404
    before = version.read_before()
    return render(
        request,
        "plans/version_comparison.html",
        {"plan": version.plan, "version": version, "before": before, "changes": shown(version.comparison)},
    )


def document(request, pk, number):
    """The PDF of a sent version; while it is being made, a page that says so."""
    version = get_version(request, pk, number)
    if version.status in PlanVersion.UNSENT:
        raise Http404
    if not version.document:
        return render(request, "plans/document_waiting.html", {"plan": version.plan, "version": version})
    return file_response(version.document, filename=f"{version.register_number.replace('/', '-')}.pdf")


def evidence_file(request, pk, number, uid):
    """An attached file, always as a download: what people upload never opens inside the portal."""
    version = get_version(request, pk, number)
    evidence = get_object_or_404(Evidence.objects.select_related("stored"), version=version, uid=uid)
    if not permissions.can_follow(request.user, version.plan):
        raise Http404
    stored = evidence.stored
    response = file_response(
        stored.file, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
