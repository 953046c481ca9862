"""Blocks: what comes in, cut into its titles, paragraphs, lists and tables; each with its words and its HTML."""

import re
from dataclasses import dataclass
from html import escape

from . import tree
from .characters import normalised
from .html import plain

SOFT_HYPHEN = re.compile(r"(?<=\w)\xad\s*$")
BLANK_BUT_TABS = " \n\xa0\u2007\u202f"


@dataclass(frozen=True)
class Block:
    """One piece of a text: rules ask its `text`, drafts take its `html`; false if it has no words.

    The text of a list has a line with a bullet for each member, that of a table a line for each cell.
    """

    TITLE, SUBTITLE, HEADING, LIST, TABLE, PARAGRAPH = "title", "subtitle", "heading", "list", "table", "paragraph"
    LINE = "line"  # of a plain text: the sentence may go on in the next one

    html: str
    style: str = PARAGRAPH
    emphasis: str = ""  # the tag that all its words stand in, if there is one
    text: str | None = None

    def __post_init__(self) -> None:
        if self.text is None:
            object.__setattr__(self, "text", text_of(self.html, self.style))

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def line(cls, text: str) -> "Block":
        text = normalised(SOFT_HYPHEN.sub("-", text))
        stripped = text.strip()
        if "\t" in stripped:  # a row of a table, whose first and last cells may be empty
            stripped = text.strip(BLANK_BUT_TABS)
        return cls(f"<p>{escape(stripped, quote=False)}</p>", cls.LINE, text=stripped)

    @property
    def inline_html(self) -> str:
        """The HTML without the tag of the block itself."""
        return self.html[self.html.index(">") + 1 : self.html.rindex("<")]


class Lines:
    """The lines of a paragraph, gathered from its tree."""

    def __init__(self) -> None:
        self.marks: list[tuple[str, str]] = []  # those that are open, each by its name and by its start
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.before = ""  # starts of the marks that were open at the break

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        start = tree.start_of(tag, dict(attributes))
        if tag == "br":
            self.end_line()
        elif tag not in ("div", "p"):
            self.pieces.append(start)
            self.marks += [(tag, start)] * (tag not in tree.VOID)

    def end(self, tag: str) -> None:
        if tag not in ("div", "p", *tree.VOID):
            self.marks.pop()
            self.pieces.append(f"</{tag}>")

    def data(self, text: str) -> None:
        self.pieces.append(tree.written(text))

    def end_line(self) -> None:
        ends = "".join(f"</{tag}>" for tag, _ in reversed(self.marks))
        self.lines.append(f"{self.before}{''.join(self.pieces).strip()}{ends}")
        self.before, self.pieces = "".join(start for _, start in self.marks), []

    def close(self) -> list[str]:
        self.end_line()
        return self.lines


def at_breaks(html: str) -> list[str]:
    """The lines of a paragraph, each with the marks that are open around it."""
    return tree.read(html, Lines)


def text_of(html: str, style: str) -> str:
    text = plain(html)
    if style == Block.LIST:
        return "\n".join(f"• {line}" for line in text.split("\n"))
    return text if style == Block.TABLE else " ".join(text.split())
