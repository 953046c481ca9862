"""Letters that no request waits for: they leave beside it, so that its answer takes as long with them as without."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from smtplib import SMTPException
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.mail import EmailMultiAlternatives

MOST = 100  # that wait; more of them would be an attack, or a mail server that has died
log = logging.getLogger(__name__)
_waiting: set[Future[bool]] = set()
_room = ThreadPoolExecutor(max_workers=2, thread_name_prefix="letters")


def post(message: EmailMultiAlternatives) -> None:
    """Sends it beside the request; what goes wrong is in the log."""
    if len(_waiting) >= MOST:
        log.error("Too many letters wait; this one is dropped: %s", message.subject)
        return
    future = _room.submit(deliver, message)
    _waiting.add(future)
    future.add_done_callback(_waiting.discard)


def deliver(message: EmailMultiAlternatives) -> bool:
    """False if it could not leave."""
    try:
        message.send()
    except (SMTPException, OSError):
        log.exception("A letter did not leave: %s", message.subject)
        return False
    return True


def waiting() -> int:
    """How many are on their way from this process."""
    return len(_waiting)


def flush() -> None:
    """Waits for those that are on their way."""
    wait(set(_waiting))
