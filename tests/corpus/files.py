"""The same paragraphs as Word, as LibreOffice and as an .odt write them: raw XML, with the habits of each."""

import re
from html import escape
from io import BytesIO
from zipfile import ZipFile

from ..manuscripts import upload

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LOOKS = {"bold": "<w:b/><w:bCs/>", "italic": "<w:i/><w:iCs/>", "": ""}
FORMATS = [(1, "bullet", "\uf0b7"), (2, "decimal", "%1.")]
ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODF_NAMES = " ".join(
    f'xmlns:{name}="{ODF}:{address}"'
    for name, address in [
        ("office", "office:1.0"),
        ("style", "style:1.0"),
        ("text", "text:1.0"),
        ("table", "table:1.0"),
        ("fo", "xsl-fo-compatible:1.0"),
    ]
)


def packed(parts, name):
    content = BytesIO()
    with ZipFile(content, "w") as package:
        for part, text in parts.items():
            package.writestr(part, text)
    return upload(content.getvalue(), name)


# Word processing XML


def text_xml(text):
    signs = {"\t": "<w:tab/>", "⏎": "<w:br/>"}
    pieces = re.split("([\t⏎])", text)
    return "".join(signs.get(piece, f'<w:t xml:space="preserve">{escape(piece)}</w:t>') for piece in pieces if piece)


def word_runs(runs):
    """Word cuts runs where somebody stopped writing or where it found a fault."""
    for text, look in runs:
        middle = text.find(" ", len(text) // 2) + 1
        for piece in filter(None, (text[:middle], text[middle:])):
            yield (
                '<w:r w:rsidR="00A12B34" w:rsidRPr="00C56D78"><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri"/>'
                f'{LOOKS[look]}<w:lang w:val="it-IT"/></w:rPr>{text_xml(piece)}</w:r><w:proofErr w:type="spellStart"/>'
            )


def libreoffice_runs(runs):
    for text, look in runs:
        looks = LOOKS[look]
        yield f"<w:r><w:rPr>{looks}</w:rPr>{text_xml(text)}</w:r>"


def word_paragraph(paragraph):
    style, properties = word_style(paragraph)
    name = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(word_runs(paragraph.runs))
    return f'<w:p w:rsidR="00A12B34" w:rsidRDefault="00A12B34"><w:pPr>{name}{properties}</w:pPr>{runs}</w:p>'


def word_style(paragraph):
    match paragraph.kind:
        case "title" | "subtitle":
            return {"title": "Titolo", "subtitle": "Sottotitolo"}[paragraph.kind], ""
        case "heading":
            return f"Titolo{paragraph.level}", ""
        case "bullet" | "number":
            return "Paragrafoelenco", numbering(paragraph)
        case "right":
            return "", '<w:jc w:val="right"/>'
    return "", '<w:spacing w:after="0"/>'


def numbering(paragraph):
    key = 1 if paragraph.kind == "bullet" else 2
    return f'<w:numPr><w:ilvl w:val="{paragraph.level}"/><w:numId w:val="{key}"/></w:numPr>'


def libreoffice_paragraph(paragraph):
    style = {"title": "Title", "subtitle": "Subtitle", "heading": f"Heading{paragraph.level}"}.get(
        paragraph.kind, "Normal"
    )
    places = numbering(paragraph) if paragraph.kind in ("bullet", "number") else ""
    side = "end" if paragraph.kind == "right" else "start"
    runs = "".join(libreoffice_runs(paragraph.runs)) or "<w:r><w:rPr></w:rPr></w:r>"
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{places}<w:bidi w:val="0"/><w:jc w:val="{side}"/><w:rPr></w:rPr>'
        f"</w:pPr>{runs}</w:p>"
    )


def word_table(paragraph, written):
    def cell(text):
        return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>{written(text)}</w:tc>'

    rows = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in paragraph.rows)
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>{rows}</w:tbl>'


def word_body(paragraphs, written):
    def cell(text):
        return written(type(paragraphs[0])("paragraph", ((text, ""),)))

    return "".join(word_table(one, cell) if one.kind == "table" else written(one) for one in paragraphs)


