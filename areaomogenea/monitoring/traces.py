"""The request that a thread is answering: its id, and what its answer costs."""

import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest

WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)  # nothing that ends a line, a header or a cell


class Trace:
    """A request from its first middleware to the last byte of its answer."""

    __slots__ = ("began", "id", "is_kept", "queries", "reason", "request", "status")

    def __init__(self, request: HttpRequest) -> None:
        claimed = request.META.get("HTTP_X_REQUEST_ID", "")
        self.id = claimed if WELL_FORMED.fullmatch(claimed) else uuid4().hex
        self.request, self.began, self.queries = request, time.perf_counter(), 0
        self.status, self.reason, self.is_kept = 0, "", False

    @property
    def view(self) -> str:
        """The name of the view; "" where no address matched."""
        match = self.request.resolver_match
        return match.view_name or "" if match else ""

    @property
    def route(self) -> str:
        """The pattern that the path has matched, never the path: that may say what somebody looks for."""
        match = self.request.resolver_match
        return f"/{match.route}" if match else ""

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.perf_counter() - self.began


current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def request_id() -> str:
    """The id of the request that is being answered; "" outside of any."""
    trace = current.get()
    return trace.id if trace else ""


def note_kept() -> None:
    """That what is being answered was drawn before."""
    if trace := current.get():
        trace.is_kept = True


def watch_connection(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """A receiver of connection_created: whoever asks nothing of the database has no connection, and costs none."""
    if count not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, count)  # whoever adds one for a while takes away the last


def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if trace := current.get():
        trace.queries += 1
    return execute(sql, params, many, context)
