"""Nothing unpublished ever leaves, by any public door; and every list shows what is published."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import timezone
from pypdf import PdfReader

from areaomogenea.distribution.opendata.datasets import MUNICIPALITIES
from areaomogenea.offices.models import Office
from areaomogenea.publishing import kinds

from .addresses import address_with_query, public_patterns
from .factories import (
    make_attachment,
    make_communique,
    make_deadline,
    make_initiative,
    make_municipality,
    make_office,
    make_picture,
    make_topic,
)

pytestmark = pytest.mark.django_db
SECRET = "segretissimo"
HIDDEN = [
    {"status": "draft"},
    {"status": "review"},
    {"status": "withdrawn"},
    {"status": "approved", "publish_at": timezone.now() + timedelta(days=1)},
    {"status": "approved", "publish_at": timezone.now() + timedelta(days=1), "updated_at": timezone.now()},
]
SILENT = {
    "glossary",
    "privacy",
    "legal_notes",
    "accessibility",
    "faq",
    "site_map",
    "card",
    "sitemap",
    "sitemap_part",
    "robots",
    "opensearch",
    "humans",
    "security",
    "embed_builder",
    "embed_element",
    "embed_colour",
    "topics:index",
    "municipalities:index",
    "offices:index",
    "offices:card",
    "api:documentation",
    "api:openapi",
    "api:argomenti",
    "api:argomento",
    "api:comuni",
    "api:comune",
    "api:status",
    "live",
    "ready",
    "opendata:index",
    "opendata:turtle",
    "opendata:jsonld",
    "opendata:comuni",
    *(f"opendata:comuni_{form}" for form in MUNICIPALITIES.formats),
    "file",
    "preview",
    "preview_file",
}


def secret_fields(word):
    return {
        "title": f"Titolo {word}",
        "subtitle": f"Sottotitolo {word}",
        "summary": f"In breve {word}",
        "body": f"<h2>Sezione {word}</h2><p>Testo {word}</p>",
        "office": f"Ufficio {word}",
        "source_name": f"Fonte {word}",
        "pinned": True,
    }


def of_initiative(word):
    names = ("title", "summary", "lead", "partners")
    return {name: f"{name} {word}" for name in names}


@pytest.fixture(scope="module", autouse=True)
def secrets(lasting):
    """What is published and, beside it, what is not, in every state: the addresses of each. No test changes any."""
    with lasting():
        places = {"topics": [make_topic(slug="argomento")], "places": [make_municipality(slug="comune")]}
        make_office(places["topics"])
        show(places)
        yield [hide(places, state) for state in HIDDEN]


@pytest.fixture(autouse=True)
def _own_files():
    """The files are those of `secrets`."""


def show(places):
    """One published row of each kind, with something due, so that every door has an address."""
    rows = [
        *(
            make_communique(**places, kind=kind, title=f"Pubblico {kind}", picture=make_picture())
            for kind in kinds.codes(kinds.Group.NEWS)
        ),
        make_initiative(**places, title="Pubblico iniziativa", picture=make_picture(), office=Office.objects.get()),
    ]
    for row in rows:
        make_deadline(row, title="Pubblico termine")
    for place in places["places"]:
        rows[-1].participations.create(municipality=place)


def hide(places, state):
    """A row of each kind that nobody may see, with picture and attachment; returns their addresses."""
    addresses = []
    for kind in kinds.codes(kinds.Group.NEWS):
        picture = make_picture(alternative_text=f"Immagine {SECRET}", credit=f"Foto {SECRET}")
        communique = make_communique(**places, **secret_fields(SECRET), **state, kind=kind, picture=picture)
        make_deadline(communique, title=f"Termine {SECRET}", place=f"Luogo {SECRET}")
        attachment = make_attachment(communique, name=f"Atto {SECRET}", description=f"Allegato {SECRET}")
        addresses += [communique.get_absolute_url(), picture.file.url, picture.small_url, attachment.file.url]
    initiative = make_initiative(**places, **of_initiative(SECRET), **state, office=Office.objects.get())
    make_deadline(initiative, title=f"Termine {SECRET}", place=f"Luogo {SECRET}")
    initiative.questions.create(question=f"Domanda {SECRET}", answer=f"Risposta {SECRET}")
    initiative.milestones.create(title=f"Tappa {SECRET}")
    initiative.amounts.create(what=f"Spesa {SECRET}", euros=5, funder=f"Ente {SECRET}")
    group = initiative.groups.create(name=f"Gruppo {SECRET}", president=f"Presidente {SECRET}")
    for place in places["places"]:
        initiative.participations.create(municipality=place, group=group)
    addresses.append(initiative.get_absolute_url())
    pages = [address.rstrip("/") for address in addresses if address.endswith("/")]
    return [*addresses, *(f"{page}.{form}" for page in pages for form in ("pdf", "txt", "md"))]


def words_of(response):
    """What it says to who opens it: a PDF and an XLSX keep their words packed."""
    content = b"".join(response)
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as archive:
            content = b"\n".join(map(archive.read, archive.namelist()))
    if not content.startswith(b"%PDF"):
        return content.decode(errors="replace")
    pdf = PdfReader(BytesIO(content))
    return " ".join([*map(str, pdf.metadata.values()), *(page.extract_text() for page in pdf.pages)])


@pytest.mark.parametrize("pattern", public_patterns(), ids=str)
@pytest.mark.parametrize("query", ["", "q={word}&argomento=argomento&comune=comune"], ids=["plain", "asked"])
def test_no_door_shows_what_is_not_published(client, pattern, query):
    response = client.get(address_with_query(pattern, SECRET, query), follow=True)

    page = words_of(response)
    # What the visitor asked for, not what we know; in addresses and in code to copy too.
    typed_back = (f'value="{SECRET}"', f"«{SECRET}»", f"q={SECRET}", f"q%3D{SECRET}", f"q=&quot;{SECRET}&quot;")
    for echo in typed_back:
        page = page.replace(echo, "")
    assert response.status_code == 200
    assert SECRET not in page


@pytest.mark.parametrize("number", range(len(HIDDEN)), ids=["draft", "review", "withdrawn", "scheduled", "put off"])
def test_addresses_of_what_is_hidden_open_nothing(client, secrets, number):
    for address in secrets[number]:
        response = client.get(address)
        assert response.status_code in (404, 410), address
        assert SECRET not in response.text


@pytest.mark.parametrize("pattern", [pattern for pattern in public_patterns() if pattern.name not in SILENT], ids=str)
def test_every_other_door_shows_what_is_published(client, pattern):
    page = words_of(client.get(address_with_query(pattern, "pubblico", "q={word}"), follow=True))

    assert "Pubblico" in page
