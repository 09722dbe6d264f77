"""Work that is done outside the request; each job may run twice without harm."""

from django.core.files.base import ContentFile
from django_tasks import task

from plans.models import PlanVersion


@task()
def make_document(version_pk):
    """Write the PDF of a sent version: when it is sent, and again when it is accepted, for it says so."""
    from plans.documents.pdf import plan_pdf

    version = PlanVersion.objects.for_page().get(pk=version_pk)
    if version.status in PlanVersion.UNSENT:
        raise ValueError("Only a version that was sent has a document that is kept.")
    stem = f"plan-{version.plan_id}-{version.number}"
    if version.status == PlanVersion.Status.ACCEPTED:
        stem += "-accepted"
    before = version.document.name or ""
    if stem in before:
        return
    version.document.save(f"{stem}.pdf", ContentFile(plan_pdf(version)), save=False)
    version.save(update_fields=["document"])
    if before:
        version.document.storage.delete(before)


@task()
def shelve():
    """Put on the shelf the words of every published plan that is missing there: one reading serves all."""
    from plans.shelving import fill_shelf

    fill_shelf()
