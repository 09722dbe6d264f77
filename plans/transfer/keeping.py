"""Keeping what was uploaded until its preview is applied, and for a while after; never changed."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.imports.report import Refused
from plans.models import PlanUpload
from plans.transfer.documents import read_document
from plans.transfer.reading import read_sheets
from plans.transfer.table_reading import read_rows_document
from plans.uploads import described, forget_unkept

# The rest goes a minute later.
MOST_AT_ONCE = 100


def keep(version, file, *, kind, section="", check, by):
    """Keep an uploaded file. `check(path, name)` reads it first and may raise Refused: nothing is kept."""
    stored = described(file, by)
    try:
        stored.file.save(uuid.uuid4().hex + PurePath(file.name).suffix.lower(), file, save=False)
        # Nothing is held while a file is read.
        check(stored.file.path, stored.name)
        with transaction.atomic():
            stored.save()
            words = {"kind": kind, "section": section, "stored": stored, "by": by}
            return PlanUpload.objects.create(version=version, **words)
    except BaseException:
        if stored.file:
            forget_unkept(stored.file)
        raise


def keep_document(version, section, file, *, by):
    """Keep the document of one section; raises Refused for one of another section or plan."""

    def check(path, _name):
        brought = read_document(path) if section.is_narrative else read_rows_document(path)
        if (brought.plan, brought.section) != (version.plan_id, section.key):
            raise Refused(_("This is the document of another section or of another plan."))
        if not section.is_narrative and not brought.sheets:
            raise Refused(_("The document has none of the tables of this section. Download it again."))

    return keep(version, file, kind=PlanUpload.Kind.SECTION, section=section.key, check=check, by=by)


def keep_sheets(version, file, *, by):
    """Keep a spreadsheet that can be read as tables of a plan; raises Refused."""
    return keep(version, file, kind=PlanUpload.Kind.ROWS, check=read_sheets, by=by)


def forget_uploads(now=None):
    """Remove the uploads that were applied, or left unapplied, longer ago than the house keeps them.

    What they changed stays on record: every save, with who and when, and the origin of new rows.
    """
    before = (now or timezone.now()) - settings.UPLOADS_KEPT
    old = PlanUpload.objects.annotate(last=Coalesce("applied_at", "at")).filter(last__lt=before)
    for upload in old.select_related("stored").order_by("pk")[:MOST_AT_ONCE]:
        forget(upload)


@transaction.atomic
def forget(upload):
    upload.delete()
    stored = upload.stored
    try:
        with transaction.atomic():
            stored.delete()
    except ProtectedError:
        # Something else of the plan holds the same file.
        return
    # Before the rows are gone for good: a file left without its row would be found by nobody.
    stored.file.storage.delete(stored.file.name)
