"""Handouts on paper: each PDF is made once, kept until something that it says changes, and away with its page."""

import time
from contextlib import contextmanager, suppress
from ctypes.util import find_library
from functools import cache

from django.conf import settings
from django.core.files import locks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.dispatch import receiver

from areaomogenea.editorial.signals import publication_changed

FOLDER = "stampe"
LOCK = settings.VAR_DIR / "stampe.lock"
LIBRARIES = ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz", "harfbuzz-subset", "fontconfig")
PATIENCE, PAUSE = 20, 0.05  # seconds: for what is being made meanwhile, and between two looks


class BusyError(Exception):
    """Others are making paper, and do not come to an end."""


@cache
def can_be_made():
    """Pango is a library of the system: pip does not bring it."""
    return all(map(find_library, LIBRARIES))


def on_paper(handout):
    """(PDF, hour of its making); raises BusyError."""
    name = f"{FOLDER}/{handout.publication.pk}/{handout.digest}.pdf"
    with suppress(FileNotFoundError):
        return kept(name)
    with one_at_a_time():
        if not default_storage.exists(name):  # who was before may have made it
            keep(name, handout)
        return kept(name)


def kept(name):
    with default_storage.open(name) as file:
        return file.read(), default_storage.get_modified_time(name)


def keep(name, handout):
    from . import press  # heavy: see there

    made = press.printed(handout)
    throw_away(handout.publication)
    default_storage.save(name, ContentFile(made))


def throw_away(publication):
    folder = f"{FOLDER}/{publication.pk}"
    if default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")


@receiver(publication_changed)
def go_with_the_page(publication, **kwargs):
    if not publication.is_published():
        throw_away(publication)


@contextmanager
def one_at_a_time():
    """Making takes a whole core for a second: on this computer nobody makes two at once."""
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("wb") as file:
        until = time.monotonic() + PATIENCE
        while not locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
            if time.monotonic() > until:
                raise BusyError
            time.sleep(PAUSE)
        yield  # closing the file unlocks it, and so does the end of a process


@cache
def style():
    return (settings.BASE_DIR / "static" / "dist" / "handout.css").read_text(encoding="utf-8")
