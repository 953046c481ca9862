"""The text of an OpenDocument file (.odt) as a tree of HTML elements, its images named by their part."""

import re
from collections.abc import Collection, Iterable, Iterator
from xml.etree import ElementTree
from zipfile import ZipFile

from areaomogenea.sandbox.packages import part

from .account import Account
from .numbering import BULLET, DECIMAL, LETTERS, NUMBER_MARK, ROMANS, Counter, Level

NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "math": "http://www.w3.org/1998/Math/MathML",
    "form": "urn:oasis:names:tc:opendocument:xmlns:form:1.0",
}
PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
# What has no words of its own for a reader, or says how others are made.
SILENT = set(
    "office:annotation-end svg:title svg:desc text:note-citation text:script text:sequence-decls text:variable-decls "
    "text:user-field-decls text:dde-connection-decls office:scripts office:forms office:annotation office:change-info "
    "text:index-title-template text:number table:title table:desc".split()
)
SOURCE = re.compile(r"text:[\w-]+-source")
CONTENTS = set(
    "text:table-of-content text:illustration-index text:table-index text:object-index text:user-index "
    "text:alphabetical-index".split()
)
BOXES = {"text:note", "draw:text-box", "draw:custom-shape"}
PARTING = {"text:s", "text:tab", "text:line-break"}
PARAGRAPHS = {"text:p", "text:h", "table:table-cell", "table:covered-table-cell"}
MARGINS = {f"style:{place}{which}" for place in ("header", "footer") for which in ("", "-left", "-first")}
BLOCKS = {"p", "ul", "ol", "table", *(f"h{level}" for level in range(1, 7))}
LONGEST_SPACE = 20
SMALLEST = 2  # points: letters that are not meant to be read
WHITE = "#ffffff"
FORMS = {"1", "a", "A", "i", "I"}
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
OUTLINE = "outline"  # the list that all headings count in


def read(package: ZipFile) -> tuple[ElementTree.Element, list[str], list[str], Account]:
    """The body as a <div>, the words of headers and footers, all passages of the body, and what was not taken of it."""
    content, styles = (ElementTree.fromstring(part(package, name)) for name in ("content.xml", "styles.xml"))  # noqa: S314 (checked when the package was opened)
    body = content.find("office:body/office:text", NAMESPACES)
    tree, account = ElementTree.Element("div"), Account()
    passages = []
    if body is not None:
        OpenDocumentReader(Styles(content, styles), account).read(body, tree)
        passages = list(passages_of(body, account.apart))
    return tree, list(furniture(styles)), passages, account


def furniture(styles: ElementTree.Element) -> Iterator[str]:
    for page in styles.iterfind("office:master-styles/style:master-page", NAMESPACES):
        for place in page:
            if name_of(place) in MARGINS and value(place, "style:display", "true") != "false":
                yield " ".join(" ".join(passages_of(place)).split())


def passages_of(element: ElementTree.Element, apart: Collection[ElementTree.Element] = ()) -> Iterator[str]:
    """The words that stand in this XML, whoever sees them: one text for each paragraph; `apart` does not count."""
    texts, boxes = [], []

    def walk(node: ElementTree.Element, is_first: bool = False) -> None:
        name = name_of(node)
        if node in apart:
            return
        if name in PARTING:
            texts.append(" ")
        elif name in BOXES and not is_first:
            boxes.append(node)
        elif is_first or not is_silent(name):
            ends = "\n" if name in PARAGRAPHS else ""
            texts.extend([ends, in_one_line(node.text)])
            for one in node:
                walk(one)
                texts.append(in_one_line(one.tail))
            texts.append(ends)

    walk(element, is_first=True)
    yield from filter(str.strip, "".join(texts).split("\n"))
    for node in boxes:
        yield from passages_of(node, apart)


def in_one_line(text: str | None) -> str:
    return text.replace("\n", " ") if text else ""


def is_silent(name: str) -> bool:
    return name in SILENT or bool(SOURCE.fullmatch(name))


def text_of(element: ElementTree.Element) -> str:
    return "\n".join(passages_of(element))


