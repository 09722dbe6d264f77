"""Who reaches which address: one reviewed table of every address × role. An address missing here fails.

Codes: 200 the page, 302 led to sign in (or on to another page), 403 told why not, 404 as if it did not exist,
405 no such method. Strangers get 404 "same as missing": the answer equals that for an id that never was.
"""

import re
import uuid

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from jst.invitations import invite
from jst.joining import ask, begin
from jst.models import Nomination, ParticipantDataSetup, RegisterImport
from jst.participants import set_up
from jst.uploads import upload_register
from plans.models import Evidence, StoredFile
from plans.publishing import publish_plan
from tests.access_matrix import MATRIX, NOT_HERE
from tests.conftest import ROLES, person_of
from tests.factories import SchoolFactory
from tests.jst.calls import open_call, sent
from tests.plans.brought import arguments_of_files
from tests.situations import plan_version, remark_on

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


def version_in(cast, situation):
    version = plan_version(cast, "accepted" if situation == "published" else situation)
    if situation == "published":
        publish_plan(version.plan, published=True, by=cast.lead)
    return version


def attached(version, person):
    stored = StoredFile(name="x.pdf", content_type="application/pdf", size=5, sha256="0", uploaded_by=person)
    stored.file.save("x.pdf", ContentFile(b"%PDF-"))
    return Evidence.objects.create(version=version, stored=stored, title="Protokół")


def collecting(cast):
    """Let the project of the cast's edition collect data of its participants."""
    setup = ParticipantDataSetup(
        project=cast.participation.edition.project,
        profile="sl2014",
        fields=["education"],
        purpose="Sprawozdanie",
        legal_basis="art. 6",
    )
    return set_up(setup, by=cast.coordinator)


def arguments_of(cast, version):
    review = version.reviews.first()
    remark = remark_on(version, cast.reviewer) if review else None
    review_pk, remark_pk = (review.pk, remark.pk) if review else (0, 0)
    invitation = invite(
        cast.participation, email="nowa@example.org", first_name="Ewa", last_name="Nowa", by=cast.lead
    )
    member = cast.participation.memberships.get(person=cast.reader)
    numbered = [version.plan_id, version.number]
    project = collecting(cast).project
    return {
        "plan": [version.plan_id],
        "numbered": numbered,
        "section": [version.plan_id, "wizja"],
        "move": [*numbered, "send"],
        "file": [*numbered, attached(version, cast.lead).uid],
        **arguments_of_files(version, cast.lead),
        "review": [review_pk],
        "review_move": [review_pk, "hand_in"],
        "remark": [remark_pk],
        "remark_move": [remark_pk, "confirm"],
        "participation": [cast.participation.pk],
        "care": [cast.participation.pk, "opiekun"],
        "expert": [cast.reviewer.expert.pk],
        "edition": [cast.setup.edition.slug],
        "figure": [cast.setup.edition.slug, "people"],
        "figure_file": [cast.setup.edition.slug, "people", "csv"],
        "member": [cast.participation.pk, member.pk],
        "project": [project.pk],
        "participant": [project.pk, cast.reader.pk],
        "pair": sorted([cast.reader.pk, cast.author.pk]),
        "invitation_move": [invitation.pk, "resend"],
        "invitation": [invitation.pk, "zly-token"],
        "ending": [cast.participation.pk, "rezygnacja"],
        **recruitment_arguments(cast),
        **registers_of(cast),
        **joining_arguments(cast, invitation),
        "": [],
    }


def joining_arguments(cast, invitation):
    wanted = ask(begin(cast.participation, email="prosi@example.org", first_name="Jan", last_name="Lis"))
    nomination = Nomination.objects.create(
        participation=cast.participation, mailbox="urzad@example.org", invitation=invitation, status="named"
    )
    return {
        "wanted": [wanted.pk],
        "wanted_link": [wanted.pk, "zly-token"],
        "nomination": [nomination.pk],
        "nomination_link": [nomination.pk, "zly-token"],
    }


def recruitment_arguments(cast):
    call = open_call(cast)
    application = sent(call)
    return {
        "call": [call.slug],
        "application": [application.pk],
        "application_part": [application.pk, "szkoly"],
        "application_file": [call.slug, "csv"],
        "applicant_link": ["zly-token"],
    }


