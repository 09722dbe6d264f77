"""The admin of people and of what they are told about their data."""

import io

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _

from portal.accounts import check_name, open_account, place_in_groups, send_password_letter
from portal.clauses import publish
from portal.extract import extract
from portal.groups import ADMINISTRATOR
from portal.models import InformationClause, User
from portal.models.user import SYSTEM_EMAIL, normal_email

from .base import PortalModelAdmin


class PersonForm(forms.ModelForm):
    """A person's address and names; the address is the login."""

    def clean_email(self):
        email = normal_email(self.cleaned_data["email"])
        if User.objects.filter(email=email).exists():
            raise ValidationError(_("There is an account with this address."))
        return email

    def clean_first_name(self):
        check_name(self.cleaned_data["first_name"])
        return self.cleaned_data["first_name"]

    def clean_last_name(self):
        check_name(self.cleaned_data["last_name"])
        return self.cleaned_data["last_name"]


@admin.register(User)
class UserAdmin(PortalModelAdmin):
    """People. Nobody types another's password; only administrators say who is in which group of ORE."""

    form = PersonForm
    change_form_template = "admin/portal/user_change_form.html"
    list_display = ["email", "last_name", "first_name", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "last_name", "first_name"]
    ordering = ["last_name", "first_name", "email"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(email=SYSTEM_EMAIL)

    def has_change_permission(self, request, obj=None):
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def get_fields(self, request, obj=None):
        fields = ["email", "first_name", "last_name"]
        if manages_groups(request.user) or obj:
            fields.append("groups")
        return [*fields, "is_active", "last_login", "date_joined"] if obj else fields

    def get_readonly_fields(self, request, obj=None):
        fixed = ["email", "last_login", "date_joined"] if obj else []
        return fixed if manages_groups(request.user) else [*fixed, "groups", "is_active"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(
            db_field, request, widget=forms.CheckboxSelectMultiple, help_text="", **kwargs
        )

    def save_model(self, request, obj, form, change):
        if change:
            obj.save(update_fields=["first_name", "last_name", "is_active"])
        else:
            obj.pk = open_account(obj.email, obj.first_name, obj.last_name).pk

    def save_related(self, request, form, formsets, change):
        if "groups" in form.cleaned_data and manages_groups(request.user):
            place_in_groups(form.instance, form.cleaned_data["groups"])

    def get_urls(self):
        letter = self.admin_site.admin_view(self.password_letter)
        extracted = self.admin_site.admin_view(self.extract)
        return [
            path("<int:pk>/password-letter/", letter, name="portal_user_letter"),
            path("<int:pk>/extract/", extracted, name="portal_user_extract"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = (extra_context or {}) | {"may_extract": manages_groups(request.user)}
        return super().change_view(request, object_id, form_url, context)

    def extract(self, request, pk):
        """Hand the administrator the archive of everything about a person; an event says so."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not manages_groups(request.user):
            raise PermissionDenied
        name, content = extract(get_object_or_404(self.get_queryset(request), pk=pk), by=request.user)
        return FileResponse(io.BytesIO(content), as_attachment=True, filename=name)

    def password_letter(self, request, pk):
        """Queue the letter by which the person sets a password."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        person = get_object_or_404(self.get_queryset(request), pk=pk, is_active=True)
        send_password_letter(request, person)
        messages.success(request, _("A letter by which the person sets a password is on its way."))
        return redirect("admin:portal_user_change", person.pk)


def manages_groups(user):
    """Whether the person says who belongs to ORE's groups."""
    return user.is_superuser or ADMINISTRATOR in user.group_names


@admin.register(InformationClause)
class InformationClauseAdmin(PortalModelAdmin):
    """Versions are added; one that people may have read never changes."""

    list_display = ["purpose", "version", "valid_from"]

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        publish(obj)
