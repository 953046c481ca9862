"""The table of contents of the portal."""

from django.contrib import admin
from django.urls import include, path

from areaomogenea.deadlines import urls as of_deadlines
from areaomogenea.publishing.views import preview, preview_file, stored_file
from areaomogenea.topics.views import glossary
from areaomogenea.topics.views import index as topic_index

from . import views

of_topics = [
    path("", topic_index, name="index"),
    path("<slug:slug>/", views.topic, name="detail"),
]
urlpatterns = [
    path("", views.home, name="home"),
    path("novita/", include("news.urls")),
    path("iniziative/", include("initiatives.urls")),
    path("scadenze/", include((of_deadlines.due, "scadenze"))),
    path("calendario/", include((of_deadlines.calendar, "calendario"))),
    path("argomenti/", include((of_topics, "topics"))),
    path("glossario/", glossary, name="glossary"),
    path("contatti/", include("areaomogenea.offices.urls")),
    path("comuni/", include("areaomogenea.municipalities.urls")),
    path("comuni/<slug:slug>/", views.municipality, name="municipality"),
    path("comuni/<slug:slug>/in-breve/", views.municipality_brief, name="municipality_brief"),
    path("cerca/", views.search, name="search"),
    path("privacy/", views.page, {"title": "Privacy", "template": "privacy"}, name="privacy"),
    path("note-legali/", views.page, {"title": "Note legali", "template": "legal_notes"}, name="legal_notes"),
    path(
        "accessibilita/",
        views.page,
        {"title": "Accessibilità", "template": "accessibility"},
        name="accessibility",
    ),
    path("domande-frequenti/", views.page, {"title": "Domande frequenti", "template": "faq"}, name="faq"),
    path("mappa-del-sito/", views.site_map, name="site_map"),
    path("", include("areaomogenea.distribution.urls")),
    path("", include("areaomogenea.monitoring.urls")),
    path("file/<path:name>", stored_file, name="file"),
    path("accesso/", include("areaomogenea.accounts.urls")),
    path("anteprima/<token>/", preview, name="preview"),
    path("anteprima/<token>/file/<path:name>", preview_file, name="preview_file"),
    path("admin/", admin.site.urls),
]
handler400 = "areaomogenea.views.bad_request"
handler403 = "areaomogenea.views.forbidden"
handler404 = "areaomogenea.views.not_found"
handler500 = "areaomogenea.views.server_error"
