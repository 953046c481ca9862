"""The page of a mail as a tree of what its readers see: without hidden lines, and without tables that only place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree

import nh3

from . import tree
from .html import clean
from .normalize import KNOWN

STYLED = {"style", "hidden", "width", "height", "color", "bgcolor"}
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?:font-size|opacity|max-height)\s*:\s*(?:0(?:\.0+)?(?:px|pt|em|%)?|1(?:px|pt))\s*(?:;|!|$)",
    re.IGNORECASE,
)
COLOUR = re.compile(r"(?:^|;)\s*(color|background(?:-color|-image)?)\s*:\s*([^;!]*[^;!\s])", re.IGNORECASE)
NO_COLOUR = {"", "transparent", "none", "inherit", "initial", "unset"}
WHITE = re.compile(r"white|#f{3,4}|#f{6}|#f{8}|rgba?\(\s*255[\s,]+255[\s,]+255\b[^)]*\)", re.IGNORECASE)
IN_LINE = set("a abbr b bdi bdo cite code del em font i ins kbd mark q s small span strike strong sub sup u".split())
PIXEL = re.compile(r"[0-3](?:px)?")  # a picture so small is there to tell who opened the mail
PLACED = {"table", "tbody", "thead", "tfoot", "tr", "td", "th"}


def tree_of(html: str) -> tuple[ElementTree.Element, list[str], list[str], list[str]]:
    """Blocks that are shown, in a <div>; passages that are hidden, or pale; the words of pictures, "" for none."""
    harmless = nh3.clean(
        tree.shallow(html),
        tags=KNOWN | {"span", "font", "img"},
        attributes={"*": STYLED, "a": {"href"}, "img": {"alt"}, "td": {"colspan", "rowspan"}, "th": {"scope"}},
        clean_content_tags=tree.DROPPED,
        link_rel=None,
    )
    root, hidden, pictures = tree.read(harmless, Builder), [], []
    keep_shown(root, hidden, pictures)
    pale = pale_passages(root)
    for table in [one for one in root.iter("table") if one.find(".//table") is not None]:
        dissolve(table)
    for quote in root.iter("blockquote"):
        quote.tag = "div"
    regular = clean(ElementTree.tostring(root, encoding="unicode", method="html"))
    return tree.read(regular, Builder), list(filter(None, hidden)), pale, pictures


class Builder(ElementTree.TreeBuilder):
    """Makes elements of the kind that readers of documents take apart."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> ElementTree.Element:
        return super().start(tag, dict(attributes))


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    return "hidden" in attributes or bool(HIDDEN.search(attributes.get("style") or ""))


def keep_shown(element: ElementTree.Element, hidden: list[str], pictures: list[str]) -> None:
    """Leaves out what is hidden, and pictures; the words behind them stay."""
    shown = []
    for child in list(element):
        if is_hidden(child.attrib):
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


@dataclass(frozen=True)
class Colours:
    """Colours of letters and of the paper under them, as far as somebody has said."""

    is_white: bool = False
    is_shaded: bool = False

    def within(self, element: ElementTree.Element) -> Colours:
        styles = {name.lower(): colour.lower() for name, colour in COLOUR.findall(element.get("style", ""))}
        letters = styles.get("color") or element.get("color", "").strip()
        paper = [colour for name, colour in styles.items() if name != "color"] or [element.get("bgcolor", "").strip()]
        is_link = element.tag == "a" and "href" in element.attrib  # blue, unless it says otherwise
        is_white = self.is_white and not is_link if letters in NO_COLOUR else bool(WHITE.fullmatch(letters))
        colours = [colour for colour in paper if colour not in NO_COLOUR]
        return Colours(is_white, not all(map(WHITE.fullmatch, colours)) if colours else self.is_shaded)

    @property
    def is_pale(self) -> bool:
        return self.is_white and not self.is_shaded


def pale_passages(root: ElementTree.Element) -> list[str]:
    """Passages in white, on paper of which nobody said that it is dark."""
    runs = groupby(coloured(root, Colours()), key=lambda piece: piece[0])
    texts = (" ".join("".join(text for _, text in run).split()) for is_pale, run in runs if is_pale)
    return list(filter(None, texts))


def coloured(element: ElementTree.Element, around: Colours) -> Iterator[tuple[bool, str]]:
    """The text of an element in pieces, each with whether it is pale; a block ends what came before."""
    colours = around.within(element)
    if element.tag not in IN_LINE:
        yield False, ""
    yield colours.is_pale, element.text or ""
    for child in element:
        yield from coloured(child, colours)
        yield colours.is_pale, child.tail or ""
    if element.tag not in IN_LINE:
        yield False, ""


def dissolve(table: ElementTree.Element) -> None:
    """The tags of a table, and not those of the tables inside it."""
    for child in list(table):
        if child.tag in PLACED and child.tag != "table":
            dissolve(child)
    table.tag = "div"
    table.attrib.clear()
