"""Whole responses kept in the process: what nobody has changed since is not drawn again.

Kept is only what the portal lets any shared cache keep (RFC 9111), and for as long as it is the same. Its version has
two halves. One is the snapshot of PostgreSQL, which lists the transactions whose work a reader sees: whatever is
committed, in whichever table and by whomever, makes another snapshot, and none comes back while the server runs. So a
page that was being drawn meanwhile is kept under a snapshot that nobody will see. After a crash the numbers of those
transactions of which nothing had reached the disk come again; but it ends all connections, and what is kept holds only
until the next one of this process begins. The other half is the clock: the minute, and how many of the hours in it have
gone by at which a page comes out, opens, or is over.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, connection
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils import timezone

from areaomogenea.monitoring.traces import note_kept

from .caching import READS

KEY_HEADERS = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_SEC_FETCH_DEST")
VARY = {name.removeprefix("HTTP_").replace("_", "-").lower() for name in KEY_HEADERS}
PRIVATE_HEADERS = (
    "HTTP_COOKIE",
    "HTTP_AUTHORIZATION",
    "HTTP_RANGE",
)  # who sends one is answered by views alone
A_SECOND, A_MINUTE = timedelta(seconds=1), timedelta(minutes=1)
UNKEPT = "/salute/"  # it says how things are now, and asks the database nothing that it need not
LONGEST_KEY = 2_000  # characters
LARGEST = 16  # of so many parts of the whole, one response at most
SNAPSHOT = "SELECT pg_current_snapshot()::text WHERE NOT pg_is_in_recovery()"
OVERHEAD = 1_500  # bytes of memory that a response takes beside its body and its key


State = tuple[object, str, int]
Version = tuple[object, str, int, int]


class Kept(NamedTuple):
    version: Version
    headers: dict[str, str]
    body: bytes
    match: ResolverMatch | None  # whose answer it was

    def response(self) -> HttpResponse:
        return HttpResponse(self.body, headers=self.headers)


class ResponseCache:
    """Responses by key, up to so many bytes: those that were asked for longest ago are given up first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.held_bytes = most_bytes, 0
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...], version: Version) -> Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.version != version:
                return None
            self._kept.move_to_end(key)
        return kept

    def put(
        self, key: tuple[str, ...], version: Version, response: HttpResponse, match: ResolverMatch | None = None
    ) -> None:
        kept = Kept(version, dict(response.items()), response.content, match)
        if size_of(key, kept) > self.most_bytes // LARGEST:
            return
        with self._lock:
            if before := self._kept.pop(key, None):
                self.held_bytes -= size_of(key, before)
            self._kept[key] = kept
            self.held_bytes += size_of(key, kept)
            while self.held_bytes > self.most_bytes:
                self.held_bytes -= size_of(*self._kept.popitem(last=False))


def size_of(key: tuple[str, ...], kept: Kept) -> int:
    return OVERHEAD + sum(map(len, key)) + len(kept.body)


class Versions:
    """The version of everything: since the latest connection, the snapshot of the database, the minute, and the number
    of hours past in it.
    """

    def __init__(self) -> None:
        self._begin()
        connection_created.connect(self._begin)
        # The hours of a kind are those of the publications that its rows are.
        clocks = [model._default_manager for model in apps.get_models() if not model._meta.parents]
        self.clocks = [clock for clock in clocks if hasattr(clock, "hours_between")]
        self._known: tuple[State | None, list[datetime]] = (None, [])  # replaced whole: threads need no lock

    def _begin(self, **kwargs: object) -> None:
        self.beginning = object()

    def now(self) -> Version | None:
        """None where the database has no word for it, or a page is turning in this very second.

        Nor has a standby: its snapshot does not tell which of the earlier transactions have ended. Inside a transaction
        there is none either: what it wrote itself makes no new snapshot.
        """
        if connection.vendor != "postgresql" or connection.in_atomic_block:
            return None
        now = timezone.now()
        minute = int(now.timestamp() // 60)
        try:
            with connection.cursor() as cursor:
                cursor.execute(SNAPSHOT)
                row = cursor.fetchone()
            if row is None:
                return None
            state = (self.beginning, row[0], minute)  # of the latest beginning: the question may have connected
            hours = self._hours(state)
        except Error:  # whoever draws the page says so
            return None
        past = bisect_right(hours, now)
        if past and now - hours[past - 1] <= A_SECOND:  # what holds until an hour may hold for that whole second
            return None
        return *state, past

    def _hours(self, state: State) -> list[datetime]:
        """The turning hours from the second before this minute to its end, in order."""
        known = self._known
        if known[0] != state:
            start = datetime.fromtimestamp(state[2] * 60, UTC)
            span = (start - A_SECOND, start + A_MINUTE)
            hours = sorted({hour for clock in self.clocks for hour in clock.hours_between(*span)})
            self._known = known = (state, hours)
        return known[1]


def cached_responses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, outside all that draws and packs, inside what compares: the response that is kept, or a new one."""
    if not settings.RESPONSE_CACHE_MB:
        raise MiddlewareNotUsed
    cache, versions = ResponseCache(settings.RESPONSE_CACHE_MB * 2**20), Versions()

    def middleware(request: HttpRequest) -> HttpResponse:
        key = key_of(request)
        version = key and versions.now()
        if not key or not version:
            return get_response(request)
        if kept := cache.get(key, version):
            request.resolver_match = kept.match
            note_kept()
            return kept.response()
        response = get_response(request)
        if request.method == "GET" and is_for_all(response):
            cache.put(key, version, response, request.resolver_match)
        return response

    return middleware


def key_of(request: HttpRequest) -> tuple[str, ...] | None:
    """All of the request that its response may depend on; None where it may depend on who asks."""
    meta = request.META
    if request.path_info.startswith(UNKEPT) or request.method not in READS or any(map(meta.get, PRIVATE_HEADERS)):
        return None
    headers = [meta.get(name, "") for name in KEY_HEADERS]
    address = (meta.get("HTTP_HOST", ""), meta.get("SCRIPT_NAME", ""), request.path_info, meta.get("QUERY_STRING", ""))
    key = (request.scheme or "", *address, *headers)
    return key if sum(map(len, key)) <= LONGEST_KEY else None


def is_for_all(response: HttpResponse) -> bool:
    varies, directives = (words_of(response.get(name, "")) for name in ("Vary", "Cache-Control"))
    is_whole = response.status_code == 200 and not response.streaming
    # What the API says of how often one may ask is for who asked.
    return is_whole and "public" in directives and varies <= VARY and "X-RateLimit-Limit" not in response


def words_of(header: str) -> set[str]:
    return {word.strip().lower() for word in header.split(",") if word.strip()}
