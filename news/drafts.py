"""From texts that were read to drafts: what their words suggest, and what an editor should look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.account import quoted
from areaomogenea.prose.terms import terms
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.publishing.coverage import coverage_of, doubt_about
from areaomogenea.publishing.models import Doubt
from areaomogenea.quality.suggestions import Suggester, Suggestion, Written, make_suggester
from areaomogenea.topics.models import Topic

from .document_images import apart, picture_remarks, share_out, taken, with_figures
from .mayors import doubts_about_mayors
from .models import Communique, Intake

if TYPE_CHECKING:
    from areaomogenea.prose.document_reader import Document

    from .archive import NewsItem

FIELDS = ("topics", "municipalities")
LONGEST_NAME = Attachment._meta.get_field("name").max_length
LONGEST_TITLE = Communique._meta.get_field("title").max_length


@dataclass
class Draft:
    """A communiqué on its way into the portal, with what its text suggests; nothing is saved before `keep`."""

    communique: Communique
    topics: list
    municipalities: list
    doubts: list[tuple[str, str]]
    pictures: list[tuple[int, Picture]] = field(default_factory=list)  # on their way into its text, where they belong
    attachments: list[Attachment] = field(default_factory=list)
    intake: Intake | None = None  # what it is made of

    def keep(self, save: Callable[..., object]) -> None:
        """`save` is how the desk saves what is new."""
        for picture in apart(self.pictures):
            picture.save()
        self.communique.body = with_figures(self.communique.body, self.pictures)
        self.communique.coverage = coverage_of("", self.municipalities)
        save(self.communique)
        for attachment in self.attachments:
            attachment.publication = self.communique
            attachment.save()
        self.communique.topics.set(self.topics)
        self.communique.municipalities.set(self.municipalities)
        if self.intake:
            self.intake.communique = self.communique
            self.intake.save()
        Doubt.objects.bulk_create(
            Doubt(publication=self.communique, code=code, message=message) for code, message in self.doubts
        )


def draft_of_scan(file: UploadedFile, kind: str) -> Draft:
    """A document whose pages are images: it goes with the draft, to be described; its words are still to be written."""
    name = " ".join(re.sub(r"[\W_]+", " ", PurePath(file.name).stem).split()) or "Documento scansionato"
    doubt = (
        "Il documento è una scansione: le sue pagine sono immagini, e chi non le vede non le legge. È fra gli "
        "allegati, da descrivere. Scrivi tu il testo, o carica il documento originale."
    )
    attachment = Attachment(file=file, name=name[:LONGEST_NAME])
    return Draft(Communique(kind=kind, title=name[:LONGEST_TITLE]), [], [], [("scan", doubt)], attachments=[attachment])


def take_pictures(drafts: list[Draft], document: Document, provenance: str) -> None:
    """Those of the document go into the texts and the library; doubts tell which wait for words, and which are lost.

    They are opened here, when nothing is being saved yet.
    """
    placed, left_out = taken(document, provenance)
    shares = share_out(placed, [draft.communique.body for draft in drafts])
    for draft, share in zip(drafts, shares, strict=True):
        draft.pictures = share
        draft.doubts += picture_remarks(apart(share))
    if left_out:
        text = f"Immagini del documento che non sono state prese, per formato, misura, peso o numero: {left_out}."
        drafts[0].doubts.append(("images-left-out", text))


def suggestions_for(item: NewsItem, suggester: Suggester) -> tuple[list[Topic], list[Municipality], list[Suggestion]]:
    """The topics and the Comuni that its text is about; what it may be about as well is a doubt."""
    suggestions = suggester.suggest(Written(item.title, item.text, item.subtitle))
    certain = {field: [one.rows[0] for one in suggestions if one.field == field and one.is_certain] for field in FIELDS}
    return certain["topics"], certain["municipalities"], [one for one in suggestions if not one.is_certain]


def doubts_about(uncertain: Collection[Suggestion]) -> Iterator[tuple[str, str]]:
    """(code, message) for what a text only touches on, and for each name that may mean something else."""
    topics = [f"{one.rows[0]} («{one.passage}»)" for one in uncertain if one.field == "topics"]
    if topics:
        text = f"Argomenti di cui c’è solo un accenno: {', '.join(topics)}. Aggiungili tu, se il testo ne parla."
        yield "topic-perhaps", text
    places = [one for one in uncertain if one.field == "municipalities"]
    if passing := [one.rows[0].name for one in places if one.is_verbatim]:
        text = (
            f"Nominati di passaggio, o nel nome di altro: {', '.join(passing)}. Aggiungili tu, se il testo li riguarda."
        )
        yield "municipality-perhaps", text
    for one in places:
        if not one.is_verbatim:
            names = " o ".join(municipality.name for municipality in one.rows)
            yield "ambiguous-municipality", f"«{one.passage}» forse indica {names}: aggiungilo tu, se è così."


def communique_from(item: NewsItem) -> Communique:
    return Communique(
        kind=item.kind,
        title=item.title,
        subtitle=item.subtitle,
        number=item.number,
        source_name=item.source_name,
        source_url=item.source_url,
        summary=item.summary,
        body=item.body,
        publish_at=item.date and midnight(item.date),
    )


def midnight(date: date) -> datetime:
    return datetime.combine(date, time.min, timezone.get_default_timezone())


def drafts_from(items: Iterable[NewsItem], places: set[Municipality] | None = None) -> list[Draft]:
    """`places`: the only Comuni that may be set, where not all of them may."""
    suggester = make_suggester()
    return [draft_from(item, suggester, places) for item in items]


def draft_from(item: NewsItem, suggester: Suggester, places: set[Municipality] | None) -> Draft:
    topics, municipalities, uncertain = suggestions_for(item, suggester)
    if places is not None:
        beyond = [municipality.name for municipality in municipalities if municipality not in places]
        municipalities = [municipality for municipality in municipalities if municipality in places]
        uncertain = [one for one in uncertain if one.field == "topics" or not places.isdisjoint(one.rows)]
        if beyond:
            text = f"Il testo nomina anche Comuni per cui non scrivi: {', '.join(beyond)}."
            item.doubt("municipality-beyond", text)
    elif doubt := doubt_about(f"{item.title}\n{item.text}", municipalities):
        item.doubt(*doubt)
    item.doubts += doubts_about(uncertain)
    note_terms(item)
    item.doubts += doubts_about_mayors(f"{item.title}\n{item.text}", suggester.gazetteer, {})
    communique = communique_from(item)
    settle_hour(item, communique)
    return Draft(communique, topics, municipalities, item.doubts)


def note_terms(item: NewsItem) -> None:
    """What the text asks readers to keep waits beside the form, to be added as rows."""
    today = timezone.localdate()
    if dated_terms := terms(f"{item.title}\n{item.subtitle}\n{item.text}", item.date or today, since=today):
        passages = quoted(term.passage for term in dated_terms)
        text = f"Il testo dice quando qualcosa scade o si tiene: {passages}. Le righe pronte sono fra i controlli."
        item.doubt("terms-told", text)


def settle_hour(item: NewsItem, communique: Communique) -> None:
    """A text comes out when it is approved, whatever day it bears; only one of a day to come waits for that."""
    today = timezone.localdate()
    communique.dated = item.date
    if not item.date or item.date <= today:
        communique.publish_at = None
    if item.date and item.date < today:
        text = (
            f"La data {item.date:%d/%m/%Y} è passata: è la data del documento, e la pagina esce con quella in cui esce."
        )
        item.doubt("date-not-today", text)
    elif item.date and item.date > today:
        text = (
            f"La data {item.date:%d/%m/%Y} deve ancora venire ed è diventata l’ora di pubblicazione: toglila, se non"
            " deve esserlo."
        )
        item.doubt("date-not-today", text)
