"""The XML of a Word document made plain for its converter: what readers see comes within reach, the rest is told."""

import posixpath
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import groupby, islice
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from areaomogenea.sandbox import limits
from areaomogenea.sandbox.errors import TooCostly
from areaomogenea.sandbox.packages import part

from .account import Account
from .numbering import BULLET, DECIMAL, LETTERS, NUMBER_MARK, ORDINAL, PADDED, ROMANS, Counter, Level

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PLACED = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
PICTURED = "http://schemas.openxmlformats.org/drawingml/2006/picture"
VECTOR = "urn:schemas-microsoft-com:vml"
OFFICE = "urn:schemas-microsoft-com:office:office"
PREFIXES = {
    WORD: "w",
    MATH: "m",
    COMPATIBILITY: "mc",
    RELATIONS: "r",
    PLACED: "wp",
    DRAWN: "a",
    PICTURED: "pic",
    VECTOR: "v",
    OFFICE: "o",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://schemas.microsoft.com/office/drawing/2014/chartex": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    # The same things in the strict form of the format
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/picture": "pic",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
}
NAMESPACES = {}
for uri, prefix in PREFIXES.items():
    NAMESPACES.setdefault(prefix, uri)
READ = {"w:document", "w:footnotes", "w:endnotes"}
MARGINS = {"w:hdr", "w:ftr"}
BESIDE = ("styles", "numbering", "footnotes", "endnotes", "comments", "header", "footer")
FORMS = {
    "bullet": BULLET,
    "decimal": DECIMAL,
    "decimalZero": PADDED,
    "ordinal": ORDINAL,
    "lowerLetter": LETTERS,
    "upperLetter": LETTERS.upper(),
    "lowerRoman": ROMANS,
    "upperRoman": ROMANS.upper(),
    "none": "",
}
LEVELS = 9
ORDERED, UNORDERED = "1", "2"  # the only lists that the converter is told of

TEXTS = {"w:t", "w:delText", "m:t", "a:t"}
MOST_BREAKS = 3  # one after the other
PARTING = {"w:tab", "w:br", "w:cr", "w:ptab", "w:noBreakHyphen", "w:sym"}
BOXES = {"w:txbxContent"}
PARAGRAPHS = {"w:p", "w:tr", "w:tc"}
NOTES = {"w:footnote", "w:endnote"}
# What has no words of its own, or says how others look.
SILENT = set(
    "w:proofErr w:lastRenderedPageBreak w:bookmarkEnd w:commentRangeStart w:commentRangeEnd w:annotationRef "
    "w:permStart w:permEnd w:separator w:continuationSeparator w:ffData w:fldData w:instrText w:delInstrText "
    "w:moveFromRangeStart w:moveFromRangeEnd w:moveToRangeStart w:moveToRangeEnd w:customXmlInsRangeStart "
    "w:customXmlInsRangeEnd w:customXmlDelRangeStart w:customXmlDelRangeEnd w:customXmlMoveFromRangeStart "
    "w:customXmlMoveFromRangeEnd w:customXmlMoveToRangeStart w:customXmlMoveToRangeEnd w:sdtEndPr w:background "
    "w:tblGrid w:pgNum w:dayShort w:monthShort w:yearShort w:dayLong w:monthLong w:yearLong w:numberingChange".split()
)
KEPT = set(
    "w:tab w:br w:noBreakHyphen w:softHyphen w:bookmarkStart w:footnoteRef w:endnoteRef w:sectPr w:pPr w:rPr w:tblPr "
    "w:tblGrid w:trPr w:tcPr".split()
)
PROPERTIES = re.compile(r"Pr(?:Ex|Change)?$")
IS_TRUE = {None, "1", "true", "on"}
SMALLEST = 4  # half points: letters of two points are not meant to be read
CONTENTS = re.compile(r"toc (?:\d|heading)|table of figures", re.IGNORECASE)
INSTRUCTION = re.compile(r"\s*\\?\s*([A-Za-z=]+)")
CHANGING = {"DATE", "TIME", "PRINTDATE"}
WITHOUT_RESULT = {"XE", "TC", "TA", "RD", "SET", "ASK", "PRIVATE", "HYPERLINK", "ADVANCE", "NEXT", "SECTION", "PAGE"}
UNFILLED = {"MACROBUTTON", "GOTOBUTTON"}
WHITE = "FFFFFF"
# Of what says how others look, all that the converter asks; and what it asks nothing of.
READ_PROPERTIES = {
    "w:rPr": set("w:rStyle w:b w:i w:u w:strike w:dstrike w:caps w:smallCaps w:vertAlign w:del".split()),
    "w:pPr": {"w:pStyle", "w:numPr", "w:rPr"},
    "w:tblPr": {"w:tblStyle"},
    "w:trPr": {"w:tblHeader"},
    "w:tcPr": {"w:gridSpan", "w:vMerge"},
}
BARE = {"w:p", "w:r", "w:tr"}
IN_LINE = {"m:oMath", "m:r"}
ON, OFF = "☒", "☐"
HIDDEN_SHAPE = re.compile(r"visibility\s*:\s*hidden", re.IGNORECASE)
LONGEST_NAME = 80
HEADING = re.compile(r"(?:heading \d|title|subtitle)$", re.IGNORECASE)


