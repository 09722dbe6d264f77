"""A form published while others change it: what was published is what stays.

The control compares `published_at` in Python and changes the form afterwards; it must fail.
"""

import time

import pytest
from django.db import transaction

from plans.models import PlanTemplate, TemplateSection
from plans.templating import copy_template, hold_draft, publish_template
from portal.workflow import TransitionError
from tests.plans.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]


def held(pk, title):
    """The door of the admin: take the form, then change its section."""
    try:
        with transaction.atomic():
            hold_draft(PlanTemplate(pk=pk))
            TemplateSection.objects.filter(template=pk, key="wizja").update(title=title)
    except TransitionError:
        return False
    return True


def checked(pk, title):
    """The control: look first, change afterwards."""
    if PlanTemplate.objects.get(pk=pk).published_at:
        return False
    time.sleep(0.02)
    TemplateSection.objects.filter(template=pk, key="wizja").update(title=title)
    return True


def changed_after_publication(template, change):
    """Let three people change a form while a fourth publishes it; tell whether the last word was theirs."""

    def title():
        return TemplateSection.objects.get(template=template, key="wizja").title

    def work(number):
        if number == 0:
            time.sleep(0.01)
            with transaction.atomic():
                publish_template(template)
                return title()
        count = 0
        while change(template.pk, f"Wizja {number}.{count}"):
            count += 1
        return None

    published_as = at_once(4, work)[0]
    return title() != published_as


def test_nothing_changes_a_form_once_it_is_published(cast, figures):
    rounds = figures(small=3, full=100)

    assert [
        changed_after_publication(copy_template(cast.setup.template), held) for _round in range(rounds)
    ] == [False] * rounds


def test_looking_first_is_not_enough(cast):
    assert any(changed_after_publication(copy_template(cast.setup.template), checked) for _round in range(10))
