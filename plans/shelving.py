"""The shelf: the words of the published plans, by which the library is searched.

Everything here can be built anew from the plans at any time (`manage.py shelve`), and doing it twice changes
nothing. What leaves the public list leaves the shelf in the same transaction.
"""

from collections import Counter

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from plans.facts import places, unit_name
from plans.lemmas import LONGEST, basic_forms, forms_of, words_of
from plans.models import Plan, PlanVersion, ShelvedForm, ShelvedWord
from plans.outline import outline
from portal.spelling import folded

# How many times a word of the texts one word counts that stands here.
TITLE, UNIT, GOAL, TEXT = 10, 10, 5, 1
A = PlanVersion.Status.ACCEPTED
BATCH = 2000


def in_force():
    """The versions in force: accepted, and no later one is."""
    newer = PlanVersion.objects.filter(plan=OuterRef("plan"), number__gt=OuterRef("number"), status=A)
    return PlanVersion.objects.filter(~Exists(newer), status=A)


def public():
    """The versions that everybody may read now."""
    return in_force().exclude(plan__published_on=None)


def take_off(plan):
    """Take the words of a plan off the shelf."""
    ShelvedWord.objects.filter(version__plan=plan).delete()


def fill_shelf(*, anew=False):
    """Put on the shelf what is published and not there yet, take off what is not; return how many were put.

    With `anew` everything is written again. The dictionary is read only where there is something to do.
    """
    if anew:
        ShelvedWord.objects.all().delete()
        ShelvedForm.objects.all().delete()
    ShelvedWord.objects.exclude(version__in=public().values("pk")).delete()
    there = ShelvedWord.objects.filter(version=OuterRef("pk"))
    missing = list(public().filter(~Exists(there)).for_page())
    if not missing:
        return 0
    counts = {version: weighed(version) for version in missing}
    lemmas = basic_forms({word for found in counts.values() for word in found})
    write_forms(set(lemmas.values()))
    for version, found in counts.items():
        put(version, found, lemmas)
    return len(missing)


def weighed(version):
    """Return how much each word of a version counts, in the forms in which it stands there."""
    plan, found = version.plan, Counter()

    def add(text, weight):
        for word in words_of(text):
            found[word] += weight

    add(version.title, TITLE)
    add(unit_name(plan.jst.kind, plan.jst.name), UNIT)
    add(" ".join(places(plan.jst)), TEXT)
    for part in outline(version):
        add(part.text, TEXT)
        for table in part.tables:
            for row in table.rows:
                for cell in row.cells:
                    is_goal = part.key == "goals" and cell.field == "title"
                    add(cell.value, GOAL if is_goal else TEXT)
    return found


def write_forms(lemmas):
    """Keep the forms of the basic forms that have none yet."""
    known = set(ShelvedForm.objects.values_list("lemma", flat=True).distinct())
    new = {lemma for lemma in lemmas if folded(lemma) not in known}
    rows = [ShelvedForm(form=form, lemma=lemma) for form, lemma in sorted(forms_of(new))] if new else []
    ShelvedForm.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


@transaction.atomic
def put(version, found, lemmas):
    """Write the words of one version, unless it has left the public list meanwhile."""
    # A withdrawal changes this row first: whoever comes second sees what the other did.
    held = Plan.objects.filter(pk=version.plan_id, published_on__isnull=False).update(
        published_on=F("published_on")
    )
    if not held or not public().filter(pk=version.pk).exists():
        return
    times = Counter()
    for word, count in found.items():
        lemma = folded(lemmas[word])
        if len(lemma) <= LONGEST:
            times[lemma] += count
    ShelvedWord.objects.filter(version__plan=version.plan_id).delete()
    ShelvedWord.objects.bulk_create(
        (ShelvedWord(version=version, lemma=lemma, times=count) for lemma, count in sorted(times.items())),
        batch_size=BATCH,
    )
