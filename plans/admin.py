"""The admin of plans: the forms and criteria that staff keep; plans and reviews as far as staff may see them.

No text of a plan is shown here. What was sent is read in the portal (“view on site”); of drafts staff see
progress only, on the plan's page.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from jst.spelling import folded
from plans.deadlines import extend_deadline
from plans.history import WITHIN_TEAM
from plans.models import (
    Challenge,
    CriteriaSet,
    Criterion,
    DeadlineExtension,
    Decision,
    EditionSetup,
    Goal,
    KeyCompetence,
    Plan,
    PlanTemplate,
    PlanVersion,
    Remark,
    Review,
    SchoolCommitment,
    TemplateSection,
)
from plans.templating import copy_template, publish_template
from plans.workflow import REMARK, REVIEW, VERSION
from portal.admin import PortalModelAdmin, ProcessAdmin, ReadOnlyAdmin, RecordedAdmin
from portal.workflow import TransitionError

STATUS_WORDS = dict(PlanVersion.Status.choices)


class UnitSearch:
    """Search that finds a unit with and without Polish letters."""

    def get_search_results(self, request, queryset, search_term):
        found, _more = super().get_search_results(request, queryset, search_term)
        plain, _more = super().get_search_results(request, queryset, folded(search_term))
        return found | plain, True


# --- Forms and criteria -------------------------------------------------------------------------


class PartInline(admin.TabularInline):
    """Rows that may be changed as long as the whole they belong to may be."""

    extra = 1

    def may_change(self, request, obj):
        return self.admin_site.get_model_admin(self.parent_model).has_change_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return self.may_change(request, obj)

    def has_change_permission(self, request, obj=None):
        return self.may_change(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.may_change(request, obj)


class TemplateSectionInline(PartInline):
    model = TemplateSection
    fields = [
        "position",
        "key",
        "kind",
        "title",
        "help",
        "word_limit",
        "in_narrow",
        "required_wide",
        "required_narrow",
        "criterion",
    ]


@admin.register(PlanTemplate)
class PlanTemplateAdmin(PortalModelAdmin):
    """Forms of the plan. A published one never changes: copy it, change the copy, publish that."""

    change_form_template = "admin/plans/plantemplate_change_form.html"
    list_display = ["name", "is_sample", "published_at"]
    search_fields = ["name"]
    fields = ["name", "is_sample", "published_at"]
    readonly_fields = ["published_at"]
    inlines = [TemplateSectionInline]

    def has_change_permission(self, request, obj=None):
        is_published = obj is not None and obj.published_at is not None
        return super().has_change_permission(request, obj) and not is_published

    def get_urls(self):
        def button(name, view):
            view = self.admin_site.admin_view(require_POST(view))
            return path(f"<int:pk>/{name}/", view, name=f"plans_template_{name}")

        return [button("publish", self.publish), button("copy", self.copy), *super().get_urls()]

    def publish(self, request, pk):
        """Publish the template, for good."""
        template = get_object_or_404(PlanTemplate, pk=pk)
        if not super().has_change_permission(request, template):
            raise PermissionDenied
        try:
            publish_template(template)
        except TransitionError as refusal:
            messages.error(request, str(refusal))
        else:
            self.log_change(request, template, _("Published."))
            messages.success(request, _("The template is published. From now on it does not change."))
        return redirect("admin:plans_plantemplate_change", pk)

    def copy(self, request, pk):
        """Open a copy that may be changed."""
        template = get_object_or_404(PlanTemplate, pk=pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        copy = copy_template(template)
        self.log_addition(request, copy, _("Copied from “%s”.") % template)
        messages.success(request, _("Here is the copy. Change it, then publish it."))
        return redirect("admin:plans_plantemplate_change", copy.pk)


class CriterionInline(PartInline):
    model = Criterion
    fields = ["position", "label", "description", "weight"]


def reviews_begun(**where):
    """Return the reviews in which something was written."""
    return Review.objects.filter(**where).exclude(status__in=[Review.Status.ASSIGNED, Review.Status.RECUSED])


@admin.register(CriteriaSet)
class CriteriaSetAdmin(PortalModelAdmin):
    """Criteria of the review. Once a review by them has begun they stay as they are."""

    list_display = ["name", "is_sample"]
    search_fields = ["name"]
    inlines = [CriterionInline]

    def has_change_permission(self, request, obj=None):
        if (
            obj is not None
            and reviews_begun(version__plan__participation__edition__setup__criteria=obj).exists()
        ):
            return False
        return super().has_change_permission(request, obj)


@admin.register(KeyCompetence)
class KeyCompetenceAdmin(PortalModelAdmin):
    """Key competences. One that a plan names stays as it is: the plan's digest covers its name."""

    list_display = ["label", "competence_set", "position"]
    list_filter = ["competence_set"]
    search_fields = ["label"]

    def has_change_permission(self, request, obj=None):
        if obj is not None and any(
            model.competences.through.objects.filter(keycompetence=obj).exists()
            for model in (Goal, SchoolCommitment)
        ):
            return False
        return super().has_change_permission(request, obj)


@admin.register(Challenge)
class ChallengeAdmin(PortalModelAdmin):
    """Challenges that teams name when they publish; the list that comes with the portal is a sample."""

    list_display = ["label", "position", "is_sample"]
    search_fields = ["label"]


@admin.register(EditionSetup)
class EditionSetupAdmin(PortalModelAdmin):
    """How plans of an edition are written and judged."""

    list_display = ["edition", "template", "criteria", "deadline", "reviews_needed", "amendment_reviews"]
    list_select_related = ["edition", "template", "criteria"]
    search_fields = ["edition__name"]
    autocomplete_fields = ["edition"]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        started = Plan.objects.filter(participation__edition=obj.edition_id).exists()
        begun = reviews_begun(version__plan__participation__edition=obj.edition_id).exists()
        # Another set would leave goals with competences that their form no longer offers, and drops.
        fixed = {"edition": True, "competence_set": started, "criteria": begun}
        return [name for name, is_fixed in fixed.items() if is_fixed]


