"""The table of contents of the portal."""

from django.contrib import admin
from django.urls import include, path

from areaomogenea.editorial.views import stored_file

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("novita/", include("news.urls")),
    path("argomenti/", include("areaomogenea.topics.urls")),
    path("comuni/", include("areaomogenea.municipalities.urls")),
    path("comuni/<slug:slug>/", views.municipality, name="municipality"),
    path("cerca/", views.search, name="search"),
    path("privacy/", views.page, {"template": "pages/privacy.html"}, name="privacy"),
    path("note-legali/", views.page, {"template": "pages/legal_notes.html"}, name="legal_notes"),
    path("accessibilita/", views.page, {"template": "pages/accessibility.html"}, name="accessibility"),
    path("domande-frequenti/", views.page, {"template": "pages/faq.html"}, name="faq"),
    path("mappa-del-sito/", views.site_map, name="site_map"),
    path("file/<path:name>", stored_file, name="file"),
    path("admin/", admin.site.urls),
]
handler404 = "areaomogenea.views.not_found"
