"""The doors of the API: each names its rows and how they are told."""

import logging
from typing import get_type_hints

from django.db import DatabaseError, connection
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.http import JsonResponse
from ninja import NinjaAPI, Path, Query
from ninja.errors import HttpError, ValidationError

from areaomogenea.deadlines.models import Deadline
from areaomogenea.identity.address import absolute_url
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication, columns
from areaomogenea.publishing.revisions import Revision
from areaomogenea.topics.models import Topic
from initiatives.models import Amount, Initiative, Milestone, Participation

from ..feeds import identifier
from ..licence import LICENCE
from . import parameters, schemas, serializers
from .cursors import Agenda, Found, River, page
from .problems import Refused, not_understood, problem

VERSION = "1.0.0"
BESIDE = ("topic_labels", "places", "documents", "corrections")
TEXTS = {"testo_html", "testo"}
log = logging.getLogger(__name__)
PARAMETERS = {}  # what each door may be asked, by its name: ninja would ignore all else
api = NinjaAPI(version=VERSION, urls_namespace="api", openapi_url=None, docs_url=None)


def door(path, answer, tag, **more):
    """A GET of the API; its docstring is what the documentation says: a line, then more."""

    def register(view):
        summary, _, description = view.__doc__.partition("\n")
        summary = summary.strip().rstrip(".")
        told = {"summary": summary, "description": " ".join(description.split()) or summary}
        asked = get_type_hints(view).get("asked")
        PARAMETERS[view.__name__] = set(asked.model_fields) if asked else set()
        names = {"operation_id": view.__name__, "url_name": view.__name__}
        return api.get(path, response=answer, tags=[tag], **told, **names, **more)(view)

    return register


@door("/novita", schemas.ElencoNovita, "Novità")
def novita(request, asked: Query[parameters.NewsAsked]):
    """Le novità dell’Area.

    Dalla più recente, a pagine. Con «modificati_da» tieni una copia: chiedi ogni volta ciò che è cambiato dall’ora
    in cui avevi cominciato il giro prima, e togli ciò che trovi in «ritirati». Il testo intero arriva se lo chiedi
    con «campi».
    """
    wanted = Publication.objects.news().select_related("communique")
    return mirrored(request, "novita", asked, with_all(wanted, asked), serializers.NEWS)


@door("/novita/{numero}", schemas.Novita, "Novità")
def una_novita(request, numero: Path[parameters.RowNumber], asked: Query[parameters.OneOfNewsAsked]):
    """Una novità, con il testo intero."""
    wanted = with_all(Publication.objects.news().select_related("communique"))
    return one(request, wanted, numero, asked, serializers.NEWS)


@door("/iniziative", schemas.ElencoIniziative, "Iniziative")
def iniziative(request, asked: Query[parameters.InitiativesAsked]):
    """Le iniziative comuni, con chi partecipa.

    Dalla più recente, a pagine. «modificati_da» e «ritirati» funzionano come per le novità.
    """
    wanted = with_tables(Initiative.objects.all())
    return mirrored(request, "iniziative", asked, with_all(wanted, asked), serializers.INITIATIVES)


@door("/iniziative/{numero}", schemas.Iniziativa, "Iniziative")
def iniziativa(request, numero: Path[parameters.RowNumber], asked: Query[parameters.OneInitiativeAsked]):
    """Un’iniziativa, con il testo intero."""
    return one(request, with_all(with_tables(Initiative.objects.all())), numero, asked, serializers.INITIATIVES)


@door("/scadenze", schemas.ElencoScadenze, "Scadenze")
def scadenze(request, asked: Query[parameters.DeadlinesAsked]):
    """Scadenze e incontri.

    Dal più vicino, a pagine: quelli non ancora finiti, o quelli che dice «quando». Con «modificati_da» chiedi
    «quando=tutte»: anche ciò che è passato può essere cambiato.
    """
    wanted = asked.narrow(Deadline.objects.with_labels())
    wanted = changed_deadlines(wanted, asked.modificati_da) if asked.modificati_da else wanted.published()
    return listing(request, "scadenze", asked, wanted, Agenda(), serializers.DEADLINES, of=lambda row: row.publication)


@door("/argomenti", schemas.ElencoArgomenti, "Argomenti")
def argomenti(request, asked: Query[parameters.TopicsAsked]):
    """Gli argomenti di cui si occupa l’Area.

    Tutti insieme: sono pochi.
    """
    return whole(request, Topic.objects.all(), asked, serializers.TOPICS)


@door("/argomenti/{slug}", schemas.Argomento, "Argomenti")
def argomento(request, slug: Path[parameters.TopicSlug], asked: Query[parameters.TopicsAsked]):
    """Un argomento, con la spiegazione intera."""
    row = parameters.known(Topic.objects.named(slug), "Questo argomento non esiste.")
    return answered(serializers.TOPICS.all(row, asked.wanted))


@door("/comuni", schemas.ElencoComuni, "Comuni")
def comuni(request, asked: Query[parameters.MunicipalitiesAsked]):
    """I 48 Comuni.

    Tutti insieme. Il confine, in GeoJSON, arriva se lo chiedi con «campi».
    """
    return whole(request, Municipality.objects.of_area(), asked, serializers.MUNICIPALITIES)


