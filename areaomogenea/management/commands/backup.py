"""Makes a copy of everything, reads it back in an empty place, and gives up old ones."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import locks
from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from areaomogenea.backups.archive import PARTIAL, make_copy, name_of
from areaomogenea.backups.elsewhere import BAD_COPY, FailedError
from areaomogenea.backups.rotation import superfluous
from areaomogenea.backups.sealing import KeyFaultError, new_key, recipients
from areaomogenea.backups.verification import NOTE, tried_out
from areaomogenea.monitoring.own_probes import BACKUP
from areaomogenea.monitoring.works import noted

LOCK = ".copia-in-corso"
BAD = ".guasta"


class Command(BaseCommand):
    help = (
        "Fa una copia della banca dati e dei file caricati, mentre il portale lavora, e prova a rileggerla tutta."
        " Le chiavi non ci sono dentro."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            type=Path,
            nargs="?",
            help="La cartella: meglio di un altro disco, o di un’altra macchina. Se manca: BACKUPS_FOLDER.",
        )
        parser.add_argument(
            "--rotate",
            action="store_true",
            help="Toglie le copie vecchie: tiene quelle di due giorni, poi una al giorno, alla settimana, al mese.",
        )
        parser.add_argument(
            "--unverified", action="store_true", help="Non la rilegge: più svelta, ma nessuno sa se è buona."
        )

    def handle(self, folder: Path | None, rotate: bool, unverified: bool, **options: Any) -> None:
        place = folder or (Path(settings.BACKUPS_FOLDER) if settings.BACKUPS_FOLDER else None)
        if place is None:
            raise CommandError("Dove? Scrivi una cartella dopo il comando, o in BACKUPS_FOLDER.")
        now = timezone.now()
        try:
            place.mkdir(parents=True, exist_ok=True)
            with alone(place):
                with nullcontext() if unverified else noted(BACKUP):
                    self.copy(place, now, unverified)
                if rotate:
                    self.rotate(place, now)
        except KeyFaultError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"La copia non è riuscita: {error}. Quelle di prima ci sono ancora.") from error

    def copy(self, place: Path, now: Any, unverified: bool) -> None:
        readers = recipients()
        # Of a closed copy nobody here has the key: another is made for it alone, and forgotten when it was read back.
        key = new_key() if readers else None
        path = place / name_of(now, is_closed=bool(readers))
        if path.exists():
            raise FileExistsError(f"c’è già {path}")
        contents = make_copy(path, [*readers, key.to_public()] if key else [])
        rows = sum(table["righe"] for table in contents["tabelle"].values())
        self.stdout.write(f"{path}: {rows} righe, {len(contents['file'])} file, {path.stat().st_size:,} byte.")
        if lacking := contents["mancano"]:
            self.stdout.write(f"File di cui parla una riga e che non ci sono: {len(lacking)}, per esempio {lacking[0]}")
        if unverified:
            return
        try:
            note = tried_out(path, str(key) if key else None, contents["impronta"])
        except FailedError as error:
            if error.code == BAD_COPY:
                path.rename(path.with_name(path.name + BAD))
                words = f"La copia appena fatta non si rilegge: {error} Ora si chiama {path.name}{BAD}"
            else:
                words = f"La copia c’è ({path}), ma nessuno sa se è buona: non si è riletta. {error} Resta"
            raise CommandError(f"{words}, e quelle di prima ci sono ancora tutte.") from error
        self.stdout.write(f"Riletta in una banca dati vuota ({note['banca_dati']}) in {note['secondi']} secondi:")
        self.stdout.write("\n".join(f"  {line}" for line in note["esito"]))

    def rotate(self, place: Path, now: Any) -> None:
        for old in superfluous(place.iterdir(), now):
            old.unlink()
            old.with_name(old.name + NOTE).unlink(missing_ok=True)
            self.stdout.write(f"Tolta: {old.name}")


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Of those who make copies in a folder one works at a time; what one that was stopped has left goes."""
    with (place / LOCK).open("wb") as lock:
        if not locks.lock(lock, locks.LOCK_EX | locks.LOCK_NB):
            raise CommandError("Un’altra copia è in corso in questa cartella: aspetta che finisca.")
        for left in place.glob(f"portale-*{PARTIAL}"):
            left.unlink(missing_ok=True)
        yield