def registers_of(cast):
    """Return the arguments of the addresses of registers: a unit, a school, an import, a file that waits."""
    unit, school = cast.participation.jst, SchoolFactory()
    file = SimpleUploadedFile("terc.csv", b"WOJ;POW;GMI;RODZ;NAZWA;STAN_NA")
    upload = upload_register(source="terc", file=file, by=cast.coordinator)
    imported = RegisterImport.objects.create(
        source="terc", file_name="terc.csv", as_of="2026-01-01", applied_by=cast.coordinator
    )
    return {
        "unit": [unit.code],
        "unit_field": [unit.code, "mailbox"],
        "school": [school.rspo],
        "school_field": [school.rspo, "name"],
        "file_kind": ["csv"],
        "import": [imported.pk],
        "import_rows": [imported.pk, "roznice", "csv"],
        "upload": [upload.pk],
        "upload_move": [upload.pk, "drop"],
        "upload_rows": [upload.pk, "odrzucone", "xlsx"],
    }


ARGUMENTS = {
    "jst:application": "application",
    "jst:application_decision": "application",
    "jst:application_file": "application_file",
    "jst:application_offer": "application",
    "jst:application_part": "application_part",
    "jst:application_problems": "application",
    "jst:application_score": "application",
    "jst:application_send": "application",
    "jst:application_withdraw": "application",
    "jst:applications": "call",
    "jst:apply": "call",
    "jst:apply_open": "applicant_link",
    "jst:call": "call",
    "jst:decision_release": "call",
    "jst:participation_end": "ending",
    "jst:reserve_next": "call",
    "jst:self_check": "call",
    "plans:sheet_template": "plan",
    "plans:bring": "plan",
    "plans:bring_preview": "brought",
    "plans:borrow": "plan",
    "plans:borrow_goal": "borrowed",
    "plans:section_document": "section",
    "plans:section_bring": "section",
    "plans:section_preview": "brought_section",
    "plans:start": "participation",
    "plans:section": "section",
    "plans:move": "move",
    "plans:evidence_file": "file",
    "plans:review": "review",
    "plans:remark_add": "review",
    "plans:review_move": "review_move",
    "plans:remark_answer": "remark",
    "plans:remark_edit": "remark",
    "plans:remark_delete": "remark",
    "plans:remark_move": "remark_move",
    "plans:version": "numbered",
    "plans:comparison": "numbered",
    "plans:document": "numbered",
    "plans:decision": "numbered",
    "jst:edition": "edition",
    "jst:edition_changes": "edition",
    "jst:edition_copy": "edition",
    "jst:figure": "figure",
    "jst:figure_file": "figure_file",
    "jst:logo_line": "project",
    "jst:duplicate": "pair",
    "jst:my_data_edit": "project",
    "jst:participant": "participant",
    "jst:participants": "project",
    "jst:team": "participation",
    "jst:care": "care",
    "jst:caretakers": "edition",
    "jst:conflicts_state": "edition",
    "jst:expert": "expert",
    "jst:expert_describe": "expert",
    "jst:hand_over": "participation",
    "jst:handover_pack": "participation",
    "jst:join_ask": "participation",
    "jst:nominate": "participation",
    "jst:join_open": "wanted_link",
    "jst:join_request": "wanted",
    "jst:nominate_open": "nomination_link",
    "jst:nomination_undo": "nomination",
    "jst:invite": "participation",
    "jst:membership_end": "member",
    "jst:membership_rights": "member",
    "jst:invitation_move": "invitation_move",
    "jst:invitation_open": "invitation",
    "jst:import_file": "import_rows",
    "jst:register_import": "import",
    "jst:school": "school",
    "jst:school_authority": "school",
    "jst:school_correct": "school_field",
    "jst:school_file": "file_kind",
    "jst:unit": "unit",
    "jst:unit_correct": "unit_field",
    "jst:unit_file": "file_kind",
    "jst:upload": "upload",
    "jst:upload_apply": "upload",
    "jst:upload_file": "upload_rows",
    "jst:upload_move": "upload_move",
    "plans:plan": "plan",
    "plans:evidence_add": "plan",
    "plans:problems": "plan",
    "plans:publish": "plan",
    "plans:reviewers": "plan",
    "plans:library_plan": "plan",
    "plans:library_document": "plan",
}
# What everybody, or every expert, is shown, and links that answer alike whatever they hold.
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
    body = re.sub(
        r'(nonce|value|content)="[^"]{20,}"|\{"X-CSRFToken": "[^"]+"\}', "", response.content.decode()
    )
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
