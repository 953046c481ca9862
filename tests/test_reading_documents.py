"""Documents of Word and LibreOffice: what of their structure survives, and which are refused."""

import random
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import odfdo
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from areaomogenea.prose.blocks import Block
from areaomogenea.prose.document_reader import parsed
from areaomogenea.prose.fields import LONGEST
from areaomogenea.prose.typography import words
from areaomogenea.sandbox import limits, packages
from areaomogenea.sandbox.errors import Refused

from .manuscripts import NUMBERS, WordFile, open_document, part_of, repacked, upload
from .processor import timed

pytestmark = pytest.mark.any_database  # a file is read by its bytes


def html_of(file):
    return "\n".join(block.html for block in parsed(file).blocks)


def codes(document):
    return [code for code, _ in document.remarks]


@pytest.fixture
def word():
    return WordFile()


# What survives


def test_styles_tell_title_and_subtitle(word):
    word.title("Il ponte riapre")
    word.text("Da lunedì", "Subtitle")
    word.text("Si passa.")

    blocks = parsed(word.file()).blocks

    assert [(block.text, block.style) for block in blocks] == [
        ("Il ponte riapre", Block.TITLE),
        ("Da lunedì", Block.SUBTITLE),
        ("Si passa.", Block.PARAGRAPH),
    ]


def test_only_heading_of_the_first_level_is_the_title_if_it_opens(word):
    word.heading("Il ponte riapre", 1)
    word.text("Si passa.")
    word.heading("Gli orari", 2)

    blocks = parsed(word.file()).blocks

    assert [block.style for block in blocks] == [Block.TITLE, Block.PARAGRAPH, Block.HEADING]


@pytest.mark.parametrize(
    ("levels", "tags"),
    [
        ((1, 2, 3), "h2 h3 h4"),
        ((2, 3), "h2 h3"),
        ((3, 3), "h2 h2"),
        ((2, 4, 6), "h2 h3 h4"),
        ((1, 2, 3, 4), "h2 h3 h4 h4"),
    ],
)
def test_headings_begin_at_the_second_level_and_skip_none(word, levels, tags):
    word.title("Il ponte")
    for level in levels:
        word.heading("Una sezione", level)
        word.text("Testo.")

    blocks = parsed(word.file()).blocks

    assert [block.html[1:3] for block in blocks if block.style == Block.HEADING] == tags.split()


def test_lists_nest_and_keep_their_numbers_or_bullets(word):
    word.item("uno")
    word.item("dentro", 1, NUMBERS)
    word.item("più dentro", 2)
    word.item("due")
    word.text("Poi:")
    word.item("primo", 0, NUMBERS)

    assert html_of(word.file()) == (
        "<ul><li><p>uno</p><ol><li><p>dentro</p><ul><li>più dentro</li></ul></li></ol></li><li>due</li></ul>\n"
        "<p>Poi:</p>\n<ol><li>primo</li></ol>"
    )


def test_large_first_letter_goes_back_to_its_word(word):
    letter = word.text("I")
    frame = OxmlElement("w:framePr")
    frame.set(qn("w:dropCap"), "drop")
    letter._p.get_or_add_pPr().append(frame)
    word.text("l Comune di Madignano rinnova le luci.")

    assert html_of(word.file()) == "<p>Il Comune di Madignano rinnova le luci.</p>"


def test_table_without_marked_headers_takes_its_first_row_and_says_so(word):
    word.table(["Comune", "Ore"], ["Crema", "9-12"])
    document = parsed(word.file())

    assert document.blocks[0].html == (
        '<table><tbody><tr><th scope="col">Comune</th><th scope="col">Ore</th></tr>'
        "<tr><td>Crema</td><td>9-12</td></tr></tbody></table>"
    )
    assert document.remarks == [
        ("table-header", "La prima riga della tabella è presa per intestazione: «Comune · Ore». È così?")
    ]


