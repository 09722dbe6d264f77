"""Coordinators look after reviews: many assigned at once, late ones reminded, matters put to people."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jst.models import ConflictDeclaration, Expert
from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.assigning_many import seats_for, waiting_versions
from plans.copying import start_plan
from plans.flagging import raise_flag
from plans.models import EditionSetup, Flag, Plan, PlanEvent, PlanVersion, RemarkPhrase, Review
from plans.nudging import nudge
from plans.waiting import waiting_for
from plans.workflow import FLAG
from portal.models import Message
from portal.workflow import NotAllowed, TransitionError
from tests.conftest import ROLES, person_of
from tests.factories import JstFactory, MembershipFactory, ParticipationFactory
from tests.situations import about, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


def sent_plan(cast, name, **fields):
    """Another sent plan of the cast's edition."""
    participation = ParticipationFactory(edition=cast.setup.edition, jst=JstFactory(name=name, **fields))
    plan = Plan.objects.create(
        participation=participation,
        template=cast.setup.template,
        scope="wide",
    )
    return PlanVersion.objects.create(
        plan=plan,
        **about(f"Plan {name}"),
        number=1,
        status="sent",
        sent_at=timezone.now(),
        register_number=f"PS/2026/{plan.pk:04d}",
    )


def late(review, days=3):
    Review.objects.filter(pk=review.pk).update(due=today() - timedelta(days=days))
    review.refresh_from_db()
    return review


# --- By load --------------------------------------------------------------------------------------


def test_the_proposal_skips_conflicts_and_full_experts_and_counts_each_proposal(cast):
    Expert.objects.exclude(person__in=[cast.reviewer.pk, cast.other_reviewer.pk]).update(until=today())
    first, second, third = (sent_plan(cast, name) for name in ("Alfa", "Beta", "Gama"))
    ConflictDeclaration.objects.create(
        expert=cast.reviewer.expert, jst=first.plan.participation.jst, reason="Praca"
    )
    MembershipFactory(participation=second.plan.participation, person=cast.other_reviewer)
    Expert.objects.filter(person=cast.other_reviewer).update(capacity=1)

    seats = seats_for(list(waiting_versions(cast.setup.edition)))

    chosen = [seat.chosen and seat.chosen.person for seat in seats]
    assert chosen == [cast.other_reviewer, cast.reviewer, cast.reviewer]
    assert [expert.person for expert in seats[0].offered] == [cast.other_reviewer]


def test_an_edition_is_given_out_with_a_preview_all_or_nothing(cast, browse):
    EditionSetup.objects.update(reviews_needed=2)
    versions = [sent_plan(cast, name) for name in ("Alfa", "Beta")]
    client, url = browse(cast.coordinator), f"/recenzenci/{cast.setup.edition.slug}/"
    page = client.get(url)
    assert Review.objects.count() == 0
    assert len(page.context["seats"]) == 4
    names = [seat.name for seat, _field in page.context["seats"]]
    one, other = cast.reviewer.expert.pk, cast.other_reviewer.expert.pk
    due = (today() + timedelta(days=9)).strftime("%d.%m.%Y")
    fields = dict(zip(names, [one, other, one, one], strict=True)) | {"due": due}

    assert client.post(url, fields | {"preview": ""}).status_code == 200
    refused = client.post(url, fields | {"confirm": ""})
    assert (refused.status_code, Review.objects.count()) == (409, 0)
    fields[names[3]] = other
    assert client.post(url, fields | {"confirm": ""}).status_code == 302

    found = sorted(Review.objects.values_list("version", "expert", "due"))
    day = today() + timedelta(days=9)
    assert found == sorted((version.pk, expert, day) for version in versions for expert in (one, other))
    assert client.get(url).context["seats"] == []


def test_the_proposal_asks_the_same_for_two_plans_and_for_twelve(cast, browse):
    def cost(count):
        for number in range(count):
            sent_plan(cast, f"Gmina {PlanVersion.objects.count()}-{number}")
        client = browse(cast.coordinator)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/recenzenci/{cast.setup.edition.slug}/")
        return len(asked)

    assert cost(2) == cost(10)


# --- From a file ----------------------------------------------------------------------------------


def posted_list(client, cast, text):
    file = SimpleUploadedFile("lista.csv", text.encode())
    return client.post(f"/recenzenci/{cast.setup.edition.slug}/plik/", {"file": file})


