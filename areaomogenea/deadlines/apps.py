from django.apps import AppConfig

from areaomogenea.publishing.snapshots import register_relation


class DeadlinesConfig(AppConfig):
    name = "areaomogenea.deadlines"
    verbose_name = "Scadenze e incontri"

    def ready(self) -> None:
        from areaomogenea.publishing.redactions import register_words
        from areaomogenea.quality.check_input import register_advice_on_text

        from .models import Deadline, DeadlineMove
        from .offers import term_without_row

        register_relation("deadlines")
        register_advice_on_text(term_without_row)
        register_words(Deadline, "called_off_why", "publication")
        register_words(DeadlineMove, "reason", "deadline__publication")
