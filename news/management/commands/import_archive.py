"""Import the communiqués of the old site from text listings: all of a file or nothing, and never twice."""

import json
import os
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from io import StringIO
from itertools import chain
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, TextIO

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import DatabaseError, reset_queries, transaction
from django.utils import timezone

from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.account import quoted
from areaomogenea.prose.blocks import Block
from areaomogenea.prose.html import plain, word_count
from areaomogenea.prose.plaintext import lines_of
from areaomogenea.publishing import kinds
from areaomogenea.publishing.coverage import coverage_of, doubt_about
from areaomogenea.publishing.models import Doubt, Publication
from areaomogenea.quality.check_input import check_input_from
from areaomogenea.quality.content_checks import CheckInput, blocking
from areaomogenea.quality.suggestions import Suggester, make_suggester
from areaomogenea.topics.models import Topic

from ...archive import NewsItem, UnreadableArchive, encoding_of, item_fingerprint, read_listing
from ...drafts import communique_from, doubts_about, midnight, suggestions_for
from ...mayors import doubts_about_mayors
from ...models import ArchiveItem, Communique
from ...retellings import StorySignature, doubt_about_twin, is_fuller, signature_of
from ...webpages import LONGEST_PAGE, is_web_page, lines_of_page

RESULTS = {"created": "importato", "duplicate": "già presente", "refused": "rifiutato"}
BATCH = 250
START = 2_000  # characters of a file that tell whether it is a web page
# How doubts begin for which nobody publishes a text unseen: of its title, day and place, of words that are missing
# or were hidden, and of texts that may be here already. What is only tidied, or left to be added, keeps nothing back.
UNPUBLISHED = (
    "title-",
    "date-",
    "coverage-",
    "ambiguous-municipality",
    "hidden-text",
    "mayor-",
    "truncated",
    "words-",
    "twin",
    "copy-",
)
ROWS_SHOWN = 100
CLEARED = "\r\x1b[K"  # a terminal wipes the line


@dataclass
class ArchiveEntry:
    """An item on its way into the portal."""

    item: NewsItem
    fingerprint: str
    topics: list
    municipalities: list
    result: str = "created"
    communique: Communique | None = None
    is_published: bool = False

    signature: StorySignature | None = None
    number: int = 0  # of words

    @property
    def own_fingerprint(self) -> str:
        """Of a copy that is not the first: its text tells it from the others."""
        return item_fingerprint(f"{self.item.title} {self.item.date}", None, self.item.text)

    @cached_property
    def reasons(self) -> list[str]:
        """Why nobody publishes it unseen: doubts, and what keeps any page back at the desk."""
        doubts = [message for code, message in self.item.doubts if code.startswith(UNPUBLISHED)]
        return doubts or [finding.message for finding in blocking(self.check_input())]

    def check_input(self) -> CheckInput:
        values = {name: getattr(self.item, name) for name in ("title", "subtitle", "summary", "body")}
        values |= {"topics": self.topics, "municipalities": self.municipalities}
        return check_input_from(values | {"publish_at": self.item.date and midnight(self.item.date)})

    def as_row(self) -> dict[str, Any]:
        item = self.item
        return {
            "title": item.title,
            "subtitle": item.subtitle,
            "date": item.date and item.date.isoformat(),
            "kind": item.kind,
            "topics": [topic.slug for topic in self.topics],
            "coverage": coverage_of("", self.municipalities),
            "municipalities": [municipality.istat_code for municipality in self.municipalities],
            "doubts": [{"code": code, "message": message} for code, message in item.doubts],
            "result": self.result,
            "published": self.is_published,
            "words": len(item.text.split()),
        }


