"""/scadenze/ and /calendario/, each with the file that a phone's calendar follows."""

from django.urls import path

from . import views

due = [
    path("", views.due, name="index"),
    path("scadenze.ics", views.due_file, name="file"),
    path("<uuid:uid>.ics", views.one_file, name="one"),
]
calendar = [
    path("", views.calendar, name="index"),
    path("calendario.ics", views.calendar_file, name="file"),
]
