"""What a screen reader finds in a PDF, and the points of PDF/UA-1 (ISO 14289-1) that a program can hold it to."""

import re
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise

from pypdf import PdfReader

HEADING = re.compile(r"/H([1-6])")
KIDS = {  # ISO 32000-1, 14.8.4.3: what may stand within what
    "/L": {"/L", "/LI", "/Caption"},
    "/LI": {"/Lbl", "/LBody"},
    "/Table": {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TR": {"/TH", "/TD"},
}
PARENTS = {"/LI": {"/L"}, "/Lbl": {"/LI"}, "/LBody": {"/LI"}, "/TR": {"/Table", "/THead", "/TBody", "/TFoot"}}
PARENTS |= {"/TH": {"/TR"}, "/TD": {"/TR"}, "/THead": {"/Table"}, "/TBody": {"/Table"}}
MARKED = re.compile(rb"/\w+\s+(?:<<(?:[^>]*/MCID (\d+))?[^>]*>>\s*BDC|BMC)|\bEMC\b")
PAINTS = re.compile(rb"(?<![\w/])(?:TJ|Tj|Do|f|F|f\*|S|s|B|B\*|b|sh)(?![\w*])")


@dataclass
class Element:
    tag: str
    entry: dict
    parent: "Element | None"
    kids: list = field(default_factory=list)
    marks: list = field(default_factory=list)

    @property
    def attributes(self):
        attributes = self.entry.get("/A", {})
        return attributes.get_object() if attributes else {}


class Tagged:
    """`elements` in the order of reading; `reader` is pypdf's."""

    def __init__(self, content):
        self.reader = PdfReader(BytesIO(content))
        self.root = self.reader.trailer["/Root"]
        self.elements = []
        for kid in as_list(self.root["/StructTreeRoot"]["/K"]):
            self.read(kid, None, None)

    def read(self, kid, parent, page):
        kid = kid.get_object()
        if isinstance(kid, int):
            parent.marks.append((page, int(kid)))
        elif kid.get("/Type") == "/OBJR":
            parent.kids.append("link" if kid["/Obj"].get("/Subtype") == "/Link" else "object")
        else:
            element = Element(kid["/S"], kid, parent)
            self.elements.append(element)
            if parent:
                parent.kids.append(element)
            for one in as_list(kid.get("/K", [])):
                self.read(one, element, kid.raw_get("/Pg").idnum if "/Pg" in kid else page)

    def of(self, tag):
        return [element for element in self.elements if element.tag == tag]

    @property
    def text(self):
        return " ".join(" ".join(page.extract_text() for page in self.reader.pages).split())

    @property
    def outline(self):
        return [int(HEADING.fullmatch(one.tag)[1]) for one in self.elements if HEADING.fullmatch(one.tag)]

    @property
    def fonts(self):
        """Each as (name, is embedded, can be read back as letters)."""
        for page in self.reader.pages:
            for font in page["/Resources"]["/Font"].values():
                one = font.get_object()["/DescendantFonts"][0].get_object()
                descriptor = one["/FontDescriptor"]
                embedded = {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
                yield one["/BaseFont"], bool(embedded), "/ToUnicode" in font.get_object()

    @property
    def links(self):
        pages = (page.get("/Annots", []) for page in self.reader.pages)
        return [one.get_object() for page in pages for one in page if one.get_object()["/Subtype"] == "/Link"]


def as_list(kids):
    return kids if isinstance(kids, list) else [kids]


def faults(content):
    """What a PDF does against PDF/UA-1, in words; nothing, if nothing was found."""
    pdf = Tagged(content)
    return [*of_document(pdf), *of_structure(pdf), *of_content(pdf), *of_links(pdf), *of_fonts(pdf)]


def of_document(pdf):
    metadata = pdf.reader.xmp_metadata.stream.get_data().decode()
    if not re.search(r'pdfuaid:part(="1"|>1<)', metadata):
        yield "does not say that it is PDF/UA-1 (5)"
    if not pdf.reader.metadata.title or "<dc:title>" not in metadata:
        yield "has no title (7.1)"
    if pdf.root["/ViewerPreferences"].get("/DisplayDocTitle") != True:  # noqa: E712 (an object of pypdf)
        yield "windows show its file name (7.1)"
    if pdf.root["/MarkInfo"]["/Marked"] != True:  # noqa: E712
        yield "is not marked as tagged (7.1)"
    if not pdf.root.get("/Lang"):
        yield "has no language (7.2)"
    if "/AcroForm" in pdf.root or "/EmbeddedFiles" in pdf.root.get("/Names", {}):
        yield "carries more than pages"


def of_structure(pdf):
    known = set("Document Part Art Sect Div BlockQuote P H1 H2 H3 H4 L LI Lbl LBody Table TR TH TD".split())
    known |= set("THead TBody TFoot Caption Figure Link Span NonStruct".split())
    for one in pdf.elements:
        tags = {kid.tag for kid in one.kids if isinstance(kid, Element)}
        if one.tag[1:] not in known:
            yield f"{one.tag} is no standard type (7.1)"
        if one.tag in KIDS and tags - KIDS[one.tag]:
            yield f"{one.tag} holds {tags - KIDS[one.tag]} (7.2)"
        if one.tag in PARENTS and one.parent.tag not in PARENTS[one.tag]:
            yield f"{one.tag} stands in {one.parent.tag} (7.2)"
        if one.tag == "/Figure" and not one.entry.get("/Alt"):
            yield "a figure has no words (7.3)"
        if one.tag == "/TH" and not (one.attributes.get("/Scope") and one.entry.get("/ID")):
            yield "a heading cell does not say whose heading it is (7.5)"
    levels = pdf.outline
    if levels[:1] != [1] or any(after > before + 1 for before, after in pairwise(levels)):
        yield f"headings skip a level: {levels} (7.4)"


def of_content(pdf):
    """All that is painted is either told or set aside, and what is told leads back to its element."""
    marks = {mark for one in pdf.elements for mark in one.marks}
    for number, page in enumerate(pdf.reader.pages, 1):
        stream, place = page.get_contents().get_data(), page.indirect_reference.idnum
        depth, at = 0, 0
        for mark in MARKED.finditer(stream):
            if not depth and PAINTS.search(stream[at : mark.start()]):
                yield f"page {number} paints what is neither text nor an artifact (7.1)"
            depth += -1 if mark[0] == b"EMC" else 1
            at = mark.end()
            if mark[1] and (place, int(mark[1])) not in marks:
                yield f"page {number} tells what no element leads to (7.1)"
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            yield f"page {number} is not walked in the order of its structure (7.18.3)"


def of_links(pdf):
    if any(not link.get("/Contents") for link in pdf.links):
        yield "a link does not say where it leads (7.18.5)"
    tagged = sum(kid == "link" for one in pdf.of("/Link") for kid in one.kids)
    if tagged != len(pdf.links):
        yield f"{len(pdf.links) - tagged} links are in no Link element (7.18.5)"


def of_fonts(pdf):
    for name, embedded, readable in set(pdf.fonts):
        if not embedded:
            yield f"{name} is not embedded (7.21.4)"
        if not readable:
            yield f"{name} cannot be read back (7.21.7)"
