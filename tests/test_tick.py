"""Waiting work: each piece done once, whoever does it, and taken up again when a worker was stopped."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from PIL import Image

from areaomogenea.library.models import PATIENCE, Picture
from areaomogenea.monitoring import works

from .factories import make_picture, picture_file

ROOT = Path(__file__).parent.parent


@pytest.fixture
def registered():
    """registered(name, run): a work like those of the rooms, forgotten after the test."""
    before = works._works.copy()
    yield lambda name, run=None, **options: works.register_work(name, f"Lavoro {name}", run, **options)
    works._works.clear()
    works._works.update(before)


@pytest.mark.django_db
def test_new_picture_gets_its_avif_renditions():
    picture = make_picture(file=picture_file(size=(1600, 900)))
    assert picture.avif_srcset == ""

    call_command("tick")

    picture.refresh_from_db()
    made = [address.split()[0].removeprefix("/file/") for address in picture.avif_srcset.split(", ")]
    assert [Image.open(default_storage.open(name)).size for name in made] == [
        (320, 180),
        (480, 270),
        (640, 360),
        (960, 540),
        (1280, 720),
    ]
    assert not Picture.objects.without_avif().exists()


@pytest.mark.django_db
def test_picture_whose_file_is_lost_does_not_hold_up_the_others(capsys):
    first, lost = make_picture(), make_picture()
    default_storage.delete(lost.file.name)

    call_command("tick", verbosity=2)

    assert {picture.pk: picture.avif for picture in Picture.objects.all()} == {first.pk: "ready", lost.pk: "impossible"}
    assert f"AVIF di {lost.file.name}: non si può" in capsys.readouterr().out


@pytest.mark.django_db
def test_claimed_work_is_left_alone_until_its_worker_must_have_been_stopped():
    picture = make_picture()
    assert picture.claim_avif()
    assert not picture.claim_avif()

    Picture.objects.update(avif_claimed_at=timezone.now() - PATIENCE - timedelta(seconds=1))

    assert picture.claim_avif()


@pytest.mark.django_db(transaction=True)
def test_workers_do_each_piece_once():
    if connection.vendor == "sqlite":
        pytest.skip("an SQLite in memory has one connection; the other run of the suite has a PostgreSQL")
    picture = make_picture()
    claims = []

    def claim():
        try:
            claims.append(picture.claim_avif())
        finally:
            connection.close()

    workers = [Thread(target=claim) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(claims) == [False, False, False, True]


@pytest.mark.django_db
def test_picture_deleted_while_it_is_worked_on_leaves_nothing(django_capture_on_commit_callbacks):
    picture = make_picture()
    with django_capture_on_commit_callbacks(execute=True):
        Picture.objects.filter(pk=picture.pk)._raw_delete("default")

        assert not picture.make_avif()

    assert [name for name in picture.stored_names() if default_storage.exists(name)] == []


@pytest.mark.django_db
def test_work_that_fails_holds_up_no_other_and_is_told(registered):
    done = []

    def fails():
        raise RuntimeError("No")

    registered("fails", fails)
    registered("after", lambda: done.append(1))

    with pytest.raises(CommandError, match="fails"):
        call_command("tick")
    assert done == [1]


@pytest.mark.any_database
def test_loop_ends_when_asked(file_database, tmp_path):
    environment = os.environ | {"DATABASE_URL": file_database, "MEDIA_ROOT": str(tmp_path)}
    command = [sys.executable, "manage.py", "tick", "--loop", "--verbosity", "2"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as worker:
        assert "Aspetto" in worker.stdout.readline().decode()

        worker.send_signal(signal.SIGTERM)

        assert worker.wait(60) == 0
