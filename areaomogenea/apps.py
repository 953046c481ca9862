from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "areaomogenea"
    verbose_name = "Portale"

    def ready(self):
        from . import checks  # noqa: F401 (checks register themselves)
        from .distribution.publisher import told_by
        from .models import Identity

        told_by(Identity.current)
