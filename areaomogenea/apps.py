from django.apps import AppConfig, apps
from django.db import connection
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "areaomogenea"
    verbose_name = "Portale"

    def ready(self) -> None:
        from areaomogenea.publishing.pages import register_page
        from areaomogenea.topics.models import Topic

        from . import checks, roles  # noqa: F401 (checks register themselves)
        from .accounts.kept_roles import register_kept_roles

        # To find this out Django begins a transaction: where others write for long, or one has begun, it would learn
        # that SQLite has no JSON, which it has had since 3.38, and keep it so.
        if connection.vendor == "sqlite":
            type(connection.features).supports_json_field = True
        register_kept_roles(roles.ROLES)
        register_works()
        register_page(Topic, "areaomogenea.views.topic_page")
        post_migrate.connect(roles.apply, sender=apps.get_app_config("auth"))  # told once: groups are its own


def register_works() -> None:
    """Those of the rooms below the register."""
    from areaomogenea.library import storage, works

    from .accounts import attempts, retention, sessions
    from .monitoring.works import register_work

    register_work("registro", "Registro: voci oltre il loro tempo", retention.purge)
    register_work("tentativi", "Tentativi di accesso dimenticati", attempts.sweep_attempts)
    register_work("sessioni", "Sessioni finite tolte", sessions.sweep_sessions)
    register_work("file-a-meta", "File scritti a metà tolti", storage.sweep_partial)
    register_work("avif", "Immagini più leggere", works.make_avif)
    register_work("immagini", "File di immagini che non ci sono tolti", works.tidy_pictures)
