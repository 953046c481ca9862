"""Terms and meetings in a text: what is offered, and what is only a day that somebody mentions."""

from datetime import date, time

import pytest

from areaomogenea.prose.fields import LONGEST
from areaomogenea.prose.terms import MOST, Kind, terms

from .passages import WRITTEN_ON, measured, passages, term_line
from .processor import timed

MISREAD = ["Un incendio è scoppiato la notte", "Orari delle feste"]  # as meetings, in doubt


@pytest.mark.parametrize(("text", "lines"), [row for row in passages() if not row[0].startswith(tuple(MISREAD))])
def test_passage_tells_what_is_due_and_who_meets(text, lines):
    assert [term_line(term) for term in terms(text, WRITTEN_ON)] == lines


def test_few_days_are_taken_for_what_they_are_not():
    right, read_count, expected_count, _ = measured(terms)

    assert right / read_count > 0.95
    assert right / expected_count > 0.95


def test_term_tells_its_passage_what_is_due_and_from_when():
    [term] = terms("Le domande si presentano dalle ore 9 del 10 dicembre alle ore 12 del 15 gennaio 2027.", WRITTEN_ON)

    assert term.passage == "dalle ore 9 del 10 dicembre alle ore 12 del 15 gennaio 2027"
    assert (term.opens, term.opens_hour) == (date(2026, 12, 10), time(9))
    assert (term.day, term.hour, term.subject) == (date(2027, 1, 15), time(12), "Domande")


def test_meeting_tells_its_end_and_what_it_is():
    [term] = terms("Assemblea pubblica: sabato 12 dicembre dalle 9 alle 12.30.", WRITTEN_ON)

    assert (term.ends, term.ends_hour, term.subject) == (date(2026, 12, 12), time(12, 30), "Assemblea pubblica")


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("L’assemblea si terrà martedì 3 dicembre alle 21.", ("il 3 dicembre 2026 è giovedì, non martedì",)),
        ("Domande entro il 30 giugno.", ("l’anno non è scritto: è preso il 2027",)),
        ("La convenzione scade il 31 marzo 2027.", ("forse non è una scadenza per chi legge",)),
        ("Sabato 12 dicembre alle 15, piazza Duomo.", ("forse non è un incontro",)),
    ],
)
def test_what_words_leave_open_is_a_doubt(text, doubts):
    [term] = terms(text, WRITTEN_ON)

    assert term.doubts == doubts


@pytest.mark.parametrize(
    ("written_on", "days"),
    [
        (date(2026, 12, 9), [date(2026, 12, 10)]),
        (date(2026, 12, 11), []),  # over since yesterday, and not meant for next year
        (date(2027, 1, 20), []),
        (date(2027, 8, 1), [date(2027, 12, 10)]),
    ],
)
def test_day_without_a_year_is_the_next_one_unless_it_was_lately(written_on, days):
    assert [term.day for term in terms("Le iscrizioni chiudono il 10 dicembre.", written_on)] == days


def test_year_told_once_counts_for_the_same_day_elsewhere():
    text = "Domande entro il 31 marzo 2027. Ricorda: le domande si inviano entro il 31 marzo, alle 12."

    [term] = terms(text, date(2025, 1, 1))

    assert (term.day, term.hour) == (date(2027, 3, 31), time(12))


def test_what_is_over_today_is_not_offered_whenever_it_was_written():
    assert terms("Domande entro il 15 gennaio 2027.", WRITTEN_ON, since=date(2027, 1, 16)) == []
    assert len(terms("Domande entro il 15 gennaio 2027.", WRITTEN_ON, since=date(2027, 1, 15))) == 1


def test_same_term_told_twice_is_one_and_knows_its_hour():
    text = "Domande entro il 15 gennaio 2027.\nDomande entro le ore 12 del 15 gennaio 2027.\nEntro il 15/1/2027."

    assert [(term.kind, term.hour) for term in terms(text, WRITTEN_ON)] == [(Kind.DEADLINE, time(12))]


@pytest.mark.parametrize(
    "seed",
    [
        "1 gennaio ",
        "Domande entro il 3 dicembre alle 12 in sala a, b, c ",
        "1, 2, 3, 4 e ",
        "1 e lunedì ",
        "dal 1 al 2 marzo ",
        "entro le ore ",
        "presso la sala ",
        "1/1/2027\n",
        "1",
        ". A",
        " ",
        "\n",
    ],
)
def test_long_text_costs_little_and_offers_few(seed):
    text = (seed * (LONGEST // len(seed) + 1))[:LONGEST]

    with timed() as cost:
        read = terms(text, WRITTEN_ON)

    assert len(read) <= MOST
    assert cost.own < 2
