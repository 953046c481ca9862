"""What the portal says of its own health, each fault a real one."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Thread

import psycopg
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from areaomogenea.monitoring import works
from areaomogenea.monitoring.alarms import AT_REST
from areaomogenea.monitoring.models import Alarm, LastRun
from areaomogenea.monitoring.own_probes import BACKUP, on_disk
from areaomogenea.monitoring.probes import REMEMBERED, memory, take_readings

from .conftest import stored_in
from .factories import make_communique
from .test_full_disk import mounted
from .test_tick import registered  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent
READY = "/salute/pronto/"
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="an SQLite in memory cannot go away")


def states(client, address=READY):
    """(status of the answer, state of each entry)."""
    memory.forget()
    response = client.get(address)
    body = json.loads(response.content)
    return response.status_code, {name: row["stato"] for name, row in body["voci"].items()}


def backed_up(at):
    works.note({BACKUP: works.Outcome(at - timedelta(minutes=1), at)})


@pytest.fixture
def in_production(settings):
    """As a server that has run for a while: every work was done just now."""
    settings.HTTPS = True
    now = timezone.now()
    works.note({work.name: works.Outcome(now, now) for work in works.every()})


def test_live_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/salute/")

    assert (response.status_code, response.json()) == (200, {"stato": "bene"})
    assert "no-store" in response["Cache-Control"]


def test_all_is_well(client, in_production):
    make_communique()

    status, entries = states(client)

    assert (status, set(entries.values())) == (200, {"bene"})
    assert {"banca-dati", "memoria", "file", "migrazioni", "ricerca", "copia", "lavori-avif"} <= entries.keys()


def test_answer_says_states_and_hours_alone(client, in_production):
    response = client.get(READY)

    assert {key for row in response.json()["voci"].values() for key in row} == {"stato", "ultima"}
    assert [word for word in ("SQLite", "PostgreSQL", "var/", "GB", "manage.py") if word in response.text] == []
    assert "no-store" in response["Cache-Control"]
    assert client.post(READY).status_code == 405


def test_who_asks_each_moment_is_told_the_same(client, django_assert_num_queries):
    first = client.get(READY)

    with django_assert_num_queries(0):
        assert client.get(READY).content == first.content
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert client.get(READY).content == first.content  # it counts seconds, not hours that may jump
    assert REMEMBERED <= 10


def test_works_that_never_ran_are_no_fault_on_a_desk_and_a_warning_on_a_server(client, settings):
    settings.HTTPS = False
    assert states(client)[1]["lavori-avif"] == "spento"

    settings.HTTPS = True

    status, entries = states(client)
    assert (status, entries["lavori-avif"], entries["copia"]) == (200, "avviso", "avviso")
    assert states(client, f"{READY}?avvisi=503")[0] == 503


def test_work_that_stands_still_is_late(client, in_production):
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        _, entries = states(client)

    assert (entries["lavori-avif"], entries["lavori-collegamenti"]) == ("avviso", "bene")


def test_work_that_stands_still_on_a_desk_is_no_matter(client, in_production, settings):
    settings.HTTPS = False

    with time_machine.travel(timezone.now() + timedelta(hours=31)):
        _, entries = states(client)

    assert (entries["lavori-avif"], entries["copia"]) == ("spento", "avviso")


def test_work_that_fails_is_told_since_when(client, in_production, registered):  # noqa: F811
    faults = [1, 1]

    def fails():
        if faults:
            raise RuntimeError("No")
        return ""

    registered("prova", fails)
    for hours in (1, 2):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)), pytest.raises(CommandError):
            call_command("tick")

    run = LastRun.objects.get(name="prova")
    assert run.error == "RuntimeError"
    assert (run.failing_since < run.ended_at, run.succeeded_at) == (True, None)
    assert states(client)[1]["lavori-prova"] == "avviso"

    faults.clear()
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        call_command("tick")
        assert states(client)[1]["lavori-prova"] == "bene"
    assert LastRun.objects.get(name="prova").failing_since is None


def test_what_is_noted_often_is_written_seldom(django_assert_num_queries):
    now = timezone.now()
    names = [work.name for work in works.every()]
    works.note({name: works.Outcome(now, now) for name in names})

    with django_assert_num_queries(1):
        works.note({name: works.Outcome(now, now + timedelta(seconds=5)) for name in names})


def test_migration_that_is_not_applied(client):
    applied = MigrationRecorder.Migration.objects.filter(app="monitoring", name="0001_initial")
    assert states(client)[1]["migrazioni"] == "bene"

    applied.delete()

    status, entries = states(client)
    assert (status, entries["migrazioni"]) == (503, "guasto")


def test_every_migration_of_the_database_is_known():
    assert on_disk() == set(MigrationRecorder(connection).applied_migrations())


@pytest.mark.parametrize("options", ["ro", "size=4k"])
def test_files_that_cannot_be_written(client, settings, tmp_path, options):
    with mounted(tmp_path / "disk", "-o", options) as folder:
        for name, value in stored_in(folder).items():
            setattr(settings, name, value)
        if options != "ro":
            (folder / "full").write_bytes(bytes(4096))
        status, entries = states(client)

    assert (status, entries["file"]) == (503, "guasto")


def test_search_without_its_index(client):
    page = make_communique()
    assert states(client)[1]["ricerca"] == "bene"

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("UPDATE publishing_publication SET search_vector = NULL WHERE id = %s", [page.pk])
        else:
            cursor.execute("DELETE FROM publishing_search WHERE rowid = %s", [page.pk])
    assert states(client)[1]["ricerca"] == "guasto"

    call_command("reindex")
    assert states(client) == (200, states(client)[1])


def test_server_of_caches_that_is_away(client, settings):
    settings.CACHES = settings.CACHES | {
        "counters": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }

    status, entries = states(client)

    assert (status, entries["memoria"]) == (200, "avviso")


def test_table_of_the_cache_that_is_lost(client):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cache RENAME TO lost")

    status, entries = states(client)

    assert (status, entries["memoria"]) == (503, "guasto")


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_question_that_takes_too_long_is_given_up(client):
    known = connection.get_connection_params()
    with psycopg.connect(**{name: known.get(name) for name in ("dbname", "user", "password", "host", "port")}) as other:
        other.execute("LOCK TABLE monitoring_lastrun IN ACCESS EXCLUSIVE MODE")
        start = time.monotonic()

        status, entries = states(client)

    assert (status, entries["copia"], entries["banca-dati"]) == (503, "guasto", "bene")
    assert time.monotonic() - start < 30


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_database_that_refuses_connections(client):
    """The server lets nobody in; what was connected is cut off."""
    name = connection.settings_dict["NAME"]
    known = connection.get_connection_params()
    params = {one: known.get(one) for one in ("user", "password", "host", "port")}
    with psycopg.connect(**params, dbname="postgres", autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            connection.close()
            status, entries = states(client)
            live, api = client.get("/salute/").status_code, client.get("/api/v1/status").status_code
        finally:
            other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            connection.close()

    assert (status, entries["banca-dati"], entries["ricerca"]) == (503, "guasto", "guasto")
    assert entries["file"] == "bene"
    assert (live, api) == (200, 503)
    assert states(client)[1]["banca-dati"] == "bene"


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_connections_that_a_restart_cut_are_no_outage(client):
    known = connection.get_connection_params()
    with psycopg.connect(
        **{name: known.get(name) for name in ("dbname", "user", "password", "host", "port")}, autocommit=True
    ) as other:
        for address in (READY, "/api/v1/status"):
            assert client.get(address).status_code == 200
            memory.forget()
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.health_check_enabled, connection.health_check_done = True, False  # as at each new request

            assert client.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_are_one_question(settings):
    if connection.vendor == "sqlite":
        pytest.skip("an SQLite in memory has one connection")
    statuses = []

    def ask():
        statuses.append(Client().get(READY).status_code)
        connection.close()

    askers = [Thread(target=ask) for _ in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    assert statuses == [200] * 6


@pytest.fixture
def letters_at(letters, settings):
    """letters_at(**delta): the subjects of the letters that a tick at that time from now has brought."""
    settings.ADMINS = [("", "tecnico@example.org")]
    settings.TECHNICAL_CONTACT = "Anna Bianchi, 0373 000000"
    now = timezone.now()

    def letters_at(**delta):
        before = len(letters)
        with time_machine.travel(now + timedelta(**delta)):
            call_command("tick")
        return [letter["Subject"] for letter in letters[before:]]

    return letters_at


ALARM, RELIEF = "[Portale] Attenzione: copia di sicurezza", "[Portale] Di nuovo a posto: copia di sicurezza"


def test_old_backup_brings_one_letter_and_one_when_it_is_well(in_production, letters_at, letters):
    now = timezone.now()
    backed_up(now)

    assert letters_at(hours=23) == []
    assert letters_at(hours=25) == [ALARM]
    assert letters_at(hours=26) == []
    assert letters_at(hours=60) == []
    backed_up(now + timedelta(hours=61))
    assert letters_at(hours=61) == [RELIEF]
    assert letters_at(hours=62) == []

    text = letters[0].get_content()
    assert "È vecchia. L’ultima riuscita è di 1 giorno fa." in text.replace("\xa0", " ")
    assert "Anna Bianchi, 0373 000000" in text
    assert "/admin/stato/" in text


def test_backup_that_was_never_made_is_told_after_a_day(settings, letters_at):
    settings.HTTPS = True

    assert letters_at(minutes=1) == []
    assert ALARM in letters_at(hours=25)


def test_what_comes_and_goes_brings_few_letters(in_production, letters_at):
    now = timezone.now()
    subjects = []
    for minutes in range(0, 60, 10):
        LastRun.objects.filter(name=BACKUP).update(succeeded_at=now - timedelta(days=2))
        subjects += letters_at(minutes=minutes)
        LastRun.objects.filter(name=BACKUP).update(succeeded_at=now)
        subjects += letters_at(minutes=minutes + 1)

    assert timedelta(hours=1) == AT_REST
    assert subjects == [ALARM, RELIEF]


def test_letter_that_could_not_leave_is_sent_again(in_production, settings, letters_at):
    LastRun.objects.filter(name=BACKUP).update(succeeded_at=timezone.now() - timedelta(days=2))
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    assert letters_at(minutes=0) == []
    settings.EMAIL_PORT = port
    assert letters_at(minutes=2) == [ALARM]


OLD_BACKUP = """
from datetime import timedelta
from django.utils import timezone
from areaomogenea.monitoring import works
now = timezone.now()
works.note({work.name: works.Outcome(now, now) for work in works.every()})
works.LastRun.objects.filter(name="copia").update(succeeded_at=now - timedelta(days=2))
"""


@pytest.mark.slow
def test_letters_of_several_processes_are_one(in_production, letters, file_database, tmp_path, settings):
    environment = os.environ | {"DATABASE_URL": file_database, "DEBUG": "0", "MEDIA_ROOT": str(tmp_path)}
    environment |= {"ADMINS": "tecnico@example.org", "SECRET_KEY": "x" * 60, "LOG_LEVEL": "CRITICAL"}
    environment["EMAIL_URL"] = f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "shell", "-v0", "-c", OLD_BACKUP], cwd=ROOT, env=environment, check=True)

    ticks = [subprocess.Popen([*manage, "tick"], cwd=ROOT, env=environment) for _ in range(3)]

    assert [tick.wait(120) for tick in ticks] == [0, 0, 0]
    assert [letter["Subject"] for letter in letters] == [ALARM]


def test_without_administrators_nobody_is_told_and_it_is_not_forgotten(in_production, settings, letters_at):
    LastRun.objects.filter(name=BACKUP).update(succeeded_at=timezone.now() - timedelta(days=2))
    settings.ADMINS = []
    assert letters_at(minutes=0) == []

    settings.ADMINS = [("", "tecnico@example.org")]
    assert letters_at(minutes=2) == [ALARM]
    assert Alarm.objects.get(name=BACKUP).is_told


def test_readings_name_what_to_do(settings):
    settings.HTTPS = True

    assert [one.name for one in take_readings() if not one.is_well and not one.remedy] == []
