"""What a page says once to whoever did something: Django's messages, in cookies that only this host can set."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    cookie_name = f"{settings.HOST_COOKIE}messages"


class HostMessages(FallbackStorage):
    storage_classes = (HostCookieStorage, SessionStorage)
