from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "areaomogenea"
    verbose_name = "Portale"

    def ready(self) -> None:
        from areaomogenea.publishing.pages import register_page
        from areaomogenea.topics.models import Topic

        from . import checks, roles  # noqa: F401 (checks register themselves)
        from .accounts.kept_roles import register_kept_roles

        register_kept_roles(roles.ROLES)
        register_page(Topic, "areaomogenea.views.topic_page")
        post_migrate.connect(roles.apply, sender=apps.get_app_config("auth"))  # told once: groups are its own
