"""The portal as it is served, with one page more that does nothing: what the road to a page costs by itself."""

from django.http import HttpResponse
from django.urls import path

from areaomogenea.urls import *  # noqa: F403 (handlers, too)
from areaomogenea.urls import urlpatterns as of_the_portal

urlpatterns = [path("ciao/", lambda request: HttpResponse("<!doctype html><title>Ciao</title><p>Ciao")), *of_the_portal]
