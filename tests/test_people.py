"""The people of the desk: invited by a letter, looked after by an Amministratore who cannot become more than that."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.utils import timezone

from areaomogenea.accounts.models import User

from .factories import make_editor, make_municipality

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/accounts/user/"


@pytest.fixture
def administrator(client):
    user = make_editor(role="Amministratore", first_name="Anna", last_name="Bianchi")
    client.force_login(user)
    return user


@pytest.fixture
def invite(client, administrator, committed):
    """invite(role, **typed): the answer of the form."""

    def invite(role="Redattore", **typed):
        roles = [Group.objects.get(name=role).pk] if role else []
        fields = {"email": "nuova@example.org", "first_name": "Carla", "last_name": "Rossi", "groups": roles}
        return committed(lambda: client.post(f"{PEOPLE}add/", fields | typed, follow=True))

    return invite


def act(client, action, *people):
    chosen = {"action": action, "_selected_action": [person.pk for person in people]}
    return client.post(PEOPLE, chosen, follow=True)


def change(client, person, **typed):
    fields = {"email": person.email, "is_active": "on", "groups": [group.pk for group in person.groups.all()]}
    return client.post(f"{PEOPLE}{person.pk}/change/", fields | typed)


def link_in(letter):
    return re.search(r"https?://[^/\s]+(/accesso/invito/\S+)", letter.get_body(["plain"]).get_content())[1]


def accept(client, link, password="fontanile-di-pianura"):  # noqa: S107
    return client.post(link, {"password1": password, "password2": password}, follow=True)


# Invitations


def test_first_administrator_is_invited_by_a_command_and_chooses_a_password(client, capsys):
    call_command("invite_administrator", "Prima@example.org")
    link = capsys.readouterr().out.strip().removeprefix("http://localhost:8000")

    accept(client, link)

    person = User.objects.get()
    assert (person.email, person.is_superuser, person.has_accepted()) == ("prima@example.org", True, True)
    with pytest.raises(CommandError, match="ha già la sua password"):
        call_command("invite_administrator", "prima@example.org")


def test_nobody_is_invited_who_has_no_address():
    with pytest.raises(CommandError):
        call_command("invite_administrator", "prima")

    assert not User.objects.exists()


def test_invited_person_chooses_a_password_and_is_in(client, invite, letters):
    invite("Redattore")

    letter = letters[0]
    plain = letter.get_body(["plain"]).get_content()
    person = User.objects.get(email="nuova@example.org")
    assert (letter["To"], letter["Subject"]) == (
        "nuova@example.org",
        "Ti aspettiamo in redazione: scegli la tua password",
    )
    assert "Buongiorno Carla" in plain
    assert "Anna Bianchi ti invita" in plain
    assert "Il tuo ruolo: Redattore." in plain
    assert link_in(letter) in letter.get_body(["html"]).get_content()
    assert not person.has_accepted()

    client.logout()
    assert "nuova@example.org" in client.get(link_in(letter)).text
    assert accept(client, link_in(letter)).redirect_chain[-1][0] == "/admin/"
    person.refresh_from_db()
    assert person.check_password("fontanile-di-pianura")
    assert [group.name for group in person.groups.all()] == ["Redattore"]


def test_invited_responsabile_is_led_to_the_second_factor(client, invite, letters):
    invite("Responsabile")

    page = accept(client, link_in(letters[0]))

    assert page.redirect_chain[-1][0] == "/accesso/sicurezza/"
    assert "Prima di cominciare serve un secondo fattore" in page.text
    assert "Collega un’app con i codici" in client.get("/accesso/sicurezza/app/").text  # without another password


def test_invitation_works_once(client, invite, letters):
    invite()
    accept(client, link_in(letters[0]))
    client.logout()

    again = accept(client, link_in(letters[0]), "un-altra-ancora-48")

    assert (again.status_code, "Questo invito non vale più" in again.text) == (410, True)
    assert User.objects.get(email="nuova@example.org").check_password("fontanile-di-pianura")


def test_two_who_accept_at_once_cannot_both(invite, letters):
    invite()
    key = link_in(letters[0]).split("/")[-2]
    first, second = User.objects.invited_with(key), User.objects.invited_with(key)

    assert (first.accept("fontanile-di-pianura"), second.accept("un-altra-ancora-48")) == (True, False)
    assert User.objects.get(pk=first.pk).check_password("fontanile-di-pianura")


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 410)])
def test_invitation_lasts_a_week(client, invite, letters, days, status):
    invite()

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        assert client.get(link_in(letters[0])).status_code == status


@pytest.mark.parametrize("key", ["x", "a:b:c", "WzEsIiEiXQ:1:x", "è" * 500])
def test_made_up_invitation_is_refused_in_peace(client, key):
    assert client.get(f"/accesso/invito/{key}/").status_code == 410


def test_second_letter_spends_the_first(client, invite, letters, committed):
    invite()
    person = User.objects.get(email="nuova@example.org")
    committed(lambda: act(client, "invite_again", person))

    assert [client.get(link_in(letter)).status_code for letter in letters] == [410, 200]


def test_invitation_of_a_suspended_person_is_dead(client, invite, letters):
    invite()
    User.objects.filter(email="nuova@example.org").update(is_active=False)

    assert client.get(link_in(letters[0])).status_code == 410


def test_whoever_has_accepted_gets_no_other_invitation(client, administrator, letters):
    person = make_editor(role="Redattore")

    page = act(client, "invite_again", person).text

    assert "ha già accettato" in page
    assert letters == []
    assert User.objects.get(pk=person.pk).has_accepted()


def test_list_shows_who_has_not_accepted(client, invite, letters):
    invite()

    page = client.get(f"{PEOPLE}?invito=in-attesa").text

    assert "nuova@example.org" in page
    assert "Non ha ancora accettato: l’invito scade il" in page
    assert "1 persona" in page
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        client.force_login(make_editor(role="Amministratore"))
        assert "l’invito è scaduto il" in client.get(PEOPLE).text


def test_letter_that_cannot_leave_is_said_and_can_be_sent_again(client, invite, letters, settings, committed):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1  # nobody listens there
    response = invite()
    messages = [str(message) for message in response.wsgi_request._messages]
    settings.EMAIL_PORT = port
    committed(lambda: act(client, "invite_again", User.objects.get(email="nuova@example.org")))

    assert any("La lettera non è partita" in text for text in messages)
    assert client.get(link_in(letters[0])).status_code == 200


def test_redattore_comunale_gets_the_comuni(invite, letters):
    crema, dovera = make_municipality(name="Crema", in_area=True), make_municipality(name="Dovera", in_area=True)

    invite("Redattore comunale", municipalities=[crema.pk, dovera.pk])

    person = User.objects.get(email="nuova@example.org")
    assert set(person.assignments.values_list("municipality", flat=True)) == {crema.pk, dovera.pk}
    assert "I Comuni per cui scriverai: Crema, Dovera." in letters[0].get_body(["plain"]).get_content()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"role": "Redattore comunale"}, "Scegli almeno un Comune"),
        ({"role": ""}, "Questo campo è obbligatorio."),
        ({"email": "non-è-un-indirizzo"}, "Inserisci un indirizzo email valido."),
        ({"email": "REDAZIONE@example.org"}, "Una persona con questo indirizzo c’è già."),
        ({"email": f"{'x' * 300}@example.org"}, "non contenga più di 254 caratteri"),
        ({"first_name": "x" * 200}, "non contenga più di 150 caratteri"),
        ({"municipalities": ["999999"]}, "Scegli un’opzione valida"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(invite, letters, typed, message):
    make_editor(email="redazione@example.org")

    page = invite(**typed).text

    assert message in page.replace("&#x27;", "’").replace("'", "’")
    assert 'value="Rossi"' in page
    assert letters == []


# Who may look after whom


@pytest.mark.parametrize("role", ["Redattore comunale", "Redattore", "Responsabile"])
def test_others_do_not_see_the_people(client, role):
    client.force_login(make_editor(role=role))

    assert client.get(PEOPLE).status_code == 403


def test_administrator_is_offered_roles_only(client, administrator):
    person = make_editor(role="Redattore")

    page = client.get(f"{PEOPLE}{person.pk}/change/").text

    assert "Redattore comunale" in page
    assert not [name for name in ("is_superuser", "user_permissions", "is_staff", "password") if f'"{name}"' in page]


def test_administrator_cannot_slip_power_in(client, administrator):
    person = make_editor(role="Redattore")
    power = Permission.objects.get(codename="change_group").pk

    change(client, person, is_superuser="on", user_permissions=[power], first_name="Cambiata")

    person.refresh_from_db()
    assert (person.first_name, person.is_superuser, person.user_permissions.count()) == ("Cambiata", False, 0)


def test_administrator_cannot_give_a_group_that_may_more(client, administrator):
    stronger = Group.objects.create(name="Tecnici")
    stronger.permissions.add(Permission.objects.get(codename="change_group"))
    person = make_editor(role="Redattore")

    assert "Tecnici" not in client.get(f"{PEOPLE}{person.pk}/change/").text
    change(client, person, groups=[stronger.pk])
    assert [group.name for group in person.groups.all()] == ["Redattore"]


def test_administrator_cannot_touch_a_superuser(client, administrator, letters):
    person = make_editor(is_superuser=True)

    change(client, person, email="mio@example.org")
    client.post(f"{PEOPLE}{person.pk}/delete/", {"post": "yes"})
    act(client, "invite_again", person)
    act(client, "reset_second_factor", person)

    after = User.objects.get(pk=person.pk)
    assert (after.email, after.has_second_factor(), after.has_accepted()) == (person.email, True, True)
    assert "id_email" not in client.get(f"{PEOPLE}{person.pk}/change/").text


def test_superuser_sees_it_all(client):
    client.force_login(make_editor(is_superuser=True))
    person = make_editor(role="Redattore")

    assert 'name="is_superuser"' in client.get(f"{PEOPLE}{person.pk}/change/").text


@pytest.mark.parametrize("fields", [{"role": "Amministratore"}, {"is_superuser": True}], ids=str)
def test_nobody_suspends_demotes_or_deletes_themselves(client, fields):
    person = make_editor(**fields)
    client.force_login(person)
    roles = list(person.groups.all())

    change(client, person, is_active="", groups=[], is_superuser="", first_name="Anna")
    refused = client.post(f"{PEOPLE}{person.pk}/delete/", {"post": "yes"})
    client.post(PEOPLE, {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"})

    after = User.objects.get(pk=person.pk)
    assert refused.status_code == 403
    assert (after.first_name, after.is_active, after.is_superuser) == ("Anna", True, person.is_superuser)
    assert list(after.groups.all()) == roles


def test_lost_telephone_is_forgotten_and_its_owner_told(client, administrator, letters):
    person = make_editor(role="Responsabile")

    page = act(client, "reset_second_factor", person).text

    assert "al prossimo accesso imposterà un nuovo secondo fattore" in page
    assert not person.has_second_factor()
    assert letters[0]["To"] == person.email
    client.force_login(person)
    assert client.get("/admin/").headers["Location"] == "/accesso/sicurezza/"


def test_nobody_frees_themselves_of_the_second_factor(client, administrator):
    act(client, "reset_second_factor", administrator)

    assert administrator.has_second_factor()


def test_change_of_address_is_told_to_the_old_one(client, administrator, letters, committed):
    person = make_editor(role="Redattore", email="prima@example.org")

    committed(lambda: change(client, person, email="DOPO@example.org"))

    assert User.objects.get(pk=person.pk).email == "dopo@example.org"
    assert letters[0]["To"] == "prima@example.org"


def test_nobody_sets_the_password_of_somebody_else(client, administrator):
    person = make_editor(role="Redattore")

    assert client.get(f"{PEOPLE}{person.pk}/password/").status_code == 404


@pytest.mark.parametrize("people", [2, 12])
def test_list_cost_does_not_grow(client, administrator, people, django_assert_max_num_queries):
    for _ in range(people):
        make_editor(role="Redattore comunale").assignments.create(municipality=make_municipality())

    with django_assert_max_num_queries(14):
        client.get(PEOPLE)
