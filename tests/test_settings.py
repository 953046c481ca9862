"""How the portal starts: only with a key of its own, and closed unless asked otherwise."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from areaomogenea import checks
from areaomogenea.identity.models import Identity
from areaomogenea.offices.models import Office

from .factories import make_office

ROOT = Path(__file__).parent.parent
OURS = {"SECRET_KEY", "DEBUG", "HTTPS", "SECOND_FACTOR_KEY", "DJANGO_SETTINGS_MODULE"}
ELSEWHERE = {name: value for name, value in os.environ.items() if name not in OURS}
TELL = "import runpy, sys; found = runpy.run_path(sys.argv[1]); print(*(found[name] for name in sys.argv[2:]))"

pytestmark = pytest.mark.any_database


@pytest.fixture
def start(tmp_path):
    """start(*names, **environment): what the settings of a fresh clone say, by name, in that environment alone."""
    file = tmp_path / "areaomogenea" / "settings.py"
    file.parent.mkdir()
    shutil.copy(ROOT / "areaomogenea" / "settings.py", file)

    def start(*names, **environment):
        command = [sys.executable, "-c", TELL, file, *names]
        return subprocess.run(command, env=ELSEWHERE | environment, cwd=tmp_path, capture_output=True, text=True)

    return start


@pytest.fixture
def prepare(tmp_path):
    """prepare(): the .env that bin/prepare makes of the one that is there."""
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "prepare", tmp_path / "bin")

    def prepare(there=None):
        if there is not None:
            (tmp_path / ".env").write_text(there)
        subprocess.run([tmp_path / "bin" / "prepare", "settings"], check=True, capture_output=True)
        return (tmp_path / ".env").read_text()

    return prepare


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"SECRET_KEY": ""},
        {"SECRET_KEY": "only-for-a-fresh-clone"},
        {"DEBUG": "0", "SECRET_KEY": ""},
        {"DEBUG": "1"},
    ],
    ids=str,
)
def test_portal_does_not_start_without_a_key_of_its_own(start, environment):
    ended = start("DEBUG", **environment)

    assert ended.returncode != 0
    assert "ImproperlyConfigured: SECRET_KEY manca, o è quella pubblica" in ended.stderr
    assert "bin/prepare settings" in ended.stderr


def test_whatever_is_not_asked_for_is_as_in_production(start):
    output = start("DEBUG", "HTTPS", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", SECRET_KEY="x")

    assert output.stdout.split() == ["False", "True", "True", "__Host-sessionid", "__Host-csrftoken"]


def test_cookies_are_simple_on_this_computer_alone(start):
    output = start("DEBUG", "HTTPS", "SESSION_COOKIE_NAME", SECRET_KEY="x", DEBUG="1")

    assert output.stdout.split() == ["True", "False", "sessionid"]


def test_other_names_are_bound_to_https_only_by_whoever_asks(start):
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")

    assert start(*names, SECRET_KEY="x").stdout.split() == ["31536000", "False", "False"]
    output = start(*names, SECRET_KEY="x", HSTS_INCLUDE_SUBDOMAINS="1", HSTS_PRELOAD="1")
    assert output.stdout.split() == ["31536000", "True", "True"]
    assert start("SECURE_HSTS_SECONDS", SECRET_KEY="x", HSTS_SECONDS="300").stdout.split() == ["300"]


def test_fresh_clone_gets_keys_of_its_own(prepare, tmp_path, start):
    made = prepare()

    values = dict(line.split("=", 1) for line in made.splitlines())
    assert (values["DEBUG"], values["HTTPS"]) == ("1", "0")
    assert len(values["SECRET_KEY"]) > 50 < len(values["SECOND_FACTOR_KEY"])
    assert values["SECRET_KEY"] != values["SECOND_FACTOR_KEY"]
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert start("DEBUG", "SECRET_KEY").stdout.split() == ["True", values["SECRET_KEY"]]
    assert prepare() == made


def test_folder_that_cannot_be_written_is_said_in_words(prepare, tmp_path):
    (tmp_path / "var").write_text("a file stands where the folder should")

    with pytest.raises(subprocess.CalledProcessError) as failure:
        prepare()

    assert f"In questa cartella non posso scrivere: {tmp_path}." in failure.value.stderr.decode()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--porta 3", "Non conosco «--porta»."),
        ("--port", "Dopo --port ci vuole un numero."),
        ("--port casa", "«casa» non è il numero di una porta"),
        ("--port 70000", "«70000» non è il numero di una porta"),
    ],
)
def test_demo_refuses_a_wrong_option_in_words_before_it_prepares_anything(options, words):
    result = subprocess.run([ROOT / "bin" / "demo", *options.split()], capture_output=True, text=True)

    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr


def test_settings_of_this_computer_are_kept(prepare):
    there = "# mine\nexport DEBUG=0\nSECRET_KEY = mine\nEMAIL_URL=smtp://host"  # and no end of line

    made = prepare(there)

    assert made.startswith(f"{there}\nHTTPS=0\nSECOND_FACTOR_KEY=")
    assert made.count("DEBUG") == made.count("SECRET_KEY") == 1


def error_ids(check, **kwargs):
    return [error.id for error in check(None, **kwargs)]


@pytest.mark.parametrize(
    ("keys", "count"),
    [([], 1), (["short"], 1), (["s" * 50], 1), (["k" * 50], 0), (["k" * 50, "l" * 50], 0), (["k" * 50, "s" * 50], 1)],
)
def test_check_wants_a_key_apart_for_second_factors(settings, keys, count):
    settings.SECRET_KEY, settings.SECOND_FACTOR_KEYS = "s" * 50, keys

    assert error_ids(checks.second_factors_have_a_key_of_their_own) == ["areaomogenea.E005"] * count


def test_check_refuses_keys_that_others_read(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    assert error_ids(checks.settings_are_read_by_nobody_else) == []

    (tmp_path / ".env").write_text("SECRET_KEY=x")
    (tmp_path / ".env").chmod(0o640)
    assert error_ids(checks.settings_are_read_by_nobody_else) == ["areaomogenea.E006"]

    (tmp_path / ".env").chmod(0o600)
    assert error_ids(checks.settings_are_read_by_nobody_else) == []


def test_check_finds_a_redis_that_no_library_speaks_with(settings, monkeypatch):
    remote = settings.CACHES | {"counters": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    assert error_ids(checks.redis_is_installed) == []

    monkeypatch.setitem(sys.modules, "redis", None)  # as where only requirements/base.txt is installed
    assert error_ids(checks.redis_is_installed) == []

    settings.CACHES = remote
    assert error_ids(checks.redis_is_installed) == ["areaomogenea.E011"]


def test_check_finds_folders_that_cannot_be_written(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    assert error_ids(checks.folders_can_be_written) == []

    (tmp_path / "media").write_text("a file stands where the folder should")
    assert error_ids(checks.folders_can_be_written) == ["areaomogenea.E007"]


def test_check_tries_to_write_whatever_the_rights_say(settings, tmp_path):
    settings.REDACTIONS_FILE = Path("/proc/redactions.jsonl")  # root may write anywhere, and nobody there

    assert error_ids(checks.folders_can_be_written) == ["areaomogenea.E007"]


@pytest.mark.django_db
def test_check_tells_that_the_database_is_away(monkeypatch):
    away = {**connection.settings_dict, "HOST": "127.0.0.1", "PORT": "1", "NAME": "/nowhere/portal.sqlite3"}
    lost = type(connections["default"])(away)
    monkeypatch.setattr(checks, "connection", lost)

    assert error_ids(checks.database_answers, databases=["default"]) == ["areaomogenea.E012"]
    assert error_ids(checks.connections_suffice, databases=["default"]) == []
    assert error_ids(checks.database_answers, databases=None) == []


@pytest.mark.django_db
def test_check_tells_of_tables_of_another_version():
    assert error_ids(checks.database_answers, databases=["default"]) == []

    MigrationRecorder(connection).migration_qs.filter(app="news").delete()

    assert error_ids(checks.database_answers, databases=["default"]) == ["areaomogenea.E013"]


@pytest.mark.django_db
def test_check_tells_of_a_database_that_is_not_for_servers():
    expected = [] if connection.vendor == "postgresql" else ["areaomogenea.W005"]

    assert error_ids(checks.database_is_for_servers, databases=["default"]) == expected


@pytest.mark.django_db
def test_check_counts_connections():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no limit")
    assert checks.connections_needed() == 2 * 3 * 4 + 6
    assert error_ids(checks.connections_suffice, databases=["default"]) == []

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} CONNECTION LIMIT 12")
    [caution] = checks.connections_suffice(None, databases=["default"])

    assert (caution.id, caution.msg) == ("areaomogenea.W006", "PostgreSQL allows 12 connections of 30.")


def test_check_opens_the_mail_server_only_where_it_is_asked_to(settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert error_ids(checks.mail_server_answers) == []

    monkeypatch.setenv("CHECK_MAIL", "1")
    assert error_ids(checks.mail_server_answers) == ["areaomogenea.W007"]


def test_check_tells_of_letters_that_stay_here(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert error_ids(checks.letters_leave) == ["areaomogenea.W002"]

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert error_ids(checks.letters_leave) == []


def test_check_wants_somebody_to_tell_of_errors(settings):
    settings.ADMINS = []
    assert error_ids(checks.admins_are_set) == ["areaomogenea.W003"]

    settings.ADMINS = [("", "chi.cura@example.org")]
    assert error_ids(checks.admins_are_set) == []


@pytest.mark.django_db
def test_check_names_what_the_site_does_not_say_of_its_body():
    site = {"address": "Via Roma 1", "vat_number": "1", "pec": "a@pec.it", "phone": "0373 123456"}
    who = Identity.objects.create(pk=1, **site, accessibility_declaration_url="https://form.agid.gov.it/x")

    (caution,) = checks.identity_is_whole(None, databases=["default"])
    assert (caution.id, caution.msg) == (
        "areaomogenea.W009",
        "The site does not say of its body: responsabile della protezione dei dati.",
    )
    Identity.objects.filter(pk=who.pk).update(privacy_contact="rpd@example.org")
    assert error_ids(checks.identity_is_whole, databases=["default"]) == []


@pytest.mark.django_db
def test_check_wants_an_office_that_pages_may_lead_to():
    office = make_office(is_general=True, phone="")
    assert error_ids(checks.somebody_answers, databases=["default"]) == ["areaomogenea.W010"]

    Office.objects.filter(pk=office.pk).update(email="ente@example.org")
    assert error_ids(checks.somebody_answers, databases=["default"]) == []


@pytest.mark.django_db
def test_check_wants_a_contact_for_readers():
    assert error_ids(checks.readers_find_a_contact, databases=["default"]) == ["areaomogenea.W004"]

    Identity.objects.create(pk=1, pec="ente@pec.example.org")
    assert error_ids(checks.readers_find_a_contact, databases=["default"]) == []
