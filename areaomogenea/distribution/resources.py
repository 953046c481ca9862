"""Resources of the API and the open data, field by field: name, type, words, where it stands in a row, an example.

Names, words and examples are those of the published document and of the open data. A field is added here alone.
"""

from collections.abc import Callable
from dataclasses import replace
from operator import itemgetter as key
from typing import Any, TypeVar

from django.core.files.storage import default_storage
from django.urls import reverse

from areaomogenea.deadlines.models import Deadline
from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.html import plain
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Topic
from initiatives.models import Initiative, Participation

from .feeds import absolute, identifier
from .fields import (
    ABBREVIATION,
    DAY,
    EUROS,
    FLAG,
    GEOMETRY,
    HOUR,
    HTML,
    ISTAT_CODE,
    LONG,
    SHORT,
    SLUG,
    URL,
    URN,
    WHOLE,
    Column,
    Field,
    Resource,
    Schema,
    in_words,
    many,
    maybe,
    nested,
    one_of,
)
from .licence import LICENCE

Row = TypeVar("Row")
NEWS_KIND = one_of(*kinds.codes(kinds.Group.NEWS))
WITH_ENDPOINT = [kind for kind in kinds.every() if kind.endpoint]
ANY_KIND = one_of(*(kind.code for kind in WITH_ENDPOINT))
# Italian for the codes that the house keeps in English.
COVERAGES = {"these": "comuni", "area": "area", "nowhere": "nessun luogo", "": "non detto"}
STAGES = {"proposed": "proposta", "active": "attiva", "completed": "conclusa", "stopped": "fermata"}
KNOWN = {"list": "elenco", "partial": "elenco incompleto", "count": "solo il numero"}
STANDINGS = {"planned": "previsto", "granted": "assegnato", "spent": "speso"}
STATES = {"called_off": "annullata", "ahead": "futura", "open": "aperta", "closed": "chiusa"}

URN_EXAMPLE = "urn:uuid:3f1b1c5e-6f0b-5d8e-9a53-0f7d2f6c1a2b"
CORRECTED, PUBLISHED = "2026-03-02T11:30:00+01:00", "2026-03-01T09:00:00+01:00"
SITE = "https://example.org"
PARTIAL_DATE = "2024-11-28, 2024-11 o 2024, quanto se ne sa; vuoto: non si sa."


BODY, PLAIN = replace(HTML, value=absolute, is_heavy=True), replace(HTML, value=plain, is_heavy=True)


def whole_row(row: Any) -> Any:
    """The row itself, of which an object within tells a part."""
    return row


def each(rows: str, name: str) -> Callable[[Any], list]:
    """Reads this of each of some dicts that came with the row."""
    return lambda row: [one[name] for one in getattr(row, rows)]


def listed_words(words: dict[str, str]) -> str:
    return f"{', '.join(words.values())}."


def api_address(publication: Publication) -> str:
    kind = kinds.get(publication.kind)
    return reverse(f"api:{kind.endpoint}", args=[publication.pk]) if kind else ""


def page(of: Callable, example: str) -> Field:
    return Field("pagina", URL, "La pagina per le persone.", of, f"{SITE}{example}")


def own_address(of: Callable, example: str) -> Field:
    return Field("api", URL, "La stessa cosa da sola, qui.", of, f"{SITE}/api/v1/{example}", api_only=True)


# Of several resources

LABEL = Schema(
    "Etichetta",
    Field("slug", SLUG, "Come si chiede nel parametro «argomento».", key("slug"), "cer"),
    Field("nome", SHORT, "Il nome.", key("name"), "Comunità energetiche"),
)
PLACE = Schema(
    "Luogo",
    Field("codice_istat", ISTAT_CODE, "Il codice ISTAT, sempre di sei cifre.", key("istat_code"), "019035"),
    Field("nome", SHORT, "Il nome del Comune.", key("name"), "Crema"),
    Field("nell_area", FLAG, "Se è uno dei 48.", lambda row: bool(row["in_area"]), True),  # SQLite has no JSON truths
)


