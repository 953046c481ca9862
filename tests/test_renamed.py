"""Every address that was ever given out answers: each door is asked by the former name of each thing that it shows.

The doors are read from the URLconf, and what each takes from its own answers: a new one is asked like the others.
"""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from areaomogenea.distribution.feeds import FORMATS
from areaomogenea.distribution.models import OldAddress
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Topic

from .addresses import FILL, NEEDED, QUERIES, address_of, public_patterns
from .factories import (
    make_communique,
    make_deadline,
    make_initiative,
    make_municipality,
    make_office,
    make_picture,
    make_topic,
)

# That a former name finds its thing, tests/test_naming.py asks on both.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
CODES = kinds.codes(kinds.Group.NEWS)
KINDS = dict(zip(CODES, CODES[-1:] + CODES[:-1], strict=True))  # of each: what it was before
SLUGS = {"argomento": "energia", "comune": "citta", "iniziativa": "progetto"}  # the same
WAS = {**SLUGS, "ufficio": "sportello", **{f"{kind}-ora": f"{kind}-prima" for kind in KINDS}, **KINDS}
PARAMETERS = {**SLUGS, "tipo": "avviso"}  # what a query may name, by the words it may be named with
PRESENT = {**{name: name for name in SLUGS}, "tipo": "avvisi"}
# Doors whose variables name nothing that could be called otherwise: numbers, keys, files, and words that are ours.
UNNAMED = {
    *("scadenze:one", "sitemap_part", "embed_colour", "api:una_novita", "api:iniziativa", "file"),
    *("preview", "preview_file", "old_tipo_articolo", "old_term"),
}
NONCE = re.compile(r' nonce="[^"]*"')


@pytest.fixture(scope="module", autouse=True)
def renamed(lasting):
    with lasting():
        topic, place = make_topic(slug="energia"), make_municipality(name="Abbadia", slug="citta")
        about = {"topics": [topic], "places": [place], "picture": make_picture()}
        initiative = make_initiative(slug="progetto", title="Pubblica iniziativa", **about)
        initiative.participations.create(municipality=place)
        make_deadline(initiative)
        for kind, before in KINDS.items():
            page = make_communique(kind=before, slug=f"{kind}-prima", title=f"Pubblica {kind}", **about)
            make_deadline(page)
            initiative.linked.add(page)
            page.kind, page.slug = kind, f"{kind}-ora"
            page.save()
        office = make_office([topic], slug="sportello")
        for row, slug in ((topic, "argomento"), (place, "comune"), (initiative, "iniziativa"), (office, "ufficio")):
            row.slug = slug
            row.save()
        others = {"topics": [make_topic(position=1)], "places": [make_municipality()]}
        long_ago = timezone.now() - timedelta(days=9)  # the doors are filled with what is first
        make_communique(**others, kind="notizie", title="Estranea", publish_at=long_ago)
        yield


@pytest.fixture(autouse=True)
def _own_files():
    """The files are those of `renamed`."""


def of_name(pattern, names):
    """(its address by what is now, the same by what was before); None where nothing in it names a thing."""
    if "<" not in pattern.route or pattern.name in UNNAMED:
        return None
    kwargs = FILL[pattern.name]()
    was = {name: names.get(value, value) for name, value in kwargs.items()}
    kind, _, page = pattern.name.partition(":")
    former_name = f"{KINDS[kind]}:{page}" if kind in KINDS else pattern.name
    if was == kwargs:
        raise LookupError(
            f"{pattern.name}: {kwargs} names nothing that this test has renamed; if it never does: UNNAMED."
        )
    return reverse(pattern.name, kwargs=kwargs), reverse(former_name, kwargs=was)


def patterns_with_names():
    return [pattern for pattern in public_patterns() if "<" in pattern.route and pattern.name not in UNNAMED]


def read(client, address):
    """(status, body, steps) at the end of the way."""
    response = client.get(address, follow=True)
    body = b"".join(response)
    return response.status_code, NONCE.sub("", body.decode(errors="replace")), len(response.redirect_chain)


