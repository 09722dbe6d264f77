"""How a plan was adopted: a fact beside the process, corrected with a trace, never asked for."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from plans.adopting import record_adoption
from plans.models import AdoptionAct, StoredFile
from plans.publishing import publish_plan
from plans.waiting import waiting_for
from portal.workflow import NotAllowed, TransitionError
from tests.situations import plan_version

pytestmark = pytest.mark.django_db

LIST = reverse("plans:adoptions")
RESOLUTION = {
    "form": "resolution",
    "number": "XXII/187/2026",
    "adopted_on": "20.03.2026",
    "organ": "Rada Miejska w Brzozowie",
    "address": "https://bip.example.org/uchwala/187",
}


@pytest.fixture
def accepted(cast):
    return plan_version(cast, "accepted")


def address(version):
    return reverse("plans:adoption", args=[version.plan_id, version.number])


def scan(name="uchwala.pdf", content=b"%PDF-1.7 tekst"):
    return SimpleUploadedFile(name, content)


def kinds(version):
    events = version.plan.events.filter(event__kind__contains="adopt").order_by("event__sequence")
    return list(events.values_list("event__kind", flat=True))


def texts(client, version):
    """The pages that tell how the plan was adopted."""
    urls = [version.plan.get_absolute_url(), version.get_absolute_url()]
    urls.append(reverse("plans:library_plan", args=[version.plan_id]))
    return [client.get(url).content.decode() for url in urls]


def test_the_lead_records_an_act_and_every_page_of_the_plan_shows_it(browse, cast, accepted):
    publish_plan(accepted.plan, published=True, by=cast.lead)
    client = browse(cast.lead)

    response = client.post(address(accepted), RESOLUTION | {"scan": scan()})

    assert response.status_code == 302
    act = AdoptionAct.objects.get(version=accepted)
    assert (act.form, act.number, act.adopted_on) == ("resolution", "XXII/187/2026", date(2026, 3, 20))
    assert (act.organ, act.address, act.recorded_by) == (
        RESOLUTION["organ"],
        RESOLUTION["address"],
        cast.lead,
    )
    assert act.scan.name == "uchwala.pdf"
    assert kinds(accepted) == ["plans.plan.adopt"]
    for page in texts(client, accepted):
        assert "XXII/187/2026" in page
        assert 'href="https://bip.example.org/uchwala/187"' in page


def test_ore_records_it_for_them(browse, cast, accepted):
    browse(cast.coordinator).post(address(accepted), {"form": "order", "number": "12"})

    assert AdoptionAct.objects.get().recorded_by == cast.coordinator


def test_no_act_at_all_is_an_answer_and_keeps_no_other_fields(browse, cast, accepted):
    response = browse(cast.lead).post(address(accepted), RESOLUTION | {"form": "none"})

    act = AdoptionAct.objects.get()
    assert response.status_code == 302
    assert (act.form, act.number, act.adopted_on, act.organ, act.address) == ("none", "", None, "", "")


def test_a_correction_is_an_event_and_the_history_tells_what_was_there_before(browse, cast, accepted):
    client = browse(cast.lead)
    client.post(address(accepted), RESOLUTION)
    client.post(address(accepted), RESOLUTION)
    client.post(address(accepted), RESOLUTION | {"number": "XXII/188/2026"})

    assert kinds(accepted) == ["plans.plan.adopt", "plans.plan.correct_adoption"]
    comment = accepted.plan.events.get(event__kind="plans.plan.correct_adoption").event.comment
    assert "XXII/187/2026" in comment.split("Now:")[0]
    assert "XXII/188/2026" in comment.split("Now:")[1]
    assert "XXII/187/2026" in client.get(accepted.plan.get_absolute_url()).content.decode()


def test_a_scan_stays_until_another_takes_its_place(browse, cast, accepted):
    client = browse(cast.lead)
    client.post(address(accepted), RESOLUTION | {"scan": scan()})
    client.post(address(accepted), RESOLUTION | {"number": "1"})
    assert AdoptionAct.objects.get().scan.name == "uchwala.pdf"

    client.post(address(accepted), RESOLUTION | {"number": "1", "scan": scan("nowa.pdf")})

    assert AdoptionAct.objects.get().scan.name == "nowa.pdf"
    assert StoredFile.objects.count() == 2


def test_the_scan_is_for_those_who_follow_the_plan_and_is_always_a_download(browse, cast, accepted):
    publish_plan(accepted.plan, published=True, by=cast.lead)
    browse(cast.lead).post(address(accepted), RESOLUTION | {"scan": scan()})
    url = reverse("plans:adoption_scan", args=[accepted.plan_id, accepted.number])

    found = {}
    for role in ("reader", "coordinator", "reviewer", "other_team", "former_member"):
        response = browse(getattr(cast, role)).get(url)
        found[role] = response.status_code
        if response.status_code == 200:
            assert response["Content-Disposition"].startswith("attachment")
            response.getvalue()

    assert found == {
        "reader": 200,
        "coordinator": 200,
        "reviewer": 200,
        "other_team": 404,
        "former_member": 404,
    }
    assert (
        url not in browse(None).get(reverse("plans:library_plan", args=[accepted.plan_id])).content.decode()
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": ""},
        {"form": "decree"},
        {"adopted_on": "31.02.2026"},
        {"adopted_on": (timezone.localdate() + timedelta(days=2)).strftime("%d.%m.%Y")},
        {"address": "javascript:alert(1)"},
        {"address": "ftp://bip.example.org/"},
        {"scan": scan("wirus.exe")},
        {"scan": scan("uchwala.pdf", b"MZ")},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(browse, cast, accepted, wrong):
    response = browse(cast.lead).post(address(accepted), RESOLUTION | wrong)

    assert response.status_code == 422
    assert "Rada Miejska w Brzozowie" in response.content.decode()
    assert not AdoptionAct.objects.exists()
    assert not StoredFile.objects.exists()


def test_only_an_accepted_version_is_adopted_and_only_by_the_lead_or_ore(cast, accepted):
    with pytest.raises(NotAllowed):
        record_adoption(accepted, form="order", by=cast.author)
    type(accepted).objects.filter(pk=accepted.pk).update(status="returned")
    with pytest.raises(TransitionError):
        record_adoption(accepted, form="order", by=cast.lead)

    assert not AdoptionAct.objects.exists()


def test_a_file_that_could_not_be_kept_leaves_nothing_behind(cast, accepted, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("plans.adopting.note", broken)
    upload = scan()
    with pytest.raises(RuntimeError):
        record_adoption(accepted, form="order", upload=upload, by=cast.lead)

    assert not AdoptionAct.objects.exists()
    assert not StoredFile.objects.exists()


# --- Waiting --------------------------------------------------------------------------------------


def adoption_rows(person):
    return [row for row in waiting_for(person) if "adopted" in row.title]


def test_the_lead_is_reminded_gently_until_something_is_recorded(cast, accepted):
    assert [row.url for row in adoption_rows(cast.lead)] == [address(accepted)]
    assert adoption_rows(cast.author) == []

    record_adoption(accepted, form="none", by=cast.lead)

    assert adoption_rows(cast.lead) == []


def test_nothing_is_asked_before_acceptance(cast):
    plan_version(cast, "in_review")

    assert adoption_rows(cast.lead) == []


# --- ORE's list -----------------------------------------------------------------------------------


def test_ore_sees_which_plans_were_adopted_how(browse, cast, accepted):
    client = browse(cast.coordinator)
    before = client.get(LIST, {"akt": "brak"}).context["page"].paginator.count
    record_adoption(accepted, form="resolution", number="7/2026", by=cast.lead)

    found = {
        choice: client.get(LIST, {"akt": choice}).context["page"].paginator.count
        for choice in ("", "resolution", "order", "brak")
    }

    assert before == 1
    assert found == {"": 1, "resolution": 1, "order": 0, "brak": 0}
    assert "7/2026" in client.get(LIST).content.decode()


def test_the_menu_marks_the_plans_while_their_adoption_is_listed(browse, cast):
    page = browse(cast.coordinator).get(LIST)

    assert f'<a href="{reverse("plans:list")}" aria-current="true">' in page.content.decode()


def test_the_list_leaves_as_a_file_that_no_spreadsheet_runs(browse, cast, accepted):
    record_adoption(accepted, form="resolution", number="=1+1", by=cast.lead)
    client = browse(cast.auditor)

    table = client.get(reverse("plans:adoption_file", args=["csv"]), {"akt": "resolution"})
    lines = b"".join(table).decode().splitlines()

    assert "'=1+1" in lines[1]
    assert accepted.register_number in lines[1]
    assert client.get(reverse("plans:adoption_file", args=["xlsx"])).status_code == 200
    assert client.get(reverse("plans:adoption_file", args=["exe"])).status_code == 404


def test_the_list_costs_the_same_for_one_plan_and_for_many(
    browse, cast, accepted, django_assert_max_num_queries
):
    client = browse(cast.coordinator)
    with django_assert_max_num_queries(9):
        client.get(LIST)
