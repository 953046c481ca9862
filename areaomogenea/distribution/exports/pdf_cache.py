"""Handouts on paper: each PDF is made once, kept until something that it says changes, and away with its page."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes.util import find_library
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zipfile import ZipFile

from django.conf import settings
from django.core.files import locks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.dispatch import receiver
from django.utils import timezone

from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.signals import publication_changed, publication_redacted
from areaomogenea.sandbox.errors import Refused, TooCostly, Unreadable
from areaomogenea.sandbox.limits import OF_PAPER
from areaomogenea.sandbox.process import ask_at_once

if TYPE_CHECKING:
    from .context import Handout

logger = logging.getLogger(__name__)
FOLDER = "stampe"
LOCK = settings.VAR_DIR / "stampe.lock"
LIBRARIES = ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz", "harfbuzz-subset", "fontconfig")
# Seconds: for what is being made meanwhile, and between two looks. Who waits keeps a thread from all other readers.
PATIENCE, PAUSE = 5, 0.05
PLACES = 2  # on this computer, for one that is made and one that waits: so many threads of all, whoever asks


class BusyError(Exception):
    """Others are making paper, and do not come to an end; or there is no room to make any."""


class WithdrawnError(Exception):
    """While it was being made, readers were to see it no more."""


@cache
def can_be_made() -> bool:
    """Pango is a library of the system: pip does not bring it."""
    return all(map(find_library, LIBRARIES))


def on_paper(handout: Handout) -> tuple[bytes, datetime]:
    """(PDF, hour of its making); raises BusyError and WithdrawnError."""
    name = f"{FOLDER}/{handout.publication.pk}/{handout.digest}.pdf"
    with suppress(OSError):
        return kept(name)
    with in_line(), one_at_a_time():
        with suppress(OSError):  # who was before may have made it
            return kept(name)
        made = printed_and_kept(name, handout)
    if not Publication.objects.published().filter(pk=handout.publication.pk).exists():
        throw_away(handout.publication)
        raise WithdrawnError
    return made


def kept(name: str) -> tuple[bytes, datetime]:
    with default_storage.open(name) as file:
        return file.read(), default_storage.get_modified_time(name)


def printed_and_kept(name: str, handout: Handout) -> tuple[bytes, datetime]:
    made, lacking = printed(handout)
    if lacking:  # who asks next may get it with them
        logger.error("A PDF lacks %s: %s", ", ".join(lacking), name)
        return made, timezone.now()
    try:
        throw_away(handout.publication)
        keep(name, made)
        return kept(name)  # with the hour that whoever asks next is told
    except OSError:  # a full disk, say: who asked for it gets it all the same
        logger.exception("A PDF could not be kept: %s", name)
        return made, timezone.now()


def printed(handout: Handout) -> tuple[bytes, list[str]]:
    """(PDF, names of pictures that it lacks because they cannot be read), made in a process that is bounded.

    A text that takes long holds up no other reader of this one, and its memory goes with it: WeasyPrint weighs 45 MB.
    """
    file, pictures, lacking = packed(handout)
    try:
        answer = ask_at_once("areaomogenea.distribution.exports.pdf:printed", file, OF_PAPER, handout.digest, pictures)
    except (Refused, TooCostly, Unreadable) as error:
        logger.exception("No PDF can be made of %s", handout.publication.get_absolute_url())
        raise BusyError from error
    return answer["pdf"], lacking + [handout.pictures[address] for address in answer["lacking"]]


def packed(handout: Handout) -> tuple[IO[bytes], dict[str, str], list[str]]:
    """(all that it is made of as a zip, the member by address of a picture, names of those that cannot be read)."""
    file, pictures, lacking = BytesIO(), {}, []
    with ZipFile(file, "w") as package:
        package.writestr("html", handout.html)
        package.writestr("style", handout.style)
        for name, drawing in handout.drawings.items():
            package.writestr(f"drawings/{name}", drawing)
        for number, (address, name) in enumerate(handout.pictures.items()):
            try:
                with default_storage.open(name) as picture:
                    package.writestr(f"pictures/{number}", picture.read())
                pictures[address] = f"pictures/{number}"
            except OSError:
                lacking.append(name)
    return file, pictures, lacking


def keep(name: str, made: bytes) -> None:
    """Under its name only once it is whole: nobody may read half of it, however its writing ends."""
    half = default_storage.save(f"{name}.half", ContentFile(made))
    Path(default_storage.path(half)).replace(default_storage.path(name))


def throw_away(publication: Publication) -> None:
    folder = f"{FOLDER}/{publication.pk}"
    if default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")


@receiver(publication_changed)
def go_with_the_page(publication: Publication, **kwargs: object) -> None:
    if not publication.is_published():
        throw_away(publication)


@receiver(publication_redacted)
def go_at_once(publication: Publication, **kwargs: object) -> None:
    throw_away(publication)


@contextmanager
def in_line() -> Iterator[None]:
    """A place in the short line for paper; raises BusyError at once when there is none."""
    for number in range(PLACES):
        with lock(LOCK.with_name(f"{LOCK.stem}-{number}{LOCK.suffix}")) as place:
            if locks.lock(place, locks.LOCK_EX | locks.LOCK_NB):
                yield
                return
    raise BusyError


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Making takes a whole core for a second: on this computer nobody makes two at once."""
    with lock(LOCK) as file:
        until = time.monotonic() + PATIENCE
        while not locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
            if time.monotonic() > until:
                raise BusyError
            time.sleep(PAUSE)
        yield  # closing the file unlocks it, and so does the end of a process


def lock(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(exist_ok=True)
        return path.open("wb")
    except OSError as error:
        logger.exception("No PDF can be made without %s", path)
        raise BusyError from error


@cache
def style() -> str:
    return (settings.BASE_DIR / "static" / "dist" / "handout.css").read_text(encoding="utf-8")
