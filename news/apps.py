from django.apps import AppConfig

from areaomogenea.publishing import kinds

from .kinds import KINDS


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "Novità"

    def ready(self) -> None:
        for kind in KINDS:
            kinds.register(kind)
