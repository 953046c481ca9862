"""Responses kept in the process: never a moment longer than they are the same, never for whom they are not."""

from collections import UserDict
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from areaomogenea.deadlines.models import Deadline
from areaomogenea.publishing.models import Publication
from areaomogenea.response_cache import A_SECOND, KEY_HEADERS, OVERHEAD, ResponseCache, Versions, is_for_all

from .addresses import address_with_query, public_patterns
from .factories import make_communique, make_deadline
from .test_costs import QUERY, furnish

ON_POSTGRES = connection.vendor == "postgresql"
pytestmark = [pytest.mark.django_db(transaction=True)]
postgres = pytest.mark.skipif(not ON_POSTGRES, reason="nothing is kept without a snapshot")


@pytest.fixture
def client(settings):
    settings.RESPONSE_CACHE_MB = 4
    return Client()


@pytest.fixture
def elsewhere():
    """A connection of somebody else: nothing in this process hears of what it does."""
    known = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{name: known.get(name) for name in names}, autocommit=True) as other:
        yield other


def make_page(**fields):
    return make_communique(**{"publish_at": timezone.now() - timedelta(days=1)} | fields)


def questions_of(client, address="/novita/", **headers):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, **headers).status_code == 200
    return len(queries)


@postgres
def test_page_that_is_the_same_is_not_drawn_again(client):
    make_page()
    first = client.get("/novita/")

    with CaptureQueriesContext(connection) as queries:
        again = client.get("/novita/")

    assert len(queries) == 1  # whether it is the same
    assert same(again, first)


@postgres
def test_what_is_kept_answers_who_has_it_already_and_who_asks_for_its_head(client):
    make_page()
    page = client.get("/novita/")

    with CaptureQueriesContext(connection) as queries:
        same = client.get("/novita/", headers={"If-None-Match": page["ETag"]})
        head = client.head("/novita/")

    assert (same.status_code, head.status_code, head["ETag"], head.content) == (304, 200, page["ETag"], b"")
    assert len(queries) == 2


def tables_asked_by(client):
    """Tables by name, with their models, of all pages that may be kept: a preview is somebody's."""
    with CaptureQueriesContext(connection) as queries:
        for pattern in public_patterns():
            if not pattern.name.startswith("preview"):
                b"".join(client.get(address_with_query(pattern, "comunicato", QUERY)))
    models_by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    statements = " ".join(query["sql"] for query in queries)
    return {table: model for table, model in models_by_table.items() if f'"{table}"' in statements}


@postgres
def test_page_changes_with_any_table_that_any_page_asks(client, elsewhere):
    """Each is touched by another process; the page is drawn again at once, and then kept again."""
    with transaction.atomic():
        furnish(1)
    unseen = []
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):  # what has just come out is not kept
        tables = tables_asked_by(client)
        for table, model in tables.items():
            for address in ("/", "/novita/"):
                questions_of(client, address)
            key = model._meta.pk.column
            if not elsewhere.execute(f'UPDATE "{table}" SET "{key}" = "{key}"').rowcount:  # noqa: S608
                elsewhere.execute(f'TRUNCATE "{table}"')  # that it is empty is written anew
            counts = [questions_of(client, address) for address in ("/novita/", "/", "/")]
            if counts[0] == 1 or counts[1] == 1 or counts[2] != 1:
                unseen.append(table)

    assert len(tables) > 20
    assert unseen == []


@postgres
def test_reader_sees_what_somebody_else_has_just_written(client, elsewhere):
    communique = make_page(title="Prima")
    assert b"Prima" in client.get("/novita/").content

    elsewhere.execute("UPDATE publishing_publication SET title = 'Poi' WHERE id = %s", [communique.pk])

    assert b"Poi" in client.get("/novita/").content


@postgres
def test_page_drawn_while_another_is_being_written_is_not_kept_for_after(client, elsewhere):
    """What was begun before is committed after: the page that stood meanwhile does not outlive it."""
    communique = make_page(title="Prima")
    elsewhere.execute("BEGIN")
    elsewhere.execute("UPDATE publishing_publication SET title = 'Poi' WHERE id = %s", [communique.pk])
    make_page()  # of a later transaction, which ends before
    assert b"Prima" in client.get("/novita/").content

    elsewhere.execute("COMMIT")

    assert b"Poi" in client.get("/novita/").content


