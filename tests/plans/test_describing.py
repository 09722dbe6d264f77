"""Title, scope and years changed after the start: by the lead, while a draft is written, losing no word."""

import pytest
from lxml import html

from plans.describing import describe_plan, stamp
from plans.models import Plan, PlanVersion, SectionRevision, SectionState, SwotItem, Text
from plans.waiting import waiting_for
from plans.workflow import VERSION
from portal.models import Event
from portal.workflow import NotAllowed, TransitionError
from tests.conftest import person_of
from tests.plans.pages import address, fields_of, posted
from tests.situations import complete_draft, plan_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    version = complete_draft(cast)
    Text.objects.filter(version=version, key="wizja").update(body="Szkoła, która bada świat.")
    return version


def url(version):
    return f"/plany/{version.plan_id}/tytul-zakres-lata/"


def form_on(client, version):
    """Return what a browser would post from the page."""
    (form,) = html.fromstring(client.get(url(version)).content).xpath("//main//form[.//input[@name='seen']]")
    return fields_of(form)


def change(client, version, **fields):
    return client.post(url(version), form_on(client, version) | fields)


def stored(version):
    latest = Plan.objects.get(pk=version.plan_id).latest()
    return latest.title, latest.plan.scope, latest.year_from, latest.year_to


def only_wide(version):
    return [section.key for section in version.plan.template.sections.all() if not section.in_narrow]


def described():
    return Event.objects.filter(kind="plans.plan.describe")


# --- The first draft ------------------------------------------------------------------------------


def test_the_lead_finds_the_page_on_the_plan_and_changes_all_three(cast, browse, draft):
    client = browse(cast.lead)
    assert f'href="{url(draft)}"' in client.get(f"/plany/{draft.plan_id}/").content.decode()

    answer = change(client, draft, title="Plan na nowo", scope="narrow", year_from="2027", year_to="2031")

    assert answer["Location"] == f"/plany/{draft.plan_id}/"
    assert stored(draft) == ("Plan na nowo", "narrow", 2027, 2031)
    event = described().get()
    assert (event.actor, event.planevent.version) == (cast.lead, draft)
    assert event.data == {
        "changed": {
            "title": ["Plan rozwoju oświaty gminy", "Plan na nowo"],
            "scope": ["wide", "narrow"],
            "year_from": [2026, 2027],
            "year_to": [2029, 2031],
        },
        "left": only_wide(draft),
    }
    page = client.get(f"/plany/{draft.plan_id}/").content.decode()
    assert "changed the title, scope or years of the plan." in page
    assert "Plan na nowo" in page


def test_a_plan_made_narrow_keeps_every_word_and_shows_where(cast, browse, draft):
    client = browse(cast.lead)
    words = set(Text.objects.filter(version=draft).values_list("body", flat=True))

    told = client.post(url(draft), form_on(client, draft) | {"scope": "narrow"}, follow=True)

    assert "is kept" in told.content.decode()
    assert set(Text.objects.filter(version=draft).values_list("body", flat=True)) == words
    assert SwotItem.objects.filter(version=draft).count() == 4
    page = client.get(f"/plany/{draft.plan_id}/wzor/").content.decode()
    assert "Punkt s" in page
    lines = {line.key for line in client.get(f"/plany/{draft.plan_id}/").context["lines"]}
    assert not lines & set(only_wide(draft))


def test_a_plan_made_wide_again_has_its_words_in_their_sections(cast, browse, draft):
    client = browse(cast.lead)
    before = [(line.key, line.status) for line in client.get(f"/plany/{draft.plan_id}/").context["lines"]]

    change(client, draft, scope="narrow")
    change(client, draft, scope="wide")

    after = [(line.key, line.status) for line in client.get(f"/plany/{draft.plan_id}/").context["lines"]]
    assert after == before
    assert "Punkt s" in client.get(address(draft, "swot")).content.decode()
    assert "Punkt s" not in client.get(f"/plany/{draft.plan_id}/wzor/").content.decode()


def test_sections_that_a_plan_made_wide_gets_can_be_written(cast, browse):
    version = complete_draft(cast, scope="narrow")
    client = browse(cast.lead)
    (key, *_others) = [
        one.key for one in version.plan.template.sections.filter(in_narrow=False, kind="narrative")
    ]
    assert not SectionState.objects.filter(version=version, key=key).exists()

    change(client, version, scope="wide")

    assert client.post(address(version, key), posted(body="Tekst o gminie.")).status_code == 302
    assert Text.objects.get(version=version, key=key).body == "Tekst o gminie."
    states = SectionState.objects.filter(version=version).values_list("key", flat=True)
    assert sorted(states) == sorted(section.key for section in version.plan.template.sections.all())


def test_a_text_sent_for_a_section_left_out_meanwhile_is_kept_and_shown(cast, browse, draft):
    author = browse(cast.author)
    change(browse(cast.lead), draft, scope="narrow")

    answer = author.post(address(draft, "swot"), posted(**{"strength-total": "1", "strength-0-body": "Nowe"}))

    assert answer.status_code == 423
    assert "A plan of narrow scope does not have this section." in answer.content.decode()
    assert "Nowe" in answer.content.decode()
    record = SectionRevision.objects.get(version=draft, key="swot")
    assert (record.outcome, record.payload["strength-0-body"]) == ("locked", ["Nowe"])
    assert "Punkt s" in author.get(address(draft, "swot")).content.decode()


