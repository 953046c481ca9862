from functools import partial

from django.apps import AppConfig


class DistributionConfig(AppConfig):
    name = "areaomogenea.distribution"
    verbose_name = "Distribuzione"

    def ready(self) -> None:
        from areaomogenea.monitoring.works import register_work
        from areaomogenea.publishing.pages import register_form

        from .exports.views import FORMS, handout

        for form in FORMS:
            register_form(form.media_type, partial(handout, form=form))
        register_work("hub", "Avvisi a chi segue i feed", announce)


def announce() -> str:
    from . import websub  # a library that readers do not need

    return websub.announce()
