"""oEmbed 1.0: who pastes an address of the portal gets the frame that shows it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.xmlreader import AttributesImpl

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import ResolverMatch, path, reverse
from django.utils.http import urlencode
from django.utils.xmlutils import SimplerXMLGenerator

from areaomogenea.identity.address import absolute_url, is_own_host
from areaomogenea.identity.models import Identity
from areaomogenea.library.models import Picture
from areaomogenea.prose.characters import unhidden
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.quality.internal_links import match_of, present_address

from .embeds import CARD, EmbedForm, for_everybody
from .feed_query import SelectionForm
from .forgiving import meant_by
from .responses import refused

WIDTH = 600
NUMBER_WANTED = "scrivi un numero di punti, da 1 in su."


class OEmbedForm(forms.Form):
    url = LineField(
        max_length=2000,
        error_messages={"required": "scrivi l’indirizzo di una pagina del portale.", "max_length": "è troppo lungo."},
    )
    maxwidth = forms.IntegerField(
        min_value=1, required=False, error_messages=dict.fromkeys(("invalid", "min_value"), NUMBER_WANTED)
    )
    maxheight = forms.IntegerField(
        min_value=1, required=False, error_messages=dict.fromkeys(("invalid", "min_value"), NUMBER_WANTED)
    )

    def fits(self, width: int, height: int) -> tuple[int, int]:
        """This size, or as much of it as whoever asked has room for."""
        room = self.cleaned_data
        return min(width, room["maxwidth"] or width), min(height, room["maxheight"] or height)


def as_json(body: Mapping[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def as_xml(body: Mapping[str, Any], status: int = 200) -> HttpResponse:
    response = HttpResponse(content_type="text/xml; charset=utf-8", status=status)
    document = SimplerXMLGenerator(response, "utf-8")
    document.startDocument()
    document.startElement("oembed", AttributesImpl({}))
    for name, value in body.items():
        document.addQuickElement(name, unhidden(str(value)))
    document.endElement("oembed")
    document.endDocument()
    return response


FORMATS = {"json": as_json, "xml": as_xml}


@for_everybody
def oembed(request: HttpRequest) -> HttpResponse:
    answer = FORMATS.get(request.GET.get("format", "json"))
    if not answer:
        return refused("format: scrivi «json» o «xml».", status=501)
    form = OEmbedForm(request.GET)
    if not form.is_valid():
        return answer(
            {"error": "\n".join(f"{name}: {' '.join(map(str, why))}" for name, why in form.errors.items())}, 400
        )
    content = shown_at(form.cleaned_data["url"])
    if not content:
        return answer({"error": "url: nessuna pagina del portale che si possa incorporare ha questo indirizzo."}, 404)
    return answer(rich_content(form, *content, absolute_url("")))


def shown_at(url: str) -> tuple[Publication | None, EmbedForm | None] | None:
    """The content of a page of ours, as (publication, None) or (None, selection); None for any other page."""
    try:
        address = urlsplit(url)
        match = match_meant_by(address.path or "/") if is_own_host(address.hostname) else None
    except ValueError:
        return None
    if not match or address.scheme not in ("http", "https"):
        return None
    if match.view_name.endswith(":detail") and (kind := kinds.get(match.view_name.partition(":")[0])):
        publication = Publication.objects.published().with_picture().named(match.kwargs["slug"], kind.code)
        return (publication, None) if publication else None
    selection = selection_of(match, dict(parse_qsl(address.query)))
    return (None, selection) if selection is not None and selection.is_valid() else None


def match_meant_by(path: str) -> ResolverMatch | None:
    """The match of an address as people paste it, or of one of the old site."""
    path = unquote(path)
    address, _, _ = (present_address(path) or meant_by(path)).partition("#")
    return match_of(address) if address else None


def selection_of(match: ResolverMatch, query: dict[str, str]) -> EmbedForm | None:
    """The list that a page of many publications stands for; None if it is no such page."""
    query = {name: value for name, value in query.items() if name in EmbedForm.base_fields and name != "dialogo"}
    by_page = {
        "home": {},
        "news": query,
        "embed_list": query,
        "embed_builder": query,
        "topics:detail": {"argomento": match.kwargs.get("slug")},
        "municipality": {"comune": match.kwargs.get("slug")},
        **{f"{kind.code}:index": query | {"tipo": kind.code} for kind in kinds.of_news()},
    }
    return EmbedForm(by_page[match.view_name]) if match.view_name in by_page else None


def rich_content(form: forms.Form, publication: Publication, selection: SelectionForm, origin: str) -> dict[str, Any]:
    who = Identity.current()
    if publication:
        address = reverse("embed_card", args=[publication.kind, publication.slug])
        page, title = publication.get_absolute_url(), publication.title
        height = CARD["si" if publication.picture else "no"]
        look = [("dialogo", "si")]
    else:
        address, page, height = reverse("embed_list"), selection.page, selection.height
        title, look = f"{selection.title} · {who.name}", [*selection.attributes, ("dialogo", "si")]
    width, height = form.fits(WIDTH, height)
    frame = {
        "src": f"{origin}{address}?{urlencode(look)}",
        "title": title,
        "page": f"{origin}{page}",
        "width": width,
        "height": height,
    }
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": who.owner,
        **({"author_url": who.owner_website} if who.owner_website else {}),
        "provider_name": who.name,
        "provider_url": f"{origin}/",
        "cache_age": 3600,
        "html": render_to_string("distribution/oembed.html", frame).strip(),
        "width": width,
        "height": height,
        **(thumbnail(publication.picture, form, origin) if publication and publication.picture else {}),
    }


def thumbnail(picture: Picture, form: forms.Form, origin: str) -> dict[str, Any]:
    """The largest rendition that fits, if any does."""
    sizes = {width: round(picture.height * width / picture.width) for width in picture.urls}
    fitting = [width for width, height in sizes.items() if form.fits(width, height) == (width, height)]
    if not fitting:
        return {}
    width = max(fitting)
    address = f"{origin}{picture.urls[width]}"
    return {"thumbnail_url": address, "thumbnail_width": width, "thumbnail_height": sizes[width]}


urlpatterns = [path("oembed", oembed, name="oembed")]
