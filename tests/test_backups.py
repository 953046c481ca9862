"""A copy of everything: whole, made while people work, read back the same, and by no mistake over what is there."""

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from areaomogenea.backups import archive, verification
from areaomogenea.backups.archive import LIST, SEAL, UnreadableCopyError, examined, make_copy, name_of
from areaomogenea.backups.elsewhere import MARK, drop, made_database, sibling
from areaomogenea.backups.restoring import HALL, hall, move_in, read_copy, refuse_full_place, refuse_newer
from areaomogenea.backups.rotation import superfluous
from areaomogenea.backups.sealing import KeyFaultError, keys_of, new_key, recipients
from areaomogenea.backups.verification import last_good
from areaomogenea.management.commands import move_database
from areaomogenea.management.commands.backup import alone
from areaomogenea.monitoring.models import LastRun
from areaomogenea.monitoring.own_probes import BACKUP
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.redactions import redact

from .conftest import stored_in
from .factories import make_attachment, make_communique, make_deadline, make_picture
from .test_costs import furnish

ROOT = Path(__file__).parent.parent
SECRET = "Mario Rossi"
on_tables = pytest.mark.django_db(transaction=True)


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


@pytest.fixture(scope="module")
def sound(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy of a portal that holds what `migrate` writes, and a file."""
    folder = tmp_path_factory.mktemp("portale")
    (folder / "documenti").mkdir()
    (folder / "documenti" / "atto.pdf").write_bytes(b"%PDF-1.4 atto" * 1000)
    with override_settings(**stored_in(folder)), django_db_blocker.unblock():
        make_copy(folder.with_suffix(".tar"))
    return folder.with_suffix(".tar")


@pytest.fixture
def bare(sound, tmp_path):
    """A copy of it that a test may spoil."""
    return Path(shutil.copy(sound, tmp_path / name_of(timezone.now())))


@pytest.mark.slow
@on_tables
def test_portal_comes_back_from_its_copy_row_by_row_and_file_by_file(copy, tmp_path):
    restored = manage(tmp_path, "restore", copy)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "La ricerca risponde come prima a" in restored.stdout
    manage(tmp_path, "backup", tmp_path / "di-ritorno", "--unverified")
    [back] = (tmp_path / "di-ritorno").glob("*.tar")

    one, other = contents_of(copy), contents_of(back)
    assert one["tabelle"] == other["tabelle"]
    assert one["file"] == other["file"]
    assert one["ricerche"] == other["ricerche"]
    assert sum(table["righe"] for table in one["tabelle"].values()) > 100
    assert len(one["file"]) > 5
    question = f"from areaomogenea.publishing.models import Publication; print({ANSWERS})"
    assert "Sgombero neve" in manage(tmp_path, "shell", "-v0", "-c", question).stdout


def contents_of(path):
    with tarfile.open(path) as tar:
        return json.load(tar.extractfile(archive.LIST))


@on_tables
def test_copy_is_for_nobody_else_and_holds_no_key_and_no_session(copy, settings, client, django_user_model):
    assert copy.stat().st_mode & 0o077 == 0
    assert settings.SECRET_KEY.encode() not in copy.read_bytes()
    assert "sessions.session" not in contents_of(copy)["tabelle"]


@on_tables
def test_copy_that_fails_leaves_nothing_that_looks_like_one(tmp_path, monkeypatch):
    make_communique()
    monkeypatch.setattr(archive, "add_files", lambda tar: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        make_copy(tmp_path / "copia.tar")

    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


@on_tables
def test_nothing_is_read_over_what_is_there(copy):
    with pytest.raises(CommandError, match="non cancella mai"):
        call_command("restore", copy)

    assert Publication.objects.filter(title="Sgombero neve").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 20_000, b"age-encryption.org/v1\n-> X25519 x\n"])
@on_tables
def test_what_is_no_copy_is_not_read(tmp_path, content):
    (tmp_path / "altro.tar").write_bytes(content)

    with pytest.raises((UnreadableCopyError, KeyFaultError)):
        read_copy(tmp_path / "altro.tar", [new_key()])


def rewritten(copy, change):
    """The copy with its members as `change(name, content)` makes them: a list of (TarInfo or name, content)."""
    path = copy.with_name("altra.tar")
    with tarfile.open(copy) as one, tarfile.open(path, "w") as other:
        for member in one:
            for info, content in change(member.name, one.extractfile(member).read()):
                info = tarfile.TarInfo(info) if isinstance(info, str) else info
                info.size = len(content)
                other.addfile(info, io.BytesIO(content))
    return path


def relisted(copy, change):
    """The copy with another list, whose seal is right: as somebody else would write it."""
    texts = {}

    def changed(name, content):
        if name == LIST:
            texts[SEAL] = change(json.loads(content))
            return [(name, texts[SEAL])]
        return [(name, hashlib.sha256(texts[SEAL]).hexdigest().encode() if name == SEAL else content)]

    return rewritten(copy, changed)


def linked(name, kind, target="/etc/passwd"):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


STRANGE = [
    "../fuori.txt",
    "file/../../fuori.txt",
    "file//etc/passwd",
    "file/a/../b",
    "file/.ripristino/spostati.json",
    "altro.txt",
    linked("file/collegamento", tarfile.SYMTYPE),
    linked("file/doppio", tarfile.LNKTYPE),
    linked("file/tubo", tarfile.FIFOTYPE),
    linked("righe/x.y.jsonl.gz", tarfile.DIRTYPE),
    "righe/news.communique.jsonl.gz",  # twice
]


@pytest.mark.parametrize("strange", STRANGE, ids=lambda one: getattr(one, "name", one))
def test_copy_with_what_no_copy_of_ours_has_is_refused(bare, strange):
    hostile = rewritten(bare, lambda name, content: [(name, content), *([(strange, b"")] if name == LIST else [])])

    with pytest.raises(UnreadableCopyError, match="Non è una copia fatta da questo portale"):
        examined(hostile)


def test_half_a_copy_is_refused_wherever_it_ends(bare):
    whole = bare.read_bytes()
    half = bare.with_name("meta.tar")
    end = whole.rstrip(b"\0")
    for part in range(1, 12):
        half.write_bytes(whole[: len(end) * part // 12])
        with pytest.raises(UnreadableCopyError):
            examined(half)


def test_bit_that_turned_is_noticed(bare):
    """In rows, in files, in the list, in the heads of members: wherever it is, the copy is refused, or is the same."""
    whole = bare.read_bytes()
    damaged = bare.with_name("guasta.tar")
    sound = examined(bare)
    for place in range(0, len(whole.rstrip(b"\0")), len(whole) // 97):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            contents = examined(damaged)
        except UnreadableCopyError:
            continue
        assert [contents[name] for name in ("tabelle", "file")] == [sound[name] for name in ("tabelle", "file")]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"formato": 2}, "un’altra versione"),
        ({"migrazioni": 7}, "non si capisce"),
        ({"tabelle": {}}, "non è ciò che dice il suo elenco"),
        ({"file": {"documenti/manca.pdf": "0" * 64}}, "non è ciò che dice il suo elenco"),
        ({"file": []}, "non si capisce"),
    ],
)
def test_copy_whose_list_says_otherwise_is_refused(bare, changed, words):
    with pytest.raises(UnreadableCopyError, match=words):
        examined(relisted(bare, lambda contents: json.dumps(contents | changed).encode()))


def test_row_without_end_does_not_fill_the_memory(bare, monkeypatch):
    monkeypatch.setattr(archive, "LONGEST_LINE", 1000)
    bomb = gzip.compress(b"0" * 100_000)

    with pytest.raises(UnreadableCopyError, match="una riga non finisce"):
        examined(rewritten(bare, lambda name, content: [(name, bomb if name.startswith("righe/") else content)]))


@on_tables
def test_copy_of_a_newer_portal_is_not_read(copy):
    def change(contents):
        contents["migrazioni"].append(["news", "9999_di_domani"])
        return json.dumps(contents).encode()

    with pytest.raises(UnreadableCopyError, match="9999_di_domani"):
        refuse_newer(examined(relisted(copy, change)))


@pytest.fixture
def key():
    return new_key()


@on_tables
def test_closed_copy_opens_with_its_key_alone(tmp_path, key):
    make_attachment(make_communique(title="Sgombero neve"))
    path = tmp_path / "copia.tar.age"

    made = make_copy(path, [key.to_public()])

    assert b"Sgombero" not in path.read_bytes()
    assert examined(path, [new_key(), key])["tabelle"] == made["tabelle"]
    with pytest.raises(KeyFaultError, match="serve la chiave segreta"):
        examined(path)
    with pytest.raises(KeyFaultError, match="non è quella di questa copia"):
        examined(path, [new_key()])


@on_tables
def test_half_a_closed_copy_is_refused_wherever_it_ends(tmp_path, key):
    path = tmp_path / "copia.tar.age"
    make_copy(path, [key.to_public()])
    whole = path.read_bytes()
    for part in (0.3, 0.9, 0.9999):
        path.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(UnreadableCopyError):
            examined(path, [key])


def test_key_is_made_in_two_halves_and_read_from_its_file(tmp_path, capsys, settings):
    path = tmp_path / "chiave.txt"

    call_command("backup_key", path)

    words = capsys.readouterr().out
    settings.BACKUP_RECIPIENTS = [words.partition("BACKUP_RECIPIENTS=")[2].strip()]
    assert path.stat().st_mode & 0o077 == 0
    assert [str(key.to_public()) for key in keys_of(path)] == settings.BACKUP_RECIPIENTS
    assert [str(one) for one in recipients()] == settings.BACKUP_RECIPIENTS
    assert str(keys_of(path)[0]) not in words
    with pytest.raises(CommandError, match="non si può scrivere"):
        call_command("backup_key", path)


@pytest.mark.parametrize("text", ["", "# niente", "AGE-SECRET-KEY-1X", "\x00"])
def test_file_without_a_key_is_told_in_words(tmp_path, text):
    (tmp_path / "chiave").write_text(text)

    with pytest.raises(KeyFaultError, match="non c’è una chiave segreta"):
        keys_of(tmp_path / "chiave")


@on_tables
def test_key_that_is_none_stops_the_copy_before_it_begins(tmp_path, settings):
    settings.BACKUP_RECIPIENTS = ["age1pochelettere"]

    with pytest.raises(CommandError, match="non è una chiave pubblica"):
        call_command("backup", tmp_path / "copie")

    assert list((tmp_path / "copie").glob("portale-*")) == []


@on_tables
def test_names_with_accents_and_blanks_come_back(tmp_path):
    media = Path(settings.MEDIA_ROOT)
    for name in ("documenti/Città e «però».pdf", "documenti/a b  c.txt", "immagini/ü/emoji-🌊.png", "x" * 200):
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_text(name)
    made = make_copy(tmp_path / "copia.tar")

    contents = examined(tmp_path / "copia.tar", into=tmp_path / "altrove")

    assert contents["file"] == made["file"]
    assert len(made["file"]) == 4
    assert all((tmp_path / "altrove" / name).read_text() == name for name in made["file"])


@on_tables
def test_what_is_made_anew_or_half_written_is_in_no_copy(tmp_path):
    media = Path(settings.MEDIA_ROOT)
    for name in ("stampe/1/x.pdf", "carte/y.png", ".partial/0", "documenti/z.pdf"):
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_text(name)

    assert [*make_copy(tmp_path / "copia.tar")["file"]] == ["documenti/z.pdf"]


@on_tables
def test_file_of_a_row_that_is_not_there_is_told(tmp_path, capsys):
    name = make_attachment(make_communique()).file.name
    (Path(settings.MEDIA_ROOT) / name).unlink()

    call_command("backup", tmp_path, "--unverified")

    assert f"che non ci sono: 1, per esempio {name}" in capsys.readouterr().out
    assert not LastRun.objects.exists()  # nobody knows whether it is good


def test_second_copy_at_once_waits_its_turn_and_what_a_stopped_one_left_goes(tmp_path):
    left = tmp_path / "portale-20260101T000000Z.tar.part"
    left.write_text("mezza")

    with alone(tmp_path):
        assert not left.exists()
        with pytest.raises(CommandError, match="Un’altra copia è in corso"):
            call_command("backup", tmp_path)


@pytest.fixture
def waiting():
    """Files that wait for their rows, as a restore that is stopped leaves them."""
    folder = Path(settings.MEDIA_ROOT) / HALL
    (folder / "documenti").mkdir(parents=True)
    (folder / "documenti" / "atto.pdf").write_text("atto")
    return folder


@on_tables
def test_files_that_waited_when_a_restore_was_stopped_go_before_the_next(waiting):
    refuse_full_place()

    assert list(waiting.parent.iterdir()) == []


@on_tables
def test_files_that_came_without_their_rows_are_told_and_nothing_is_deleted(waiting):
    move_in(waiting, Path("copia.tar"), {})

    with pytest.raises(UnreadableCopyError, match="fermato all’ultimo passo"):
        refuse_full_place()

    assert (waiting.parent / "documenti" / "atto.pdf").exists()


@on_tables
def test_restore_that_was_stopped_after_its_rows_had_come_goes_on(copy, waiting, capsys):
    shutil.rmtree(waiting.parent / "documenti")
    move_in(waiting, copy, examined(copy))

    with pytest.raises(CommandError, match="non cancella mai"):
        call_command("restore", shutil.copy(copy, copy.with_name("altra.tar")))
    call_command("restore", copy)

    assert "La ricerca risponde come prima a" in capsys.readouterr().out
    assert not waiting.exists()


def test_where_there_is_no_room_nothing_is_written(bare, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))

    with pytest.raises(UnreadableCopyError, match="0 byte liberi"), hall(bare):
        pass

    assert not (Path(settings.MEDIA_ROOT) / HALL).exists()


@pytest.mark.slow
@on_tables
def test_copy_is_read_back_when_it_is_made_and_a_note_says_so(tmp_path, settings, capsys, key):
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    settings.BACKUPS_FOLDER = str(tmp_path / "copie")
    make_attachment(make_communique(title="Teleriscaldamento fermo"))

    call_command("backup", "--rotate")

    good = last_good()
    assert good.path.suffix == ".age"
    assert LastRun.objects.get(name=BACKUP).succeeded_at >= good.made_at
    assert good.verified_at > good.made_at - timedelta(seconds=1)
    assert "La ricerca risponde come prima a 1 domande" in capsys.readouterr().out
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE strpos(datname, %s) > 0", [MARK])
            assert cursor.fetchall() == []
    good.path.write_bytes(good.path.read_bytes()[:-1])
    assert last_good().verified_at is None


@pytest.mark.slow
@on_tables
def test_copy_that_is_not_read_back_takes_no_older_one_with_it(tmp_path, monkeypatch):
    make_communique()
    old = tmp_path / name_of(timezone.now() - timedelta(days=3000))
    old.write_text("vecchia")
    monkeypatch.setattr(archive, "add_files", lambda tar: [("documenti/manca.pdf", "0" * 64)])

    with pytest.raises(CommandError, match=r"La copia appena fatta non si rilegge: .*manca\.pdf"):
        call_command("backup", tmp_path, "--rotate")

    assert last_good(tmp_path).path == old
    run = LastRun.objects.get(name=BACKUP)
    assert (run.succeeded_at, run.failing_since is None) == (None, False)


def test_nobody_knows_of_a_copy_where_none_is(tmp_path, settings):
    settings.BACKUPS_FOLDER = ""
    assert last_good() is None
    assert last_good(tmp_path / "manca") is None
    (tmp_path / "portale-20260101T000000Z.tar.part").write_text("mezza")
    assert last_good(tmp_path) is None


@on_tables
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


ROWS = """
from django.apps import apps
from areaomogenea.backups import rows
for model in rows.tables(apps):
    digest = rows.Digest()
    for line in rows.lines(model, rows.columns(model), digest): pass
    print(model._meta.label_lower, digest)
"""


def manage_at(address, *arguments):
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.fixture
def empty_database(tmp_path):
    """The address of a database of this kind, without tables."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/nuova.sqlite3"
        return
    name = made_database()
    yield sibling(name)
    drop(name)


@pytest.mark.slow
@on_tables
def test_portal_moves_to_another_database_and_back(empty_database, tmp_path, capsys):
    communique = make_communique(title="Teleriscaldamento fermo")
    make_deadline(communique, closes_at=timezone.now().replace(microsecond=123456))
    # What earlier versions have left in tables of Django, so that its numbers are not those of a new database.
    ContentType.objects.create(app_label="editorial", model="article")
    first, media = f"sqlite:///{tmp_path}/prima.sqlite3", tmp_path / "media"

    call_command("move_database", first)
    back = manage_at(first, "move_database", empty_database)

    assert (back.returncode, back.stderr) == (0, "")
    assert "La ricerca risponde come prima a 1 domande." in back.stdout
    new = "\nfrom tests.factories import make_communique; print(make_communique().pk)"
    rows, _, key = manage_at(empty_database, "shell", "-v0", "-c", ROWS + new).stdout.strip().rpartition("\n")
    assert "deadlines.deadline 1:" in rows
    assert rows == manage_at(first, "shell", "-v0", "-c", ROWS).stdout.strip()
    assert int(key) > communique.pk
    assert not media.exists() or not any(media.iterdir())


@pytest.mark.parametrize("address", ["", "nuova", "mysql://a:b@c/d", "postgres://"])
def test_place_to_move_to_that_is_none_is_told_in_words(address):
    with pytest.raises(CommandError, match="Dove"):
        call_command("move_database", address)


@on_tables
def test_what_somebody_wrote_during_the_move_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(move_database, "manage", lambda *arguments: make_communique() and "")

    with pytest.raises(CommandError, match=r"qualcuno ha scritto qui \(.*publishing\.publication"):
        call_command("move_database", f"sqlite:///{tmp_path}/nuova.sqlite3")


@pytest.mark.slow
@on_tables
def test_what_was_redacted_does_not_come_back_with_an_older_copy(tmp_path, settings):
    """Even where it is what the page of the copy says: as a version that was kept, or as one that was not yet."""
    settings.REDACTIONS_FILE = tmp_path / "oscurati.jsonl"  # where the other portal keeps it too
    kept, unkept = (make_communique(title=f"Di {SECRET} {n}", body=f"<p>{SECRET} sghiaiatore</p>") for n in range(2))
    kept.record(None, "saved", f"Scritto di {SECRET}")
    name = make_attachment(kept, name=SECRET).file.name
    kept.record(None, "saved")
    make_copy(tmp_path / "copia.tar")
    for page in (kept, unkept):
        page.keep_first_version()
        page.title, page.slug, page.body = "Una persona", f"una-persona-{page.pk}", "<p>Niente.</p>"
        page.save()
        page.change_relations(None, "Corretto", attachments=[])
        page.record(None, "saved", "Corretto")
        versions = page.revisions.exclude(version=page.version)
        chosen = [(what, str(pk)) for pk in versions.values_list("pk", flat=True) for what in ("version", "comment")]
        redact(page, chosen, None, "Un dato personale")

    restored = manage(tmp_path, "restore", tmp_path / "copia.tar")

    assert restored.returncode == 0, restored.stderr
    assert "Oscuramenti fatti di nuovo: " in restored.stdout
    stored = [path for path in (*tmp_path.glob("altrove*"), *(tmp_path / "altrove").rglob("*")) if path.is_file()]
    assert [path for path in stored if SECRET.encode() in path.read_bytes()] == []
    assert not (tmp_path / "altrove" / name).exists()
    question = (
        "from areaomogenea.publishing.models import Publication; from areaomogenea.search.engines import whole_words\n"
        "print([*Publication.objects.values_list('status', flat=True)])\n"
        "print(Publication.objects.holding(whole_words('sghiaiatore')).count())"
    )
    assert manage(tmp_path, "shell", "-v0", "-c", question).stdout.split("\n")[:2] == [
        "['withdrawn', 'withdrawn']",
        "0",
    ]


@pytest.mark.slow
def test_sqlite_knows_json_in_whatever_transaction_it_is_first_needed(file_database):
    program = (
        "from areaomogenea.backups.rows import one_moment; from news.models import Communique\n"
        "with one_moment(): print([*Communique.objects.with_all()])"
    )

    assert manage_at(file_database, "shell", "-v0", "-c", program).stdout == "[]\n"


@pytest.mark.slow
@on_tables
def test_copy_that_nobody_could_read_back_is_not_called_bad(tmp_path, monkeypatch):
    """The disk for the trial was full, say: that is no fault of the copy."""
    make_communique()
    monkeypatch.setattr(verification, "empty_place", lambda: nullcontext(("sqlite:////dev/full", tmp_path, "sqlite")))

    with pytest.raises(CommandError, match="nessuno sa se è buona"):
        call_command("backup", tmp_path / "copie", "--rotate")

    assert last_good(tmp_path / "copie").verified_at is None
