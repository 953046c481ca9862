from django.http import HttpResponse
from django.urls import include, path
from wagtail import urls


def hello(request):
    return HttpResponse("<!doctype html><title>Ciao</title><p>Ciao")


urlpatterns = [path("ciao/", hello), path("", include(urls))]
