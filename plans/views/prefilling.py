"""Putting a fact that the portal knows into a section: a button that works without a script."""

import uuid

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plans.prefill import insert_fact, offered_facts
from plans.views.writing import answer_save, get_written, posted_revision


@require_http_methods(["GET", "POST"])
def prefill(request, pk, key):
    """Put the chosen fact in, from the revision that the page showed; a stale page is told so."""
    version, section = get_written(request, pk, key)
    if request.method == "GET":
        return redirect("plans:section", pk, key)
    facts = {fact.code: fact for fact in offered_facts(version, section, request.user)}
    fact = facts.get(request.POST.get("fact", ""))
    if fact is None:
        messages.error(request, _("This is no longer known. Nothing was put in."))
        return redirect("plans:section", pk, key)
    answer = insert_fact(
        version,
        section,
        fact,
        by=request.user,
        revision=posted_revision(request.POST),
        request_key=request.POST.get("request_key", "")[:64] or uuid.uuid4().hex,
    )
    return answer_save(request, version, section, answer)
