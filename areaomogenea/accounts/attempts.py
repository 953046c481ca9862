"""How often somebody may try: counted in a table that nothing empties before its time, exactly, whoever else counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .devices import KnownDevice
from .origins import network_of

if TYPE_CHECKING:
    from .models import User

MINUTE, HOUR, DAY = 60, 3600, 86_400
RACES = 5  # that a first attempt may lose before it is refused
AT_ONCE = 1_000  # rows that one sweep deletes


class AttemptCountQuerySet(models.QuerySet):
    def over(self, at: datetime | None = None) -> Self:
        return self.filter(ends_at__lte=at or timezone.now())


class AttemptCount(models.Model):
    """How many attempts of a kind somebody has made since the first; it means nothing after `ends_at`.

    `who` is an address, the key of a person or of a device, or the digest of an e-mail address that is nobody's.
    """

    what = models.CharField("tentativo", max_length=40)
    who = models.CharField("di chi", max_length=90)
    count = models.PositiveIntegerField("quanti", default=0)
    ends_at = models.DateTimeField("fino al", db_index=True)

    objects = AttemptCountQuerySet.as_manager()

    class Meta:
        verbose_name = "conto dei tentativi"
        verbose_name_plural = "conti dei tentativi"
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["what", "who"], name="attempts_are_counted_once")]

    def __str__(self):
        return f"{self.what}: {self.count}"


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts in `seconds`, from the first one on."""

    what: str
    most: int
    seconds: int

    def take(self, who: str) -> bool:
        """Claims one attempt: False when there is none left."""
        rows = AttemptCount.objects.filter(what=self.what, who=who)
        for _ in range(RACES):
            now = timezone.now()
            if rows.filter(ends_at__gt=now, count__lt=self.most).update(count=F("count") + 1):
                return True
            if rows.filter(ends_at__gt=now, count__gte=self.most).exists():
                return False
            ends_at = now + timedelta(seconds=self.seconds)
            if rows.over(now).update(count=1, ends_at=ends_at):
                return True
            try:
                with transaction.atomic():
                    rows.create(what=self.what, who=who, count=1, ends_at=ends_at)
            except IntegrityError:
                continue  # somebody else was first: count after them
            return True
        return False

    def give_back(self, who: str) -> None:
        AttemptCount.objects.filter(what=self.what, who=who, count__gt=0).update(count=F("count") - 1)


# What may be guessed. Five errors close an account for five minutes, a hundred for the rest of the day.
PASSWORD, PASSWORD_IN_A_DAY = Limit("password", 5, 5 * MINUTE), Limit("password in a day", 100, DAY)
PASSWORD_FROM = Limit("password from", 10, MINUTE)
CODE, CODE_IN_A_DAY = Limit("code", 5, 5 * MINUTE), Limit("code in a day", 100, DAY)
CODE_FROM = Limit("code from", 10, MINUTE)
SPENT_CODE = Limit("spent code", 1, 90)  # seconds: longer than an app shows it
# What costs somebody else a letter.
LETTERS_TO, LETTERS_FROM = Limit("letters to", 5, HOUR), Limit("letters from", 10, HOUR)
# What only insists.
LOGINS_FROM = Limit("logins from", 30, MINUTE)
PASSKEYS_FROM = Limit("passkeys from", 10, MINUTE)
INVITATIONS_FROM = Limit("invitations from", 20, MINUTE)
NEW_PASSWORDS_FROM = Limit("new passwords from", 20, MINUTE)
CHANGES_BY = Limit("changes by", 5, MINUTE)
CONFIRMATIONS_BY = Limit("confirmations by", 10, MINUTE)


class Attempt:
    """One attempt against each limit that it falls under; when one of them is spent it counts against none."""

    def __init__(self, *claims):
        self.claims = claims
        self.is_allowed = self._take()

    def _take(self):
        for number, (limit, who) in enumerate(self.claims):
            if not limit.take(who):
                self._give_back(self.claims[:number])
                return False
        return True

    def succeeded(self) -> None:
        """Errors alone are counted."""
        self._give_back(self.claims)

    @staticmethod
    def _give_back(claims: Iterable[tuple[Limit, str]]) -> None:
        for limit, who in claims:
            limit.give_back(who)


def password_attempt(request: HttpRequest, email: str) -> Attempt:
    """A guess at a password. A device that has been inside before answers for itself, not for the account."""
    who = account_of(email)
    who = KnownDevice.objects.name_of(request, who) or who
    return Attempt((PASSWORD, who), (PASSWORD_IN_A_DAY, who), (PASSWORD_FROM, network_of(request)))


def code_attempt(request: HttpRequest, user: User) -> Attempt:
    """A guess at a code of an app, or of recovery."""
    who = KnownDevice.objects.name_of(request, str(user.pk)) or str(user.pk)
    return Attempt((CODE, who), (CODE_IN_A_DAY, who), (CODE_FROM, network_of(request)))


def letter_attempt(request: HttpRequest, email: str) -> Attempt:
    """A letter that somebody asks for; it stays counted when it leaves."""
    return Attempt((LETTERS_FROM, network_of(request)), (LETTERS_TO, account_of(email)))


def account_of(email: str) -> str:
    """The key of the person whom the database finds, however the address is spelt; else a digest of what was typed."""
    pk = get_user_model().objects.filter(email__iexact=email).values_list("pk", flat=True).first()
    return str(pk) if pk else salted_hmac("areaomogenea.attempts", email.lower(), algorithm="sha256").hexdigest()


def sweep_attempts() -> str:
    """Deletes a piece of what counts no more; how much in words, "" when there is nothing."""
    over = list(AttemptCount.objects.over().values_list("pk", flat=True)[:AT_ONCE])
    gone, _ = AttemptCount.objects.over().filter(pk__in=over).delete()
    return f"Tentativi: {gone} conti chiusi" if gone else ""
