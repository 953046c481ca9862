from django.apps import AppConfig


class DeskRoomConfig(AppConfig):
    name = "areaomogenea.desk"
    verbose_name = "Scrivania"
