"""The admin of what the portal itself wrote: events, readings of restricted data, letters."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from portal import conventions
from portal.models import AccessRecord, Event, Message

from .base import ReadOnlyAdmin, in_words


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["sequence", "at", "kind", "actor", "old_status", "new_status"]
    list_select_related = ["actor"]
    search_fields = ["kind", "actor__email"]
    fields = ["sequence", "at", "kind", "actor", "old_status", "new_status", "data", "comment", "digest"]
    ordering = ["-sequence"]

    def get_fields(self, request, obj=None):
        """What an app keeps from staff has neither data nor comment here."""
        silent = {kind for kinds in conventions.offered("workflow", "SILENT") for kind in kinds}
        unsaid = {"data", "comment"} if obj and obj.kind in silent else set()
        return [name for name in super().get_fields(request, obj) if name not in unsaid]


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnlyAdmin):
    """Who read whose restricted data, and why; the data are not here."""

    list_display = ["at", "reader", "person", "matter", "why"]
    list_select_related = ["event__actor", "event__words", "person"]
    search_fields = ["person__email", "person__last_name", "event__actor__email", "matter"]
    fields = ["at", "reader", "person", "matter", "fields", "why"]
    readonly_fields = ["at", "reader", "why"]

    @admin.display(description=gettext_lazy("time"), ordering="event__at")
    def at(self, record):
        return in_words(record.event.at)

    @admin.display(description=gettext_lazy("who read"))
    def reader(self, record):
        return record.event.actor

    @admin.display(description=gettext_lazy("reason"))
    def why(self, record):
        return record.event.comment


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Letters without their words: those about signing in carry links."""

    list_display = [
        "created_at",
        "address",
        "template",
        "status",
        "waits_for",
        "sent_at",
        "attempts",
        "error",
    ]
    list_filter = ["status"]
    search_fields = ["address"]
    fields = [
        "address",
        "template",
        "status",
        "waits_for",
        "created_at",
        "ready_at",
        "sent_at",
        "attempts",
        "error",
        "message_id",
    ]
    readonly_fields = ["waits_for"]

    def get_changelist(self, request, **kwargs):
        return LetterList

    @admin.display(description=gettext_lazy("waits for"))
    def waits_for(self, message):
        found = getattr(message, "waiting", None) or what_is_waited_for([message]).get(message.held_for)
        return format_html('<a href="{}">{}</a>', found[1], found[0]) if found else "–"


class LetterList(ChangeList):
    """The list asks once what all its held letters wait for."""

    def get_results(self, request):
        super().get_results(request)
        found = what_is_waited_for(self.result_list)
        for message in self.result_list:
            message.waiting = found.get(message.held_for, ())


def what_is_waited_for(messages):
    """Return {name: (words, address)} of what held letters wait for, from the apps that hold them."""
    names, found = {message.held_for for message in messages} - {""}, {}
    for start, tell in conventions.merged("notifications", "HELD").items():
        if mine := [name for name in names if name.startswith(start)]:
            for told in tell:
                found |= told(mine)
    return found