@postgres
@pytest.mark.parametrize("seconds", [0, 1, 20, 59])
def test_page_comes_out_at_its_hour_to_the_second(client, seconds):
    hour = datetime(2026, 5, 4, 10, 30, tzinfo=UTC) + timedelta(seconds=seconds)
    with time_machine.travel(hour - timedelta(seconds=40), tick=False) as clock:
        make_communique(title="Esce da solo", publish_at=timezone.now() + timedelta(seconds=40))
        seen = {}
        for moment in (-30, -1, -0.1, 0, 0.1, 1, 30):
            clock.move_to(hour + timedelta(seconds=moment))
            for _ in range(2):
                seen[moment] = b"Esce da solo" in client.get("/novita/").content

    assert seen == {-30: False, -1: False, -0.1: False, 0: True, 0.1: True, 1: True, 30: True}


@postgres
@pytest.mark.parametrize("seconds", [0, 20])
def test_page_says_at_once_that_it_holds_no_more(client, seconds):
    hour = datetime(2026, 5, 4, 10, 30, tzinfo=UTC) + timedelta(seconds=seconds)
    with time_machine.travel(hour - timedelta(minutes=5), tick=False) as clock:
        communique = make_communique(expires_at=hour, publish_at=timezone.now() - timedelta(days=1))
        mine = Publication.objects.get(pk=communique.pk)
        for moment in (-30, -1, 0, 0.5, 1, 1.5, 2, 30):
            clock.move_to(hour + timedelta(seconds=moment))
            for _ in range(2):
                assert mine.validity in client.get(communique.get_absolute_url()).content.decode()


@postgres
@pytest.mark.parametrize("column", ["opens_at", "closes_at"])
@pytest.mark.parametrize("seconds", [0, 20])
def test_term_opens_and_closes_at_its_hour(client, column, seconds):
    hour = datetime(2026, 5, 4, 10, 30, tzinfo=UTC) + timedelta(seconds=seconds)
    with time_machine.travel(hour - timedelta(minutes=5), tick=False) as clock:
        hours = {"opens_at": timezone.now() - timedelta(days=1), "closes_at": hour + timedelta(days=9)} | {column: hour}
        page = make_communique(publish_at=timezone.now() - timedelta(days=2))
        deadline = make_deadline(page, **hours)
        for moment in (-30, -0.1, 0, 0.1, 1, 30):
            clock.move_to(hour + timedelta(seconds=moment))
            as_told = Client(headers={"Cookie": "a=b"}).get(page.get_absolute_url()).content
            for _ in range(2):
                assert client.get(page.get_absolute_url()).content == as_told
    assert deadline.pk


@postgres
@pytest.mark.parametrize(("address", "days"), [("/sitemap-novita.xml", 2), ("/scadenze/scadenze.ics", 365)])
def test_what_grows_old_leaves_with_the_minute(client, address, days):
    hour = datetime(2026, 5, 4, 10, 30, 20, tzinfo=UTC)
    with time_machine.travel(hour - timedelta(days=1), tick=False) as clock:
        page = make_communique(publish_at=hour, title="Invecchia")
        make_deadline(page, opens_at=timezone.now(), closes_at=hour, title="Invecchia anche lui")
        seen = []
        for second in (-1, 0, 2, 41):
            clock.move_to(hour + timedelta(days=days, seconds=second))
            as_told = Client(headers={"Cookie": "a=b"}).get(address).content
            assert client.get(address).content == as_told
            seen.append(b"Invecchia" in as_told)

    assert seen == [True, True, True, False]


@postgres
@pytest.mark.slow
def test_whatever_is_kept_is_what_would_be_drawn_at_any_hour(client):
    """Before and after each hour of the rows, four seconds apart; the last ones are those of the longest day."""
    hours = datetime(2026, 10, 24, 10, 30, 20, tzinfo=UTC), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)
    with time_machine.travel(hours[0] - timedelta(days=5), tick=False) as clock:
        with transaction.atomic():
            furnish(1)
            for out, opens, closes, meets, over in [[at - n * 4 * A_SECOND for n in (4, 3, 2, 1, 0)] for at in hours]:
                make_communique(publish_at=out)
                page = make_communique(publish_at=timezone.now(), expires_at=over)
                make_deadline(page, opens_at=opens, closes_at=over + timedelta(days=9))
                make_deadline(page, opens_at=timezone.now(), closes_at=closes)
                make_deadline(page, kind=Deadline.Kind.MEETING, opens_at=meets, closes_at=None)
        clock.shift(timedelta(minutes=5))
        patterns = [one for one in public_patterns() if not one.name.startswith(("preview", "api:"))]
        addresses = [address_with_query(one, "comunicato") for one in patterns] + [page.get_absolute_url()]
        responses = {address: client.get(address) for address in addresses}
        kept = [address for address in addresses if is_for_all(responses[address])]
        stale, anew = [], Client(headers={"Cookie": "a=b"})
        for at in hours:
            for seconds in (-18, -14, -10, -6, -2, 2):
                clock.move_to(at + seconds * A_SECOND)
                pages = {address: (client.get(address), anew.get(address)) for address in kept}
                stale += [(at, seconds, address) for address, (one, other) in pages.items() if not same(one, other)]

    assert len(kept) > 40
    assert stale == []


