"""The catalogue of open data: by the national profile, and the same graph to whoever reads it in whatever form."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from pyld import jsonld
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, RdfFormat, parse
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, XSD, Graph, URIRef
from rdflib import Literal as RdfLiteral

from areaomogenea.distribution.opendata.catalogue import DCATAPIT, VCARD
from areaomogenea.distribution.opendata.datasets import DATASETS
from areaomogenea.identity.models import Identity

from .factories import make_communique, make_deadline, make_initiative, make_municipality, make_topic, rome

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database,  # which graph the rows become; what is published, tests/test_opendata.py asks on both
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated"),  # pyshacl still says it so
]
SHAPES = Graph().parse(Path(__file__).parent / "data" / "dcat-ap-it.ttl")
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")


@pytest.fixture
def furnished():
    Identity.objects.create(
        pk=1,
        owner="Consorzio.IT «Prova»",
        owner_website="https://www.example.org",
        email="dati@example.org",
        phone="0373 000000",
        vat_number="IT 0123",
    )
    crema = make_municipality()
    topic = make_topic(eurovoc_uri="http://eurovoc.europa.eu/754")
    communique = make_communique([topic], [crema], publish_at=rome(2022, 10, 7, 9))
    make_deadline(communique)
    make_initiative().participations.create(municipality=crema)


@pytest.fixture
def read_graph(client):
    """The graph, as rdflib reads the Turtle."""
    return lambda: Graph().parse(data=client.get("/dati/catalogo.ttl").text, format="turtle")


def last(name):
    return str(name).rpartition("#")[2].rpartition("/")[2]


def faults(graph):
    """What the shapes have against it, in words ("" if nothing), and the last names of the properties at fault."""
    fits, results, text = validate(graph, shacl_graph=SHAPES, inference="none")
    shacl = "http://www.w3.org/ns/shacl#"
    return "" if fits else text, set(map(last, results.objects(None, URIRef(f"{shacl}resultPath"))))


# By the profile


def test_catalogue_fits_the_profile(read_graph, furnished):
    text, _ = faults(read_graph())

    assert not text, text


def test_catalogue_of_an_empty_portal_fits_too(read_graph):
    text, _ = faults(read_graph())

    assert not text, text


def spoil(graph, kind, predicate, instead=None):
    """The same without this property of some thing of this class, or with another value in its place."""
    node = next(node for node in graph.subjects(RDF.type, kind) if (node, predicate, None) in graph)
    graph.remove((node, predicate, None))
    if instead is not None:
        graph.add((node, predicate, instead))
    return graph


def terms(namespace, names):
    return [namespace[name] for name in names.split()]


MANDATORY = {
    DCATAPIT.Catalog: [
        *terms(DCTERMS, "title description publisher modified language license"),
        *terms(DCAT, "themeTaxonomy dataset"),
        FOAF.homepage,
    ],
    DCATAPIT.Dataset: [
        *terms(DCTERMS, "identifier title description modified issued accrualPeriodicity rightsHolder creator"),
        *terms(DCTERMS, "publisher language accessRights spatial conformsTo"),
        *terms(DCAT, "theme keyword contactPoint landingPage distribution"),
    ],
    DCATAPIT.Distribution: [
        *terms(DCTERMS, "title description format license modified"),
        *terms(DCAT, "accessURL downloadURL"),
    ],
    DCATAPIT.Agent: [DCTERMS.identifier, FOAF.name],
    DCATAPIT.Organization: [VCARD.fn, VCARD.hasEmail],
    DCATAPIT.LicenseDocument: [DCTERMS.type, FOAF.name, OWL.versionInfo],
    DCATAPIT.Standard: [DCTERMS.identifier, DCTERMS.title],
    DCTERMS.Location: [DCATAPIT.geographicalIdentifier],
    DCTERMS.PeriodOfTime: [DCATAPIT.startDate],
}


@pytest.mark.parametrize("kind", MANDATORY, ids=last)
def test_shapes_miss_what_is_missing(read_graph, furnished, kind):
    graph = read_graph()
    for predicate in MANDATORY[kind]:
        spoil(graph, kind, predicate)

    _, missing = faults(graph)

    assert {last(predicate) for predicate in MANDATORY[kind]} <= missing


AUTHORITY = "http://publications.europa.eu/resource/authority"
WRONG = [
    (DCATAPIT.Dataset, DCAT.theme, URIRef(f"{AUTHORITY}/data-theme/SPORT")),
    (DCATAPIT.Dataset, DCAT.theme, RdfLiteral("Governo")),
    (DCATAPIT.Dataset, DCTERMS.accrualPeriodicity, URIRef(f"{AUTHORITY}/frequency/SPESSO")),
    (DCATAPIT.Dataset, DCTERMS.modified, RdfLiteral("ieri")),
    (DCATAPIT.Dataset, DCTERMS.issued, RdfLiteral(date(2999, 1, 1))),
    (DCATAPIT.Dataset, DCTERMS.identifier, RdfLiteral("novita")),
    (DCATAPIT.Dataset, DCTERMS.rightsHolder, RdfLiteral("Consorzio.IT")),
    (DCATAPIT.Dataset, DCTERMS.subject, URIRef("http://example.org/energia")),
    (DCATAPIT.Dataset, DCTERMS.title, RdfLiteral("News", lang="en")),
    (DCATAPIT.Distribution, DCTERMS.license, RdfLiteral("CC BY")),
    (DCATAPIT.Distribution, DCTERMS["format"], URIRef(f"{AUTHORITY}/file-type/EXCEL")),
    (DCATAPIT.Distribution, DCAT.mediaType, RdfLiteral("text/csv")),
    (DCATAPIT.Distribution, DCAT.downloadURL, RdfLiteral("/dati/novita.csv")),
    (DCATAPIT.Organization, VCARD.hasEmail, RdfLiteral("dati@example.org")),
    (DCTERMS.PeriodOfTime, DCATAPIT.startDate, RdfLiteral("2022", datatype=XSD.gYear)),
]


@pytest.mark.parametrize(("kind", "predicate", "instead"), WRONG, ids=last)
def test_shapes_bite_what_is_wrong(read_graph, furnished, kind, predicate, instead):
    _, wrong = faults(spoil(read_graph(), kind, predicate, instead))

    assert last(predicate) in wrong


@pytest.mark.parametrize("kind", [DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, FOAF.Agent, VCARD.Kind])
def test_shapes_want_both_classes(read_graph, furnished, kind):
    graph = read_graph()
    graph.remove((None, RDF.type, kind))

    assert faults(graph)[0]


# What it says


def test_every_dataset_is_in_it_with_every_file(read_graph, furnished, client):
    graph = read_graph()

    files = {str(address) for address in graph.objects(None, DCAT.downloadURL)}
    assert files == {f"http://testserver/dati/{one}.{form}" for one in DATASETS.values() for form in one.formats}
    assert set(graph.objects(None, DCAT.landingPage)) == {
        URIRef(f"http://testserver/dati/{name}/") for name in DATASETS
    }
    for address in files:
        head = client.head(address.removeprefix("http://testserver"))
        distribution = graph.value(None, DCAT.downloadURL, URIRef(address))
        assert str(graph.value(distribution, DCAT.mediaType)).endswith(head.headers["Content-Type"].partition(";")[0])
        assert graph.value(distribution, DCTERMS.license) == LICENCE


def test_owner_is_known_by_its_number_until_it_has_a_code(read_graph, furnished, settings):
    owner = next(read_graph().subjects(RDF.type, DCATAPIT.Agent))
    assert read_graph().value(owner, DCTERMS.identifier) == RdfLiteral("IT0123")

    settings.IPA_CODE = "consit"

    assert read_graph().value(owner, DCTERMS.identifier) == RdfLiteral("consit")
    identifiers = {str(one) for one in read_graph().objects(None, DCTERMS.identifier) if ":" in one}
    assert identifiers == {f"consit:{name}" for name in DATASETS}


def test_owner_without_any_number_is_known_by_its_name(read_graph):
    assert set(read_graph().objects(URIRef("http://testserver/dati/#titolare"), DCTERMS.identifier)) == {
        RdfLiteral("consorzioit-spa")
    }


def test_whoever_has_no_address_is_written_to_where_letters_come_from(read_graph, settings):
    settings.DEFAULT_FROM_EMAIL = "Redazione <redazione@example.it>"

    assert set(read_graph().objects(None, VCARD.hasEmail)) == {URIRef("mailto:redazione@example.it")}


def test_dates_are_those_of_the_data(read_graph, furnished):
    graph = read_graph()

    assert set(graph.objects(None, DCATAPIT.startDate)) == {RdfLiteral(date(2022, 10, 7))}
    assert max(one.toPython() for one in graph.objects(None, DCTERMS.modified)) <= date.today()  # noqa: DTZ011


def test_themes_of_editors_are_told_as_concepts_of_eurovoc(read_graph, furnished):
    assert set(read_graph().objects(None, DCTERMS.subject)) == {URIRef("http://eurovoc.europa.eu/754")}


# In every form the same


def canonical(quads):
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def test_turtle_and_jsonld_are_one_graph_to_who_did_not_write_them(client, furnished):
    turtle = canonical(parse(client.get("/dati/catalogo.ttl").content, RdfFormat.TURTLE))
    linked = canonical(parse(client.get("/dati/catalogo.jsonld").content, RdfFormat.JSON_LD))
    expanded = jsonld.to_rdf(json.loads(client.get("/dati/catalogo.jsonld").content), {"format": "application/n-quads"})
    third = canonical(parse(expanded, RdfFormat.N_QUADS))

    assert turtle == linked == third
    assert len(turtle) > 200


def test_a_changed_word_is_another_graph(client, furnished):
    text = client.get("/dati/catalogo.ttl").text

    assert canonical(parse(text, RdfFormat.TURTLE)) != canonical(
        parse(text.replace("Scadenze e incontri", "Scadenze"), RdfFormat.TURTLE)
    )


def test_jsonld_asks_no_other_site_what_names_mean(client, furnished):
    document = json.loads(client.get("/dati/catalogo.jsonld").content)

    assert isinstance(document["@context"], dict)
    assert all(isinstance(address, str) and address.startswith("http") for address in document["@context"].values())


def test_words_with_quotes_come_through(client, furnished):
    quads = parse(client.get("/dati/catalogo.ttl").content, RdfFormat.TURTLE)

    names = {quad.object for quad in quads if quad.predicate == NamedNode(str(FOAF.name))}
    assert Literal("Consorzio.IT «Prova»", language="it") in names


@pytest.mark.parametrize(
    ("name", "kind"), [("catalogo.ttl", "text/turtle; charset=utf-8"), ("catalogo.jsonld", "application/ld+json")]
)
def test_catalogue_is_open_to_any_site(client, name, kind):
    headers = client.get(f"/dati/{name}").headers

    assert (headers["Content-Type"], headers["Access-Control-Allow-Origin"]) == (kind, "*")


# What pages tell engines


def blocks(client, address):
    return {block["@type"]: block for block in map(json.loads, DATA.findall(client.get(address).text))}


def test_index_is_told_as_a_catalogue(client, furnished):
    catalogue = blocks(client, "/dati/")["DataCatalog"]

    assert [one["url"] for one in catalogue["dataset"]] == [f"http://testserver/dati/{name}/" for name in DATASETS]
    assert all(len(one["description"]) >= 50 for one in catalogue["dataset"])  # what engines of data want


@pytest.mark.parametrize("name", DATASETS)
def test_page_is_told_as_a_dataset(client, furnished, name):
    dataset = blocks(client, f"/dati/{name}/")["Dataset"]

    assert dataset["license"].startswith(str(LICENCE))
    assert [one["contentUrl"] for one in dataset["distribution"]] == [
        f"http://testserver/dati/{name}.{form}" for form in DATASETS[name].formats
    ]
    assert [one["name"] for one in dataset["variableMeasured"]] == [column.name for column in DATASETS[name].columns]
    assert dataset["dateModified"]
