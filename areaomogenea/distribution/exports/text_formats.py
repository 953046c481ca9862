"""Handouts as words alone: Markdown (CommonMark, with tables as GitHub writes them) and plain text."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import zip_longest
from textwrap import wrap
from typing import Any

from bs4 import Tag
from markdownify import ATX, MarkdownConverter

from .context import says

WIDTH = 72  # as letters have always been wrapped
UNDERLINES = {1: "=", 2: "-"}
GAP = "  "  # between columns
UNWRAPPED: Any = {"wrap": True, "wrap_width": None}  # a line of HTML may end anywhere: only its <br> end a line of text
CELL, ROW, CAPTION = "\x1f\x1e\x1d"  # end the pieces of a table, until it is laid out; no text holds them
BLANKS = re.compile(r"[ \t\r\n]+")  # not those that keep a number with what it counts
NOT_FIRST = re.compile(r"(?<=\S )(\d{1,9})\\(?=[.)])")
MARGIN = re.compile(r"(?:> ?|\[\d+\] |\d+\. |- | )*")  # what stands before the words of a line


def as_markdown(html: str) -> str:
    text = Markdown(heading_style=ATX, bullets="-", escape_misc=True, **UNWRAPPED).convert(html)
    return tidy(text.split("\n"), hard_break="  ")


def as_plain(html: str) -> str:
    return tidy(line for long in Plain().convert(html).split("\n") for line in folded(long))


def tidy(lines: Iterable[str], hard_break: str = "") -> str:
    """The text with one empty line where there were several, none at its ends, no idle blank at the end of a line."""
    kept = (line.rstrip() + (hard_break if hard_break and line.endswith(hard_break) else "") for line in lines)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line if line.strip() else "" for line in kept))
    return text.strip("\n") + "\n"


class Markdown(MarkdownConverter):
    convert_figure = MarkdownConverter.convert_div

    def escape(self, text: str, parent_tags: Collection[str]) -> str:
        # A number with a stop begins a list only at the beginning of a line.
        return NOT_FIRST.sub(r"\1", super().escape(text, parent_tags))

    def convert_title(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return ""  # the head of the document: its heading says the same

    def convert_img(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return f"![{self.escape(str(el.get('alt', '')), parent_tags)}]({whole(el.get('src', ''))})"

    def convert_a(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        el["href"] = whole(el.get("href", ""))
        return super().convert_a(el, text, parent_tags)

    def convert_p(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        if el.parent.name == "li" and not el.find_previous_sibling():
            return text.strip()  # else the whole list would stand apart
        return super().convert_p(el, text, parent_tags)

    def convert_abbr(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        title = self.escape(str(el.get("title", "")), parent_tags)
        return f"{text} ({title})" if title else text


class Plain(Markdown):
    """Plain text, without any markup; addresses of links are gathered, and stand where the sheet leaves a place."""

    def __init__(self):
        super().__init__(bullets="-", **UNWRAPPED)
        self.addresses = []

    def escape(self, text: str, parent_tags: Collection[str]) -> str:
        return text.translate(dict.fromkeys(map(ord, (CELL, ROW, CAPTION))))

    def convert_strong(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return text

    convert_em = convert_sub = convert_sup = convert_strong

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: Collection[str]) -> str:  # noqa: N802 (its parent calls it so)
        return f"\n\n{underlined(text.strip(), n)}\n\n"

    def convert_hr(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return f"\n\n{RULE}\n\n"

    def convert_br(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return " " if "_inline" in parent_tags else "\n"

    def convert_img(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return f"[Immagine: {el.get('alt', '')}]"

    def convert_a(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        address = str(el.get("href", ""))
        if says(text, address):
            return text
        if address not in self.addresses:
            self.addresses.append(address)
        return f"{text} [{self.addresses.index(address) + 1}]"

    def convert_nav(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        notes = [f"[{number}] {address}" for number, address in enumerate(self.addresses, 1)]
        return "\n\n".join(["", underlined("Collegamenti", 2), "\n".join(notes), ""]) if notes else ""

    def convert_th(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return BLANKS.sub(" ", text).strip(" ") + CELL * span(el)

    convert_td = convert_th

    def convert_tr(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return text.removesuffix(CELL) + ROW

    def convert_caption(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return text.strip() + CAPTION

    def convert_table(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        caption, _, rows = text.rpartition(CAPTION)
        cells = [row.strip("\n").split(CELL) for row in rows.split(ROW)[:-1]]
        has_head = bool(el.tr and not el.tr.td)
        return f"\n\n{caption}\n\n{laid_out(cells, has_head)}\n\n"


RULE = "-" * WIDTH


def whole(address: Any) -> str:
    """An address that brackets and blanks do not end."""
    return address.translate({ord(mark): f"%{ord(mark):02X}" for mark in "()<> \\"})


def span(cell: Tag) -> int:
    span = str(cell.get("colspan", "1"))
    return min(int(span), 20) if span.isdecimal() and span != "0" else 1


def underlined(title: str, level: int) -> str:
    lines = wrap(title, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    mark = UNDERLINES.get(level)
    return "\n".join([*lines, mark * max(map(len, lines))] if mark else lines)


def folded(line: str) -> list[str]:
    """A line as lines that fit, with its margin; only a word that is longer by itself stands out."""
    if len(line) <= WIDTH:
        return [line]
    margin = MARGIN.match(line)[0]
    rest = "".join(mark if mark == ">" else " " for mark in margin)
    how: Any = {"break_long_words": False, "break_on_hyphens": False}
    return wrap(line[len(margin) :], WIDTH, initial_indent=margin, subsequent_indent=rest, **how)


def laid_out(rows: list[list[str]], has_head: bool) -> str:
    """The rows in columns, a head above a line; where they do not fit, each row as a list of its cells."""
    widths = fitting(rows)
    if not widths:
        return "\n\n".join(map("\n".join, records(rows, has_head)))
    lines = [line for row in rows for line in in_columns(row, widths)]
    if not has_head:
        return "\n".join(lines)
    head = len(in_columns(rows[0], widths))
    return "\n".join([*lines[:head], GAP.join("-" * width for width in widths), *lines[head:]])


def fitting(rows: Iterable[list[str]]) -> list[int]:
    """A width for each column so that all fit side by side, the widest giving way; None if no words would."""
    columns = [[cell or "" for cell in column] for column in zip_longest(*rows)]
    widths = [max([3, *map(len, column)]) for column in columns]
    least = [max([3, *(len(word) for cell in column for word in cell.split(" "))]) for column in columns]
    room = WIDTH - len(GAP) * (len(columns) - 1)
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widest = max((at for at in range(len(widths)) if widths[at] > least[at]), key=widths.__getitem__)
        widths[widest] -= 1
    return widths


def in_columns(row: list[str], widths: list[int]) -> list[str]:
    pairs: Any = zip_longest(row, widths, fillvalue="")
    cells = [wrap(cell, width, break_on_hyphens=False) for cell, width in pairs]
    lines = zip_longest(*cells, fillvalue="")
    return [GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def records(rows: list[list[str]], has_head: bool) -> Iterator[str]:
    head, others = (rows[0], rows[1:]) if has_head and len(rows) > 1 else ([], rows)
    for row in others:
        named = zip_longest(head, row, fillvalue="")
        yield [f"{name}: {cell}" if name else cell for name, cell in named if cell]
