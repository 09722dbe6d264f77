"""Official files brought in by the browser: uploaded, checked in a job, applied in another.

A job that dies leaves its file as it stood and is offered again; one that runs twice finds its work done.
"""

import hashlib
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.imports.progress import Progress, forget_progress
from jst.imports.registry import IMPORTS
from jst.models import JstEvent, RegisterImport, RegisterUpload, UploadLine
from jst.permissions import may_import
from jst.tasks import check_upload
from jst.workflow import UPLOAD
from portal.models import ChainHead
from portal.workflow import NotAllowed, TransitionError, note

log = logging.getLogger(__name__)
Status = RegisterUpload.Status


def upload_register(*, source, file, by):
    """Keep an official file as it was downloaded and queue its check; return the RegisterUpload."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    upload = RegisterUpload(source=source, size=file.size, sha256=digest.hexdigest(), uploaded_by=by)
    upload.file_name = file.name[:200]
    try:
        with transaction.atomic():
            ChainHead.hold()
            if not may_import(by):
                raise NotAllowed(_("You may not do this."))
            upload.file.save(file.name, file, save=False)
            upload.save(force_insert=True)
            data = {"source": source, "sha256": upload.sha256}
            note("jst.upload.upload", by=by, about=JstEvent(register_upload=upload), data=data)
            check_upload.enqueue(upload.pk)
    except BaseException:
        # The rows are rolled back; what is on the disk is not.
        if upload.file:
            upload.file.storage.delete(upload.file.name)
        raise
    return upload


def apply_register(upload, *, set_aside=False, reason="", by):
    """Ask for a checked file to be applied; rows that cannot be used must be set aside by choice."""
    if upload.unusable and not set_aside:
        raise TransitionError(_("Choose to set the rows aside that cannot be used, or correct the file."))
    if upload.unusable and not reason.strip():
        raise TransitionError(_("Give a reason."))
    data = {"set_aside": upload.unusable} if upload.unusable else {}
    return UPLOAD.perform(upload, "apply", by=by, comment=reason, data=data)


# --- Checking -----------------------------------------------------------------------------------


def check(pk):
    """Compare the file with its register and keep what was found; whoever uploaded it looks at that."""
    upload = RegisterUpload.objects.filter(pk=pk, status=Status.UPLOADED).first()
    if upload is None:
        return
    with told_failures(upload):
        report, unusable = dry_run(upload)
        keep_lines(upload, report)
        with transaction.atomic():
            ChainHead.hold()
            if not RegisterUpload.objects.claim(upload, {Status.UPLOADED}):
                return
            RegisterUpload.objects.filter(pk=pk).update(
                as_of=report.as_of,
                counts=report.counts,
                differences=len(report.changes),
                unusable=unusable,
                refusal=report.refused,
                checked_at=timezone.now(),
            )
            UPLOAD.perform(upload, "fail" if report.refused else "check", by=last_actor(upload))
    forget_progress(upload.file.path)


def dry_run(upload):
    """Return what applying would do, and how many rows would be set aside for it."""
    run, path = IMPORTS[upload.source], upload.file.path
    report = run(path, progress=Progress(path))
    if not (report.refused and report.rejected):
        return report, 0
    # Refused for its rows, or for itself? That shows when the rows are set aside.
    without = run(path, set_aside=True, progress=Progress(path))
    return without, len({rejected.row for rejected in without.rejected})


def keep_lines(upload, report):
    """Keep the differences and the cells that cannot be right, in the place of an earlier check's."""
    changes = (
        UploadLine(upload=upload, kind="change", row=change.row, sentence=str(change)[:900])
        for change in report.changes
    )
    rejected = (
        UploadLine(
            upload=upload,
            kind="rejected",
            row=cell.row,
            column=cell.column[:100],
            value=cell.value[:300],
            reason=cell.reason[:300],
        )
        for cell in report.rejected
    )
    with transaction.atomic():
        upload.lines.all().delete()
        for lines in (changes, rejected):
            UploadLine.objects.bulk_create(lines, batch_size=2000)


# --- Applying -----------------------------------------------------------------------------------


def apply(pk):
    """Bring the register to the state of the file and record it.

    The importer reads and compares without a lock and writes all or nothing; that the file was applied is
    recorded after it. A worker that dies in between leaves the register applied once: run again, the same
    file changes nothing, and the upload finds the import by its digest.
    """
    upload = RegisterUpload.objects.filter(pk=pk, status=Status.APPLYING).first()
    if upload is None:
        return
    with told_failures(upload):
        by, path = last_actor(upload), upload.file.path
        report = IMPORTS[upload.source](
            path, apply=True, set_aside=upload.set_aside, by=by, progress=Progress(path)
        )
        with transaction.atomic():
            ChainHead.hold()
            if not RegisterUpload.objects.claim(upload, {Status.APPLYING}):
                return
            RegisterUpload.objects.filter(pk=pk).update(
                register_import=import_of(upload), counts=report.counts, refusal=report.refused
            )
            UPLOAD.perform(upload, "fail" if report.refused else "finish", by=by)
    forget_progress(upload.file.path)


def import_of(upload):
    """Return the import that this file made since it was uploaded; None where it changed nothing."""
    made = RegisterImport.objects.filter(
        source=upload.source, sha256=upload.sha256, applied_at__gte=upload.uploaded_at
    )
    return made.order_by("-pk").first()


def last_actor(upload):
    """Return who asked for the work that is being done."""
    return upload.events.select_related("event__actor").order_by("-event__sequence").first().event.actor


class told_failures:  # noqa: N801 – read as a word after `with`
    """A check or an import that breaks leaves its file marked as unusable, with the reason in the log."""

    def __init__(self, upload):
        self.upload = upload

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is None or not issubclass(kind, Exception):
            return False
        log.error("the file %s of a register broke its job", self.upload.pk, exc_info=error)
        sentence = _(
            "The portal could not read this file. Tell ORE’s technical support the number of this page."
        )
        with transaction.atomic():
            ChainHead.hold()
            if RegisterUpload.objects.claim(self.upload, {Status.UPLOADED, Status.APPLYING}):
                RegisterUpload.objects.filter(pk=self.upload.pk).update(refusal=sentence)
                UPLOAD.perform(self.upload, "fail", by=last_actor(self.upload))
        return True
