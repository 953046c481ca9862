"""The portal as gunicorn serves it, by the configuration that systemd, the demo and the benchmarks take; and nginx."""

import gzip
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection, RemoteDisconnected
from pathlib import Path

import pytest
from django.db import connection

from areaomogenea.management.commands.demo import free_port

from .serving import NGINX, ROOT, UNTRUSTED, Nginx


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


@pytest.fixture
def served_by_systemd(transactional_db, tmp_path):
    """get(): a status, from what its unit starts, with a socket of systemd; mainpid(): whom it is told to watch."""
    if connection.vendor != "postgresql":
        pytest.skip("who serves has PostgreSQL")
    database = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    listener, notices = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(f"{tmp_path}/socket")
    listener.listen()
    notices.bind(f"{tmp_path}/notices")
    notices.settimeout(60)
    command = (
        f"{sys.executable} {Path(sys.executable).parent}/gunicorn --config {ROOT}/deploy/gunicorn.conf.py --workers 1"
    )
    script = f"LISTEN_PID=$$ exec {command} --chdir {ROOT} 3<&{listener.fileno()}"
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment |= {"LISTEN_FDS": "1", "NOTIFY_SOCKET": f"{tmp_path}/notices"}

    def get():
        http = HTTPConnection("localhost", timeout=60)
        http.sock = socket.socket(socket.AF_UNIX)
        http.sock.connect(f"{tmp_path}/socket")
        http.request("GET", "/robots.txt")
        return http.getresponse().status

    def mainpid():
        while not (line := re.search(rb"MAINPID=(\d+)", notices.recv(1000))):
            pass
        return int(line[1])

    with subprocess.Popen(["bash", "-c", script], env=environment, pass_fds=[listener.fileno()]) as server:
        try:
            yield get, mainpid, server
        finally:
            server.terminate()
            listener.close()
            notices.close()


@pytest.mark.slow
def test_second_master_takes_over_and_turns_nobody_away(served_by_systemd):
    get, mainpid, first = served_by_systemd
    assert get() == 200

    first.send_signal(signal.SIGUSR2)
    statuses = []
    while first.poll() is None:
        statuses.append(get())
    second = mainpid()
    try:
        assert (set(statuses), get()) == ({200}, 200)
        assert (first.returncode, second == first.pid) == (0, False)
    finally:
        os.kill(second, signal.SIGTERM)


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


@pytest.fixture
def nginx(tmp_path):
    """nginx(path, …): what the shipped site answers on a port of its own, in front of a portal that is away."""
    if not NGINX:
        pytest.skip("nginx is not installed")
    with closing(Nginx(tmp_path, tmp_path / "socket", static=tmp_path / "static")) as server:

        def connect(name="localhost"):
            http = HTTPSConnection(name, timeout=60)
            plain = socket.create_connection(("127.0.0.1", server.port))
            http.sock = UNTRUSTED.wrap_socket(plain, server_hostname=name)
            return http

        def ask(path, name="localhost", method="GET", headers=None, http=None):
            http = http or connect(name)
            http.request(method, path, headers={"Host": name} | (headers or {}))
            return http.getresponse()

        ask.plain, ask.folder, ask.connect = server.plain, tmp_path, connect
        yield ask


@pytest.mark.any_database
def test_what_nginx_says_by_itself_is_in_italian(nginx):
    away, too_much = nginx("/comuni/"), nginx("/admin/", method="POST", headers={"Content-Length": str(26 << 20)})

    assert (away.status, away.headers["Retry-After"], away.headers["Cache-Control"]) == (502, "10", "no-store")
    assert "Il portale per un momento non risponde" in away.read().decode()
    assert too_much.status == 413
    assert "Quello che hai mandato è troppo grande" in too_much.read().decode()


@pytest.mark.any_database
def test_whoever_asks_too_often_is_told_when_to_come_back(nginx):
    let_in, http = 0, nginx.connect()  # one connection, so that a busy machine is quick enough, too
    while (answer := nginx(f"/cerca/?q={let_in}", http=http)).status == 502:
        answer.read()
        let_in += 1

    assert let_in >= 200
    assert (answer.status, answer.headers["Retry-After"]) == (429, "10")
    assert "Troppe richieste in poco tempo" in answer.read().decode()


@pytest.mark.any_database
def test_static_files_of_every_release_are_there_while_the_portal_is_not(nginx):
    (nginx.folder / "static").mkdir()
    (nginx.folder / "static" / "portal.0123456789ab.css").write_text("a{}")
    packed = gzip.compress(b"a{}")
    (nginx.folder / "static" / "portal.0123456789ab.css.gz").write_bytes(packed)

    answer = nginx("/static/portal.0123456789ab.css", headers={"Accept-Encoding": "gzip"})

    assert (answer.status, answer.headers["Content-Encoding"], answer.read()) == (200, "gzip", packed)
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer.headers["Content-Type"] == "text/css"


@pytest.mark.any_database
def test_who_asks_for_another_name_is_answered_by_nobody(nginx):
    with pytest.raises(ssl.SSLError):
        nginx("/", name="altrove.example.org")
    http = HTTPConnection("127.0.0.1", nginx.plain, timeout=60)
    http.request("GET", "/")
    with pytest.raises(RemoteDisconnected):
        http.getresponse()
