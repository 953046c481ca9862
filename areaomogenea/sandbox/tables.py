"""Tables of texts from CSV and XLSX: counted while they are read, so that no row or cell is built for nothing."""

import csv
import re
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

from . import limits, packages
from .errors import Refused, TooCostly

NO_XLSX = "Questo file non è un foglio XLSX leggibile: aprilo con un foglio di calcolo e salvalo come .xlsx."
NO_SHEET = "Questo file non è un foglio: scegli un CSV o un XLSX."
NO_CSV = "Il file non è un CSV ben fatto: aprilo con un foglio di calcolo e salvalo di nuovo."
TOO_LARGE = "Il foglio è troppo grande: dividilo in più file."
TOO_MANY_ROWS = f"Il file ha più di {limits.ROWS} righe: dividilo in più file."
TOO_WIDE = f"Il file ha qualcosa oltre la colonna {limits.COLUMNS}: lascia solo le colonne di un’esportazione."
PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
LAST_ROW = limits.ROWS + limits.EMPTY_ROWS
csv.field_size_limit(limits.SHEET_BYTES)


def read_csv(text: str) -> list[list[str]]:
    head = text.partition("\n")[0]
    try:
        return bounded(csv.reader(StringIO(text, newline=""), delimiter=";" if ";" in head else ",", strict=True))
    except csv.Error:
        raise Refused(NO_CSV) from None


def read_xlsx(file: IO[bytes]) -> list[list[str]]:
    """The rows of a workbook; runs in a process of its own: see process.ask."""
    from openpyxl import load_workbook  # takes longer to import than most sheets to read

    try:
        with ZipFile(file) as package:
            check(package)
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=LAST_ROW, max_col=limits.COLUMNS, values_only=True)
        return bounded(map(cell_text, row) for row in rows)
    except (Refused, TooCostly, MemoryError):
        raise
    except Exception:  # a broken file may break its reader in any way
        raise Refused(NO_XLSX) from None


def bounded(rows: Iterable[Iterable[str]]) -> list[list[str]]:
    """The rows that say something, as lists of texts; without empty cells to the right of the first row's."""
    kept, letters, cells, width = [], 0, 0, 0
    for number, row in enumerate(rows):
        if number >= LAST_ROW:
            raise Refused(TOO_MANY_ROWS)
        row = list(row)
        if not any(row):
            continue
        while len(row) > width and not row[-1]:
            row.pop()
        width = width or len(row)
        letters, cells = letters + sum(map(len, row)), cells + len(row)
        kept.append(row)
        if len(row) > limits.COLUMNS:
            raise Refused(TOO_WIDE)
        if len(kept) > limits.ROWS + 1:
            raise Refused(TOO_MANY_ROWS)
        if letters > limits.LETTERS or cells > limits.CELLS:
            raise Refused(TOO_LARGE)
    return kept


def cell_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def check(package: ZipFile) -> None:
    if packages.is_swollen(package):
        raise Refused(TOO_LARGE)
    elements = 0
    for info in package.infolist():
        if packages.is_xml(package, info):
            if info.file_size > limits.SHEET_XML:
                raise Refused(TOO_LARGE)
            with package.open(info) as content:
                elements += Counter(limits.ELEMENTS - elements).count(content)


class Counter:
    """Counts the elements of a part, and sees where its filled cells stand; nothing of it is kept."""

    def __init__(self, most):
        self.most, self.elements, self.depth, self.place = most, 0, 0, ""
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = packages.refuse_doctype
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end

    def count(self, content: IO[bytes]) -> int:
        self.parser.ParseFile(content)
        return self.elements

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > self.most or self.depth > limits.XML_DEPTH:
            raise Refused(TOO_LARGE)
        name = name.rpartition(":")[2]
        if name == "c":
            self.place = attributes.get("r", "")
        elif name in ("v", "is") and (place := PLACE.fullmatch(self.place)):
            if column_number(place[1]) > limits.COLUMNS:
                raise Refused(TOO_WIDE)
            if int(place[2]) > LAST_ROW:
                raise Refused(TOO_MANY_ROWS)

    def end(self, name: str) -> None:
        self.depth -= 1


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