def name_of(element: ElementTree.Element) -> str:
    """The tag as everybody writes it: w:p for a paragraph, in either form of the format."""
    return name_by(element.tag)


@lru_cache(maxsize=1024)
def name_by(tag: str) -> str:
    uri, _, local = tag.rpartition("}")
    prefix = PREFIXES.get(uri.lstrip("{"))
    return f"{prefix}:{local}" if prefix else local


def value(element: ElementTree.Element | None, name: str, default: str | None = None) -> str | None:
    if element is None:
        return default
    local = name.rpartition(":")[2]
    for key, text in element.attrib.items():
        if key.rpartition("}")[2] == local:
            return text
    return default


def child(element: ElementTree.Element | None, *path: str) -> ElementTree.Element | None:
    for name in path:
        element = next((one for one in element if name_of(one) == name), None) if element is not None else None
    return element


def made(name: str, *children: ElementTree.Element, **attributes: Any) -> ElementTree.Element:
    prefix, _, local = name.partition(":")
    element = ElementTree.Element(f"{{{NAMESPACES[prefix]}}}{local}", attributes)
    element.extend(children)
    return element


def text_element(text: str) -> ElementTree.Element:
    element = made("w:t")
    element.text = text
    return element


def is_on(element: ElementTree.Element | None) -> bool:
    return element is not None and value(element, "w:val") in IS_TRUE


# The package


@dataclass
class Plain:
    """A Word document for its converter, in which an image is the name of its part; and what was found on the way."""

    file: BytesIO
    passages: list  # all the words of the document's own XML, a paragraph each
    margins: list
    account: Account


def plain(package: ZipFile) -> Plain:
    trees = trees_of(package)
    account, passages, margins = Account(), [], []
    styles = Styles(next((tree for tree in trees.values() if name_of(tree) == "w:styles"), None))
    comments = comments_of(trees.values())
    name, tree = next(((name, tree) for name, tree in trees.items() if name_of(tree) == "w:numbering"), ("", None))
    numbering = Numbering(tree, styles)
    if name:
        trees[name] = two_lists()
    referred = set()
    if sum(name_of(node) == "w:p" for tree in trees.values() for node in tree.iter()) > limits.PARAGRAPHS_OF_A_DOCUMENT:
        raise TooCostly
    for tree in sorted(trees.values(), key=lambda tree: name_of(tree) != "w:document"):  # notes come after the text
        name = name_of(tree)
        if name in READ:
            whole, elements = deepcopy(tree), list(tree.iter())
            reader = WordReader(tree, styles, numbering, account, comments)
            reader.fill(tree)
            apart = {copy for element, copy in zip(elements, whole.iter(), strict=True) if element in account.apart}
            passages += passages_of(whole, apart, None if name == "w:document" else referred)
            referred |= reader.referred
            make_light(tree)
        elif name in MARGINS:
            WordReader(tree, styles, Numbering(None, styles), Account(), comments).fill(tree)
            margins.append(" ".join(" ".join(passages_of(tree)).split()))
    return Plain(repacked(package, trees), passages, margins, account)


def trees_of(package: ZipFile) -> dict[str, ElementTree.Element]:
    """The main part and those beside it that hold text or say how it looks, by their names."""
    names = set(package.namelist())
    main = next((name for kind, name in relations(package, "_rels/.rels") if kind == "officeDocument"), "")
    main = main if main in names else "word/document.xml"
    folder, _, name = main.rpartition("/")
    beside = [name for kind, name in relations(package, f"{folder}/_rels/{name}.rels", folder) if kind in BESIDE]
    beside += [f"{folder}/{kind}.xml" for kind in BESIDE]  # where the converter looks when nothing is said
    parts = [main, *(name for name in dict.fromkeys(beside) if name in names and name != main)]
    return {name: ElementTree.fromstring(part(package, name)) for name in parts}  # noqa: S314 (checked when the package was opened)


def relations(package: ZipFile, name: str, folder: str = "") -> Iterator[tuple[str, str]]:
    """The kind of each part that another refers to, and its name."""
    if name in package.namelist():
        for relation in ElementTree.fromstring(part(package, name)):  # noqa: S314 (as above)
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            yield relation.get("Type", "").rpartition("/")[2], target.lstrip("/")


def repacked(package: ZipFile, trees: Mapping[str, ElementTree.Element]) -> BytesIO:
    """The package anew; of images, which are large, only their names."""
    file = BytesIO()
    with ZipFile(file, "w") as plain:
        for name in dict.fromkeys(package.namelist()):
            if name in trees:
                content = ElementTree.tostring(trees[name])
            elif name.lower().endswith((".xml", ".rels")):
                content = part(package, name)
            else:
                content = name.encode()
            plain.writestr(name, content)
    return file


