"""Plain text read as its author saw it: lines that a sentence runs over, lists with typed signs, tables of tabs.

The editor reads what is pasted by the same rules, in static/src/desk/plaintext.js: one table of cases holds for both.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby, pairwise

from . import characters, tree
from .blocks import Block

CELL_END = re.compile(" *\t *")

# What stands for a bullet: signs of their own; those of fonts of symbols; letters of such fonts, which a tab tells.
BULLET = re.compile(r"[•●▪■◦○‣⁃∙·▸►➢➤✓✔❖◆♦\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d][ \t]*|[*–—−-][ \t]+|[oØüvq§]\t[ \t]*")
DASHES, DASH = "–—−-", "-"
INNER_BULLETS = "o◦○▪■§\uf0a7"  # what Word puts inside a list that has bullets
NUMBER = re.compile(r"\(?(?:(\d{1,3})|([a-zA-Z])|([ivx]{2,5}))(?:[.)]|°[.)]|[ \t][–—-](?=[ \t]))[ \t]+")
ORDER = re.compile(r"[\da-zA-Z \t]+")
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
LETTER_OF = {1: 9, 5: 22, 10: 24}  # the place in the alphabet of i, v, x
ROMANS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()

SENTENCE_END = re.compile(r"[.!?:;…][\"”’'»)\]]*$")
HYPHEN = re.compile(r"(?<=[^\W\d_])-$")
FILE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp)$", re.IGNORECASE)
CONTACT = re.compile(r"(?:tel|cell|fax|e-?mail|pec|f\.to)\b|www\.|https?://|[^\s@]+@[^\s@]+$", re.IGNORECASE)
SHORTEST_MEASURE, LONGEST_MEASURE = 45, 200  # letters of a line that paper cuts
ROWS, COLUMNS = 2, 2  # fewer are no table
FIGURE = re.compile(r"[-+€$]?\s*[\d.,]+\s*[%€]?")


def read(text: str) -> list[Block]:
    return structured(whole(lines_of(text)))


def lines_of(text: str) -> list[Block]:
    return list(map(Block.line, characters.lines(text)))


# Lines that a sentence runs over


def whole(lines: Iterable[Block]) -> list[Block]:
    """Lines with the breaks inside a sentence mended; blank ones stay, and blocks of a document are whole."""
    lines = list(lines)
    measure = Measure([line.text for line in lines if line.style == Block.LINE])
    mended: list[list[str]] = []
    kept: list[Block] = []
    before = ""  # the line above, if it is one that may go on
    for line in lines:
        if before and line.style == Block.LINE and measure.continues(mended[-1][0], before, line.text):
            mended[-1].append(line.text)
        else:
            kept.append(line)
            mended.append([line.text])
        before = line.text if line.style == Block.LINE else ""
    return [Block.line(glued(texts)) if texts[1:] else line for line, texts in zip(kept, mended, strict=True)]


def glued(texts: list[str]) -> str:
    text = texts[0]
    for part in texts[1:]:
        text = f"{HYPHEN.sub('', text)}{part}" if is_cut(text, part) else f"{text} {part}"
    return text


def is_cut(line: str, following: str) -> bool:
    return bool(HYPHEN.search(line)) and is_lower(following)


def is_lower(text: str) -> bool:
    return bool(text) and unicodedata.category(text[0]) == "Ll"


class Measure:
    """The width of the paper, if it was the paper that ended the lines."""

    def __init__(self, texts: list[str]) -> None:
        lengths = sorted(len(text) for text in texts if text)
        self.width = lengths[int(len(lengths) * 0.9)] if lengths else 0
        is_likely = SHORTEST_MEASURE <= self.width <= LONGEST_MEASURE
        self.is_paper = is_likely and any(self.is_full(*pair) and runs_on(*pair) for pair in pairwise(texts))

    def is_full(self, line: str, following: str) -> bool:
        return self.room_for(line, following) > 0.8 * self.width

    def room_for(self, line: str, following: str) -> int:
        """The letters that the line would have with the first word of the next."""
        return len(line) + 1 + len(following.partition(" ")[0])

    def continues(self, start: str, line: str, following: str) -> bool:
        """`start`: the first line of what `line` ends so far."""
        if not following or "\t" in line + following or sign_of(following):
            return False
        if is_cut(line, following):
            return True
        if CONTACT.match(following) or FILE_NAME.search(following):
            return False
        if runs_on(line, following) and not is_lower(start):
            return True
        if not self.is_paper:
            return False
        if SENTENCE_END.search(line):
            return self.room_for(line, following) > self.width
        return self.is_full(line, following) or (runs_on(line, following) and len(line) >= 0.55 * self.width)


def runs_on(line: str, following: str) -> bool:
    return bool(line) and is_lower(following) and not SENTENCE_END.search(line)


# Signs before the items of a list


@dataclass(frozen=True)
class Sign:
    """The beginning of an item: `form` is alike for the items of one list; bullets have the number 0."""

    form: str
    number: int
    letters: int  # that it takes, with the space behind it


def sign_of(text: str) -> Sign | None:
    inner = text.lstrip("\t")
    indent = len(text) - len(inner)
    if bullet := BULLET.match(inner):
        return Sign(DASH if inner[0] in DASHES else inner[0], 0, indent + bullet.end())
    number = NUMBER.match(inner)
    if not number:
        return None
    digits, letter, roman = number.groups()
    form, letters = ORDER.sub("", number[0]), indent + number.end()
    if digits:
        return Sign(f"1{form}", int(digits), letters) if int(digits) else None
    if roman:
        return Sign(f"a{form}", ROMANS.index(roman) + 1, letters) if roman in ROMANS else None
    # An initial and a stop begin a name, not an item.
    is_initial = letter.isupper() and ")" not in form
    return None if is_initial else Sign(f"a{form}", ALPHABET.index(letter.lower()) + 1, letters)


@dataclass
class Item:
    block: Block
    sign: Sign
    inner: "list[Item]" = field(default_factory=list)


def structured(blocks: Iterable[Block]) -> list[Block]:
    """Blocks with typed lists and tables of tabs made real; those without words are left out."""
    made: list[Block] = []
    for kind, run in groupby(filter(None, blocks), key=block_kind):
        readers: dict[str, Callable[[Iterable[Block]], Iterable[Block]]]
        readers = {"items": in_lists, "rows": in_tables, "": list}
        made += readers[kind](run)
    return made


def block_kind(block: Block) -> str:
    if block.style not in (Block.LINE, Block.PARAGRAPH):
        return ""
    if sign_of(block.text):
        return "items"
    return "rows" if block.style == Block.LINE and "\t" in block.text else ""


def in_lists(run: Iterable[Block]) -> Iterator[Block]:
    for items in lists_of([Item(block, sign_of(block.text)) for block in run]):
        [first, *more] = items
        if first.sign.number and not more:  # a number alone may be anything
            yield first.block
            if first.inner:
                yield list_block(first.inner)
        else:
            yield list_block(items)


def lists_of(items: list[Item]) -> Iterator[list[Item]]:
    """The lists of a run of items, one after the other; each item holds the list inside it."""
    with_romans(items)
    last = {item.sign.form: place for place, item in enumerate(items)}
    opened: list[list[Item]] = []  # the outermost first
    for place, item in enumerate(items):
        depth = next((depth for depth in reversed(range(len(opened))) if goes_on(opened[depth], item)), None)
        if depth is not None:
            opened = opened[: depth + 1]
            opened[-1].append(item)
        elif opened and goes_inside(opened, item, comes_back=last[opened[-1][-1].sign.form] > place):
            inner = opened[-1][-1].inner
            inner.append(item)
            opened.append(inner)
        elif opened and not (item.sign.number or opened[-1][-1].sign.number):
            opened[-1].append(item)  # another sign for the same
        else:
            yield from opened[:1]
            opened = [[item]]
    yield from opened[:1]


def goes_on(items: list[Item], item: Item) -> bool:
    last = items[-1].sign
    return item.sign.form == last.form and (not last.number or item.sign.number == last.number + 1)


def goes_inside(opened: list[list[Item]], item: Item, comes_back: bool) -> bool:
    """Whether an item begins a list inside the one before it; that list `comes_back` if its sign is met again."""
    before = opened[-1][-1]
    if item.sign.number > 1 or any(item.sign.form == outer[-1].sign.form for outer in opened):
        return False
    is_inner = not item.sign.number and item.sign.form in INNER_BULLETS
    return before.block.text.endswith(":") or bool(before.sign.number) or is_inner or comes_back


def with_romans(items: list[Item]) -> None:
    """An i, a v, an x are numbers among those of Rome."""
    before = 0
    for place, item in enumerate(items):
        next_one = items[place + 1].sign.number if place + 1 < len(items) else 0
        is_first = (item.sign.number, next_one) == (LETTER_OF[1], 2)
        if is_first or (before and item.sign.number == LETTER_OF.get(before + 1)):
            before = 1 if is_first else before + 1
            item.sign = replace(item.sign, number=before)
        elif before and item.sign.number == before + 1:
            before += 1
        else:
            before = 0


def list_block(items: list[Item]) -> Block:
    return Block(list_html(items), Block.LIST)


def list_html(items: list[Item]) -> str:
    first = items[0].sign
    start = f' start="{first.number}"' if first.number > 1 else ""
    tag = "ol" if first.number else "ul"
    return f"<{tag}{start}>{''.join(map(item_html, items))}</{tag}>"


def item_html(item: Item) -> str:
    words = tree.without_start(item.block.inline_html, item.sign.letters).strip()
    return f"<li><p>{words}</p>{list_html(item.inner)}</li>" if item.inner else f"<li>{words}</li>"


# Tables of tabs


def in_tables(run: Iterable[Block]) -> Iterator[Block]:
    rows: list[tuple[Block, list[str]]] = [(block, CELL_END.split(block.text)) for block in run]
    for is_table, group in groupby(rows, key=lambda row: len(row[1]) >= COLUMNS):
        together = list(group)
        cells = without_empty_columns([cells for _, cells in together])
        width = len(cells[0])
        if is_table and width >= COLUMNS and len(cells) >= ROWS and max(map(len, cells)) == width:
            yield Block(table_html(cells), Block.TABLE)
        else:
            yield from (block for block, _ in together)


def without_empty_columns(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows))
    filled = [column for column in range(width) if any(row[column : column + 1] not in ([], [""]) for row in rows)]
    return [[row[column] for column in filled if column < len(row)] for row in rows]


def table_html(rows: list[list[str]]) -> str:
    width = len(rows[0])
    first, *others = [row + [""] * (width - len(row)) for row in rows]
    is_head = all(first) and len(set(first)) == width and not any(map(FIGURE.fullmatch, first))
    head = row_html(first, "th", ' scope="col"') if is_head else row_html(first, "td")
    return f"<table><tbody>{head}{''.join(row_html(row, 'td') for row in others)}</tbody></table>"


def row_html(cells: list[str], tag: str, attributes: str = "") -> str:
    return f"<tr>{''.join(f'<{tag}{attributes}>{escape(cell, quote=False)}</{tag}>' for cell in cells)}</tr>"
