"""News with topics and Comuni, as the manual of Wagtail would make them."""

from django.core.paginator import Paginator
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField
from wagtail.models import Page

ON_A_PAGE, RELATED = 12, 3


class Topic(models.Model):
    name = models.CharField(max_length=80)

    def __str__(self):
        return self.name


class Place(models.Model):
    name = models.CharField(max_length=80)

    def __str__(self):
        return self.name


class NewsIndex(Page):
    def get_context(self, request):
        news = NewsPage.objects.child_of(self).live().order_by("-date").select_related("image")
        pages = Paginator(news.prefetch_related("topics", "image__renditions"), ON_A_PAGE)
        context = {"news": pages.get_page(request.GET.get("page"))}
        return super().get_context(request) | context | {"topics": Topic.objects.all(), "places": Place.objects.all()}


class NewsPage(Page):
    date = models.DateTimeField(db_index=True)
    intro = models.CharField(max_length=255)
    body = RichTextField()
    image = models.ForeignKey("wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+")
    topics = ParentalManyToManyField(Topic)
    places = ParentalManyToManyField(Place)

    def get_context(self, request):
        topics = list(self.topics.all())
        others = NewsPage.objects.live().filter(topics__in=topics).exclude(pk=self.pk).select_related("image")
        related = others.order_by("-date").distinct()[:RELATED]
        return super().get_context(request) | {"topic_list": topics, "related": related}