def make_light(tree: ElementTree.Element) -> None:
    """Leaves out what the converter does not ask, and joins the runs that Word cut: it is slow by the element."""
    for element in tree.iter():
        name = name_of(element)
        if name in BARE:
            element.attrib.clear()
        if name in READ_PROPERTIES:
            element[:] = [one for one in element if name_of(one) in READ_PROPERTIES[name]]
        elif len(element):
            element[:] = [one for one in element if name_of(one) not in READ_PROPERTIES or asks(one)]
            join_runs(element)


def asks(properties: ElementTree.Element) -> bool:
    return any(name_of(one) in READ_PROPERTIES[name_of(properties)] for one in properties)


def join_runs(parent: ElementTree.Element) -> None:
    joined = []
    for element in parent:
        if joined and name_of(element) == name_of(joined[-1]) == "w:r" and looks(element) == looks(joined[-1]):
            words = [one for one in element if name_of(one) != "w:rPr"]
            if len(joined[-1]) and words and name_of(joined[-1][-1]) == name_of(words[0]) == "w:t":
                joined[-1][-1].text = (joined[-1][-1].text or "") + (words.pop(0).text or "")
            joined[-1].extend(words)
        else:
            joined.append(element)
    if len(joined) < len(parent):
        parent[:] = joined


def looks(run: ElementTree.Element) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    return [
        (one.tag, tuple(one.attrib.items()))
        for one in child(run, "w:rPr") or ()
        if name_of(one) in READ_PROPERTIES["w:rPr"]
    ]


def comments_of(trees: Iterable[ElementTree.Element]) -> dict[str | None, str]:
    return {
        value(comment, "w:id"): " ".join(" ".join(passages_of(comment)).split())
        for tree in trees
        if name_of(tree) == "w:comments"
        for comment in tree
    }


def passages_of(
    element: ElementTree.Element,
    apart: Collection[ElementTree.Element] = (),
    referred: Container[tuple[str, str | None]] | None = None,
) -> Iterator[str]:
    """The words that stand in this XML, whoever sees them: one text for each paragraph, none of them twice.

    `apart`: elements that do not count; `referred`: the only notes that do.
    """
    texts, boxes = [], []

    def walk(node: ElementTree.Element) -> None:
        name = name_of(node)
        if node in apart or (name in NOTES and referred is not None and note_of(node) not in referred):
            return
        if name in TEXTS:
            texts.append(node.text or "")
        elif name in PARTING:
            texts.append(" ")
        elif name in BOXES:
            boxes.append(node)
        elif name == "mc:AlternateContent":
            if (chosen := alternative_of(node)) is not None:
                walk(chosen)
        else:
            ends = "\n" if name in PARAGRAPHS else ""
            texts.append(ends)
            for one in node:
                walk(one)
            texts.append(ends)

    walk(element)
    yield from filter(str.strip, "".join(texts).split("\n"))
    for box in boxes:
        for one in box:
            yield from passages_of(one, apart)


def note_of(element: ElementTree.Element) -> tuple[str, str | None]:
    return name_of(element).removesuffix("Reference"), value(element, "w:id")


def alternative_of(element: ElementTree.Element) -> ElementTree.Element:
    """The first way that says something, of those in which a thing is written for old and new programs."""
    return next(filter(says_something, element), element[0] if len(element) else None)


def says_something(element: ElementTree.Element) -> bool:
    return any(
        (name_of(node) in TEXTS and (node.text or "").strip())
        or name_of(node) in ("a:blip", "v:imagedata", "v:textpath", "c:chart", "dgm:relIds")
        for node in element.iter()
    )


def text_of(element: ElementTree.Element) -> str:
    return "\n".join(passages_of(element))


# Styles