def test_a_list_is_previewed_with_every_refusal_and_applied_as_a_whole(cast, browse):
    first, second = sent_plan(cast, "Alfa"), sent_plan(cast, "Beta")
    code = second.plan.participation.jst.code
    ConflictDeclaration.objects.create(
        expert=cast.other_reviewer.expert, jst=second.plan.participation.jst, reason="Praca"
    )
    client = browse(cast.coordinator)
    wrong = posted_list(
        client,
        cast,
        f"kod JST;e-mail\n{first.register_number};reviewer@example.org\n{code};REVIEWER2@example.org\n"
        f"999999;reviewer@example.org\n{code};nikt@example.org\n{first.register_number};reviewer@example.org\n",
    )
    lines = wrong.context["lines"]
    assert [bool(line.refusal) for line in lines] == [False, True, True, True, True]
    assert len({line.refusal for line in lines}) == 5
    assert 'name="confirm"' not in wrong.content.decode()

    good = posted_list(
        client,
        cast,
        f"kod JST;e-mail\n{first.register_number};reviewer@example.org\n{code};reviewer@example.org\n",
    )
    assert [(now, then) for _expert, now, then, _many in good.context["load"]] == [(0, 2)]
    assert Review.objects.count() == 0
    pairs = [f"{line.version.pk}:{line.expert.pk}" for line in good.context["lines"]]
    url = f"/recenzenci/{cast.setup.edition.slug}/plik/"
    due = (today() + timedelta(days=9)).strftime("%d.%m.%Y")
    forged = client.post(
        url, {"pair": [*pairs, f"{second.pk}:{cast.other_reviewer.expert.pk}"], "due": due, "confirm": "1"}
    )
    assert (forged.status_code, Review.objects.count()) == (409, 0)
    assert client.post(url, {"pair": pairs, "due": due, "confirm": "1"}).status_code == 302
    assert Review.objects.count() == 2


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "kod;e-mail\n"])
def test_a_file_that_says_nothing_is_refused_in_words(cast, browse, text):
    sent_plan(cast, "Alfa")
    response = posted_list(browse(cast.coordinator), cast, text)
    assert response.status_code == 422
    assert response.context["form"].errors["file"]


# --- Late reviews ---------------------------------------------------------------------------------


def test_a_late_expert_is_reminded_once_a_day_with_one_click(cast, browse):
    review = late(plan_version(cast, "in_review").reviews.get())
    client = browse(cast.coordinator)
    [line] = client.get("/recenzje/wszystkie/?stan=spoznione").context["reviews"]
    assert (line["days_late"], line["may_nudge"]) == (3, True)

    for _time in range(2):
        client.post(f"/recenzje/{review.pk}/przypomnij/")
    events = PlanEvent.objects.filter(review=review, event__kind="plans.review.nudge")
    assert events.count() == 1
    letters = Message.objects.filter(event__kind="plans.review.nudge")
    assert [letter.recipient for letter in letters] == [cast.reviewer]

    tomorrow = timezone.now() + timedelta(days=1)
    nudge(review, by=cast.coordinator, at=tomorrow)
    assert events.count() == 2


def test_only_coordinators_remind_and_only_of_late_reviews(cast):
    review = plan_version(cast, "in_review").reviews.get()
    with pytest.raises(TransitionError):
        nudge(review, by=cast.coordinator)
    with pytest.raises(NotAllowed):
        nudge(late(review), by=cast.lead)
    hand_in(judged(review))
    with pytest.raises(TransitionError):
        nudge(review, by=cast.coordinator)


def test_an_expert_is_reminded_three_times_before_the_day_and_never_twice_for_one(cast):
    review = plan_version(cast, "in_review").reviews.get()
    Review.objects.filter(pk=review.pk).update(due=today() + timedelta(days=8))
    counts = []
    for days in range(10):
        for _time in range(2):
            call_command("remind", on=today() + timedelta(days=days))
        counts.append(PlanEvent.objects.filter(event__kind="plans.review.remind").count())
    assert counts == [0, 1, 1, 1, 1, 2, 2, 3, 3, 3]
    assert Message.objects.filter(event__kind="plans.review.remind").count() == 3


def test_a_day_without_the_command_is_made_up_for_by_one_letter(cast):
    review = plan_version(cast, "in_review").reviews.get()
    Review.objects.filter(pk=review.pk).update(due=today() + timedelta(days=2))
    call_command("remind")
    assert PlanEvent.objects.filter(event__kind="plans.review.remind").count() == 1


