"""The page of a mail as a tree of what its readers see: without hidden lines, and without tables that only place."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import nh3

from .html import DROPPED, clean, shallow
from .normalize import KNOWN, VOID

STYLED = {"style", "hidden", "width", "height"}
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?:font-size|opacity|max-height)\s*:\s*(?:0(?:\.0+)?(?:px|pt|em|%)?|1(?:px|pt))\s*(?:;|!|$)",
    re.IGNORECASE,
)
PIXEL = re.compile(r"[0-3](?:px)?")  # a picture so small is there to tell who opened the mail
PLACED = {"table", "tbody", "thead", "tfoot", "tr", "td", "th"}
NOT_XML = re.compile(r"<(br|hr)>")


def tree_of(html):
    """What is shown as a <div> of blocks, the passages that are hidden, and the words of pictures, "" for none."""
    harmless = nh3.clean(
        shallow(html),
        tags=KNOWN | {"span", "font", "img"},
        attributes={"*": STYLED, "a": {"href"}, "img": {"alt"}, "td": {"colspan", "rowspan"}, "th": {"scope"}},
        clean_content_tags=DROPPED,
        link_rel=None,
    )
    root, hidden, pictures = Builder(harmless).root, [], []
    keep_shown(root, hidden, pictures)
    for table in [one for one in root.iter("table") if one.find(".//table") is not None]:
        dissolve(table)
    for quote in root.iter("blockquote"):
        quote.tag = "div"
    regular = clean(ElementTree.tostring(root, encoding="unicode", method="html"))
    xml = NOT_XML.sub(r"<\1/>", regular).replace("&nbsp;", "&#160;")
    return ElementTree.fromstring(f"<div>{xml}</div>"), list(filter(None, hidden)), pictures  # noqa: S314 (written by our own sanitiser)


class Builder(HTMLParser):
    """Of HTML that is well formed."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.builder = ElementTree.TreeBuilder()
        self.builder.start("div", {})
        self.feed(html)
        self.close()
        self.builder.end("div")
        self.root = self.builder.close()

    def handle_starttag(self, tag, attributes):
        self.builder.start(tag, {name: value or "" for name, value in attributes})
        if tag in VOID:
            self.builder.end(tag)

    def handle_endtag(self, tag):
        self.builder.end(tag)

    def handle_data(self, text):
        self.builder.data(text)


def is_hidden(element):
    return "hidden" in element.attrib or bool(HIDDEN.search(element.get("style", "")))


def keep_shown(element, hidden, pictures):
    """Leaves out what is hidden, and pictures; the words behind them stay."""
    shown = []
    for child in list(element):
        if is_hidden(child):
            hidden.append(" ".join("".join(child.itertext()).split()))
        elif child.tag == "img":
            if not any(PIXEL.fullmatch(child.get(side, "")) for side in ("width", "height")):
                pictures.append(" ".join(child.get("alt", "").split()))
        else:
            keep_shown(child, hidden, pictures)
            shown.append(child)
            continue
        if shown:
            shown[-1].tail = (shown[-1].tail or "") + (child.tail or "")
        else:
            element.text = (element.text or "") + (child.tail or "")
    element[:] = shown


def dissolve(table):
    """The tags of a table, and not those of the tables inside it."""
    for child in list(table):
        if child.tag in PLACED and child.tag != "table":
            dissolve(child)
    table.tag = "div"
    table.attrib.clear()
