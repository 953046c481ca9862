"""Terms that a text names and its page has no row for: the panel says so, and has the row ready."""

import html
import json
import re
from datetime import UTC, datetime

import pytest
import time_machine

from areaomogenea.deadlines.models import Deadline
from areaomogenea.publishing.models import Settled

from .factories import make_communique, make_deadline, make_editor, make_initiative, rome
from .test_desk import LIST, form_data

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # what is found in a text
CHECK = f"{LIST}controlla/"
TEXT = "<p>Le domande dei cittadini si presentano entro le ore 12 del 15 gennaio 2027.</p>"
MEETING = "<p>L’assemblea si terrà giovedì 3 dicembre alle 21 in sala Pietro da Cemmo.</p>"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime(2026, 11, 30, 11, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def writer(client):
    client.force_login(make_editor(role="Responsabile"))
    return client


def offered(page):
    return [json.loads(html.unescape(values)) for values in re.findall('data-values="(.*?)"', page)]


def typed(*rows, **overrides):
    """A form with these rows of deadlines."""
    fields = {f"deadlines-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}
    return form_data(**fields, **{"deadlines-TOTAL_FORMS": len(rows)} | overrides)


def test_term_of_the_text_is_offered_as_the_row_that_it_would_be(writer):
    page = writer.post(CHECK, typed(title="Bando per le scuole", body=TEXT)).text

    assert "Il testo nomina una scadenza che la pagina non ha: «entro le ore 12 del 15 gennaio 2027»." in page
    assert offered(page) == [
        {
            "kind": "scadenza",
            "title": "Domande: Bando per le scuole",
            "audience": ["cittadini"],
            "opens_day": "",
            "opens_hour": "",
            "closes_day": "15/01/2027",
            "closes_hour": "12:00",
            "place": "",
        }
    ]


def test_meeting_is_offered_with_its_hour_and_place(writer):
    [row] = offered(writer.post(CHECK, typed(body=MEETING)).text)

    assert (row["kind"], row["opens_day"], row["opens_hour"]) == ("incontro", "03/12/2026", "21:00")
    assert (row["title"], row["place"], row["audience"]) == ("Assemblea: Un titolo", "sala Pietro da Cemmo", [])


def test_offer_makes_a_row_that_is_saved_as_it_stands(writer):
    [row] = offered(writer.post(CHECK, typed(body=TEXT)).text)

    writer.post(f"{LIST}add/", typed(row, body=TEXT))

    deadline = Deadline.objects.get()
    assert (deadline.kind, deadline.closes_at, deadline.audiences) == ("scadenza", rome(2027, 1, 15, 12), ["Cittadini"])


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "scadenza", "closes_day": "15/01/2027", "closes_hour": "12:00"},
        {"kind": "scadenza", "closes_day": "15/1/2027", "closes_hour": "12"},
        {"kind": "scadenza", "closes_day": "15.1.2027", "closes_hour": ""},
        {"kind": "scadenza", "closes_day": "15/01/2027", "closes_hour": "13:00"},  # whoever wrote it knew better
        {"kind": "incontro", "opens_day": "15/01/2027", "opens_hour": "alle 12"},
    ],
)
def test_row_of_that_day_ends_the_offer(writer, row):
    assert offered(writer.post(CHECK, typed(row, body=TEXT)).text) == []


@pytest.mark.parametrize(
    "row", [{"closes_day": "16/01/2027"}, {"closes_day": "?"}, {"closes_day": "15/01/2027", "DELETE": "on"}]
)
def test_other_rows_do_not(writer, row):
    assert len(offered(writer.post(CHECK, typed(row, body=TEXT)).text)) == 1


def test_two_of_one_day_take_two_rows(writer):
    body = "<p>Visita sabato 12 dicembre alle 15.</p><p>Concerto sabato 12 dicembre alle 21.</p>"
    row = {"kind": "incontro", "opens_day": "12/12/2026", "opens_hour": "21:00"}

    [left] = offered(writer.post(CHECK, typed(row, body=body)).text)

    assert left["opens_hour"] == "15:00"


