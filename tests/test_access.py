"""The door of the desk: who comes in, by what, how often they may try, and for how long."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from areaomogenea.accounts.models import User
from areaomogenea.accounts.urls import urlpatterns

from .factories import make_editor

# The door is forms, cookies and letters; how often it is tried, tests/test_attempts.py asks on both.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.usefixtures("still_clock")]
LOGIN, DESK, KEYS = "/accesso/", "/admin/", "/accesso/sicurezza/"
FILL = {
    "invitation": {"key": "non-vale"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "non-vale"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
    "end_session": {"pk": 1},
}


def enter(client, email, password="prova", **request):  # noqa: S107
    return client.post(LOGIN, {"login": email, "password": password}, follow=True, **request)


def make_passkey(user):
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "Il portatile", "credential": {}})


def code_now(user):
    secret = decrypt(user.authenticator_set.get(type="totp").data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def writer(client):
    user = make_editor(role="Redattore")
    enter(client, user.email)
    return user


# Which pages


@pytest.mark.slow
@pytest.mark.parametrize("somebody", [True, False], ids=["inside", "outside"])
@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns])
def test_no_door_is_kept_or_indexed(client, name, somebody):
    if somebody:
        user = make_editor(role="Responsabile")
        RecoveryCodes.activate(user)
        enter(client, user.email)
        client.post("/accesso/codice/", {"code": code_now(user)})
    kwargs = FILL.get(name, {})
    if "pk" in kwargs and somebody:
        kwargs = {"pk": make_passkey(user).pk}

    response = client.get(reverse(name, kwargs=kwargs))

    if response.status_code == 302 and "Cache-Control" not in response.headers:  # on its way to prove who it is
        assert response.headers["Location"].startswith(LOGIN)
        assert "Cookie" in response.headers["Vary"]
    else:
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_nobody_signs_up(client):
    page = client.post("/accesso/iscrizione/", {"email": "io@example.org", "password1": "una-parola-lunga"}).text

    assert "Si entra su invito" in page
    assert not User.objects.exists()


def test_admin_sends_to_the_door_and_back(client):
    user = make_editor(role="Redattore")

    assert client.get(DESK).headers["Location"].startswith("/admin/login/?next=")
    assert client.get("/admin/login/?next=/admin/").headers["Location"] == f"{LOGIN}?next=%2Fadmin%2F"
    assert enter(client, user.email).redirect_chain[-1][0] == DESK


def test_login_does_not_tell_who_exists(client):
    user = make_editor()

    pages = [enter(client, email, "sbagliata").text for email in (user.email, "nessuno@example.org")]

    assert all("L’indirizzo o la password non sono giusti." in page for page in pages)


def test_suspended_person_is_told(client):
    user = make_editor(is_active=False)

    assert "Il tuo accesso è sospeso" in enter(client, user.email).text


def test_logging_out_takes_a_press_and_says_goodbye(client, writer):
    assert "Vuoi uscire?" in client.get("/admin/logout/").text
    assert client.get(DESK).status_code == 200

    assert "Hai chiuso la sessione" in client.post("/admin/logout/", follow=True).text
    assert client.get(DESK).status_code == 302


# Second factor


@pytest.mark.parametrize(
    ("role", "opens"),
    [("Redattore comunale", True), ("Redattore", True), ("Responsabile", False), ("Amministratore", False)],
)
@pytest.mark.parametrize("path", [DESK, "/admin/news/communique/", "/admin/autocomplete/"])
def test_desk_opens_only_with_a_second_factor_to_those_who_decide(client, role, opens, path):
    client.force_login(make_editor(role=role, is_guarded=False))

    response = client.get(path)

    assert (response.headers.get("Location") != KEYS) is opens


def test_superuser_needs_it_too_and_is_told_why(client):
    client.force_login(make_editor(is_superuser=True, is_guarded=False))

    assert "Prima di cominciare serve un secondo fattore" in client.get(DESK, follow=True).text


def test_recovery_codes_alone_do_not_open_the_desk(client):
    user = make_editor(role="Responsabile", is_guarded=False)
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": "0" * 80, "used_mask": 0})
    client.force_login(user)

    assert client.get(DESK).headers["Location"] == KEYS


def test_whoever_is_promoted_comes_in_again_and_is_asked(client, writer):
    assert client.get(DESK).status_code == 200

    writer.groups.set(make_editor(role="Responsabile").groups.all())

    assert client.get(DESK).headers["Location"].startswith("/admin/login/")  # another role, another session
    assert enter(client, writer.email).redirect_chain[-1][0] == KEYS


def test_app_is_set_up_with_its_first_code(client, letters, committed):
    user = make_editor(role="Responsabile", is_guarded=False)
    enter(client, user.email)
    page = client.get("/accesso/sicurezza/app/").text  # nobody asks again for the password of a minute ago
    secret = re.search(r"<code[^>]*>(\w+)</code>", page)[1]
    assert 'src="data:image/svg+xml;base64,' in page

    refused = client.post("/accesso/sicurezza/app/", {"code": "000000"})
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    accepted = committed(lambda: client.post("/accesso/sicurezza/app/", {"code": code}, follow=True))

    assert "Il codice non è giusto" in refused.text
    assert secret in refused.text  # the one that the app knows already
    assert "I tuoi codici di recupero" in accepted.text
    assert client.get(DESK).status_code == 200
    assert "È stata collegata un’app" in letters[0].get_body(["plain"]).get_content()


def test_password_is_not_enough_where_there_is_a_second_factor(client):
    user = make_editor(role="Responsabile")

    assert "Ancora un passo" in enter(client, user.email).text
    assert client.get(DESK).status_code == 302
    assert "Il codice non è giusto" in client.post("/accesso/codice/", {"code": "000000"}).text
    assert client.post("/accesso/codice/", {"code": code_now(user)}).headers["Location"] == DESK
    assert client.get(DESK).status_code == 200


def test_code_of_the_app_works_once(client):
    user = make_editor(role="Responsabile")
    code = code_now(user)
    for _ in range(2):
        enter(client, user.email)
        response = client.post("/accesso/codice/", {"code": code})
        client.logout()

    assert "Il codice non è giusto" in response.text


def test_last_app_stays_with_those_who_need_it(client):
    user = make_editor(role="Responsabile")
    enter(client, user.email)
    client.post("/accesso/codice/", {"code": code_now(user)})

    page = client.post("/accesso/sicurezza/app/scollega/", follow=True).text

    assert "È l’ultimo secondo fattore che hai" in page
    assert user.has_second_factor()


def test_last_passkey_stays_with_those_who_need_it(client):
    user = make_editor(role="Responsabile", is_guarded=False)
    enter(client, user.email)
    first, second = make_passkey(user), make_passkey(user)

    pages = [client.post(f"{KEYS}passkey/{key.pk}/togli/", follow=True).text for key in (first, second)]

    assert "La passkey è stata tolta." in pages[0]
    assert "È l’ultimo secondo fattore che hai" in pages[1]
    assert list(user.authenticator_set.all()) == [second]


def test_others_may_take_theirs_away(client, writer):
    key = make_passkey(writer)

    client.post(f"{KEYS}passkey/{key.pk}/togli/")

    assert not writer.has_second_factor()


def test_foreign_passkey_is_not_there(client, writer):
    key = make_passkey(make_editor())

    assert client.post(f"{KEYS}passkey/{key.pk}/togli/").status_code == 404


@pytest.mark.parametrize("credential", ["", "{}", "[]", '"x"', "no", '{"id": 1}', '{"response": {"userHandle": null}}'])
@pytest.mark.parametrize("path", ["/accesso/passkey/", f"{KEYS}passkey/nuova/"])
def test_made_up_passkey_is_refused_in_peace(client, writer, path, credential):
    if path == "/accesso/passkey/":
        client.logout()
    client.get(path, headers={"accept": "application/json"})

    response = client.post(path, {"name": "x", "passwordless": "on", "credential": credential}, follow=True)

    assert response.status_code == 200
    assert not Authenticator.objects.exists()


def test_changing_keys_wants_a_proof_that_is_fresh(client, writer):
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        page = client.get("/accesso/sicurezza/app/", follow=True).text

    assert "Conferma che sei tu" in page


# Throttling


def test_account_closes_after_five_wrong_passwords_wherever_they_come_from(client):
    user, other = make_editor(), make_editor(role="Redattore")
    for number in range(5):
        enter(client, user.email, "sbagliata", REMOTE_ADDR=f"198.51.100.{number}")

    page = enter(client, user.email, REMOTE_ADDR="198.51.100.9").text

    assert "Troppi tentativi sbagliati. Aspetta cinque minuti" in page
    assert enter(client, other.email, REMOTE_ADDR="198.51.100.9").redirect_chain[-1][0] == DESK


def test_address_closes_after_ten_wrong_passwords_for_anybody(client):
    user = make_editor(role="Redattore")
    for number in range(10):
        enter(client, f"indovino{number}@example.org", "sbagliata", REMOTE_ADDR="198.51.100.1")

    assert "Troppi tentativi" in enter(client, user.email, REMOTE_ADDR="198.51.100.1").text
    assert enter(client, user.email, REMOTE_ADDR="198.51.100.2").redirect_chain[-1][0] == DESK


def test_door_opens_again_after_five_minutes(client):
    user = make_editor(role="Redattore")
    for _ in range(6):
        enter(client, user.email, "sbagliata")

    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert enter(client, user.email).redirect_chain[-1][0] == DESK


def test_second_step_is_throttled_as_well(client):
    user = make_editor(role="Responsabile")
    enter(client, user.email)

    for _ in range(6):
        page = client.post("/accesso/codice/", {"code": "000000"}).text

    assert "Troppi tentativi sbagliati" in page


def test_who_insists_reads_a_page(client):
    for _ in range(31):
        response = client.post(LOGIN, {"login": "x", "password": ""})

    assert response.status_code == 429
    assert "Aspetta qualche minuto" in response.text


@pytest.mark.parametrize(("proxies", "counts_apart"), [(1, True), (0, False)])
def test_forwarded_address_counts_only_from_a_trusted_proxy(client, settings, proxies, counts_apart):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    user = make_editor(role="Redattore")
    for number in range(10):
        forwarded = f"203.0.113.{number}"
        enter(client, f"indovino{number}@example.org", "sbagliata", HTTP_X_FORWARDED_FOR=forwarded)

    page = enter(client, user.email, HTTP_X_FORWARDED_FOR="203.0.113.99")

    assert ("Troppi tentativi" not in page.text) is counts_apart


# Sessions


def test_session_ends_a_day_after_the_login_however_busy(client, writer):
    start = timezone.now()
    for hours in range(1, 24):
        with time_machine.travel(start + timedelta(hours=hours)):
            assert client.get(DESK).status_code == 200

    with time_machine.travel(start + timedelta(hours=24, minutes=1)):
        assert client.get(DESK).status_code == 302


# Forgotten passwords


def link_in(letter):
    return re.search(r"https?://[^/\s]+(/accesso/\S+)", letter.get_body(["plain"]).get_content())[1]


def test_forgotten_password_is_replaced_once(client, letters):
    user = make_editor(role="Redattore")

    client.post("/accesso/password/dimenticata/", {"email": user.email.upper()})
    link = link_in(letters[0])
    form = client.get(link, follow=True)
    new = {"password1": "nuova-di-zecca-48", "password2": "nuova-di-zecca-48"}
    done = client.post(form.redirect_chain[-1][0], new, follow=True)

    assert [letter["To"] for letter in letters[:1]] == [user.email]
    assert letters[0].get_body(["html"]).get_content().count(link) == 3
    assert "Da adesso entri con quella nuova" in done.text
    assert "La password è stata cambiata" in letters[1].get_body(["plain"]).get_content()
    assert enter(client, user.email, "nuova-di-zecca-48").redirect_chain[-1][0] == DESK
    client.logout()
    assert "Il collegamento non vale più" in client.get(link, follow=True).text


def test_link_for_a_new_password_lasts_a_day(client, letters):
    user = make_editor()
    client.post("/accesso/password/dimenticata/", {"email": user.email})

    with time_machine.travel(timezone.now() + timedelta(days=1, hours=3)):  # two of them only part Rome from Greenwich
        assert "Il collegamento non vale più" in client.get(link_in(letters[0]), follow=True).text


def test_new_password_does_not_stand_in_for_the_second_factor(client, letters):
    user = make_editor(role="Responsabile")
    client.post("/accesso/password/dimenticata/", {"email": user.email})
    form = client.get(link_in(letters[0]), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "nuova-di-zecca-48", "password2": "nuova-di-zecca-48"})

    assert "Ancora un passo" in enter(client, user.email, "nuova-di-zecca-48").text


def test_page_for_a_new_password_does_not_tell_who_exists(client, letters):
    user = make_editor()

    known, unknown = (
        client.post("/accesso/password/dimenticata/", {"email": email}, follow=True)
        for email in (user.email, "nessuno@example.org")
    )

    without_token = [re.sub(r'value="\w{64}"', "", page.text) for page in (known, unknown)]
    assert without_token[0] == without_token[1]


def test_nobody_unknown_is_written_to(client, letters):
    user, gone = make_editor(), make_editor(is_active=False)

    for email in ("nessuno@example.org", gone.email, user.email):
        client.post("/accesso/password/dimenticata/", {"email": email})

    assert [letter["To"] for letter in letters] == [user.email]


def test_both_answers_cost_the_same(client, letters):
    user = make_editor()
    client.post("/accesso/password/dimenticata/", {"email": "altri@example.org"})
    costs = []
    for email in (user.email, "nessuno@example.org"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/accesso/password/dimenticata/", {"email": email})
        costs.append([query["sql"].split()[0] for query in queries])

    assert costs[0] == costs[1]


def test_letter_goes_to_the_address_that_we_have(client, letters):
    """Not to the one that was typed, which the database may take for it: a dotless i, for example."""
    user = make_editor(email="redazione-vera@example.org")

    client.post("/accesso/password/dimenticata/", {"email": "REDAZIONE-VERA@EXAMPLE.ORG"})

    assert [letter["To"] for letter in letters] == [user.email]


def test_letters_to_one_recipient_end(client, letters):
    user = make_editor()

    answers = [
        client.post("/accesso/password/dimenticata/", {"email": user.email}, REMOTE_ADDR=f"198.51.100.{number}")
        for number in range(7)
    ]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 2
    assert len(letters) == 5


def test_letters_from_one_address_end(client, letters):
    answers = [
        client.post("/accesso/password/dimenticata/", {"email": make_editor().email}, REMOTE_ADDR=f"2001:db8::{number}")
        for number in range(12)
    ]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429] * 2
    assert len(letters) == 10


@pytest.mark.parametrize("email", ["", "non-è-un-indirizzo", "x" * 400 + "@example.org", "a@b.it\nBcc: c@d.it"])
def test_what_is_no_address_is_said_at_the_field(client, letters, email):
    response = client.post("/accesso/password/dimenticata/", {"email": email})

    assert "invalid-feedback" in response.text
    assert letters == []


def test_letter_that_cannot_leave_is_no_error_page(client, letters, settings):
    user = make_editor()
    settings.EMAIL_PORT = 1  # nobody listens there

    page = client.post("/accesso/password/dimenticata/", {"email": user.email}, follow=True).text

    assert "Guarda la posta" in page  # as for whoever is nobody


def test_weak_password_is_refused_at_its_field(client, writer):
    typed = {"oldpassword": "prova", "password1": "12345678", "password2": "12345678"}

    page = client.post("/accesso/password/", typed).text

    assert 'id="id_password1_error"' in page
    writer.refresh_from_db()
    assert writer.check_password("prova")
