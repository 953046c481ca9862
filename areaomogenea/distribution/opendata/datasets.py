"""The datasets: what each is, its columns and its rows; files, pages and catalogue are made from this."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from django.db.models import Max, QuerySet, Value
from django.urls import reverse
from django.utils.timezone import localtime

from areaomogenea.deadlines.models import Deadline
from areaomogenea.identity.address import absolute_url
from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.html import plain
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.revisions import Revision
from areaomogenea.topics.models import Topic
from initiatives.kinds import INITIATIVE
from initiatives.models import Participation

from ..api.schemas import COVERAGES, KNOWN, STAGES
from ..feeds import identifier

TEXT, CODE, LIST, NUMBER = "testo", "codice", "elenco", "numero"
DAY, INSTANT, TRUTH, ADDRESS = "data", "data e ora", "vero o falso", "indirizzo web"
ISSUED = date(2026, 11, 28)  # since when these datasets are offered
CONTINUOUS, YEARLY = "UPDATE_CONT", "ANNUAL"  # of the European table of frequencies
OFTEN = {
    CONTINUOUS: ("Di continuo", "Ogni file nasce quando lo chiedi: dice ciò che è pubblicato in quell’istante."),
    YEARLY: ("Ogni anno", "Gli abitanti cambiano con i nuovi numeri dell’ISTAT, i confini molto di rado."),
}


@dataclass(frozen=True)
class Column:
    """`of`: a function of the row, or the dotted name of what to read in it."""

    name: str
    kind: str
    what: str
    of: Callable | str
    width: int = 0  # in a spreadsheet, where a text of its kind would leave too much room

    def read(self, row):
        """A text, a list of texts, a date, an hour of Italy, a number, a truth, a whole address, or None."""
        value = self.of(row) if callable(self.of) else attrgetter(self.of)(row)
        if self.kind == INSTANT and value:
            return localtime(value)
        if self.kind == ADDRESS:
            return absolute_url(value) if value else None
        return value


def each(rows, name):
    """Reads this of each of some dicts that came with the row."""
    return lambda row: [one[name] for one in getattr(row, rows)]


def listed_words(words):
    return f"{', '.join(words.values())}."


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
    def formats(self):
        return ["csv", "json", "xlsx", *(["geojson"] if self.border else [])]

    @property
    def often(self):
        """(in a word, in a sentence)"""
        return OFTEN[self.frequency]

    def get_absolute_url(self):
        return reverse(f"opendata:{self.name}")

    def file(self, form):
        """The path of its file in this format."""
        return reverse(f"opendata:{self.name}_{form}")

    def changed_at(self):
        """When it last changed, withdrawals too; None when there has never been anything."""
        newest = [
            rows.order_by().annotate(whole=Value(1)).values("whole").annotate(at=Max(name)).values_list("at")
            for rows, name in self.changes()
        ]
        return max((at for (at,) in newest[0].union(*newest[1:], all=True) if at), default=None)

    def values(self, row):
        return [column.read(row) for column in self.columns]

    def geometry(self, row):
        """GeoJSON, of a row of `shaped`; None where no border is known."""
        return attrgetter(self.border)(row)


def changes_of(publications):
    """What readers saw change of these; what was withdrawn stays in the reckoning, whatever became of it since."""
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


def news():
    rows = Publication.objects.published().news().latest_first()
    return rows.select_related("communique").with_topics().with_places().with_last_change()


def changes_of_news():
    return [*changes_of(Publication.objects.news()), (Topic.objects.all(), "updated_at")]


NEWS = Dataset(
    name="novita",
    title="Notizie, comunicati e avvisi",
    description="Tutto ciò che l’Area ha pubblicato e non ha ritirato, dal più recente, con il testo intero.",
    themes=("GOVE", "REGI"),
    keywords=("comunicati stampa", "notizie", "avvisi", "Comuni", "Cremasco"),
    frequency=CONTINUOUS,
    example="novita?argomento=cer&limite=5",
    rows=news,
    changes=changes_of_news,
    columns=(
        Column("id", CODE, "Lo stesso per sempre, anche nei feed e nell’API.", identifier),
        Column("tipo", TEXT, "notizie, comunicati o avvisi.", "kind", 14),
        Column("titolo", TEXT, "Il titolo.", "title"),
        Column("sottotitolo", TEXT, "Sotto il titolo, se c’è.", "communique.subtitle"),
        Column("in_breve", TEXT, "Una o due frasi che dicono il punto.", "summary"),
        Column("testo", TEXT, "Il testo intero, senza HTML: una riga per capoverso.", lambda row: plain(row.body)),
        Column("pubblicato_il", INSTANT, "L’ora di pubblicazione.", "publish_at"),
        Column("modificato_il", INSTANT, "L’ora dell’ultimo cambiamento.", "changed_at"),
        Column("argomenti", LIST, "Di che cosa parla, in breve: cer, suap.", each("topic_labels", "slug")),
        Column("comuni", LIST, "I Comuni che nomina, se vale solo lì.", each("places", "name")),
        Column("comuni_istat", LIST, "Gli stessi, con il codice ISTAT.", each("places", "istat_code")),
        Column("a_cura_di", TEXT, "L’ufficio che l’ha scritta, se lo dice.", "communique.office"),
        Column("protocollo", TEXT, "Di protocollo o di serie, se c’è.", "communique.number"),
        Column("fonte", TEXT, "Da chi è tratta, se non è nostra.", "communique.source_name"),
        Column("fonte_indirizzo", ADDRESS, "Dove sta l’originale.", "communique.source_url"),
        Column("fonte_licenza", TEXT, "Se la fonte ne ha una: vale lei, non la nostra.", "communique.source_licence"),
        Column("pagina", ADDRESS, "La pagina per le persone.", Publication.get_absolute_url),
        Column("riguarda", TEXT, listed_words(COVERAGES), lambda row: COVERAGES[row.coverage], 14),
        Column("vale_fino_a", INSTANT, "Quando smette di valere, se lo dice; un giorno, alla sua fine.", "expires_at"),
        Column("data_del_documento", DAY, "La data che il testo porta, se ne porta una.", "communique.dated"),
    ),
)


# Who takes part in what

STATES = {"invited": "invitato", "joined": "partecipa", "declined": "ha detto di no", "withdrawn": "si è ritirato"}


def shaped_participations():
    rows = Participation.objects.published().listed().order_by("initiative__title", "municipality__name", "pk")
    rows = rows.select_related("initiative", "municipality", "group", "source")
    return rows.defer("initiative__body", "source__body", "municipality__outline")


def participations():
    return shaped_participations().defer("municipality__border")


def changes_of_participations():
    sources = Participation.objects.exclude(source=None).order_by().values("source")
    return changes_of(Publication.objects.of_kind(INITIATIVE.code) | Publication.objects.filter(pk__in=sources))


def source_of(row):
    """Where it is told, as long as readers may see that."""
    return row.source and row.source.is_published() and row.source.get_absolute_url()


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
        Column("iniziativa_id", CODE, "Lo stesso per sempre, anche nell’API.", lambda row: identifier(row.initiative)),
        Column("iniziativa", TEXT, "Il titolo dell’iniziativa.", "initiative.title"),
        Column("iniziativa_stato", TEXT, listed_words(STAGES), lambda row: STAGES[row.initiative.stage], 16),
        Column("si_sa", TEXT, "elenco, o elenco incompleto.", lambda row: KNOWN[row.initiative.known], 18),
        Column("comune_istat", CODE, "Il codice ISTAT, sempre di sei cifre.", "municipality.istat_code"),
        Column("comune", TEXT, "Il nome del Comune.", "municipality.name", 26),
        Column("provincia", CODE, "La sigla della provincia.", "municipality.province"),
        Column("nell_area", TRUTH, "Se è uno dei 48.", "municipality.in_area"),
        Column("come", TEXT, listed_words(STATES), lambda row: STATES[row.state], 18),
        Column("dal", DAY, "Da quando, se si sa.", "since"),
        Column("gruppo", TEXT, "In quale gruppo, se ce ne sono.", lambda row: row.group.name if row.group else "", 24),
        Column("fonte", ADDRESS, "La pagina che lo dice, se c’è.", source_of),
        Column("pagina", ADDRESS, "La pagina dell’iniziativa.", lambda row: row.initiative.get_absolute_url()),
    ),
)


# What is due


def deadlines():
    return Deadline.objects.published().with_labels().soonest_first()


def changes_of_deadlines():
    announcing = Publication.objects.filter(pk__in=Deadline.objects.order_by().values("publication"))
    own = [(Deadline.objects.published(), "updated_at"), (Topic.objects.all(), "updated_at")]
    return [*changes_of(announcing), *own]


def audiences(row):
    return [name.lower() for name in row.audiences]


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
    columns=(
        Column("id", CODE, "Lo stesso per sempre, anche nei calendari.", "uid.urn"),
        Column("tipo", TEXT, "scadenza o incontro.", "kind", 14),
        Column("titolo", TEXT, "Che cosa.", "title"),
        Column("apre_il", INSTANT, "Da quando; di un incontro, l’inizio.", "opens_at"),
        Column("chiude_il", INSTANT, "Fino a quando; di un incontro, la fine.", "closes_at"),
        Column("tutto_il_giorno", TRUTH, "Se conta il giorno e non l’ora.", "is_all_day"),
        Column(
            "per", LIST, "cittadini, imprese, comuni, associazioni.", lambda row: list(map(str.lower, row.audiences))
        ),
        Column("luogo", TEXT, "Dove, se c’è un luogo.", "place"),
        Column("collegamento", ADDRESS, "Dove si fa domanda o ci si unisce.", "url"),
        Column("annullata_il", INSTANT, "Quando è stata annullata, se lo è.", "called_off_at"),
        Column("perche_annullata", TEXT, "Perché.", "called_off_why"),
        Column("modificato_il", INSTANT, "L’ora dell’ultimo cambiamento.", "updated_at"),
        Column("argomenti", LIST, "Di che cosa parla, in breve: cer, suap.", each("topic_labels", "slug")),
        Column("comuni", LIST, "I Comuni che nomina, se vale solo lì.", each("places", "name")),
        Column("comuni_istat", LIST, "Gli stessi, con il codice ISTAT.", each("places", "istat_code")),
        Column("annunciata_da", TEXT, "Il titolo della pagina che la annuncia.", "publication.title"),
        Column("pagina", ADDRESS, "Dove se ne legge.", Deadline.get_absolute_url),
        Column("riguarda", TEXT, listed_words(COVERAGES), lambda row: COVERAGES[row.publication.coverage], 14),
    ),
)


# The Comuni


def shaped_municipalities():
    return Municipality.objects.of_area().defer("outline")


def municipalities():
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
    columns=(
        Column("codice_istat", CODE, "Il codice ISTAT, sempre di sei cifre.", "istat_code"),
        Column("nome", TEXT, "Il nome.", "name", 26),
        Column("provincia", CODE, "La sigla della provincia.", "province"),
        Column("abitanti", NUMBER, "Quanti abitano qui, se si sa.", "population"),
        Column("abitanti_al", DAY, "A che giorno si riferisce il numero.", "population_date"),
        Column("sito", ADDRESS, "Il sito del Comune.", "website"),
        Column("pagina", ADDRESS, "La sua pagina qui.", Municipality.get_absolute_url),
    ),
)

DATASETS = {dataset.name: dataset for dataset in (NEWS, PARTICIPATIONS, DEADLINES, MUNICIPALITIES)}
