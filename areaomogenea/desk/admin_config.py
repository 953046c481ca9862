"""django.contrib.admin with the desk as its site: apart from it, since models are not ready when settings name this."""

from django.contrib.admin.apps import AdminConfig

from . import sentences


class DeskConfig(AdminConfig):
    default_site = "areaomogenea.desk.site.DeskSite"

    def ready(self) -> None:
        super().ready()
        sentences.speak()
