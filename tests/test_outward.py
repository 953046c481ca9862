"""Links of published pages: gathered, asked politely of a real server, broken only when they fail twice."""

import json
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from ipaddress import ip_address
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from time import monotonic

import pytest
from django.core.management import call_command
from django.utils import timezone

from areaomogenea.quality.link_checker import Checker, is_public
from areaomogenea.quality.models import Link, gather_links

from .factories import make_communique, make_editor, make_municipality, make_topic

pytestmark = pytest.mark.django_db
LOCALHOST = ["127.0.0.1", "::1"]


class Site(BaseHTTPRequestHandler):
    """What sites do: answer, move, lose pages, break, sleep, send round in circles, dislike HEAD."""

    def do_GET(self):
        self.server.requests.append((self.command, self.path, self.headers["User-Agent"]))
        name, _, code = self.path.strip("/").partition("-")
        if name == "slow":
            self.server.over.wait(5)
        elif name in ("moved", "loop", "inside"):
            target = {"moved": "/ok", "loop": "/loop", "inside": "http://169.254.169.254/latest/"}[name]
            self.answer(int(code or 301), Location=target)
        elif name == "headless" and self.command == "HEAD":
            self.answer(500)
        else:
            self.answer(int(code or 200))

    do_HEAD = do_GET  # noqa: N815

    def answer(self, status, **headers):
        self.send_response(status)
        for header, value in (headers | {"Content-Length": "0"}).items():
            self.send_header(header, value)
        self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def serving():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads, server.requests, server.over = True, [], Event()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(settings):
    settings.PRIVATE_PLACES_TO_CHECK = LOCALHOST
    with serving() as server:
        server.base = f"http://localhost:{server.server_port}"
        yield server


def check(address, **how):
    return Checker("prova@example.org", **{"pause": 0, "timeout": 0.3, "redirects": 3} | how).check(address)


def run(**options):
    out = StringIO()
    call_command(
        "check_links", stdout=out, skip_checks=False, **{"pause": 0, "timeout": 0.5, "as_json": True} | options
    )
    return json.loads(out.getvalue()) if options.get("as_json", True) else out.getvalue()


def link_to(address, **fields):
    return make_communique(body=f'<p><a href="{address}">Qui</a></p>', **fields)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/ok", (200, "", False)),
        ("/moved", (200, "", False)),
        ("/moved-308", (200, "", False)),
        ("/headless", (200, "", False)),
        ("/gone-404", (404, "La pagina non c’è più (404).", True)),
        ("/gone-410", (410, "La pagina non c’è più (410).", True)),
        ("/down-500", (500, "Il sito risponde con un errore (500).", True)),
        ("/shy-403", (403, "Non si lascia controllare (403): guardalo tu.", False)),
        ("/slow", (None, "Non risponde entro 0.3 secondi.", True)),
        ("/loop", (None, "Rimanda da un indirizzo all’altro senza arrivare.", True)),
    ],
)
def test_what_a_site_does_is_told_in_words(site, path, expected):
    outcome = check(site.base + path)

    assert (outcome.status, outcome.message, outcome.is_failure) == expected


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://non-esiste.invalid/", "Questo sito non esiste, o ha cambiato nome."),
        ("http://127.0.0.1:9/", "Non si raggiunge."),
        ("http://localhost:0/", "Non si raggiunge."),
        ("http://exa mple.org:x/", "L’indirizzo è scritto male."),
        ("http://[::1", "L’indirizzo è scritto male."),
        ("http:///senza-sito", "Rimanda a qualcosa che non è una pagina."),
        ("http://" + "a" * 300 + ".it/", "L’indirizzo è scritto male."),
    ],
)
def test_addresses_that_lead_nowhere_are_told_in_words(settings, address, message):
    settings.PRIVATE_PLACES_TO_CHECK = LOCALHOST

    outcome = check(address)

    assert (outcome.message, outcome.is_failure) == (message, True)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "0.0.0.0"],  # noqa: S104,
)
def test_our_own_network_is_never_asked(host):
    with serving() as server:
        outcome = check(f"http://{host}:{server.server_port}/ok")

    assert outcome.message == "Porta dentro una rete privata."
    assert server.requests == []


