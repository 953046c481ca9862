from django.apps import AppConfig
from django.db.models.signals import post_delete


class EditorialConfig(AppConfig):
    name = "areaomogenea.editorial"
    verbose_name = "Redazione"

    def ready(self):
        from . import outward, search  # noqa: F401 (outward is a table of this room)
        from .models import Publication

        post_delete.connect(lambda instance, **kwargs: search.forget(instance), sender=Publication, weak=False)