def test_table_with_marked_headers_keeps_them(word):
    table = word.table(["", "Ore"], ["Crema", "9-12"], ["Monte", "10-12"])
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    table.cell(1, 1).merge(table.cell(2, 1))
    document = parsed(word.file())

    assert '<tbody><tr><td></td><th scope="col">Ore</th></tr>' in document.blocks[0].html
    assert 'rowspan="2"' in document.blocks[0].html
    assert document.remarks == []


def test_table_that_only_places_things_is_text(word):
    word.table(["Comune di Crema", "Ufficio stampa"])

    assert html_of(word.file()) == "<p>Comune di Crema</p>\n<p>Ufficio stampa</p>"


def test_headings_and_tables_in_a_box_come_out_of_it(word):
    box = word.document.add_table(1, 1).cell(0, 0)
    box.paragraphs[0].text = "Gli orari"
    box.paragraphs[0].style = "Heading 2"
    inner = box.add_table(2, 2)
    for cell, text in zip(inner._cells, ["Comune", "Ore", "Crema", "9-12"], strict=True):
        cell.text = text

    blocks = parsed(word.file()).blocks

    assert [block.style for block in blocks] == [Block.HEADING, Block.TABLE]


def test_cell_with_headings_and_tables_holds_paragraphs(word):
    table = word.table(["Comune", "Ore"], ["Crema", ""])
    cell = table.cell(1, 1)
    cell.paragraphs[0].text, cell.paragraphs[0].style = "Estate", "Heading 2"
    cell.add_table(2, 2).cell(0, 0).text = "9-12"

    assert html_of(word.file()).endswith("<td>Crema</td><td><p>Estate</p><p>9-12</p></td></tr></tbody></table>")


def test_emphasis_and_web_links_are_kept_and_other_links_are_text(word):
    paragraph = word.text("Un ")
    word.run(paragraph, "ponte", bold=True)
    word.run(paragraph, " nuovo", italic=True)
    word.link(paragraph, " qui", "https://example.org/a?b=1&c=2")
    word.link(paragraph, " là", "javascript:alert(1)")
    document = parsed(word.file())

    assert document.blocks[0].html == (
        "<p>Un <strong>ponte</strong><em> nuovo</em>"
        '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener"> qui</a> là</p>'
    )
    assert codes(document) == ["link-dropped"]


def test_what_was_struck_is_a_remark(word):
    word.text("sabato", strike=True)

    assert parsed(word.file()).remarks == [
        ("struck", "Era barrato e ora è testo normale: «sabato». Toglilo, se non vale più.")
    ]


def test_sign_of_a_font_that_nobody_knows_is_told(word):
    paragraph = word.text("Firmato ")
    sign = f'<w:sym {nsdecls("w")} w:font="Segnali" w:char="F0FE"/>'
    paragraph.add_run()._r.append(parse_xml(sign))

    assert parsed(word.file()).remarks == [
        ("sign", "Nel documento ci sono segni che nella bozza mancano. Sono: «F0FE del carattere Segnali».")
    ]


def test_pending_changes_are_taken_as_accepted_and_told(word):
    paragraph = word.text("Apre ")
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>alle dieci</w:t></w:r></w:ins>"))
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>alle nove</w:delText></w:r></w:del>"))
    document = parsed(word.file())

    assert (document.blocks[0].html, codes(document)) == ("<p>Apre alle dieci</p>", ["changes"])