def name_of(element: ElementTree.Element) -> str:
    uri, _, local = element.tag[1:].partition("}")
    return f"{PREFIXES.get(uri, '')}:{local}"


def value(element: ElementTree.Element, name: str, default: str = "") -> str:
    prefix, _, local = name.partition(":")
    return element.get(f"{{{NAMESPACES[prefix]}}}{local}", default)


def number(element: ElementTree.Element, name: str) -> int:
    text = value(element, name, "1")
    return int(text) if text.isdecimal() and len(text) < 4 else 1


class Styles:
    """The named styles of a document, each with those that it is based on."""

    def __init__(self, *documents):
        self.styles, self.lists = {}, {}
        for document in documents:
            for style in document.iterfind(".//style:style", NAMESPACES):
                self.styles.setdefault((value(style, "style:family"), value(style, "style:name")), style)
            for style in document.iterfind(".//text:list-style", NAMESPACES):
                self.lists.setdefault(value(style, "style:name"), levels_of(style))
            for style in document.iterfind(".//text:outline-style", NAMESPACES):
                self.lists.setdefault(OUTLINE, levels_of(style, form=""))

    def lineage(self, family: str, name: str) -> list[str]:
        met = []
        while name and name not in met:
            met.append(name)
            style = self.styles.get((family, name))
            name = value(style, "style:parent-style-name") if style is not None else ""
        return met

    def says(self, family: str, name: str, prefixed: str, values: Collection[str]) -> bool:
        return self.property_of(family, name, prefixed) in values

    def property_of(self, family: str, name: str, prefixed: str) -> str:
        """What the nearest style says of a property, among itself and those that it is based on."""
        for ancestor in self.lineage(family, name):
            style = self.styles.get((family, ancestor))
            for properties in style if style is not None else ():
                if text := value(properties, prefixed):
                    return text
        return ""

    def hides(self, family: str, name: str) -> bool:
        """Hidden, or in letters that are too small to be read."""
        size = self.property_of(family, name, "fo:font-size")
        points = size.removesuffix("pt")
        is_tiny = size.endswith("pt") and points.replace(".", "", 1).isdecimal() and float(points) <= SMALLEST
        return self.says(family, name, "text:display", ("none",)) or is_tiny

    def is_pale(self, name: str) -> bool:
        return self.says("text", name, "fo:color", (WHITE,)) and not self.is_shaded("text", name)

    def is_shaded(self, family: str, name: str) -> bool:
        return self.property_of(family, name, "fo:background-color") not in ("", "transparent", WHITE)

    def list_of(self, name: str) -> str:
        """The style of the lists that paragraphs of a style stand in."""
        styles = (self.styles.get(("paragraph", ancestor)) for ancestor in self.lineage("paragraph", name))
        names = (value(style, "style:list-style-name") for style in styles if style is not None)
        return next(filter(None, names), "")

    def emphasis(self, family: str, name: str) -> list[str]:
        tags = []
        if self.says(family, name, "fo:font-weight", ("bold", "600", "700", "800", "900")):
            tags.append("strong")
        if self.says(family, name, "fo:font-style", ("italic", "oblique")):
            tags.append("em")
        if self.says(family, name, "style:text-line-through-style", ("solid", "dotted", "dash", "wave")):
            tags.append("s")
        return tags


def levels_of(style: ElementTree.Element, form: str = DECIMAL) -> dict[int, Level]:
    """`form`: how levels count that do not say it."""
    return {place - 1: level_of(level, place, form) for level in style if (place := number(level, "text:level"))}


def level_of(element: ElementTree.Element, place: int, form: str) -> Level:
    if "bullet" in name_of(element) or "image" in name_of(element):
        return Level(BULLET, "")
    form = value(element, "style:num-format", form)
    shown = range(place - min(place, number(element, "text:display-levels")) + 1, place + 1)
    text = ".".join(f"%{level}" for level in shown) if form else ""
    text = f"{value(element, 'style:num-prefix')}{text}{value(element, 'style:num-suffix')}"
    return Level(form if form in FORMS else DECIMAL, text, number(element, "text:start-value"))


