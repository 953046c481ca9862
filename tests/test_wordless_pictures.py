"""A picture may come in without words; nothing that shows it is published before somebody has written them."""

import pytest
from django.core.files.storage import default_storage

from areaomogenea.library.models import Picture

from .factories import make_communique, make_picture, make_topic, picture_file
from .test_decisions import somebody
from .test_history import change as change_of
from .test_history import form_of
from .test_illustrations import figure
from .test_library import LIBRARY, WALL

pytestmark = pytest.mark.django_db
PASTED = {"da_descrivere": "1"}
BUTTONS = ["_verb_publish_now", "_verb_publish", "_verb_correct", "_save"]


def wordless():
    return make_picture(alternative_text="", credit="")


def test_pasted_picture_waits_in_the_library_for_its_words():
    client = somebody("Redattore")
    answer = client.post(LIBRARY, PASTED | {"file": picture_file("Schermata 1.png")})

    picture = Picture.objects.get()
    assert (answer.status_code, answer.json()["picture"]["id"]) == (201, picture.pk)
    assert (picture.alternative_text, str(picture)) == ("", "Da descrivere: schermata-1.webp")
    assert "Da descrivere: schermata-1.webp" in client.get(f"{WALL}?parole=mancano").text


def test_what_is_no_picture_is_told_at_its_field_and_nothing_comes_in():
    file = picture_file("piazza.png")
    file.file.seek(20)
    file.file.truncate()
    answer = somebody("Redattore").post(LIBRARY, PASTED | {"file": file})

    assert (answer.status_code, list(answer.json()["errors"]), Picture.objects.count()) == (422, ["file"], 0)


def test_library_form_still_asks_for_words():
    answer = somebody("Redattore").post(LIBRARY, {"file": picture_file()})

    assert set(answer.json()["errors"]) >= {"alternative_text", "credit"}


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("where", ["at the head", "in the text"])
def test_page_that_shows_a_wordless_picture_does_not_come_out(client, button, where):
    picture, approver = wordless(), somebody()
    shown = {"picture": picture} if where == "at the head" else {"body": f"<p>Testo.</p>{figure(picture, '')}"}
    status = "approved" if button in ("_verb_correct", "_save") else "draft"
    page = make_communique([make_topic()], status=status)
    fields = {"picture": picture.pk} if where == "at the head" else {"body": shown["body"]}

    answer = approver.post(change_of(page), form_of(page) | fields | {button: "1", "comment": "Una nota"})

    assert "testo alternativo" in answer.text
    page.refresh_from_db()
    assert (page.picture, page.illustrations.exists(), page.status) == (None, False, status)


@pytest.mark.parametrize("verb", ["publish", "publish_now"])
def test_page_of_a_decision_refuses_too(verb):
    draft = make_communique([make_topic()], status="draft", body=figure(wordless(), ""))
    page = f"{change_of(draft).removesuffix('change/')}decisione/{verb}/"
    answer = somebody().post(page, {"decided": "1", f"letta_{draft.pk}": draft.version})

    draft.refresh_from_db()
    assert ("testo alternativo" in answer.text, draft.status) == (True, "draft")


def test_words_written_in_the_library_reach_the_texts_that_waited():
    picture = wordless()
    draft = make_communique([make_topic()], status="draft", body=f"<p>Testo.</p>{figure(picture, '')}")
    typed = {"alternative_text": "Il ponte", "credit": "Archivio", "focal_x": "0,5", "focal_y": "0,5"}
    somebody("Redattore").post(f"{WALL}{picture.pk}/change/", typed)

    draft.refresh_from_db()
    assert 'alt="Il ponte"' in draft.body


def test_words_written_in_a_text_are_the_first_of_the_library_and_no_others():
    picture = wordless()
    make_communique([make_topic()], status="draft", body=figure(picture, "Il ponte"))
    make_communique([make_topic()], status="draft", body=figure(picture, "Un altro"))

    picture.refresh_from_db()
    assert picture.alternative_text == "Il ponte"


def test_wordless_picture_at_the_desk_only(client):
    picture = wordless()
    make_communique([make_topic()], status="draft", body=figure(picture, ""))

    assert default_storage.exists(picture.file.name)
    assert client.get(picture.file.url).status_code == 404
