"""What is attached: documents and zips that must be what their name says, open, and without programs."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZipFile, ZipInfo, is_zipfile

from . import limits, packages
from .errors import Refused, TooCostly

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader
    from pypdf.generic import DictionaryObject

OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
OPEN_DOCUMENT = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
TEXT = ("csv", "txt", "ics")
PACKAGES = (*OPEN_DOCUMENT, *OFFICE)
KINDS = ("pdf", *PACKAGES, *TEXT, "zip")

# What a ZIP may hold: what may be attached alone, pictures, signed files, and the drawings and maps of offices.
IN_A_ZIP = {*KINDS} - {"zip"}
IN_A_ZIP |= set("avif jpeg jpg png tif tiff webp p7m tsd json xml rtf md".split())
IN_A_ZIP |= set("cpg dbf dwg dxf geojson gml gpkg gpx kml prj qgz shp shx".split())
OF_THE_SYSTEM = {".ds_store", "thumbs.db", "desktop.ini"}  # what computers add by themselves
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa")
NAMES_TOLD = 3

RULES_ACROSS, RULES_DOWN = 3, 3  # lines that frame at least two rows and two columns
THIN = 3  # points: a rectangle so flat is a line
SMALLEST_PICTURE = 48  # pixels of a side

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of what it mends


def examine(file: IO[bytes], kind: str) -> dict[str, Any]:
    """Facts that a document says of itself: {pages, language, has_text} of a PDF, {} of the others. Raises Refused."""
    if kind == "pdf":
        return examine_pdf(file)
    if kind in TEXT:
        check_text(file, kind)
    elif kind in KINDS:
        check_package(file, kind)
    return {}


def disguised(kind: str) -> Refused:
    kind = kind.upper()
    return Refused(
        f"Il contenuto non è quello di un file {kind}: forse è rovinato, o gli è stato cambiato il nome. "
        f"Aprilo con il suo programma e salvalo di nuovo come {kind}."
    )


# PDF


def examine_pdf(file: IO[bytes]) -> dict[str, Any]:
    return about_pdf(opened_pdf(file))


def opened_pdf(file: IO[bytes]) -> PdfReader:
    from pypdf import PdfReader

    if b"%PDF-" not in file.read(1024):
        raise disguised("pdf")
    try:
        reader = PdfReader(file)
        is_locked, pages = reader.is_encrypted, not reader.is_encrypted and len(reader.pages)
    except MemoryError:
        raise
    except Exception:
        raise Refused("Il PDF è rovinato e non si apre: salvalo di nuovo e riprova.") from None
    if is_locked:
        raise Refused(
            "Il PDF è protetto da una password o da limiti di copia e di stampa: salvane una copia senza protezione."
        )
    if not pages:
        raise Refused("Il PDF non ha nessuna pagina.")
    if pages > limits.PDF_PAGES:
        raise TooCostly
    return reader


@dataclass
class Sheet:
    """A page of a PDF: its lines, and what stands on it that is no line."""

    lines: list = field(default_factory=list)
    pictures: int = 0
    across: set = field(default_factory=set)  # where rules lie, and where they stand: many of both frame a table
    down: set = field(default_factory=set)
    point: tuple = (0, 0)

    @property
    def has_words(self) -> bool:
        return any(any(map(str.isalpha, line)) for line in self.lines)

    @property
    def has_table(self) -> bool:
        return len(self.across) >= RULES_ACROSS and len(self.down) >= RULES_DOWN

    def see(self, operator: bytes, operands: Any, images: Container[str]) -> None:
        """One of the orders by which the page is drawn."""
        if operator == b"Do" and operands and operands[0] in images:
            self.pictures += 1
        elif operator == b"m" and len(operands) == 2:
            self.point = tuple(map(float, operands))
        elif operator == b"l" and len(operands) == 2:
            self.rule(*self.point, *map(float, operands))
        elif operator == b"re" and len(operands) == 4:
            x, y, width, height = map(float, operands)
            for side in ((x, y, x + width, y), (x, y, x, y + height)):
                self.rule(*side)

    def rule(self, x: float, y: float, to_x: float, to_y: float) -> None:
        if abs(y - to_y) < THIN < abs(x - to_x):
            self.across.add(round(y))
        elif abs(x - to_x) < THIN < abs(y - to_y):
            self.down.add(round(x))


def text_of_pdf(file: IO[bytes]) -> list[Sheet]:
    """The Sheets of a PDF, which knows no paragraphs; none, where all are images.

    Raises TooCostly where there are more words than a text has, or they are hard to find.
    """
    file.seek(0)
    sheets, letters = [], 0
    with within(limits.CPU_FOR_TEXT):
        for page in opened_pdf(file).pages:
            sheet, images = Sheet(), images_of(page)
            words = words_of_page(page, lambda operator, operands, *_: sheet.see(operator, operands, images))  # noqa: B023
            sheet.lines = [" ".join(line.split()) for line in words.splitlines()]
            letters += sum(map(len, sheet.lines))
            if letters > limits.LETTERS_OF_A_TEXT:
                raise TooCostly
            sheets.append(sheet)
    return sheets if any(sheet.has_words for sheet in sheets) else []


def images_of(page: PageObject) -> set[str]:
    """The names by which a page draws pictures that are no mere signs."""
    try:
        resources: Any = page["/Resources"]
        objects = resources["/XObject"].get_object()
        named = {name: objects[name] for name in objects}
        return {name for name, one in named.items() if one.get("/Subtype") == "/Image" and is_seen(one)}
    except (TooCostly, MemoryError):
        raise
    except Exception:  # as below: most pages have none
        return set()


def is_seen(image: DictionaryObject) -> bool:
    return min(int(image.get("/Width", 0)), int(image.get("/Height", 0))) >= SMALLEST_PICTURE


def words_of_page(page: PageObject, see: Callable[..., None]) -> str:
    try:
        return page.extract_text(visitor_operand_before=see)
    except (TooCostly, MemoryError):
        raise
    except Exception:  # a broken page may break its reader in any way
        return ""


def about_pdf(reader: PdfReader) -> dict[str, Any]:
    try:
        root: Any = reader.trailer["/Root"]
        language = str(root.get("/Lang") or "").replace("_", "-")[:35]
        return {"pages": len(reader.pages), "language": language, "has_text": has_text(reader)}
    except Exception:  # a broken file may break its reader in any way
        return {}


def has_text(reader: PdfReader) -> bool | None:
    """Whether at least half of its pages have words that can be read aloud; ten are looked at, evenly spread.

    None when that would take too long: a drawing with a million lines is a sound document too.
    """
    pages = reader.pages[:: -(-len(reader.pages) // limits.PAGES_READ)]
    try:
        with within(limits.CPU_FOR_WORDS):
            with_words = sum(any(word.isalpha() for word in page.extract_text().split()) for page in pages)
    except (TooCostly, MemoryError):
        return None
    return with_words * 2 >= len(pages)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises TooCostly in what takes more time of the processor, or twice as much by the clock of a busy machine."""

    def stop(*_: object) -> None:
        raise TooCostly

    timers = {signal.ITIMER_PROF: (signal.SIGPROF, seconds), signal.ITIMER_REAL: (signal.SIGALRM, 2 * seconds)}
    for timer, (sign, end) in timers.items():
        signal.signal(sign, stop)
        signal.setitimer(timer, end)
    try:
        yield
    finally:
        for timer in timers:
            signal.setitimer(timer, 0)


