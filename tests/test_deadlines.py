"""Deadlines and meetings: their state is told by the clock of Rome, and a verb moves them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from areaomogenea.deadlines.models import Deadline
from areaomogenea.publishing.signals import publication_changed

from .factories import make_communique, make_deadline, make_editor, make_initiative, make_municipality, make_topic, rome

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # 12:00 in Rome


def make_term(**fields):
    return make_deadline(make_communique(), **fields)


def make_meeting(**fields):
    return make_term(kind="incontro", title="Assemblea", **{"closes_at": None} | fields)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (rome(2026, 11, 2, 23, 59), "ahead"),
        (rome(2026, 11, 3), "open"),
        (rome(2026, 11, 30, 12), "open"),
        (rome(2026, 11, 30, 12, 0, 1), "closed"),
    ],
)
def test_clock_tells_the_state_of_a_term(now, state):
    term = make_term(opens_at=rome(2026, 11, 3), closes_at=rome(2026, 11, 30, 12))

    assert term.state(now) == state


def test_term_of_a_whole_day_counts_to_its_last_second():
    term = make_term(closes_at=rome(2026, 11, 30, 23, 59, 59), is_all_day=True)

    assert term.state(rome(2026, 11, 30, 23, 59, 59)) == "open"
    assert term.state(rome(2026, 12, 1)) == "closed"


def test_meeting_without_an_end_lasts_a_while():
    meeting = make_meeting(opens_at=rome(2026, 11, 24, 18))

    assert [meeting.state(rome(2026, 11, 24, hour)) for hour in (17, 19, 21)] == ["ahead", "open", "closed"]


@pytest.mark.parametrize(
    ("now", "left"),
    [
        # The night of 29 March has 23 hours, that of 25 October 25: days are those of calendars all the same.
        (rome(2026, 3, 28, 23, 59), 1),
        (rome(2026, 3, 28), 1),
        (rome(2026, 3, 29), 0),
        (rome(2026, 3, 29, 23, 59), 0),
        (rome(2026, 3, 30), -1),
    ],
)
def test_days_left_are_those_of_italian_calendars_in_march(now, left):
    assert make_term(closes_at=rome(2026, 3, 29, 23, 59, 59)).days_left(now) == left


@pytest.mark.parametrize(
    ("now", "left"), [(rome(2026, 10, 24, 23), 1), (rome(2026, 10, 25), 0), (rome(2026, 10, 26), -1)]
)
def test_days_left_are_those_of_italian_calendars_in_october(now, left):
    assert make_term(closes_at=rome(2026, 10, 25, 23, 59, 59)).days_left(now) == left


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"closes_at": rome(2026, 12, 31, 23, 59, 59), "is_all_day": True}, "Ancora 37 giorni"),
        ({"closes_at": rome(2026, 11, 25, 23, 59, 59), "is_all_day": True}, "Scade domani"),
        ({"closes_at": rome(2026, 11, 24, 23, 59, 59), "is_all_day": True}, "Scade oggi"),
        ({"closes_at": rome(2026, 11, 24, 17)}, "Scade oggi alle 17:00"),
        ({"closes_at": rome(2026, 11, 24, 9)}, "Chiusa"),
        ({"opens_at": rome(2026, 12, 1), "closes_at": rome(2026, 12, 31)}, "Apre il 1º dicembre 2026"),
        ({"kind": "incontro", "opens_at": rome(2026, 11, 27, 18), "closes_at": None}, "Fra 3 giorni"),
        ({"kind": "incontro", "opens_at": rome(2026, 11, 25, 18), "closes_at": None}, "Domani alle 18:00"),
        ({"kind": "incontro", "opens_at": rome(2026, 11, 24, 11, 30), "closes_at": None}, "In corso"),
        ({"called_off_at": NOON, "called_off_why": "Neve"}, "Annullata"),
    ],
)
def test_reader_sees_at_once_how_long_is_left(fields, words):
    assert make_term(**fields).countdown == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"closes_at": rome(2026, 3, 31, 23, 59, 59), "is_all_day": True}, "entro il 31 marzo 2026"),
        ({"closes_at": rome(2026, 3, 31, 12)}, "entro il 31 marzo 2026, ore 12:00"),
        (
            {"opens_at": rome(2026, 1, 1), "closes_at": rome(2026, 3, 31, 23, 59, 59), "is_all_day": True},
            "dal 1º gennaio 2026 al 31 marzo 2026",
        ),
        (
            {"kind": "incontro", "opens_at": rome(2026, 3, 1, 18), "closes_at": rome(2026, 3, 1, 20)},
            "1º marzo 2026, dalle 18:00 alle 20:00",
        ),
        ({"kind": "incontro", "opens_at": rome(2026, 3, 1, 18), "closes_at": None}, "1º marzo 2026, ore 18:00"),
    ],
)
def test_hours_are_told_as_much_as_is_known(fields, words):
    assert make_term(**fields).when == words


@time_machine.travel(NOON, tick=False)
def test_moved_term_keeps_its_history():
    term = make_term(closes_at=rome(2027, 1, 31, 12))
    term.move(None, "Su richiesta dei Comuni.", closes_at=rome(2027, 2, 28, 12))
    term.move(None, "Serve prima.", closes_at=rome(2027, 2, 15, 12))

    assert Deadline.objects.with_all().get().story == [
        ("Prorogata dal 31 gennaio 2027, ore 12:00 al 28 febbraio 2027, ore 12:00", "Su richiesta dei Comuni."),
        ("Anticipata dal 28 febbraio 2027, ore 12:00 al 15 febbraio 2027, ore 12:00", "Serve prima."),
    ]


@time_machine.travel(NOON, tick=False)
def test_moved_meeting_says_so():
    meeting = make_meeting(opens_at=rome(2027, 1, 31, 18))
    meeting.move(None, "Sala occupata.", opens_at=rome(2027, 2, 1, 18))

    (step,) = Deadline.objects.with_all().get().story
    assert step == ("Spostato dal 31 gennaio 2027, ore 18:00 al 1º febbraio 2027, ore 18:00", "Sala occupata.")


def test_of_two_who_move_at_once_the_first_wins():
    term = make_term()
    other = Deadline.objects.get()
    far = timezone.now() + timedelta(days=90)

    assert term.move(None, "Prima", closes_at=far) is True
    assert other.move(None, "Seconda", closes_at=far + timedelta(days=1)) is False
    assert (other.closes_at, Deadline.objects.get().moves.count()) == (far, 1)


def test_of_two_who_call_off_at_once_the_first_wins():
    term, other = make_term(), Deadline.objects.get()

    assert (term.call_off(None, "Neve"), other.call_off(None, "Sciopero")) == (True, False)
    assert Deadline.objects.get().called_off_why == "Neve"


@pytest.mark.parametrize(
    ("closes_in", "message"),
    [(timedelta(days=-1), "già passata"), (timedelta(hours=1), "Finisce prima di cominciare")],
)
def test_move_that_makes_no_sense_is_refused_and_changes_nothing(closes_in, message):
    now = timezone.now()
    term = make_term(opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=3))
    before = term.hours

    with pytest.raises(ValidationError, match=message):
        term.move(None, "Per errore", closes_at=now + closes_in)

    stored = Deadline.objects.get()
    assert (term.hours, stored.hours, stored.sequence, stored.moves.count()) == (before, before, 0, 0)


def test_move_to_where_it_is_already_is_refused():
    term = make_term()

    with pytest.raises(ValidationError, match="È la data di adesso"):
        term.move(None, "Per errore", closes_at=term.closes_at)


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens_at": NOON, "closes_at": NOON - timedelta(hours=1)},
        {"kind": "incontro", "opens_at": None},
        {"for_citizens": False},
    ],
)
def test_database_refuses_what_a_form_would(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_term(**wrong)


def test_sequence_grows_with_what_calendars_must_learn_and_with_nothing_else():
    term = make_term()
    term.save()
    assert term.sequence == 0
    term.place = "Sala Pietro da Cemmo"
    term.save()
    term.move(None, "Proroga", closes_at=timezone.now() + timedelta(days=30))
    term.call_off(None, "Neve")

    assert Deadline.objects.get().sequence == 3


def test_form_that_was_open_meanwhile_does_not_bring_back_what_was_called_off():
    old = make_term()
    Deadline.objects.get().call_off(None, "Neve")
    old.title = "Domande, di nuovo"
    old.save()

    assert Deadline.objects.get().is_called_off


def test_move_and_calling_off_announce_the_page(django_capture_on_commit_callbacks):
    announced = []
    publication_changed.connect(
        lambda publication, **_: announced.append(publication.pk), weak=False, dispatch_uid="test"
    )
    term = make_term()

    with django_capture_on_commit_callbacks(execute=True):
        term.move(None, "Proroga", closes_at=timezone.now() + timedelta(days=30))
        term.call_off(None, "Neve")

    publication_changed.disconnect(dispatch_uid="test")
    assert announced == [term.publication_id] * 2


def test_words_narrow_by_topic_comune_and_audience():
    topic, crema = make_topic(), make_municipality()
    own = make_deadline(make_communique([topic], [crema]), for_businesses=True)
    everywhere = make_deadline(make_initiative())
    make_deadline(make_communique(places=[make_municipality()]))

    assert list(Deadline.objects.on(topic)) == [own]
    assert set(Deadline.objects.about(crema)) == {own, everywhere}
    assert list(Deadline.objects.meant_for("imprese")) == [own]


def test_what_can_be_done_now_comes_before_what_opens_later():
    now = timezone.now()
    ahead = make_term(title="Apre", opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    late = make_term(title="Tardi", closes_at=now + timedelta(days=30))
    soon = make_term(title="Presto", closes_at=now + timedelta(days=3))

    assert list(Deadline.objects.open_first()) == [soon, late, ahead]


def test_calendars_know_what_readers_have_seen_and_no_more():
    hidden = make_communique(status="draft"), make_communique(publish_at=timezone.now() + timedelta(days=1))
    for publication in hidden:
        make_deadline(publication)
    hidden[1].withdraw(by=None, comment="Prima dell’ora")
    shown, gone = make_term(), make_term()
    gone.publication.withdraw(by=make_editor(), comment="Era sbagliata")

    assert set(Deadline.objects.once_published()) == {shown, gone}
    assert list(Deadline.objects.published()) == [shown]
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert set(Deadline.objects.once_published()) == {shown, gone}


@pytest.mark.parametrize("address", ["/", "/comuni/crema/", "/argomenti/cer/", "/comuni/crema/in-breve/"])
def test_what_is_next_is_what_a_reader_can_act_on(client, address):
    places = {"topics": [make_topic(slug="cer")], "places": [make_municipality(slug="crema")]}
    make_deadline(make_communique(**places), title="Fine del contratto", for_citizens=False, for_municipalities=True)
    make_deadline(make_communique(**places), title="Domande per il bando", for_municipalities=True)

    page = client.get(address).text

    assert "Domande per il bando" in page
    assert "Fine del contratto" not in page
    assert "Fine del contratto" in client.get("/scadenze/").text
