"""Passwords that are accepted here: long, and made of something that not everybody knows."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command

from areaomogenea.accounts.models import User
from areaomogenea.management.commands.load_demo import LOGINS

from .factories import make_editor
from .test_access import enter

pytestmark = pytest.mark.any_database  # words are judged, and never looked up
SOMEBODY = User(email="carla.rossetti@comune.example.org", first_name="Carla", last_name="Rossetti Bianchi")


def faults(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [fault.code for fault in error.error_list]
    return []


@pytest.mark.parametrize("password", [password for _, _, password in LOGINS])
def test_passwords_of_the_demo_are_as_good_as_others(password):
    assert faults(password) == []


@pytest.mark.parametrize(
    "password",
    [
        *("canali-e-fontanili", "nuova-di-zecca-48", "gelso cavallo rotaia", "Crema gelso cavallo", "x9-Kq!vT2-Lp7wz"),
        "日本語のとても長い合言葉です",
    ],
)
def test_words_of_ones_own_are_accepted(password):
    assert faults(password, SOMEBODY) == []


@pytest.mark.parametrize("password", ["corta", "undici-lett", "x" * 11])
def test_short_ones_are_refused(password):
    assert "password_too_short" in faults(password)


@pytest.mark.parametrize(
    "password",
    [
        *(
            "areaomogenea",
            "offanengo2026",
            "crema2026crema2026",
            "CremaCremaCrema",
            "Consorzio.IT-2026",
            "4r3a-0m0g3n34!",
        ),
        *(
            "Bagnolo-Cremasco1",
            "casalecremascovidolasco",
            "cr3m4cr3m4cr3m4",
            "cremasca-cremasco-2027",
            "c.r.e.m.a.2.0.2.6",
        ),
        *(
            "crecremama-crema-12",
            "Palazzo Pignano 26!",
            "OFFANENGO!!!!1926",
            "areaomogeneacremasca48",
            "aaaaaaaaaaaaaaaa",
        ),
        *("abcabcabcabcabc", "redazione-portale-26", "crèma-crémà-crema", "ｃｒｅｍａ２０２６ｃｒｅｍａ"),
    ],
)
def test_names_of_the_place_are_refused_whatever_stands_around_them(password):
    assert "password_of_known_names" in faults(password)


@pytest.mark.parametrize(
    "password", ["carla-rossetti-81", "R0ss3tt1Bianchi!", "Bianchi-Rossetti-26", "carlarossetti1981"]
)
def test_ones_own_name_is_refused(password):
    assert "password_of_known_names" in faults(password, SOMEBODY)


def test_long_ones_are_looked_at_in_no_time():
    assert faults("ab" * 50_000) == ["password_of_known_names"]


def refused(page):
    return "fatta di nomi che qui conoscono tutti" in page


@pytest.mark.django_db
def test_every_way_to_set_one_asks_the_same(client, letters):
    bad = {"password1": "offanengo2026", "password2": "offanengo2026"}
    invited, user = make_editor(), make_editor(role="Redattore")
    key = invited.invite()
    assert refused(client.post(f"/accesso/invito/{key}/", bad).text)

    client.post("/accesso/password/dimenticata/", {"email": user.email})
    link = re.search(r"https?://[^/\s]+(/accesso/\S+)", letters[0].get_body(["plain"]).get_content())[1]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    assert refused(client.post(form, bad).text)

    enter(client, user.email)
    assert refused(client.post("/accesso/password/", {"oldpassword": "prova"} | bad).text)
    assert User.objects.get(pk=user.pk).check_password("prova")


@pytest.mark.django_db
def test_first_superuser_is_asked_as_well(monkeypatch, capsys):
    answers = iter(["offanengo2026", "offanengo2026", "gelso-cavallo-rotaia", "gelso-cavallo-rotaia"])
    monkeypatch.setattr("getpass.getpass", lambda *_: next(answers))
    monkeypatch.setattr("builtins.input", lambda *_: "n")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    call_command("createsuperuser", email="prima@example.org")

    assert refused(capsys.readouterr().err)
    assert User.objects.get().check_password("gelso-cavallo-rotaia")
