"""The public site as files."""

from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Scrive in una cartella una copia del sito pubblico che si sfoglia senza il portale: da tenere per memoria, o"
        " da mettere su un server qualunque. Ciò che vuole una risposta (ricerca, filtri, API) non c’è."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="La cartella, che ancora non c’è.")
        parser.add_argument(
            "--rooted",
            action="store_true",
            help="I collegamenti partono dalla radice del server (/novita/…), non dalla loro pagina.",
        )
        parser.add_argument("--pdf", action="store_true", help="Anche i PDF delle pagine: circa un secondo ciascuno.")

    def handle(self, folder: Path, rooted: bool, pdf: bool, **options: Any) -> None:
        from areaomogenea.leaving.site import export_site

        if folder.exists():
            raise CommandError(f"{folder} c’è già: scegli un altro nome.")
        try:
            number, faults = export_site(folder, rooted, pdf)
        except OSError as error:
            raise CommandError(f"La copia non è riuscita: {error}.") from error
        self.stdout.write(f"{folder}: {number} file. Per vederla: python3 -m http.server --directory {folder}")
        for fault in faults:
            self.stdout.write(f"Non ha risposto: {fault}")
