"""The hub of the feeds: told of all that changed, once, by whoever ticks; a real server listens."""

import json
from collections import defaultdict
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Barrier, Event, Thread
from time import monotonic, sleep
from urllib.parse import parse_qs

import feedparser
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from time_machine import travel

from areaomogenea.checks import hub_is_https
from areaomogenea.distribution import websub
from areaomogenea.distribution.models import CLAIM, Hub
from areaomogenea.management.commands.demo import free_port
from initiatives.models import Initiative
from news.models import Communique

from .factories import make_communique, make_editor, make_initiative, make_municipality, make_topic

pytestmark = pytest.mark.django_db
SITE = "https://portale.example.it"
FORMS = ("rss.xml", "atom.xml", "feed.json")
LATER = timedelta(seconds=10)  # what was being saved has been saved


class Listener:
    """Answers `statuses` one after the other, then 204 for ever; remembers what it was told."""

    def __init__(self, address):
        self.address, self.statuses, self.conversations, self.wait = address, [], [], None

    @property
    def feeds(self):
        """Each feed that it was told of, by its path and query, in all the conversations."""
        assert all(conversation["hub.mode"] == ["publish"] for conversation in self.conversations)
        addresses = [address for conversation in self.conversations for address in conversation["hub.url"]]
        assert all(address.startswith(f"{SITE}/feed/") for address in addresses)
        return [address.removeprefix(f"{SITE}/feed/") for address in addresses]

    @property
    def queries(self):
        """The same without the format: each must have come in all three."""
        forms_by_query = defaultdict(set)
        for address in self.feeds:
            form, _, query = address.partition("?")
            forms_by_query[query].add(form)
        assert all(forms == set(FORMS) for forms in forms_by_query.values())
        return sorted(forms_by_query)


@pytest.fixture
def hub(settings):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            conversation = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            listener.conversations.append(conversation)
            if listener.wait:
                listener.wait.wait(10)
            status = listener.statuses.pop(0) if listener.statuses else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{listener.address}altrove")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *conversation):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener = Listener(f"http://127.0.0.1:{server.server_port}/")
    Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBSUB_HUB, settings.SITE_ADDRESS = listener.address, SITE
    yield listener
    server.shutdown()
    server.server_close()


@contextmanager
def at(moment):
    with travel(moment, tick=True):
        yield


def tick(moment=None):
    with at(moment or timezone.now() + LATER):
        call_command("tick")


def known(hub):
    """The hub has been told of all that was there so far."""
    tick()
    hub.conversations.clear()
    with at(timezone.now() + LATER):
        Hub.objects.update(told_until=timezone.now().replace(microsecond=0))
    return timezone.now() + 2 * LATER


def test_new_hub_hears_of_what_happens_from_then_on(hub):
    make_communique()

    tick()
    tick(timezone.now() + 2 * LATER)

    assert hub.conversations == []
    assert Hub.objects.get().address == hub.address


def test_what_comes_out_is_told_in_every_feed_that_shows_it(hub):
    energy, crema = make_topic(slug="cer"), make_municipality(slug="crema")
    make_topic(slug="suap"), make_municipality(slug="offanengo")
    initiative, hidden = make_initiative(slug="otto-comunita"), make_initiative(slug="segreta", status="draft")
    now = known(hub)

    with at(now):
        draft = make_communique([energy], [crema], kind="avvisi", status="draft", publish_at=None)
        draft.linked.add(initiative, hidden)
        draft.publish_now(make_editor())
    tick(now + LATER)

    assert hub.queries == ["", "argomento=cer", "comune=crema", "iniziativa=otto-comunita", "tipo=avvisi"]
    assert len(hub.conversations) == 1


