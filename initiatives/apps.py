from django.apps import AppConfig

from areaomogenea.publishing import kinds

from .kinds import INITIATIVE


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Iniziative"

    def ready(self) -> None:
        from areaomogenea.quality.check_input import register_advice, register_counts

        from .advice import milestone_overdue
        from .counts import counts

        kinds.register(INITIATIVE)
        register_counts(counts)
        register_advice(milestone_overdue)