def word_package(body, styles):
    levels = "".join(
        f'<w:abstractNum w:abstractNumId="{key}">'
        + "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{sign}"/></w:lvl>'
            for level in range(3)
        )
        + "</w:abstractNum>"
        for key, form, sign in FORMATS
    )
    numbers = "".join(f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>' for key, *_ in FORMATS)
    named = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in styles.items()
    )
    kinds = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{MAIN}.{kind}+xml"/>'
        for name, kind in [("document", "document.main"), ("styles", "styles"), ("numbering", "numbering")]
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1"'
        f' Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"{HEAD}<w:document {W}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/styles.xml": f"{HEAD}<w:styles {W}>{named}</w:styles>",
        "word/numbering.xml": f"{HEAD}<w:numbering {W}>{levels}{numbers}</w:numbering>",
        "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/numbering" Target="numbering.xml"/></Relationships>',
    }


def word(paragraphs):
    """In Italian, as most offices have it: styles have keys of their own and the names that all languages share."""
    styles = {"Normale": "Normal", "Titolo": "Title", "Sottotitolo": "Subtitle", "Paragrafoelenco": "List Paragraph"}
    styles |= {f"Titolo{level}": f"heading {level}" for level in (1, 2, 3)}
    return packed(word_package(word_body(paragraphs, word_paragraph), styles), "lettera.docx")


def libreoffice(paragraphs):
    styles = {"Normal": "Normal", "Title": "Title", "Subtitle": "Subtitle"}
    styles |= {f"Heading{level}": f"heading {level}" for level in (1, 2, 3)}
    return packed(word_package(word_body(paragraphs, libreoffice_paragraph), styles), "lettera.docx")


# OpenDocument


def odt_runs(runs):
    for text, look in runs:
        words = "<text:tab/>".join(map(odt_spaces, text.split("\t")))
        yield f'<text:span text:style-name="{look}">{words}</text:span>' if look else words


def odt_spaces(text):
    return escape(text).replace("  ", ' <text:s text:c="1"/>').replace("⏎", "<text:line-break/>")


def odt_block(paragraph):
    inner = "".join(odt_runs(paragraph.runs))
    match paragraph.kind:
        case "heading":
            return f'<text:h text:outline-level="{paragraph.level}">{inner}</text:h>'
        case "title" | "subtitle":
            return f'<text:p text:style-name="{paragraph.kind.capitalize()}">{inner}</text:p>'
        case "table":
            rows = "".join(
                f"<table:table-row>{''.join(map(odt_cell, row))}</table:table-row>" for row in paragraph.rows
            )
            return f'<table:table><table:table-column table:number-columns-repeated="2"/>{rows}</table:table>'
    return f'<text:p text:style-name="P1">{inner}</text:p>'


def odt_cell(text):
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def odt_list(paragraphs):
    """The items of one list, each deeper one inside the item before it."""
    items, place = [], 0
    while place < len(paragraphs):
        inner = place + 1
        while inner < len(paragraphs) and paragraphs[inner].level > paragraphs[place].level:
            inner += 1
        nested = odt_list(paragraphs[place + 1 : inner]) if inner > place + 1 else ""
        words = "".join(odt_runs(paragraphs[place].runs))
        items.append(f"<text:list-item><text:p>{words}</text:p>{nested}</text:list-item>")
        place = inner
    return f'<text:list text:style-name="{paragraphs[0].kind}">{"".join(items)}</text:list>'


def odt_body(paragraphs):
    place = 0
    while place < len(paragraphs):
        kind, end = paragraphs[place].kind, place + 1
        if kind in ("bullet", "number"):
            while end < len(paragraphs) and paragraphs[end].kind == kind:
                end += 1
            yield odt_list(paragraphs[place:end])
        else:
            yield odt_block(paragraphs[place])
        place = end


def odt(paragraphs):
    looks = "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {how}/></style:style>'
        for name, how in [("bold", 'fo:font-weight="bold"'), ("italic", 'fo:font-style="italic"')]
    )
    lists = "".join(
        f'<text:list-style style:name="{name}">'
        + "".join(f'<text:list-level-style-{name} text:level="{level}"/>' for level in (1, 2, 3))
        + "</text:list-style>"
        for name in ("bullet", "number")
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0"/>',
            "content.xml": f"{HEAD}<office:document-content {ODF_NAMES}><office:automatic-styles>{looks}{lists}"
            f"</office:automatic-styles><office:body><office:text>{''.join(odt_body(paragraphs))}</office:text>"
            "</office:body></office:document-content>",
            "styles.xml": f"{HEAD}<office:document-styles {ODF_NAMES}/>",
        },
        "lettera.odt",
    )


DIALECTS = {"Word": word, "LibreOffice": libreoffice, "odt": odt}
