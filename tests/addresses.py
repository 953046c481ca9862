"""Every public door of the portal, read from the URLconf itself, so that a new one cannot be forgotten."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F
from django.urls import URLResolver, get_resolver, reverse

from areaomogenea.deadlines.models import Deadline
from areaomogenea.distribution.feeds import FORMATS
from areaomogenea.distribution.models import OldAddress
from areaomogenea.distribution.opendata.datasets import DATASETS
from areaomogenea.municipalities.models import Municipality
from areaomogenea.offices.models import Office
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.preview_links import PreviewLink
from areaomogenea.topics.models import Topic
from initiatives.models import Initiative


@dataclass(frozen=True)
class PublicPattern:
    """A public pattern: its name as reverse() wants it, and its whole route."""

    name: str
    route: str

    def __str__(self):
        return self.name  # pytest names its cases by it


def first_of_kind(kind):
    return lambda: Publication.objects.published().of_kind(kind).values("slug").first()


def picture_of_published():
    return Publication.objects.published().exclude(picture=None).values(name=F("picture__file")).first()


def link_to_published():
    """A link leads to the public page then; what it shows of the unpublished, its own tests say."""
    publication = Publication.objects.published().exclude(picture=None).first()
    return publication and {"token": PreviewLink.objects.issue(publication, by=None, reader="Prova").token}


def calendar_of_published():
    return Deadline.objects.published().values("uid").first()


def numbered(publications):
    return publications.values(numero=F("pk")).first()


def old_term_of_editors():
    OldAddress.objects.get_or_create(path="/taxonomy/term/7", leads_to="/novita/")
    return {"slug": "7"}


# For each door with a variable in its route: what to put there, from the database; None while it has nothing.
FILL = {
    "municipality": lambda: Municipality.objects.of_area().values("slug").first(),
    "municipality_brief": lambda: Municipality.objects.of_area().values("slug").first(),
    **dict.fromkeys(["offices:detail", "offices:card"], lambda: Office.objects.values("slug").first()),
    "topics:detail": lambda: Topic.objects.values("slug").first(),
    **{f"{code}:detail": first_of_kind(code) for code in kinds.codes()},
    "scadenze:one": calendar_of_published,
    **dict.fromkeys(["iniziative:map", "iniziative:place"], first_of_kind("iniziative")),
    "sitemap_part": lambda: {"section": "pubblicazioni"},
    **dict.fromkeys(
        ["news_pdf", "news_txt", "news_md"],
        lambda: Publication.objects.published().of_kind("comunicati").values("kind", "slug").first(),
    ),
    **dict.fromkeys(["initiative_pdf", "initiative_txt", "initiative_md"], first_of_kind("iniziative")),
    "card": lambda: Publication.objects.published().values("kind", "slug").first(),
    "old_tipo_articolo": lambda: {"slug": "comunicato-stampa"},
    "old_area_tematica": lambda: Topic.objects.values("slug").first(),
    "old_articolointerno": first_of_kind("notizie"),
    "old_term": old_term_of_editors,
    "embed_card": lambda: Publication.objects.published().of_kind("comunicati").values("kind", "slug").first(),
    "embed_colour": lambda: {"digits": "0b5563"},
    "api:una_novita": lambda: numbered(Publication.objects.published().news()),
    "api:iniziativa": lambda: numbered(Initiative.objects.published()),
    "api:argomento": lambda: Topic.objects.values("slug").first(),
    "api:comune": lambda: Municipality.objects.of_area().values(codice_istat=F("slug")).first(),
    "file": picture_of_published,
    "preview": link_to_published,
    "preview_file": lambda: link_to_published() and link_to_published() | picture_of_published(),
}

# For each door that answers nothing unless it is asked: the parameters, by which it is asked alone.
QUERIES = {
    "oembed": lambda: {"url": f"http://testserver{Publication.objects.published().news().first().get_absolute_url()}"}
}
# What these doors are asked besides, in place of what any other is: they refuse a parameter that they do not know.
STRICT = {
    "api:novita": "argomento=argomento&comune={istat_code}&modificati_da=2020-01-01T00:00:00Z&campi=titolo,testo",
    "api:una_novita": "campi=titolo,testo,comuni",
    "api:iniziative": "argomento=argomento&comune={istat_code}&modificati_da=2020-01-01T00:00:00Z&campi=titolo,domande",
    "api:iniziativa": "campi=titolo,testo,partecipazioni",
    "api:scadenze": "argomento=argomento&comune={istat_code}&modificati_da=2020-01-01T00:00:00Z&quando=tutte",
    "api:argomenti": "campi=nome,spiegazione_html",
    "api:argomento": "campi=nome,pagina",
    "api:comuni": "campi=nome,confine",
    "api:comune": "campi=nome,pagina",
    "api:cerca": "q={word}",
    **dict.fromkeys(["api:status", "live", "ready"], ""),
    **dict.fromkeys((form.url_name for form in FORMATS), "q={word}&argomento=argomento&comune=comune"),
    **dict.fromkeys(("scadenze:file", "calendario:file"), "argomento=argomento&comune=comune"),
    "embed_list": "q={word}&argomento=argomento&comune=comune",
    "embed_card": "immagini=no",
    "api:openapi": "",
    "opendata:turtle": "",
    "opendata:jsonld": "",
    **{f"opendata:{one}_{form}": "" for one in DATASETS.values() for form in one.formats},
}
NEEDED = {"api:cerca": "q={word}"}  # what they do not open without
NO_DOORS = {"api:nowhere", "opendata:nowhere", "metrics"}  # patterns that only say that there is nothing

# For the desk, not for the public: tests/test_access.py looks after these.
DESK = ("admin/", "accesso/")


def public_patterns():
    return list(_public_patterns(get_resolver().url_patterns))


def _public_patterns(patterns, route="", namespaces=()):
    for pattern in patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            if not path.startswith(DESK):
                yield from _public_patterns(pattern.url_patterns, path, inner)
        elif pattern.name:
            if (name := ":".join([*namespaces, pattern.name])) in NO_DOORS:
                continue
            yield PublicPattern(name, path)
        else:
            raise LookupError(f"{path} has no name: nobody can ask for its address.")


def address_of(pattern):
    """A concrete address behind a door; LookupError when nobody said, or the database lacks, what fills it."""
    if pattern.name in QUERIES:
        return f"{reverse(pattern.name)}?{urlencode(QUERIES[pattern.name]())}"
    if "<" not in pattern.route:
        return reverse(pattern.name)
    if pattern.name not in FILL:
        raise LookupError(f"{pattern.route} is new: add {pattern.name!r} to FILL in {__name__}.")
    variables = FILL[pattern.name]()
    if not variables:
        raise LookupError(f"The database has nothing that fills {pattern.route}.")
    return reverse(pattern.name, kwargs=variables)


def address_with_query(pattern, word, usual=""):
    """Its address, asked what it understands of `usual`, or at least what it does not open without."""
    place = Municipality.objects.filter(slug="comune").values("istat_code").first() or {}
    query = (STRICT if usual else NEEDED).get(pattern.name, usual).format(word=word, **place)
    address = address_of(pattern)
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address