def test_words_of_headers_and_comments_are_told_and_page_numbers_are_not(word):
    paragraph = word.text("Apre alle dieci.")
    word.document.add_comment(paragraph.runs, "Sicuri?", "Anna", "A")
    section = word.document.sections[0]
    section.header.paragraphs[0].text, section.footer.paragraphs[0].text = "Comune di Crema", "Pagina 1 di 2"
    document = parsed(word.file())

    assert document.remarks == [
        ("page-margins", "Intestazione e piè di pagina non sono nella bozza: «Comune di Crema»."),
        (
            "comments",
            (
                "Il documento ha dei commenti: nella bozza non ci sono, controlla che siano risolti. "
                "Sono: «Sicuri?» dopo «Apre alle dieci.»."
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("I sindaci sul ponte", "I sindaci sul ponte"),
        ("", ""),
        ("IMG_2031.JPG", ""),
        ("Immagine che contiene cielo, ponte\n\nDescrizione generata automaticamente", ""),
    ],
)
def test_only_a_written_description_of_an_image_counts(word, description, expected):
    word.text("Un testo.")
    word.picture(description)
    document = parsed(word.file())

    assert [image.alternative_text for image in document.images] == [expected]
    assert document.images[0].data.startswith(b"\x89PNG")
    assert html_of(word.file()) == "<p>Un testo.</p>"


def test_image_outside_the_document_is_never_fetched(word, tmp_path):
    (tmp_path / "segreto.png").write_bytes(b"segreto")
    word.picture("I sindaci")
    blip = next(word.document.element.iter(qn("a:blip")))
    address = (tmp_path / "segreto.png").as_uri()
    link = word.document.part.relate_to(
        address, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image", is_external=True
    )
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), link)

    assert [image.data for image in parsed(word.file()).images] == [b""]


def test_no_word_of_a_random_document_is_lost(word):
    chance = random.Random(48)
    number = iter(range(10_000))
    texts = []

    def some_words():
        texts.append(" ".join(f"parola{next(number)}" for _ in range(chance.randint(1, 5))))
        return texts[-1]

    for _ in range(60):
        chance.choice([
            lambda: word.text(some_words()),
            lambda: word.text(some_words(), bold=True),
            lambda: word.heading(some_words(), chance.randint(1, 4)),
            lambda: word.item(some_words(), chance.randint(0, 2), chance.choice([48, 49])),
            lambda: word.link(word.text(f"{some_words()} "), some_words(), "https://example.org/"),
            lambda: word.table([some_words(), some_words()], [some_words(), some_words()]),
        ])()  # fmt: skip

    blocks = parsed(word.file()).blocks
    assert words(" ".join(block.text for block in blocks)) == words(" ".join(texts))


def list_style(name, form, level):
    inside = f'<text:list-level-style-{form} text:level="{level}"/>'
    return odfdo.Element.from_tag(f'<text:list-style style:name="{name}">{inside}</text:list-style>')


def test_open_document_keeps_the_same_structure():
    sentence = odfdo.Paragraph("Una ")
    sentence.append(odfdo.Span("parola", style="forte"))
    sentence.append(" e ")
    sentence.append(odfdo.Link("https://example.org/", text="una pagina"))
    members = odfdo.List(["uno"], style="numeri")
    nested = odfdo.ListItem("due")
    nested.append(odfdo.List(["dentro"], style="punti"))
    members.append(nested)
    table = odfdo.Table("Orari")
    table.set_values([["Comune", "Ore"], ["Crema", "9-12"]])
    styles = [
        odfdo.Style("text", name="forte", bold=True),
        list_style("numeri", "number", 1),
        list_style("punti", "bullet", 2),
    ]
    title = odfdo.Paragraph("Il ponte riapre", style="Title")

    document = parsed(open_document(title, odfdo.Header(1, "Gli orari"), sentence, members, table, styles=styles))

    assert [(block.style, block.html) for block in document.blocks] == [
        (Block.TITLE, "<p>Il ponte riapre</p>"),
        (Block.HEADING, "<h2>1. Gli orari</h2>"),
        (
            Block.PARAGRAPH,
            '<p>Una <strong>parola</strong> e <a href="https://example.org/" rel="noopener">una pagina</a></p>',
        ),
        (Block.LIST, "<ol><li>uno</li><li><p>due</p><ul><li>dentro</li></ul></li></ol>"),
        (
            Block.TABLE,
            (
                '<table><tbody><tr><th scope="col">Comune</th><th scope="col">Ore</th></tr>'
                "<tr><td>Crema</td><td>9-12</td></tr></tbody></table>"
            ),
        ),
    ]


