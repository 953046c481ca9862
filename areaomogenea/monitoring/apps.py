from django.apps import AppConfig
from django.conf import settings
from django.core.signals import request_finished
from django.db.backends.signals import connection_created


class MonitoringConfig(AppConfig):
    name = "areaomogenea.monitoring"
    verbose_name = "Stato del sistema"

    def ready(self) -> None:
        from . import metrics, own_probes, sentry
        from .middleware import finish
        from .traces import watch_connection

        own_probes.register()
        connection_created.connect(watch_connection)
        request_finished.connect(finish)
        metrics.start()
        sentry.start(settings.SENTRY_DSN)
