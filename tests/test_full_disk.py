"""A disk that is full or cannot be written: the field of the file says so, the text stays, no half file is left."""

import os
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from PIL import Image

from areaomogenea.library.models import Picture
from areaomogenea.library.storage import FORGOTTEN, NoRoomError, all_or_none
from areaomogenea.library.uploads import PATIENCE
from areaomogenea.publishing.attachments import Attachment
from news.models import Communique

from .conftest import stored_in
from .factories import make_attachment, make_communique, make_editor, make_picture, picture_file
from .manuscripts import WordFile

pytestmark = pytest.mark.django_db
ADD = "/admin/news/communique/add/"
NO_ROOM = "Non c’è posto per il file"


@contextmanager
def mounted(folder, *options):
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nothing can be mounted here: a real small disk needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(params=["full", "read-only"])
def disk(request, tmp_path, settings):
    """Where uploaded files go: a real disk with hardly any room, or one that cannot be written."""
    options = {"full": ["-o", "size=96k"], "read-only": ["-o", "ro"]}[request.param]
    with mounted(tmp_path / "disk", *options) as folder:
        for name, value in stored_in(folder).items():
            setattr(settings, name, value)
        yield folder


@pytest.fixture
def desk(client):
    client.force_login(make_editor("Responsabile"))
    return client


