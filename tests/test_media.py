"""Pictures and files: checked when they arrive, shown only while something published shows them."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from areaomogenea.editorial import media
from areaomogenea.editorial.files import Attachment, Picture

from .factories import make_attachment, make_communique, make_picture, picture_file

pytestmark = pytest.mark.django_db


def refusal(file):
    picture = Picture(file=file, alternative_text="Una piazza", credit="Archivio")
    with pytest.raises(ValidationError) as refused:
        picture.full_clean()
    return refused.value.message_dict["file"]


def test_picture_leaves_without_camera_metadata_and_upright():
    content = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # held sideways
    exif[0x8825] = {1: "N", 2: (45.0, 21.0, 0.0)}
    Image.new("RGB", (80, 40), "red").save(content, "JPEG", exif=exif)

    picture = make_picture(file=ContentFile(content.getvalue(), "foto.jpg"))

    with Image.open(picture.file) as stored:
        assert (stored.format, stored.size, dict(stored.getexif())) == ("WEBP", (40, 80), {})
    assert (picture.width, picture.height) == (40, 80)


def test_picture_is_kept_in_three_widths():
    picture = make_picture(file=picture_file(size=(1600, 900)))

    names = [media.rendition_name(picture.file.name, width) for width in media.WIDTHS]
    assert [Image.open(default_storage.open(name)).width for name in names] == [320, 640, 1280]


def test_disguised_file_is_refused():
    assert refusal(ContentFile(b"PK\x03\x04 zip", "foto.png")) == [
        "Questo file non è un’immagine JPEG, PNG, WebP o AVIF leggibile."
    ]


def test_decompression_bomb_is_refused_before_it_is_decoded():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side in (12_000, 20_000):
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
        pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        bomb = ContentFile(b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b""), "bomba.png")

        with pytest.raises(ValidationError, match="il massimo è 40 milioni"):
            media.check_picture(bomb)


def test_picture_without_alternative_text_is_refused():
    with pytest.raises(ValidationError) as refused:
        Picture(file=picture_file(), credit="Archivio").full_clean()

    assert "alternative_text" in refused.value.message_dict


@pytest.mark.parametrize("name", ["programma.exe", "pagina.html", "disegno.svg"])
def test_attachment_of_another_kind_is_refused(name):
    attachment = Attachment(
        publication=make_communique(), file=ContentFile(b"x", name), name="Atto", description="Un atto"
    )

    with pytest.raises(ValidationError) as refused:
        attachment.full_clean()

    assert "file" in refused.value.message_dict


def test_files_follow_the_fate_of_what_shows_them(client):
    picture = make_picture()
    communique = make_communique(picture=picture, status="draft")
    addresses = [picture.small_url, picture.file.url, make_attachment(communique).file.url]

    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    communique.publish(by=None)
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    communique.withdraw(by=None)
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


@pytest.mark.parametrize("name", ["../../etc/passwd", "%00", "immagini/%2e%2e/x", "a" * 500])
def test_hostile_file_names_find_nothing(client, name):
    assert client.get(f"/file/{name}").status_code == 404


def test_stored_file_runs_nothing(client):
    communique = make_communique()
    address = make_attachment(communique).file.url

    assert "sandbox" in client.get(address)["Content-Security-Policy"]
