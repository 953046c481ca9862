"""Where links of a text lead inside the portal, and whether readers find something there."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Model
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from areaomogenea.library.images import original_name
from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing import kinds
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.publishing.models import Publication, PublicationQuerySet
from areaomogenea.topics.models import Topic

Finder = Callable[[set[Any], PublicationQuerySet], set[Any]]  # which of these keys readers find
INCOMPLETE = "non ha un indirizzo completo: se è un altro sito, comincia con https://"
BEHIND_LOGIN = "porta alla redazione, dove i lettori non entrano"
NOTHING_THERE = "porta a una pagina che i lettori non trovano"


def dead_links(addresses: Iterable[str], at: datetime, own: Publication | None = None) -> dict[str, str]:
    """Why each address that leads nowhere does so; `own` is the publication that holds them, if it has been saved.

    What comes out by `at` is there. The number of queries does not grow with that of addresses.
    """
    dead, rows = {}, {}
    for address in dict.fromkeys(addresses):
        path, why = inner_path(address)
        match = path and match_of(path)
        if path and not match:
            why = NOTHING_THERE
        elif match and "admin" in match.namespaces:
            why = BEHIND_LOGIN
        if why:
            dead[address] = why
        elif match and (row := row_key(match)):
            rows[address] = row
    shown = Publication.objects.published(at)
    if own:
        shown |= Publication.objects.filter(pk=own.pk)  # it comes out with its own attachments
    there = rows_behind(rows.values(), shown)
    return dead | {address: NOTHING_THERE for address, row in rows.items() if row not in there}


def inner_path(address: str) -> tuple[str, str]:
    """The path in this portal, none for what is elsewhere or in the same page; and why it can be no address."""
    try:
        url = urlsplit(address)
        host = url.hostname
    except ValueError:
        return "", INCOMPLETE
    if not address or url.scheme not in ("", "http", "https") or address.startswith(("#", "?")):
        return "", ""
    if host:
        return (url.path or "/") if host in settings.ALLOWED_HOSTS else "", ""
    if not url.path.startswith("/"):
        return "", INCOMPLETE
    return "" if url.path.startswith(settings.STATIC_URL) else url.path, ""


def match_of(path: str) -> ResolverMatch | None:
    """What the table of contents has at this path, with or without its last slash; None if nothing."""
    path = unquote(path)
    candidates = (path, f"{path}/") if path.isprintable() else ()
    return next(filter(None, map(resolved, candidates)), None)


def resolved(path: str) -> ResolverMatch | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return None if match.url_name == "nowhere" else match


def row_key(match: ResolverMatch) -> tuple[Finder, Any] | None:
    """(the word that finds rows of this sort, what the row goes by there): of a door, by the names of what it takes."""
    slug, name = match.kwargs.get("slug"), match.kwargs.get("name")
    kind = match.kwargs.get("kind", match.namespace)
    if slug and kind in kinds.codes():  # its page, and that page in other forms
        return find_publications, (kind, slug)
    if slug and match.namespace == "topics":
        return find_topics, slug
    if slug and match.url_name in ("municipality", "municipality_brief"):
        return find_municipalities, slug
    return (find_files, name) if match.view_name == "file" else None


def present_address(path: str) -> str:
    """Where what readers find at this path, or found there once, is now; "" if nothing is. A list stays where it is."""
    if not (match := match_of(path)):
        return ""
    if not (match.kwargs.get("slug") and row_key(match)):
        return (path if resolved(path) else f"{path}/") if shows_something(match) else ""
    if not (row := named_by(match)):
        return ""
    present = {"slug": row.slug, "kind": getattr(row, "kind", "")}
    namespace = row.kind if match.url_name == "detail" and isinstance(row, Publication) else match.namespace
    name = ":".join(filter(None, [namespace, match.url_name]))
    return reverse(name, kwargs={key: present.get(key, value) for key, value in match.captured_kwargs.items()})


def named_by(match: ResolverMatch) -> Model | None:
    """The row that the words of a door name, as readers may see it; None if none."""
    find, key = row_key(match)
    if find is find_publications:
        return Publication.objects.published().named(key[1], key[0])
    return (Topic if find is find_topics else Municipality).objects.named(key)


def shows_something(match: ResolverMatch) -> bool:
    """Whether the row that a door is of is there; a door of none shows itself, one whose key we cannot read nothing.

    The API says by itself what it has; the desk is entered by its own addresses alone.
    """
    if "admin" in match.namespaces:
        return False
    if row := row_key(match):
        return row in rows_behind([row], Publication.objects.published())
    return not match.captured_kwargs or "api" in match.namespaces


def rows_behind(rows: Iterable[tuple[Finder, Any]], shown: PublicationQuerySet) -> set[tuple[Finder, Any]]:
    """Those that are there, in one question for each sort."""
    by_finder = {}
    for find, key in rows:
        by_finder.setdefault(find, set()).add(key)
    return {(find, key) for find, keys in by_finder.items() for key in find(keys, shown)}


def find_publications(keys: set[tuple[str, str]], shown: PublicationQuerySet) -> set[tuple[str, str]]:
    """Their present address or a former one: it redirects."""
    return shown.leading_to(keys)


def find_topics(slugs: set[str], shown: PublicationQuerySet) -> set[str]:
    return Topic.objects.leading_to(slugs)


def find_municipalities(slugs: set[str], shown: PublicationQuerySet) -> set[str]:
    return Municipality.objects.leading_to(slugs)


def find_files(names: set[str], shown: PublicationQuerySet) -> set[str]:
    keys = shown.order_by().values("pk")
    attached = Attachment.objects.filter(file__in=names, publication__in=keys).values_list("file", flat=True)
    pictures = Picture.objects.named(names).order_by()
    leading = pictures.filter(publications__in=keys).values_list("file", flat=True)
    within = pictures.filter(illustrations__publication__in=keys).values_list("file", flat=True)
    known = {*attached, *leading, *within}
    return {name for name in names if name in known or original_name(name) in known}