class Command(BaseCommand):
    help = (
        "Importa i comunicati del vecchio sito da elenchi di testo o da pagine salvate, anche in HTML. "
        "Si può ripetere: non duplica."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="Non scrive nulla: dice che cosa farebbe.")
        parser.add_argument(
            "--publish",
            action="store_true",
            help="Pubblica quelli senza dubbi su titolo, data, luogo e parole mancanti, a cui non manca niente per "
            "uscire, e dice perché gli altri no.",
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="Stampa JSON, per le macchine.")

    def handle(
        self, *args: object, files: list[Path], dry_run: bool, publish: bool, as_json: bool, **options: Any
    ) -> None:
        self.dry_run, self.publish, self.as_json = dry_run, publish, as_json
        self.say_what_is_missing()
        self.suggester = make_suggester()
        self.met = {}  # words, by fingerprint
        self.signatures = {}  # by day
        self.mayors = {}  # Comuni, by name
        self.unpublished = 0
        # What a file did is known when its last line is in: until then rows wait here, on disk if they are many.
        with SpooledTemporaryFile(2**20, "w+", encoding="utf-8") as journal:
            failed = [path for path in files if not self.import_file(path, journal)]
            self.clear_progress()
            journal.seek(0)
            report = print_entries_json if as_json else print_entries_list
            results = report(map(json.loads, journal), self.stdout)
        if self.unpublished > ROWS_SHOWN:
            self.stderr.write(f"Altri non pubblicati: {self.unpublished - ROWS_SHOWN}. I loro dubbi sono nel portale.")
        if dry_run:
            self.stderr.write("Era una prova: non è stato scritto nulla.")
        if failed or results["refused"]:
            raise CommandError(f"File non importati: {len(failed)}. Comunicati rifiutati: {results['refused']}.")

    def say_what_is_missing(self) -> None:
        if not Topic.objects.exclude(keywords="").exists():
            text = "Nel portale nessun argomento ha parole che lo suggeriscono: i testi restano senza argomento."
            self.stderr.write(text)
        if not Municipality.objects.exists():
            self.stderr.write("Nel portale non c’è nessun Comune: caricali prima con load_municipalities.")

    def import_file(self, path: Path, journal: Any) -> bool:
        """False if nothing of it came in."""
        start, met = journal.tell(), self.met.copy()
        try:
            encoding = encoding_of(path)
            with nullcontext() if self.dry_run else transaction.atomic(), self.opened(path, encoding) as lines:
                return self.import_lines(path, lines, journal)
        except (UnreadableArchive, OSError, DatabaseError) as error:
            self.stderr.write(f"{path}: {error_in_words(error)}. Non è stato importato nulla.")
            journal.seek(start)
            journal.truncate()
            self.met = met
            return False

    def opened(self, path: Path, encoding: str) -> TextIO:
        if encoding == "cp1252":
            self.stderr.write(f"{path}: non è in UTF-8, letto come Windows-1252. Controlla accenti e virgolette.")
        return path.open(encoding=encoding)

    def show_progress(self, path: Path, text: TextIO) -> None:
        """How much of a file has been read, in place, if somebody is looking; what is told next is written over it."""
        size = path.stat().st_size
        if size and self.stderr.isatty() and not self.as_json:
            self.stderr.write(f"{CLEARED}{path.name}: {text.buffer.tell() / size:.0%}\r", ending="")
            self.stderr.flush()

    def clear_progress(self) -> None:
        if self.stderr.isatty():
            self.stderr.write(CLEARED, ending="")

    def import_lines(self, path: Path, lines: TextIO, journal: Any) -> bool:
        is_any_complete = False
        blocks, hidden = file_blocks(lines)
        for items in batches(with_hidden(read_listing(blocks), hidden)):
            entries = [entry_for(item, self.suggester, self.mayors) for item in items]
            self.settle(entries)
            if not self.dry_run:
                write_entry([entry for entry in entries if entry.result == "created"], path, self.publish)
            for entry in entries:
                journal.write(f"{json.dumps(entry.as_row(), ensure_ascii=False)}\n")
                self.say_what_became_of(entry, path)
            is_any_complete |= any(entry.item.is_complete for entry in entries)
            self.show_progress(path, lines)
            reset_queries()  # with DEBUG on, Django keeps them all
        if not is_any_complete:
            self.stderr.write(f"{path}: non c’è nessun comunicato completo.")
        return is_any_complete

    def say_what_became_of(self, entry: ArchiveEntry, path: Path) -> None:
        title = entry.item.title or "senza titolo"
        if entry.result == "refused":
            doubts = dict(entry.item.doubts)
            self.stderr.write(f"{path}: rifiutato «{title}». {doubts.get('truncated') or doubts['title-alone']}")
        elif entry.result == "created" and self.publish and entry.reasons:
            self.unpublished += 1
            if self.unpublished <= ROWS_SHOWN:
                self.stderr.write(f"{path}: non pubblicato «{title}». {' '.join(entry.reasons)}")

    def settle(self, entries: Sequence[ArchiveEntry]) -> None:
        """Refused, duplicate, or still to be created; what may be there already in other words is a doubt."""
        known = self.met | known_fingerprints(entries)
        for entry in entries:
            if not entry.item.is_complete or not entry.item.body:
                entry.result = "refused"
            elif entry.fingerprint not in known:
                pass
            elif is_fuller(entry.number, known[entry.fingerprint]) and entry.own_fingerprint not in known:
                note_fuller(entry, known[entry.fingerprint])
            else:
                entry.result = "duplicate"
            if entry.result == "created":
                known[entry.fingerprint] = self.met[entry.fingerprint] = entry.number
        self.note_twins([entry for entry in entries if entry.result == "created"])

    def note_twins(self, entries: Sequence[ArchiveEntry]) -> None:
        days = {entry.item.date for entry in entries if entry.item.date}
        there = there_on(days, self.met)
        for entry in entries:
            signatures = self.signatures.setdefault(entry.item.date, [])
            for others, where in [(there, "già nel portale"), (signatures, "in ciò che importi")]:
                for other in others:
                    if entry.signature.is_twin_of(other):
                        entry.item.doubt(*doubt_about_twin(other, where))
            signatures.append(entry.signature)


