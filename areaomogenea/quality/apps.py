from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "areaomogenea.quality"
    verbose_name = "Qualità"
