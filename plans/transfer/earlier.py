"""What a section of rows said when its document was downloaded: by the save that made that revision."""

from django.http import QueryDict

from plans.models import SectionRevision
from plans.section_forms import SectionForm
from plans.transfer.cells import cell_of


def cells_at(version, section, number, revision):
    """Return uid → field → cell of the plan's version `number` at a revision; nothing where no save tells.

    What somebody prepared in a document while others saved the form may then be told from what they saved.
    """
    saves = SectionRevision.objects.filter(version__plan=version.plan, version__number=number)
    saves = saves.filter(key=section.key, revision=revision, outcome=SectionRevision.Outcome.SAVED)
    record = saves.order_by("-pk").first()
    if record is None:
        return {}
    data = QueryDict(mutable=True)
    for name, values in record.payload.items():
        data.setlist(name, values)
    forms = [form for rows in SectionForm(version, section, data).row_sets for form in rows.forms]
    return {form.row.uid: {name: cell_of(form[name]) for name in form.row_set.fields} for form in forms}
