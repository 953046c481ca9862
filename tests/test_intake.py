"""From a document or pasted text to a draft at the desk: what it suggests, and what is told when it is bad."""

import re

import lxml.html
import pytest
from django.urls import reverse
from django.utils import timezone

from areaomogenea.library.models import Picture
from areaomogenea.prose.typography import words
from areaomogenea.sandbox import limits, packages
from news.drafts import midnight
from news.models import Communique

from .factories import make_communique, make_editor, make_municipality, make_topic, picture_file
from .manuscripts import WordFile, repacked, upload
from .processor import timed
from .test_archive import SAMPLE, SENTENCE

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # what is read in a document, before it is a row
PAGE = "/admin/news/communique/da-documento/"
TEXT = f"Il nuovo orario\n\n{SENTENCE}\n"


@pytest.fixture
def desk(client):
    client.force_login(make_editor(role="Redattore", first_name="Elena"))
    return client


@pytest.fixture
def local_desk(client):
    """The page for who writes for some Comuni only; call it with their names."""

    def log_in(*names):
        user = make_editor(role="Redattore comunale")
        for name in names:
            user.assignments.create(municipality=make_municipality(name=name))
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def word():
    """A whole communiqué."""
    word = WordFile()
    word.title("Il nuovo orario")
    word.text(SENTENCE)
    word.heading("Dove", 2)
    word.item("In piazza")
    word.table(["Comune", "Ore"], ["Crema", "9-12"])
    return word


def send(desk, **fields):
    return desk.post(PAGE, {"kind": "comunicati"} | fields, follow=True)


def errors_of(response):
    assert Communique.objects.count() == 0
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def codes(communique):
    return list(communique.doubts.values_list("code", flat=True))


def test_list_leads_to_the_page_beside_the_other_way_to_add(desk):
    page = desk.get("/admin/news/communique/").text

    assert page.index(PAGE) < page.index("/admin/news/communique/add/")
    assert "al massimo 10 MB" in desk.get(PAGE).text


def test_document_becomes_a_draft_of_who_sends_it(desk, word):
    response = send(desk, document=word.file(), kind="avvisi")

    communique = Communique.objects.get()
    assert (communique.title, communique.kind, communique.status) == ("Il nuovo orario", "avvisi", "draft")
    assert (communique.author.first_name, communique.slug) == ("Elena", "il-nuovo-orario")
    assert communique.body == (
        f"<p>{SENTENCE}</p><h2>Dove</h2><ul><li>In piazza</li></ul>"
        '<table><tbody><tr><th scope="col">Comune</th><th scope="col">Ore</th></tr>'
        "<tr><td>Crema</td><td>9-12</td></tr></tbody></table>"
    )
    assert response.redirect_chain == [(f"/admin/news/communique/{communique.pk}/change/", 302)]
    assert response.text.index("La prima riga della tabella è presa per intestazione") < response.text.index("id_title")
    assert [(revision.version, revision.by) for revision in communique.revisions.all()] == [(1, communique.author)]


def test_pasted_text_becomes_a_draft_with_what_it_suggests(desk):
    topic = make_topic(keywords="sportello")
    offanengo = make_municipality(name="Offanengo")
    send(desk, text=TEXT)

    communique = Communique.objects.get()
    assert (communique.title, communique.body) == ("Il nuovo orario", f"<p>{SENTENCE}</p>")
    assert (list(communique.topics.all()), list(communique.municipalities.all())) == ([topic], [offanengo])
    assert codes(communique) == ["date-missing", "summary-suggested"]


@pytest.mark.parametrize(
    ("shift", "has_hour", "is_told"), [(-400, False, True), (-1, False, True), (0, False, False), (1, True, True)]
)
def test_day_of_a_document_is_its_date_and_only_one_to_come_is_its_hour(desk, shift, has_hour, is_told):
    day = timezone.localdate() + timezone.timedelta(days=shift)
    send(desk, text=f"{TEXT}\nCrema, {day:%d/%m/%Y}")

    communique = Communique.objects.get()
    assert communique.dated == day
    assert ("date-not-today" in codes(communique)) == is_told
    assert communique.publish_at == (midnight(day) if has_hour else None)


