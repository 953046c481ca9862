"""Pages for when something is wrong: they say what, and where to go from there."""

from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from areaomogenea.wsgi import application

from .factories import make_communique, make_editor

pytestmark = pytest.mark.any_database  # pages of refusal, drawn from templates


def test_error_page_asks_the_database_nothing():
    response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "ed è colpa nostra" in response.text
    assert 'href="/novita/"' in response.text


@pytest.mark.django_db
def test_missing_page_offers_search_and_ways_out(client):
    response = client.get("/nessuna/")

    assert response.status_code == 404
    assert 'action="/cerca/"' in response.text
    assert 'href="/mappa-del-sito/"' in response.text


@pytest.mark.django_db
def test_withdrawn_page_tells_why(client):
    communique = make_communique()
    communique.withdraw(by=None, comment="I dati erano sbagliati.")

    response = client.get(communique.get_absolute_url())

    assert response.status_code == 410
    assert "Il motivo: I dati erano sbagliati." in response.text


@pytest.mark.django_db
def test_forbidden_room_of_the_desk_says_whom_to_ask(client):
    client.force_login(make_editor("Redattore"))

    response = client.get("/admin/identity/identity/")

    assert response.status_code == 403
    assert "chiedilo a chi amministra il portale" in response.text


@pytest.fixture
def answered():
    """answered(**headers): (status, content type) of the real application, which reads them before any handler does."""
    for signal in (request_started, request_finished):  # as the client of Django does: the connection is the test's
        signal.disconnect(close_old_connections)
    yield answer_to
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def answer_to(**headers):
    environ = {"PATH_INFO": "/no/slash/", "QUERY_STRING": "q=%E9"} | headers
    setup_testing_defaults(environ)
    answers = []
    list(application(environ, lambda status, headers: answers.append((int(status[:3]), dict(headers)["Content-Type"]))))
    return answers[0]


CODECS = ["hex", "undefined", "idna", "rot13", "unicode_escape", "utf-7", "zip"]


@pytest.mark.django_db
@pytest.mark.parametrize("claim", [*(f"charset={codec}" for codec in CODECS), "x*=bogus'it'%31", "x*=undefined''%31"])
def test_charset_that_reads_no_text_is_refused(answered, claim):
    assert answered(CONTENT_TYPE=f"text/plain; {claim}") == (415, "text/plain; charset=utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/plain;q*=bogus'it'%31", "text/html, a/b;q*=undefined''%31"])
def test_accept_in_letters_that_are_none_is_refused(answered, accept):
    assert answered(HTTP_ACCEPT=accept) == (400, "text/plain; charset=utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["text/plain", "text/plain; charset=UTF-8", "a/b;x*=utf-8''%31", "", "*/*;q=0.1,,;"])
def test_usual_headers_are_let_in(answered, header):
    assert answered(CONTENT_TYPE=header, HTTP_ACCEPT=header)[0] == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/dati/novita.csv", "/feed/rss.xml", "/feed/feed.json", "/novita/avvisi/x.pdf"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_program_that_writes_is_told_that_it_can_only_read(method, address):
    response = getattr(Client(enforce_csrf_checks=True), method)(address)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/nessuna/", "/accesso/", "/feed/rss.xml", "/incorpora/elenco/", "/a%00b"])
def test_every_answer_says_what_browsers_may_not_lend(client, address):
    policy = client.get(address)["Permissions-Policy"]

    assert "geolocation=()" in policy
    assert "publickey-credentials-get=(self)" in policy