class Styles:
    """Which text is hidden by its style, and what styles are called."""

    def __init__(self, tree):
        styles = [style for style in tree if name_of(style) == "w:style"] if tree is not None else []
        self.styles = {value(style, "w:styleId"): style for style in reversed(styles)}
        self.first = {
            value(style, "w:type"): value(style, "w:styleId")
            for style in styles
            if value(style, "w:default") in ("1", "true", "on")
        }
        default = child(tree, "w:docDefaults", "w:rPrDefault", "w:rPr", "w:vanish") if tree is not None else None
        self.hides_all = is_on(default)

    def name(self, key: str | None) -> str:
        return value(child(self.styles[key], "w:name"), "w:val", "") if key in self.styles else ""

    def says(self, key: str | None, name: str) -> ElementTree.Element | None:
        """The property of a style, or of the nearest that it is based on."""
        met = set()
        while key in self.styles and key not in met:
            met.add(key)
            style = self.styles[key]
            if (element := child(style, "w:rPr", name)) is not None:
                return element
            key = value(child(style, "w:basedOn"), "w:val")
        return None

    def numbering(self, key: str | None) -> ElementTree.Element | None:
        """The numbering of a style, or of the nearest that it is based on."""
        met = set()
        while key in self.styles and key not in met:
            met.add(key)
            if (element := child(self.styles[key], "w:pPr", "w:numPr")) is not None:
                return element
            key = value(child(self.styles[key], "w:basedOn"), "w:val")
        return None

    def hides(self, paragraph_style: str | None, run: ElementTree.Element) -> bool:
        """Hidden by its style, by its own looks, or by letters too small to be read."""
        properties = child(run, "w:rPr")
        own = child(properties, "w:vanish") if properties is not None else None
        run_style = value(child(properties, "w:rStyle"), "w:val") if properties is not None else None
        keys = (paragraph_style or self.first.get("paragraph"), run_style or self.first.get("character"))
        if own is not None:
            is_hidden = is_on(own)
        else:
            # As the format has it: what two styles hide is shown.
            is_hidden = self.hides_all or (
                is_on(self.says(keys[0], "w:vanish")) != is_on(self.says(keys[1], "w:vanish"))
            )
        sizes = [child(properties, "w:sz") if properties is not None else None]
        sizes += [self.says(key, "w:sz") for key in reversed(keys)]
        size = value(next((size for size in sizes if size is not None), None), "w:val", "")
        return is_hidden or (size.isdecimal() and int(size) <= SMALLEST)


# Numbers


@dataclass(frozen=True)
class Numbered:
    """A paragraph of a list, or one that only has a number before its words."""

    level: Level
    place: int
    number: int
    label: str


class Numbering:
    """Counts the paragraphs of a document as a word processor does that shows it."""

    def __init__(self, tree, styles):
        self.styles, self.counters, self.begun = styles, {}, set()
        parts = list(tree) if tree is not None else []
        self.abstracts = {value(one, "w:abstractNumId"): one for one in parts if name_of(one) == "w:abstractNum"}
        self.numbers = {value(one, "w:numId"): one for one in parts if name_of(one) == "w:num"}
        self.known = {}  # levels by the list that has them
        self.of_styles = {
            value(child(level, "w:pStyle"), "w:val"): int(place)
            for abstract in self.abstracts.values()
            for level in abstract
            if child(level, "w:pStyle") is not None and (place := value(level, "w:ilvl", "")).isdecimal()
        }

    def next(self, properties: ElementTree.Element) -> Numbered | None:
        """The number of the next paragraph, of these properties; None if it has none."""
        style = value(child(properties, "w:pStyle"), "w:val") or self.styles.first.get("paragraph")
        key, place = self.list_of(properties, style)
        abstract = self.abstract_of(key)
        levels = self.levels(abstract, key)
        if place not in levels:
            return None
        counter = self.counters.setdefault(value(abstract, "w:abstractNumId"), Counter())
        if (key, place) not in self.begun:
            self.begun.add((key, place))
            if (start := self.override(key, place, "w:startOverride")) is not None:
                counter.restart(place, start)
        level = levels[place]
        number = counter.next(levels, place)
        return Numbered(level, place, number, "" if level.is_bullet else counter.label(levels, place))

    def list_of(self, properties: ElementTree.Element, style: str | None) -> tuple[str | None, int]:
        """The list and the level of a paragraph: its own, else those of its style."""
        own, of_style = child(properties, "w:numPr"), self.styles.numbering(style)
        numberings = [child(one, "w:numId") for one in (own, of_style) if one is not None]
        key = value(next((one for one in numberings if one is not None), None), "w:val")
        place = value(child(own, "w:ilvl"), "w:val") if own is not None else None
        if place is None and style in self.of_styles:
            return key, self.of_styles[style]
        if place is None and of_style is not None:
            place = value(child(of_style, "w:ilvl"), "w:val")
        return key, int(place) if place and place.isdecimal() else 0

    def abstract_of(self, key: str | None, met: Collection[str | None] = ()) -> ElementTree.Element | None:
        abstract = self.abstracts.get(value(child(self.numbers.get(key), "w:abstractNumId"), "w:val"))
        linked = value(child(abstract, "w:numStyleLink"), "w:val")
        if linked is None or key in met:
            return abstract
        other = value(child(self.styles.numbering(linked), "w:numId"), "w:val")
        return self.abstract_of(other, (*met, key))

    def levels(self, abstract: ElementTree.Element | None, key: str | None) -> dict[int, Level]:
        if abstract is None:
            return {}
        if key not in self.known:
            own = {value(one, "w:ilvl", "0"): one for one in abstract if name_of(one) == "w:lvl"}
            own |= {place: one for place in own if (one := self.override(key, place, "w:lvl")) is not None}
            self.known[key] = {int(place): level_of(one, place) for place, one in own.items() if place.isdecimal()}
        return self.known[key]

    def override(self, key: str, place: int | str, name: str) -> Any:
        """What this list says otherwise than the one that it is made from: the number of a start, or a level."""
        number = self.numbers.get(key)
        for one in number if number is not None else ():
            if name_of(one) == "w:lvlOverride" and value(one, "w:ilvl") == str(place):
                element = child(one, name)
                if name != "w:startOverride" or element is None:
                    return element
                start = value(element, "w:val", "")
                return int(start) if start.isdecimal() else None
        return None