def test_listing_asks_first_and_then_makes_a_draft_for_each(desk):
    text = SAMPLE.read_text(encoding="utf-8")
    question = send(desk, text=text)

    assert errors_of(question)["listing"][0].startswith("I comunicati sembrano 6: «Pandino riapre l’archivio storico")
    assert "Ogni sabato a Vailate" in question.text  # what was pasted is still there
    response = send(desk, text=text, listing="each")
    assert Communique.objects.filter(status="draft").count() == 6
    assert "Ecco le 6 bozze" in response.text
    assert response.text.count("field-title") == 6


def test_listing_may_be_one(desk):
    send(desk, text=SAMPLE.read_text(encoding="utf-8"), listing="all")

    assert len(words(Communique.objects.get().body)) > 200


def image(*size):
    return picture_file(size=size).read()


def test_pictures_come_in_where_they_stood_described_or_not(desk, word):
    word.picture("I sindaci davanti allo sportello", image(60, 40))
    word.text("Dopo la tabella.")
    word.picture("", image(70, 40))
    word.picture("Una mappa che si muove", picture_file("mappa.gif", fmt="GIF").read())
    word.picture("Una foto a metà", picture_file("foto.jpg", (900, 900), "JPEG").read()[:-2000])
    word.picture("", image(400, 2))
    word.text("Fine.")
    send(desk, document=word.file())

    communique, described, wordless = Communique.objects.get(), *Picture.objects.order_by("width")
    assert (described.alternative_text, wordless.alternative_text) == ("I sindaci davanti allo sportello", "")
    assert described.credit == wordless.credit == "Dal documento «comunicato.docx»"
    shown = [(block, picture.file.url in communique.body) for block, picture in ((1, described), (2, wordless))]
    assert shown == [(1, True), (2, True)]
    tail = communique.body.partition("</table>")[2]
    assert re.sub(r' src="[^"]*"| width="\d+" height="\d+"', "", tail) == (
        '<figure><img alt="I sindaci davanti allo sportello"></figure><p>Dopo la tabella.</p>'
        '<figure><img alt=""></figure><p>Fine.</p>'
    )
    assert {"picture-credit", "images-without-text"} <= set(codes(communique))
    assert communique.doubts.get(code="images-left-out").message.endswith(": 3.")


def test_picture_shown_twice_is_one_and_stands_twice(desk, word):
    word.picture("", image(60, 40))
    word.text("In mezzo.")
    word.picture("I sindaci", image(60, 40))
    send(desk, document=word.file())

    picture = Picture.objects.get()
    assert picture.alternative_text == "I sindaci"
    assert Communique.objects.get().body.count(picture.file.url) == 2


def test_pictures_of_a_listing_go_each_to_its_own_text(desk):
    word = WordFile()
    for line in SAMPLE.read_text(encoding="utf-8").splitlines():
        word.text(line)
        if line.startswith("Ogni sabato a Vailate"):
            word.picture("Il mercato", image(60, 40))
    send(desk, document=word.file(), listing="each")

    assert Communique.objects.get(body__contains="<figure>").title == "Mercato contadino"


def test_local_editor_gets_their_comune(local_desk):
    desk = local_desk("Crema")
    send(desk, text=TEXT)

    communique = Communique.objects.get()
    assert [municipality.name for municipality in communique.municipalities.all()] == ["Crema"]
    assert desk.get(f"/admin/news/communique/{communique.pk}/change/").status_code == 200


def test_local_editor_of_several_gets_those_that_the_text_names_and_no_others(local_desk):
    make_municipality(name="Montodine")
    send(local_desk("Crema", "Offanengo"), text=f"Gli orari di Montodine\n\n{SENTENCE}")

    communique = Communique.objects.get()
    assert [municipality.name for municipality in communique.municipalities.all()] == ["Offanengo"]
    assert communique.doubts.get(code="municipality-beyond").message == (
        "Il testo nomina anche Comuni per cui non scrivi: Montodine."
    )


