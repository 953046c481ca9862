"""Figures for Prometheus that are read when it asks: how the portal is, and how its works went."""

from collections.abc import Iterator
from typing import Any

from django.db import Error
from django.utils import timezone

from . import works
from .faults import faults_of_last_day
from .models import LastRun
from .own_probes import BACKUP
from .probes import memory


class Now:
    """How the portal is at the moment of asking, as a collector."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        states = GaugeMetricFamily(
            "areaomogenea_probe_state", "0 well, 1 unused, 2 to be looked at, 3 broken.", labels=["probe"]
        )
        for reading in memory.readings():
            states.add_metric([reading.name], reading.state.gravity)
        yield states
        yield GaugeMetricFamily(
            "areaomogenea_errors_last_day", "Errors of the last day.", value=faults_of_last_day().number
        )
        yield from self.runs()

    def runs(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        prefix = "areaomogenea_work"
        success = GaugeMetricFamily(f"{prefix}_last_success_timestamp_seconds", "The last good run.", labels=["work"])
        lasted = GaugeMetricFamily(f"{prefix}_duration_seconds", "How long the last run took.", labels=["work"])
        failing = GaugeMetricFamily(f"{prefix}_failing", "1 while it fails.", labels=["work"])
        try:
            known = LastRun.objects.in_bulk([work.name for work in works.every()])
        except Error:
            return
        for name, run in known.items():
            if run.succeeded_at:
                success.add_metric([name], run.succeeded_at.timestamp())
            lasted.add_metric([name], run.took.total_seconds())
            failing.add_metric([name], int(run.failing_since is not None))
        yield from (success, lasted, failing)
        if (backup := known.get(BACKUP)) and backup.succeeded_at:
            age = (timezone.now() - backup.succeeded_at).total_seconds()
            yield GaugeMetricFamily("areaomogenea_backup_age_seconds", "Since the last good backup.", value=age)
