from django.apps import AppConfig

from areaomogenea.editorial.contents import register_part


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Iniziative e scadenze"

    def ready(self):
        from areaomogenea.editorial.redactions import register_words

        from .models import Deadline, DeadlineMove

        register_part("deadlines")
        register_words(Deadline, "called_off_why", "publication")
        register_words(DeadlineMove, "reason", "deadline__publication")
