"""Errors reach those who look after the server: in few letters, which slow nobody and are about nobody."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.test import Client

from areaomogenea.accounts.deferred_mail import flush
from areaomogenea.monitoring.faults import A_DAY, A_WHILE, MOST_FAULTS, MOST_LETTERS, Fault, Faults, faults_of_last_day
from areaomogenea.monitoring.faults import note_fault as note

from .test_logs import SECRETS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.failing_urls")]
ROOT = Path(__file__).parent.parent


@pytest.fixture
def client(settings):
    settings.ADMINS = [("", "tecnico@example.org")]
    return Client(raise_request_exception=False)


def test_error_is_written_of_once(client, letters):
    for number in range(20):
        client.get(f"/guasta/{number}/?nome=segreto", headers={"X-Request-ID": f"request-{number:04}"})

    (letter,) = letters
    assert letter["To"] == "tecnico@example.org"
    assert letter["Subject"] == "[Portale] Errore: ValueError"
    text = letter.get_content()
    assert "tests/failing_urls.py:" in text
    assert "request-0000" in text
    assert "Traceback" in text
    assert [word for word in SECRETS if word in text] == []
    assert faults_of_last_day().number == 20
    assert [(one.kind, one.times, one.view) for one in faults_of_last_day().latest_first()] == [
        ("ValueError", 20, "failing")
    ]


def test_another_error_is_another_letter(client, letters):
    client.get("/guasta/1/")
    client.get("/guasta-anche/")

    assert sorted(letter["Subject"] for letter in letters) == [
        "[Portale] Errore: KeyError",
        "[Portale] Errore: ValueError",
    ]


def test_what_strangers_bring_about_is_no_error(client, letters, settings):
    settings.ALLOWED_HOSTS = ["portale.example.it"]
    client.get("/", headers={"Host": "altrove.example.org"})
    settings.ALLOWED_HOSTS = ["*"]
    client.get("/nessuna/")
    client.post("/cerca/", b"x" * 10, content_type="multipart/form-data; boundary=none")

    assert list(letters) == []
    assert faults_of_last_day().number == 0


def test_nobody_waits_for_a_mail_server_that_is_away(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "192.0.2.1", 25  # an address that is nobody's
    settings.EMAIL_TIMEOUT = 2
    start = time.monotonic()

    client.get("/guasta/1/")

    assert time.monotonic() - start < 2
    flush()
    kinds = [one.kind for one in faults_of_last_day().latest_first()]
    assert kinds[1:] == ["ValueError"]  # and that the letter did not leave, of which no letter tells
    assert len(kinds) == 2


@pytest.mark.any_database
def test_bad_day_brings_few_letters():
    faults, now = Faults(), 1_000_000.0
    due = 0
    for number in range(A_WHILE * 2):  # a different one each second
        due += faults.may_write(faults.note(Fault("Error", f"x.py:{number}"), now + number), now + number)

    assert due == 2 * MOST_LETTERS
    assert len(faults.sightings) <= MOST_FAULTS + 1
    assert len(json.dumps(faults.hours)) < 1_000
    faults.forget(now + 3 * A_DAY)
    assert (faults.number, faults.sightings, faults.letters) == (0, {}, [])


@pytest.mark.any_database
def test_letter_comes_again_after_a_while_and_then_less_and_less():
    faults, fault = Faults(), Fault("Error", "x.py:1")

    hours = [at for at in range(0, A_DAY, 60) if faults.may_write(faults.note(fault, 1e6 + at), 1e6 + at)]

    assert hours[:4] == [0, A_WHILE, 3 * A_WHILE, 7 * A_WHILE]
    assert len(hours) == 8


NOTE = """
import sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
settings.ERRORS_FILE = Path(sys.argv[1])
from areaomogenea.monitoring.faults import Fault, note_fault
print(sum(note_fault(Fault("Error", "x.py:1"))[1] for _ in range(100)))
"""


@pytest.mark.any_database
def test_processes_count_together(settings):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", NOTE, str(settings.ERRORS_FILE)]
    processes = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) for _ in range(3)]

    assert sum(int(process.communicate()[0]) for process in processes) == 1
    assert faults_of_last_day().number == 300


@pytest.mark.any_database
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"hours": 1}', b"\xff", b"x" * 10_000_000])
def test_file_that_cannot_be_read_is_begun_anew(settings, content):
    settings.ERRORS_FILE.write_bytes(content)

    note(Fault("Error", "x.py:1"))

    assert faults_of_last_day().number == 1


@pytest.mark.any_database
def test_where_nothing_can_be_written_a_process_counts_for_itself(settings, tmp_path):
    note(Fault("Error", "x.py:1"))
    before = settings.ERRORS_FILE
    (tmp_path / "file").touch()
    settings.ERRORS_FILE = tmp_path / "file" / "errors.json"  # a folder that is none

    assert [note(Fault("Error", "x.py:2"))[1] for _ in range(3)] == [True, False, False]
    assert faults_of_last_day().number == 3

    settings.ERRORS_FILE = before
    note(Fault("Error", "x.py:2"))
    assert faults_of_last_day().number == 4
