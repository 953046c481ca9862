"""The catalogue of the datasets by DCAT-AP_IT, the national profile of the European one, for portals that collect them.

Each thing wears the class of the profile and the one that it specialises. Themes, frequencies, formats, languages and
rights of access are those of the European tables (publications.europa.eu/resource/authority).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Min
from django.urls import reverse
from django.utils.text import slugify
from django.utils.timezone import localtime
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef

from areaomogenea.identity.address import absolute_url
from areaomogenea.identity.models import Identity
from areaomogenea.municipalities.mosaic import EAST, NORTH, SOUTH, WEST
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Topic

from ..licence import LICENCE
from .datasets import DATASETS, ISSUED, NEWS, Dataset
from .publisher import address_of, code_of
from .writers import FORMS, Form

AnyNode = TypeVar("AnyNode", BNode, URIRef)
DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
PREFIXES = {
    "dcat": DCAT,
    "dct": DCTERMS,
    "foaf": FOAF,
    "owl": OWL,
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": XSD,
    "dcatapit": DCATAPIT,
    "vcard": VCARD,
    "locn": LOCN,
}
AUTHORITY = Namespace("http://publications.europa.eu/resource/authority/")
ITALIAN = AUTHORITY["language/ITA"]
PUBLIC = AUTHORITY["access-right/PUBLIC"]
PROVINCE = "http://data.europa.eu/nuts/code/ITC4A"  # Cremona, of the European table of territories
ATTRIBUTION = URIRef("http://purl.org/adms/licencetype/Attribution")
NATIONAL_LICENCE = URIRef("https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40")
MEDIA_TYPES = Namespace("https://www.iana.org/assignments/media-types/")
WKT = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
TITLE = "Dati aperti di {name}"
DESCRIPTION = "Ciò che fanno insieme i 48 Comuni del Cremasco, in insiemi di dati da scaricare e riusare."


def catalogue_graph(who: Identity, changes: Mapping[str, datetime | None]) -> Graph:
    """`changes`: when each dataset last changed, by its name."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    catalogue, owner = URIRef(absolute_url(reverse("opendata:index"))), add_owner(graph, who)
    add(
        graph,
        catalogue,
        [DCATAPIT.Catalog, DCAT.Catalog],
        {
            DCTERMS.title: italian(TITLE.format(name=who.name)),
            DCTERMS.description: italian(DESCRIPTION),
            DCTERMS.publisher: owner,
            DCTERMS.issued: Literal(ISSUED),
            DCTERMS.modified: changed(max((at for at in changes.values() if at), default=None)),
            DCTERMS.language: ITALIAN,
            DCTERMS.license: add_licence(graph),
            DCTERMS.spatial: add_territory(graph),
            FOAF.homepage: add(graph, URIRef(absolute_url("/")), [FOAF.Document], {}),
            DCAT.themeTaxonomy: AUTHORITY["data-theme"],
            DCAT.dataset: [add_dataset(graph, dataset, who, changes) for dataset in DATASETS.values()],
        },
    )
    return graph


def add(graph: Graph, node: AnyNode, kinds: Iterable[URIRef], properties: Mapping[URIRef, Any]) -> AnyNode:
    """Adds a thing with its classes and properties, a list where there are several; "" and None are left out."""
    for kind in kinds:
        graph.add((node, RDF.type, kind))
    for name, values in properties.items():
        for value in values if isinstance(values, list) else [values]:
            if value is not None:
                graph.add((node, name, value))
    return node


def italian(text: str) -> Literal:
    return Literal(text, lang="it") if text else None


def changed(at: datetime | None) -> Literal:
    """The day of a change, which is what the profile asks for; files tell the hour."""
    return Literal(localtime(at).date() if at else ISSUED)


def add_owner(graph: Graph, who: Identity) -> URIRef:
    named = {DCTERMS.identifier: Literal(code_of(who)), FOAF.name: italian(who.owner)}
    site = URIRef(who.owner_website) if who.owner_website else None
    return add(graph, owner(), [DCATAPIT.Agent, FOAF.Agent], named | {FOAF.homepage: site})


def owner() -> URIRef:
    return URIRef(absolute_url(f"{reverse('opendata:index')}#titolare"))


def add_contact(graph: Graph, who: Identity) -> URIRef:
    voice = None
    if who.phone:
        number = URIRef(f"tel:{''.join(letter for letter in who.phone if letter in '+0123456789')}")
        voice = add(graph, BNode("telefono"), [VCARD.Voice], {VCARD.hasValue: number})
    return add(
        graph,
        URIRef(absolute_url(f"{reverse('opendata:index')}#contatto")),
        [DCATAPIT.Organization, VCARD.Organization, VCARD.Kind],
        {
            VCARD.fn: Literal(who.owner),
            VCARD.hasEmail: URIRef(f"mailto:{address_of(who)}"),
            VCARD.hasTelephone: voice,
            VCARD.hasURL: URIRef(absolute_url(reverse("legal_notes"))),
        },
    )


def add_licence(graph: Graph) -> URIRef:
    return add(
        graph,
        URIRef(LICENCE),
        [DCATAPIT.LicenseDocument, DCTERMS.LicenseDocument],
        {
            DCTERMS.type: ATTRIBUTION,
            DCTERMS.identifier: Literal("CC-BY-4.0"),
            FOAF.name: italian("Creative Commons Attribuzione 4.0 Internazionale (CC BY 4.0)"),
            OWL.versionInfo: Literal("4.0"),
            RDFS.seeAlso: NATIONAL_LICENCE,
        },
    )


