from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    name = "areaomogenea.municipalities"
    verbose_name = "Territorio"
