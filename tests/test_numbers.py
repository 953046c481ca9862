"""Numbers, hours and days as Italians type them: one reader of each, and what they refuse."""

from datetime import date, time
from decimal import Decimal

import pytest
from django import forms

from areaomogenea.prose.dates import Known, read_day
from areaomogenea.prose.forms import NumberBox, NumberField, SumField, WholeNumberField
from areaomogenea.prose.numbers import UnclearNumberError, read_number, written

NUMBERS = {
    "38000": "38000",
    "38000,50": "38000.50",
    "38.000,50": "38000.50",
    "38.000": "38000",
    "1.234.567,8": "1234567.8",
    "12,5": "12.5",
    "12.5": "12.5",
    "38000.50": "38000.50",
    "0,125": "0.125",
    "0.125": "0.125",
    "38 000": "38000",
    "38\u00a0000,50": "38000.50",
    "38\u202f000": "38000",
    "€ 1.200": "1200",
    "1.200 €": "1200",
    "1200 euro": "1200",
    "EUR 1.200,00": "1200.00",
    "1.200,-": "1200",
    "-5": "-5",
    "−5": "-5",
    " 7 ": "7",
}
UNCLEAR = [
    "38,000",
    "1,234,567",
    "38,000.50",
    "38.00,50",
    "1.20.000",
    "38 00",
    "1 200.000",
    "1.234.567.8",
    "mille",
    "€",
]
UNCLEAR += ["1e5", "12-5", ",5", "5,", "٣٨", "NaN", "Infinity", "9" * 41]


@pytest.mark.parametrize(("typed", "meant"), NUMBERS.items())
def test_number_is_read_as_it_is_meant(typed, meant):
    assert read_number(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", UNCLEAR)
def test_what_is_no_number_or_could_be_two_is_refused(typed):
    with pytest.raises(UnclearNumberError):
        read_number(typed)


def test_refusal_says_how_to_write_either():
    with pytest.raises(UnclearNumberError, match=r"se sono migliaia scrivi 38\.000, altrimenti 38 con al massimo due"):
        read_number("38,000")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Decimal("38000.50"), "38.000,50"),
        (Decimal("38000.5"), "38.000,50"),
        (Decimal("38000.00"), "38.000"),
        (Decimal("0.05"), "0,05"),
        (1234567, "1.234.567"),
        (0.25, "0,25"),
        (0.5, "0,5"),
        (1.0, "1"),
    ],
)
def test_number_is_shown_so_that_it_is_read_back(number, shown):
    assert written(number) == shown
    assert read_number(shown) == Decimal(str(number))


@pytest.mark.parametrize("field", [NumberField(), WholeNumberField(), SumField(max_digits=12, decimal_places=2)])
def test_field_is_a_box_for_text_that_takes_numbers_too(field):
    assert isinstance(field.widget, NumberBox)
    assert field.widget.render("sum", "38.000,5x").count('value="38.000,5x"') == 1
    assert field.clean(38) == field.clean("38") == 38
    assert SumField(required=False).clean("  ") is None


def test_what_changed_is_told_by_the_number_not_by_its_letters():
    assert not SumField().has_changed(Decimal("38000.00"), "38.000")
    assert SumField().has_changed(None, "38,000")  # unclear, and still somebody's words


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        (WholeNumberField(), "34,5", "Inserisci un numero intero."),
        (SumField(max_digits=12, decimal_places=2), "1,5555", "I centesimi sono al massimo due cifre."),
        (SumField(max_digits=12, decimal_places=2), "99.999.999.999", "La somma è troppo grande."),
    ],
)
def test_field_says_what_is_wrong(field, typed, message):
    with pytest.raises(forms.ValidationError) as error:
        field.clean(typed)

    assert error.value.messages == [message]


HOURS = {"12.00": (12, 0), "9": (9, 0), "9.30": (9, 30), "09:05": (9, 5), "18:30": (18, 30), "ore 9": (9, 0)}
HOURS |= {"Ore 9.30": (9, 30), "ore 18:30": (18, 30), "alle 9": (9, 0), "alle 21.15": (21, 15), "0": (0, 0)}


@pytest.mark.parametrize(("typed", "meant"), HOURS.items())
def test_hour_is_read_as_it_is_meant(typed, meant):
    assert forms.TimeField().clean(typed) == time(*meant)
    assert forms.SplitDateTimeField().clean(["24/11/2026", typed]).time() == time(*meant)


@pytest.mark.parametrize("typed", ["24", "25:00", "9.60", "nove", "930", "9,30,", "-9"])
def test_what_is_no_hour_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        forms.TimeField().clean(typed)


DAYS = {
    "2027": (date(2027, 1, 1), Known.YEAR),
    "3/2027": (date(2027, 3, 1), Known.MONTH),
    "03.2027": (date(2027, 3, 1), Known.MONTH),
    "marzo 2027": (date(2027, 3, 1), Known.MONTH),
    "Marzo  2027": (date(2027, 3, 1), Known.MONTH),
    "15/3/2027": (date(2027, 3, 15), Known.DAY),
    "15.03.2027": (date(2027, 3, 15), Known.DAY),
    "15-3-2027": (date(2027, 3, 15), Known.DAY),
    "2027-03-15": (date(2027, 3, 15), Known.DAY),
    "15 marzo 2027": (date(2027, 3, 15), Known.DAY),
    "1º marzo 2027": (date(2027, 3, 1), Known.DAY),
}


@pytest.mark.parametrize(("typed", "meant"), DAYS.items())
def test_day_is_read_with_how_much_of_it_is_known(typed, meant):
    assert read_day(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "27", "13/2027", "31/2/2027", "marzo", "20270", "0", "15 brumaio 2027", "2027/2028"]
)
def test_what_is_no_day_is_not_guessed(typed):
    assert read_day(typed) is None
