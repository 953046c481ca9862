"""From texts that were read to drafts: what their words suggest, and what an editor should look at."""

from dataclasses import dataclass, field
from datetime import datetime, time
from time import monotonic

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from areaomogenea.editorial.coverage import coverage_of, doubt_about
from areaomogenea.editorial.files import Picture
from areaomogenea.editorial.media import check_picture
from areaomogenea.editorial.models import Doubt
from areaomogenea.editorial.suggestions import Written, suggester
from areaomogenea.prose.documents import quoted
from areaomogenea.prose.terms import terms
from areaomogenea.sandbox import limits

from .mayors import doubts_about_mayors
from .models import Communique, Intake

FIELDS = ("topics", "municipalities")
PICTURES_KEPT = 4  # each takes a second to be made smaller, while somebody waits
LONGEST_ALTERNATIVE, LONGEST_CREDIT = (
    Picture._meta.get_field(name).max_length for name in ("alternative_text", "credit")
)


@dataclass
class Draft:
    """A communiqué on its way into the portal, with what its text suggests; nothing is saved before `keep`."""

    communique: Communique
    topics: list
    municipalities: list
    doubts: list[tuple[str, str]]
    pictures: list[Picture] = field(default_factory=list)  # of the document, on their way into the library
    provenance: str = ""
    intake: Intake | None = None  # what it is made of

    def keep(self, save):
        """`save` is how the desk saves what is new."""
        for picture in self.pictures:
            picture.save()
        self.communique.picture = next(iter(self.pictures), None)
        self.communique.coverage = coverage_of("", self.municipalities)
        save(self.communique)
        self.communique.topics.set(self.topics)
        self.communique.municipalities.set(self.municipalities)
        if self.intake:
            self.intake.communique = self.communique
            self.intake.save()
        Doubt.objects.bulk_create(
            Doubt(publication=self.communique, code=code, message=message) for code, message in self.doubts
        )

    def take_pictures(self, images):
        """Those that somebody described go to the library, the first at the head of the text; doubts tell the rest.

        They are opened here, when nothing is being saved yet.
        """
        described = [image for image in images if image.alternative_text]
        self.pictures = self.pictures_from(described)
        if self.pictures:
            text = f"Sono entrate nella raccolta {quoted(self.pictures)}: controlla i testi alternativi e gli autori."
            self.doubts.append(("picture-credit", text))
        if undescribed := len(images) - len(described):
            text = f"Immagini del documento senza testo alternativo: {undescribed}. Caricale nella raccolta."
            self.doubts.append(("images-without-text", text))
        if left_out := len(described) - len(self.pictures):
            text = f"Immagini del documento che non sono state prese, per formato, peso o numero: {left_out}."
            self.doubts.append(("images-left-out", text))

    def pictures_from(self, images):
        """The first that are pictures, as many as can be opened while somebody waits."""
        start, found = monotonic(), []
        for image in images:
            if len(found) == PICTURES_KEPT or monotonic() - start > limits.PATIENCE_FOR_ALL:
                break
            picture = self.picture_from(image)
            try:
                check_picture(picture.file)
            except ValidationError:
                continue
            found.append(picture)
        return found

    def picture_from(self, image):
        """The document does not say who made it; that it comes from there is all that can be written."""
        return Picture(
            file=ContentFile(image.data, "dal-documento"),
            alternative_text=image.alternative_text[:LONGEST_ALTERNATIVE],
            credit=self.provenance[:LONGEST_CREDIT],
        )


def suggestions_for(item, suggester):
    """The topics and the Comuni that its text is about; what it may be about as well is a doubt."""
    found = suggester.suggest(Written(item.title, item.text, item.subtitle))
    certain = {field: [one.rows[0] for one in found if one.field == field and one.is_certain] for field in FIELDS}
    return certain["topics"], certain["municipalities"], [one for one in found if not one.is_certain]


def doubts_about(uncertain):
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


def communique_from(item):
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


def midnight(date):
    return datetime.combine(date, time.min, timezone.get_default_timezone())


def drafts_from(items, places=None):
    """`places`: the only Comuni that may be set, where not all of them may."""
    asked = suggester()
    return [draft_from(item, asked, places) for item in items]


def draft_from(item, asked, places):
    topics, municipalities, uncertain = suggestions_for(item, asked)
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
    item.doubts += doubts_about_mayors(f"{item.title}\n{item.text}", asked.gazetteer, {})
    communique = communique_from(item)
    settle_hour(item, communique)
    return Draft(communique, topics, municipalities, item.doubts)


def note_terms(item):
    """What the text asks readers to keep waits beside the form, to be added as rows."""
    today = timezone.localdate()
    if told := terms(f"{item.title}\n{item.subtitle}\n{item.text}", item.date or today, since=today):
        passages = quoted(term.passage for term in told)
        text = f"Il testo dice quando qualcosa scade o si tiene: {passages}. Le righe pronte sono fra i controlli."
        item.doubt("terms-told", text)


def settle_hour(item, communique):
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
