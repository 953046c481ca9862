"""How long others may remember what the portal answered: what readers see for seconds, an error not at all."""

import gzip
import re

import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from areaomogenea.caching import public_pages
from areaomogenea.wsgi import application

from .factories import make_communique, make_picture

pytestmark = pytest.mark.any_database  # headers are said by the views
GONE = "public, max-age=0, s-maxage=5"
SHARED = "public, max-age=0, s-maxage=5, stale-while-revalidate=2, stale-if-error=3600"


@pytest.mark.parametrize("method", ["get", "head", "post"])
@pytest.mark.parametrize("status", [400, 401, 403, 405, 406, 413, 415, 422, 429, 500, 501, 502, 503, 504])
@pytest.mark.parametrize("headers", [{}, {"Cache-Control": "public, max-age=3600"}])
def test_nobody_keeps_an_error(method, status, headers):
    answer = public_pages(lambda request: HttpResponse(status=status, headers=headers))

    assert answer(getattr(RequestFactory(), method)("/"))["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", [404, 410])
def test_an_absence_is_kept_for_seconds(status):
    answer = public_pages(lambda request: HttpResponse(status=status))

    assert answer(RequestFactory().get("/"))["Cache-Control"] == GONE


@pytest.mark.django_db
def test_pages_that_are_not_there_are_asked_for_again_soon(client):
    withdrawn = make_communique(status="withdrawn")

    headers = {
        path: client.get(path)["Cache-Control"] for path in ("/nessuna/", withdrawn.get_absolute_url(), "/novita/")
    }

    assert headers == {"/nessuna/": GONE, withdrawn.get_absolute_url(): GONE, "/novita/": SHARED}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/feed/rss.xml?altro=1", "/scadenze/scadenze.ics?comune=mai", "/oembed", "/incorpora/elenco/?colore=x"]
)
def test_refusals_of_real_doors_are_not_kept(client, address):
    response = client.get(address)

    assert (response.status_code, response["Cache-Control"]) == (400, "no-store")


@pytest.mark.django_db
def test_error_has_no_tag_that_a_cache_could_ask_again_by(client):
    response = client.get("/feed/rss.xml?altro=1")

    assert not response.has_header("ETag")


@pytest.mark.django_db
def test_file_leaves_browsers_and_caches_within_ten_seconds_and_is_not_sent_twice(client):
    picture = make_picture()
    communique = make_communique(picture=picture)
    first = client.get(picture.file.url)
    directives = dict(re.findall(r"([a-z-]+)=(\d+)", first["Cache-Control"]))

    again = client.get(picture.file.url, headers={"If-Modified-Since": first["Last-Modified"]})
    communique.withdraw(by=None, comment="Privacy")
    later = client.get(picture.file.url, headers={"If-Modified-Since": first["Last-Modified"]})

    assert sum(int(directives[name]) for name in ("max-age", "stale-while-revalidate")) <= 10
    assert (again.status_code, later.status_code) == (304, 404)


UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        *(
            ("br", "br"),
            ("gzip", "gzip"),
            ("gzip, deflate", "gzip"),
            ("br;q=0.5, gzip", "gzip"),
            ("gzip;q=0, br", "br"),
        ),
        *(("identity", ""), ("", ""), ("gzip;q=0", ""), ("compress", "")),
    ],
)
@pytest.mark.parametrize("address", ["/", "/feed/rss.xml", "/api/v1/novita", "/scadenze/scadenze.ics", "/sitemap.xml"])
def test_answer_is_packed_as_its_reader_can_unpack_it(client, address, accepted, packed):
    make_communique()
    plain = client.get(address)

    response = client.get(address, headers={"Accept-Encoding": accepted})

    assert response.get("Content-Encoding", "") == packed
    assert UNPACKED[packed](response.content) == plain.content


@pytest.mark.django_db
@pytest.mark.parametrize("accepted", ["", "br", "gzip", "zstd"])
@pytest.mark.parametrize("address", ["/", "/novita/", "/feed/rss.xml", "/api/v1/novita", "/sitemap.xml", "/nessuna/"])
def test_asking_for_the_head_tells_of_the_page_itself(client, address, accepted):
    make_communique()
    page = client.get(address, headers={"Accept-Encoding": accepted})
    head = client.head(address, headers={"Accept-Encoding": accepted})

    shared = "ETag", "Vary", "Content-Type", "Content-Length", "Content-Encoding", "Cache-Control"
    assert (head.status_code, head.content) == (page.status_code, b"")
    assert {name: head.get(name) for name in shared} == {name: page.get(name) for name in shared}
    assert page["ETag"]
    assert "accept-encoding" in page["Vary"].lower()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("accepted", ["", "br", "gzip"])
@pytest.mark.parametrize("address", ["/", "/novita/", "/feed/rss.xml", "/scadenze/scadenze.ics", "/api/v1/novita"])
def test_page_that_is_still_the_same_is_told_with_the_headers_of_the_page(client, address, accepted, method):
    make_communique()
    page = client.get(address, headers={"Accept-Encoding": accepted})

    same = getattr(client, method)(address, headers={"Accept-Encoding": accepted, "If-None-Match": page["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    for name in ("ETag", "Vary", "Cache-Control", "Access-Control-Allow-Origin"):
        assert same.get(name) == page.get(name)


OPEN_DATA = "/dati/novita.csv", "/dati/novita.json"


@pytest.mark.django_db
@pytest.mark.parametrize("accepted", ["", "gzip"])
@pytest.mark.parametrize("address", ["/", "/nessuna/", "/robots.txt", "/feed/rss.xml", *OPEN_DATA])
def test_server_gets_no_body_where_it_may_send_none(address, accepted):
    make_communique()
    environment = RequestFactory().head(address, headers={"Accept-Encoding": accepted}).environ

    assert b"".join(application(environment, lambda status, headers: None)) == b""


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", *OPEN_DATA])
def test_page_that_is_still_the_same_is_not_said_to_be_empty(client, address):
    make_communique()
    tag = client.get(address)["ETag"]

    same = client.get(address, headers={"If-None-Match": tag})

    assert (same.status_code, same.get("Content-Length")) == (304, None)
