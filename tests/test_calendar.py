"""Days as Italian texts write them."""

from datetime import date

import pytest

from areaomogenea.prose.dates import existing_date, past_deadlines, wrong_weekdays


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (("3", "marzo", "2022"), date(2022, 3, 3)),
        (("3", "03", "2022"), date(2022, 3, 3)),
        (("31", "aprile", "2022"), None),
        (("3", "13", "2022"), None),
        (("3", "0", "2022"), None),
        (("3", "marzo", "1000"), None),
    ],
)
def test_only_existing_dates_are_dates(day, expected):
    assert existing_date(*day) == expected


def test_weekday_that_does_not_match_is_told_with_the_right_one():
    [wrong] = wrong_weekdays("Si riunisce martedì 19 ottobre 2022 alle 18.", None)

    assert (wrong.day, wrong.passage, wrong.right_name) == ("martedì 19 ottobre", "martedì 19", "mercoledì")
    assert not [*wrong_weekdays("Si riunisce mercoledì 19 ottobre 2022 alle 18.", None)]


@pytest.mark.parametrize(
    "text",
    [
        "Domande entro il 3 marzo 2022.",
        "Domande entro e non oltre le ore 12 di giovedì 3 marzo 2022.",
        "La scadenza: 3/3/2022",
        "Il bando scade il 3.3.2022",
        "C’è tempo fino all’8 marzo 2022",
    ],
)
def test_deadlines_are_read_in_many_words(text):
    assert [day.month for _, day in past_deadlines(text, date(2022, 5, 1))] == [3]
    assert not [*past_deadlines(text, date(2022, 3, 1))]


@pytest.mark.parametrize("text", ["Si è svolto il 3 marzo 2022.", "Entro il 31 febbraio 2022.", "Entro il 3 marzo."])
def test_other_days_are_no_deadlines(text):
    assert not [*past_deadlines(text, date(2026, 1, 1))]
