"""What is to be mended before readers see it, and what could be better: one list, for the desk and for the import.

A check is a function that looks at a CheckInput and yields findings; `blocks` or `warns` puts it on the list.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from areaomogenea.identity.years import FIRST_YEAR
from areaomogenea.prose.dates import ANY_DAY, RELATIVE_TIME, past_deadlines, wrong_weekdays
from areaomogenea.prose.fields import LONGEST
from areaomogenea.prose.html import for_reading
from areaomogenea.prose.outline import Outline, outline
from areaomogenea.prose.readability import Readability, Sentence, readability, sentences
from areaomogenea.prose.typography import ADDRESS, words
from areaomogenea.publishing.coverage import FAULTS, faults
from areaomogenea.publishing.expiry import is_over, over_since

FARTHEST = timedelta(days=2 * 366)
LONGEST_SENTENCE = 35  # words
EASY_ENOUGH = 60  # on the scale of Gulpease: readers with eight years of school
DAYS_OF_A_TITLE = 30
MOST_ALIKE = 10  # findings of one check: the rest appears when these are mended
LONGEST_PASSAGE = 300


class Severity(StrEnum):
    BLOCKS = "blocks"
    WARNS = "warns"


@dataclass(frozen=True)
class SuggestedRow:
    """What may be added with a click to a table of the form, before anything is saved."""

    table: str
    label: str  # of the button
    text: str  # what the row will say
    values: Mapping[str, str | list[str]]  # by field, as somebody would type them

    @property
    def typed(self) -> str:
        """The values, for the script that types them."""
        return json.dumps(self.values)


@dataclass(frozen=True)
class Finding:
    """What is wrong, what to do, and where: a field, the words in it, the link or image that they are."""

    message: str
    advice: str
    field: str = "body"
    passage: str = ""
    href: str = ""
    src: str = ""
    rewriting: str = ""  # what may take the place of the passage
    row: SuggestedRow | None = None  # what may be added to a table
    key: str = ""  # by which an editor may say that it does not apply to this page
    denial: str = ""  # how they say it
    code: str = ""
    level: Severity = Severity.WARNS


@dataclass(frozen=True)
class CheckedDocument:
    """A file attached; `has_text` is None where nobody looked."""

    name: str
    description: str
    has_text: bool | None = None


@dataclass(frozen=True)
class Count:
    """How many Comuni take part in something, where that is told, and what other numbers of them are told there."""

    number: int
    where: str  # «36 Comuni»: … sono 41
    names: tuple[str, ...]  # words that name what they take part in
    others: frozenset[int] = frozenset()


@dataclass
class CheckInput:
    """What is to be checked, whether it is kept already or still being typed."""

    title: str = ""
    subtitle: str = ""
    summary: str = ""
    body: str = ""  # clean HTML
    publish_at: datetime | None = None
    dated: date | None = None  # the day that the text bears
    has_topics: bool = False
    coverage: str = ""
    has_places: bool = False
    expires_at: datetime | None = None
    picture: str | None = None  # its alternative text; None if there is no picture
    documents: tuple[CheckedDocument, ...] = ()
    dead_links: Mapping[str, str] = field(default_factory=dict)  # why, by address
    expansions: Mapping[str, str] = field(default_factory=dict)  # the glossary, by acronym
    namesakes: Mapping[str, date] = field(default_factory=dict)  # titles in use, and the last day they came out
    counts: tuple[Count, ...] = ()  # of the initiatives that it is, or is linked with
    of_its_kind: tuple[Finding, ...] = ()  # advice that only its kind can give
    of_its_text: tuple[Finding, ...] = ()  # what it says, and the tables below it do not
    settled: tuple[Finding, ...] = ()  # of these, what an editor has said does not apply
    is_for_others: bool = False  # to publish: who reads the findings hands it over
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def outline(self) -> Outline:
        return outline(self.body[:LONGEST])

    @cached_property
    def texts(self) -> dict[str, str]:
        """Plain words by field, in the order of reading; in the body, a line for each block."""
        lines = {name: " ".join(getattr(self, name).split()) for name in ("title", "subtitle", "summary")}
        return {name: line[:LONGEST] for name, line in lines.items()} | {"body": self.outline.text}

    @cached_property
    def text(self) -> str:
        return "\n".join(self.texts.values())

    @cached_property
    def sentences(self) -> list[tuple[str, Sentence]]:
        return [(name, sentence) for name, text in self.texts.items() for sentence in sentences(text)]

    @cached_property
    def readability(self) -> Readability | None:
        return readability(self.outline.running_text)

    @property
    def day(self) -> date:
        """The day on which it is to be read for the first time."""
        return timezone.localdate(self.publish_at or self.now)

    @property
    def written_on(self) -> date:
        """The day by which the days without a year are meant."""
        return self.dated or self.day


Check = Callable[["CheckInput"], Iterator[Finding]]
CHECKS: list[tuple[Severity, Check]] = []


def blocks(check: Check) -> Check:
    CHECKS.append((Severity.BLOCKS, check))
    return check


def warns(check: Check) -> Check:
    CHECKS.append((Severity.WARNS, check))
    return check


def findings(check_input: CheckInput) -> list[Finding]:
    return [*run_checks(CHECKS, check_input)]


def blocking(check_input: CheckInput) -> list[Finding]:
    """What keeps it from being published; [] when nothing does."""
    return [*run_checks([(level, check) for level, check in CHECKS if level is Severity.BLOCKS], check_input)]


def run_checks(checks: Iterable[tuple[Severity, Check]], check_input: CheckInput) -> Iterator[Finding]:
    for level, check in checks:
        for finding in islice(check(check_input), MOST_ALIKE):
            passage = shorten_passage(finding.passage)
            yield replace(finding, passage=passage, code=check.__name__.replace("_", "-"), level=level)


def shorten_passage(text: str, most: int = LONGEST_PASSAGE) -> str:
    return text if len(text) <= most else text[:most].rpartition(" ")[0] or text[:most]


def quoted(text: str, most: int = 80) -> str:
    short = shorten_passage(text, most)
    return f"«{short}{'' if short == text else '…'}»"


# What blocks


@blocks
def title_without_letters(check_input: CheckInput) -> Iterator[Finding]:
    if not check_input.title.strip():
        yield Finding("Manca il titolo.", "Scrivi in poche parole il fatto principale.", "title")
    elif not any(map(str.isalpha, check_input.title)):
        yield Finding("Il titolo non ha lettere.", "Scrivi parole: i simboli da soli non si leggono.", "title")


@blocks
def summary_missing(check_input: CheckInput) -> Iterator[Finding]:
    if not check_input.summary.strip():
        yield Finding("Manca il testo «in breve».", "Scrivi una o due frasi che dicono il punto.", "summary")


@blocks
def body_missing(check_input: CheckInput) -> Iterator[Finding]:
    if not check_input.outline.blocks:
        yield Finding("Manca il testo.", "Scrivilo o incollalo nel campo «testo».")


@blocks
def body_too_long(check_input: CheckInput) -> Iterator[Finding]:
    if len(check_input.body) > LONGEST:
        yield Finding(
            "Il testo è troppo lungo: solo le prime cento pagine sono controllate.",
            "Dividilo in più pubblicazioni, o allega un documento.",
        )


@blocks
def topic_missing(check_input: CheckInput) -> Iterator[Finding]:
    if not check_input.has_topics:
        yield Finding("Manca l’argomento.", "Scegline almeno uno: chi segue quel tema deve trovarla.", "topics")


@blocks
def coverage_missing(check_input: CheckInput) -> Iterator[Finding]:
    if not check_input.coverage:
        yield Finding("Non è detto dove vale.", FAULTS["coverage"], "coverage")


@blocks
def coverage_contradicted(check_input: CheckInput) -> Iterator[Finding]:
    for name, advice in faults(check_input.coverage, check_input.has_places).items():
        yield Finding("I Comuni interessati non tornano con «dove vale».", advice, name)


@blocks
def hour_missing_or_absurd(check_input: CheckInput) -> Iterator[Finding]:
    if not check_input.publish_at:
        if not check_input.is_for_others:
            advice = "Scegli un giorno e un’ora, oppure premi «Pubblica adesso»."
            yield Finding("Manca l’ora di pubblicazione, o non è completa.", advice, "publish_at")
    elif check_input.day.year < FIRST_YEAR:
        advice = "Controlla l’anno."
        yield Finding(f"L’ora di pubblicazione è prima del {FIRST_YEAR}.", advice, "publish_at")
    elif check_input.publish_at > check_input.now + FARTHEST:
        advice = "Controlla l’anno: si programma al massimo a due anni da oggi."
        yield Finding("L’ora di pubblicazione è fra più di due anni.", advice, "publish_at")


@blocks
def over_before_it_is_out(check_input: CheckInput) -> Iterator[Finding]:
    if check_input.expires_at and check_input.publish_at and check_input.expires_at < check_input.publish_at:
        advice = "Controlla i due giorni: fino a quando vale, e quando esce."
        yield Finding("Smette di valere prima di uscire.", advice, "expires_at")


@blocks
def image_without_alternative(check_input: CheckInput) -> Iterator[Finding]:
    advice = "Scrivi che cosa mostra, per chi non la vede."
    if check_input.picture is not None and not check_input.picture.strip():
        yield Finding("L’immagine non ha testo alternativo.", advice, "picture")
    for image in check_input.outline.images:
        if not image.alt:
            yield Finding("Un’immagine nel testo non ha testo alternativo.", advice, src=image.src)


@blocks
def attachment_without_description(check_input: CheckInput) -> Iterator[Finding]:
    for document in check_input.documents:
        if not document.description.strip():
            name = f" {quoted(document.name)}" if document.name else ""
            advice = "Scrivi che cosa contiene: chi legge decide se aprirlo."
            yield Finding(f"L’allegato{name} non ha descrizione.", advice, "attachments")


@blocks
def broken_link(check_input: CheckInput) -> Iterator[Finding]:
    _, sections = for_reading(check_input.body) if "#" in check_input.body else ("", [])
    anchors = {f"#{anchor}" for anchor, _ in sections}
    for link in check_input.outline.links:
        why = check_input.dead_links.get(link.href, "")
        if link.href.startswith("#") and link.href not in anchors:
            why = "porta a un punto di questa pagina che non c’è"
        if why or not link.href:
            yield Finding(
                f"Il collegamento {quoted(link.text or link.href)} {why or 'non ha un indirizzo'}.",
                "Correggi l’indirizzo, o togli il collegamento.",
                passage=link.text,
                href=link.href,
            )


# What could be better


@warns
def hour_left_to_others(check_input: CheckInput) -> Iterator[Finding]:
    if not check_input.publish_at and check_input.is_for_others:
        advice = "Proponine una, oppure premi «Manda in revisione»: la sceglierà chi approva."
        yield Finding("L’ora di pubblicazione non c’è, o non è completa.", advice, "publish_at")


@warns
def advice_of_its_kind(check_input: CheckInput) -> Iterator[Finding]:
    yield from check_input.of_its_kind


@warns
def rows_missing(check_input: CheckInput) -> Iterator[Finding]:
    yield from check_input.of_its_text


# Codes that look like acronyms to a machine, and to no reader.
KNOWN_TO_ALL = frozenset(
    "CAP CD COVID DNA DVD EUR FAQ GPS IO ISO IT IVA NATO OK PDF PIN SMS SOS SPA SRL TV UE USA WC".split()
)
PLACE_CODES = frozenset("BG BS CR LO MI MN PC PV".split())  # ours, and those of the neighbours
ACRONYM = re.compile(r"(?<![\w.@/_-])[A-ZÀ-Þ]{2,6}(?![\w@_])")
NEVER = r"(?!)"
ROMAN = re.compile(r"(?:M{1,3}(?:CM|CD|D?C{0,3}))?(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
CAPITALS = r"[A-ZÀ-Þ]{2,}+(?!\w)"
SHOUT = re.compile(rf"(?<!\w)(?:{CAPITALS}(?:[ ’'-]{{1,3}}{CAPITALS})++|[A-ZÀ-Þ]{{7,}}+(?!\w))")
LETTERS_OF_A_SHOUT = 7  # fewer may be an acronym or two
IN_BRACKETS = re.compile(r"\((?:[^()\n]{0,30}\s)?[«“\"]?([A-ZÀ-Þ]{2,6})[»”\"]?\)")
BEFORE_BRACKETS = 100  # characters in which the words stand that an acronym is made of
SPELLED_OUT = re.compile(
    r"(?<!\w)([A-ZÀ-Þ]{2,6})(?: \(([^()\n]{4,200})\)|,? (?:cioè|ossia|ovvero|che sta per|che significa|acronimo di)\b)"
)


@warns
def acronym_unexplained(check_input: CheckInput) -> Iterator[Finding]:
    explained = acronyms_explained(check_input)
    for acronym, name in acronyms_used(check_input).items():
        if acronym in explained:
            continue
        expansion = check_input.expansions.get(acronym)
        rewriting = f"{expansion} ({acronym})" if expansion else ""
        advice = (
            f"La prima volta scrivi per esteso: «{rewriting}»."
            if expansion
            else "La prima volta scrivi per esteso che cosa vuol dire, con la sigla fra parentesi."
        )
        yield Finding(f"La sigla «{acronym}» non è mai spiegata.", advice, name, passage=acronym, rewriting=rewriting)


def acronyms_used(check_input: CheckInput) -> dict[str, str]:
    """The field where each is met first, by acronym."""
    met = {}
    longest_first = sorted(check_input.expansions, key=len, reverse=True)
    known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first)) or NEVER})(?!\w)")
    spoken = {word for word in re.findall(r"\w+", check_input.text) if not word.isupper()}
    for name, text in check_input.texts.items():
        text = ADDRESS.sub(" ", text)
        others = ACRONYM.findall(SHOUT.sub(" ", text))
        for acronym in [*known.findall(text), *(word for word in others if not is_no_acronym(word, spoken))]:
            met.setdefault(acronym, name)
    return met


def is_no_acronym(word: str, spoken: Collection[str]) -> bool:
    return (
        word in KNOWN_TO_ALL
        or word in PLACE_CODES
        or ROMAN.fullmatch(word) is not None
        or word.capitalize() in spoken  # an ordinary word, shouted
        or word.lower() in spoken
    )


def acronyms_explained(check_input: CheckInput) -> set[str]:
    explained = set(check_input.outline.abbreviations)
    for match in IN_BRACKETS.finditer(check_input.text):
        before = check_input.text[max(0, match.start() - BEFORE_BRACKETS) : match.start()]
        if match[1] not in PLACE_CODES and is_acronym_of(before.split()[-2 * len(match[1]) - 2 :], match[1]):
            explained.add(match[1])
    for match in SPELLED_OUT.finditer(check_input.text):
        if not match[2] or is_acronym_of(match[2].split(), match[1]):
            explained.add(match[1])
    folded = check_input.text.casefold()
    explained.update(name for name, expansion in check_input.expansions.items() if expansion.casefold() in folded)
    return explained


def is_acronym_of(spelled: list[str], acronym: str) -> bool:
    """Its letters stand in these words in their order, the first one at the head of a word."""
    for number, word in enumerate(spelled):
        if "".join(words(word))[:1] == acronym[0].casefold():
            letters = iter("".join(words(" ".join(spelled[number:]))))
            return all(letter in letters for letter in acronym.casefold())
    return False


@warns
def hard_to_read(check_input: CheckInput) -> Iterator[Finding]:
    measured = check_input.readability
    if measured and measured.index < EASY_ENOUGH:
        yield Finding(
            f"Il testo è {measured.meaning} (indice Gulpease {measured.index}).",
            f"Accorcia le frasi e scegli parole corte: da {EASY_ENOUGH} in su lo capisce chi ha la licenza media.",
        )


@warns
def long_sentence(check_input: CheckInput) -> Iterator[Finding]:
    for name, sentence in check_input.sentences:
        if sentence.words > LONGEST_SENTENCE:
            yield Finding(
                f"Una frase ha {sentence.words} parole: {quoted(sentence.text)}",
                f"Dividila: sopra le {LONGEST_SENTENCE} parole ci si perde.",
                name,
                passage=sentence.text,
            )


@warns
def heading_out_of_order(check_input: CheckInput) -> Iterator[Finding]:
    above = 1
    for heading in check_input.outline.headings:
        if heading.level > above + 1:
            yield Finding(
                f"Il titoletto {quoted(heading.text)} è di livello {heading.level}, e sopra manca il {above + 1}.",
                f"Dagli il livello {above + 1}: chi ascolta la pagina si orienta con i livelli.",
                passage=heading.text,
            )
        above = heading.level


VAGUE = frozenset(
    """
    a questo link|clicca|clicca qui|cliccando qui|cliccare qui|collegamento|continua|continua a leggere|leggi|
    leggi di piu|leggi qui|leggi tutto|link|questo link|qui|qua|questa pagina|scarica|scarica qui|scopri di piu|vai|
    vai al link|vedi|vedi qui|questo sito
    """.replace("\n    ", "").split("|")
)


@warns
def vague_link(check_input: CheckInput) -> Iterator[Finding]:
    for link in check_input.outline.links:
        place: dict[str, Any] = {"passage": link.text, "href": link.href}
        if not link.text:
            yield Finding("Un collegamento è senza parole.", "Scrivi dove porta, o toglilo.", **place)
        elif ADDRESS.fullmatch(link.text) or link.text.startswith("www."):
            advice = "Scrivi che cosa si trova: chi ascolta la pagina sente l’indirizzo lettera per lettera."
            yield Finding(f"Il collegamento {quoted(link.text)} è un indirizzo.", advice, **place)
        elif " ".join(words(link.text)) in VAGUE:
            advice = "Fanne un pezzo di frase che dice che cosa si trova: «leggi il bando completo»."
            yield Finding(f"Il collegamento {quoted(link.text)} non dice dove porta.", advice, **place)


@warns
def all_capitals(check_input: CheckInput) -> Iterator[Finding]:
    for name, text in check_input.texts.items():
        for shout in SHOUT.findall(text):
            if sum(map(str.isalpha, shout)) >= LETTERS_OF_A_SHOUT and shout not in check_input.expansions:
                yield Finding(
                    f"{quoted(shout, 60)} è tutto in maiuscolo.",
                    "Scrivi in minuscolo: il maiuscolo si legge peggio, e sembra un grido.",
                    name,
                    passage=shout,
                )


@warns
def wrong_weekday(check_input: CheckInput) -> Iterator[Finding]:
    for name, text in check_input.texts.items():
        for wrong in wrong_weekdays(text, check_input.written_on):
            right = f"quel giorno è {wrong.right_name}" if wrong.right_name else "quella data non esiste"
            yield Finding(
                f"«{wrong.day}»: {right}.", "Controlla se è sbagliato il giorno o la data.", name, passage=wrong.passage
            )


@warns
def relative_time(check_input: CheckInput) -> Iterator[Finding]:
    met = set()
    for name, sentence in check_input.sentences:
        passages = RELATIVE_TIME.findall(sentence.text)
        if not passages or ANY_DAY.search(sentence.text):
            continue
        for passage in passages:
            if passage.lower() not in met:
                met.add(passage.lower())
                yield Finding(
                    f"«{passage}» si capisce solo il giorno in cui esce.",
                    "Scrivi la data: «lunedì 3 marzo».",
                    name,
                    passage=passage,
                )


@warns
def deadline_past(check_input: CheckInput) -> Iterator[Finding]:
    for name, text in check_input.texts.items():
        for passage, day in past_deadlines(text, check_input.day):
            yield Finding(
                f"La scadenza del {date_format(day, 'j F Y').lower()} è già passata.",
                "Controlla la data, o di’ che il termine è chiuso.",
                name,
                passage=passage,
            )


@warns
def over_already(check_input: CheckInput) -> Iterator[Finding]:
    if check_input.expires_at and is_over(check_input.expires_at, check_input.now):
        advice = "Controlla il giorno, o togli la scadenza se vale ancora."
        yield Finding(
            f"{over_since(check_input.expires_at)}: chi legge lo vede in cima alla pagina.", advice, "expires_at"
        )


@warns
def scanned_document(check_input: CheckInput) -> Iterator[Finding]:
    for document in check_input.documents:
        if document.has_text is False:
            yield Finding(
                f"L’allegato {quoted(document.name)} è una scansione: è fatto di immagini, senza testo.",
                "Allega il documento originale, o scrivi nel testo ciò che dice: così non si può cercare né ascoltare.",
                "attachments",
            )


@warns
def title_used_lately(check_input: CheckInput) -> Iterator[Finding]:
    used = check_input.namesakes.get(title_key(check_input.title))
    if used:
        yield Finding(
            f"Lo stesso titolo è già uscito il {date_format(used, 'j F Y').lower()}.",
            "Di’ che cosa c’è di nuovo, o correggi la pubblicazione che c’è già.",
            "title",
        )


def title_key(title: str) -> str:
    return " ".join(words(title))


WHOLE_AREA = 48
UNITS = "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici".split()
UNITS += ["diciassette", "diciotto", "diciannove"]
TENS = {20: "venti", 30: "trenta", 40: "quaranta", 50: "cinquanta"}
NUMBERS = {word: number for number, word in enumerate(UNITS, start=1)} | {word: ten for ten, word in TENS.items()}
NUMBERS |= {
    (word[:-1] if unit[0] in "uo" else word) + unit.replace("tre", "tré"): ten + number
    for ten, word in TENS.items()
    for number, unit in enumerate(UNITS[:9], start=1)
}
NUMBERS |= {word.replace("é", "e"): number for word, number in NUMBERS.items()}
SPELLED = "|".join(sorted(NUMBERS, key=len, reverse=True))
COMUNI = re.compile(
    rf"(?<![\w.,/-])(\d{{1,3}}|{SPELLED})(?: (?:dei|su|sui) (?:\d\d|{SPELLED}))? comuni\b", re.IGNORECASE
)
ANY_NUMBER = re.compile(rf"(?<![\w.,/-])(?:\d{{1,3}}|{SPELLED})(?![\w/-]|[.,]\d)", re.IGNORECASE)
# A larger number after these is of all of them, where the sentence tells the right one too: «dei 52 Comuni, 40».
OF_ALL = frozenset("ai dai degli dei di fra gli i nei su sui tra tutti".split())
# A number after these is of some of them only, or of others.
LONGEST_BEFORE = 40  # characters among which the word before a number stands
OF_SOME = frozenset("altri circa e nuovi o oltre primi quasi restanti soli solo tra fra ulteriori ultimi".split())


@warns
def count_contradicted(check_input: CheckInput) -> Iterator[Finding]:
    for name, sentence in check_input.sentences:
        matches = list(COMUNI.finditer(sentence.text))
        count = count_meant(check_input, sentence.text) if matches else None
        numbers = {number_spelled(word) for word in ANY_NUMBER.findall(sentence.text)} if count else set()
        for match in matches:
            number = number_spelled(match[1])
            before = sentence.text[max(0, match.start() - LONGEST_BEFORE) : match.start()].split()[-1:]
            is_fine = not count or number in {WHOLE_AREA, count.number, *count.others}
            is_fine |= bool(count) and number > count.number and count.number in numbers and is_any_of(before, OF_ALL)
            if not is_fine and not is_any_of(before, OF_SOME):
                yield Finding(
                    f"{quoted(match[0])}: {count.where} sono {count.number}.",
                    "Guarda quale dei due numeri è giusto, e correggi l’altro.",
                    name,
                    passage=match[0],
                )


def number_spelled(word: str) -> int:
    return int(word) if word.isdecimal() else NUMBERS[word.casefold()]


def is_any_of(values: Iterable[str], known: frozenset[str]) -> bool:
    return not known.isdisjoint(map(str.casefold, values))


def count_meant(check_input: CheckInput, sentence: str) -> Count | None:
    """The one that a sentence is about; None when it may be of several."""
    named = [count for count in check_input.counts if any(is_named(name, sentence) for name in count.names)]
    meant = named or check_input.counts
    return meant[0] if len(meant) == 1 else None


def is_named(name: str, sentence: str) -> bool:
    flags = 0 if name.isupper() else re.IGNORECASE
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence, flags) is not None
