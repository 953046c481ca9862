from django.apps import AppConfig

from areaomogenea.publishing.snapshots import register_part


class DeadlinesConfig(AppConfig):
    name = "areaomogenea.deadlines"
    verbose_name = "Scadenze e incontri"

    def ready(self):
        from areaomogenea.publishing.redactions import register_words

        from .models import Deadline, DeadlineMove

        register_part("deadlines")
        register_words(Deadline, "called_off_why", "publication")
        register_words(DeadlineMove, "reason", "deadline__publication")
