"""«Stato del sistema» at the desk: who may see it, what it says, and the notice on the first page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from areaomogenea.monitoring import works
from areaomogenea.monitoring.faults import Fault, note_fault
from areaomogenea.monitoring.models import LastRun
from areaomogenea.monitoring.own_probes import BACKUP
from areaomogenea.monitoring.probes import memory

from .factories import make_editor

pytestmark = pytest.mark.django_db
PAGE = "/admin/stato/"


@pytest.fixture
def administrator(client, settings):
    settings.HTTPS, settings.TECHNICAL_CONTACT = True, "Anna Bianchi, 0373 000000"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    now = timezone.now()
    works.note({work.name: works.Outcome(now, now) for work in works.every()})
    client.force_login(make_editor("Amministratore"))
    return client


def page(client, address=PAGE):
    memory.forget()
    return client.get(address).text.replace("\xa0", " ")


@pytest.mark.parametrize("role", ["Redattore comunale", "Redattore", "Responsabile"])
def test_others_do_not_learn_that_it_is_there(client, role):
    client.force_login(make_editor(role))

    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get("/admin/").text


def test_nobody_sees_it_from_outside(client):
    assert client.get(PAGE).status_code == 302


def test_all_is_well(administrator):
    text = page(administrator)

    assert "Non c’è niente da fare." in text
    assert "Che cosa non va" not in text
    assert "Si possono salvare." in text
    assert "status-notice" not in page(administrator, "/admin/")


def test_what_is_not_well_says_since_when_what_to_do_and_who(administrator):
    at = timezone.now() - timedelta(days=2)
    LastRun.objects.filter(name=BACKUP).update(succeeded_at=at)

    text = page(administrator)

    assert "Il portale funziona; c’è una cosa da guardare." in text
    assert "È vecchia. L’ultima riuscita è di 2 giorni fa." in text
    assert f"{timezone.localtime(at + timedelta(days=1)):%H:%M}" in text
    assert "journalctl -u areaomogenea-backup" in text
    assert "Anna Bianchi, 0373 000000" in text
    home = page(administrator, "/admin/")
    assert "Copia di sicurezza." in home
    assert f'href="{PAGE}"' in home


def test_fault_comes_before_what_is_to_be_looked_at(administrator):
    LastRun.objects.filter(name=BACKUP).update(succeeded_at=timezone.now() - timedelta(days=2))
    MigrationRecorder.Migration.objects.filter(app="topics").delete()

    text = page(administrator)

    assert "Qualcosa del portale non funziona." in text
    assert text.index("<h3>Tabelle della banca dati</h3>") < text.index("<h3>Copia di sicurezza</h3>")


def test_errors_are_told_to_who_repairs(administrator):
    for _ in range(3):
        note_fault(Fault("ValueError", "news/views.py:12"))

    text = page(administrator)

    assert "Gli errori delle ultime 24 ore (1 divers" in text
    assert "news/views.py:12" in text
    assert "3 volte" in text
    assert "status-notice" not in page(administrator, "/admin/")  # whoever repairs has had a letter


def test_who_looks_after_the_server_is_named_by_the_owner_too(administrator, settings):
    settings.TECHNICAL_CONTACT, settings.ADMINS = "", []

    assert "Consorzio.IT S.p.A." in page(administrator)


def test_first_page_asks_how_the_portal_is_once_in_a_while(administrator):
    page(administrator, "/admin/")
    with CaptureQueriesContext(connection) as again:
        administrator.get("/admin/")
    memory.forget()
    with CaptureQueriesContext(connection) as anew:
        administrator.get("/admin/")

    assert 0 < len(anew) - len(again) <= 10


def test_works_that_never_ran_are_not_said_to_have_succeeded(client):
    client.force_login(make_editor("Amministratore"))

    text = " ".join(page(client).split())

    assert "0 riusciti, gli altri non ancora fatti" in text
    assert 'class="status-verdict status-bene"' in text