def test_stored_rows_count_when_the_form_opens(writer):
    communique = make_communique(status="draft", publish_at=None, body=TEXT + MEETING)
    make_deadline(communique, closes_at=rome(2027, 1, 15, 12))

    page = writer.get(f"{LIST}{communique.pk}/change/").text

    assert [row["kind"] for row in offered(page)] == ["incontro"]


def test_rows_that_readers_know_count_though_their_boxes_send_nothing(writer):
    communique = make_communique(publish_at=rome(2026, 11, 1), body=TEXT)
    deadline = make_deadline(communique, closes_at=rome(2027, 1, 15, 12))
    row = {"id": deadline.pk, "title": "Domande", "audience": "cittadini"}

    page = writer.post(f"{CHECK}?di={communique.pk}", typed(row, body=TEXT, **{"deadlines-INITIAL_FORMS": 1})).text

    assert offered(page) == []


def test_what_is_over_is_not_offered_on_an_old_page(writer):
    communique = make_communique(publish_at=rome(2022, 3, 1), body="<p>Domande entro il 31 marzo 2022.</p>")

    assert offered(writer.get(f"{LIST}{communique.pk}/change/").text) == []


def test_term_never_keeps_a_page_from_readers(writer):
    page = writer.post(CHECK, typed(body=TEXT)).text

    assert "che la pagina non ha" not in page.partition("Consigli")[0]


def test_doubt_of_a_term_is_told(writer):
    page = writer.post(CHECK, typed(body="<p>L’assemblea si terrà martedì 3 dicembre alle 21.</p>")).text

    assert "Controlla: il 3 dicembre 2026 è giovedì, non martedì." in page


def test_initiatives_offer_rows_too(writer):
    initiative = make_initiative(status="draft", publish_at=None, body=TEXT)

    assert len(offered(writer.get(f"/admin/initiatives/initiative/{initiative.pk}/change/").text)) == 1


# What an editor says of an offer


def keys(page, name):
    return re.findall(f'data-{name}="(.*?)"', page)


def test_who_says_that_it_is_no_deadline_is_not_asked_again_and_may_think_otherwise(writer):
    communique = make_communique(status="draft", publish_at=None, body=TEXT + MEETING)
    form, change = f"{CHECK}?di={communique.pk}", f"{LIST}{communique.pk}/change/"
    [key, other] = keys(writer.get(change).text, "settle")

    page = writer.post(form, typed(body=TEXT + MEETING, settle=key)).text
    assert (keys(page, "settle"), keys(page, "reopen")) == ([other], [key])
    assert keys(writer.get(change).text, "settle") == [other]
    assert keys(writer.post(form, typed(body=TEXT.replace("ore 12", "ore  12"))).text, "settle") == []
    assert len(keys(writer.post(form, typed(body=TEXT.replace("ore 12", "ore 13"))).text, "settle")) == 1

    page = writer.post(form, typed(body=TEXT + MEETING, reopen=key)).text
    assert (keys(page, "settle"), keys(page, "reopen")) == ([key, other], [])


def test_page_that_is_not_saved_yet_has_nothing_to_say_it_of(writer):
    page = writer.post(CHECK, typed(body=TEXT, settle="a" * 64)).text

    assert (len(offered(page)), keys(page, "settle"), Settled.objects.count()) == (1, [], 0)


@pytest.mark.parametrize("key", ["", "breve", "A" * 64, "z" * 64, "a" * 65])
def test_strange_key_settles_nothing(writer, key):
    communique = make_communique(status="draft", publish_at=None, body=TEXT)

    assert offered(writer.post(f"{CHECK}?di={communique.pk}", typed(body=TEXT, settle=key)).text)
    assert Settled.objects.count() == 0


def test_who_may_not_change_a_page_says_nothing_of_it(client):
    communique = make_communique(status="draft", publish_at=None, body=TEXT)
    client.force_login(make_editor(role="Redattore comunale"))

    assert client.post(f"{CHECK}?di={communique.pk}", typed(body=TEXT, settle="a" * 64)).status_code == 404
    assert Settled.objects.count() == 0
