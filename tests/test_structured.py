"""What pages tell engines and social sites, and the picture that stands for them."""

import json
import re
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from areaomogenea.distribution.cards import drawn, fitted, rings
from areaomogenea.editorial.models import Publication

from .factories import make_communique, make_initiative, make_municipality, make_picture, make_topic

pytestmark = pytest.mark.django_db
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told(client, address):
    """What a page says in JSON-LD, by its type."""
    blocks = [json.loads(block) for block in DATA.findall(client.get(address).text)]
    return {block.get("@type", "graph"): block for block in blocks}


def card_of(client, publication):
    return client.get(f"/carta/{publication.kind}/{publication.slug}.png")


def read(response):
    return Image.open(BytesIO(b"".join(response)))


def test_article_is_told_with_its_dates_and_places(client):
    crema = make_municipality(name="Crema")
    communique = make_communique([make_topic(name="Energia")], [crema], title="Bando & premi", picture=make_picture())

    article = told(client, communique.get_absolute_url())["NewsArticle"]

    assert article["headline"] == "Bando & premi"
    assert article["keywords"] == ["Energia"]
    assert article["contentLocation"] == [{"@type": "AdministrativeArea", "name": "Crema"}]
    assert article["dateModified"] == article["datePublished"]
    assert article["image"][0]["url"].endswith(f"/carta/comunicati/{communique.slug}.png")


def test_words_of_an_editor_do_not_end_the_data(client):
    communique = make_communique(title="</script><script>alert(1)</script>", summary="<!-- & -->")

    page = client.get(communique.get_absolute_url()).text

    assert "<script>alert(1)" not in page
    assert told(client, communique.get_absolute_url())["NewsArticle"]["headline"] == communique.title


def test_path_to_a_page_is_told(client):
    communique = make_communique()

    steps = told(client, communique.get_absolute_url())["BreadcrumbList"]["itemListElement"]

    assert [step["name"] for step in steps] == ["Home", "Novità", "Comunicati", communique.title]
    assert [step["position"] for step in steps] == [1, 2, 3, 4]


def test_home_tells_whose_it_is_and_how_to_search(client):
    organization, site = told(client, "/")["graph"]["@graph"]

    assert organization["@type"] == "GovernmentOrganization"
    assert site["potentialAction"]["target"] == "http://testserver/cerca/?q={parole}"


@pytest.mark.parametrize("make", [make_communique, make_initiative])
def test_shared_page_has_its_picture_and_its_one_address(client, make):
    page = client.get(f"{make().get_absolute_url()}?utm_source=x").text

    assert re.search(r'property="og:image" content="http://testserver/carta/[a-z]+/[\w-]+\.png"', page)
    assert page.count('rel="canonical"') == 1
    assert "utm_source" not in page


def test_lost_page_has_no_address_of_its_own(client):
    assert "canonical" not in client.get("/novita/notizie/mai-esistita/").text


def test_card_is_made_once_and_renewed_on_change(client):
    communique = make_communique(title="Il ponte")

    first = b"".join(card_of(client, communique))
    made = default_storage.listdir("carte")[1]
    again = b"".join(card_of(client, communique))
    communique.title = "Il ponte riapre"
    communique.save()
    changed = b"".join(card_of(client, communique))

    assert first == again != changed
    assert len(made) == len(default_storage.listdir("carte")[1]) == 1
    assert read([first]).size == (1200, 630)


def test_card_is_remembered_as_briefly_as_its_page(client):
    communique = make_communique()

    page, card = client.get(communique.get_absolute_url()), card_of(client, communique)

    assert card.headers["Cache-Control"] == page.headers["Cache-Control"]
    assert card.headers["ETag"]


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_what_is_hidden_has_no_card(client, state):
    assert card_of(client, make_communique(status=state)).status_code == 404


def test_card_marks_the_comuni_concerned():
    here, there = make_municipality(outline="M0 0l400 0 0 400z"), make_municipality(outline="M600 600l300 0 0 200z")
    make_communique(places=[here])
    make_communique(places=[there])
    one, other = Publication.objects.with_topics().with_places()

    assert drawn(one) != drawn(other)


@pytest.mark.parametrize("title", ["Sì", "parola " * 28, "x" * 200, "Città, 24 ore " * 14])
def test_any_title_fits(title):
    size, lines = fitted(title)

    assert all(lines)
    assert len(lines) * size * 1.16 < 400


def test_outline_is_read_ring_by_ring():
    assert list(rings("M0 0l9 0 0 9zM20 20l5 0 0 5z")) == [[(0, 0), (9, 0), (9, 9)], [(20, 20), (25, 20), (25, 25)]]
