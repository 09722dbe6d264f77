"""From nothing to a served portal, with made-up people and plans."""

import json
import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal import demo, jobs
from portal.supervisor import Child, supervise


def is_migrated():
    """Whether every migration is applied: a tenth of the time that an empty `migrate` takes."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def prepare(scale, seed):
    """Make the tables and, in an empty database, the demo; a second time there is nothing to do."""
    if not is_migrated():
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
    if demo.is_built():
        return
    if not demo.is_empty():
        raise CommandError("The database holds other people: the demo is built into an empty one only.")
    demo.build_all(scale, seed)


def is_free(port):
    """Whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Command(BaseCommand):
    help = "Build the demo in an empty database and serve it with its mail and its background work."
    # The server checks itself; the second start is to take seconds.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--scale", choices=demo.SCALES, default="pilot")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--no-serve", action="store_true", help="build, run what is queued, and end")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, scale, seed, no_serve, port, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo opens every account with one click: unset PORTAL_PRODUCTION.")
        if scale == "national":
            raise CommandError("demo --scale national: not available yet", returncode=2)
        if not no_serve and not is_free(port):
            raise CommandError(f"Port {port} is taken: choose another with --port.")
        prepare(scale, seed)
        url = os.environ.get("PORTAL_ORIGIN", f"http://localhost:{port}").rstrip("/") + "/"
        if no_serve:
            jobs.run_queued()
            self.announce(url, options["json"])
        elif not self.serve(port, url, as_json=options["json"]):
            raise CommandError("The server did not answer; its own words are above.")

    def serve(self, port, url, *, as_json):
        """Serve until asked to stop; return False when the first page never came."""
        env = os.environ | {"PORTAL_DEMO": "1", "PORTAL_ORIGIN": url.rstrip("/")}
        manage = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
        server += ["--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port)]
        server += ["--no-ws", "--respawn-failed-workers", "--log-level", "warning"]
        connection.close()
        return supervise(
            Child("server", [*server, "portal.wsgi:application"], env),
            [Child(name, [*manage, name], env) for name in ("outbox", "jobs")],
            port=port,
            host=urlsplit(url).netloc,
            when_ready=lambda: self.announce(url, as_json),
        )

    def announce(self, url, as_json):
        """Print where the portal is and who can sign in."""
        accounts = demo.accounts()
        if as_json:
            keys = ("role", "name", "email", "password", "totp")
            known = [{key: account[key] for key in keys} for account in accounts]
            self.stdout.write(json.dumps({"url": url, "accounts": known}, ensure_ascii=False))
        else:
            self.stdout.write(f"\n{url}\n\nAnybody here signs in with the password: {demo.PASSWORD}\n")
            for account in accounts:
                self.stdout.write(f"  {account['role']:<16}{account['name']:<20}{account['email']}")
            self.stdout.write("\nCtrl+C ends the demo; the data stay.\n")
        self.stdout.flush()
