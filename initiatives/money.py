"""What an initiative costs and who pays, made ready to be drawn: bars of one scale, totals that are never mixed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from .models import Amount

LONGEST = 100  # units of a bar as long as the largest amount


@dataclass(frozen=True)
class Bar:
    amount: Amount
    length: int


@dataclass(frozen=True)
class Total:
    """The sum of one standing: planned money is not granted, and granted is not spent."""

    standing: str
    label: str
    euros: Decimal
    is_about: bool


@dataclass(frozen=True)
class Money:
    bars: list
    totals: list
    decimals: str  # as floatformat wants them: all with cents where one has cents

    def __bool__(self):
        return bool(self.bars)


def money_of(stored: QuerySet[Amount]) -> Money:
    amounts = list(stored)
    largest = max((amount.euros for amount in amounts), default=1)
    bars = [Bar(amount, max(1, round(LONGEST * amount.euros / largest))) for amount in amounts]
    has_cents = any(amount.euros % 1 for amount in amounts)
    totals = [total_of(standing, amounts) for standing in standings_of(amounts)]
    return Money(bars, totals, "2g" if has_cents else "0g")


def standings_of(amounts: Iterable[Amount]) -> list[Amount.Standing]:
    present = {amount.standing for amount in amounts}
    return [standing for standing in reversed(Amount.Standing) if standing in present]


def total_of(standing: Amount.Standing, amounts: Iterable[Amount]) -> Total:
    own = [amount for amount in amounts if amount.standing == standing]
    euros = sum((amount.euros for amount in own), Decimal())
    return Total(standing.value, standing.label, euros, any(amount.is_about for amount in own))
