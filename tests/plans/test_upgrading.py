"""Moving a started plan to a newer form: nothing moves by itself, and no word is lost."""

import pytest
from django.http import QueryDict
from lxml import html

from plans.content import Content
from plans.models import (
    EditionSetup,
    InternalComment,
    Plan,
    PlanTemplate,
    PlanVersion,
    SectionState,
    Text,
)
from plans.saving import save_section
from plans.sections import section_of, sections_of
from plans.templating import copy_template, publish_template
from plans.upgrading import upgrade_plan
from portal.models import Event
from portal.workflow import NotAllowed, TransitionError
from tests.plans.pages import address, posted
from tests.situations import complete_draft, plan_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    version = complete_draft(cast)
    Text.objects.filter(version=version, key="zespol").update(body="Pisaliśmy we czworo.")
    Text.objects.filter(version=version, key="kadra").update(body="Kadra, " * 40)
    Text.objects.filter(version=version, key="wizja").update(body="Szkoła, która bada świat.")
    return version


@pytest.fixture
def newer(cast, version):
    """A newer form: one section renamed, one gone, one new, one shorter; ORE has chosen it."""
    template = copy_template(cast.setup.template)
    template.sections.filter(key="zespol").update(key="autorzy", title="Autorzy planu", replaces="zespol")
    template.sections.filter(key__in=["wizja", "risks"]).delete()
    template.sections.filter(key="kadra").update(word_limit=20)
    template.sections.create(key="misja", kind="narrative", title="Misja", position=99)
    publish_template(template)
    EditionSetup.objects.filter(pk=cast.setup.pk).update(template=template)
    return template


def page(client, version):
    return client.get(f"/plany/{version.plan_id}/wzor/")


def move(client, version, template):
    return client.post(f"/plany/{version.plan_id}/wzor/", {"template": template.pk})


def told(response):
    """Return section → what the page says of it."""
    lines = html.fromstring(response.content).xpath("//ul[@class='tasks']/li")
    return {
        line.xpath("./span[1]/text()")[0].strip(): [tag.text_content() for tag in line.xpath("./*")][1:]
        for line in lines
    }


def test_a_newer_form_changes_no_started_plan_by_itself(cast, version, newer):
    plan = Plan.objects.get(pk=version.plan_id)

    assert plan.template_id != newer.pk
    assert "autorzy" not in [section.key for section in sections_of(plan)]


def test_the_page_says_what_becomes_of_each_section(cast, browse, version, newer):
    before = Event.objects.count()
    said = told(page(browse(cast.lead), version))

    assert {title: len(tags) for title, tags in said.items() if len(tags) > 1} == {
        "Diagnoza: kadra i dotychczasowe wspomaganie": 2
    }
    by_word = {title: tags[0] for title, tags in said.items()}
    assert by_word["Autorzy planu"] != by_word["Cele"]
    assert by_word["Wizja"] == by_word["Ryzyka"]
    assert len({by_word[title] for title in ("Autorzy planu", "Cele", "Wizja", "Misja")}) == 4
    assert Event.objects.count() == before


SAMPLE = "This form is a sample: ORE has not given its official form yet."


def test_a_sample_form_is_said_to_be_one_until_the_plan_has_ores_own(cast, browse, version, newer):
    PlanTemplate.objects.filter(pk=newer.pk).update(is_sample=False)
    client = browse(cast.author)
    plan = f"/plany/{version.plan_id}/"
    assert "sample form" in client.get(plan).content.decode()
    assert SAMPLE in page(client, version).content.decode()

    move(browse(cast.lead), version, newer)

    assert "sample form" not in client.get(plan).content.decode()
    assert SAMPLE not in page(client, version).content.decode()


def test_moving_keeps_every_word(cast, browse, version, newer):
    SectionState.objects.filter(version=version, key="zespol").update(
        revision=3, done=True, owner=cast.author
    )
    uid = Text.objects.get(version=version, key="zespol").uid
    InternalComment.objects.create(plan=version.plan, section="zespol", author=cast.lead, body="Sprawdź")
    words = {text.body for text in Text.objects.filter(version=version)}
    rows = Content(version).canonical()

    move(browse(cast.lead), version, newer)

    moved = Text.objects.get(version=version, key="autorzy")
    state = SectionState.objects.get(version=version, key="autorzy")
    after = Content(PlanVersion.objects.get(pk=version.pk)).canonical()
    assert Plan.objects.get(pk=version.plan_id).template == newer
    assert (moved.body, moved.uid) == ("Pisaliśmy we czworo.", uid)
    assert (state.revision, state.owner, state.done) == (3, cast.author, False)
    assert words - {text.body for text in Text.objects.filter(version=version)} == set()
    assert {name: after[name] for name in after if name != "text"} == {
        name: rows[name] for name in rows if name != "text"
    }
    assert InternalComment.objects.get().section == "autorzy"