def labels(what: str) -> Field:
    slugs = Column("argomenti", many(SHORT), "Di che cosa parla, in breve: cer, suap.", each("topic_labels", "slug"))
    return Field("argomenti", many(nested(LABEL)), what, "topic_labels", columns=(slugs,))


PLACES = Field(
    "comuni",
    many(nested(PLACE)),
    "I Comuni che nomina; se nessuno, lo spiega «riguarda».",
    "places",
    columns=(
        Column("comuni", many(SHORT), "I Comuni che nomina, se vale solo lì.", each("places", "name")),
        Column("comuni_istat", many(SHORT), "Gli stessi, con il codice ISTAT.", each("places", "istat_code")),
    ),
)
COVERAGE = Field(
    "riguarda",
    in_words(COVERAGES),
    "Dove vale: nei «comuni» che nomina, in tutta l’area, in nessun luogo in particolare; o nessuno l’ha detto.",
    "coverage",
    "area",
    in_column=listed_words(COVERAGES),
    width=14,
)


# What news and initiatives have in common


def picture_address(picture: Picture) -> str:
    return picture.urls[max(picture.urls)]


PICTURE = Schema(
    "Immagine",
    Field(
        "indirizzo", URL, "WebP, la più grande che c’è.", picture_address, f"{SITE}/file/immagini/2026/piazza-1280.webp"
    ),
    Field("testo_alternativo", SHORT, "Che cosa mostra.", "alternative_text", "La piazza del Duomo"),
    Field("autore", SHORT, "A chi va attribuita.", "credit", "Archivio del Comune"),
)


def attachment_address(document: dict) -> str:
    return default_storage.url(document["file"])


ATTACHMENT = Schema(
    "Allegato",
    Field("nome", SHORT, "Come si chiama.", key("name"), "Il bando"),
    Field("descrizione", SHORT, "Che cosa contiene.", key("description"), "Requisiti, importi e modulo di domanda"),
    Field("indirizzo", URL, "Dove si scarica.", attachment_address, f"{SITE}/file/documenti/2026/bando.pdf"),
    Field("formato", SHORT, "PDF, ODT, CSV…", key("kind"), "PDF"),
    Field("byte", WHOLE, "Quanto pesa.", key("size"), 183_212),
)
CORRECTION = Schema(
    "Correzione",
    Field("quando", HOUR, "Quando è stata fatta.", key("at"), CORRECTED),
    Field("che_cosa", SHORT, "Che cosa era sbagliato.", key("comment"), "La data dell’incontro è il 9 marzo."),
)
COMMON = (
    Field("id", URN, "Lo stesso per sempre, anche nei feed.", identifier, URN_EXAMPLE),
    Field("numero", WHOLE, "Lo stesso per sempre: serve a chiederla da sola.", "pk", 412, api_only=True),
    Field("titolo", SHORT, "Il titolo.", "title", "Otto comunità energetiche per 48 Comuni"),
    Field("in_breve", SHORT, "Una o due frasi che dicono il punto.", "summary", "Gli sportelli aprono il 4 marzo."),
    Field(
        "testo_html", BODY, "Il testo, in HTML pulito e con indirizzi completi.", "body", "<p>Gli sportelli aprono.</p>"
    ),
    Field(
        "testo",
        PLAIN,
        "Lo stesso, senza HTML: una riga per capoverso.",
        "body",
        "Gli sportelli aprono.",
        in_column="Il testo intero, senza HTML: una riga per capoverso.",
    ),
    Field("pubblicato_il", HOUR, "L’ora di pubblicazione.", "publish_at", PUBLISHED),
    Field("modificato_il", HOUR, "L’ora dell’ultimo cambiamento.", "changed_at", CORRECTED),
    labels("Di che cosa parla."),
    COVERAGE,
    PLACES,
    Field(
        "vale_fino_a",
        maybe(HOUR),
        "Quando smette di valere, se lo dice; un giorno intero finisce alle 23:59:59.",
        "expires_at",
        "2026-03-31T23:59:59+02:00",
    ),
    Field("immagine", maybe(nested(PICTURE)), "L’immagine in testa.", "picture"),
    Field("allegati", many(nested(ATTACHMENT)), "I documenti da scaricare.", "documents"),
    Field("correzioni", many(nested(CORRECTION)), "Gli errori corretti, dal più recente.", "published_corrections"),
    page(Publication.get_absolute_url, "/novita/comunicati/otto-comunita/"),
    own_address(api_address, "novita/412"),
)


