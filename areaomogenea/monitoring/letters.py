"""Errors and alarms reach those who look after the server: few letters, beside the request, about nobody."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone

from areaomogenea.accounts import deferred_mail
from areaomogenea.identity.address import absolute_url

from . import metrics, sentry
from .faults import Sighting, fault_of, note_fault
from .logs import WorthALine, message_of, traceback_of

ERROR = """\
Una pagina del portale, o un suo lavoro, non è riuscita.

Che cosa:   {kind}
Dove:       {place}
Vista:      {view}
Quando:     {at:%d/%m/%Y, %H:%M:%S}
Richiesta:  {request}
Oggi:       {times} volte, la prima alle {first:%H:%M}

{message}

{traceback}
Di questo errore si riscrive fra non meno di un quarto d’ora, e poi sempre più di rado. Le righe del registro si trovano
con il codice della richiesta. Lo stato del portale: {address}
"""


class AdminsHandler(logging.Handler):
    """Counts errors and writes of them; what goes wrong with letters is counted alone, or one would beget the next."""

    def __init__(self, level: int | str = logging.ERROR) -> None:
        super().__init__(level)
        self.addFilter(WorthALine())

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if record.name.startswith("django.security.") or not (fault := fault_of(record)):
                return
            sighting, is_due = note_fault(fault)
            if metrics.figures:
                metrics.figures.errors.labels(fault.kind).inc()
            sentry.send(record, sighting)
            if is_due and record.name != deferred_mail.__name__:
                write_to_admins(f"Errore: {fault.kind}", words_of(sighting, record))
        except Exception:
            self.handleError(record)


def words_of(sighting: Sighting, record: logging.LogRecord) -> str:
    return ERROR.format(
        kind=sighting.kind,
        place=sighting.place,
        view=sighting.view or "nessuna",
        at=timezone.localtime(),
        request=sighting.request or "nessuna",
        times=sighting.times,
        first=timezone.localtime(datetime.fromtimestamp(sighting.first).astimezone()),
        message=message_of(record),
        traceback=traceback_of(record),
        address=status_address(),
    )


def status_address() -> str:
    return absolute_url(reverse("admin:status"))


def letter_to_admins(subject: str, text: str) -> EmailMultiAlternatives | None:
    """None while nobody is to be told."""
    if not settings.ADMINS:
        return None
    subject = " ".join(f"{settings.EMAIL_SUBJECT_PREFIX}{subject}".split())[:150]
    return EmailMultiAlternatives(subject, text, settings.SERVER_EMAIL, [address for _, address in settings.ADMINS])


def write_to_admins(subject: str, text: str) -> None:
    """No request waits for it."""
    if letter := letter_to_admins(subject, text):
        deferred_mail.post(letter)
