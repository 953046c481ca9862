from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "areaomogenea.topics"
    verbose_name = "Argomenti e glossario"
