"""Offices: what each does and for whom, where it is reached and when it answers, who answers for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from areaomogenea.accounts import ledger
from areaomogenea.accounts.models import User
from areaomogenea.identity.address import path_to
from areaomogenea.municipalities.models import Municipality
from areaomogenea.naming.models import FormerName, Named, NamedQuerySet
from areaomogenea.prose.fields import EmailField, LineField, NoteField, PhoneField, URLField
from areaomogenea.prose.phones import phone_address
from areaomogenea.publishing.json_columns import Compiled, JSONRows
from areaomogenea.topics.models import Topic

from . import opening
from .opening import DayHours, Shut, Span, Status

CHECKED_FOR = timedelta(days=183)  # after so long nobody knows whether it still holds
WAYS = ("phone", "email", "pec", "address", "website")  # by which an office is reached
FIRST_DAY, LAST_DAY = date.min, date.max
REACHED = {"phone", "email", "address", "website"}  # a PEC alone is no way for people who have none


class OfficeQuerySet(NamedQuerySet["Office"]):
    short_names = ("name",)

    def current(self, at: datetime | None = None) -> Self:
        """Those that are there on this day."""
        return self.filter(during(timezone.localdate(at)))

    def on(self, topic: Topic) -> Self:
        return self.filter(Exists(Office.topics.through.objects.filter(office=OuterRef("pk"), topic=topic.pk)))

    def about(self, municipality: Municipality) -> Self:
        """Those of this Comune."""
        return self.filter(municipality=municipality)

    def general(self) -> Self:
        """The one to ask where no other is named."""
        return self.filter(is_general=True)

    def reachable(self) -> Self:
        """Those that have an address, a phone, an e-mail or a website."""
        unreachable = Q(**dict.fromkeys(REACHED, ""))
        return self.exclude(unreachable)

    def to_check(self, at: datetime | None = None) -> Self:
        """Those of now that nobody has checked for half a year, those never checked first."""
        late = timezone.localdate(at) - CHECKED_FOR
        rows = self.current(at).filter(Q(checked_on=None) | Q(checked_on__lt=late))
        return rows.order_by(F("checked_on").asc(nulls_first=True), "position", "name")

    def with_body(self) -> Self:
        return self.select_related("municipality").defer("municipality__border", "municipality__outline")

    def with_hours(self) -> Self:
        """What a contact shows: adds `opening_rows` and `closure_rows`, lists of dicts."""
        columns = office_columns()
        return self.with_body().annotate(**{name: columns[name] for name in ("opening_rows", "closure_rows")})

    def with_all(self) -> Self:
        """What its page shows: adds `holder_rows` and `topic_labels` too."""
        return self.with_body().annotate(**office_columns())


def during(day: date) -> Q:
    """Of what has `since` and `until`."""
    return (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gte=day))


@cache
def office_columns() -> dict[str, Compiled]:
    def rows(model, *fields):
        of_office = model.objects.filter(office=OuterRef("pk")).order_by(*model._meta.ordering)
        return Compiled(Office, JSONRows(of_office, **{name: name for name in fields}))

    topics = Topic.objects.filter(offices=OuterRef("pk")).order_by("position", "name")
    return {
        "opening_rows": rows(Opening, *Span._fields),
        "closure_rows": rows(Closure, *Shut._fields),
        "holder_rows": rows(Holder, "name", "role", "detail", "phone", "email", "since", "until"),
        "topic_labels": Compiled(Office, JSONRows(topics, name="name", slug="slug", acronym="acronym")),
    }


class Terms(models.Model):
    """What is so from a day to another; both are part of it, and either may be unknown."""

    since = models.DateField("dal", null=True, blank=True)
    until = models.DateField("fino al", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="%(class)s_ends_after_start",
                violation_error_message="Finisce prima di cominciare: controlla le due date.",
            )
        ]

    def is_current(self, at: datetime | None = None) -> bool:
        day = timezone.localdate(at)
        return (self.since or FIRST_DAY) <= day <= (self.until or LAST_DAY)

    def overlaps(self, other: Terms) -> bool:
        latest = max(self.since or FIRST_DAY, other.since or FIRST_DAY)
        return latest <= min(self.until or LAST_DAY, other.until or LAST_DAY)


class Office(Named, Terms):
    name = LineField("nome", max_length=120, help_text="Come lo cerca chi ne ha bisogno: «Sportello energia».")
    slug = models.SlugField(
        "indirizzo",
        unique=True,
        blank=True,
        help_text="Se lo cambi, il vecchio indirizzo continuerà a portare qui. Vuoto: resta quello di adesso.",
    )
    body = LineField("ente", max_length=120, blank=True, help_text="Di chi è, se non è di un Comune.")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="offices", verbose_name="Comune"
    )
    is_general = models.BooleanField(
        "ufficio generale", default=False, help_text="Chi rimanda a un ufficio e non ne ha uno, rimanda a questo."
    )
    purpose = NoteField("che cosa fa", blank=True, help_text="Una o due frasi: per che cosa ci si rivolge qui.")
    guidance = NoteField("prima di rivolgersi", blank=True, help_text="Che cosa avere pronto, o quando andare altrove.")
    topics = models.ManyToManyField(Topic, blank=True, related_name="offices", verbose_name="argomenti")
    phone = PhoneField("telefono", max_length=40, blank=True, help_text="0373 123456; un interno in fondo: «int. 3».")
    email = EmailField("e-mail", blank=True)
    pec = EmailField("PEC", blank=True)
    address = LineField("dove", max_length=160, blank=True, help_text="Via, numero e Comune.")
    website = URLField("sito", max_length=300, blank=True)
    answers_always = models.BooleanField(
        "risponde sempre", default=False, help_text="Giorno e notte, festivi compresi."
    )
    hours_note = LineField(
        "altro sugli orari", max_length=160, blank=True, help_text="Ciò che la tabella non dice: «su appuntamento»."
    )
    checked_on = models.DateField("verificato il", null=True, blank=True)
    source = LineField("fonte", max_length=160, blank=True, help_text="Dove si leggono questi contatti.")
    source_url = URLField("indirizzo della fonte", max_length=300, blank=True)
    position = models.PositiveSmallIntegerField("posizione", default=0)
    updated_at = models.DateTimeField("ultimo aggiornamento", auto_now=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = "ufficio"
        verbose_name_plural = "uffici"
        constraints = [
            *Terms.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(municipality__isnull=True) & ~Q(body="")) | (Q(municipality__isnull=False) & Q(body="")),
                name="office_is_of_one_body",
                violation_error_message="Di chi è? Scrivi l’ente, oppure scegli il Comune: uno dei due.",
            ),
            models.UniqueConstraint(
                fields=["is_general"],
                condition=Q(is_general=True),
                name="office_one_general",
                violation_error_message="C’è già un ufficio generale: togli prima la spunta a quello.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return path_to("offices:detail", self.slug)

    @property
    def body_name(self) -> str:
        return f"Comune di {self.municipality.name}" if self.municipality else self.body

    @property
    def is_reachable(self) -> bool:
        return any(getattr(self, name) for name in REACHED)

    @property
    def is_ahead(self) -> bool:
        return self.since is not None and self.since > timezone.localdate()

    @property
    def phone_address(self) -> str:
        return phone_address(self.phone)

    @property
    def website_name(self) -> str:
        """Its address as people say it."""
        return re.sub(r"^https?://(www\.)?|/$", "", self.website)

    @property
    def is_to_check(self) -> bool:
        """Whether nobody has checked it for half a year."""
        return self.checked_on is None or self.checked_on < timezone.localdate() - CHECKED_FOR

    # Hours: of rows that came `with_hours` nothing more is asked.

    @property
    def spans(self) -> list[Span]:
        rows = self._rows("opening_rows", "openings", Span._fields)
        return [Span(row["weekday"], hour_of(row["opens"]), hour_of(row["closes"])) for row in rows]

    @property
    def closures_known(self) -> list[Shut]:
        rows = self._rows("closure_rows", "closures", Shut._fields)
        return [Shut(day_of(row["first"]), day_of(row["last"]), row["why"]) for row in rows]

    @property
    def closures_ahead(self) -> list[Shut]:
        """Those of now and of what is to come."""
        return [shut for shut in self.closures_known if shut.last >= timezone.localdate()]

    @property
    def hours(self) -> list[DayHours]:
        """The week, for a table; [] where no hours are known."""
        spans = self.spans
        return opening.table(spans) if spans else []

    @property
    def status(self) -> Status:
        return self.opening_status()

    def opening_status(self, at: datetime | None = None) -> Status:
        if self.answers_always:
            return Status(True, "Risponde sempre, giorno e notte")
        return opening.status(self.spans, self.closures_known, at or timezone.now())

    def is_open(self, at: datetime | None = None) -> bool:
        return self.opening_status(at).is_open

    @property
    def people(self) -> list[dict[str, Any]]:
        """Who is in a role now; each with `role_name`."""
        today, fields = timezone.localdate(), ("name", "role", "detail", "phone", "email", "since", "until")
        rows = [
            dict(row, since=day_of(row["since"]), until=day_of(row["until"]))
            for row in self._rows("holder_rows", "holders", fields)
        ]
        now = [row for row in rows if (row["since"] or FIRST_DAY) <= today <= (row["until"] or LAST_DAY)]
        names = dict(Holder.Role.choices)
        return [
            row | {"role_name": row["detail"] or names[row["role"]], "phone_address": phone_address(row["phone"])}
            for row in now
        ]

    def _rows(self, column: str, relation: str, fields: Iterable[str]) -> list[dict[str, Any]]:
        stored = getattr(self, column, None)
        return list(getattr(self, relation).values(*fields)) if stored is None else stored

    def set_openings(self, spans: Iterable[Span]) -> None:
        """Make these its hours."""
        expected, kept = set(spans), set()
        for row in self.openings.all():
            if row.span in expected:
                kept.add(row.span)
            else:
                row.delete()
        self.openings.bulk_create(Opening(office=self, **span._asdict()) for span in sorted(expected - kept))

    def check_off(self, by: User | None) -> bool:
        """Somebody has asked, and all of it holds today; False when that stands already, or the office is gone."""
        today, before = timezone.localdate(), self.checked_on
        is_changed = Office.objects.filter(pk=self.pk, checked_on=before).exclude(checked_on=today)
        if not is_changed.update(checked_on=today, updated_at=timezone.now()):
            return False
        self.checked_on = today
        sides = ({"checked_on": day and day.isoformat()} for day in (before, today))
        ledger.note(ledger.Action.CHANGED, self, by=by, before=next(sides), after=next(sides), comment="Verificato")
        return True


def hour_of(value: time | str) -> time:
    """Of a column, or of JSON of either database."""
    return time.fromisoformat(value) if isinstance(value, str) else value


def day_of(value: date | str | None) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


class FormerSlug(FormerName):
    office = models.ForeignKey(Office, models.CASCADE, related_name="former_slugs", verbose_name="ufficio")


class Opening(models.Model):
    """Hours of one weekday, of clocks in Rome; PostgreSQL refuses two that share a moment (0002_no_overlaps)."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="openings", verbose_name="ufficio")
    weekday = models.PositiveSmallIntegerField("giorno della settimana", help_text="0 è lunedì.")
    opens = models.TimeField("apre")
    closes = models.TimeField("chiude")

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name = "orario"
        verbose_name_plural = "orari"
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lt=7), name="opening_on_a_weekday"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="opening_ends_after_start",
                violation_error_message="Finisce prima di cominciare: un orario non passa la mezzanotte.",
            ),
            models.UniqueConstraint(fields=["office", "weekday", "opens"], name="opening_once"),
        ]

    def __str__(self):
        return f"{opening.days_in_words([self.weekday])} {self.span.in_words}"

    @property
    def span(self) -> Span:
        return Span(self.weekday, self.opens, self.closes)


