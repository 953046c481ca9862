"""The structure of a text made regular: every word in a paragraph, a heading, a list or a table, as HTML wants it."""

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from .addresses import address
from .characters import normalised

NBSP = "\N{NO-BREAK SPACE}"
SPACES = re.compile(f"[ \t\n{NBSP}]+")
EDGE = f" {NBSP}"

RENAMED = {"b": "strong", "i": "em", "h5": "h4", "h6": "h4"}
ONE_LOWER = {"h1": "h2", "h2": "h3", "h3": "h4"}  # in a text with an h1, which on a page is the title's own
MARKS = {"strong", "em", "sub", "sup", "abbr", "a"}
HEADINGS = {"h2", "h3", "h4"}
LISTS = {"ul", "ol"}
CELLS = {"th", "td"}
IN_CELLS = dict.fromkeys(["table", "blockquote", "figure", *HEADINGS], "div") | {"hr": "br"}
VOID = {"br", "hr", "img"}
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


def regular(html):
    """Takes HTML that is well formed; knows what belongs where, and leaves it to others to make it safe."""
    root = ShallowReader(html).root
    renamed = [RENAMED]
    if any(node.tag == "h1" for node in elements(root)):
        renamed = [ONE_LOWER, RENAMED]
    for names in renamed:
        for node in elements(root):
            node.tag = names.get(node.tag, node.tag)
    return "".join(map(written, blocks(root.children)))


@dataclass
class Element:
    tag: str
    attributes: dict = field(default_factory=dict)
    children: list = field(default_factory=list)  # elements, and texts

    def holding(self, children):
        return Element(self.tag, self.attributes, list(children))


