"""Reads a copy back where there is nothing."""

from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from areaomogenea.backups.archive import UnreadableCopyError, read_copy
from areaomogenea.publishing.redactions import carry_out_again


class Command(BaseCommand):
    help = "Rimette in piedi il portale da una copia, dove non c’è niente, e confronta ogni riga e ogni file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("copy", type=Path)

    def handle(self, copy: Path, **options: Any) -> None:
        try:
            contents = read_copy(copy)
        except UnreadableCopyError as error:
            raise CommandError(str(error)) from error
        rows = sum(table["righe"] for table in contents["tabelle"].values())
        self.stdout.write(f"Righe rimesse e confrontate una per una: {rows}. File: {len(contents['file'])}.")
        self.stdout.write(carry_out_again(all_of_them=True) or "Nessun oscuramento da rifare.")
