"""/scadenze/ and /calendario/: what is due, for whom, until when; and what is due next beside other pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from areaomogenea.deadlines.models import Deadline
from areaomogenea.deadlines.month_view import BusyMonths, Month, MonthPage

from .factories import make_communique, make_deadline, make_initiative, make_municipality, make_topic, rome

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
DUE, CALENDAR = "/scadenze/", "/calendario/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def in_order(page, *words):
    places = [page.index(word) for word in words]
    return places == sorted(places)


def test_open_terms_come_by_closing_day_and_then_what_opens_later(client):
    page = make_communique(title="Il bando")
    make_deadline(page, title="Aprirà", opens_at=rome(2026, 12, 1), closes_at=rome(2026, 12, 2))
    make_deadline(page, title="Fra un mese", closes_at=rome(2026, 12, 24))
    make_deadline(page, title="Fra tre giorni", closes_at=rome(2026, 11, 27))
    make_deadline(page, title="Passata", closes_at=rome(2026, 11, 1))

    text = client.get(DUE).text

    assert in_order(text, "Adesso", "Ancora 3 giorni", "Fra tre giorni", "Fra un mese", "Apriranno", "Aprirà")
    assert "Apre il 1º dicembre 2026" in text
    assert "Passata" not in text
    assert "Passata" in client.get(f"{DUE}?chiuse=1").text


def test_term_says_for_whom_of_what_and_where(client):
    topic = make_topic(acronym="CER")
    page = make_communique([topic], title="Il bando")
    make_deadline(page, place="Sportello di Crema", url="https://example.org/domanda", for_municipalities=True)

    text = client.get(DUE).text

    for words in (
        "per cittadini e Comuni",
        "CER",
        page.get_absolute_url(),
        "Sportello di Crema",
        "example.org/domanda",
    ):
        assert words in text


def test_moved_and_called_off_terms_tell_why(client):
    page = make_communique()
    make_deadline(page, closes_at=rome(2026, 12, 1, 12)).move(None, "Lo chiede la Regione.", rome(2026, 11, 1))
    moved = make_deadline(page, closes_at=rome(2026, 12, 31, 12))
    moved.move(None, "Troppe domande.", closes_at=rome(2027, 1, 31, 12))
    make_deadline(page).call_off(None, "I fondi sono finiti.")

    text = client.get(DUE).text

    assert "Prorogata dal 31 dicembre 2026, ore 12:00 al 31 gennaio 2027, ore 12:00:</strong> Troppe domande." in text
    assert "Annullata:</strong> I fondi sono finiti." in text


@pytest.mark.parametrize("query", ["argomento=cer", "comune=crema", "per=imprese"])
@pytest.mark.parametrize("address", [DUE, CALENDAR, f"{CALENDAR}?mese=2026-12"])
def test_filters_narrow(client, address, query):
    matching = make_communique([make_topic(slug="cer")], [make_municipality(slug="crema")])
    make_deadline(matching, title="Questa", closes_at=rome(2026, 12, 1), for_businesses=True)
    make_deadline(make_communique(places=[make_municipality()]), title="Quell’altra", closes_at=rome(2026, 12, 1))

    text = client.get(f"{address}{'&' if '?' in address else '?'}{query}").text

    assert "Questa" in text
    assert "Quell’altra" not in text


@pytest.mark.parametrize("query", ["argomento=x", "comune=atlantide", "per=x"])
@pytest.mark.parametrize("address", [f"{DUE}?", f"{DUE}?chiuse=1&", f"{CALENDAR}?", f"{CALENDAR}?mese=2026-12&"])
def test_unknown_filter_lists_nothing_and_does_not_say_that_nothing_is_due(client, address, query):
    make_deadline(make_communique(), title="Di un altro Comune", closes_at=rome(2026, 12, 1))

    text = client.get(f"{address}{query}").text

    assert "Un filtro non si è capito" in text
    assert [words for words in ("Di un altro Comune", "Niente in scadenza", "è libero") if words in text] == []


@pytest.mark.parametrize("address", [DUE, CALENDAR])
def test_parameters_that_are_no_filters_hide_nothing(client, address):
    make_deadline(make_communique(), title="Sempre qui")

    response = client.get(f"{address}?chiuse=&mese=x")

    assert response.status_code == 200
    assert "Sempre qui" in response.text


def test_links_to_the_file_keep_the_filters(client):
    make_municipality(slug="crema")
    make_deadline(make_communique(), for_businesses=True)

    text = client.get(f"{DUE}?comune=crema&per=imprese").text

    assert "webcal://testserver/scadenze/scadenze.ics?comune=crema&amp;per=imprese" in text


def test_nothing_due_offers_what_is_past(client):
    make_deadline(make_communique(), closes_at=rome(2026, 11, 1))

    text = client.get(DUE).text

    assert "Niente in scadenza" in text
    assert "/scadenze/?chiuse=1" in text


def test_calendar_lists_by_month_what_is_to_come(client):
    page = make_communique()
    make_deadline(page, title="I progetti", closes_at=rome(2027, 1, 15))
    make_deadline(page, title="Assemblea", kind="incontro", opens_at=rome(2026, 12, 3, 18), closes_at=None)

    text = client.get(CALENDAR).text

    assert in_order(text, "Dicembre 2026", "Assemblea", "Gennaio 2027", "I progetti")
    assert "Fra 9 giorni" in text


def test_month_is_a_table_with_today_marked_and_ways_to_its_neighbours(client):
    page = make_initiative()
    make_deadline(page, title="Assemblea", kind="incontro", opens_at=rome(2026, 11, 30, 18), closes_at=None)
    make_deadline(page, title="A dicembre", closes_at=rome(2026, 12, 1))
    make_deadline(page, title="In agosto", closes_at=rome(2026, 8, 31, 23, 59))
    make_deadline(make_initiative(status="draft"), title="Non ancora", closes_at=rome(2026, 10, 1))

    text = client.get(f"{CALENDAR}?mese=2026-11").text

    assert "<caption>Novembre 2026</caption>" in text
    assert text.count('scope="col"') == 7
    assert text.count('aria-current="date"') == 1
    assert re.findall(r'mese=([0-9-]+)"\s+rel="(?:prev|next) nofollow"', text) == ["2026-08", "2026-12"]
    assert "Assemblea" in text
    assert "A dicembre" not in text


def test_month_that_is_far_away_is_not_for_search_engines(client):
    page = make_initiative()
    for year, month in [(2027, 11), (2027, 12), (2022, 10)]:
        make_deadline(page, closes_at=rome(year, month, 5))

    assert "noindex" not in client.get(f"{CALENDAR}?mese=2027-11").text
    assert "noindex" in client.get(f"{CALENDAR}?mese=2027-12").text
    assert "noindex" in client.get(f"{CALENDAR}?mese=2022-10").text


def test_month_without_anything_is_not_for_search_engines_and_leads_on(client):
    make_deadline(make_initiative(), closes_at=rome(2027, 3, 5))

    text = client.get(f"{CALENDAR}?mese=2026-12").text

    assert "noindex" in text
    assert re.findall(r'mese=([0-9-]+)"\s+rel="(?:prev|next) nofollow"', text) == ["2027-03"]
    assert "Marzo 2027" in text


@pytest.mark.parametrize("edge", ["2004-01", "2029-12"])
def test_calendar_ends_where_nothing_is_left(client, edge):
    make_deadline(make_initiative(), closes_at=rome(2026, 12, 1))
    make_deadline(make_initiative(), closes_at=rome(2031, 12, 1))

    text = client.get(f"{CALENDAR}?mese={edge}").text

    assert f"<caption>{Month(*map(int, edge.split('-'))).name.capitalize()}</caption>" in text
    assert ('rel="prev nofollow"' in text, 'rel="next nofollow"' in text) == (edge == "2029-12", edge == "2004-01")


def test_calendar_of_nothing_leads_to_no_month(client):
    text = client.get(CALENDAR).text

    assert "mese=" not in text
    assert re.search(r'<a role="link" aria-disabled="true"\s*>Mese</a>', text)


@pytest.mark.parametrize(("address", "empty"), [(DUE, "Chiuse"), (f"{DUE}?chiuse=1", "Aperte e in arrivo")])
def test_tab_without_anything_behind_it_is_no_link(client, address, empty):
    topic = make_topic(slug="cer")
    over, ahead = timezone.now() - timedelta(days=9), timezone.now() + timedelta(days=9)
    make_deadline(make_communique([topic]), closes_at=ahead if empty == "Chiuse" else over)
    make_deadline(make_communique(), closes_at=over if empty == "Chiuse" else ahead)
    narrowed = f"{address}{'&' if '?' in address else '?'}argomento=cer"

    disabled = re.compile(r'aria-disabled="true"\s*>([^<]+)</a>')
    assert disabled.findall(client.get(address).text) == []
    assert empty in disabled.findall(client.get(narrowed).text)


@pytest.mark.parametrize(
    "month",
    ["x", "2026", "2026-13", "2026-0", "2026-00", "0000-01", "9999-12", "2003-12", "2030-01", "²026-11", "2026-11-1"],
)
def test_month_that_does_not_exist_is_told(client, month):
    response = client.get(CALENDAR, {"mese": month})

    assert response.status_code == 200
    assert "Questo mese non si capisce" in response.text or "scegli un mese più vicino" in response.text
    assert "<table" not in response.text


@pytest.mark.parametrize(("hour", "day"), [((2026, 10, 25, 23, 59, 59), 25), ((2026, 10, 25), 25), ((2026, 3, 29), 29)])
def test_term_falls_on_the_day_that_romans_read(hour, day):
    deadline = make_deadline(make_communique(), closes_at=rome(*hour))

    busy = BusyMonths(Deadline.objects.all(), timezone.localdate())
    page = MonthPage(Month(*hour[:2]), [deadline], busy)

    assert [cell.date.day for week in page.weeks for cell in week if cell.rows] == [day]


def test_months_begin_at_midnight_in_rome():
    assert [Month(2026, number).start.utcoffset() for number in (4, 11)] == [timedelta(hours=2), timedelta(hours=1)]
    assert (Month(2026, 12).next, Month(2026, 1).previous) == (Month(2027, 1), Month(2025, 12))


def test_home_topic_and_comune_show_what_is_due_next(client):
    topic, crema = make_topic(slug="cer"), make_municipality(slug="crema")
    page = make_communique([topic], [crema])
    for days in range(1, 7):
        make_deadline(page, title=f"Termine {days}", closes_at=NOW + timedelta(days=days))
    make_deadline(make_communique(places=[make_municipality()]), title="D’altri", closes_at=NOW + timedelta(hours=9))
    make_deadline(page, title="Annullato").call_off(None, "Neve")

    for address in ("/argomenti/cer/", "/comuni/crema/"):
        text = client.get(address).text
        assert in_order(text, "In scadenza", "Termine 1", "Termine 4")
        assert "Termine 5" not in text
        assert "D’altri" not in text
    assert in_order(client.get("/").text, "In scadenza", "D’altri", "Termine 3")


@pytest.mark.parametrize("address", ["/", "/argomenti/cer/", "/comuni/crema/"])
def test_pages_say_nothing_when_nothing_is_due(client, address):
    make_topic(slug="cer")
    make_municipality(slug="crema")
    make_deadline(make_communique(), closes_at=NOW - timedelta(days=1))

    assert "In scadenza" not in client.get(address).text


def test_page_of_a_communique_lists_its_own(client):
    page = make_communique()
    mine = make_deadline(page, title="Il mio termine")
    make_deadline(make_communique(), title="D’altri")

    text = client.get(page.get_absolute_url()).text

    assert "Il mio termine" in text
    assert f'id="_scadenza-{mine.pk}"' in text
    assert "D’altri" not in text