def test_local_editor_of_several_is_asked_when_the_text_names_none(local_desk):
    desk = local_desk("Crema", "Monte Cremasco")
    response = send(desk, text=TEXT)

    assert errors_of(response) == {"municipalities": ["Il testo non nomina nessuno dei tuoi Comuni: scegli tu quale."]}
    assert SENTENCE in response.text
    send(desk, text=TEXT, municipalities=[response.context["form"].fields["municipalities"].queryset[0].pk])
    assert [municipality.name for municipality in Communique.objects.get().municipalities.all()] == ["Crema"]


def test_local_editor_cannot_name_the_comune_of_others(local_desk):
    elsewhere = make_municipality()

    assert "municipalities" in errors_of(send(local_desk("Crema", "Monte"), text=TEXT, municipalities=[elsewhere.pk]))


def test_local_editor_without_a_comune_is_told_whom_to_ask(local_desk):
    assert errors_of(send(local_desk(), text=TEXT)) == {
        "__all__": ["Non ti è assegnato nessun Comune: chiedi a un Amministratore."]
    }


def test_page_is_for_who_may_write(client):
    client.force_login(make_editor())
    assert client.get(PAGE).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == 302


# Bad input: a message at its field, and what was typed is still there


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({}, {"document": ["Scegli un documento, o incolla il testo."]}),
        ({"text": " \n\u200b "}, {"document": ["Scegli un documento, o incolla il testo."]}),
        ({"text": "\u200b\x85\u200b"}, {"document": ["Scegli un documento, o incolla il testo."]}),
        ({"text": "Un testo", "kind": "x"}, {"kind"}),
        ({"text": "Un testo", "listing": "x"}, {"listing"}),
        ({"text": "a\x00b"}, {"text"}),
    ],
)
def test_what_is_missing_or_impossible_is_told_at_its_field(desk, fields, errors):
    shown = errors_of(send(desk, **fields))

    assert shown == errors or set(shown) == errors


def test_document_and_text_together_are_refused_and_the_text_stays(desk, word):
    response = send(desk, document=word.file(), text=TEXT)

    assert errors_of(response) == {"text": ["Hai scelto anche un documento: tieni o l’uno o l’altro."]}
    assert SENTENCE in response.text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", packages.EMPTY),
        (b"PK\x03\x04 zip", packages.DAMAGED),
        (packages.OLD_OFFICE, packages.OLD),
        (b"x" * (limits.DOCUMENT_BYTES + 1), packages.TOO_HEAVY),
    ],
)
def test_bad_file_is_told_at_its_field(desk, content, message):
    assert errors_of(send(desk, document=upload(content))) == {"document": [message]}


def test_macros_are_told_at_their_field(desk, word):
    file = repacked(word.file(), ("word/vbaProject.bin", b"Sub AutoOpen()"))

    assert errors_of(send(desk, document=file)) == {"document": [packages.WITH_MACROS]}


def test_document_without_words_is_told(desk):
    assert errors_of(send(desk, document=WordFile().file())) == {"document": ["Il documento è vuoto."]}


def test_document_of_images_only_is_told(desk):
    word = WordFile()
    word.picture("La scansione di un comunicato")

    assert errors_of(send(desk, document=word.file())) == {
        "document": ["Il documento contiene solo immagini (1): chi non le vede non le legge, scrivi il testo."]
    }


