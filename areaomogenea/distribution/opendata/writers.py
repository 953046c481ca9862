"""A dataset as a file: CSV, JSON and GeoJSON as pieces to be sent one by one, XLSX in a temporary file.

Memory stays flat however many rows there are: a piece holds a few hundred.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from io import StringIO
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.timezone import localtime
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from areaomogenea.desk.spreadsheet_rows import FORMULA, LONGEST_CELL
from areaomogenea.identity.address import absolute_url
from areaomogenea.prose.characters import unhidden

from ..fields import ADDRESS, CODE, LIST, TEXT
from ..licence import LICENCE

if TYPE_CHECKING:
    from areaomogenea.identity.models import Identity

    from .datasets import Dataset

Metadata = dict[str, Any]  # of a file: what it is, whose, of when
PIECE = 500  # rows read, and sent, at a time
BETWEEN = "|"  # the texts of a list that has to fit one cell
WIDTHS = {TEXT: 40, LIST: 30, ADDRESS: 60, CODE: 16}
USUAL_WIDTH = 18
DAY_FORMAT, HOUR_FORMAT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
TRUTH_FORMAT = '"vero";"vero";"falso"'  # LibreOffice would show a number
HEAD_FONT = Font(name="Calibri", size=11, bold=True)  # one that names none is drawn in another face
BESIDE_TEXT = Alignment(horizontal="left")  # to the right they would touch the text of the next column


def pieces(rows: QuerySet) -> Iterator[list[Model]]:
    """The rows in lists: as many queries for any number of them."""
    # A cursor that outlives its transaction is one whose result PostgreSQL first writes down whole.
    with transaction.atomic(savepoint=False):
        each = rows.iterator(chunk_size=PIECE)
        while piece := list(islice(each, PIECE)):
            yield piece


def as_text(value: object) -> str:
    """The text of a cell of a CSV file; dates by ISO 8601, hours with their offset."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):  # hours are dates too
        return value.isoformat()
    if isinstance(value, list):
        value = BETWEEN.join(text.replace(BETWEEN, "/") for text in value)
    return guarded(unhidden(value)) if isinstance(value, str) else str(value)


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def csv_pieces(dataset: Dataset, metadata: Metadata) -> Iterator[str]:
    """RFC 4180. Without a byte order mark: programs would take it for a part of the first name; Excel has XLSX."""
    yield lines([[column.name for column in dataset.columns]])
    for piece in pieces(dataset.rows()):
        yield lines([as_text(value) for value in dataset.values(row)] for row in piece)


def lines(rows: Iterable[list[str]]) -> str:
    out = StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def json_pieces(dataset: Dataset, metadata: Metadata) -> Iterator[str]:
    yield from enveloped(metadata, "righe", (fields(dataset, row) for row in read(dataset.rows())))


def geojson_pieces(dataset: Dataset, metadata: Metadata) -> Iterator[str]:
    """RFC 7946; what it does not know of, as it allows, stands beside."""
    features = (
        {"type": "Feature", "geometry": dataset.geometry(row), "properties": fields(dataset, row)}
        for row in read(dataset.shaped())
    )
    yield from enveloped({"type": "FeatureCollection"} | metadata, "features", features)


def read(rows: QuerySet) -> Iterator[Any]:
    return (row for piece in pieces(rows) for row in piece)


def fields(dataset: Dataset, row: Model) -> dict[str, Any]:
    return {column.name: column.read(row) for column in dataset.columns}


def enveloped(metadata: Metadata, name: str, things: Iterable[Any]) -> Iterator[str]:
    """The JSON of `metadata` and, in a list, of these things: one a line, some hundreds a piece."""
    text = partial(json.dumps, ensure_ascii=False, default=as_text)
    yield f'{text(metadata)[:-1]}, "{name}": ['
    between = "\n"
    while piece := list(islice(things, PIECE)):
        yield between + ",\n".join(map(text, piece))
        between = ",\n"
    yield "\n]}\n"


# XLSX


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


# Answers


def metadata_of(dataset: Dataset, who: Identity, changed_at: datetime) -> Metadata:
    """Metadata that go with the rows into a file, so that nobody has to remember where it came from."""
    return {
        "insieme": dataset.name,
        "titolo": dataset.title,
        "descrizione": dataset.description,
        "titolare": who.owner,
        "licenza": LICENCE,
        **({"provenienza": dataset.provenance} if dataset.provenance else {}),
        "aggiornato": changed_at and localtime(changed_at),
        "pagina": absolute_url(dataset.get_absolute_url()),
    }


def streamed(pieces: Callable[..., Iterator[str]], dataset: Dataset, metadata: Metadata) -> HttpResponseBase:
    return StreamingHttpResponse(pieces(dataset, metadata))


def in_a_file(dataset: Dataset, metadata: Metadata) -> HttpResponseBase:
    out = TemporaryFile()  # noqa: SIM115 (the answer closes it, once it is sent)
    write_xlsx(dataset, metadata, out)
    out.seek(0)
    return FileResponse(out)


@dataclass(frozen=True)
class Form:
    """A format of files.

    `good_for` says to people why they would want it, `authority` is its European name; `answer(dataset, metadata)`.
    """

    name: str
    content_type: str
    authority: str
    standard: tuple[str, str]  # (name, address)
    good_for: str
    answer: Callable

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0]


FORMS = {
    "csv": Form(
        "CSV",
        "text/csv; charset=utf-8; header=present",
        "CSV",
        ("RFC 4180", "https://www.rfc-editor.org/rfc/rfc4180"),
        "Testo semplice, per programmi, basi di dati e fogli di calcolo.",
        partial(streamed, csv_pieces),
    ),
    "json": Form(
        "JSON",
        "application/json",
        "JSON",
        ("RFC 8259", "https://www.rfc-editor.org/rfc/rfc8259"),
        "Per chi programma: elenchi veri, numeri e date già distinti.",
        partial(streamed, json_pieces),
    ),
    "xlsx": Form(
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "XLSX",
        ("ECMA-376", "https://ecma-international.org/publications-and-standards/standards/ecma-376/"),
        "Per Excel e LibreOffice: si apre subito, con date vere e le colonne spiegate.",
        in_a_file,
    ),
    "geojson": Form(
        "GeoJSON",
        "application/geo+json",
        "GEOJSON",
        ("RFC 7946", "https://www.rfc-editor.org/rfc/rfc7946"),
        "Per le mappe.",
        partial(streamed, geojson_pieces),
    ),
}
