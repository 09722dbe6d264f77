"""What a person may ask about the own data."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from portal import extract
from portal.models import User
from portal.models.user import SYSTEM_EMAIL, normal_email


class Command(BaseCommand):
    help = "Write one archive of everything about a person: readable PDF and JSON. PERSON: address or number."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["export", "erase"])
        parser.add_argument("person")
        parser.add_argument("--to", metavar="FILE", help="the archive; else its own name in this folder")

    def handle(self, *, action, person, to, **options):
        if action == "erase":
            raise CommandError("privacy erase: not available yet", returncode=2)
        wanted = Q(email=normal_email(person)) | (Q(pk=int(person)) if person.isdecimal() else Q())
        found = User.objects.exclude(email=SYSTEM_EMAIL).filter(wanted).first()
        if found is None:
            raise CommandError("There is no such person.")
        name, content = extract.extract(found, by=User.objects.system())
        path = Path(to or name)
        if path.exists():
            raise CommandError(f"{path} is there already.")
        path.write_bytes(content)
        path.chmod(0o600)
        self.stdout.write(str(path))
