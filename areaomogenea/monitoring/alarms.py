"""One letter to those who look after the portal when something is not well, and one when it is well again."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from areaomogenea.identity.models import Identity

from .letters import letter_to_admins, status_address
from .models import Alarm
from .probes import Reading, take_readings

AT_REST = timedelta(hours=1)  # after a letter, what comes and goes brings no other
WORRY = """\
{label}: {words}

Da quando:  {since}
Che fare:   {remedy}
Chi:        {contact}

Si riscrive quando è di nuovo a posto. Lo stato del portale: {address}
"""
RELIEF = """\
{label}: {words}

Era così dal {since}. Lo stato del portale: {address}
"""
log = logging.getLogger(__name__)


def ring(readings: list[Reading] | None = None) -> int:
    """How many letters have left. Several processes at once send each only one."""
    alarming = [one for one in (take_readings() if readings is None else readings) if one.is_alarm]
    known = Alarm.objects.in_bulk()
    sent = 0
    for reading in alarming:
        alarm = known.get(reading.name)
        if not reading.is_well:
            sent += worry(reading, alarm or Alarm.objects.get_or_create(name=reading.name)[0])
        elif alarm and alarm.since:
            sent += relieve(reading, alarm)
    return sent


def worry(reading: Reading, alarm: Alarm) -> bool:
    now = timezone.now()
    if not alarm.since:
        alarm.since = reading.since or now
        Alarm.objects.filter(pk=alarm.pk, since=None).update(since=alarm.since)
    if alarm.is_told or now - alarm.since < reading.patience:
        return False
    is_at_rest = Q(told_at=None) | Q(told_at__lt=now - AT_REST)
    if not Alarm.objects.filter(is_at_rest, pk=alarm.pk, is_told=False).update(is_told=True, told_at=now):
        return False
    if send(reading, alarm, f"Attenzione: {reading.label.lower()}", WORRY):
        return True
    Alarm.objects.filter(pk=alarm.pk).update(is_told=False, told_at=alarm.told_at)
    return False


def relieve(reading: Reading, alarm: Alarm) -> bool:
    if not Alarm.objects.filter(pk=alarm.pk, since=alarm.since).update(since=None, is_told=False):
        return False
    return alarm.is_told and send(reading, alarm, f"Di nuovo a posto: {reading.label.lower()}", RELIEF)


def send(reading: Reading, alarm: Alarm, subject: str, text: str) -> bool:
    """At once: whoever calls is a command, and wants to know whether it left."""
    since = f"{timezone.localtime(alarm.since):%d/%m/%Y, %H:%M}"
    words = text.format(
        label=reading.label,
        words=reading.words,
        since=since,
        remedy=reading.remedy or "guarda lo stato del portale",
        contact=contact(),
        address=status_address(),
    )
    letter = letter_to_admins(subject, words)
    try:
        return bool(letter and letter.send())
    except (SMTPException, OSError):
        log.exception("A letter about an alarm did not leave.")
        return False


def contact() -> str:
    """Who looks after the server, as the settings name them."""
    if settings.TECHNICAL_CONTACT or settings.ADMINS:
        return settings.TECHNICAL_CONTACT or ", ".join(address for _, address in settings.ADMINS)
    identity = Identity.current()
    return ", ".join(filter(None, [identity.owner, identity.phone, identity.email or identity.pec]))
