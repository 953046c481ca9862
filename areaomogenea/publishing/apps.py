from django.apps import AppConfig
from django.db.models.signals import post_delete


class PublishingConfig(AppConfig):
    name = "areaomogenea.publishing"
    verbose_name = "Redazione"

    def ready(self) -> None:
        from areaomogenea.accounts.ledger_values import register_description
        from areaomogenea.search import engines

        from . import monitoring, redactions, shared  # noqa: F401 (tables of this room)
        from .models import FormerAddress, Publication
        from .preview_links import PreviewLink
        from .redactions import register_words

        register_words(PreviewLink, "reader", "publication")
        register_words(FormerAddress, "slug", "publication", are_the_row=True)
        register_description(PreviewLink, is_personal=True, personal=["reader"], secret=["digest"])
        monitoring.register()
        post_delete.connect(
            lambda instance, **kwargs: engines.unindex_publication(instance), sender=Publication, weak=False
        )
