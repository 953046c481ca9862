"""A copy of everything: whole, made while people work, read back the same, and by no mistake over what is there."""

import io
import json
import os
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from areaomogenea.backups import archive
from areaomogenea.backups.archive import UnreadableCopyError, make_copy, name_of, read_copy
from areaomogenea.backups.rotation import superfluous
from areaomogenea.publishing.models import Publication

from .factories import make_attachment, make_communique, make_deadline, make_picture
from .test_costs import furnish

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.django_db(transaction=True)


def manage(tmp_path, *arguments):
    """A portal beside this one, on a database and a folder of its own, both of which may still be missing."""
    place = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/altrove.sqlite3",
        "MEDIA_ROOT": str(tmp_path / "altrove"),
        "REDACTIONS_FILE": str(tmp_path / "oscurati.jsonl"),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | place, capture_output=True, text=True)


ANSWERS = "[row.title for row in Publication.objects.latest_holding('teleriscaldamento', 5)]"


def answers():
    return [row.title for row in Publication.objects.latest_holding("teleriscaldamento", 5)]


@pytest.fixture
def copy(tmp_path, request):
    if request.node.get_closest_marker("slow"):
        furnish(1)
    communique = make_communique(
        title="Sgombero neve", body="<p>Il teleriscaldamento è “fermo”.</p>", picture=make_picture()
    )
    make_attachment(communique)
    make_deadline(communique, closes_at=timezone.now().replace(microsecond=123456))
    path = tmp_path / name_of(timezone.now())
    make_copy(path)
    return path


@pytest.mark.slow
def test_portal_comes_back_from_its_copy_row_by_row_and_file_by_file(copy, tmp_path):
    restored = manage(tmp_path, "restore", copy)
    assert (restored.returncode, restored.stderr) == (0, "")
    manage(tmp_path, "backup", tmp_path / "di-ritorno")
    [back] = (tmp_path / "di-ritorno").iterdir()

    one, other = contents_of(copy), contents_of(back)
    assert one["tabelle"] == other["tabelle"]
    assert one["file"] == other["file"]
    assert sum(table["righe"] for table in one["tabelle"].values()) > 100
    assert len(one["file"]) > 5
    question = f"from areaomogenea.publishing.models import Publication; print({ANSWERS})"
    assert "Sgombero neve" in manage(tmp_path, "shell", "-v0", "-c", question).stdout
    again = manage(tmp_path, "restore", copy)
    assert again.returncode == 1
    assert "non cancella mai" in again.stderr


def contents_of(path):
    with tarfile.open(path) as tar:
        return json.load(tar.extractfile(archive.LIST))


def test_copy_is_for_nobody_else_and_holds_no_key_and_no_session(copy, settings, client, django_user_model):
    assert copy.stat().st_mode & 0o077 == 0
    assert settings.SECRET_KEY.encode() not in copy.read_bytes()
    assert "sessions.session" not in contents_of(copy)["tabelle"]


def test_copy_that_fails_leaves_nothing_that_looks_like_one(tmp_path, monkeypatch):
    make_communique()
    monkeypatch.setattr(archive, "add_files", lambda tar: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        make_copy(tmp_path / "copia.tar")

    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_nothing_is_read_over_what_is_there(copy):
    with pytest.raises(CommandError, match="non cancella mai"):
        call_command("restore", copy)

    assert Publication.objects.filter(title="Sgombero neve").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 20_000])
def test_what_is_no_copy_is_not_read(tmp_path, content):
    (tmp_path / "altro.tar").write_bytes(content)

    with pytest.raises(UnreadableCopyError):
        read_copy(tmp_path / "altro.tar")


def test_half_a_copy_is_not_read(copy, tmp_path):
    whole = copy.read_bytes()
    half = tmp_path / "meta.tar"
    half.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(UnreadableCopyError):
        read_copy(half)


def test_copy_of_a_newer_portal_is_not_read(copy, tmp_path):
    contents = contents_of(copy)
    contents["migrazioni"].append(["news", "9999_di_domani"])
    newer = tmp_path / "nuova.tar"
    with tarfile.open(newer, "w") as tar:
        content = json.dumps(contents).encode()
        member = tarfile.TarInfo(archive.LIST)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))

    with pytest.raises(UnreadableCopyError, match="9999_di_domani"):
        read_copy(newer)


def test_index_of_the_search_is_made_anew(capsys):
    make_communique(title="Teleriscaldamento fermo")
    emptied = "UPDATE publishing_publication SET search_vector = NULL"
    with connection.cursor() as cursor:
        cursor.execute(emptied if connection.vendor == "postgresql" else "DELETE FROM publishing_search")
    assert not answers()

    call_command("reindex")

    assert answers() == ["Teleriscaldamento fermo"]
    assert "1" in capsys.readouterr().out


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_copies_grow_rarer_with_age():
    every_hour = [Path(name_of(NOW - timedelta(hours=hours))) for hours in range(24 * 500)]

    left = set(every_hour) - set(superfluous(every_hour, NOW))

    ages = sorted((NOW - archive_hour(path)).days for path in left)
    assert sum(age < 2 for age in ages) == 48
    assert sum(2 <= age < 14 for age in ages) in (11, 12, 13)
    assert sum(14 <= age < 70 for age in ages) in (8, 9, 10)
    assert sum(age >= 70 for age in ages) in (10, 11, 12)


def archive_hour(path):
    return datetime.strptime(path.name, "portale-%Y%m%dT%H%M%SZ.tar").replace(tzinfo=UTC)


def test_last_copy_stays_however_old_and_what_is_no_copy_too():
    old = Path(name_of(NOW - timedelta(days=3000)))

    assert superfluous([old, Path("foto.tar"), Path("portale-x.tar")], NOW) == []
    assert superfluous([old, Path(name_of(NOW))], NOW) == [old]
