"""A dataset as a file: CSV, JSON and GeoJSON as pieces to be sent one by one, XLSX (`xlsx.py`) in a temporary file.

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
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.timezone import localtime

from areaomogenea.desk.spreadsheet_rows import FORMULA
from areaomogenea.identity.address import absolute_url
from areaomogenea.prose.characters import unhidden

from ..licence import LICENCE

if TYPE_CHECKING:
    from areaomogenea.identity.models import Identity

    from .datasets import Dataset

Metadata = dict[str, Any]  # of a file: what it is, whose, of when
PIECE = 500  # rows read, and sent, at a time
BETWEEN = "|"  # the texts of a list that has to fit one cell


def pieces(rows: QuerySet) -> Iterator[list[Model]]:
    """The rows in lists: as many queries for any number of them."""
    # A cursor that outlives its transaction is one whose result PostgreSQL first writes down whole.
    with transaction.atomic(savepoint=False):
        each = rows.iterator(chunk_size=PIECE)
        while piece := list(islice(each, PIECE)):
            yield piece


def as_text(value: object) -> str:
    """The text of a cell of a CSV file; dates by ISO 8601, hours with their offset."""
    if isinstance(value, str):
        return guarded(unhidden(value)) if value else ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):  # hours are dates too
        return value.isoformat()
    if isinstance(value, list):
        return as_text(BETWEEN.join(text.replace(BETWEEN, "/") for text in value))
    return str(value)


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
    from .xlsx import write_xlsx

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
