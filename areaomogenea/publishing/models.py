"""What it means to publish: status and hour, topics and places, history."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, Lower, Replace
from django.db.models.lookups import IsNull
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from areaomogenea.accounts import ledger
from areaomogenea.accounts.models import Assignment, User
from areaomogenea.accounts.retention import redact_entries as redact_in_ledger
from areaomogenea.accounts.scope import writes_for_area
from areaomogenea.identity.address import path_to
from areaomogenea.library.body_images import described_in, resolve_pictures
from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import Municipality
from areaomogenea.naming.models import LONGEST_NAME, is_name
from areaomogenea.naming.races import until_free
from areaomogenea.naming.slugs import first_free, is_slug_of, slug_of
from areaomogenea.prose.fields import LineField, LinesField, ProseField
from areaomogenea.prose.html import addresses, plain, reading_minutes
from areaomogenea.search.engines import Words, index_publication, whole_words, with_any_in_title
from areaomogenea.topics.models import Term, Topic

from . import kinds
from .attachments import Attachment, Illustration
from .coverage import UNKNOWN, Coverage, coverage_in_short, coverage_of, faults
from .expiry import A_DAY, is_over, midnight, over_since, until
from .expiry_fields import ExpiryField
from .json_columns import Compiled, JSONRows
from .matches import Matches, newest
from .preview_links import PreviewLink  # noqa: F401 (a table of this room)
from .revisions import BaseRevision, Revision
from .signals import publication_changed
from .snapshots import Content, Row, relations_of
from .versions import Versioned

if TYPE_CHECKING:
    from .pagination import Cursor

MOST_KEYS = 500  # that one question names
SPELLED = Replace(Lower("slug"), Value("_"), Value("-"))  # an address as it is looked for: both tables index it so
PublicationRow = TypeVar("PublicationRow", bound="Publication")


class PublicationQuerySet(models.QuerySet[PublicationRow]):
    def named(self, text: str | None, kind: str = "") -> PublicationRow | None:
        """The row that has this address, or had it, or has it in other letters; None if none does.

        Of this kind, or of any; of its former kind too, under the address that it had there.
        """
        if not is_name(text):
            return None
        had_it = Exists(FormerAddress.objects.filter(publication=OuterRef("pk"), slug=text))
        exact = self.filter(slug=text, kind__in=kinds_of(kind)).first()
        return exact or self.known_as(text, kind).order_by(had_it.desc(), "-publish_at", "-pk").first()

    def known_as(self, text: str | None, kind: str = "") -> Self:
        """Those that have this address, or had it, in whatever letters; of this kind, or of any."""
        if text is None or not is_name(text):
            return self.none()
        filters = {"kind__in": kinds_of(kind), "spelled__in": spellings(text)}
        present = Publication.objects.alias(spelled=SPELLED).filter(**filters).order_by()
        former = FormerAddress.objects.alias(spelled=SPELLED).filter(**filters)
        return self.filter(pk__in=present.values("pk").union(former.values("publication")))

    def leading_to(self, addresses: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of these (kind, slug) that lead to some of them, by whatever name; in two questions."""
        names = {address: {(address[0], one) for one in spellings(address[1])} for address in addresses}
        everything = {one for of_one in names.values() for _, one in of_one}
        present = self.order_by().annotate(spelled=SPELLED).filter(kind__in=kinds.codes())
        former = FormerAddress.objects.annotate(spelled=SPELLED).filter(publication__in=self.order_by().values("pk"))
        known = {
            name
            for rows in (present, former.filter(kind__in=kinds.codes()))
            for name in rows.filter(spelled__in=everything).values_list("kind", "spelled")
        }
        return {address for address, ways in names.items() if ways & known}

    def published(self, at: datetime | None = None) -> Self:
        return self.filter(status=Publication.Status.APPROVED, publish_at__lte=at or timezone.now())

    def scheduled(self, at: datetime | None = None) -> Self:
        return self.filter(status=Publication.Status.APPROVED, publish_at__gt=at or timezone.now())

    def current(self, at: datetime | None = None) -> Self:
        """Those whose time is not up: nobody said when it is, or it is still to come."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gte=(at or timezone.now()).replace(microsecond=0)))

    def hours_between(self, start: datetime, end: datetime) -> models.QuerySet:
        """The hours from start to end at which pages change by themselves: one comes out, or holds no more."""
        span = (start, end)
        approved = self.filter(status=Publication.Status.APPROVED).order_by()
        outs = approved.filter(publish_at__range=span).values_list("publish_at", flat=True)
        return outs.union(approved.filter(expires_at__range=span).values_list("expires_at", flat=True))

    def withdrawn(self) -> Self:
        return self.filter(status=Publication.Status.WITHDRAWN)

    def unseen(self, at: datetime | None = None) -> Self:
        """Those that readers never saw."""
        out = Q(status=Publication.Status.APPROVED, publish_at__lte=at or timezone.now())
        return self.filter(~out, came_out_at=None)

    def binned(self) -> Self:
        return self.filter(status=Publication.Status.BINNED)

    def kept(self) -> Self:
        """All but what lies in the bin."""
        return self.exclude(status=Publication.Status.BINNED)

    def binned_before(self, at: datetime) -> Self:
        return self.binned().filter(binned_at__lt=at)

    def latest_binned_first(self) -> Self:
        return self.order_by("-binned_at", "-pk")

    def once_published(self, at: datetime | None = None) -> Self:
        """Those that readers see, and those that they saw until they were withdrawn or put off."""
        shown = Q(publish_at__lte=at or timezone.now(), status=Publication.Status.APPROVED)
        seen = Q(came_out_at__isnull=False, status__in=[Publication.Status.APPROVED, Publication.Status.WITHDRAWN])
        return self.filter(shown | seen)

    def newly_out(self) -> Self:
        """Those that the clock brought out, and nobody has noted it yet."""
        return self.published().filter(came_out_at=None)

    def put_off(self, at: datetime | None = None) -> Self:
        """Those that readers saw until their hour was moved to one that is still to come."""
        return self.scheduled(at).exclude(came_out_at=None)

    def changed_since(self, at: datetime) -> Self:
        """Those that came out, were changed or were withdrawn since then; also what only the desk sees."""
        return self._changed(gte=at)

    def changed_between(self, start: datetime, end: datetime) -> Self:
        """The same, from the one instant until just before the other."""
        return self._changed(gte=start, lt=end)

    def _changed(self, **bounds):
        """Each of the three is found by its own index, where the three in one condition would read every row."""

        def within(hour: str) -> dict[str, datetime]:
            return {f"{hour}__{bound}": at for bound, at in bounds.items()}

        came_out = Publication.objects.filter(status__in=Publication.Status.values, **within("publish_at"))
        edited = Publication.objects.filter(**within("updated_at"))
        versions = Revision.objects.versions().filter(**within("at"))
        querysets = [came_out.order_by().values("pk"), edited.order_by().values("pk")]
        return self.filter(pk__in=versions.order_by().values("publication").union(*querysets))

    def drafts(self) -> Self:
        return self.filter(status=Publication.Status.DRAFT)

    def awaiting_decision(self) -> Self:
        """In review, or live with a proposed change."""
        proposed = Revision.objects.pending().order_by().values("publication")
        review = Publication.objects.filter(status=Publication.Status.REVIEW).order_by().values("pk")
        return self.filter(pk__in=proposed.union(review))

    def written_by(self, user: User) -> Self:
        """Theirs from the start, or with a change of theirs that waits."""
        proposed = Revision.objects.pending().filter(publication=OuterRef("pk"), by=user)
        return self.filter(Q(author=user) | Exists(proposed))

    def sent_back_to(self, user: User) -> Self:
        """Their drafts that were sent back, and their proposals that were, until something newer happens."""
        newest = Revision.objects.filter(publication=OuterRef("publication")).order_by("-at", "-pk").values("pk")[:1]
        last = Revision.objects.sent_back().filter(pk=Subquery(newest))
        draft = Q(action=Revision.Action.SENT_BACK, publication__author=user)
        proposal = Q(action=Revision.Action.REFUSED, proposal__by=user)
        return self.filter(pk__in=last.filter(draft | proposal).order_by().values("publication"))

    def to_read_again(self, by: date) -> Self:
        return self.filter(review_by__lte=by)

    def published_since(self, at: datetime) -> Self:
        return self.filter(publish_at__gte=at)

    def coming_out(self, start: datetime, end: datetime) -> Self:
        return self.filter(publish_at__gte=start, publish_at__lt=end)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def news(self) -> Self:
        return self.of_group(kinds.Group.NEWS)

    def of_group(self, group: kinds.Group) -> Self:
        return self.filter(kind__in=kinds.codes(group))

    def picturing(self, name: str) -> Self:
        """Those that show this stored file, in any of its sizes, at their head or in their body."""
        shown = Picture.objects.named([name]).order_by().values("pk")
        leading = Publication.objects.filter(picture__in=shown).order_by().values("pk")
        within = Illustration.objects.filter(picture__in=shown).values("publication")
        return self.filter(pk__in=leading.union(within))

    def attaching(self, name: str) -> Self:
        return self.filter(Exists(Attachment.objects.filter(publication=OuterRef("pk"), file=name)))

    def in_year(self, year: int) -> Self:
        return self.filter(publish_at__year=year)

    def years(self) -> list[int]:
        """Those in which some came out, the latest first."""
        first = self.order_by("publish_at").values_list("publish_at", flat=True)[:1]
        years = [year for at in first for year in range(timezone.localdate().year, localtime(at).year - 1, -1)]
        return self._busy(self, {year: self.order_by().in_year(year) for year in years})

    def in_month(self, year: int, month: int) -> Self:
        """Those that came out in it, as Rome counts."""
        following = date(year + month // 12, month % 12 + 1, 1)
        return self.coming_out(midnight(date(year, month, 1)), midnight(following))

    def between_days(self, first: date | None, last: date | None) -> Self:
        """Those that came out from the first of these days to the last, both included; None where nothing bounds."""
        bounds = {"publish_at__gte": first and midnight(first), "publish_at__lt": last and midnight(last + A_DAY)}
        return self.filter(**{bound: at for bound, at in bounds.items() if at})

    def months_of(self, year: int) -> list[int]:
        """The months of that year in which some came out."""
        within = self.in_year(year)
        return self._busy(within, {month: self.order_by().in_month(year, month) for month in range(1, 13)})

    def _busy(self, rows, spans):
        """The names of those spans that hold some: each is asked of the index, and none is counted."""
        exists = {f"span_{name}": Exists(span) for name, span in spans.items()}
        busy = rows.order_by().annotate(**exists).values_list(*exists)[:1] if exists else ()
        return [name for row in busy for name, is_busy in zip(spans, row, strict=True) if is_busy]

    def naming(self, municipality: Municipality) -> Self:
        """Those that name this Comune."""
        named = Publication.municipalities.through.objects.filter(publication=OuterRef("pk"))
        return self.filter(Exists(named.filter(municipality=municipality)))

    def in_doubt(self) -> Self:
        """Those of which an import was not sure of something."""
        return self.filter(Exists(Doubt.objects.filter(publication=OuterRef("pk"))))

    def without_doubts(self) -> Self:
        return self.filter(~Exists(Doubt.objects.filter(publication=OuterRef("pk"))))

    def for_whole_area(self) -> Self:
        return self.filter(coverage=Coverage.AREA)

    def about(self, municipality: Municipality) -> Self:
        """Those that concern this Comune: they name it, or apply in all the Area that it is in."""
        if not municipality.in_area:
            return self.naming(municipality)
        # Asked of each in turn, as those of `linked_to` are: a set would be read whole, for each month of a year again.
        named = Publication.municipalities.through.objects.filter(publication=OuterRef("pk"), municipality=municipality)
        return self.filter(Q(coverage=Coverage.AREA) | Q(IsNull(Subquery(named.values("pk")[:1]), False)))

    def of_unknown_coverage(self) -> Self:
        """Those of which nobody has said yet where they apply."""
        return self.filter(coverage="")

    def editable_by(self, user: User) -> Self:
        """All for those who write for the whole Area; else those that name a Comune assigned to them."""
        return self if writes_for_area(user) else self.filter(Exists(_naming_own_of(user)))

    def seen_by(self, user: User) -> Self:
        """What this person may edit, and what readers see anyway."""
        shown = Q(status=Publication.Status.APPROVED, publish_at__lte=timezone.now())
        kept = ~Q(status=Publication.Status.BINNED)
        if writes_for_area(user):
            return self.filter(kept)
        # Asked of each in turn, as those of `linked_to` are.
        return self.filter(kept & (shown | Q(IsNull(Subquery(_naming_own_of(user).values("pk")[:1]), False))))

    def with_known_by(self, user: User) -> Self:
        """Adds `is_known`, whether this person sees it: what they do not is no more to them than that it is there."""
        seen = Publication.objects.seen_by(user).filter(pk=OuterRef("pk")).order_by().values("pk")[:1]
        return self.annotate(is_known=IsNull(Subquery(seen), False))

    def on(self, topic: Topic) -> Self:
        placed = Publication.topics.through.objects.filter(publication=OuterRef("pk"), topic=topic)
        return self.filter(Exists(placed))

    def linked_to(self, publication: Publication) -> Self:
        """Those that an editor has linked with it, from either side; whether they are many is asked at once.

        A few are named by their keys; of many, each page is asked in turn whether it is one, since a database that is
        given a set reads it whole before the first.
        """
        links = Publication.linked.through.objects
        own = links.filter(from_publication=publication.pk).values("to_publication")
        # Those linked from both sides come twice: to tell them apart there would be to read all.
        both = own.union(links.filter(to_publication=publication.pk).values("from_publication"), all=True)
        keys = {row["to_publication"] for row in both[: 2 * MOST_KEYS + 1]}
        if len(keys) <= MOST_KEYS:
            return self.filter(pk__in=keys)
        link = links.filter(to_publication=publication.pk, from_publication=OuterRef("pk")).values("pk")[:1]
        return self.filter(Q(pk__in=own) | Q(IsNull(Subquery(link), False)))

    def linking(self, publication: Publication) -> Self:
        """Those whose own editors have linked them with it."""
        return self.filter(
            pk__in=Publication.linked.through.objects.filter(to_publication=publication.pk).values("from_publication")
        )

    def related_to(self, publication: Publication, most: int) -> Self:
        """At most so many others linked with it (`is_linked`, they come first) or sharing a topic with it.

        Its `topic_labels` say which topics, saved or not.
        """
        links, own = Publication.linked.through.objects, [label["slug"] for label in publication.topic_labels]
        shared = Publication.topics.through.objects.filter(publication=OuterRef("pk"), topic__slug__in=own)
        linked = [
            Exists(links.filter(from_publication=publication.pk, to_publication=OuterRef("pk"))),
            Exists(links.filter(to_publication=publication.pk, from_publication=OuterRef("pk"))),
        ]
        # Each by its own index: all in one condition would have every page read, and sorted.
        nearest = [
            Publication.objects.filter(pk__in=some.latest_first()[:most].values("pk")).order_by().values("pk")
            for some in map(self.exclude(pk=publication.pk).filter, [*linked, Exists(shared)])
        ]
        related = self.filter(pk__in=nearest[0].union(*nearest[1:])).annotate(is_linked=linked[0] | linked[1])
        return related.order_by("-is_linked", "-publish_at", "-pk")[:most]

    def older_than(self, cursor: Cursor) -> Self:
        return self.filter(publish_at__lte=cursor.publish_at).exclude(publish_at=cursor.publish_at, pk__gte=cursor.pk)

    def newer_than(self, cursor: Cursor) -> Self:
        return self.filter(publish_at__gte=cursor.publish_at).exclude(publish_at=cursor.publish_at, pk__lte=cursor.pk)

    def latest_first(self) -> Self:
        return self.order_by("-publish_at", "-pk")

    def oldest_first(self) -> Self:
        return self.order_by("publish_at", "pk")

    def pinned_first(self) -> Self:
        return self.order_by("-pinned", "-publish_at", "-pk")

    def with_topics(self) -> Self:
        """Adds `topic_labels`, a list of dicts: name, slug, acronym."""
        return self.annotate(topic_labels=columns()["topic_labels"])

    def with_all(self) -> Self:
        """Adds what a page shows beside its text, each a list of dicts; see `columns`."""
        return self.with_picture().annotate(**columns())

    def with_places(self) -> Self:
        """Adds `places`, a list of dicts: name, slug, istat_code, in_area; `coverage` says what none means."""
        return self.annotate(places=columns()["places"])

    def with_picture(self) -> Self:
        return self.select_related("picture")

    def with_last_change(self) -> Self:
        """Adds `changed_at`, when anything of it last changed for readers, and `withdrawn_at`."""
        hours = Revision.objects.filter(publication=OuterRef("pk")).order_by("-at").values("at")
        version, withdrawal = Subquery(hours.versions()[:1]), Subquery(hours.withdrawals()[:1])
        changes = [Coalesce(hour, "publish_at") for hour in ("updated_at", version)]
        return self.annotate(changed_at=Greatest("publish_at", *changes), withdrawn_at=withdrawal)

    def with_latest_change(self) -> Self:
        """Adds two hours, the same on each row: when what readers see, or saw until then, was last written or decided
        (`latest_version_at`), and when the last page was put off (`latest_put_off_at`).
        """
        # As `published` says it: asked as a question within, PostgreSQL would read every page to answer it.
        approved = Q(publication__status=Publication.Status.APPROVED)
        shown = Q(approved, publication__publish_at__lte=timezone.now())
        withdrawn = Q(action=Revision.Action.WITHDRAWN, publication__came_out_at__isnull=False)
        newest = Revision.objects.versions().filter(shown | withdrawn).order_by("-at").values("at")
        put_off = Publication.objects.put_off().order_by("-updated_at").filter(updated_at__isnull=False)
        last = {"latest_version_at": newest[:1], "latest_put_off_at": put_off.values("updated_at")[:1]}
        return self.annotate(**{name: Subquery(rows) for name, rows in last.items()})

    def for_cards(self) -> Self:
        """All that a card shows, none of what only the page shows."""
        return self.with_topics().with_places().with_picture().defer("body")

    def for_desk(self) -> Self:
        """What the desk says of each: who wrote it, and the newest of what happened to it."""
        newest = Revision.objects.filter(publication=OuterRef("pk")).order_by("-at", "-pk")
        last = {name: Subquery(newest.values(source)[:1]) for name, source in LAST.items()}
        return self.select_related("author").defer("body").annotate(**last)

    def search(self, query: str) -> Matches:
        """Those published that hold all the words, title matches first, then the latest."""
        return Matches(self, whole_words(query), Publication.objects.published())

    def latest_holding(self, query: str, most: int) -> Self:
        """At most so many of those published that hold all the words: the latest."""
        words = whole_words(query)
        matches = newest(self, words.held(), most, Publication.objects.published()) if words else []
        return self.filter(pk__in=[pk for _, pk in matches])

    def holding(self, words: Words) -> Self:
        """Those that hold the words; all where nothing is asked."""
        return self.filter(words.held()) if words else self

    def first_holding(self, words: Words, most: int) -> Self:
        """At most so many of them: what has no hour yet, then the latest."""
        if not words:
            return self
        undated = self.filter(words.held(), publish_at=None).order_by("-pk").values_list("pk", flat=True)[:most]
        dated = newest(self.filter(publish_at__isnull=False), words.held(), most, Publication.objects.kept())
        return self.filter(pk__in=[*undated, *(pk for _, pk in dated)][:most])

    def with_any_in_title(self, query: str) -> Self:
        """Those whose title has one of these words."""
        return with_any_in_title(self, query)


def _naming_own_of(user):
    """What says of a publication that it names a Comune assigned to this person; told by key, so that it is known how
    many there are.
    """
    keys = list(Assignment.objects.filter(user=user).values_list("municipality", flat=True))
    return Publication.municipalities.through.objects.filter(publication=OuterRef("pk"), municipality__in=keys)


def spelled(slug: str) -> str:
    """What `SPELLED` makes of an address."""
    return slug.lower().replace("_", "-")


def spellings(text: str) -> set[str]:
    """How the address may be stored that somebody writes so."""
    return {slug_of(text, LONGEST_NAME), spelled(text)}


def kinds_of(kind: str) -> list[str]:
    return [kind] if kind else kinds.codes()


LAST = {"last_action": "action", "last_comment": "comment", "last_at": "at"}


@cache
def columns() -> dict[str, Compiled]:
    """Rows of other tables that ride in a publication's own query, by the name they take there.

    Made once: building these expressions costs more than the database takes to answer them.
    """
    topics = Topic.objects.filter(publications=OuterRef("pk")).order_by("position", "name")
    places = Municipality.objects.filter(publications=OuterRef("pk")).order_by("name")
    attachments = Attachment.objects.filter(publication=OuterRef("pk")).order_by("pk")
    corrections = Revision.objects.filter(publication=OuterRef("pk"), action=Revision.Action.CORRECTED)
    within = Picture.objects.filter(illustrations__publication=OuterRef("pk"))
    return {
        "topic_labels": json_rows(topics, "name", "slug", "acronym"),
        "places": json_rows(places, "name", "slug", "istat_code", "in_area"),
        "documents": json_rows(attachments, "file", "name", "description", "kind", "size", "pages", "language"),
        "corrections": json_rows(corrections, "at", "comment"),  # ISO hours, the latest first
        "pictures_within": json_rows(within, "file", "avif"),
        "terms": json_rows(Term.objects.all(), "acronym", "slug", "expansion"),  # the whole glossary
    }


def json_rows(queryset: models.QuerySet, *fields: str) -> Compiled:
    return Compiled(Publication, JSONRows(queryset, **{field: field for field in fields}))


PUBLISHED, SCHEDULED = ("published", "Pubblicata"), ("scheduled", "Programmata")  # what the clock makes of "approved"


class Publication(Versioned, models.Model):
    """Whatever the portal publishes; its kinds are child tables, its lists need this table alone."""

    is_known = True  # unless the row came `with_known_by` somebody who may not see it

    class Status(models.TextChoices):
        DRAFT = "draft", "Bozza"
        REVIEW = "review", "In revisione"
        APPROVED = "approved", "Approvata"
        WITHDRAWN = "withdrawn", "Ritirata"
        BINNED = "binned", "Nel cestino"

    kind = models.CharField("tipo", max_length=20, choices=kinds.choices)
    title = LineField("titolo", max_length=200)
    slug = models.SlugField(
        "indirizzo",
        max_length=120,
        blank=True,
        help_text="Segue il titolo finché la pagina non è pubblica, se non lo scrivi tu. Se poi cambia, quello di "
        "prima porta qui.",
    )
    summary = LineField(
        "in breve", max_length=255, blank=True, help_text="Una o due frasi che dicono il punto. Serve per pubblicare."
    )
    body = ProseField("testo", blank=True)
    topics = models.ManyToManyField(Topic, related_name="publications", blank=True, verbose_name="argomenti")
    coverage = models.CharField(
        "dove vale", max_length=8, choices=Coverage, blank=True, help_text="Serve per pubblicare."
    )
    municipalities = models.ManyToManyField(
        Municipality,
        related_name="publications",
        blank=True,
        verbose_name="Comuni interessati",
        help_text="Se vale solo in questi Comuni: almeno uno.",
    )
    picture = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, related_name="publications", verbose_name="immagine"
    )
    body_pictures = models.ManyToManyField(
        Picture, through=Illustration, related_name="illustrated", editable=False, verbose_name="immagini nel testo"
    )
    # Each page keeps its own links, though readers follow them both ways: who writes one page changes no other.
    linked = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="linked_from",
        blank=True,
        verbose_name="pagine collegate",
        help_text="L’iniziativa di cui parla, i comunicati che la raccontano: chi legge lo trova su tutte e due.",
    )
    pinned = models.BooleanField(
        "in evidenza", default=False, help_text="Resta in cima alla pagina dei suoi argomenti."
    )
    status = models.CharField("stato", max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    publish_at = models.DateTimeField(
        "ora di pubblicazione", null=True, blank=True, help_text="Nel futuro: uscirà da sola a quell’ora."
    )
    review_by = models.DateField(
        "da rileggere entro",
        null=True,
        blank=True,
        help_text="Il giorno in cui la scrivania ricorderà di rileggerla.",
    )
    expires_at = ExpiryField(
        "vale fino a",
        null=True,
        blank=True,
        help_text="Se smette di valere: il giorno, o anche l’ora. Un giorno senza ora vale fino alla sua fine.",
    )
    came_out_at = models.DateTimeField("vista dai lettori dal", null=True, editable=False)
    binned_at = models.DateTimeField("nel cestino dal", null=True, editable=False)
    updated_at = models.DateTimeField("ultima modifica mostrata ai lettori", null=True, blank=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, verbose_name="autore"
    )
    version = models.PositiveIntegerField("versione", default=0, editable=False)

    objects = PublicationQuerySet.as_manager()
    # Reverse relations whose rows editors write with it and every version keeps; what others lean on comes first.
    versioned_relations: tuple[str, ...] = ("attachments",)

    class Meta:
        ordering = ["-publish_at", "-pk"]
        verbose_name = "pubblicazione"
        verbose_name_plural = "pubblicazioni"
        permissions = [
            ("publish_publication", "Può pubblicare, rimandare e ritirare"),
            ("write_for_area", "Può scrivere per tutta l’Area"),
        ]
        indexes = [
            models.Index(fields=["status", "-publish_at", "-id"], name="publication_river"),
            models.Index(fields=["status", "kind", "-publish_at", "-id"], name="publication_river_of_kind"),
            models.Index(
                fields=["-pinned", "-publish_at", "-id"],
                name="publication_pinned_river",
                condition=Q(status="approved"),
            ),
            models.Index(
                fields=["-publish_at", "-id"],
                name="publication_river_of_area",
                condition=Q(status="approved", coverage="area"),
            ),
            models.Index(
                fields=["-publish_at", "-id"],
                name="publication_unplaced",
                condition=Q(status="approved", coverage=""),
            ),
            models.Index(fields=["-publish_at", "-id"], name="publication_of_desk"),
            models.Index(
                fields=["review_by", "id"],
                name="publication_to_read_again",
                condition=Q(status="approved", review_by__isnull=False),
            ),
            models.Index(fields=["updated_at"], name="publication_edited", condition=Q(updated_at__isnull=False)),
            models.Index(
                fields=["publish_at"],
                name="publication_newly_out",
                condition=Q(status="approved", came_out_at__isnull=True),
            ),
            models.Index(fields=["expires_at"], name="publication_expiry", condition=Q(expires_at__isnull=False)),
            models.Index(fields=["-binned_at", "-id"], name="publication_in_bin", condition=Q(status="binned")),
            models.Index("kind", SPELLED, name="publication_spelled"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="publication_one_slug_per_kind",
                violation_error_message="Un’altra pubblicazione di questo tipo ha già questo indirizzo.",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(publish_at__isnull=False), name="publication_approved_has_hour"
            ),
            models.CheckConstraint(
                condition=Q(coverage__in=["", *Coverage.values]), name="publication_coverage_is_known_or_empty"
            ),
            models.CheckConstraint(
                condition=Q(status="binned", binned_at__isnull=False, came_out_at=None)
                | Q(~Q(status="binned"), binned_at=None),
                name="publication_binned_has_hour_and_was_unseen",
            ),
        ]

    def __str__(self):
        return self.title if self.is_known else FOREIGN

    @property
    def line(self) -> str:
        """With its address: many pages have the same title."""
        return f"{self} ({self.get_absolute_url()})" if self.slug and self.is_known else str(self)

    def is_at(self, kind: str, slug: str) -> bool:
        """Whether this is its address now."""
        return (self.kind, self.slug) == (kind, slug)

    def get_absolute_url(self) -> str:
        """Its slug in the place of another: who tells of all pages would make the portal forget every other path."""
        if not self.slug:
            raise NoReverseMatch(f"{self.title!r} has no address yet.")
        return path_to(f"{self.kind}:detail", "slug").replace("/slug/", f"/{self.slug}/")

    def clean(self) -> None:
        self._meet_holders()
        if self.expires_at and self.publish_at and self.expires_at < self.publish_at:
            raise ValidationError({"expires_at": EXPIRES_TOO_SOON})
        if self.status == self.Status.APPROVED:
            needed = {"publish_at": "l’ora di pubblicazione", "summary": "il testo «in breve»", "body": "il testo"}
            absent = {
                name: f"È pubblicata: {what} non può mancare."
                for name, what in needed.items()
                if not getattr(self, name)
            }
            if absent:
                raise ValidationError(absent)

    def _meet_holders(self):
        """Nobody takes the address of another page, nor one that another had, in whatever letters."""
        if not self.slug:
            return
        if not Publication.objects.filter(pk=self.pk, slug=self.slug).exists():
            self.slug = slug_of(self.slug, LONGEST_NAME) or self.slug
        others = Publication.objects.known_as(self.slug, self.kind).exclude(pk=self.pk)
        if holder := others.of_kind(self.kind).alias(spelled=SPELLED).filter(spelled=spelled(self.slug)).first():
            raise ValidationError({"slug": held_by(holder)})
        if others.exists():
            raise ValidationError({"slug": "Questo indirizzo porta già a un’altra pubblicazione che l’aveva prima."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        before = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        self.body, pictures = resolve_pictures(self.body)
        if self.publish_at:
            self.publish_at = self.publish_at.replace(microsecond=0)  # a page's address tells seconds
        if before and before.is_published() and before.what_readers_see() != self.what_readers_see():
            self.updated_at = timezone.now().replace(microsecond=0)
        if before:
            kwargs.setdefault("update_fields", self._own_fields() - OF_VERBS)
        store = partial(self._store, before, pictures, *args, **kwargs)
        self.slug = self._slug_after(before) if before else self.slug
        if self.slug:
            store()
        else:
            until_free(lambda: store(slug=self._free_slug()))

    def _slug_after(self, before):
        """The one that it has, "" for one of its title: that is followed until readers know where the page is."""
        if before.was_seen():
            return self.slug or before.slug
        is_as_made = self.slug == before.slug and is_slug_of(before.slug, before.title)
        return "" if is_as_made and slug_of(self.title) != slug_of(before.title) else self.slug

    def _store(self, before, pictures, *args, slug="", **kwargs):
        self.slug = slug or self.slug
        with transaction.atomic():
            (before or self).note_coming_out()
            super().save(*args, **kwargs)
            self.note_coming_out()
            if before or pictures:
                self.body_pictures.set(pictures)
            for picture, text in described_in(self.body, pictures):
                picture.describe(text)
            if before and (before.kind, before.slug) != (self.kind, self.slug):
                FormerAddress.objects.filter(kind=self.kind, slug=self.slug).delete()  # it is the present one again
                if before.is_known_at_its_address():
                    self._remember_address(before)
            index_publication(self, self.searchable_text())
            if before and before.is_published():
                self._announce()

    @property
    def kind_label(self) -> str:
        return kinds.get(self.kind).label

    @property
    def kind_plural(self) -> str:
        return kinds.get(self.kind).plural

    @property
    def reading_minutes(self) -> int:
        return reading_minutes(self.body)

    @property
    def published_corrections(self) -> list[dict[str, Any]]:
        """What readers are told was wrong: dicts with at and comment; of a row that came `with_all`."""
        return [{**correction, "at": parse_datetime(correction["at"])} for correction in self.corrections]

    def words_of_readers(self) -> tuple[object, ...]:
        """What counts as a change that readers are told of."""
        return self.title, self.summary, self.body, self.expires_at

    def what_readers_see(self) -> tuple[object, ...]:
        """The same, as long as they see it at all."""
        return self.is_published(), *self.words_of_readers()

    def addresses(self) -> list[str]:
        """Where its links lead."""
        return addresses(self.body)

    def searchable_text(self) -> str:
        return f"{self.summary}\n{plain(self.body)}"

    @property
    def standing(self) -> tuple[str, str]:
        """(code, word) for where it stands now: its status, told apart by the clock once it is approved."""
        if not self._is_approved():
            return self.status, self.get_status_display()
        return PUBLISHED if self.is_published() else SCHEDULED

    def is_published(self, at: datetime | None = None) -> bool:
        return self._is_approved() and self.publish_at is not None and self.publish_at <= (at or timezone.now())

    def is_scheduled(self, at: datetime | None = None) -> bool:
        return self._is_approved() and self.publish_at is not None and self.publish_at > (at or timezone.now())

    def _is_approved(self):
        # A form that was refused may hold an approved row without its hour.
        return self.status == self.Status.APPROVED and self.publish_at is not None

    @property
    def is_over(self) -> bool:
        """Whether what it says has stopped holding; it stays published."""
        return self.expires_at is not None and is_over(self.expires_at)

    @property
    def validity(self) -> str:
        """«Vale fino al 10 dicembre 2026», «Non vale più dall’11 dicembre 2026»; "" where nothing is said."""
        if not self.expires_at:
            return ""
        return over_since(self.expires_at) if self.is_over else until(self.expires_at)

    @property
    def valid_until(self) -> str:
        """The same for paper, which does not hear when its time is up."""
        return until(self.expires_at) if self.expires_at else ""

    @property
    def where(self) -> str:
        """«Crema e Offanengo», «Crema, Dovera e altri 4», «Tutta l’Area»; "" for nowhere in particular.

        Of a row that came `with_places`.
        """
        if self.coverage == Coverage.AREA:
            return Coverage.AREA.label
        return coverage_in_short([place["name"] for place in getattr(self, "places", ())])

    def as_its_kind(self) -> Publication:
        """The row of its own kind: what is written and kept with it depends on that."""
        model: Any = kinds.get(self.kind).model_class
        return self if isinstance(self, model) else model._default_manager.get(pk=self.pk)

    def was_seen(self) -> bool:
        """Readers see it, or saw it once."""
        return self.came_out_at is not None or self.is_published()

    def note_coming_out(self) -> bool:
        """Keep that readers see it, which the clock alone may have brought about; whether that was new."""
        if self.came_out_at is not None or not self.is_published():
            return False
        self.came_out_at = self.publish_at
        return bool(Publication.objects.filter(pk=self.pk, came_out_at=None).update(came_out_at=self.publish_at))

    def submit(self, by: User | None, comment: str = "") -> bool:
        """Hand a draft over for approval.

        False when somebody got there first: every verb acts on the version that this object was read at, and on no
        other.
        """
        return self._move([self.Status.DRAFT], self.Status.REVIEW, Revision.Action.SUBMITTED, by, comment)

    def recall(self, by: User | None, comment: str = "") -> bool:
        """Take back what was handed over: it is a draft again."""
        return self._move([self.Status.REVIEW], self.Status.DRAFT, Revision.Action.TAKEN_BACK, by, comment)

    def send_back(self, by: User | None, comment: str) -> bool:
        """Return it to its author with what is to be mended."""
        return self._move([self.Status.REVIEW], self.Status.DRAFT, Revision.Action.SENT_BACK, by, comment)

    def publish(self, by: User | None, comment: str = "", at: datetime | None = None) -> bool:
        """Approve it for an hour (its own, or now)."""
        at = (at or self.publish_at or timezone.now()).replace(microsecond=0)
        return self._move(WAITING, self.Status.APPROVED, Revision.Action.APPROVED, by, comment, publish_at=at)

    def publish_now(self, by: User | None, comment: str = "") -> bool:
        """Approve it for this instant; what waits for a later one does not wait any more."""
        at = timezone.now().replace(microsecond=0)
        waiting = [*WAITING, self.Status.APPROVED] if self.is_scheduled() else WAITING
        return self._move(waiting, self.Status.APPROVED, Revision.Action.APPROVED, by, comment, publish_at=at)

    def withdraw(self, by: User | None, comment: str = "") -> bool:
        """Take it away from readers, who are told why; and from guests, whose links to it die."""
        return self._move([self.Status.APPROVED], self.Status.WITHDRAWN, Revision.Action.WITHDRAWN, by, comment)

    def unschedule(self, by: User | None, comment: str = "") -> bool:
        """Make what waits for its hour a draft again; of readers nobody saw it, so none is told."""
        live = [self.Status.APPROVED]
        return self._move(live, self.Status.DRAFT, Revision.Action.TAKEN_BACK, by, comment, if_unseen=True)

    @transaction.atomic
    def discard(self, by: User | None, comment: str = "") -> bool:
        """Put into the bin what readers never saw; proposals on it are over, and its address is free for others."""
        before = [self.Status.DRAFT, self.Status.REVIEW, self.Status.APPROVED]
        binned = {"binned_at": timezone.now(), "if_unseen": True}
        if not self._move(before, self.Status.BINNED, Revision.Action.BINNED, by, comment, **binned):
            return False
        self.slug = f"cestino-{self.pk}-"  # no title makes one that ends so
        Publication.objects.filter(pk=self.pk).update(slug=self.slug)
        return True

    @transaction.atomic
    def recover(self, by: User | None, comment: str = "") -> bool:
        """Take it out of the bin: it is a draft again, whatever it was, at its address if that is still free."""
        was = (self.content_at(self.version) or {}).get("slug", "")
        slug = was if was and not self._holds(was) else self._free_slug()
        binned, back = [self.Status.BINNED], {"binned_at": None, "slug": slug}
        return self._move(binned, self.Status.DRAFT, Revision.Action.RECOVERED, by, comment, **back)

    def _holds(self, slug):
        """Whether another page has this address, or had it."""
        present = Publication.objects.filter(kind=self.kind, slug=slug).exclude(pk=self.pk)
        return present.exists() or FormerAddress.objects.filter(kind=self.kind, slug=slug).exists()

    @transaction.atomic
    def purge(self, before: datetime) -> bool:
        """Delete it for good with all that was kept of it, if it has lain in the bin since before this hour."""
        model, key = ledger.reference(self)
        if not Publication.objects.binned_before(before).filter(pk=self.pk).delete()[0]:
            return False
        redact_in_ledger(self, "Tolta dal cestino")  # its title is among what was told of it
        state = {"status": self.status, "version": self.version}
        ledger.note(ledger.Action.DELETED, model=model, key=key, before=state)
        return True

    def correct(self, by: User | None, comment: str) -> bool:
        """Tell readers that what they may have read was wrong, and how."""
        live = self.Status.APPROVED
        # What is still to come out has shown its readers nothing that could change.
        seen = {"updated_at": timezone.now().replace(microsecond=0)} if self.is_published() else {}
        return self._move([live], live, Revision.Action.CORRECTED, by, comment, **seen)

    def _rows(self):
        return Publication.objects

    def _is_as_read(self):
        """Whether it is still what this object was read as; until the end of the transaction nobody changes it."""
        return self._lock() and Publication.objects.filter(pk=self.pk, version=self.version).exists()

    def take(self, content: Content, names: Collection[str] | None = None) -> None:
        """As for any row; no Comuni are left where it applies in all the Area, nor the other way round.

        What waits for its hour comes out by the verb that asks, not by an hour that is past.
        """
        hour = parse_datetime(content.get("publish_at") or "")
        if hour and hour <= timezone.now() and self.is_scheduled():
            content = {name: value for name, value in content.items() if name != "publish_at"}
        super().take(content, names)
        places = self.municipalities.exists()
        if self.coverage != (coverage := coverage_of(self.coverage, places)):
            self.coverage = coverage
            self.save(update_fields=["coverage"])
        if errors := faults(self.coverage, places):
            raise ValidationError(errors)
        self.settle_doubt_of_coverage()

    def settle_doubt_of_coverage(self) -> None:
        """Nobody is asked any more what somebody has said."""
        if self.coverage:
            self.doubts.filter(code=UNKNOWN).delete()

    def set_relations(self, content: Content) -> bool:
        """As for any row; readers are told when that was."""
        if not super().set_relations(content):
            return False
        if self.is_published():
            self.updated_at = timezone.now().replace(microsecond=0)
            Publication.objects.filter(pk=self.pk).update(updated_at=self.updated_at)
            self._announce()
        return True

    @transaction.atomic
    def change_relations(self, by: User | None, comment: str = "", **contents: list[Row]) -> BaseRevision | None:
        """Make the rows of some parts what these lists say, as one new version: the Revision; None if nothing changed.

        `initiative.change_relations(user, participations=[{"pk": 7, "municipality": 3, "state": "joined",
        "since": "2024-11-28", "group": 2, "source": None}, …])`: all the rows, each as in `content()`. A row with its
        pk is changed, one without is added, one that is not listed is deleted; fields that it does not name stay as
        they are. Raises ValidationError, and then nothing is changed.

        What is live changes so only by who may approve. Others: `propose(user, {"participations": rows})`.
        Two who write at once: the `content` of `merge.merge(publication, version_seen, {"participations": rows})`,
        once nobody disputes a row.
        """
        self.keep_first_version()
        for relation in relations_of(type(self)):
            if relation.name in contents:
                known = {row["pk"] for row in relation.rows(self)}
                contents[relation.name] = [
                    row | {"pk": row.get("pk") if row.get("pk") in known else None} for row in contents[relation.name]
                ]
        return self.record(by, Revision.Action.SAVED, comment) if self.set_relations(contents) else None

    def _claim_version(self):
        Publication.objects.filter(pk=self.pk).update(version=F("version") + 1)
        self.refresh_from_db(fields=["version"])
        index_publication(self, self.searchable_text())  # rows of other tables may have changed with it

    def _takes_proposals(self):
        return Publication.objects.filter(pk=self.pk, status=self.Status.APPROVED).exists()

    @transaction.atomic
    def _move(self, before, after, action, by, comment="", if_unseen=False, **also):
        was = self.status
        self._lock()
        self.note_coming_out()
        as_read = Publication.objects.filter(pk=self.pk, status__in=before, version=self.version)
        rows = as_read.unseen() if if_unseen else as_read
        if not rows.update(status=after, **also):
            return False
        if after in (self.Status.WITHDRAWN, self.Status.BINNED):
            self.preview_links.unrevoked().update(revoked_at=timezone.now())
            self.revisions.pending().update(settled_at=timezone.now())
        self.refresh_from_db(fields=["status", *also])
        self.note_coming_out()
        self.record(by, action, comment, was=was)
        self._announce()
        return True

    def _announce(self):
        transaction.on_commit(partial(publication_changed.send, Publication, publication=self), robust=True)

    def _own_fields(self):
        return {field.name for field in self._meta.concrete_fields if not field.primary_key}

    def _free_slug(self):
        stem = slug_of(self.title) or UNTITLED
        # SQLite finds an address at once, and reads all to find how they begin: nearly always the first is free.
        taken = self._slugs_of_others(slug=stem) and self._slugs_of_others(slug__startswith=stem)
        return first_free(stem, taken)

    def _slugs_of_others(self, **lookup: str) -> set[str]:
        formerly = FormerAddress.objects.filter(kind=self.kind, **lookup).exclude(publication=self.pk)
        others = Publication.objects.filter(kind=self.kind, **lookup).exclude(pk=self.pk).order_by()
        return {slug for (slug,) in others.values_list("slug").union(formerly.values_list("slug"))}

    def is_known_at_its_address(self) -> bool:
        """Whether readers ever found it there: what only the desk has called it is free for others again."""
        if self.came_out_at is None or self.status == self.Status.APPROVED:
            return self.came_out_at is not None
        last = self.revisions.withdrawals().newest_first().values_list("content", flat=True).first() or {}
        return last.get("slug", self.slug) == self.slug

    def _remember_address(self, before):
        FormerAddress.objects.get_or_create(kind=before.kind, slug=before.slug, defaults={"publication_id": self.pk})

    def forget_address(self, slug: str) -> None:
        """Nobody is led here any more by this former one."""
        self.former_addresses.filter(slug=slug).delete()


# What only verbs write: a form that was open meanwhile must not bring the old value back.
OF_VERBS = {"status", "version", "came_out_at", "binned_at"}
UNTITLED = "senza-titolo"
WAITING = [Publication.Status.DRAFT, Publication.Status.REVIEW, Publication.Status.WITHDRAWN]
EXPIRES_TOO_SOON = "Smette di valere prima di uscire: controlla i due giorni."
DAYS_IN_BIN = 30
FOREIGN = "una pagina che non segui tu"  # all that is said of one to who may not see it


def held_by(publication: Publication) -> str:
    """Why another page cannot have the address of this one, without a word of what readers do not know."""
    if publication.came_out_at is not None or publication.is_published():
        return f"Questo indirizzo è già di «{publication.title}»: scegline un altro."
    whose = f" di {publication.author}" if publication.author else ""
    return (
        f"Questo indirizzo lo tiene una pagina{whose} che i lettori non hanno mai visto"
        f" ({publication.standing[1].lower()}): falle cambiare indirizzo, oppure scegline un altro."
    )


class FormerAddress(models.Model):
    """An address at which readers found a publication: it redirects for ever."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="former_addresses")
    kind = LineField(max_length=20)
    slug = models.SlugField(max_length=120)

    class Meta:
        verbose_name = "indirizzo di prima"
        verbose_name_plural = "indirizzi di prima"
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="former_address_leads_to_one")]
        indexes = [models.Index("kind", SPELLED, name="former_address_spelled")]

    def __str__(self):
        return f"{self.kind}/{self.slug}"


class Settled(models.Model):
    """An advice of which an editor has said that it does not apply to this page: nobody is asked again."""

    MOST = 200  # of a page

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="settled")
    key = models.CharField(max_length=64)  # a digest, so that no word of a text stays here

    class Meta:
        verbose_name = "consiglio chiuso"
        verbose_name_plural = "consigli chiusi"
        constraints = [models.UniqueConstraint(fields=["publication", "key"], name="advice_is_settled_once")]

    def __str__(self):
        return self.key


class Doubt(models.Model):
    """Something that an import was not sure of and leaves to an editor."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="doubts")
    code = models.SlugField("codice", max_length=40)
    message = LinesField("dubbio")

    class Meta:
        ordering = ["pk"]
        verbose_name = "dubbio"
        verbose_name_plural = "dubbi da sciogliere"

    def __str__(self):
        return self.message
