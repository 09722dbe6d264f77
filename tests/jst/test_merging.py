"""Two accounts of one person become one: what moves, what stays, what forbids it, who signs in where."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from jst import merges, participants
from jst.models import (
    DistinctPeople,
    LikelyDuplicate,
    MergedPerson,
    ParticipantData,
    ParticipantDataSetup,
    TeamMembership,
)
from jst.models.dated import today
from jst.teams import add_member, end_membership
from plans.models import Remark
from portal import audit
from portal.groups import AUDITOR
from portal.merging import KEEP, MOVE, OWN_RULE, REFUSE
from portal.models import Event, Message, User
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError
from tests.conftest import ROLES, person_of
from tests.factories import (
    PASSWORD,
    AssignmentFactory,
    ExpertFactory,
    MembershipFactory,
    OperatorStaffFactory,
    UserFactory,
)
from tests.situations import plan_version, remark_on

pytestmark = pytest.mark.django_db


def account(email, **fields):
    """A person with an address proven by a letter."""
    person = UserFactory(email=email, **fields)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


@pytest.fixture
def two():
    """Anna with two accounts: an older one and one made when she changed the office."""
    return (
        account("anna@gmina.example", first_name="Anna", last_name="Lis"),
        account("a.lis@powiat.example", first_name="Anna", last_name="Lis-Wrona"),
    )


def fresh(person):
    return User.objects.get(pk=person.pk)


# --- The table ----------------------------------------------------------------------------------


def test_every_relation_to_a_person_has_its_treatment():
    """A new foreign key to a person fails here until somebody has said what a merge does to it."""
    assert set(merges.treatments()) == set(merges.relations())


def test_the_treatments_are_those_that_exist():
    assert set(merges.treatments().values()) == {MOVE, KEEP, OWN_RULE, REFUSE}


def test_a_relation_that_nobody_reviewed_forbids_the_merge(cast, two, monkeypatch):
    kept, dropped = two
    MembershipFactory(person=dropped)
    known = merges.treatments()
    del known["jst.TeamMembership.person"]
    monkeypatch.setattr(merges, "treatments", lambda: known)

    with pytest.raises(TransitionError, match="cannot move"):
        merges.merge(kept, dropped, [], by=cast.administrator)


# --- What a merge does --------------------------------------------------------------------------


def test_memberships_and_the_roles_of_an_expert_move_and_the_account_is_closed(cast, two):
    kept, dropped = two
    membership = MembershipFactory(person=dropped)
    expert = ExpertFactory(person=dropped)
    staff = OperatorStaffFactory(person=dropped)

    merges.merge(kept, dropped, [], by=cast.administrator)

    for row in (membership, expert, staff):
        row.refresh_from_db()
        assert row.person == kept
    closed = fresh(dropped)
    assert (closed.is_active, closed.has_usable_password()) == (False, False)
    assert MergedPerson.objects.get().kept == kept
    event = Event.objects.get(kind="jst.person.merge")
    assert (event.actor, event.data["moved"]["jst.TeamMembership.person"]) == (
        cast.administrator,
        [membership.pk],
    )


def test_history_stays_with_whoever_acted_and_the_chain_holds(cast):
    version = plan_version(cast, "sent")
    kept = account("nowa@example.org")
    acted = Event.objects.filter(actor=cast.lead).count()

    merges.merge(kept, cast.lead, [], by=cast.administrator)

    assert acted > 0
    assert Event.objects.filter(actor=cast.lead).count() == acted
    assert version.plan.participation.memberships.get(is_lead=True, until=None).person == kept
    assert audit.verify()[1] is None


def test_a_reviewer_goes_on_with_review_and_remarks_in_the_kept_account(cast, browse):
    version = plan_version(cast, "in_review")
    remark = remark_on(version, cast.reviewer)
    kept = account("recenzent@uczelnia.example")

    merges.merge(kept, cast.reviewer, [], by=cast.administrator)

    assert Remark.objects.get().author == kept
    assert browse(kept).get(f"/recenzje/{remark.review_id}/").status_code == 200


@pytest.mark.parametrize("taken", [[], ["last_name"], ["email"], ["first_name", "last_name", "email"]])
def test_each_field_is_taken_from_the_account_chosen_for_it(cast, two, taken):
    kept, dropped = two
    merges.merge(kept, dropped, taken, by=cast.administrator)

    after, closed = fresh(kept), fresh(dropped)
    for name in ("first_name", "last_name", "email"):
        assert getattr(after, name) == getattr(dropped if name in taken else kept, name)
    assert {after.email, closed.email} == {kept.email, dropped.email}
    primary = EmailAddress.objects.get(user=kept, primary=True)
    assert primary.email == after.email
    assert sorted(EmailAddress.objects.filter(user=kept).values_list("email", flat=True)) == sorted(
        [kept.email, dropped.email]
    )


def sign_in(browse, email):
    client = browse(None)
    client.post("/konto/login/", {"login": email, "password": PASSWORD})
    return client.session.get("_auth_user_id")


def test_the_proven_address_of_the_closed_account_leads_to_the_kept_one(cast, browse, two):
    kept, dropped = two
    merges.merge(kept, dropped, [], by=cast.administrator)

    assert sign_in(browse, dropped.email) == str(kept.pk)
    assert sign_in(browse, kept.email) == str(kept.pk)


def test_an_address_that_was_never_proven_leads_nowhere(cast, browse, two):
    kept, dropped = two
    EmailAddress.objects.filter(user=dropped).update(verified=False)

    with pytest.raises(TransitionError, match="never proven"):
        merges.merge(kept, dropped, ["email"], by=cast.administrator)
    merges.merge(kept, dropped, [], by=cast.administrator)

    assert sign_in(browse, dropped.email) is None
    assert sign_in(browse, kept.email) == str(kept.pk)


def reset_letters(browse, email):
    """Ask for a new password and return how many of the letters carry a link to set one."""
    Message.objects.all().delete()
    browse(None).post("/konto/password/reset/", {"email": email})
    return ["/password/reset/key/" in letter.body for letter in Message.objects.all()]


def test_a_new_password_is_set_by_proven_addresses_only(cast, browse, two):
    kept, dropped = two
    merges.merge(kept, dropped, [], by=cast.administrator)
    assert reset_letters(browse, dropped.email) == [True]

    other = account("nigdy@gmina.example")
    EmailAddress.objects.filter(user=other).update(verified=False)
    merges.merge(kept, other, [], by=cast.administrator)
    assert reset_letters(browse, other.email) == [False]


def test_the_closed_account_is_out_at_the_next_request(cast, browse, two):
    kept, dropped = two
    client = browse(dropped)
    assert client.get("/moje/").status_code == 200

    merges.merge(kept, dropped, [], by=cast.administrator)

    assert client.get("/moje/").status_code == 302


def test_data_that_the_kept_account_lacks_move_and_its_own_answers_stand(cast, two):
    kept, dropped = two
    project = cast.participation.edition.project
    setup = ParticipantDataSetup(
        project=project, profile="sl2014", fields=["town", "house"], purpose="x", legal_basis="y"
    )
    setup.pesel, setup.pesel_basis = True, "z"
    participants.set_up(setup, by=cast.coordinator)
    for person, house in ((kept, "1"), (dropped, "2")):
        MembershipFactory(participation__edition=cast.participation.edition, person=person)
        participants.save_answers(person, project, {"house": ("given", house)}, by=person)
    given = {"town": ("given", "Opole"), "pesel": ("given", "44051401359")}
    participants.save_answers(dropped, project, given, by=dropped)
    index = ParticipantData.objects.get(person=dropped).pesel_index

    merges.merge(kept, dropped, [], by=cast.administrator)

    assert participants.answers_of(kept, project) == {"house": ("given", "1")} | given
    assert ParticipantData.objects.get(person=kept).pesel_index == index
    assert ParticipantData.objects.get(person=dropped).pesel_index == ""


# --- What forbids it ----------------------------------------------------------------------------


def refused(keep, drop, cast, words):
    before = list(TeamMembership.objects.order_by("pk").values())
    for one, other in ((keep, drop), (drop, keep)):
        with pytest.raises(TransitionError, match=words):
            merges.merge(fresh(one), fresh(other), [], by=cast.administrator)
    assert list(TeamMembership.objects.order_by("pk").values()) == before
    assert not MergedPerson.objects.exists()
    assert fresh(drop).is_active


def test_two_places_in_one_team_at_one_time_are_resolved_first(cast):
    refused(cast.reader, cast.author, cast, "same team")
    membership = cast.participation.memberships.get(person=cast.author)
    end_membership(membership, on=membership.since, reason="to samo konto", by=cast.coordinator)

    merges.merge(cast.reader, cast.author, [], by=cast.administrator)

    assert cast.participation.memberships.filter(person=cast.reader).count() == 2


def test_one_place_after_the_other_in_a_team_is_one_persons(cast, two):
    kept, dropped = two
    day = today() - timedelta(days=30)
    MembershipFactory(participation=cast.participation, person=kept, since=date(2026, 1, 1), until=day)
    MembershipFactory(participation=cast.participation, person=dropped, since=day)

    merges.merge(kept, dropped, [], by=cast.administrator)

    assert cast.participation.memberships.filter(person=kept).count() == 2


def test_people_of_ore_and_of_teams_are_not_one(cast):
    refused(cast.coordinator, cast.lead, cast, "works at ORE|cannot move")
    refused(cast.auditor, cast.reviewer, cast, "works at ORE|cannot move")


def test_two_experts_are_not_one(cast):
    refused(cast.reviewer, cast.caretaker, cast, "Both are experts")


def test_a_reviewer_and_a_member_of_the_team_are_not_one(cast):
    plan_version(cast, "in_review")

    refused(cast.reviewer, cast.reader, cast, "reviews the plan")


def test_a_caretaker_and_a_member_of_the_team_are_not_one(cast):
    refused(cast.caretaker, cast.reader, cast, "works as an expert")


def test_a_reviewer_and_the_caretaker_to_be_are_not_one(cast):
    plan_version(cast, "in_review")
    other = AssignmentFactory(role="visiting").expert.person

    refused(cast.reviewer, other, cast, "Both are experts")


def test_two_numbers_are_two_people(cast, two):
    project = cast.participation.edition.project
    for person, index in zip(two, ("a" * 64, "b" * 64), strict=True):
        ParticipantData.objects.create(person=person, project=project, pesel_index=index)

    refused(*two, cast, "different PESEL")


def test_groups_of_ore_are_never_inherited(cast, two):
    kept, dropped = two
    dropped.groups.add(Group.objects.get(name=AUDITOR))

    with pytest.raises(TransitionError, match="cannot move"):
        merges.merge(kept, dropped, [], by=cast.administrator)


def test_technical_and_closed_accounts_are_not_merged(cast, two):
    technical = UserFactory(is_superuser=True, is_staff=True)
    refused(two[0], technical, cast, "Technical")
    assert merges.obstacles(two[0], User.objects.system()) == ["Technical accounts are not merged."]
    merges.merge(*two, [], by=cast.administrator)

    with pytest.raises(TransitionError, match="closed already"):
        merges.merge(*two, [], by=cast.administrator)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"anonymous", "administrator"}])
def test_only_administrators_merge_and_tell_apart(cast, two, role):
    by = person_of(cast, role)
    with pytest.raises(NotAllowed):
        merges.merge(*two, [], by=by)
    with pytest.raises(NotAllowed):
        merges.mark_distinct(*two, by=by)

    assert not MergedPerson.objects.exists()
    assert not DistinctPeople.objects.exists()


# --- The page -----------------------------------------------------------------------------------


def address(one, other):
    first, second = sorted([one.pk, other.pk])
    return f"/osoby/duplikaty/{first}/{second}/"


CHOICE = {"keep": "a", "first_name": "a", "last_name": "b", "email": "a"}


def test_the_effect_is_shown_before_it_is_made(cast, browse, two):
    kept, dropped = two
    MembershipFactory(person=dropped)
    client = browse(cast.administrator)

    shown = client.post(address(*two), CHOICE)
    assert [(row.relation, row.count) for row in shown.context["effect"]["moving"]] == [
        ("jst.TeamMembership.person", 1)
    ]
    assert not MergedPerson.objects.exists()

    confirmed = CHOICE | {"effect": shown.context["effect"]["digest"]}
    assert client.post(address(*two), confirmed).url == "/osoby/duplikaty/"
    assert fresh(kept).last_name == "Lis-Wrona"
    assert MergedPerson.objects.get().dropped == dropped


def test_what_changed_after_it_was_shown_is_shown_again(cast, browse, two):
    client = browse(cast.administrator)
    digest = client.post(address(*two), CHOICE).context["effect"]["digest"]
    add_member(TeamMembership(participation=cast.participation, person=two[1]), by=cast.coordinator)

    again = client.post(address(*two), CHOICE | {"effect": digest})

    assert again.status_code == 200
    assert not MergedPerson.objects.exists()


def test_the_page_says_what_forbids_a_merge_and_has_no_button_for_it(cast, browse):
    client = browse(cast.administrator)
    pair = sorted([cast.reader, cast.author], key=lambda person: person.pk)

    shown = client.post(address(*pair), CHOICE)
    forced = client.post(address(*pair), CHOICE | {"effect": shown.context["effect"]["digest"]})

    assert "same team at the same time" in shown.content.decode()
    assert "Merge the accounts" not in shown.content.decode()
    assert forced.status_code == 200
    assert not MergedPerson.objects.exists()


def test_two_people_are_remembered_for_the_pair(cast, browse, two):
    LikelyDuplicate.objects.create(first=two[0], second=two[1], score=70, reasons=["name"])

    browse(cast.administrator).post(address(*two), {"action": "distinct"})

    assert not LikelyDuplicate.objects.exists()
    distinct = DistinctPeople.objects.get()
    assert (distinct.first, distinct.second) == two
    assert distinct.event.actor == cast.administrator
    with pytest.raises(AlreadyMoved):
        merges.mark_distinct(*reversed(two), by=cast.administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        DistinctPeople.objects.update(first=two[1], second=two[0])
    assert audit.verify()[1] is None


def test_the_queue_is_for_administrators(cast, browse, two):
    LikelyDuplicate.objects.create(first=two[0], second=two[1], score=70, reasons=["name_and_unit"])

    page = browse(cast.administrator).get("/osoby/duplikaty/").content.decode()

    assert "the same name in the same unit" in page
    assert browse(cast.coordinator).get("/osoby/duplikaty/").status_code == 403
    assert browse(cast.coordinator).get(address(*two)).status_code == 403
