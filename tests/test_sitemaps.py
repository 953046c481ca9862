"""What engines are told: all that is published, nothing else, in files that they can read."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from areaomogenea.distribution import sitemaps
from areaomogenea.identity.models import Identity

from .factories import make_communique, make_initiative, make_topic, rome

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def locations(client, address):
    return [place.text for place in ElementTree.fromstring(client.get(address).content).iter(f"{SITEMAP}loc")]


def test_index_leads_to_every_page(client):
    pages = [make_communique(), make_initiative(), make_topic()]

    parts = locations(client, "/sitemap.xml")
    addresses = {place for part in parts for place in locations(client, part)}

    assert {f"http://testserver{page.get_absolute_url()}" for page in pages} <= addresses
    assert "http://testserver/" in addresses


def test_large_part_is_split(client, monkeypatch):
    monkeypatch.setattr(sitemaps.Publications, "limit", 2)
    pages = [make_communique() for _ in range(5)]
    gone, *_ = pages[1:]
    type(gone).objects.filter(pk=gone.pk).update(status="draft")

    parts = [part for part in locations(client, "/sitemap.xml") if "pubblicazioni" in part]
    listed = [locations(client, part) for part in parts]

    assert {len(part) for part in listed} <= {1, 2}
    shown = [f"http://testserver{page.get_absolute_url()}" for page in pages if page is not gone]
    assert sorted(place for part in listed for place in part) == sorted(shown)


def test_first_part_begins_where_the_keys_do(client):
    """However high they are: after a deletion, or in a database that has seen much."""
    page = make_communique(pk=123_456)

    assert locations(client, "/sitemap-pubblicazioni.xml") == [f"http://testserver{page.get_absolute_url()}"]
    assert "http://testserver/sitemap-pubblicazioni.xml" in locations(client, "/sitemap.xml")


def test_index_reads_the_first_page_of_a_part_only(client, django_assert_num_queries, monkeypatch):
    """However many pages a part has, and however many parts: none is asked for what is in it."""
    monkeypatch.setattr(sitemaps.Publications, "limit", 1)
    make_communique()
    client.get("/sitemap.xml")
    with CaptureQueriesContext(connection) as before:
        client.get("/sitemap.xml")
    for _ in range(3):
        make_communique()

    with django_assert_num_queries(len(before)):
        client.get("/sitemap.xml")


def test_day_of_the_last_change_is_told(client):
    communique = make_communique()
    later = timezone.now().replace(microsecond=0)
    type(communique).objects.update(updated_at=later)

    changed = ElementTree.fromstring(client.get("/sitemap-pubblicazioni.xml").content).find(f".//{SITEMAP}lastmod")

    assert changed.text == timezone.localdate(later).isoformat()


def test_news_of_two_days_have_a_form_of_their_own(client):
    make_communique(title="Nu\x02ova & bel\uffffla")
    make_communique(title="Vecchia", publish_at=timezone.now() - timedelta(days=3))
    make_initiative(title="Iniziativa")

    titles = [
        title.text for title in ElementTree.fromstring(client.get("/sitemap-novita.xml").content).iter(f"{NEWS}title")
    ]

    assert titles == ["Nuova & bella"]


@pytest.mark.parametrize(
    "address",
    [
        "/sitemap-x.xml",
        *(f"/sitemap-pubblicazioni.xml?p={number}" for number in (99, "x", 0, -1, "9" * 30, "")),
        "/sitemap-comuni.xml?p=9",
    ],
)
def test_part_that_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_robots_are_kept_from_the_desk_and_led_to_the_index(client):
    text = client.get("/robots.txt").text

    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_browser_learns_to_search_here(client):
    described = ElementTree.fromstring(client.get("/opensearch.xml").content)
    templates = {place.get("type"): place.get("template") for place in described if place.get("template")}

    assert templates["text/html"] == "http://testserver/cerca/?q={searchTerms}"
    short = described.find("{http://a9.com/-/spec/opensearch/1.1/}ShortName").text
    assert len(short) <= 16


@pytest.mark.parametrize(
    ("setting", "identity", "contacts"),
    [
        ("", {}, ["http://testserver/note-legali/"]),
        ("", {"email": "info@example.org"}, ["mailto:info@example.org"]),
        ("", {"report_email": "a@example.org", "pec": "a@example.org"}, ["mailto:a@example.org"]),
        ("sos@example.org", {"email": "info@example.org"}, ["mailto:sos@example.org", "mailto:info@example.org"]),
        ("https://example.org/sos", {}, ["https://example.org/sos"]),
    ],
)
def test_hole_can_be_told_to_somebody_who_answers(client, settings, setting, identity, contacts):
    settings.SECURITY_CONTACT = setting
    Identity.objects.create(pk=1, **identity)

    lines = client.get("/.well-known/security.txt").text.splitlines()

    assert [line.removeprefix("Contact: ") for line in lines if line.startswith("Contact: ")] == contacts


def test_security_contact_is_not_past(client):
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines())

    assert timezone.now() < parse_datetime(lines["Expires"]) < timezone.now() + timedelta(days=366)
    assert lines["Contact"].startswith(("http", "mailto"))


def test_who_makes_the_site_is_told_to_humans(client):
    Identity.objects.create(pk=1, name="Area & Comuni", owner="Consorzio “IT”", email="posta@example.org")
    make_communique(publish_at=rome(2026, 3, 1, 9), updated_at=rome(2026, 3, 5, 0, 30))
    make_communique(status="draft", publish_at=rome(2026, 4, 1, 9))

    response = client.get("/humans.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Area & Comuni: 48 Comuni, un territorio\nA cura di: Consorzio “IT”\nE-mail: posta@e" in response.text
    assert "Ultimo aggiornamento: 2026/03/05\nLingua: italiano\n" in response.text
    assert '<link rel="author" type="text/plain" href="/humans.txt">' in client.get("/").text


def test_site_without_anything_has_makers_already(client):
    text = client.get("/humans.txt").text

    assert "A cura di: Consorzio.IT S.p.A.\n\n/* IL SITO */\nLingua: italiano\n" in text
