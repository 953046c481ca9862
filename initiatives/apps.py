from django.apps import AppConfig

from areaomogenea.editorial.contents import register_part


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Iniziative e scadenze"

    def ready(self):
        register_part("deadlines")
