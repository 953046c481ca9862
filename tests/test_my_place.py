"""«Il mio Comune»: what the server gives is the same for everybody; the browser alone knows the rest."""

import brotli
import pytest
from django.conf import settings

from .factories import make_communique, make_deadline, make_initiative, make_municipality

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # how pages are drawn


def test_brief_tells_what_is_new_and_due(client):
    own, other = make_municipality(slug="qui"), make_municipality()
    make_communique(title="Di qui", places=[own])
    make_communique(title="Di tutti")
    make_communique(title="Di là", places=[other])
    initiative = make_initiative(places=[own])
    make_deadline(initiative, title="Domande per qui")
    make_deadline(make_initiative(places=[other]), title="Domande per là")

    page = client.get("/comuni/qui/in-breve/").text

    brief = page.split("data-brief")[1].split("</section>")[0]
    assert all(words in brief for words in ("Di qui", "Di tutti", "Domande per qui"))
    assert "là" not in brief


def test_brief_is_the_same_for_everybody(client):
    make_municipality(slug="qui")

    response = client.get("/comuni/qui/in-breve/")

    assert "public" in response["Cache-Control"]
    assert not response.cookies


def test_brief_of_nowhere_is_not_there(client):
    assert client.get("/comuni/atlantide/in-breve/").status_code == 404


def test_script_is_small():
    built = (settings.BASE_DIR / "static/dist/portal.js").read_bytes()

    assert len(brotli.compress(built)) <= 2_200
