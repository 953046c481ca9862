"""The portal as gunicorn serves it, by the configuration that systemd, the demo and the benchmarks take."""

import os
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.db import connection

from areaomogenea.management.commands.demo import free_port

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="who serves has PostgreSQL")


@pytest.fixture
def get(transactional_db):
    """get(path): the status of an answer, from one of two workers."""
    port = free_port(0)
    database = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    options = ["--config", "deploy/gunicorn.conf.py", "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def get(path):
        http = HTTPConnection("127.0.0.1", port, timeout=60)
        http.request("GET", path, headers={"Host": "localhost"})
        return http.getresponse().status

    with subprocess.Popen([sys.executable, "-m", "gunicorn", *options], cwd=ROOT, env=environment) as server:
        try:
            while server.poll() is None:
                try:
                    get("/robots.txt")
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            yield get
        finally:
            server.terminate()


OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_restart_of_the_database_is_noticed_by_nobody_who_asks_after_it(get):
    assert {get("/") for _ in range(8)} == {200}

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}")
        assert cursor.rowcount > 0

    assert {get("/") for _ in range(8)} == {200}


def test_each_thread_keeps_its_connection(get):
    for _ in range(40):
        get("/api/v1/status")

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pid {OTHERS}")
        assert 0 < cursor.rowcount <= 8
