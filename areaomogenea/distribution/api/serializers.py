"""How each thing is told: for every field of its answer, what to read in the row. Only what is asked for is read."""

from datetime import UTC

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.timezone import is_naive, localtime

from areaomogenea.identity.address import absolute_url
from areaomogenea.prose.html import plain
from areaomogenea.publishing import kinds

from ..feeds import absolute, identifier
from .schemas import COVERAGES, KNOWN, STAGES, STANDINGS, STATES


class Serializer:
    """The fields of one kind of thing, by name, each a function of (row); `heavy` ones only for who asks."""

    def __init__(self, name, fields, heavy=()):
        self.name, self.fields = name, fields
        self.usual = [field for field in fields if field not in heavy]

    def tell(self, row, wanted):
        names = wanted | {self.name} if wanted else self.usual
        return {name: read(row) for name, read in self.fields.items() if name in names}

    def all(self, row, wanted):
        return self.tell(row, wanted or set(self.fields))


def hour(moment):
    if moment and is_naive(moment):
        moment = moment.replace(tzinfo=UTC)  # out of a JSON column SQLite does not say so
    return localtime(moment).isoformat() if moment else None


def iso_day(date):
    return date.isoformat() if date else None


def place(row):
    told = row if isinstance(row, dict) else vars(row)
    return {"codice_istat": told["istat_code"], "nome": told["name"], "nell_area": bool(told["in_area"])}


def labels(row):
    return [{"slug": topic["slug"], "nome": topic["name"]} for topic in row.topic_labels]


def picture(row):
    if not row.picture:
        return None
    largest = row.picture.urls[max(row.picture.urls)]
    credit = {"testo_alternativo": row.picture.alternative_text, "autore": row.picture.credit}
    return {"indirizzo": absolute_url(largest)} | credit


def documents(row):
    return [
        {
            "nome": document["name"],
            "descrizione": document["description"],
            "indirizzo": absolute_url(default_storage.url(document["file"])),
            "formato": document["kind"],
            "byte": document["size"],
        }
        for document in row.documents
    ]


def corrections(row):
    return [{"quando": hour(told["at"]), "che_cosa": told["comment"]} for told in row.corrections_told]


def api_address(row):
    return reverse(f"api:{kinds.get(row.kind).endpoint}", args=[row.pk])


PUBLISHED = {
    "id": lambda row: identifier(row),
    "numero": lambda row: row.pk,
    "titolo": lambda row: row.title,
    "in_breve": lambda row: row.summary,
    "testo_html": lambda row: absolute(row.body),
    "testo": lambda row: plain(row.body),
    "pubblicato_il": lambda row: hour(row.publish_at),
    "modificato_il": lambda row: hour(row.changed_at),
    "argomenti": labels,
    "riguarda": lambda row: COVERAGES[row.coverage],
    "comuni": lambda row: [place(one) for one in row.places],
    "vale_fino_a": lambda row: hour(row.expires_at),
    "immagine": picture,
    "allegati": documents,
    "correzioni": corrections,
    "pagina": lambda row: absolute_url(row.get_absolute_url()),
    "api": lambda row: absolute_url(api_address(row)),
}
TEXTS = ("testo_html", "testo")


def source(row):
    own = row.communique
    told = {"nome": own.source_name, "indirizzo": own.source_url or None, "licenza": own.source_licence}
    return told if own.source_name else None


NEWS = Serializer(
    "id",
    PUBLISHED
    | {
        "tipo": lambda row: row.kind,
        "sottotitolo": lambda row: row.communique.subtitle,
        "a_cura_di": lambda row: row.communique.office,
        "protocollo": lambda row: row.communique.number,
        "data_del_documento": lambda row: iso_day(row.communique.dated),
        "fonte": source,
    },
    heavy=TEXTS,
)


def contacts(row):
    return {
        "ufficio": row.contact_office,
        "come": row.contact_text,
        "email": row.contact_email,
        "telefono": row.contact_phone,
    }


def participations(row):
    return [
        {"comune": place(one.municipality), "dal": iso_day(one.since), "gruppo": one.group and one.group.name}
        for one in row.joined
    ]


def groups(row):
    return [
        {"nome": one.name, "presidente": one.president, "sito": one.website or None, "avvertenza": one.note}
        for one in row.groups.all()
    ]