# News

SOURCE = Schema(
    "Fonte",
    Field("nome", SHORT, "Il giornale o il sito.", "source_name", "La Provincia"),
    Field("indirizzo", maybe(URL), "Dove sta l’originale.", "source_url", f"{SITE}/articolo"),
    Field(
        "licenza", SHORT, "A quali condizioni è ripreso; vuoto: valgono le sue, non le nostre.", "source_licence", ""
    ),
)
NEWS = Resource(
    "Novita",
    *COMMON,
    Field("tipo", NEWS_KIND, f"{kinds.plurals(kinds.of_news(), 'o').capitalize()}.", "kind", "comunicati", width=14),
    Field("sottotitolo", SHORT, "Sotto il titolo, se c’è.", "communique.subtitle", ""),
    Field("a_cura_di", SHORT, "L’ufficio che l’ha scritta, se lo dice.", "communique.office", "Ufficio energia"),
    Field("protocollo", SHORT, "Il numero di protocollo o di serie, se c’è.", "communique.number", ""),
    Field(
        "data_del_documento",
        maybe(DAY),
        "La data che il testo porta, se ne porta una; quando è uscita qui lo dice «pubblicato_il».",
        "communique.dated",
        "2026-02-27",
    ),
    Field(
        "fonte",
        maybe(nested(SOURCE)),
        "Da dove è tratta, se non è nostra.",
        lambda row: row.communique if row.communique.source_name else None,
        columns=(
            Column("fonte", SHORT, "Da chi è tratta, se non è nostra.", "communique.source_name"),
            Column("fonte_indirizzo", URL, "Dove sta l’originale.", "communique.source_url"),
            Column(
                "fonte_licenza", SHORT, "Se la fonte ne ha una: vale lei, non la nostra.", "communique.source_licence"
            ),
        ),
    ),
)


# Initiatives


def of_office(name: str) -> Callable[[Initiative], str]:
    """Reads this of the office of an initiative; "" where it has none."""
    return lambda row: getattr(row.office, name) if row.office else ""


CONTACTS = Schema(
    "Contatti",
    Field("ufficio", SHORT, "A chi rivolgersi.", of_office("name"), "Sportello energia"),
    Field("come", LONG, "Orari, luogo.", of_office("guidance"), "Il martedì mattina"),
    Field("email", SHORT, "La posta elettronica.", of_office("email"), "energia@example.org"),
    Field("telefono", SHORT, "Il telefono.", of_office("phone"), "0373 000000"),
)
GROUP = Schema(
    "Gruppo",
    Field("nome", SHORT, "Il nome.", "name", "CER Nord"),
    Field("presidente", SHORT, "Chi la presiede.", "president", ""),
    Field("sito", maybe(URL), "Il sito, se c’è.", "website", f"{SITE}/cer-nord"),
    Field("avvertenza", SHORT, "Ciò che non è certo.", "note", ""),
)


def group_name(participation: Participation) -> str | None:
    return participation.group.name if participation.group else None


