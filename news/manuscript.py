"""One communiqué as its author sends it: letterhead, place and date, a title by its looks, often no closing date."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from areaomogenea.prose import tree
from areaomogenea.prose.account import quoted as in_quotes
from areaomogenea.prose.blocks import Block
from areaomogenea.prose.dates import existing_date
from areaomogenea.prose.plaintext import sign_of, whole
from areaomogenea.prose.typography import words

from .archive import (
    CLOSING_DATE,
    PRESS_RELEASE,
    NewsItem,
    is_like_title,
    note_doubts,
    read_listing,
    take_old_page,
    take_opening,
    take_subtitle,
    take_text,
)
from .correspondence import is_role, take_close, take_head, take_mail, take_protocol, with_parts
from .headings import heading_of, kind_in_title, take_heading
from .letter_dates import letter_day
from .oldpages import LABELLED_DATE, NO_WORDS, with_labels_joined

EDGE = 6  # lines from the top, or from the bottom, among which a title and a date are looked for
WORDS_OF_A_LETTERHEAD = 8
WORDS_OF_A_KICKER = 3
WORDS_OF_AN_ITEM = 20  # fewer, between two dates, are an entry of a programme and no communiqué

SENDER = re.compile(
    r"^(?:(?:comune|città|provincia|unione|consorzio|comunità|area omogenea|regione|ufficio|assessorato|servizio"
    r"|gruppo)\b|prot(?:ocollo|\.)|via |piazza |tel(?:efono|\.)|e-?mail|pec\b)",
    re.IGNORECASE,
)
GOES_ON = re.compile(r"^si\s|\b(?:che|di|a|da|in|con|su|per|e)\s?:$", re.IGNORECASE)
SECTION = re.compile(r"(?:art(?:icolo|\.)\s*)?\d{1,2}\b(?:[.)]|\s*[–—-])|art(?:icolo|\.)\s*\d", re.IGNORECASE)
OPENING = re.compile(r"\(?(.{4,60}?)\)?\s*[–—-]\s+(?=\S)")  # of a paragraph, with its place and day
PLAIN_OF = {"p", "ul", "ol", "li", "strong", "em"}
HEADING_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s+(?=\S)|(?:[A-Z]|[IVX]{2,5})[.)]\s+(?=\S)")


def read_manuscript(lines: list[Block], kind: str = PRESS_RELEASE, is_one: bool = False) -> list[NewsItem]:
    """The items of a text, all of `kind`: one as a rule, several if it is a listing and nobody says otherwise."""
    lines = list(lines)
    listed = [] if is_one else list(read_listing(lines, kind))
    if sum(bool(item.date) and len(item.text.split()) >= WORDS_OF_AN_ITEM for item in listed) < 2:
        listed = [read_one(lines)]
    for item in listed:
        settle_kind(item, kind)
    return listed


def read_one(lines: list[Block]) -> NewsItem:
    """The item of a text, of the kind that it tells, or of none."""
    item = NewsItem("")
    lines, sent = take_mail(item, list(with_parts(lines)))
    lines = take_head(item, whole(with_labels_joined(lines)))
    lines = take_dateline(item, take_close(item, lines), sent)
    lines = take_letterhead(item, lines)
    text = take_opening(item, [NO_WORDS, *take_old_page(item, lines)])
    text = text if opens_the_text(next(filter(None, text), NO_WORDS)) else take_subtitle(item, text)
    item.kind = item.kind or kind_in_title(item.title)
    if item.title.isupper() and len(words(item.title)) > 2:
        item.doubt(
            "title-capitals", "Il titolo è tutto maiuscolo: riscrivilo come una frase, con i nomi propri maiuscoli."
        )
    text = with_headings(item, text)
    take_text(item, text)
    note_doubts(item, text)
    return item


def opens_the_text(line: Block) -> bool:
    """Who speaks, or the first of its sections: no subtitle, however it stands out."""
    return is_role(line) or (bool(line.emphasis) and bool(SECTION.match(line.text)))


def settle_kind(item: NewsItem, kind: str) -> None:
    """Who brings the text says its kind; a heading that says another is a doubt."""
    if item.kind and item.kind != kind:
        item.doubt("kind-differs", f"L’intestazione è di «{item.kind}», il tipo scelto è «{kind}»: qual è giusto?")
    item.kind = kind


# The date


def take_dateline(item: NewsItem, lines: list[Block], sent: date | None = None) -> list[Block]:
    """The only date that stands alone on a line of the edges, or the day when a mail was sent.

    Two different ones decide nothing.
    """
    dates = {number: date_on_line(line) for number, line in edges(lines)}
    dates = {number: date for number, date in dates.items() if date}
    passages = [lines[number] for number in dates]
    if sum(map(bool, lines)) == len(dates):
        dates = {}  # it is all there is
    if item.date and not set(dates.values()) <= {item.date}:
        dates = {}  # its letterhead tells another
    if len(set(dates.values())) > 1:
        item.doubt("date-several", f"Più date stanno da sole su una riga, e nessuna è presa: {in_quotes(passages)}.")
        return lines
    if not dates and not item.date:
        lines = take_opening_day(item, lines)
    if not dates and sent and not item.date:
        item.date = sent
        item.doubt("date-of-mail", f"La data è quella del messaggio, {sent:%d/%m/%Y}: controlla che sia quella giusta.")
    if not dates and item.date:
        return lines
    if not dates:
        item.doubt("date-missing", "Il testo non dice la sua data, o non è chiara.")
        return lines
    item.date = next(iter(dates.values()))
    item.doubt("date-read", f"{in_quotes(passages)} è presa per data del comunicato, e tolta dal testo.")
    return [line for number, line in enumerate(lines) if number not in dates]


def take_opening_day(item: NewsItem, lines: list[Block]) -> list[Block]:
    """The place and the day that the first paragraph begins with, as agencies write them."""
    for number, line in list(edges(lines))[:EDGE]:
        opening = OPENING.match(line.text) if line.style in (Block.LINE, Block.PARAGRAPH) else None
        date = letter_day(opening[1]) if opening else None
        if date:
            item.date = date
            item.doubt("date-read", f"«{opening[1]}», in apertura, è presa per data del comunicato, e tolta dal testo.")
            html = f"<p>{tree.without_start(line.inline_html, opening.end())}</p>"
            return [*lines[:number], replace(line, html=html, text=line.text[opening.end() :]), *lines[number + 1 :]]
    return lines


def edges(lines: Iterable[Block]) -> Iterable[tuple[int, Block]]:
    texts = [(number, line) for number, line in enumerate(lines) if line]
    return dict(texts[:EDGE] + texts[-EDGE:]).items()


def date_on_line(line: Block) -> date | None:
    """The day of a line that tells nothing else."""
    match = CLOSING_DATE.fullmatch(line.text) or LABELLED_DATE.fullmatch(line.text)
    return existing_date(*match.groups()) if match else letter_day(line.text)


# The letterhead


def take_letterhead(item: NewsItem, lines: list[Block]) -> list[Block]:
    """Leaves out what stands above the title; names of bodies and offices are quoted in a doubt, never just lost."""
    texts = [number for number, line in enumerate(lines) if line][:EDGE]
    title = next(iter(titles(lines, texts)), None)
    above = [lines[number] for number in texts if title is not None and number < title]
    if not all(map(is_label, above)):
        return lines
    letterhead = [rest for line in above if not take_heading(item, line.text) and (rest := take_protocol(item, line))]
    if letterhead:
        item.doubt("letterhead", f"Righe sopra il titolo, che non sono nella bozza: {in_quotes(letterhead)}.")
    return lines[title:] if title is not None else lines


def titles(lines: list[Block], texts: list[int]) -> Iterator[int]:
    """Where the title may stand, the surest first: by its style, below the heading, in bold."""
    yield from (number for number in texts if lines[number].style == Block.TITLE)
    for above, below, next_one in zip(texts, texts[1:], [*texts[2:], None], strict=False):
        if heading_of(lines[above].text):
            yield next_one if is_kicker(lines, below, next_one) else below
    for number in texts:
        line = lines[number]
        stands_out = line.style == Block.HEADING or line.emphasis
        if stands_out and is_like_title(line) and not SENDER.search(line.text):
            yield number


def is_kicker(lines: list[Block], place: int, below: int) -> bool:
    """A word or two above a title that stands out where they do not."""
    is_short = len(words(lines[place].text)) <= WORDS_OF_A_KICKER and not lines[place].emphasis
    return is_short and below is not None and bool(lines[below].emphasis) and is_like_title(lines[below])


def is_label(line: Block) -> bool:
    return is_like_title(line) and (len(words(line.text)) <= WORDS_OF_A_LETTERHEAD or bool(SENDER.search(line.text)))


# Headings that are only bold


def with_headings(item: NewsItem, lines: list[Block]) -> list[Block]:
    """Lines in bold above a text become headings, without the bold and the number that was typed."""
    level = 3 if any(line.style == Block.HEADING for line in lines) else 2
    filled = [place for place, line in enumerate(lines) if line]
    bold = {place for place in filled if is_bold_title(lines[place])}
    lone = {above for above, below in pairwise(filled) if above in bold and below not in bold}
    lone = {place for place in lone if not (is_role(lines[place]) or is_item_of_more(lines, place))}
    if lone:
        text = in_quotes(lines[place].text.removeprefix("• ") for place in sorted(lone))
        item.doubt(
            "heading-made", f"Righe in grassetto, ora titoli di sezione: {text}. Se non lo sono, falle paragrafi."
        )
    if rest := [lines[place] for place in sorted(bold - lone)]:
        item.doubt("heading-perhaps", f"Righe in grassetto che forse sono titoli di sezione: {in_quotes(rest)}.")
    return [heading_from(line, level) if place in lone else line for place, line in enumerate(lines)]


def is_bold_title(line: Block) -> bool:
    if line.emphasis != "strong" or line.style not in (Block.PARAGRAPH, Block.LIST):
        return False
    text = line.text.removeprefix("• ") if line.style == Block.LIST else line.text
    if names_what_follows(text):
        text = text.removesuffix(":")
    return is_like_title(Block.line(text))


def names_what_follows(text: str) -> bool:
    """A word or two and a colon; no sentence that goes on below it."""
    is_name = len(text.split()) <= WORDS_OF_A_KICKER and not GOES_ON.search(text)
    return text.endswith(":") and (is_name or text.isupper())


def is_item_of_more(lines: list[Block], place: int) -> bool:
    """Whether the next line goes on with the list that this one begins."""
    signs = [sign_of(line.text) for line in lines[place : place + 3] if line][:2]
    return len(signs) == 2 and all(signs) and signs[0].form == signs[1].form


def heading_from(line: Block, level: int) -> Block:
    text = line.text.removeprefix("• ")
    number = HEADING_NUMBER.match(text)
    level = min(4, level + number[0].count(".", 0, -2)) if number else level
    inner = tree.without(line.html, PLAIN_OF)
    inner = tree.without_start(inner, number.end()) if number else inner
    inner = inner.strip().removesuffix(":")
    return Block(f"<h{level}>{inner.strip()}</h{level}>", Block.HEADING)
