"""What offices choose by mistake: at every field a file is told what it is and what to do, and nothing is lost."""

from email.message import EmailMessage
from io import BytesIO
from zipfile import ZipFile

import odfdo
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter

from areaomogenea.library.models import Picture
from areaomogenea.prose.document_reader import read_document
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.sandbox import foreign, packages
from areaomogenea.sandbox.errors import Refused
from news.models import Communique

from .factories import make_communique, make_editor, make_topic, picture_file
from .manuscripts import WordFile, open_document, repacked
from .papers import locked_pdf, pdf
from .test_account import p, r, word_of
from .test_archive import SENTENCE
from .test_history import change as change_of
from .test_history import form_of
from .test_intake import errors_of, send
from .test_library import LIBRARY

pytestmark = pytest.mark.any_database  # a file is judged by its bytes, before any row
HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 64
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
SIGNED = b"0\x82\x01\x00" + foreign.SIGNED + b"\0" * 64
OUTLOOK = foreign.OLE + b"\0" * 600 + "__nameid_version1.0".encode("utf-16-le")
OLD_SHEET = foreign.OLE + b"\0" * 600 + "Workbook".encode("utf-16-le")


def zip_of(*names):
    content = BytesIO()
    with ZipFile(content, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return content.getvalue()


FILES = {
    "empty.docx": (b"", "vuoto"),
    "vecchio.doc": (foreign.OLE + b"\0" * 600, "vecchio documento .doc"),
    "chiuso.docx": (foreign.OLE + packages.STRONGBOX, "protetto da una password"),
    "posta.msg": (OUTLOOK, "messaggio di Outlook"),
    "foglio.xls": (OLD_SHEET, "vecchio foglio di Excel"),
    "nota.rtf": (b"{\\rtf1 nota}", "RTF"),
    "nota.pages": (zip_of("Index/Document.iwa", "preview.jpg"), "documento di Pages"),
    "foglio.xlsx": (zip_of("xl/workbook.xml"), "foglio di calcolo"),
    "slide.pptx": (zip_of("ppt/presentation.xml"), "presentazione"),
    "tutto.zip": (zip_of("nota.docx"), "archivio ZIP"),
    "atto.pdf.p7m": (SIGNED, "documento firmato"),
    "foto.heic": (HEIC, "HEIC"),
    "logo.svg": (SVG, "SVG"),
    "foto.jpg": (b"\xff\xd8\xff\xe0" + b"\0" * 64, "immagine JPEG"),
    "pagina.html": (b"<!DOCTYPE html><html><body>Testo", "pagina web salvata"),
    "programma.exe": (b"MZ" + b"\0" * 64, "programma"),
    "chiuso.pdf": (locked_pdf().read(), "protetto da una password"),
    "rotto.pdf": (b"%PDF-1.7\n%%EOF", "rovinato"),
    "strano.xyz": (b"\x01\x02\x03", "non è un documento"),
    "zero.txt": (b"a\0b", "non è un testo leggibile"),
    "vuoto.txt": (b" \n", "vuoto"),
}


@pytest.fixture
def desk(client):
    client.force_login(make_editor(role="Responsabile"))
    return client


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_document_of_another_kind_is_named_at_its_field(desk, name):
    content, message = FILES[name]
    errors = errors_of(send(desk, document=SimpleUploadedFile(name, content)))

    assert list(errors) == ["document"]
    assert message in errors["document"][0]


@pytest.mark.parametrize("text", [b"BMI;titolo\n1;Il ponte\n", b"MZ-24, la pista ciclabile", b"IIa fase del bando"])
def test_text_is_no_picture_for_its_first_letters(text):
    assert foreign.kind_by(text) == ""


def test_locked_open_document_is_told():
    manifest = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    with pytest.raises(Refused, match="password"):
        read_document(repacked(open_document(odfdo.Paragraph("x")), ("META-INF/manifest.xml", manifest)))


PAGE = b"BT /F1 12 Tf 72 720 Td (%s) Tj 0 -20 Td (%s) Tj 0 -600 Td (Pagina %d di 3) Tj ET"


def test_words_of_a_pdf_become_a_text_without_its_margins():
    pages = [PAGE % (b"Comune di Crema", b"Riga numero %d" % number, number) for number in (1, 2, 3)]
    document = read_document(pdf(streams=pages))

    assert [block.text for block in document.blocks] == ["Riga numero 1", "Riga numero 2", "Riga numero 3"]
    assert dict(document.remarks)["page-margins"].endswith("«Comune di Crema».")
    assert "pdf" in dict(document.remarks)


TEXT = b"BT /F1 12 Tf 72 720 Td (Orari degli sportelli) Tj ET "
GRID = TEXT + b" ".join(
    [b"72 %d m 300 %d l S" % (y, y) for y in (500, 520, 540)] + [b"%d 500 1 40 re f" % x for x in (72, 180, 300)]
)


def with_picture(page, size=200):
    content = BytesIO()
    Image.new("RGB", (size, size), "red").save(content, "PDF")
    page.merge_page(PdfReader(content).pages[0])


@pytest.mark.parametrize(
    ("pages", "pictured", "expected"),
    [
        ([TEXT, TEXT], {}, {}),
        ([TEXT, TEXT, TEXT], {1: 200, 2: 200}, {"pdf-pictures": "pagine 2, 3."}),
        ([TEXT, TEXT], {0: 16}, {}),  # a sign
        ([TEXT, GRID], {}, {"pdf-tables": "pagina 2."}),
        ([TEXT, b""], {1: 200}, {"pdf-pages-lost": "pagina 2."}),
        ([TEXT, b"72 500 m 300 500 l S"], {}, {}),  # a rule above a footnote
    ],
)
def test_what_a_pdf_shows_besides_words_is_told_with_its_page(pages, pictured, expected):
    writer, content = PdfWriter(pdf(streams=pages)), BytesIO()
    for number, size in pictured.items():
        with_picture(writer.pages[number], size)
    writer.write(content)
    remarks = dict(read_document(content).remarks)

    assert {code: text[text.rindex("pagin") :] for code, text in remarks.items() if code.startswith("pdf-")} == expected


@pytest.mark.django_db
def test_scan_is_a_draft_with_its_document_to_be_described(desk):
    send(desk, document=SimpleUploadedFile("Avviso_chiusura 2026.PDF", pdf(pages=0, scanned=2).read()))

    draft, attachment = Communique.objects.get(), Attachment.objects.get()
    assert (draft.title, draft.body) == ("Avviso chiusura 2026", "")
    assert (attachment.publication_id, attachment.description, attachment.has_text) == (draft.pk, "", False)
    assert [doubt.code for doubt in draft.doubts.all()] == ["scan"]


@pytest.mark.django_db
def test_scan_may_be_saved_undescribed_and_is_not_published(desk):
    topic = make_topic()
    send(desk, document=SimpleUploadedFile("avviso.pdf", pdf(pages=0, scanned=1).read()))
    draft, attachment = Communique.objects.get(), Attachment.objects.get()
    row = {"attachments-TOTAL_FORMS": 1, "attachments-INITIAL_FORMS": 1, "attachments-0-id": attachment.pk}
    row |= {"attachments-0-name": "Avviso", "attachments-0-description": "", "attachments-0-publication": draft.pk}
    more = {
        "title": "Chiuso",
        "body": f"<p>{SENTENCE}</p>",
        "summary": "In breve.",
        "topics": topic.pk,
        "coverage": "area",
    }

    refused = desk.post(change_of(draft), form_of(draft) | row | more | {"_verb_publish_now": "1"})
    draft.refresh_from_db()
    assert ("non ha descrizione" in refused.text, draft.status, draft.title) == (True, "draft", "avviso")
    desk.post(change_of(draft), form_of(draft) | row | more | {"_save": "1"})
    draft.refresh_from_db()
    assert draft.title == "Chiuso"


def mail(**how):
    message = EmailMessage()
    message["From"], message["To"] = "Ufficio <u@comune.example>", "r@example.org"
    message["Subject"], message["Date"] = (
        how.pop("subject", "Perché riapre il ponte"),
        "Thu, 03 Dec 2026 10:00:00 +0100",
    )
    message.set_content(f"{SENTENCE}\n", **how)
    return message


def test_message_is_read_with_its_subject_and_its_attachments_are_named():
    message = mail()
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="avviso.pdf")
    document = read_document(BytesIO(message.as_bytes()))

    assert [block.text for block in document.blocks if block] == [
        "Da: Ufficio <u@comune.example>",
        "Data: 03/12/2026",
        "Oggetto: Perché riapre il ponte",
        SENTENCE,
    ]
    assert [code for code, _ in document.remarks] == ["mail", "mail-attachments"]
    assert "del 03/12/2026, con oggetto «Perché riapre il ponte»" in document.remarks[0][1]
    assert "«avviso.pdf»" in document.remarks[1][1]