def test_feed_that_is_followed_by_a_former_name_is_told_too(hub):
    topic, place, initiative = make_topic(slug="energia"), make_municipality(slug="citta"), make_initiative(slug="otto")
    for row, slug in ((topic, "cer"), (place, "crema"), (initiative, "nove")):
        row.slug = slug
        row.save()
    now = known(hub)

    with at(now):
        make_communique([topic], [place], publish_at=now).linked.add(initiative)
    tick(now + LATER)

    parts = ["argomento=cer", "argomento=energia", "comune=citta", "comune=crema", "iniziativa=nove", "iniziativa=otto"]
    assert hub.queries == ["", *parts, "tipo=comunicati"]


def test_what_names_no_comune_is_told_to_those_of_all_the_area(hub):
    for slug in ("crema", "offanengo"):
        make_municipality(slug=slug)
    make_municipality(slug="soresina", in_area=False)
    now = known(hub)

    with at(now):
        make_communique(publish_at=now)
    tick(now + LATER)

    assert hub.queries == ["", "comune=crema", "comune=offanengo", "tipo=comunicati"]


def test_hour_that_passes_is_enough(hub):
    now = known(hub)
    make_communique(publish_at=now + timedelta(hours=2))

    tick(now + timedelta(hours=1))
    before = list(hub.conversations)
    tick(now + timedelta(hours=2, seconds=30))

    assert before == []
    assert hub.queries == ["", "tipo=comunicati"]


def test_withdrawal_is_told_as_loudly(hub):
    communique = make_communique(kind="notizie")
    now = known(hub)

    with at(now):
        communique.withdraw(make_editor(), "Non era vero")
    tick(now + LATER)

    assert hub.queries == ["", "tipo=notizie"]


def test_change_is_told_once(hub):
    communique = make_communique()
    now = known(hub)

    with at(now):
        communique.title = "Un altro titolo"
        communique.save()
    for seconds in (10, 20, 90):
        tick(now + timedelta(seconds=seconds))

    assert len(hub.conversations) == 1
    assert hub.queries == ["", "tipo=comunicati"]


def test_what_it_leaves_is_told_too(hub):
    energy, desk, crema = make_topic(slug="cer"), make_topic(slug="suap"), make_municipality(slug="crema")
    make_municipality(slug="offanengo")
    communique = make_communique([energy], [crema])
    communique.record(make_editor(), "saved")
    now = known(hub)

    with at(now):
        communique.topics.set([desk])
        communique.kind = "avvisi"
        communique.save()
        communique.record(make_editor(), "saved")
    tick(now + LATER)

    assert hub.queries == ["", "argomento=cer", "argomento=suap", "comune=crema", "tipo=avvisi", "tipo=comunicati"]


def test_what_only_the_desk_sees_is_not_told(hub):
    now = known(hub)

    with at(now):
        draft = make_communique([make_topic()], status="draft", publish_at=None)
        draft.record(make_editor(), "saved")
        scheduled = make_communique(publish_at=now + timedelta(days=1))
        scheduled.record(make_editor(), "saved")
        scheduled.withdraw(make_editor(), "Ci abbiamo ripensato")
    tick(now + LATER)

    assert hub.conversations == []


def test_what_it_was_as_a_draft_is_not_told(hub):
    now = known(hub)

    with at(now):
        draft = make_communique([make_topic(slug="riservato")], kind="avvisi", status="draft", publish_at=None)
        draft.record(make_editor(), "saved")
    with at(now + timedelta(seconds=5)):
        draft.topics.clear()
        draft.publish_now(make_editor())
    tick(now + 2 * LATER)

    assert hub.queries == ["", "tipo=avvisi"]


def test_initiative_has_a_feed_of_its_own(hub):
    initiative = make_initiative(slug="fibra")
    now = known(hub)

    with at(now):
        Initiative.objects.get(pk=initiative.pk).correct(make_editor(), "La data era sbagliata")
    tick(now + LATER)

    assert hub.queries == ["iniziativa=fibra"]


