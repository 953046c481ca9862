"""The middleware around all others: an id for each request, and a line in the log when its answer has left."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import metrics
from .traces import Trace, current

HEADER = "X-Request-ID"
STATIC = settings.STATIC_URL
log = logging.getLogger("areaomogenea.requests")


def traced(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        trace = Trace(request)
        current.set(trace)
        response = get_response(request)
        trace.status = response.status_code
        response.headers[HEADER] = trace.id
        return response

    return middleware


def finish(**kwargs: object) -> None:
    """A receiver of request_finished: all of the answer has left, also of one that is sent piece by piece."""
    if not (trace := current.get()):
        return
    current.set(None)
    level = logging.WARNING if trace.reason else logging.INFO
    is_static = trace.status < 400 and trace.request.path_info.startswith(STATIC)
    if log.isEnabledFor(level) and not is_static:
        # By hand: nobody asks which line of ours this comes from, and to look for it takes a third of the time.
        record = logging.LogRecord(log.name, level, __file__, 0, "%s %s", (trace.view or "-", trace.status), None)
        record.fields = fields_of(trace)
        log.handle(record)
    if metrics.figures and not is_static:
        metrics.figures.observe(trace)


def fields_of(trace: Trace) -> dict[str, object]:
    fields = {
        "request": trace.id,
        "method": str(trace.request.method)[:10],
        "view": trace.view,
        "route": trace.route,
        "status": trace.status,
        "ms": round(trace.seconds * 1000, 1),
        "queries": trace.queries,
    }
    if trace.is_kept:
        fields["kept"] = True
    if trace.reason:
        fields["reason"] = trace.reason
    return fields
