"""What concerns plans in the main menu."""

from django.utils.translation import gettext as _

from jst.navigation import standing
from jst.permissions import is_coordinator, is_ore_staff
from portal.addresses import address

# Pages whose address begins otherwise than that of the entry they belong to.
BELONGS = {"przyjecie-planow": "plans:list", "recenzenci": "plans:review_dashboard"}


def entries(user):
    """Plans for who has any, reviews for experts, decisions for coordinators, accepted plans for all."""
    plans = (_("Plans"), address("plans:list"), _("How far each plan is and whose turn it is."))
    reviews = (_("Reviews"), address("plans:reviews"), _("Plans that you review."))
    decisions = (_("Decisions"), address("plans:decisions"), _("Decisions prepared and not yet released."))
    library = (_("Accepted plans"), address("plans:library"), _("Plans that the teams agreed to publish."))
    overseen = (
        _("Reviews"),
        address("plans:review_dashboard"),
        _("All reviews, late ones, how experts judge."),
    )
    if is_ore_staff(user):
        return [plans, *([overseen, decisions] if is_coordinator(user) else []), library]
    if not user.is_authenticated:
        return [library]
    who = standing(user)
    own = [plans] if who["team"] or who["is_caretaker"] or who["is_operator"] else []
    return [*own, *([reviews] if who["is_expert"] else []), library]
