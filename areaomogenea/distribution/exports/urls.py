"""The address of a page, with the ending of each form in place of its last stroke."""

from django.urls import path, re_path

from areaomogenea.publishing.models import Publication

from .views import FORMS, handout

NEWS = "|".join(Publication.Kind.of_news())
urlpatterns = []
for form in FORMS:
    of_news = rf"^novita/(?P<kind>{NEWS})/(?P<slug>[-\w]+)\.{form.suffix}$"
    lasting = {"kind": Publication.Kind.INITIATIVE, "form": form}
    urlpatterns += [
        re_path(of_news, handout, {"form": form}, name=f"news_{form.suffix}"),
        path(f"iniziative/<slug:slug>.{form.suffix}", handout, lasting, name=f"initiative_{form.suffix}"),
    ]
