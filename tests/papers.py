"""Documents of every kind, made from nothing: sound, scanned, locked, disguised."""

from io import BytesIO
from zipfile import ZipFile

from django.core.files.base import ContentFile
from pypdf import PdfReader, PdfWriter

WORDS = b"BT /F1 12 Tf 72 720 Td (Delibera della Giunta) Tj ET"


def pdf(pages=1, scanned=0, language=None, name="atto.pdf", streams=()):
    """A PDF of pages with words, and as many scanned ones as asked, which have none; or of pages drawn so."""
    streams = streams or [WORDS] * pages + [b"0 0 m 10 10 l S"] * scanned
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(streams)))
    spoken = f"/Lang ({language})" if language else ""
    parts = [
        f"<< /Type /Catalog /Pages 2 0 R {spoken} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(streams):
        leaf = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R"
        parts += [
            f"{leaf} /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    content, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(parts) + 1,
        table,
        len(parts) + 1,
        len(content),
    )
    return ContentFile(content, name)


def locked_pdf():
    writer, content = PdfWriter(), BytesIO()
    writer.append(PdfReader(pdf()))
    writer.encrypt("segreto", algorithm="RC4-128")
    writer.write(content)
    return ContentFile(content.getvalue(), "atto.pdf")


def package(name, parts):
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return ContentFile(content.getvalue(), name)


def docx(name="atto.docx", **parts):
    return package(name, {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"} | parts)


def odt(name="atto.odt", kind="text", manifest="<manifest:manifest/>", **parts):
    declared = f"application/vnd.oasis.opendocument.{kind}"
    return package(name, {"mimetype": declared, "META-INF/manifest.xml": manifest} | parts)
