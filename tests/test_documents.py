"""Documents: what they hold must be what their name says; what readers will meet is known at the upload."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from areaomogenea.library.document_checks import About, check_document, properties_of

from .factories import make_attachment, make_communique
from .papers import docx, locked_pdf, odt, package, pdf

pytestmark = pytest.mark.any_database  # a file is judged by its bytes
SHEET = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
DISGUISED = "Il contenuto non è quello di un file"


@pytest.mark.parametrize(
    "document",
    [
        pdf(),
        docx(),
        odt(),
        package("dati.xlsx", SHEET),
        package("tavole.zip", {"a.txt": "a"}),
        ContentFile("Comune;Punti\nCrema;12\n".encode("cp1252"), "dati.csv"),
        ContentFile(b"BEGIN:VCALENDAR\nEND:VCALENDAR", "date.ics"),
        docx("ATTO.DOCX"),
    ],
    ids=lambda document: document.name,
)
def test_sound_document_is_taken(document):
    check_document(document)

    assert document.tell() == 0  # whoever reads it next finds it from its beginning


@pytest.mark.slow
@pytest.mark.parametrize(
    ("document", "message"),
    [
        (ContentFile(b"MZ\x90\0 a program", "atto.pdf"), DISGUISED),
        (ContentFile(b"<script>alert(1)</script>", "atto.pdf"), DISGUISED),
        (package("atto.docx", {"a.exe": "MZ"}), DISGUISED),
        (package("atto.docx", SHEET), DISGUISED),
        (odt("atto.odt", kind="spreadsheet"), DISGUISED),
        (package("atto.odt", {"a": "b"}), DISGUISED),
        (ContentFile(b"MZ\x90\0", "tavole.zip"), DISGUISED),
        (ContentFile(b"a\0b", "dati.csv"), DISGUISED),
        (ContentFile(b"PK\x03\x04", "note.txt"), DISGUISED),
        (ContentFile(b"<html>", "date.ics"), DISGUISED),
        (ContentFile(b"", "atto.docx"), DISGUISED),
        (docx(**{"word/vbaProject.bin": "x"}), "Il documento contiene macro"),
        (package("dati.xlsx", SHEET | {"xl/vbaProject.bin": "x"}), "Il documento contiene macro"),
        (odt(**{"Basic/Standard/Modulo.xml": "x"}), "Il documento contiene macro"),
        (ContentFile(bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "atto.docx"), "Il documento è protetto"),
        (odt(manifest="<manifest:encryption-data/>"), "Il documento è protetto da una password"),
        (locked_pdf(), "Il PDF è protetto da una password"),
        (ContentFile(b"%PDF-1.4 cut short", "atto.pdf"), "Il PDF è rovinato e non si apre"),
        (ContentFile(pdf().read()[:120], "atto.pdf"), "Il PDF è rovinato e non si apre"),
        (pdf(pages=0), "Il PDF non ha nessuna pagina"),
        (ContentFile(b"x" * (20 * 1024 * 1024 + 1), "note.txt"), "Il documento pesa 20,1 MB e il massimo è 20"),
    ],
)
def test_unsound_document_is_refused(document, message):
    with pytest.raises(ValidationError) as refused:
        check_document(document)

    assert refused.value.message.startswith(message)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (pdf(pages=12, language="en-GB"), About(12, "en-GB", True)),
        (pdf(pages=0, scanned=3), About(3, "", False)),
        (pdf(pages=1, scanned=30), About(31, "", False)),
        (docx(), About()),
        (ContentFile(b"%PDF-1.4 cut short", "atto.pdf"), About()),
    ],
    ids=["with words", "scanned", "scanned but for its cover", "no PDF", "broken"],
)
def test_document_says_what_readers_will_meet(document, expected):
    assert properties_of(document) == expected


@pytest.mark.django_db
def test_page_says_how_long_and_heavy_a_document_is(client):
    communique = make_communique()
    attachment = make_attachment(communique, file=pdf(pages=12, language="en"))

    page = client.get(communique.get_absolute_url()).text

    assert f"PDF, 12 pagine, {attachment.size / 1000:.0f} kB, in inglese" in page


@pytest.mark.django_db
def test_page_does_not_name_the_language_that_all_expect(client):
    communique = make_communique()
    make_attachment(communique, file=pdf(language="it-IT"))

    page = client.get(communique.get_absolute_url()).text

    assert "PDF, 1 pagina, 1 kB</span>" in page
