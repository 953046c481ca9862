"""A kind of publication that nobody else has heard of: every exit asks what it declared, and takes it for no other."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.utils import timezone
from lxml import html

from areaomogenea.distribution.social_images import card_address
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.quality.internal_links import dead_links
from initiatives.kinds import INITIATIVE

from .factories import make_communique, make_initiative, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.third_kind_urls")]
ROOT = Path(__file__).parent.parent
PATHS = ["/feed/rss.xml", "/feed/feed.json", "/incorpora/elenco/", "/calendario/calendario.ics"]
FORMS = [("text/markdown", "md"), ("text/plain", "txt"), ("application/pdf", "pdf")]
TENDER = kinds.Kind(
    "bandi",
    "Bando",
    "Bandi",
    kinds.Group.LASTING,
    path="bandi/",
    model="publishing.Publication",
    page="tests.third_kind_urls.page",
)


@pytest.fixture
def mensa():
    kinds.register(TENDER)
    cuc = make_topic(name="Centrale unica di committenza", slug="cuc")
    row = Publication.objects.create(
        kind="bandi",
        title="La mensa delle scuole",
        summary="Chi cucina per le scuole.",
        body="<p>Entro marzo.</p>",
        slug="mensa",
        coverage="area",
        status="approved",
        publish_at=timezone.now() - timezone.timedelta(days=1),
    )
    row.topics.add(cuc)
    make_initiative(title="Una gara sola", slug="gara-sola").topics.add(cuc)
    yield row
    kinds.unregister(TENDER)


def words_under(page, heading):
    """The words of the section of a page that is under this heading."""
    tree = html.fromstring(page.text)
    (title,) = [one for one in tree.iter("h2") if one.text_content().strip() == heading]
    after = title.getparent() if title.getparent().get("class") == "section-head" else title
    return after.getnext().text_content()


@pytest.mark.parametrize("path", ["/argomenti/cuc/", "/mappa-del-sito/"])
def test_it_stands_under_its_own_heading(client, mensa, path):
    page = client.get(path)

    assert mensa.title in words_under(page, "Bandi")
    assert mensa.title not in words_under(page, "Iniziative")


def test_map_of_the_site_leads_to_its_list(client, mensa):
    links = html.fromstring(client.get("/mappa-del-sito/").text).xpath('//main//a[@href="/bandi/"]')

    assert [link.text for link in links] == ["Bandi"]


def test_page_that_links_it_does_not_call_it_an_initiative(client, mensa):
    initiative, communique = make_initiative(slug="cer"), make_communique(slug="cer")
    for page in (initiative, communique):
        page.linked.add(mensa)

    assert mensa.title in words_under(client.get(initiative.get_absolute_url()), "Bandi")
    assert mensa.title in client.get(communique.get_absolute_url()).text


def test_it_is_shown_moved_and_gone_like_any_page(client, mensa):
    assert mensa.title in client.get("/bandi/mensa/").text
    assert client.get("/Bandi/Mensa").headers["Location"] == "/bandi/mensa/"
    assert mensa.title in client.get("/cerca/?q=mensa").text
    assert client.get("/bandi").headers["Location"] == "/bandi/"
    assert mensa.title in client.get("/incorpora/scheda/bandi/mensa/").text
    assert client.get(card_address(mensa)).headers["Content-Type"] == "image/png"
    assert "/bandi/mensa/" in client.get("/sitemap-pubblicazioni.xml").text


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_asked_of_it_as_of_an_initiative(client, mensa, path):
    assert client.get(path, {"iniziativa": "mensa"}).status_code == 400


def test_it_is_not_offered_among_initiatives(client, mensa):
    tree = html.fromstring(client.get("/incorpora/").text)
    offered = [option.text for option in tree.xpath('//select[@name="iniziativa"]/option')]

    assert offered
    assert mensa.title not in offered


def test_api_tells_only_kinds_with_an_endpoint(client, mensa):
    make_communique(title="La mensa di Crema")

    results = client.get("/api/v1/cerca?q=mensa").json()["dati"]

    assert [row["titolo"] for row in results] == ["La mensa di Crema"]
    assert all(client.get(re.sub("^https?://[^/]+", "", row["api"])).status_code == 200 for row in results)


@pytest.mark.parametrize(("accept", "suffix"), FORMS)
def test_page_without_exports_is_html_alone(client, mensa, accept, suffix):
    response = client.get("/bandi/mensa/", headers={"accept": accept})

    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert client.get(f"/bandi/mensa.{suffix}").status_code == 404


def test_news_of_the_day_do_not_know_it(client, mensa):
    for path in ("/novita/", "/", "/feed/rss.xml", "/sitemap-novita.xml"):
        assert mensa.title not in client.get(path).text
    assert "mensa" not in json.dumps(client.get("/api/v1/iniziative").json())


def test_links_to_it_are_good(mensa):
    assert [*dead_links(["/bandi/mensa/", "/bandi/mai/"], timezone.now())] == ["/bandi/mai/"]


def test_each_kind_of_the_portal_declares_every_exit_or_does_without():
    optional = {"exports", "endpoint", "linked", "lead"}

    for kind in kinds.every():
        assert all(getattr(kind, one.name) for one in fields(kind) if one.name not in optional)
        assert kind.model_class._meta.label == kind.model
        assert callable(kind.make_page)
        assert not kind.exports or get_template(f"exports/{kind.model_class._meta.model_name}.html")
    assert callable(INITIATIVE.export_context)


def test_kinds_of_news_are_communiques():
    """Feeds, the API and open data tell of each what only a communiqué has, and its files stand beside its page."""
    news = kinds.of_news()

    assert {kind.model for kind in news} == {"news.Communique"}
    assert [kind.path for kind in news] == [f"novita/{kind.code}/" for kind in news]


def test_no_page_or_script_names_the_kinds_of_news():
    codes = "|".join(kinds.codes(kinds.Group.NEWS))
    by_name = re.compile(rf"""["'](?:{codes}):|== ["'](?:{codes})["']|\b(?:{codes}): ["']""")
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static/src").glob("*.js")]

    assert [path for path in sources if by_name.search(path.read_text(encoding="utf-8"))] == []
