"""Letters that no request waits for: they leave beside it, so that its answer takes as long with them as without."""

import logging
from concurrent.futures import ThreadPoolExecutor, wait
from smtplib import SMTPException

MOST = 100  # that wait; more of them would be an attack, or a mail server that has died
log = logging.getLogger(__name__)
_waiting = set()
_room = ThreadPoolExecutor(max_workers=2, thread_name_prefix="letters")


def post(message):
    """Sends it beside the request; what goes wrong is in the log."""
    if len(_waiting) >= MOST:
        log.error("Too many letters wait; this one is dropped: %s", message.subject)
        return
    future = _room.submit(deliver, message)
    _waiting.add(future)
    future.add_done_callback(_waiting.discard)


def deliver(message):
    """False if it could not leave."""
    try:
        message.send()
    except (SMTPException, OSError):
        log.exception("A letter did not leave: %s", message.subject)
        return False
    return True


def flush():
    """Waits for those that are on their way."""
    wait(set(_waiting))
