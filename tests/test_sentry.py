"""Errors for a Sentry: a real one is another's server, so this one listens as it would, and keeps what it is sent."""

import gzip
import json
import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import brotli
import pytest
import sentry_sdk
from django.test import Client

from areaomogenea.monitoring import sentry

from .test_logs import SECRETS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.failing_urls")]
UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.fixture
def received():
    """The envelopes that have come, unpacked."""
    bodies = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(UNPACKED[self.headers.get("Content-Encoding")](body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    sentry.start(f"http://key@127.0.0.1:{server.server_port}/1")
    yield bodies
    sentry._is_on = False
    sentry_sdk.init()
    server.shutdown()
    server.server_close()


def events(received):
    sentry_sdk.flush(10)
    return [json.loads(body.splitlines()[-1]) for body in received]


def test_error_is_told_with_its_place_and_nothing_of_who_asked(received):
    client = Client(raise_request_exception=False)
    client.post(
        "/guasta/77/?nome=segreto",
        {"codice": "segreto"},
        headers={"X-Request-ID": "3f9a12bc-and-more", "Referer": "https://segreto.example.org", "Cookie": "a=segreto"},
    )

    (event,) = events(received)
    (error,) = event["exception"]["values"]
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"][-1]["function"] == "failing"
    assert event["tags"] == {"request": "3f9a12bc-and-more", "view": "failing"}
    text = json.dumps(event, ensure_ascii=False)
    assert [word for word in [*SECRETS, "/77", "vars"] if word in text] == []
    assert {"user", "request", "server_name", "breadcrumbs"} & event.keys() == set()


def test_fault_that_comes_again_and_again_is_told_ever_less(received):
    client = Client(raise_request_exception=False)
    for _ in range(120):
        client.get("/guasta/1/")

    assert len(events(received)) == 11


def test_what_is_no_exception_is_told_too(received):
    logging.getLogger("areaomogenea.accounts.deferred_mail").error("Too many letters wait: %s", "mario@example.org")
    logging.getLogger("django.request").error("Service Unavailable: %s", "/segreto/")

    assert [event["message"] for event in events(received)] == ["Too many letters wait: …"]