PARTICIPATION = Schema(
    "Partecipazione",
    Field("comune", nested(PLACE), "Chi partecipa.", lambda row: vars(row.municipality)),
    Field("dal", maybe(DAY), "Da quando, se si sa.", "since", "2024-11-28"),
    Field("gruppo", maybe(SHORT), "In quale gruppo, se ce ne sono.", group_name, "CER Nord"),
)
MILESTONE = Schema(
    "Tappa",
    Field("che_cosa", SHORT, "Il passo.", "title", "Costituite le prime otto comunità"),
    Field("quando", SHORT, PARTIAL_DATE, "when_machines_read", "2024-11"),
    Field("fatta", FLAG, "Se è già avvenuta.", "is_done", True),
)
AMOUNT = Schema(
    "Importo",
    Field("per_che_cosa", SHORT, "La spesa.", "what", "Impianti sui tetti pubblici"),
    Field("euro", EUROS, "Quanto.", "euros", 120_000.0),
    Field("circa", FLAG, "Se la fonte dà una cifra arrotondata.", "is_about", False),
    Field("chi_paga", SHORT, "Chi mette il denaro.", "funder", "Regione Lombardia"),
    Field("a_che_punto", in_words(STANDINGS), "Non si sommano fra loro.", "standing", "assegnato"),
    Field("quando", SHORT, PARTIAL_DATE, "when_machines_read", "2024"),
)
QUESTION = Schema(
    "Domanda",
    Field("domanda", SHORT, "La domanda.", "question", "Come si aderisce?"),
    Field("risposta_html", BODY, "La risposta.", "body_html", "<p>Con una domanda allo sportello.</p>"),
)
INITIATIVE = Resource(
    "Iniziativa",
    *COMMON,
    Field("stato", in_words(STAGES), "A che punto è.", "stage", "attiva"),
    Field("stato_dal", maybe(DAY), "Da quando è a questo punto.", "stage_since", "2024-11-28"),
    Field("guida", SHORT, "Chi la guida.", "lead", "Consorzio.IT"),
    Field("con", many(SHORT), "Con quali altri enti.", "partner_names", ["Regione Lombardia"]),
    Field("contatti", nested(CONTACTS), "A chi rivolgersi.", whole_row),
    Field("si_sa", in_words(KNOWN), "Che cosa è pubblico di chi partecipa.", "known", "elenco"),
    Field(
        "quanti_comuni",
        maybe(WHOLE),
        "Quanti partecipano; assente se nessuno lo dice.",
        lambda row: row.count or None,
        31,
    ),
    Field("quanti_secondo", SHORT, "Da dove viene il numero, quando l’elenco non è pubblico.", "reported_by", ""),
    Field("partecipazioni", many(nested(PARTICIPATION)), "I Comuni che partecipano adesso.", "joined"),
    Field("gruppi", many(nested(GROUP)), "I gruppi in cui si dividono.", lambda row: row.groups.all()),
    Field("tappe", many(nested(MILESTONE)), "I passi fatti e da fare.", lambda row: row.milestones.all()),
    Field("importi", many(nested(AMOUNT)), "Il denaro, con chi lo mette.", lambda row: row.amounts.all()),
    Field("domande", many(nested(QUESTION)), "Domande e risposte.", lambda row: row.questions.all()),
)


# Deadlines


def audiences(deadline: Deadline) -> list[str]:
    return [name.lower() for name in deadline.audiences]


