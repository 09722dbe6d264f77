"""What every admin page of the portal has in common."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.history import told
from portal.workflow import TransitionError


class PortalModelAdmin(admin.ModelAdmin):
    """Nothing is deleted, lists show what the person may see, and a refused change says why."""

    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows

    def lookup_allowed(self, lookup, value, request):
        """A list is narrowed by its filters alone: which rows are left would tell of any other column."""
        narrows = any(f"{lookup}__".startswith(f"{name}__") for name in self.get_list_filter(request))
        return narrows and super().lookup_allowed(lookup, value, request)

    def get_view_on_site_url(self, obj=None):
        return obj.get_absolute_url() if obj and hasattr(obj, "get_absolute_url") else None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the same form with the refusal, where a verb refuses what was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except TransitionError as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return type("RefusedForm", (RefusedMixin, form), {"refusal": refusal}) if refusal else form


class RefusedMixin:
    """A form that a verb has refused: the refusal is its error."""

    def clean(self):
        found = super().clean()
        self.add_error(None, self.refusal.sentences)
        return found


class ReadOnlyAdmin(PortalModelAdmin):
    """Rows that only the portal itself writes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class RecordedAdmin(PortalModelAdmin):
    """Rows that verbs make and end, so that an event is written: `begin(row, by=)` and `end(row, by=, …)`.

    Of a row that stands only `ending` may be filled in; where there is no `end` nothing changes any more.
    """

    begin = None
    end = None
    ending = ("until", "reason")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (self.end is not None or obj is None)

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if obj else [field for field in fields if field not in self.ending]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return super().get_readonly_fields(request, obj)
        return [field.name for field in self.opts.fields if field.name not in ("id", *self.ending)]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        for name in self.ending:
            if name in form.base_fields:
                form.base_fields[name].required = True
        return form

    def save_model(self, request, obj, form, change):
        if not change:
            self.begin(obj, by=request.user)
        elif form.changed_data:
            self.end(obj, by=request.user, **{name: form.cleaned_data[name] for name in self.ending})


class MoveForm(forms.Form):
    """The comment of a move."""

    comment = forms.CharField(label=gettext_lazy("Comment"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data=None, *, move):
        super().__init__(data)
        self.fields["comment"].required = move.needs_comment
        if move.needs_comment:
            self.fields["comment"].label = _("Reason")


# Where nothing can be typed nothing is saved.
NO_SAVE = ["show_save", "show_save_and_continue", "show_save_and_add_another"]


class ProcessAdmin(PortalModelAdmin):
    """Objects that move through `workflow`: the status is shown, the moves of the table are the buttons."""

    workflow = None
    # Kinds of events whose comments are not for staff.
    silent = frozenset()
    change_form_template = "admin/portal/process_change_form.html"

    # What a process may say differently about its moves.

    def get_move_form(self, move):
        return MoveForm

    def make_move(self, obj, move, by, form):
        self.workflow.perform(obj, move.name, by=by, comment=form.cleaned_data["comment"])

    def page_arguments(self, obj, move):
        """Return the arguments of the address of the move's own page."""
        return [obj.pk]

    # Showing.

    def get_readonly_fields(self, request, obj=None):
        shown = ["status", "what_happened"] if obj else []
        return [*super().get_readonly_fields(request, obj), *shown]

    @admin.display(description=gettext_lazy("history"))
    def what_happened(self, obj):
        companions = type(self.workflow.about(obj))
        (name,) = [field.name for field in companions._meta.fields if field.related_model is self.model]
        happened = told(companions.objects.filter(**{name: obj}), silent=self.silent)
        rows = [(in_words(row.at), row.sentence, row.comment) for row in happened]
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{} {} {}</li>", rows)) if rows else "–"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        obj = self.get_object(request, object_id)
        moves = self.workflow.available(obj, request.user) if obj else []
        buttons = [(move.label, self.address_of(obj, move)) for move in moves]
        context = (extra_context or {}) | {"buttons": buttons}
        if obj and set(self.get_fields(request, obj)) <= set(self.get_readonly_fields(request, obj)):
            context |= dict.fromkeys(NO_SAVE, False)
        return super().change_view(request, object_id, form_url, context)

    def address_of(self, obj, move):
        if move.page:
            return reverse(move.page, args=self.page_arguments(obj, move))
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_move", args=[obj.pk, move.name])

    # Moving one.

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_move"
        view = self.admin_site.admin_view(self.move_view)
        return [path("<path:object_id>/move/<slug:name>/", view, name=name), *super().get_urls()]

    def move_view(self, request, object_id, name):
        """Ask once and make the move."""
        obj = get_object_or_404(self.get_queryset(request), pk=object_id)
        move = self.workflow.transitions.get(name)
        if move is None or move.hidden or move.page or not move.allowed(request.user, obj):
            raise PermissionDenied(_("You may not do this."))
        form = self.get_move_form(move)(request.POST if request.method == "POST" else None, move=move)
        if form.is_valid():
            try:
                self.make_move(obj, move, request.user, form)
            except TransitionError as refusal:
                form.add_error(None, refusal.sentences)
            else:
                messages.success(request, _("Done: %s.") % move.label)
                return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", obj.pk)
        return self.ask(request, move, form, [obj])

    def ask(self, request, move, form, objects, **extra):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": move.label,
            "move": move,
            "form": form,
            "objects": objects,
        }
        return TemplateResponse(request, "admin/portal/move.html", context | extra)

    # Moving many.

    def get_actions(self, request):
        actions = super().get_actions(request)
        if self.has_change_permission(request):
            for move in self.workflow.transitions.values():
                if not move.hidden and not move.page:
                    actions[f"move_{move.name}"] = (bulk(move), f"move_{move.name}", move.label)
        return actions

    def move_many(self, request, move, objects):
        """Ask once and move each object by itself; what is refused is reported with its reason."""
        confirmed = request.POST if "confirmed" in request.POST else None
        form = self.get_move_form(move)(confirmed, move=move)
        if not form.is_valid():
            extra = {"action": f"move_{move.name}", "across": request.POST.get("select_across", "0")}
            return self.ask(request, move, form, list(objects), **extra)
        done = 0
        for obj in objects:
            try:
                self.make_move(obj, move, request.user, form)
                done += 1
            except TransitionError as refusal:
                messages.error(request, f"{obj}: {refusal}")
        if done:
            messages.success(request, ngettext("%d moved.", "%d moved.", done) % done)
        return None


def in_words(moment):
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def bulk(move):
    """Return the admin action of a move."""
    return lambda modeladmin, request, queryset: modeladmin.move_many(request, move, queryset)
