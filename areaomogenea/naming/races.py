"""Two who take one name or one address in the same moment: each asked before the other had it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

Result = TypeVar("Result")
MOST_TRIES = 3


def again_when_taken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view once more for whoever came second: this time its own rules find who has it, and say so where it is due.

    Whatever it writes it writes in transactions, of which nothing is left when one fails.
    """

    @wraps(view)
    def patient(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except IntegrityError:
            if sending := getattr(request, "sending", None):
                sending.claimed = None  # it went with the rest
            return view(request, *args, **kwargs)

    return patient


def until_free(attempt: Callable[[], Result]) -> Result:
    """What an attempt gives that takes a name of its own choice: it chooses again as long as somebody was faster."""
    for _ in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return attempt()
        except IntegrityError:
            pass
    return attempt()
