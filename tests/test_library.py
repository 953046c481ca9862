"""The library at the desk: everything can be found, nothing in use can be lost, limits are told in words."""

import re
import struct
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from areaomogenea.library.models import Picture
from areaomogenea.publishing.attachments import Attachment

from .factories import (
    make_attachment,
    make_communique,
    make_editor,
    make_municipality,
    make_picture,
    make_topic,
    picture_file,
)
from .papers import docx, locked_pdf, pdf
from .test_desk import LIST, form_data
from .test_illustrations import figure

pytestmark = pytest.mark.django_db
WALL = "/admin/library/picture/"
LIBRARY = f"{WALL}libreria/"


@pytest.fixture
def writer(client):
    client.force_login(make_editor(role="Redattore"))
    return client


@pytest.fixture
def approver(client):
    client.force_login(make_editor(role="Responsabile"))
    return client


def upload(**overrides):
    typed = {"alternative_text": "La piazza", "credit": "Archivio", "focal_x": "0.5", "focal_y": "0.5"}
    return typed | {"file": picture_file()} | overrides


def names_on(page):
    return {picture.alternative_text for picture in Picture.objects.all() if picture.alternative_text in page}


def test_wall_says_who_uses_what(writer):
    used, unused = make_picture(alternative_text="Il ponte"), make_picture(alternative_text="La torre")
    make_communique(picture=used)
    make_communique(body=figure(used))

    page = writer.get(WALL).text

    assert "usata 2 volte" in page
    assert "mai usata" in page
    assert reverse("admin:library_picture_file", args=[unused.small_name]) in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=ponte", {"Il ponte"}),
        ("?q=fototeca", {"La torre"}),
        ("?q=duomo-di-crema", {"Il duomo"}),
        ("?q=introvabile", set()),
        ("?uso=usate", {"Il ponte", "La torre"}),
        ("?uso=libere", {"Il duomo"}),
        ("?forma=verticale", {"La torre"}),
        ("?forma=orizzontale", {"Il ponte", "Il duomo"}),
        ("?forma=altra", {"Il ponte", "La torre", "Il duomo"}),
    ],
)
def test_wall_is_searched_and_narrowed(writer, query, expected):
    make_communique(picture=make_picture(alternative_text="Il ponte"))
    tall = make_picture(alternative_text="La torre", credit="Fototeca civica", file=picture_file(size=(30, 60)))
    make_communique(body=figure(tall))
    make_picture(alternative_text="Il duomo", file=picture_file("Duomo di Crema.png"))

    assert names_on(writer.get(WALL + query).text) == expected


@pytest.mark.parametrize("rows", [2, 12])
@pytest.mark.parametrize("address", [WALL, LIBRARY])
def test_cost_of_the_wall_does_not_grow(writer, rows, address, django_assert_max_num_queries):
    for _ in range(rows):
        make_communique(picture=make_picture(), body=figure(make_picture()))

    with django_assert_max_num_queries(8):
        assert writer.get(address).status_code == 200


def test_desk_sees_what_nobody_published(writer):
    picture = make_picture()
    attachment = make_attachment(make_communique(status="draft"), file=pdf())

    for name in (picture.file.name, picture.small_name, attachment.file.name):
        response = writer.get(reverse("admin:library_picture_file", args=[name]))
        assert response.status_code == 200
        assert "private" in response["Cache-Control"]
        assert "public" not in response["Cache-Control"]
        assert "sandbox" in response["Content-Security-Policy"]


def test_desk_door_is_closed_to_others(client):
    address = reverse("admin:library_picture_file", args=[make_picture().small_name])

    assert client.get(address).status_code == 302
    client.force_login(make_editor(is_staff=False))
    assert client.get(address).status_code == 302
    client.force_login(make_editor())  # of the desk, without a role
    assert client.get(address).status_code == 404
    assert client.get(LIBRARY).status_code == 403
    assert client.post(LIBRARY, upload()).status_code == 403


