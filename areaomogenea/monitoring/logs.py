"""Lines of the log: one JSON object each, made of what is named here and of nothing else that a record carries.

A library would write whatever is in a record, the request with its address and its person too.
"""

import json
import logging
import time
from collections import OrderedDict
from datetime import datetime
from threading import Lock

from .faults import Fault, fault_of
from .masking import masked
from .traces import current

LONGEST_MESSAGE, LONGEST_TRACEBACK = 1_000, 8_000  # characters
WHOLE_EVERY = 60  # seconds between two tracebacks of the same fault, of one process
MOST_KNOWN = 200
SECURITY = "django.security."
BY_ADDRESS = {"django.request", "gunicorn.error"}  # whose messages of errors hold the address of the request


class WorthALine(logging.Filter):
    """Refusals and missing pages are in the line of their request; what strangers bring about is no error of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        trace = current.get()
        if record.name.startswith(SECURITY):
            if trace is None:
                record.exc_info = record.exc_text = None
                return True
            trace.reason = reason_of(record)
            return False
        return record.name != "django.request" or bool(record.exc_info)


def reason_of(record: logging.LogRecord) -> str:
    kind = record.name.removeprefix(SECURITY)
    if kind == "DisallowedHost":
        return f"{kind}: {record.getMessage().partition('.  ')[0].partition(' You may')[0][:150]}"
    return kind


class JSONFormatter(logging.Formatter):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__()
        self.tracebacks = Tracebacks()

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        line: dict[str, object] = {"time": at, "level": record.levelname, "logger": record.name}
        if fields := getattr(record, "fields", None):
            return json.dumps(line | fields)
        line["message"] = message_of(record)
        if trace := current.get():
            line |= {"request": trace.id, "view": trace.view, "route": trace.route}
        if fault := fault_of(record):
            line |= {"error": fault.kind, "at": fault.place, **self.tracebacks.of(fault, record)}
        return json.dumps(line)  # in ASCII: no letter of a stranger begins a line


def message_of(record: logging.LogRecord) -> str:
    if record.name in BY_ADDRESS and record.exc_info:
        return str(record.msg).partition(":")[0].partition("%")[0].strip()
    message = record.getMessage()
    if record.name == "gunicorn.error":
        message = message.partition(" '")[0]  # the line of a request that is none
    return masked(message)[:LONGEST_MESSAGE]


class Tracebacks:
    """The traceback of a fault, or how often it has come since it was written: a bad day must not fill the disk."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def of(self, fault: Fault, record: logging.LogRecord) -> dict[str, object]:
        now = time.monotonic()
        with self._lock:
            known = self._known.get(fault.digest)
            if known and now - known[0] < WHOLE_EVERY:
                known[1] += 1
                return {"again": int(known[1])}
            self._known[fault.digest] = [now, 0]
            self._known.move_to_end(fault.digest)
            if len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
        return {"traceback": traceback_of(record)}


def traceback_of(record: logging.LogRecord) -> str:
    return masked(logging.Formatter().formatException(record.exc_info))[-LONGEST_TRACEBACK:] if record.exc_info else ""
