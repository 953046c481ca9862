"""What could not be saved: the page says why and what to do, and gives back what was typed."""

import os
import subprocess
import sys
from html import unescape
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from areaomogenea.desk import unsaved
from areaomogenea.views import is_unwritable, server_error
from news.models import Communique

from .factories import make_editor
from .test_desk import LIST, form_data

pytestmark = pytest.mark.django_db
ADD = f"{LIST}add/"
OWN = {"sec-fetch-site": "same-origin"}
TITLE = "Il ponte riapre <lunedì>"


@pytest.fixture
def stale():
    """Somebody whose form carries no good key against forgery."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_editor("Responsabile", first_name="Elena", last_name="Rossi"))
    return client


def sent_again(page):
    """What the button of the page would send."""
    names = page.split('<input type="hidden" name="')[1:]
    pairs = [one.partition('" value="') for one in names]
    return {name: value.partition('"')[0] for name, _, value in pairs}


def test_old_key_gives_the_text_back_escaped_and_the_way_to_save_it(stale):
    response = stale.post(ADD, form_data(title=TITLE, body="<p>Da <b>oggi</b>.</p>"), headers=OWN)

    assert response.status_code == 403
    assert "niente è perso" in response.text
    assert "Non è stato salvato nulla: torna indietro, copia" not in response.text
    assert ">\nIl ponte riapre &lt;lunedì&gt;</textarea>" in response.text
    assert ">\nDa oggi.</textarea>" in response.text
    assert "Salva adesso come Elena Rossi" in response.text
    assert "no-store" in response["Cache-Control"]


def test_button_of_the_page_saves_what_was_typed(stale):
    page = stale.post(ADD, form_data(title="Il ponte riapre", body="<p>Da <b>oggi</b>.</p>"), headers=OWN).text

    again = {name: unescape(value) for name, value in sent_again(page).items()}
    stale.cookies["csrftoken"] = stale.cookies["csrftoken"].value
    stale.post(ADD, again, headers=OWN)

    assert [(one.title, one.body) for one in Communique.objects.all()] == [
        ("Il ponte riapre", "<p>Da <strong>oggi</strong>.</p>")
    ]


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}])
def test_words_of_another_site_get_no_button(stale, headers):
    page = stale.post(ADD, form_data(title=TITLE), headers=headers).text

    assert "Salva adesso" not in page
    assert 'name="title"' not in page


def test_names_of_files_are_told(stale):
    files = {"attachments-0-file": SimpleUploadedFile("atto <1>.pdf", b"%PDF")}

    page = stale.post(ADD, form_data(title=TITLE) | files, headers=OWN).text

    assert "Da scegliere di nuovo: <strong>atto &lt;1&gt;.pdf</strong>" in page


def test_rows_are_told_by_table_and_number(stale):
    rows = {"deadlines-TOTAL_FORMS": 1, "deadlines-0-title": "Domande al bando"}

    page = stale.post(ADD, form_data(title=TITLE) | rows, headers=OWN).text

    assert "1, titolo</label>" in page.replace("che cosa</label>", "titolo</label>")
    assert ">\nDomande al bando</textarea>" in page


def test_secrets_are_neither_shown_nor_sent_again(stale):
    secrets = {
        "password1": "segretissima",
        "csrfmiddlewaretoken": "chiave-vecchia",
        "token": "gettone",
        "otp": "123456",
    }

    page = stale.post(ADD, form_data(title=TITLE) | secrets, headers=OWN).text

    assert not [value for value in secrets.values() if value in page]


def test_long_text_is_shown_within_bounds(stale, monkeypatch):
    long = "parola " * 60_000

    response = stale.post(ADD, form_data(title=TITLE, body=f"<p>{long}</p>"), headers=OWN)

    shown = response.text.partition("Quello che avevi scritto")[2]
    assert len(shown) < unsaved.LONGEST + 10_000


def test_session_that_ended_asks_to_enter_and_keeps_the_text(client):
    response = client.post(ADD, form_data(title=TITLE), headers=OWN)

    assert response.status_code == 403
    assert "La sessione è finita: entra di nuovo" in response.text
    assert f'href="{reverse("account_login")}?next=/admin/news/communique/add/"' in response.text.replace("%2F", "/")
    assert "Il ponte riapre &lt;lunedì&gt;</textarea>" in response.text
    assert "no-store" in response["Cache-Control"]
    assert not [name for name in response.cookies if name.startswith("salvato")]


def test_session_that_ended_and_old_key_are_one_page():
    response = Client(enforce_csrf_checks=True).post(ADD, form_data(title=TITLE), headers=OWN)

    assert "La sessione è finita: entra di nuovo" in response.text


def test_script_whose_session_ended_is_led_to_the_door(client):
    response = client.post(ADD, form_data(), headers={"sec-fetch-mode": "cors"})

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login")) or response.url.startswith(reverse("admin:login"))


def test_leaving_the_desk_twice_is_no_lost_text(client):
    assert client.post(reverse("admin:logout")).status_code == 302


@pytest.mark.parametrize("address", ["/accesso/", "/admin/login/"])
def test_door_that_was_open_too_long_leads_back_to_itself(address):
    typed = {"login": "elena@example.org", "password": "segretissima", "next": "/admin/news/communique/add/"}

    response = Client(enforce_csrf_checks=True).post(address, typed)

    assert response.status_code == 403
    assert 'href="/accesso/?next=/admin/news/communique/add/"' in response.text
    assert "segretissima" not in response.text
    assert "elena@example.org" not in response.text
    assert "no-store" in response["Cache-Control"]


def test_door_leads_to_no_other_site():
    typed = {"login": "x", "password": "x", "next": "https://altrove.example/"}

    assert "altrove.example" not in Client(enforce_csrf_checks=True).post("/accesso/", typed).text


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({"DATA_UPLOAD_MAX_MEMORY_SIZE": 1000}, "Accorcia il testo"),
        ({"DATA_UPLOAD_MAX_NUMBER_FIELDS": 3}, "Togli qualche riga"),
        ({"DATA_UPLOAD_MAX_NUMBER_FILES": 1}, "Togli qualche riga o qualche file"),
    ],
    ids=["too large", "too many fields", "too many files"],
)
def test_too_much_at_once_says_where_the_text_is(stale, settings, limit, words):
    stale.get(ADD)
    for name, value in limit.items():
        setattr(settings, name, value)
    files = {f"attachments-{number}-file": SimpleUploadedFile("a.pdf", b"%PDF") for number in range(3)}

    response = stale.post(ADD, form_data(title="x" * 2000) | files)

    assert response.status_code == 413
    assert words in response.text
    assert 'href="/admin/news/communique/add/">Torna al modulo</a>' in response.text
    assert "premi «Riprendi il testo»" in response.text
    assert "no-store" in response["Cache-Control"]


# A database that takes nothing


def answer_of(client, address, data, **how):
    client.raise_request_exception = False
    return client.post(address, data, **how)


@pytest.fixture
def read_only(client):
    """The desk of somebody who is in, on a database that only reads."""
    client.force_login(make_editor("Responsabile"))
    only_reads, reads_and_writes = {
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "postgresql": ("SET LOCAL transaction_read_only = ON", "SELECT 1"),  # the end of the savepoint undoes it
    }[connection.vendor]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(only_reads)
        yield client
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute(reads_and_writes)


def test_database_that_cannot_be_written_gives_the_text_back(read_only):
    response = answer_of(read_only, ADD, form_data(title=TITLE) | {"kept_as": "0" * 16}, headers=OWN)

    assert response.status_code == 503
    assert "in questo momento non riesce a scrivere" in response.text
    assert "Il ponte riapre &lt;lunedì&gt;</textarea>" in response.text
    assert "Riprova a salvare" in response.text
    assert "no-store" in response["Cache-Control"]
    assert response["Retry-After"] == "60"
    assert not [name for name in response.cookies if name.startswith("salvato")]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("database or disk is full"), True),
        (OperationalError("attempt to write a readonly database"), True),
        (OperationalError("connection refused"), True),
        (OSError(28, "No space left on device"), True),
        (OSError(30, "Read-only file system"), True),
        (OSError("something else"), False),
        (ValueError("a fault of ours"), False),
        (None, False),
    ],
    ids=str,
)
def test_what_cannot_be_written_is_told_from_faults_of_ours(error, expected):
    assert is_unwritable(error) == expected


def test_postgres_that_only_reads_is_told_from_faults_of_ours():
    error = ValueError()
    error.__cause__ = psycopg.errors.ReadOnlySqlTransaction()

    assert is_unwritable(error)


@pytest.mark.parametrize(("error", "status"), [(OperationalError("gone"), 503), (ValueError("ours"), 500)])
def test_readers_are_told_to_come_back_when_nothing_answers(error, status):
    try:
        raise error
    except (OperationalError, ValueError):
        response = server_error(RequestFactory().get("/novita/"))

    assert response.status_code == status


FULL = """
import django; django.setup()
from django.conf import settings; settings.ALLOWED_HOSTS = ["testserver"]
from django.db import connection
from django.test import Client
from tests.factories import make_editor
from tests.test_desk import form_data
client = Client(raise_request_exception=False); client.force_login(make_editor(is_superuser=True))
with connection.cursor() as cursor:
    cursor.execute("PRAGMA page_count"); pages = cursor.fetchone()[0]
    cursor.execute(f"PRAGMA max_page_count = {pages + 2}")
words = "parola " * 20_000
page = client.post("/admin/news/communique/add/", form_data(title="Il ponte", body=f"<p>{words}</p>"))
print(page.status_code, "non riesce a scrivere" in page.text, "Il ponte</textarea>" in page.text)
"""
GONE = """
import django; django.setup()
from django.conf import settings; settings.ALLOWED_HOSTS = ["testserver"]
from django.test import Client
from tests.test_desk import form_data
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = client.cookies["__Host-sessionid"] = "x" * 32
page = client.post("/admin/news/communique/add/", form_data(title="Il ponte"))
print(page.status_code, "non riesce a scrivere" in page.text, "Il ponte</textarea>" in page.text)
"""


def output_of(code, database):
    settings = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings", "DEBUG": "0", "HTTPS": "0"}
    environment = os.environ | settings
    root = Path(__file__).parent.parent
    process = subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, check=True, capture_output=True)
    return process.stdout.decode().strip()


@pytest.mark.any_database
def test_full_database_gives_the_text_back(file_database):
    assert output_of(FULL, file_database) == "503 True True"


@pytest.mark.any_database
def test_postgres_that_is_down_gives_the_text_back():
    assert output_of(GONE, "postgres://nobody@127.0.0.1:1/nothing") == "503 True True"
