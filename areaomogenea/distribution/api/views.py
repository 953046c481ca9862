"""The views of the API: each names its rows and how they are serialized."""

import json
from collections.abc import Iterable
from datetime import datetime
from operator import methodcaller
from typing import Any

from django.db import Error, connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse

from areaomogenea.deadlines.models import Deadline
from areaomogenea.identity.address import absolute_url
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication, columns
from areaomogenea.publishing.revisions import Revision
from areaomogenea.topics.models import Topic
from initiatives.models import Amount, Initiative, Milestone, Participation

from .. import resources
from ..feeds import identifier
from ..fields import Resource, hour
from ..licence import LICENCE
from .cursors import LATEST_FIRST, SOONEST_FIRST, TITLES_FIRST, Order, page
from .parameters import ListForm, MirrorForm, ParametersForm, existing
from .problems import AWAY, PROBLEM, Refused, problem

RELATED = ("topic_labels", "places", "documents", "corrections")
BODIES = {"testo_html", "testo"}


def news_list(request: HttpRequest, form: MirrorForm) -> HttpResponse:
    rows = with_related(Publication.objects.news().select_related("communique"), form)
    return mirrored_list(request, "novita", form, rows, resources.NEWS)


def news_item(request: HttpRequest, form: ParametersForm) -> HttpResponse:
    return one(with_related(Publication.objects.news().select_related("communique")), form, resources.NEWS)


def initiative_list(request: HttpRequest, form: MirrorForm) -> HttpResponse:
    rows = with_related(with_tables(Initiative.objects.all()), form)
    return mirrored_list(request, "iniziative", form, rows, resources.INITIATIVE)


def initiative(request: HttpRequest, form: ParametersForm) -> HttpResponse:
    return one(with_related(with_tables(Initiative.objects.all())), form, resources.INITIATIVE)


def deadline_list(request: HttpRequest, form: MirrorForm) -> HttpResponse:
    since = form.cleaned_data["modificati_da"]
    rows = form.narrow(Deadline.objects.with_labels())
    rows = changed_deadlines(rows, since) if since else rows.published()
    return listing(request, "scadenze", form, rows, SOONEST_FIRST, resources.DEADLINE)


def topic_list(request: HttpRequest, form: ParametersForm) -> HttpResponse:
    return whole_list(Topic.objects.all(), form, resources.TOPIC)


def topic(request: HttpRequest, form: ParametersForm) -> HttpResponse:
    row = existing(Topic.objects.named(form.cleaned_data["slug"]), "Questo argomento non esiste.")
    return answer(resources.TOPIC.serialize_whole(row, form.selected))


def municipality_list(request: HttpRequest, form: ParametersForm) -> HttpResponse:
    return whole_list(Municipality.objects.of_area(), form, resources.MUNICIPALITY)


def municipality(request: HttpRequest, form: ParametersForm) -> HttpResponse:
    row = existing(Municipality.objects.named(form.cleaned_data["codice_istat"]), "Questo Comune non c’è.")
    return answer(resources.MUNICIPALITY.serialize_whole(row, form.selected))


def search(request: HttpRequest, form: ListForm) -> HttpResponse:
    codes = [kind.code for kind in kinds.every() if kind.endpoint]
    rows = Publication.objects.published().filter(kind__in=codes).with_topics().defer("body")
    return listing(request, "cerca", form, rows.search(form.cleaned_data["q"]), TITLES_FIRST, resources.MATCH)


def health(request: HttpRequest, form: ParametersForm) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return problem(503, AWAY)
    body = {"type": "about:blank", "title": "Funziona", "status": 200, "detail": "Il servizio risponde."}
    response = answer(body)
    response["Content-Type"], response["Cache-Control"] = PROBLEM, "no-store"
    return response


def nowhere(request: HttpRequest, form: ParametersForm) -> HttpResponse:
    return problem(404, "Qui non c’è nulla: gli indirizzi sono nella documentazione.")


