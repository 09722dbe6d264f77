"""What templates show in one way only: statuses, texts, histories, sums, pages of a list."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from django import forms, template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.controls import drawn
from portal.navigation import home_of, menu
from portal.text import render_html, word_count

register = template.Library()

# The tone of a status. Its word is always there: a colour says nothing alone.
TONES = {
    "good": {"accepted", "completed", "confirmed", "handed_in", "fine", "applied"},
    "info": {
        *("sent", "in_review", "in_progress", "answered", "assigned", "qualified", "reserve"),
        *("uploaded", "checked", "applying"),
    },
    "warn": {"awaiting_signature", "returned", "open", "upheld", "invited", "change", "offered", "abstained"},
    "bad": {"not_accepted", "excluded", "failed", "gap", "refused", "lapsed"},
}
TONE_OF = {status: tone for tone, statuses in TONES.items() for status in statuses}


@register.simple_tag
def tag(text, tone="plain"):
    """A short label. Tones: plain, info, good, warn, bad."""
    return label(str(text), tone)


# `typed`, so that markup known to be safe never answers for the same characters typed by somebody.
@lru_cache(maxsize=1000, typed=True)
def label(text, tone):
    """The element of a label; lists repeat the same few."""
    return format_html('<span class="tag {}">{}</span>', tone, text)


@register.simple_tag
def status(obj):
    """The status of an object, in its words and its tone."""
    return tag(obj.get_status_display(), TONE_OF.get(str(obj.status), "plain"))


@register.simple_tag
def narrative(text):
    """A told text with its paragraphs and lists; everything in it is escaped."""
    return render_html(text)


@register.simple_tag
def whose_turn(text, due=None):
    """The box that says who is to do what, and until when."""
    until = format_html('<span class="due">{} <b>{}</b></span>', _("Until:"), pl_date(due)) if due else ""
    return format_html('<div class="turn"><p><b>{}</b> {}</p>{}</div>', _("Whose turn:"), text, until)


@register.inclusion_tag("_partials/history.html")
def history(events):
    """What happened, in sentences; each event has `at`, `sentence` and perhaps `comment`."""
    return {"events": events}


@register.simple_tag
def money(value):
    """A sum: 12 345 zł, or 12 345,50 zł; nothing for nothing."""
    if value is None or value == "":
        return ""
    value = Decimal(value)
    places = 0 if value == value.to_integral_value() else 2
    return f"{number_format(value, places, force_grouping=True)}\xa0zł"


@register.filter
def moment(value):
    """A moment of today by the clock, one of another day with its date; nothing for nothing."""
    if not value:
        return ""
    value = timezone.localtime(value)
    return date_format(value, "H:i:s" if value.date() == timezone.localdate() else "DATETIME_FORMAT")


@register.simple_tag
def pl_date(value):
    """A day, or a day and hour, in words with its machine form in a <time> element."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
        return as_time(value, date_format(value, "DATETIME_FORMAT"))
    return day_in_words(value, get_language())


@lru_cache(maxsize=1000)
def day_in_words(day, language):
    """A day as an element; lists repeat the same days, and putting one into words takes long."""
    return as_time(day, date_format(day, "DATE_FORMAT"))


def as_time(value, words):
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


# --- Forms ----------------------------------------------------------------------------------------


@register.simple_tag
def error_summary(*forms):
    """The box above the page that lists what to correct, with links to the controls.

    Takes forms, formsets, and ready lists of (id of the control or "", sentence).
    """
    errors = [error for form in forms if form for error in errors_of(form)]
    return render_to_string("_partials/error_summary.html", {"errors": errors})


def errors_of(form):
    """Return (id of the control or "", sentence) for each mistake in a form, a formset or a ready list."""
    if isinstance(form, list | tuple):
        return list(form)
    if hasattr(form, "forms"):
        found = [("", sentence) for sentence in form.non_form_errors()]
        return found + [error for one in form.forms for error in errors_of(one)]
    found = [("", sentence) for sentence in form.non_field_errors()]
    # Groups of options have no control of their own: the link leads to the first option.
    return found + [
        (field.id_for_label or f"{field.auto_id}_0", f"{field.label}: {sentence}")
        for field in form
        for sentence in field.errors
    ]


@register.simple_tag
def words_of(field):
    """The line under a control with data-word-limit; counter.js keeps it true while one writes."""
    limit = field.field.widget.attrs.get("data-word-limit")
    if not limit:
        return ""
    within, over = _("%(words)s of %(limit)s words"), _("%(words)s of %(limit)s words: %(over)s too many")
    words = word_count(field.value())
    said = (over if words > limit else within) % {"words": words, "limit": limit, "over": words - limit}
    return format_html(
        '<p class="word-count" data-count="{}" data-limit="{}" data-within="{}" data-over="{}">'
        '<span>{}</span><span class="sr" role="status"></span></p>',
        field.id_for_label,
        limit,
        within,
        over,
        said,
    )


@register.simple_tag
def filter_fields(form):
    """The fields of a list's filter as their form would draw them, at a tenth of the cost."""
    return mark_safe("".join(filter_field(form[name]) for name in form.fields))


def filter_field(bound):
    """One field of a filter: words to look for, one of some choices, or a box to tick."""
    if isinstance(bound.field, forms.BooleanField):
        return drawn(bound)
    identity, name, value = bound.id_for_label, escape(bound.html_name), str(bound.value() or "")
    label = f'<div class="field"><label for="{identity}">{escape(capfirst(bound.label))}</label>'
    if not hasattr(bound.field, "choices"):
        return f'{label}<input type="search" name="{name}" id="{identity}" value="{escape(value)}"></div>'
    options = "".join(
        f'<option value="{escape(key)}"{" selected" if str(key) == value else ""}>{escape(words)}</option>'
        for key, words in bound.field.choices
    )
    return f'{label}<select name="{name}" id="{identity}">{options}</select></div>'


@register.filter
def calm(form):
    """The form without placeholders: allauth repeats each label inside its control, where it vanishes."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.simple_tag
def labelled(field, label, help_text=""):
    """Give a field of somebody else's form our words; it is drawn later, with its form."""
    if field:
        field.label, field.help_text = label, help_text or field.help_text
    return ""


# --- Ways -----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def navigation(context):
    """The entries of the main menu for this person, the current one marked."""
    path = context["request"].path
    home = home_of(path)
    marked = [
        (url, current(path, url) or (PART if url == home else ""), label)
        for label, url, _about in menu(context["user"])
    ]
    return format_html_join("\n", '<li><a href="{}"{}>{}</a></li>', marked)


PART = mark_safe(' aria-current="true"')


@register.simple_tag
def current(path, url):
    """Return the mark of the page one is on, or of the part of the portal it belongs to."""
    if path == url:
        return format_html(' aria-current="{}"', "page")
    return PART if path.startswith(url) else ""


@register.inclusion_tag("_partials/pagination.html", takes_context=True)
def pagination(context, page=None, previous="", next="", last=""):  # noqa: A002
    """Links to the pages around: of a Django page, or of a list by key whose addresses are given."""
    if page is None:
        return {"previous": previous, "next": next, "last": last}
    query = context["request"].GET.copy()

    def address(number):
        query["page"] = number
        return f"?{query.urlencode()}"

    return {
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "number": page.number,
        "total": page.paginator.num_pages,
    }
