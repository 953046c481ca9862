from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "areaomogenea.library"
    verbose_name = "Libreria"
