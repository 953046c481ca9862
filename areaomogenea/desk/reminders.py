"""What higher rooms remind a person of on the first page of the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from areaomogenea.accounts.models import User


@dataclass(frozen=True)
class ReminderRow:
    """A row of the desk, by the name of its page and its key."""

    label: str
    page: str
    key: int
    note: str = ""

    @property
    def address(self) -> str:
        return reverse(self.page, args=[self.key])


@dataclass(frozen=True)
class Reminder:
    """Some rows that ask for the same thing; `count`: how many there are, of which `page` lists all."""

    name: str
    title: str
    rows: list[ReminderRow]
    count: int
    page: str

    @property
    def address(self) -> str:
        return reverse(self.page)


_reminders: list[Callable[[User], Reminder | None]] = []


def register_reminder(reminder: Callable[[User], Reminder | None]) -> None:
    """From `AppConfig.ready()`; it says None where it has nothing for this person."""
    if reminder not in _reminders:
        _reminders.append(reminder)


def reminders_for(user: User) -> list[Reminder]:
    return [made for reminder in _reminders if (made := reminder(user))]