def test_open_document_tells_notes_and_described_images():
    paragraph = odfdo.Paragraph("Il ponte")
    paragraph.insert_note(after="ponte", note_id="n1", citation="1", body="È del 1890.")
    frame = odfdo.Frame.image_frame("Pictures/manca.png")
    frame.svg_description = "Il ponte visto da sud"
    paragraph.append(frame)
    document = parsed(open_document(paragraph))

    assert "\n".join(block.html for block in document.blocks) == (
        "<p>Il ponte<sup>[1]</sup></p>\n<ol><li>È del 1890.</li></ol>"
    )
    assert [(image.alternative_text, image.data) for image in document.images] == [("Il ponte visto da sud", b"")]
    assert codes(document) == ["footnotes"]


# What is refused


def refusal(file):
    with pytest.raises(Refused) as refused:
        parsed(file)
    return str(refused.value)


@pytest.fixture
def plain_word(word):
    word.text("Un testo.")
    return word.file()


def zipped(**parts):
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", packages.EMPTY),
        (b"Un testo qualsiasi", packages.NO_DOCUMENT),
        (b"PK\x03\x04 e poi nulla", packages.DAMAGED),
        (zipped(nota="uno zip"), packages.OTHERS["ZIP"]),
        (b"\x89PNG\r\n\x1a\n", packages.OTHERS["PNG"]),
        (packages.OLD_OFFICE + b"\x00" * 600, packages.OLD),
        (packages.OLD_OFFICE + b"\x00" * 600 + packages.STRONGBOX, packages.LOCKED),
        (b"%PDF-1.7", "Il PDF è rovinato e non si apre: salvalo di nuovo e riprova."),
        (b"{\\rtf1 testo}", "È un file RTF: aprilo, salvalo come .docx o .odt e riprova."),
    ],
)
def test_what_is_no_document_is_told_what_to_become(content, message):
    assert refusal(upload(content)) == message


def test_too_heavy_a_file_is_refused():
    assert refusal(upload(b"PK" + b"\x00" * limits.DOCUMENT_BYTES)) == packages.TOO_HEAVY


def test_macros_are_refused_even_under_an_innocent_name(plain_word):
    types = part_of(plain_word, "[Content_Types].xml")
    macro_type = types.replace(b"document.main+xml", b"document.macroEnabled.main+xml")

    assert refusal(repacked(plain_word, ("[Content_Types].xml", macro_type))) == packages.WITH_MACROS
    assert refusal(repacked(plain_word, ("word/vbaProject.bin", b"Sub AutoOpen()"))) == packages.WITH_MACROS
    opened = open_document(odfdo.Paragraph("Un testo."))
    assert refusal(repacked(opened, ("Basic/Standard/Module1.xml", b"<x/>"))) == packages.WITH_MACROS


@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "word/altro.bin"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_part(plain_word, tmp_path, name, encoding):
    (tmp_path / "segreto.txt").write_text("segreto")
    hostile = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        f'<!DOCTYPE w [<!ENTITY x SYSTEM "{(tmp_path / "segreto.txt").as_uri()}">]><w>&x;</w>'
    ).encode(encoding)

    assert refusal(repacked(plain_word, (name, hostile))) == packages.WITH_ENTITIES


def test_bombs_are_refused_before_they_are_read(plain_word):
    swollen = repacked(plain_word, ("word/media/a.png", b"\x00" * (limits.UNPACKED + 1)), compression=ZIP_DEFLATED)
    long = repacked(plain_word, ("word/document.xml", b"<w>" + b" " * limits.XML_BYTES + b"</w>"))
    deep = repacked(plain_word, ("word/document.xml", b"<w>" * 5000 + b"</w>" * 5000))
    many = repacked(plain_word, *((f"parte{number}", b"") for number in range(limits.MEMBERS)))

    assert len(swollen) < limits.DOCUMENT_BYTES
    assert [refusal(file) for file in (swollen, long, deep, many)] == [packages.TOO_COMPLEX] * 4


