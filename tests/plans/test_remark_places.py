"""A remark leads to what it speaks of: the control in the editor, the field where the plan is read."""

import pytest
from lxml import html

from plans.assigning import assign_reviewer
from plans.models import Goal, PlanVersion
from plans.problems import problems
from plans.workflow import VERSION
from tests.situations import complete_draft, decide, grow, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


def goal_of(version):
    """Return the second of the operational goals: the strategic ones do not count for its number."""
    grow(version, 1)
    return Goal.objects.get(version=version, level="operational", position=1)


@pytest.fixture
def reviewed(cast):
    """A version in review with remarks to a field, to a row, to a text and to a section."""
    version = complete_draft(cast)
    goal = goal_of(version)
    put_in_review(version, cast)
    for section, uid, field in [
        ("goals", goal.uid, "title"),
        ("goals", goal.uid, "description"),
        ("goals", goal.uid, ""),
        ("wizja", None, ""),
        ("goals", None, ""),
    ]:
        remark_on(version, cast.reviewer, section=section, row_uid=uid, field=field)
    hand_in(judged(version.reviews.get()))
    return version


def put_in_review(version, cast):
    VERSION.perform(version, "ask_signature", by=cast.author)
    VERSION.perform(version, "send", by=cast.signatory)
    assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
    VERSION.perform(version, "start_review", by=cast.coordinator)


def tree(client, address):
    response = client.get(address.partition("#")[0])
    assert response.status_code == 200
    return html.fromstring(response.content)


def ways(page):
    """Return the addresses of the links that lead to the place of a remark."""
    return page.xpath("//a[starts-with(normalize-space(.), 'To the place in the plan')]/@href")


def there(page, anchor):
    """Return the names of the elements that a link leads to, with whether they can hold the focus."""
    can = {"input", "textarea", "select"}
    found = page.xpath("//*[@id=$anchor]", anchor=anchor.partition("#")[2])
    return [(one.tag, one.tag in can or one.get("tabindex") == "-1") for one in found]


def test_the_team_is_led_to_the_control_that_a_remark_speaks_of(cast, browse, reviewed):
    decide(reviewed, "return", by=cast.coordinator, sections=["goals", "wizja"])
    client = browse(cast.author)
    links = ways(tree(client, f"/plany/{reviewed.plan_id}/"))

    assert [link.rpartition("#")[2].partition("-")[0] for link in links] == [
        "id_operational", "id_operational", "wiersz", "remark", "id_body",
    ]  # fmt: skip
    found = [there(tree(client, link), link) for link in links]
    assert [tag for [(tag, _focus)] in found] == ["input", "textarea", "summary", "article", "textarea"]
    [title] = tree(client, links[0]).xpath("//*[@id=$id]/@value", id=links[0].partition("#")[2])
    assert title == "Cel 0"


def test_in_the_editor_a_remark_leads_to_its_control_on_the_same_page(cast, browse, reviewed):
    decide(reviewed, "return", by=cast.coordinator, sections=["goals"])
    page = tree(browse(cast.author), f"/plany/{reviewed.plan_id}/sekcje/goals/")

    assert [there(page, link)[0][0] for link in ways(page)] == ["input", "textarea", "summary"]


def test_a_locked_section_is_led_to_as_it_is_read(cast, browse, reviewed):
    decide(reviewed, "return", by=cast.coordinator, sections=["wizja"])
    client = browse(cast.author)
    links = [link for link in ways(tree(client, f"/plany/{reviewed.plan_id}/")) if "/goals/#pole-" in link]

    assert [there(tree(client, link), link) for link in links] == [[("th", True)], [("td", True)]]


def test_in_a_card_a_field_that_is_not_shown_is_led_to_at_the_heading(cast, browse):
    version = plan_version(cast, "in_review")
    action = version.action_rows.get()
    for name in ("title", "responsible"):
        remark_on(version, cast.reviewer, section="actions", row_uid=action.uid, field=name)
    hand_in(judged(version.reviews.get()))
    page = tree(browse(cast.reviewer), version.get_absolute_url())

    assert [there(page, link) for link in ways(page)] == [[("span", True)], [("dd", True)]]


def test_what_is_missing_leads_to_the_control_too(cast, reviewed):
    decide(reviewed, "return", by=cast.coordinator, sections=["goals"])
    draft = PlanVersion.objects.get(pk=reviewed.plan.latest().pk)

    places = [one.place_to_write for one in problems(draft) if one.code == "remark_unanswered"]

    assert "id_operational-1-title" in places


@pytest.mark.parametrize("role", ["reviewer", "coordinator"])
def test_where_the_plan_is_read_a_remark_leads_to_its_field_or_row(cast, browse, reviewed, role):
    page = tree(browse(getattr(cast, role)), reviewed.get_absolute_url())
    links = ways(page)

    assert [link.partition("-")[0] for link in links] == ["#pole", "#pole", "#wiersz"]
    assert [[focus for _tag, focus in there(page, link)] for link in links] == [[True]] * 3


def test_on_the_page_of_a_review_a_remark_leads_to_its_field(cast, browse, reviewed):
    page = tree(browse(cast.coordinator), reviewed.reviews.get().get_absolute_url())
    links = ways(page)

    assert [link.partition("-")[0] for link in links] == ["#pole", "#pole"]
    assert [[focus for _tag, focus in there(page, link)] for link in links] == [[True]] * 2


def test_from_the_decision_a_remark_leads_into_the_version(cast, browse, reviewed):
    client = browse(cast.coordinator)
    links = ways(tree(client, f"/plany/{reviewed.plan_id}/wersje/1/decyzja/"))

    assert len(links) == 5
    assert {link.partition("#")[0] for link in links} == {reviewed.get_absolute_url()}
    assert [len(there(tree(client, link), link)) for link in links] == [1] * 5


def test_a_row_that_was_removed_is_led_to_no_more(cast, browse, reviewed):
    decide(reviewed, "return", by=cast.coordinator, sections=["goals"])
    draft = reviewed.plan.latest()
    for model in ("actioncost_rows", "action_rows", "planindicator_rows"):
        getattr(draft, model).all().delete()
    draft.goal_rows.filter(title="Cel 0").delete()

    assert ways(tree(browse(cast.author), f"/plany/{draft.plan_id}/sekcje/goals/")) == []
