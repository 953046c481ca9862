"""Start the demo: its database and contents if they are missing, then the same server as in production."""

import os
import socket
import sys
from collections.abc import Iterator
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.core.management import CommandParser, call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from areaomogenea.accounts.models import User
from areaomogenea.publishing.models import Publication

from .load_demo import LOGINS

HOST = "127.0.0.1"
FROM_BEFORE = "editorial_publication"  # a table of before the first release, which no migration knows any more
OLD_DATABASE = "Il database {} è di una versione di prova: spostalo o cancellalo, e riparti."
OPTIONS = ["--config", f"{settings.BASE_DIR}/deploy/gunicorn.conf.py", *"--workers 2 --log-level warning".split()]


class Command(BaseCommand):
    help = "Prepara il database dimostrativo, se serve, e serve il portale su questo computer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="0: una porta libera qualsiasi.")

    def handle(self, port: int, **options: Any) -> None:
        if settings.HTTPS:
            raise CommandError("La dimostrazione si serve solo su questo computer, con HTTPS=0.")
        self.prepare_database()
        free = free_port(port)
        if port not in (0, free):
            self.stdout.write(f"La porta {port} non si può usare: ne prendo un’altra.")
        self.welcome(free)
        connection.close()
        os.environ["SITE_ADDRESS"] = f"http://localhost:{free}"
        server = [sys.executable, "-m", "gunicorn", *OPTIONS, "--bind", f"{HOST}:{free}"]
        os.execv(sys.executable, server)  # noqa: S606 (no shell is wanted)

    def prepare_database(self) -> None:
        if FROM_BEFORE in connection.introspection.table_names():
            raise CommandError(OLD_DATABASE.format(connection.settings_dict["NAME"]))
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparo il database…")
            call_command("migrate", verbosity=0, interactive=False)
        if not Publication.objects.exists():
            self.stdout.write("Carico i contenuti dimostrativi…")
            call_command("load_demo", stdout=self.stdout)
            self.stdout.write("Alleggerisco le immagini…")
            call_command("tick", verbosity=0)

    def welcome(self, port: int) -> None:
        lines = [
            "",
            f"  Portale    http://localhost:{port}/",
            f"  Redazione  http://localhost:{port}/admin/",  # a passkey wants a name, not a number
            *(line for login in LOGINS for line in login_lines(*login)),
            "",
            "  Ctrl-C per fermare.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()  # the server takes the place of this process


def login_lines(role: str, email: str, password: str) -> Iterator[str]:
    yield f"    {role:20}{email:32}{password}"
    if codes := fresh_codes(email):
        yield f"    {'':20}poi, come secondo passo, uno di questi codici: {' '.join(codes[:3])}"


def fresh_codes(email: str) -> list[str]:
    """New recovery codes, at each start, for whoever of the demo needs a second factor."""
    user = User.objects.filter(email=email).first()
    if not user or not user.has_second_factor():
        return []
    user.authenticator_set.filter(type="recovery_codes").delete()
    return RecoveryCodes.activate(user).generate_codes()


def free_port(port: int) -> int:
    """The wanted port, or any other if it is taken."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except (OSError, OverflowError):
            listener.bind((HOST, 0))
        return listener.getsockname()[1]
