"""Errors for a Sentry, if SENTRY_DSN names one: what went wrong and where, and nothing of who asked.

No integration of the library is at work, because they collect the request, and what is personal is off as it comes
(send_default_pii, which newer ones call otherwise); what is sent is what our own handler counts.
"""

import logging
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from .faults import Sighting
from .masking import masked

EACH_OF_THE_FIRST, THEN_ONE_IN = 10, 100  # of the same fault, in a day
WITHOUT = ("user", "request", "server_name", "modules", "extra", "breadcrumbs")
PATIENCE = 2  # seconds that the end of a process waits for what is on its way


_is_on = False


def start(dsn: str) -> None:
    global _is_on
    if not dsn or not find_spec("sentry_sdk"):
        return
    import sentry_sdk

    _is_on = True
    sentry_sdk.init(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        shutdown_timeout=PATIENCE,
        environment=settings.SITE_ADDRESS.partition("://")[2],
        before_send=without_people,
    )


def send(record: logging.LogRecord, sighting: Sighting) -> None:
    """Beside the request, by a thread of the library; of a fault that comes again and again, ever fewer."""
    if not _is_on or (sighting.times > EACH_OF_THE_FIRST and sighting.times % THEN_ONE_IN):
        return
    import sentry_sdk

    with sentry_sdk.new_scope() as scope:
        scope.set_tag("request", sighting.request)
        scope.set_tag("view", sighting.view)
        if record.exc_info and record.exc_info[1]:
            scope.capture_exception(record.exc_info[1])
        else:
            scope.capture_message(masked(record.getMessage()), level="error")


def without_people(event: Any, hint: object) -> Any:
    for name in WITHOUT:
        event.pop(name, None)
    for error in event.get("exception", {}).get("values", []):
        error["value"] = masked(str(error.get("value", "")))
    return event
