"""The 48: their data, their map, their names in texts."""

import re

import pytest
from django.core.management import call_command
from lxml import html

from areaomogenea.municipalities.models import Municipality
from areaomogenea.municipalities.mosaic import HEIGHT, WIDTH, outline, tints

from .factories import make_communique, make_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    call_command("load_municipalities", verbosity=0)


def test_loading_twice_changes_nothing(area):
    changed = dict(Municipality.objects.values_list("slug", "updated_at"))
    Municipality.objects.filter(slug="crema").update(population=1)
    call_command("load_municipalities", verbosity=0)

    after = dict(Municipality.objects.values_list("slug", "updated_at"))
    assert {slug for slug in after if after[slug] != changed[slug]} == {"crema"}
    assert Municipality.objects.of_area().count() == 48
    assert Municipality.objects.filter(in_area=False).count() == 16
    assert sum(Municipality.objects.of_area().values_list("population", flat=True)) == 160_402


def test_loading_keeps_what_an_administrator_wrote_elsewhere(area):
    Municipality.objects.filter(slug="annicco").update(website="https://www.example.org")

    call_command("load_municipalities", verbosity=0)

    assert Municipality.objects.get(slug="annicco").website == "https://www.example.org"


def test_every_outline_stays_on_the_drawing(area):
    for path in Municipality.objects.of_area().values_list("outline", flat=True):
        x, y = map(int, re.match(r"M(\d+) (\d+)", path).groups())
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


def test_exclaves_are_drawn(area):
    assert Municipality.objects.get(slug="gombito").outline.count("M") > 1


def test_neighbours_never_share_a_tint():
    squares = {
        name: {"type": "Polygon", "coordinates": [[(x, 0), (x + 1, 0), (x + 1, 1), (x, 1), (x, 0)]]}
        for x, name in enumerate("abcd")
    }

    tint = tints(squares)

    assert all(tint[left] != tint[right] for left, right in zip("abc", "bcd", strict=True))


def test_outline_is_relative_and_closed():
    square = {"type": "Polygon", "coordinates": [[(9.5, 45.3), (9.6, 45.3), (9.6, 45.4), (9.5, 45.3)]]}

    assert re.fullmatch(r"M\d+ \d+l[-\d ]+z", outline(square))


def test_map_links_every_municipality_by_name(client, area):
    page = client.get("/comuni/").text

    links = html.fromstring(page).xpath(
        '//*[contains(@class, "mosaic-map")]/a[path][starts-with(@class, "tint-")]/@aria-label'
    )
    assert len({*links}) == 48
    assert "ISTAT" in page


def test_choosing_from_the_list_leads_to_the_page(client, area):
    assert client.get("/comuni/?comune=crema")["Location"] == "/comuni/crema/"


@pytest.mark.parametrize("choice", ["atlantide", "annicco", ""])
def test_wrong_choice_is_told_at_its_field(client, area, choice):
    response = client.get(f"/comuni/?comune={choice}")

    assert response.status_code == 200
    assert 'id="comune-errore"' in response.text


def test_page_gathers_what_names_it_and_what_concerns_all(client):
    crema = make_municipality(name="Crema", slug="crema")
    make_communique(places=[crema], title="Solo Crema")
    make_communique(title="Tutti quanti")
    make_communique(places=[make_municipality()], title="Altrove")

    page = client.get("/comuni/crema/").text

    assert page.index("Solo Crema") < page.index("Tutti quanti")
    assert "Altrove" not in page


def mentioned(text):
    return [
        (mention.passage, sorted(place.name for place in mention.municipalities), mention.is_certain)
        for mention in Municipality.objects.gazetteer().mentions(text)
    ]


@pytest.mark.parametrize(
    "text",
    ["Area omogenea cremasca", "provincia di Cremona", "Crem@online", "il Cremasco", "Cremaonline", "crema fresca"],
)
def test_crema_never_hides_inside_other_words(area, text):
    assert mentioned(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a Crema, ieri", "Crema"),
        ("il ponte di Spino d’Adda", "Spino d'Adda"),
        ("il ponte di Spino d'Adda", "Spino d'Adda"),
        ("a Ripalta  Cremasca", "Ripalta Cremasca"),
        ("Casale Cremasco con Vidolasco", "Casale Cremasco-Vidolasco"),
        ("Pizzighettone aderisce", "Pizzighettone"),
    ],
)
def test_names_and_aliases_are_found(area, text, name):
    assert [places for _, places, certain in mentioned(text) if certain] == [[name]]


@pytest.mark.parametrize(("word", "count"), [("Ripalta", 3), ("Casaletto", 3)])
def test_bare_first_word_of_three_is_ambiguous(area, word, count):
    [(passage, places, is_certain)] = mentioned(f"Il sindaco di {word} ha detto")

    assert (passage, len(places), is_certain) == (word, count, False)


def test_unsafe_alias_asks_for_confirmation(area):
    assert mentioned("nel Palazzo comunale") == [("Palazzo", ["Palazzo Pignano"], False)]
