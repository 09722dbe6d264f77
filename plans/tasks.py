"""Work that is done outside the request; each job may run twice without harm."""

from django.core.files.base import ContentFile
from django_tasks import task

from plans.models import PlanVersion


@task()
def make_document(version_pk):
    """Write the PDF of a sent version, once."""
    from plans.documents import plan_pdf

    version = PlanVersion.objects.for_page().get(pk=version_pk)
    if version.document:
        return
    name = f"plan-{version.plan_id}-{version.number}.pdf"
    version.document.save(name, ContentFile(plan_pdf(version)), save=False)
    version.save(update_fields=["document"])
