"""Two who take one name or one address in the same moment: each asked before the other had it."""

from functools import wraps

from django.db import IntegrityError, transaction

MOST_TRIES = 3


def again_when_taken(view):
    """The view once more for whoever came second: this time its own rules find who has it, and say so where it is due.

    Whatever it writes it writes in transactions, of which nothing is left when one fails.
    """

    @wraps(view)
    def patient(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except IntegrityError:
            if sending := getattr(request, "sending", None):
                sending.claimed = None  # it went with the rest
            return view(request, *args, **kwargs)

    return patient


def until_free(attempt):
    """What an attempt gives that takes a name of its own choice: it chooses again as long as somebody was faster."""
    for _ in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return attempt()
        except IntegrityError:
            pass
    return attempt()