def same(one, other):
    return (one.content, headers_of(one)) == (other.content, headers_of(other))


def headers_of(response):
    """All but what tells requests apart."""
    return {name: value for name, value in response.items() if name != "X-Request-ID"}


@postgres
def test_hours_of_a_minute_are_asked_of_each_table_once():
    with CaptureQueriesContext(connection) as queries:
        assert Versions().now()

    assert len(queries) == 1 + len([Publication, Deadline])


def test_every_hour_that_may_lie_ahead_is_among_those_at_which_pages_turn():
    """An hour that is new says here what it is: one of the past alone, or one that `hours_between` must tell."""
    ahead = {"publish_at", "expires_at", "opens_at", "over_at"}
    through_others = {"closes_at", "due_at"}  # of a term: what `over_at` and `opens_at` are made of
    rooms = [config for config in apps.get_app_configs() if not config.name.startswith(("django.", "allauth"))]
    private = {"accounts", "desk", "monitoring", "quality"}  # no page of a reader asks their tables for an hour
    columns = {
        (model._meta.label, field.name)
        for config in rooms
        if config.label not in private
        for model in config.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.DateTimeField)
    }
    turning = {(model._meta.label, name) for model in (Publication, Deadline) for name in ahead | through_others}
    past = {
        *("updated_at", "at", "settled_at", "redacted_at", "came_out_at", "binned_at", "called_off_at", "revised_at"),
        *("opened_at", "closed_at", "recorded_at", "imported_at", "brought_at", "last_asked_at", "latest"),
        *("avif_claimed_at", "created_at", "revoked_at", "last_opened_at"),
    }
    of_nobody = {("publishing.PreviewLink", "expires_at")} | {  # a page that is never kept; an errand of the timer
        (label, name) for label, name in columns if label == "distribution.Hub"
    }

    assert {one for one in columns - turning - of_nobody if one[1] not in past} == set()


@postgres
@pytest.mark.parametrize(
    "headers", [{"Cookie": "altro=1"}, {"Authorization": "Basic eDp5"}, {"Range": "bytes=0-9"}], ids=str
)
def test_who_may_be_somebody_gets_a_page_of_their_own(client, headers):
    make_page()
    questions_of(client)

    assert questions_of(client, headers=headers) > 1


@postgres
def test_who_is_logged_in_neither_gets_nor_leaves_a_kept_page(client):
    make_page()
    person = get_user_model().objects.create_user("chi@example.org", "una-password-lunga")
    client.force_login(person)

    assert questions_of(client) > 1
    assert questions_of(client) > 1
    assert questions_of(Client()) > 1


@postgres
def test_readers_of_the_api_are_counted_one_by_one(client):
    make_page()

    left = [int(client.get("/api/v1/novita")["X-RateLimit-Remaining"]) for _ in range(3)]

    assert left == [left[0], left[0] - 1, left[0] - 2]


@postgres
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"headers": {"Accept-Encoding": "gzip"}}, {"headers": {"Accept-Encoding": "br"}}),
        ({"headers": {"Accept": "text/html"}}, {"headers": {"Accept": "application/json"}}),
        ({"headers": {"Sec-Fetch-Dest": "document"}}, {"headers": {"Sec-Fetch-Dest": "empty"}}),
        ({"headers": {"Host": "testserver"}}, {"headers": {"Host": "localhost"}}),
        ({"secure": True}, {"secure": False}),
        ({"query_params": {"pagina": "1"}}, {"query_params": {"anno": "2026"}}),
    ],
    ids=str,
)
def test_what_tells_requests_apart_tells_their_responses_apart(client, settings, one, other):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    make_communique(publish_at=datetime(2026, 1, 1, tzinfo=UTC))

    questions_of(client, **one)

    assert questions_of(client, **other) > 1
    assert questions_of(client, **one) == 1


