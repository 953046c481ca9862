"""Addresses as people type and paste them: what was meant is found, or the nearest to it is proposed."""

import re
from collections import namedtuple
from collections.abc import Callable, Iterable
from difflib import get_close_matches

from django.conf import settings
from django.db.models import CharField, F, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse

from areaomogenea.municipalities.models import Municipality
from areaomogenea.naming.moves import moved
from areaomogenea.naming.slugs import slug_of
from areaomogenea.prose.characters import unhidden
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.quality.internal_links import match_of, present_address, resolved
from areaomogenea.topics.models import Term, Topic

from .models import OldAddress, path_of

LONGEST = 300  # letters: what is longer nobody typed
HUNG_ON = " \t\u00a0.,;:!?'\"’”»)]}>*…/"  # by the sentence in which an address stood
GLOSSARY = "glossario/"
EXTENSION = re.compile(r"\.[a-z0-9]{2,7}$")
INDEX = re.compile(r"/index\.(?:html?|php)$", re.IGNORECASE)
ONE_FOR_ALL = {"comune": "comuni", "argomento": "argomenti"}  # what a list is called by who thinks of one of it
WAYS = {  # what people and programs try where they know no address
    **dict.fromkeys(("home", "index"), "home"),
    **dict.fromkeys(("feed", "rss", "feed/rss", "rss.xml", "feed.xml"), "feed_rss"),
    **dict.fromkeys(("atom", "feed/atom", "atom.xml"), "feed_atom"),
    **dict.fromkeys(("feed/json", "feed.json"), "feed_json"),
    **dict.fromkeys(("ics", "calendario.ics"), "calendario:file"),
    "scadenze.ics": "scadenze:file",
    "sitemap": "site_map",
    "api": "api:documentation",
}
ALIKE = 0.75  # of two words, from 0 to 1: a letter or two are amiss
MOST, MOST_READ, MOST_WORDS = 5, 50, 12
Proposal = namedtuple("Proposal", "what title address")