class Closure(models.Model):
    """Days on which nobody answers, beside Sundays and the holidays of Italy: the patron saint, a holiday in August."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="closures", verbose_name="ufficio")
    first = models.DateField("dal")
    last = models.DateField("al", help_text="Compreso.")
    why = LineField(
        "chiuso per", max_length=60, help_text="Come si legge dopo «Chiuso per»: «ferie», «festa patronale»."
    )

    class Meta:
        ordering = ["first"]
        verbose_name = "chiusura"
        verbose_name_plural = "chiusure"
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="closure_ends_after_start",
                violation_error_message="Finisce prima di cominciare: controlla le due date.",
            )
        ]

    def __str__(self):
        return f"chiuso per {self.why}"


class HolderQuerySet(models.QuerySet["Holder"]):
    def current(self, at: datetime | None = None) -> Self:
        return self.filter(during(timezone.localdate(at)))


class Holder(Terms):
    """Somebody in a role of an office, with the phone and the e-mail of that role.

    Of SOLE roles PostgreSQL refuses two holders at once (0002_no_overlaps); SQLite takes one writer at a time.
    """

    class Role(models.TextChoices):
        PRESIDENT = "president", "Presidente"
        DEPUTY = "deputy", "Vicepresidente"
        HEAD = "head", "Responsabile"
        MEMBER = "member", "Componente"
        CONTACT = "contact", "Referente"
        STAFF = "staff", "Addetto"

    SOLE = (Role.PRESIDENT, Role.HEAD)  # of whom there is one at a time

    office = models.ForeignKey(Office, models.CASCADE, related_name="holders", verbose_name="ufficio")
    name = LineField("nome e cognome", max_length=80)
    role = models.CharField("incarico", max_length=9, choices=Role, default=Role.CONTACT)
    detail = LineField("come si dice", max_length=80, blank=True, help_text="Se si dice altrimenti: «Presidente f.f.».")
    phone = PhoneField("telefono dell’ufficio", max_length=40, blank=True)
    email = EmailField("e-mail dell’ufficio", blank=True)

    objects = HolderQuerySet.as_manager()

    class Meta:
        ordering = ["role", "name"]
        verbose_name = "persona"
        verbose_name_plural = "persone"
        constraints = [*Terms.Meta.constraints]

    def __str__(self):
        return f"{self.name}, {self.get_role_display().lower()}"

    def excludes(self, other: Holder) -> bool:
        """Whether the two cannot both be so: two presidents at once, or one person twice in a role."""
        is_same = self.role in self.SOLE or self.name.casefold() == other.name.casefold()
        return self.role == other.role and is_same and self.overlaps(other)


def clash(holder: Holder, others: Iterable[Holder]) -> str:
    """Who of these cannot be so together with this one, in a sentence; "" where all can."""
    if not (other := next(filter(holder.excludes, others), None)):
        return ""
    until = f" fino al {other.until:%d/%m/%Y}" if other.until else ""
    return f"{other.name} è già {other.get_role_display().lower()}{until}: i due periodi si sovrappongono."
