"""Publications as rows of a spreadsheet, CSV or XLSX: written so that reading them back changes nothing."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db.models import Field, Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_aware, localtime, make_aware

from areaomogenea.library.inspection import examined, megabytes
from areaomogenea.municipalities.models import Municipality
from areaomogenea.naming.models import Named
from areaomogenea.prose.characters import unhidden
from areaomogenea.prose.fields import NormalisedMixin
from areaomogenea.publishing.expiry import END_OF_DAY, is_whole_day
from areaomogenea.publishing.expiry_fields import ExpiryField
from areaomogenea.publishing.snapshots import versioned_fields
from areaomogenea.sandbox import foreign, limits, tables
from areaomogenea.sandbox.errors import Refused
from areaomogenea.topics.models import Topic

if TYPE_CHECKING:
    from areaomogenea.publishing.models import Publication, PublicationQuerySet

CODE, STATE = "codice", "stato"
WRITTEN_AS = {Topic: "slug", Municipality: "istat_code"}  # the name of a row is understood too
MAX_BYTES, MAX_ROWS = limits.SHEET_BYTES, limits.ROWS
LONGEST_CELL = 32_767  # of XLSX: what is longer would be cut in silence
# A program that opens the sheet would run these as formulas: an apostrophe before them says that they are text.
FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")


def columns_of(model: type[Model]) -> dict[str, Any]:
    """The fields of a kind by the name of their column; pictures and other publications have no cell."""
    fields = [field for field in versioned_fields(model) if not field.is_relation or field.related_model in WRITTEN_AS]
    return {str(field.verbose_name): field for field in fields}


def sheet_rows(publications: PublicationQuerySet, model: type[Model]) -> Iterator[list[str]]:
    columns = columns_of(model)
    yield [CODE, STATE, *columns]
    for publication in publications:
        cells = [cell_of(publication, field) for field in columns.values()]
        yield [str(publication.pk), publication.get_status_display(), *cells]


def cell_of(publication: Publication, field: Any) -> str:
    value = getattr(publication, field.name)
    return as_text(field, value.all() if field.many_to_many else value)


def as_text(field: Any, value: Any) -> str:
    if field.many_to_many:
        return ", ".join(sorted(getattr(row, WRITTEN_AS[field.related_model]) for row in value))
    if isinstance(value, bool):
        return "sì" if value else "no"
    if isinstance(field, ExpiryField) and value and is_whole_day(value):
        return localtime(value).date().isoformat()
    if isinstance(value, datetime):
        return localtime(value).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    if isinstance(value, date):
        return value.isoformat()
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return "" if value is None else str(value).replace("\r\n", "\n")


def from_text(field: NormalisedMixin | Field, text: str) -> bool | date | datetime | list[Named] | str | None:
    """The value that a form takes for this field. Raises ValidationError, in words for who wrote the cell."""
    if field.many_to_many:
        return [_row_called(field.related_model, name.strip()) for name in text.split(",") if name.strip()]
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return _yes_or_no(text)
    if kind in ("DateTimeField", "DateField"):
        hour = END_OF_DAY if isinstance(field, ExpiryField) else time()
        return _moment(text, kind, hour) if text else None
    labels = {str(label).lower(): value for value, label in field.flatchoices}
    return labels.get(text.lower(), text)


def _row_called(model, name):
    code = name.zfill(6) if name.isdecimal() else name  # spreadsheets drop the zeros before a number
    row = model.objects.named(code) or model.objects.filter(name__iexact=name).first()
    if not row:
        raise ValidationError(f"«{name}» non c’è fra {model._meta.verbose_name_plural}.")
    return row


def _yes_or_no(text):
    answers = {"sì": True, "si": True, "vero": True, "1": True, "no": False, "falso": False, "0": False, "": False}
    if text.lower() not in answers:
        raise ValidationError("Scrivi «sì» o «no».")
    return answers[text.lower()]


def _moment(text, kind, hour):
    """`hour` is the one that a day stands for."""
    text = re.sub(r"^(\d\d?)/(\d\d?)/(\d{4})", lambda day: f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}", text.strip())
    try:
        if kind == "DateField":
            moment: Any = parse_date(text.removesuffix(" 00:00"))
        else:
            moment = parse_datetime(text) or ((day := parse_date(text)) and datetime.combine(day, hour))
            moment = moment and (moment if is_aware(moment) else make_aware(moment))
    except (ValueError, OverflowError):
        moment = None
    if not moment:
        form = "2026-11-24" if kind == "DateField" else "2026-11-24 15:30"
        raise ValidationError(f"Scrivi la data come {form}.")
    return moment


# Files


def write_csv(rows: Iterable[list[str]]) -> bytes:
    """The bytes of a CSV with a mark and semicolons, as a spreadsheet set to Italian expects."""
    out = StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([guarded(unhidden(cell)) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[list[str]]) -> bytes | None:
    """The bytes of an XLSX. Raises ValidationError when a text is longer than a cell of this format can be."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Pubblicazioni")
    for row in rows:
        if max(map(len, row)) >= LONGEST_CELL:
            raise ValidationError(f"Il testo della riga con codice {row[0]} è troppo lungo per XLSX: esporta in CSV.")
        sheet.append([guarded(unhidden(cell)) for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


NO_SHEET = {
    "XLS": "È un vecchio foglio di Excel (.xls): aprilo, salvalo come .xlsx e riprova.",
    "LOCKED": "Il foglio è protetto da una password: toglila, salvalo come .xlsx e riprova.",
    "P7M": "È un documento firmato (.p7m): aprilo con il programma di firma, estrai il foglio e carica quello.",
}


def read(upload: File) -> tuple[list[str], list[list[str]]] | None:
    """(headers, rows of texts) of a file. Raises ValidationError, in words for who chose it."""
    if upload.size > MAX_BYTES:
        raise ValidationError(f"Il file pesa {megabytes(upload.size)} e il massimo è 5: dividilo in più file.")
    if (kind := foreign.kind_of(upload)) not in ("", "ZIP"):
        raise ValidationError(NO_SHEET.get(kind, tables.NO_SHEET))
    content = upload.read()
    if content.startswith(b"PK"):
        table = examined(upload, "areaomogenea.sandbox.tables:read_xlsx", limits.OF_SHEET, tables.TOO_LARGE)
        return _checked(table)
    return _checked(_read_csv(_decoded(content)))


def _checked(table):
    if len(table) < 2:
        raise ValidationError("Il file non ha righe: la prima è quella dei nomi delle colonne, poi una per comunicato.")
    headers, *rows = [[_unguarded(cell) for cell in row] for row in table]
    return [name.strip() for name in headers], rows


def read_text(text: str) -> tuple[list[str], list[list[str]]] | None:
    """(headers, rows of texts) of what `write_csv` wrote a moment ago; a browser brings it back: it may be anything."""
    return _checked(_read_csv(text))


def _decoded(content):
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            "Le lettere accentate non si leggono: salva il file come «CSV UTF-8», oppure in formato XLSX."
        ) from None


def _read_csv(text):
    try:
        return tables.read_csv(text)
    except Refused as refused:
        raise ValidationError(str(refused)) from None


def guarded(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


def _unguarded(cell):
    cell = cell.replace("\r\n", "\n")  # browsers and spreadsheets end lines in their own way
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def check_headers(headers: Collection[str], model: type[Model]) -> None:
    """Raises ValidationError when the columns are not those of this kind."""
    columns = columns_of(model)
    unknown = [name for name in headers if name not in (CODE, STATE, *columns)]
    twice = [name for name, times in Counter(headers).items() if times > 1]
    if unknown:
        names = ", ".join(f"«{name}»" for name in unknown[:10])
        raise ValidationError(f"Non conosco queste colonne: {names}. I nomi giusti sono quelli di un’esportazione.")
    if twice:
        raise ValidationError(f"Questa colonna c’è due volte: «{twice[0]}».")
    if CODE not in headers and "titolo" not in headers:
        raise ValidationError("Manca la colonna «titolo» (per le righe nuove) o «codice» (per cambiarne una).")
