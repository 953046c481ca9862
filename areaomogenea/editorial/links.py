"""Where links of a text lead inside the portal, and whether readers find something there."""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from areaomogenea.municipalities.models import Municipality
from areaomogenea.topics.models import FormerSlug, Topic

from .files import Attachment
from .media import original_name
from .models import FormerAddress, Publication

INCOMPLETE = "non ha un indirizzo completo: se è un altro sito, comincia con https://"
BEHIND_LOGIN = "porta alla redazione, dove i lettori non entrano"
NOTHING_THERE = "porta a una pagina che i lettori non trovano"


def dead_links(addresses, at, own=None):
    """Why each address that leads nowhere does so; `own` is the publication that holds them, if it has been saved.

    What comes out by `at` is there. The number of queries does not grow with that of addresses.
    """
    dead, doors = {}, {}
    for address in dict.fromkeys(addresses):
        path, why = inner_path(address)
        door = path and door_of(path)
        if path and not door:
            why = NOTHING_THERE
        elif door and "admin" in door.namespaces:
            why = BEHIND_LOGIN
        if why:
            dead[address] = why
        elif door and door.view_name in ROWS_BEHIND:
            doors[address] = door
    shown = Publication.objects.published(at)
    if own:
        shown |= Publication.objects.filter(pk=own.pk)  # it comes out with its own attachments
    there = rows_behind(doors.values(), shown)
    return dead | {address: NOTHING_THERE for address, door in doors.items() if key_of(door) not in there}


def inner_path(address):
    """The path in this portal, none for what is elsewhere or in the same page; and why it can be no address."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return "", INCOMPLETE
    if not address or parts.scheme not in ("", "http", "https") or address.startswith(("#", "?")):
        return "", ""
    if host:
        return (parts.path or "/") if host in settings.ALLOWED_HOSTS else "", ""
    if not parts.path.startswith("/"):
        return "", INCOMPLETE
    return "" if parts.path.startswith(settings.STATIC_URL) else parts.path, ""


def door_of(path):
    """What the table of contents has at this path, with or without its last slash; None if nothing."""
    path = unquote(path)
    for candidate in (path, f"{path}/") if path.isprintable() else ():
        try:
            return resolve(candidate)
        except Resolver404:
            continue
    return None


def key_of(door):
    return door.namespace, *door.kwargs.values()


def rows_behind(doors, shown):
    """The keys of the doors that have a row behind them."""
    names = {}
    for door in doors:
        names.setdefault(ROWS_BEHIND[door.view_name], set()).add(door.kwargs.get("slug") or door.kwargs.get("name"))
    return {key for find, some in names.items() for key in find(some, shown)}


def publications(slugs, shown):
    present = shown.filter(slug__in=slugs).order_by().values_list("kind", "slug")
    former = FormerAddress.objects.filter(slug__in=slugs, publication__in=shown.order_by().values("pk"))
    return [(kind, kind, slug) for kind, slug in [*present, *former.values_list("kind", "slug")]]


def topics(slugs, shown):
    present = Topic.objects.filter(slug__in=slugs).order_by().values_list("slug", flat=True)
    former = FormerSlug.objects.filter(slug__in=slugs).values_list("slug", flat=True)
    return [("topics", slug) for slug in [*present, *former]]


def municipalities(slugs, shown):
    known = Municipality.objects.filter(slug__in=slugs).order_by().values_list("slug", flat=True)
    return [("", slug) for slug in known]


def files(names, shown):
    attached = Attachment.objects.filter(file__in=names, publication__in=shown.order_by().values("pk"))
    pictured = shown.filter(picture__file__in={original_name(name) for name in names}).order_by()
    known = {*attached.values_list("file", flat=True), *pictured.values_list("picture__file", flat=True)}
    return [("", name) for name in names if name in known or original_name(name) in known]


# By the name of an address whose page depends on a row.
ROWS_BEHIND = {f"{kind}:detail": publications for kind in Publication.Kind} | {
    "topics:detail": topics,
    "municipality": municipalities,
    "file": files,
}
