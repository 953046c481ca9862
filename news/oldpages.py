"""What the pages of the old site print around a text: labels, links of the page, attachments, where it was taken from.

Each function takes lines and gives back those that are left, with what it found; a blank line stands where one was.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from urllib.parse import urlsplit

from areaomogenea.prose.blocks import Block
from areaomogenea.prose.dates import MONTH, WEEKDAY
from areaomogenea.prose.html import addresses
from areaomogenea.prose.typography import ADDRESS, words

NO_WORDS = Block.line("")
LONGEST_LABEL = 120

DATE_LABEL = r"Data (?:dell[’'])?articolo\s*:"
TYPE_LABEL = r"Tip(?:o|ologia) (?:di |dell[’'])?(?:articolo|contenuto)\s*:"
LABEL = re.compile(rf"(?:{DATE_LABEL}|{TYPE_LABEL}|(?:Argoment[oi]|Categori[ae]|Tag|Etichett[ae])\s*:)", re.IGNORECASE)
LABELLED = re.compile(rf"({LABEL.pattern})\s*(.*)$", re.IGNORECASE)
LABELLED_DATE = re.compile(
    rf"{DATE_LABEL}\s*(?:{WEEKDAY},?\s+)?(\d{{1,2}})[°º]?\s+({MONTH}),?\s+(\d{{4}})(?:\W+\d{{1,2}}[:.]\d\d)?",
    re.IGNORECASE,
)
OF_DATE, OF_TYPE = re.compile(DATE_LABEL, re.IGNORECASE), re.compile(TYPE_LABEL, re.IGNORECASE)

FURNITURE = re.compile(
    r"(?:home(?: page)?|sei qui|tu sei qui|stampa|versione stampabile|condividi(?: su.{0,40})?"
    r"|torna (?:su|indietro|all.{1,20})"
    r"|invia (?:a|per).{0,30}|facebook|twitter|whatsapp|salta al contenuto(?: principale)?|vai al contenuto|cerca|menu"
    r"|precedente|successivo|‹ precedente|successivo ›)",
    re.IGNORECASE,
)
CUT = re.compile(
    r"(?:\W*(?:leggi|continua) (?:tutto|a leggere|la notizia|l[’']articolo)\W*|.*(?:\[\s*(?:…|\.\.\.)\s*\]))",
    re.IGNORECASE,
)

SIZE = r"\d{1,4}(?:[.,]\d{1,3})?\s?(?:byte|bytes|[KkMG]i?B)\b"
ATTACHMENT = re.compile(rf"^[|\s•·*-]*(\S.*?)[\s|(]*?({SIZE})[\s|)]*$")
ATTACHMENT_GLUED = re.compile(r"^(.*?\D\d{4}|.*?\D)(\d{1,3}(?:[.,]\d{1,2})?\s?(?:byte|bytes|[KkMG]i?B))[\s|)]*$")
ATTACHMENT_HEAD = re.compile(r"[|\s]*Allegat[oi][\s|:]*Dimension[ei][\s|]*|[|\s]*Allegat[oi]\s*:?[|\s]*", re.IGNORECASE)
RULE_OF_TABLE = re.compile(r"[|\s:-]*-[|\s:-]*")
OF_FILE = re.compile(r"\.(?:pdf|docx?|odt|ods|xlsx?|zip|p7m|jpe?g|png|txt|rtf|pptx?|csv)\b", re.IGNORECASE)
ENDS_IN_A_SIZE = re.compile(r"(?:bytes?|[KkMG]i?B)[\s|)]*$")
LONGEST_NAME = 255

LONGEST_SOURCE_LINE = 300
TAKEN_FROM = re.compile(
    r"\W*(?:(?:(?:l[’'])?articolo|testo|notizia|intervista|comunicato)\s+(?:\w+\s+){0,3}?)?(?:tratt|ripres|estratt|pubblicat)[oa]\s+"
    r"(?:da|su)(?:l|llo|lla|ll[’']|i|gli)?[\s:]\s*(.{2,})",
    re.IGNORECASE,
)
SOURCE = re.compile(r"\W*font[ei]\s*:\s*(.{2,})", re.IGNORECASE)
READ_AT = re.compile(
    r"\W*(?:consulta|leggi|vedi|trovi)\s+(?:qui\s+)?(?:l[’']|il testo dell[’'])?\s?(?:intero\s+)?articolo\s+"
    r"(?:complet[oa]\s+|originale\s+|intero\s+)?(?:su|al(?: link)?|qui)\b.{0,60}",
    re.IGNORECASE,
)
NEAR_ENDS = 4  # lines below a title, or at the end, among which a source is looked for
LONGEST_NAME_OF_SOURCE, LONGEST_ADDRESS = 120, 500


def is_old_label(line: Block) -> bool:
    return LABEL.match(line.text) is not None


def with_labels_joined(lines: Iterable[Block]) -> Iterator[Block]:
    """A label and what stands below it, on one line."""
    label = None
    for line in lines:
        if LABEL.fullmatch(line.text):
            if label:
                yield label
            label = line
        elif line or not label:
            yield Block.line(f"{label.text} {line.text}") if label else line
            label = None
    if label:
        yield label


def without_labels(lines: Iterable[Block]) -> tuple[list[Block], dict[str, str]]:
    """The rest, and {label: value} of what stood there."""
    labels, rest = {}, []
    for line in lines:
        match = LABELLED.match(line.text) if len(line.text) <= LONGEST_LABEL else None
        if match:
            labels[match[1]] = match[2]
        rest.append(NO_WORDS if match else line)
    return rest, labels


def without_furniture(lines: list[Block]) -> tuple[list[Block], list[str]]:
    """The rest, and the links of the page."""
    return without_lines(lines, lambda line: FURNITURE.fullmatch(line.text))


def without_cut(lines: list[Block]) -> tuple[list[Block], list[str]]:
    """The rest, and the lines that say that the text goes on elsewhere."""
    return without_lines(lines, lambda line: len(line.text) < LONGEST_LABEL and CUT.fullmatch(line.text))


def without_lines(lines: Collection[Block], is_gone: Callable[[Block], object]) -> tuple[list[Block], list[str]]:
    gone = {number: line.text for number, line in enumerate(lines) if is_gone(line)}
    return [NO_WORDS if number in gone else line for number, line in enumerate(lines)], [*gone.values()]


def without_attachments(lines: Collection[Block]) -> tuple[list[Block], list[tuple[str, str]]]:
    """The rest, and (name, size) of each attachment: those of a table with its head, and files with their size."""
    rest, attachments, is_below_head = [], [], False
    for line in lines:
        if line.style == Block.TABLE:
            rows = of_table(line)
            attachments += rows
            rest.append(NO_WORDS if rows else line)
            continue
        text = line.text
        if ATTACHMENT_HEAD.fullmatch(text) or (is_below_head and (not text or RULE_OF_TABLE.fullmatch(text))):
            is_below_head = is_below_head or bool(text)
            rest.append(line if not attachments and not text else NO_WORDS)
            continue
        row = attachment_row(text)
        if row and (is_below_head or OF_FILE.search(row[0])):
            attachments.append(row)
            rest.append(NO_WORDS)
            continue
        is_below_head = False
        rest.append(line)
    return rest if attachments else list(lines), attachments


def attachment_row(text: str) -> tuple[str, str] | None:
    """The name and the size of a file, also where nothing parts them: «Avviso 16.10.2022623.26 KB»."""
    if len(text) > LONGEST_NAME + 40 or not ENDS_IN_A_SIZE.search(text[-10:]):
        return None
    match = ATTACHMENT_GLUED.match(text) or ATTACHMENT.match(text)
    return (match[1].strip(" |•·*-("), match[2]) if match else None


def of_table(line: Block) -> list[tuple[str, str]]:
    cells = [cell for cell in line.text.split("\n") if cell]
    if not cells or not ATTACHMENT_HEAD.fullmatch(" ".join(cells[:2])):
        return []
    rest = iter(cells[2:])
    return [(name, size) for name, size in zip(rest, rest, strict=False)]


def without_source(lines: list[Block]) -> tuple[list[Block], tuple[str, str, str] | None]:
    """The rest, and (line, name, address) of where it was taken from; None if it does not say."""
    texts = [number for number, line in enumerate(lines) if line]
    for number in dict.fromkeys([*texts[1 : NEAR_ENDS + 1], *texts[1:][-NEAR_ENDS:]]):
        if source := source_in_line(lines[number]):
            return [*lines[:number], NO_WORDS, *lines[number + 1 :]], (lines[number].text, *source)
    return lines, None


def source_in_line(line: Block) -> tuple[str, str] | None:
    """The name and the address of a source, which may be that of a link."""
    text = line.text
    if len(text) > LONGEST_SOURCE_LINE:
        return None
    urls = [*ADDRESS.findall(text), *addresses(line.html)]
    url = next((one for one in urls if ADDRESS.fullmatch(one) and len(one) <= LONGEST_ADDRESS), "")
    match = TAKEN_FROM.fullmatch(text) or SOURCE.fullmatch(text)
    if match:
        name = ADDRESS.sub("", match[1]).strip(' .,;:()[]«»“”"-–—')
    elif url and READ_AT.fullmatch(ADDRESS.sub("", text)):
        name = ""
    else:
        return None
    name = name or urlsplit(url).netloc.removeprefix("www.")
    is_name = words(name) and (name[0].isupper() or name[0].isdigit() or "." in name)
    return (name, url) if is_name and len(name) <= LONGEST_NAME_OF_SOURCE else None
