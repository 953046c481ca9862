from django.apps import AppConfig


class DistributionConfig(AppConfig):
    name = "areaomogenea.distribution"
    verbose_name = "Distribuzione"
