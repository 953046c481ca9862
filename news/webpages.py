"""A saved web page as the lines of its article: what stands around it, menus and scripts, is left out.

What of the article is hidden may be one of its folds, so it comes along, and is told.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from html import escape, unescape
from typing import Self

import nh3

from areaomogenea.prose import tree
from areaomogenea.prose.blocks import Block, at_breaks
from areaomogenea.prose.html import clean, plain
from areaomogenea.prose.normalize import KNOWN
from areaomogenea.prose.webmail import IN_LINE, is_hidden

LONGEST_PAGE = 4_000_000  # characters
IS_PAGE = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main|div|h1|p)\b", re.IGNORECASE | re.DOTALL
)
LEFT_OUT = set("script style noscript template nav header footer aside button select iframe svg title".split())
ALLOWED_TAGS = KNOWN - LEFT_OUT | {"h1", "article", "main", "div", "span"}
# Before anything is read: what stands in the head of a page, the sanitiser leaves out with it.
WINDOW = re.compile(r"<title[^<>]{0,200}>([^<]{0,500})", re.IGNORECASE)
FAR_ENOUGH = 50_000  # characters from the top, among which the title of the window stands
MAIN = ("article", "main")
STYLES = {"ul": Block.LIST, "ol": Block.LIST, "table": Block.TABLE}
NO_WORDS = Block.line("")


class WebPage:
    """Keeps the HTML of an article apart from its heading: that of <article> or <main>, else that of the body."""

    def __init__(self, has_main):
        self.has_main, self.inside = has_main, 0
        self.in_heading = False
        self.heading, self.pieces = [], []
        self.depth, self.hidden_from, self.hidden = 0, 0, []  # passages, each with the depth of what hides it

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag not in tree.VOID:
            self.depth += 1
            if not self.hidden_from and is_hidden(attributes):
                self.hidden_from = self.depth
                self.hidden.append([])
        self.part(tag)
        if tag == "h1" and not self.heading:
            self.in_heading = True
        elif tag in MAIN:
            self.inside += 1
        elif self.is_in_text:
            href = escape(attributes.get("href", ""))
            self.pieces.append(f'<{tag} href="{href}">' if tag == "a" and href else f"<{tag}>")

    def end(self, tag: str) -> None:
        if tag in tree.VOID:
            return
        self.part(tag)
        self.depth -= 1
        if self.depth < self.hidden_from:
            self.hidden_from = 0
        if tag == "h1" and self.in_heading:
            self.in_heading = False
        elif tag in MAIN:
            self.inside -= self.inside > 0
        elif self.is_in_text:
            self.pieces.append(f"</{tag}>")

    def data(self, data: str) -> None:
        if self.hidden_from and (self.in_heading or self.is_in_text):
            self.hidden[-1].append(data)
        if self.in_heading:
            self.heading.append(data)
        elif self.is_in_text:
            self.pieces.append(escape(data, quote=False))

    def close(self) -> Self:
        if not self.has_main:
            self.pieces = self.pieces[1:-1]  # without what the tree puts around all
        return self

    def part(self, tag: str) -> None:
        """Words of two blocks are not one word."""
        if self.hidden_from and tag not in IN_LINE:
            self.hidden[-1].append(" ")

    @property
    def is_in_text(self) -> bool:
        return self.inside > 0 or not self.has_main


def is_web_page(start: str) -> bool:
    return IS_PAGE.match(start) is not None


def lines_of_page(html: str) -> tuple[list[Block], list[str]]:
    """The heading of the page and its blocks, each alone, and which passages of them are hidden.

    Where there is no heading, the title of the window stands for it.
    """
    window = WINDOW.search(html[:FAR_ENOUGH])
    regular = nh3.clean(
        tree.shallow(html),
        tags=ALLOWED_TAGS,
        clean_content_tags=LEFT_OUT,
        attributes={"*": {"style", "hidden"}, "a": {"href"}},
        link_rel=None,
    )
    page = tree.read(regular, partial(WebPage, any(f"<{tag}" in regular for tag in MAIN)))
    heading, of_window = (
        " ".join(unescape(text).split()) for text in ("".join(page.heading), window[1] if window else "")
    )
    title = heading or re.split(r"\s[|–—]\s", of_window)[0]
    blocks = [Block.line(title), NO_WORDS] if title else []
    for block in page_blocks(clean("".join(page.pieces))):
        blocks += [block, NO_WORDS]
    hidden = (" ".join("".join(passage).split()) for passage in page.hidden)
    return blocks, list(filter(None, hidden))


def page_blocks(html: str) -> Iterator[Block]:
    """The outermost blocks of clean HTML; a paragraph of several lines is as many."""
    for element in tree.read(html):
        yield from tag_blocks(tree.outer(element), element.tag)


def tag_blocks(html: str, tag: str) -> Iterator[Block]:
    if tag == "p":
        for line in at_breaks(html):
            if plain(line):
                yield Block(f"<p>{line}</p>")
    elif plain(html):
        yield Block(html, STYLES.get(tag, Block.HEADING if tag.startswith("h") else Block.PARAGRAPH))
