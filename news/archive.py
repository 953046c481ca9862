"""How communiqués are written, in rules; and listings of them, as the old site printed them, read one at a time.

What is called a line is a Block: a line of plain text, or a block of a document.
"""

import codecs
import datetime
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import dropwhile, pairwise
from operator import not_
from pathlib import Path

from areaomogenea.prose.account import quoted
from areaomogenea.prose.blocks import Block
from areaomogenea.prose.characters import shows_nothing
from areaomogenea.prose.dates import MONTH, RELATIVE_TIME, existing_date, wrong_weekdays
from areaomogenea.prose.html import plain
from areaomogenea.prose.plaintext import BULLET, FILE_NAME, SENTENCE_END, sign_of, structured, whole
from areaomogenea.prose.typography import ADDRESS, typeset, typeset_html, words

from . import oldpages
from .oldpages import LABELLED_DATE, NO_WORDS, OF_DATE, OF_TYPE, is_old_label, with_labels_joined

LONGEST_TITLE = 200
LONGEST_SUMMARY = LONGEST_SUBTITLE = 255
WORDS_OF_A_TITLE = 25
WORDS_OF_A_SENTENCE = 12
ENOUGH = 0.5  # words in common of two titles, by which one tells the other
LINES_OF_A_TITLE = 3  # with its subtitle
WORDS_OF_A_LABEL = 3  # captions, signatures, names in a list

LETTER_NAMED = re.compile(r"\b[Ll]ett(?:er[ae]|\.)\s+[a-z]\b")
PIECE = 64 * 1024  # characters

PRESS_RELEASE, NEWS, NOTICE = "comunicati", "notizie", "avvisi"
HEADINGS = {
    "comunicato stampa": PRESS_RELEASE,
    "comunicati stampa": PRESS_RELEASE,
    "news": NEWS,
    "notizie": NEWS,
    "avviso": NOTICE,
    "avvisi": NOTICE,
    "area omogenea": "",  # a topic: the kind stays what it was
    "area omogenea cremasca": "",
}

CLOSING_DATE = re.compile(rf"^(\d{{1,2}})[°º]?\s+(?=[A-Z])((?i:{MONTH}))\s+(\d{{4}})$")
NUMERIC_DATE = re.compile(r"^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$")
LONE_DATE = re.compile(r"^\d{1,2}[°º]?\s+[^\W\d]+\s+\d{4}$")

# «Data di apertura: …» and «Nome (Comune di X)» stand alone in a text, and no item begins there.
OF_PRACTICE = re.compile(
    r"^(?:data|ora|orari[oe]?|luogo|sede|scadenza|termine|importo|contatti|dove|quando|referente|ente|durata|costo"
    r"|ingresso|destinatari|requisiti|informazioni)\b[^:]{0,40}:",
    re.IGNORECASE,
)
WITH_BRACKETS = re.compile(r"\([^()]{2,60}\)$")
QUOTE = re.compile("[“”«»]")
OPENING, CLOSING = "“«", {"”": "“", "»": "«"}
MOST_QUOTES = 3
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
NO_TITLE_END = re.compile(r"(?:(?<!\.)\.|[,;:])[\"”’'»)\]]*$")
TYPE_IN_TITLE = re.compile(
    r"(?:comunicat[oi] stampa|news|avviso|area omogenea(?: cremasca)?)\s*(?:[–—:]|-\s)", re.IGNORECASE
)
ABBREVIATIONS = "arch art artt avv cav dott dr ecc geom ing n nn on pag prof rag sen sig".split()
FIRST_SENTENCE = re.compile(
    r".+?[.!?…]"
    + "".join(rf"(?<!\b(?i:{short})\.)" for short in ABBREVIATIONS)
    + r"(?<!\b[A-Z]\.)[”’»)]*(?=\s+\W*[A-ZÀ-Þ]|$)",
)


