"""Who reaches which address: one reviewed table of every address × role. An address missing here fails.

Codes: 200 the page, 302 led to sign in (or on to another page), 403 told why not, 404 as if it did not exist,
405 no such method. Strangers get 404 "same as missing": the answer equals that for an id that never was.
"""

import re
import uuid

import pytest
from django.apps import apps
from django.urls import get_resolver, reverse

from tests.access_matrix import MATRIX, NOT_HERE
from tests.access_things import ARGUMENTS, arguments_of, version_in
from tests.conftest import ROLES, person_of

pytestmark = pytest.mark.django_db


def every_address():
    """Return the name of every address, but for the admin's own."""

    def walk(resolver, namespace):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                name = ":".join(part for part in (namespace, pattern.namespace) if part)
                yield from walk(pattern, name) if not name.startswith("admin") else ()
            else:
                name = pattern.name or str(pattern.pattern)
                if not name.startswith("admin"):
                    yield f"{namespace}:{name}" if namespace else name

    return sorted(set(walk(get_resolver(), "")))


def test_every_address_is_in_the_table():
    listed = {name for name, _situation in MATRIX} | NOT_HERE

    assert listed == set(every_address())


@pytest.fixture
def things(cast):
    """Make, for a situation, everything the addresses name; return the arguments of each address."""
    return lambda situation: arguments_of(cast, version_in(cast, situation))


PUBLIC = {
    "jst:apply",
    "jst:apply_open",
    "jst:call",
    "jst:conflicts_state",
    "jst:invitation_open",
    "jst:join_ask",
    "jst:nominate",
    "jst:self_check",
}
# Links of letters lead on whatever they say; what they open is asked on the next page.
OF_LETTERS = {"jst:apply_open", "jst:invitation_open", "jst:join_open", "jst:nominate_open"}

SITUATIONS = sorted({situation for _name, situation in MATRIX})


def path_of(name, made):
    return reverse(name, args=made[ARGUMENTS.get(name, "")])


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_role_gets_exactly_what_the_table_says(cast, browse, things, situation):
    made = things(situation)
    rows = {name: codes.split() for (name, where), codes in MATRIX.items() if where == situation}

    found = {}
    for position, role in enumerate(ROLES):
        client = browse(person_of(cast, role))
        for name in rows:
            answer = client.get(path_of(name, made))
            b"".join(answer)
            found.setdefault(name, [""] * len(ROLES))[position] = str(answer.status_code)

    assert found == rows


def missing(name, made):
    """Return the address with an id, or a short name, that never was in place of the first."""
    arguments = list(made[ARGUMENTS[name]])
    arguments[0] = 987654 if isinstance(arguments[0], int) else "nigdy-nie-bylo"
    return reverse(name, args=arguments)


def comparable(response):
    """Return what a stranger could compare: status and body without what changes with every answer."""
    changing = r'(nonce|value|content)="[^"]{20,}"|data-left="\d+"|\{"X-CSRFToken": "[^"]+"\}'
    body = re.sub(changing, "", response.content.decode())
    return response.status_code, body


# An invitation is for whoever holds its link; the three took part in the project and give it their own data.
NO_STRANGERS = {"jst:invitation_open", "jst:my_data_edit"}


@pytest.mark.parametrize("situation", ["draft", "in_review"])
@pytest.mark.parametrize("role", ["former_member", "other_team", "other_reviewer"])
def test_to_strangers_every_object_is_the_same_as_missing(cast, browse, things, situation, role):
    made = things(situation)
    client = browse(person_of(cast, role))
    differing = []
    for name in ARGUMENTS:
        if made[ARGUMENTS[name]][0] == 0 or name in PUBLIC | NO_STRANGERS | OF_LETTERS:
            continue
        for method in ("get", "post", "put", "delete"):
            for headers in ({}, {"HX-Request": "true"}):
                there = getattr(client, method)(path_of(name, made), headers=headers)
                never = getattr(client, method)(missing(name, made), headers=headers)
                if comparable(there) != comparable(never):
                    differing.append((name, method, bool(headers), there.status_code, never.status_code))

    assert differing == []


def test_an_anonymous_page_leads_to_sign_in_and_a_fragment_says_where(cast, browse, things):
    made = things("in_review")
    client = browse(None)
    for (name, situation), codes in MATRIX.items():
        public = name.startswith(("account", "mfa")) or name in OF_LETTERS
        if situation == "in_review" and codes.split()[0] == "302" and not public:
            page = client.get(path_of(name, made))
            fragment = client.get(path_of(name, made), headers={"HX-Request": "true"})
            assert page.url.startswith(reverse("account_login")), name
            assert (fragment.status_code, fragment.content) == (401, b""), name
            assert fragment["HX-Redirect"] == reverse("account_login"), name


def test_reading_changes_nothing(cast, browse, things):
    def counts():
        models = [model for model in apps.get_models() if model._meta.app_label in {"portal", "jst", "plans"}]
        return {model._meta.label: sorted(map(str, model.objects.values_list())) for model in models}

    made = things("in_review")
    clients = {
        role: browse(person_of(cast, role)) for role in ("lead", "reviewer", "coordinator", "administrator")
    }
    before = counts()

    for client in clients.values():
        for name, situation in MATRIX:
            if situation == "in_review" and name != "account_logout":
                b"".join(client.get(path_of(name, made)))

    after = counts()
    assert {label for label in before if before[label] != after[label]} <= {"portal.User"}


def test_a_deactivated_account_is_nobody_at_the_next_request(cast, browse, things):
    made = things("draft")
    client = browse(cast.lead)
    first = client.get(path_of("plans:plan", made)).status_code
    type(cast.lead).objects.filter(pk=cast.lead.pk).update(is_active=False)

    second = client.get(path_of("plans:plan", made)).status_code

    assert (first, second) == (200, 302)


def test_an_unknown_id_of_any_kind_is_missing(cast, browse):
    client = browse(cast.lead)

    answers = {
        client.get(path).status_code
        for path in (
            "/plany/99999999999999999999/",
            "/plany/0/",
            f"/plany/1/wersje/1/zalaczniki/{uuid.uuid4()}/",
        )
    }

    assert answers == {404}
