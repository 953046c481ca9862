"""Figures for Prometheus, as gunicorn's two workers count them together; and who may read them."""

import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from areaomogenea.management.commands.demo import free_port
from areaomogenea.monitoring import metrics, works

from .factories import make_communique

ROOT = Path(__file__).parent.parent
TOKEN = "t" * 40
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


def samples(text):
    """The value of each sample, by its name and its labels in order."""
    families = text_string_to_metric_families(text)
    return {(one.name, *sorted(one.labels.values())): one.value for family in families for one in family.samples}


@pytest.fixture
def counted(settings):
    settings.METRICS_TOKEN = TOKEN
    metrics.start()
    yield
    metrics.figures = None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", TOKEN, "Bearer àèì", "Basic x"]
)
def test_who_does_not_know_the_token_finds_nothing(client, counted, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    response, nowhere = client.get("/metriche/", headers=headers), client.get("/altrove/", headers=headers)

    assert response.status_code == nowhere.status_code == 404
    assert "areaomogenea_" not in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", TOKEN])
def test_without_a_token_of_ours_nobody_finds_anything(client, settings, token):
    assert client.get("/metriche/", headers={"Authorization": f"Bearer {token}"}).status_code == 404


@pytest.mark.django_db
def test_figures_of_one_process(client, counted):
    page = make_communique().get_absolute_url()
    call = works.Outcome
    from django.utils import timezone

    now = timezone.now()
    works.note({"copia": call(now, now)})
    for _ in range(3):
        client.get(page)
    client.get("/nessuna/persona/?nome=segreto")

    text = client.get("/metriche/", headers=AUTHORIZED).text
    figures = samples(text)
    assert figures["areaomogenea_requests_total", "2xx", "comunicati:detail"] == 3
    assert figures["areaomogenea_requests_total", "-", "4xx"] == 1
    assert figures["areaomogenea_request_seconds_count", "comunicati:detail"] == 3
    assert figures["areaomogenea_request_seconds_bucket", "30.0", "comunicati:detail"] == 3
    assert figures["areaomogenea_queries_total",] >= 3
    assert figures["areaomogenea_probe_state", "banca-dati"] == 0
    assert figures["areaomogenea_work_failing", "copia"] == 0
    assert 0 <= figures["areaomogenea_backup_age_seconds",] < 60
    assert figures["areaomogenea_letters_waiting",] == 0
    assert "segreto" not in text
    assert "persona" not in text


@pytest.mark.django_db
@pytest.mark.urls("tests.failing_urls")
def test_errors_are_counted_by_kind(counted):
    client = Client(raise_request_exception=False)
    client.get("/guasta/1/")
    client.get("/guasta/1/")

    figures = samples(client.get("/metriche/", headers=AUTHORIZED).text)
    assert figures["areaomogenea_errors_total", "ValueError"] == 2
    assert figures["areaomogenea_requests_total", "5xx", "failing"] == 2
    assert figures["areaomogenea_errors_last_day",] == 2


@pytest.fixture
def served(file_database, tmp_path):
    """(get, process): of two workers, as deploy/gunicorn.conf.py starts them; lines of the log in `log`."""
    port = free_port(0)
    log = tmp_path / "log"
    options = ["--config", "deploy/gunicorn.conf.py", "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    environment = os.environ | {
        "DATABASE_URL": file_database,
        "MEDIA_ROOT": str(tmp_path / "media"),
        "VAR_DIR": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "DEBUG": "0",
        "HTTPS": "1",
        "BEHIND_PROXY": "1",
        "SECRET_KEY": "x" * 60,
        "METRICS_TOKEN": TOKEN,
        "DJANGO_SETTINGS_MODULE": "areaomogenea.settings",
    }

    def get(path, **headers):
        http = HTTPConnection("127.0.0.1", port, timeout=60)
        http.request("GET", path, headers={"Host": "localhost", "X-Forwarded-Proto": "https"} | headers)
        response = http.getresponse()
        return response.status, response.read().decode()

    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text('{"paths": {}, "version": "1.1", "hash": ""}')
    with (
        log.open("wb") as stderr,
        subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options], cwd=ROOT, env=environment, stderr=stderr
        ) as server,
    ):
        try:
            while server.poll() is None:
                try:
                    get("/salute/")
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            yield get, server, log
        finally:
            server.terminate()


ROBOTS = [("areaomogenea_requests_total", "2xx", "robots"), ("areaomogenea_request_seconds_count", "robots")]


@pytest.mark.slow
@pytest.mark.any_database
def test_two_workers_count_together(served, tmp_path):
    get, server, log = served
    number = 60
    with ThreadPoolExecutor(8) as readers:
        statuses = list(readers.map(lambda _: get("/robots.txt")[0], range(number)))
    assert set(statuses) == {200}

    def robots():
        """Requests and their times: an answer has left before it is counted."""
        figures = samples(get("/metriche/", **AUTHORIZED)[1])
        return [figures[key] for key in ROBOTS]

    while robots() != [number, number]:
        time.sleep(0.1)
    (folder,) = tmp_path.glob("areaomogenea-metriche-*")
    workers = {int(re.search(r"\d+", path.name)[0]) for path in folder.glob("counter_*.db")} - {server.pid}
    assert len(workers) == 2

    killed = workers.pop()
    os.kill(killed, signal.SIGKILL)  # and what it has counted still counts
    while list(folder.glob(f"gauge_livesum_{killed}.db")):
        time.sleep(0.1)
    assert get("/robots.txt")[0] == 200
    while robots() != [number + 1, number + 1]:
        time.sleep(0.1)

    server.terminate()
    server.wait(60)
    assert not folder.exists()
    lines = log.read_text().splitlines()
    assert all(line.startswith('{"time": ') for line in lines)
    assert sum('"view": "robots"' in line for line in lines) == number + 1
    assert sum("Booting worker" in line for line in lines) == 3