ANNOUNCEMENT = Schema(
    "DiChi",
    Field("numero", WHOLE, "Il numero di chi la annuncia.", "pk", 412),
    Field("tipo", ANY_KIND, "Che cosa è.", "kind", "comunicati"),
    Field("titolo", SHORT, "Il suo titolo.", "title", "Bando per i tetti solari"),
    Field("pagina", URL, "La sua pagina.", Publication.get_absolute_url, f"{SITE}/novita/comunicati/bando/"),
    Field("api", URL, "La stessa, qui.", api_address, f"{SITE}/api/v1/novita/412"),
)
DEADLINE = Resource(
    "Scadenza",
    Field(
        "id",
        URN,
        "Lo stesso per sempre, anche nei calendari.",
        "uid.urn",
        "urn:uuid:3f1b1c5e-6f0b-4d8e-9a53-0f7d2f6c1a2b",
    ),
    Field("tipo", one_of(*Deadline.Kind.values), "Scadenza o incontro.", "kind", "scadenza", width=14),
    Field("titolo", SHORT, "Che cosa.", "title", "Domande per il bando"),
    Field("stato", in_words(STATES), "Che ne è adesso.", lambda row: row.state(), "aperta", api_only=True),
    Field("apre_il", maybe(HOUR), "Da quando; di un incontro, l’inizio.", "opens_at", PUBLISHED),
    Field(
        "chiude_il", maybe(HOUR), "Fino a quando; di un incontro, la fine.", "closes_at", "2026-03-31T12:00:00+02:00"
    ),
    Field("tutto_il_giorno", FLAG, "Se conta il giorno e non l’ora.", "is_all_day", False),
    Field(
        "per",
        many(one_of(*Deadline.Audience.values)),
        "A chi serve.",
        audiences,
        ["imprese"],
        in_column="cittadini, imprese, comuni, associazioni.",
    ),
    Field("luogo", SHORT, "Dove, se c’è un luogo.", "place", ""),
    Field("collegamento", maybe(URL), "Dove si fa domanda o ci si unisce.", "url", f"{SITE}/domanda"),
    Field("annullata_il", maybe(HOUR), "Quando è stata annullata, se lo è.", "called_off_at"),
    Field("perche_annullata", SHORT, "Perché.", "called_off_why", ""),
    Field("sequenza", WHOLE, "Cresce a ogni cambiamento, come nei calendari.", "sequence", 0, api_only=True),
    Field("modificato_il", HOUR, "L’ora dell’ultimo cambiamento.", "updated_at", CORRECTED),
    labels("Di che cosa parla la pagina che la annuncia."),
    replace(COVERAGE, of="publication.coverage"),
    PLACES,
    Field(
        "pubblicazione",
        nested(ANNOUNCEMENT),
        "La novità o l’iniziativa che la annuncia.",
        "publication",
        columns=(
            Column("annunciata_da", SHORT, "Il titolo della pagina che la annuncia.", "publication.title"),
            Column("pagina", URL, "Dove se ne legge.", Deadline.get_absolute_url),
        ),
    ),
)


# Topics and Comuni

TOPIC = Resource(
    "Argomento",
    Field("slug", SLUG, "Come si chiede nel parametro «argomento».", "slug", "cer"),
    Field("nome", SHORT, "Il nome.", "name", "Comunità energetiche"),
    Field("sigla", SHORT, "La sigla, se c’è.", "acronym", "CER"),
    Field("per_esteso", SHORT, "La sigla sciolta.", "expansion", "Comunità energetica rinnovabile"),
    Field("in_breve", SHORT, "Che cosa vuol dire.", "summary", "Produrre e condividere energia pulita."),
    Field(
        "spiegazione_html",
        BODY,
        "La spiegazione intera.",
        "explanation",
        "<h2>Che cos’è</h2><p>Un gruppo di persone.</p>",
    ),
    Field(
        "nome_nazionale", SHORT, "Il nome nel vocabolario nazionale, se c’è.", "national_name", "Energie rinnovabili"
    ),
    Field("eurovoc", maybe(URL), "Il concetto di EuroVoc, se c’è.", "eurovoc_uri", "http://eurovoc.europa.eu/754"),
    Field("modificato_il", HOUR, "L’ora dell’ultimo cambiamento.", "updated_at", CORRECTED),
    page(Topic.get_absolute_url, "/argomenti/cer/"),
    own_address(lambda row: reverse("api:argomento", args=[row.slug]), "argomenti/cer"),
)
MUNICIPALITY = Resource(
    "Comune",
    Field("codice_istat", ISTAT_CODE, "Il codice ISTAT, sempre di sei cifre.", "istat_code", "019035"),
    Field("nome", SHORT, "Il nome.", "name", "Crema", width=26),
    Field("slug", SLUG, "Come si chiede nei feed.", "slug", "crema", api_only=True),
    Field("provincia", ABBREVIATION, "La sigla della provincia.", "province", "CR"),
    Field("nell_area", FLAG, "Se è uno dei 48.", "in_area", True, api_only=True),
    Field("abitanti", maybe(WHOLE), "Quanti abitano qui, se si sa.", "population", 34_144),
    Field("abitanti_al", maybe(DAY), "A che giorno si riferisce il numero.", "population_date", "2024-01-01"),
    Field("sito", maybe(URL), "Il sito del Comune.", "website", "https://www.comune.crema.cr.it/"),
    Field(
        "confine",
        maybe(GEOMETRY),
        "Geometria GeoJSON (RFC 7946). Confini e abitanti: ISTAT, CC BY.",
        "border",
        {"type": "Polygon", "coordinates": []},
    ),
    page(Municipality.get_absolute_url, "/comuni/crema/"),
    own_address(lambda row: reverse("api:comune", args=[row.istat_code]), "comuni/019035"),
)