def files_in(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def fill(path):
    with suppress(OSError), path.open("wb", buffering=0) as others:
        while others.write(bytes(4096)):
            pass


def photograph(name="foto.png"):
    """One that no compression makes small."""
    content = Image.frombytes("RGB", (600, 400), os.urandom(600 * 400 * 3))
    file = picture_file(name)
    file.seek(0)
    file.truncate()
    content.save(file, "PNG")
    return SimpleUploadedFile(name, file.file.getvalue())


def typed(**overrides):
    empty = {"doubts-TOTAL_FORMS": 0, "doubts-INITIAL_FORMS": 0, "deadlines-TOTAL_FORMS": 0}
    empty |= {"deadlines-INITIAL_FORMS": 0, "attachments-TOTAL_FORMS": 1, "attachments-INITIAL_FORMS": 0}
    row = {"file": SimpleUploadedFile("atto.csv", b"a;b\n" * 50_000), "name": "L’atto", "description": "Il testo"}
    row = {f"attachments-0-{name}": value for name, value in row.items()}
    return empty | {"kind": "comunicati", "title": "Il ponte riapre", "body": "<p>Da lunedì.</p>"} | row | overrides


def test_document_without_room_is_told_at_its_field_and_the_text_is_still_there(desk, disk):
    response = desk.post(ADD, typed())

    assert response.status_code == 200
    rows = next(one.formset for one in response.context["inline_admin_formsets"] if one.formset.prefix == "attachments")
    assert list(rows.forms[0].errors) == ["file"]
    assert rows.forms[0].errors["file"][0].startswith(NO_ROOM)
    assert 'value="Il ponte riapre"' in response.text
    assert "Da lunedì." in response.text
    assert 'value="L’atto"' in response.text
    assert (Communique.objects.count(), Attachment.objects.count(), files_in(disk)) == (0, 0, [])


def test_saved_without_the_file_the_text_is_kept(desk, disk):
    desk.post(ADD, typed())

    desk.post(ADD, typed(**{"attachments-TOTAL_FORMS": 0}))

    assert [communique.title for communique in Communique.objects.all()] == ["Il ponte riapre"]


def test_document_without_room_is_told_beside_other_errors(desk, disk):
    response = desk.post(ADD, typed(title=""))

    assert NO_ROOM in response.text
    assert "Scegli di nuovo: <strong>atto.csv</strong>" in response.text
    assert files_in(disk) == []


def test_preview_of_a_document_without_room_shows_the_rest(desk, disk):
    response = desk.post(reverse("admin:news_communique_preview_new"), typed())

    assert response.status_code == 200
    assert "Il ponte riapre" in response.text
    assert files_in(disk) == []


def test_picture_without_room_is_told_at_its_field(desk, disk):
    words = {"alternative_text": "La piazza", "credit": "Archivio", "focal_x": "0.5", "focal_y": "0.5"}

    response = desk.post("/admin/library/picture/add/", words | {"file": photograph()})

    errors = response.context["adminform"].form.errors
    assert list(errors) == ["file"]
    assert errors["file"][0].startswith(NO_ROOM)
    assert "La piazza" in response.text
    assert (Picture.objects.count(), files_in(disk)) == (0, [])


def test_picture_of_the_dialog_without_room_is_told_at_its_field(desk, disk):
    words = {"alternative_text": "La piazza", "credit": "Archivio", "focal_x": "0.5", "focal_y": "0.5"}

    response = desk.post(reverse("admin:library_picture_library"), words | {"file": photograph()})

    assert response.status_code == 422
    assert response.json()["errors"]["file"][0].startswith(NO_ROOM)
    assert (Picture.objects.count(), files_in(disk)) == (0, [])


def test_document_whose_pictures_have_no_room_is_told_at_its_field(desk, disk):
    word = WordFile()
    word.title("Il nuovo orario")
    word.text("Da lunedì lo sportello apre alle otto.")
    word.picture("La piazza", photograph().read())

    response = desk.post("/admin/news/communique/da-documento/", {"kind": "comunicati", "document": word.file()})

    assert response.context["form"].errors["document"][0].startswith(NO_ROOM)
    assert (Communique.objects.count(), Picture.objects.count(), files_in(disk)) == (0, 0, [])


def test_card_of_a_page_is_drawn_even_if_it_cannot_be_kept(client, disk):
    communique = make_communique()

    for _ in range(3):
        response = client.get(reverse("card", args=[communique.kind, communique.slug]))

        assert (response.status_code, response["Content-Type"]) == (200, "image/png")


def test_lighter_renditions_wait_for_room(tmp_path, settings):
    with mounted(tmp_path / "disk", "-o", "size=2m") as folder:
        settings.STORAGES = stored_in(folder)["STORAGES"]
        picture = make_picture(file=photograph())
        before = files_in(folder)
        fill(folder / "others")

        assert not picture.make_avif()
        assert set(files_in(folder)) == {*before, folder / "others"}

        (folder / "others").unlink()
        assert picture.make_avif()


@pytest.mark.django_db(transaction=True)
def test_file_goes_with_the_transaction_that_it_belongs_to(tmp_path):
    communique = make_communique()
    with all_or_none(), transaction.atomic():
        make_attachment(communique)
        make_picture()
        assert files_in(tmp_path / "media") != []
        transaction.set_rollback(True)

    assert files_in(tmp_path / "media") == []


@pytest.mark.django_db(transaction=True)
def test_file_stays_with_the_transaction_that_it_belongs_to():
    communique = make_communique()
    with all_or_none(), transaction.atomic():
        attachment = make_attachment(communique)
        with transaction.atomic():
            lost = make_attachment(communique, file=ContentFile(b"%PDF-1.4 altro", "altro.pdf"))
            transaction.set_rollback(True)

    assert default_storage.exists(attachment.file.name)
    assert not default_storage.exists(lost.file.name)


def test_file_does_not_stay_when_its_row_is_refused(tmp_path):
    with pytest.raises(Exception, match="name"), transaction.atomic():
        make_attachment(make_communique(), name=None)

    assert files_in(tmp_path / "media") == []


def test_name_appears_when_all_of_the_file_is_there(tmp_path):
    class Slow(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"first half"
            seen.append(default_storage.exists("documenti/atto.csv"))
            yield b", second half"

    seen = []

    name = default_storage.save("documenti/atto.csv", Slow(b"first half, second half"))

    assert seen == [False]
    assert default_storage.open(name).read() == b"first half, second half"


def test_two_files_of_one_name_get_a_name_each():
    names = {default_storage.save("documenti/atto.csv", ContentFile(text)) for text in (b"uno", b"due")}

    assert {default_storage.open(name).read() for name in names} == {b"uno", b"due"}


def test_what_a_stopped_process_left_is_swept(tmp_path):
    default_storage.save("documenti/atto.csv", ContentFile(b"intero"))
    folder = tmp_path / "media" / ".partial"
    for name, age in (("old", FORGOTTEN + 1), ("new", 0)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (time.time() - age,) * 2)

    call_command("tick")

    assert {path.name for path in files_in(tmp_path / "media")} == {"atto.csv", "new"}


def test_files_of_pictures_that_are_not_there_are_swept(tmp_path):
    """A process that was killed had stored some sizes, and no row yet; what a row names stays, and what is new."""
    picture = make_picture(file=picture_file(size=(1600, 900)))
    assert picture.make_avif()
    kept = {path.name for path in files_in(tmp_path / "media")}
    lost = [default_storage.save(f"immagini/2026/{name}", ContentFile(b"x")) for name in ("x.webp", "x.320.webp")]
    then = time.time() - PATIENCE.total_seconds() - 1
    for path in files_in(tmp_path / "media"):
        os.utime(path, (then, then))
    default_storage.save("immagini/2026/appena.webp", ContentFile(b"x"))

    call_command("tick")

    assert {path.name for path in files_in(tmp_path / "media")} == kept | {"appena.webp"}
    assert not any(map(default_storage.exists, lost))


def test_other_faults_of_a_disk_are_not_taken_for_it(tmp_path):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            raise OSError("a fault without a number")

    with pytest.raises(OSError, match="without a number") as fault:
        default_storage.save("documenti/atto.csv", Broken(b""))

    assert not isinstance(fault.value, NoRoomError)
    assert files_in(tmp_path / "media") == []
