"""What a file is that was brought where another is wanted: told by its first bytes, never by its name."""

import re
from collections.abc import Collection
from typing import IO

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office, Outlook, and the strongbox around a .docx with a password
SIGNED = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"  # what a .p7m says of itself
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
BEGINNINGS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
TWO_LETTERS = {b"BM": "BMP", b"MZ": "EXE"}  # a text may begin so: only with a NUL after them they are what they say
IN_OLE = {"EncryptedPackage": "LOCKED", "__nameid_version1.0": "MSG", "Workbook": "XLS", "PowerPoint Document": "PPT"}
HEAD = 4096
MAIL = re.compile(
    rb"(?:From |(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|From|To|Subject|Date|Reply-To|Content-Type"
    rb"|X-[\w-]{1,40}): ?)[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*[\w-]{1,60}:",
    re.IGNORECASE,
)
WEB_PAGE = re.compile(rb"\s*(?:<!--[^>]*-->\s*)?<(?:!doctype html|html)\b", re.IGNORECASE)


def kind_of(file: IO[bytes]) -> str:
    """Such as "PDF", "MAIL", "HEIC"; "" if it is none of these. The file is read from its beginning, and left there."""
    file.seek(0)
    head = file.read(HEAD)
    kind = kind_by(head)
    if head.startswith(OLE):
        whole = head + file.read()
        kind = next((kind for name, kind in IN_OLE.items() if name.encode("utf-16-le") in whole), "DOC")
    file.seek(0)
    return kind


def kind_by(head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return "HEIC"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith(b"0") and SIGNED in head[:64]:
        return "P7M"
    if MAIL.match(head):
        return "MAIL"
    if WEB_PAGE.match(head):
        return "HTML"
    if head.startswith(b"PK"):
        return "ZIP"
    if b"<svg" in head:
        return "SVG"
    beginnings = BEGINNINGS | TWO_LETTERS if b"\0" in head[:64] else BEGINNINGS
    return next((kind for start, kind in beginnings.items() if head.startswith(start)), "")


def kind_in_zip(names: Collection[str]) -> str:
    """The kind of a package that is a zip too, by the names of its members."""
    names = set(names)
    if "xl/workbook.xml" in names:
        return "XLSX"
    if "ppt/presentation.xml" in names:
        return "PPTX"
    if any(
        (name.startswith("Index/") and name.endswith(".iwa")) or name in ("Index.zip", "index.xml") for name in names
    ):
        return "PAGES"
    return "ZIP"