def test_the_page_of_all_reviews_asks_the_same_however_many_there_are(cast, browse):
    def cost(count):
        for number in range(count):
            version = sent_plan(cast, f"Gmina {PlanVersion.objects.count()}-{number}")
            review = assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
            late(review)
        client = browse(cast.coordinator)
        with CaptureQueriesContext(connection) as asked:
            response = client.get("/recenzje/wszystkie/")
        return len(asked), len(response.context["reviews"])

    small, large = cost(2), cost(20)
    assert (small[1], large[1]) == (2, 22)
    assert small[0] == large[0] <= 8


def test_reviews_are_found_by_unit_expert_edition_and_state(cast, browse):
    version = plan_version(cast, "in_review")
    hand_in(judged(version.reviews.get()))
    other = assign_reviewer(sent_plan(cast, "Zawoja"), cast.other_reviewer.expert, by=cast.coordinator)
    client = browse(cast.coordinator)

    def found(query):
        return [line["pk"] for line in client.get(f"/recenzje/wszystkie/?{query}").context["reviews"]]

    assert found("szukaj=zawoja") == [other.pk]
    assert found("ekspert=recenzent") == [version.reviews.get().pk]
    assert found("stan=oddane") == [version.reviews.get().pk]
    assert found("stan=spoznione") == []
    assert found("edycja=999999") == [other.pk, version.reviews.get().pk]
    [line] = client.get("/recenzje/wszystkie/?stan=oddane").context["reviews"]
    assert line["result"] == 100


def test_the_dashboard_asks_as_much_for_many_reviews_as_for_few(cast, browse, django_assert_max_num_queries):
    def reviews(count):
        for _number in range(count):
            county = JstFactory(kind="P", parent=JstFactory(kind="W"))
            participation = ParticipationFactory(
                edition=cast.participation.edition, jst=JstFactory(parent=county)
            )
            plan = start_plan(
                participation, scope="wide", title="Plan", year_from=2026, year_to=2027, by=cast.lead
            )
            Review.objects.create(version=plan.latest(), expert=cast.reviewer.expert)

    client = browse(cast.coordinator)
    reviews(2)
    client.get("/recenzje/wszystkie/")
    for more in (1, 12):
        reviews(more)
        with django_assert_max_num_queries(8):
            assert client.get("/recenzje/wszystkie/").status_code == 200


# --- Matters --------------------------------------------------------------------------------------

# State → role → moves offered on a matter that the reviewer put to the coordinator.
OFFERED = {
    "open": {"coordinator": ["resolve"], "administrator": ["resolve"]},
    "resolved": {"reviewer": ["reopen"], "coordinator": ["reopen"], "administrator": ["reopen"]},
}
SEES = {"reviewer", "coordinator", "administrator"}


@pytest.mark.parametrize("status", OFFERED)
def test_a_matter_is_seen_and_moved_by_those_whom_it_concerns(cast, browse, status):
    version = plan_version(cast, "in_review")
    words = {"kind": "doubt", "body": "Czy cel jest mierzalny?", "addressee": cast.coordinator}
    flag = raise_flag(version.plan, by=cast.reviewer, **words)
    if status == "resolved":
        FLAG.perform(flag, "resolve", by=cast.coordinator, comment="Tak, jest.")

    people = {role: person_of(cast, role) for role in ROLES if role != "anonymous"}
    sees = {role for role, person in people.items() if Flag.objects.visible_to(person)}
    offered = {role: [move.name for move in FLAG.available(flag, person)] for role, person in people.items()}

    assert sees == SEES
    assert {role: moves for role, moves in offered.items() if moves} == OFFERED[status]
    for role in ("lead", "author"):
        page = browse(people[role]).get(f"/plany/{version.plan_id}/")
        assert "Czy cel jest mierzalny" not in page.content.decode()
        assert not [entry for entry in page.context["history"] if "a matter" in entry.sentence]


def test_a_matter_is_raised_told_settled_and_told_back(cast, browse):
    version = plan_version(cast, "in_review")
    client = browse(cast.reviewer)
    url = f"/plany/{version.plan_id}/sprawy/"
    words = {"kind": "borrowed", "body": "Opis jak w planie sąsiadów.", "addressee": cast.coordinator.pk}
    assert client.post(url, words | {"addressee": cast.lead.pk}).status_code == 422
    for _time in range(2):
        raised = client.post(url, words)
    flag = Flag.objects.get()
    assert raised["Location"] == f"/sprawy/{flag.pk}/"
    assert (flag.version, flag.raised_by, flag.status) == (version, cast.reviewer, "open")
    assert [row.url for row in waiting_for(cast.coordinator) if "sprawy" in row.url] == [
        f"/sprawy/{flag.pk}/"
    ]

    coordinator = browse(cast.coordinator)
    assert coordinator.post(f"/sprawy/{flag.pk}/", {"move": "resolve", "comment": ""}).status_code == 422
    coordinator.post(f"/sprawy/{flag.pk}/", {"move": "resolve", "comment": "Źródło jest podane."})
    page = client.get(f"/sprawy/{flag.pk}/").content.decode()
    assert "Źródło jest podane." in page
    told = Message.objects.filter(event__kind__startswith="plans.flag").order_by("pk")
    assert [(one.event.kind, one.recipient) for one in told] == [
        ("plans.flag.raise", cast.coordinator),
        ("plans.flag.resolve", cast.reviewer),
    ]
    assert "sprawy" not in "".join(row.url for row in waiting_for(cast.coordinator))


