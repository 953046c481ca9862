"""Import the communiqués of the old site from text listings: all of a file or nothing, and never twice."""

import json
import os
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import SpooledTemporaryFile

import rich.progress
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, reset_queries, transaction
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from areaomogenea.editorial.coverage import coverage_of, doubt_about
from areaomogenea.editorial.models import Doubt, Publication
from areaomogenea.editorial.suggestions import suggester
from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.plaintext import lines_of
from areaomogenea.topics.models import Topic
from news.archive import Item, Unreadable, encoding_of, fingerprint, read
from news.drafts import communique_from, doubts_about, midnight, suggestions_for
from news.models import ArchiveItem, Communique

BATCH = 250
ROWS_SHOWN = 100
WIDTH_OF_FILES = 160  # columns of the table where no terminal tells


@dataclass
class Entry:
    """An item on its way into the portal."""

    item: Item
    fingerprint: str
    topics: list
    municipalities: list
    result: str = "created"
    communique: Communique | None = None

    @property
    def is_sure(self):
        """Nobody needs to look at its title and its date."""
        return not any(code.startswith(("title-", "date-")) for code, _ in self.item.doubts)

    def as_row(self):
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
            "words": len(item.text.split()),
        }


class Command(BaseCommand):
    help = "Importa i comunicati del vecchio sito da elenchi di testo. Si può ripetere: non duplica."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="Non scrive nulla: dice che cosa farebbe.")
        parser.add_argument("--publish", action="store_true", help="Pubblica quelli senza dubbi su titolo e data.")
        parser.add_argument("--json", action="store_true", dest="as_json", help="Stampa una lista JSON, senza tabella.")

    def handle(self, *args, files, dry_run, publish, as_json, **options):
        self.dry_run, self.publish, self.as_json = dry_run, publish, as_json
        self.say_what_is_missing()
        self.suggester = suggester()
        self.met = set()
        # What a file did is known when its last line is in: until then rows wait here, on disk if they are many.
        with SpooledTemporaryFile(2**20, "w+", encoding="utf-8") as journal:
            failed = [path for path in files if not self.import_file(path, journal)]
            journal.seek(0)
            report = print_json if as_json else print_table
            results = report(map(json.loads, journal), self.stdout)
        if dry_run:
            self.stderr.write("Era una prova: non è stato scritto nulla.")
        if failed or results["refused"]:
            raise CommandError(f"File non importati: {len(failed)}. Comunicati rifiutati: {results['refused']}.")

    def say_what_is_missing(self):
        if not Topic.objects.exclude(keywords="").exists():
            text = "Nel portale nessun argomento ha parole che lo suggeriscono: i testi restano senza argomento."
            self.stderr.write(text)
        if not Municipality.objects.exists():
            self.stderr.write("Nel portale non c’è nessun Comune: caricali prima con load_municipalities.")

    def import_file(self, path, journal):
        """False if nothing of it came in."""
        start, met = journal.tell(), self.met.copy()
        try:
            encoding = encoding_of(path)
            with nullcontext() if self.dry_run else transaction.atomic(), self.opened(path, encoding) as lines:
                return self.import_lines(path, lines, journal)
        except (Unreadable, OSError, DatabaseError) as error:
            self.stderr.write(f"{path}: {in_words(error)}. Non è stato importato nulla.")
            journal.seek(start)
            journal.truncate()
            self.met = met
            return False

    def opened(self, path, encoding):
        """The text of a file, with a progress bar if somebody is looking."""
        if encoding == "cp1252":
            self.stderr.write(f"{path}: non è in UTF-8, letto come Windows-1252. Controlla accenti e virgolette.")
        console = Console(stderr=True)  # not self.stderr, which ends each redrawing with a new line
        is_hidden = self.as_json or not console.is_terminal
        return rich.progress.open(
            path, encoding=encoding, description=path.name, console=console, transient=True, disable=is_hidden
        )

    def import_lines(self, path, lines, journal):
        is_any_complete = False
        for items in batches(read(line for text in lines for line in lines_of(text.removesuffix("\n")))):
            entries = [entry_for(item, self.suggester) for item in items]
            self.settle(entries)
            if not self.dry_run:
                write([entry for entry in entries if entry.result == "created"], path, self.publish)
            for entry in entries:
                journal.write(f"{json.dumps(entry.as_row(), ensure_ascii=False)}\n")
                if entry.result == "refused":
                    self.stderr.write(f"{path}: rifiutato «{entry.item.title}». {dict(entry.item.doubts)['truncated']}")
            is_any_complete |= any(entry.item.is_complete for entry in entries)
            reset_queries()  # with DEBUG on, Django keeps them all
        if not is_any_complete:
            self.stderr.write(f"{path}: non c’è nessun comunicato completo.")
        return is_any_complete

    def settle(self, entries):
        """Refused, duplicate, or still to be created."""
        known = self.met | known_fingerprints(entries)
        for entry in entries:
            if not entry.item.is_complete:
                entry.result = "refused"
            elif entry.fingerprint in known:
                entry.result = "duplicate"
            else:
                known.add(entry.fingerprint)
                self.met.add(entry.fingerprint)


