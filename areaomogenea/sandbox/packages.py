"""Zip files, and documents that are zips of XML parts: of a sane size, without programs and without traps."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from stat import S_ISLNK
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from . import foreign, limits
from .errors import Refused

MAX_BYTES = limits.DOCUMENT_BYTES
IS_ENCRYPTED = 0x1  # flag of a zip entry

WORD, OPEN_DOCUMENT = "docx", "odt"
OLD_OFFICE = foreign.OLE
STRONGBOX = "EncryptedPackage".encode("utf-16-le")
MACROS = re.compile(r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml)$|^(?:Basic|Scripts)/", re.IGNORECASE)
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"

EMPTY = "Il documento è vuoto."
NO_DOCUMENT = "Questo file non è un documento di Word (.docx) o di LibreOffice (.odt) leggibile."
DAMAGED = "Il documento è danneggiato: aprilo, salvalo di nuovo come .docx o .odt e riprova."
OLD = "È un vecchio documento .doc: aprilo, salvalo come .docx e riprova."
LOCKED = "Il documento è protetto da una password: toglila, salvalo come .docx e riprova."
WITH_MACROS = "Il documento contiene macro, cioè programmi: salvalo come «Documento di Word (.docx)» e riprova."
WITH_ENTITIES = "Il documento contiene istruzioni che un testo non ha (DOCTYPE): salvalo di nuovo e riprova."
TOO_HEAVY = f"Il documento pesa più di {MAX_BYTES // limits.MEGABYTE} MB: togli o riduci le immagini e riprova."
TOO_COMPLEX = "Il documento è troppo lungo o complesso: incolla qui sotto il testo del solo comunicato."
PICTURE = "non un documento: scrivi o incolla qui sotto il testo, e metti l’immagine nella libreria."
OTHERS = {
    "DOC": OLD,
    "LOCKED": LOCKED,
    "MSG": "È un messaggio di Outlook (.msg): aprilo, copia il testo e incollalo qui sotto.",
    "XLS": "È un vecchio foglio di Excel, non un testo: allegalo al comunicato, o copiane ciò che serve.",
    "PPT": "È una vecchia presentazione, non un testo: allegala al comunicato, o copiane ciò che serve.",
    "XLSX": "È un foglio di calcolo, non un testo: allegalo al comunicato, o copiane ciò che serve.",
    "PPTX": "È una presentazione, non un testo: allegala al comunicato, o copiane ciò che serve.",
    "PAGES": "È un documento di Pages: aprilo, esportalo in formato Word (.docx) e riprova.",
    "ZIP": "È un archivio ZIP: estrai il documento che contiene e carica quello.",
    "RTF": "È un file RTF: aprilo, salvalo come .docx o .odt e riprova.",
    "P7M": "È un documento firmato (.p7m): aprilo con il programma di firma, estrai il documento e carica quello.",
    "HTML": "È una pagina web salvata: aprila, copia il testo e incollalo qui sotto.",
    "EXE": "È un programma, non un documento.",
    "HEIC": f"È una foto HEIC dell’iPhone, {PICTURE} Prima esportala come JPEG.",
    "SVG": f"È un disegno SVG, {PICTURE} Prima esportalo come PNG.",
    **{kind: f"È un’immagine {kind}, {PICTURE}" for kind in ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP")},
}


@contextmanager
def opened(file: IO[bytes]) -> Iterator[tuple[str, ZipFile]]:
    """The kind of a document and its ZipFile; Refused if it is not safe to read."""
    check_outside(file)
    with ZipFile(file) as package:
        check_sizes(package)
        kind = package_kind(package)
        check_inside(package)
        yield kind, package


def part(package: ZipFile, name: str) -> bytes:
    """The content of a part; never more than its entry declares, even if that lies."""
    info = package.getinfo(name)
    with package.open(info) as content:
        return content.read(info.file_size + 1)


def check_outside(file: IO[bytes]) -> None:
    check_weight(file)
    if (kind := foreign.kind_of(file)) != "ZIP":
        raise Refused(OTHERS.get(kind, NO_DOCUMENT))


def check_weight(file: IO[bytes]) -> None:
    file.seek(0, 2)
    if file.tell() > MAX_BYTES:
        raise Refused(TOO_HEAVY)
    if not file.tell():
        raise Refused(EMPTY)


def check_sizes(package: ZipFile) -> None:
    if is_swollen(package):
        raise Refused(TOO_COMPLEX)
    if any(info.flag_bits & IS_ENCRYPTED for info in package.infolist()):
        raise Refused(LOCKED)


def is_swollen(package: ZipFile) -> bool:
    parts = package.infolist()
    unpacked = sum(info.file_size for info in parts)
    return len(parts) > limits.MEMBERS or unpacked > limits.UNPACKED or any(map(swells, parts))


def swells(info: ZipInfo) -> bool:
    """Whether a member becomes so much larger than it came that nobody meant it to be read."""
    return info.file_size > limits.SMALL_MEMBER and info.file_size > limits.RATIO * info.compress_size


def is_link(info: ZipInfo) -> bool:
    return S_ISLNK(info.external_attr >> 16)


def package_kind(package: ZipFile) -> str:
    names = set(package.namelist())
    if "mimetype" in names and b"opendocument.text" in part(package, "mimetype"):
        is_locked = b"encryption-data" in part(package, "META-INF/manifest.xml")
        if is_locked:
            raise Refused(LOCKED)
        return OPEN_DOCUMENT
    if "[Content_Types].xml" in names:
        types = part(package, "[Content_Types].xml")
        if b"macroEnabled" in types or b"vbaProject" in types:
            raise Refused(WITH_MACROS)
        if b"wordprocessingml" in types:
            return WORD
    raise Refused(OTHERS[foreign.kind_in_zip(names)])


def has_macros(package: ZipFile) -> bool:
    return any(MACROS.search(info.filename) and not info.is_dir() for info in package.infolist())


def check_inside(package: ZipFile) -> None:
    """Every member that is XML, wherever it stands and whatever its name: a relationship may lead to any of them."""
    if has_macros(package):
        raise Refused(WITH_MACROS)
    together = 0
    for info in package.infolist():
        if is_xml(package, info):
            together += info.file_size
            if info.file_size > limits.XML_BYTES or together > limits.XML_BYTES_TOGETHER:
                raise Refused(TOO_COMPLEX)
            check_xml(part(package, info.filename))


def is_xml(package: ZipFile, info: ZipInfo) -> bool:
    """Whether it is XML, by its content; blanks before it are no hiding place."""
    with package.open(info) as content:
        while piece := content.read(4096):
            if piece := piece.lstrip(BEFORE_XML):
                return piece.startswith(b"<")
    return False


def refuse_doctype(name: str, _system: str | None, _public: str | None, has_subset: bool) -> None:
    # A drawing names its kind so, without declaring anything.
    if has_subset or name.rpartition(":")[2] != "svg":
        raise Refused(WITH_ENTITIES)


def check_xml(content: bytes) -> None:
    """Checks that there are no entities, that fetch or swell, and no depth that would overflow who reads it."""
    depth = 0

    def descend(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.XML_DEPTH:
            raise Refused(TOO_COMPLEX)

    def ascend(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler, parser.EndElementHandler = descend, ascend
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise Refused(DAMAGED) from None