@pytest.mark.parametrize(
    "place",
    """
    127.0.0.1 10.1.2.3 100.64.0.1 169.254.169.254 0.0.0.0 224.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 240.0.0.1
    ::1 :: ::127.0.0.1 ::8.8.8.8 ::ffff:10.0.0.1 ::ffff:127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::10.0.0.1
    64:ff9b:1::a9fe:a9fe 64:ff9b:1:ffff::1 2002:a9fe:a9fe:: 2002:808:808:: 2001:0:0:0:0:0:5601:5601 fec0::1
    feff:ffff::1 fe80::1 fc00::1 fd12:3456::1 ff02::1 2001:db8::1
    """.split(),
)
def test_place_that_is_not_everybodys_is_refused(place):
    assert not is_public(ip_address(place))


@pytest.mark.parametrize(
    "place", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::93.184.216.34"]
)
def test_place_that_everybody_reaches_may_be_asked(place):
    assert is_public(ip_address(place))


@contextmanager
def dripping(head):
    """The base of a site on this very computer that begins to answer with `head`, then says a letter now and then."""
    over, connections = Event(), []

    class Drip(BaseRequestHandler):
        def handle(self):
            connections.append(self.request)
            self.request.recv(65536)
            self.request.sendall(head)
            while not over.wait(0.05):
                try:
                    self.request.sendall(b"a")
                except OSError:
                    return

    with ThreadingTCPServer(("127.0.0.1", 0), Drip) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://localhost:{server.server_address[1]}/", connections
        finally:
            over.set()
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX-Lento: ", b"HTTP/1.1 301 Moved\r\nLocation: /"])
def test_site_that_drips_is_left_in_time(settings, head):
    """Never silent for as long as the timeout of a reading: only the limit of all together ends it."""
    settings.PRIVATE_PLACES_TO_CHECK = LOCALHOST
    with dripping(head) as (base, connections):
        outcome = check(base, timeout=5, patience=0.5)

    assert (outcome.message, outcome.is_failure) == ("Non finisce di rispondere entro 0.5 secondi.", True)
    assert len(connections) == 1  # not the same again by GET


def test_body_that_drips_is_not_read(settings):
    settings.PRIVATE_PLACES_TO_CHECK = LOCALHOST
    with dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n") as (base, _):
        assert check(base, timeout=5, patience=5).status == 200


def test_head_without_end_is_not_read(settings):
    settings.PRIVATE_PLACES_TO_CHECK = LOCALHOST
    with dripping(b"HTTP/1.1 200 OK\r\nX-Lungo: " + b"a" * 2_000_000) as (base, _):
        assert check(base, timeout=5, patience=5).message == "Non si raggiunge."


def test_redirect_into_a_private_network_is_refused(site):
    assert check(f"{site.base}/inside").message == "Porta dentro una rete privata."


def test_asks_head_first_and_says_who_asks(site):
    check(f"{site.base}/ok")
    check(f"{site.base}/headless")

    assert [(method, path) for method, path, _ in site.requests] == [
        ("HEAD", "/ok"),
        ("HEAD", "/headless"),
        ("GET", "/headless"),
    ]
    assert "prova@example.org" in site.requests[0][2]


def test_waits_between_two_questions_to_one_site(site):
    checker, start = Checker(pause=0.2), monotonic()
    for path in ("/ok", "/ok-200", "/ok-204"):
        checker.check(site.base + path)

    assert monotonic() - start >= 0.4


def test_gathers_what_published_pages_lead_to_and_where():
    published = link_to("https://a.example/x?y=1&amp;z=2#punto", source_name="A", source_url="https://b.example/")
    link_to("https://a.example/x?y=1&amp;z=2")
    link_to("https://bozza.example/", status="draft")
    link_to("/argomenti/")
    topic = make_topic(explanation='<p><a href="https://c.example/">C</a> <a href="mailto:x@example.org">m</a></p>')

    gather_links()

    uses = {link.address: (link.publications.count(), link.topics.count()) for link in Link.objects.all()}
    assert uses == {
        "https://a.example/x?y=1&z=2": (2, 0),
        "https://b.example/": (1, 0),
        "https://c.example/": (0, 1),
    }
    published.withdraw(by=None, comment="x")
    topic.delete()
    gather_links()
    assert [link.address for link in Link.objects.all()] == ["https://a.example/x?y=1&z=2"]


