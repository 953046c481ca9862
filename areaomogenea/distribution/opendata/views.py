"""Pages that tell of the datasets, their files, and the catalogue for machines."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, quote_etag
from django.utils.text import Truncator, slugify
from django.views.decorators.http import require_safe

from areaomogenea.identity.address import absolute_url
from areaomogenea.identity.models import Identity

from ..embeds import for_everybody
from ..fields import CODE
from ..responses import refused
from .datasets import DATASETS, Column, Dataset
from .publisher import shape
from .writers import BETWEEN, FORMS, as_text, metadata_of

SAMPLE = 5  # rows that a page shows
LONGEST, LONGEST_CODE = 90, 17  # letters of a value among them


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A page for people: what there is, and on which terms."""
    cards = [
        {"dataset": dataset, "downloads": downloads(dataset), "changed_at": dataset.changed_at()}
        for dataset in DATASETS.values()
    ]
    return render(
        request, "distribution/open_data.html", {"cards": cards, "origin": absolute_url(""), "between": BETWEEN}
    )


@require_safe
def dataset(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """A page on one dataset: what is in it, with real rows, and how to take it away."""
    rows = dataset.rows()[:SAMPLE]
    context = {
        "dataset": dataset,
        "downloads": downloads(dataset),
        "sample": [[as_cell(column, row) for column in dataset.columns] for row in rows],
        "number": dataset.rows().count(),
        "changed_at": dataset.changed_at(),
        "today": timezone.localdate(),
        "origin": absolute_url(""),
        "between": BETWEEN,
    }
    return render(request, "distribution/open_data_set.html", context)


def downloads(dataset: Dataset) -> list[dict[str, str]]:
    """Its files, one for each format: name, media_type, path, and what it is good for."""
    forms = [(FORMS[form], dataset.file(form), dataset.good_for.get(form)) for form in dataset.formats]
    return [
        {"name": form.name, "media_type": form.media_type, "path": path, "good_for": good_for or form.good_for}
        for form, path, good_for in forms
    ]


def as_cell(column: Column, row: Model) -> str:
    value = column.read(row)
    longest = LONGEST_CODE if column.kind == CODE else LONGEST
    return "–" if value in (None, "", []) else Truncator(as_text(value)).chars(longest)


@for_everybody
def file(request: HttpRequest, dataset: Dataset, form: str) -> HttpResponseBase:
    """A file of the whole dataset as it is published now; for who has it already nothing is made."""
    if request.GET:
        return refused(f"Un file non ha parametri: togli «{next(iter(request.GET))[:40]}». Per una parte c’è l’API.")
    who, changed_at = Identity.current(), dataset.changed_at()
    make = partial(answer, request, dataset, form, who, changed_at)
    return unless_known(request, who, changed_at, make)


def answer(request: HttpRequest, dataset: Dataset, form: str, who: Identity, changed_at: datetime) -> HttpResponseBase:
    if request.method == "HEAD":
        response = StreamingHttpResponse((), content_type=FORMS[form].content_type)  # one that says no length
    else:
        response = FORMS[form].answer(dataset, metadata_of(dataset, who, changed_at))
        response["Content-Type"] = FORMS[form].content_type
    name = f"{dataset.name}-{slugify(who.name)}.{form}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@for_everybody
def tell_catalogue(request: HttpRequest, form: str) -> HttpResponseBase:
    if request.GET:
        return refused(f"Il catalogo non ha parametri: togli «{next(iter(request.GET))[:40]}».")
    who, changes = Identity.current(), {dataset.name: dataset.changed_at() for dataset in DATASETS.values()}

    def make() -> HttpResponse:
        from . import catalogue

        text = catalogue.WRITERS[form](catalogue.catalogue_graph(who, changes))
        return HttpResponse(text, content_type=catalogue.TYPES[form])

    return unless_known(request, who, max((at for at in changes.values() if at), default=None), make)


def unless_known(
    request: HttpRequest, who: Identity, changed_at: datetime | None, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """The response with the hour of the newest change and a tag: a 304 for who holds this state of this address."""
    state = "\n".join([absolute_url(request.path), str(changed_at), shape(who)])
    etag = quote_etag(hashlib.sha256(state.encode()).hexdigest()[:32])
    # Within its own second something else may still change, and the hour that is told would stay the same.
    is_settled = changed_at and timezone.now() - changed_at > timedelta(seconds=1)
    seconds = int(changed_at.timestamp()) if is_settled else None
    response = get_conditional_response(request, etag=etag, last_modified=seconds) or make()
    response["ETag"] = etag
    if seconds:
        response["Last-Modified"] = http_date(seconds)
    response["Access-Control-Expose-Headers"] = "Content-Disposition, ETag"
    return response


@for_everybody
def nowhere(request: HttpRequest, name: str, form: str) -> HttpResponse:
    if not (dataset := DATASETS.get(name)):
        there = ", ".join(DATASETS)
        return refused(
            f"Un insieme di dati «{name[:40]}» non c’è. Ci sono: {there}. Elenco: {reverse('opendata:index')}", 404
        )
    there = ", ".join(dataset.formats)
    return refused(f"«{name}» non c’è in questo formato. C’è in: {there}.", 404)