def test_ore_puts_a_matter_to_the_reviewer_and_the_caretaker(cast, browse):
    version = plan_version(cast, "in_review")
    page = browse(cast.coordinator).get(f"/plany/{version.plan_id}/sprawy/")
    people = set(page.context["form"].fields["addressee"].queryset)
    assert people == {cast.reviewer, cast.caretaker, cast.administrator}


# --- Reusable remarks -----------------------------------------------------------------------------


def test_a_reusable_remark_is_inserted_without_scripts_and_stored_only_when_saved(cast, browse):
    review = plan_version(cast, "in_review").reviews.get()
    RemarkPhrase.objects.create(title="Źródło (przykład)", kind="outdated", body="Dane o … są stare.")
    RemarkPhrase.objects.create(title="Cudze", kind="wrong", body="Nie moje", owner=cast.other_reviewer)
    client, url = browse(cast.reviewer), f"/recenzje/{review.pk}/uwagi/"
    form = client.get(f"{url}?sekcja=goals").context["form"]
    [phrase] = form.fields["phrase"].queryset
    words = {"uid": str(form.initial["uid"]), "section": "goals", "kind": "missing", "row_uid": ""}

    inserted = client.post(url, words | {"phrase": phrase.pk, "body": "Najpierw.", "insert": "1"})
    shown = inserted.context["form"]
    assert (shown["body"].value(), shown["kind"].value()) == ("Najpierw.\n\nDane o … są stare.", "outdated")
    assert review.remarks.count() == 0

    client.post(url, words | {"body": "Dane o uczniach są stare.", "keep": "on"})
    assert review.remarks.get().body == "Dane o uczniach są stare."
    kept = RemarkPhrase.objects.get(owner=cast.reviewer)
    assert (kept.body, kept.section, kept.kind) == ("Dane o uczniach są stare.", "goals", "missing")

    for key in RemarkPhrase.objects.values_list("pk", flat=True):
        client.post("/gotowe-uwagi/", {"phrase": key})
    assert sorted(RemarkPhrase.objects.values_list("title", flat=True)) == ["Cudze", "Źródło (przykład)"]


# --- Save and next --------------------------------------------------------------------------------


def test_save_and_next_leads_to_the_next_review_by_due_day(cast, browse):
    first = plan_version(cast, "in_review").reviews.get()
    others = []
    for days in (9, 3):
        version = sent_plan(cast, f"Gmina {days}")
        others.append(
            assign_reviewer(
                version, cast.reviewer.expert, by=cast.coordinator, due=today() + timedelta(days=days)
            )
        )
        PlanVersion.objects.filter(pk=version.pk).update(status="in_review")
    client = browse(cast.reviewer)
    nine, three = others

    def skip(review):
        return client.get(f"/recenzje/{review.pk}/nastepna/")["Location"]

    assert [skip(three), skip(nine), skip(first)] == [
        nine.get_absolute_url(),
        first.get_absolute_url(),
        three.get_absolute_url(),
    ]
    saved = client.post(first.get_absolute_url(), {"revision": 0, "summary": "Dobrze.", "next": "1"})
    assert saved["Location"] == three.get_absolute_url()
    first.refresh_from_db()
    assert first.summary == "Dobrze."


def test_the_page_of_a_review_counts_what_is_done(cast, browse):
    review = plan_version(cast, "in_review").reviews.get()
    client = browse(cast.reviewer)
    all_of_it = client.get(review.get_absolute_url()).context["judgement"].progress[1]
    remark_on(review.version, cast.reviewer)
    judged(review)
    page = client.get(review.get_absolute_url())
    assert page.context["judgement"].progress == (all_of_it, all_of_it)
    assert "Brakuje uzasadnienia celu." in page.content.decode()
