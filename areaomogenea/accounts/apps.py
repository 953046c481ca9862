"""Who works here, and what they did: the room of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "areaomogenea.accounts"
    label = "accounts"
    verbose_name = "Accessi"

    def ready(self):
        from . import keeping  # noqa: F401 (it teaches SQLite what its triggers ask)
        from .keys import watch
        from .listening import listen

        listen()
        watch()
