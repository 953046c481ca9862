"""The datasets: what each is, its columns and its rows; files, pages and catalogue are made from this."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from areaomogenea.deadlines.models import Deadline, DeadlineQuerySet
from areaomogenea.municipalities.models import Municipality, MunicipalityQuerySet
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication, PublicationQuerySet
from areaomogenea.publishing.revisions import Revision
from areaomogenea.topics.models import Topic
from initiatives.kinds import INITIATIVE
from initiatives.models import Participation, ParticipationQuerySet

from .. import resources
from ..feeds import identifier
from ..fields import ABBREVIATION, DAY, FLAG, ISTAT_CODE, SHORT, URL, URN, Column, in_words, maybe
from ..resources import KNOWN, STAGES, listed_words

ISSUED = date(2026, 11, 28)  # since when these datasets are offered
CONTINUOUS, YEARLY = "UPDATE_CONT", "ANNUAL"  # of the European table of frequencies
OFTEN = {
    CONTINUOUS: ("Di continuo", "Ogni file nasce quando lo chiedi: dice ciò che è pubblicato in quell’istante."),
    YEARLY: ("Ogni anno", "Gli abitanti cambiano con i nuovi numeri dell’ISTAT, i confini molto di rado."),
}


@dataclass(frozen=True)
class Dataset:
    """`rows` are published ones only, `shaped` the same with what `border` reads.

    `changes` are pairs of rows and a field: the newest of all these hours is the dataset's last change.
    `border` is the dotted name of a geometry, of those that have one.
    """

    name: str
    title: str
    description: str
    themes: tuple[str, ...]
    keywords: tuple[str, ...]
    frequency: str
    example: str  # of the API, for who needs a part of it
    columns: tuple[Column, ...]
    rows: Callable[[], QuerySet]
    changes: Callable[[], list]
    provenance: str = ""
    shaped: Callable[[], QuerySet] | None = None
    border: str = ""
    good_for: dict[str, str] = field(default_factory=dict)

    def __str__(self):
        return self.name

    @property
    def formats(self) -> list[str]:
        return ["csv", "json", "xlsx", *(["geojson"] if self.border else [])]

    @property
    def often(self) -> tuple[str, str]:
        """(in a word, in a sentence)"""
        return OFTEN[self.frequency]

    def get_absolute_url(self) -> str:
        return reverse(f"opendata:{self.name}")

    def file(self, form: str) -> str:
        """The path of its file in this format."""
        return reverse(f"opendata:{self.name}_{form}")

    def changed_at(self) -> datetime:
        """The hour of its last change, withdrawals too; None when there has never been anything."""
        first, *others = (newest(rows, name) for rows, name in self.changes())
        return max((at for (at,) in first.union(*others, all=True)), default=None)

    def values(self, row: Model) -> list[Any]:
        return [column.read(row) for column in self.columns]

    def geometry(self, row: Municipality) -> Any:
        """GeoJSON, of a row of `shaped`; None where no border is known."""
        return attrgetter(self.border)(row)


def newest(rows: QuerySet, name: str) -> QuerySet:
    """The newest hour of these, from the top of an index, where an aggregate would read them all."""
    top = rows.filter(**{f"{name}__isnull": False}).order_by(f"-{name}").values("pk")[:1]
    return rows.model._default_manager.filter(pk__in=top).order_by().values_list(name)


def changes_of(publications: PublicationQuerySet) -> list[tuple[QuerySet, str]]:
    """Hours at which readers saw these change; what was withdrawn stays among them, whatever became of it since."""
    shown = publications.published()
    versions, withdrawals = Revision.objects.versions(), Revision.objects.withdrawals()
    return [
        (shown, "publish_at"),
        (shown, "updated_at"),
        (publications.put_off(), "updated_at"),
        (versions.filter(publication__in=shown.order_by().values("pk")), "at"),
        (withdrawals.filter(publication__in=publications.exclude(came_out_at=None).order_by().values("pk")), "at"),
        (Municipality.objects.all(), "updated_at"),
    ]


# Communiqués


def news() -> PublicationQuerySet:
    rows = Publication.objects.published().news().latest_first()
    return rows.select_related("communique").with_topics().with_places().with_last_change()


def changes_of_news() -> list[tuple[QuerySet, str]]:
    return [*changes_of(Publication.objects.news()), (Topic.objects.all(), "updated_at")]


NEWS = Dataset(
    name="novita",
    title=kinds.plurals(kinds.of_news()).capitalize(),
    description="Tutto ciò che l’Area ha pubblicato e non ha ritirato, dal più recente, con il testo intero.",
    themes=("GOVE", "REGI"),
    keywords=("comunicati stampa", "notizie", "avvisi", "Comuni", "Cremasco"),
    frequency=CONTINUOUS,
    example="novita?argomento=cer&limite=5",
    rows=news,
    changes=changes_of_news,
    columns=resources.NEWS.columns(
        "id tipo titolo sottotitolo in_breve testo pubblicato_il modificato_il argomenti comuni comuni_istat "
        "a_cura_di protocollo fonte fonte_indirizzo fonte_licenza pagina"
    ),
)


# Who takes part in what

STATES = {"invited": "invitato", "joined": "partecipa", "declined": "ha detto di no", "withdrawn": "si è ritirato"}


def shaped_participations() -> ParticipationQuerySet:
    rows = Participation.objects.published().listed().order_by("initiative__title", "municipality__name", "pk")
    rows = rows.select_related("initiative", "municipality", "group", "source")
    return rows.defer("initiative__body", "source__body", "municipality__outline")


def participations() -> ParticipationQuerySet:
    return shaped_participations().defer("municipality__border")


def changes_of_participations() -> list[tuple[QuerySet, str]]:
    sources = Participation.objects.exclude(source=None).order_by().values("source")
    return changes_of(Publication.objects.of_kind(INITIATIVE.code) | Publication.objects.filter(pk__in=sources))


def source_of(row: Participation) -> str | None:
    """The page that says so, as long as readers may see it."""
    return row.source.get_absolute_url() if row.source and row.source.is_published() else None


PARTICIPATIONS = Dataset(
    name="partecipazioni",
    title="Quale Comune partecipa a quale iniziativa",
    description="Una riga per ogni Comune di ogni iniziativa: come partecipa, da quando, in quale gruppo, e dove lo "
    "si legge. Mancano le iniziative di cui è pubblico solo il numero dei Comuni.",
    themes=("GOVE", "REGI"),
    keywords=("Comuni", "partecipazione", "gestione associata", "iniziative intercomunali", "Cremasco"),
    frequency=CONTINUOUS,
    example="iniziative?campi=titolo,partecipazioni",
    rows=participations,
    shaped=shaped_participations,
    border="municipality.border",
    changes=changes_of_participations,
    good_for={"geojson": "Ogni riga con il confine del Comune: in QGIS filtri per iniziativa e colori per «come»."},
    provenance="Confini: ISTAT, licenza CC BY, semplificati.",
    columns=(
        Column("iniziativa_id", URN, "Lo stesso per sempre, anche nell’API.", lambda row: identifier(row.initiative)),
        Column("iniziativa", SHORT, "Il titolo dell’iniziativa.", "initiative.title"),
        Column("iniziativa_stato", in_words(STAGES), listed_words(STAGES), "initiative.stage", width=16),
        Column("si_sa", in_words(KNOWN), "elenco, o elenco incompleto.", "initiative.known", width=18),
        Column("comune_istat", ISTAT_CODE, "Il codice ISTAT, sempre di sei cifre.", "municipality.istat_code"),
        Column("comune", SHORT, "Il nome del Comune.", "municipality.name", width=26),
        Column("provincia", ABBREVIATION, "La sigla della provincia.", "municipality.province"),
        Column("nell_area", FLAG, "Se è uno dei 48.", "municipality.in_area"),
        Column("come", in_words(STATES), listed_words(STATES), "state", width=18),
        Column("dal", maybe(DAY), "Da quando, se si sa.", "since"),
        Column(
            "gruppo",
            SHORT,
            "In quale gruppo, se ce ne sono.",
            lambda row: row.group.name if row.group else "",
            width=24,
        ),
        Column("fonte", URL, "La pagina che lo dice, se c’è.", source_of),
        Column("pagina", URL, "La pagina dell’iniziativa.", lambda row: row.initiative.get_absolute_url()),
    ),
)


# What is due


def deadlines() -> DeadlineQuerySet:
    return Deadline.objects.published().with_labels().soonest_first()


def changes_of_deadlines() -> list[tuple[QuerySet, str]]:
    announcing = Publication.objects.filter(pk__in=Deadline.objects.order_by().values("publication"))
    own = [(Deadline.objects.published(), "updated_at"), (Topic.objects.all(), "updated_at")]
    return [*changes_of(announcing), *own]


DEADLINES = Dataset(
    name="scadenze",
    title="Scadenze e incontri",
    description="Bandi, domande, incontri: da quando a quando, per chi, dove. Anche ciò che è passato o annullato.",
    themes=("GOVE",),
    keywords=("scadenze", "bandi", "incontri", "calendario", "Comuni"),
    frequency=CONTINUOUS,
    example="scadenze?per=imprese",
    rows=deadlines,
    changes=changes_of_deadlines,
    columns=resources.DEADLINE.columns(
        "id tipo titolo apre_il chiude_il tutto_il_giorno per luogo collegamento annullata_il perche_annullata "
        "modificato_il argomenti comuni comuni_istat annunciata_da pagina"
    ),
)


# The Comuni


def shaped_municipalities() -> MunicipalityQuerySet:
    return Municipality.objects.of_area().defer("outline")


def municipalities() -> MunicipalityQuerySet:
    return shaped_municipalities().defer("border")


MUNICIPALITIES = Dataset(
    name="comuni",
    title="I 48 Comuni dell’Area, con i confini",
    description="I Comuni dell’Area Omogenea Cremasca: codice ISTAT, abitanti, sito. Il GeoJSON aggiunge i confini.",
    themes=("REGI", "GOVE"),
    keywords=("Comuni", "confini comunali", "popolazione residente", "codici ISTAT", "Cremasco"),
    frequency=YEARLY,
    example="comuni",
    provenance="Confini e abitanti: ISTAT, licenza CC BY; i confini sono semplificati. Siti: Indice PA.",
    rows=municipalities,
    shaped=shaped_municipalities,
    border="border",
    changes=lambda: [(Municipality.objects.of_area(), "updated_at")],
    good_for={"geojson": "I confini, pronti per una mappa: QGIS, uMap, il browser."},
    columns=resources.MUNICIPALITY.columns("codice_istat nome provincia abitanti abitanti_al sito pagina"),
)

DATASETS = {dataset.name: dataset for dataset in (NEWS, PARTICIPATIONS, DEADLINES, MUNICIPALITIES)}
