"""Deadlines and meetings: what is due, for whom, until when; the clock tells their state, a verb moves them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from functools import cache, partial, reduce
from itertools import pairwise
from operator import or_
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime, make_aware

from areaomogenea.accounts import ledger
from areaomogenea.accounts.models import User
from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.fields import LineField, URLField
from areaomogenea.publishing.expiry import END_OF_DAY
from areaomogenea.publishing.json_columns import Compiled, JSONRows
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.revisions import Revision
from areaomogenea.publishing.signals import publication_changed
from areaomogenea.topics.models import Topic

from .display import Hours, countdown, mark, month_in_words, move_in_words, span_in_words

MIDNIGHT = time(0, 0)


class DeadlineQuerySet(models.QuerySet):
    def published(self, at: datetime | None = None) -> Self:
        """Those of publications that readers see."""
        return self.filter(Exists(Publication.objects.published(at).filter(pk=OuterRef("publication"))))

    def standing(self) -> Self:
        """Not called off."""
        return self.filter(called_off_at=None)

    def called_off(self) -> Self:
        return self.exclude(called_off_at=None)

    def upcoming(self, at: datetime | None = None) -> Self:
        """Not over yet."""
        return self.filter(over_at__gte=at or timezone.now())

    def over(self, at: datetime | None = None) -> Self:
        return self.filter(over_at__lt=at or timezone.now())

    def over_since(self, at: datetime) -> Self:
        """Still to come, or over since then at the earliest."""
        return self.filter(over_at__gte=at)

    def once_published(self, at: datetime | None = None) -> Self:
        """Those that readers see, and those whose page they saw until it was withdrawn or put off."""
        seen = Publication.objects.once_published(at).filter(pk=OuterRef("publication"))
        return self.filter(Exists(seen))

    def falling(self, start: datetime, end: datetime) -> Self:
        """Those that a calendar marks within these instants: a deadline closes then, a meeting begins then."""
        closing = Q(kind=Deadline.Kind.DEADLINE, over_at__gte=start, over_at__lt=end)
        return self.filter(closing | Q(kind=Deadline.Kind.MEETING, opens_at__gte=start, opens_at__lt=end))

    def hours_between(self, start: datetime, end: datetime) -> models.QuerySet:
        """The hours from start to end at which pages change by themselves: one opens, or is over."""
        opens = self.order_by().filter(opens_at__range=(start, end)).values_list("opens_at", flat=True)
        over = self.order_by().filter(over_at__range=(start, end)).values_list("over_at", flat=True)
        return opens.union(over)

    def of_kind(self, kind: Deadline.Kind) -> Self:
        return self.filter(kind=kind)

    def meant_for(self, audience: str) -> Self:
        return self.filter(**{AUDIENCE_FIELDS[Deadline.Audience(audience)]: True})

    def for_public(self) -> Self:
        """Those on which somebody who is no Comune can act."""
        public = [audience for audience in AUDIENCE_FIELDS if audience != Deadline.Audience.MUNICIPALITIES]
        return self.filter(reduce(or_, (Q(**{AUDIENCE_FIELDS[audience]: True}) for audience in public)))

    def on(self, topic: Topic) -> Self:
        return self.filter(Exists(Publication.objects.on(topic).filter(pk=OuterRef("publication"))))

    def about(self, municipality: Municipality) -> Self:
        return self.filter(Exists(Publication.objects.about(municipality).filter(pk=OuterRef("publication"))))

    def soonest_first(self) -> Self:
        return self.order_by("due_at", "pk")

    def open_first(self, at: datetime | None = None) -> Self:
        """What can be done now, by the day it closes; then what opens later, by the day it opens."""
        is_ahead = Q(opens_at__gt=at or timezone.now())
        ahead = models.Case(models.When(is_ahead, then=1), default=0)
        day = models.Case(models.When(is_ahead, then=F("opens_at")), default=F("due_at"))
        return self.order_by(ahead, day, "pk")

    def latest_first(self) -> Self:
        return self.order_by("-due_at", "-pk")

    def with_publication(self) -> Self:
        """What a line of a list shows of the publication that each belongs to."""
        return self.select_related("publication").defer("publication__body")

    def with_moves(self) -> Self:
        """Adds `past_moves`, a list of dicts, the oldest first."""
        return self.annotate(past_moves=deadline_columns()["past_moves"])

    def shown(self) -> Iterable[Any]:
        """Those of a page: stored ones `with_all`, or those that somebody types, with the moves of those they are."""
        if self._result_cache is None:
            return self.with_all().soonest_first()
        keys = [row.pk for row in self._result_cache if row.pk > 0]
        moves = dict(Deadline.objects.filter(pk__in=keys).with_moves().values_list("pk", "past_moves"))
        for row in self._result_cache:
            row.past_moves = moves.get(row.pk, [])
        return self._result_cache

    def with_all(self) -> Self:
        """Adds what a list tells besides, each a list of dicts: `topic_labels`, and `past_moves`, the oldest first."""
        annotations = deadline_columns()
        return self.with_publication().annotate(
            topic_labels=annotations["topic_labels"], past_moves=annotations["past_moves"]
        )

    def with_labels(self) -> Self:
        """Adds `topic_labels` and `places`, each a list of dicts; its publication's `coverage` says what none means."""
        annotations = deadline_columns()
        return self.with_publication().annotate(topic_labels=annotations["topic_labels"], places=annotations["places"])

    def with_last_change(self) -> Self:
        """Adds `page_changed_at`: when the latest version of its page was made."""
        versions = Revision.objects.versions().filter(publication=OuterRef("publication"))
        return self.annotate(page_changed_at=models.Subquery(versions.order_by("-at").values("at")[:1]))


