"""The admin of units that take part, their people and schools; what changes a team goes through verbs."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from jst import teams
from jst.models import ExpertAssignment, Invitation, Participation, SchoolScope, TeamMembership
from jst.models.dated import today
from jst.workflow import INVITATION, PARTICIPATION
from portal.admin import MoveForm, ProcessAdmin, RecordedAdmin

from .rows import ReadOnlyInline, UnitSearch


class EndForm(MoveForm):
    """A move that ends a participation needs its day."""

    on = forms.DateField(label=_("Ended on"), initial=today)


class MembershipInline(ReadOnlyInline):
    model = TeamMembership
    fields = ["person", "function", "is_lead", "is_author", "is_signatory", "since", "until", "reason"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person")


class AssignmentInline(ReadOnlyInline):
    model = ExpertAssignment
    fields = ["expert", "role", "since", "until", "reason"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("expert__person")


@admin.register(Participation)
class ParticipationAdmin(UnitSearch, ProcessAdmin):
    """Units in editions. „View on site” leads to the page of the team, where its first lead is invited."""

    workflow = PARTICIPATION
    list_display = ["jst", "edition", "status", "since", "until"]
    list_filter = ["status", "edition"]
    list_select_related = ["jst", "edition"]
    search_fields = ["jst__search"]
    autocomplete_fields = ["edition", "jst"]
    fields = ["edition", "jst", "since", "until", "status", "what_happened"]
    inlines = [MembershipInline, AssignmentInline]

    def get_fields(self, request, obj=None):
        return self.fields if obj else ["edition", "jst", "since"]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["edition", "jst", "since", "until"] if obj else []
        return [*fixed, *super().get_readonly_fields(request, obj)]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def save_model(self, request, obj, form, change):
        if not change:
            teams.qualify(obj, by=request.user)

    def get_move_form(self, move):
        return MoveForm if move.name == "begin" else EndForm

    def make_move(self, obj, move, by, form):
        if move.name == "begin":
            super().make_move(obj, move, by, form)
        else:
            given = {"on": form.cleaned_data["on"], "comment": form.cleaned_data["comment"]}
            teams.end_participation(obj, move.name, by=by, **given)


@admin.register(Invitation)
class InvitationAdmin(ProcessAdmin):
    """Invitations are made on the page of the team; here they are sent again and withdrawn."""

    workflow = INVITATION
    list_display = ["email", "participation", "status", "expires_at", "letters"]
    list_filter = ["status"]
    list_select_related = ["participation__jst", "participation__edition"]
    search_fields = ["email", "last_name"]
    exclude = ["nonce"]

    def has_add_permission(self, request):
        return False

    def get_readonly_fields(self, request, obj=None):
        fields = [field.name for field in self.opts.fields if field.name not in ("id", "nonce", "changed_at")]
        return [*dict.fromkeys([*fields, *super().get_readonly_fields(request, obj)])]


@admin.register(TeamMembership)
class TeamMembershipAdmin(UnitSearch, RecordedAdmin):
    """People in teams. Rights are changed on the page of the team, as one membership after another."""

    begin = staticmethod(teams.add_member)

    list_display = ["person", "participation", "is_lead", "is_author", "is_signatory", "since", "until"]
    list_filter = ["is_lead", "is_author", "is_signatory"]
    list_select_related = ["person", "participation__jst", "participation__edition"]
    search_fields = ["person__email", "person__last_name", "participation__jst__search"]
    autocomplete_fields = ["participation", "person"]

    @staticmethod
    def end(membership, *, until, reason, by):
        teams.end_membership(membership, on=until, reason=reason, by=by)

    def get_view_on_site_url(self, obj=None):
        return obj.participation.get_absolute_url() if obj else None


@admin.register(SchoolScope)
class SchoolScopeAdmin(UnitSearch, RecordedAdmin):
    begin = staticmethod(teams.take_on_school)
    end = staticmethod(teams.give_up_school)

    list_display = ["school", "participation", "since", "until"]
    list_select_related = ["school", "participation__jst", "participation__edition"]
    search_fields = ["school__name", "school__rspo", "participation__jst__search"]
    autocomplete_fields = ["participation", "school"]
