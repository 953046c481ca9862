"""How the portal is, for whoever runs the office: what is well, what is not, since when, what to do and who does it."""

import platform
import tomllib
from datetime import datetime
from functools import cache
from typing import Any

import django
from django.conf import settings
from django.contrib.admin import site
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from areaomogenea.accounts.models import User
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.monitoring.alarms import contact
from areaomogenea.monitoring.error_page import short
from areaomogenea.monitoring.faults import faults_of_last_day
from areaomogenea.monitoring.models import Alarm
from areaomogenea.monitoring.probes import Reading, State, memory, worst_of

MOST_ERRORS = 15
WORKS = "lavori-"


def may_see(user: User) -> bool:
    return user.has_perm("monitoring.view_lastrun")


def status(request: UserRequest) -> HttpResponse:
    """Others do not even learn that it is there."""
    if not may_see(request.user):
        raise Http404
    readings = memory.readings()
    amiss = sorted((one for one in readings if not one.is_well), key=lambda one: -one.state.gravity)
    well = [one for one in readings if one.is_well]
    context = {
        "title": "Stato del sistema",
        "at": timezone.now(),
        "worst": worst_of(readings),
        "amiss": with_beginnings(amiss),
        "parts": [one for one in well if not one.name.startswith(WORKS)],
        "works": [one for one in well if one.name.startswith(WORKS)],
        "number_done": sum(one.name.startswith(WORKS) and one.state == State.WELL for one in well),
        "contact": contact(),
        "errors": errors_of_last_day(),
        "versions": versions(),
    }
    return render(request, "admin/desk/status.html", site.each_context(request) | context)


def notice_for(user: User) -> dict[str, Any] | None:
    """For the first page: what is not well, for who may do something about it."""
    if not may_see(user):
        return None
    amiss = [one for one in memory.readings() if one.is_alarm and not one.is_well]
    return {"worst": worst_of(amiss), "labels": [one.label for one in amiss]} if amiss else None


def with_beginnings(readings: list[Reading]) -> list[tuple[Reading, datetime | None]]:
    """Each with the hour since when; where it does not know itself, as those who were told know it."""
    known = {alarm.name: alarm.since for alarm in Alarm.objects.all()} if is_reachable(readings) else {}
    return [(one, one.since or known.get(one.name)) for one in readings]


def is_reachable(readings: list[Reading]) -> bool:
    return all(one.name not in ("banca-dati", "migrazioni") or one.state != State.FAULT for one in readings)


def errors_of_last_day() -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind,
            "place": one.place,
            "view": one.view,
            "times": one.times,
            "latest": datetime.fromtimestamp(one.latest).astimezone(),
            "code": short(one.request),
        }
        for one in faults_of_last_day().latest_first()[:MOST_ERRORS]
    ]


def versions() -> list[tuple[str, str]]:
    number = ".".join(map(str, connection.get_database_version()))
    return [
        ("Portale", version()),
        ("Django", django.get_version()),
        ("Python", platform.python_version()),
        (connection.display_name, number),
    ]


@cache
def version() -> str:
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