@pytest.mark.parametrize("name", ["../../etc/passwd", "%00", "immagini/2026/mai-vista.webp", "a" * 500])
def test_desk_door_finds_only_what_was_uploaded(writer, name):
    assert writer.get(f"{WALL}file/{name}").status_code == 404


def test_documents_of_other_comuni_are_not_there(client):
    foreign = make_attachment(make_communique(status="draft", places=[make_municipality()]))
    client.force_login(make_editor(role="Redattore comunale"))

    assert client.get(reverse("admin:library_picture_file", args=[foreign.file.name])).status_code == 404


def test_dialog_finds_pictures(writer):
    picture = make_picture(alternative_text="Il ponte")
    make_picture()

    answer = writer.get(LIBRARY, {"q": "ponte"}).json()

    assert answer.pop("limits")["attributes"]["data-max-bytes"] == 10 * 1024 * 1024
    assert answer == {
        "pictures": [
            {
                "id": picture.pk,
                "name": "Il ponte",
                "alternative": "Il ponte",
                "credit": "Archivio",
                "words": picture.description_digest,
                "source": picture.file.url,
                "thumbnail": reverse("admin:library_picture_file", args=[picture.small_name]),
                "width": 64,
                "height": 36,
            }
        ],
        "more": False,
    }
    assert [row["id"] for row in writer.get(LIBRARY, {"pk": picture.pk}).json()["pictures"]] == [picture.pk]


def test_dialog_takes_a_picture_in(writer):
    response = writer.post(LIBRARY, upload())

    assert (response.status_code, response.json()["picture"]["id"]) == (201, Picture.objects.get().pk)


def bomb():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 10_000, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return ContentFile(b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b""), "bomba.png")


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"file": bomb()}, "file", "il massimo è 40 milioni"),
        ({"file": ContentFile(b"<?php echo 1; ?>", "foto.jpg")}, "file", "non è un’immagine JPEG, PNG, WebP o AVIF"),
        ({"file": ""}, "file", "obbligatorio"),
        ({"alternative_text": "   "}, "alternative_text", "obbligatorio"),
        ({"alternative_text": "IMG_2031.JPG"}, "alternative_text", "Questo è il nome di un file"),
        ({"alternative_text": "x" * 256}, "alternative_text", "255"),
        ({"focal_x": "7"}, "focal_x", "1"),
    ],
)
def test_refusals_are_told_at_the_field(writer, fields, field, message):
    response = writer.post(LIBRARY, upload(**fields))
    assert response.status_code == 422
    assert message in " ".join(response.json()["errors"][field])

    if fields.get("file"):
        fields["file"].seek(0)
    page = writer.post(f"{WALL}add/", upload(**fields)).text
    assert message in page
    assert "Archivio" in page  # what was typed is still there
    assert not Picture.objects.exists()


def test_picture_in_use_is_not_deleted_and_says_where(approver):
    picture = make_picture()
    leading = make_communique(picture=picture, title="La diga", status="draft")
    make_communique(body=figure(picture), title="Il fosso", status="draft")
    address = f"{WALL}{picture.pk}/"

    pages = [
        approver.get(f"{address}change/").text,
        approver.get(f"{address}delete/").text,
        approver.post(f"{address}delete/", {"post": "yes"}).text,
        approver.post(WALL, {"action": "delete_selected", "_selected_action": [picture.pk], "post": "yes"}).text,
    ]

    for page in pages:
        assert f'<a href="{LIST}{leading.pk}/change/">La diga</a> (bozza)' in page
        assert "Il fosso" in page
    assert all("Non si può eliminare finché è usata." in page for page in pages[1:])
    assert Picture.objects.exists()


def test_uses_by_other_comuni_are_counted_not_named(client):
    picture = make_picture()
    make_communique(picture=picture, title="Segretissimo", status="draft", places=[make_municipality()])
    client.force_login(make_editor(role="Redattore comunale"))

    page = client.get(f"{WALL}{picture.pk}/change/").text

    assert "Segretissimo" not in page
    assert "un’altra, che non segui tu" in page


