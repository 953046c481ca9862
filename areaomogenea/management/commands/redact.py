"""Carries out again what was redacted, after an older copy of the database or of the uploaded files has come back."""

from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from areaomogenea.publishing.redactions import carry_out_again


class Command(BaseCommand):
    help = "Dopo un ripristino o un trasloco: toglie di nuovo ciò che era stato oscurato (REDACTIONS_FILE)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="Rifà tutti gli oscuramenti che il file racconta.")

    def handle(self, again: bool, **options: Any) -> None:
        if not again:
            raise CommandError("Si oscura dalla scrivania. Dopo un ripristino: manage.py redact --again")
        self.stdout.write(carry_out_again(all_of_them=True) or "Nessun oscuramento da rifare.")