def add_territory(graph: Graph) -> URIRef:
    corners = [(WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH), (WEST, SOUTH)]
    polygon = f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))"
    return add(
        graph,
        URIRef(absolute_url(f"{reverse('opendata:index')}#territorio")),
        [DCTERMS.Location],
        {
            DCATAPIT.geographicalIdentifier: Literal(PROVINCE, datatype=XSD.anyURI),
            LOCN.geographicName: italian("Area Omogenea Cremasca, provincia di Cremona"),
            LOCN.geometry: Literal(polygon, datatype=WKT),
        },
    )


def add_dataset(graph: Graph, dataset: Dataset, who: Identity, changes: Mapping[str, datetime | None]) -> URIRef:
    page = URIRef(absolute_url(dataset.get_absolute_url()))
    formats = [FORMS[form] for form in dataset.formats]
    return add(
        graph,
        URIRef(f"{page}#dati"),
        [DCATAPIT.Dataset, DCAT.Dataset],
        {
            DCTERMS.identifier: Literal(f"{code_of(who)}:{dataset.name}"),
            DCTERMS.title: italian(dataset.title),
            DCTERMS.description: italian(" ".join(filter(None, [dataset.description, dataset.provenance]))),
            DCTERMS.issued: Literal(ISSUED),
            DCTERMS.modified: changed(changes[dataset.name]),
            DCTERMS.rightsHolder: owner(),
            DCTERMS.creator: owner(),
            DCTERMS.publisher: owner(),
            DCTERMS.language: ITALIAN,
            DCTERMS.spatial: URIRef(absolute_url(f"{reverse('opendata:index')}#territorio")),
            DCTERMS.temporal: add_period(graph, dataset, page),
            DCTERMS.accrualPeriodicity: AUTHORITY[f"frequency/{dataset.frequency}"],
            DCTERMS.accessRights: PUBLIC,
            DCTERMS.conformsTo: [add_standard(graph, form) for form in formats],
            DCTERMS.provenance: add_provenance(graph, dataset, page),
            DCTERMS.subject: subjects(graph) if dataset is NEWS else None,
            DCAT.theme: [AUTHORITY[f"data-theme/{theme}"] for theme in dataset.themes],
            DCAT.keyword: [italian(word) for word in dataset.keywords],
            DCAT.contactPoint: add_contact(graph, who),
            DCAT.landingPage: add(graph, page, [FOAF.Document], {}),
            DCAT.distribution: [
                add_distribution(graph, dataset, form, changes[dataset.name]) for form in dataset.formats
            ],
        },
    )


def add_distribution(graph: Graph, dataset: Dataset, form: str, changed_at: datetime | None) -> URIRef:
    made = FORMS[form]
    return add(
        graph,
        URIRef(absolute_url(f"{dataset.get_absolute_url()}#{form}")),
        [DCATAPIT.Distribution, DCAT.Distribution],
        {
            DCTERMS.title: italian(f"{dataset.title}, in {made.name}"),
            DCTERMS.description: italian(dataset.good_for.get(form, made.good_for)),
            DCTERMS.format: AUTHORITY[f"file-type/{made.authority}"],
            DCTERMS.license: URIRef(LICENCE),
            DCTERMS.issued: Literal(ISSUED),
            DCTERMS.modified: changed(changed_at),
            DCAT.mediaType: MEDIA_TYPES[made.media_type],
            DCAT.accessURL: URIRef(absolute_url(dataset.get_absolute_url())),
            DCAT.downloadURL: URIRef(absolute_url(dataset.file(form))),
        },
    )


def add_standard(graph: Graph, form: Form) -> URIRef:
    name, address = form.standard
    named = {DCTERMS.identifier: Literal(name), DCTERMS.title: italian(f"{form.name} ({name})")}
    reference = add(graph, URIRef(address), [FOAF.Document], {})
    node = URIRef(f"{address}#{slugify(name)}")
    kinds = [DCATAPIT.Standard, DCTERMS.Standard]
    return add(graph, node, kinds, named | {DCATAPIT.referenceDocumentation: reference})


def add_period(graph: Graph, dataset: Dataset, page: URIRef) -> Any:
    """From the first of what it tells on; open, because more is to come."""
    if dataset is not NEWS:
        return None
    first = Publication.objects.published().news().aggregate(at=Min("publish_at"))["at"]
    if not first:
        return None
    return add(graph, URIRef(f"{page}#periodo"), [DCTERMS.PeriodOfTime], {DCATAPIT.startDate: changed(first)})


def add_provenance(graph: Graph, dataset: Dataset, page: URIRef) -> Any:
    if not dataset.provenance:
        return None
    node = URIRef(f"{page}#provenienza")
    return add(graph, node, [DCTERMS.ProvenanceStatement], {RDFS.label: italian(dataset.provenance)})


def subjects(graph: Graph) -> list[URIRef]:
    """The concepts of EuroVoc that editors have given to the topics."""
    known = Topic.objects.exclude(eurovoc_uri="").values_list("eurovoc_uri", flat=True)
    return [add(graph, URIRef(address), [SKOS.Concept], {}) for address in known]


# As it is written


def turtle(graph: Graph) -> str:
    return graph.serialize(format="turtle")


def jsonld(graph: Graph) -> str:
    """JSON-LD with its context inside: nobody has to ask another site what the names mean."""
    context = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}
    return graph.serialize(format="json-ld", context=context, auto_compact=True, ensure_ascii=False)


WRITERS = {"ttl": turtle, "jsonld": jsonld}
TYPES = {"ttl": "text/turtle; charset=utf-8", "jsonld": "application/ld+json"}
