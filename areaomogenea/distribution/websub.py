"""Serializer a WebSub hub that feeds have changed, so that nobody has to keep asking.

Nothing is written down when something is published: what came out by the clock alone, was changed or was withdrawn
is asked for from the hour up to which the hub has been told.
"""

import asyncio
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from areaomogenea.identity.address import absolute_url
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.coverage import Coverage
from areaomogenea.publishing.models import Publication, PublicationQuerySet
from areaomogenea.publishing.revisions import Revision
from areaomogenea.topics.models import Topic
from initiatives.kinds import INITIATIVE

from .feeds import FORMATS
from .models import Hub

logger = logging.getLogger(__name__)
SETTLED = timedelta(seconds=5)  # whatever was being saved then has been saved by now, or never will be
TIMEOUT = 10  # seconds of silence
PATIENCE = 60  # seconds in all: a hub that says a letter now and then is never silent
MOST_AT_ONCE = 100  # addresses in one request
AT_HOME = ("localhost", "127.0.0.1", "::1")


def announce() -> str:
    """Tells the hub of all that has changed; what came of it in words, "" when there was nothing to tell."""
    hub = Hub.objects.in_use()
    if not hub or hub.is_left_alone():
        return ""
    until = (timezone.now() - SETTLED).replace(microsecond=0)  # the hours of what is published are whole seconds
    addresses = feeds_changed(hub.told_until, until)
    if not addresses or not hub.claim():
        return ""
    if why := tell(hub.address, addresses):
        hub.put_off(why)
        logger.warning("WebSub: %s: %s Feeds to announce: %d.", hub.address, why, len(addresses))
        return f"Hub: {why}"
    hub.mark(until, len(addresses))
    return f"Hub: feed annunciati {len(addresses)}"


def may_be_told(address: str) -> bool:
    """A hub is reached by https alone, unless it is on this very machine."""
    try:
        split = urlsplit(address)
    except ValueError:
        return False
    return bool(split.hostname) and (split.scheme == "https" or (split.scheme == "http" and split.hostname in AT_HOME))


def tell(hub: str, addresses: list[str]) -> str:
    """Why it did not take them all; "" when it did."""
    if not may_be_told(hub):
        return "L’indirizzo dell’hub deve cominciare con https://."
    try:
        return asyncio.run(tell_in_time(hub, addresses))
    except httpx.TimeoutException:
        return f"Non risponde entro {TIMEOUT} secondi."
    except TimeoutError:
        return f"Non finisce di rispondere entro {PATIENCE} secondi."
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
        return "Non si raggiunge."


async def tell_in_time(hub: str, addresses: list[str]) -> str:
    """Asynchronous for its limit alone, which holds whatever the hub is doing."""
    headers = {"User-Agent": "AreaOmogenea-annunci/1.0"}
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(timeout=TIMEOUT, headers=headers) as client:
        for start in range(0, len(addresses), MOST_AT_ONCE):
            form = {"hub.mode": "publish", "hub.url": addresses[start : start + MOST_AT_ONCE]}
            async with client.stream("POST", hub, data=form) as response:  # its body is not wanted
                if not response.is_success:
                    return f"Risponde {response.status_code}."
    return ""


def feeds_changed(start: datetime, end: datetime) -> list[str]:
    """The addresses of the feeds that are not as they were, as the portal writes them in its pages."""
    changed = Publication.objects.once_published(end).changed_between(start, end)
    selections = [*selections_of(changed.news(), start, end), *slugs("iniziativa", changed.of_kind(INITIATIVE.code))]
    queries = [f"?{urlencode([one])}" if one else "" for one in sorted(set(selections))]
    return [absolute_url(f"{reverse(form.url_name)}{query}") for query in queries for form in FORMATS]


def selections_of(news: PublicationQuerySet, start: datetime, end: datetime) -> list[Any]:
    """Parameters of each selection that shows them, or showed them when the time began; () is everything."""
    if not news.exists():
        return []
    rows = news.order_by().values("pk")
    kinds = set(news.order_by().values_list("kind", flat=True))
    topics, places, linked, linking = (
        set(through.objects.filter(**{f"{own}__in": rows}).values_list(other, flat=True))
        for through, own, other in [
            (Publication.topics.through, "publication", "topic"),
            (Publication.municipalities.through, "publication", "municipality"),
            (Publication.linked.through, "from_publication", "to_publication"),
            (Publication.linked.through, "to_publication", "from_publication"),
        ]
    )
    for_everybody = news.for_whole_area().exists()
    for before in shown_between(rows, start, end):
        kinds.add(before["kind"])
        topics.update(before["topics"])
        places.update(before["municipalities"])
        linked.update(before["linked"])
        for_everybody |= before["coverage"] == Coverage.AREA
    area, initiatives = Municipality.objects.of_area(), Publication.objects.published(end).of_kind(INITIATIVE.code)
    return [
        (),
        *(("tipo", kind) for kind in kinds),
        *slugs("argomento", Topic.objects.filter(pk__in=topics)),
        *slugs("comune", area if for_everybody else area.filter(pk__in=places)),
        *slugs("iniziativa", initiatives.filter(pk__in=linked | linking)),
    ]


def slugs(name: str, rows: QuerySet) -> list[tuple[str, str]]:
    """Parameters for every name under which the feed of a row is followed: who began by a former one goes on by it."""
    former = "former_addresses" if rows.model is Publication else "former_slugs"
    names = rows.order_by().values_list("slug", f"{former}__slug")
    return [(name, slug) for slug in dict.fromkeys(chain.from_iterable(names)) if slug]


def shown_between(rows: QuerySet, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    """Contents of these as readers saw them then: a row that left a topic left that feed too."""
    live = Revision.objects.versions().filter(publication__in=rows, at__gte=F("publication__publish_at"), at__lt=end)
    fields = {name: F(f"content__{name}") for name in ("kind", "coverage", "topics", "municipalities", "linked")}
    latest = {}
    versions: Any = live.order_by("at", "pk").values("publication", "at", **fields)
    for version in versions:
        content = {name: version[name] or [] for name in fields} | {
            name: version[name] for name in ("kind", "coverage")
        }
        if version["at"] >= start:
            yield content
        else:
            latest[version["publication"]] = content
    yield from latest.values()