def test_message_with_a_page_alone_gives_its_words():
    document = read_document(BytesIO(mail(subtype="html").as_bytes()))

    assert SENTENCE in [block.text for block in document.blocks]


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: x\nFrom: y\nContent-Type: text/plain; charset=nessuno\n\nTesto \xe8.\n",
        b"Subject: =?utf-9?b?AAA?=\nDate: mai\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nTesto.\n",
    ],
)
def test_broken_message_is_read_as_far_as_it_goes(content):
    assert "Testo" in "".join(block.text for block in read_document(BytesIO(content)).blocks)


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_file_of_plain_text_is_read_as_pasted_text(desk, encoding):
    text = f"Perché riapre il ponte\n\n{SENTENCE}\n"
    send(desk, document=SimpleUploadedFile("nota.txt", text.encode(encoding)))

    assert Communique.objects.get().title == "Perché riapre il ponte"


@pytest.mark.slow
def test_long_documents_are_refused_in_words():
    rows = "".join(
        f"<w:tr><w:tc>{p(r(f'Comune {number}'))}</w:tc><w:tc>{p(r('9-12'))}</w:tc></w:tr>" for number in range(9_000)
    )
    for file in (word_of(p(r("parola " * 40)) * 6_000), word_of(f"<w:tbl>{rows}</w:tbl>"), pdf(pages=9_000)):
        with pytest.raises(Refused, match="troppo lungo"):
            read_document(file)


