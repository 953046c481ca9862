"""What the portal logs: a line for each request, one for each error, about nobody."""

import io
import json
import logging
import re
import time
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.db import connection
from django.test import Client
from django.utils.log import configure_logging

from areaomogenea.monitoring.error_page import error_page, short
from areaomogenea.monitoring.logs import JSONFormatter, WorthALine
from areaomogenea.monitoring.masking import masked
from areaomogenea.monitoring.traces import Trace, current

from .factories import make_communique, make_municipality

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.failing_urls")]
SECRETS = ["segreto", "mario.rossi", "192.0.2.7", "0373", "127.0.0.1"]


class Lines(io.StringIO):
    def __call__(self):
        """Each of them read as JSON."""
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def lines():
    """What production would write from here on."""
    lines = Lines()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JSONFormatter())
    handler.addFilter(WorthALine())
    handler.setLevel("WARNING")
    requests, root = logging.getLogger("areaomogenea.requests"), logging.getLogger()
    of_requests = logging.StreamHandler(lines)
    of_requests.setFormatter(JSONFormatter())
    level = requests.level
    requests.setLevel("INFO")
    requests.addHandler(of_requests)
    root.addHandler(handler)
    yield lines
    requests.setLevel(level)
    requests.removeHandler(of_requests)
    root.removeHandler(handler)


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def test_request_is_one_line_with_what_it_cost(client, lines):
    communique = make_communique(slug="ponte")

    response = client.get(f"{communique.get_absolute_url()}?nome=segreto", headers={"X-Request-ID": "from-the-proxy-1"})

    (line,) = lines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", line.pop("time"))
    assert line.pop("ms") > 0
    assert line.pop("queries") > 0
    assert line == {
        "level": "INFO",
        "logger": "areaomogenea.requests",
        "request": "from-the-proxy-1",
        "method": "GET",
        "view": "comunicati:detail",
        "route": "/novita/comunicati/<slug:slug>/",
        "status": 200,
    }
    assert response["X-Request-ID"] == "from-the-proxy-1"


def test_answer_in_pieces_is_logged_when_the_last_has_left(client, lines):
    make_municipality()

    response = client.get("/a-pezzi/")
    assert lines() == []
    b"".join(response)

    assert [(line["view"], line["queries"]) for line in lines()] == [("piece_by_piece", 1)]


@pytest.mark.parametrize(
    "claim", ["", "short", "x" * 65, 'a"b:c,d;e f', "riga\nfinta-finta", "àèìòùàèìòù", "\x1b[31mrosso"]
)
def test_id_that_is_none_is_made_anew(client, lines, claim):
    response = client.get("/robots.txt", HTTP_X_REQUEST_ID=claim)

    assert re.fullmatch("[0-9a-f]{32}", response["X-Request-ID"])
    assert [line["request"] for line in lines()] == [response["X-Request-ID"]]


def test_each_request_has_another_id(client):
    assert client.get("/robots.txt")["X-Request-ID"] != client.get("/robots.txt")["X-Request-ID"]


def test_error_is_one_line_about_nobody(client, lines):
    client.post("/guasta/77/?nome=segreto", {"codice": "segreto"}, headers={"Referer": "https://segreto.example.org"})

    error, request = lines()
    assert (error["level"], error["error"], error["view"]) == ("ERROR", "ValueError", "failing")
    assert error["at"].startswith("tests/failing_urls.py:")
    assert error["traceback"].startswith("Traceback")
    assert "line" in error["traceback"]
    assert (request["status"], request["request"]) == (500, error["request"])
    assert [word for word in [*SECRETS, "/77"] if word in lines.getvalue()] == []


def test_same_error_is_written_whole_once_a_minute(client, lines):
    for _ in range(5):
        client.get("/guasta/1/")

    errors = [line for line in lines() if line["level"] == "ERROR"]
    assert ["traceback" in line for line in errors] == [True, False, False, False, False]
    assert [line.get("again") for line in errors] == [None, 1, 2, 3, 4]


def test_missing_page_is_one_line_without_its_path(client, lines):
    client.get("/persone/mario-rossi/")

    (line,) = lines()
    assert (line["status"], line["view"], line["route"]) == (404, "", "")
    assert "mario" not in lines.getvalue()


def test_unknown_host_is_one_short_line(client, lines, settings):
    settings.ALLOWED_HOSTS = ["portale.example.it"]

    assert client.get("/", headers={"Host": "altrove.example.org"}).status_code == 400

    (line,) = lines()
    assert line["reason"] == "DisallowedHost: Invalid HTTP_HOST header: 'altrove.example.org'."
    assert (line["level"], line["status"]) == ("WARNING", 400)
    assert len(lines.getvalue()) < 500


