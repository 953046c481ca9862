"""The portal as gunicorn serves it, by the configuration that systemd, the demo and the benchmarks take; and nginx."""

import os
import shutil
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.db import connection

from areaomogenea.management.commands.demo import free_port

ROOT = Path(__file__).parent.parent
SEARCHED = f"{os.environ['PATH']}:/usr/sbin"


@pytest.fixture
def get(transactional_db):
    """get(path, **headers): the status of an answer, from one of two workers."""
    if connection.vendor != "postgresql":
        pytest.skip("who serves has PostgreSQL")
    port = free_port(0)
    database = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    options = ["--config", "deploy/gunicorn.conf.py", "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def get(path, **headers):
        http = HTTPConnection("127.0.0.1", port, timeout=60)
        http.request("GET", path, headers={"Host": "localhost"} | headers)
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


def test_nobody_who_asks_says_under_which_prefix_the_portal_stands(get):
    assert get("/robots.txt", SCRIPT_NAME="/altrove") == 200


@pytest.mark.any_database
@pytest.mark.skipif(not shutil.which("nginx", path=SEARCHED), reason="nginx is not installed")
def test_nginx_takes_its_configuration(tmp_path):
    name, sizes = "-subj /CN=portale.example.it", "-x509 -newkey rsa:2048 -nodes"
    make = [
        "openssl",
        "req",
        *sizes.split(),
        *name.split(),
        "-keyout",
        tmp_path / "key.pem",
        "-out",
        tmp_path / "crt.pem",
    ]
    subprocess.run(make, check=True, capture_output=True)
    server = (ROOT / "deploy" / "nginx.conf").read_text()
    places = {
        "/var/cache/areaomogenea-nginx": "pages",
        "/etc/ssl/portale.pem": "crt.pem",
        "/etc/ssl/portale.key": "key.pem",
    }
    for place, file in places.items():
        server = server.replace(place, f"{tmp_path}/{file}")
    uploads = [f"{kind}_temp_path {tmp_path}/{kind};" for kind in "client_body proxy fastcgi uwsgi scgi".split()]
    lines = [f"pid {tmp_path}/pid;", "events {}", "http {", "access_log off;", *uploads, server, "}"]
    (tmp_path / "nginx.conf").write_text("\n".join(lines))

    command = [shutil.which("nginx", path=SEARCHED), "-t", "-e", "stderr", "-c", tmp_path / "nginx.conf"]
    result = subprocess.run(command, capture_output=True, text=True)

    assert result.returncode == 0, result.stderr
