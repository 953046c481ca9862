from django.apps import AppConfig


class DeskRoomConfig(AppConfig):
    name = "areaomogenea.desk"
    verbose_name = "Scrivania"

    def ready(self) -> None:
        from areaomogenea.monitoring.works import register_work

        from .once import sweep_submissions

        register_work("moduli", "Moduli dimenticati tolti", sweep_submissions)