@pytest.mark.parametrize(
    ("status", "message"), [(500, "Risponde 500."), (404, "Risponde 404."), (302, "Risponde 302.")]
)
def test_hub_that_does_not_take_it_hears_of_it_later_and_later(hub, caplog, status, message):
    now = known(hub)
    make_communique(publish_at=now)
    hub.statuses = [status] * 3

    attempts = []
    for minutes in range(12):
        before = len(hub.conversations)
        tick(now + LATER + timedelta(minutes=minutes, seconds=minutes))
        if len(hub.conversations) > before:
            attempts.append(minutes)
        if minutes == 0:
            row = Hub.objects.get()
            assert (row.message, row.failures) == (message, 1)
            assert message in caplog.text

    assert attempts == [0, 1, 3, 7]
    assert hub.queries == ["", "tipo=comunicati"]
    assert (Hub.objects.get().failures, Hub.objects.get().message) == (0, "")


def test_hub_that_keeps_us_waiting_is_left(hub, monkeypatch):
    monkeypatch.setattr(websub, "TIMEOUT", 0.3)
    now = known(hub)
    make_communique(publish_at=now)
    hub.wait = Event()

    tick(now + LATER)
    hub.wait.set()

    assert Hub.objects.get().message == "Non risponde entro 0.3 secondi."
    assert Hub.objects.get().claimed_at is None


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://127.0.0.1:{port}/", "Non si raggiunge."),
        ("https://127.0.0.1:{port}/", "Non si raggiunge."),
        ("http://hub.example.org/", "L’indirizzo dell’hub deve cominciare con https://."),
        ("ftp://127.0.0.1/", "L’indirizzo dell’hub deve cominciare con https://."),
        ("https://", "L’indirizzo dell’hub deve cominciare con https://."),
        ("https://[", "L’indirizzo dell’hub deve cominciare con https://."),
    ],
)
def test_hub_that_cannot_be_asked_stops_no_other_work(settings, address, message):
    settings.WEBSUB_HUB = address.format(port=free_port(0))
    tick()
    now = timezone.now() + 2 * LATER
    make_communique(publish_at=now)

    tick(now + LATER)

    assert Hub.objects.get().message == message


def test_many_feeds_are_told_a_hundred_at_a_time(hub):
    for _ in range(48):
        make_municipality()
    now = known(hub)
    make_communique(publish_at=now)

    tick(now + LATER)

    assert [len(conversation["hub.url"]) for conversation in hub.conversations] == [100, 50]


