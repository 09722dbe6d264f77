"""Criteria of the review, key competences, and how plans of an edition are written and judged."""

from django.contrib import admin

from plans.admin.base import PartInline
from plans.models import (
    Challenge,
    CriteriaSet,
    Criterion,
    EditionSetup,
    Goal,
    KeyCompetence,
    Plan,
    Review,
    SchoolCommitment,
)
from portal.admin import PortalModelAdmin


class CriterionInline(PartInline):
    model = Criterion
    fields = ["position", "label", "description", "weight"]


def reviews_begun(**where):
    """Return the reviews in which something was written."""
    return Review.objects.filter(**where).exclude(status__in=[Review.Status.ASSIGNED, Review.Status.RECUSED])


@admin.register(CriteriaSet)
class CriteriaSetAdmin(PortalModelAdmin):
    """Criteria of the review. Once a plan is written by a form that shows them they stay as they are."""

    list_display = ["name", "is_sample"]
    search_fields = ["name"]
    inlines = [CriterionInline]

    def has_change_permission(self, request, obj=None):
        if obj is not None and (is_shown_to_authors(obj) or has_judged(obj)):
            return False
        return super().has_change_permission(request, obj)


def is_shown_to_authors(criteria):
    return Plan.objects.filter(template__sections__criterion__criteria_set=criteria).exists()


def has_judged(criteria):
    return reviews_begun(version__plan__participation__edition__setup__criteria=criteria).exists()


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