class ShallowReader(HTMLParser):
    """Reads a tree that is never too deep: what stands deeper hangs where the depth ends."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self.opened = [self.root]
        self.left_out = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        element = Element(tag, kept_attributes(tag, dict(attributes)))
        if tag in VOID:
            self.opened[-1].children.append(element)
        elif len(self.opened) > DEEPEST:
            self.left_out += 1
        else:
            self.opened[-1].children.append(element)
            self.opened.append(element)

    def handle_endtag(self, tag):
        if self.left_out:
            self.left_out -= 1
        else:
            self.opened.pop()

    def handle_data(self, text):
        self.opened[-1].children.append(normalised(text))


def number(first, last):
    return lambda value: value if value.isascii() and value.isdigit() and first <= int(value) <= last else ""


def one_of(*values):
    return lambda value: value if value in values else ""


SPANS = {"colspan": number(2, WIDEST), "rowspan": number(2, WIDEST)}
ATTRIBUTES = {
    "a": {"href": address},
    "abbr": {"title": lambda value: " ".join(normalised(value).split())},
    "ol": {"start": number(2, LAST_NUMBER)},
    "td": SPANS,
    "th": SPANS | {"scope": one_of("col", "row", "colgroup", "rowgroup")},
}


def kept_attributes(tag, attributes):
    if tag not in ATTRIBUTES:
        return {name: normalised(value or "") for name, value in attributes.items()}
    values = {name: rule((attributes.get(name) or "")[:9999]) for name, rule in ATTRIBUTES[tag].items()}
    return {name: value for name, value in values.items() if value}


def elements(node):
    for child in node.children:
        if isinstance(child, Element):
            yield child
            yield from elements(child)


def is_inline(node):
    return isinstance(node, str) or (node.tag in INLINE and all(map(is_inline, node.children)))


def is_break(node):
    return isinstance(node, Element) and node.tag == "br"


def has_words(node):
    return bool(node.strip(EDGE)) if isinstance(node, str) else node.tag == "img" or any(map(has_words, node.children))


def blocks(nodes):
    """Blocks alone: what runs on between two of them becomes a paragraph."""
    found, run = [], []
    for node in nodes:
        if is_inline(node):
            run.append(node)
        else:
            found += [*paragraphs(run), *block(node)]
            run = []
    return found + paragraphs(run)


def block(node):
    match node.tag:
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


def filled(node, children):
    return [node.holding(children)] if children else []


def paragraphs(run):
    """Parts a run where two line breaks follow each other."""
    words = line(run)
    if not any(map(is_break, words)):
        return [Element("p", {}, words)] if words else []
    lines = [[]]
    for node in words:
        if is_break(node) and lines[-1] and is_break(lines[-1][-1]):
            lines.append([])
        elif has_words(node) or is_break(node) or not (lines[-1] and is_break(lines[-1][-1])):
            lines[-1].append(node)
    return [Element("p", {}, words) for words in map(line, lines) if words]


def line(nodes):
    """Words and their marks, without marks on nothing and without space or breaks at the ends."""
    if not nodes:
        return []
    if len(nodes) == 1 and isinstance(nodes[0], str):
        text = spaced(nodes[0]).strip(EDGE)
        return [text] if text else []
    kept = joined(piece for node in nodes for piece in marked(node))
    start, end = 0, len(kept)
    while start < end and says_nothing(kept[start]):
        start += 1
    while start < end and says_nothing(kept[end - 1]):
        end -= 1
    kept = kept[start:end]
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip(EDGE)
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip(EDGE)
    return kept


def says_nothing(node):
    return is_break(node) or not has_words(node)


def marked(node, around=()):
    if isinstance(node, str) or node.tag in VOID:
        return [node]
    inner = joined(piece for child in node.children for piece in marked(child, (*around, node.tag)))
    leads_nowhere = node.tag in ATTRIBUTES and not node.attributes
    if leads_nowhere or node.tag in around or not any(map(has_words, inner)):
        return inner
    return [node.holding(inner)]


def joined(pieces):
    """Texts that meet become one, with one space where there were many."""
    whole = []
    for are_texts, run in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        texts = list(run)
        whole += [spaced("".join(texts))] if are_texts else texts
    return [piece for piece in whole if piece != ""]


def spaced(text):
    """A space that keeps a figure on the line of its unit stays; others are plain, and one where there are many."""

    def one(spaces):
        start, end = spaces.span()
        beside = text[max(0, start - 1) : start] + text[end : end + 1]
        return NBSP if spaces[0] == NBSP and re.search(r"\d", beside) else " "

    return SPACES.sub(one, normalised(text))  # what stood in two marks may be one letter now


def flat(node):
    """A heading is a line: what stands in blocks inside it runs on."""
    for child in node.children:
        if is_inline(child):
            yield child
        else:
            yield from [" ", *flat(child), " "]


def spread(link):
    """The blocks that a link goes round, each with the link inside."""
    for node in link.children:
        yield link.holding([node]) if is_inline(node) else node.holding(spread(link.holding(node.children)))


def flow(nodes):
    """What a list item or a cell holds: a line, or blocks."""
    return line(nodes) if all(map(is_inline, nodes)) else blocks(nodes)


def in_blocks(content):
    """What `flow` gave, ready for a block beside it."""
    return paragraphs(content) if all(map(is_inline, content)) else content


def items(node):
    found = []
    for child in node.children:
        tag = getattr(child, "tag", "")
        if tag in LISTS and found:
            found[-1].children = in_blocks(found[-1].children)
            found[-1].children += block(child)
        elif tag in LISTS:
            found += items(child)
        elif content := flow(child.children if tag == "li" else [child]):
            found.append(Element("li", {}, content))
    return found


def table(node):
    """Rows in one body; what stands between the cells goes before the table."""
    captions, rows, stray = [], [], []
    for part in parts(node):
        if getattr(part, "tag", "") == "tr":
            rows.append(part.holding(cell(child) for child in part.children if getattr(child, "tag", "") in CELLS))
            stray += [child for child in part.children if getattr(child, "tag", "") not in CELLS]
        elif getattr(part, "tag", "") == "caption":
            captions += [*flat(part), " "]
        else:
            stray.append(part)
    rows = [row for row in rows if row.children]
    if not any(map(has_words, rows)):
        return blocks([*stray, *captions])
    give_scopes(rows)
    caption = filled(Element("caption"), line([text(captions)]))
    return [*blocks(stray), Element("table", {}, [*caption, Element("tbody", {}, rows)])]


def parts(node):
    for child in node.children:
        if getattr(child, "tag", "") in ("thead", "tbody", "tfoot"):
            yield from parts(child)
        else:
            yield child


def cell(node):
    """Lines and lists: no reader finds the way in a table within a table, nor a heading there."""
    for inner in elements(node):
        inner.tag = IN_CELLS.get(inner.tag, inner.tag)
    return node.holding(flow(node.children))


def text(nodes):
    return "".join(node if isinstance(node, str) else " " if is_break(node) else text(node.children) for node in nodes)


def give_scopes(rows):
    """Each header cell says what it heads: the column from the first row, the row from its beginning."""
    for row in rows:
        for place, inner in enumerate(row.children):
            if inner.tag == "th" and "scope" not in inner.attributes:
                heads_row = row is not rows[0] and place == 0
                inner.attributes = {**inner.attributes, "scope": "row" if heads_row else "col"}


def figure(node):
    pictures = [inner for inner in elements(node) if inner.tag == "img"]
    captions = [inner for inner in elements(node) if inner.tag == "figcaption"]
    return node.holding(pictures + [block for inner in captions for block in filled(inner, line([*flat(inner)]))])


def written(node):
    if isinstance(node, str):
        return escape(node, quote=False)
    attributes = "".join(f' {name}="{escape(value or "")}"' for name, value in node.attributes.items())
    end = "" if node.tag in VOID else f"{''.join(map(written, node.children))}</{node.tag}>"
    return f"<{node.tag}{attributes}>{end}"