def test_what_was_claimed_by_who_was_stopped_is_told_by_another(hub):
    now = known(hub)
    make_communique(publish_at=now)
    with at(now + LATER):
        assert Hub.objects.get().claim()
        assert not Hub.objects.get().claim()

    tick(now + 2 * LATER)
    while_claimed = list(hub.conversations)
    tick(now + 2 * LATER + CLAIM)

    assert while_claimed == []
    assert len(hub.conversations) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_tick_at_once_tell_once(hub):
    if connection.vendor == "sqlite":
        pytest.skip("an SQLite in memory has one connection; the other run of the suite has a PostgreSQL")
    now = known(hub)
    make_communique(publish_at=now)
    start = Barrier(3)
    failures = []

    def work():
        try:
            start.wait()
            call_command("tick")
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    with at(now + LATER):
        workers = [Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert failures == []
    assert len(hub.conversations) == 1


def test_nobody_is_told_without_a_hub(settings):
    settings.WEBSUB_HUB = ""
    make_communique()

    tick()

    assert not Hub.objects.exists()


def links_of(response):
    """By their rel, as the Link header says them."""
    parts = [part.strip().partition(";") for part in response.headers["Link"].split(",")]
    return {rel.partition('"')[2].strip('"'): address.strip("<>") for address, _, rel in parts}


@pytest.mark.parametrize("form", FORMS)
def test_feed_says_by_which_address_the_hub_knows_it(client, hub, form):
    make_municipality(slug="crema")
    now = known(hub)
    make_communique(publish_at=now)
    tick(now + LATER)
    addresses = [address for conversation in hub.conversations for address in conversation["hub.url"]]

    for query in ("", "?comune=crema", "?testo=breve&comune=crema&quanti=20", "?tipo=comunicati&argomento="):
        with at(now + LATER):
            response = client.get(f"/feed/{form}{query}")
        links = links_of(response)
        assert links["hub"] == hub.address
        assert links["self"] in addresses
        if form == "feed.json":
            body = json.loads(response.content)
            assert (body["feed_url"], body["hubs"][0]["url"]) == (links["self"], hub.address)
        else:
            within = {link["rel"]: link["href"] for link in feedparser.parse(response.content).feed.links}
            assert (within["self"], within["hub"]) == (links["self"], hub.address)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("query", ["q=ponte", "tipo=avvisi&comune=crema", "testo=intero", "quanti=5"])
def test_feed_of_which_no_hub_hears_names_none(client, hub, form, query):
    make_municipality(slug="crema")

    response = client.get(f"/feed/{form}?{query}")

    assert links_of(response) == {"self": f"{SITE}/feed/{form}?{query}"}
    assert hub.address not in response.text


def test_what_is_put_off_is_told_where_it_stood(hub):
    communique = make_communique([make_topic(slug="cer")], kind="avvisi")
    now = known(hub)

    with at(now):
        communique.publish_at = now + timedelta(days=9)
        communique.save()
    tick(now + LATER)

    assert hub.queries == ["", "argomento=cer", "tipo=avvisi"]


class Drip(StreamRequestHandler):
    """Answers a letter at a time, never silent for long, and never done."""

    def handle(self):
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 204 No Content\r\nX-Slow: ")
            for _ in range(200):
                self.wfile.write(b"x")
                sleep(0.05)


def test_hub_that_never_comes_to_an_end_is_left(settings, monkeypatch):
    monkeypatch.setattr(websub, "PATIENCE", 1)
    with ThreadingTCPServer(("127.0.0.1", 0), Drip) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        began = monotonic()

        why = websub.tell(f"http://127.0.0.1:{server.server_address[1]}/", [f"{SITE}/feed/rss.xml"])

        server.shutdown()
    assert why == "Non finisce di rispondere entro 1 secondi."
    assert monotonic() - began < 5


@pytest.mark.parametrize("form", FORMS)
def test_hub_gets_what_is_there_now(client, hub, form):
    """From a copy that a cache has, or that it has itself, it would learn nothing."""
    older, newer = make_communique(title="Resta"), make_communique(title="Sarà ritirato")
    Communique.objects.filter(pk=older.pk).update(publish_at=timezone.now() - timedelta(days=2))
    first = client.get(f"/feed/{form}")
    with at(timezone.now() + LATER):
        newer.withdraw(make_editor(), "Non era vero")

        for header in ("if_modified_since", "if_none_match"):
            value = first.headers["Last-Modified" if header == "if_modified_since" else "ETag"]
            again = client.get(f"/feed/{form}", headers={header: value})
            assert again.status_code == 200
            assert "Sarà ritirato" not in again.text

    assert first.headers["Cache-Control"] == "public, no-cache"


def test_desk_shows_what_the_hub_knows_and_changes_nothing(client, hub):
    now = known(hub)
    make_communique(publish_at=now)
    hub.statuses = [503]
    tick(now + LATER)
    row = Hub.objects.get()
    client.force_login(make_editor("Responsabile"))

    listed = client.get("/admin/distribution/hub/")
    page = client.get(f"/admin/distribution/hub/{row.pk}/change/")

    assert "Risponde 503." in listed.text
    assert "Risponde 503." in page.text
    assert 'name="_save"' not in page.text
    for path in ("add/", f"{row.pk}/delete/"):
        assert client.get(f"/admin/distribution/hub/{path}").status_code == 403


@pytest.mark.parametrize(
    ("hub_address", "faults"), [("", 0), ("https://hub.example.org/", 0), ("http://hub.example.org/", 1)]
)
def test_server_that_could_not_tell_a_hub_is_refused(settings, hub_address, faults):
    settings.WEBSUB_HUB = hub_address

    assert len(hub_is_https(None)) == faults
