"""Pages on which a plan is read: the list, the plan itself, a version, a comparison, files."""

from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery, Value
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from jst.models import Participation
from jst.naming import named, place_columns
from jst.permissions import is_member, is_ore_staff
from plans import permissions
from plans.adopting import adoption_facts
from plans.differences import shown
from plans.facts import title_read
from plans.filters import PlanFilter
from plans.history import history_of
from plans.ledger import remarks_for
from plans.models import Decision, Evidence, Flag, Plan, PlanVersion, Review
from plans.outline import outline
from plans.places import in_text, mark_fields
from plans.problems import noticed
from plans.progress import due, offered_moves, task_list, unanswered_by_section, whose_turn, with_team
from plans.sections import left_out, sections_of
from plans.tallies import tallies, tally_of
from plans.views.files import file_response
from portal.addresses import addresses
from portal.prepared import prepared, prepared_for_all
from portal.templatetags.portal_ui import TONE_OF

STATUS_WORDS = dict(PlanVersion.Status.choices)
PER_PAGE = 50
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
    return PlanVersion.objects.visible_to(user).for_page().filter(plan=plan, number=Value(number))


def plans(request):
    """The plans this person may follow, with filters; one line each, never a text."""
    rows = Plan.objects.visible_to(request.user).annotate(status=Subquery(newest().values("status")[:1]))
    plan_filter = PlanFilter(request.GET, user=request.user)
    rows = plan_filter.apply(rows).order_by("participation__jst__sort_key", "pk")
    page = Paginator(rows.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    keys = list(page.object_list)
    counts = tallies(keys, request.user)
    address = addresses("plans:plan")
    rows = [
        as_line(row) | {"address": address(row["pk"]), "tally": counts.get(row["pk"])}
        for row in rows_of(keys, request.user)
    ]
    context = {"page": page, "rows": rows, "filter": plan_filter}
    context["sees_adoptions"] = is_ore_staff(request.user)
    return render(request, "plans/plan_list.html", context)


def newest():
    return PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("-number")


def rows_of(keys, user):
    """Return what `as_line` reads of the plans with these keys, a page of them at most, in their order."""
    # No plan has the key 0.
    padded = [*keys, *[0] * (PER_PAGE - len(keys))]
    rows = {row["pk"]: row for row in prepared("plans.rows", columns_of, user, *padded)} if keys else {}
    return [rows[key] for key in keys if key in rows]


def columns_of(user, *keys):
    return (
        Plan.objects.filter(pk__in=keys)
        .titled_for(user)
        .annotate(
            status=Subquery(newest().values("status")[:1]), number=Subquery(newest().values("number")[:1])
        )
        .order_by()
        .values(
            *("pk", "title", "status", "number", "participation__edition__name"),
            *place_columns("participation__jst"),
        )
    )


def as_line(row):
    """Return one line of the list in words."""
    return {
        "pk": row["pk"],
        "title": title_read(row["title"]),
        "number": row["number"],
        "edition": row["participation__edition__name"],
        "status_words": STATUS_WORDS[row["status"]],
        "tone": TONE_OF.get(row["status"], "plain"),
        "unit": named(row, "participation__jst"),
    }


def plan(request, pk):
    """One plan: whose turn it is, the task list, what one may do, the history."""
    plan = get_plan(request, pk)
    versions = prepared_for_all("plans.versions", versions_of, plan.pk)
    for version in versions:
        version.plan = plan
    current = versions[0]
    user = request.user
    is_team = is_member(user, plan.participation)
    context = {
        "plan": plan,
        "version": current,
        "versions": versions_read_by(user, plan, versions),
        "move_links": offered_moves(current, user),
        "in_force": any(version.status == PlanVersion.Status.ACCEPTED for version in versions),
        "sees_team": bool(prepared("plans.team", team_of, user, plan.participation_id)),
        "may_write": permissions.can_write(user, current),
        "may_publish": permissions.can_publish(user, plan),
        "with_experts": current.status in WITH_EXPERTS and permissions.decides(user, current),
        "is_team": is_team,
        "adoption": adoption_to_show(user, plan, versions),
        "whose_turn": whose_turn(current),
        "due": due(current),
    }
    if current.status in PlanVersion.UNSENT:
        context |= tasks(current, context, user) | corrections(versions, context, user)
    context |= said_of(plan, user, versions, is_team=is_team)
    context["history"] = history_for(user, plan, versions, is_team=is_team)
    return render(request, "plans/plan_detail.html", context)


def versions_of(plan):
    """Return the versions of a plan, the newest first; a comparison is long, so only whether there is one.

    Each says whether ORE's decision on it came with a report; of one that is not released nothing is told.
    """
    found = PlanVersion.objects.filter(plan=plan).order_by("-number").defer("comparison")
    reported = Q(decision__released_at__isnull=False, decision__report__isnull=False)
    return found.annotate(is_compared=Q(comparison__isnull=False), is_reported=reported)


def team_of(user, participation):
    return Participation.objects.visible_to(user).filter(pk=participation).values_list("pk")


def adoption_to_show(user, plan, versions):
    """Return the version in force and how it was adopted, with `may_record`; nothing before acceptance."""
    accepted = next((one for one in versions if one.status == PlanVersion.Status.ACCEPTED), None)
    if accepted is None:
        return None
    return adoption_facts(accepted) | {"may_record": permissions.can_adopt(user, plan)}


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
    if version in context["versions"]:
        is_team, may_write = context["is_team"], context["may_write"]
        with_team(lines, version, user, is_team=is_team, may_write=may_write)
    is_newer = version.plan.participation.edition.setup.template_id != version.plan.template_id
    return {
        "lines": lines,
        "ready": sum(line.ready for line in lines),
        "left_out": left_out(version.plan),
        "newer_form": is_newer and version.number == 1,
        "may_describe": version.status in PlanVersion.EDITABLE and permissions.leads(user, version),
    }


def said_of(plan, user, versions, *, is_team):
    """Return how many remarks there are, and for all but the team the matters raised about the plan."""
    # Before a first version was sent nobody can have remarked on anything, and asking is not cheap.
    was_sent = versions[-1].status not in PlanVersion.UNSENT
    tally = tallies([plan.pk], user).get(plan.pk) if was_sent else None
    if is_team:
        return {"tally": tally}
    flags = list(Flag.objects.visible_to(user).filter(plan=plan).order_by("status", "-pk"))
    return {"tally": tally, "flags": flags, "may_flag": permissions.can_raise_flag(user, plan)}


def corrections(versions, context, user):
    """Return what a returned plan shows: ORE's decision, the open sections, and the remarks to answer."""
    earlier = (version for version in versions[1:] if version.status != PlanVersion.Status.TAKEN_BACK)
    before = next(earlier, None)
    if before is None or before.status != PlanVersion.Status.RETURNED:
        return {}
    decision = Decision.objects.select_related("version__change_request").get(version=before)
    keys = decision.version.change_request.sections
    titles = [section.title for section in sections_of(before.plan) if section.key in keys]
    found = {"decision": decision, "requested": ", ".join(titles)}
    found["may_unlock"] = permissions.decides(user, versions[0])
    if versions[0] in context["versions"]:
        remarks = remarks_for(versions[0], user)
        found["to_answer"] = [one for keyed in remarks.values() for one in keyed if one.can_answer]
        for remark in found["to_answer"]:
            # A locked section has no controls: it is shown as it is read.
            remark.place = remark.place_to_write if remark.section in keys else remark.place_to_read
    return found


def history_for(user, plan, versions, *, is_team):
    """Return the history as this person may read it; `versions` have their `reviews_read`."""
    own = prepared("plans.own_reviews", own_reviews, user, plan.pk)
    read = [review for version in versions for review in version.reviews_read]
    return history_of(plan, user, own=own, reviews=read, is_team=is_team)


def own_reviews(user, plan):
    return Review.objects.of(user).filter(version__plan=plan).order_by().values_list("pk", flat=True)


def version(request, pk, number):
    """The whole text of one version, with the remarks this person may see."""
    version = get_version(request, pk, number)
    parts, remarks = outline(version), {}
    if request.user.is_authenticated:
        remarks = remarks_for(version, request.user, parts, leads=in_text)
    said = [one for keyed in remarks.values() for one in keyed]
    mark_fields(parts, said)
    return render(
        request,
        "plans/version_detail.html",
        {
            "plan": version.plan,
            "version": version,
            "parts": parts,
            "noticed": noticed(version) if permissions.sees_check(request.user, version) else [],
            "remarks": remarks,
            "tally": tally_of(said),
            "follows": permissions.can_follow(request.user, version.plan),
            "adoption": adoption_facts(version) if version.status == PlanVersion.Status.ACCEPTED else None,
        },
    )


def comparison(request, pk, number):
    """What changed since the version that ORE read before; stored when this one was sent.

    Both texts in one, or with `?view=side` beside each other.
    """
    version = get_version(request, pk, number)
    if version.comparison is None or not permissions.can_follow(request.user, version.plan):
        raise Http404
    before = version.read_before()
    return render(
        request,
        "plans/version_comparison.html",
        {
            "plan": version.plan,
            "version": version,
            "before": before,
            "changes": shown(version.comparison),
            "is_side": request.GET.get("view") == "side",
            "tally": tallies([pk], request.user).get(pk),
        },
    )


def document(request, pk, number):
    """The PDF of a sent version; while it is being made, a page that says so."""
    version = get_version(request, pk, number)
    if version.status in PlanVersion.UNSENT:
        raise Http404
    if not version.document:
        return render(request, "plans/document_waiting.html", {"plan": version.plan, "version": version})
    return file_response(version.document, filename=f"{version.register_number.replace('/', '-')}.pdf")


PDF = "application/pdf"
# What a browser shows by itself.
SHOWN_INSIDE = {PDF, "image/png", "image/jpeg"}
# Firefox and Safari show no PDF within a sandbox; it has a viewer of its own that reaches nothing of ours.
# Some viewers lay out their window by inline styles. Our own pages alone may hold it in a frame.
POLICY_OF_PDF = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def evidence_file(request, pk, number, uid):
    """An attached file: a download, or with `?pokaz` a PDF or a picture shown in a page of ours or in a tab.

    Its kind is the one that was checked when it came (`plans.uploads`); the file may run and load nothing.
    """
    version = get_version(request, pk, number)
    evidence = get_object_or_404(Evidence.objects.select_related("stored"), version=version, uid=uid)
    if not permissions.can_follow(request.user, version.plan):
        raise Http404
    stored = evidence.stored
    inside = "pokaz" in request.GET and stored.content_type in SHOWN_INSIDE
    response = file_response(
        stored.file, as_attachment=not inside, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    if inside and stored.content_type == PDF:
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["Content-Security-Policy"] = POLICY_OF_PDF
    else:
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
