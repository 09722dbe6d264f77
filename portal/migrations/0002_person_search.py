from django.db import migrations, models

from portal.spelling import folded, polish_order


def spell(apps, schema_editor):
    User = apps.get_model("portal", "User")
    people = list(User.objects.all())
    for person in people:
        person.search = folded(f"{person.first_name} {person.last_name} {person.email}")
        person.sort_key = polish_order(f"{person.last_name} {person.first_name} {person.email}")
    User.objects.bulk_update(people, ["search", "sort_key"], batch_size=200)


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='search',
            field=models.CharField(default='', editable=False, max_length=600),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='user',
            name='sort_key',
            field=models.CharField(db_index=True, default='', editable=False, max_length=300),
            preserve_default=False,
        ),
        migrations.RunPython(spell, migrations.RunPython.noop),
    ]
