"""Feeds of any selection: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, with identifiers that outlive an address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.http import http_date
from django.utils.timezone import localtime
from django.utils.xmlutils import SimplerXMLGenerator

from areaomogenea.identity.address import absolute_url
from areaomogenea.identity.models import Identity
from areaomogenea.prose import tree
from areaomogenea.prose.characters import unhidden
from areaomogenea.publishing.coverage import Coverage
from areaomogenea.publishing.expiry import is_whole_day
from areaomogenea.publishing.models import Publication

from .feed_query import SelectionForm
from .responses import only_read, refused

NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dcterms": "http://purl.org/dc/terms/",
}
AREA = "Area Omogenea Cremasca, provincia di Cremona"


class CleanFeed:
    """A feed in XML without the letters that no text may hold, wherever they come from."""

    def __init__(self, **elements):
        super().__init__(**{name: all_unhidden(value) for name, value in elements.items()})

    def add_item(self, **elements: Any) -> None:
        super().add_item(**{name: all_unhidden(value) for name, value in elements.items()})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Where it applies and until when, and the day that its text bears: no format of feeds has words for these."""
        super().add_item_elements(handler, item)
        for place in item["places"]:
            handler.addQuickElement("dcterms:spatial", place)
        if item["expires_at"]:
            handler.addQuickElement("dcterms:valid", f"end={until_when(item['expires_at'])}; scheme=W3C-DTF;")
        if item["dated"]:
            handler.addQuickElement("dcterms:created", item["dated"].isoformat())


def all_unhidden(value: Any) -> Any:
    if isinstance(value, list):
        return [all_unhidden(one) for one in value]
    return unhidden(value).replace("\n", " ") if isinstance(value, str) else value


class RSS(CleanFeed, Rss201rev2Feed):
    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return {"version": self._version} | NAMESPACES

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("dcterms:modified", item["updateddate"].isoformat())
        if item["content"]:
            handler.addQuickElement("content:encoded", item["content"])


class Atom(CleanFeed, Atom1Feed):
    content_type = "application/atom+xml; charset=utf-8"

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:dcterms": NAMESPACES["xmlns:dcterms"]}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", "", {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})


def identifier(publication: Publication) -> str:
    """A URN that stays the same for ever, whatever its title, address or kind become."""
    return uuid5(NAMESPACE_URL, f"area-omogenea/pubblicazione/{publication.pk}").urn


def changed_at(publication: Publication) -> datetime:
    """The hour of the last change that readers are told of."""
    return max(publication.publish_at, publication.updated_at or publication.publish_at)


def until_when(expires_at: datetime | None) -> str | None:
    """The day, or the hour, as machines read it; None where nothing is said."""
    if not expires_at:
        return None
    local = localtime(expires_at)
    return local.date().isoformat() if is_whole_day(expires_at) else local.isoformat()


@only_read
def rss(request: HttpRequest) -> HttpResponse:
    return xml(request, RSS)


@only_read
def atom(request: HttpRequest) -> HttpResponse:
    return xml(request, Atom)


def xml(request: HttpRequest, form: Any) -> HttpResponse:
    selection = SelectionForm(request.GET)
    if not selection.is_valid():
        return refused(selection.refusal)
    rows, who = publications(selection), Identity.current()
    if is_looked_at(request):
        return page(request, selection, rows)
    feed = form(
        title=f"{selection.title} · {who.name}",
        link=absolute_url(selection.page),
        description=who.tagline,
        language="it",
        author_name=who.owner,
        feed_url=own_address(request, selection),
        hub=hub_of(selection),
        ttl="30",
    )
    for row in rows:
        add(feed, row, selection.wants_all, who)
    response = HttpResponse(content_type=form.content_type)
    feed.write(response, "utf-8")
    return followed(dated(response, rows), request, selection)


def add(feed: Any, row: Publication, wants_all: bool, who: Identity) -> None:
    feed.add_item(
        title=row.title,
        link=absolute_url(row.get_absolute_url()),
        description=row.summary,
        content=absolute(row.body) if wants_all else "",
        author_name=who.owner,
        unique_id=identifier(row),
        unique_id_is_permalink=False,
        pubdate=localtime(row.publish_at),
        updateddate=localtime(changed_at(row)),
        categories=[row.kind_plural, *(topic["name"] for topic in row.topic_labels)],
        places=[place["name"] for place in row.places] or [AREA] * (row.coverage == Coverage.AREA),
        expires_at=row.expires_at,
        dated=row.communique.dated,
        enclosures=[Enclosure(absolute_url(row.picture.small_url), str(row.picture.small_size), "image/webp")]
        if row.picture
        else [],
    )


