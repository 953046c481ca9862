"""Who works here, and what they did: the room of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "areaomogenea.accounts"
    label = "accounts"
    verbose_name = "Persone e accessi"

    def ready(self) -> None:
        from . import retention  # noqa: F401 (it teaches SQLite what its triggers ask)
        from .credentials import watch
        from .ledger_values import register_description
        from .models import User
        from .receivers import listen

        register_description(User, is_personal=True, personal=["email", "first_name", "last_name"], secret=["password"])
        listen()
        watch()
