"""Everything in open forms, for whoever leaves."""

from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Scrive in un archivio (zip) tutto ciò che il portale contiene, in forme aperte: JSON, HTML, Markdown, i file"
        " originali. Per rimettere in piedi questo stesso portale serve invece «backup»."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="Il file, che ancora non c’è: portale.zip")

    def handle(self, path: Path, **options: Any) -> None:
        from areaomogenea.leaving.export import export_all

        if path.exists():
            raise CommandError(f"{path} c’è già: scegli un altro nome.")
        try:
            numbers = export_all(path)
        except OSError as error:
            raise CommandError(f"L’archivio non è riuscito: {error}. Non è rimasto niente.") from error
        words = ", ".join(f"{number} {what}" for what, number in numbers.items())
        self.stdout.write(f"{path}: {words}; {path.stat().st_size:,} byte. Che cosa è che cosa lo dice LEGGIMI.md.")
