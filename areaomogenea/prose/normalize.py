"""The structure of a text made regular: every word in a paragraph, a heading, a list or a table, as HTML wants it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias, TypeGuard

from . import tree
from .addresses import address
from .characters import normalised

Node: TypeAlias = "Element | str"
NBSP = tree.NBSP
CROWDED = re.compile(f"[ \t\n{NBSP}]{{2,}}|[\t\n{NBSP}]")  # all but the one plain space that stands between words
EDGE = f" {NBSP}"

RENAMED = {"b": "strong", "i": "em", "h5": "h4", "h6": "h4"}
ONE_LOWER = {"h1": "h2", "h2": "h3", "h3": "h4"}  # in a text with an h1, which on a page is the title's own
MARKS = {"strong", "em", "sub", "sup", "abbr", "a"}
HEADINGS = {"h2", "h3", "h4"}
LISTS = {"ul", "ol"}
CELLS = {"th", "td"}
IN_CELLS = dict.fromkeys(["table", "blockquote", "figure", *HEADINGS], "div") | {"hr": "br"}
VOID = tree.VOID
NONE: dict[str, str] = {}  # attributes of what has none
INLINE = {*MARKS, "br", "img"}
# What holds blocks and is not kept: its contents are, in blocks of their own.
DISSOLVED = set(
    "address article aside body center dd details dialog dir div dl dt fieldset figcaption figure footer form header"
    " hgroup legend main menu nav pre section summary tfoot thead".split()
)
KNOWN = {*RENAMED, *ONE_LOWER, *MARKS, *HEADINGS, *LISTS, *CELLS, *DISSOLVED, "br", "hr"}
KNOWN |= {"p", "li", "blockquote", "table", "caption", "tbody", "tr"}

DEEPEST = 40  # levels: no text needs more, and an editor in a browser gives up at some hundreds
WIDEST = 100  # rows or columns that one cell may span
LAST_NUMBER = 9999


def regular(html: str) -> str:
    """The HTML with what belongs where in its place; takes what the sanitiser wrote, and writes as it does."""
    pieces = []
    for block in blocks(tree.read(html, Shallow).children):
        write(block, pieces.append)
    return "".join(pieces)


class Element:
    __slots__ = ("attributes", "children", "tag")

    def __init__(self, tag, attributes, children):
        self.tag, self.attributes = tag, attributes
        self.children = children  # elements, and texts

    def holding(self, children: list[Node]) -> Element:
        return Element(self.tag, self.attributes, list(children))


class Shallow:
    """A tree that is never too deep: what is deeper hangs where the depth ends. A picture of nothing is left out."""

    def __init__(self):
        self.opened, self.left_out, self.text = [], 0, []
        self.has_title = False  # an h1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "img" and "src" not in attributes:
            return
        if self.text:
            self.end_text()
        element = Element(RENAMED.get(tag, tag), kept_attributes(tag, attributes) if attributes else attributes, [])
        if tag in VOID:
            self.opened[-1].append(element)
        elif len(self.opened) > DEEPEST:
            self.left_out += 1
        else:
            self.has_title = self.has_title or tag == "h1"
            if self.opened:
                self.opened[-1].append(element)
            else:
                self.root = element
            self.opened.append(element.children)

    def end(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.text:
            self.end_text()
        if self.left_out:
            self.left_out -= 1
        else:
            self.opened.pop()

    def data(self, text: str) -> None:
        self.text.append(text)

    def end_text(self) -> None:
        self.opened[-1].append(normalised("".join(self.text)))
        self.text = []

    def close(self) -> Element:
        if self.has_title:
            for element in elements(self.root):
                element.tag = ONE_LOWER.get(element.tag, element.tag)
        return self.root


def number(first: int, last: int) -> Callable[[str], str]:
    return lambda value: value if value.isascii() and value.isdigit() and first <= int(value) <= last else ""


def one_of(*values: str) -> Callable[[str], str]:
    return lambda value: value if value in values else ""


SPANS = {"colspan": number(2, WIDEST), "rowspan": number(2, WIDEST)}
ATTRIBUTES = {
    "a": {"href": address},
    "abbr": {"title": lambda value: " ".join(normalised(value).split())},
    "ol": {"start": number(2, LAST_NUMBER)},
    "td": SPANS,
    "th": SPANS | {"scope": one_of("col", "row", "colgroup", "rowgroup")},
}


def kept_attributes(tag: str, attributes: Mapping[str, str]) -> dict[str, str]:
    if tag not in ATTRIBUTES:
        return {name: normalised(value) for name, value in attributes.items()}
    values = {name: rule(attributes.get(name, "")[:9999]) for name, rule in ATTRIBUTES[tag].items()}
    return {name: value for name, value in values.items() if value}


def is_text(node: Node) -> TypeGuard[str]:
    return type(node) is str


def elements(parent: Element) -> Iterator[Element]:
    for child in parent.children:
        if not is_text(child):
            yield child
            yield from elements(child)


def is_inline(node: Node) -> bool:
    return type(node) is str or (node.tag in INLINE and all(map(is_inline, node.children)))


def is_break(node: Node) -> bool:
    return type(node) is not str and node.tag == "br"


def has_words(node: Node) -> bool:
    return bool(node.strip(EDGE)) if type(node) is str else node.tag == "img" or any(map(has_words, node.children))


def blocks(nodes: Iterable[Node]) -> list[Node]:
    """Blocks alone: what runs on between two of them becomes a paragraph."""
    made, run = [], []
    for node in nodes:
        if is_inline(node):
            run.append(node)
        else:
            made += [*paragraphs(run), *block(node)]
            run = []
    return made + paragraphs(run)


def block(node: Any) -> list[Node]:
    match node.tag:
        case "p":
            return blocks(node.children)
        case "h2" | "h3" | "h4":
            return filled(node, line([*flat(node)]))
        case "ul" | "ol":
            return filled(node, items(node))
        case "blockquote":
            return filled(node, blocks(node.children))
        case "table":
            return table(node)
        case "hr":
            return [node]
        case "figure" if any(inner.tag == "img" for inner in elements(node)):
            return [figure(node)]
        case "a":
            return blocks(spread(node))
    return blocks(node.children)


def filled(node: Element, children: list[Node]) -> list[Node]:
    node.children = children
    return [node] if children else []


def paragraphs(run: list[Node]) -> list[Node]:
    """A run as paragraphs, parted where two line breaks follow each other."""
    words = line(run)
    if not any(map(is_break, words)):
        return [Element("p", NONE, words)] if words else []
    lines = [[]]
    for node in words:
        if is_break(node) and lines[-1] and is_break(lines[-1][-1]):
            lines.append([])
        elif has_words(node) or is_break(node) or not (lines[-1] and is_break(lines[-1][-1])):
            lines[-1].append(node)
    return [Element("p", NONE, words) for words in map(line, lines) if words]


def line(nodes: list[Node]) -> list[Node]:
    """Words and their marks, without marks on nothing and without space or breaks at the ends."""
    if not nodes:
        return []
    if len(nodes) == 1 and type(nodes[0]) is str:  # most of them
        text = spaced(nodes[0]).strip(EDGE)
        return nodes if text == nodes[0] != "" else [text] if text else []
    kept = joined(unmarked(nodes))
    start, end = 0, len(kept)
    while start < end and says_nothing(kept[start]):
        start += 1
    while start < end and says_nothing(kept[end - 1]):
        end -= 1
    kept = kept[start:end]
    if kept and is_text(kept[0]):
        kept[0] = kept[0].lstrip(EDGE)
    if kept and is_text(kept[-1]):
        kept[-1] = kept[-1].rstrip(EDGE)
    return kept


def says_nothing(node: Node) -> bool:
    return is_break(node) or not has_words(node)


def unmarked(nodes: Iterable[Node], around: Collection[str] = ()) -> list[Node]:
    """The nodes; of marks on nothing, or within their like, what stands in them."""
    kept = []
    for node in nodes:
        if type(node) is str or node.tag in VOID:
            kept.append(node)
            continue
        inner = joined(unmarked(node.children, (*around, node.tag)))
        leads_nowhere = node.tag in ATTRIBUTES and not node.attributes
        if leads_nowhere or node.tag in around or not any(map(has_words, inner)):
            kept += inner
        else:
            kept.append(Element(node.tag, node.attributes, inner))
    return kept


def joined(nodes: list[Node]) -> list[Node]:
    """Texts that meet become one, with one space where there were many."""
    if len(nodes) == 1 and type(nodes[0]) is str:
        return nodes if (text := spaced(nodes[0])) == nodes[0] != "" else [text] if text else []
    whole: list[Node] = []
    meeting: list[str] = []
    for node in nodes:
        if type(node) is str:
            meeting.append(node)
            continue
        if meeting:
            whole.append(one_text(meeting))
            meeting = []
        whole.append(node)
    if meeting:
        whole.append(one_text(meeting))
    return [node for node in whole if node != ""]


def one_text(texts: list[str]) -> str:
    """Texts as one: letters that stood in two marks may be one letter now."""
    return spaced(texts[0] if len(texts) == 1 else normalised("".join(texts)))


def spaced(text: str) -> str:
    """A space that keeps a figure on the line of its unit stays; others are plain, and one where there are many."""
    if not CROWDED.search(text):
        return text

    def one(spaces: re.Match[str]) -> str:
        start, end = spaces.span()
        beside = text[max(0, start - 1) : start] + text[end : end + 1]
        return NBSP if spaces[0] == NBSP and re.search(r"\d", beside) else " "

    return CROWDED.sub(one, text)


def flat(node: Element) -> Iterator[Node]:
    """A heading is a line: what stands in blocks inside it runs on."""
    for child in node.children:
        if is_inline(child):
            yield child
        else:
            yield from [" ", *flat(child), " "]


def spread(link: Element) -> Iterator[Element]:
    """The blocks that a link goes round, each with the link inside."""
    for node in link.children:
        yield link.holding([node]) if is_inline(node) else node.holding(spread(link.holding(node.children)))


def flow(nodes: list[Node]) -> list[Node]:
    """The line, or the blocks, of a list item or a cell."""
    return line(nodes) if all(map(is_inline, nodes)) else blocks(nodes)


def in_blocks(content: list[Node]) -> list[Node]:
    """The result of `flow`, ready for a block beside it."""
    return paragraphs(content) if all(map(is_inline, content)) else content


def items(node: Element) -> list[Node]:
    members = []
    for child in node.children:
        tag = "" if is_text(child) else child.tag
        if tag in LISTS and members:
            members[-1].children = in_blocks(members[-1].children) + block(child)
        elif tag in LISTS:
            members += items(child)
        else:
            member = child if tag == "li" else Element("li", NONE, [child])
            members += filled(member, flow(member.children))
    return members


def table(node: Element) -> list[Node]:
    """Rows in one body; what stands between the cells goes before the table."""
    captions, rows, stray = [], [], []
    for part in in_table(node):
        tag = "" if is_text(part) else part.tag
        if tag == "tr":
            cells = [child for child in part.children if not is_text(child) and child.tag in CELLS]
            rows.append(Element("tr", NONE, [*map(cell, cells)]))
            stray += [child for child in part.children if is_text(child) or child.tag not in CELLS]
        elif tag == "caption":
            captions += [*flat(part), " "]
        else:
            stray.append(part)
    rows = [row for row in rows if row.children]
    if not any(map(has_words, rows)):
        return blocks([*stray, *captions])
    give_scopes([*rows])
    caption = filled(Element("caption", NONE, []), line([text(captions)]))
    return [*blocks(stray), Element("table", NONE, [*caption, Element("tbody", NONE, rows)])]


def in_table(node: Element) -> Iterator[Element]:
    """Rows, captions and whatever else stands in a table, in order, without its head, body and foot around them."""
    for child in node.children:
        if not is_text(child) and child.tag in ("thead", "tbody", "tfoot"):
            yield from in_table(child)
        else:
            yield child


def cell(node: Element) -> Element:
    """Lines and lists: no reader finds the way in a table within a table, nor a heading there."""
    for inner in elements(node):
        inner.tag = IN_CELLS.get(inner.tag, inner.tag)
    node.children = flow(node.children)
    return node


def text(nodes: Iterable[Node]) -> str:
    pieces = (node if is_text(node) else " " if is_break(node) else text(node.children) for node in nodes)
    return normalised("".join(pieces))


def give_scopes(rows: list[Any]) -> None:
    """Each header cell says what it heads: the column from the first row, the row from its beginning."""
    for row in rows:
        for place, inner in enumerate(row.children):
            if inner.tag == "th" and "scope" not in inner.attributes:
                heads_row = row is not rows[0] and place == 0
                inner.attributes = {**inner.attributes, "scope": "row" if heads_row else "col"}


def figure(node: Element) -> Element:
    pictures: list[Node] = [inner for inner in elements(node) if inner.tag == "img"]
    captions = [inner for inner in elements(node) if inner.tag == "figcaption"]
    return node.holding(pictures + [block for inner in captions for block in filled(inner, line([*flat(inner)]))])


def write(node: Node, say: Callable[[str], object]) -> None:
    """The HTML of a node, said piece by piece."""
    if type(node) is str:
        say(tree.written(node))
        return
    say(tree.start_of(node.tag, node.attributes) if node.attributes else f"<{node.tag}>")
    for child in node.children:
        write(child, say)
    if node.tag not in VOID:
        say(f"</{node.tag}>")
