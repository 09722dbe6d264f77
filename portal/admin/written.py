"""The admin of what the portal itself wrote: events, readings of restricted data, letters."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from portal.models import AccessRecord, Event, Message

from .base import ReadOnlyAdmin, in_words


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["sequence", "at", "kind", "actor", "old_status", "new_status"]
    list_select_related = ["actor"]
    search_fields = ["kind", "actor__email"]
    fields = ["sequence", "at", "kind", "actor", "old_status", "new_status", "data", "comment", "digest"]
    ordering = ["-sequence"]


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

    list_display = ["created_at", "address", "template", "status", "sent_at", "attempts", "error"]
    list_filter = ["status"]
    search_fields = ["address"]
    fields = [
        "address",
        "template",
        "status",
        "created_at",
        "ready_at",
        "sent_at",
        "attempts",
        "error",
        "message_id",
    ]