def test_a_section_left_out_waits_for_nobody(cast, browse, draft):
    SectionState.objects.filter(version=draft, key="swot").update(owner=cast.author, due="2026-05-05")
    assert address(draft, "swot") in [row.url for row in waiting_for(person_of(cast, "author"))]

    change(browse(cast.lead), draft, scope="narrow")

    assert address(draft, "swot") not in [row.url for row in waiting_for(person_of(cast, "author"))]


def test_years_in_the_wrong_order_come_back_to_be_corrected(cast, browse, draft):
    answer = change(browse(cast.lead), draft, title="Mój tytuł", year_from="2030", year_to="2029")

    assert answer.status_code == 422
    assert "Mój tytuł" in answer.content.decode()
    assert stored(draft)[0] == "Plan rozwoju oświaty gminy"


def test_saving_what_is_there_writes_no_event(cast, browse, draft):
    assert change(browse(cast.lead), draft).status_code == 302
    assert not described().exists()


# --- Two at once, too late, too early -------------------------------------------------------------


def test_of_two_at_once_the_second_is_told_and_may_still_save(cast, browse, draft):
    client = browse(cast.lead)
    first, second = form_on(client, draft), form_on(client, draft)
    client.post(url(draft), first | {"title": "Pierwszy tytuł"})

    answer = client.post(url(draft), second | {"title": "Drugi tytuł"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody has changed this since you opened the page." in page
    assert "Pierwszy tytuł" in page
    assert "Drugi tytuł" in page
    assert stored(draft)[0] == "Pierwszy tytuł"
    (again,) = html.fromstring(answer.content).xpath("//main//form[.//input[@name='seen']]")
    client.post(url(draft), fields_of(again))
    assert stored(draft)[0] == "Drugi tytuł"


def test_a_second_click_is_no_mistake_and_no_second_event(cast, browse, draft):
    client = browse(cast.lead)
    fields = form_on(client, draft) | {"title": "Nowy tytuł"}

    assert [client.post(url(draft), fields).status_code for _time in range(2)] == [302, 302]
    assert described().count() == 1


@pytest.mark.parametrize("status", ["awaiting_signature", "sent", "in_review", "accepted"])
def test_what_is_not_a_draft_is_not_changed_and_what_was_typed_is_shown(cast, browse, status):
    version = complete_draft(cast)
    client = browse(cast.lead)
    fields = form_on(client, version) | {"title": "Za późno"}
    PlanVersion.objects.filter(pk=version.pk).update(status=status)

    answer = client.post(url(version), fields)

    assert answer.status_code == 409
    assert "Za późno" in answer.content.decode()
    assert stored(version)[0] == "Plan rozwoju oświaty gminy"
    page = client.get(url(version))
    assert page.status_code == 200
    assert b'name="seen"' not in page.content
    assert url(version) not in client.get(f"/plany/{version.plan_id}/").content.decode()


# --- Later drafts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["returned", "taken_back"])
def test_in_a_later_draft_the_scope_stays(cast, browse, status):
    version = plan_version(cast, status)
    client = browse(cast.lead)
    assert "scope" not in form_on(client, version)

    change(client, version, title="Nowy tytuł", year_to="2030", scope="narrow")

    assert stored(version) == ("Nowy tytuł", "wide", 2026, 2030)
    latest = PlanVersion.objects.for_page().get(pk=version.plan.latest().pk)
    with pytest.raises(TransitionError):
        describe_plan(
            latest.plan,
            title="A",
            scope="narrow",
            year_from=2026,
            year_to=2030,
            seen=stamp(latest),
            by=cast.lead,
        )


def test_what_was_sent_keeps_its_digest_and_its_pdf(cast, browse):
    version = plan_version(cast, "returned")
    before = (version.sha256, version.document.name)

    change(browse(cast.lead), version, title="Nowy tytuł")

    version.refresh_from_db()
    assert (version.sha256, version.document.name) == before


def test_an_accepted_plan_keeps_its_title_and_years_while_it_is_amended(cast, browse):
    version = plan_version(cast, "accepted")
    VERSION.perform(version, "amend", by=cast.lead, comment="Zmiana budżetu")
    client, before = browse(cast.lead), stored(version)

    page = client.get(url(version))
    answer = client.post(url(version), {"title": "Nowy", "year_from": "2026", "year_to": "2030", "seen": "x"})

    assert "years of an accepted plan stay" in page.content.decode()
    assert (answer.status_code, stored(version)) == (409, before)


# --- Others ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["reader", "author", "signatory"])
def test_others_in_the_team_neither_see_the_link_nor_change_anything(cast, browse, draft, role):
    client = browse(getattr(cast, role))

    assert url(draft) not in client.get(f"/plany/{draft.plan_id}/").content.decode()
    words = {"title": "A", "scope": "wide", "year_from": "2026", "year_to": "2029", "seen": stamp(draft)}
    assert client.post(url(draft), words).status_code == 403
    with pytest.raises(NotAllowed):
        describe_plan(
            draft.plan, title="A", year_from=2026, year_to=2029, seen=stamp(draft), by=getattr(cast, role)
        )
    assert stored(draft)[0] == "Plan rozwoju oświaty gminy"
