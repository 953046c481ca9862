"""The limit of requests of one address in a minute, counted where all processes see it if there is such a place."""

import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

from areaomogenea.accounts.origins import network_of

WINDOW = 60  # seconds
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Allowance:
    """Requests that an address has left, and in how many seconds it has all of them again."""

    limit: int
    used: int
    reset: int

    @property
    def is_spent(self) -> bool:
        return self.used > self.limit

    @property
    def headers(self) -> dict[str, int]:
        left = max(0, self.limit - self.used)
        names = {"X-RateLimit-Limit": self.limit, "X-RateLimit-Remaining": left, "X-RateLimit-Reset": self.reset}
        return names | ({"Retry-After": self.reset} if self.is_spent else {})


def count(request: HttpRequest) -> Allowance:
    """The allowance after one more request. When the counter does not answer nobody is refused: reading comes first."""
    window, elapsed = divmod(int(time.time()), WINDOW)
    key = f"api:{network_of(request)}:{window}"
    try:
        counter = caches["counters"]
        used = 1 if counter.add(key, 1, 2 * WINDOW) else counter.incr(key)
    except Exception:  # each kind of cache has its own, and none may shut anybody out
        log.exception("The counter of requests does not answer.")
        used = 1
    return Allowance(settings.API_REQUESTS_PER_MINUTE, used, WINDOW - elapsed)