@pytest.mark.parametrize("pattern", [one for one in patterns_with_names() if not one.name.endswith("_pdf")], ids=str)
def test_door_shows_a_thing_by_its_former_name(client, pattern):
    present, former = of_name(pattern, WAS)

    status, body, steps = read(client, former)

    assert (status, steps <= 1) == (200, True)
    assert body == read(client, present)[1]


@pytest.mark.parametrize("pattern", [one for one in patterns_with_names() if one.name.endswith("_pdf")], ids=str)
def test_paper_is_where_its_page_is_now(client, pattern):
    present, former = of_name(pattern, WAS)

    response = client.get(former)

    assert (response.status_code, response["Location"]) == (301, present)


@pytest.mark.slow
@pytest.mark.parametrize("parameter", PARAMETERS)
@pytest.mark.parametrize("pattern", [one for one in public_patterns() if not one.name.endswith("_pdf")], ids=str)
def test_door_narrows_by_a_former_name(client, pattern, parameter):
    present, former = (asking(pattern, {parameter: names[parameter]}) for names in (PRESENT, PARAMETERS))

    status, body, steps = read(client, former)

    assert (status, body) == read(client, present)[:2]
    assert steps <= 1 or pattern.name in UNNAMED


def asking(pattern, query):
    address = address_of(pattern)
    needed = NEEDED.get(pattern.name, "").format(word="pubblica")
    query = "&".join(filter(None, [needed, urlencode(query)]))
    return f"{address}{'&' if '?' in address else '?'}{query}"


@pytest.mark.parametrize(
    ("view_name", "parameters"),
    [
        *((view_name, ["argomento", "comune", "tipo"]) for view_name in ("news",)),
        *((view_name, [*PARAMETERS]) for view_name in (*(form.url_name for form in FORMATS), "embed_list")),
        *((f"scadenze:{name}", ["argomento", "comune"]) for name in ("index", "file")),
        *((f"calendario:{name}", ["argomento", "comune"]) for name in ("index", "file")),
        *((f"api:{name}", ["argomento", "comune"]) for name in ("novita", "iniziative", "scadenze")),
        ("iniziative:index", ["argomento", "comune"]),
    ],
)
def test_former_name_is_heeded_and_not_passed_over(client, view_name, parameters):
    """The walk above would not see a door that leaves aside whatever it is asked."""
    for parameter in parameters:
        status, body, _ = read(client, f"{reverse(view_name)}?{urlencode({parameter: PARAMETERS[parameter]})}")

        assert (status, "Pubblica" in body, "Estranea" in body) == (200, True, False), parameter


EMBEDDED = [one for one in patterns_with_names() if one.name.endswith(":detail") and one.name != "offices:detail"]


@pytest.mark.parametrize("pattern", EMBEDDED, ids=str)
def test_oembed_knows_a_page_by_its_former_address(client, pattern):
    present, former = (f"/oembed?{urlencode({'url': f'http://testserver{path}'})}" for path in of_name(pattern, WAS))

    status, body, _ = read(client, former)

    assert (status, body) == (200, read(client, present)[1])


def test_old_address_that_leads_to_a_former_one_leads_straight_to_the_present(client):
    OldAddress.objects.create(path="/taxonomy/term/91", leads_to="/argomenti/energia/")

    assert client.get("/taxonomy/term/91").url == "/argomenti/argomento/"


def test_chosen_things_are_shown_by_their_present_names(client):
    page = client.get("/incorpora/?argomento=energia&comune=citta&iniziativa=progetto").text
    river = client.get("/novita/?argomento=energia&comune=citta&tipo=Avviso").text

    for name in SLUGS:
        assert f'<option value="{name}" selected>' in page
    for name in ("argomento", "comune", "avvisi"):
        assert f'<option value="{name}" selected>' in river
    assert "=energia" not in f"{page}{river}"


def test_what_is_asked_beside_goes_along(client):
    response = client.get("/novita/avvisi/notizie-prima/?utm_source=x&da=lettera")

    assert response["Location"] == "/novita/notizie/notizie-ora/?da=lettera"


def test_every_name_of_this_test_is_a_former_one():
    assert {topic.slug for topic in Topic.objects.all()}.isdisjoint(PARAMETERS.values())
    assert not Publication.objects.filter(slug__in=WAS.values()).exists()
    assert QUERIES