def test_broken_only_after_two_runs(site):
    page = link_to(f"{site.base}/gone-404")

    assert run() == {"checked": 1, "broken": []}
    assert run() == {"checked": 0, "broken": []}  # it was checked a moment ago
    report = run(hours=0)

    assert [(row["address"], row["status"], row["pages"]) for row in report["broken"]] == [
        (f"{site.base}/gone-404", 404, [page.get_absolute_url()])
    ]
    link = Link.objects.broken().get()
    assert link.failing_since < link.checked_at


def test_a_link_that_works_again_is_forgiven(site):
    link_to(f"{site.base}/ok")
    gather_links()
    Link.objects.update(failures=5, failing_since=timezone.now() - timedelta(days=9), message="La pagina non c’è più.")

    run()

    link = Link.objects.get()
    assert (link.failures, link.failing_since, link.message, link.is_broken) == (0, None, "", False)


def test_two_runs_share_the_work(site):
    for number in range(3):
        link_to(f"{site.base}/ok?{number}")
    gather_links()
    since = timezone.now()
    first, second, third = Link.objects.all()

    assert first.claim(since)
    assert not first.claim(since)  # another run has it
    Link.objects.filter(pk=second.pk).update(checked_at=timezone.now())
    assert not second.claim(since)  # another run has just checked it
    Link.objects.filter(pk=third.pk).update(claimed_at=since - timedelta(hours=1))
    assert third.claim(since)  # another run had it, and was killed


def test_report_is_a_list_for_people(site):
    page = link_to(f"{site.base}/gone-404", title="Il ponte [bold]")
    link_to(f"{site.base}/ok")
    run()

    report = run(as_json=False, hours=0)

    today = f"{timezone.localdate():%d/%m/%Y}"
    broken = f"{site.base}/gone-404\n  Dal {today}: La pagina non c’è più (404).\n  In: {page}\n"
    assert report == f"{broken}Controllati 2; da riparare 1; da riprovare 0.\n"


def broken_on(*publications, address="https://rotto.example/"):
    link = Link.objects.create(
        address=address, status=404, message="La pagina non c’è più (404).", failures=2, failing_since=timezone.now()
    )
    link.publications.set(publications)
    return link


def test_desk_lists_what_is_to_be_mended_and_where(client):
    page = link_to("https://rotto.example/", title="Il ponte")
    broken_on(page)
    Link.objects.create(address="https://buono.example/", status=200)
    client.force_login(make_editor(role="Redattore"))

    shown = client.get("/admin/quality/link/").text
    all_links = client.get("/admin/quality/link/?stato=tutti").text

    assert "https://rotto.example/" in shown
    assert f'<a href="/admin/pubblicazione/{page.pk}/">Il ponte</a>' in shown
    assert "https://buono.example/" not in shown
    assert "https://rotto.example/" in all_links


def test_local_editor_sees_the_links_of_their_comune(client):
    crema = make_municipality()
    user = make_editor(role="Redattore comunale")
    user.assignments.create(municipality=crema)
    broken_on(make_communique(places=[crema]), address="https://mio.example/")
    broken_on(make_communique(places=[make_municipality()], title="Loro"), address="https://loro.example/")
    client.force_login(user)

    shown = client.get("/admin/quality/link/?stato=tutti").text

    assert "https://mio.example/" in shown
    assert "https://loro.example/" not in shown


@pytest.mark.parametrize("rows", [2, 12])
def test_list_of_broken_links_cost_does_not_grow(client, rows, django_assert_max_num_queries):
    for number in range(rows):
        broken_on(make_communique(), address=f"https://rotto.example/{number}")
    client.force_login(make_editor(is_superuser=True))

    with django_assert_max_num_queries(10):
        client.get("/admin/quality/link/")