def in_words(error):
    if isinstance(error, OSError):
        return "non si può leggere"
    return f"la base di dati ha rifiutato il lavoro ({error})" if isinstance(error, DatabaseError) else error


def batches(items):
    """Items of one day stay together, so that `write` can put them in order."""
    batch = []
    for item in items:
        if len(batch) >= BATCH and item.date != batch[-1].date:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def entry_for(item, asked):
    topics, municipalities, uncertain = suggestions_for(item, asked)
    item.doubts += doubts_about(uncertain)
    if doubt := doubt_about(f"{item.title}\n{item.text}", municipalities):
        item.doubt(*doubt)
    if item.date and item.date > timezone.localdate():
        item.doubt("date-future", f"La data {item.date:%d/%m/%Y} deve ancora venire.")
    return Entry(item, fingerprint(item.title, item.date, item.text), topics, municipalities)


def known_fingerprints(entries):
    """Those imported before, and those of communiqués that an editor wrote with the same title and date."""
    asked = {entry.fingerprint for entry in entries}
    known = set(ArchiveItem.objects.filter(fingerprint__in=asked).values_list("fingerprint", flat=True))
    dates = [entry.item.date for entry in entries if entry.item.date]
    if dates:
        days = midnight(min(dates)), midnight(max(dates) + timedelta(days=1))
        there = Communique.objects.filter(publish_at__range=days).values_list("title", "publish_at").iterator()
        known |= asked.intersection(fingerprint(title, timezone.localdate(at)) for title, at in there)
    return known


def write(entries, path, publish):
    # Within a day the site shows the highest key first, and a listing its latest item: the last goes in first.
    entries = entries[::-1]
    for entry in entries:
        entry.communique = communique_from(entry.item)
        entry.communique.coverage = coverage_of("", entry.municipalities)
        entry.communique.save()
    write_what_belongs(entries, os.fsencode(path.name).decode(errors="replace"))
    if publish:
        for entry in entries:
            if entry.is_sure:
                entry.communique.publish(by=None)


def write_what_belongs(entries, file_name):
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


def print_json(rows, out):
    results = Counter()
    out.write("[", ending="")
    for row in rows:
        out.write(f"{',' if results else ''}\n{json.dumps(row, ensure_ascii=False)}", ending="")
        results[row["result"]] += 1
    out.write("\n]")
    return results


def print_table(rows, out):
    results = Counter()
    names = dict(Municipality.objects.values_list("istat_code", "name"))
    table = Table("Titolo", "Data", "Tipo", "Argomenti", "Comuni", "Dubbi", "Esito", show_lines=True)
    for row in rows:
        results[row["result"]] += 1
        if table.row_count < ROWS_SHOWN:
            table.add_row(*cells(row, names))
    console = Console(file=out, width=None if out.isatty() else WIDTH_OF_FILES, markup=False, highlight=False)
    if table.row_count:
        console.print(table)
    if results.total() > ROWS_SHOWN:
        console.print(f"Altri {results.total() - ROWS_SHOWN} non sono nella tabella: con --json li vedi tutti.")
    console.print(in_numbers(results))
    return results


def cells(row, names):
    return (
        row["title"],
        row["date"] or "manca",
        Publication.Kind(row["kind"]).label,
        ", ".join(row["topics"]),
        ", ".join(names[code] for code in row["municipalities"]),
        "\n".join(doubt["message"] for doubt in row["doubts"]),
        {"created": "importato", "duplicate": "già presente", "refused": "rifiutato"}[row["result"]],
    )


def in_numbers(results):
    numbers = f"Importati: {results['created']}. Già presenti: {results['duplicate']}. Rifiutati: {results['refused']}."
    is_all_known = results["duplicate"] == results.total() > 0
    return f"{numbers} Non c’era nulla di nuovo." if is_all_known else numbers
