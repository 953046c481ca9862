from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "areaomogenea.offices"
    verbose_name = "Contatti"

    def ready(self) -> None:
        from areaomogenea.accounts.ledger_values import register_description
        from areaomogenea.desk.reminders import register_reminder

        from .models import Holder
        from .reminders import offices_to_check

        register_description(Holder, is_personal=True, personal=["name"])
        register_reminder(offices_to_check)
