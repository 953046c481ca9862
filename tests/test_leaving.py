"""People leave the desk suspended or anonymised, never deleted: what they did keeps a name, or at least a number."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db.models import ProtectedError
from django.test import Client

from areaomogenea.accounts.entries import Entry
from areaomogenea.accounts.ledger import Action
from areaomogenea.accounts.models import User
from areaomogenea.publishing.preview_links import PreviewLink
from areaomogenea.publishing.revisions import Revision

from .factories import make_communique, make_editor, make_municipality

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/accounts/user/"


@pytest.fixture
def administrator(client):
    user = make_editor(role="Amministratore")
    client.force_login(user)
    return user


@pytest.fixture
def ugo():
    """Somebody with a name, a role, a Comune, a page, a version, a preview link and an open session."""
    person = make_editor(role="Responsabile", first_name="Ugo", last_name="Verdi", email="ugo@example.org")
    person.assignments.create(municipality=make_municipality())
    EmailAddress.objects.create(user=person, email="ugo@example.org")
    communique = make_communique(status="draft", title="Di Ugo", author=person)
    communique.record(person, Revision.Action.FIRST, "Fatta in fretta")
    PreviewLink.objects.issue(communique, by=person, reader="Sindaca")
    person.browser = Client()
    person.browser.force_login(person)
    return person


def press(client, person, word):
    return client.post(f"{PEOPLE}{person.pk}/{word}/", follow=True)


# Nobody is deleted


@pytest.mark.parametrize("way", ["page", "list"])
def test_desk_deletes_nobody(client, administrator, ugo, way):
    if way == "page":
        client.post(f"{PEOPLE}{ugo.pk}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [ugo.pk], "post": "yes"}
        client.post(PEOPLE, chosen)

    assert User.objects.filter(pk=ugo.pk).exists()
    assert "deletelink" not in client.get(f"{PEOPLE}{ugo.pk}/change/").text


@pytest.mark.parametrize("delete", [lambda user: user.delete(), lambda user: User.objects.filter(pk=user.pk).delete()])
def test_nobody_is_deleted_in_another_way(delete):
    user = make_editor()

    with pytest.raises(ProtectedError):
        delete(user)


# Suspended


def test_suspension_says_what_will_happen_and_ends_the_stay(client, administrator, ugo):
    text = client.get(f"{PEOPLE}{ugo.pk}/sospendi/").text
    assert "Ciò che ha scritto e deciso resta, con il suo nome." in text
    assert ugo.browser.get("/admin/").status_code == 200

    page = press(client, ugo, "sospendi").text

    ugo.refresh_from_db()
    assert not ugo.is_active
    assert "Ugo Verdi: da ora non può più entrare." in page
    assert ugo.browser.get("/admin/").status_code == 302
    assert not PreviewLink.objects.valid().exists()
    entry = Entry.objects.get(action=Action.SUSPENDED)
    assert (entry.by, entry.key, entry.particulars.after) == (
        administrator,
        str(ugo.pk),
        {"is_active": False, "preview_links": 1},
    )


def test_who_is_readmitted_finds_sessions_and_links_closed(client, administrator, ugo):
    press(client, ugo, "sospendi")
    press(client, ugo, "riammetti")

    ugo.refresh_from_db()
    assert ugo.is_active
    assert [group.name for group in ugo.groups.all()] == ["Responsabile"]
    assert ugo.browser.get("/admin/").status_code == 302
    assert not PreviewLink.objects.valid().exists()
    assert Entry.objects.filter(action=Action.READMITTED, by=administrator, key=str(ugo.pk)).exists()


def test_preview_link_of_whoever_is_not_let_in_does_not_open(client, ugo):
    link = PreviewLink.objects.issue(make_communique(status="draft"), by=ugo, reader="Sindaca")
    assert client.get(f"/anteprima/{link.token}/").status_code == 200

    User.objects.filter(pk=ugo.pk).update(is_active=False)

    assert client.get(f"/anteprima/{link.token}/").status_code == 404
    assert not PreviewLink.objects.get(pk=link.pk).is_valid()


# Anonymised


def test_anonymised_person_leaves_a_number(client, administrator, ugo):
    press(client, ugo, "anonimizza")

    ugo.refresh_from_db()
    number = f"Persona non più in redazione n. {ugo.pk}"
    assert (str(ugo), ugo.first_name, ugo.last_name, ugo.is_active, ugo.is_staff) == (number, "", "", False, False)
    assert not ugo.has_usable_password()
    assert not ugo.has_second_factor()
    for rows in (ugo.groups, ugo.user_permissions, ugo.assignments, ugo.emailaddress_set):
        assert not rows.exists()
    assert not PreviewLink.objects.valid().exists()
    assert ugo.browser.get("/admin/").status_code == 302
    page = client.get(f"/admin/news/communique/{Revision.objects.get().publication_id}/history/").text
    assert f"da {number}" in page
    assert "Verdi" not in page


def test_ledger_goes_on_pointing_at_them_and_names_nobody(client, administrator, ugo):
    before = list(Entry.objects.values_list("pk", "by", "key").order_by("pk"))

    press(client, ugo, "anonimizza")

    assert list(Entry.objects.values_list("pk", "by", "key").order_by("pk")[: len(before)]) == before
    entry = Entry.objects.get(action=Action.ANONYMISED)
    assert (entry.by, entry.key, entry.particulars.before["groups"]) == (administrator, str(ugo.pk), ["Responsabile"])
    page = client.get("/admin/registro/", {"chi": ugo.pk}).text
    assert f"Persona non più in redazione n. {ugo.pk}" in page
    assert "Prima versione" in page
    assert "Verdi" not in page


def test_nothing_in_the_database_names_them_any_more(client, administrator, ugo, tmp_path):
    press(client, ugo, "anonimizza")

    call_command("dumpdata", exclude=["sessions", "municipalities"], output=str(tmp_path / "all.json"))

    dump = (tmp_path / "all.json").read_text()
    assert not [word for word in ("Verdi", "ugo@example.org") if word in dump]
    assert json.loads(dump)


def test_address_of_an_anonymised_person_is_invited_anew(client, administrator, ugo):
    press(client, ugo, "anonimizza")
    roles = [Group.objects.get(name="Redattore").pk]

    client.post(f"{PEOPLE}add/", {"email": "ugo@example.org", "groups": roles})

    person = User.objects.get(email="ugo@example.org")
    assert person.pk != ugo.pk
    assert not Revision.objects.filter(by=person).exists()


def test_anonymised_person_cannot_be_changed_readmitted_or_invited(client, administrator, ugo):
    ugo.anonymise()

    statuses = [client.get(f"{PEOPLE}{ugo.pk}/{word}/").status_code for word in ("riammetti", "sospendi", "anonimizza")]
    client.post(f"{PEOPLE}{ugo.pk}/change/", {"email": "x@example.org", "first_name": "Ugo"})
    client.post(PEOPLE, {"action": "invite_again", "_selected_action": [ugo.pk]})

    ugo.refresh_from_db()
    assert statuses == [404, 404, 404]
    assert (ugo.first_name, ugo.invited_at, ugo.anonymise()) == ("", None, False)


# Who may


@pytest.mark.parametrize("word", ["sospendi", "anonimizza"])
@pytest.mark.parametrize("role", ["Redattore", "Responsabile"])
def test_others_cannot_send_anybody_away(client, ugo, role, word):
    client.force_login(make_editor(role=role))

    assert press(client, ugo, word).status_code == 404
    ugo.refresh_from_db()
    assert (ugo.is_active, ugo.anonymised_at) == (True, None)


@pytest.mark.parametrize("word", ["sospendi", "anonimizza"])
def test_nobody_sends_away_themselves_or_a_superuser(client, administrator, word):
    boss = make_editor(is_superuser=True)

    assert [press(client, person, word).status_code for person in (administrator, boss)] == [404, 404]
    assert User.objects.filter(is_active=True, anonymised_at=None).count() == 2


def test_pages_of_people_offer_what_may_be_done(client, administrator, ugo):
    page = client.get(f"{PEOPLE}{ugo.pk}/change/").text
    assert [f'href="../{word}/"' in page for word in ("sospendi", "riammetti", "anonimizza")] == [True, False, True]
    ugo.suspend()
    page = client.get(f"{PEOPLE}{ugo.pk}/change/").text
    assert [f'href="../{word}/"' in page for word in ("sospendi", "riammetti", "anonimizza")] == [False, True, True]
    page = client.get(f"{PEOPLE}{administrator.pk}/change/").text
    assert [f'href="../{word}/"' in page for word in ("sospendi", "riammetti", "anonimizza")] == [False, False, False]