# --- Plans --------------------------------------------------------------------------------------


@admin.register(Plan)
class PlanAdmin(UnitSearch, ReadOnlyAdmin):
    """Plans with their progress; the text is read in the portal by those who may."""

    list_display = ["unit", "title", "scope", "edition", "number", "stage"]
    list_filter = ["scope", "participation__edition"]
    list_select_related = ["participation__jst", "participation__edition"]
    search_fields = ["participation__jst__search", "title"]
    fields = ["participation", "template", "title", "scope", "year_from", "year_to", "published_on"]

    def get_queryset(self, request):
        newest = PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("-number")
        return (
            super()
            .get_queryset(request)
            .annotate(
                number=Subquery(newest.values("number")[:1]), stage=Subquery(newest.values("status")[:1])
            )
        )

    @admin.display(description=gettext_lazy("local government"), ordering="participation__jst__sort_key")
    def unit(self, plan):
        return plan.participation.jst.full_name

    @admin.display(description=gettext_lazy("edition"))
    def edition(self, plan):
        return plan.participation.edition

    @admin.display(description=gettext_lazy("version"))
    def number(self, plan):
        return plan.number

    @admin.display(description=gettext_lazy("status"))
    def stage(self, plan):
        return STATUS_WORDS.get(plan.stage, "")


class MovedAdmin(UnitSearch, ProcessAdmin):
    """Objects of which nothing is typed here: they are shown and moved. `staff_moves` may be made in bulk."""

    staff_moves = frozenset()

    def has_add_permission(self, request):
        return False

    def get_readonly_fields(self, request, obj=None):
        return [*dict.fromkeys([*self.fields, *super().get_readonly_fields(request, obj)])]

    def get_fields(self, request, obj=None):
        return [*self.fields, "what_happened"]

    def get_actions(self, request):
        offered = {f"move_{name}" for name in self.staff_moves}
        return {name: action for name, action in super().get_actions(request).items() if name in offered}

    def save_model(self, request, obj, form, change):
        """Store nothing: an old copy of the row must not overwrite a move made meanwhile."""

    def render_change_form(self, request, context, **kwargs):
        context |= {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, **kwargs)


@admin.register(PlanVersion)
class PlanVersionAdmin(MovedAdmin):
    """Versions that were sent. Decisions are prepared and released on their own pages."""

    workflow = VERSION
    silent = WITHIN_TEAM
    staff_moves = frozenset({"start_review"})
    list_display = ["plan", "unit", "number", "status", "register_number", "sent_at"]
    list_filter = ["status"]
    list_select_related = ["plan__participation__jst", "plan__participation__edition"]
    search_fields = ["plan__participation__jst__search", "register_number"]
    fields = ["plan", "number", "status", "register_number", "sent_at", "sha256"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("comparison")

    def page_arguments(self, obj, move):
        return [obj.plan_id, obj.number]

    @admin.display(description=gettext_lazy("local government"))
    def unit(self, version):
        return version.plan.participation.jst.full_name


@admin.register(Review)
class ReviewAdmin(MovedAdmin):
    """Reviews handed in; experts are asked on the page of the plan."""

    workflow = REVIEW
    staff_moves = frozenset({"reopen"})
    list_display = ["version", "expert", "due", "status", "recommendation"]
    list_filter = ["recommendation"]
    list_select_related = ["version__plan", "expert__person"]
    search_fields = ["version__plan__participation__jst__search", "expert__person__last_name"]
    fields = ["version", "expert", "due", "status", "recommendation"]


@admin.register(Remark)
class RemarkAdmin(MovedAdmin):
    """The ledger of remarks. Answers are read in the portal once they have been sent."""

    workflow = REMARK
    staff_moves = frozenset({"confirm", "waive"})
    list_display = ["plan", "section", "kind", "status", "created_at"]
    list_filter = ["kind", "status"]
    list_select_related = ["plan"]
    search_fields = ["plan__participation__jst__search"]
    fields = ["plan", "version", "section", "kind", "body", "status", "created_at"]

    def get_view_on_site_url(self, obj=None):
        return obj.plan.get_absolute_url() if obj else None


@admin.register(Decision)
class DecisionAdmin(UnitSearch, ReadOnlyAdmin):
    """Decisions, prepared and released; they are made on the page of the version."""

    list_display = ["version", "outcome", "prepared_by", "prepared_at", "released_by", "released_at"]
    list_filter = ["outcome"]
    list_select_related = ["version__plan", "prepared_by", "released_by"]
    search_fields = ["version__plan__participation__jst__search"]

    def get_view_on_site_url(self, obj=None):
        return reverse("plans:decision", args=[obj.version.plan_id, obj.version.number]) if obj else None


# --- Deadlines ----------------------------------------------------------------------------------


class ExtensionForm(forms.ModelForm):
    def clean_until(self):
        until = self.cleaned_data["until"]
        if until <= timezone.now():
            raise ValidationError(_("Choose a time that has not passed yet."))
        return until


@admin.register(DeadlineExtension)
class DeadlineExtensionAdmin(UnitSearch, RecordedAdmin):
    """More time for one plan. It is given once and stays; the latest one counts."""

    begin = staticmethod(extend_deadline)
    ending = ()
    form = ExtensionForm
    list_display = ["plan", "until", "reason", "by", "at"]
    list_select_related = ["plan__participation__jst", "by"]
    search_fields = ["plan__participation__jst__search"]
    autocomplete_fields = ["plan"]
