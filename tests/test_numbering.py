"""Numbers that Word and LibreOffice count by themselves: they stand in the draft as they stand on paper."""

import pytest

from areaomogenea.prose.document_reader import parsed

from .corpus.files import DIALECTS, ODF_NAMES, W, packed, word_package
from .manuscripts import part_of, repacked

LEVELS = {
    "steps": [("decimal", "%1."), ("lowerLetter", "%2)")],
    "articles": [("decimal", "Art. %1"), ("decimal", "%2."), ("lowerLetter", "%3)")],
    "chapters": [("decimal", "%1."), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3")],
    "statute": [("upperRoman", "CAPO %1"), ("decimal", "%1.%2")],
    "places": [("ordinal", "%1")],
    "bullets": [("bullet", "\uf0b7")],
}


def numbering(*lists):
    """Each (key, name of its levels, start of another count)."""
    names = list(LEVELS)
    abstracts = "".join(
        f'<w:abstractNum w:abstractNumId="{names.index(name)}">'
        + "".join(
            f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            + ("<w:isLgl/>" if name == "statute" and place else "")
            + f'<w:lvlText w:val="{text}"/></w:lvl>'
            for place, (form, text) in enumerate(levels)
        )
        + "</w:abstractNum>"
        for name, levels in LEVELS.items()
    )
    numbers = "".join(
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{names.index(name)}"/>'
        + (f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else "")
        + "</w:num>"
        for key, name, start in lists
    )
    return f"<w:numbering {W}>{abstracts}{numbers}</w:numbering>"


def paragraph(text, key=None, place=0, style="", looks=""):
    number = f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{key}"/></w:numPr>' if key is not None else ""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/>{number}</w:pPr>' if style else f"<w:pPr>{number}</w:pPr>"
    return f"<w:p>{properties}<w:r><w:rPr>{looks}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def document(*paragraphs, lists=((1, "steps", 0),), styles=None):
    names = {"Titolo1": "heading 1", "Titolo2": "heading 2", "Voce": "Voce"}
    parts = word_package("".join(paragraphs), names) | {"word/numbering.xml": numbering(*lists)}
    parts["word/styles.xml"] = parts["word/styles.xml"].replace('<w:name w:val="Voce"/>', styles or "")
    return parsed(packed(parts, "bando.docx"))


def body(read):
    return [block.html for block in read.blocks]


def test_articles_are_words_of_their_headings_and_commas_count_in_each():
    read = document(
        paragraph("Oggetto", 1, 0, "Titolo1"),
        paragraph("Primo comma.", 1, 1),
        paragraph("Secondo comma.", 1, 1),
        paragraph("Domande", 1, 0, "Titolo1"),
        paragraph("Altro comma.", 1, 1),
        lists=[(1, "articles", 0)],
    )

    assert body(read) == [
        "<h2>Art. 1 Oggetto</h2>",
        "<ol><li>Primo comma.</li><li>Secondo comma.</li></ol>",
        "<h2>Art. 2 Domande</h2>",
        "<ol><li>Altro comma.</li></ol>",
    ]


def test_numbers_of_several_levels_are_words():
    read = document(
        paragraph("Carta", 1, 0, "Titolo1"),
        paragraph("Giornali", 1, 1, "Titolo2"),
        paragraph("Riviste", 1, 2),
        paragraph("Vetro", 1, 0, "Titolo1"),
        lists=[(1, "chapters", 0)],
    )

    assert body(read) == ["<h2>1. Carta</h2>", "<h3>1.1 Giornali</h3>", "<p>1.1.1 Riviste</p>", "<h2>2. Vetro</h2>"]


def test_legal_numbers_are_plain_below_roman_ones():
    read = document(paragraph("Principi", 1), paragraph("È di tutti.", 1, 1), lists=[(1, "statute", 0)])

    assert body(read) == ["<p>CAPO I Principi</p>", "<p>1.1 È di tutti.</p>"]


def test_list_goes_on_counting_below_a_paragraph():
    read = document(paragraph("uno", 1), paragraph("Attenzione."), paragraph("due", 1), paragraph("tre", 1))

    assert body(read) == [
        "<ol><li>uno</li></ol>",
        "<p>Attenzione.</p>",
        '<ol start="2"><li>due</li><li>tre</li></ol>',
    ]


def test_list_that_starts_elsewhere_is_another_one():
    read = document(paragraph("uno", 1), paragraph("cinque", 2), lists=[(1, "steps", 0), (2, "steps", 5)])

    assert body(read) == ["<ol><li>uno</li></ol>", '<ol start="5"><li>cinque</li></ol>']


def test_letters_become_numbers_and_are_told():
    read = document(paragraph("Servono:", 1), paragraph("il modulo;", 1, 1), paragraph("la firma.", 1, 1))

    assert body(read) == ["<ol><li><p>Servono:</p><ol><li>il modulo;</li><li>la firma.</li></ol></li></ol>"]
    assert [message for code, message in read.remarks if code == "list-letters"] == [
        (
            "Le lettere di un elenco sono diventate numeri. Erano: «a) il modulo;», «b) la firma.». "
            "Se il testo le nomina, correggilo."
        )
    ]


def test_items_without_an_outer_list_are_no_list_in_a_list():
    read = document(paragraph("dentro", 1, 1), paragraph("ancora", 1, 1))

    assert body(read) == ["<ol><li>dentro</li><li>ancora</li></ol>"]


@pytest.mark.parametrize(("name", "html"), [("bullets", "<ul><li>voce</li></ul>"), ("steps", "<ol><li>voce</li></ol>")])
def test_style_may_say_what_its_paragraphs_are_numbered_with(name, html):
    style = '<w:name w:val="Voce"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    read = document(paragraph("voce", style="Voce"), lists=[(1, name, 0)], styles=style)

    assert body(read) == [html]


def test_paragraph_may_take_back_the_number_of_its_style():
    style = '<w:name w:val="Voce"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    read = document(paragraph("senza", 0, 0, "Voce"), styles=style)

    assert body(read) == ["<p>senza</p>"]


def test_bold_paragraph_that_word_counts_shows_its_number():
    read = document(
        paragraph("Requisiti", 1, looks="<w:b/>"), paragraph("Testo."), paragraph("Tempi", 1, looks="<w:b/>")
    )

    assert body(read) == [
        "<p><strong>1. Requisiti</strong></p>",
        "<p>Testo.</p>",
        "<p><strong>2. Tempi</strong></p>",
    ]


def test_hostile_numbers_end_in_time():
    loop = '<w:name w:val="Voce"/><w:basedOn w:val="Voce"/><w:pPr><w:numPr><w:ilvl w:val="99999"/></w:numPr></w:pPr>'

    assert body(document(paragraph("voce", 77, 99999, "Voce"), styles=loop)) == ["<p>voce</p>"]


# LibreOffice

LISTS = (
    '<text:list-style style:name="Articoli"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-prefix="Art. " style:num-suffix=" –"/></text:list-style>'
    '<text:list-style style:name="Lettere"><text:list-level-style-number text:level="1" style:num-format="a" '
    'style:num-suffix=")"/></text:list-style>'
    '<text:list-style style:name="Capitoli"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix="." '
    'text:display-levels="2"/></text:list-style>'
)
OUTLINE = (
    '<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-format="I" '
    'style:num-suffix="."/><text:outline-level-style text:level="2" style:num-format=""/></text:outline-style>'
)


def open_text(body, styles=""):
    content = (
        f"<office:document-content {ODF_NAMES}><office:automatic-styles>{LISTS}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    common = f"<office:document-styles {ODF_NAMES}><office:styles>{styles}</office:styles></office:document-styles>"
    file = DIALECTS["odt"]([])
    assert part_of(file, "content.xml")
    return parsed(repacked(file, ("content.xml", content.encode()), ("styles.xml", common.encode())))


def text_list(style, *items, attributes=""):
    inner = "".join(f"<text:list-item{start}>{inner}</text:list-item>" for start, inner in items)
    return f'<text:list text:style-name="{style}"{attributes}>{inner}</text:list>'


def item(text, start=0):
    return f' text:start-value="{start}"' if start else "", f"<text:p>{text}</text:p>"


GOES_ON = ' text:continue-numbering="true"'


def test_headings_in_a_list_say_their_article():
    heading = ("", '<text:h text:outline-level="1">Oggetto</text:h>')
    other = ("", '<text:h text:outline-level="1">Domande</text:h>')
    read = open_text(text_list("Articoli", heading) + text_list("Articoli", other, attributes=GOES_ON))

    assert body(read) == ["<h2>Art. 1 – Oggetto</h2>", "<h2>Art. 2 – Domande</h2>"]


def test_headings_count_by_the_outline_of_the_document():
    read = open_text(
        '<text:h text:outline-level="1">Orari</text:h><text:h text:outline-level="2">Estate</text:h>'
        '<text:h text:outline-level="1">Costi</text:h>',
        OUTLINE,
    )

    assert body(read) == ["<h2>I. Orari</h2>", "<h3>Estate</h3>", "<h2>II. Costi</h2>"]


def test_list_of_libreoffice_goes_on_and_tells_its_letters():
    read = open_text(
        text_list("Lettere", item("uno;"), item("due.")) + text_list("Lettere", item("tre."), attributes=GOES_ON)
    )

    assert body(read) == ["<ol><li>uno;</li><li>due.</li></ol>", '<ol start="3"><li>tre.</li></ol>']
    assert "«c) tre.»" in dict(read.remarks)["list-letters"]


def test_item_of_libreoffice_may_say_its_number():
    read = open_text(text_list("Capitoli", item("uno"), item("sette", start=7)))

    assert body(read) == ["<ol><li>uno</li></ol>", '<ol start="7"><li>sette</li></ol>']


def test_numbers_of_several_levels_of_libreoffice_are_words():
    inner = text_list("Capitoli", item("strade"), item("piazze"))
    read = open_text(text_list("Capitoli", ("", f"<text:p>Neve</text:p>{inner}"), item("Sale")))

    assert body(read) == ["<ol><li><p>Neve</p><p>1.1. strade</p><p>1.2. piazze</p></li><li>Sale</li></ol>"]