@door("/comuni/{codice_istat}", schemas.Comune, "Comuni")
def comune(request, codice_istat: Path[parameters.IstatCode], asked: Query[parameters.MunicipalitiesAsked]):
    """Un Comune, con il confine.

    Anche uno fuori dai 48, se partecipa a qualche iniziativa.
    """
    row = parameters.known(Municipality.objects.named(codice_istat), "Questo Comune non c’è.")
    return answered(serializers.MUNICIPALITIES.all(row, asked.wanted))


@door("/cerca", schemas.Trovate, "Ricerca")
def cerca(request, asked: Query[parameters.SearchAsked]):
    """Cerca fra novità e iniziative.

    Trova ciò che contiene tutte le parole, in ogni loro forma: prima chi le ha nel titolo, poi dalla più recente.
    """
    told = [kind.code for kind in kinds.every() if kind.endpoint]
    found = Publication.objects.published().filter(kind__in=told).search(asked.q)
    if not found.query.is_empty():
        found = found.annotate(in_title=F("in_title"))
    return listing(request, "cerca", asked, found.with_topics().defer("body"), Found(), serializers.FOUND)


@door("/status", schemas.Salute, "Servizio")
def status(request):
    """Se il servizio funziona.

    Non conta nel limite delle richieste.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return problem(503, "L’archivio non risponde: riprova fra poco.")
    told = {"type": "about:blank", "title": "Funziona", "status": 200, "detail": "Il servizio risponde."}
    return JsonResponse(told, content_type="application/problem+json", headers={"Cache-Control": "no-store"})


def with_all(publications, asked=None):
    """With what its fields read beside the row, and without the body where nobody asks for it."""
    beside = {name: columns()[name] for name in BESIDE}
    publications = publications.with_picture().with_last_change().annotate(**beside)
    return publications if asked is None or TEXTS & (asked.wanted or set()) else publications.defer("body")


def with_tables(initiatives):
    return initiatives.prefetch_related(
        "questions",
        "groups",
        Prefetch("participations", Participation.objects.with_places()),
        Prefetch("milestones", Milestone.objects.all()),
        Prefetch("amounts", Amount.objects.all()),
    )


def changed_deadlines(deadlines, since):
    """Those that changed, or whose publication did: it may have come out or been withdrawn meanwhile."""
    known = Publication.objects.once_published().filter(pk=OuterRef("publication"))
    changed = Q(updated_at__gte=since) | Exists(known.changed_since(since))
    withdrawals = Revision.objects.withdrawals().filter(publication=OuterRef("publication")).order_by("-at")
    return deadlines.filter(changed, Exists(known)).annotate(withdrawn_at=Subquery(withdrawals.values("at")[:1]))


def mirrored(request, name, asked, publications, telling):
    publications = asked.narrow(publications)
    if asked.modificati_da:
        publications = publications.once_published().changed_since(asked.modificati_da)
    else:
        publications = publications.published()
    return listing(request, name, asked, publications, River(), telling)


def listing(request, name, asked, found, way, telling, of=lambda row: row):
    """A page of a list; `of` leads from a row to the publication that decides whether it may be told."""
    found, following = page(name, found, way, asked.limite, asked.cursore)
    shown = [row for row in found if of(row).is_published()]
    told = {"licenza": LICENCE, "dati": [telling.tell(row, asked.wanted) for row in shown]}
    if isinstance(asked, parameters.Mirrored):
        told["ritirati"] = [gone(row, of(row)) for row in found if row not in shown]
    told["successiva"] = next_page(request, following) if following else None
    return answered(told)


def gone(row, publication):
    """Withdrawn, or put off: then readers last saw something change when it was."""
    known_as = row.uid.urn if isinstance(row, Deadline) else identifier(row)
    is_put_off = publication.status != publication.Status.WITHDRAWN and publication.updated_at
    return {"id": known_as, "ritirata_il": serializers.hour(publication.updated_at if is_put_off else row.withdrawn_at)}


def next_page(request, cursor):
    query = request.GET.copy()
    query["cursore"] = cursor
    return absolute_url(f"{request.path}?{query.urlencode()}")


def one(request, publications, number, asked, telling):
    row = publications.once_published().filter(pk=number).first()
    if not row:
        raise Refused(404, "Non c’è nulla con questo numero.")
    if not row.is_published():
        raise Refused(410, "È stata ritirata: toglila anche dalla tua copia.")
    return answered(telling.all(row, asked.wanted))


def whole(request, found, asked, telling):
    told = [telling.tell(row, asked.wanted) for row in found]
    return answered({"licenza": LICENCE, "dati": told})


def answered(told):
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@api.exception_handler(Refused)
def refused(request, exception):
    return problem(exception.status, exception.detail)


@api.exception_handler(ValidationError)
def invalid(request, exception):
    return not_understood(exception.errors)


@api.exception_handler(HttpError)
def http_error(request, exception):
    return problem(exception.status_code, str(exception))


@api.exception_handler(Exception)
def unexpected(request, exception):
    """For the door, which tells it and logs it."""
    raise exception
