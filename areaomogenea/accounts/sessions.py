"""Who is inside, from which device, since when; how a session ends before its day is over."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from areaomogenea.prose.fields import LineField

from .devices import KnownDevice, digest_in
from .origins import ip_address_of

if TYPE_CHECKING:
    from .models import User

ENTERED = "logged_in_at"  # in the session: when all steps of the login were done
STEP = timedelta(minutes=1)  # between two notes that somebody is still here
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


class UserSessionQuerySet(models.QuerySet):
    def open(self, at: datetime | None = None) -> Self:
        """Those whose session has not ended meanwhile, by itself or by a new password."""
        alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at or timezone.now())
        return self.filter(Exists(alive))

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def latest_first(self) -> Self:
        return self.order_by("-seen_at", "-pk")

    def end(self) -> int:
        """How many were ended: their browsers have to come in again."""
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        for key in self.values_list("session_key", flat=True):
            store.delete(key)
        return self.delete()[0]


class UserSession(models.Model):
    """A session of somebody of the desk."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="di chi")
    session_key = models.CharField("sessione", max_length=40, unique=True)
    address = models.GenericIPAddressField("da dove", null=True)
    agent = LineField("programma", max_length=200, blank=True)
    entered_at = models.DateTimeField("entrata", default=timezone.now)
    seen_at = models.DateTimeField("ultima volta", default=timezone.now)

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "sessione"
        verbose_name_plural = "sessioni"
        default_permissions = []

    def __str__(self):
        return self.device

    @property
    def device(self) -> str:
        """As its owner would call it."""
        browser, system = (
            next((name for sign, name in names.items() if sign in self.agent), "") for names in (BROWSERS, SYSTEMS)
        )
        return " su ".join(filter(None, (browser, system))) or "Un programma che non si presenta"

    def is_idle(self, at: datetime | None = None) -> bool:
        return self.seen_at < (at or timezone.now()) - timedelta(seconds=settings.SESSION_IDLE_SECONDS)


def note_entry(request: HttpRequest, user: User) -> None:
    """Begins the row of a session in which somebody has just come in."""
    request.session[ENTERED] = time.time()
    if not request.session.session_key:
        request.session.save()
    note_presence(request, user)


def note_presence(request: HttpRequest, user: User) -> UserSession | None:
    """The row of this session, which says that somebody is here now; None if nobody was for too long."""
    key, now = request.session.session_key or "", timezone.now()
    row = UserSession.objects.filter(session_key=key, user=user).first()
    if row is None:
        row = UserSession(session_key=key, user=user, entered_at=entered_at(request))
    elif row.is_idle(now):
        return None
    elif now - row.seen_at < STEP:
        return row
    row.address, row.agent, row.seen_at = (
        ip_address_of(request),
        clean_agent(request.META.get("HTTP_USER_AGENT", "")),
        now,
    )
    UserSession.objects.update_or_create(
        session_key=key,
        defaults={name: getattr(row, name) for name in ("user", "address", "agent", "entered_at", "seen_at")},
    )
    return row


def entered_at(request: HttpRequest) -> datetime:
    return datetime.fromtimestamp(request.session.get(ENTERED, time.time()), UTC)


def clean_agent(agent: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", agent)[:200]


def end_sessions(user: User, but: HttpRequest | None = None) -> int:
    """Whoever is inside as this person must come in again, and no device is known any more; save those of `but`.

    To be called whenever a key of the person changes: password, second factor, e-mail address, role.
    `but` is the request of the person who changed it.
    """
    sessions, devices = UserSession.objects.of(user), KnownDevice.objects.filter(user=user)
    if but is not None and getattr(but, "user", None) == user:
        sessions = sessions.exclude(session_key=but.session.session_key)
        devices = devices.exclude(digest=digest_in(but))
    devices.delete()
    return sessions.end()


def sweep_sessions() -> str:
    """Deletes what belongs to sessions that have ended, and devices not seen for long; how much in words, or ""."""
    ended = UserSession.objects.exclude(pk__in=UserSession.objects.open().values("pk"))
    gone = Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]
    gone += ended.delete()[0] + KnownDevice.objects.over().delete()[0]
    return f"Sessioni e dispositivi: {gone} righe finite" if gone else ""
