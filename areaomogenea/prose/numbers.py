"""Numbers as Italians write them: 38.000,50."""

import re
from decimal import Decimal

from django.utils.formats import number_format

LONGEST = 40  # characters
THOUSANDS = r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+)"
NUMBER = re.compile(rf"(-?)({THOUSANDS}|[0-9]+)(?:,([0-9]+))?")
WITH_POINT = re.compile(r"(-?)([0-9]+)\.([0-9]+)")  # as some keypads type it; three digits after it were thousands
TWO_WAYS = re.compile(r"-?[1-9][0-9]{0,2},[0-9]{3}")
EURO = re.compile(r"€|\beuro\b|\beur\b", re.IGNORECASE)
NO_CENTS = re.compile(r",[-–—]{1,2}$")


class UnclearNumberError(ValueError):
    """What was typed is no number, or could be two; its text says so to whoever typed it."""


def read_number(text: str) -> Decimal:
    typed = " ".join(EURO.sub(" ", text).split()).replace("−", "-")
    typed = NO_CENTS.sub("", typed)
    if len(typed) <= LONGEST:
        if TWO_WAYS.fullmatch(typed):
            raise UnclearNumberError(
                f"«{typed}» si può leggere in due modi: se sono migliaia scrivi {typed.replace(',', '.')}, "
                f"altrimenti {typed.partition(',')[0]} con al massimo due cifre dopo la virgola."
            )
        if match := NUMBER.fullmatch(typed) or WITH_POINT.fullmatch(typed):
            sign, whole, decimals = match.groups(default="")
            return Decimal(f"{sign}{re.sub(r'[. ]', '', whole)}.{decimals or 0}")
    raise UnclearNumberError(
        "Scrivi un numero come 38.000 o 38.000,50: il punto per le migliaia, la virgola per i decimali."
    )


def written(number: Decimal | float) -> str:
    """A number as a person would type it; of a sum with cents both digits."""
    if number == int(number):
        return number_format(number, 0, force_grouping=True)
    decimals = -int(Decimal(str(number)).as_tuple().exponent)
    return number_format(number, max(2, decimals) if isinstance(number, Decimal) else decimals, force_grouping=True)