# The other fields


ATTACHED = {
    "vecchio.doc": "vecchio formato di Office",
    "nota.pages": "documento di Apple",
    "foto.heic": "HEIC",
    "logo.svg": "SVG",
    "posta.eml": "messaggio di posta",
    "atto.pdf.p7m": "documento firmato",
    "programma.exe": "Un file «.exe» non si allega",
    "senza": "non dice di che tipo è",
    "vuoto.pdf": "vuoto",
}


def attach(desk, draft, file):
    row = {"attachments-TOTAL_FORMS": 1, "attachments-0-name": "Atto", "attachments-0-description": "Il testo"}
    return desk.post(change_of(draft), form_of(draft) | row | {"attachments-0-file": file, "_save": "1"})


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", ATTACHED)
def test_attachment_of_another_kind_is_named_at_its_field(desk, name):
    draft = make_communique([make_topic()], status="draft")
    page = attach(desk, draft, SimpleUploadedFile(name, b"" if name == "vuoto.pdf" else b"qualcosa"))

    assert (ATTACHED[name] in page.text.replace("&#x27;", "'"), Attachment.objects.count()) == (True, 0)
    assert 'value="Atto"' in page.text


LONG = f"{'verbale' * 40}.pdf"[-255:]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("😀.pdf", "documento.pdf"),
        ("...pdf.pdf", "pdf.pdf"),
        ("Delibera n° 12 – Perché.PDF", "Delibera_n_12__Perché.pdf"),
        (LONG, f"{LONG[:50]}.pdf"),
    ],
)
def test_document_keeps_a_sane_name_and_its_kind(desk, name, stored):
    draft = make_communique([make_topic()], status="draft")
    attach(desk, draft, SimpleUploadedFile(name, pdf().read()))

    attachment = Attachment.objects.get()
    assert attachment.file.name.rpartition("/")[2] == stored
    assert attachment.kind == "PDF"


PICTURES = {
    "foto.heic": (HEIC, "HEIC"),
    "logo.svg": (SVG, "SVG"),
    "nota.pdf": (b"%PDF-1.7", "PDF"),
    "x.png": (b"", "vuoto"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PICTURES)
def test_picture_of_another_kind_is_named_at_its_field(desk, name):
    content, message = PICTURES[name]
    answer = desk.post(LIBRARY, {"file": SimpleUploadedFile(name, content), "da_descrivere": "1"})

    assert (answer.status_code, message in answer.json()["errors"]["file"][0]) == (422, True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["😀.png", f"{'a' * 251}.png"])
def test_picture_with_a_strange_name_is_taken(desk, name):
    answer = desk.post(LIBRARY, {"file": picture_file(name), "da_descrivere": "1"})

    assert (answer.status_code, Picture.objects.count()) == (201, 1)


SHEETS = {
    "foglio.xls": (OLD_SHEET, "vecchio foglio"),
    "foto.heic": (HEIC, "non è un foglio"),
    "x.pdf": (b"%PDF-1.7", "non è un"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", SHEETS)
def test_sheet_of_another_kind_is_named_at_its_field(desk, name):
    content, message = SHEETS[name]
    page = desk.post("/admin/news/communique/importa/", {"sheet": SimpleUploadedFile(name, content)})

    assert message in page.context["form"].errors["sheet"][0]


@pytest.mark.django_db
def test_document_whose_name_is_all_signs_is_quoted_and_taken(desk):
    word = WordFile()
    word.title("Il ponte")
    word.text(SENTENCE)
    word.picture("", picture_file(size=(60, 40)).read())
    send(desk, document=word.file("😀" * 60 + ".docx"))

    assert len(Picture.objects.get().credit) <= 160
