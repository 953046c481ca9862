from datetime import timedelta

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "areaomogenea.quality"
    verbose_name = "Qualità"

    def ready(self) -> None:
        from areaomogenea.monitoring.works import register_work

        register_work(
            "collegamenti",
            "Controllo dei collegamenti",
            within=timedelta(days=3),
            remedy="Accendi il timer: sudo systemctl enable --now areaomogenea-links.timer",
        )