# Texts


def check_text(file: IO[bytes], kind: str) -> None:
    head = file.read(1024)
    is_binary = head.startswith((b"%PDF-", b"PK\x03\x04", b"MZ")) or b"\0" in head
    if is_binary or (kind == "ics" and b"BEGIN:VCALENDAR" not in head):
        raise disguised(kind)
    while piece := file.read(limits.MEGABYTE):
        if b"\0" in piece:
            raise disguised(kind)


# Packages


def check_package(file: IO[bytes], kind: str) -> None:
    if file.read(len(packages.OLD_OFFICE)) == packages.OLD_OFFICE and kind in OFFICE:
        raise Refused(
            f"Il documento è protetto da una password, o è nel formato di un Office molto vecchio: salvalo come {kind}."
        )
    if not is_zipfile(file):
        raise disguised(kind)
    try:
        with ZipFile(file) as package:
            check_sizes(package, kind)
            check_zip(package) if kind == "zip" else check_parts(package, kind)
    except (Refused, MemoryError):
        raise
    except Exception:
        raise disguised(kind) from None


def check_sizes(package: ZipFile, kind: str) -> None:
    members = package.infolist()
    what = "Lo ZIP" if kind == "zip" else "Il documento"
    if len(members) > limits.MEMBERS:
        raise Refused(f"{what} contiene più di {limits.MEMBERS} file: dividilo.")
    if any(info.flag_bits & packages.IS_ENCRYPTED for info in members):
        raise Refused(f"{what} è protetto da una password: salvane una copia senza.")
    if swollen := [info for info in members if packages.swells(info)]:
        raise Refused(f"{what} contiene {quoted(swollen)}, che aperto diventa enorme: chi lo scarica avrebbe un danno.")
    if sum(info.file_size for info in members) > limits.ATTACHMENT_UNPACKED:
        most = limits.ATTACHMENT_UNPACKED // limits.MEGABYTE
        raise Refused(f"{what}, una volta aperto, occupa più di {most} MB: dividilo in più file.")


