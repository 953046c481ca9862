"""What letters and mails of an office carry around their text: taken out of it, and told where it stood.

Each `take_` gets lines (Blocks) and returns those that are left; whatever it takes is quoted in a doubt.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from areaomogenea.prose import tree
from areaomogenea.prose.blocks import Block, at_breaks
from areaomogenea.prose.plaintext import sign_of
from areaomogenea.prose.typography import words

from .archive import NOTICE, PRESS_RELEASE, NewsItem, is_like_title
from .headings import date_of, heading_of, take_heading
from .letter_dates import day_of_mail, letter_day
from .oldpages import NO_WORDS

HEAD = 40  # lines with words from the top, among which the object of a letter is looked for
ABOVE = 6  # lines with words, where no letter is
TAIL = 25  # and from the bottom, for greetings, signatures and enclosures
WORDS_OF_A_HEAD = 25  # more are a paragraph of a text
WORDS_OF_A_NAME = 12
LONGEST_QUOTE = 1_000
LONGEST_OBJECT = 250  # characters

OBJECT = re.compile(r"(?:(?i:oggetto|ogg)\s*[:.–—-]+|OGGETTO(?=\s|$))\s*")
UNFINISHED = re.compile(  # no sentence ends so
    r"(?:[-–—,(]|\b(?:d[ai]|(?:d|n)e(?:l|llo|lla|gli|lle|i)|e|ed|a|a(?:l|llo|lla|gli|lle|i)|da(?:l|llo|lla|gli|lle|i)|in"
    r"|su|su(?:l|llo|lla|gli|lle|i)|con|per|tra|fra|il|lo|la|i|gli|le|un[ao]?|n\.|art\.)|[ldnLDN][’'])$"
)
PROTOCOL = re.compile(
    r"(?:\bn[.°]?\s*(?:di\s+)?)?\bprot(?:ocollo|\.|(?=\s*n))\s*(?:gen(?:erale|\.)\s*)?"
    r"(?:(?:numero|num|nr|n)\b\s*[.°]*)?\s*:?\s*(\d[\w./-]{0,25}|_{2,}|\.{3,}|…|(?=$))",
    re.IGNORECASE,
)
DEAR = r"spett(?:abile|\.?\s*(?:le|li))\b|egr\.|ill\.\s*m|preg\.\s*m|gent\.\s*m|p\.\s?c\.|c\.\s?a\.\s"
ADDRESSEE = re.compile(
    rf"(?:a(?:i|gli|lle|lla|l|ll[’'])?\s+(?=[A-ZÀ-Þ])(?!tutt)|{DEAR}|egregi[oa]?\s|gentil[ei]\s|illustrissim"
    r"|pregiatissim|e,?\s*p\.\s?c\.|alla c(?:ortese|\.)\s*a(?:ttenzione|\.))",
    re.IGNORECASE,
)
SURELY_ADDRESSED = re.compile(rf"\bloro sed[ei]\b|\b(?:{DEAR})", re.IGNORECASE)  # nothing else is written so
SALUTATION = re.compile(
    r"(?:gentil|egregi|spett|car[oiae]\b|cariss|buon(?:giorno|asera| giorno)|preg(?:iat|\.)|illustr|stimat|ill\."
    r"|salve\b|ciao\b)",
    re.IGNORECASE,
)
HEARTY = r"(?:cordial|distint|car|miglior|rispettos|sincer|affettuos)[a-z]*"
GREETING = re.compile(
    rf"\b(?:{HEARTY}\s+salut[ioe]|salut[io]\s+{HEARTY}|cordialmente|distintamente|cordialità"
    r"|con (?:la massima )?(?:osservanza|stima)|un (?:caro|cordiale) saluto)\b[^.!?]{0,40}[.,!]?$",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"(?:grazie(?: mille| ancora| infinite)?(?:,? e (?:buon|a presto|un saluto|cari saluti).{0,20}"
    r"| per (?:la collaborazione|l[’']attenzione|la pubblicazione|la disponibilità))?"
    r"|un saluto|tanti saluti|buon lavoro|buona giornata)[.,!]*|saluti[.,!]+",
    re.IGNORECASE,
)
ROLE = re.compile(
    r"(?:per\s+|p\.\s?)?(?:il|la|lo|gli|i|le|l[’'])?\s*(?:vice|pro)?\s?-?(?:sindac[oai]|president[ei]|presidentessa"
    r"|assessor[ei]|segretari[oa]|responsabil[ei]|dirigent[ei]|direttor[ei]|direttrice|commissari[oa]|coordinator[ei]"
    r"|coordinatrice|funzionari[oa]|istruttor[ei]|comandante|capogruppo|consiglier[ei]|delegat[oa]|ufficio stampa"
    r"|la giunta|l[’']amministrazione)\b",
    re.IGNORECASE,
)
OF_ROLES = set(
    "di del della dei delle dell’area e ed in per comunale comunali generale servizio settore ufficio tecnico tecnica"
    " affari finanziario procedimento pubblica pubblici lavori cremasca – -".split()
)
SIGNED = re.compile(
    r"[(\[]?\s*(?:f\.?\s?to\b|firmato\b|firma\b|documento (?:informatico )?(?:firmato|sottoscritto)"
    r"|originale firmato|_{3,}|\.{6,}|…{2,})",
    re.IGNORECASE,
)
HONORIFIC = r"(?:dott|dr|ing|arch|avv|geom|rag|prof|sig|cav|on|p\.i)(?:\.?\s?(?:ssa|ra))?\.?\s+"
NAME = re.compile(
    rf"(?:f\.?\s?to\s+)?(?i:{HONORIFIC}){{0,2}}[A-ZÀ-Þ][\w’'-]+(?:\s+(?:d[eai]|del|della|lo|la|[A-ZÀ-Þ]\.|[A-ZÀ-Þ][\w’'-]+)){{1,4}}"
)
ENCLOSURES = re.compile(
    r"(?:elenco\s+)?(?:in\s+)?all(?:egat[oi]|egati? alla presente|\.)\s*(?:n?[.°]*\s*\d+)?\s*"
    r"(?:\([^()]{0,40}\)|c\.\s?s\.)?\s*(?:[:–—-]|\.?$)",
    re.IGNORECASE,
)
CONTACT_OF_READERS = re.compile(r"(?:per\s+)?(?:ulteriori\s+|maggiori\s+)?(?:info|contatt|chiariment)", re.IGNORECASE)

MAIL_HEADER = re.compile(
    r"[*_]{0,2}(?P<name>da|from|mittente|inviato|sent|data|date|a|to|cc|ccn|bcc|oggetto|subject|rispondi a|reply-to"
    r"|priorità|importance|allegati|attachments)[*_]{0,2}\s?:[*_]{0,2}(?:\s|$)\s*",
    re.IGNORECASE,
)
HEADERS_ON_A_LINE = re.compile(
    r"(?i:da|from)\s?:\s+\S.{0,300}?\s(?:(?i:inviato|sent|data|date)\s?:\s+)(?P<day>.{5,80}?)\s(?:A|To|a)\s?:\s"
    r".{0,2000}?(?i:oggetto|subject)\s?:\s+(?P<subject>.{1,300})$"
)
SENDERS, DAYS, SUBJECTS = {"da", "from", "mittente"}, {"inviato", "sent", "data", "date"}, {"oggetto", "subject"}
MAIL_MARK = re.compile(
    r"[-_ ]{2,}\s*(?:messaggio (?:originale|inoltrato)|forwarded message|original message)\b"
    r"|inizio (?:del )?messaggio inoltrato|begin forwarded message",
    re.IGNORECASE,
)
RULE = re.compile(r"[-_]{10,}")
REPLY = re.compile(r"(?:il (?:giorno )?|on ).{5,160}\b(?:ha scritto|wrote)\s?:$", re.IGNORECASE)
REPLY_START = re.compile(r"^(?:il (?:giorno )?|on )", re.IGNORECASE)
QUOTE_SIGN = re.compile(r"^(?:>\s?)+")
PREFIX = re.compile(r"(?:\s*(?:i|r|re|rif|fw|fwd|inoltro)\s*:|\s*\[[^\[\]]{1,20}\])+\s*", re.IGNORECASE)
SMALL_PRINT = re.compile(
    r"(?:questo messaggio|il presente messaggio|questa e-?mail|le informazioni contenute|this (?:e-?mail|message)"
    r"|ai sensi (?:del|dell[’']).{0,60}(?:679/2016|196/2003|2016/679)|avviso di riservatezza|nota di riservatezza"
    r"|disclaimer|prima di stampare|inviato da(?:l mio)? |sent from|rispetta l[’']ambiente|please consider"
    r"|get outlook|scarica outlook)",
    re.IGNORECASE,
)
KIND_WORD = re.compile(r"comunicato|nota stampa|avviso", re.IGNORECASE)
KIND_IN_SUBJECT = re.compile(r"(?:comunicato stampa|nota stampa|comunicato|avviso)\s*(?:[:–—]|-\s)\s*", re.IGNORECASE)


def quoted_lines(lines: Iterable[Block]) -> str:
    """The words of lines, for a doubt."""
    text = " / ".join(" ".join(line.text.split()) for line in lines if line)
    return f"«{text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + '…'}»"


# Mails


@dataclass
class Part:
    """What stands between two headers of a mail, below the first of them."""

    headers: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    subject: str = ""
    day: str = ""

    @property
    def weight(self) -> int:
        return sum(len(line.text.split()) for line in self.lines)


def take_mail(item: NewsItem, lines: list[Block]) -> tuple[list[Block], date | None]:
    """The longest part of a mail that went through several hands, and the day when it was sent.

    Its subject is the title if the text has none.
    """
    parts = parts_of_mail(lines)
    if not any(part.headers for part in parts):
        return lines, None
    chosen = max(parts, key=lambda part: part.weight)
    text, small_print = without_small_print(chosen.lines)
    others = [line for part in parts if part is not chosen for line in (*part.headers, *part.lines)]
    if chosen.headers:
        item.doubt("mail-headers", f"Intestazione di un messaggio, tolta dal testo: {quoted_lines(chosen.headers)}.")
    if around := list(filter(None, [*others, *small_print])):
        item.doubt("mail-around", f"Parti del messaggio che non sono nella bozza: {quoted_lines(around)}.")
    text = take_salutation(item, text)
    if not has_title(text) and chosen.subject:
        text = [title_from_subject(item, chosen.subject), NO_WORDS, *text]
    return text, day_of_mail(chosen.day)


def title_from_subject(item: NewsItem, subject: str) -> Block:
    prefix = PREFIX.match(subject)
    title = subject[prefix.end() :] if prefix else subject
    kind = KIND_IN_SUBJECT.match(title)
    if kind:
        title = title[kind.end() :]
    for named in (kind, prefix):
        if named and not item.kind and (word := KIND_WORD.search(named[0])):
            item.kind = NOTICE if word[0].lower() == "avviso" else PRESS_RELEASE
    item.doubt("title-from-subject", f"Il titolo è l’oggetto del messaggio: «{subject}».")
    return titled(title)


def parts_of_mail(lines: list[Block]) -> list[Part]:
    parts, is_head, name = [Part()], False, ""
    for place, line in enumerate(lines):
        line = without_quote_sign(line)
        header = MAIL_HEADER.match(line.text)
        if joined := HEADERS_ON_A_LINE.match(line.text):
            parts.append(Part([line], [], joined["subject"], joined["day"]))
            is_head = False
        elif is_mark(line, lines[place + 1 : place + 3]) or REPLY.match(line.text):
            parts.append(Part([line], day=REPLY_START.sub("", line.text)))
            is_head = True
        elif header and (is_head or begins_headers(lines[place : place + 12], header)):
            if not is_head:
                parts.append(Part())
            is_head, name = True, header["name"].lower()
            note_header(parts[-1], line, name, line.text[header.end() :])
        elif is_head and name in ("a", "to", "cc") and line and ("@" in line.text or line.text.endswith(";")):
            parts[-1].headers.append(line)  # more of those who got it
        elif is_head and not line and not parts[-1].subject and not parts[-1].lines:
            continue  # between the mark and its headers
        else:
            is_head = False
            parts[-1].lines.append(line)
    return [part for part in parts if part.headers or any(part.lines)] or parts[:1]


def is_mark(line: Block, below: Iterable[Block]) -> bool:
    """What mail programs write above the headers of another mail; a mere rule only if they follow."""
    if RULE.fullmatch(line.text):
        headers = (MAIL_HEADER.match(following.text) for following in below)
        return any(header and header["name"].lower() in SENDERS for header in headers)
    return bool(MAIL_MARK.match(line.text))


def without_quote_sign(line: Block) -> Block:
    return Block.line(QUOTE_SIGN.sub("", line.text)) if line.style == Block.LINE and line.text[:1] == ">" else line


def begins_headers(lines: Iterable[Block], header: re.Match[str]) -> bool:
    """A sender, and a subject soon below."""
    names = (MAIL_HEADER.match(without_quote_sign(line).text) for line in lines)
    return header["name"].lower() in SENDERS and bool(SUBJECTS & {name["name"].lower() for name in names if name})


def note_header(part: Part, line: Block, name: str, value: str) -> None:
    part.headers.append(line)
    if name in SUBJECTS:
        part.subject = value.strip("*_ ")
    elif name in DAYS:
        part.day = value.strip("*_ ")


def without_small_print(lines: list[Block]) -> tuple[list[Block], list[Block]]:
    """The signature of a mail program, and what lawyers put below it."""
    for place, line in enumerate(lines):
        if line.text in ("--", "-- ", "__"):
            return lines[:place], lines[place:]
    filled = [place for place, line in enumerate(lines) if line]
    start = next((place for place in filled[-6:] if SMALL_PRINT.match(lines[place].text)), len(lines))
    return lines[:start], lines[start:]


def has_title(lines: list[Block]) -> bool:
    filled = [place for place, line in enumerate(lines[:HEAD]) if line]
    if any(OBJECT.match(lines[place].text) or lines[place].style == Block.TITLE for place in filled):
        return True
    if not filled or not is_like_title(lines[filled[0]]):
        return False
    first = filled[0]
    return bool(lines[first].emphasis) or first + 1 >= len(lines) or not lines[first + 1]


# Lines that an author broke inside a paragraph


def with_parts(lines: Iterable[Block]) -> Iterator[Block]:
    """Each line of a paragraph by itself, if one of them is a part of a letter or the item of a list."""
    for number, line in enumerate(lines):
        pieces = parts_at_breaks(line) if line.style == Block.PARAGRAPH and "<br>" in line.html else [line]
        yield from pieces if any(map(stands_for_itself, pieces)) else [line]
        if line.style == Block.LINE and number < HEAD and is_salutation(line):
            yield NO_WORDS  # the sentence that goes on below it is the text


def parts_at_breaks(line: Block) -> list[Block]:
    blocks = (Block(f"<p>{html}</p>", Block.PARAGRAPH, line.emphasis) for html in at_breaks(line.inline_html))
    return [block for block in blocks if block]


def stands_for_itself(line: Block) -> bool:
    known = (OBJECT.match, PROTOCOL.match, ADDRESSEE.match, SIGNED.match, MAIL_HEADER.match, sign_of, heading_of)
    return is_role(line) or is_greeting(line) or is_salutation(line) or any(matches(line.text) for matches in known)


# Above the text of a letter


def take_head(item: NewsItem, lines: list[Block]) -> list[Block]:
    """What stands above the object of a letter; the object becomes its title."""
    filled = [place for place, line in enumerate(lines) if line][:HEAD]
    above = []
    for number, place in enumerate(filled):
        line = lines[place]
        if opening := OBJECT.match(line.text):
            title, rest = title_from(lines, place, opening, filled[number + 1 :])
            if not title:
                return lines
            sort_head(item, above)
            item.doubt("object", f"Il titolo è l’oggetto della lettera: {quoted_lines([line])}.")
            return [title, NO_WORDS, *take_salutation(item, rest)]
        if len(line.text.split()) > WORDS_OF_A_HEAD and not ADDRESSEE.match(line.text):
            break
        above.append(line)
    return take_salutation(item, take_addressees(item, take_references(item, lines)))


def take_references(item: NewsItem, lines: Iterable[Block]) -> list[Block]:
    """A protocol among the first lines of what is no letter, with the day that it tells."""
    rest, above = [], 0
    for line in lines:
        is_above = above < ABOVE and 0 < len(line.text.split()) <= WORDS_OF_A_NAME
        above += bool(line)
        date, is_reference = reference_in(line) if is_above else (None, False)
        if not is_reference:
            rest.append(line)
            continue
        take_protocol(item, line)
        if date and not item.date:
            item.date = date
            item.doubt("date-read", f"«{line}» dice la data, che è presa per quella del comunicato.")
    return rest


def reference_in(line: Block) -> tuple[date | None, bool]:
    """The day of a line that is a protocol number, with its day or its place and day, and nothing else."""
    opening = PROTOCOL.search(line.text)
    if not opening:
        return None, False
    rest = without_protocol(line, opening)
    date = letter_day(rest) or date_of(rest)
    return date, bool(date or not rest)


def title_from(
    lines: list[Block], place: int, opening: re.Match[str], following: list[int]
) -> tuple[Block | None, list[Block]]:
    """The object is told on its line, or alone on the next."""
    line, below_it = lines[place], iter(following)
    text = line.text[opening.end() :].strip()
    if not text:
        place = next(below_it, place)
        text = lines[place].text if lines[place] is not line else ""
    for below in below_it if text else ():
        if not is_rest_of(line, text, lines[below]):
            break
        text, place = f"{text} {lines[below].text}", below
    text = text.rstrip(".").strip()
    return titled(text) if text else None, lines[place + 1 :]


def is_rest_of(line: Block, text: str, below: Block) -> bool:
    """Whether an object that says `text` so far, and began on `line`, goes on below."""
    is_alike = bool(line.emphasis) and below.emphasis == line.emphasis and below.text[:1].islower()
    is_short = len(text) + len(below.text) < LONGEST_OBJECT and below.style in (Block.LINE, Block.PARAGRAPH)
    return is_alike or (is_short and bool(UNFINISHED.search(text)))


def titled(text: str) -> Block:
    text = text[:1].upper() + text[1:]
    return Block(Block.line(text).html, Block.TITLE, text=text)


def sort_head(item: NewsItem, lines: list[Block]) -> None:
    """Date, protocol, addressees and letterhead of a letter, in whatever order."""
    letterhead, addressees = [], []
    for line in one_by_one(lines):
        if take_heading(item, line.text):
            continue
        rest = take_protocol(item, line)
        date = letter_day(rest) or (date_of(rest) if rest != line.text else None)
        if date and item.date is None:
            item.date = date
            item.doubt("date-read", f"«{rest}» è presa per data del comunicato, e tolta dal testo.")
        elif not rest or date:
            continue
        elif addressees or ADDRESSEE.match(rest):
            addressees.append(Block.line(rest))
        else:
            letterhead.append(Block.line(rest))
    note_head(item, letterhead, addressees)


def one_by_one(lines: Iterable[Block]) -> Iterator[Block]:
    """The cells of a table that only arranged the head of a letter are lines of it."""
    for line in lines:
        yield from map(Block.line, line.text.split("\n")) if line.style == Block.TABLE else [line]


def note_head(item: NewsItem, letterhead: list[Block], addressees: list[Block]) -> None:
    if letterhead:
        item.doubt("letterhead", f"Righe sopra il titolo, che non sono nella bozza: {quoted_lines(letterhead)}.")
    if addressees:
        item.doubt("addressees", f"Destinatari della lettera, che non sono nella bozza: {quoted_lines(addressees)}.")


def take_protocol(item: NewsItem, line: Block) -> str:
    """What a line says besides a protocol number."""
    match = PROTOCOL.search(line.text)
    if not match:
        return line.text
    number = match[1].rstrip("./-_…") if match[1] else ""
    text = "Riga del protocollo, tolta dal testo"
    if number and not item.number:
        item.number = number[:30]
        text = "Il numero è quello di protocollo"
    item.doubt("protocol", f"{text}: {quoted_lines([line])}.")
    return without_protocol(line, match)


def without_protocol(line: Block, match: re.Match[str]) -> str:
    rest = f"{line.text[: match.start()]} {line.text[match.end() :]}".strip(" \t,;-–")
    return re.sub(r"^(?:del|in data)\s+", "", rest, flags=re.IGNORECASE)


def take_addressees(item: NewsItem, lines: list[Block]) -> list[Block]:
    """A letter without an object: addressees at its top, if something there says so beyond doubt."""
    filled = [place for place, line in enumerate(lines) if line][:HEAD]
    start = next((number for number, place in enumerate(filled[:10]) if ADDRESSEE.match(lines[place].text)), None)
    if start is None:
        return lines
    end = start
    for place in filled[start:]:
        line = lines[place]
        is_short = len(line.text.split()) <= WORDS_OF_A_NAME and not line.text.endswith((".", "!", "?"))
        if not is_short and not SURELY_ADDRESSED.search(line.text):
            break
        end += 1
        if not (place + 1 < len(lines) and lines[place + 1]) or re.search(r"\bsed[ei]$", line.text, re.IGNORECASE):
            break
    addressees = [lines[place] for place in filled[start:end]]
    if not any(SURELY_ADDRESSED.search(line.text) for line in addressees) or end >= len(filled):
        return lines
    above = [lines[place] for place in filled[:start]]
    if not all(len(line.text.split()) <= WORDS_OF_A_NAME for line in above):
        return lines
    sort_head(item, [*above, *addressees])
    return take_salutation(item, lines[filled[end] :])


def take_salutation(item: NewsItem, lines: list[Block]) -> list[Block]:
    place = next((place for place, line in enumerate(lines) if line), None)
    if place is None:
        return lines
    line = lines[place]
    if not is_salutation(line) or not any(lines[place + 1 :]):
        return lines
    item.doubt("salutation", f"Formula d’apertura, tolta dal testo: {quoted_lines([line])}.")
    below = next(below for below in range(place + 1, len(lines)) if lines[below])
    return [with_capital(lines[below]), *lines[below + 1 :]]


def with_capital(line: Block) -> Block:
    """The first sentence, which went on from the salutation."""
    if line.style not in (Block.LINE, Block.PARAGRAPH):
        return line
    root = tree.read(line.html)
    for first in tree.texts(root)[:1]:
        tree.put(first, first[:1].upper() + first[1:])
    return replace(line, html=tree.write(root), text=line.text[:1].upper() + line.text[1:])


def is_salutation(line: Block) -> bool:
    is_short = len(words(line.text)) <= WORDS_OF_A_NAME and line.text.endswith((",", "!", ":", ";"))
    return is_short and bool(SALUTATION.match(line.text))


# Below the text


def take_close(item: NewsItem, lines: list[Block]) -> list[Block]:
    """Enclosures, greetings and signatures that end a text."""
    return take_signature(item, take_enclosures(item, lines))


def take_enclosures(item: NewsItem, lines: list[Block]) -> list[Block]:
    filled = [place for place, line in enumerate(lines) if line]
    for number, place in enumerate(filled):
        if number == 0 or number < len(filled) - TAIL or lines[place].style in (Block.TABLE, Block.HEADING):
            continue
        opening = ENCLOSURES.match(lines[place].text)
        if not opening:
            continue
        taken = [place]
        says_all = bool(lines[place].text[opening.end() :].strip())
        for following in filled[number + 1 :]:
            line = lines[following]
            is_listed = line.style == Block.LIST or sign_of(line.text) or not says_all
            is_of_close = GREETING.search(line.text) or SIGNED.match(line.text) or is_role(line)
            if is_of_close or not is_listed or len(line.text.split()) > 60 or line.text.endswith("?"):
                break
            taken.append(following)
        rest, gone = [lines[place] for place in filled[number + len(taken) :]], set(taken)
        if (len(taken) == 1 and not says_all) or sum(len(line.text.split()) for line in rest) > 60:
            continue
        item.doubt(
            "enclosures",
            f"Allegati elencati nel testo, tolti: {quoted_lines([lines[place] for place in taken])}. Caricali.",
        )
        return [line for place, line in enumerate(lines) if place not in gone]
    return lines


def take_signature(item: NewsItem, lines: list[Block]) -> list[Block]:
    filled = [place for place, line in enumerate(lines) if line]
    tail = filled[max(1, len(filled) - TAIL) :]
    greeting = next((number for number, place in enumerate(tail) if is_greeting(lines[place])), None)
    if greeting is not None:
        taken = [tail[greeting], *run_of(lines, tail[greeting + 1 :], is_of_signature)]
    else:
        start = next((number for number in range(len(tail)) if is_signature(lines, tail[number:])), None)
        taken = tail[start:] if start is not None else []
        taken = [place for place in taken if not letter_day(lines[place].text)]
    if not taken:
        return lines
    gone = set(taken)
    item.doubt(
        "closing",
        f"Saluti e firme in fondo, che non sono nella bozza: {quoted_lines([lines[place] for place in taken])}.",
    )
    return [line for place, line in enumerate(lines) if place not in gone]


def run_of(lines: list[Block], places: Iterable[int], is_part: Callable[..., Any]) -> list[int]:
    """Those that belong; a day among them stays for who looks for the date."""
    run = []
    for place in places:
        if letter_day(lines[place].text):
            continue
        if not is_part(lines[place]):
            break
        run.append(place)
    return run


def is_greeting(line: Block) -> bool:
    is_sentence = len(line.text.split()) <= WORDS_OF_A_HEAD and bool(GREETING.search(line.text))
    return line.style != Block.HEADING and (is_sentence or bool(THANKS.fullmatch(line.text)))


def is_of_signature(line: Block) -> bool:
    """Below a greeting, whatever is short, but for what tells readers whom to ask."""
    if line.style in (Block.TABLE, Block.LIST):
        return is_table_of_signatures(line)
    is_short = len(line.text.split()) <= WORDS_OF_A_NAME or bool(SIGNED.match(line.text))
    return is_short and not CONTACT_OF_READERS.match(line.text)


def is_signature(lines: list[Block], places: Iterable[int]) -> bool:
    """Whether all lines to the end sign: a role or a name under one, or what says that somebody signed."""
    texts = [lines[place] for place in places]
    if len(texts) > 8 or not (is_role(texts[0]) or SIGNED.match(texts[0].text) or is_table_of_signatures(texts[0])):
        return False
    return all(
        is_role(line)
        or SIGNED.match(line.text)
        or NAME.fullmatch(line.text)
        or letter_day(line.text)
        or is_table_of_signatures(line)
        for line in texts
    )


def is_role(line: Block) -> bool:
    """A role, alone or with the name of who has it; no sentence about them."""
    match = ROLE.match(line.text)
    if not match or not line or line.style in (Block.TABLE, Block.LIST, Block.HEADING) or line.text[-1] in ".:;,?!":
        return False
    rest = line.text[match.end() :].split()
    return len(rest) <= WORDS_OF_A_NAME and all(word[:1].isupper() or word.lower() in OF_ROLES for word in rest)


def is_table_of_signatures(line: Block) -> bool:
    if line.style != Block.TABLE:
        return False
    cells = [Block.line(cell) for cell in line.text.split("\n")]
    are_parts = (is_role(cell) or SIGNED.match(cell.text) or NAME.fullmatch(cell.text) for cell in cells)
    return any(map(is_role, cells)) and all(are_parts)
