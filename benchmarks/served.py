"""The portal as it is served, with one page more that does nothing: what the road to a page costs by itself."""

import os

from django.http import HttpResponse
from django.urls import path

from areaomogenea.urls import *  # noqa: F403 (handlers, too)
from areaomogenea.urls import urlpatterns as of_the_portal


def hello(request):
    return HttpResponse("<!doctype html><title>Ciao</title><p>Ciao")


urlpatterns = [path("ciao/", hello, name="hello"), *of_the_portal]


def signed(get_response):
    """Middleware: says which process has answered."""

    def middleware(request):
        response = get_response(request)
        response["X-Process"] = os.getpid()
        return response

    return middleware
