"""Files and texts made to harm who reads them, each small enough to come by e-mail."""

import os
import struct
import time
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PIL import Image

# What a process that opens a file may be brought to do: functions that it is asked for in place of a reader


def be_stuck(file):
    time.sleep(600)


def burn(file):
    while True:
        pass


def swell(file):
    return len(b"x" * 2**31)


def talk_on(file):
    return "x" * 30 * 2**20


def tell_secrets(file):
    return dict(os.environ)


def open_many(file):
    return len([os.dup(0) for _ in range(1000)])


def break_down(file):
    raise KeyError("a part that is not there")


def vanish(file):
    os.abort()


def say_back(file, *words):
    return {"words": words, "content": file.read(), "nothing": b""}


# Files


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth=8, colour=2, *chunks, rows=None):
    """A PNG that says it is this large; `rows` are its points, deflated."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    end = chunk(b"IDAT", rows or deflated(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + end


def deflated(*pieces):
    """What many repeated bytes become, without all of them in memory."""
    packer = zlib.compressobj(9)
    return b"".join(map(packer.compress, pieces)) + packer.flush()


def blank_rows(width, height, bytes_of_a_point):
    row = b"\0" * (1 + width * bytes_of_a_point)
    return deflated(*[row] * height)


def encoded(picture, form, **how):
    content = BytesIO()
    picture.save(content, form, **how)
    return content.getvalue()


def moving(form):
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    return encoded(frames[0], form, save_all=True, append_images=frames[1:])


def pdf(*objects):
    """A PDF of these objects, of which the first is its catalogue."""
    content, places = b"%PDF-1.7\n", []
    for number, part in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n" % (size, table, size)
    return content + b"startxref\n%d\n%%%%EOF\n" % start


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


def stream(data, entries=b""):
    return b"<< /Length %d /Filter /FlateDecode %s>>\nstream\n%s\nendstream" % (len(data), entries, data)


def pdf_of_one_long_content():
    """Ten pages that share one content of five million bytes, in nine thousand."""
    line = b"BT /F1 12 Tf 72 720 Td (a) Tj ET\n"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources %s >>"
    page %= b"<< /Font << /F1 4 0 R >> >>"
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 15))
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    pages = b"<< /Type /Pages /Kids [%s] /Count 10 >>" % kids
    return pdf(CATALOGUE, pages, stream(deflated(*[line * 100] * 1500)), font, *[page] * 10)


def pdf_of_deep_tree(depth=4000):
    nodes = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 3) for number in range(depth)]
    return pdf(CATALOGUE, *nodes, b"<< /Type /Page /MediaBox [0 0 9 9] >>")


def pdf_in_a_circle():
    return pdf(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")


def pdf_of_many_pages(number=200_000):
    """Each twig of the tree is the same page."""
    return pdf(
        CATALOGUE, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * number, number), b"<< /Type /Page >>"
    )


def pdf_of_swollen_objects():
    """Its catalogue stands in an object stream of 70 million bytes."""
    body = deflated(b"1 0 ", *[b" " * 2**20] * 70)
    return pdf(stream(body, b"/Type /ObjStm /N 1 /First 4 "), b"<< /Type /Pages /Kids [] /Count 0 >>")


def zipped(*members, method=ZIP_DEFLATED):
    content = BytesIO()
    with ZipFile(content, "w", method) as package:
        for name, data in members:
            package.writestr(name, data)
    return content.getvalue()


def zip_of_zeros(megabytes=300, name="tavola.txt"):
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as package, package.open(name, "w") as member:
        for _ in range(megabytes):
            member.write(b"\0" * 2**20)
    return content.getvalue()


def zip_with_link():
    link = ZipInfo("atto.pdf")
    link.external_attr = 0o120777 << 16
    return zipped((link, "/etc/passwd"))


def locked_zip():
    content = bytearray(zipped(("atto.txt", "segreto")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


OFFICE_TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">%s</Types>'
WORD_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONSHIPS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
)
OFFICE_DOCUMENT = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PARAGRAPH = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"


def docx(body, part=b"word/document.xml", before=b"", *others):
    override = b'<Override PartName="/%s" ContentType="%s"/>' % (part, WORD_TYPE)
    relation = b'<Relationship Id="r1" Type="%s" Target="%s"/>' % (OFFICE_DOCUMENT, part)
    return zipped(
        ("[Content_Types].xml", OFFICE_TYPES % override),
        ("_rels/.rels", RELATIONSHIPS % relation),
        (part.decode(), b"%s<w:document %s><w:body>%s</w:body></w:document>" % (before, W, body)),
        *others,
    )


def macro_docx():
    return docx(PARAGRAPH, b"word/document.xml", b"", ("word/vbaProject.bin", b"Sub AutoOpen()"))


def odt(body, styles=b""):
    names = b" ".join(
        b'xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"' % (name, name)
        for name in (b"office", b"text", b"table", b"style")
    )
    content = b"<office:document-content %s>%s<office:body><office:text>%s</office:text></office:body>" % (
        names,
        styles,
        body,
    )
    return zipped(
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", "<manifest/>"),
        ("content.xml", content + b"</office:document-content>"),
        ("styles.xml", b"<office:document-styles %s/>" % names),
    )


def xlsx(rows=b"", strings=b"", before=b""):
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    of = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
    overrides = b"".join(
        b'<Override PartName="/xl/%s" ContentType="%s%s+xml"/>' % (part, kinds, kind)
        for part, kind in ((b"workbook.xml", b"sheet.main"), (b"s1.xml", b"worksheet"), (b"sst.xml", b"sharedStrings"))
    )
    inner = b'<Relationship Id="r1" Type="%s/worksheet" Target="s1.xml"/>' % of
    inner += b'<Relationship Id="r2" Type="%s/sharedStrings" Target="sst.xml"/>' % of
    sheets = b'<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
    return zipped(
        ("[Content_Types].xml", OFFICE_TYPES % overrides),
        (
            "_rels/.rels",
            RELATIONSHIPS % (b'<Relationship Id="r1" Type="%s" Target="xl/workbook.xml"/>' % OFFICE_DOCUMENT),
        ),
        ("xl/workbook.xml", b'<workbook %s xmlns:r="%s">%s</workbook>' % (main, of, sheets)),
        ("xl/_rels/workbook.xml.rels", RELATIONSHIPS % inner),
        ("xl/s1.xml", b"%s<worksheet %s><sheetData>%s</sheetData></worksheet>" % (before, main, rows)),
        ("xl/sst.xml", b"<sst %s>%s</sst>" % (main, strings)),
    )


def row(number, *cells):
    return b'<row r="%d">%s</row>' % (number, b"".join(cells))


def filled(place):
    return b'<c r="%s" t="inlineStr"><is><t>a</t></is></c>' % place


TITLED = row(1, filled(b"A1"))
ENTITIES = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
TAKEN = ""  # in place of the words of a refusal

# (door, name, what makes it, words of its refusal), by what it is
FILES = {
    # attached
    "one long content for ten pages": ("attachment", "a.pdf", pdf_of_one_long_content, TAKEN),
    "a tree of pages 4,000 deep": ("attachment", "a.pdf", pdf_of_deep_tree, "Il PDF"),
    "a tree of pages that leads to itself": ("attachment", "a.pdf", pdf_in_a_circle, "Il PDF"),
    "200,000 pages in one": ("attachment", "a.pdf", pdf_of_many_pages, "Il PDF"),
    "objects that swell": ("attachment", "a.pdf", pdf_of_swollen_objects, "Il PDF"),
    "a ZIP of 300 MB of zeros": ("attachment", "a.zip", zip_of_zeros, "che aperto diventa enorme"),
    "a sheet of 300 MB of zeros": ("attachment", "a.xlsx", lambda: zip_of_zeros(name="xl/s1.xml"), "diventa enorme"),
    "a ZIP of 450 MB in small files": (
        "attachment",
        "a.zip",
        lambda: zipped(*((f"{n}.txt", b" " * 2**20) for n in range(450))),
        "più di 400 MB",
    ),
    "a ZIP of 2,500 files": (
        "attachment",
        "a.zip",
        lambda: zipped(*((f"{n}.txt", b"") for n in range(2500))),
        "più di 2000 file",
    ),
    "a program in a ZIP": ("attachment", "a.zip", lambda: zipped(("setup.exe", b"MZ")), "«setup.exe»: si accettano"),
    "a program under another name": ("attachment", "a.zip", lambda: zipped(("atto.pdf", b"MZ\x90")), "è un programma"),
    "a script under another name": (
        "attachment",
        "a.zip",
        lambda: zipped(("atto.txt", b"#!/bin/sh")),
        "è un programma",
    ),
    "a way out of the folder": ("attachment", "a.zip", lambda: zipped(("../../etc/a.txt", b"a")), "porta fuori"),
    "a way out by backslashes": ("attachment", "a.zip", lambda: zipped(("..\\..\\a.txt", b"a")), "porta fuori"),
    "a place on the disk": ("attachment", "a.zip", lambda: zipped(("/etc/a.txt", b"a")), "porta fuori"),
    "a drive": ("attachment", "a.zip", lambda: zipped(("C:/a.txt", b"a")), "porta fuori"),
    "a link": ("attachment", "a.zip", zip_with_link, "porta fuori"),
    "macros by name in a ZIP": ("attachment", "a.zip", lambda: zipped(("a.docm", b"PK")), "documenti con macro"),
    "macros in a document in a ZIP": (
        "attachment",
        "a.zip",
        lambda: zipped(("a.docx", macro_docx())),
        "contiene macro",
    ),
    "macros under an innocent name": (
        "attachment",
        "a.docx",
        lambda: zipped(("[Content_Types].xml", b"vbaProject"), ("word/document.xml", b""), ("word/a.bin", b"")),
        "contiene macro",
    ),
    "a ZIP in a ZIP": ("attachment", "a.zip", lambda: zipped(("a.zip", zip_of_zeros(9))), "altri archivi"),
    "a ZIP with a password": ("attachment", "a.zip", locked_zip, "protetto da una password"),
    "a text that ends in a program": ("attachment", "a.txt", lambda: b"a" * 15_000_000 + b"\0", "Il contenuto non è"),
    # read as a text
    "fifteen million bytes of text among the pictures": (
        "document",
        "a.docx",
        lambda: docx(PARAGRAPH * 450_000, b"word/media/document.xml"),
        "troppo lungo o complesso",
    ),
    "entities among the pictures": (
        "document",
        "a.docx",
        lambda: docx(b"<w:p>&b;</w:p>", b"word/media/document.xml", ENTITIES),
        "istruzioni che un testo non ha",
    ),
    "XML behind a thousand blanks": (
        "document",
        "a.docx",
        lambda: docx(b"", b"word/media/a.png", b" " * 9_000 + ENTITIES),
        "istruzioni che un testo non ha",
    ),
    "24,000 paragraphs": ("document", "a.docx", lambda: docx(PARAGRAPH * 24_000), "troppo lungo o complesso"),
    "60,000 line breaks": (
        "document",
        "a.docx",
        lambda: docx(b"<w:p><w:r>" + b"<w:br/>" * 60_000 + b"<w:t>a</w:t></w:r></w:p>"),
        TAKEN,
    ),
    "5,000 elements in each other": (
        "document",
        "a.docx",
        lambda: docx(b"<w:sdt>" * 5000 + b"</w:sdt>" * 5000),
        "troppo lungo o complesso",
    ),
    "lists in lists, each followed by a list": (
        "document",
        "a.odt",
        lambda: odt(b"<text:list><text:list-item><text:p>a</text:p>" * 40 + b"</text:list-item></text:list>" * 40),
        TAKEN,
    ),
    "20,000 cells of tables in tables": (
        "document",
        "a.odt",
        lambda: odt(
            b"<table:table><table:table-row><table:table-cell>" * 30
            + b"<text:p>a</text:p>" * 5_000
            + b"</table:table-cell></table:table-row></table:table>" * 30
        ),
        TAKEN,
    ),
    # sheets
    "texts of 18 million letters": (
        "sheet",
        "a.xlsx",
        lambda: xlsx(TITLED, b"<si><t>%s</t></si>" % (b"a" * 18_000_000)),
        "Il foglio è troppo grande",
    ),
    "400,000 texts": (
        "sheet",
        "a.xlsx",
        lambda: xlsx(TITLED, b"<si><t>a</t></si>" * 400_000),
        "Il foglio è troppo grande",
    ),
    "500 rows as wide as they can be": (
        "sheet",
        "a.xlsx",
        lambda: xlsx(b"".join(row(n, filled(b"XFD%d" % n)) for n in range(1, 501))),
        "oltre la colonna 100",
    ),
    "two rows of 700,000 empty cells": (
        "sheet",
        "a.xlsx",
        lambda: xlsx(row(1, b"<c/>" * 700_000) + row(2, b"<c/>" * 700_000)),
        "Il foglio è troppo grande",
    ),
    "a last row": (
        "sheet",
        "a.xlsx",
        lambda: xlsx(TITLED + row(1048576, filled(b"A1048576"))),
        "più di 500 righe",
    ),
    "entities in a sheet": ("sheet", "a.xlsx", lambda: xlsx(TITLED, b"", ENTITIES), "istruzioni che un testo non ha"),
    "a row of four million cells": (
        "sheet",
        "a.csv",
        lambda: b"a;b\n" + b";" * 4_000_000 + b"a",
        "oltre la colonna",
    ),
    "five million empty lines": ("sheet", "a.csv", lambda: b"titolo\n" + b"\n" * 5_000_000, "più di 500 righe"),
    "a cell of five million letters": ("sheet", "a.csv", lambda: b"titolo\n" + b"a" * 5_000_000, "troppo grande"),
    # pictures
    "144 million points": ("picture", "a.png", lambda: png(12_000, 12_000), "il massimo è 40 milioni"),
    "points of 16 bits": (
        "picture",
        "a.png",
        lambda: png(6_300, 6_300, 16, 0, rows=blank_rows(6_300, 6_300, 2)),
        "a 16 bit, troppi da aprire",
    ),
    "40 million points of four colours": (
        "picture",
        "a.png",
        lambda: png(6_324, 6_324, 8, 6, rows=blank_rows(6_324, 6_324, 4)),
        TAKEN,
    ),
    "a profile that swells": (
        "picture",
        "a.png",
        lambda: png(9, 9, 8, 2, chunk(b"iCCP", b"a\0\0" + deflated(*[b"\0" * 2**20] * 90)), rows=blank_rows(9, 9, 3)),
        "Questo file non è un’immagine",
    ),
    "a note that swells": (
        "picture",
        "a.png",
        lambda: png(9, 9, 8, 2, chunk(b"zTXt", b"a\0\0" + deflated(*[b"a" * 2**20] * 90)), rows=blank_rows(9, 9, 3)),
        "Questo file non è un’immagine",
    ),
    "a moving WebP": ("picture", "a.webp", lambda: moving("WEBP"), "L’immagine è animata"),
    "a moving PNG": ("picture", "a.png", lambda: moving("PNG"), "L’immagine è animata"),
}


# Texts: what is repeated until it is as long as a text may be

TEXTS = {
    "breaks": "<br>",
    "quotes in unclosed tags": '<b>"',
    "tags in tags": "<div>",
    "empty marks": "a<b></b>",
    "lists in lists": "<ul><li>a",
    "lists after a member": "<ul><li>a</li><ul>",
    "empty lists": "<ul></ul>",
    "links in marks": "<a><b>",
    "marks in marks": "<b>a ",
    "marks that return": "<p><em>a",
    "tables in tables": "<table><tr><td>a",
    "paragraphs": "<p>Abc.</p>",
    "headings": "<h2>a</h2>",
    "links": '<p><a href="https://example.org/">a</a></p>',
    "tags without end": "<a ",
    "pictures without end": '<img alt="',
    "ampersands": "&",
    "less than": "<",
    "apostrophes": "'a ",
    "quotes": '"a ',
    "hard spaces": "1\xa0",
    "letters": "a",
    "words": "parola ",
    "capitals": "ABCDE ",
    "numbers of Comuni": "52 Comuni ",
    "stops": "a. ",
    "initials": "A. B. ",
    "brackets": "AB (",
    "addresses": "http://",
    "deadlines": "entro il 3 ",
    "weekdays": "lunedì 3, martedì 4 e ",
    "names": "Casaletto ",
    "lines": "a\n",
    "lines apart": "Titolo\n\n",
    "dots of a list": "• a\n",
    "signs in signs": "1. a\na) b\n- c\n",
    "rows of tabs": "a\tb\n",
    "headers of mails": "Da: a\nInviato: b\nA: c\nOggetto: d\n",
    "headers on a line": "Da: a Inviato: b A: c ",
    "greetings": "Cordiali saluti ",
    "protocols": "n. prot. n. ",
    "addressees": "Ai Signori\n",
    "enclosures": "Allegati:\na\n",
    "signatures": "Il Sindaco\n",
    "dashes": " - ",
    "blanks": " \t",
    "accents": "e\u0301",
}


def text_of(what, length):
    seed = TEXTS[what]
    return (seed * (length // len(seed) + 1))[:length]
