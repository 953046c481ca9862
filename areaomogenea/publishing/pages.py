"""Pages of publications, each as the room of its kind makes it, so that a preview is that very page."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Model
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import resolve
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

from areaomogenea.library.body_images import resolve_pictures
from areaomogenea.naming.moves import moved
from areaomogenea.topics.models import Term

from . import kinds
from .models import Publication, columns
from .snapshots import Content, relations_of

PAGES = {}  # of rows that are no publication, and yet have versions and a preview: topics, terms
OTHER_FORMS = {}
HTML = "text/html"
NOBODY = 0  # a key that no row has: relations of what was never saved are empty instead of an error
# Of a whole page, which templates wrote around the HTML of bodies: no tree would hand that on as it is.
TAG_WITH_FILES = re.compile(r"<(?:img|source|a)\b[^>]*>")


def register_page(model: type[Model], view: str) -> None:
    """Registers a view of (request, row, **context), by its name, as what makes the page of what is of no kind."""
    PAGES[model] = view


def register_form(media_type: str, view: Callable[..., HttpResponseBase]) -> None:
    """Registers a view of (request, kind, slug) as what makes this form of any page."""
    OTHER_FORMS[media_type] = view


def in_other_forms(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page of a view of (request, kind, slug); another form of it for who wants that more than HTML."""

    @wraps(view)
    def answer(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
        forms = OTHER_FORMS if kinds.get(kind).exports else {}
        response = forms.get(preferred_type(request, forms), view)(request, kind, slug)
        patch_vary_headers(response, ["Accept"])
        return response

    return answer


def preferred_type(request: HttpRequest, forms: Mapping[str, object]) -> str:
    """The media type to answer with: browsers, scripts that name everything and who says nonsense get HTML."""
    preferred = request.get_preferred_type([HTML, *forms]) or HTML
    html = request.accepted_type(HTML)
    return preferred if html is None or request.accepted_type(preferred).quality > html.quality else HTML


def preview_page(request: HttpRequest, publication: Any, file_prefix: str, **context: Any) -> HttpResponse:
    """The page as it would be if it came out now; `door` is where its files leave, while /file/ is shut to them."""
    publication.slug = publication.slug or "anteprima"
    if isinstance(publication, Publication):
        publication.publish_at = publication.publish_at or timezone.now()
    request.resolver_match = resolve(publication.get_absolute_url())  # the menu marks where the page will be
    response = maker_of(publication)(request, publication, **context)
    response.content = _through(file_prefix, response.content.decode())
    return response


def maker_of(row: Model) -> Callable[..., HttpResponse]:
    return (
        kinds.get(row.kind).make_page
        if isinstance(row, Publication)
        else import_string(PAGES[row._meta.concrete_model])
    )


def elsewhere(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """An address that shows nothing now: gone, moved, or never there for readers."""
    if withdrawn := Publication.objects.known_as(slug, kind).withdrawn().once_published().first():
        return render(request, "410.html", {"reason": why_withdrawn(withdrawn)}, status=410)
    if there := Publication.objects.published().named(slug, kind):
        return moved(request, there.get_absolute_url())
    raise Http404


def why_withdrawn(publication: Publication) -> str:
    """The reason that readers were given, whatever was kept of the page since."""
    return publication.revisions.withdrawals().newest_first().values_list("comment", flat=True).first() or ""


def with_its_kind(publication: Publication) -> Publication:
    """The row of its own kind, as it is stored, with all that its page shows."""
    return kinds.get(publication.kind).model_class.objects.with_all().get(pk=publication.pk)


def row_as_typed(form: ModelForm) -> Any:
    """The row that a form would save, with all that its page shows; nothing is saved."""
    row, cleaned_data = form.instance, form.cleaned_data
    stored = with_its_kind(row) if row.pk else None
    for name in columns():
        setattr(row, name, getattr(stored, name) if stored else [])
    row.body, pictures = resolve_pictures(row.body)
    row.pictures_within = [_fields(picture, "avif") | {"file": picture.file.name} for picture in pictures]
    if "topics" in cleaned_data:
        topics = sorted(cleaned_data["topics"], key=lambda topic: (topic.position, topic.name))
        row.topic_labels = [_fields(topic, "name", "slug", "acronym") for topic in topics]
    if "municipalities" in cleaned_data:
        places = sorted(cleaned_data["municipalities"], key=lambda place: place.name)
        row.places = [_fields(place, "name", "slug", "istat_code", "in_area") for place in places]
    row.terms = list(Term.objects.values("acronym", "slug", "expansion"))
    row.pk = row.pk or NOBODY
    show_relations(row, getattr(form, "rows", {}))
    return row


def show_relations(row: Model, content: Content) -> None:
    """Gives a publication these rows as what its relations have read; nothing is saved."""
    for relation in relations_of(type(row)):
        if relation.name in content:
            rows = relation.in_order(relation.instances(content, row))
            for number, new in enumerate((one for one in rows if one.pk is None), start=1):
                new.pk = -number
            queryset = relation.manager(row).none()
            queryset._result_cache, queryset._prefetch_done = rows, True
            row.__dict__.setdefault("_prefetched_objects_cache", {})[relation.name] = queryset
    if "attachments" in content:
        row.documents = [_fields(one, *DOCUMENT) | {"file": one.file.name} for one in row.attachments.all() if one.size]


DOCUMENT = ("name", "description", "kind", "size", "pages", "language")


def _fields(row, *names):
    return {name: getattr(row, name) for name in names}


def _through(file_prefix, html):
    shut = re.compile(rf'(?<=[\s",]){re.escape(default_storage.url("x")[:-1])}')
    return TAG_WITH_FILES.sub(lambda tag: shut.sub(file_prefix, tag[0]), html)
