"""Second factors at rest: what stands in the table opens nothing by itself."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command

from areaomogenea.accounts.encryption import UnreadableError, decrypt, encrypt
from areaomogenea.checks import second_factors_can_be_read

from .factories import make_editor
from .test_access import DESK, code_now, enter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
OLD, NEW = "vecchia" * 8, "nuova" * 10


def stored(user):
    return " ".join(str(row.data) for row in user.authenticator_set.all())


def test_what_is_written_is_read_and_says_nothing(settings):
    settings.SECOND_FACTOR_KEYS = [NEW]
    text = encrypt("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DPEHPK3PXP" not in text
    assert encrypt("JBSWY3DPEHPK3PXP") != text
    assert decrypt(text) == "JBSWY3DPEHPK3PXP"


def test_factors_of_somebody_are_not_in_clear(client):
    user = make_editor(role="Responsabile")
    codes = RecoveryCodes.activate(user)
    seed, secret = decrypt(codes.instance.data["seed"]), decrypt(user.authenticator_set.get(type="totp").data["secret"])

    assert (seed in stored(user), secret in stored(user)) == (False, False)
    enter(client, user.email)
    assert client.post("/accesso/codice/", {"code": codes.generate_codes()[0]}).headers["Location"] == DESK


def test_key_is_changed_in_three_steps(settings):
    settings.SECOND_FACTOR_KEYS = [OLD]
    text = encrypt("segreto")
    settings.SECOND_FACTOR_KEYS = [NEW, OLD]
    user = make_editor(is_guarded=False)
    row = Authenticator.objects.create(user=user, type="totp", data={"secret": text})

    call_command("renew_second_factors")
    settings.SECOND_FACTOR_KEYS = [NEW]

    row.refresh_from_db()
    assert decrypt(row.data["secret"]) == "segreto"
    with pytest.raises(UnreadableError):
        decrypt(text)


def test_nothing_is_renewed_while_a_key_is_missing(settings):
    settings.SECOND_FACTOR_KEYS = [OLD]
    user = make_editor(role="Responsabile")
    before = stored(user)
    settings.SECOND_FACTOR_KEYS = [NEW]

    with pytest.raises(CommandError, match="Nessuna chiave apre"):
        call_command("renew_second_factors")
    assert stored(user) == before
    assert [error.id for error in second_factors_can_be_read(None, databases=["default"])] == ["areaomogenea.E009"]


def test_what_a_trial_wrote_without_a_key_is_read_when_there_is_one(settings):
    settings.SECOND_FACTOR_KEYS = []
    text = encrypt("segreto")
    settings.SECOND_FACTOR_KEYS = [NEW]

    assert decrypt(text) == "segreto"


def test_lost_key_opens_nothing_and_is_said_in_words(client, settings):
    settings.SECOND_FACTOR_KEYS = [OLD]
    user = make_editor(role="Responsabile")
    RecoveryCodes.activate(user)
    code = code_now(user)
    settings.SECOND_FACTOR_KEYS = [NEW]
    enter(client, user.email)

    response = client.post("/accesso/codice/", {"code": code})

    assert (response.status_code, "Non hai sbagliato tu" in response.text) == (503, True)
    client.force_login(user)
    assert client.get("/accesso/sicurezza/").status_code == 503
    assert "no-store" in client.get("/accesso/sicurezza/codici/").headers["Cache-Control"]
