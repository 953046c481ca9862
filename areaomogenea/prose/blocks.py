"""Blocks: what comes in, cut into its titles, paragraphs, lists and tables; each with its words and its HTML."""

import re
from dataclasses import dataclass
from html import escape

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
        """Without the tag of the block itself."""
        return self.html[self.html.index(">") + 1 : self.html.rindex("<")]


def text_of(html: str, style: str) -> str:
    text = plain(html)
    if style == Block.LIST:
        return "\n".join(f"• {line}" for line in text.split("\n"))
    return text if style == Block.TABLE else " ".join(text.split())
