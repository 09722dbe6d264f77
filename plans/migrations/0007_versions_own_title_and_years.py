"""Title and years go from the plan to its versions, so that what was sent keeps its own."""

from collections import defaultdict

from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery

ABOUT = ("title", "year_from", "year_to")


def to_versions(apps, schema_editor):
    """Give each version what its plan has, or what it was sent with where a later draft changed that."""
    changes = told_by_events(apps.get_model("plans", "PlanEvent").objects)
    versions = apps.get_model("plans", "PlanVersion").objects
    for version in versions.select_related("plan").defer("comparison"):
        about = {name: getattr(version.plan, name) for name in ABOUT}
        for number, before in changes[version.plan_id]:
            about |= before if number > version.number else {}
        # One change of each row: after a second PostgreSQL alters the table no more in this transaction.
        versions.filter(pk=version.pk).update(**about)


def told_by_events(events):
    """Return {plan: [(number of the draft, what was there before)]}, the newest change first."""
    found = defaultdict(list)
    rows = events.filter(event__kind="plans.plan.describe").order_by("-event__sequence")
    for plan, number, data in rows.values_list("plan", "version__number", "event__data"):
        before = {name: data["changed"][name][0] for name in ABOUT if name in data["changed"]}
        found[plan].append((number, before))
    return found


def to_plans(apps, schema_editor):
    newest = apps.get_model("plans", "PlanVersion").objects.filter(plan=OuterRef("pk")).order_by("-number")
    apps.get_model("plans", "Plan").objects.update(
        **{name: Subquery(newest.values(name)[:1]) for name in ABOUT}
    )


def year(words, **options):
    return models.PositiveSmallIntegerField(words, **options)


class Migration(migrations.Migration):
    dependencies = [("plans", "0006_abstained")]

    operations = [
        migrations.AddField(
            "planversion",
            "title",
            models.CharField("title", max_length=300, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "planversion", "year_from", year("first year", default=0), preserve_default=False
        ),
        migrations.AddField("planversion", "year_to", year("last year", default=0), preserve_default=False),
        # Without a default the columns of the plan could not come back.
        migrations.AlterField("plan", "title", models.CharField("title", max_length=300, default="")),
        migrations.AlterField("plan", "year_from", year("first year", default=0)),
        migrations.AlterField("plan", "year_to", year("last year", default=0)),
        migrations.RunPython(to_versions, to_plans),
        migrations.RemoveConstraint("plan", "plan_years_in_order"),
        migrations.AddConstraint(
            "planversion",
            models.CheckConstraint(condition=Q(year_to__gte=F("year_from")), name="version_years_in_order"),
        ),
        migrations.RemoveField("plan", "title"),
        migrations.RemoveField("plan", "year_from"),
        migrations.RemoveField("plan", "year_to"),
    ]
