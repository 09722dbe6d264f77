"""R08: a form of an old page is sent, with the token of today or of an earlier session.

Nothing newer is written over, and the words come back on the page. The controls save without the guard, and
answer a wrong token as Django does by itself.
"""

from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse
from lxml import html

from plans import saving
from plans.models import Text
from portal.models import User
from tests import unguarded
from tests.factories import PASSWORD
from tests.plans import posting
from tests.plans.pages import address, fields_of, form_of, posted
from tests.situations import complete_draft, judged, plan_version

pytestmark = pytest.mark.django_db

OURS = {"Origin": "http://testserver"}
WORDS = "Ze starej strony,\ndruga linia <b>"


def saved_five_times(send, where, fields, place):
    """Let another person save what stands there, so that the form of the old page is five saves behind."""
    for number in range(5):
        request = fields | {place: f"Nowszy tekst {number}", "revision": number, "request_key": f"k{number}"}
        assert send.post(where, request).status_code == 302


@pytest.fixture(params=["told", "rows", "review"])
def page(request, cast, browse):
    """A page that others saved five times since: (client, address, fields, place, how to read it)."""
    if request.param == "review":
        review = judged(plan_version(cast, "in_review").reviews.get())
        type(review).objects.filter(pk=review.pk).update(revision=0, status="in_progress")
        where, place, fields = posting.address(review), "summary", posting.words(review)
        one, other = cast.reviewer, cast.reviewer
        stored = lambda: type(review).objects.get(pk=review.pk).summary  # noqa: E731
    else:
        version = complete_draft(cast)
        key, place = {"told": ("wizja", "body"), "rows": ("risks", "risk-0-response")}[request.param]
        where, one, other = address(version, key), cast.author, cast.lead
        fields = form_of(browse(one).get(where))
        stored = lambda: form_of(browse(one).get(where))[place][0]  # noqa: E731
    saved_five_times(browse(other), where, fields, place)
    return browse(one, enforce_csrf_checks=True), where, fields | {place: WORDS}, place, stored


def with_token(client, where, fields):
    """Return the form with the token that its page carried."""
    tree = html.fromstring(client.get(where).content)
    return fields | {"csrfmiddlewaretoken": tree.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]}


def shown_again(response):
    """Return where the page that gives back what was sent posts it, and what."""
    (form,) = html.fromstring(response.content).xpath("//main//form")
    return form.get("action"), fields_of(form)


def is_told(response):
    return response.status_code == 409 and WORDS in unescape(response.content.decode())


def test_a_form_of_so_many_saves_ago_overwrites_nothing_and_keeps_its_words(page):
    client, where, fields, _place, stored = page
    for steps in range(1, 6):
        request = with_token(client, where, fields | {"revision": 5 - steps, "request_key": f"stara{steps}"})

        assert is_told(client.post(where, request, headers=OURS))
        assert stored() == "Nowszy tekst 4"


@pytest.mark.parametrize("cookie", ["changed", "gone"])
def test_with_the_token_of_an_earlier_session_the_words_come_back_and_go_on_from_there(page, cookie):
    client, where, fields, place, stored = page
    for steps in range(1, 6):
        request = with_token(client, where, fields | {"revision": 5 - steps, "request_key": f"stara{steps}"})
        if cookie == "changed":
            client.cookies["csrftoken"] = str(steps) * 32
        else:
            del client.cookies["csrftoken"]

        stopped = client.post(where, request, headers=OURS)
        action, again = shown_again(stopped)

        assert (stopped.status_code, action, again[place]) == (403, where, [WORDS])
        assert is_told(client.post(action, again, headers=OURS))
        assert stored() == "Nowszy tekst 4"


def test_after_the_session_has_ended_the_words_come_back_and_are_saved_from_there(page):
    client, where, fields, place, stored = page
    user = User.objects.get(pk=client.session["_auth_user_id"])
    request = with_token(client, where, fields | {"revision": 5, "request_key": "po-sesji"})
    del client.cookies["sessionid"]

    stopped = client.post(where, request, headers=OURS)
    action, again = shown_again(stopped)

    assert (stopped.status_code, action, again[place]) == (403, where, [WORDS])
    assert {"no-store", "private"} <= set(stopped["Cache-Control"].split(", "))
    assert stored() == "Nowszy tekst 4"
    sign_in(client, user)
    # Signing in changed the token: without scripts the page asks to send once more.
    action, again = shown_again(client.post(action, again, headers=OURS))
    assert client.post(action, again, headers=OURS).status_code == 302
    assert stored() == WORDS


def sign_in(client, user):
    """Sign in by the page, as in another tab of the same browser."""
    cache.clear()
    where = reverse("account_login")
    words = with_token(client, where, {"login": user.email, "password": PASSWORD})
    assert client.post(where, words, headers=OURS).status_code == 302


def test_a_button_without_words_is_not_given_back_to_whoever_signs_in_next(browse, cast):
    client, review = browse(None), judged(plan_version(cast, "in_review").reviews.get())

    response = client.post(reverse("plans:review_move", args=[review.pk, "hand_in"]), headers=OURS)

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_a_page_of_somebody_else_gets_nothing_to_press(page):
    client, where, fields, _place, stored = page
    request = with_token(client, where, fields)

    for origin in ({"Origin": "http://zlosliwa.example"}, {"Origin": "null"}):
        response = client.post(where, request, headers=origin)

        assert response.status_code == 403
        assert "druga linia" not in response.content.decode()
        assert html.fromstring(response.content).xpath("//main//form") == []
    assert stored() == "Nowszy tekst 4"


def test_a_password_is_never_written_into_a_page(browse):
    client = browse(None, enforce_csrf_checks=True)

    response = client.post(
        "/konto/login/", {"login": "a@example.org", "password": "tajne hasło"}, headers=OURS
    )

    assert response.status_code == 403
    assert "tajne" not in response.content.decode()


def test_the_control_without_the_guard_puts_the_old_text_over_the_new(cast, browse, monkeypatch):
    version = complete_draft(cast)
    where = address(version, "wizja")
    saved_five_times(browse(cast.lead), where, posted(), "body")
    monkeypatch.setattr(saving, "write", unguarded.write)

    browse(cast.author).post(where, posted(body="Ze starej strony", revision="1"))

    assert Text.objects.get(version=version, key="wizja").body == "Ze starej strony"


def test_the_control_with_the_answer_of_django_itself_is_a_dead_end(page, settings):
    settings.CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
    client, where, fields, _place, _stored = page

    response = client.post(where, fields, headers=OURS)

    assert response.status_code == 403
    assert "druga linia" not in response.content.decode()