@cache
def deadline_columns() -> dict[str, Compiled]:
    topics = Topic.objects.filter(publications=OuterRef("publication")).order_by("position", "name")
    moves = DeadlineMove.objects.filter(deadline=OuterRef("pk")).order_by("pk")
    places = Municipality.objects.filter(publications=OuterRef("publication")).order_by("name")
    fields = ("opened_at", "closed_at", "was_all_day", "reason")
    return {
        "topic_labels": Compiled(Deadline, JSONRows(topics, name="name", slug="slug", acronym="acronym")),
        "past_moves": Compiled(Deadline, JSONRows(moves, **{name: name for name in fields})),
        "places": Compiled(Deadline, JSONRows(places, name="name", istat_code="istat_code", in_area="in_area")),
    }


class Deadline(models.Model):
    """A term by which something is to be done, or a meeting; it is public when its publication is.

    `sequence` grows with every change that a calendar must learn of (RFC 5545, 3.8.7.4).
    """

    class Kind(models.TextChoices):
        DEADLINE = "scadenza", "Scadenza"
        MEETING = "incontro", "Incontro"

    class Audience(models.TextChoices):
        CITIZENS = "cittadini", "Cittadini"
        BUSINESSES = "imprese", "Imprese"
        MUNICIPALITIES = "comuni", "Comuni"
        ASSOCIATIONS = "associazioni", "Associazioni"

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="deadlines", verbose_name="pubblicazione")
    kind = models.CharField("tipo", max_length=8, choices=Kind, default=Kind.DEADLINE)
    title = LineField("che cosa", max_length=120, help_text="Per esempio: «Domande per il bando».")
    for_citizens = models.BooleanField("cittadini", default=False)
    for_businesses = models.BooleanField("imprese", default=False)
    for_municipalities = models.BooleanField("Comuni", default=False)
    for_associations = models.BooleanField("associazioni", default=False)
    opens_at = models.DateTimeField("apre", null=True, blank=True, help_text="Di un incontro: quando comincia.")
    closes_at = models.DateTimeField("chiude", null=True, blank=True, help_text="Di un incontro: quando finisce.")
    is_all_day = models.BooleanField("senza ora", default=False, editable=False)
    place = LineField("luogo", max_length=160, blank=True)
    url = URLField("collegamento", max_length=500, blank=True, help_text="Dove si fa domanda, o dove ci si unisce.")
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    called_off_at = models.DateTimeField("annullata", null=True, editable=False)
    called_off_why = LineField("perché è annullata", max_length=255, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    # What queries compare with the clock: when it counts, and when it is over. A meeting without an end lasts a while.
    due_at = models.DateTimeField(editable=False)
    over_at = models.DateTimeField(editable=False, db_index=True)

    objects = DeadlineQuerySet.as_manager()
    also_versioned = ("is_all_day", "uid", "called_off_at", "called_off_why")
    # Of what readers know, these change by a verb that tells them why, whatever a form or a version says.
    lasting = ("kind", "opens_at", "closes_at", *also_versioned)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = "scadenza o incontro"
        verbose_name_plural = "scadenze e incontri"
        indexes = [
            models.Index(fields=["due_at", "id"], name="deadline_due"),
            models.Index(fields=["opens_at"], name="deadline_opening", condition=Q(opens_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gte=F("opens_at")),
                name="deadline_ends_after_start",
                violation_error_message="Finisce prima di cominciare: controlla le due date.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="scadenza") | Q(closes_at__isnull=False),
                name="deadline_has_end",
                violation_error_message="Scrivi quando scade.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="incontro") | Q(opens_at__isnull=False),
                name="meeting_has_start",
                violation_error_message="Scrivi quando comincia.",
            ),
            models.CheckConstraint(
                condition=Q(for_citizens=True)
                | Q(for_businesses=True)
                | Q(for_municipalities=True)
                | Q(for_associations=True),
                name="deadline_is_for_somebody",
                violation_error_message="Di’ per chi è: almeno uno.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        """Where its page tells of it."""
        return f"{self.publication.get_absolute_url()}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"_scadenza-{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.settle()
        before = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if before:
            if before._calendar_fields() != self._calendar_fields():
                self.sequence = before.sequence + 1
            # Only a verb calls off: a form that was open meanwhile must not bring it back.
            verbs = {"called_off_at", "called_off_why"}
            own = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            kwargs.setdefault("update_fields", own - verbs)
        super().save(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.settle()
        super().full_clean(*args, **kwargs)

    def settle(self) -> None:
        is_meeting = self.kind == self.Kind.MEETING
        self.due_at = (self.opens_at if is_meeting else self.closes_at) or self.closes_at or self.opens_at
        self.over_at = self.closes_at or (self.opens_at and self._usual_end())

    def _usual_end(self):
        if self.is_all_day:
            return make_aware(datetime.combine(localtime(self.opens_at), END_OF_DAY))
        return self.opens_at + USUAL_LENGTH

    def _calendar_fields(self):
        hours = self.opens_at, self.closes_at, self.is_all_day
        return self.kind, self.title, *hours, self.place, self.url, self.audiences

    @property
    def is_meeting(self) -> bool:
        return self.kind == self.Kind.MEETING

    @property
    def is_kept(self) -> bool:
        """Readers know it, or have known it: its hours change by a verb that tells why, and it is not deleted."""
        return self.pk is not None and is_known(self.publication, self.pk)

    @property
    def line(self) -> str:
        facts = [self.when, f"per {self.for_whom}", self.place, self.url]
        if self.is_called_off:
            facts.append(f"{self.countdown.lower()}: {self.called_off_why}")
        return f"{self.title}: {', '.join(filter(None, facts))}"

    @property
    def is_called_off(self) -> bool:
        return self.called_off_at is not None

    @property
    def audiences(self) -> list[str]:
        """The names of whom it is for."""
        return [audience.label for audience in self.Audience if getattr(self, AUDIENCE_FIELDS[audience])]

    @property
    def for_whom(self) -> str:
        """The same in a sentence: "cittadini, imprese e Comuni"."""
        names = [
            str(self._meta.get_field(name).verbose_name) for name in AUDIENCE_FIELDS.values() if getattr(self, name)
        ]
        return " e ".join([", ".join(names[:-1]), *names[-1:]]) if names[1:] else "".join(names)

    @property
    def hours(self) -> Hours:
        return self.opens_at, self.closes_at, self.is_all_day

    @property
    def when(self) -> str:
        """From when to when, in words."""
        return span_in_words(*self.hours, is_meeting=self.is_meeting)

    @property
    def countdown(self) -> str:
        """How long is left, or from when, in words; of now."""
        return countdown(self)

    @property
    def state_now(self) -> str:
        return self.state()

    @property
    def is_to_come(self) -> bool:
        """There is still time for it, and it has not been called off."""
        return self.state() in ("ahead", "open")

    @property
    def is_ahead(self) -> bool:
        """It opens, or begins, later: called off or not."""
        return self.opens_at is not None and self.opens_at > timezone.now()

    @property
    def marked_at(self) -> datetime:
        """The day that counts now, as clocks in Italy tell it: its opening until it opens, then its end."""
        return localtime(self.opens_at if self.is_ahead else self.due_at)

    @property
    def mark(self) -> str:
        """What a calendar says of it on its day."""
        return mark(self)

    @property
    def month_name(self) -> str:
        return month_in_words(self.due_at)

    @property
    def story(self) -> list[tuple[str, str]]:
        """(what moved, why) of each move, the oldest first: of a row that came `with_all`."""
        steps = pairwise([*self.former_hours, self.hours])
        changes = [move_in_words(self.is_meeting, before, after) for before, after in steps]
        return list(zip(changes, (move["reason"] for move in self.past_moves), strict=True))

    @property
    def former_hours(self) -> list[Hours]:
        """What `hours` were before each move, the oldest first: of a row that came `with_all`."""
        moves = self.past_moves
        return [(*map(_read, (move["opened_at"], move["closed_at"])), bool(move["was_all_day"])) for move in moves]

    @property
    def is_visible(self) -> bool:
        """Whether readers may know more of it than that it is gone; of one that they have seen."""
        return self.publication.is_published()

    def state(self, at: datetime | None = None) -> str:
        """ "called_off", "ahead" (opens later), "open", "closed"; told by the clock alone."""
        now = at or timezone.now()
        if self.is_called_off:
            return "called_off"
        if self.opens_at and now < self.opens_at:
            return "ahead"
        return "open" if now <= self.over_at else "closed"

    def days_left(self, at: datetime | None = None) -> int:
        """Whole days of Italian calendars until it closes: 0 on its last day, negative afterwards."""
        return (localtime(self.over_at).date() - localtime(at or timezone.now()).date()).days

    def days_until_start(self, at: datetime | None = None) -> int:
        """The same until it opens."""
        return (localtime(self.opens_at).date() - localtime(at or timezone.now()).date()).days

    @transaction.atomic
    def move(
        self,
        by: User | None,
        reason: str,
        opens_at: datetime | None = None,
        closes_at: datetime | None = None,
        is_all_day: bool | None = None,
    ) -> bool:
        """Put it at other hours and keep the ones it had; False when somebody changed it meanwhile.

        Raises ValidationError when the new hours make no sense, or lie in the past.
        """
        page = self._page()
        before = self.hours
        self.opens_at = opens_at if opens_at is not None else self.opens_at
        self.closes_at = closes_at if closes_at is not None else self.closes_at
        self.is_all_day = self.is_all_day if is_all_day is None else is_all_day
        self.settle()
        try:
            if self.over_at < timezone.now():
                raise ValidationError("La nuova data è già passata: se non vale più, annullala.")
            self.validate_constraints()
            if self.hours == before:
                raise ValidationError("È la data di adesso: scrivine un’altra.")
        except ValidationError:
            self.opens_at, self.closes_at, self.is_all_day = before
            self.settle()
            raise
        fields = {name: getattr(self, name) for name in ("opens_at", "closes_at", "is_all_day", "due_at", "over_at")}
        if not self._claim(**fields):
            self.refresh_from_db()
            return False
        self.moves.create(by=by, reason=reason, opened_at=before[0], closed_at=before[1], was_all_day=before[2])
        ledger_entry = ledger.Action.DEADLINE_MOVED, *self._sides(before, self.hours)
        self._record(page, by, f"{move_in_words(self.is_meeting, before, self.hours)}: {reason}", ledger_entry)
        return True

    @transaction.atomic
    def call_off(self, by: User | None, reason: str) -> bool:
        """It will not take place; calendars that know it are told. False when somebody changed it meanwhile."""
        page, before = self._page(), self.hours
        if not self._claim(called_off_at=timezone.now(), called_off_why=reason):
            return False
        ledger_entry = ledger.Action.DEADLINE_CALLED_OFF, *self._sides(before, (None, None, False))
        self._record(page, by, f"{self.countdown}: {reason}", ledger_entry)
        return True

    def _claim(self, **fields):
        mine = Deadline.objects.standing().filter(pk=self.pk, sequence=self.sequence)
        if not mine.update(sequence=F("sequence") + 1, updated_at=timezone.now(), **fields):
            return False
        self.refresh_from_db()
        return True

    def _sides(self, *hours):
        """Before and after, for the ledger."""
        return ({"deadline": self.title} | hours_as_json(span) for span in hours)

    def _page(self):
        """What it belongs to, as the row of its own kind, which nobody else changes until it is done."""
        Publication.objects.select_for_update().get(pk=self.publication_id)
        page = of_its_kind(self.publication_id)
        page.keep_first_version()
        return page

    def _record(self, page, by, comment, ledger_entry):
        """A new version of its page, which readers are told of where they see it."""
        if page.is_published():
            now = timezone.now().replace(microsecond=0)
            Publication.objects.filter(pk=page.pk).update(updated_at=now)
            self.publication.updated_at = page.updated_at = now
        comment = f"«{self}». {comment}"[: Revision._meta.get_field("comment").max_length]
        page.record(by, Revision.Action.SAVED, comment, ledger_entry=ledger_entry)
        self.publication.version = page.version
        announce = partial(publication_changed.send, Publication, publication=self.publication)
        transaction.on_commit(announce, robust=True)


def hours_as_json(hours: Hours) -> dict[str, Any]:
    opens_at, closes_at, is_all_day = hours
    fields = {"opens_at": opens_at and opens_at.isoformat(), "closes_at": closes_at and closes_at.isoformat()}
    return fields | {"is_all_day": is_all_day}


def of_its_kind(key: object) -> Publication:
    kinds = [relation.related_model for relation in Publication._meta.related_objects if relation.parent_link]
    rows = (kind.objects.filter(pk=key).first() for kind in kinds)
    return next(filter(None, rows))


def is_known(publication: Publication, key: object) -> bool:
    """Whether readers see this row of the publication, or saw it before that was withdrawn."""
    if publication.status != Publication.Status.WITHDRAWN or not publication.was_seen():
        return publication.was_seen()
    seen = _seen_until(publication)
    return seen is None or key in seen


def _seen_until(publication):
    """The keys of its rows when it was withdrawn; None if nobody knows. Asked once of each row of a publication."""
    seen_by_version = publication.__dict__.setdefault("_deadlines_seen", {})
    if publication.version not in seen_by_version:
        content = publication.revisions.withdrawals().values_list("content", flat=True).first() or {}
        rows = content.get("deadlines")
        seen_by_version[publication.version] = None if rows is None else {row["pk"] for row in rows}
    return seen_by_version[publication.version]


def _read(text):
    """An instant as JSON of either database writes it; SQLite leaves out that it is UTC."""
    moment = parse_datetime(text) if text else None
    return timezone.make_aware(moment, UTC) if moment and timezone.is_naive(moment) else moment


USUAL_LENGTH = timedelta(hours=2)  # of a meeting that does not say when it ends
AUDIENCE_FIELDS = {
    Deadline.Audience.CITIZENS: "for_citizens",
    Deadline.Audience.BUSINESSES: "for_businesses",
    Deadline.Audience.MUNICIPALITIES: "for_municipalities",
    Deadline.Audience.ASSOCIATIONS: "for_associations",
}


class DeadlineMove(models.Model):
    """The hours that a deadline had before it was moved."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="moves")
    opened_at = models.DateTimeField("apriva", null=True)
    closed_at = models.DateTimeField("chiudeva", null=True)
    was_all_day = models.BooleanField(default=False)
    reason = LineField("perché", max_length=255)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="chi")
    at = models.DateTimeField("quando", auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = "spostamento"
        verbose_name_plural = "spostamenti"

    def __str__(self):
        return self.reason