def forgiven(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an address that shows nothing and is nearly one of ours leads there, in one step."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return (response.status_code == 404 and forgiveness(request)) or response

    return middleware


def forgiveness(request: HttpRequest) -> HttpResponse | None:
    """The redirect to what was meant; None if that is not clear, or was asked already."""
    if request.method not in ("GET", "HEAD") or getattr(request, "was_unforgiven", False):
        return None
    address = meant_by(request.path_info)
    request.was_unforgiven = not address or address == request.path_info
    if request.was_unforgiven:
        return None
    response = moved(request, address)
    response["Access-Control-Allow-Origin"] = "*"  # a script of another site may follow it to an address that is open
    return response


def meant_by(path: str) -> str:
    """The path that who wrote this one wanted; "" if that is not clear."""
    if len(path) > LONGEST or "\0" in path or path.startswith(settings.STATIC_URL):
        return ""
    match = resolved(path)
    if match and "api" in match.namespaces:  # it has found the row by any name, or has none
        return ""
    tidy = tidied(path)
    plain = in_plain_letters(tidy)
    if address := table_leads_to(path, tidy, plain):
        return address
    for candidate in dict.fromkeys((tidy, tidy.lower(), plain, by_our_words(plain))):
        said_no = candidate == path and match
        if not said_no and (address := formerly(candidate) or present_address(candidate)):
            return address
    names = dict.fromkeys(candidate.strip("/") for candidate in (tidy, plain))
    return next(filter(None, map(short, names)), "")


def table_leads_to(*paths: str) -> str:
    """Where the editors' table of old addresses leads from one of these."""
    targets = OldAddress.objects.filter(path__in={path_of(path) for path in paths}).values_list("leads_to", flat=True)
    return next((present_address(address) or address for address in targets[:1]), "")


def formerly(path: str) -> str:
    """Where the words of an address of the old site lead."""
    match = match_of(path)
    find = match and match.kwargs.get("find")
    row = find and find(match.kwargs.get("slug", "").rstrip("/"))
    return resolve_url(row) if row else ""


def tidied(path: str) -> str:
    """Without what a sentence or a mail hangs on it, and without strokes that say nothing."""
    path = "/" + re.sub("/{2,}", "/", unhidden(path).strip(HUNG_ON))
    return INDEX.sub("", path) or "/"


def by_our_words(path: str) -> str:
    """The path with each list and kind called as we call it: /comunicato-stampa/…, /novita/avviso/…, /comune/crema."""
    words = [ONE_FOR_ALL.get(word) or code_of(word) for word in path.strip("/").split("/")]
    return "/" + "/".join(["novita", *words] if words[0] in kinds.codes(kinds.Group.NEWS) else words)


def code_of(word: str) -> str:
    kind = kinds.named(word)
    return kind.code if kind else word


def in_plain_letters(path: str) -> str:
    """The path as ours are written: small letters, no accents, a hyphen for a space."""
    extension = EXTENSION.search(path.lower())
    stem = path[: extension.start()] if extension else path
    return "/".join(slug_of(segment) for segment in stem.split("/")) + (extension[0] if extension else "")


def short(name: str) -> str:
    """The page of what goes by this name alone: /cer, /offanengo, /avvisi; a term by its own in the glossary."""
    if name.startswith(GLOSSARY):
        term = Term.objects.named(name.removeprefix(GLOSSARY))
        return term.get_absolute_url() if term else ""
    if way := WAYS.get(name):
        return reverse(way)
    if not name or not {"/", "."}.isdisjoint(name):
        return ""
    if kind := kinds.named(name):
        return reverse(f"{kind.code}:index")
    rows = (model.objects.named(name) for model in (Topic, Municipality, Term))
    return next((row.get_absolute_url() for row in rows if row), "")


def proposals(path: str) -> list[Proposal]:
    """Proposals of what readers may have wanted: topics, Comuni and pages whose words are like those of this path."""
    segments = [slug_of(segment) for segment in path[:LONGEST].split("/")]
    segments = [segment for segment in segments if segment not in ("", *FOLDERS)][-3:]
    return [*nearest_named(segments), *nearest_pages(segments)][:MOST] if segments else []


FOLDERS = {"novita", "iniziative", "argomenti", "comuni", *kinds.codes()}
FOLDERS |= {"articolointerno", "area-tematica", "tipo-articolo", "taxonomy", "term"}


def nearest_named(segments: list[str]) -> list[Proposal]:
    """Topics and Comuni, which are few: one may be misspelled, or most of its words stand among others."""
    things = topics_and_municipalities()
    names = {slug_of(name): thing for thing in things for name in thing[1:] if name}
    words = [*segments, *sorted(long_words(segments))][:MOST_WORDS]
    near = [name for word in words for name in get_close_matches(word, names, 1, ALIKE)]
    near += [name for name in names if 2 * len(long_words(segments) & long_words([name])) > len(long_words([name]))]
    nearest = dict.fromkeys(names[name] for name in near)
    return [Proposal(LABELS[url_name], title, reverse(url_name, args=[slug])) for url_name, title, slug, _ in nearest][
        :3
    ]


def long_words(names: Iterable[str]) -> set[str]:
    """The words of some names that say something."""
    return {word for name in names for word in name.split("-") if len(word) > 2}


LABELS = {"topics:detail": "Argomento", "municipality": "Comune"}


def topics_and_municipalities() -> QuerySet:
    """(url_name, name, slug, acronym) of each, in one question."""
    none, url_name = Value("", CharField()), "topics:detail"
    topics = Topic.objects.order_by().annotate(url_name=Value(url_name, CharField()), short_name=F("acronym"))
    places = Municipality.objects.order_by().annotate(url_name=Value("municipality", CharField()), short_name=none)
    columns = "url_name", "name", "slug", "short_name"
    return topics.values_list(*columns).union(places.values_list(*columns), all=True)


def nearest_pages(segments: list[str]) -> list[Proposal]:
    """Published pages with words of the path in their title, most of them first."""
    words = long_words(segments)
    rows = Publication.objects.published().with_any_in_title(" ".join(sorted(words)[:MOST_WORDS])).latest_first()
    shared = [(len(words & words_of_page(row)), row) for row in rows.only(*OF_PAGE)[:MOST_READ]]
    enough = [(number, row) for number, row in shared if 2 * number >= len(words)]
    enough.sort(key=lambda one: -one[0])  # of as many, the latest stays first
    return [Proposal(row.kind_label, row.title, row.get_absolute_url()) for _, row in enough[:3]]


def words_of_page(publication: Publication) -> set[str]:
    return {*slug_of(publication.title).split("-"), *publication.slug.split("-")}


OF_PAGE = ("kind", "slug", "title", "publish_at")
