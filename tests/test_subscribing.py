"""Whoever wants to follow what a page lists finds how: feeds of exactly that, for programs and for people."""

import json
from html import unescape
from html.parser import HTMLParser

import feedparser
import pytest

from areaomogenea.publishing.preview_links import PreviewLink

from .factories import make_communique, make_initiative, make_municipality, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # which addresses a page proposes
FORMS = {"application/rss+xml": "rss.xml", "application/atom+xml": "atom.xml", "application/feed+json": "feed.json"}


class Links(HTMLParser):
    """The feeds that a page names, by their type: `named` in its head, `offered` to whoever reads it."""

    def __init__(self, text):
        super().__init__()
        self.named, self.offered, self.calendars, self.inside = {}, {}, [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.inside |= values.get("aria-labelledby") == "_abbonati"
        if tag == "link" and values["rel"] == "alternate" and values["type"] in FORMS:
            self.named[values["type"]] = values
        elif tag == "a" and self.inside:
            self.offered[values.get("type", "")] = values["href"]
            self.calendars += [values["href"]] * values["href"].startswith("webcal:")

    def handle_endtag(self, tag):
        self.inside &= tag != "aside"


@pytest.fixture
def place():
    """A topic, a Comune and an initiative that some news are of."""
    energy, crema = make_topic(slug="cer", name="Energia"), make_municipality(slug="crema", name="Crema")
    initiative = make_initiative([energy], [crema], slug="fibra", title="Fibra")
    make_communique([energy], [crema], kind="avvisi", title="Ponte di Crema").linked.add(initiative)
    make_communique(kind="notizie", title="Di tutti")


PAGES = {
    "/": ("", "Tutte le novità"),
    "/novita/": ("", "Novità"),
    "/novita/avvisi/": ("tipo=avvisi", "Avvisi"),
    "/novita/?tipo=avvisi": ("tipo=avvisi", "Avvisi"),
    "/novita/avvisi/?comune=crema&argomento=cer": (
        "tipo=avvisi&argomento=cer&comune=crema",
        "Avvisi su Energia per Crema",
    ),
    "/novita/?anno=2026&comune=atlantide": ("anno=2026", "Novità del 2026"),
    "/argomenti/cer/": ("argomento=cer", "Novità: Energia"),
    "/comuni/crema/": ("comune=crema", "Novità per Crema"),
    "/iniziative/fibra/": ("iniziativa=fibra", "Novità: Fibra"),
    "/cerca/?q=ponte+%26+fiume": ("q=ponte+%26+fiume", "Novità con «ponte & fiume»"),
    "/cerca/": ("", "Tutte le novità"),
    "/privacy/": ("", "Tutte le novità"),
}


@pytest.mark.parametrize(("page", "query", "title"), [(page, *expected) for page, expected in PAGES.items()])
def test_page_names_the_feeds_of_what_it_lists(client, place, page, query, title):
    named = Links(client.get(page).text).named

    assert {kind: link["href"] for kind, link in named.items()} == {
        kind: f"/feed/{form}" + (f"?{query}" if query else "") for kind, form in FORMS.items()
    }
    assert {link["title"] for link in named.values()} == {title}


@pytest.mark.parametrize("page", PAGES)
def test_feeds_that_a_page_names_open_and_know_their_own_address(client, place, page):
    for kind, link in Links(client.get(page).text).named.items():
        response = client.get(link["href"])
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith(kind)
        if kind == "application/feed+json":
            own = json.loads(response.content)["feed_url"]
        else:
            own = next(one["href"] for one in feedparser.parse(response.content).feed.links if one["rel"] == "self")
        assert own == f"http://testserver{unescape(link['href'])}"


@pytest.mark.parametrize("page", ["/novita/?anno=2026", "/argomenti/cer/", "/comuni/crema/", "/iniziative/fibra/"])
def test_who_reads_is_offered_the_same(client, place, page):
    links = Links(client.get(page).text)

    assert {kind: links.offered[kind] for kind in FORMS} == {kind: link["href"] for kind, link in links.named.items()}


@pytest.mark.parametrize(
    ("page", "file"),
    [("/argomenti/cer/", "argomento=cer"), ("/comuni/crema/", "comune=crema"), ("/novita/", None)],
)
def test_calendar_is_offered_where_there_is_one_of_the_same(client, place, page, file):
    calendars = Links(client.get(page).text).calendars

    assert calendars == ([f"webcal://testserver/calendario/calendario.ics?{file}"] if file else [])
    for address in calendars:
        assert client.get(address.removeprefix("webcal://testserver")).status_code == 200


def test_year_narrows_a_feed_and_is_no_parameter_of_an_embed(client, place):
    assert "Di tutti" in client.get("/novita/").text

    assert json.loads(client.get("/feed/feed.json?anno=2005").content)["items"] == []
    assert client.get("/feed/feed.json?anno=19").text.startswith("anno: scrivi un anno")
    assert client.get("/incorpora/elenco/?anno=2005").status_code == 400


def test_preview_of_an_initiative_names_no_feed_that_there_is_not(client):
    draft = make_initiative(status="draft", slug="segreta")
    link = PreviewLink.objects.issue(draft, by=None, reader="Prova")

    page = client.get(f"/anteprima/{link.token}/").text

    assert draft.title in page
    assert "iniziativa=segreta" not in page


@pytest.mark.parametrize("page", ["/scadenze/", "/calendario/"])
def test_agenda_names_the_calendar_of_what_it_lists(client, place, page):
    text = client.get(f"{page}?argomento=cer&comune=crema").text

    file = f"{page}{page.strip('/')}.ics?argomento=cer&amp;comune=crema"
    assert '<link rel="alternate" type="text/calendar" title="' in text
    assert f'href="{file}">' in text.partition("</head>")[0]
    assert client.get(unescape(file)).status_code == 200
