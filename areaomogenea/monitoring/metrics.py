"""Figures for Prometheus: what is asked and how long it takes, counted by each process.

The library is loaded only where there is a token to ask by. With several processes each counts in files of its own, in
the folder that PROMETHEUS_MULTIPROC_DIR names (deploy/gunicorn.conf.py), and whichever is asked adds them up.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.conf import settings

from areaomogenea.accounts import deferred_mail

if TYPE_CHECKING:
    from .traces import Trace

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Figures:
    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

        disable_created_metrics()
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"namespace": "areaomogenea", "registry": self.registry}
        self.requests = Counter("requests", "Requests by view and class of status.", ["view", "status"], **own)
        self.seconds = Histogram(
            "request_seconds", "Seconds until an answer has left.", ["view"], buckets=SECONDS, **own
        )
        self.queries = Counter("queries", "Questions to the database.", **own)
        self.kept = Counter("response_cache_hits", "Answers that were drawn before.", **own)
        self.errors = Counter("errors", "Errors by kind.", ["kind"], **own)
        self.letters = Gauge(
            "letters_waiting", "Letters on their way from the processes.", multiprocess_mode="livesum", **own
        )

    def observe(self, trace: Trace) -> None:
        view = trace.view or "-"
        self.requests.labels(view, f"{trace.status // 100}xx").inc()
        self.seconds.labels(view).observe(trace.seconds)
        if trace.queries:
            self.queries.inc(trace.queries)
        if trace.is_kept:
            self.kept.inc()
        self.letters.set(deferred_mail.waiting())

    def text(self, now: Any) -> bytes:
        """All of them, of all processes, and what the collector `now` says, in the form that Prometheus reads."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry) + generate_latest(now)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        return generate_latest(registry) + generate_latest(now)


figures: Figures | None = None


def start() -> None:
    global figures
    if settings.METRICS_TOKEN and find_spec("prometheus_client"):
        figures = Figures()
