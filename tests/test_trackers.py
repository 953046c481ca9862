"""What others hang on our addresses to count who opens them is nobody's parameter."""

import pytest

from areaomogenea.prose.addresses import untracked

from .addresses import asked, public_patterns
from .factories import make_communique, make_deadline, make_initiative, make_municipality, make_picture, make_topic

pytestmark = pytest.mark.django_db
TRACKERS = "utm_source=x&UTM_Campaign=y&fbclid=z&gclid=1&dclid=2&msclkid=3&mc_cid=4&mc_eid=5&_ga=6&_gl=7&igshid=8"
TRACKERS += "&mtm_campaign=9&pk_campaign=10&utm%5Fmedium=11&amp;utm_term=12&srsltid=13&gad_source=14"


@pytest.fixture(scope="module", autouse=True)
def furnished(lasting):
    with lasting():
        places = {"topics": [make_topic()], "places": [make_municipality()]}
        for kind in ("notizie", "comunicati", "avvisi"):
            make_deadline(make_communique(**places, kind=kind, picture=make_picture()))
        make_initiative(**places, picture=make_picture())
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


@pytest.mark.parametrize("door", [door for door in public_patterns() if not door.name.endswith("_pdf")], ids=str)
def test_no_door_minds_them_nor_passes_them_on(client, door):
    address = asked(door, "parola")

    response = client.get(f"{address}{'&' if '?' in address else '?'}{TRACKERS}")

    assert response.status_code in (200, 301, 302)
    assert "utm" not in response.headers.get("Location", "")
    assert "fbclid" not in b"".join(response).decode(errors="replace")


@pytest.mark.parametrize("address", ["/feed/rss.xml", "/incorpora/elenco/", "/dati/novita.csv"])
def test_any_other_parameter_is_still_refused_by_its_name(client, address):
    response = client.get(f"{address}?{TRACKERS}&colour=red")

    assert response.status_code == 400
    assert "«colour»" in response.text
