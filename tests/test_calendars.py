"""iCalendar files, read back with a library that did not write them."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
import vobject

from areaomogenea.publishing.revisions import Revision

from .factories import make_communique, make_deadline, make_initiative, make_municipality, make_topic, rome

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # how lines of iCalendar are written
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
FEED = "/calendario/calendario.ics"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def read(client, address=FEED):
    response = client.get(address)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = vobject.readOne(response.text)
    assert calendar.validate(raiseException=True)
    return calendar


def only_event(client, address=FEED):
    (event,) = read(client, address).vevent_list
    return event


def test_file_names_itself_and_says_how_often_to_look(client):
    make_deadline(make_communique())

    calendar = read(client)

    assert calendar.x_wr_calname.value == "Calendario dell’Area Omogenea Cremasca"
    assert calendar.refresh_interval.value == "PT6H"
    assert calendar.vtimezone.tzid.value == "Europe/Rome"


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\r\nSTATUS:CANCELLED\r\n", "\x0b", "\x1f", ";", ",", "\\"])
def test_no_title_ends_its_line(client, mark):
    deadline = make_deadline(make_communique(title=f"Uno{mark}due"), title=f"Tre{mark}quattro", place=f"Via{mark}Roma")

    for address in (FEED, f"/scadenze/{deadline.uid}.ics"):
        calendar = read(client, address)

        assert only_event(client, address).status.value == "CONFIRMED"
        assert not set(client.get(address).text.replace("\r\n", "")) & set("\r\n\x0b\x1f")
    text = {"\x1f": ""}.get(mark, re.sub(r"[\r\n\x0b]+", " ", mark))  # no stored title has lines
    assert calendar.x_wr_calname.value == f"Tre{text}quattro"


def test_empty_calendar_is_a_calendar(client):
    assert not hasattr(read(client), "vevent")


def test_event_tells_what_where_for_whom_and_leads_to_its_page(client):
    communique = make_communique([make_topic(name="Energia")], title="Il bando, «nuovo»; per tutti")
    deadline = make_deadline(communique, title="Domande; e dubbi", place="Crema, via Roma", for_businesses=True)

    event = only_event(client)

    assert (event.uid.value, event.status.value) == (str(deadline.uid), "CONFIRMED")
    assert (event.summary.value, event.location.value) == ("Scade: Domande; e dubbi", "Crema, via Roma")
    assert event.categories.value == ["Scadenza", "Cittadini", "Imprese", "Energia"]
    assert "Il bando, «nuovo»; per tutti" in event.description.value
    assert event.url.value == f"http://testserver{communique.get_absolute_url()}#_scadenza-{deadline.pk}"


@pytest.mark.parametrize(
    ("hour", "offset"),
    [
        # Around the last Sundays of March and October, when clocks change.
        ((2027, 3, 27, 18), 1),
        ((2027, 3, 28, 1, 30), 1),
        ((2027, 3, 28, 3, 30), 2),
        ((2027, 3, 28, 18), 2),
        ((2027, 7, 1, 18), 2),
        ((2027, 10, 30, 18), 2),
        ((2027, 10, 31, 1, 30), 2),
        ((2027, 10, 31, 3, 30), 1),
        ((2027, 10, 31, 18), 1),
    ],
)
def test_hours_are_those_of_rome_whatever_the_season(client, hour, offset):
    starts = rome(*hour)
    make_deadline(make_initiative(), kind="incontro", opens_at=starts, closes_at=starts + timedelta(hours=2))

    event = only_event(client)

    start = event.dtstart.value
    assert start.replace(tzinfo=None) == datetime(*hour)  # noqa: DTZ001 (as the wall clock shows it)
    assert start.utcoffset() == timedelta(hours=offset)
    assert (start.astimezone(UTC), event.dtend.value.astimezone(UTC)) == (starts, starts + timedelta(hours=2))


def test_meeting_across_the_change_of_clocks_ends_when_it_ends(client):
    begins, ends = rome(2027, 3, 27, 23), rome(2027, 3, 28, 4)
    make_deadline(make_initiative(), kind="incontro", opens_at=begins, closes_at=ends)

    event = only_event(client)

    assert event.dtend.value.astimezone(UTC) - event.dtstart.value.astimezone(UTC) == timedelta(hours=4)


@pytest.mark.parametrize("day", [(2027, 3, 28), (2027, 10, 31), (2027, 12, 31)])
def test_whole_day_ends_where_the_next_begins(client, day):
    make_deadline(make_communique(), closes_at=rome(*day, 23, 59, 59), is_all_day=True)

    event = only_event(client)

    assert (event.dtstart.value, event.dtend.value) == (date(*day), date(*day) + timedelta(days=1))
    assert type(event.dtstart.value) is date


def test_meeting_of_several_days_lasts_through_the_last(client):
    hours = {"opens_at": rome(2027, 5, 7), "closes_at": rome(2027, 5, 9, 23, 59, 59)}
    make_deadline(make_communique(), kind="incontro", is_all_day=True, **hours)

    event = only_event(client)

    assert (event.dtstart.value, event.dtend.value) == (date(2027, 5, 7), date(2027, 5, 10))


def test_term_with_an_hour_takes_no_time(client):
    make_deadline(make_communique(), closes_at=rome(2027, 5, 7, 12))

    event = only_event(client)

    assert event.dtstart.value.astimezone(UTC) == rome(2027, 5, 7, 12)
    assert not hasattr(event, "dtend")


def test_phone_follows_a_change_a_move_and_a_cancellation(client):
    deadline = make_deadline(make_communique(), closes_at=rome(2027, 1, 31, 12))
    seen = [only_event(client)]
    deadline.title = "Domande e allegati"
    deadline.save()
    seen.append(only_event(client))
    deadline.move(None, "Proroga della Regione.", closes_at=rome(2027, 2, 28, 12))
    seen.append(only_event(client))
    deadline.call_off(None, "Fondi finiti.")
    seen.append(only_event(client))

    assert {event.uid.value for event in seen} == {str(deadline.uid)}
    sequence = [int(event.sequence.value) for event in seen]
    assert sequence == sorted(set(sequence))
    assert [event.status.value for event in seen] == ["CONFIRMED"] * 3 + ["CANCELLED"]
    assert [event.dtstart.value.month for event in seen] == [1, 1, 2, 2]
    assert seen[1].summary.value == "Scade: Domande e allegati"
    assert "Prorogata dal 31 gennaio 2027, ore 12:00 al 28 febbraio 2027" in seen[2].description.value
    assert "Annullata: Fondi finiti." in seen[3].description.value


def test_withdrawn_page_takes_its_words_back_and_leaves_a_cancellation(client):
    communique = make_communique(title="Titolo segreto")
    deadline = make_deadline(communique, title="Termine segreto", place="Luogo segreto", url="https://segreto.example")
    before = only_event(client)
    communique.withdraw(by=None, comment="Motivo segreto")

    for address in (FEED, f"/scadenze/{deadline.uid}.ics"):
        after = only_event(client, address)
        assert (after.uid.value, after.status.value, after.summary.value) == (
            str(deadline.uid),
            "CANCELLED",
            "Annullato",
        )
        assert int(after.sequence.value) > int(before.sequence.value)
        assert "segreto" not in client.get(address).text

    communique.publish(by=None)
    again = only_event(client)
    assert (again.status.value, again.summary.value) == ("CONFIRMED", "Scade: Termine segreto")
    assert int(again.sequence.value) > int(after.sequence.value)


def test_page_that_is_put_off_leaves_a_cancellation_until_it_comes_out_again(client):
    communique = make_communique()
    deadline = make_deadline(communique, title="Termine segreto")
    seen = [only_event(client)]
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        communique.publish_at = NOW + timedelta(days=2)
        communique.save()
        communique.record(None, Revision.Action.SAVED)
        seen.append(only_event(client))
        text = client.get(f"/scadenze/{deadline.uid}.ics").text
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        seen.append(only_event(client))

    assert [event.status.value for event in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert "segreto" not in text
    assert "Annullato" in text
    for before, after in pairwise(seen):
        assert int(after.sequence.value) > int(before.sequence.value)
        assert after.dtstamp.value > before.dtstamp.value


def test_page_that_was_corrected_before_it_came_out_leaves_nothing(client):
    communique = make_communique(publish_at=NOW + timedelta(days=1))
    deadline = make_deadline(communique)
    communique.title = "Un altro titolo"
    communique.save()
    communique.correct(None, "Il titolo era sbagliato.")

    assert not hasattr(read(client), "vevent")
    assert client.get(f"/scadenze/{deadline.uid}.ics").status_code == 404


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"publish_at": NOW + timedelta(days=1)}])
def test_what_is_not_out_yet_is_in_no_file(client, hidden):
    deadline = make_deadline(make_communique(**hidden))

    assert not hasattr(read(client), "vevent")
    assert client.get(f"/scadenze/{deadline.uid}.ics").status_code == 404


def test_change_is_dated_when_it_was_made(client):
    communique = make_communique()
    make_deadline(communique)
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        communique.withdraw(by=None, comment="Via")

        assert only_event(client).last_modified.value == NOW + timedelta(days=3)


def test_deadlines_file_has_no_meetings(client):
    communique = make_communique()
    make_deadline(communique, title="Domande")
    make_deadline(communique, kind="incontro", opens_at=rome(2027, 1, 1, 18), closes_at=None, title="Assemblea")

    assert [event.summary.value for event in read(client, "/scadenze/scadenze.ics").vevent_list] == ["Scade: Domande"]
    assert {event.summary.value for event in read(client).vevent_list} == {"Assemblea", "Scade: Domande"}


def test_what_is_over_stays_for_a_year(client):
    communique = make_communique()
    make_deadline(communique, title="Dieci mesi fa", closes_at=NOW - timedelta(days=300))
    make_deadline(communique, title="Due anni fa", closes_at=NOW - timedelta(days=700))

    assert only_event(client).summary.value == "Scade: Dieci mesi fa"


def test_file_follows_the_filters_of_the_page_and_says_so(client):
    crema, topic = make_municipality(slug="crema", name="Crema"), make_topic(slug="cer", name="Energia")
    make_deadline(make_communique([topic], [crema]), title="Di Crema", for_businesses=True)
    make_deadline(make_communique([topic], [make_municipality()]), title="D’altri")

    address = "/scadenze/scadenze.ics?comune=crema&argomento=cer&per=imprese"

    assert only_event(client, address).summary.value == "Scade: Di Crema"
    title = "Scadenze dell’Area Omogenea Cremasca · Energia · Crema · Imprese"
    assert read(client, address).x_wr_calname.value == title


@pytest.mark.parametrize("address", [FEED, "/scadenze/scadenze.ics"])
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("comune=atlantide", "Questo Comune non è fra i 48 dell’Area"),
        ("argomento=alchimia", "Questo argomento non esiste"),
        ("per=marziani", "Nessuna scadenza è per questa categoria"),
    ],
)
def test_file_for_what_does_not_exist_says_so_plainly(client, address, query, message):
    response = client.get(f"{address}?{query}")

    assert (response.status_code, response.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert message in response.text


def test_file_that_has_not_changed_is_not_sent_again(client):
    make_deadline(make_communique())
    first = client.get(FEED)

    with time_machine.travel(NOW + timedelta(hours=5), tick=False):
        assert client.get(FEED, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert "s-maxage=5" in first.headers["Cache-Control"]


def test_lines_are_folded_and_end_as_the_standard_wants(client):
    make_deadline(make_communique(title="È una parola lunga, " * 9), title="Perché " * 15)

    content = client.get(FEED).content

    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
