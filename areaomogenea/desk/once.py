"""Two clicks make one page: a form carries a key that counts once, claimed in the transaction of what it makes."""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from secrets import token_hex
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from .models import Submission
from .unsaved import ONCE, already_made

KEY = re.compile("[0-9a-f]{32}")
NOT_TYPED = {ONCE, "csrfmiddlewaretoken", "kept_as"}  # no part of what somebody typed
REPEATED = "Il modulo è arrivato due volte, ed è stato salvato una volta sola: ecco che cosa ne è nato."


class RepeatedError(Exception):
    """Somebody pressed twice: the first time counts."""


class Sending:
    """One arrival of a form that carries a key."""

    def __init__(self, user, key, digest):
        self.user, self.key, self.digest = user, key, digest
        self.claimed = None

    def before(self) -> Submission | None:
        """The submission of the same form, taken in before; None if it is the first time."""
        return Submission.objects.filter(user=self.user, key=self.key).first()

    def claim(self) -> None:
        if self.claimed:
            return
        try:
            with transaction.atomic():
                row = {"user": self.user, "key": self.key, "digest": self.digest}
                self.claimed = Submission.objects.create(**row)
        except IntegrityError as error:
            raise RepeatedError from error

    def settle(self, leads_to: str) -> None:
        if self.claimed:
            Submission.objects.filter(pk=self.claimed.pk).update(leads_to=leads_to)


def fresh_key() -> str:
    return token_hex(16)


def key_of(request: HttpRequest) -> str:
    """The key that a posted form carries; "" if it carries none."""
    key = request.POST.get(ONCE, "") if request.method == "POST" else ""
    return key if KEY.fullmatch(key) else ""


def digest_of(request: HttpRequest) -> str:
    typed = [(name, values) for name, values in sorted(request.POST.lists()) if name not in NOT_TYPED]
    files = [(name, [(file.name, file.size) for file in files]) for name, files in sorted(request.FILES.lists())]
    return sha256(repr((request.path, typed, files)).encode(errors="surrogatepass")).hexdigest()


def sending_of(request: HttpRequest, edits: bool) -> Sending | None:
    if not (key := key_of(request)) or not request.user.is_authenticated:
        return None
    digest = digest_of(request)
    # What is only changed may be changed again from a page gone back to: then it is no repetition.
    return Sending(request.user, sha256(f"{key}{digest}".encode()).hexdigest() if edits else key, digest)


def claim(request: HttpRequest) -> None:
    """The claim of a form, in the transaction of what is made and before it is; RepeatedError for the second of two."""
    if sending := getattr(request, "sending", None):
        sending.claim()


def settle(request: HttpRequest, leads_to: HttpResponse | str) -> None:
    """The end of a claim, in the same transaction, once it leads somewhere: a response, or a word for `repeated`."""
    if isinstance(leads_to, HttpResponseBase):
        leads_to = leads_to.url if leads_to.status_code == 302 else ""
    if leads_to and (sending := getattr(request, "sending", None)):
        sending.settle(leads_to)


def once_only(
    view: Callable[..., HttpResponse], *, edits: bool = False, repeated: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """The view, whose work calls `claim`, for forms that may arrive twice; `edits`: other words are another change.

    `repeated(request, submission)` answers the second; without it, it leads to where the first did.
    """

    @wraps(view)
    def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sending = sending_of(request, edits)
        if sending is None:
            return view(request, *args, **kwargs)
        if before := sending.before():
            return answer(request, sending, before)
        request.sending = sending
        try:
            response = view(request, *args, **kwargs)
        except RepeatedError:
            return answer(request, sending, sending.before())
        if response.status_code != 302 and (before := sending.before()):  # it was refused because the first is there
            return answer(request, sending, before)
        return response

    def answer(request: HttpRequest, sending: Sending, before: Submission) -> HttpResponse:
        if before.digest != sending.digest:
            return already_made(request, before.leads_to, fresh_key())
        if repeated:
            return repeated(request, before)
        messages.info(request, REPEATED)
        return redirect(before.leads_to or reverse("admin:index"))

    return careful


def made_once(
    view: Callable[..., HttpResponse], *, edits: bool = True, repeated: Callable[..., Any] | None = None, only: str = ""
) -> Callable[..., Any]:
    """The view, as by `once_only`, of a page whose work is light: it claims by itself; what does not lead on is undone.

    `only`: the button that makes something, where others do not.
    """

    @wraps(view)
    def whole(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(request, "sending", None) or (only and only not in request.POST):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            claim(request)
            response = view(request, *args, **kwargs)
            settle(request, response)
            if response.status_code != 302:
                transaction.set_rollback(True)
                request.sending.claimed = None
        return response

    return once_only(whole, edits=edits, repeated=repeated)


def sweep_submissions() -> str:
    """A piece of waiting work: what it did in words, "" when there was nothing to do."""
    swept, _ = Submission.objects.expired().delete()
    return f"Moduli arrivati e dimenticati: {swept}" if swept else ""
