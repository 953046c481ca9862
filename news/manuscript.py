"""One communiqué as its author sends it: letterhead, place and date, a title by its looks, often no closing date."""

import re
from itertools import pairwise

from areaomogenea.prose.blocks import Block
from areaomogenea.prose.calendar import MONTH, WEEKDAY, existing_date
from areaomogenea.prose.documents import quoted as in_quotes
from areaomogenea.prose.plaintext import whole
from areaomogenea.prose.typography import words

from .archive import (
    CLOSING_DATE,
    HEADINGS,
    LABELLED_DATE,
    NEWS,
    NO_WORDS,
    NOTICE,
    PRESS_RELEASE,
    Item,
    is_like_title,
    note_doubts,
    read,
    take_opening,
    take_subtitle,
    take_text,
    with_labels_joined,
)

EDGE = 6  # lines from the top, or from the bottom, among which a title and a date are looked for
WORDS_OF_A_LETTERHEAD = 8
WORDS_OF_AN_ITEM = 20  # fewer, between two dates, are an entry of a programme and no communiqué

NUMBERED_HEADING = re.compile(
    r"^(comunicat[oi](?: stampa)?|news|notizia|avviso)\s*(?:(?:n|nr|num)\.?\s?°?|n°|numero)?\s*"
    r"(\d[\d./-]{0,15}(?: del \d{4})?)$",
    re.IGNORECASE,
)
KINDS = {"c": PRESS_RELEASE, "n": NEWS, "a": NOTICE}
SENDER = re.compile(
    r"^(?:(?:comune|città|provincia|unione|consorzio|comunità|area omogenea|regione|ufficio|assessorato|servizio"
    r"|gruppo)\b|prot(?:ocollo|\.)|via |piazza |tel(?:efono|\.)|e-?mail|pec\b)",
    re.IGNORECASE,
)
PLACE = r"[A-ZÀ-Þ][\w’' ]{1,40}"
DATELINE = re.compile(
    rf"^(?:{PLACE}(?:,\s*|\s+(?=l[iì]\b)))?(?:l[iì],?\s+|il\s+)?(?:{WEEKDAY},?\s+)?"
    rf"(\d{{1,2}})[°º]?\s+({MONTH})\s+(\d{{4}})\.?$",
    re.IGNORECASE,
)
NUMERIC_DATELINE = re.compile(rf"^{PLACE},\s*(?:l[iì]\s+)?(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}})\.?$")


def read_manuscript(lines, kind=PRESS_RELEASE, is_one=False):
    """The items of a text, all of `kind`: one as a rule, several if it is a listing and nobody says otherwise."""
    lines = list(lines)
    listed = [] if is_one else list(read(lines, kind))
    if sum(bool(item.date) and len(item.text.split()) >= WORDS_OF_AN_ITEM for item in listed) < 2:
        listed = [read_one(lines, kind)]
    for item in listed:
        settle_kind(item, kind)
    return listed


def read_one(lines, kind):
    item = Item(kind)
    lines = take_letterhead(item, take_dateline(item, whole(with_labels_joined(lines))))
    text = take_subtitle(item, take_opening(item, [NO_WORDS, *lines]))
    take_text(item, text)
    note_doubts(item, text)
    note_headings(item, text)
    return item


def settle_kind(item, kind):
    """Who brings the text says its kind; a heading that says another is a doubt."""
    if item.kind != kind:
        item.doubt("kind-differs", f"L’intestazione è di «{item.kind}», il tipo scelto è «{kind}»: qual è giusto?")
    item.kind = kind


# The date


def take_dateline(item, lines):
    """The only date that stands alone on a line of the edges; two different ones decide nothing."""
    found = {number: date_of(line) for number, line in edges(lines)}
    found = {number: date for number, date in found.items() if date}
    passages = [lines[number] for number in found]
    if sum(map(bool, lines)) == len(found):
        found = {}  # it is all there is
    if len(set(found.values())) > 1:
        item.doubt("date-several", f"Più date stanno da sole su una riga, e nessuna è presa: {in_quotes(passages)}.")
        return lines
    if not found:
        item.doubt("date-missing", "Il testo non dice la sua data, o non è chiara.")
        return lines
    item.date = next(iter(found.values()))
    item.doubt("date-read", f"{in_quotes(passages)} è presa per data del comunicato, e tolta dal testo.")
    return [line for number, line in enumerate(lines) if number not in found]


def edges(lines):
    texts = [(number, line) for number, line in enumerate(lines) if line]
    return dict(texts[:EDGE] + texts[-EDGE:]).items()


def date_of(line):
    patterns = (CLOSING_DATE, LABELLED_DATE, DATELINE, NUMERIC_DATELINE)
    match = next(filter(None, (pattern.fullmatch(line.text) for pattern in patterns)), None)
    return existing_date(*match.groups()) if match else None


# The letterhead


def take_letterhead(item, lines):
    """Leaves out what stands above the title; names of bodies and offices are quoted in a doubt, never just lost."""
    texts = [number for number, line in enumerate(lines) if line][:EDGE]
    title = next(iter(titles(lines, texts)), None)
    above = [lines[number] for number in texts if title is not None and number < title]
    if not all(map(is_label, above)):
        return lines
    for line in above:
        take_kind(item, line)
    letterhead = [line for line in above if not kind_of(line)]
    if letterhead:
        item.doubt("letterhead", f"Righe sopra il titolo, che non sono nella bozza: {in_quotes(letterhead)}.")
    return lines[title:] if title is not None else lines


def titles(lines, texts):
    """Where the title may stand, the surest first: by its style, below the heading, in bold."""
    yield from (number for number in texts if lines[number].style == Block.TITLE)
    yield from (below for above, below in pairwise(texts) if kind_of(lines[above]))
    for number in texts:
        line = lines[number]
        stands_out = line.style == Block.HEADING or line.emphasis
        if stands_out and is_like_title(line) and not SENDER.search(line.text):
            yield number


def is_label(line):
    return is_like_title(line) and (len(words(line.text)) <= WORDS_OF_A_LETTERHEAD or bool(SENDER.search(line.text)))


def kind_of(line):
    """The kind that a heading tells, and the number that may stand in it."""
    if match := NUMBERED_HEADING.search(line.text):
        return KINDS[match[1][0].lower()], match[2]
    kind = HEADINGS.get(" ".join(words(line.text)))
    return (kind, "") if kind else None


def take_kind(item, line):
    if told := kind_of(line):
        item.kind, item.number = told[0], told[1] or item.number


# Headings that are only bold


def note_headings(item, lines):
    bold = [line for line in lines if line.emphasis == "strong" and is_like_title(line)]
    if bold:
        item.doubt("heading-perhaps", f"Righe in grassetto che forse sono titoli di sezione: {in_quotes(bold)}.")
