"""The portal with pages that fail, for those who watch over errors."""

from django.http import StreamingHttpResponse
from django.urls import path

from areaomogenea.municipalities.models import Municipality
from areaomogenea.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401

PERSON = "Mario Rossi, mario.rossi@example.org, 192.0.2.7, tel. 0373 123456"


def failing_otherwise(request):
    return {}["nothing"]


def piece_by_piece(request):
    return StreamingHttpResponse(str(place.pk) for place in Municipality.objects.all())


def failing(request, number):
    raise ValueError(f"{PERSON}: {number}")


urlpatterns = [
    path("guasta/<int:number>/", failing, name="failing"),
    path("guasta-anche/", failing_otherwise, name="failing_otherwise"),
    path("a-pezzi/", piece_by_piece, name="piece_by_piece"),
    *urlpatterns,
]