def test_what_lost_its_place_is_shown_to_the_team_and_the_new_section_can_be_written(
    cast, browse, version, newer
):
    client = browse(cast.lead)
    move(client, version, newer)
    shown = page(client, version).content.decode()

    saved = client.post(address(version, "misja"), posted(body="Uczymy odważnie."))

    assert "Szkoła, która bada świat." in shown
    assert "Brak nauczycieli" in shown
    assert saved.status_code == 302
    assert Text.objects.get(version=version, key="misja").body == "Uczymy odważnie."


def test_the_move_is_recorded_with_what_moved_and_what_was_left(cast, browse, version, newer):
    old = version.plan.template_id
    move(browse(cast.lead), version, newer)
    event = Event.objects.last()

    assert (event.kind, event.actor, event.planevent.plan_id) == (
        "plans.plan.upgrade", cast.lead, version.plan_id,
    )  # fmt: skip
    assert event.data == {
        "from": old,
        "to": newer.pk,
        "moved": {"zespol": "autorzy"},
        "left": ["wizja", "risks"],
    }


@pytest.mark.parametrize("role", ["reader", "author", "signatory"])
def test_only_the_lead_moves_the_plan(cast, browse, version, newer, role):
    client = browse(getattr(cast, role))

    assert page(client, version).status_code == 200
    assert move(client, version, newer).status_code == 403
    assert Plan.objects.get(pk=version.plan_id).template_id != newer.pk


def test_ore_neither_sees_the_draft_nor_moves_it(cast, browse, version, newer):
    client = browse(cast.coordinator)

    assert page(client, version).status_code == 404
    assert move(client, version, newer).status_code == 404
    with pytest.raises(NotAllowed):
        upgrade_plan(version.plan, newer, by=cast.coordinator)


def test_a_second_click_moves_nothing_more(cast, browse, version, newer):
    client = browse(cast.lead)
    move(client, version, newer)
    events = Event.objects.count()

    assert move(client, version, newer).status_code == 302
    assert Event.objects.count() == events
    with pytest.raises(TransitionError):
        upgrade_plan(Plan.objects.get(pk=version.plan_id), newer, by=cast.lead)


def test_a_form_other_than_the_one_on_the_page_is_refused(cast, browse, version, newer):
    other = copy_template(newer)

    move(browse(cast.lead), version, other)

    assert Plan.objects.get(pk=version.plan_id).template_id not in {newer.pk, other.pk}


@pytest.mark.parametrize("status", ["awaiting_signature", "sent", "returned", "taken_back"])
def test_a_plan_that_was_sent_or_waits_for_a_signature_keeps_its_form(cast, status):
    version = plan_version(cast, status)
    template = copy_template(cast.setup.template)
    publish_template(template)
    EditionSetup.objects.filter(pk=cast.setup.pk).update(template=template)

    with pytest.raises(TransitionError):
        upgrade_plan(version.plan, template, by=cast.lead)

    assert Plan.objects.get(pk=version.plan_id).template == cast.setup.template


def test_text_typed_in_a_section_that_moved_meanwhile_is_kept(cast, browse, version, newer):
    """An author has the old section open while the lead moves the plan; the save started before it."""
    stale = PlanVersion.objects.for_page().get(pk=version.pk)
    section = section_of(stale.plan, "zespol")
    upgrade_plan(version.plan, newer, by=cast.lead)
    data = QueryDict("body=Nowe+zdanie")

    answer = save_section(stale, section, data, by=cast.author, revision=0, request_key="k")

    assert answer.outcome == "conflict"
    assert answer.record.payload["body"] == ["Nowe zdanie"]
    assert Text.objects.get(version=version, key="autorzy").body == "Pisaliśmy we czworo."
