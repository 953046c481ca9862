"""What others hang on our addresses to count who opens them is nobody's parameter."""

import pytest

from areaomogenea.prose.addresses import untracked
from areaomogenea.publishing import kinds

from .addresses import address_with_query, public_patterns
from .factories import (
    make_communique,
    make_deadline,
    make_initiative,
    make_municipality,
    make_office,
    make_picture,
    make_topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # parameters are cut before any view
TRACKERS = "utm_source=x&UTM_Campaign=y&fbclid=z&gclid=1&dclid=2&msclkid=3&mc_cid=4&mc_eid=5&_ga=6&_gl=7&igshid=8"
TRACKERS += "&mtm_campaign=9&pk_campaign=10&utm%5Fmedium=11&amp;utm_term=12&srsltid=13&gad_source=14"


@pytest.fixture(scope="module", autouse=True)
def furnished(lasting):
    with lasting():
        places = {"topics": [make_topic(slug="argomento")], "places": [make_municipality(slug="comune")]}
        for kind in kinds.codes(kinds.Group.NEWS):
            make_deadline(make_communique(**places, kind=kind, picture=make_picture()))
        make_initiative(**places, picture=make_picture())
        make_office(places["topics"])
        make_communique(topics=[make_topic(slug="altro")])
        yield


@pytest.fixture(autouse=True)
def _own_files():
    """The files are those of `furnished`."""


@pytest.mark.parametrize(
    ("query", "ours"),
    [
        ("", ""),
        ("comune=crema", "comune=crema"),
        (f"a=1&{TRACKERS}&b=%20&b=2", "a=1&b=%20&b=2"),
        ("utm=1&_gate=2&gclids=3&pk=4&q=utm_source", "utm=1&_gate=2&gclids=3&pk=4&q=utm_source"),
        ("utm_source", ""),
        ("&&", "&&"),
    ],
)
def test_query_keeps_what_is_ours(query, ours):
    assert untracked(query) == ours


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern", [pattern for pattern in public_patterns() if not pattern.name.endswith("_pdf")], ids=str
)
def test_no_door_minds_them_nor_passes_them_on(client, pattern):
    address = address_with_query(pattern, "parola")

    response = client.get(f"{address}{'&' if '?' in address else '?'}{TRACKERS}")

    assert response.status_code in (200, 301, 302)
    assert "utm" not in response.headers.get("Location", "")
    assert "fbclid" not in b"".join(response).decode(errors="replace")


@pytest.mark.parametrize("address", ["/feed/rss.xml", "/incorpora/elenco/", "/scadenze/scadenze.ics", "/api/v1/novita"])
def test_address_from_the_source_of_a_page_asks_the_same(client, address):
    plain, copied = (client.get(f"{address}?argomento=altro&{joint}comune=comune") for joint in ("", "amp;"))

    assert (copied.status_code, copied.content) == (200, plain.content)


def and_asked(address, query):
    return f"{address}{'&' if '?' in address else '?'}{query}"


def narrows_for_a_machine(client, pattern):
    """Whether it shows something else where a topic is asked for, to a program or in a frame on another site."""
    address = address_with_query(pattern, "parola")
    shown = client.get(address)
    is_page = shown["Content-Type"].startswith("text/html") and "X-Frame-Options" in shown.headers
    return not is_page and b"".join(shown) != b"".join(client.get(and_asked(address, "argomento=altro")))


PATTERNS = [pattern for pattern in public_patterns() if not pattern.name.endswith("_pdf")]


@pytest.mark.slow
@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
def test_what_narrows_for_a_machine_refuses_what_it_cannot_heed(client, pattern):
    """Left aside, it would tell a Comune of what concerns others, where nobody sees the slip."""
    narrows = narrows_for_a_machine(client, pattern)
    for query, parameter in [("colour=red", "colour"), ("argomento=argomento&argomento=altro", "argomento")]:
        response = client.get(and_asked(address_with_query(pattern, "parola"), f"{TRACKERS}&{query}"))

        assert not narrows or (response.status_code in (400, 422) and parameter in response.text)


@pytest.mark.slow
def test_such_doors_are_found(client):
    names = {pattern.name for pattern in PATTERNS if narrows_for_a_machine(client, pattern)}

    expected = {"feed_rss", "feed_atom", "feed_json", "embed_list", "scadenze:file", "calendario:file"}
    assert expected | {f"api:{name}" for name in ("novita", "iniziative", "scadenze")} <= names
