"""An address that is nearly one of ours leads there; one that is not proposes the nearest, and betrays nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from areaomogenea.distribution.forgiving import meant_by, proposals
from areaomogenea.distribution.models import OldAddress

from .factories import make_communique, make_initiative, make_municipality, make_term, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def things():
    cer = make_topic(slug="energia", name="Comunità energetiche", acronym="CER")
    cer.slug = "cer"
    cer.save()
    make_topic(slug="suap", name="Sportello unico", acronym="SUAP")
    make_municipality(slug="offanengo", name="Offanengo", istat_code="019062")
    make_municipality(slug="spino-d-adda", name="Spino d'Adda").aliases.create(text="Spino")
    page = make_communique(slug="ponte", kind="comunicati", title="Riapre il ponte di Spino")
    page.slug = "riapre-il-ponte"
    page.save()
    make_initiative(slug="fibra", title="La fibra ottica")
    make_term(acronym="RTD", slug="rtd")


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/argomenti/CER/", "/argomenti/cer/"),
        ("/argomenti/cer", "/argomenti/cer/"),
        ("/argomenti/energia", "/argomenti/cer/"),
        ("/argomenti//cer/", "/argomenti/cer/"),
        ("//argomenti/cer/", "/argomenti/cer/"),
        ("/argomenti/cer/).", "/argomenti/cer/"),
        ("/argomenti/cer/%20", "/argomenti/cer/"),
        ("/argomenti/cer/%E2%80%8B", "/argomenti/cer/"),
        ("/argomenti/cer%C2%BB", "/argomenti/cer/"),
        ("/argomenti/cèr/", "/argomenti/cer/"),
        ("/argomenti/comunita_energetiche/", "/argomenti/cer/"),
        ("/argomenti/Comunità energetiche", "/argomenti/cer/"),
        ("/Argomenti/ENERGIA,", "/argomenti/cer/"),
        ("/comuni/Offanengo/", "/comuni/offanengo/"),
        ("/comuni/Spino d'Adda", "/comuni/spino-d-adda/"),
        ("/comuni/spino/", "/comuni/spino-d-adda/"),
        ("/comuni/019062/", "/comuni/offanengo/"),
        ("/comuni/Offanengo/in-breve", "/comuni/offanengo/in-breve/"),
        ("/cer", "/argomenti/cer/"),
        ("/CER/", "/argomenti/cer/"),
        ("/energia", "/argomenti/cer/"),
        ("/suap", "/argomenti/suap/"),
        ("/offanengo", "/comuni/offanengo/"),
        ("/spino", "/comuni/spino-d-adda/"),
        ("/avvisi", "/novita/avvisi/"),
        ("/RTD", "/glossario/#rtd"),
        ("/glossario/rtd/", "/glossario/#rtd"),
        ("/comunicato", "/novita/comunicati/"),
        ("/iniziative", "/iniziative/"),
        ("/Novità", "/novita/"),
        ("/NOVITA/COMUNICATI/Riapre_il_Ponte.", "/novita/comunicati/riapre-il-ponte/"),
        ("/novita/comunicati/ponte", "/novita/comunicati/riapre-il-ponte/"),
        ("/novita/comunicati/Ponte/", "/novita/comunicati/riapre-il-ponte/"),
        ("/iniziative/FIBRA/.", "/iniziative/fibra/"),
        ("/iniziative/fibra/mappa.svg/", "/iniziative/fibra/mappa.svg"),
        ("/Feed/RSS.xml", "/feed/rss.xml"),
        ("/feed/rss.xml/", "/feed/rss.xml"),
        ("/mappa_del_sito", "/mappa-del-sito/"),
        ("/vecchia/pagina.html", "/argomenti/cer/"),
        ("/Vecchia/Pagina.HTML/", "/argomenti/cer/"),
        ("/Area-Tematica/Energia/", "/argomenti/cer/"),
        ("/ARTICOLI_NOSTRI/", "/novita/"),
        ("/Tipo-Articolo/Comunicato-Stampa", "/novita/comunicati/"),
        ("/ArticoloInterno/Ponte", "/novita/comunicati/riapre-il-ponte/"),
        ("/novita/comunicato/", "/novita/comunicati/"),
        ("/novita/comunicato-stampa/ponte", "/novita/comunicati/riapre-il-ponte/"),
        ("/comunicati/Riapre-il-ponte", "/novita/comunicati/riapre-il-ponte/"),
        ("/iniziativa/fibra", "/iniziative/fibra/"),
        ("/comune/Offanengo", "/comuni/offanengo/"),
        ("/argomento/energia/", "/argomenti/cer/"),
        ("/iniziative/fibra/index.html", "/iniziative/fibra/"),
        ("/Index.php", "/"),
        ("/home/", "/"),
        ("/Glossario/RTD", "/glossario/#rtd"),
        ("/rss.xml", "/feed/rss.xml"),
        ("/Feed/", "/feed/rss.xml"),
        ("/calendario.ics", "/calendario/calendario.ics"),
        ("/Api", "/api/v1/"),
        ("/api/v1/Novita/", "/api/v1/novita"),
        ("/API/v1/argomenti", "/api/v1/argomenti"),
        ("/api/v1/argomenti/energia/", "/api/v1/argomenti/energia"),
        ("/api/v1/OpenAPI.json", "/api/v1/openapi.json"),
        ("/Dati", "/dati/"),
        ("/DATI/Comuni/", "/dati/comuni/"),
        ("/dati/Comuni.GeoJSON", "/dati/comuni.geojson"),
        ("/dati/novita.csv/", "/dati/novita.csv"),
        ("/dati/Catalogo.TTL", "/dati/catalogo.ttl"),
    ],
)
def test_address_as_it_is_typed_leads_to_what_was_meant_in_one_step(client, typed, meant):
    OldAddress.objects.create(path="/vecchia/pagina.html", leads_to="/argomenti/energia/")

    response = client.get(typed, follow=True)

    assert response.status_code == 200
    assert response.redirect_chain == [(meant, 301)]


@pytest.mark.usefixtures("things")
def test_what_is_asked_goes_along(client):
    assert client.get("/cer?da=lettera&utm_source=x").url == "/argomenti/cer/?da=lettera"
    assert client.get("/rtd?da=lettera").url == "/glossario/?da=lettera#rtd"


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("debug", [True, False])
def test_it_does_so_on_a_trial_too(client, settings, debug):
    settings.DEBUG = debug

    assert client.get("/cer").url == "/argomenti/cer/"


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("sloppy", ["/api/v1/Novita/", "/dati/Comuni.CSV", "/Dati/comuni.csv/"])
def test_script_of_another_site_follows(client, sloppy):
    response = client.get(sloppy, headers={"Origin": "https://example.org"})

    assert response.status_code == 301
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("pasted", "title"),
    [
        ("/CER", "Novità su CER"),
        ("/Argomenti/Energia", "Novità su CER"),
        ("/offanengo?utm_source=x", "Novità per Offanengo"),
        ("/novita/comunicato/Ponte", "Riapre il ponte di Spino"),
        ("/ArticoloInterno/ponte", "Riapre il ponte di Spino"),
        ("/", "Novità"),
    ],
)
def test_oembed_takes_an_address_as_it_is_pasted(client, pasted, title):
    response = client.get("/oembed", {"url": f"http://testserver{pasted}"})

    assert response.status_code == 200
    assert response.json()["title"].partition(" · ")[0] == title


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    "path",
    [
        *("/mai", "/argomenti/mai/", "/comuni/mai/", "/novita/comunicati/mai", "/novita/avvisi/mai.pdf", "/"),
        *(
            "/admin/x",
            "/ADMIN/",
            "/api/v1/mai",
            "/api/v1/novita/0",
            "/api/v1/argomenti/Mai",
            "/dati/mai/",
            "/dati/mai.csv",
            "/anteprima/AbC/",
            "/file/Mai.pdf",
            "/file/",
        ),
        *("/wp-login.php", "/cer.php", "/static/cer", f"/{'cer' * 200}", "/cer/suap"),
    ],
)
def test_what_is_clear_to_nobody_stays_as_it_is(path):
    assert meant_by(path) in ("", path)


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("/comuni/ofanengo/", ["Offanengo"]),
        ("/argomenti/comunita-energetica/", ["Comunità energetiche"]),
        ("/pagine/bando-comunita-energetiche", ["Comunità energetiche"]),
        ("/novita/avvisi/riapre-il-ponte/", ["Riapre il ponte di Spino"]),
        ("/articolointerno/ponte-di-spino-riapertura", ["Riapre il ponte di Spino"]),
        ("/iniziative/fibra-ottica-2024/", ["La fibra ottica"]),
        ("/pagina/sul-suap", ["Sportello unico"]),
        ("/novita/", []),
        ("/a/b/", []),
        ("/🎉/", []),
    ],
)
def test_nearest_are_proposed(path, titles):
    assert [one.title for one in proposals(path)] == titles


@pytest.mark.usefixtures("things")
def test_lost_page_shows_them_to_people(client):
    page = client.get("/comuni/ofanengo/")

    assert page.status_code == 404
    assert "Forse cercavi" in page.text
    assert '<a href="/comuni/offanengo/">' in page.text


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    "headers", [{"Accept": "text/plain"}, {"Accept": "application/json"}, {"Sec-Fetch-Dest": "image"}]
)
def test_machines_get_a_line(client, headers):
    response = client.get("/comuni/ofanengo/", headers=headers)

    assert (response.status_code, response.text) == (404, "Questa pagina non c’è.\n")


@pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
def test_nothing_hidden_is_proposed_or_meant(client, status):
    make_communique(title="Segretissimo bando", slug="segretissimo", status=status)

    for path in ("/novita/avvisi/segretissimo/", "/Segretissimo", "/novita/comunicati/SEGRETISSIMO"):
        response = client.get(path, follow=True)
        assert response.status_code in (404, 410)
        assert "bando" not in response.text


@pytest.mark.parametrize("path", ["/mai-esistita", "/novita/avvisi/mai-esistita/", "/comuni/mai-esistita/"])
def test_lost_page_costs_the_same_whatever_there_is(client, path):
    costs = []
    for _ in range(2):
        for number in range(3):
            make_topic(), make_municipality(), make_term(), make_communique(title=f"Mai esistita {number}")
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert costs[0] <= 12
