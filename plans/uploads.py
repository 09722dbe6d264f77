"""Which files may be attached, and how they are kept: once, under a name of ours, never changed.

The kind is told by the file's first bytes and its ending together; what a browser says is not believed.
"""

import hashlib
import uuid
from contextlib import contextmanager, suppress
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from plans.models import Evidence, PlanVersion, SectionState, StoredFile
from plans.sections import open_keys

MAX_MEGABYTES = 10
MAX_FILES = 40
ZIP = b"PK\x03\x04"
# Ending → (content type, first bytes).
KINDS = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP),
    ".odt": ("application/vnd.oasis.opendocument.text", ZIP),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", ZIP),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
}

# A table as text has no first bytes of its own. It may be brought in, not attached.
CSV = {".csv": ("text/csv", b"")}


def check_upload(upload, kinds=KINDS, sentence=""):
    """Return the upload if it may be kept; raise ValidationError with a sentence that says what to do."""
    ending = PurePath(upload.name).suffix.lower()
    if upload.size > MAX_MEGABYTES * 1024 * 1024:
        raise ValidationError(
            _("The file has %(size)d MB. Choose one of at most %(limit)d MB.")
            % {"size": upload.size // (1024 * 1024), "limit": MAX_MEGABYTES}
        )
    if ending not in kinds:
        raise ValidationError(
            sentence or _("Attach a PDF, Word, Excel or OpenDocument file, or a picture (JPG, PNG).")
        )
    upload.seek(0)
    first = upload.read(8)
    upload.seek(0)
    if not first.startswith(kinds[ending][1]):
        raise ValidationError(
            _("The content of this file is not what its name says. Save it again and attach it.")
        )
    return upload


def clean_name(name):
    """Return a name that is safe to offer for saving: no paths, no control characters, not too long."""
    path = PurePath(name.replace("\\", "/"))
    stem = "".join(c for c in path.stem if c.isprintable())[:100] or "plik"
    return get_valid_filename(stem + path.suffix.lower())


def attach(version, upload, *, uid, kind, title, proves, by):
    """Keep the file and add it to the draft's attachments; the same `uid` again changes nothing.

    Returns the Evidence, or None where the section is locked or the draft was sent meanwhile.
    """
    stored = described(upload, by)
    words = {"uid": uid, "kind": kind, "title": title, "proves": proves}
    with kept_or_gone(stored):
        return record(version, words, by, keep=lambda: kept(upload, stored))


def described(upload, by):
    """Return the unsaved row of a file, before anything is held."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return StoredFile(
        name=clean_name(upload.name),
        content_type=(KINDS | CSV)[PurePath(upload.name).suffix.lower()][0],
        size=upload.size,
        sha256=digest.hexdigest(),
        uploaded_by=by,
    )


def attach_again(version, stored, *, uid, kind, title, proves, by):
    """Let a file of the plan, kept before, prove one more thing; the file itself is not copied.

    Returns the Evidence, or None as `attach` does, or where the file is none of this plan.
    """
    if not files_of(version.plan).filter(pk=stored.pk).exists():
        return None
    words = {"uid": uid, "kind": kind, "title": title, "proves": proves}
    with transaction.atomic():
        return record(version, words, by, keep=lambda: stored)


def files_of(plan):
    """Return the files attached to any version of a plan, the newest first."""
    used = Evidence.objects.filter(version__plan=plan).order_by()
    return StoredFile.objects.filter(pk__in=used.values("stored")).order_by("-uploaded_at", "-pk")


def uses_of_files(version):
    """Return [(file name, [what it is attached as])] of a version, for one page."""
    found = {}
    for evidence in Evidence.objects.filter(version=version).select_related("stored"):
        words = [evidence.get_kind_display(), str(evidence), evidence.proves]
        name, uses = found.setdefault(evidence.stored_id, (evidence.stored.name, []))
        uses.append(" – ".join(word for word in words if word))
    return list(found.values())


@contextmanager
def kept_or_gone(stored):
    """A transaction that may keep the file of an unsaved row; where it fails, the disk forgets it too."""
    try:
        with transaction.atomic():
            yield
    except BaseException:
        if stored and stored.file:
            forget_unkept(stored.file)
        raise


def forget_unkept(file):
    """Remove a file from the disk whose row was rolled back.

    A commit that the database did not answer may have taken place all the same: where the row is there, or
    nobody can tell, the file stays.
    """
    with suppress(DatabaseError, InterfaceError):
        if not StoredFile.objects.filter(file=file.name).exists():
            file.storage.delete(file.name)


def forget(stored):
    """Remove a file to which nothing points any more: its row, and from the disk once that is final."""
    storage, name = stored.file.storage, stored.file.name
    stored.delete()

    def delete_from_disk():
        storage.delete(name)

    # A file that stays too long hurts nobody: it must not make a stored change look like a failed one.
    transaction.on_commit(delete_from_disk, robust=True)


def kept(upload, stored):
    """Write the file of an unsaved row and the row itself."""
    stored.file.save(uuid.uuid4().hex + PurePath(upload.name).suffix.lower(), upload, save=False)
    stored.save()
    return stored


def record(version, words, by, keep):
    if not PlanVersion.objects.claim(version, PlanVersion.EDITABLE) or "evidence" not in open_keys(version):
        return None
    existing = Evidence.objects.filter(version=version, uid=words["uid"]).first()
    if existing or Evidence.objects.filter(version=version).count() >= MAX_FILES:
        return existing
    stored = keep()
    state, _created = SectionState.objects.get_or_create(version=version, key="evidence")
    SectionState.objects.filter(pk=state.pk).update(
        revision=state.revision + 1, filled=True, changed_at=timezone.now(), changed_by=by
    )
    return Evidence.objects.create(version=version, stored=stored, position=state.revision, **words)
