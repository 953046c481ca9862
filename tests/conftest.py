import gc
import os
import shutil
import subprocess
import sys
from collections import UserList
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import time_machine
from aiosmtpd.controller import Controller
from allauth.core.context import request_context
from django import conf
from django.core.cache import caches
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from django.utils import timezone
from whitenoise import WhiteNoise

from areaomogenea.accounts.deferred_mail import flush
from areaomogenea.accounts.retention import unlocked
from areaomogenea.distribution.exports import pdf_cache
from areaomogenea.management.commands.demo import free_port
from areaomogenea.monitoring.probes import memory
from areaomogenea.sandbox import limits

ROOT = Path(__file__).parent.parent
SHARES = {"1/2": 0, "2/2": 1}
ASKS_FOR_DATABASE = {"db", "transactional_db", "portal"}
COUNTS_QUESTIONS = {"django_assert_num_queries", "django_assert_max_num_queries"}


def pytest_addoption(parser):
    help_text = (
        "run only this half of what cannot depend on the database; a run on another database takes the other half"
    )
    parser.addoption("--share", choices=SHARES, help=help_text)
    parser.addoption("--tell-shapes", metavar="FILE", help="write there what the pages are made of, for a comparison")


def pytest_report_header(config):
    """Says which database is under test, so that nobody mistakes one run for the other."""
    where = connection.settings_dict["HOST"] or connection.settings_dict["NAME"]
    yield f"database: {connection.display_name} ({where})"
    if share := config.getoption("share"):
        yield f"share: {share} of what cannot depend on the database; the rest is deselected here, and run by the other"


def pytest_collection_modifyitems(config, items):
    """Every second test of those to be shared is taken out in one run, and all the others in the other."""
    if share := config.getoption("share"):
        # By name: the cases that come out of a set come in another order in each run.
        shared = sorted((item for item in items if not may_depend_on_database(item)), key=lambda item: item.nodeid)
        left = set(shared[1 - SHARES[share] :: 2])
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]


def pytest_collection_finish():
    """What all tests share is never searched for garbage again, least of all within what a test measures."""
    gc.collect()
    gc.freeze()


def may_depend_on_database(item):
    """pytest-django lets nobody at the database who has not asked for it; the portal of the browser has its own.

    In a module that says it does not depend, whoever counts questions or needs real transactions does so all the same.
    """
    asks = item.get_closest_marker("django_db")
    if item.get_closest_marker("any_database"):
        is_real = asks and asks.kwargs.get("transaction")
        return bool(is_real or (COUNTS_QUESTIONS | {"transactional_db"}) & set(item.fixturenames))
    return bool(asks or ASKS_FOR_DATABASE & set(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The question whether SQLite knows JSON is asked once, before any test counts queries."""
    with django_db_blocker.unblock():
        assert connection.features.supports_json_field


@pytest.fixture(scope="session", autouse=True)
def _ledger_is_emptied_by_its_door():
    """A test whose transactions are real empties all tables after it; of the ledger that needs its door."""
    teardown = TransactionTestCase._fixture_teardown

    def by_the_door(case):
        with unlocked():
            teardown(case)

    TransactionTestCase._fixture_teardown = by_the_door
    yield
    TransactionTestCase._fixture_teardown = teardown


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once():
    """Each client of tests starts the portal anew; its static files are the same all the while."""
    listed, list_files = {}, WhiteNoise.update_files_dictionary

    def once(server, root, prefix):
        kind = root, prefix, server.max_age
        if kind not in listed:
            list_files(server, root, prefix)
            listed[kind] = server.files.copy()
        server.files.update(listed[kind])

    WhiteNoise.update_files_dictionary = once
    yield
    WhiteNoise.update_files_dictionary = list_files


@pytest.fixture(autouse=True)
def _own_address(settings):
    """The portal's own address is where the client of tests finds it."""
    settings.SITE_ADDRESS = "http://testserver"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """The hash of a password is slow on purpose: no test guesses passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def _own_press(tmp_path_factory):
    """What stands in line for paper is of this run alone: the runs beside it make PDF too, and the line is short."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_cache, "LOCK", tmp_path_factory.mktemp("press") / pdf_cache.LOCK.name)
        yield


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """A machine that is busy with other tests is no reason to refuse a file: seconds of the processor still are."""
    monkeypatch.setattr(pdf_cache, "PATIENCE", 120)
    for name in ("PATIENCE", "PATIENCE_FOR_ALL", "WAIT_FOR_ROOM"):
        monkeypatch.setattr(limits, name, 120)


@pytest.fixture
def still_clock():
    """The hour stands still: however busy the machine, a code is told and checked within the same half minute."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture(autouse=True)
def _nobody_has_asked():
    """The API counts who asks how often: no test pays for those before it."""
    caches["counters"].clear()


@pytest.fixture(autouse=True)
def _nobody_has_looked():
    """How the portal is, as a test before this has seen it, is forgotten."""
    memory.forget()


def stored_in(folder):
    """The settings by which uploaded files stay in this folder."""
    options = {"location": str(folder), "base_url": "/file/"}
    default = conf.settings.STORAGES["default"] | {"OPTIONS": options}
    return {"MEDIA_ROOT": folder, "STORAGES": conf.settings.STORAGES | {"default": default}}


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Uploaded files of a test stay in its own folder."""
    for name, value in stored_in(tmp_path / "media").items():
        setattr(settings, name, value)
    settings.REDACTIONS_FILE = tmp_path / "redactions.jsonl"
    settings.ERRORS_FILE = tmp_path / "errors.json"


@pytest.fixture(scope="module")
def lasting(django_db_setup, django_db_blocker, tmp_path_factory):
    """with lasting(): what many tests of a module read and none changes is made once, files too, and gone after it."""

    @contextmanager
    def lasting():
        files = override_settings(**stored_in(tmp_path_factory.mktemp("media")))
        with files, django_db_blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return lasting


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A file of SQLite with all the tables and no row of a test."""
    file = tmp_path_factory.mktemp("migrated") / "db.sqlite3"
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{file}"}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    return file


@pytest.fixture
def file_database(migrated, tmp_path):
    """The address of an SQLite for the processes that this test starts, whichever database runs the suite."""
    return f"sqlite:///{shutil.copy(migrated, tmp_path / 'db.sqlite3')}"


class Received(UserList):
    """Letters that have come; whoever looks waits for those that are on their way."""

    def __init__(self, come=()):
        self.come = list(come)

    @property
    def data(self):
        flush()
        return self.come


class Postman:
    def __init__(self):
        self.letters = Received()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (the name that the server calls)
        self.letters.come.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 Message accepted for delivery"


@pytest.fixture
def letters(settings):
    """What a real SMTP server has received."""
    postman = Postman()
    server = Controller(postman, hostname="127.0.0.1", port=free_port(0))
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield postman.letters
    flush()
    server.stop()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """committed(post): what it answers, after what was to wait for the end of its transaction."""

    def committed(post):
        with django_capture_on_commit_callbacks() as waiting:
            response = post()
        with request_context(response.wsgi_request):
            for callback in waiting:
                callback()
        return response

    return committed
