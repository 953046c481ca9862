from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "areaomogenea.identity"
    verbose_name = "Identità"
