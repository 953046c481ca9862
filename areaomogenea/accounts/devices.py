"""Devices from which somebody has already come in: whoever tries passwords from elsewhere does not lock them out."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

if TYPE_CHECKING:
    from .models import User

COOKIE = f"{settings.HOST_COOKIE}device"
LASTS = timedelta(days=180)  # without coming in


def digest_in(request: HttpRequest) -> str:
    """Of what the browser brings; "" when it brings nothing."""
    token = request.COOKIES.get(COOKIE, "")
    return sha256(token.encode()).hexdigest() if token else ""


class KnownDeviceQuerySet(models.QuerySet):
    def valid(self, at: datetime | None = None) -> Self:
        return self.filter(used_at__gt=(at or timezone.now()) - LASTS)

    def over(self, at: datetime | None = None) -> Self:
        return self.filter(used_at__lte=(at or timezone.now()) - LASTS)

    def name_of(self, request: HttpRequest, person_key: str) -> str:
        """What attempts from a device that this person has used are counted under; "" for any other device."""
        if not (digest := digest_in(request)) or not person_key.isdecimal():
            return ""
        known = self.valid().filter(user_id=int(person_key), digest=digest).values_list("pk", flat=True).first()
        return f"device {known}" if known else ""


class KnownDevice(models.Model):
    """A browser and somebody who came in with it, all steps done. The secret stays in the browser, its digest here."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="di chi")
    digest = models.CharField("impronta", max_length=64)
    used_at = models.DateTimeField("ultimo accesso", default=timezone.now, db_index=True)

    objects = KnownDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "dispositivo conosciuto"
        verbose_name_plural = "dispositivi conosciuti"
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="device_is_known_once")]

    def __str__(self):
        return f"{self.user_id}"


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """From now on this browser is known for this person; it may be for others too."""
    is_ours = KnownDevice.objects.valid().filter(digest=digest_in(request)).exists()
    token = request.COOKIES[COOKIE] if is_ours else secrets.token_urlsafe(32)
    digest = sha256(token.encode()).hexdigest()
    KnownDevice.objects.update_or_create(user=user, digest=digest, defaults={"used_at": timezone.now()})
    how = {"secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
    response.set_cookie(COOKIE, token, max_age=LASTS, **how)
