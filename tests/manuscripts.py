"""Documents as editors send them, written by other hands than those that read them."""

from io import BytesIO
from zipfile import ZipFile

import docx
import odfdo
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from .factories import picture_file

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BULLETS, NUMBERS = 48, 49


class WordFile:
    """A .docx in the making: each method adds at the end."""

    def __init__(self):
        self.document = docx.Document()
        numbering = self.document.part.numbering_part.element
        for key, form in ((BULLETS, "bullet"), (NUMBERS, "decimal")):
            levels = "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{form}"/></w:lvl>' for level in range(3))
            abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{key}">{levels}</w:abstractNum>'
            numbering.insert(0, parse_xml(abstract))
            number = f'<w:num {nsdecls("w")} w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>'
            numbering.append(parse_xml(number))

    def text(self, text="", style=None, **looks):
        """A paragraph; looks are bold and italic."""
        paragraph = self.document.add_paragraph(style=style)
        self.run(paragraph, text, **looks)
        return paragraph

    def run(self, paragraph, text, **looks):
        run = paragraph.add_run(text)
        for look, value in looks.items():
            setattr(run.font, look, value)
        return paragraph

    def title(self, text):
        return self.text(text, "Title")

    def heading(self, text, level):
        self.document.add_heading(text, level)

    def item(self, text, level=0, numbering=BULLETS):
        paragraph = self.text(text)
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = level, numbering

    def table(self, *rows):
        table = self.document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        return table

    def link(self, paragraph, text, address):
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(paragraph.add_run(text)._r)
        paragraph._p.append(link)

    def picture(self, alternative="", content=None):
        picture = self.document.add_picture(BytesIO(content or picture_file().read()))
        picture._inline.docPr.set("descr", alternative)

    def file(self, name="comunicato.docx"):
        """As a browser sends it."""
        content = BytesIO()
        self.document.save(content)
        return upload(content.getvalue(), name, WORD_TYPE)


def upload(content, name="comunicato.docx", kind=WORD_TYPE):
    return SimpleUploadedFile(name, content, kind)


def repacked(file, *added, **how):
    """The same package with parts put in or in the place of others: (name, bytes) pairs."""
    source, target = ZipFile(file), BytesIO()
    added = dict(added)
    with ZipFile(target, "w", **how) as package:
        for name in source.namelist():
            if name not in added:
                package.writestr(name, source.read(name))
        for name, content in added.items():
            package.writestr(name, content)
    return upload(target.getvalue(), file.name)


def part_of(file, name):
    with ZipFile(file) as package:
        return package.read(name)


def open_document(*elements, styles=()):
    """An .odt with these elements of odfdo."""
    document = odfdo.Document("text")
    document.body.clear()
    for style in styles:
        document.insert_style(style)
    for element in elements:
        document.body.append(element)
    content = BytesIO()
    document.save(content)
    return upload(content.getvalue(), "comunicato.odt", "application/vnd.oasis.opendocument.text")