def test_unused_picture_goes_with_its_files(approver, django_capture_on_commit_callbacks):
    picture = make_picture()
    picture.make_avif()

    with django_capture_on_commit_callbacks(execute=True):
        approver.post(f"{WALL}{picture.pk}/delete/", {"post": "yes"})

    assert not Picture.objects.exists()
    assert [name for name in picture.stored_names() if default_storage.exists(name)] == []


def test_file_of_a_picture_stays_what_texts_show(writer):
    picture = make_picture()

    writer.post(f"{WALL}{picture.pk}/change/", upload(alternative_text="La piazza d’estate"))

    changed = Picture.objects.get()
    assert (changed.alternative_text, changed.file.name) == ("La piazza d’estate", picture.file.name)


def test_form_shows_the_chosen_picture(writer):
    picture = make_picture(alternative_text="Il ponte")
    communique = make_communique(picture=picture, status="draft")

    page = writer.get(f"{LIST}{communique.pk}/change/").text

    assert reverse("admin:library_picture_file", args=[picture.small_name]) in page
    assert "<span>Il ponte</span>" in page


@pytest.mark.parametrize("key", ["999999999999999999999999", "x", "-1", "٣"])
def test_picture_that_is_not_there_is_refused_at_its_field(writer, key):
    page = writer.post(f"{LIST}add/", form_data(picture=key)).text

    assert "Un titolo" in page
    assert "errorlist" in page
    assert not Attachment.objects.exists()


def attached(document, **overrides):
    row = {"attachments-TOTAL_FORMS": 1, "attachments-0-name": "Atto", "attachments-0-description": "Il testo"}
    return form_data(**row, **{"attachments-0-file": document}, **overrides)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (ContentFile(b"MZ\x90\0", "atto.pdf"), "Il contenuto non è quello di un file PDF"),
        (ContentFile(b"%PDF-1.7 cut", "atto.pdf"), "Il PDF è rovinato"),
        (locked_pdf(), "Il PDF è protetto"),
        (docx(**{"word/vbaProject.bin": "x"}), "contiene macro"),
        (ContentFile(b"MZ", "atto.exe"), "exe"),
    ],
)
def test_document_that_readers_could_not_open_is_refused_at_its_field(writer, document, message):
    page = writer.post(f"{LIST}add/", attached(document)).text

    assert message in page
    assert "Un titolo" in page
    assert not Attachment.objects.exists()


def test_attachment_needs_a_description(writer):
    page = writer.post(f"{LIST}add/", attached(pdf()) | {"attachments-0-description": ""}).text

    assert "obbligatorio" in page
    assert not Attachment.objects.exists()


def test_scanned_document_is_taken_with_a_warning(writer):
    page = writer.post(f"{LIST}add/", attached(pdf(pages=0, scanned=2)), follow=True).text

    assert Attachment.objects.get().has_text is False
    assert "«Atto»: Le pagine sono immagini" in page


def test_form_says_what_a_document_holds(writer):
    communique = make_communique([make_topic()], status="draft")
    attachment = make_attachment(communique, file=pdf(pages=3))

    page = writer.get(f"{LIST}{communique.pk}/change/").text

    assert "PDF, 3 pagine, 1 kB" in page
    assert reverse("admin:library_picture_file", args=[attachment.file.name]) in page
    assert 'data-max-bytes="20971520"' in page


def test_narrowed_wall_leads_to_its_pictures_and_back(writer):
    make_picture()

    page = writer.get(f"{WALL}?forma=orizzontale").text

    address = re.search(r'<a href="([^"]*/change/[^"]*)"><img', page)[1]
    assert "forma%3Dorizzontale" in address
    assert writer.get(address.replace("&amp;", "&")).status_code == 200
