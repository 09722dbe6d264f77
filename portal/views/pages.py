"""Pages that belong to no process: the desk of a signed-in person and the public duties."""

from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render

from portal import clauses, conventions
from portal.navigation import menu


def desk(request):
    """Show what waits for the person, most urgent first; before it, once, what is new about one's data."""
    if clauses.are_due(request):
        return redirect("information")
    offers = conventions.offered("waiting", "waiting_for")
    waiting = [row for waiting_for in offers for row in waiting_for(request.user)]
    waiting.sort(key=lambda row: (row.rank, row.due or date.max))
    return render(request, "portal/desk.html", {"waiting": waiting, "ways": menu(request.user)[1:]})


@login_not_required
def contact(request):
    return render(request, "portal/contact.html")


@login_not_required
def accessibility(request):
    return render(request, "portal/accessibility.html", {"origin": settings.PORTAL_ORIGIN})


@login_not_required
def privacy(request):
    return render(request, "portal/privacy.html")
