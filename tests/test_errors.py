"""Pages for when something is wrong: they say what, and where to go from there."""

import pytest
from django.test import RequestFactory
from django.views.defaults import server_error

from .factories import make_communique


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
