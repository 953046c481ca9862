"""Every address of the portal, public and of the desk, asked for what it cannot hold: never an error of ours."""

import re
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication

from .addresses import address_of, public_patterns
from .factories import (
    make_communique,
    make_deadline,
    make_editor,
    make_initiative,
    make_municipality,
    make_office,
    make_picture,
    make_topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
IN_PATHS = ["a%00b", "9" * 30, "abc", "-1", "%FF", "%F0%9F%92%A9", "%5B", "a'b\"c", "x" * 900]
IN_QUERIES = ["a\0b", "9" * 30, "abc", "-1", "[", "x" * 3000]
NAMES = """q pagina anno comune argomento tipo mese quando per campi cursore limite modificati_da url format maxwidth
maxheight testo quanti colore densita immagini dialogo iniziativa chiuse term app_label model_name field_name status
status__exact kind title publish_at publish_at__year topics topics__id__exact municipalities linked picture summary o p
e all _to_field _popup _changelist_filters di pk uso tutte nome stato scelti next version id id__exact id__in""".split()
SEARCHED = {"search", "api:cerca", "feed_rss", "embed_list", "embed_builder"}
TOO_SLOW = {"admin/logout/", "accesso/esci/"}  # they would end the session of the walk


@pytest.fixture(scope="module", autouse=True)
def furnished(lasting):
    with lasting():
        places = {"topics": [make_topic(slug="argomento")], "places": [make_municipality(slug="comune")]}
        make_office(places["topics"])
        for kind in kinds.codes(kinds.Group.NEWS):
            make_deadline(make_communique(**places, kind=kind, picture=make_picture()))
        make_initiative(**places, picture=make_picture())
        yield


@pytest.fixture(autouse=True)
def _own_files():
    """The files are those of `furnished`."""


def routes(patterns=None, before=""):
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix("$").replace("\\Z", "")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif route not in TOO_SLOW:
            yield route


def filled(route, value):
    """A concrete path, with this value wherever the route has a variable."""
    route = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "<x>", route).replace("\\.", ".").replace("/?", "/")
    return f"/{re.sub('<[^>]+>', lambda _: value, route)}"


class Walk:
    def __init__(self, client):
        client.raise_request_exception = False
        self.client, self.failed = client, []

    def ask(self, address, method="get", **how):
        with transaction.atomic():
            response = getattr(self.client, method)(address, **how)
            if response.status_code == 500:
                self.failed.append((method, address[:200], how, str(response.exc_info and response.exc_info[1])[:300]))
                transaction.set_rollback(True)


@pytest.fixture
def public():
    return Walk(Client())


@pytest.fixture
def desk():
    client = Client()
    client.force_login(make_editor(role="Responsabile", is_superuser=True))
    return Walk(client)


VARIABLE = sorted({route for route in routes() if "<" in filled(route, "<")})


@pytest.mark.parametrize("value", IN_PATHS)
def test_no_path_of_readers_fails(public, value):
    for route in VARIABLE:
        if not route.startswith("admin/"):
            public.ask(filled(route, value))

    assert public.failed == []


@pytest.mark.parametrize("value", IN_PATHS)
def test_no_path_of_the_desk_fails(desk, value):
    for route in VARIABLE:
        if route.startswith("admin/"):
            desk.ask(filled(route, value))

    assert desk.failed == []


@pytest.mark.parametrize("value", IN_QUERIES, ids=lambda value: repr(value[:8]))
def test_no_parameter_of_readers_fails(public, value):
    for pattern in public_patterns():
        address = address_of(pattern)
        joint = "&" if "?" in address else "?"
        public.ask(f"{address}{joint}{urlencode(dict.fromkeys(NAMES, value))}")
        if pattern.name in SEARCHED:  # alone too: what is wrong with the others would hide it
            public.ask(f"{address}{joint}{urlencode({'q': value})}")

    assert public.failed == []


@pytest.mark.parametrize("value", IN_QUERIES, ids=lambda value: repr(value[:8]))
def test_no_parameter_of_the_desk_fails(desk, value):
    row = Publication.objects.of_kind("comunicati").first().pk
    pages = [f"/{route}" for route in routes() if route.startswith("admin/") and "<" not in route]
    pages += [filled(route, str(row)) for route in routes() if route.startswith("admin/news/communique/<")]
    for page in pages:
        desk.ask(f"{page}?{urlencode(dict.fromkeys(NAMES, value))}")

    assert desk.failed == []


@pytest.mark.parametrize("value", ["9" * 30, "abc"])
def test_no_parameter_alone_fails(desk, value):
    """Where a list or a form takes each apart: what is wrong with the first would hide the others."""
    for page in ("/admin/news/communique/", "/admin/news/communique/add/"):
        for name in NAMES:
            desk.ask(f"{page}?{urlencode({name: value})}")

    assert desk.failed == []


@pytest.mark.parametrize("value", ["a\0b", "9" * 30, "abc"], ids=repr)
def test_no_form_of_the_desk_fails(desk, value):
    row = Publication.objects.of_kind("comunicati").first().pk
    for page in ("/admin/news/communique/add/", f"/admin/news/communique/{row}/change/"):
        for name in ("topics", "municipalities", "linked", "picture", "publish_at_0", "title", "slug", "body", "kind"):
            desk.ask(page, "post", data={"_save": "1", name: value})
    for page in ("/admin/news/communique/", "/admin/library/picture/", "/admin/accounts/user/"):
        desk.ask(page, "post", data={"action": "publish", "_selected_action": value})
        desk.ask(page, "post", data={"action": value, "_selected_action": str(row)})
    desk.ask("/admin/initiatives/initiative/add/", "post", data={"milestones-0-source": value, "_save": "1"})
    desk.ask("/admin/topics/term/add/", "post", data={"topic": value, "_save": "1"})

    assert desk.failed == []


@pytest.mark.parametrize("value", IN_QUERIES[:3], ids=repr)
def test_no_form_of_the_door_fails(public, value):
    for path in ("accesso/", "accesso/password/dimenticata/", "accesso/invito/x/"):
        data = {"login": f"{value}@example.org", "password": value, "email": f"{value}@example.org", "password1": value}
        public.ask(f"/{path}", "post", data=data)

    assert public.failed == []


def test_field_refuses_a_null_letter_and_nothing_typed_is_lost(desk):
    page = desk.client.post("/admin/news/communique/add/", {"title": "Il ponte\0", "summary": "In breve", "_save": "1"})

    assert page.status_code == 200
    assert "caratteri null" in page.text
    assert "In breve" in page.text


@pytest.mark.parametrize(
    ("address", "accept", "status", "kind", "words"),
    [
        ("/novita/comunicati/a%00b/", "text/html", 404, "text/html", "cerca"),
        ("/cerca/?q=a%00b", "text/html", 400, "text/html", "carattere nullo"),
        ("/feed/rss.xml?q=a%00b", "*/*", 400, "text/plain", "carattere nullo"),
        ("/api/v1/novita?comune=a%00b", "*/*", 422, "application/problem+json", "comune"),
        ("/api/v1/a%00b", "*/*", 404, "application/problem+json", "non c’è"),
    ],
)
def test_null_letter_is_refused_in_words(client, address, accept, status, kind, words):
    response = client.get(address, headers={"Accept": accept})

    assert (response.status_code, response["Content-Type"].partition(";")[0]) == (status, kind)
    assert words in response.text


def test_session_that_is_none_is_refused(client):
    response = client.get("/admin/", headers={"Cookie": 'sessionid="abcdefghij\\000"'})

    assert response.status_code == 400