@dataclass
class NewsItem:
    """One communiqué as it was read; its doubts are (code, message) pairs for an editor."""

    kind: str
    title: str = ""
    subtitle: str = ""
    summary: str = ""
    caption: str = ""
    number: str = ""
    source_name: str = ""
    source_url: str = ""
    date: datetime.date | None = None
    body: str = ""
    text: str = ""  # the body in plain words
    is_complete: bool = True
    doubts: list[tuple[str, str]] = field(default_factory=list)

    def doubt(self, code: str, message: str) -> None:
        self.doubts.append((code, message))


def read_listing(lines: Iterable[Block], kind: str = PRESS_RELEASE) -> Iterator[NewsItem]:
    """The items of a listing or of pages in their order, no more than one in memory.

    They are of this kind until a heading, or a label, tells another.
    """
    for block in listing_blocks(lines):
        *dateless, last = [block.lines] if block.is_page else items_of_block(block.lines)
        for part in [*dateless, last]:
            item = NewsItem(kind)
            text = take_subtitle(item, take_opening(item, take_old_page(item, part, block.is_page)))
            take_date(item, block, is_followed=part is not last)
            take_text(item, text)
            note_doubts(item, text)
            kind = kind if block.is_page else item.kind
            yield item


def item_fingerprint(title: str, date: datetime.date | None, text: str = "") -> str:
    """Title and date identify an item; where there is no date, its text stands in."""
    rest = date.isoformat() if date else " ".join(words(text))
    return sha256(f"{' '.join(words(title))}\n{rest}".encode()).hexdigest()


# Files and lines


class UnreadableArchive(Exception):  # noqa: N818 (a state of the file, in words for who runs the import)
    pass


