"""Settings as Wagtail's own template of a project has them, with gzip and the connections of the portal."""

import os
from pathlib import Path
from urllib.parse import urlsplit

address = urlsplit(os.environ["DATABASE_URL"])  # postgres://user@host/name, or with the folder of a socket for a host
folder, _, name = address.path.removeprefix("/").rpartition("/")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": address.username,
        "PASSWORD": address.password,
        "HOST": address.hostname or folder,
        "PORT": address.port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
SECRET_KEY = "x" * 60
ALLOWED_HOSTS = ["localhost"]
INSTALLED_APPS = ["benchmarks.wagtail_site", "wagtail", "modelcluster", "taggit", "django_filters"]
INSTALLED_APPS += [f"wagtail.{part}" for part in "admin documents embeds images search sites snippets users".split()]
INSTALLED_APPS += [f"wagtail.contrib.{part}" for part in "forms redirects sitemaps".split()]
INSTALLED_APPS += [f"django.contrib.{part}" for part in "auth contenttypes messages sessions staticfiles".split()]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "benchmarks.wagtail_site.urls"
PROCESSORS = ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [*PROCESSORS, "django.contrib.messages.context_processors.messages"]},
    }
]
LANGUAGE_CODE, USE_TZ, STATIC_URL, MEDIA_URL = "it", True, "/static/", "/media/"
MEDIA_ROOT = Path(os.environ["MEDIA_ROOT"])
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
WAGTAIL_SITE_NAME, WAGTAILADMIN_BASE_URL = "Area", "http://localhost"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}
