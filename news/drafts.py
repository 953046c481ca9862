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
from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.documents import quoted
from areaomogenea.sandbox import limits
from areaomogenea.topics.models import Topic

from .models import Communique

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

    def keep(self, save):
        """`save` is how the desk saves what is new."""
        for picture in self.pictures:
            picture.save()
        self.communique.picture = next(iter(self.pictures), None)
        self.communique.coverage = coverage_of("", self.municipalities)
        save(self.communique)
        self.communique.topics.set(self.topics)
        self.communique.municipalities.set(self.municipalities)
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


def suggester():
    """A function that suggests for any number of texts; topics and names are read once."""
    topics = list(Topic.objects.exclude(keywords=""))
    gazetteer = Municipality.objects.gazetteer()

    def suggest(text):
        mentions = gazetteer.mentions(text) if gazetteer.meanings else []
        certain = dict.fromkeys(mention.municipalities[0] for mention in mentions if mention.is_certain)
        uncertain = [mention for mention in mentions if not set(mention.municipalities) <= certain.keys()]
        return [topic for topic in topics if topic.keyword_pattern.search(text)], list(certain), uncertain

    return suggest


def doubt_about_mention(mention):
    names = " o ".join(municipality.name for municipality in mention.municipalities)
    return "ambiguous-municipality", f"«{mention.passage}» forse indica {names}: aggiungilo tu, se è così."


def communique_from(item):
    return Communique(
        kind=item.kind,
        title=item.title,
        subtitle=item.subtitle,
        number=item.number,
        summary=item.summary,
        body=item.body,
        publish_at=item.date and midnight(item.date),
    )


def midnight(date):
    return datetime.combine(date, time.min, timezone.get_default_timezone())


def drafts_from(items, places=None):
    """`places`: the only Comuni that may be set, where not all of them may."""
    suggest = suggester()
    return [draft_from(item, suggest, places) for item in items]


def draft_from(item, suggest, places):
    topics, municipalities, uncertain = suggest(f"{item.title}\n{item.subtitle}\n{item.text}")
    if places is not None:
        beyond = [municipality.name for municipality in municipalities if municipality not in places]
        municipalities = [municipality for municipality in municipalities if municipality in places]
        uncertain = [mention for mention in uncertain if not places.isdisjoint(mention.municipalities)]
        if beyond:
            text = f"Il testo nomina anche Comuni per cui non scrivi: {', '.join(beyond)}."
            item.doubt("municipality-beyond", text)
    elif doubt := doubt_about(f"{item.title}\n{item.text}", municipalities):
        item.doubt(*doubt)
    for mention in uncertain:
        item.doubt(*doubt_about_mention(mention))
    communique = communique_from(item)
    settle_hour(item, communique)
    return Draft(communique, topics, municipalities, item.doubts)


def settle_hour(item, communique):
    """A text of today comes out when it is approved; one of another day keeps its day, and an editor looks at it."""
    today = timezone.localdate()
    if item.date == today:
        communique.publish_at = None
    elif item.date:
        when = "è passata" if item.date < today else "deve ancora venire"
        text = (
            f"La data {item.date:%d/%m/%Y} {when} ed è diventata l’ora di pubblicazione: toglila, se non deve esserlo."
        )
        item.doubt("date-not-today", text)