def error_in_words(error: Exception) -> str:
    if isinstance(error, OSError):
        return "non si può leggere"
    return f"la base di dati ha rifiutato il lavoro ({error})" if isinstance(error, DatabaseError) else str(error)


def file_blocks(lines: TextIO) -> tuple[Iterator[Block], list[str]]:
    """Lines of text one at a time, and which passages of them are hidden; a web page is read whole."""
    start = lines.read(START)
    if is_web_page(start):
        html = start + lines.read(LONGEST_PAGE)
        if lines.read(1):
            raise UnreadableArchive(f"è una pagina di oltre {LONGEST_PAGE:,} caratteri".replace(",", "."))
        blocks, hidden = lines_of_page(html)
        return iter(blocks), hidden
    whole = chain(StringIO(start + lines.readline()), lines)
    return (line for text in whole for line in lines_of(text.removesuffix("\n"))), []


def with_hidden(items: Iterable[NewsItem], hidden: list[str]) -> Iterator[NewsItem]:
    """What a page hides, told beside each of its items: the words alone do not say whose they are."""
    for item in items:
        if hidden:
            text = "Testo che sulla pagina salvata era nascosto, e nella bozza si legge"
            item.doubt("hidden-text", f"{text}: {quoted(hidden)}. Se non è per i lettori, toglilo.")
        yield item


def batches(items: Iterable[NewsItem]) -> Iterator[list[NewsItem]]:
    """Items of one day stay together, so that `write` can put them in order."""
    batch = []
    for item in items:
        if len(batch) >= BATCH and item.date != batch[-1].date:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def entry_for(item: NewsItem, suggester: Suggester, mayors: dict[str, Any]) -> ArchiveEntry:
    topics, municipalities, uncertain = suggestions_for(item, suggester)
    item.doubts += doubts_about(uncertain)
    item.doubts += doubts_about_mayors(f"{item.title}\n{item.text}", suggester.gazetteer, mayors)
    if doubt := doubt_about(f"{item.title}\n{item.text}", municipalities):
        item.doubt(*doubt)
    if item.date and item.date > timezone.localdate():
        item.doubt("date-future", f"La data {item.date:%d/%m/%Y} deve ancora venire.")
    return ArchiveEntry(
        item,
        item_fingerprint(item.title, item.date, item.text),
        topics,
        municipalities,
        signature=signature_of(item.title, item.text, item.date),
        number=len(item.text.split()),
    )


def known_fingerprints(entries: Sequence[ArchiveEntry]) -> dict[str, int]:
    """The words of those imported before, and of communiqués that an editor wrote with the same title and date."""
    fingerprints = {entry.fingerprint for entry in entries} | {entry.own_fingerprint for entry in entries}
    imported = ArchiveItem.objects.filter(fingerprint__in=fingerprints).values_list("fingerprint", "communique__body")
    known = {key: word_count(body) for key, body in imported.iterator()}
    for title, at, body, _ in written_on({entry.item.date for entry in entries if entry.item.date}):
        key = item_fingerprint(title, timezone.localdate(at))
        if key in fingerprints:
            known.setdefault(key, word_count(body))
    return known


