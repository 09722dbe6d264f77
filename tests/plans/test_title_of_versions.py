"""Title and years of a version: its own, sealed with it, and read by those who may read the version."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils import timezone

from plans import problems
from plans.content import Content, digest_of
from plans.copying import start_plan
from plans.documents.pdf import contents
from plans.downloads import FORMS
from plans.handover_facts import handover_facts
from plans.models import Action, Plan, PlanVersion
from plans.publishing import publish_plan
from plans.workflow import VERSION
from portal.indicators import indicators
from portal.models import Event
from tests.conftest import person_of
from tests.plans.pages import both_texts
from tests.plans.test_describing import change
from tests.situations import complete_draft, flag_on, plan_version, started_plan

pytestmark = pytest.mark.django_db

OLD, NEW = "Plan rozwoju oświaty gminy", "Tytuł na nowo"
LISTS = ["/plany/", "/admin/plans/plan/"]


@pytest.fixture
def returned(cast, browse):
    """A returned version; the lead has given the draft after it another title and later years."""
    version = plan_version(cast, "returned")
    change(browse(cast.lead), version, title=NEW, year_from="2027", year_to="2031")
    return PlanVersion.objects.for_page().get(pk=version.pk)


def sent_again(cast, version):
    draft = PlanVersion.objects.for_page().get(pk=version.plan.latest().pk)
    # The years of the draft leave the actions behind.
    Action.objects.filter(version=draft).update(starts=date(2027, 9, 1), ends=date(2028, 6, 30))
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    return draft


def shown_on(client, address):
    page = client.get(address).content.decode()
    return [title for title in (OLD, NEW) if title in page]


# --- What was sent --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["lead", "coordinator", "reviewer"])
def test_the_page_of_a_returned_version_has_the_title_that_was_sent(cast, browse, returned, role):
    client = browse(getattr(cast, role))

    assert shown_on(client, returned.get_absolute_url()) == [OLD]
    assert shown_on(client, f"{returned.get_absolute_url()}pliki/") == [OLD]


def test_the_review_of_a_returned_version_has_the_title_that_was_sent(cast, browse, returned):
    review = returned.reviews.get()

    assert shown_on(browse(cast.reviewer), review.get_absolute_url()) == [OLD]


def test_files_made_anew_of_a_returned_version_have_its_title_and_years(returned):
    said = contents(returned, None)
    facts = {fact["label"]: fact["blocks"] for fact in said["facts"]}

    assert said["title"] == OLD
    assert "2026–2029" in said["over"]
    assert "2026–2029" in str(facts["Years"])
    first, second = (FORMS["docx"].make(version) for version in (returned, returned.plan.latest()))
    assert first != second


def test_what_the_check_says_of_a_returned_version_stays(cast, browse):
    version = plan_version(cast, "returned")
    before = problems.noticed(version)

    change(browse(cast.lead), version, title=NEW, year_from="2030", year_to="2031")

    # As another process finds it, which has nothing kept.
    problems.kept.clear()
    assert problems.noticed(PlanVersion.objects.get(pk=version.pk)) == before
    assert len(problems.problems(version.plan.latest())) > len(before)


def test_the_digest_covers_title_years_and_scope(cast):
    version = complete_draft(cast)
    before = Content(version).sha256()

    for name, other in (("title", NEW), ("year_from", 2025), ("year_to", 2030)):
        changed = PlanVersion.objects.get(pk=version.pk)
        setattr(changed, name, other)
        assert Content(changed).sha256() != before
    changed = PlanVersion.objects.get(pk=version.pk)
    changed.plan.scope = "narrow"
    assert Content(changed).sha256() != before


def test_an_older_digest_is_that_of_the_form_without_the_cover(cast):
    form = Content(complete_draft(cast)).canonical()

    cover = form.pop("plan")

    assert cover == {"title": OLD, "year_from": 2026, "year_to": 2029, "scope": "wide"}
    assert "plan" not in form
    assert len(digest_of(form)) == 64


def test_what_changed_tells_a_new_title_and_new_years_first(cast, browse, returned):
    version = sent_again(cast, returned)
    told = [(c["section"], c["label"], *both_texts(c["pieces"])) for c in version.comparison]

    assert told[:2] == [("", "Title", OLD, NEW), ("", "Years", "2026–2029", "2027–2031")]
    page = browse(cast.coordinator).get(f"{version.get_absolute_url()}porownanie/").content.decode()
    assert '<h2 id="zmiany-">Title and years</h2>' in page
    assert "<ins>2027–2031</ins>" in page


def test_whoever_reviews_the_next_version_sees_the_changed_title_beside_the_plan(cast, browse, returned):
    version = sent_again(cast, returned)
    VERSION.perform(version, "start_review", by=cast.coordinator)
    review = version.reviews.get()

    page = browse(cast.reviewer).get(review.get_absolute_url()).content.decode()

    assert '<h2 id="zmiany-">Title and years</h2>' in page
    assert "<del>2026–2029</del><ins>2027–2031</ins>" in page


def test_the_database_takes_no_years_in_the_wrong_order(cast):
    version = started_plan(cast).latest()

    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=version.pk).update(year_to=2020)


# --- Who reads which title --------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["coordinator", "administrator", "auditor"])
def test_the_lists_of_ore_show_the_title_that_was_sent_until_the_next_is(cast, browse, returned, role):
    client = browse(getattr(cast, role))
    pages = [*LISTS, returned.plan.get_absolute_url(), f"/admin/plans/plan/{returned.plan_id}/change/"]

    assert {page: shown_on(client, page) for page in pages} == dict.fromkeys(pages, [OLD])
    sent_again(cast, returned)
    assert {page: shown_on(client, page)[-1] for page in pages} == dict.fromkeys(pages, NEW)


def test_the_title_of_a_draft_is_looked_for_in_vain(cast, browse, returned):
    client = browse(cast.coordinator)

    assert client.get(LISTS[1], {"q": "Tytuł na nowo"}).context["cl"].result_count == 0
    assert client.get(LISTS[1], {"q": "oświaty"}).context["cl"].result_count == 1


@pytest.mark.parametrize(
    ("role", "title"), [("reader", NEW), ("caretaker", NEW), ("operator", OLD), ("reviewer", OLD)]
)
def test_the_team_and_its_caretaker_see_the_new_title_and_the_others_what_was_sent(
    cast, browse, returned, role, title
):
    client = browse(getattr(cast, role))

    assert shown_on(client, returned.plan.get_absolute_url()) == [title]
    if role != "reviewer":
        assert shown_on(client, "/plany/") == [title]


@pytest.mark.parametrize("role", ["coordinator", "auditor", "operator"])
def test_of_a_plan_never_sent_nobody_outside_the_team_sees_the_title(cast, browse, role):
    plan = started_plan(cast, title=OLD)
    client = browse(getattr(cast, role))

    for page in ("/plany/", plan.get_absolute_url()):
        assert shown_on(client, page) == []
        assert "Plan not sent yet" in client.get(page).content.decode()
    assert shown_on(browse(cast.reader), "/plany/") == [OLD]
    assert "2026–2029" not in client.get(plan.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_the_events_tell_ore_only_that_something_was_changed_or_not_signed(cast, browse, returned, role):
    draft = PlanVersion.objects.for_page().get(pk=returned.plan.latest().pk)
    change(browse(cast.lead), returned, title=OLD, year_from="2026", year_to="2029")
    VERSION.perform(draft, "ask_signature", by=cast.author, comment=NEW)
    VERSION.perform(draft, "decline", by=cast.signatory, comment=NEW)
    client = browse(getattr(cast, role))
    events = Event.objects.filter(planevent__version=draft)
    pages = [f"/admin/portal/event/{event.pk}/change/" for event in events]
    kinds = ["plans.plan.describe"] * 2 + ["plans.version.ask_signature", "plans.version.decline"]

    assert [event.kind for event in events] == kinds
    assert [shown_on(client, page) for page in pages] == [[]] * 4
    assert "2031" not in client.get(pages[0]).content.decode()


def test_the_page_of_experts_names_no_title_of_a_draft(cast, browse, returned):
    assert shown_on(browse(cast.coordinator), f"{returned.plan.get_absolute_url()}recenzenci/") == []


def test_a_matter_names_the_title_of_the_version_that_it_is_about(cast, browse, returned):
    flag = flag_on(returned, cast.reviewer, to=cast.coordinator)

    assert shown_on(browse(cast.coordinator), flag.get_absolute_url()) == [OLD]


def test_whoever_takes_a_team_over_is_told_the_title_that_this_person_may_read(cast, returned):
    def title(role):
        return handover_facts(cast.participation, person_of(cast, role))[0][1]

    assert (title("lead"), title("coordinator")) == (NEW, OLD)


def test_the_list_behind_a_figure_has_the_title_of_the_version_that_counts(cast, returned):
    found = indicators()
    editions = [cast.participation.edition_id]

    def about(code):
        rows = found[code].records(timezone.localdate(), editions)
        return list(rows.values_list("title", "year_from", "year_to"))

    assert about("plans_sent") == [(OLD, 2026, 2029)]
    assert about("plans_accepted") == []


def test_the_library_shows_the_title_of_the_accepted_version(cast, browse):
    version = plan_version(cast, "accepted")
    publish_plan(version.plan, published=True, by=cast.lead)
    VERSION.perform(version, "amend", by=cast.lead, comment="Nowa szkoła")
    PlanVersion.objects.filter(pk=version.plan.latest().pk).update(title=NEW)

    for page in ("/", reverse("plans:library"), reverse("plans:library_plan", args=[version.plan_id])):
        assert shown_on(browse(None), page) == [OLD]
    assert (
        indicators()["plans_accepted"].records(timezone.localdate(), [cast.setup.edition_id]).get().title
        == OLD
    )


# --- The columns move -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_the_event_of_a_changed_title_does_not_tell_it_to_ore(cast, browse, returned, role):
    event = Event.objects.get(kind="plans.plan.describe")

    page = browse(person_of(cast, role)).get(f"/admin/portal/event/{event.pk}/change/")

    assert page.status_code == 200
    assert event.digest in page.content.decode()
    assert NEW not in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_migration_gives_each_version_what_it_was_sent_with_and_goes_back(cast, browse):
    version = plan_version(cast, "taken_back")
    change(browse(cast.lead), version, title=NEW, year_to="2030")
    start_plan(
        cast.other_participation,
        scope="narrow",
        title="Inny",
        year_from=2025,
        year_to=2025,
        by=cast.other_team,
    )
    rows = PlanVersion.objects.order_by("plan", "number").values_list("title", "year_from", "year_to")
    before = list(rows)
    assert before == [(OLD, 2026, 2029), (NEW, 2026, 2030), ("Inny", 2025, 2025)]

    try:
        old = migrated(("plans", "0006_abstained"))
        plans = old.get_model("plans", "Plan").objects.order_by("pk")
        assert list(plans.values_list("title", "year_from", "year_to")) == before[1:]
        with pytest.raises(IntegrityError), transaction.atomic():
            plans.update(year_to=2000)
    finally:
        migrated(*MigrationExecutor(connection).loader.graph.leaf_nodes("plans"))
    assert list(rows) == before
    assert not {"title", "year_from", "year_to"} & {field.name for field in Plan._meta.fields}


def migrated(*target):
    """Move the tables of plans to a migration; return the models as they are then."""
    MigrationExecutor(connection).migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps
