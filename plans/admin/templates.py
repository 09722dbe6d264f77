"""The form of a plan, as staff keep it: sections, required columns, how strict the rules are.

A published form never changes. The pages refuse it (`has_change_permission`), and every save takes hold
of the form first (`templating.hold_draft`), so that nothing slips in while somebody else publishes it.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from plans.admin.base import PartInline
from plans.models import PlanTemplate, RequiredField, RuleSetting, TemplateSection
from plans.prefill import keys_with_facts
from plans.rules.table import RULES
from plans.sections import STRUCTURES
from plans.template_preview import preview
from plans.templating import copy_template, earlier_keys, hold_draft, publish_template
from portal.admin import PortalModelAdmin
from portal.workflow import TransitionError

SECTION_FIELDS = [
    "position",
    "key",
    "kind",
    "title",
    "help",
    "word_limit",
    "row_limit",
    "in_narrow",
    "required_wide",
    "required_narrow",
    "criterion",
    "replaces",
]


class TemplateSectionInline(PartInline):
    """The sections in order, one line each; help, limits and columns are on a section's own page."""

    model = TemplateSection
    fields = ["position", "key", "kind", "title", "in_narrow", "required_wide", "required_narrow"]
    show_change_link = True

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Keep a line narrow: all its columns are seen at once."""
        size = {"position": 3, "key": 14, "title": 30}.get(db_field.name)
        if size:
            kwargs["widget"] = forms.TextInput(attrs={"size": size})
        if db_field.name == "key":
            words = _("With one of these keys the section is offered what the portal knows of the unit: %s.")
            kwargs["help_text"] = words % ", ".join(keys_with_facts())
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RuleSettingInline(PartInline):
    """Rules that are stricter or milder in this form than by themselves."""

    model = RuleSetting
    fields = ["code", "severity"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "code":
            words = dict(RuleSetting.Severity.choices)
            choices = [(rule.code, f"{rule.name} ({words[rule.severity]})") for rule in RULES]
            return forms.ChoiceField(label=db_field.verbose_name, choices=[("", "–"), *choices])
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class HeldAdmin(PortalModelAdmin):
    """Parts of a form that may be saved only while the form is not published."""

    def template_of(self, obj):
        return obj

    def has_change_permission(self, request, obj=None):
        is_published = obj is not None and self.template_of(obj).published_at is not None
        return super().has_change_permission(request, obj) and not is_published

    def save_model(self, request, obj, form, change):
        if change:
            hold_draft(self.template_of(obj))
        super().save_model(request, obj, form, change)


@admin.register(PlanTemplate)
class PlanTemplateAdmin(HeldAdmin):
    """Forms of the plan. A published one never changes: copy it, change the copy, publish that."""

    change_form_template = "admin/plans/plantemplate_change_form.html"
    list_display = ["name", "is_sample", "published_at"]
    search_fields = ["name"]
    fields = ["name", "is_sample", "changes", "published_at"]
    readonly_fields = ["published_at"]
    inlines = [TemplateSectionInline, RuleSettingInline]

    def get_urls(self):
        def button(name, view):
            view = self.admin_site.admin_view(require_POST(view))
            return path(f"<int:pk>/{name}/", view, name=f"plans_template_{name}")

        preview_view = self.admin_site.admin_view(self.preview)
        return [
            button("publish", self.publish),
            button("copy", self.copy),
            path("<int:pk>/preview/", preview_view, name="plans_template_preview"),
            *super().get_urls(),
        ]

    def preview(self, request, pk):
        """Show the form as the team will see it, in either scope; nothing in it can be sent."""
        template = get_object_or_404(PlanTemplate, pk=pk)
        if not self.has_view_permission(request, template):
            raise PermissionDenied
        scope = "narrow" if request.GET.get("zakres") == "narrow" else "wide"
        return render(request, "plans/template_preview.html", preview(template, scope))

    def publish(self, request, pk):
        """Publish the template, for good."""
        template = get_object_or_404(PlanTemplate, pk=pk)
        if not PortalModelAdmin.has_change_permission(self, request, template):
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


# --- Required columns, on the page of a section ---------------------------------------------------


def column_choices(section):
    """Return the columns of a section of rows to choose from, table by table."""
    return [
        (str(rows.title), [(f"{rows.name}:{name}", label) for name, label in rows.columns()])
        for rows in STRUCTURES.get(section.key, ())
        if not section.is_narrative
    ]


class RequiredFieldForm(forms.ModelForm):
    """One required column, chosen from those the section has."""

    columns = ()
    column = forms.ChoiceField(label=gettext_lazy("column"))

    class Meta:
        model = RequiredField
        fields = ["required_wide", "required_narrow"]

    field_order = ["column", "required_wide", "required_narrow"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["column"].choices = [("", "–"), *self.columns]
        if self.instance.pk:
            self.initial["column"] = f"{self.instance.row_set}:{self.instance.field}"

    def clean_column(self):
        column = self.cleaned_data["column"]
        self.instance.row_set, _colon, self.instance.field = column.partition(":")
        return column


class RequiredFieldFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        kept = [form for form in self.forms if not self._should_delete_form(form)]
        chosen = [form.cleaned_data["column"] for form in kept if form.cleaned_data.get("column")]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(_("Choose each column once."))


class RequiredFieldInline(PartInline):
    model = RequiredField
    form = RequiredFieldForm
    formset = RequiredFieldFormSet
    fields = ["column", "required_wide", "required_narrow"]

    def get_formset(self, request, obj=None, **kwargs):
        if obj is not None:
            kwargs["form"] = type("ColumnForm", (RequiredFieldForm,), {"columns": column_choices(obj)})
        return super().get_formset(request, obj, **kwargs)


@admin.register(TemplateSection)
class TemplateSectionAdmin(HeldAdmin):
    """One section with the columns that its rows must have. Sections are added on the page of the form."""

    fields = ["template", *SECTION_FIELDS]
    readonly_fields = ["template", "key", "kind"]
    inlines = [RequiredFieldInline]

    def template_of(self, obj):
        return obj.template

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The section of an earlier form is chosen from those that published forms have."""
        found = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "replaces":
            choices = [("", "–"), *earlier_keys()]
            return forms.ChoiceField(label=db_field.verbose_name, choices=choices, required=False)
        return found

    def get_inlines(self, request, obj):
        return [] if obj is None or obj.is_narrative else self.inlines

    def response_post_save_change(self, request, obj):
        return redirect("admin:plans_plantemplate_change", obj.template_id)