def written_on(days: Collection[date]) -> Iterable[tuple[str, datetime, str, str | None]]:
    """Title, hour, text and fingerprint of what the portal has, from the first of these days to the last."""
    if not days:
        return []
    hours = midnight(min(days)), midnight(max(days) + timedelta(days=1))
    rows = Communique.objects.filter(publish_at__range=hours)
    return rows.values_list("title", "publish_at", "body", "archive_item__fingerprint").iterator()


def there_on(days: Collection[date], met: Container[str]) -> list[StorySignature]:
    """The tellings of these days that were there before this import."""
    return [
        signature_of(title, plain(body), day)
        for title, at, body, key in written_on(days)
        if key not in met and (day := timezone.localdate(at)) in days
    ]


def note_fuller(entry: ArchiveEntry, number: int) -> None:
    text = f"C’è già con lo stesso titolo e la stessa data, ma con meno parole ({number} invece di {entry.number})."
    entry.item.doubt("copy-fuller", f"{text} Tieni il più completo.")
    entry.fingerprint = entry.own_fingerprint


def write_entry(entries: Sequence[ArchiveEntry], path: Path, publish: bool) -> None:
    # Within a day the site shows the highest key first, and a listing its latest item: the last goes in first.
    entries = entries[::-1]
    for entry in entries:
        entry.communique = communique_from(entry.item)
        entry.communique.coverage = coverage_of("", entry.municipalities)
        entry.communique.save()
    write_what_belongs(entries, os.fsencode(path.name).decode(errors="replace"))
    if publish:
        for entry in entries:
            if not entry.reasons:
                entry.is_published = bool(entry.communique.publish(by=None))


def write_what_belongs(entries: Sequence[ArchiveEntry], file_name: str) -> None:
    """Provenance, topics, Comuni and doubts: one query for each kind of row."""
    with_topic, with_municipality = Publication.topics.through, Publication.municipalities.through
    ArchiveItem.objects.bulk_create(
        ArchiveItem(communique=entry.communique, fingerprint=entry.fingerprint, file_name=file_name)
        for entry in entries
    )
    with_topic.objects.bulk_create(
        with_topic(publication_id=entry.communique.pk, topic=topic) for entry in entries for topic in entry.topics
    )
    with_municipality.objects.bulk_create(
        with_municipality(publication_id=entry.communique.pk, municipality=municipality)
        for entry in entries
        for municipality in entry.municipalities
    )
    Doubt.objects.bulk_create(
        Doubt(publication=entry.communique, code=code, message=message)
        for entry in entries
        for code, message in entry.item.doubts
    )


def print_entries_json(rows: Iterable[dict[str, Any]], out: OutputWrapper) -> Counter[str]:
    results = Counter()
    out.write("[", ending="")
    for row in rows:
        out.write(f"{',' if results else ''}\n{json.dumps(row, ensure_ascii=False)}", ending="")
        results[row["result"]] += 1
    out.write("\n]")
    return results


def print_entries_list(rows: Iterable[dict[str, Any]], out: OutputWrapper) -> Counter[str]:
    results = Counter()
    names = dict(Municipality.objects.values_list("istat_code", "name"))
    for row in rows:
        results[row["result"]] += 1
        if results.total() <= ROWS_SHOWN:
            out.write("\n  ".join(lines_about(row, names)))
    if results.total() > ROWS_SHOWN:
        out.write(f"Altri {results.total() - ROWS_SHOWN} non sono nell’elenco: con --json li vedi tutti.")
    out.write(in_numbers(results))
    return results


def lines_about(row: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    facts = (
        "pubblicato" if row["published"] else RESULTS[row["result"]],
        row["date"] or "senza data",
        kinds.get(row["kind"]).label,
        ", ".join(row["topics"]),
        ", ".join(names[code] for code in row["municipalities"]),
    )
    return [
        row["title"] or "senza titolo",
        " · ".join(filter(None, facts)),
        *(doubt["message"] for doubt in row["doubts"]),
    ]


def in_numbers(results: Counter[str]) -> str:
    numbers = f"Importati: {results['created']}. Già presenti: {results['duplicate']}. Rifiutati: {results['refused']}."
    is_all_known = results["duplicate"] == results.total() > 0
    return f"{numbers} Non c’era nulla di nuovo." if is_all_known else numbers
