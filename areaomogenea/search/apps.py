from django.apps import AppConfig
from django.db.backends.signals import connection_created


class SearchConfig(AppConfig):
    name = "areaomogenea.search"
    verbose_name = "Ricerca"

    def ready(self) -> None:
        from .engines import add_folded_function

        connection_created.connect(add_folded_function)
