"""Who takes part: the map, its picture for elsewhere, the tables beside it, and a Comune's own list."""

import gzip
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import brotli
import pytest
from django.core.management import call_command
from django.template.loader import render_to_string
from django.utils import timezone

from areaomogenea.municipalities.models import Municipality
from areaomogenea.municipalities.mosaic import around
from initiatives.models import Participation
from initiatives.participation_map import participation_map

from .factories import make_communique, make_initiative, make_municipality, make_office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # how the map is drawn
State = Participation.State
MAX_BYTES = 25_000
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def area():
    """The 48 and those outside, by slug."""
    call_command("load_municipalities", verbosity=0)
    return {municipality.slug: municipality for municipality in Municipality.objects.all()}


def section(initiative):
    return render_to_string("components/participation.html", {"participation": participation_map(initiative)})


def names_of_links(html):
    return re.findall(r'<a href="[^"]*" aria-label="([^"]*)"', html)


def test_each_comune_is_a_link_that_says_where_it_stands(area):
    initiative = make_initiative()
    group = initiative.groups.create(name="Crema")
    initiative.participations.create(municipality=area["crema"], group=group, since=date(2024, 11, 28))
    initiative.participations.create(municipality=area["izano"], state=State.DECLINED, since=date(2025, 3, 8))
    initiative.participations.create(municipality=area["pandino"], state=State.INVITED)

    html = section(initiative)

    assert len(names_of_links(html)) == 48
    assert {
        "Crema: partecipa dal 28 novembre 2024, comunità Crema",
        "Izano: ha detto di no l’8 marzo 2025",
        "Pandino: invitato",
        "Soncino: nessuna notizia",
    } <= set(names_of_links(html))
    assert 'href="/comuni/crema/" aria-label="Crema: partecipa' in html


def test_each_state_has_a_pattern_and_a_line_in_the_legend(area):
    initiative = make_initiative()
    for slug, state in zip(("crema", "izano", "pandino", "soncino"), State.values, strict=True):
        initiative.participations.create(municipality=area[slug], state=state)

    html = section(initiative)

    legend = {mark.state: mark.count for mark in participation_map(initiative).legend}
    assert legend == {"joined": 1, "invited": 1, "declined": 1, "withdrawn": 1, "none": 44}
    for state in legend:
        assert f'<pattern id="_fa-{state}"' in html
        assert html.count(f'fill="url(#_fa-{state})"') == legend[state] + 1


def test_numbers_are_counted(area):
    initiative = make_initiative()
    for slug in ("crema", "izano", "annicco"):
        initiative.participations.create(municipality=area[slug])
    initiative.participations.create(municipality=area["pandino"], state=State.WITHDRAWN)

    participation = participation_map(initiative)

    people = area["crema"].population + area["izano"].population
    assert (participation.joined_count, participation.area_count, participation.joined_outside_count) == (2, 48, 1)
    assert (participation.people, participation.people_percent) == (people, round(100 * people / 160_402))
    assert participation.in_words == "Partecipano 2 Comuni su 48, più 1 fuori dall’Area: Crema, Izano."


def test_comune_outside_the_48_is_beside_the_map(area):
    initiative = make_initiative()
    initiative.participations.create(municipality=area["annicco"])

    html = section(initiative)

    assert "Fuori dai 48" in html
    assert "/comuni/annicco/" in html
    assert not any(name.startswith("Annicco") for name in names_of_links(html))


def test_only_a_number_draws_nobody(area, client):
    initiative = make_initiative(known="count", reported_count=36, reported_by="Consorzio.IT")
    initiative.participations.create(municipality=area["crema"])

    html = section(initiative)

    assert "mosaic-map" not in html
    assert "La fonte dice quanti, non quali" in html
    assert "36" in html
    assert "Crema" not in html
    picture = client.get(f"{initiative.get_absolute_url()}mappa.svg").text
    assert picture.count('<path fill="url(#_fa-none)"') == 48
    assert "La fonte dice quanti, non quali" in picture
    assert "Crema" not in picture


def test_incomplete_list_says_so(area):
    initiative = make_initiative(known="partial")
    initiative.participations.create(municipality=area["crema"])

    assert "L’elenco è incompleto" in section(initiative)
    assert "L’elenco è incompleto" in participation_map(initiative).in_words


