"""Pages for when something is wrong: they say what, and where to go from there."""

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from .factories import make_communique, make_editor


def test_error_page_asks_the_database_nothing():
    response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "ed è colpa nostra" in response.text
    assert 'href="/novita/"' in response.text


@pytest.mark.django_db
def test_missing_page_offers_search_and_ways_out(client):
    response = client.get("/nessuna/")

    assert response.status_code == 404
    assert 'action="/cerca/"' in response.text
    assert 'href="/mappa-del-sito/"' in response.text


@pytest.mark.django_db
def test_withdrawn_page_tells_why(client):
    communique = make_communique()
    communique.withdraw(by=None, comment="I dati erano sbagliati.")

    response = client.get(communique.get_absolute_url())

    assert response.status_code == 410
    assert "Il motivo: I dati erano sbagliati." in response.text


@pytest.mark.django_db
def test_expired_form_says_that_nothing_was_saved():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})

    assert response.status_code == 403
    assert "Non è stato salvato nulla" in response.text


@pytest.mark.django_db
def test_forbidden_room_of_the_desk_says_whom_to_ask(client):
    client.force_login(make_editor("Redattore"))

    response = client.get("/admin/areaomogenea/identity/")

    assert response.status_code == 403
    assert "chiedilo a chi amministra il portale" in response.text