def with_related(publications: Any, form: ParametersForm | None = None) -> Any:
    """Publications with what their fields read beside the row, and without the body where nobody asks for it."""
    related = {name: columns()[name] for name in RELATED}
    publications = publications.with_picture().with_last_change().annotate(**related)
    return publications if form is None or BODIES & (form.selected or set()) else publications.defer("body")


def with_tables(initiatives: QuerySet) -> QuerySet:
    return initiatives.prefetch_related(
        "questions",
        "groups",
        Prefetch("participations", Participation.objects.with_places()),
        Prefetch("milestones", Milestone.objects.all()),
        Prefetch("amounts", Amount.objects.all()),
    )


def changed_deadlines(deadlines: QuerySet, since: datetime) -> QuerySet:
    """Deadlines that changed, or whose publication did: it may have come out or been withdrawn meanwhile."""
    seen = Publication.objects.once_published().filter(pk=OuterRef("publication"))
    changed = Q(updated_at__gte=since) | Exists(seen.changed_since(since))
    withdrawals = Revision.objects.withdrawals().filter(publication=OuterRef("publication")).order_by("-at")
    return deadlines.filter(changed, Exists(seen)).annotate(withdrawn_at=Subquery(withdrawals.values("at")[:1]))


def mirrored_list(request: HttpRequest, name: str, form: MirrorForm, rows: Any, resource: Resource) -> HttpResponse:
    rows, since = form.narrow(rows), form.cleaned_data["modificati_da"]
    rows = rows.once_published().changed_since(since) if since else rows.published()
    return listing(request, name, form, rows, LATEST_FIRST, resource)


def listing(
    request: HttpRequest, name: str, form: ListForm, rows: Any, order: Order, resource: Resource
) -> HttpResponse:
    rows, cursor = page(name, rows, order, form.cleaned_data["limite"], form.cleaned_data["cursore"])
    visible = [row for row in rows if publication_of(row).is_published()]
    body: dict[str, Any] = {"licenza": LICENCE, "dati": [resource.serialize(row, form.selected) for row in visible]}
    if form.is_mirrored:
        body["ritirati"] = [tombstone(row) for row in rows if row not in visible]
    body["successiva"] = next_page(request, form, cursor) if cursor else None
    return answer(body)


def publication_of(row: Any) -> Publication:
    """The publication that decides whether readers may see a row."""
    return row.publication if isinstance(row, Deadline) else row


def tombstone(row: Any) -> dict[str, Any]:
    """The line that is left of what was withdrawn, or put off: its hour is when readers last saw something change."""
    urn, publication = row.uid.urn if isinstance(row, Deadline) else identifier(row), publication_of(row)
    put_off_at = publication.updated_at if publication.status != publication.Status.WITHDRAWN else None
    return {"id": urn, "ritirata_il": hour(put_off_at or row.withdrawn_at)}


def next_page(request: HttpRequest, form: ParametersForm, cursor: str) -> str:
    query = form.query.copy()
    query["cursore"] = cursor
    return absolute_url(f"{request.path}?{query.urlencode()}")


def one(publications: Any, form: ParametersForm, resource: Resource) -> HttpResponse:
    row = publications.once_published().filter(pk=form.cleaned_data["numero"]).first()
    if not row:
        raise Refused(404, "Non c’è nulla con questo numero.")
    if not row.is_published():
        raise Refused(410, "È stata ritirata: toglila anche dalla tua copia.")
    return answer(resource.serialize_whole(row, form.selected))


def whole_list(rows: Iterable, form: ParametersForm, resource: Resource) -> HttpResponse:
    return answer({"licenza": LICENCE, "dati": [resource.serialize(row, form.selected) for row in rows]})


def answer(body: dict[str, Any]) -> HttpResponse:
    content = json.dumps(body, ensure_ascii=False, default=methodcaller("isoformat"))
    return HttpResponse(content, content_type="application/json")
