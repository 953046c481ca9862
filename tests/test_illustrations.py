"""Pictures within a body: our own alone, never without words, shown in the size that a screen needs."""

import pytest

from areaomogenea.library.body_images import resolve_pictures, responsive_pictures
from areaomogenea.library.models import Picture
from areaomogenea.prose.html import clean, clean_with_pictures, plain
from news.document_images import picture_remarks

from .factories import make_communique, make_picture, picture_file
from .payloads import PAYLOADS, UNCLOSED

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # how a body is cleaned and its pictures are written


def figure(picture, words="", caption="Foto: Archivio"):
    return f'<figure><img src="{picture.file.url}" alt="{words}"><figcaption>{caption}</figcaption></figure>'


@pytest.mark.parametrize(
    "source",
    [
        "https://example.org/file/immagini/2026/a.webp",
        "//example.org/file/immagini/a.webp",
        "data:image/png;base64,iVBORw0KGgo=",
        "javascript:alert(1)",
        "/file/documenti/2026/a.webp",
        "/file/immagini/../../admin/a.webp",
        "/file/immagini/2026/a.svg",
        "/file/immagini/2026/a.webp?x",
        "/file/immagini/2026/a.webp\n//example.org",
        "blob:https://example.org/1",
        "",
    ],
)
def test_picture_from_elsewhere_is_not_kept(source):
    assert clean_with_pictures(f'<p>Prima</p><img src="{source}" alt="x" onerror="alert(1)"><p>Dopo</p>') == (
        "<p>Prima</p><p>Dopo</p>"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "payload", PAYLOADS + UNCLOSED, ids=lambda payload: payload[:60].encode("unicode_escape").decode()
)
def test_pictures_open_no_door_to_anything_else(payload):
    ours = '<img src="/file/immagini/2026/a.webp" alt="Una piazza">'

    html = clean_with_pictures(f"<figure>{ours}</figure>{payload}")

    # Whatever that payload leaves without pictures it leaves beside one, and not a picture more.
    assert html.count("<img") == html.count(ours) == 1
    assert clean_with_pictures(html) == html


def test_only_a_body_may_hold_pictures():
    html = '<figure><img src="/file/immagini/2026/a.webp" alt="Una piazza"></figure>'

    assert clean_with_pictures(html) == html
    assert clean(html) == ""


def test_picture_keeps_nothing_but_address_words_and_size():
    picture = make_picture()

    html, pictures = resolve_pictures(
        f'<figure class="x"><img src="{picture.file.url}" alt="Una piazza" width="9" height="9" style="x" srcset="x"'
        f' onload="x" data-file="1"><figcaption class="y"><em>Foto</em></figcaption></figure>'
    )

    assert html == (
        f'<figure><img src="{picture.file.url}" alt="Una piazza" width="64" height="36">'
        "<figcaption><em>Foto</em></figcaption></figure>"
    )
    assert pictures == [picture]
    assert resolve_pictures(html) == (html, pictures)


def test_picture_copied_from_a_page_is_that_of_the_library():
    picture = make_picture()

    html, pictures = resolve_pictures(f'<figure><img src="{picture.small_url}" alt="Una piazza"></figure>')

    assert f'src="{picture.file.url}"' in html
    assert pictures == [picture]


@pytest.mark.parametrize("words", ["", "   "])
def test_picture_without_words_takes_those_of_the_library(words):
    picture = make_picture(alternative_text='L’ora > le dodici & "mezza"')

    html, _ = resolve_pictures(figure(picture, words))

    assert 'alt="L’ora &gt; le dodici &amp; &quot;mezza&quot;"' in html
    assert resolve_pictures(html)[0] == html


def test_settled_body_is_clean():
    picture = make_picture(alternative_text="Sull'argine > la piena & \"l'acqua\"")

    html, _ = resolve_pictures(figure(picture))

    assert clean_with_pictures(html) == html


def test_picture_that_the_library_lacks_leaves_its_caption():
    html, pictures = resolve_pictures(
        '<figure><img src="/file/immagini/2026/mai-vista.webp" alt="x"><figcaption>La <b>piazza</b></figcaption>'
        '</figure><figure><img src="/file/immagini/altra.webp" alt="x"></figure>'
    )

    assert (html, pictures) == ("<p>La piazza</p>", [])