@only_read
def json(request: HttpRequest) -> HttpResponse:
    selection = SelectionForm(request.GET)
    if not selection.is_valid():
        return refused(selection.refusal)
    rows, who = publications(selection), Identity.current()
    if is_looked_at(request):
        return page(request, selection, rows)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{selection.title} · {who.name}",
        "home_page_url": absolute_url(selection.page),
        "feed_url": own_address(request, selection),
        "description": who.tagline,
        "language": "it",
        "authors": [{"name": who.owner, "url": who.owner_website}],
        "items": [item_of(row, selection.wants_all) for row in rows],
    }
    if hub := hub_of(selection):
        feed["hubs"] = [{"type": "WebSub", "url": hub}]
    response = JsonResponse(feed, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False})
    return followed(dated(response, rows), request, selection)


def item_of(row: Publication, wants_all: bool) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": identifier(row),
        "url": absolute_url(row.get_absolute_url()),
        "title": row.title,
        "summary": row.summary,
        "date_published": localtime(row.publish_at).isoformat(),
        "date_modified": localtime(changed_at(row)).isoformat(),
        "tags": [row.kind_plural, *(topic["name"] for topic in row.topic_labels)],
        "_area_omogenea": {
            "about": "https://www.jsonfeed.org/version/1.1/#extensions-a-name-extensions-a",
            "kind": row.kind,
            "kind_label": row.kind_label,
            "topics": [topic["slug"] for topic in row.topic_labels],
            "coverage": row.coverage or None,
            "municipalities": [place["istat_code"] for place in row.places],
            "expires": until_when(row.expires_at),
            "dated": row.communique.dated and row.communique.dated.isoformat(),
        },
    }
    item |= {"content_html": absolute(row.body)} if wants_all else {"content_text": row.summary or row.title}
    if row.picture:
        item["image"] = absolute_url(row.picture.urls[max(row.picture.urls)])
        item["_area_omogenea"]["thumbnail"] = absolute_url(row.picture.small_url)
    return item


def is_looked_at(request: HttpRequest) -> bool:
    """Whether a browser opens it as a page, as none of the programs that follow feeds says of itself."""
    return request.headers.get("Sec-Fetch-Dest") == "document"


def page(request: HttpRequest, selection: SelectionForm, rows: list[Publication]) -> HttpResponse:
    """A page that says what a feed is, its address and what is in it; never kept where a program could find it."""
    context = {"selection": selection, "publications": rows, "address": own_address(request, selection)}
    response = render(request, "distribution/feed.html", context)
    response["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ["Sec-Fetch-Dest"])
    return response


def publications(selection: SelectionForm) -> list[Publication]:
    news = Publication.objects.published().news().select_related("communique")
    narrowed = selection.narrow(news).latest_first()
    return list(narrowed.with_topics().with_places().with_picture().with_latest_change()[: selection.number])


def absolute(html: str) -> str:
    """A body whose own addresses say the host: whoever reads it is elsewhere."""
    if '="/' not in html:
        return html
    root = tree.read(html)
    for element in root.iter("a", "img"):
        for name in ("href", "src"):
            if element.get(name, "").startswith("/"):
                element.set(name, absolute_url(element.get(name)))
    return tree.write(root)


def dated(response: HttpResponse, rows: list[Publication]) -> HttpResponse:
    """The response with the hour of the newest change: whoever has it already gets a 304.

    What left the feed leaves no hour in it, so the newest change of anything that readers saw counts too.
    """
    if rows:
        hours = [rows[0].latest_version_at, rows[0].latest_put_off_at, *map(changed_at, rows)]
        response["Last-Modified"] = http_date(max(filter(None, hours)).timestamp())
    response["Access-Control-Allow-Origin"] = "*"
    return response


def hub_of(selection: SelectionForm) -> str:
    """The hub that announces its changes; "" where none does, and readers come and ask."""
    return settings.WEBSUB_HUB if selection.is_announced else ""


def own_address(request: HttpRequest, selection: SelectionForm) -> str:
    """The one address of this feed, however it was asked for: the very one that a hub is told."""
    query = f"?{selection.query}" if selection.query else ""
    return absolute_url(f"{request.path}{query}")


def followed(response: HttpResponse, request: HttpRequest, selection: SelectionForm) -> HttpResponse:
    """The response with its own address and its hub; what a hub comes for, no cache may give it from before."""
    patch_vary_headers(response, ["Sec-Fetch-Dest"])
    response["Link"] = f'<{own_address(request, selection)}>; rel="self"'
    if hub := hub_of(selection):
        response["Link"] += f', <{hub}>; rel="hub"'
        patch_cache_control(response, public=True, no_cache=True)
    return response


@dataclass(frozen=True)
class Format:
    """A form that every feed is given in, at /feed/ and this path."""

    name: str
    path: str
    label: str
    media_type: str
    view: Callable

    @property
    def url_name(self) -> str:
        return f"feed_{self.name}"


# The addresses, what the hub is told, the links in the head of pages and those that readers see are made from these.
FORMATS = (
    Format("rss", "rss.xml", "Feed RSS", "application/rss+xml", rss),
    Format("atom", "atom.xml", "Atom", "application/atom+xml", atom),
    Format("json", "feed.json", "JSON", "application/feed+json", json),
)
