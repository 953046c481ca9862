"""How long others may remember what the portal answered: what readers see for seconds, an error not at all."""

import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from areaomogenea.caching import public_pages

from .factories import make_communique, make_picture

pytestmark = pytest.mark.any_database  # headers are said by the views
GONE = "public, max-age=0, s-maxage=5"
SHARED = "public, max-age=0, s-maxage=30, stale-while-revalidate=30"


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
def test_file_leaves_browsers_and_caches_within_a_minute_and_is_not_sent_twice(client):
    picture = make_picture()
    communique = make_communique(picture=picture)
    first = client.get(picture.file.url)
    directives = dict(re.findall(r"([a-z-]+)=(\d+)", first["Cache-Control"]))

    again = client.get(picture.file.url, headers={"If-Modified-Since": first["Last-Modified"]})
    communique.withdraw(by=None, comment="Privacy")
    later = client.get(picture.file.url, headers={"If-Modified-Since": first["Last-Modified"]})

    assert sum(map(int, directives.values())) <= 60
    assert (again.status_code, later.status_code) == (304, 404)
