"""The panel of checks beside the form: who may ask for it, what it says, what it suggests."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.attachments import Attachment
from news.models import Communique

from .factories import make_attachment, make_communique, make_editor, make_municipality, make_term, make_topic
from .test_desk import LIST, form_data

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # checks read a text, not a table
CHECK = f"{LIST}controlla/"


@pytest.fixture
def writer(client):
    client.force_login(make_editor(role="Redattore"))
    return client


@pytest.fixture
def approver(client):
    client.force_login(make_editor(role="Responsabile"))
    return client


@pytest.fixture
def crema():
    return make_municipality(name="Crema", slug="crema")


def local_writer(client, *places):
    user = make_editor(role="Redattore comunale")
    for place in places:
        user.assignments.create(municipality=place)
    client.force_login(user)
    return client


def messages(page):
    return re.findall("<p><strong>(.*?)</strong>", page)


def suggested(page):
    return re.findall('data-add="(.*?)" data-key="(.*?)"', page)


# Who may ask


def test_panel_answers_to_who_writes_and_saves_nothing(writer):
    page = writer.post(CHECK, form_data(summary="")).text

    assert "Manca il testo «in breve»." in messages(page)
    assert not Communique.objects.exists()


@pytest.mark.parametrize(("user", "status"), [({}, 403), ({"is_staff": False}, 302), (None, 302)])
def test_panel_is_closed_to_others(client, user, status):
    if user is not None:
        client.force_login(make_editor(**user))

    # As a script asks: who sends a page is given back what was typed, see test_unsaved.py.
    assert client.post(CHECK, form_data(), headers={"sec-fetch-mode": "cors"}).status_code == status


def test_panel_is_only_posted_to(writer):
    assert writer.get(CHECK).status_code == 405


@pytest.mark.parametrize("key", ["{foreign}", "999999", "x", "²", "1' OR '1"])
def test_foreign_row_is_not_told_from_one_that_never_was(client, crema, key):
    foreign = make_communique(places=[make_municipality()], status="draft")

    answer = local_writer(client, crema).post(f"{CHECK}?di={key.format(foreign=foreign.pk)}", form_data())

    assert answer.status_code == 404


# What it says


def test_page_shows_the_findings_without_scripts(writer):
    communique = make_communique(status="draft", summary="", body="<p>Apre domani.</p>")

    page = writer.get(f"{LIST}{communique.pk}/change/").text

    assert "2 cose da correggere, 1 consiglio" in page
    assert "«domani» si capisce solo il giorno in cui esce." in messages(page)


def test_new_form_blames_nobody(writer):
    page = writer.get(f"{LIST}add/").text

    assert "Comincia a scrivere" in page
    assert messages(page) == []


def test_good_text_is_told_so(writer):
    topic = make_topic()
    typed = form_data(topics=[topic.pk], publish_at_0="03/03/2026", publish_at_1="10:00")

    assert "Tutto a posto" in writer.post(CHECK, typed).text


@pytest.mark.parametrize(
    "typed",
    [
        {"publish_at_0": "boh", "publish_at_1": "boh"},
        {"topics": ["999999"], "municipalities": ["999998"], "picture": "999997"},
        {"title": "x" * 10_000, "body": "<p>" * 1_000},
        {"body": "<script>alert(1)</script>", "title": "<script>alert(1)</script> AVVISO IMPORTANTE"},
        {"title": "nullo\0", "body": "nullo\0"},
        {"attachments-TOTAL_FORMS": "x"},
        {"attachments-TOTAL_FORMS": "3", "attachments-0-id": "x", "attachments-1-description": "y"},
    ],
    ids=str,
)
def test_whatever_is_typed_gets_an_answer(writer, typed):
    answer = writer.post(CHECK, form_data(**typed))

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_attachments_are_checked_as_they_stand_in_the_form(writer):
    communique = make_communique(status="draft")
    staying, dropped = make_attachment(communique, name="Il bando"), make_attachment(communique, name="La mappa")
    rows = {
        "TOTAL_FORMS": 4,
        "INITIAL_FORMS": 2,
        "0-id": staying.pk,
        "0-name": "Il bando",
        "0-description": "",
        "1-id": dropped.pk,
        "1-name": "La mappa",
        "1-description": "",
        "1-DELETE": "on",
        "2-file": "nuovo.pdf",
        "2-description": "",
        "3-file": "",
        "3-name": "",
        "3-description": "",
    }
    typed = form_data(**{f"attachments-{name}": value for name, value in rows.items()})

    shown = [words for words in messages(writer.post(f"{CHECK}?di={communique.pk}", typed).text) if "allegato" in words]

    assert shown == ["L’allegato «Il bando» non ha descrizione.", "L’allegato «nuovo.pdf» non ha descrizione."]
    assert Attachment.objects.count() == 2


def test_own_title_is_no_namesake(writer):
    communique = make_communique(title="Un titolo")

    assert "Lo stesso titolo" not in writer.post(f"{CHECK}?di={communique.pk}", form_data()).text
    assert "Lo stesso titolo" in writer.post(CHECK, form_data()).text


# What it suggests


def test_topics_and_comuni_of_the_text_are_suggested_until_chosen(writer, crema):
    cer = make_topic(name="Energia", keywords="comunità energetic*")
    typed = form_data(body="<p>A Crema nasce una comunità energetica.</p>")

    assert suggested(writer.post(CHECK, typed).text) == [("topics", str(cer.pk)), ("municipalities", str(crema.pk))]
    assert "nel testo: «comunità energetica»" in writer.post(CHECK, typed).text
    assert suggested(writer.post(CHECK, typed | {"topics": [cer.pk], "municipalities": [crema.pk]}).text) == []


def test_doubtful_name_offers_each_comune_that_it_may_be(writer):
    ripalte = [make_municipality(name=f"Ripalta {name}") for name in ("Arpina", "Cremasca")]
    typed = form_data(body="<p>La strada per Ripalta.</p>")

    page = writer.post(CHECK, typed).text

    assert suggested(page) == [("municipalities", str(ripalta.pk)) for ripalta in ripalte]
    assert "«Ripalta» può voler dire più cose" in page
    assert suggested(writer.post(CHECK, typed | {"municipalities": [ripalte[0].pk]}).text) == []


def test_who_writes_for_one_comune_is_offered_that_one(client, crema):
    make_municipality(name="Offanengo")
    typed = form_data(body="<p>Da Crema a Offanengo.</p>")

    assert suggested(local_writer(client, crema).post(CHECK, typed).text) == [("municipalities", str(crema.pk))]


# Publishing


def test_refused_publication_keeps_what_was_typed_and_says_why(approver):
    communique = make_communique(status="draft", title="Com’era")
    typed = form_data(
        title="Come lo voglio",
        summary="",
        body='<p>Leggi <a href="/non-esiste/">il bando</a>.</p>',
        publish_at_0="2999-01-01",
    )

    page = approver.post(f"{LIST}{communique.pk}/change/", typed | {"_verb_publish": "1"}).text

    communique.refresh_from_db()
    assert (communique.status, communique.title) == ("draft", "Com’era")
    assert "Come lo voglio" in page
    assert "/non-esiste/" in page
    for fault in ("Manca il testo «in breve».", "Il collegamento «il bando» porta a una pagina", "Manca l’argomento."):
        assert page.count(f"<li>{fault}") == 1  # at the field
        assert sum(words.startswith(fault) for words in messages(page)) == 1  # in the panel


@pytest.mark.parametrize("year", [1970, 2999])
def test_absurd_hour_is_refused_at_its_field(approver, year):
    communique = make_communique([make_topic()], status="draft")
    typed = form_data(publish_at_0=f"01/01/{year}", publish_at_1="10:00", topics=[communique.topics.get().pk])

    page = approver.post(f"{LIST}{communique.pk}/change/", typed | {"_verb_publish": "1"}).text

    assert "<li>L’ora di pubblicazione è" in page
    communique.refresh_from_db()
    assert communique.status == "draft"


def test_what_is_live_cannot_lose_what_it_needed(approver):
    communique = make_communique([make_topic()])

    page = approver.post(
        f"{LIST}{communique.pk}/change/", form_data(publish_at_0="03/03/2026", publish_at_1="10:00", _save="1")
    ).text

    assert "<li>Manca l’argomento." in page
    assert communique.topics.count() == 1


def test_publishing_at_once_needs_no_hour(approver):
    topic = make_topic()
    communique = make_communique([topic], status="draft", publish_at=None)

    typed = form_data(topics=[topic.pk], read_version=0) | {"_verb_publish_now": "1"}
    response = approver.post(f"{LIST}{communique.pk}/change/", typed)
    approver.post(response.url, {"decided": "1", f"letta_{communique.pk}": 1})

    communique.refresh_from_db()
    assert communique.is_published()


# Cost


@pytest.mark.parametrize("rows", [2, 20])
def test_queries_of_a_check_do_not_grow(writer, rows):
    topics = [make_topic(keywords=f"parola{number}") for number in range(rows)]
    places = [make_municipality(name=f"Paese{number:03}") for number in range(rows)]
    communique = make_communique(topics, places, status="draft")
    for number in range(rows):
        make_term()
        make_attachment(communique)
        make_communique(kind="notizie", slug=f"notizia-{number}")
    links = "".join(f'<a href="/novita/notizie/notizia-{number}/">notizia</a>' for number in range(rows))
    names = " ".join(
        [*(f"parola{number}" for number in range(rows)), *(place.name for place in Municipality.objects.all())]
    )
    typed = form_data(body=f"<p>{names} {links}</p>", topics=[topic.pk for topic in topics])

    with CaptureQueriesContext(connection) as queries:
        writer.post(f"{CHECK}?di={communique.pk}", typed)

    assert len(queries) <= 20, "\n".join(query["sql"] for query in queries)


# To whom it speaks


HOUR = "L’ora di pubblicazione non c’è, o non è completa."


@pytest.mark.parametrize("role", ["Redattore", "Redattore comunale"])
def test_who_does_not_publish_is_told_to_hand_it_over(client, crema, role):
    user = make_editor(role)
    user.assignments.create(municipality=crema)
    client.force_login(user)
    typed = form_data(topics=[make_topic().pk], municipalities=[crema.pk])

    page = client.post(CHECK, typed).text

    assert "Niente da correggere, 1 consiglio" in page
    assert HOUR in page
    assert "premi «Manda in revisione»" in page
    assert "Pubblica adesso" not in page


def test_who_publishes_is_told_the_missing_hour(approver):
    page = approver.post(CHECK, form_data(topics=[make_topic().pk])).text

    assert "1 cosa da correggere" in page
    assert "Manca l’ora di pubblicazione, o non è completa." in page
    assert "premi «Pubblica adesso»" in page


def test_what_is_live_needs_its_hour_whoever_proposes(writer):
    live = make_communique([make_topic()])

    page = writer.post(f"{CHECK}?di={live.pk}", form_data(topics=[topic.pk for topic in live.topics.all()])).text

    assert "Manca l’ora di pubblicazione" in page