def test_a_part_that_declares_less_than_it_holds_is_damage(plain_word):
    bomb = repacked(plain_word, ("word/document.xml", b"<w>" + b" " * 50_000_000 + b"</w>"), compression=ZIP_DEFLATED)
    size = (50_000_007).to_bytes(4, "little")
    lying = upload(bomb.read().replace(size, (1000).to_bytes(4, "little")))

    assert refusal(lying) == packages.DAMAGED


def test_a_locked_open_document_is_told(plain_word):
    manifest = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    opened = open_document(odfdo.Paragraph("Un testo."))

    assert refusal(repacked(opened, ("META-INF/manifest.xml", manifest))) == packages.LOCKED


@pytest.mark.parametrize(
    "content",
    [
        b"<w",
        b"<w/>",
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>',
        (
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:hyperlink/>'
            b'<w:r><w:footnoteReference w:id="7"/></w:r></w:p></w:body></w:document>'
        ),
    ],
)
def test_a_broken_document_is_damage(plain_word, content):
    assert refusal(repacked(plain_word, ("word/document.xml", content))) == packages.DAMAGED


@pytest.mark.slow
def test_documents_with_random_damage_are_read_or_refused(word):
    word.title("Il ponte")
    word.table(["a", "b"], ["c", "d"])
    word.item("uno")
    word.picture("Il ponte")
    content = bytearray(word.file().read())
    messages = set()
    chance = random.Random(48)
    for _ in range(150):
        damaged = content.copy()
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            parsed(upload(bytes(damaged)))
        except Refused as refused:
            messages.add(str(refused))
    assert messages <= {packages.DAMAGED, packages.NO_DOCUMENT, packages.LOCKED, packages.TOO_COMPLEX}


# How long


def pages_of_word(count):
    """As Word writes pages of 350 words: it cuts each line into runs, and says of each how it looks."""
    looks = '<w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="24"/></w:rPr>'
    line = "I consiglieri sono intervenuti sulla viabilità, sulle scuole e sui servizi sociali. "
    run = f'<w:r w:rsidR="00A12B34" w:rsidRPr="00C56D78">{looks}<w:t xml:space="preserve">{line}</w:t></w:r>'
    body = f'<w:p w:rsidR="00A12B34" w:rsidRDefault="00A12B34">{run * 5}</w:p>' * 6 * count
    file = WordFile().file()
    document = part_of(file, "word/document.xml").decode()
    head, tail = document[: document.index("<w:body>") + 8], document[document.index("<w:sectPr") :]
    return repacked(file, ("word/document.xml", f"{head}{body}{tail}".encode()))


@pytest.mark.slow
def test_eighty_pages_are_read_and_three_hundred_told_how_many_they_are():
    with timed() as cost:
        assert len(parsed(pages_of_word(75)).blocks) == 450
        with pytest.raises(Refused, match=r"troppo lungo: \d{3}\.\d{3} caratteri, circa 30\d fogli"):
            parsed(pages_of_word(300))

    assert cost.own < limits.OF_DOCUMENT.cpu


@pytest.mark.slow
def test_table_of_two_thousand_rows_is_read(word):
    rows = "".join(
        f"<w:tr><w:tc><w:p><w:r><w:t>Comune {number}</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>Sì</w:t></w:r></w:p></w:tc></w:tr>"
        for number in range(2_000)
    )
    word.document.element.body.insert(0, parse_xml(f"<w:tbl {nsdecls('w')}>{rows}</w:tbl>"))

    with timed() as cost:
        (table,) = parsed(word.file()).blocks[:1]

    assert table.html.count("<tr>") == 2_000
    assert cost.own < limits.OF_DOCUMENT.cpu


def test_no_document_is_longer_than_the_text_of_a_page():
    assert limits.LETTERS_OF_A_DOCUMENT == LONGEST
