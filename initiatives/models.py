"""Initiatives: what the Comuni do together, who takes part, how far it has come, what it costs and who pays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import number_format

from areaomogenea.deadlines.models import Deadline, DeadlineMove  # noqa: F401 (tables of this room)
from areaomogenea.deadlines.partial_dates import Dated, from_day, on_day
from areaomogenea.identity.years import FIRST_YEAR
from areaomogenea.municipalities.models import Municipality
from areaomogenea.offices.models import Office
from areaomogenea.prose.diff import body_lines
from areaomogenea.prose.fields import LineField, NoteField, ProseField, URLField
from areaomogenea.prose.html import clean, plain
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.publishing.models import Publication, PublicationQuerySet

from .kinds import INITIATIVE

FARTHEST = timedelta(days=366)  # a Comune may have said from when; later than this is a slip of the pen


class InitiativeQuerySet(PublicationQuerySet):
    def in_stage(self, stage: str) -> Self:
        return self.filter(stage=stage)

    def running_first(self) -> Self:
        """Pinned ones, then active, proposed, stopped and completed, each in the order of the alphabet."""
        order = [Initiative.Stage.ACTIVE, Initiative.Stage.PROPOSED, Initiative.Stage.STOPPED]
        places = [models.When(stage=stage, then=place) for place, stage in enumerate(order)]
        return self.order_by("-pinned", models.Case(*places, default=len(order)), "title", "pk")

    def joined_by(self, municipality: Municipality) -> Self:
        """Those that this Comune takes part in now."""
        taken = Participation.objects.joined().listed().filter(initiative=OuterRef("pk"), municipality=municipality)
        return self.filter(Exists(taken))

    def with_all(self) -> Self:
        """Also the rows of its own tables, each with what its line on the page says."""
        return (
            super()
            .with_all()
            .select_related("office")
            .prefetch_related(
                "questions",
                "groups",
                models.Prefetch("groups__office", Office.objects.with_hours()),
                models.Prefetch("participations", Participation.objects.with_places()),
                models.Prefetch("milestones", Milestone.objects.select_related("source")),
                models.Prefetch("amounts", Amount.objects.select_related("source", "document")),
            )
        )

    def with_participation(self) -> Self:
        """Adds `listed_count`: how many Comuni the table says take part."""
        own = Participation.objects.joined().filter(initiative=OuterRef("pk")).order_by().values("initiative")
        counted = models.Subquery(own.annotate(number=models.Count("pk")).values("number"))
        return self.annotate(listed_count=models.functions.Coalesce(counted, 0))


class Initiative(Publication):
    class Stage(models.TextChoices):
        PROPOSED = "proposed", "Proposta"
        ACTIVE = "active", "Attiva"
        COMPLETED = "completed", "Conclusa"
        STOPPED = "stopped", "Fermata"

    class Known(models.TextChoices):
        """What is public of who takes part; nothing is ever made up to fill the table."""

        LIST = "list", "L’elenco dei Comuni"
        PARTIAL = "partial", "Un elenco incompleto"
        COUNT = "count", "Solo quanti sono"

    stage = models.CharField("a che punto è", max_length=10, choices=Stage, default=Stage.PROPOSED)
    stage_since = models.DateField("da quando", null=True, blank=True, help_text="Il giorno in cui ci è arrivata.")
    lead = LineField("chi la guida", max_length=160, blank=True)
    partners = NoteField("con chi", blank=True, help_text="Un ente per riga.")
    # One, that people know whom to ask first; what more there is to it, the office itself says.
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_initiatives",
        verbose_name="a chi rivolgersi",
    )
    known = models.CharField(
        "di chi partecipa si sa", max_length=7, choices=Known, default=Known.LIST, help_text="Ciò che è pubblico."
    )
    reported_count = models.PositiveSmallIntegerField(
        "quanti Comuni, secondo la fonte", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    reported_on = models.DateField("numero riferito al", null=True, blank=True)
    reported_by = LineField("fonte del numero", max_length=160, blank=True)

    objects = InitiativeQuerySet.as_manager()
    # Participations lean on groups and, for their days, on milestones.
    versioned_relations = (
        *Publication.versioned_relations,
        "questions",
        "groups",
        "milestones",
        "participations",
        "amounts",
    )

    class Meta:
        verbose_name = "iniziativa"
        verbose_name_plural = "iniziative"
        constraints = [
            models.CheckConstraint(
                condition=~Q(known="count") | Q(reported_count__isnull=False),
                name="initiative_count_is_given",
                violation_error_message="Scrivi quanti Comuni partecipano, o scegli che cosa si sa di chi partecipa.",
            ),
            models.CheckConstraint(
                condition=Q(reported_count__isnull=True) | ~Q(reported_by=""),
                name="initiative_count_has_source",
                violation_error_message="Di chi è questo numero? Scrivi la fonte.",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = INITIATIVE.code
        super().save(*args, **kwargs)

    @property
    def partner_names(self) -> list[str]:
        return [name.strip() for name in self.partners.splitlines() if name.strip()]

    @property
    def knows_only_the_count(self) -> bool:
        return self.known == self.Known.COUNT

    @property
    def joined(self) -> list[Participation]:
        """The participations of now, of those that came with the row or are asked for."""
        return [one for one in self.participations.all() if one.state == Participation.State.JOINED]

    @property
    def joined_in_area(self) -> list[Participation]:
        return [one for one in self.joined if one.municipality.in_area]

    @property
    def joined_outside(self) -> list[Participation]:
        return [one for one in self.joined if not one.municipality.in_area]

    @property
    def next_milestone(self) -> Milestone | None:
        """The first that is still to come about; of what was to be by now nobody knows."""
        return next((one for one in self.milestones.all() if not one.is_done and not one.is_overdue()), None)

    @property
    def count(self) -> int:
        """How many Comuni take part: counted from the table, or reported by a source where no table is public."""
        return self.reported_count if self.knows_only_the_count else len(self.joined)

    @property
    def known_count(self) -> int | None:
        """The same for a row `with_participation`; None when nobody says."""
        return self.reported_count if self.knows_only_the_count else self.listed_count or None

    def words_of_readers(self) -> tuple[object, ...]:
        return *super().words_of_readers(), self.stage, self.stage_since, self.lead, self.partner_names

    def addresses(self) -> list[str]:
        return [*super().addresses(), *(amount.source_url for amount in self.amounts.all() if amount.source_url)]

    def searchable_text(self) -> str:
        rows = [f"{one.question}\n{plain(one.answer)}" for one in self.questions.all()]
        rows += [group.name for group in self.groups.all()]
        return "\n".join([super().searchable_text(), self.lead, self.partners, *rows])


class Question(models.Model):
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="questions")
    question = LineField("domanda", max_length=160, help_text="Come la farebbe chi legge: «Come si aderisce?».")
    answer = ProseField("risposta")
    position = models.PositiveSmallIntegerField("posizione", default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "domanda"
        verbose_name_plural = "domande e risposte"

    def __str__(self):
        return self.question

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.answer = clean(self.answer)
        super().save(*args, **kwargs)

    @property
    def body_html(self) -> str:
        return clean(self.answer)

    @property
    def line(self) -> str:
        return f"{self.question}\n{body_lines(self.answer)}"


class InitiativeGroup(Dated):
    """Some Comuni of an initiative that act as one body: an energy community, a district."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="groups")
    name = LineField("nome", max_length=80)
    president = LineField("presidente", max_length=80, blank=True)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="answered_groups", verbose_name="a chi rivolgersi"
    )
    website = URLField("sito", max_length=300, blank=True)
    note = LineField("avvertenza", max_length=255, blank=True, help_text="Ciò che non è certo, detto a chi legge.")
    position = models.PositiveSmallIntegerField("posizione", default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = "gruppo"
        verbose_name_plural = "gruppi"
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "name"],
                name="group_once_per_initiative",
                violation_error_message="Questa iniziativa ha già un gruppo con questo nome.",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def line(self) -> str:
        president = self.president and f"presidente {self.president}"
        return in_a_line(self.name, self.when, president, self.office, self.website, self.note)


