"""What programs that watch over the portal ask: whether it lives, whether it is well, and figures for those who may."""

from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from . import metrics
from .gauges import Now
from .probes import Reading, State, memory, worst_of

STRICT = "503"


@csrf_exempt
@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """That this process answers, and nothing more: it asks nobody."""
    return answered(State.WELL, {})


@csrf_exempt
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """503 for what keeps pages from being served as they should; with ?avvisi=503 for what somebody has to do, too."""
    readings = [one for one in memory.readings() if one.is_public]
    worst = worst_of(readings)
    is_strict = request.GET.get("avvisi") == STRICT
    status = 503 if worst == State.FAULT or (is_strict and worst == State.WARNING) else 200
    return answered(worst, {"voci": {one.name: in_public(one) for one in readings}}, status)


@csrf_exempt
@require_safe
@never_cache
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Who does not know the token finds nothing, as at any address that is none."""
    claimed = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not metrics.figures or not settings.METRICS_TOKEN or not compare_digest(claimed, expected):
        raise Http404
    response = HttpResponse(metrics.figures.text(Now()), content_type="text/plain; version=0.0.4; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def in_public(reading: Reading) -> dict[str, str]:
    """Its state, and the hour of what was done last: no words, which say how the portal is made."""
    row = {"stato": reading.state.value}
    if reading.latest:
        row["ultima"] = reading.latest.astimezone().isoformat(timespec="seconds")
    return row


def answered(state: State, more: dict[str, Any], status: int = 200) -> HttpResponse:
    response = JsonResponse({"stato": state.value} | more, status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "60"
    return response
