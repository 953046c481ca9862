"""Makes the two halves of a key: one closes copies, the other opens them."""

import os
from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from areaomogenea.backups.sealing import new_key

WORDS = """La chiave segreta è in {path}. Chi l’ha legge ogni copia; senza, nessuno ne legge nessuna, nemmeno noi.
Portala subito via da qui, in due posti dove non stanno le copie: la cassaforte delle password di chi cura il server, e
un foglio stampato in una busta chiusa. Poi cancella questo file.
Quella pubblica sta sul server, nel suo file di variabili, e non è un segreto:

BACKUP_RECIPIENTS={public}
"""


class Command(BaseCommand):
    help = "Fa la coppia di chiavi con cui le copie si cifrano (la pubblica) e si rileggono (la segreta)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="Il file, che ancora non c’è, per la chiave segreta.")

    def handle(self, path: Path, **options: Any) -> None:
        key = new_key()
        try:
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"La chiave non si può scrivere in {path}: {error.strerror}.") from error
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(f"# Apre le copie del portale. Pubblica: {key.to_public()}\n{key}\n")
        self.stdout.write(WORDS.format(path=path, public=key.to_public()), ending="")