@postgres
def test_prefix_and_path_are_not_taken_for_another_path(client):
    """Where the portal stands under a prefix, its home is not the page of that name."""
    make_page()
    home = client.get("/", SCRIPT_NAME="/novita")

    assert client.get("/novita/").content != home.content


@postgres
def test_nothing_is_kept_from_before_a_new_connection(client):
    """A crash takes numbers of transactions back, and ends every connection."""
    make_page()
    questions_of(client)

    connection.close()

    assert questions_of(client) > 1
    assert questions_of(client) == 1


def test_nothing_is_kept_within_a_transaction(client):
    with transaction.atomic():
        communique = make_page(title="Prima")
        assert b"Prima" in client.get("/novita/").content
        Publication.objects.filter(pk=communique.pk).update(title="Poi")
        assert b"Poi" in client.get("/novita/").content


@pytest.mark.parametrize("megabytes", [0, 4])
def test_page_is_always_the_one_of_now(settings, megabytes):
    settings.RESPONSE_CACHE_MB = megabytes
    client = Client()
    communique = make_page(title="Prima")
    assert b"Prima" in client.get("/novita/").content

    Publication.objects.filter(pk=communique.pk).update(title="Poi")

    assert b"Poi" in client.get("/novita/").content


class Noting(UserDict):
    """Variables of a request, and which of them were asked for."""

    def __init__(self, known, read):
        self.data, self.read = known, read

    def __getitem__(self, name):
        self.read.add(name)
        return self.data[name]

    def get(self, name, default=None):
        self.read.add(name)
        return self.data.get(name, default)

    def __contains__(self, name):
        self.read.add(name)
        return name in self.data


READ = set()


class NotingHeaders(UserDict):
    """Headers, each asked for as the variable that it is."""

    def __getitem__(self, name):
        return self.data[f"HTTP_{name.upper().replace('-', '_')}"]

    def get(self, name, default=None):
        return self.data.get(f"HTTP_{name.upper().replace('-', '_')}", default)


def noting(get_response):
    """Middleware, the innermost: views see variables that tell which of them were asked for."""

    def middleware(request):
        plain, plain_headers = request.META, request.headers
        request.META = Noting(plain, READ)
        request.headers = NotingHeaders()
        request.headers.data = request.META
        try:
            return get_response(request)
        finally:
            request.META, request.headers = plain, plain_headers

    return middleware


def test_no_public_page_depends_on_what_does_not_tell_requests_apart(settings):
    """Of what a browser sends, views read the host and those headers by which responses are told apart."""
    with transaction.atomic():
        furnish(1)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.test_response_cache.noting"]
    client = Client()
    READ.clear()
    for pattern in public_patterns():
        if not pattern.name.startswith("api:"):  # it counts who asks, and is not kept
            client.get(address_with_query(pattern, "comunicato", QUERY))

    known = {"HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "QUERY_STRING", "wsgi.url_scheme", *KEY_HEADERS}
    somebodys = {"HTTP_COOKIE", "CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE"}
    told_that_it_is_the_same = {
        f"HTTP_IF_{name}" for name in ("MATCH", "NONE_MATCH", "MODIFIED_SINCE", "UNMODIFIED_SINCE")
    }

    assert READ - known - somebodys - told_that_it_is_the_same == set()


def response_of(size):
    return HttpResponse(b"x" * size)


def test_memory_is_bounded_and_what_was_asked_for_longest_ago_goes_first():
    cache, version = ResponseCache(100_000), (None, "1:1:", 1, 0)
    for number in range(50):
        cache.put((f"/{number}",), version, response_of(4_000))
        cache.get(("/0",), version)

    held = [number for number in range(50) if cache.get((f"/{number}",), version)]

    assert cache.held_bytes <= 100_000
    assert held == [0, *range(50 - len(held) + 1, 50)]
    assert len(held) == 100_000 // (4_000 + OVERHEAD + 4)


def test_same_address_takes_its_memory_once_and_the_largest_takes_none():
    cache = ResponseCache(100_000)
    for number in range(1_000):
        cache.put(("/",), (None, str(number), 1, 0), response_of(1_000))
    held = cache.held_bytes
    cache.put(("/grande",), (None, "1", 1, 0), response_of(50_000))

    assert held == cache.held_bytes == 1_000 + OVERHEAD + 1
    assert cache.get(("/grande",), (None, "1", 1, 0)) is None
    assert cache.get(("/",), (None, "998", 1, 0)) is None
    assert cache.get(("/",), (None, "999", 1, 0)).body == b"x" * 1_000