def encoding_of(path: Path) -> str | None:
    """UTF-16 if a mark says so, else UTF-8 or Windows-1252; a first reading, in pieces, makes sure."""
    if not path.is_file():
        raise UnreadableArchive("non è un file" if path.exists() else "non esiste")
    with path.open("rb") as file:
        has_mark = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ["utf-16"] if has_mark else ["utf-8-sig", "cp1252"]:
        try:
            check_listing(path, encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableArchive("non è un file di testo")


def check_listing(path: Path, encoding: str) -> None:
    is_blank = True
    with path.open(encoding=encoding) as file:
        while piece := file.read(PIECE):
            if NO_TEXT.search(piece):
                raise UnreadableArchive("contiene caratteri di controllo: non è un file di testo")
            is_blank = is_blank and shows_nothing(piece)
    if is_blank:
        raise UnreadableArchive("è vuoto")


@dataclass
class Cut:
    """The lines of one item, or of several without dates between them, and the match of their date, if there is one."""

    lines: list[Block]
    date: re.Match | None = None
    is_page: bool = False  # of a single article: its labels stand above the text
    is_below_title: bool = False  # a date without its label stood above the text


def listing_blocks(lines: Iterable[Block]) -> Iterator[Cut]:
    """A listing is cut below each date; pages of single articles, which have it above the text, above each title."""
    block, opened = [NO_WORDS], None  # nothing stands glued above the first line
    waiting = None  # a title and its date, with no text: what follows may be its text
    for line in with_labels_joined(lines):
        labelled = LABELLED_DATE.search(line.text) if OF_DATE.match(line.text) else None
        if labelled and opened:  # the next page
            start = start_of_page(block)
            yield Cut(whole(block[:start]), opened, is_page=True)
            block, opened = block[start:], None
        closing = labelled or (CLOSING_DATE.search(line.text) if not opened else None)
        if labelled and has_no_text_yet(block):
            opened = labelled
        elif closing and any(block):
            if waiting:
                yield waiting
            cut = Cut(whole(block), closing)
            waiting = cut if has_no_text_yet(block) else None
            if not waiting:
                yield cut
            block = []
        else:
            block.append(line)
    yield from last_blocks(block, opened, waiting)


def last_blocks(block: list[Block], opened: re.Match[str] | None, waiting: Cut | None) -> Iterator[Cut]:
    has_words = any(block)
    if waiting and has_words and not opened:
        yield Cut([*waiting.lines, NO_WORDS, *whole(block)], waiting.date, is_page=True, is_below_title=True)
        return
    if waiting:
        yield waiting
    if has_words:
        yield Cut(whole(block), opened, is_page=bool(opened) or any(OF_TYPE.match(line.text) for line in block))


def has_no_text_yet(block: Iterable[Block]) -> bool:
    """Whether only a title, and what may stand beside it, was read so far."""
    texts = [line for line in block if line and not is_old_label(line) and not is_above_titles(line)]
    return 0 < len(texts) <= LINES_OF_A_TITLE and all(map(is_like_title, texts))


def start_of_page(block: list[Block]) -> int:
    """Where the title stands of a page whose labels end these lines."""
    end = len(block)
    while end and (not block[end - 1] or is_old_label(block[end - 1])):
        end -= 1
    start = end - 1
    if end < 2 or not is_like_title(block[start]):
        return len(block)
    while start and (not block[start - 1] or is_above_titles(block[start - 1])):
        start -= 1
    return start


def items_of_block(block: list[Block]) -> Iterator[list[Block]]:
    """A title that stands twice inside a text opens another item: the date of the one before is missing."""
    start = 0
    for number in repeated_titles(block):
        texts = [line for line in block[start:number] if line and not is_above_titles(line)]
        if len(texts) > 1:
            yield block[start:number]
            start = number - 1  # with the blank line above: nothing is glued
    yield block[start:]


def repeated_titles(lines: list[Block]) -> Iterator[int]:
    texts = ((number, line) for number, line in enumerate(lines) if line)
    for (number, line), (following, repeated) in pairwise(texts):
        stands_alone = not lines[number - 1] and following > number + 1
        if stands_alone and is_like_title(line) and words(line.text) == words(repeated.text):
            yield number


def is_above_titles(line: Block) -> bool:
    return " ".join(words(line.text)) in HEADINGS or is_of_picture(line)


def is_of_picture(line: Block) -> bool:
    return any(pattern.search(line.text) for pattern in (FILE_NAME, NUMERIC_DATE, CLOSING_DATE))


def skip_blank(lines: list[Block]) -> list[Block]:
    return list(dropwhile(not_, lines))


def is_like_title(line: Block) -> bool:
    return (
        len(line.text) <= LONGEST_TITLE
        and 0 < len(words(line.text)) <= WORDS_OF_A_TITLE
        and not any(matches(line.text) for matches in (NO_TITLE_END.search, BULLET.match, ADDRESS.search))
        and "\n" not in line.text
    )


# What the old site printed around a text


def take_old_page(item: NewsItem, brought: list[Block], is_page: bool = False) -> list[Block]:
    """Leaves out labels, links of the page, attachments and the source; what no field keeps is told."""
    lines, labels = oldpages.without_labels(brought)
    lines, links = oldpages.without_furniture(lines) if is_page or labels else (lines, [])
    lines, cut = oldpages.without_cut(lines)
    lines, attachments = oldpages.without_attachments(lines)
    lines, source = oldpages.without_source(lines)
    if not any(lines):
        return brought
    kinds = [kind for label, text in labels.items() if OF_TYPE.match(label) and (kind := kind_in(text))]
    item.kind = kinds[0] if kinds else item.kind
    others = [f"{label} {text}" for label, text in labels.items() if not OF_TYPE.match(label) or not kind_in(text)]
    if others or links:
        item.doubt("labels", f"Righe della vecchia pagina, tolte dal testo: {quoted([*others, *links])}.")
    if cut:
        item.doubt("words-cut", f"Il testo finisce con {quoted(cut)}: qui c’è solo l’inizio, il resto va cercato.")
    if attachments:
        text = quoted(f"{name} ({size})" for name, size in attachments)
        item.doubt("attachments-listed", f"Allegati della vecchia pagina, da caricare: {text}.")
    if source:
        line, item.source_name, item.source_url = source
        item.doubt("source-read", f"«{line}» è presa per fonte, e tolta dal testo.")
    return lines


def kind_in(text: str) -> str:
    """«Comunicato stampa», «News»: the kind that a label tells; none if it is only a topic, or unknown."""
    return HEADINGS.get(" ".join(words(text)), "")


# Above the text


def take_opening(item: NewsItem, lines: list[Block]) -> list[Block]:
    """Each `take_` fills its part of the item and returns the lines that are left."""
    texts = skip_blank(lines) or [NO_WORDS]
    below_heading = take_headings(item, texts)
    is_glued = bool(lines[0]) and texts == below_heading
    return take_title(item, take_caption(item, below_heading, is_glued))


def take_headings(item: NewsItem, lines: list[Block]) -> list[Block]:
    while (heading := " ".join(words(lines[0].text))) in HEADINGS and any(lines[1:]):
        item.kind = HEADINGS[heading] or item.kind
        lines = skip_blank(lines[1:])
    return lines


def take_caption(item: NewsItem, lines: list[Block], is_glued: bool) -> list[Block]:
    """A line glued under a date belongs to the picture of the next item, even if it looks like a second date."""
    caption, rest = lines[0], skip_blank(lines[1:])
    is_caption = is_of_picture(caption)
    if not rest or not (is_glued or is_caption):
        return lines
    if not is_caption and not is_like_title(rest[0]):
        item.doubt("title-glued", "Il titolo era attaccato alla data precedente: controlla che non sia una didascalia.")
        return lines
    item.caption = typeset(caption.text)
    item.doubt(*doubt_about_caption(item.caption))
    return rest


def doubt_about_caption(caption: str) -> tuple[str, str]:
    if CLOSING_DATE.search(caption):
        return "date-above", f"Sopra il titolo c’è un’altra data, «{caption}»: controlla qual è quella giusta."
    if NUMERIC_DATE.search(caption):
        return "image-caption", f"La riga «{caption}» sopra il titolo non è presa per data: sembra di un’immagine."
    if FILE_NAME.search(caption) or len(words(caption)) <= WORDS_OF_A_LABEL:
        return "image-caption", f"La riga «{caption}» sopra il titolo sembra la didascalia di un’immagine."
    return "title-or-caption", f"«{caption}» è presa per didascalia di un’immagine: potrebbe essere il titolo."


def take_title(item: NewsItem, lines: list[Block]) -> list[Block]:
    line, rest = lines[0], lines[1:]
    item.title = typeset(first_words(line))
    if len(item.title) > LONGEST_TITLE:
        start = item.title[: LONGEST_TITLE - 1]
        item.title = f"{start.rpartition(' ')[0] or start}…"
        item.doubt("title-too-long", "Il titolo è troppo lungo: è accorciato, e per intero apre il testo.")
        return [NO_WORDS, line, *rest]
    if not is_like_title(line):
        item.doubt("title-unlikely", "Il titolo non sembra un titolo: controlla che non sia l’inizio del testo.")
    elif TYPE_IN_TITLE.match(line.text):
        item.doubt("title-holds-type", "Il titolo comincia con il tipo o con il nome dell’ente: forse va accorciato.")
    return [NO_WORDS, line, *rest] if is_of_many(line) else rest


def is_of_many(line: Block) -> bool:
    return line.style in (Block.LIST, Block.TABLE)


def first_words(line: Block) -> str:
    if not is_of_many(line):
        return line.text
    first = line.text.partition("\n")[0]
    return first.removeprefix("• ") or first


# The text


def take_date(item: NewsItem, block: Cut, is_followed: bool) -> None:
    if is_followed:
        item.doubt("date-missing", "Manca la data: dopo questo testo comincia subito un altro comunicato.")
    elif not block.date and block.is_page:
        item.doubt("date-missing", "Manca la data: la vecchia pagina non la dice.")
    elif not block.date:
        item.is_complete = False
        item.doubt("truncated", "Il file finisce prima della data di chiusura: il comunicato è incompleto.")
    else:
        day, month, year = block.date.groups()
        item.date = existing_date(day, month, year)
        if not item.date:
            item.doubt("date-impossible", f"La data «{block.date[0]}» non esiste.")
        if block.is_below_title:
            text = f"La data «{block.date[0]}» stava fra il titolo e il testo: sono dello stesso comunicato?"
            item.doubt("date-above-text", text)


def take_subtitle(item: NewsItem, lines: list[Block]) -> list[Block]:
    below = after_repeated_title(item, lines)
    lines = skip_blank(lines if below is None else below)
    if not any(lines[1:]):
        return lines
    if below is None and (reworded := reworded_title(lines, item.title)):
        text = " ".join(line.text for line in lines[:reworded])
        item.doubt("title-reworded", f"Sopra il testo stava un titolo un po’ diverso, ora tolto: «{text}».")
        lines = skip_blank(lines[reworded:])
        if not any(lines[1:]):
            return lines
    line, rest = lines[0], lines[1:]
    is_alone = not rest[0] or bool(line.emphasis) or is_above_paragraph(line, rest[0])
    is_like = is_like_title(line)
    is_sure = line.style == Block.SUBTITLE or (bool(below and below[0]) and (is_alone or is_like))
    if not (is_sure or (is_alone and is_like)) or len(typeset(line.text)) > LONGEST_SUBTITLE:
        return lines
    item.subtitle = typeset(line.text)
    if not is_sure:
        item.doubt("title-or-subtitle", f"«{item.subtitle}» è preso per sottotitolo: potrebbe essere il titolo.")
    return rest


def is_above_paragraph(line: Block, below: Block) -> bool:
    """A short paragraph of a document, without a stop, right above a long one that has its own."""
    are_paragraphs = line.style == below.style == Block.PARAGRAPH and not sign_of(line.text)
    is_long = len(words(below.text)) > max(WORDS_OF_A_SENTENCE, len(words(line.text)))
    return are_paragraphs and is_long and bool(SENTENCE_END.search(below.text))


def after_repeated_title(item: NewsItem, lines: list[Block]) -> list[Block] | None:
    """The lines below a title that the text repeats, on one line or on two; None if it does not."""
    title = words(item.title)
    texts = [number for number, line in enumerate(lines) if line][:2]
    for number in texts if title else ():
        if words(" ".join(line.text for line in lines[: number + 1])) == title:
            return lines[number + 1 :]
    return None


def reworded_title(lines: list[Block], title: str) -> int:
    """How many lines, one or two, tell the title in other words; none, if what follows is no text."""
    first, second = lines[0], lines[1]
    both = Block.line(f"{first.text} {second.text}")
    is_over_two = bool(second) and is_like_title(second) and len(lines) > len([first, second])
    if is_over_two and likeness(both, title) > max(ENOUGH, likeness(first, title)):
        return 2
    return 1 if is_like_title(first) and likeness(first, title) >= ENOUGH else 0


def likeness(line: Block, title: str) -> float:
    ours, theirs = set(words(line.text)), set(words(title))
    return len(ours & theirs) / max(1, len(ours | theirs))


def take_text(item: NewsItem, lines: list[Block]) -> None:
    blocks = structured(lines)
    item.body = "\n".join(typeset_html(block.html) for block in blocks)
    item.text = plain(item.body)
    note_structure(item, lines, blocks)
    sentence = FIRST_SENTENCE.match(item.text.partition("\n")[0])
    if sentence and len(sentence[0]) <= LONGEST_SUMMARY:
        item.summary = typeset(sentence[0])
        item.doubt("summary-suggested", "Il testo «in breve» è la prima frase: controlla che dica il punto.")


def note_structure(item: NewsItem, lines: Collection[Block], blocks: Iterable[Block]) -> None:
    """What typed signs became."""
    brought = {id(line) for line in lines}
    made = [block for block in blocks if block.style == Block.TABLE and id(block) not in brought]
    if tables := [block.text.replace("\n", " · ") for block in made]:
        item.doubt("table-of-tabs", f"Righe con tabulazioni sono diventate una tabella, controllala: {quoted(tables)}.")
    lettered = [line.text for line in lines if line.style != Block.LIST and is_lettered(line.text)]
    if lettered and LETTER_NAMED.search(item.text):
        text = f"Le lettere di un elenco sono diventate numeri ({quoted(lettered)}): il testo le nomina, correggilo."
        item.doubt("list-letters", text)


def is_lettered(text: str) -> bool:
    sign = sign_of(text)
    return sign is not None and sign.form.startswith("a")


# Doubts about the text


def note_doubts(item: NewsItem, lines: list[Block]) -> None:
    if not item.body:
        item.doubt("title-alone", "Sotto il titolo non c’è testo.")
    for line in [*(line for line in lines if LONE_DATE.search(line.text)), *lone_titles(lines)][:1]:
        item.doubt("date-perhaps-missing", f"«{line}»: qui forse comincia o finisce un altro comunicato.")
    note_quotes(item)
    for line in outside_lists(list(filter(None, lines))):
        item.doubt("list-first-member", f"«{line}» forse fa parte dell’elenco che segue.")
    text = "\n".join([item.title, item.subtitle, *(line.text for line in lines)])
    for wrong in wrong_weekdays(text, item.date):
        item.doubt("weekday-mismatch", f"«{wrong.day}»: il giorno della settimana non corrisponde alla data.")
    for passage in dict.fromkeys(map(str.lower, RELATIVE_TIME.findall(text))):
        item.doubt("relative-time", f"«{passage}» si capisce solo sapendo la data: meglio scrivere il giorno.")


def note_quotes(item: NewsItem) -> None:
    """Quotes that open and do not close, or the other way round."""
    if unbalanced_quotes(item.title) or item.title.count("‘") > item.title.count("’"):
        item.doubt("title-quotes", "Nel titolo le virgolette non si chiudono, o non si aprono.")
    if passages := unbalanced_quotes(item.text):
        item.doubt("quotes-unbalanced", f"Virgolette che non si chiudono, o non si aprono: {quoted(passages)}.")


def unbalanced_quotes(text: str) -> list[str]:
    """The words around each; a quote may go on from one paragraph to the next."""
    starts, opened = [], {}
    for match in QUOTE.finditer(text):
        sign, start = match[0], match.start()
        if sign in OPENING:
            if sign in opened:
                starts.append(opened[sign])
            opened[sign] = start
        elif opened.pop(CLOSING[sign], None) is None:
            starts.append(max(0, start - 30))
    return [" ".join(text[start : start + 40].split()) for start in [*starts, *opened.values()][:MOST_QUOTES]]


def lone_titles(lines: list[Block]) -> Iterator[Block]:
    """Lines inside a text that stand alone, as the title of another item would."""
    texts = [number for number, line in enumerate(lines) if line]
    for above, number, below in zip(texts, texts[1:], texts[2:], strict=False):
        line = lines[number]
        if (
            above < number - 1
            and below > number + 1
            and is_like_title(line)
            and len(words(line.text)) > WORDS_OF_A_LABEL
            and not is_item(lines[below])
            and not any(pattern.search(line.text) for pattern in (OF_PRACTICE, WITH_BRACKETS))
        ):
            yield line


def outside_lists(texts: list[Block]) -> Iterator[Block]:
    """First members typed outside the bullets: between a colon and the list."""
    for above, line, below in zip(texts, texts[1:], texts[2:], strict=False):
        is_member = not is_item(line) and not SENTENCE_END.search(line.text)
        if above.text.endswith(":") and is_item(below) and is_member:
            yield line


def is_item(line: Block) -> bool:
    return line.style == Block.LIST or sign_of(line.text) is not None