def test_ten_megabytes_of_text_are_refused_and_stay(desk):
    text = "parola " * (10 * 1024 * 1024 // 7)
    response = send(desk, text=text)

    assert errors_of(response) == {
        "text": [
            f"Il testo ha {len(text.strip()):,} caratteri e il massimo è 100.000: lascia solo il comunicato.".replace(
                ",", "."
            )
        ]
    }
    assert len(response.content) > len(text) - 10


@pytest.mark.parametrize("title", ["🎉🎉", "x" * 10_000, "parola " * 1400])
def test_strange_title_is_a_draft_with_a_doubt(desk, title):
    response = send(desk, text=f"{title}\n\n{SENTENCE}")

    communique = Communique.objects.get()
    assert len(communique.title) <= 200
    assert communique.slug
    assert {"title-unlikely", "title-too-long"} & set(codes(communique))
    assert response.status_code == 200


def test_nothing_that_runs_comes_in(desk):
    send(
        desk, text=f"Il titolo <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> {SENTENCE}\n<script>x</script>"
    )

    assert "<img" not in Communique.objects.get().body
    assert "<script" not in Communique.objects.get().body


@pytest.mark.slow
@pytest.mark.parametrize("text", [". " * 50_000, "e' " * 33_000, '"' * 100_000, "http://" * 14_000, "• \n" * 33_000])
def test_hostile_text_is_read_in_time(desk, text):
    with timed() as cost:
        send(desk, text=text)

    assert cost.own + cost.of_children < 10


def test_terms_of_a_document_are_told_and_wait_beside_its_draft(desk):
    year = timezone.localdate().year + 1
    page = send(desk, text=f"Bando per le scuole\n\nLe domande si presentano entro le ore 12 del 15 gennaio {year}.\n")

    [message] = Communique.objects.get().doubts.filter(code="terms-told").values_list("message", flat=True)
    assert f"«entro le ore 12 del 15 gennaio {year}»" in message
    assert "Aggiungi la scadenza" in page.text


# The same document twice


def twice(desk, first, second=None):
    """The page that answers to the second time."""
    assert "è una bozza" in send(desk, **first).text
    return send(desk, **(second or first))


def anyway(page):
    return lxml.html.fromstring(page.text).xpath("//input[@name='anyway']/@value")[0]


def test_same_file_is_told_with_the_way_to_its_draft_and_makes_none(desk, word):
    content = word.file().read()
    response = twice(desk, {"document": upload(content)}, {"document": upload(content, "altro nome.docx")})

    first = Communique.objects.get()
    assert "Questo documento è già stato portato." in response.text
    assert f'<a href="{reverse("admin:open", args=[first.pk])}">Il nuovo orario</a>' in response.text


def test_same_document_makes_another_draft_for_who_wants_it(desk, word):
    response = twice(desk, {"document": word.file()}, {"document": word.file()})

    send(desk, document=word.file(), anyway=anyway(response))

    assert Communique.objects.count() == 2


def test_yes_to_one_document_is_none_to_another(desk):
    response = twice(desk, {"text": TEXT})
    send(desk, text=f"Altro titolo\n\n{SENTENCE} Ancora.\n")

    again = send(desk, text=f"Altro titolo\n\n{SENTENCE} Ancora.\n", anyway=anyway(response))

    assert "Questo documento è già stato portato." in again.text
    assert Communique.objects.count() == 2


def test_same_words_are_known_in_another_file_and_after_the_page_was_edited(desk):
    send(desk, text=TEXT)
    Communique.objects.update(title="Cambiato", body="<p>Tutto.</p>")

    assert "Questo documento è già stato portato." in send(desk, text=f"IL NUOVO ORARIO\n\n  {SENTENCE}  \n").text
    assert Communique.objects.count() == 1


def test_page_that_was_written_by_hand_with_the_same_words_is_told(desk):
    make_communique(title="Il nuovo orario", body=f"<p>{SENTENCE}</p>")

    assert "Questo documento è già stato portato." in send(desk, text=TEXT).text


def test_same_title_over_other_words_is_no_twin(desk):
    make_communique(title="Il nuovo orario", body="<p>Quello dell’anno scorso.</p>")

    assert "è una bozza" in send(desk, text=TEXT).text


def test_what_lies_in_the_bin_is_no_twin(desk):
    send(desk, text=TEXT)
    Communique.objects.get().discard(by=None)

    assert "è una bozza" in send(desk, text=TEXT).text


def test_twin_of_others_is_told_without_its_words(local_desk):
    make_communique(title="Il nuovo orario", body=f"<p>{SENTENCE}</p>", status="draft", places=[make_municipality()])
    desk = local_desk("Crema")

    response = send(desk, text=TEXT)

    assert "una pagina che non segui tu" in response.text
    assert 'href="/admin/apri' not in response.text