class OpenDocumentReader:
    """Walks the elements of a document; what it does not know it enters, so that no word is lost."""

    def __init__(self, styles, account):
        self.styles, self.account = styles, account
        self.notes, self.deleted = [], {}
        self.counters, self.of_lists = {}, {}  # the last one of each style; those of lists that others go on with
        self.shaded = 0  # cells, paragraphs and shapes around, that have a colour of their own

    def read(self, body: ElementTree.Element, tree: ElementTree.Element) -> None:
        self.children(body, tree)
        if self.notes:
            notes = ElementTree.SubElement(tree, "ol")
            for note in self.notes:
                member = ElementTree.SubElement(notes, "li", id="footnote")
                self.children(note, member)

    def children(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        """`target` gets what the element holds: its text, then each child and the text that follows it."""
        self.add(target, element.text)
        for child in element:
            self.one(child, target)
            self.add(target, child.tail)

    def one(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        name = name_of(element)
        if name in CONTENTS:
            self.left("contents", element)
        elif not is_silent(name) or name in HANDLERS:
            getattr(self, HANDLERS.get(name, "children"))(element, target)

    def add(self, target: ElementTree.Element, text: str | None) -> None:
        self.account.take(text or "")
        add_text(target, text)

    def left(self, code: str, element: ElementTree.Element) -> None:
        self.account.leave(code, text_of(element))
        self.account.pass_over(element)

    def paragraph(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        style = value(element, "text:style-name")
        if self.styles.hides("paragraph", style) or has_mark(element, "text:hidden-paragraph"):
            self.left("hidden-text", element)
            self.account.part()
            return
        lineage = self.styles.lineage("paragraph", style)
        paragraph = ElementTree.SubElement(target, "p")
        for name in ("Title", "Subtitle"):
            if name in lineage:
                paragraph.set("class", name.lower())
        is_shaded = self.styles.is_shaded("paragraph", style)
        self.shaded += is_shaded
        self.inline(element, paragraph, self.styles.emphasis("paragraph", style))
        self.shaded -= is_shaded
        self.account.part()
        lift_blocks(target, paragraph)

    def heading(self, element: ElementTree.Element, target: ElementTree.Element, label: str | None = None) -> None:
        """`label`: the number that it has as the item of a list; else the one that all headings count."""
        if self.styles.hides("paragraph", value(element, "text:style-name")):
            self.left("hidden-text", element)
            return
        level = min(6, number(element, "text:outline-level"))
        heading = ElementTree.SubElement(target, f"h{level}")
        label = self.label_of_heading(element, level) if label is None else label
        heading.text = f"{label} " if label else None
        self.children(element, heading)
        self.account.part()

    def label_of_heading(self, element: ElementTree.Element, level: int) -> str:
        levels, place = self.styles.lists.get(OUTLINE, {}), level - 1
        if place not in levels or value(element, "text:is-list-header") == "true" or not text_of(element):
            return ""
        counter = self.counters.setdefault(OUTLINE, Counter())
        counter.next(levels, place)
        return counter.label(levels, place)

    def inline(self, element: ElementTree.Element, target: ElementTree.Element, tags: Iterable[str]) -> None:
        for tag in tags:
            target = ElementTree.SubElement(target, tag)
        self.children(element, target)

    def span(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        style = value(element, "text:style-name")
        if self.styles.hides("text", style):
            self.left("hidden-text", element)
            return
        if not self.shaded and self.styles.is_pale(style):
            self.account.leave("pale-text", name=text_of(element))
        self.inline(element, target, self.styles.emphasis("text", style))

    def link(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        self.children(element, ElementTree.SubElement(target, "a", href=value(element, "xlink:href")))

    def section(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        display = value(element, "text:display", "true")
        if display == "none" or (display == "condition" and value(element, "text:is-hidden") == "true"):
            self.left("hidden-text", element)
        else:
            self.children(element, target)

    def variable(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        if value(element, "text:display") == "none":
            self.account.pass_over(element)  # it sets what others show
        else:
            self.children(element, target)

    def hidden_text(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        if value(element, "text:is-hidden") == "true":
            self.account.pass_over(element)
            self.account.leave("hidden-text", value(element, "text:string-value"))
        else:
            self.children(element, target)

    def placeholder(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        self.left("unfilled", element)

    def date(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        if value(element, "text:fixed") != "true":
            self.account.leave("field-changing", name=text_of(element))
        self.children(element, target)

    def ruby(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        for child in element:
            if name_of(child) == "text:ruby-base":
                self.children(child, target)
            else:
                self.left("unknown", child)

    def changes(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        """What was deleted waits at the head of the text; where it stood is marked in the text."""
        self.account.note("changes")
        self.deleted = {value(region, "text:id"): region for region in element}
        for region in element:
            self.account.pass_over(region)

    def change(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        region = self.deleted.get(value(element, "text:change-id"))
        if region is not None:
            self.account.leave("changes", text_of(region))

    def comment(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        texts = [text_of(one) for one in element if name_of(one) in ("text:p", "text:list")]
        self.account.note("comments")
        self.account.leave("comments", name="\n".join(texts))

    def formula(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        self.left("formula", element)

    def line_break(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        self.account.take(" ")
        ElementTree.SubElement(target, "br")

    def space(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        self.add(target, " " * min(LONGEST_SPACE, number(element, "text:c")))

    def tab(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        self.add(target, "\t")

    def note(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        body = element.find("text:note-body", NAMESPACES)
        if body is not None:
            self.notes.append(body)
            ElementTree.SubElement(target, "sup").text = f"[{len(self.notes)}]"

    def list(
        self,
        element: ElementTree.Element,
        target: ElementTree.Element,
        style: str = "",
        level: int = 1,
        counter: Counter | None = None,
    ) -> None:
        """Items, each with its number; where that says more than a place in a list, paragraphs that begin with it."""
        style = value(element, "text:style-name") or style or self.style_of_first(element)
        levels, kind, made = self.styles.lists.get(style, {}), self.styles.lists.get(style, {}).get(level - 1), None
        counter = counter or self.counter_of(element, style)
        for member in element:
            label = self.count(member, counter, levels, level - 1)
            item = self.member(member, target, style, level, counter, label)
            if not len(item):
                continue
            if kind and not (kind.is_bullet or kind.is_item):
                made = None
                target.extend(labelled(item, label))
                continue
            if made is None:
                made = ElementTree.SubElement(target, "ul" if kind is None or kind.is_bullet else "ol")
            made.append(item)
            if label:
                item.set("id", f"{NUMBER_MARK}{counter.numbers[level - 1]}")
            if label and kind.form.lower() in (LETTERS, ROMANS):
                self.account.leave("list-letters", name=f"{label} {words_of(item)}", near="")

    def member(
        self,
        element: ElementTree.Element,
        target: ElementTree.Element,
        style: str,
        level: int,
        counter: Counter,
        label: str,
    ) -> ElementTree.Element:
        item = ElementTree.Element("li")
        for child in element:
            if name_of(child) == "text:list":
                self.list(child, item, style, level + 1, counter)
            elif name_of(child) == "text:h":  # a numbered heading stands in a list, and is none
                self.heading(child, target, label)
            else:
                self.one(child, item)
        return item

    def style_of_first(self, element: ElementTree.Element) -> str:
        paragraph = next((one for one in element.iter() if name_of(one) in ("text:p", "text:h")), None)
        return self.styles.list_of(value(paragraph, "text:style-name")) if paragraph is not None else ""

    def counter_of(self, element: ElementTree.Element, style: str) -> Counter:
        """A list begins to count, or goes on where another of its style, or one that it names, left off."""
        counter = self.of_lists.get(value(element, "text:continue-list"))
        if counter is None and value(element, "text:continue-numbering") == "true":
            counter = self.counters.get(style)
        counter = counter or Counter()
        self.counters[style] = self.of_lists[element.get(XML_ID)] = counter
        return counter

    def count(self, member: ElementTree.Element, counter: Counter, levels: dict[int, Level], place: int) -> str:
        """The number that an item shows; "" where it shows none, and counts for nothing."""
        has_words = any(name_of(child) in ("text:p", "text:h") for child in member)
        if name_of(member) != "text:list-item" or place not in levels or levels[place].is_bullet or not has_words:
            return ""
        if start := value(member, "text:start-value"):
            counter.restart(place, int(start) if start.isdecimal() and len(start) < 5 else 1)
        counter.next(levels, place)
        return counter.label(levels, place)

    def table(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
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

    def row(self, element: ElementTree.Element, target: ElementTree.Element, tag: str) -> None:
        if value(element, "table:visibility") in ("collapse", "filter"):
            self.left("hidden-text", element)
            return
        row = ElementTree.SubElement(target, "tr")
        for cell in element:
            if name_of(cell) == "table:covered-table-cell":
                self.left("hidden-text", cell)
                continue
            made = ElementTree.SubElement(row, tag)
            for attribute in ("columns", "rows"):
                if (spanned := number(cell, f"table:number-{attribute}-spanned")) > 1:
                    made.set({"columns": "colspan", "rows": "rowspan"}[attribute], str(spanned))
            is_shaded = self.styles.is_shaded("table-cell", value(cell, "table:style-name"))
            self.shaded += is_shaded
            self.children(cell, made)
            self.shaded -= is_shaded
            self.account.part()

    def frame(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        """An image, whose description is the frame's; an object, of which there is none; or a box of text."""
        descriptions = (element.findtext(f"svg:{name}", "", NAMESPACES) for name in ("desc", "title"))
        alternative = next(filter(None, map(str.strip, descriptions)), "")
        image = element.find("draw:image", NAMESPACES)
        if any(name_of(child) in ("draw:object", "draw:object-ole") for child in element):
            self.account.leave("not-text", name=alternative or "un oggetto")
            self.account.pass_over(element)
        elif image is not None:
            ElementTree.SubElement(target, "img", src=value(image, "xlink:href"), alt=alternative)
        else:
            self.children(element, target)

    def box(self, element: ElementTree.Element, target: ElementTree.Element) -> None:
        """It comes after the paragraph that it is anchored in."""
        near, place = self.account.near(), ElementTree.Element("div")
        self.shaded += 1
        self.children(element, place)
        self.shaded -= 1
        self.account.leave("text-box", name=" ".join(place.itertext()), near=near)
        for child in place:
            target.append(child)


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
    "draw:text-box": "box",
    "draw:custom-shape": "box",
    "text:section": "section",
    "text:variable-set": "variable",
    "text:variable-get": "variable",
    "text:user-field-get": "variable",
    "text:hidden-text": "hidden_text",
    "text:placeholder": "placeholder",
    "text:date": "date",
    "text:time": "date",
    "text:ruby": "ruby",
    "text:tracked-changes": "changes",
    "text:change": "change",
    "office:annotation": "comment",
    "math:math": "formula",
}


def labelled(item: ElementTree.Element, label: str) -> ElementTree.Element:
    """The blocks of an item, the first of them with its number before its words, in their looks."""
    node = next((child for child in item if child.tag == "p"), None)
    while node is not None and not node.text and len(node) and node[0].tag in ("strong", "em"):
        node = node[0]
    if node is not None and label:
        node.text = f"{label} {node.text or ''}"
    return item


def words_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def has_mark(element: ElementTree.Element, name: str) -> bool:
    return any(name_of(one) == name and value(one, "text:is-hidden") == "true" for one in element.iter())


def add_text(target: ElementTree.Element, text: str | None) -> None:
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def lift_blocks(target: ElementTree.Element, paragraph: ElementTree.Element) -> None:
    """A box of text anchored in a paragraph may hold paragraphs, tables: HTML wants them beside it."""
    for parent in list(paragraph.iter()):
        for child in [child for child in parent if child.tag in BLOCKS]:
            before = list(parent).index(child)
            add_tail_before(parent, before, child.tail)
            child.tail = None
            parent.remove(child)
            target.append(child)


def add_tail_before(parent: ElementTree.Element, position: int, text: str | None) -> None:
    if position:
        parent[position - 1].tail = (parent[position - 1].tail or "") + (text or "")
    else:
        parent.text = (parent.text or "") + (text or "")
