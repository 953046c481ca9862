from django.apps import AppConfig
from django.db.backends.signals import connection_created


class SearchConfig(AppConfig):
    name = "areaomogenea.search"
    verbose_name = "Ricerca"

    def ready(self):
        from .engines import teach_sqlite

        connection_created.connect(teach_sqlite)