def check_parts(package: ZipFile, kind: str) -> None:
    names = {name.lower() for name in package.namelist()}
    if kind in OFFICE and not {"[content_types].xml", OFFICE[kind]} <= names:
        raise disguised(kind)
    if kind in OPEN_DOCUMENT:
        declared = head_of(package, "mimetype").decode("ascii", "replace").strip()
        if declared != f"application/vnd.oasis.opendocument.{OPEN_DOCUMENT[kind]}":
            raise disguised(kind)
        if b"encryption-data" in head_of(package, "META-INF/manifest.xml"):
            raise Refused("Il documento è protetto da una password: salvane una copia senza.")
    if packages.has_macros(package) or has_macro_type(package, kind):
        raise Refused(f"Il documento contiene macro: salvane una copia senza, come {kind}.")


def has_macro_type(package: ZipFile, kind: str) -> bool:
    """Macros under an innocent name are still declared as what they are, or no program runs them."""
    types = head_of(package, "[Content_Types].xml") if kind in OFFICE else b""
    return b"macroEnabled" in types or b"vbaProject" in types


def check_zip(package: ZipFile) -> None:
    """Only what is on the list, at places inside it, and of no other kind than it says."""
    members = [info for info in package.infolist() if not info.is_dir()]
    if astray := [info for info in package.infolist() if leads_out(info)]:
        raise Refused(f"Lo ZIP contiene {quoted(astray)}, che porta fuori dalla sua cartella: crealo di nuovo.")
    foreign = [info for info in members if not is_of_the_system(info) and ending(info) not in IN_A_ZIP]
    if foreign:
        raise Refused(
            f"Lo ZIP contiene {quoted(foreign)}: si accettano solo documenti, immagini e dati, non programmi, "
            "documenti con macro o altri archivi."
        )
    if programs := [info for info in members if is_program(package, info)]:
        raise Refused(f"Lo ZIP contiene {quoted(programs)}, che è un programma sotto un altro nome: toglilo.")
    for info in members:
        if ending(info) in PACKAGES and not is_of_the_system(info):
            check_inner(package, info)


def check_inner(package: ZipFile, info: ZipInfo) -> None:
    """A document in a ZIP is looked at as if it came alone."""
    name = quoted([info])
    if info.file_size > limits.ATTACHMENT_BYTES:
        raise Refused(f"Lo ZIP contiene {name}, che pesa più di {limits.ATTACHMENT_BYTES // limits.MEGABYTE} MB.")
    try:
        check_package(BytesIO(packages.part(package, info.filename)), ending(info))
    except Refused as refused:
        raise Refused(f"Nello ZIP c’è {name}. {refused}") from None


def ending(info: ZipInfo) -> str:
    return PurePosixPath(info.filename).suffix.lstrip(".").lower()


def is_of_the_system(info: ZipInfo) -> bool:
    path = PurePosixPath(info.filename)
    return path.parts[0] == "__MACOSX" or path.name.lower() in OF_THE_SYSTEM


def leads_out(info: ZipInfo) -> bool:
    name = info.orig_filename.replace("\\", "/")
    parts = name.split("/")
    return name.startswith("/") or ".." in parts or ":" in parts[0] or not name.isprintable() or packages.is_link(info)


def is_program(package: ZipFile, info: ZipInfo) -> bool:
    with package.open(info) as content:
        return content.read(4).startswith(PROGRAMS)


def quoted(members: Sequence[ZipInfo]) -> str:
    names = [f"«{''.join(filter(str.isprintable, info.filename))[-60:]}»" for info in members[:NAMES_TOLD]]
    return ", ".join(names) + (f" e altri {len(members) - NAMES_TOLD}" if len(members) > NAMES_TOLD else "")


def head_of(package: ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(limits.PART_READ)
