"""Topics as a table of contents, and the page that explains each before it lists."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from areaomogenea.naming.moves import moved
from areaomogenea.prose.html import for_reading

from .glossary import explain
from .models import Term, Topic


def index(request: HttpRequest) -> HttpResponse:
    return render(request, "topics/index.html", {"topics": Topic.objects.all()})


def detail(request: HttpRequest, slug: str, beside: Callable[[Topic], dict[str, Any]]) -> HttpResponse:
    topic = Topic.objects.named(slug)
    if not topic:
        raise Http404
    if topic.slug != slug:
        return moved(request, topic.get_absolute_url())
    return page(request, topic, beside)


def page(request: HttpRequest, topic: Topic, beside: Callable[[Topic], dict[str, Any]]) -> HttpResponse:
    """`beside`: a function of the topic that returns what the higher rooms show on its page, as context."""
    explanation, sections = for_reading(topic.explanation)
    explanation = explain(explanation, Term.objects.values("acronym", "slug", "expansion"))
    context = {
        "topic": topic,
        "explanation_html": explanation,
        "sections": sections,
    }
    return render(request, "topics/detail.html", context | beside(topic))


def glossary(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "topics/glossary.html",
        {
            "title": "Glossario delle sigle",
            "terms": Term.objects.select_related("topic").prefetch_related("former_slugs"),
        },
    )