class ParticipationQuerySet(models.QuerySet):
    def joined(self) -> Self:
        return self.filter(state=Participation.State.JOINED)

    def with_places(self) -> Self:
        return self.select_related("municipality", "group", "source").defer(
            "municipality__border", "municipality__outline", "source__body"
        )

    def of(self, municipality: Municipality) -> Self:
        return self.filter(municipality=municipality)

    def listed(self) -> Self:
        """Those that a public list names: where only a number is public, no Comune is said to be in it."""
        return self.exclude(initiative__known=Initiative.Known.COUNT)

    def published(self, at: datetime | None = None) -> Self:
        """Those of initiatives that readers see."""
        return self.filter(Exists(Publication.objects.published(at).filter(pk=OuterRef("initiative"))))

    def with_initiative(self) -> Self:
        """With the initiative and the group of each; those that take part come first, by the alphabet."""
        order = [Participation.State.JOINED, Participation.State.INVITED]
        places = [models.When(state=state, then=place) for place, state in enumerate(order)]
        rows = self.select_related("initiative", "group").defer("initiative__body")
        return rows.order_by(models.Case(*places, default=len(order)), "initiative__title", "pk")


class Participation(models.Model):
    """Where a Comune stands in an initiative now; `steps` tell how it came there."""

    class State(models.TextChoices):
        INVITED = "invited", "Invitato"
        JOINED = "joined", "Partecipa"
        DECLINED = "declined", "Ha detto di no"
        WITHDRAWN = "withdrawn", "Si è ritirato"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="participations")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="participations", verbose_name="Comune")
    group = models.ForeignKey(
        InitiativeGroup, models.SET_NULL, null=True, blank=True, related_name="participations", verbose_name="gruppo"
    )
    state = models.CharField("come", max_length=9, choices=State, default=State.JOINED)
    since = models.DateField("dal", null=True, blank=True)
    source = models.ForeignKey(
        Publication,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="participations_told",
        verbose_name="comunicato che lo dice",
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["municipality__name"]
        verbose_name = "partecipazione"
        verbose_name_plural = "partecipazioni"
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "municipality"],
                name="participation_once_per_municipality",
                violation_error_message="Questo Comune c’è già: cambia la sua riga invece di aggiungerne un’altra.",
            )
        ]

    def __str__(self):
        return f"{self.municipality}: {self.get_state_display().lower()}"

    def clean(self) -> None:
        if self.group_id and self.group.initiative_id != self.initiative_id:
            raise ValidationError({"group": "Questo gruppo è di un’altra iniziativa."})
        if not self.since:
            return
        if self.since.year < FIRST_YEAR or self.since > timezone.localdate() + FARTHEST:
            raise ValidationError({"since": f"Il {self.since:%d/%m/%Y} è troppo lontano: controlla l’anno."})
        milestones = sorted((one for one in self.initiative.milestones.all() if one.on), key=lambda one: one.on)
        if milestones and self.since < milestones[0].on and self.state != self.State.INVITED:
            begun = f"«{milestones[0].title}», {milestones[0].when}"
            raise ValidationError({"since": f"L’iniziativa comincia dopo: la sua prima tappa è {begun}."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        before = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        super().save(*args, **kwargs)
        if before is None or before.standing != self.standing:
            self.steps.create(state=self.state, since=self.since, source=self.source)

    @property
    def standing(self) -> Any:
        return self.state, self.since, self.source_id

    @property
    def line(self) -> str:
        return in_a_line(self.municipality, self.in_words, self.group and f"gruppo {self.group}", source_of(self))

    @property
    def in_words(self) -> str:
        """«partecipa dal 28 novembre 2024», «ha detto di no l’8 marzo 2025», «invitato»."""
        text = self.get_state_display().lower()
        if not self.since:
            return text
        return f"{text} {from_day(self.since) if self.state == self.State.JOINED else on_day(self.since)}"


class ParticipationStep(models.Model):
    """What a participation was from some day on; the newest is what it is."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="steps")
    state = models.CharField("come", max_length=9, choices=Participation.State)
    since = models.DateField("dal", null=True)
    source = models.ForeignKey(Publication, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField("scritto", auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = "passaggio"
        verbose_name_plural = "passaggi"

    def __str__(self):
        return self.get_state_display()


class Milestone(Dated):
    """A step of the initiative, done or to do; without a date it is only planned."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="milestones")
    title = LineField("che cosa", max_length=160)
    is_done = models.BooleanField("fatta", default=False)
    source = models.ForeignKey(
        Publication, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="comunicato che lo dice"
    )

    class Meta:
        ordering = [F("on").asc(nulls_last=True), "pk"]
        verbose_name = "tappa"
        verbose_name_plural = "tappe"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_done=False) | Q(on__isnull=False),
                name="milestone_done_has_date",
                violation_error_message="Se è fatta, scrivi quando: basta il mese o l’anno.",
            )
        ]

    def __str__(self):
        return self.title

    def is_overdue(self) -> bool:
        """It was to be by now, and nobody has said that it was."""
        return not self.is_done and self.is_past()

    @property
    def foreseen(self) -> str:
        """«l’8 marzo 2026», «marzo 2026», «il 2026»: prevista per…"""
        match self.precision:
            case self.Precision.DAY:
                return on_day(self.on)
            case self.Precision.MONTH:
                return self.when
        return f"il {self.when}"

    @property
    def standing(self) -> Any:
        """As readers are told."""
        if self.is_done:
            return "Fatta"
        if not self.on:
            return "Prevista"
        return f"Prevista per {self.foreseen}" if self.is_overdue() else "In programma"

    @property
    def line(self) -> str:
        return in_a_line(self.title, self.when, "fatta" if self.is_done else "da fare", source_of(self))


