"""The page of one unit and of one school, and their corrections by hand."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jst import corrections
from jst.forms.corrections import MOST_FOUND, AuthorityForm, CorrectionForm
from jst.imports.telling import change_in_words
from jst.models import Jst, JstEvent, Participation, RegisterChange, School, SchoolScope
from jst.naming import named, place_columns
from jst.permissions import may_correct, may_read_registers
from jst.views.registers import staff_page
from portal.history import told
from portal.workflow import TransitionError

MOST_CHANGES = 50
# A number of a school may look like the code of a unit: a change belongs to the register it came from.
SCHOOL_SOURCES = ("rspo", "exams")


@require_safe
@staff_page(may_read_registers)
def unit(request, code):
    """One unit: its names and kinds through the years, its office, schools, editions, changes."""
    found = get_object_or_404(Jst.objects.select_related("parent__parent"), code=code)
    of_units = RegisterChange.objects.exclude(register_import__source__in=SCHOOL_SOURCES)
    codes = [found.code, found.county_code] if found.county_code else [found.code]
    participations = (
        Participation.objects.visible_to(request.user).filter(jst=found).select_related("edition")
    )
    context = {
        "unit": found,
        "fields": fields_of(found),
        "periods": found.periods.order_by("-valid_from"),
        "runs": School.objects.filter(authority=found)
        .open()
        .aggregate(
            schools=Count("pk", filter=Q(is_complex=False)), complexes=Count("pk", filter=Q(is_complex=True))
        ),
        "participations": participations.order_by("-since", "-pk"),
        "changes": told_changes(of_units.filter(code__in=codes)),
        "history": told(about(unit=found)),
        "may_correct": may_correct(request.user),
    }
    return render(request, "jst/unit_detail.html", context)


@require_safe
@staff_page(may_read_registers)
def school(request, rspo):
    """One school: who runs it and how that is known, its complex, the units that take it on, changes."""
    found = get_school(rspo)
    seen = Participation.objects.visible_to(request.user)
    scopes = SchoolScope.objects.filter(school=found, participation__in=seen)
    of_schools = RegisterChange.objects.filter(register_import__source__in=SCHOOL_SOURCES)
    context = {
        "school": found,
        "fields": fields_of(found),
        "complex": School.objects.filter(rspo=found.parent_rspo).first() if found.parent_rspo else None,
        "parts": School.objects.filter(parent_rspo=found.rspo).order_by("sort_key"),
        "scopes": scopes.select_related("participation__jst", "participation__edition").order_by("-since"),
        "changes": told_changes(of_schools.filter(code=found.rspo)),
        "history": told(about(school=found)),
        "may_correct": may_correct(request.user),
        "register_authority": register_authority(found),
    }
    return render(request, "jst/school_detail.html", context)


def get_school(rspo):
    return get_object_or_404(School.objects.select_related("authority__parent__parent"), rspo=rspo)


def about(**subject):
    return JstEvent.objects.filter(**subject).with_words().select_related("unit", "school")


def told_changes(changes):
    """Return the newest changes as (day, register, sentence)."""
    rows = changes.select_related("register_import").order_by("-register_import__as_of", "-pk")[:MOST_CHANGES]
    return [
        {
            "imported": row.register_import,
            "sentence": change_in_words(row.what, row.before, row.after),
        }
        for row in rows
    ]


def fields_of(subject):
    """Return the fields that may be corrected: name, label, value, and what the register says of it."""
    found = []
    for name in corrections.CORRECTABLE[type(subject)]:
        told_value = subject.corrected.get(name)
        row = {
            "name": name,
            "label": subject._meta.get_field(name).verbose_name,
            "value": corrections.in_words(subject, name),
            "is_corrected": name in subject.corrected,
            "register": corrections.value_in_words(corrections.native(subject, name, told_value)),
        }
        found.append(row)
    return found


def register_authority(found):
    """Return what the register says of the running authority, where staff decided otherwise."""
    if "authority" not in found.corrected:
        return ""
    basis = dict(School.Basis.choices).get(found.corrected.get("authority_basis"), "")
    says = Jst.objects.filter(code=found.corrected["authority"]).select_related("parent__parent").first()
    return ", ".join(str(part) for part in (says and says.placed_name, basis) if part)


# --- Corrections --------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@staff_page(may_read_registers)
def unit_correct(request, code, field):
    """Correct one field of a unit, or take the register's value back."""
    return correct(request, get_object_or_404(Jst, code=code), field)


@require_http_methods(["GET", "POST"])
@staff_page(may_read_registers)
def school_correct(request, rspo, field):
    """Correct one field of a school, or take the register's value back."""
    return correct(request, get_school(rspo), field)


def correct(request, subject, field):
    require_corrector(request.user)
    if field not in corrections.CORRECTABLE[type(subject)]:
        raise Http404
    if "back" in request.POST:
        return take_back(request, subject, field)
    form = CorrectionForm(request.POST if request.method == "POST" else None, subject=subject, field=field)
    if form.is_valid():
        values = {field: form.cleaned_data["value"]}
        try:
            corrections.correct(subject, by=request.user, reason=form.cleaned_data["reason"], **values)
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("Corrected. An import will not change it."))
            return redirect(subject)
    context = {"subject": subject, "form": form, "label": subject._meta.get_field(field).verbose_name}
    context["row"] = next(row for row in fields_of(subject) if row["name"] == field)
    return render(request, "jst/correction_edit.html", context, status=422 if form.errors else 200)


def require_corrector(user):
    if not may_correct(user):
        raise PermissionDenied(_("ORE’s coordinators correct the registers."))


def take_back(request, subject, field):
    try:
        corrections.uncorrect(subject, field, by=request.user)
    except TransitionError as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The register’s value is back."))
    return redirect(subject)


@require_http_methods(["GET", "POST"])
@staff_page(may_read_registers)
def school_authority(request, rspo):
    """Say which unit runs a school: look for it in the register, choose it, give the reason."""
    found = get_school(rspo)
    require_corrector(request.user)
    if "back" in request.POST:
        return take_back(request, found, "authority")
    words = request.GET.get("szukaj", "")[:100]
    units = candidates(found, words)
    form = AuthorityForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        corrections.decide_authority(found, authority=form.chosen, by=request.user, reason=reason)
        messages.success(request, _("The running authority is recorded. An import will not change it."))
        return redirect(found)
    context = {"school": found, "form": form, "words": words, "units": units, "most": MOST_FOUND}
    context["is_decided"] = "authority" in found.corrected
    return render(request, "jst/school_authority.html", context, status=422 if form.errors else 200)


def candidates(found, words):
    """Return (code, name) of the units found by the words; without any, those in which the school lies."""
    units = Jst.objects.current()
    if words.strip():
        units = units.search(words)
    else:
        place = found.place_code
        units = units.filter(Q(code__in=[place[:6], place[:4], place[:2]]) | Q(county_code=place[:4]))
    rows = units.order_by("sort_key", "pk").values("code", *place_columns())[:MOST_FOUND]
    return [(row["code"], named(row)) for row in rows]
