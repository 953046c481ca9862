"""Sessions: seen and ended by their owner, ended by whatever changes a key, by waiting, and by an Amministratore."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from areaomogenea.accounts.entries import KnownDevice, UserSession
from areaomogenea.accounts.sessions import sweep_sessions

from .factories import make_editor
from .test_access import DESK, KEYS, code_now, enter, make_passkey
from .test_people import PEOPLE, act, change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/604.1"


def inside(user, agent=FIREFOX, address="203.0.113.7"):
    """A browser in which this person has come in."""
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    enter(client, user.email)
    if user.has_second_factor():
        client.post("/accesso/codice/", {"code": RecoveryCodes.activate(user).get_unused_codes()[0]})
    assert is_inside(client)
    return client


def is_inside(client):
    return client.get(DESK).status_code == 200


@pytest.fixture
def user():
    return make_editor(role="Redattore")


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox su Linux"),
        (EDGE, "Edge su Windows"),
        (PHONE, "Safari su iPhone"),
        ("", "Un programma"),
    ],
)
def test_owner_sees_where_they_are_inside(user, agent, device):
    inside(user, agent)
    current = inside(user, PHONE, "2001:db8::5")

    page = current.get(KEYS).text

    assert device in page
    assert "203.0.113.7" in page
    assert page.count("Questa</span>") == 1
    assert re.search(r"Safari su iPhone</strong>\s*<span[^>]*>Questa", page)


def test_owner_ends_one(user):
    other, third, current = inside(user, EDGE), inside(user, FIREFOX), inside(user, PHONE)
    row = UserSession.objects.get(agent=EDGE)

    page = current.post(f"{KEYS}sessioni/{row.pk}/chiudi/", follow=True).text

    assert "La sessione di Edge su Windows è chiusa." in page
    assert [is_inside(client) for client in (other, third, current)] == [False, True, True]


def test_owner_ends_all_others(user):
    other, third, current = inside(user, EDGE), inside(user, FIREFOX), inside(user, PHONE)

    current.post(f"{KEYS}sessioni/chiudi-le-altre/")

    assert [is_inside(client) for client in (other, third, current)] == [False, False, True]


def test_nobody_ends_those_of_somebody_else(user):
    theirs = inside(user)
    current = inside(make_editor(role="Redattore"))

    assert current.post(f"{KEYS}sessioni/{UserSession.objects.get(user=user).pk}/chiudi/").status_code == 404
    assert is_inside(theirs)


def test_ending_wants_a_press_and_a_proof_that_is_fresh(user):
    other, current = inside(user, EDGE), inside(user)
    path = f"{KEYS}sessioni/{UserSession.objects.get(agent=EDGE).pk}/chiudi/"

    assert current.get(path).status_code == 405
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        response = current.post(path)
        assert response.headers["Location"].startswith("/accesso/conferma/")
        current.post(response.headers["Location"], {"password": "prova"}, follow=True)

    assert not is_inside(other)


# What ends them


def new_password(client, user):
    new = "nuova-di-zecca-48"
    return client.post("/accesso/password/", {"oldpassword": "prova", "password1": new, "password2": new})


def new_app(client, user):
    client.get(f"{KEYS}app/")
    code = format_hotp_value(hotp_value(client.session["mfa.totp.secret"], int(time.time()) // 30))
    return client.post(f"{KEYS}app/", {"code": code})


def removed_passkey(client, user):
    return client.post(f"{KEYS}passkey/{make_passkey(user).pk}/togli/")


def new_codes(client, user):
    make_passkey(user)
    RecoveryCodes.activate(user)
    return client.post(f"{KEYS}codici/nuovi/")


@pytest.mark.parametrize("change", [new_password, new_app, removed_passkey, new_codes])
def test_change_of_a_key_ends_the_others_and_not_this_one(user, change, committed):
    other, current = inside(user, EDGE), inside(user)

    committed(lambda: change(current, user))

    assert (is_inside(other), is_inside(current)) == (False, True)
    assert KnownDevice.objects.filter(user=user).count() == 1


def suspended(client, person):
    person.suspend()
    person.readmit()  # their old sessions must not come back with them


def other_address(client, person):
    change(client, person, email="altra@example.org")


def other_role(client, person):
    change(client, person, groups=[Group.objects.get(name="Responsabile").pk])


def factor_reset(client, person):
    act(client, "reset_second_factor", person)


def closed(client, person):
    act(client, "close_sessions", person)


@pytest.mark.parametrize("what", [suspended, other_address, other_role, factor_reset, closed])
def test_what_an_administrator_changes_ends_them_all(client, user, what):
    theirs = [inside(user), inside(user, EDGE)]
    client.force_login(make_editor(role="Amministratore"))

    what(client, user)

    assert [is_inside(one) for one in theirs] == [False, False]
    assert not KnownDevice.objects.filter(user=user).exists()
    assert is_inside(client)


def test_name_alone_ends_nothing(client, user):
    theirs = inside(user)
    client.force_login(make_editor(role="Amministratore"))

    change(client, user, first_name="Nuovo")

    assert is_inside(theirs)


def test_administrator_sees_them_and_does_not_end_those_of_a_superuser(client, user):
    inside(user, EDGE)
    boss = make_editor(is_superuser=True)
    theirs = inside(boss)
    client.force_login(make_editor(role="Amministratore"))

    assert "Edge su Windows, vista l’ultima volta il" in client.get(f"{PEOPLE}{user.pk}/change/").text
    act(client, "close_sessions", boss)
    assert is_inside(theirs)


# Waiting


def test_whoever_does_nothing_comes_in_again(user):
    current, start = inside(user), timezone.now()
    for hours in (1.5, 3, 4.5):
        with time_machine.travel(start + timedelta(hours=hours)):
            assert is_inside(current)

    with time_machine.travel(start + timedelta(hours=6.6)):
        page = current.get(DESK, follow=True)
        assert page.redirect_chain[-1][0].startswith("/accesso/?next=")
        assert "non succedeva niente da molto tempo" in page.text
        assert not Session.objects.filter(session_key__in=UserSession.objects.values("session_key")).exists()


def test_setting_says_how_long(user, settings):
    settings.SESSION_IDLE_SECONDS = 600
    current = inside(user)

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert not is_inside(current)


def test_presence_is_noted_once_a_minute(user):
    current = inside(user)
    start = timezone.now()

    with time_machine.travel(start + timedelta(seconds=40)):
        is_inside(current)
    assert UserSession.objects.get().seen_at < start + timedelta(seconds=30)
    with time_machine.travel(start + timedelta(minutes=2)):
        is_inside(current)
    assert UserSession.objects.get().seen_at > start + timedelta(minutes=1)


def test_pages_of_readers_ask_nothing_of_sessions(client):
    client.get("/accessibilita/")

    assert "Cookie" not in client.get("/accessibilita/").headers.get("Vary", "")


def test_what_has_ended_is_swept(user):
    inside(user)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        again = inside(user, EDGE)

        assert sweep_sessions() == "Sessioni e dispositivi: 2 righe finite"
        assert sweep_sessions() == ""
        assert is_inside(again)


# Grave pages


@pytest.fixture
def late(client):
    """An Amministratore who came in an hour ago."""
    user = make_editor(role="Amministratore")
    client.force_login(user)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        yield user


@pytest.mark.parametrize("path", [PEOPLE, f"{PEOPLE}add/", "/admin/registro/", "/admin/registro.csv"])
def test_grave_pages_ask_for_the_second_factor_again(client, late, path):
    response = client.get(path)
    assert response.headers["Location"].startswith("/accesso/conferma/codice/?next=")
    assert client.get(f"/accesso/conferma/?next={path}").headers["Location"].startswith("/accesso/conferma/codice/")

    back = client.post(response.headers["Location"], {"code": code_now(late)})
    assert back.headers["Location"] == path
    assert client.get(path).status_code == 200


def test_form_that_was_being_sent_goes_on_after_the_proof(client, late):
    role = Group.objects.get(name="Redattore").pk
    typed = {"email": "nuova@example.org", "first_name": "Carla", "last_name": "Rossi", "groups": [role]}

    response = client.post(f"{PEOPLE}add/", typed)
    assert not type(late).objects.filter(email="nuova@example.org").exists()
    client.post(response.headers["Location"], {"code": code_now(late)})

    assert type(late).objects.get(email="nuova@example.org").groups.get().pk == role


def test_whoever_may_not_come_in_is_asked_for_nothing(client):
    client.force_login(make_editor(role="Responsabile"))
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert client.get(PEOPLE).status_code == 403