def test_group_has_its_number_its_line_and_its_facts(area):
    initiative = make_initiative()
    group = initiative.groups.create(name="Gerundo", president="Ada Neri", on=date(2024, 12, 1), precision="month")
    doubtful = initiative.groups.create(
        name="Izanese", note="Forse va da solo.", office=make_office(email="cer@example.org", answers_always=True)
    )
    initiative.participations.create(municipality=area["dovera"], group=group)
    initiative.participations.create(municipality=area["izano"], group=doubtful, state=State.INVITED)

    html = section(initiative)

    first, second = participation_map(initiative).groups
    assert (first.number, first.border) == (1, around((area["dovera"].outline,)))
    assert [(words, [str(row.municipality) for row in rows]) for words, rows in second.lists] == [
        ("Invitati", ["Izano"])
    ]
    for fact in (
        "Ada Neri",
        "dicembre 2024",
        "Forse va da solo.",
        "cer@example.org",
        "Risponde sempre, giorno e notte",
    ):
        assert fact in html


def test_line_around_neighbours_leaves_out_what_they_share():
    left, right = "M0 0l10 0 0 10-10 0z", "M10 0l10 0 0 10-10 0z"

    assert around((left, right)) == "M0 0l10 0 10 0 0 10-10 0-10 0z"
    assert around((left,)) == left


def test_source_is_named_only_when_it_is_published(area):
    initiative = make_initiative()
    hidden = make_communique(title="Ancora segreto", status="draft")
    shown = make_communique(title="Già detto")
    initiative.participations.create(municipality=area["crema"], source=hidden)
    initiative.participations.create(municipality=area["izano"], source=shown)

    html = section(initiative)

    assert "Ancora segreto" not in html
    assert f'<a href="{shown.get_absolute_url()}">Già detto</a>' in html


@pytest.mark.parametrize("places", [1, 8])
def test_cost_does_not_grow_with_who_takes_part(places, django_assert_num_queries):
    initiative = make_initiative()
    for _ in range(places):
        group = initiative.groups.create(name=f"Gruppo {initiative.groups.count()}")
        initiative.participations.create(municipality=make_municipality(), group=group, source=make_communique())

    with django_assert_num_queries(3):
        section(initiative)


def furnish(initiative, area):
    """The heaviest: all the Comuni, in nine groups, each with its source."""
    source = make_communique(title="Nove comunità energetiche, ecco quali Comuni riuniscono")
    groups = [initiative.groups.create(name=f"Palate e Fontanili {n}", president="Giuseppe Lupo") for n in range(9)]
    for n, municipality in enumerate(area.values()):
        fields = {"group": groups[n % 9], "since": date(2024, 11, 28), "source": source, "state": State.values[n % 4]}
        initiative.participations.create(municipality=municipality, **fields)


def test_map_and_picture_are_light(area, client):
    initiative = make_initiative()
    furnish(initiative, area)

    page, picture = section(initiative), client.get(f"{initiative.get_absolute_url()}mappa.svg").text

    weights = [len(pack(part.encode())) for part in (page, picture) for pack in (gzip.compress, brotli.compress)]
    print(weights)
    assert max(weights) <= MAX_BYTES


def test_picture_is_valid_and_shut(area, client):
    initiative = make_initiative(title="Acqua & <luce>")
    furnish(initiative, area)

    response = client.get(f"{initiative.get_absolute_url()}mappa.svg")

    drawing = ElementTree.fromstring(response.content)
    assert response["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert "public" in response["Cache-Control"]
    assert (drawing.get("width"), drawing.get("height")) == ("600", "510")
    assert drawing.find(f"{SVG}title").text == "Acqua & <luce>: chi partecipa"
    assert drawing.find(f"{SVG}desc").text == participation_map(initiative).in_words
    assert not {element.tag for element in drawing.iter()} & {f"{SVG}script", f"{SVG}image", f"{SVG}a"}


@pytest.mark.parametrize(
    "state",
    [{"status": "draft"}, {"status": "withdrawn"}, {"publish_at": timezone.now() + timedelta(days=1)}],
    ids=["draft", "withdrawn", "scheduled"],
)
def test_picture_of_what_is_hidden_is_not_there(client, state):
    initiative = make_initiative(**state)

    assert client.get(f"{initiative.get_absolute_url()}mappa.svg").status_code == 404


def test_comune_tells_what_it_joined(client):
    own = make_municipality(slug="qui")
    joined, invited = make_initiative(title="Insieme"), make_initiative(title="Forse")
    counted = make_initiative(title="Solo contata", known="count", reported_count=9, reported_by="Un giornale")
    hidden = make_initiative(title="Nascosta", status="draft")
    group = joined.groups.create(name="Gerundo")
    joined.participations.create(municipality=own, group=group, since=date(2024, 5, 11))
    invited.participations.create(municipality=own, state=State.INVITED)
    for initiative in (counted, hidden):
        initiative.participations.create(municipality=own)

    page = client.get("/comuni/qui/").text

    part = page.split("A che cosa partecipa")[1].split("</section>")[0]
    assert "Partecipa dall’11 maggio 2024, comunità Gerundo" in part
    assert part.index("Insieme") < part.index("Forse") < part.index("Invitato")
    assert "Solo contata" not in part
    assert "Nascosta" not in page
