"""The text of an OpenDocument file (.odt) as a tree of HTML elements, its images named by their part."""

from xml.etree import ElementTree

from areaomogenea.sandbox.packages import part

NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}
PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
UNSEEN = {"office:annotation", "office:annotation-end", "text:tracked-changes", "svg:title", "svg:desc"}
BLOCKS = {"p", "ul", "ol", "table", *(f"h{level}" for level in range(1, 7))}
LONGEST_SPACE = 20


def read(package):
    """The body as a <div>, the words of headers and footers, and whether there are comments and changes."""
    content, styles = (ElementTree.fromstring(part(package, name)) for name in ("content.xml", "styles.xml"))  # noqa: S314 (checked when the package was opened)
    body = content.find("office:body/office:text", NAMESPACES)
    tree = ElementTree.Element("div")
    if body is not None:
        Reader(Styles(content, styles)).read(body, tree)
    return tree, list(furniture(styles)), marks(content)


def furniture(styles):
    for page in styles.iterfind("office:master-styles/style:master-page", NAMESPACES):
        for place in page:
            if name_of(place) in ("style:header", "style:footer"):
                yield " ".join("".join(place.itertext()).split())


def marks(content):
    has_comments = content.find(".//office:annotation", NAMESPACES) is not None
    has_changes = content.find(".//text:tracked-changes", NAMESPACES) is not None
    return has_comments, has_changes


def name_of(element):
    uri, _, local = element.tag[1:].partition("}")
    return f"{PREFIXES.get(uri, '')}:{local}"


def value(element, name, default=""):
    prefix, _, local = name.partition(":")
    return element.get(f"{{{NAMESPACES[prefix]}}}{local}", default)


def number(element, name):
    given = value(element, name, "1")
    return int(given) if given.isdecimal() and len(given) < 4 else 1


class Styles:
    """What the named styles of a document mean, each with those that it is based on."""

    def __init__(self, *documents):
        self.styles, self.numbered = {}, {}
        for document in documents:
            for style in document.iterfind(".//style:style", NAMESPACES):
                self.styles.setdefault((value(style, "style:family"), value(style, "style:name")), style)
            for style in document.iterfind(".//text:list-style", NAMESPACES):
                levels = {value(level, "text:level") for level in style if "number" in name_of(level)}
                self.numbered.setdefault(value(style, "style:name"), levels)

    def lineage(self, family, name):
        met = []
        while name and name not in met:
            met.append(name)
            style = self.styles.get((family, name))
            name = value(style, "style:parent-style-name") if style is not None else ""
        return met

    def says(self, family, name, prefixed, wanted):
        """What the nearest style says of a property, among itself and those that it is based on."""
        for ancestor in self.lineage(family, name):
            style = self.styles.get((family, ancestor))
            properties = style.find("style:text-properties", NAMESPACES) if style is not None else None
            if properties is not None and value(properties, prefixed):
                return value(properties, prefixed) in wanted
        return False

    def emphasis(self, family, name):
        tags = []
        if self.says(family, name, "fo:font-weight", ("bold", "600", "700", "800", "900")):
            tags.append("strong")
        if self.says(family, name, "fo:font-style", ("italic", "oblique")):
            tags.append("em")
        if self.says(family, name, "style:text-line-through-style", ("solid", "dotted", "dash", "wave")):
            tags.append("s")
        return tags


