"""Pictures and files: checked when they arrive, shown only while something published shows them."""

import struct
import zlib
from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

from areaomogenea.library import images
from areaomogenea.library.models import Picture
from areaomogenea.publishing.attachments import Attachment

from .factories import make_attachment, make_communique, make_picture, picture_file

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # pictures are judged by their bytes


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
    xmp = b"<x:xmpmeta><exif:GPSLatitude>45,21N</exif:GPSLatitude></x:xmpmeta>"
    Image.new("RGB", (80, 40), "red").save(content, "JPEG", exif=exif, xmp=xmp, comment=b"Crema, via Roma 1")

    picture = make_picture(file=ContentFile(content.getvalue(), "foto.jpg"))

    assert picture.make_avif()
    for name in picture.stored_names():
        with Image.open(default_storage.open(name)) as stored:
            assert (stored.size, dict(stored.getexif())) == ((40, 80), {})
            assert {"exif", "xmp", "comment", "icc_profile"} & stored.info.keys() == set()
    assert (picture.width, picture.height) == (40, 80)


def test_picture_is_kept_in_three_widths_and_in_avif_in_five():
    picture = make_picture(file=picture_file(size=(1600, 900)))
    picture.make_avif()

    _, *names = picture.stored_names()
    assert [Image.open(default_storage.open(name)).width for name in names] == [
        320,
        640,
        1280,
        320,
        480,
        640,
        960,
        1280,
    ]
    assert {images.original_name(name) for name in names} == {picture.file.name}


def test_pictures_of_before_get_the_widths_that_are_new():
    before, never = make_picture(), make_picture()
    before.make_avif()

    import_module("areaomogenea.library.migrations.0002_narrower_avif").make_again(apps, None)

    assert [*Picture.objects.without_avif().order_by("pk")] == [before, never]


def encoded(picture, form, **how):
    content = BytesIO()
    picture.save(content, form, **how)
    return content.getvalue()


NO_PICTURE = "Questo file non è un’immagine JPEG, PNG, WebP o AVIF leggibile"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"PK\x03\x04 zip", "È un documento o un archivio, non un’immagine"),
        (
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
            "È un disegno SVG",
        ),
        (b"<!doctype html><script>alert(1)</script>", NO_PICTURE),
        (b"<?php system($_GET['c']); ?>", NO_PICTURE),
        (b"GIF89a<script>alert(1)</script>", "È una GIF: salvala come PNG"),
        (b"", NO_PICTURE),
        (encoded(Image.new("RGB", (400, 400)), "JPEG")[:-200], NO_PICTURE),
        (encoded(Image.effect_noise((400, 400), 50), "PNG")[:5000], NO_PICTURE),
        (encoded(Image.new("RGB", (40, 40)), "BMP"), "È un’immagine BMP: salvala come PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "È una foto HEIC, il formato dell’iPhone"),
        (b"II*\0\x08\0\0\0", "È un’immagine TIFF"),
        (b"%PDF-1.7", "È un PDF, non un’immagine"),
    ],
    ids=["zip", "svg", "html", "php", "gif", "empty", "cut JPEG", "cut PNG", "bmp", "heic", "tiff", "pdf"],
)
def test_what_is_not_a_whole_picture_is_refused(content, expected):
    (message,) = refusal(ContentFile(content, "foto.jpg"))

    assert message.startswith(expected)


def test_picture_too_heavy_is_told_its_weight():
    (message,) = refusal(ContentFile(b"x" * 18_600_000, "foto.jpg"))

    assert message.startswith("L’immagine pesa 17,8 MB e il massimo è 10 MB: salvala più piccola")


def test_animated_picture_is_refused():
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    content = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])

    (message,) = refusal(ContentFile(content, "foto.webp"))

    assert message.startswith("L’immagine è animata")


def test_telephone_picture_in_two_frames_is_taken():
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    content = encoded(frames[0], "MPO", save_all=True, append_images=frames[1:])
    file = ContentFile(content, "foto.jpg")

    images.check_picture(file)

    assert colour_of(make_picture(file=file)) == pytest.approx((254, 0, 0), abs=4)


def test_what_hides_behind_a_picture_is_not_kept():
    content = encoded(Image.new("RGB", (40, 40), "red"), "JPEG", comment=b"<?php echo 1; ?>")
    picture = make_picture(file=ContentFile(content + b"PK\x03\x04<script>alert(1)</script>", "foto.jpg"))

    stored = b"".join(default_storage.open(name).read() for name in picture.stored_names() if name.endswith(".webp"))

    assert b"php" not in stored
    assert b"script" not in stored


def colour_of(picture):
    with Image.open(picture.file) as stored:
        return stored.convert("RGB").getpixel((stored.width // 2, stored.height // 2))


@pytest.mark.parametrize(
    ("picture", "form", "colour"),
    [
        (Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG", (255, 0, 0)),
        (Image.new("I;16", (40, 40), 0x8080), "PNG", (128, 128, 128)),
        (Image.new("P", (40, 40)), "PNG", (0, 0, 0)),
        (Image.new("LA", (40, 40), (128, 255)), "PNG", (128, 128, 128)),
        (Image.new("1", (40, 40), 1), "PNG", (255, 255, 255)),
    ],
    ids=lambda value: getattr(value, "mode", ""),
)
def test_colours_of_every_kind_are_kept(picture, form, colour):
    stored = make_picture(file=ContentFile(encoded(picture, form), "foto"))

    assert colour_of(stored) == pytest.approx(colour, abs=6)


def test_colours_are_turned_into_those_of_screens():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    table, rest = profile[:512], profile[512:]
    swapped = table.replace(b"rXYZ", b"tmp_").replace(b"bXYZ", b"rXYZ").replace(b"tmp_", b"bXYZ") + rest
    content = encoded(Image.new("RGB", (40, 40), (200, 20, 20)), "JPEG", icc_profile=swapped)

    assert colour_of(make_picture(file=ContentFile(content, "foto.jpg"))) == pytest.approx((20, 20, 200), abs=8)


@pytest.mark.parametrize(
    "profile", [b"not a profile", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()]
)
def test_colours_without_a_fitting_profile_stay(profile):
    content = encoded(Image.new("RGB", (40, 40), (200, 20, 20)), "PNG", icc_profile=profile)

    assert colour_of(make_picture(file=ContentFile(content, "foto.png"))) == pytest.approx((200, 20, 20), abs=6)


def test_decompression_bomb_is_refused_before_it_is_decoded():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side in (12_000, 20_000):
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
        pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        bomb = ContentFile(b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b""), "bomba.png")

        with pytest.raises(ValidationError, match="il massimo è 40 milioni"):
            images.check_picture(bomb)


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
