"""Attempts at the door: counted where nothing forgets them, exactly, and never against whoever has come in before."""

import time
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from areaomogenea.accounts.attempts import PASSWORD_IN_A_DAY, SPENT_CODE, AttemptCount, Limit, sweep_attempts
from areaomogenea.accounts.devices import COOKIE, LASTS
from areaomogenea.accounts.entries import KnownDevice
from areaomogenea.accounts.models import User

from .factories import make_editor
from .test_access import DESK, KEYS, code_now, enter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
STRANGER = {"REMOTE_ADDR": "198.51.100.66"}
CLOSED = "Troppi tentativi sbagliati"


def lock(email, client=None):
    for number in range(5):
        enter(client or Client(), email, "sbagliata", REMOTE_ADDR=f"198.51.100.{number}")


def at_once(number, work):
    """What that many threads make of the same work, begun together."""
    barrier, results = Barrier(number), []

    def run():
        barrier.wait()
        try:
            results.append(work())
        except Exception as error:  # so that it is seen
            results.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


# The table


def test_limit_counts_from_the_first_attempt_and_begins_again():
    limit = Limit("prova", 2, 60)

    assert [limit.take("io"), limit.take("io"), limit.take("io"), limit.take("altri")] == [True, True, False, True]
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert [limit.take("io"), limit.take("io"), limit.take("io")] == [True, True, False]


def test_what_is_given_back_counts_no_more():
    limit = Limit("prova", 1, 60)
    limit.take("io")
    limit.give_back("io")
    limit.give_back("io")

    assert [limit.take("io"), limit.take("io")] == [True, False]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads have no SQLite in memory in common")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [0, 3])
def test_those_who_try_at_once_get_no_more_than_the_limit(before):
    limit = Limit("prova", 5, 60)
    for _ in range(before):
        limit.take("io")

    assert sum(at_once(20, lambda: limit.take("io"))) == 5 - before
    assert AttemptCount.objects.get().count == 5


@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads have no SQLite in memory in common")
@pytest.mark.django_db(transaction=True)
def test_ten_who_guess_at_once_are_five():
    user = make_editor()

    pages = at_once(10, lambda: enter(Client(), user.email, "sbagliata").text)

    assert sum(CLOSED in page for page in pages) == 5, [page for page in pages if "<html" not in page]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads have no SQLite in memory in common")
@pytest.mark.django_db(transaction=True)
def test_recovery_code_opens_once_however_many_bring_it():
    user = make_editor(is_superuser=True)
    code = RecoveryCodes.activate(user).generate_codes()[0]
    clients = [Client() for _ in range(4)]
    for client in clients:
        enter(client, user.email)

    answers = at_once(4, lambda: clients.pop().post("/accesso/codice/", {"code": code}).headers.get("Location"))

    assert sorted(map(str, answers)) == [DESK, "None", "None", "None"]


def test_old_counts_are_swept_and_others_stay():
    Limit("prova", 5, 60).take("vecchio")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        Limit("prova", 5, 60).take("nuovo")

        assert sweep_attempts() == "Tentativi: 1 conti chiusi"
        assert sweep_attempts() == ""
        assert [row.who for row in AttemptCount.objects.all()] == ["nuovo"]


def test_nobody_is_named_in_the_table(client):
    enter(client, "nessuno@example.org", "sbagliata")

    assert not [row for row in AttemptCount.objects.all() if "nessuno" in row.who]


# The door


def test_flood_of_the_cache_frees_nobody(client):
    user = make_editor(role="Redattore")
    lock(user.email)
    for number in range(400):
        cache.set(f"flood-{number}", number)
    cache.clear()

    assert CLOSED in enter(client, user.email, **STRANGER).text


def test_code_that_was_used_is_spent_even_for_a_cache_that_forgot(client):
    user = make_editor(role="Responsabile")
    with time_machine.travel(timezone.now(), tick=False):
        code = code_now(user)
        enter(client, user.email)
        assert client.post("/accesso/codice/", {"code": code}).headers["Location"] == DESK
        client.logout()
        cache.clear()

        enter(client, user.email)
        page = client.post("/accesso/codice/", {"code": f" {code[:3]}-{code[3:]} "}).text

    assert "Il codice non è giusto" in page
    assert AttemptCount.objects.filter(what=SPENT_CODE.what).exists()


def test_code_that_connected_an_app_does_not_open_the_door_too(client):
    user = make_editor(role="Responsabile", is_guarded=False)
    enter(client, user.email)
    with time_machine.travel(timezone.now(), tick=False):
        client.get("/accesso/sicurezza/app/")
        secret = client.session["mfa.totp.secret"]
        code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        client.post("/accesso/sicurezza/app/", {"code": code})
        client.logout()
        enter(client, user.email)

        assert "Il codice non è giusto" in client.post("/accesso/codice/", {"code": code}).text


@pytest.mark.parametrize("spelling", ["REDAZIONE.CREMA@example.org", "redazıone.crema@example.org"])
def test_other_spellings_of_an_address_are_the_same_account(client, spelling):
    """Databases do not agree on which they are: the one that finds the account counts for it."""
    user = make_editor(role="Redattore", email="redazione.crema@example.org")
    is_the_same = User.objects.filter(email__iexact=spelling).exists()
    lock(spelling)

    assert (CLOSED in enter(client, user.email, **STRANGER).text) is is_the_same


