"""What is answered, field by field: the OpenAPI document is made from this, and tests hold every answer against it."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from areaomogenea.deadlines.models import Deadline
from areaomogenea.publishing import kinds

from ..licence import LICENCE

Whole = Annotated[int, Field(ge=0, le=2**31 - 1, json_schema_extra={"format": "int32"})]
Euros = Annotated[float, Field(gt=0, json_schema_extra={"format": "double"})]
Url = Annotated[str, Field(max_length=2000, json_schema_extra={"format": "uri"})]
Html = Annotated[str, Field(max_length=1_000_000)]
Short = Annotated[str, Field(max_length=300)]
Long = Annotated[str, Field(max_length=100_000)]
Istat = Annotated[str, Field(pattern=r"^[0-9]{6}$", max_length=6)]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]+$", max_length=120)]
Urn = Annotated[str, Field(pattern="^urn:uuid:[0-9a-f-]{36}$", max_length=45)]
Kind = Literal[tuple(kinds.codes(kinds.Group.NEWS))]
AnyKind = Literal[tuple(kind.code for kind in kinds.every() if kind.endpoint)]
# Italian for the codes that the house keeps in English.
COVERAGES = {"these": "comuni", "area": "area", "nowhere": "nessun luogo", "": "non detto"}
STAGES = {"proposed": "proposta", "active": "attiva", "completed": "conclusa", "stopped": "fermata"}
KNOWN = {"list": "elenco", "partial": "elenco incompleto", "count": "solo il numero"}
STANDINGS = {"planned": "previsto", "granted": "assegnato", "spent": "speso"}
STATES = {"called_off": "annullata", "ahead": "futura", "open": "aperta", "closed": "chiusa"}


class Answer(Schema):
    model_config = ConfigDict(extra="forbid")


def told(what, example=None):
    return Field(description=what, examples=None if example is None else [example])


def maybe(what, example=None):
    """Of a field that is absent when it was not asked for."""
    return Field(None, description=what, examples=None if example is None else [example])


class Etichetta(Answer):
    slug: Slug = told("Come si chiede nel parametro «argomento».", "cer")
    nome: Short = told("Il nome.", "Comunità energetiche")


class Luogo(Answer):
    codice_istat: Istat = told("Il codice ISTAT, sempre di sei cifre.", "019035")
    nome: Short = told("Il nome del Comune.", "Crema")
    nell_area: bool = told("Se è uno dei 48.", True)


class Immagine(Answer):
    indirizzo: Url = told("WebP, la più grande che c’è.", "https://example.org/file/immagini/2026/piazza-1280.webp")
    testo_alternativo: Short = told("Che cosa mostra.", "La piazza del Duomo")
    autore: Short = told("A chi va attribuita.", "Archivio del Comune")


class Allegato(Answer):
    nome: Short = told("Come si chiama.", "Il bando")
    descrizione: Short = told("Che cosa contiene.", "Requisiti, importi e modulo di domanda")
    indirizzo: Url = told("Dove si scarica.", "https://example.org/file/documenti/2026/bando.pdf")
    formato: Short = told("PDF, ODT, CSV…", "PDF")
    byte: Whole = told("Quanto pesa.", 183_212)


class Correzione(Answer):
    quando: datetime = told("Quando è stata fatta.", "2026-03-02T11:30:00+01:00")
    che_cosa: Short = told("Che cosa era sbagliato.", "La data dell’incontro è il 9 marzo.")


class Fonte(Answer):
    nome: Short = told("Il giornale o il sito.", "La Provincia")
    indirizzo: Url | None = told("Dove sta l’originale.", "https://example.org/articolo")
    licenza: Short = told("A quali condizioni è ripreso; vuoto: valgono le sue, non le nostre.", "")


class Pubblicata(Answer):
    """What news and initiatives have in common."""

    id: Urn = told("Lo stesso per sempre, anche nei feed.", "urn:uuid:3f1b1c5e-6f0b-5d8e-9a53-0f7d2f6c1a2b")
    numero: Whole = maybe("Lo stesso per sempre: serve a chiederla da sola.", 412)
    titolo: Short = maybe("Il titolo.", "Otto comunità energetiche per 48 Comuni")
    in_breve: Short = maybe("Una o due frasi che dicono il punto.", "Gli sportelli aprono il 4 marzo.")
    testo_html: Html = maybe("Il testo, in HTML pulito e con indirizzi completi.", "<p>Gli sportelli aprono.</p>")
    testo: Html = maybe("Lo stesso, senza HTML: una riga per capoverso.", "Gli sportelli aprono.")
    pubblicato_il: datetime = maybe("L’ora di pubblicazione.", "2026-03-01T09:00:00+01:00")
    modificato_il: datetime = maybe("L’ora dell’ultimo cambiamento.", "2026-03-02T11:30:00+01:00")
    argomenti: list[Etichetta] = maybe("Di che cosa parla.")
    riguarda: Literal[tuple(COVERAGES.values())] = maybe(
        "Dove vale: nei «comuni» che nomina, in tutta l’area, in nessun luogo in particolare; o nessuno l’ha detto.",
        "area",
    )
    comuni: list[Luogo] = maybe("I Comuni che nomina; se nessuno, lo spiega «riguarda».")
    vale_fino_a: datetime | None = maybe(
        "Quando smette di valere, se lo dice; un giorno intero finisce alle 23:59:59.", "2026-03-31T23:59:59+02:00"
    )
    immagine: Immagine | None = maybe("L’immagine in testa.")
    allegati: list[Allegato] = maybe("I documenti da scaricare.")
    correzioni: list[Correzione] = maybe("Gli errori corretti, dal più recente.")
    pagina: Url = maybe("La pagina per le persone.", "https://example.org/novita/comunicati/otto-comunita/")
    api: Url = maybe("La stessa cosa da sola, qui.", "https://example.org/api/v1/novita/412")


class Novita(Pubblicata):
    tipo: Kind = maybe("Notizie, comunicati o avvisi.", "comunicati")
    sottotitolo: Short = maybe("Sotto il titolo, se c’è.", "")
    a_cura_di: Short = maybe("L’ufficio che l’ha scritta, se lo dice.", "Ufficio energia")
    protocollo: Short = maybe("Il numero di protocollo o di serie, se c’è.", "")
    data_del_documento: date | None = maybe(
        "La data che il testo porta, se ne porta una; quando è uscita qui lo dice «pubblicato_il».", "2026-02-27"
    )
    fonte: Fonte | None = maybe("Da dove è tratta, se non è nostra.")


class Contatti(Answer):
    ufficio: Short = told("A chi rivolgersi.", "Sportello energia")
    come: Long = told("Orari, luogo.", "Il martedì mattina")
    email: Short = told("La posta elettronica.", "energia@example.org")
    telefono: Short = told("Il telefono.", "0373 000000")


class Gruppo(Answer):
    nome: Short = told("Il nome.", "CER Nord")
    presidente: Short = told("Chi la presiede.", "")
    sito: Url | None = told("Il sito, se c’è.", "https://example.org/cer-nord")
    avvertenza: Short = told("Ciò che non è certo.", "")


class Partecipazione(Answer):
    comune: Luogo = told("Chi partecipa.")
    dal: date | None = told("Da quando, se si sa.", "2024-11-28")
    gruppo: Short | None = told("In quale gruppo, se ce ne sono.", "CER Nord")


class Tappa(Answer):
    che_cosa: Short = told("Il passo.", "Costituite le prime otto comunità")
    quando: Short = told("2024-11-28, 2024-11 o 2024, quanto se ne sa; vuoto: non si sa.", "2024-11")
    fatta: bool = told("Se è già avvenuta.", True)


class Importo(Answer):
    per_che_cosa: Short = told("La spesa.", "Impianti sui tetti pubblici")
    euro: Euros = told("Quanto.", 120_000.0)
    circa: bool = told("Se la fonte dà una cifra arrotondata.", False)
    chi_paga: Short = told("Chi mette il denaro.", "Regione Lombardia")
    a_che_punto: Literal[tuple(STANDINGS.values())] = told("Non si sommano fra loro.", "assegnato")
    quando: Short = told("2024-11-28, 2024-11 o 2024, quanto se ne sa; vuoto: non si sa.", "2024")


class Domanda(Answer):
    domanda: Short = told("La domanda.", "Come si aderisce?")
    risposta_html: Html = told("La risposta.", "<p>Con una domanda allo sportello.</p>")


class Iniziativa(Pubblicata):
    stato: Literal[tuple(STAGES.values())] = maybe("A che punto è.", "attiva")
    stato_dal: date | None = maybe("Da quando è a questo punto.", "2024-11-28")
    guida: Short = maybe("Chi la guida.", "Consorzio.IT")
    con: list[Short] = maybe("Con quali altri enti.", ["Regione Lombardia"])
    contatti: Contatti = maybe("A chi rivolgersi.")
    si_sa: Literal[tuple(KNOWN.values())] = maybe("Che cosa è pubblico di chi partecipa.", "elenco")
    quanti_comuni: Whole | None = maybe("Quanti partecipano; assente se nessuno lo dice.", 31)
    quanti_secondo: Short = maybe("Da dove viene il numero, quando l’elenco non è pubblico.", "")
    partecipazioni: list[Partecipazione] = maybe("I Comuni che partecipano adesso.")
    gruppi: list[Gruppo] = maybe("I gruppi in cui si dividono.")
    tappe: list[Tappa] = maybe("I passi fatti e da fare.")
    importi: list[Importo] = maybe("Il denaro, con chi lo mette.")
    domande: list[Domanda] = maybe("Domande e risposte.")


class DiChi(Answer):
    numero: Whole = told("Il numero di chi la annuncia.", 412)
    tipo: AnyKind = told("Che cosa è.", "comunicati")
    titolo: Short = told("Il suo titolo.", "Bando per i tetti solari")
    pagina: Url = told("La sua pagina.", "https://example.org/novita/comunicati/bando/")
    api: Url = told("La stessa, qui.", "https://example.org/api/v1/novita/412")


class Scadenza(Answer):
    id: Urn = told("Lo stesso per sempre, anche nei calendari.", "urn:uuid:3f1b1c5e-6f0b-4d8e-9a53-0f7d2f6c1a2b")
    tipo: Literal[tuple(Deadline.Kind.values)] = maybe("Scadenza o incontro.", "scadenza")
    titolo: Short = maybe("Che cosa.", "Domande per il bando")
    stato: Literal[tuple(STATES.values())] = maybe("Che ne è adesso.", "aperta")
    apre_il: datetime | None = maybe("Da quando; di un incontro, l’inizio.", "2026-03-01T09:00:00+01:00")
    chiude_il: datetime | None = maybe("Fino a quando; di un incontro, la fine.", "2026-03-31T12:00:00+02:00")
    tutto_il_giorno: bool = maybe("Se conta il giorno e non l’ora.", False)
    per: list[Literal[tuple(Deadline.Audience.values)]] = maybe("A chi serve.", ["imprese"])
    luogo: Short = maybe("Dove, se c’è un luogo.", "")
    collegamento: Url | None = maybe("Dove si fa domanda o ci si unisce.", "https://example.org/domanda")
    annullata_il: datetime | None = maybe("Quando è stata annullata, se lo è.")
    perche_annullata: Short = maybe("Perché.", "")
    sequenza: Whole = maybe("Cresce a ogni cambiamento, come nei calendari.", 0)
    modificato_il: datetime = maybe("L’ora dell’ultimo cambiamento.", "2026-03-02T11:30:00+01:00")
    argomenti: list[Etichetta] = maybe("Di che cosa parla la pagina che la annuncia.")
    riguarda: Literal[tuple(COVERAGES.values())] = maybe(
        "Dove vale: nei «comuni» che nomina, in tutta l’area, in nessun luogo in particolare; o nessuno l’ha detto.",
        "area",
    )
    comuni: list[Luogo] = maybe("I Comuni che nomina; se nessuno, lo spiega «riguarda».")
    pubblicazione: DiChi = maybe("La novità o l’iniziativa che la annuncia.")


class Argomento(Answer):
    slug: Slug = told("Come si chiede nel parametro «argomento».", "cer")
    nome: Short = maybe("Il nome.", "Comunità energetiche")
    sigla: Short = maybe("La sigla, se c’è.", "CER")
    per_esteso: Short = maybe("La sigla sciolta.", "Comunità energetica rinnovabile")
    in_breve: Short = maybe("Che cosa vuol dire.", "Produrre e condividere energia pulita.")
    spiegazione_html: Html = maybe("La spiegazione intera.", "<h2>Che cos’è</h2><p>Un gruppo di persone.</p>")
    nome_nazionale: Short = maybe("Il nome nel vocabolario nazionale, se c’è.", "Energie rinnovabili")
    eurovoc: Url | None = maybe("Il concetto di EuroVoc, se c’è.", "http://eurovoc.europa.eu/754")
    modificato_il: datetime = maybe("L’ora dell’ultimo cambiamento.", "2026-03-02T11:30:00+01:00")
    pagina: Url = maybe("La pagina per le persone.", "https://example.org/argomenti/cer/")
    api: Url = maybe("La stessa cosa da sola, qui.", "https://example.org/api/v1/argomenti/cer")


class Comune(Answer):
    codice_istat: Istat = told("Il codice ISTAT, sempre di sei cifre.", "019035")
    nome: Short = maybe("Il nome.", "Crema")
    slug: Slug = maybe("Come si chiede nei feed.", "crema")
    provincia: Short = maybe("La sigla della provincia.", "CR")
    nell_area: bool = maybe("Se è uno dei 48.", True)
    abitanti: Whole | None = maybe("Quanti abitano qui, se si sa.", 34_144)
    abitanti_al: date | None = maybe("A che giorno si riferisce il numero.", "2024-01-01")
    sito: Url | None = maybe("Il sito del Comune.", "https://www.comune.crema.cr.it/")
    confine: dict | None = maybe(
        "Geometria GeoJSON (RFC 7946). Confini e abitanti: ISTAT, CC BY.", {"type": "Polygon", "coordinates": []}
    )
    pagina: Url = maybe("La pagina per le persone.", "https://example.org/comuni/crema/")
    api: Url = maybe("La stessa cosa da sola, qui.", "https://example.org/api/v1/comuni/019035")


class Trovata(Answer):
    id: Urn = told("Lo stesso per sempre.", "urn:uuid:3f1b1c5e-6f0b-5d8e-9a53-0f7d2f6c1a2b")
    numero: Whole = maybe("Lo stesso per sempre.", 412)
    tipo: AnyKind = maybe("Notizie, comunicati, avvisi o iniziative.", "comunicati")
    titolo: Short = maybe("Il titolo.", "Otto comunità energetiche per 48 Comuni")
    in_breve: Short = maybe("Una o due frasi che dicono il punto.", "Gli sportelli aprono il 4 marzo.")
    pubblicato_il: datetime = maybe("L’ora di pubblicazione.", "2026-03-01T09:00:00+01:00")
    argomenti: list[Etichetta] = maybe("Di che cosa parla.")
    riguarda: Literal[tuple(COVERAGES.values())] = maybe("Dove vale, come nelle novità.", "area")
    pagina: Url = maybe("La pagina per le persone.", "https://example.org/novita/comunicati/otto-comunita/")
    api: Url = maybe("La stessa cosa da sola, qui.", "https://example.org/api/v1/novita/412")


class Ritirata(Answer):
    id: Urn = told("L’identificativo che aveva.", "urn:uuid:3f1b1c5e-6f0b-5d8e-9a53-0f7d2f6c1a2b")
    ritirata_il: datetime = told("Quando è stata tolta: toglila anche dalla tua copia.", "2026-03-05T10:00:00+01:00")


class Elenco(Answer):
    licenza: Url = told("La licenza dei dati.", LICENCE)


class Pagina(Elenco):
    successiva: Url | None = told(
        "Dove continua l’elenco; null: finisce qui.", "https://example.org/api/v1/novita?cursore=WyIyMDI2Il0.x7Qk"
    )


class Copia(Pagina):
    ritirati: list[Ritirata] = told("Con «modificati_da»: ciò che in questo tratto dell’elenco non c’è più.")


class ElencoNovita(Copia):
    dati: list[Novita] = told("Le novità, dalla più recente.")


class ElencoIniziative(Copia):
    dati: list[Iniziativa] = told("Le iniziative, dalla più recente.")


class ElencoScadenze(Copia):
    dati: list[Scadenza] = told("Scadenze e incontri, dal più vicino.")


class ElencoArgomenti(Elenco):
    dati: list[Argomento] = told("Gli argomenti, nell’ordine del portale.")


class ElencoComuni(Elenco):
    dati: list[Comune] = told("I 48 Comuni, in ordine alfabetico.")


class Trovate(Pagina):
    dati: list[Trovata] = told("Prima chi ha le parole nel titolo, poi dalla più recente.")


class Errore(Answer):
    parametro: Short = told("Quale parametro.", "limite")
    motivo: Short = told("Perché non va.", "scrivi un numero fino a 100.")


class Problema(Answer):
    """RFC 9457."""

    type: Short = told("Sempre «about:blank»: dice tutto lo stato.", "about:blank")
    title: Short = told("Che genere di problema è.", "Parametri non validi")
    status: Whole = told("Lo stato HTTP.", 422)
    detail: Short = told("Che cosa è successo e che cosa fare.", "Alcuni parametri non vanno.")
    errori: list[Errore] = maybe("Un motivo per ogni parametro che non va.")


class Salute(Answer):
    """RFC 9457 too, as the national guideline wants of /status."""

    type: Short = told("Sempre «about:blank».", "about:blank")
    title: Short = told("In una parola.", "Funziona")
    status: Whole = told("Lo stato HTTP.", 200)
    detail: Short = told("In una frase.", "Il servizio risponde.")