def level_of(element: ElementTree.Element, place: str) -> Level:
    form = FORMS.get(value(child(element, "w:numFmt"), "w:val", "decimal"), DECIMAL)
    text = value(child(element, "w:lvlText"), "w:val", f"%{int(place) + 1}")
    start = value(child(element, "w:start"), "w:val", "1")
    if is_on(child(element, "w:rPr", "w:vanish")):
        text = ""
    return Level(form, text, int(start) if start.isdecimal() else 1, is_on(child(element, "w:isLgl")))


def two_lists() -> ElementTree.Element:
    """Two lists, one with numbers and one with bullets: all that the converter need know."""
    parts = []
    for key, form in ((ORDERED, "decimal"), (UNORDERED, "bullet")):
        levels = [
            made("w:lvl", made("w:numFmt", **of_word(val=form)), **of_word(ilvl=str(place))) for place in range(LEVELS)
        ]
        parts.append(made("w:abstractNum", *levels, **of_word(abstractNumId=key)))
    parts += [
        made("w:num", made("w:abstractNumId", **of_word(val=key)), **of_word(numId=key)) for key in (ORDERED, UNORDERED)
    ]
    return made("w:numbering", *parts)


def of_word(**attributes: Any) -> dict[str, str]:
    return {f"{{{WORD}}}{name}": attribute for name, attribute in attributes.items()}


# Fields


@dataclass
class Field:
    """A value that a program computes: an instruction, and as a rule the result that it showed last."""

    begin: ElementTree.Element
    instruction: str = ""
    near: str = ""
    is_closed: bool = False
    result: str = ""

    @property
    def code(self) -> str:
        match = INSTRUCTION.match(self.instruction)
        return match[1].upper() if match else ""


def complex_fields(tree: ElementTree.Element) -> dict[ElementTree.Element, Field]:
    """The complex fields of a part, by each of their marks; those that never end are none."""
    fields, open_fields = {}, []
    for node in tree.iter():
        name = name_of(node)
        if name == "w:fldChar":
            kind = value(node, "w:fldCharType")
            if kind == "begin":
                open_fields.append(Field(node))
            if open_fields:
                fields[node] = open_fields[-1]
            if kind == "end" and open_fields:
                open_fields.pop().is_closed = True
        elif name == "w:instrText" and open_fields:
            open_fields[-1].instruction += node.text or ""
            fields[node] = open_fields[-1]
    return {node: field for node, field in fields.items() if field.is_closed}


# From the tree of a part to one that the converter understands


