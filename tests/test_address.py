"""The portal's own address is a setting: whatever host or port a request claims, what it gets says the same."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from areaomogenea.checks import site_address_is_set
from areaomogenea.identity.address import absolute_url, is_own_host, webcal_url
from areaomogenea.publishing import kinds

from .addresses import address_with_query, public_patterns
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
from .test_leaks import words_of

pytestmark = pytest.mark.any_database  # what is told as its own address comes from a setting
ROOT = Path(__file__).parent.parent
TRUE, CLAIMED = "https://portale.example.it", "altrove.example.org:8765"


@pytest.fixture(scope="module", autouse=True)
def furnished(lasting):
    with lasting():
        places = {"topics": [make_topic(slug="argomento")], "places": [make_municipality(slug="comune")]}
        make_office(places["topics"])
        for kind in kinds.codes(kinds.Group.NEWS):
            body = '<p><a href="/comuni/">I Comuni</a></p>'
            make_deadline(make_communique(**places, kind=kind, picture=make_picture(), body=body))
        make_initiative(**places, picture=make_picture())
        yield


@pytest.fixture(autouse=True)
def _own_files():
    """The files are those of `furnished`."""


@pytest.fixture(autouse=True)
def _own_address(settings):
    settings.SITE_ADDRESS = TRUE
    settings.ALLOWED_HOSTS = ["portale.example.it", "altrove.example.org", "testserver"]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("pattern", public_patterns(), ids=str)
def test_no_door_repeats_the_host_that_was_claimed(client, pattern):
    response = client.get(
        address_with_query(pattern, "comunicato"), headers={"Host": CLAIMED, "X-Forwarded-Host": CLAIMED}
    )

    text = "\n".join([words_of(response), *(value for _, value in response.items())])
    assert response.status_code in (200, 301, 302)
    assert "altrove.example.org" not in text
    assert ":8765" not in text


@pytest.mark.django_db
def test_one_pdf_serves_all_who_claim_another_port(client):
    communique = make_communique()
    address = f"{communique.get_absolute_url().rstrip('/')}.pdf"
    first = client.get(address, headers={"Host": "altrove.example.org:1"})

    second = client.get(address, headers={"Host": "altrove.example.org:2"})

    assert first.status_code == second.status_code == 200
    assert first["ETag"] == second["ETag"]
    assert first["Last-Modified"] == second["Last-Modified"]


@pytest.mark.django_db
def test_letters_lead_to_the_portal_and_not_to_the_host_of_who_asked(client, letters):
    make_editor(email="redattrice@example.org")

    client.post("/accesso/password/dimenticata/", {"email": "redattrice@example.org"}, headers={"Host": CLAIMED})

    (letter,) = letters
    words = letter.get_body().get_content()
    links = re.findall(r'https?://[^\s"<,]+', words)
    assert all(link.startswith(TRUE) for link in links)
    assert any(client.get(link.removeprefix(TRUE), follow=True).status_code == 200 for link in links)
    assert "altrove" not in words


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("", TRUE),
        ("/", f"{TRUE}/"),
        ("/novita/?q=perché no", f"{TRUE}/novita/?q=perch%C3%A9%20no"),
        ("//altrove.example.org/a", "https://altrove.example.org/a"),
        ("//[", "https://["),
        ("https://altrove.example.org/a", "https://altrove.example.org/a"),
    ],
)
def test_path_becomes_an_address(path, address):
    assert absolute_url(path) == address


def test_phone_follows_a_calendar_where_the_portal_is():
    assert webcal_url("/calendario/calendario.ics?comune=crema") == (
        "webcal://portale.example.it/calendario/calendario.ics?comune=crema"
    )


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [("portale.example.it", True), ("altrove.example.org", True), ("example.it", False), (None, False)],
)
def test_own_hosts_are_those_of_the_settings(host, is_ours):
    assert is_own_host(host) is is_ours


@pytest.mark.parametrize(
    ("address", "faults"),
    [
        ("https://portale.example.it", 0),
        ("https://portale.example.it:8443", 0),
        ("http://portale.example.it", 1),
        ("https://www.example.it", 1),
        ("https://.example.it", 1),
        ("https://*", 1),
        ("https://portale.example.it/sotto", 1),
        ("https://qualcuno@portale.example.it", 1),
        ("portale.example.it", 1),
        ("", 1),
    ],
)
def test_server_with_a_wrong_address_is_refused(settings, monkeypatch, address, faults):
    settings.ALLOWED_HOSTS, settings.SITE_ADDRESS = ["portale.example.it"], address
    monkeypatch.setenv("SITE_ADDRESS", address)

    assert len(site_address_is_set(None)) == faults


def test_server_that_was_not_told_its_address_is_refused(settings, monkeypatch):
    monkeypatch.delenv("SITE_ADDRESS", raising=False)

    assert [error.id for error in site_address_is_set(None)] == ["areaomogenea.E010"]


@pytest.mark.any_database
@pytest.mark.parametrize(("environment", "address"), [({}, "http://localhost:8123"), ({"SITE_ADDRESS": TRUE}, TRUE)])
def test_server_of_a_desk_knows_its_port(environment, address):
    code = """
from django.core.management.commands.runserver import Command as Django
from django.conf import settings
from areaomogenea.management.commands.runserver import Command
Django.inner_run = lambda *args, **options: print(settings.SITE_ADDRESS)
command = Command()
command.port = "8123"
command.inner_run()
"""
    unaware = {name: value for name, value in os.environ.items() if name != "SITE_ADDRESS"}
    production = {"DEBUG": "1", "SECRET_KEY": "x" * 50, "DATABASE_URL": "sqlite://:memory:"}
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code],
        cwd=ROOT,
        env=unaware | production | environment,
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.strip() == address
