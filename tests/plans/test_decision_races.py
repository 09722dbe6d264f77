"""Two of ORE work on one decision at the same moment: nothing of the one is lost unread by the other."""

import pytest
from django.utils import timezone

from plans.decisions import drop_decision, prepare_decision
from plans.models import Decision
from plans.views import deciding
from tests.plans.test_deciding import page_of, stamp, words
from tests.situations import plan_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    return plan_version(cast, "in_review")


def test_a_decision_that_was_changed_meanwhile_is_not_dropped_unread(cast, browse, version):
    client = browse(cast.coordinator)
    client.post(page_of(version), words(reason="Pierwszy."))
    seen = stamp(Decision.objects.get())
    assert f'name="seen" value="{seen}"><button' in client.get(page_of(version)).content.decode()
    browse(cast.administrator).post(page_of(version), words(reason="Drugi.", seen=seen))

    page = client.post(page_of(version), {"drop": "1", "seen": seen}, follow=True)

    assert Decision.objects.get().reason == "Drugi."
    assert "This has changed in the meantime." in page.content.decode()
    client.post(page_of(version), {"drop": "1", "seen": stamp(Decision.objects.get())})
    assert Decision.objects.count() == 0


def test_of_two_who_save_at_the_same_moment_the_second_is_told(cast, browse, version, monkeypatch):
    def second(version, **said):
        prepare_decision(version, outcome="refuse", reason="Pierwszy.", by=cast.administrator)
        return prepare_decision(version, **said)

    monkeypatch.setattr(deciding, "prepare_decision", second)
    response = browse(cast.coordinator).post(page_of(version), words(reason="Drugi."))

    assert response.status_code == 409
    assert Decision.objects.get().reason == "Pierwszy."
    assert "Drugi." in response.content.decode()


def test_a_decision_that_is_released_at_that_moment_is_not_said_to_be_dropped(
    cast, browse, version, monkeypatch
):
    def late(decision, by):
        Decision.objects.filter(pk=decision.pk).update(released_at=timezone.now(), released_by=by)
        return drop_decision(decision, by=by)

    client = browse(cast.coordinator)
    client.post(page_of(version), words())
    monkeypatch.setattr(deciding, "drop_decision", late)

    page = client.post(page_of(version), {"drop": "1"}, follow=True)

    assert Decision.objects.get().released_at
    assert "The prepared decision has been dropped." not in page.content.decode()
