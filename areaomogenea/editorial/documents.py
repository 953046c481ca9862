"""Documents as they arrive: what they hold must be what their name says, and readers must be able to open it."""

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from zipfile import ZipFile, is_zipfile

from django.core.exceptions import ValidationError
from pypdf import PdfReader

from areaomogenea.prose.packages import OLD_OFFICE, has_macros

MAX_BYTES = 20 * 1024 * 1024
OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
OPEN_DOCUMENT = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
TEXT = ("csv", "txt", "ics")
KINDS = ("pdf", *OPEN_DOCUMENT, *OFFICE, *TEXT, "zip")
PAGES_READ = 10
LONGEST_PART = 1024 * 1024  # bytes of a part of a zip that are looked at

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of what it mends


@dataclass(frozen=True)
class About:
    """What a document says of itself; None and "" where it says nothing, or is no PDF."""

    pages: int | None = None
    language: str = ""
    has_text: bool | None = None


def check_document(upload):
    """Raise ValidationError unless the content is of the kind that the name says, open and without macros."""
    if upload.size > MAX_BYTES:
        raise ValidationError("Il documento pesa più di 20 MB: riducilo o dividilo.")
    kind = kind_of(upload.name)
    with from_the_start(upload):
        if kind == "pdf":
            _check_pdf(upload)
        elif kind in TEXT:
            _check_text(upload, kind)
        elif kind in KINDS:
            _check_package(upload, kind)


def about(upload):
    """What the document says of itself, as far as it can be read."""
    if kind_of(upload.name) != "pdf":
        return About()
    with from_the_start(upload):
        try:
            reader = PdfReader(upload)
            language = reader.trailer["/Root"].get("/Lang") or ""
            return About(len(reader.pages), str(language).replace("_", "-")[:35], _has_text(reader))
        except Exception:  # a broken file may break its reader in any way
            return About()


def kind_of(name):
    return PurePath(name).suffix.lstrip(".").lower()


@contextmanager
def from_the_start(upload):
    upload.seek(0)
    try:
        yield
    finally:
        upload.seek(0)


def _disguised(kind):
    kind = kind.upper()
    return ValidationError(
        f"Il contenuto non è quello di un file {kind}: forse è rovinato, o gli è stato cambiato il nome. "
        f"Aprilo con il suo programma e salvalo di nuovo come {kind}."
    )


def _check_pdf(upload):
    if b"%PDF-" not in upload.read(1024):
        raise _disguised("pdf")
    try:
        reader = PdfReader(upload)
        is_locked, pages = reader.is_encrypted, not reader.is_encrypted and len(reader.pages)
    except Exception:
        raise ValidationError("Il PDF è rovinato e non si apre: salvalo di nuovo e riprova.") from None
    if is_locked:
        raise ValidationError(
            "Il PDF è protetto da una password o da limiti di copia e di stampa: salvane una copia senza protezione."
        )
    if not pages:
        raise ValidationError("Il PDF non ha nessuna pagina.")


def _has_text(reader):
    """Whether at least half of its pages have words that can be read aloud; ten are looked at, evenly spread."""
    pages = reader.pages[:: -(-len(reader.pages) // PAGES_READ)]
    with_words = sum(any(word.isalpha() for word in page.extract_text().split()) for page in pages)
    return with_words * 2 >= len(pages)


def _check_text(upload, kind):
    content = upload.read()
    is_binary = b"\0" in content or content.startswith((b"%PDF-", b"PK\x03\x04", b"MZ"))
    if is_binary or (kind == "ics" and b"BEGIN:VCALENDAR" not in content[:1024]):
        raise _disguised(kind)


def _check_package(upload, kind):
    if upload.read(len(OLD_OFFICE)) == OLD_OFFICE and kind in OFFICE:
        raise ValidationError(
            f"Il documento è protetto da una password, o è nel formato di un Office molto vecchio: salvalo come {kind}."
        )
    if not is_zipfile(upload):
        raise _disguised(kind)
    try:
        with ZipFile(upload) as package:
            _check_parts(package, kind)
    except ValidationError:
        raise
    except Exception:
        raise _disguised(kind) from None


def _check_parts(package, kind):
    names = {name.lower() for name in package.namelist()}
    if kind in OFFICE and not {"[content_types].xml", OFFICE[kind]} <= names:
        raise _disguised(kind)
    if kind in OPEN_DOCUMENT:
        declared = _part(package, "mimetype").decode("ascii", "replace").strip()
        if declared != f"application/vnd.oasis.opendocument.{OPEN_DOCUMENT[kind]}":
            raise _disguised(kind)
        if b"encryption-data" in _part(package, "META-INF/manifest.xml"):
            raise ValidationError("Il documento è protetto da una password: salvane una copia senza.")
    if kind != "zip" and has_macros(package):
        raise ValidationError(f"Il documento contiene macro: salvane una copia senza, come {kind}.")


def _part(package, name):
    with package.open(name) as part:
        return part.read(LONGEST_PART)
