"""For whom somebody writes: said on the desk, chosen beforehand, and told by no refusal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from areaomogenea.accounts.scope import scope_in_words
from news.models import Communique

from .factories import make_communique, make_editor, make_initiative, make_municipality
from .test_desk import form_data

pytestmark = pytest.mark.django_db
LIST = "/admin/news/communique/"


@pytest.fixture
def crema():
    return make_municipality(name="Crema")


@pytest.fixture
def local(client, crema):
    user = make_editor("Redattore comunale")
    user.assignments.create(municipality=crema)
    client.force_login(user)
    return user


def test_scope_is_said_at_the_desk_with_numbers_that_tell_nothing_of_others(client, local, crema):
    make_communique(places=[crema], status="draft")
    make_communique(places=[crema])
    make_communique(title="Di altri, pubblicata")
    make_communique(title="Di altri, bozza", status="draft")
    make_communique(title="Di altri, programmata", publish_at=timezone.now() + timedelta(days=1))
    make_initiative()

    assert "Scrivi per Crema: vedi le pagine che nominano Crema, 2 su 4." in client.get("/admin/").text
    assert "Scrivi per Crema: vedi le pagine che nominano Crema, 2 su 3." in client.get(LIST).text
    assert ">Scrivi per Crema.</p>" in client.get(f"{LIST}add/").text


def test_scope_of_several_and_of_none(local, crema):
    local.assignments.create(municipality=make_municipality(name="Offanengo"))

    sentence = scope_in_words(local, Communique.objects.all())

    assert sentence == "Scrivi per Crema e Offanengo: vedi le pagine che nominano almeno uno di questi Comuni, 0 su 0."
    assert "nessun Comune" in scope_in_words(make_editor("Redattore comunale"))
    assert scope_in_words(make_editor("Redattore"), Communique.objects.all()) == ""


def test_the_only_comune_is_chosen_beforehand(client, local, crema):
    page = client.get(f"{LIST}add/")

    assert page.context["adminform"].form["municipalities"].value() == [crema.pk]
    assert f'<option value="{crema.pk}" selected>' in page.text
    client.post(f"{LIST}add/", form_data(municipalities=[crema.pk]))
    assert [*Communique.objects.get().municipalities.all()] == [crema]


def test_one_of_several_comuni_is_left_to_choose(client, local):
    local.assignments.create(municipality=make_municipality())

    assert not client.get(f"{LIST}add/").context["adminform"].form["municipalities"].value()


def test_who_writes_for_the_area_finds_no_comune_chosen(client):
    client.force_login(make_editor("Redattore"))

    assert not client.get(f"{LIST}add/").context["adminform"].form["municipalities"].value()


def body_of(page):
    """What stays the same whoever asks when: no token, no nonce, no address that was asked for."""
    return page.text.partition('id="content-start"')[2].partition("END Content")[0]


@pytest.mark.parametrize("path", ["change", "history", "anteprima", "link-di-anteprima", "proposta"])
def test_page_of_others_is_not_found_at_the_desk_as_one_that_never_was(client, local, path):
    other = make_communique(title="Segreto", places=[make_municipality()], status="draft")

    foreign, none = client.get(f"{LIST}{other.pk}/{path}/"), client.get(f"{LIST}{other.pk + 1000}/{path}/")

    assert foreign.status_code == none.status_code == 404
    assert 'href="/admin/">Torna alla scrivania' in foreign.text
    assert "Segreto" not in foreign.text
    assert body_of(foreign) == body_of(none) != ""
    assert "Scrivi per Crema." in foreign.text
    assert "no-store" in foreign["Cache-Control"]


@pytest.mark.parametrize("address", ["/admin/nulla/", "/admin/pubblicazione/999999/", "/admin/news/nulla/"])
def test_address_that_the_desk_has_not_is_said_at_the_desk(client, local, address):
    page = client.get(address)

    assert page.status_code == 404
    assert "Torna alla scrivania" in page.text


def test_room_of_others_is_refused_at_the_desk(client, local):
    page = client.get("/admin/identity/identity/")

    assert page.status_code == 403
    assert "Torna alla scrivania" in page.text
    assert "chiedilo a chi amministra il portale" in page.text


def test_who_has_no_place_at_the_desk_sees_nothing_of_it(client):
    for user in (None, make_editor(is_staff=False)):
        if user:
            client.force_login(user)
        for address in ("/admin/nulla/", "/admin/pubblicazione/9/", LIST):
            page = client.get(address)
            assert page.status_code == 302
            assert "/accesso/" in page.url or "/admin/login/" in page.url


def test_reader_is_told_by_the_page_of_readers(client, local):
    page = client.get("/nulla/")

    assert page.status_code == 404
    assert "Torna alla scrivania" not in page.text