def test_one_network_of_ipv6_counts_as_one(client):
    user = make_editor(role="Redattore")
    for number in range(10):
        enter(client, f"indovino{number}@example.org", "sbagliata", REMOTE_ADDR=f"2001:db8:1:2:{number}::1")

    assert "Troppi tentativi" in enter(client, user.email, REMOTE_ADDR="2001:db8:1:2:ffff::1").text
    assert enter(client, user.email, REMOTE_ADDR="2001:db8:1:3::1").redirect_chain[-1][0] == DESK


def test_whoever_enters_gives_an_attempt_back(client):
    user = make_editor(role="Redattore")
    for _ in range(7):
        assert enter(client, user.email).redirect_chain[-1][0] == DESK
        client.logout()

    assert set(AttemptCount.objects.filter(what__startswith="password").values_list("count", flat=True)) == {0}


def test_hundred_errors_close_an_account_until_tomorrow(client):
    user, start = make_editor(role="Redattore"), timezone.now()
    for _ in range(99):
        PASSWORD_IN_A_DAY.take(str(user.pk))
    enter(client, user.email, "sbagliata")

    with time_machine.travel(start + timedelta(hours=20)):
        assert CLOSED in enter(client, user.email, **STRANGER).text
    with time_machine.travel(start + timedelta(hours=25)):
        assert enter(client, user.email, **STRANGER).redirect_chain[-1][0] == DESK


def test_guesses_at_a_code_are_counted_for_the_account_wherever_they_come_from(client):
    user = make_editor(role="Responsabile")
    for number in range(5):
        other = Client(REMOTE_ADDR=f"198.51.100.{number}")
        enter(other, user.email)
        other.post("/accesso/codice/", {"code": "000000"})
    enter(client, user.email)

    assert CLOSED in client.post("/accesso/codice/", {"code": code_now(user)}).text


@pytest.mark.parametrize("path", ["/accesso/password/dimenticata/", "/accesso/invito/x/", "/accesso/passkey/"])
def test_whoever_insists_at_another_door_is_stopped(client, path):
    answers = [client.post(path, {"email": f"io{number}@example.org"}).status_code for number in range(25)]

    assert answers[-1] == 429


# A device that has been inside


@pytest.fixture
def at_home(client):
    """Somebody who came in with this browser, and went out."""
    user = make_editor(role="Responsabile")
    enter(client, user.email)
    client.post("/accesso/codice/", {"code": code_now(user)})
    client.post("/accesso/esci/")
    return user


def test_known_device_is_not_locked_out_by_a_stranger(client, at_home):
    lock(at_home.email, Client())

    assert CLOSED in enter(Client(), at_home.email, **STRANGER).text
    assert "Ancora un passo" in enter(client, at_home.email).text


def test_known_device_may_not_guess_for_ever(client, at_home):
    for number in range(5):
        enter(client, at_home.email, "sbagliata", REMOTE_ADDR=f"203.0.113.{number}")

    assert CLOSED in enter(client, at_home.email, REMOTE_ADDR="203.0.113.9").text
    assert "Ancora un passo" in enter(Client(), at_home.email, **STRANGER).text


def test_device_of_one_person_is_not_that_of_another(client, at_home):
    other = make_editor(role="Redattore")
    lock(other.email, Client())

    assert CLOSED in enter(client, other.email, **STRANGER).text


def test_device_is_known_only_after_all_steps(client):
    user = make_editor(role="Responsabile")
    enter(client, user.email)

    assert COOKIE not in client.cookies
    client.post("/accesso/codice/", {"code": code_now(user)})
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie.value not in KnownDevice.objects.get().digest


def test_two_people_may_share_a_device(client, at_home):
    other = make_editor(role="Redattore")
    enter(client, other.email)

    assert set(KnownDevice.objects.values_list("user", flat=True)) == {at_home.pk, other.pk}
    assert len(set(KnownDevice.objects.values_list("digest", flat=True))) == 1


@pytest.mark.parametrize("made_up", ["x", "è" * 400])
def test_made_up_device_is_no_device(at_home, made_up):
    client = Client()
    client.cookies[COOKIE] = made_up
    lock(at_home.email, Client())

    assert CLOSED in enter(client, at_home.email, **STRANGER).text


def test_device_is_forgotten_after_half_a_year(client, at_home):
    with time_machine.travel(timezone.now() + LASTS + timedelta(days=1)):
        lock(at_home.email, Client())

        assert CLOSED in enter(client, at_home.email, **STRANGER).text


def test_new_password_forgets_the_other_devices_and_not_this(client):
    user = make_editor(role="Redattore")
    elsewhere = Client()
    enter(elsewhere, user.email)
    enter(client, user.email)

    new = "nuova-di-zecca-48"
    client.post("/accesso/password/", {"oldpassword": "prova", "password1": new, "password2": new})
    client.post("/accesso/esci/")
    lock(user.email, Client())

    assert CLOSED in enter(elsewhere, user.email, new, **STRANGER).text
    assert enter(client, user.email, new).redirect_chain[-1][0] in (DESK, KEYS)
