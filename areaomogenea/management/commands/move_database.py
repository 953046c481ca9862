"""Moves everything from one kind of database to the other."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import environ
from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from areaomogenea.backups.archive import make_copy
from areaomogenea.backups.elsewhere import FailedError, manage
from areaomogenea.backups.restoring import tables_that_differ

SCHEMES = ("sqlite://", "postgres://", "postgresql://", "psql://")
VARIABLE = "NEW_DATABASE_URL"
DONE = """Fatto, e confrontato. La banca dati di prima non è cambiata: resta lì, finché non la togli tu.
Adesso scrivi il nuovo indirizzo in DATABASE_URL e riavvia il portale. I file caricati restano dove sono."""


class Command(BaseCommand):
    help = (
        "Porta tutto in un’altra banca dati, da SQLite a PostgreSQL o al contrario, e confronta riga per riga."
        " A portale fermo: ciò che si scrive nel frattempo resterebbe indietro."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "address",
            nargs="?",
            default=os.environ.get(VARIABLE, ""),
            help=f"La banca dati nuova, vuota, come in DATABASE_URL. Una password è meglio darla in {VARIABLE}.",
        )

    def handle(self, address: str, **options: Any) -> None:
        self.refuse_wrong(address)
        with TemporaryDirectory(prefix="trasloco-") as folder:
            path, files = Path(folder) / "righe.tar", Path(folder) / "file"
            files.mkdir()
            try:
                contents = make_copy(path, with_files=False)
                words = manage(address, files, "restore", path, "--compare-only")
            except OSError as error:
                raise CommandError(f"Il trasloco non è riuscito: {error}. Niente è cambiato.") from error
            except FailedError as error:
                raise CommandError(f"Nella banca dati nuova non è rimasto niente: {error}") from error
        self.stdout.write(words, ending="")
        if late := tables_that_differ(contents):
            raise CommandError(
                f"Durante il trasloco qualcuno ha scritto qui ({', '.join(late)}): nella nuova manca. Ferma il portale,"
                " svuota la banca dati nuova e rifai."
            )
        self.stdout.write(DONE)

    def refuse_wrong(self, address: str) -> None:
        target = environ.Env.db_url_config(address) if address.startswith(SCHEMES) else {}
        if not target.get("NAME"):
            raise CommandError(
                "Dove? Scrivi l’indirizzo della banca dati nuova: postgres://utente:password@host/nome, o"
                " sqlite:////cartella/file.sqlite3"
            )
        ours = connection.settings_dict
        if [target[name] or "" for name in ("NAME", "HOST")] == [str(ours[name] or "") for name in ("NAME", "HOST")]:
            raise CommandError("È la banca dati di adesso.")