class WordReader:
    """Walks a part in its order and puts in the place of each element what the converter can read."""

    def __init__(self, tree, styles, numbering, account, comments):
        self.tree, self.styles, self.numbering = tree, styles, numbering
        self.account, self.comments = account, comments
        self.outer = []  # the levels of the lists that the paragraph before stands in
        self.fields, self.open_fields = complex_fields(tree), []
        self.boxes, self.style = [], None
        self.shaded = 0  # cells, paragraphs and boxes around, that have a colour of their own
        self.referred = set()

    def fill(self, element: ElementTree.Element) -> ElementTree.Element:
        """The element, with what its children become."""
        element[:] = self.all(element)
        return element

    def all(self, elements: ElementTree.Element) -> list[ElementTree.Element]:
        return [element for one in with_drop_caps(list(elements)) for element in self.read(one)]

    def read(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        name = name_of(element)
        if name in HANDLERS:
            return getattr(self, HANDLERS[name])(element)
        if name in KEPT:
            if name in PARTING:
                self.account.take(" ")
            return [element]
        if name in SILENT or PROPERTIES.search(name):
            return []
        if name == "contentPart":
            self.account.leave("not-text", name="un disegno a mano")
        if element.text and element.text.strip():
            self.account.leave("unknown", element.text)
        return self.all(element)  # a wrapper that the converter need not know

    # Blocks

    def keep(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        return [self.fill(element)]

    def paragraph(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        style = value(child(element, "w:pPr", "w:pStyle"), "w:val")
        if CONTENTS.match(self.styles.name(style)):
            self.left("contents", element)
            self.account.part()
            return []
        outer = self.style, self.boxes
        self.style, self.boxes = style, []
        self.fill_on(element, is_shaded(child(element, "w:pPr")))
        self.number(element)
        boxes = self.boxes
        self.style, self.boxes = outer
        self.account.part()
        return [element, *self.out_of_boxes(boxes)]

    def number(self, element: ElementTree.Element) -> None:
        """An item stays one, with its number; any other number becomes words before those of its paragraph."""
        properties = child(element, "w:pPr")
        if properties is None:
            properties = made("w:pPr")
            element.insert(0, properties)
        if child(properties, "w:rPr", "w:del") is not None and not list(passages_of(element)):
            return  # it goes with its words
        numbered = self.numbering.next(properties)
        is_heading = HEADING.match(self.styles.name(self.style)) is not None
        if (own := child(properties, "w:numPr")) is not None:
            properties.remove(own)
        if numbered is None or is_heading or not (numbered.level.is_bullet or numbered.level.is_item):
            self.outer = []
            if numbered is not None and numbered.label and list(passages_of(element)):
                element.insert(1, made("w:r", *looks_of_first(element), text_element(f"{numbered.label} ")))
            return
        while self.outer and self.outer[-1] >= numbered.place:
            self.outer.pop()
        self.outer.append(numbered.place)
        key = UNORDERED if numbered.level.is_bullet else ORDERED
        place = made("w:ilvl", **of_word(val=str(len(self.outer) - 1)))
        properties.append(made("w:numPr", place, made("w:numId", **of_word(val=key))))
        if not numbered.level.is_bullet:
            element.insert(1, made("w:bookmarkStart", **of_word(name=f"{NUMBER_MARK}{numbered.number}")))
            if numbered.level.form.lower() in (LETTERS, ROMANS):
                self.account.leave("list-letters", name=f"{numbered.label} {text_of(element)}", near="")

    def out_of_boxes(self, boxes: Iterable[ElementTree.Element]) -> list[ElementTree.Element]:
        """What stands in boxes comes after the paragraph that they are anchored in."""
        blocks, near = [], self.account.near()
        for box in boxes:
            self.shaded += 1
            read = self.all(box)
            self.shaded -= 1
            blocks += read
            shown = " ".join(text for block in read for text in passages_of(block))
            self.account.leave("text-box", name=shown, near=near)
        return blocks

    def row(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        properties = child(element, "w:trPr")
        if properties is not None and is_on(child(properties, "w:hidden")):
            return self.left("hidden-text", element)
        if properties is not None and child(properties, "w:del") is not None:
            return self.left("changes", element)
        return self.keep(element)

    def cell(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        if child(element, "w:tcPr", "w:cellDel") is not None:
            self.left("changes", element)
            element[:] = [child(element, "w:tcPr"), made("w:p")]
            return [element]
        self.fill_on(element, is_shaded(child(element, "w:tcPr")))
        return [element]

    def fill_on(self, element: ElementTree.Element, is_shaded: bool) -> None:
        self.shaded += is_shaded
        outer, self.outer = self.outer, [] if name_of(element) == "w:tc" else self.outer
        self.fill(element)
        if name_of(element) == "w:tc":
            self.outer = outer
        self.shaded -= is_shaded

    def left(self, code: str, element: ElementTree.Element) -> list[ElementTree.Element]:
        self.account.leave(code, text_of(element))
        self.account.pass_over(element)
        return []

    def added(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        self.account.note("changes")
        return self.all(element)

    def deleted(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        return self.left("changes", element)

    def content_control(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        properties, content = child(element, "w:sdtPr"), child(element, "w:sdtContent")
        if content is None:
            return []
        if properties is not None and is_on(child(properties, "w:showingPlcHdr")):
            return self.left("unfilled", content)
        gallery = child(properties, "w:docPartObj", "w:docPartGallery") if properties is not None else None
        if value(gallery, "w:val") == "Table of Contents":
            return self.left("contents", content)
        return self.all(content)

    def inserted(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        self.account.leave("inserted", name="un altro documento")
        return []

    # Runs

    def run(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        if self.styles.hides(self.style, element):
            self.left("hidden-text", element)
            element[:] = [one for one in element if name_of(one) in ("w:fldChar", "w:instrText")]
        elif not self.shaded and is_pale(element):
            self.account.leave("pale-text", text_of(element))
            self.account.open = None
        self.fill(element)
        element[:] = list(in_few_breaks(element))
        return [element]

    def text(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        text = element.text or ""
        if any(not field.is_shown for field in self.open_fields):
            self.account.pass_over(element)
            return []
        for field in self.open_fields:
            field.field.result += text
        self.account.take(text)
        return [element]

    def line_break(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        self.account.take(" ")
        return [made("w:br")]

    def tab(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        self.account.take(" ")
        return [made("w:tab")]

    def sign(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        try:
            int(value(element, "w:char", ""), 16)
        except ValueError:
            return []
        return [element]

    def reference(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        self.referred.add(note_of(element))
        return [element]

    def comment(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        if text := self.comments.get(value(element, "w:id")):
            self.account.leave("comments", name=text)
        return []

    def ruby(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        if (above := child(element, "w:rt")) is not None:
            self.left("unknown", above)
        base = child(element, "w:rubyBase")
        return self.all(base) if base is not None else []

    def formula(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        """A line of signs is text; what has fractions and roots would say something else on one line."""
        if not is_in_line(element):
            return self.left("formula", element)
        text = "".join(node.text or "" for node in element.iter() if name_of(node) == "m:t")
        self.account.take(text)
        return [made("w:r", text_element(text))]

    # Fields

    def simple_field(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        code = Field(element, value(element, "w:instr", "")).code
        near, children = self.account.near(), self.all(element)
        self.settle_field(code, value(element, "w:instr", ""), text_of(element), near)
        return children

    def mark(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        field = self.fields.get(element)
        if field is None:
            return []
        kind = value(element, "w:fldCharType")
        if kind == "begin":
            field.near = self.account.near()
            self.open_fields.append(OpenField(field))
        elif kind == "separate":
            self.open_fields[-1].is_shown = True
        else:
            self.open_fields = [one for one in self.open_fields if one.field is not field]
            return [*self.closed(field), *([element] if field.code == "HYPERLINK" else [])]
        return [element] if field.code == "HYPERLINK" else []

    def instruction(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        field = self.fields.get(element)
        return [element] if field is not None and field.code == "HYPERLINK" else []

    def closed(self, field: Field) -> list[ElementTree.Element]:
        form = child(field.begin, "w:ffData")
        if form is not None and (box := child(form, "w:checkBox")) is not None:
            state = child(box, "w:checked")
            return [text_element(ON if is_on(state if state is not None else child(box, "w:default")) else OFF)]
        if form is not None and not field.result and (choices := child(form, "w:ddList")) is not None:
            entries = [value(entry, "w:val", "") for entry in choices if name_of(entry) == "w:listEntry"]
            number = value(child(choices, "w:result"), "w:val") or value(child(choices, "w:default"), "w:val") or "0"
            chosen = entries[int(number)] if number.isdecimal() and int(number) < len(entries) else ""
            self.account.take(chosen)
            return [text_element(chosen)]
        self.settle_field(field.code, field.instruction, field.result, field.near)
        return []

    def settle_field(self, code: str, instruction: str, result: str, near: str) -> None:
        shown = " ".join(instruction.split())[:LONGEST_NAME]
        if code in UNFILLED:
            self.account.leave("unfilled", name=shown.partition(" ")[2] or shown)
        elif result.strip():
            if code in CHANGING:
                self.account.leave("field-changing", name=result, near=near)
        elif code not in WITHOUT_RESULT and code:
            self.account.leave("field-empty", name=shown)

    # Drawings

    def alternatives(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        chosen = alternative_of(element)
        return self.all(chosen) if chosen is not None else []

    def drawing(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        """The pictures of a drawing, in its place; its boxes of text wait for the end of the paragraph."""
        if is_hidden_drawing(element):
            return self.left("hidden-text", element)
        pictures, boxes = [], []
        self.take_apart(element, pictures, boxes)
        self.boxes += boxes
        self.tell_object(element)
        return pictures

    def take_apart(
        self,
        element: ElementTree.Element,
        pictures: list[ElementTree.Element],
        boxes: list[ElementTree.Element],
        words: str = "",
    ) -> None:
        name = name_of(element)
        if name == "mc:AlternateContent":
            if (chosen := alternative_of(element)) is not None:
                self.take_apart(chosen, pictures, boxes, words)
        elif name in BOXES:
            boxes.append(element)
        elif name == "a:blip":
            pictures.append(picture_of(value(element, "r:embed"), value(element, "r:link"), words))
        elif name == "v:imagedata":
            pictures.append(picture_of(value(element, "r:id"), None, words or value(element, "o:title", "")))
        elif name == "v:textpath":
            boxes += [box_of(text)] if (text := value(element, "v:string", "")) else []
        elif name == "a:p":
            boxes.append(box_of("".join(node.text or "" for node in element.iter() if name_of(node) == "a:t")))
        else:
            words = words_of_drawing(element) or words
            for one in element:
                self.take_apart(one, pictures, boxes, words)
        pictures[:] = [picture for picture in pictures if picture is not None]

    def tell_object(self, element: ElementTree.Element) -> None:
        names = {name_of(node) for node in element.iter()}
        program = next((value(node, "o:ProgID", "") for node in element.iter() if name_of(node) == "o:OLEObject"), "")
        if "c:chart" in names:
            self.account.leave("not-text", name="un grafico")
        elif "dgm:relIds" in names:
            self.account.leave("not-text", name="un diagramma")
        elif program.startswith("Equation"):
            self.account.leave("formula", name="una formula")
        elif program:
            self.account.leave("not-text", name=f"un oggetto ({program})"[:LONGEST_NAME])


def with_drop_caps(elements: Iterable[ElementTree.Element]) -> Iterator[ElementTree.Element]:
    """A large first letter stands in a paragraph of its own: it goes back before the words that it begins."""
    waiting = None
    for element in elements:
        is_paragraph = name_of(element) == "w:p"
        frame = child(element, "w:pPr", "w:framePr") if is_paragraph else None
        if waiting is not None and is_paragraph:
            start = 1 if child(element, "w:pPr") is not None else 0
            element[start:start] = [one for one in waiting if name_of(one) != "w:pPr"]
        elif waiting is not None:
            yield waiting
        waiting = element if value(frame, "w:dropCap", "none") != "none" else None
        if waiting is None:
            yield element
    if waiting is not None:
        yield waiting


def looks_of_first(paragraph: ElementTree.Element) -> list[ElementTree.Element]:
    """The looks of the first words: the number before them looks alike."""
    run = next((one for one in paragraph.iter() if name_of(one) == "w:r"), None)
    looks = child(run, "w:rPr") if run is not None else None
    return [] if looks is None else [made("w:rPr", *(one for one in looks if name_of(one) in ("w:b", "w:i")))]


def in_few_breaks(elements: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Pieces with the first ones of many breaks in a row: more say nothing more, and each costs the converter."""
    for is_break, together in groupby(elements, key=lambda one: name_of(one) == "w:br"):
        yield from islice(together, MOST_BREAKS if is_break else None)


def is_pale(run: ElementTree.Element) -> bool:
    """White letters on paper of which nobody said that it is dark."""
    properties = child(run, "w:rPr")
    if properties is None or value(child(properties, "w:color"), "w:val", "").upper() != WHITE:
        return False
    return not is_shaded(properties)


def is_shaded(properties: ElementTree.Element | None) -> bool:
    if properties is None:
        return False
    fill = value(child(properties, "w:shd"), "w:fill", "auto").upper()
    return fill not in ("AUTO", WHITE) or child(properties, "w:highlight") is not None


def is_in_line(formula: ElementTree.Element) -> bool:
    return all(
        name_of(one) in ("m:t", "w:t")
        or PROPERTIES.search(name_of(one))
        or (name_of(one) in IN_LINE and is_in_line(one))
        for one in formula
    )


@dataclass
class OpenField:
    field: Field
    is_shown: bool = False  # its instruction is over, what follows is its result


def is_hidden_drawing(element: ElementTree.Element) -> bool:
    return any(
        (name_of(node) == "wp:docPr" and value(node, "hidden") in ("1", "true", "on"))
        or (name_of(node).startswith("v:") and HIDDEN_SHAPE.search(value(node, "style", "")))
        for node in element.iter()
    )


def words_of_drawing(element: ElementTree.Element) -> str:
    """The words that somebody wrote of a picture, of a shape or of all that was drawn there."""
    described = next((one for one in element if name_of(one) == "wp:docPr"), None)
    if name_of(element) == "pic:pic":
        described = next((node for node in element.iter() if name_of(node) == "pic:cNvPr"), None)
    if described is not None:
        return (value(described, "descr", "") or "").strip() or value(described, "title", "")
    return value(element, "alt", "") if name_of(element).startswith("v:") else ""


def picture_of(embedded: str | None, linked: str | None, words: str) -> ElementTree.Element | None:
    if not embedded and not linked:
        return None
    where = {f"{{{RELATIONS}}}embed": embedded} if embedded else {f"{{{RELATIONS}}}link": linked}
    blip = made("a:blip", **where)
    data = made("a:graphicData", made("pic:pic", made("pic:blipFill", blip)))
    return made("w:drawing", made("wp:inline", made("wp:docPr", descr=words), made("a:graphic", data)))


def box_of(text: str) -> ElementTree.Element:
    return made("w:txbxContent", made("w:p", made("w:r", text_element(text))))


HANDLERS = {
    "w:document": "keep",
    "w:body": "keep",
    "w:footnotes": "keep",
    "w:endnotes": "keep",
    "w:footnote": "keep",
    "w:endnote": "keep",
    "w:tbl": "keep",
    "w:hyperlink": "keep",
    "w:p": "paragraph",
    "w:tr": "row",
    "w:tc": "cell",
    "w:del": "deleted",
    "w:moveFrom": "deleted",
    "w:ins": "added",
    "w:moveTo": "added",
    "w:sdt": "content_control",
    "w:altChunk": "inserted",
    "w:subDoc": "inserted",
    "w:r": "run",
    "w:t": "text",
    "w:delText": "deleted",
    "w:cr": "line_break",
    "w:ptab": "tab",
    "w:sym": "sign",
    "w:footnoteReference": "reference",
    "w:endnoteReference": "reference",
    "w:commentReference": "comment",
    "w:ruby": "ruby",
    "m:oMath": "formula",
    "m:oMathPara": "formula",
    "w:fldSimple": "simple_field",
    "w:fldChar": "mark",
    "w:instrText": "instruction",
    "mc:AlternateContent": "alternatives",
    "w:drawing": "drawing",
    "w:pict": "drawing",
    "w:object": "drawing",
}
