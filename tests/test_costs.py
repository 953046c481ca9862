"""What a page costs the database: at most its budget, and never more for more rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from areaomogenea.distribution.feeds import FORMATS
from areaomogenea.publishing import kinds

from .addresses import address_with_query, public_patterns
from .factories import (
    make_attachment,
    make_communique,
    make_deadline,
    make_initiative,
    make_municipality,
    make_office,
    make_picture,
    make_term,
    make_topic,
)

pytestmark = pytest.mark.django_db
MOST_ON_A_LIST = 4
MOST_ON_A_PAGE = {
    # What is due, next or on this page, is one question more; whether anything is behind a tab, one for each.
    **dict.fromkeys(["scadenze:index", "calendario:index"], 7),
    # The archive of a year asks for the first one, for those since then, and for its months.
    **dict.fromkeys(["news", *(f"{kind}:index" for kind in kinds.codes(kinds.Group.NEWS))], 7),
    "home": 6,
    "topics:detail": 7,
    "iniziative:detail": 15,  # its office, the general one, those of its groups
    "iniziative:place": 13,  # who takes part, their groups and whom to call, what comes next, and the 48
    "initiative_pdf": 11,  # once it is made, whether it is still public
    **dict.fromkeys(["initiative_txt", "initiative_md"], 10),
    "municipality": 8,  # what it joined is a table of its own; its offices, and the general one where it has none
    "sitemap": 6,  # and one for each two thousand pages
    # How many rows hold a word is asked of PostgreSQL's statistics first; titles are a question of their own.
    **dict.fromkeys(["search", "api:cerca"], 6),
    **dict.fromkeys([*(form.url_name for form in FORMATS), "embed_list"], 6),
    "embed_builder": 7,
    "api:documentation": 6,
    "api:iniziative": 8,
    "api:iniziativa": 6,
    "ready": 10,  # and nothing more for five seconds
    "opendata:index": 5,  # each of the four says when it last changed
    "opendata:turtle": 7,
    "opendata:jsonld": 7,
    "file": 1,
    "preview_file": 2,
}
QUERY = "q=comunicato&argomento=argomento&comune=comune&anno=2026"


@pytest.fixture(scope="module", params=[pytest.param(1, marks=pytest.mark.slow), 5], autouse=True)
def furnished(request, lasting):
    """The same rows for every door: none of these tests changes anything."""
    with lasting():
        furnish(request.param)
        yield


@pytest.fixture(autouse=True)
def _own_files():
    """The files are those of `furnished`."""


def furnish(rows):
    topics = [make_topic(slug="argomento")] + [make_topic() for _ in range(rows)]
    places = [make_municipality(slug="comune")] + [make_municipality() for _ in range(rows)]
    for _ in range(rows):
        make_term()
        office = make_office(topics)
        office.closures.create(first="2026-08-10", last="2026-08-14", why="ferie")
        office.holders.create(name="Ada Neri")
    for kind in kinds.codes(kinds.Group.NEWS):
        for _ in range(rows):
            communique = make_communique(topics, places, kind=kind, picture=make_picture())
            make_attachment(communique)
            for number in range(rows):
                make_deadline(communique).move(None, "Proroga", closes_at=timezone.now() + timedelta(days=20 + number))
    for _ in range(rows):
        initiative = make_initiative(topics, places, picture=make_picture())
        make_deadline(initiative)
        group = initiative.groups.create(name="Gruppo", office=office)
        for place in places:
            initiative.participations.create(municipality=place, group=group)
        for number in range(rows):
            initiative.questions.create(question=f"Domanda {number}", answer="Risposta")
            initiative.milestones.create(title=f"Tappa {number}")
            initiative.amounts.create(what=f"Spesa {number}", euros=5, funder="Regione")


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        assert response.status_code in (200, 301, 302)
        b"".join(response)  # what is sent piece by piece asks while it is sent
    return [query["sql"] for query in queries]


def test_list_of_what_is_current_asks_nothing_of_the_archive(client):
    make_communique()

    assert len(queries_of(client, "/novita/")) <= MOST_ON_A_LIST


@pytest.mark.parametrize("pattern", public_patterns(), ids=str)
def test_page_stays_within_its_budget(client, pattern):
    """Asked plainly, and narrowed where it can be."""
    for address in dict.fromkeys(address_with_query(pattern, "comunicato", query) for query in ("", QUERY)):
        queries = queries_of(client, address)
        assert len(queries) <= MOST_ON_A_PAGE.get(pattern.name, MOST_ON_A_LIST), "\n".join([address, *queries])
