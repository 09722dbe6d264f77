import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('portal', '0001_initial'), ('portal', '0002_person_search'), ('portal', '0003_access_records'), ('portal', '0004_clauses')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChainHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveBigIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='InformationClause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(help_text='The same words for every version of one clause.', max_length=100, verbose_name='purpose')),
                ('version', models.PositiveIntegerField(editable=False, verbose_name='version')),
                ('text', models.TextField(help_text='Plain text: an empty line ends a paragraph, “- ” begins an item of a list.', verbose_name='text')),
                ('valid_from', models.DateField(default=django.utils.timezone.localdate, verbose_name='valid from')),
            ],
            options={
                'verbose_name': 'information clause',
                'verbose_name_plural': 'information clauses',
                'ordering': ['purpose', '-version'],
                'constraints': [models.UniqueConstraint(fields=('purpose', 'version'), name='clause_version_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, verbose_name='works at ORE')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='joined')),
                ('search', models.CharField(editable=False, max_length=600)),
                ('sort_key', models.CharField(db_index=True, editable=False, max_length=300)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['last_name', 'first_name', 'email'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(db_index=True, max_length=100, verbose_name='kind')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('old_status', models.CharField(blank=True, max_length=40, verbose_name='status before')),
                ('new_status', models.CharField(blank=True, max_length=40, verbose_name='status after')),
                ('data', models.JSONField(blank=True, default=dict, verbose_name='data')),
                ('comment_digest', models.CharField(blank=True, max_length=64)),
                ('sequence', models.PositiveBigIntegerField(unique=True, verbose_name='order')),
                ('digest', models.CharField(max_length=64, verbose_name='digest of the chain')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'ordering': ['sequence'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ClauseReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clause_readings', to=settings.AUTH_USER_MODEL)),
                ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='portal.informationclause')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='read')),
            ],
            options={
                'verbose_name': 'reading of a clause',
                'verbose_name_plural': 'readings of clauses',
                'ordering': ['-at'],
                'constraints': [models.UniqueConstraint(fields=('person', 'clause'), name='clause_read_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='EventComment',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='portal.event')),
                ('salt', models.CharField(max_length=32)),
                ('body', models.TextField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='AccessRecord',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='%(class)s', serialize=False, to='portal.event')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_records', to=settings.AUTH_USER_MODEL, verbose_name='whose data')),
                ('matter', models.CharField(max_length=100, verbose_name='in what matter')),
                ('fields', models.JSONField(default=list, verbose_name='what was read')),
            ],
            options={
                'verbose_name': 'reading of restricted data',
                'verbose_name_plural': 'readings of restricted data',
                'ordering': ['-event__sequence'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='portal.event')),
                ('template', models.CharField(blank=True, max_length=100, verbose_name='template of the letter')),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL, verbose_name='recipient')),
                ('address', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('subject', models.CharField(blank=True, max_length=300, verbose_name='subject')),
                ('body', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('held', 'held'), ('ready', 'ready'), ('sent', 'sent'), ('failed', 'failed'), ('cancelled', 'cancelled')], db_index=True, default='ready', editable=False, max_length=12, verbose_name='status')),
                ('message_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='number of the letter')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('ready_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='to be sent from')),
                ('claimed_at', models.DateTimeField(editable=False, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='tries')),
                ('sent_at', models.DateTimeField(editable=False, null=True, verbose_name='sent')),
                ('error', models.CharField(blank=True, editable=False, max_length=300, verbose_name='error')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['-created_at', '-pk'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='%(class)s', serialize=False, to='portal.event')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events_about', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
    ]
