from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_delete


class EditorialConfig(AppConfig):
    name = "areaomogenea.editorial"
    verbose_name = "Redazione"

    def ready(self):
        from areaomogenea.accounts.telling import describe

        from . import once, outward, redactions, search, shared  # noqa: F401 (tables of this room)
        from .models import FormerAddress, PreviewLink, Publication
        from .people import User
        from .redactions import register_words

        register_words(PreviewLink, "reader", "publication")
        register_words(FormerAddress, "slug", "publication", are_the_row=True)
        describe(User, is_personal=True, personal=["email", "first_name", "last_name"], secret=["password"])
        describe(PreviewLink, is_personal=True, personal=["reader"], secret=["digest"])
        connection_created.connect(search.teach_sqlite)
        post_delete.connect(lambda instance, **kwargs: search.forget(instance), sender=Publication, weak=False)