class Amount(Dated):
    """Money of an initiative, with where it comes from."""

    class Standing(models.TextChoices):
        PLANNED = "planned", "Previsto"
        GRANTED = "granted", "Assegnato"
        SPENT = "spent", "Speso"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="amounts")
    what = LineField("per che cosa", max_length=160)
    euros = models.DecimalField("euro", max_digits=12, decimal_places=2, validators=[MinValueValidator(0.01)])
    is_about = models.BooleanField("circa", default=False, help_text="La fonte dà una cifra arrotondata.")
    funder = LineField("chi paga", max_length=120)
    standing = models.CharField("a che punto", max_length=7, choices=Standing, default=Standing.PLANNED)
    document = models.ForeignKey(
        Attachment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="documento"
    )
    source = models.ForeignKey(
        Publication, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="comunicato che lo dice"
    )
    source_url = URLField("indirizzo della fonte", max_length=500, blank=True)

    class Meta:
        ordering = ["-euros", "pk"]
        verbose_name = "importo"
        verbose_name_plural = "importi"
        constraints = [models.CheckConstraint(condition=Q(euros__gt=0), name="amount_is_positive")]

    def __str__(self):
        return f"{self.what}: {number_format(self.euros, force_grouping=True)} euro"

    @property
    def line(self) -> str:
        euros = f"{'circa ' if self.is_about else ''}{number_format(self.euros, 2, force_grouping=True)} euro"
        document = self.document and f"documento «{self.document}»"
        standing = self.get_standing_display().lower()
        return in_a_line(
            self.what, euros, standing, f"da {self.funder}", self.when, document, source_of(self), self.source_url
        )


# How a row says itself to whoever compares two versions


def in_a_line(head: object, *details: Any) -> str:
    text = ", ".join(filter(None, details))
    return f"{head}: {text}" if text else str(head)


def source_of(row: Any) -> str:
    return row.source and f"lo dice «{row.source}»"
