"""A dataset as a workbook, in memory that stays flat; imported only by who makes one: openpyxl weighs 10 MB."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from areaomogenea.desk.spreadsheet_rows import LONGEST_CELL
from areaomogenea.prose.characters import unhidden

from ..fields import ADDRESS, CODE, LIST, TEXT
from .writers import BETWEEN, Metadata, read

if TYPE_CHECKING:
    from .datasets import Dataset

WIDTHS = {TEXT: 40, LIST: 30, ADDRESS: 60, CODE: 16}
USUAL_WIDTH = 18
DAY_FORMAT, HOUR_FORMAT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
TRUTH_FORMAT = '"vero";"vero";"falso"'  # LibreOffice would show a number
HEAD_FONT = Font(name="Calibri", size=11, bold=True)  # one that names none is drawn in another face
BESIDE_TEXT = Alignment(horizontal="left")  # to the right they would touch the text of the next column


def write_xlsx(dataset: Dataset, metadata: Metadata, out: IO[bytes]) -> None:
    """Real dates, a head that stays in sight and filters, and a second sheet that says what the columns mean."""
    book = Workbook(write_only=True)
    write_rows(book.create_sheet(dataset.name), dataset)
    write_legend(book.create_sheet("Leggimi"), dataset, metadata)
    book.save(out)


def write_rows(sheet: Any, dataset: Dataset) -> None:
    letters = [chr(ord("A") + number) for number in range(len(dataset.columns))]
    for letter, column in zip(letters, dataset.columns, strict=True):
        sheet.column_dimensions[letter].width = column.width or WIDTHS.get(column.kind, USUAL_WIDTH)
    sheet.freeze_panes = "A2"
    sheet.append([bold(sheet, column.name) for column in dataset.columns])
    number = 1
    for row in read(dataset.rows()):
        sheet.append([cell(sheet, value) for value in dataset.values(row)])
        number += 1
    sheet.auto_filter.ref = f"A1:{letters[-1]}{number}"


def write_legend(sheet: Any, dataset: Dataset, metadata: Metadata) -> None:
    for letter, width in {"A": 24, "B": 18, "C": 90}.items():
        sheet.column_dimensions[letter].width = width
    for name, value in metadata.items():
        sheet.append([bold(sheet, name), cell(sheet, value)])
    sheet.append([])
    sheet.append([bold(sheet, title) for title in ("colonna", "tipo", "che cosa dice")])
    for column in dataset.columns:
        sheet.append([bold(sheet, column.name), column.kind, cell(sheet, column.what)])


def bold(sheet: Any, text: str) -> Any:
    made = WriteOnlyCell(sheet, text)
    made.font, made.alignment = HEAD_FONT, Alignment(vertical="top")
    return made


def cell(sheet: Any, value: object) -> Any:
    if isinstance(value, bool):
        return formatted(sheet, value, TRUTH_FORMAT)
    if isinstance(value, datetime):
        return formatted(sheet, value.replace(tzinfo=None), HOUR_FORMAT)  # the format knows no offset: it is Italy's
    if isinstance(value, date):
        return formatted(sheet, value, DAY_FORMAT)
    if isinstance(value, list):
        value = BETWEEN.join(text.replace(BETWEEN, "/") for text in value)
    return as_it_is(sheet, value) if isinstance(value, str) else value


def as_it_is(sheet: Any, text: str) -> Any:
    """A text, even where it looks like a formula or like the name of an error."""
    text = fitting(unhidden(text))
    if not text.startswith(("=", "#")):
        return text
    made = WriteOnlyCell(sheet, text)
    made.data_type = "s"
    return made


def formatted(sheet: Any, value: Any, form: str) -> Any:
    made = WriteOnlyCell(sheet, value)
    made.number_format, made.alignment = form, BESIDE_TEXT
    return made


def fitting(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
