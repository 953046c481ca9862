"""/scadenze/ and /calendario/, each with the file that a phone's calendar follows."""

from django.urls import path

from . import agenda

due = [
    path("", agenda.due, name="index"),
    path("scadenze.ics", agenda.due_file, name="file"),
    path("<uuid:uid>.ics", agenda.one_file, name="one"),
]
calendar = [
    path("", agenda.calendar, name="index"),
    path("calendario.ics", agenda.calendar_file, name="file"),
]
