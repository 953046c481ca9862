"""Reads a copy back where there is nothing."""

from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from areaomogenea.backups.archive import NoPlaceError, UnreadableCopyError
from areaomogenea.backups.elsewhere import BAD_COPY, FailedError
from areaomogenea.backups.restoring import close_hall, read_copy
from areaomogenea.backups.sealing import KeyFaultError, keys_of
from areaomogenea.backups.verification import tried_out
from areaomogenea.publishing.redactions import carry_out_again


class Command(BaseCommand):
    help = "Rimette in piedi il portale da una copia, dove non c’è niente, e confronta ogni riga e ogni file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("copy", type=Path, help="Il file della copia.")
        parser.add_argument("--key", type=Path, help="Il file con la chiave segreta, se la copia è cifrata.")
        parser.add_argument(
            "--try",
            action="store_true",
            dest="is_trial",
            help="Non tocca questo portale: la rimette in una banca dati vuota, confronta tutto, e la toglie.",
        )
        parser.add_argument(
            "--compare-only",
            action="store_true",
            help="Rimette le righe; i file li confronta con l’elenco della copia e non li scrive.",
        )

    def handle(self, copy: Path, key: Path | None, is_trial: bool, compare_only: bool, **options: Any) -> None:
        if not copy.is_file():
            raise CommandError(f"Qui non c’è nessuna copia: {copy}")
        try:
            keys = keys_of(key)
            if is_trial:
                note = tried_out(copy, "\n".join(map(str, keys)))
                self.stdout.write("\n".join(note["esito"]))
                return
            contents = read_copy(copy, keys, with_files=not compare_only)
        except FailedError as error:
            raise CommandError(str(error), returncode=error.code) from error
        except (NoPlaceError, KeyFaultError) as error:
            raise CommandError(str(error)) from error
        except UnreadableCopyError as error:
            raise CommandError(str(error), returncode=BAD_COPY) from error
        rows = sum(table["righe"] for table in contents["tabelle"].values())
        questions = len(contents["ricerche"])
        self.stdout.write(f"Righe rimesse e confrontate una per una: {rows}. File: {len(contents['file'])}.")
        if different := contents["diverse"]:
            self.stdout.write(
                f"La ricerca trova altro di prima per {len(different)} parole su {questions} ({', '.join(different)}):"
                " nel portale della copia il suo indice non era aggiornato. Qui è stato rifatto."
            )
        else:
            self.stdout.write(f"La ricerca risponde come prima a {questions} domande.")
        if not compare_only:
            self.redact()
            close_hall()

    def redact(self) -> None:
        words = carry_out_again(all_of_them=True)
        if words and connection.vendor == "sqlite":  # whose file keeps what was deleted until it is written anew
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.stdout.write(words or "Nessun oscuramento da rifare.")
