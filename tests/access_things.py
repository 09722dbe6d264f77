"""What the addresses of the portal name: one thing of each kind, made for a situation."""

import uuid

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from jst.invitations import invite
from jst.joining import ask, begin
from jst.models import Nomination, ParticipantDataSetup, RegisterImport
from jst.participants import set_up
from jst.uploads import upload_register
from plans.commenting import add_comment
from plans.models import Decision, Evidence, PlanUpload, StoredFile
from plans.publishing import publish_plan
from plans.sections import section_of
from plans.transfer.documents import section_document
from tests.factories import SchoolFactory
from tests.jst.calls import open_call, sent
from tests.situations import flag_on, plan_version, remark_on


def version_in(cast, situation):
    version = plan_version(cast, "accepted" if situation == "published" else situation)
    if situation == "published":
        publish_plan(version.plan, published=True, by=cast.lead)
    return version


def attached(version, person):
    stored = StoredFile(name="x.pdf", content_type="application/pdf", size=5, sha256="0", uploaded_by=person)
    stored.file.save("x.pdf", ContentFile(b"%PDF-"))
    return Evidence.objects.create(version=version, stored=stored, title="Protokół")


def reported(version, person):
    """The version, with a report beside the decision where there is one."""
    stored = attached(version, person).stored
    Decision.objects.filter(version=version).update(report=stored)
    return version


def brought(version, person, name, content, **fields):
    """A file that waits to be put into the newest version."""
    stored = StoredFile(name=name, content_type="text/csv", size=5, sha256="0", uploaded_by=person)
    stored.file.save(name, ContentFile(content))
    stored.save()
    words = {"kind": "rows", "stored": stored, "by": person} | fields
    return PlanUpload.objects.create(version=version.plan.latest(), **words)


def brought_section(version, person):
    section = section_of(version.plan, "wizja")
    content = section_document(version.plan.latest(), section, body="Tekst", revision=0)
    return brought(version, person, "x.docx", content, kind="section", section="wizja")


def comment_in(version, cast):
    return add_comment(version.plan, section="wizja", body="Zapytać radę.", by=cast.lead)


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


def files_of(cast, version):
    """Return the arguments of what is taken from a version, and of what is brought into its plan."""
    numbered = [version.plan_id, version.number]
    return {
        "version_file": [*numbered, "docx"],
        "report": [reported(version, cast.coordinator).plan_id, version.number],
        "file": [*numbered, attached(version, cast.lead).uid],
        "brought": [version.plan_id, brought(version, cast.lead, "x.csv", b"Goal\nCel\n").uid],
        "brought_section": [version.plan_id, "wizja", brought_section(version, cast.lead).uid],
        "borrowed": [version.plan_id, version.plan_id, uuid.uuid4()],
    }


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
        "flag": [flag_on(version, cast.caretaker, to=cast.coordinator).pk],
        "plan": [version.plan_id],
        "numbered": numbered,
        "section": [version.plan_id, "wizja"],
        "move": [*numbered, "send"],
        "comment": [version.plan_id, comment_in(version, cast).pk, "zalatwione"],
        **files_of(cast, version),
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
    "plans:section_care": "section",
    "plans:section_merge": "section",
    "plans:presence": "section",
    "plans:comments": "plan",
    "plans:comment_add": "section",
    "plans:comment_move": "comment",
    "plans:evidence_file": "file",
    "plans:review": "review",
    "plans:remark_add": "review",
    "plans:review_move": "review_move",
    "plans:ore_remark_add": "numbered",
    "plans:remark_answer": "remark",
    "plans:remark_edit": "remark",
    "plans:remark_delete": "remark",
    "plans:remark_move": "remark_move",
    "plans:version": "numbered",
    "plans:comparison": "numbered",
    "plans:document": "numbered",
    "plans:files": "numbered",
    "plans:file": "version_file",
    "plans:decision": "numbered",
    "plans:decision_report": "report",
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
    "plans:flag": "flag",
    "plans:flag_raise": "plan",
    "plans:unlock": "plan",
    "plans:assign_by_load": "edition",
    "plans:assign_by_file": "edition",
    "plans:calibration_file": "file_kind",
    "plans:review_nudge": "review",
    "plans:review_next": "review",
    "plans:second_opinion": "review",
    "plans:plan": "plan",
    "plans:evidence_add": "plan",
    "plans:about": "plan",
    "plans:form": "plan",
    "plans:prefill": "section",
    "plans:problems": "plan",
    "plans:publish": "plan",
    "plans:reviewers": "plan",
    "plans:adoption": "numbered",
    "plans:adoption_scan": "numbered",
    "plans:adoption_file": "file_kind",
    "plans:library_plan": "plan",
    "plans:library_document": "plan",
}
# What everybody, or every expert, is shown, and links that answer alike whatever they hold.
