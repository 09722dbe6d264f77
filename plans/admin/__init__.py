"""The admin of plans: the forms and criteria that staff keep; plans and reviews as far as staff may see them.

No text of a plan is shown here. What was sent is read in the portal (“view on site”); of drafts staff see
progress only, on the plan's page.
"""

from . import criteria, deadlines, phrases, plans, reviews, templates

__all__ = ["criteria", "deadlines", "phrases", "plans", "reviews", "templates"]
