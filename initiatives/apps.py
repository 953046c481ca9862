from django.apps import AppConfig

from areaomogenea.publishing import kinds

from .kinds import INITIATIVE


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Iniziative"

    def ready(self):
        kinds.register(INITIATIVE)