def test_broken_figures_leave_balanced_markup():
    html, _ = resolve_pictures("<figure><figure></figure>testo</figure><figure><figcaption>a</figure>")

    assert html.count("<figure>") == html.count("</figure>")


def test_caption_is_text_of_its_own():
    assert plain("<figure><figcaption>Foto</figcaption></figure><p>Testo</p>") == "Foto\nTesto"


def test_body_pictures_follow_the_text():
    first, second = make_picture(), make_picture()
    communique = make_communique(body=figure(first) + figure(second) + figure(first))
    assert set(communique.body_pictures.all()) == {first, second}

    communique.body = figure(second)
    communique.save()
    assert list(communique.body_pictures.all()) == [second]

    communique.body = "<p>Nessuna.</p>"
    communique.save()
    assert list(communique.body_pictures.all()) == []


def test_picture_of_a_body_is_served_while_that_is_published(client):
    picture = make_picture()
    communique = make_communique(status="draft", body=figure(picture))
    addresses = [picture.file.url, *picture.urls.values()]

    assert {client.get(address).status_code for address in addresses} == {404}
    communique.publish(by=None)
    assert {client.get(address).status_code for address in addresses} == {200}
    communique.body = "<p>Senza.</p>"
    communique.save()
    assert {client.get(address).status_code for address in addresses} == {404}


def test_page_offers_sizes_and_reserves_the_place(client):
    picture = make_picture(file=picture_file(size=(1600, 900)))
    communique = make_communique(body=figure(picture, "La piazza vista dall’alto"))

    page = client.get(communique.get_absolute_url()).text

    small, middle, large = picture.urls.values()
    assert f'srcset="{small} 320w, {middle} 640w, {large} 1280w"' in page
    assert 'alt="La piazza vista dall’alto" width="1600" height="900"' in page
    assert 'loading="lazy"' in page
    assert ".avif" not in page


def test_page_offers_avif_when_it_is_ready(client):
    picture = make_picture()
    communique = make_communique(body=figure(picture))
    picture.make_avif()

    page = client.get(communique.get_absolute_url()).text

    picture.refresh_from_db()
    assert f'<picture><source type="image/avif" srcset="{picture.avif_srcset}"' in page
    address = picture.avif_srcset.split()[0]
    assert client.get(address)["Content-Type"] == "image/avif"


def test_small_picture_is_not_said_to_be_larger_than_it_is():
    picture = make_picture(file=picture_file(size=(500, 400)))

    assert [address.split()[1] for address in picture.srcset.split(", ")] == ["320w", "500w"]


def test_body_that_was_never_settled_is_shown_as_it_is():
    html = '<img src="/file/immagini/a.webp" alt="x">'

    assert responsive_pictures(html) == html


def test_uses_count_a_publication_once():
    picture, other = make_picture(), make_picture()
    make_communique(picture=picture, body=figure(picture) + figure(other))
    make_communique(picture=picture)
    unused = make_picture()

    uses = {row.pk: row.uses for row in Picture.objects.with_uses()}

    assert uses == {picture.pk: 2, other.pk: 1, unused.pk: 0}
    assert set(Picture.objects.used()) == {picture, other}
    assert list(Picture.objects.unused()) == [unused]


@pytest.mark.parametrize(
    ("described", "wordless", "expected"),
    [
        (1, 1, ["controlla il testo alternativo e l’autore", "È nel testo, dove stava: aprila e scrivi"]),
        (2, 2, ["controlla i testi alternativi e gli autori", "da descrivere: 2. Sono nel testo, dove stavano: apri"]),
    ],
)
def test_one_picture_is_told_as_one(described, wordless, expected):
    pictures = [Picture(alternative_text=f"Il ponte, {number}") for number in range(described)]
    remarks = dict(picture_remarks(pictures + [Picture() for _ in range(wordless)]))

    for code, words in zip(("picture-credit", "images-without-text"), expected, strict=True):
        assert words in remarks[code]
