"""Makes a copy of everything, and gives up old ones."""

from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from areaomogenea.backups.archive import make_copy, name_of
from areaomogenea.backups.rotation import superfluous


class Command(BaseCommand):
    help = "Fa una copia della banca dati e dei file caricati, mentre il portale lavora. Le chiavi non ci sono dentro."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="La cartella: meglio di un altro disco, o di un’altra macchina.")
        parser.add_argument(
            "--rotate",
            action="store_true",
            help="Toglie le copie vecchie: tiene quelle di due giorni, poi una al giorno, alla settimana, al mese.",
        )

    def handle(self, folder: Path, rotate: bool, **options: Any) -> None:
        now = timezone.now()
        path = folder / name_of(now)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            contents = make_copy(path)
        except OSError as error:
            raise CommandError(f"La copia non è riuscita: {error}. Quelle di prima ci sono ancora.") from error
        rows = sum(table["righe"] for table in contents["tabelle"].values())
        self.stdout.write(f"{path}: {rows} righe, {len(contents['file'])} file, {path.stat().st_size:,} byte.")
        if rotate:
            for old in superfluous(folder.iterdir(), now):
                old.unlink()
                self.stdout.write(f"Tolta: {old.name}")