class Reader:
    """Walks the elements of a document; what it does not know it enters, so that no word is lost."""

    def __init__(self, styles):
        self.styles = styles
        self.notes = []

    def read(self, body, tree):
        self.children(body, tree)
        if self.notes:
            notes = ElementTree.SubElement(tree, "ol")
            for note in self.notes:
                member = ElementTree.SubElement(notes, "li", id="footnote")
                self.children(note, member)

    def children(self, element, target):
        """`target` gets what the element holds: its text, then each child and the text that follows it."""
        add_text(target, element.text)
        for child in element:
            name = name_of(child)
            if name not in UNSEEN:
                getattr(self, HANDLERS.get(name, "children"))(child, target)
            add_text(target, child.tail)

    def paragraph(self, element, target):
        style = value(element, "text:style-name")
        lineage = self.styles.lineage("paragraph", style)
        paragraph = ElementTree.SubElement(target, "p")
        for name in ("Title", "Subtitle"):
            if name in lineage:
                paragraph.set("class", name.lower())
        self.inline(element, paragraph, self.styles.emphasis("paragraph", style))
        lift_blocks(target, paragraph)

    def heading(self, element, target):
        level = min(6, number(element, "text:outline-level"))
        self.children(element, ElementTree.SubElement(target, f"h{level}"))

    def inline(self, element, target, tags):
        for tag in tags:
            target = ElementTree.SubElement(target, tag)
        self.children(element, target)

    def span(self, element, target):
        self.inline(element, target, self.styles.emphasis("text", value(element, "text:style-name")))

    def link(self, element, target):
        self.children(element, ElementTree.SubElement(target, "a", href=value(element, "xlink:href")))

    def line_break(self, element, target):
        ElementTree.SubElement(target, "br")

    def space(self, element, target):
        add_text(target, " " * min(LONGEST_SPACE, number(element, "text:c")))

    def tab(self, element, target):
        add_text(target, " ")

    def note(self, element, target):
        body = element.find("text:note-body", NAMESPACES)
        if body is not None:
            self.notes.append(body)
            ElementTree.SubElement(target, "sup").text = f"[{len(self.notes)}]"

    def list(self, element, target, style="", level=1):
        style = value(element, "text:style-name") or style
        is_numbered = str(level) in self.styles.numbered.get(style, ())
        made = ElementTree.SubElement(target, "ol" if is_numbered else "ul")
        for member in element:
            item = ElementTree.SubElement(made, "li")
            for child in member:
                if name_of(child) == "text:list":
                    self.list(child, item, style, level + 1)
                elif name_of(child) == "text:h":  # a numbered heading stands in a list, and is none
                    self.heading(child, target)
                elif name_of(child) not in UNSEEN:
                    getattr(self, HANDLERS.get(name_of(child), "children"))(child, item)
            if not len(item) and not item.text:
                made.remove(item)

    def table(self, element, target):
        made = ElementTree.SubElement(target, "table")
        head = ElementTree.Element("thead")
        for row in element.iterfind("table:table-header-rows/table:table-row", NAMESPACES):
            self.row(row, head, "th")
        if len(head):
            made.append(head)
        body = ElementTree.SubElement(made, "tbody")
        for child in element:
            inside = child.iterfind("table:table-row", NAMESPACES) if name_of(child) == "table:table-rows" else [child]
            for row in inside:
                if name_of(row) == "table:table-row":
                    self.row(row, body, "td")

    def row(self, element, target, tag):
        row = ElementTree.SubElement(target, "tr")
        for cell in element.iterfind("table:table-cell", NAMESPACES):
            made = ElementTree.SubElement(row, tag)
            for attribute in ("columns", "rows"):
                if (spanned := number(cell, f"table:number-{attribute}-spanned")) > 1:
                    made.set({"columns": "colspan", "rows": "rowspan"}[attribute], str(spanned))
            self.children(cell, made)

    def frame(self, element, target):
        """An image, whose description is the frame's; or a box of text, which comes after its paragraph."""
        image = element.find("draw:image", NAMESPACES)
        if image is None:
            self.children(element, target)
            return
        told = (element.findtext(f"svg:{name}", "", NAMESPACES) for name in ("desc", "title"))
        alternative = next(filter(None, map(str.strip, told)), "")
        ElementTree.SubElement(target, "img", src=value(image, "xlink:href"), alt=alternative)


HANDLERS = {
    "text:p": "paragraph",
    "text:h": "heading",
    "text:span": "span",
    "text:a": "link",
    "text:line-break": "line_break",
    "text:s": "space",
    "text:tab": "tab",
    "text:note": "note",
    "text:list": "list",
    "table:table": "table",
    "draw:frame": "frame",
}


def add_text(target, text):
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def lift_blocks(target, paragraph):
    """A box of text anchored in a paragraph may hold paragraphs, tables: HTML wants them beside it."""
    for parent in list(paragraph.iter()):
        for child in [child for child in parent if child.tag in BLOCKS]:
            before = list(parent).index(child)
            add_tail_before(parent, before, child.tail)
            child.tail = None
            parent.remove(child)
            target.append(child)


def add_tail_before(parent, position, text):
    if position:
        parent[position - 1].tail = (parent[position - 1].tail or "") + (text or "")
    else:
        parent.text = (parent.text or "") + (text or "")
