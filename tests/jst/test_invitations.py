"""Inviting to a team, sending the letter again, withdrawing it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from jst import invitations
from jst.models import Invitation, JstEvent, Participation
from jst.workflow import INVITATION
from portal import outbox
from portal.models import Message
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError
from tests.factories import UserFactory
from tests.jst.invited import FIELDS, JOIN, NEW, invited, link_in_letter, members_of, opened

pytestmark = pytest.mark.django_db


def form_address(participation):
    return f"/zespoly/{participation.pk}/zaproszenia/nowe/"


# --- Inviting -----------------------------------------------------------------------------------


def test_the_lead_invites_by_mail_and_the_letter_says_who_where_and_with_which_rights(cast, browse):
    response = browse(cast.lead).post(form_address(cast.participation), FIELDS | {"email": NEW.upper()})

    invitation = Invitation.objects.get()
    assert response.url == f"/zespoly/{cast.participation.pk}/"
    assert (invitation.email, invitation.invited_by) == (NEW, cast.lead)
    assert (invitation.is_lead, invitation.is_author, invitation.is_signatory) == (False, True, False)
    outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [[NEW]]
    rights = f": {', '.join(invitation.rights)}."
    for words in [str(cast.lead), "Brzozów", str(cast.participation.edition), rights]:
        assert words in mail.outbox[0].body
    assert list(JstEvent.objects.values_list("event__kind", "invitation")) == [
        ("jst.invitation.invite", invitation.pk)
    ]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 302),
        ("reader", 403),
        ("author", 403),
        ("signatory", 403),
        ("lead", 200),
        ("former_member", 404),
        ("other_team", 404),
        ("reviewer", 404),
        ("caretaker", 403),
        ("auditor", 403),
        ("coordinator", 200),
        ("administrator", 200),
    ],
)
def test_only_the_lead_and_ore_invite(cast, browse, role, status):
    client = browse(getattr(cast, role, None))

    assert client.get(form_address(cast.participation)).status_code == status
    client.post(form_address(cast.participation), FIELDS)

    assert Invitation.objects.exists() == (status == 200)


def test_the_verb_itself_refuses_an_author(cast):
    with pytest.raises(NotAllowed):
        invitations.invite(cast.participation, email=NEW, first_name="Ewa", last_name="Nowa", by=cast.author)


def test_a_coordinator_invites_the_first_lead_before_the_work_begins_and_after_it_ends_nobody_invites(cast):
    Participation.objects.filter(pk=cast.participation.pk).update(status="qualified")
    invitations.invite(
        cast.participation, email=NEW, first_name="Ewa", last_name="Nowa", is_lead=True, by=cast.coordinator
    )
    with pytest.raises(NotAllowed):
        invited(cast, email="druga@example.org")

    Participation.objects.filter(pk=cast.participation.pk).update(status="withdrew")
    with pytest.raises(TransitionError):
        invitations.invite(
            cast.participation, email="x@example.org", first_name="A", last_name="B", by=cast.coordinator
        )


def test_the_form_answers_alike_whether_the_address_has_an_account_or_not(cast, browse):
    UserFactory(email="zajety@example.org")
    answers = []
    for email in ["wolny@example.org", "zajety@example.org"]:
        response = browse(cast.lead).post(form_address(cast.participation), FIELDS | {"email": email})
        answers.append((response.status_code, response.url))

    assert answers[0] == answers[1]
    assert Message.objects.count() == 2


def test_nobody_is_invited_twice_nor_into_a_team_they_are_in(cast, browse):
    invited(cast)
    client = browse(cast.lead)

    assert client.post(form_address(cast.participation), FIELDS).status_code == 422
    taken = FIELDS | {"email": cast.author.email}
    assert client.post(form_address(cast.participation), taken).status_code == 422
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    ["Jan\r\nBcc: x@evil.example", "[Kliknij](http://evil.example)", "evil.example", "<b>Jan</b>", "Jan2"],
)
def test_a_name_carries_no_address_and_no_header_into_the_letter(cast, browse, name):
    response = browse(cast.lead).post(form_address(cast.participation), FIELDS | {"first_name": name})

    assert response.status_code == 422
    assert Message.objects.count() == 0


def test_twenty_invitations_may_wait_and_forty_letters_leave_in_a_day(cast):
    for number in range(20):
        invited(cast, email=f"osoba{number}@example.org")
    with pytest.raises(TransitionError):
        invited(cast, email="nadmiar@example.org")

    for invitation in Invitation.objects.all():
        invitations.revoke(invitation, by=cast.lead)
    for number in range(20, 40):
        invited(cast, email=f"osoba{number}@example.org")
    with pytest.raises(TransitionError):
        invited(cast, email="nadmiar@example.org")


def test_fields_the_form_does_not_name_change_nothing(cast, browse):
    extra = {
        "status": "accepted",
        "participation": cast.other_participation.pk,
        "letters": 0,
        "is_lead": "on",
    }
    browse(cast.lead).post(form_address(cast.participation), FIELDS | extra)

    invitation = Invitation.objects.get()
    assert (invitation.status, invitation.participation, invitation.letters) == (
        "invited",
        cast.participation,
        1,
    )
    assert not invitation.is_lead


# --- Sending again, withdrawing -----------------------------------------------------------------


def test_the_letter_is_sent_again_with_a_link_that_works(cast, browse):
    invitation = invited(cast)
    first = link_in_letter()
    response = browse(cast.lead).post(f"/zaproszenia/{invitation.pk}/resend/")

    second = link_in_letter()
    assert response.url == f"/zespoly/{cast.participation.pk}/"
    assert first != second
    assert opened(second).post("/zaproszenie/", JOIN).status_code == 302
    assert members_of(cast).count() == 1


def test_an_expired_invitation_lives_again_when_sent_again(cast):
    invitation = invited(cast)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    invitations.resend(invitation, by=cast.lead)

    assert opened(link_in_letter()).get("/zaproszenie/").status_code == 200


def test_five_letters_go_to_one_invited_person(cast, browse):
    invitation = invited(cast)
    client = browse(cast.lead)
    answers = [client.post(f"/zaproszenia/{invitation.pk}/resend/").status_code for _ in range(5)]

    assert answers == [302, 302, 302, 302, 409]
    assert Message.objects.filter(address=NEW).count() == 5


def test_a_letter_not_sent_yet_stays_unsent_once_the_invitation_is_withdrawn(cast):
    invitations.revoke(invited(cast), by=cast.lead)

    assert outbox.send_due() == 0
    assert mail.outbox == []


def test_asking_to_withdraw_changes_nothing_until_the_button(cast, browse):
    invitation = invited(cast)
    address = f"/zaproszenia/{invitation.pk}/revoke/"
    client = browse(cast.lead)

    assert client.get(address).status_code == 200
    assert Invitation.objects.get().status == "invited"
    client.post(address)
    assert Invitation.objects.get().status == "revoked"


@pytest.mark.parametrize(
    ("role", "status"),
    [("author", 403), ("caretaker", 403), ("auditor", 403), ("other_team", 404), ("former_member", 404)],
)
@pytest.mark.parametrize("move", ["resend", "revoke"])
def test_nobody_but_the_lead_and_ore_moves_an_invitation(cast, browse, role, status, move):
    invitation = invited(cast)
    response = browse(getattr(cast, role)).post(f"/zaproszenia/{invitation.pk}/{move}/")

    invitation.refresh_from_db()
    assert (response.status_code, invitation.status, invitation.letters) == (status, "invited", 1)


def test_acceptance_is_no_button_of_the_lead(cast, browse):
    invitation = invited(cast)

    assert browse(cast.lead).post(f"/zaproszenia/{invitation.pk}/accept/").status_code == 404
    with pytest.raises(NotAllowed):
        INVITATION.perform(invitation, "accept", by=cast.lead)


def test_a_used_invitation_is_not_moved_again(cast):
    invitation = invited(cast)
    opened(link_in_letter()).post("/zaproszenie/", JOIN)

    with pytest.raises(AlreadyMoved):
        invitations.revoke(invitation, by=cast.lead)