@pytest.mark.parametrize("path", ["/a%0D%0A%7B%22level%22:%22ERROR%22%7D/", "/%E2%80%A8x/", "/%1b[31m/", "/%00/"])
def test_no_path_makes_a_line_of_its_own(client, lines, path):
    client.get(path)
    client.get("/", HTTP_HOST="x\u2028y\x85z\r\n{}")

    assert len(lines.getvalue().split("\n")) == 3
    assert lines.getvalue().isascii()
    assert len(lines()) == 2


def test_static_files_are_not_told_of(client, lines):
    trace = Trace(client.get("/robots.txt").wsgi_request)
    lines.truncate(0)
    lines.seek(0)
    trace.request.path_info, trace.status = "/static/portal.css", 200
    current.set(trace)

    from areaomogenea.monitoring.middleware import finish

    finish()
    assert lines() == []


@pytest.mark.parametrize(
    "text",
    [
        "Key (email)=(mario@example.org) already exists",
        'duplicate key value violates unique constraint "x"\nDETAIL:  Key (name)=(mario) already exists.',
        "https://example.org/cerca/?q=mario",
        "from 2001:db8:0:0:0:0:0:mario 2001:db8:85a3:0:0:8a2e:370:7334".replace(":mario", ""),
        "RSSMRA80A01H501U",
        "+39 0373 123 456",
        "postgres://portale:mario@db/x",
    ],
)
def test_data_of_people_are_masked(text):
    assert "…" in masked(text)
    assert [word for word in ("mario", "2001:db8", "RSSMRA", "0373") if word in masked(text)] == []


@pytest.mark.parametrize(
    "text", ['File "news/views.py", line 12, in detail', "2026-12-01 00:12:34", "KeyError: 'slug'"]
)
def test_what_is_about_nobody_stays(text):
    assert masked(text) == text


@pytest.mark.any_database
@pytest.mark.parametrize("piece", ["a", "a?", "a?b", "x@", "://", "1.", "12 ", "ab:", "\nDETAIL:", "a.b-c%", "0:"])
def test_no_text_takes_long_to_be_masked(piece):
    start = time.process_time()
    masked(piece * (100_000 // len(piece)))

    assert time.process_time() - start < 0.5


def test_error_page_leans_on_nothing_that_may_fail(client, settings, tmp_path):
    """No list of static files, no template, no database: what failed may be one of these."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.STATIC_ROOT = tmp_path  # with no list in it
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]

    response = client.get("/guasta/1/", headers={"X-Request-ID": "3f9a12bc-and-more"})

    assert response.status_code == 500
    assert "ed è colpa nostra" in response.text
    assert "3f9a 12bc" in response.text
    assert response["Cache-Control"] == "no-store"


@pytest.mark.any_database
def test_what_the_error_page_links_to_is_there():
    page = error_page().text
    made = {path.name for path in (conf.BASE_DIR / "static" / "dist").rglob("*")}

    names = {Path(address.partition("#")[0]).name for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page)}
    assert names - made == set()
    assert short("") == ""
    assert "codice" not in page


def test_server_tells_no_address_of_a_reader(lines):
    server = logging.getLogger("gunicorn.error")
    server.warning("Invalid request from ip=192.0.2.7: Invalid HTTP request line: 'GET /mario HTTP'")
    try:
        raise ValueError
    except ValueError:
        server.exception("Error handling request %s", "/mario?q=rossi")

    refused, failed = (line["message"] for line in lines())
    assert refused == "Invalid request from ip=…: Invalid HTTP request line:"
    assert failed == "Error handling request"
    assert "mario" not in lines.getvalue()


def test_django_itself_writes_to_nobody():
    configure_logging(conf.LOGGING_CONFIG, conf.LOGGING)

    assert logging.getLogger("django").handlers == []
    assert [
        type(handler).__name__ for handler in logging.getLogger().handlers if "Admin" in type(handler).__name__
    ] == ["AdminsHandler"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="nothing is kept without a snapshot")
@pytest.mark.django_db(transaction=True)
def test_page_that_was_kept_is_told_of_under_its_view(lines, settings):
    settings.RESPONSE_CACHE_MB = 4
    client = Client()
    client.get("/robots.txt")
    client.get("/robots.txt")

    drawn, kept = lines()
    assert ("kept" in drawn, kept["kept"]) == (False, True)
    assert [line["view"] for line in (drawn, kept)] == ["robots", "robots"]
    assert kept["queries"] == 1