# What a search finds

IN_OTHER_WORDS: dict[str, dict[str, Any]] = {
    "id": {"what": "Lo stesso per sempre."},
    "numero": {"what": "Lo stesso per sempre."},
    "tipo": {"what": f"{kinds.plurals(WITH_ENDPOINT, 'o').capitalize()}.", "type": ANY_KIND},
    "riguarda": {"what": "Dove vale, come nelle novità."},
}
MATCH = Resource(
    "Trovata",
    *(
        replace(NEWS.fields[name], **IN_OTHER_WORDS.get(name, {}))
        for name in "id numero tipo titolo in_breve pubblicato_il argomenti riguarda pagina api".split()
    ),
)


# What lists say beside their rows, and problems

WITHDRAWN = Schema(
    "Ritirata",
    Field("id", URN, "L’identificativo che aveva.", example=URN_EXAMPLE),
    Field(
        "ritirata_il", HOUR, "Quando è stata tolta: toglila anche dalla tua copia.", example="2026-03-05T10:00:00+01:00"
    ),
)
LICENSED = Field("licenza", URL, "La licenza dei dati.", example=LICENCE)
NEXT_PAGE = Field(
    "successiva",
    maybe(URL),
    "Dove continua l’elenco; null: finisce qui.",
    example=f"{SITE}/api/v1/novita?cursore=WyIyMDI2Il0.x7Qk",
)
WITHDRAWALS = Field(
    "ritirati", many(nested(WITHDRAWN)), "Con «modificati_da»: ciò che in questo tratto dell’elenco non c’è più."
)


def rows_of(resource: Resource, what: str) -> Field:
    return Field("dati", many(nested(resource)), what)


COPY = (LICENSED, NEXT_PAGE, WITHDRAWALS)
NEWS_LIST = Schema("ElencoNovita", *COPY, rows_of(NEWS, "Le novità, dalla più recente."))
INITIATIVE_LIST = Schema("ElencoIniziative", *COPY, rows_of(INITIATIVE, "Le iniziative, dalla più recente."))
DEADLINE_LIST = Schema("ElencoScadenze", *COPY, rows_of(DEADLINE, "Scadenze e incontri, dal più vicino."))
TOPIC_LIST = Schema("ElencoArgomenti", LICENSED, rows_of(TOPIC, "Gli argomenti, nell’ordine del portale."))
MUNICIPALITY_LIST = Schema("ElencoComuni", LICENSED, rows_of(MUNICIPALITY, "I 48 Comuni, in ordine alfabetico."))
MATCH_LIST = Schema(
    "Trovate", LICENSED, NEXT_PAGE, rows_of(MATCH, "Prima chi ha le parole nel titolo, poi dalla più recente.")
)
FAULT = Schema(
    "Errore",
    Field("parametro", SHORT, "Quale parametro.", example="limite"),
    Field("motivo", SHORT, "Perché non va.", example="scrivi un numero fino a 100."),
)
PROBLEM = Schema(
    "Problema",
    Field("type", SHORT, "Sempre «about:blank»: dice tutto lo stato.", example="about:blank"),
    Field("title", SHORT, "Che genere di problema è.", example="Parametri non validi"),
    Field("status", WHOLE, "Lo stato HTTP.", example=422),
    Field("detail", SHORT, "Che cosa è successo e che cosa fare.", example="Alcuni parametri non vanno."),
    Field("errori", many(nested(FAULT)), "Un motivo per ogni parametro che non va.", optional=True),
    description="RFC 9457.",
)
HEALTH = Schema(
    "Salute",
    Field("type", SHORT, "Sempre «about:blank».", example="about:blank"),
    Field("title", SHORT, "In una parola.", example="Funziona"),
    Field("status", WHOLE, "Lo stato HTTP.", example=200),
    Field("detail", SHORT, "In una frase.", example="Il servizio risponde."),
    description="RFC 9457 too, as the national guideline wants of /status.",
)