def milestones(row):
    return [
        {"che_cosa": one.title, "quando": one.when_machines_read, "fatta": one.is_done} for one in row.milestones.all()
    ]


def amounts(row):
    return [
        {
            "per_che_cosa": one.what,
            "euro": float(one.euros),
            "circa": one.is_about,
            "chi_paga": one.funder,
            "a_che_punto": STANDINGS[one.standing],
            "quando": one.when_machines_read,
        }
        for one in row.amounts.all()
    ]


def questions(row):
    return [{"domanda": one.question, "risposta_html": absolute(one.body_html)} for one in row.questions.all()]


INITIATIVES = Serializer(
    "id",
    PUBLISHED
    | {
        "stato": lambda row: STAGES[row.stage],
        "stato_dal": lambda row: iso_day(row.stage_since),
        "guida": lambda row: row.lead,
        "con": lambda row: row.partner_names,
        "contatti": contacts,
        "si_sa": lambda row: KNOWN[row.known],
        "quanti_comuni": lambda row: row.count or None,
        "quanti_secondo": lambda row: row.reported_by,
        "partecipazioni": participations,
        "gruppi": groups,
        "tappe": milestones,
        "importi": amounts,
        "domande": questions,
    },
    heavy=TEXTS,
)


def announcing(row):
    of = row.publication
    told = {"numero": of.pk, "tipo": of.kind, "titolo": of.title}
    return told | {"pagina": absolute_url(of.get_absolute_url()), "api": absolute_url(api_address(of))}


DEADLINES = Serializer(
    "id",
    {
        "id": lambda row: row.uid.urn,
        "tipo": lambda row: row.kind,
        "titolo": lambda row: row.title,
        "stato": lambda row: STATES[row.state()],
        "apre_il": lambda row: hour(row.opens_at),
        "chiude_il": lambda row: hour(row.closes_at),
        "tutto_il_giorno": lambda row: row.is_all_day,
        "per": lambda row: [name.lower() for name in row.audiences],
        "luogo": lambda row: row.place,
        "collegamento": lambda row: row.url or None,
        "annullata_il": lambda row: hour(row.called_off_at),
        "perche_annullata": lambda row: row.called_off_why,
        "sequenza": lambda row: row.sequence,
        "modificato_il": lambda row: hour(row.updated_at),
        "argomenti": labels,
        "riguarda": lambda row: COVERAGES[row.publication.coverage],
        "comuni": lambda row: [place(one) for one in row.places],
        "pubblicazione": announcing,
    },
)
TOPICS = Serializer(
    "slug",
    {
        "slug": lambda row: row.slug,
        "nome": lambda row: row.name,
        "sigla": lambda row: row.acronym,
        "per_esteso": lambda row: row.expansion,
        "in_breve": lambda row: row.summary,
        "spiegazione_html": lambda row: absolute(row.explanation),
        "nome_nazionale": lambda row: row.national_name,
        "eurovoc": lambda row: row.eurovoc_uri or None,
        "modificato_il": lambda row: hour(row.updated_at),
        "pagina": lambda row: absolute_url(row.get_absolute_url()),
        "api": lambda row: absolute_url(reverse("api:argomento", args=[row.slug])),
    },
    heavy=("spiegazione_html",),
)
MUNICIPALITIES = Serializer(
    "codice_istat",
    {
        "codice_istat": lambda row: row.istat_code,
        "nome": lambda row: row.name,
        "slug": lambda row: row.slug,
        "provincia": lambda row: row.province,
        "nell_area": lambda row: row.in_area,
        "abitanti": lambda row: row.population,
        "abitanti_al": lambda row: iso_day(row.population_date),
        "sito": lambda row: row.website or None,
        "confine": lambda row: row.border,
        "pagina": lambda row: absolute_url(row.get_absolute_url()),
        "api": lambda row: absolute_url(reverse("api:comune", args=[row.istat_code])),
    },
    heavy=("confine",),
)
FOUND = Serializer(
    "id",
    {
        name: NEWS.fields[name]
        for name in (
            "id",
            "numero",
            "tipo",
            "titolo",
            "in_breve",
            "pubblicato_il",
            "argomenti",
            "riguarda",
            "pagina",
            "api",
        )
    },
)
