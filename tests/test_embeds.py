"""Embeds: what a Comune may put on its pages, what it gets back, and what nobody gets out of it."""

import json
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest

from areaomogenea.distribution import colours
from areaomogenea.distribution.embeds import CARD

from .addresses import address_of, public_patterns
from .factories import make_communique, make_initiative, make_municipality, make_picture, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # what stands in a frame, and what its address may ask
LIST = "/incorpora/elenco/"
FRAMES = {"embed_list", "embed_card"}
WRONG = [
    ("limit=1000000000", "limit"),
    ("quanti=1000000000", "quanti"),
    ("quanti=0", "quanti"),
    ("quanti=dieci", "quanti"),
    ("comune=atlantide", "comune"),
    ("argomento=x", "argomento"),
    ("iniziativa=x", "iniziativa"),
    ("tipo=iniziative", "tipo"),
    ("aspetto=rosa", "aspetto"),
    ("densita=x", "densita"),
    ("immagini=forse", "immagini"),
    ("testo=intero", "testo"),
    ("colore=red", "colore"),
    ("colore=%23fff", "colore"),
    ("colore=%23fff;}</style><script>alert(1)</script>", "colore"),
    ("colore=%23123456;background:url(//example.org)", "colore"),
    ("%3Cscript%3E=1", "script"),
]


class Elements(HTMLParser):
    """Tags of a page with their attributes, as a browser would read them."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def titles(client, query):
    text = client.get(f"{LIST}?{query}").text
    return [
        unescape(part.partition("<")[0])
        for part in text.split('<h2 class="embed-title"><a href="')[1:]
        for part in [part.partition(">")[2]]
    ]


def codes(client, query=""):
    """What the page offers to copy, by the id of its box."""
    text = client.get(f"/incorpora/?{query}").text
    boxes = [part.partition("</textarea>")[0] for part in text.split('<textarea class="form-control" id="')[1:]]
    return {box.partition('"')[0]: unescape(box.partition(">")[2]) for box in boxes}


def test_list_shows_the_latest_of_what_was_chosen(client):
    energy, crema = make_topic(slug="cer"), make_municipality(slug="crema")
    initiative = make_initiative(slug="fibra")
    matching = make_communique([energy], [crema], kind="avvisi", title="Voluto ponte")
    matching.linked.add(initiative)
    make_communique([], [make_municipality()], kind="notizie", title="Altro")

    for query in (
        "tipo=avvisi",
        "argomento=cer",
        "comune=crema",
        "iniziativa=fibra",
        "q=ponte",
        "quanti=20&comune=crema",
    ):
        assert titles(client, query) == ["Voluto ponte"], query


def test_list_is_as_long_as_asked_and_no_longer(client):
    for _ in range(7):
        make_communique()

    assert [len(titles(client, query)) for query in ("", "quanti=2", "quanti=20")] == [5, 2, 7]


def test_list_leads_to_the_portal_and_names_it(client):
    make_municipality(slug="crema", name="Crema")

    page = Elements(client.get(f"{LIST}?comune=crema").text)

    assert page.named("base") == [{"target": "_top"}]
    assert {"rel": "canonical", "href": "http://testserver/novita/?comune=crema"} in page.named("link")
    assert {"name": "robots", "content": "noindex"} in page.named("meta")
    assert page.named("html") == [{"lang": "it"}]
    assert {"/novita/?comune=crema", "/", "/note-legali/"} <= {link["href"] for link in page.named("a")}


def test_compact_list_has_titles_alone(client):
    make_communique(summary="Il riassunto", picture=make_picture())

    whole, titles_alone = client.get(LIST).text, client.get(f"{LIST}?densita=compatta&immagini=no").text

    assert ("Il riassunto" in whole, "<img" in whole) == (True, True)
    assert ("Il riassunto" in titles_alone, "<img" in titles_alone) == (False, False)


@pytest.mark.parametrize(("query", "name"), WRONG)
def test_what_cannot_be_understood_is_refused_in_the_frame(client, query, name):
    response = client.get(f"{LIST}?{query}")

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert name in response.text
    assert Elements(response.text).named("script") == Elements(response.text).named("style") == []
    assert "frame-ancestors" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("query", "name"), [case for case in WRONG if case[1] not in ("limit", "testo", "script")])
def test_what_cannot_be_understood_is_refused_by_the_page_of_codes(client, query, name):
    response = client.get(f"/incorpora/?{query}")

    assert response.status_code == 400
    assert f"<strong>{name}</strong>" in response.text
    assert codes(client, query) == {}
    assert "alert(1)</script>" not in response.text


def test_colour_reaches_the_page_as_an_address_of_six_digits(client):
    page = Elements(client.get(f"{LIST}?colore=%23A31D1D").text)

    assert {"rel": "stylesheet", "href": "/incorpora/colore/a31d1d.css"} in page.named("link")
    assert not [attributes for _, attributes in page.elements if "style" in attributes]


@pytest.mark.parametrize("digits", ["fff", "FFFFFF", "gggggg", "0b5563%7D", "0b5563.css/x"])
def test_only_six_digits_have_a_sheet(client, digits):
    assert client.get(f"/incorpora/colore/{digits}.css").status_code == 404


@pytest.mark.parametrize(
    "colour", ["#000000", "#ffffff", "#ffff00", "#0b5563", "#a31d1d", "#777777", "#12252b", "#00ff00"]
)
def test_every_colour_can_be_read_on_every_ground(client, colour):
    sheet = client.get(f"/incorpora/colore/{colour[1:]}.css").text
    values = dict(pair.removeprefix("--").split(":") for pair in sheet.partition("{")[2].rstrip("}").split(";"))

    assert colours.contrast(values["band"], values["on-band"]) >= 4.5
    assert colours.contrast(values["accent-light"], colours.GROUNDS["light"]) >= 4.5
    assert colours.contrast(values["accent-dark"], colours.GROUNDS["dark"]) >= 4.5


def test_readable_colour_is_left_alone():
    assert colours.readable("#a31d1d", "#ffffff") == "#a31d1d"


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_frames_set_no_cookie_tell_no_referrer_and_are_kept(client, name):
    make_communique()
    address = next(address_of(pattern) for pattern in public_patterns() if pattern.name == name)

    response = client.get(address)

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "public" in response["Cache-Control"]
    assert client.get(address, headers={"if_none_match": response["ETag"]}).status_code == 304
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_withdrawn_publication_says_so_in_its_frame(client):
    communique = make_communique(status="withdrawn", title="Segreto")

    response = client.get(f"/incorpora/scheda/comunicati/{communique.slug}/")

    assert response.status_code == 404
    assert "non è più sul portale" in response.text
    assert "Segreto" not in response.text
    assert "X-Frame-Options" not in response.headers


def test_element_is_one_script_for_any_page(client):
    response = client.get("/incorpora/area-omogenea.js")

    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "customElements.define" in response.text
    assert "__STYLES__" not in response.text


def test_codes_say_what_was_chosen_and_nothing_else(client):
    make_municipality(slug="crema", name="Crema")
    make_municipality(slug="offanengo", name="Offanengo")

    shown = codes(client, "comune=crema&argomento=&colore=%23a31d1d&quanti=5&aspetto=automatico&densita=compatta")

    frame = Elements(shown["_riquadro"]).named("iframe")[0]
    assert frame["src"] == f"http://testserver{LIST}?comune=crema&densita=compatta&colore=%23a31d1d"
    assert frame["title"] == "Novità per Crema · Area Omogenea Cremasca"
    assert (frame["loading"], frame["referrerpolicy"]) == ("lazy", "no-referrer")
    assert int(frame["height"]) > 300
    element = Elements(shown["_elemento"]).named("area-omogenea")[0]
    assert element == {"densita": "compatta", "colore": "#a31d1d", "comune": "crema"}
    assert shown["_oembed"] == frame["src"]
    assert shown["_feed"] == "http://testserver/feed/rss.xml?comune=crema"
    assert shown["_calendario"] == "http://testserver/calendario/calendario.ics?comune=crema"


def test_codes_lead_to_what_they_promise(client):
    make_municipality(slug="crema")
    shown = codes(client, "comune=crema&q=a%26b+%22c%22")

    addresses = {shown["_oembed"], shown["_feed"], shown["_calendario"]}
    for name in ("_riquadro", "_elemento", "_collegamenti"):
        code = Elements(shown[name])
        addresses |= {
            attributes[key] for tag, attributes in code.elements for key in ("href", "src") if key in attributes
        }

    assert len(addresses) == 5
    for address in addresses:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_no_code_but_the_element_has_a_script(client):
    shown = codes(client)

    assert {name for name, code in shown.items() if "<script" in code} == {"_elemento"}
    assert not [name for name, code in shown.items() if "style=" in code or " on" in code.replace(" online", "")]


def test_page_of_codes_keeps_what_was_chosen(client):
    make_municipality(slug="crema", name="Crema")

    page = client.get("/incorpora/?comune=crema&q=ponte&anno=2022").text

    assert '<option value="crema" selected>Crema</option>' in page
    assert 'value="ponte"' in page
    assert f'<iframe src="{LIST}?comune=crema&amp;q=ponte"' in page


def test_pages_lead_to_codes_for_what_they_list(client):
    topic, crema, initiative = make_topic(slug="cer"), make_municipality(slug="crema"), make_initiative(slug="fibra")
    make_communique().linked.add(initiative)

    for page, query in {
        topic.get_absolute_url(): "?argomento=cer",
        crema.get_absolute_url(): "?comune=crema",
        initiative.get_absolute_url(): "?iniziativa=fibra",
        "/novita/avvisi/?comune=crema": "?tipo=avvisi&amp;comune=crema",
        "/": "",
    }.items():
        assert f'href="/incorpora/{query}"' in client.get(page).text, page


def oembed_of(client, path, **how):
    return client.get("/oembed", {"url": f"http://testserver{path}"} | how)


def test_publication_is_told_as_oembed(client, settings):
    communique = make_communique(title="Bando & “premi”", picture=make_picture())

    data = oembed_of(client, communique.get_absolute_url()).json()

    assert (data["version"], data["type"], data["title"]) == ("1.0", "rich", "Bando & “premi”")
    assert (data["provider_name"], data["provider_url"]) == ("Area Omogenea Cremasca", "http://testserver/")
    assert (data["width"], data["height"]) == (600, CARD["si"])
    assert (data["thumbnail_width"], data["thumbnail_height"]) == (64, 36)
    frame = Elements(data["html"]).named("iframe")[0]
    assert frame["src"] == f"http://testserver/incorpora/scheda/comunicati/{communique.slug}/?dialogo=si"
    assert "Bando &amp; “premi”" in client.get(frame["src"].removeprefix("http://testserver")).text


def test_xml_leaves_out_the_letters_that_it_cannot_hold(client):
    communique = make_communique(title="Da\x02ta\ufffe")

    response = oembed_of(client, communique.get_absolute_url(), format="xml")

    assert ElementTree.fromstring(response.content).findtext("title") == "Data"


def test_json_and_xml_say_the_same(client):
    communique = make_communique(title="Bando & <premi>", picture=make_picture())

    data = oembed_of(client, communique.get_absolute_url(), format="json").json()
    response = oembed_of(client, communique.get_absolute_url(), format="xml")
    tree = ElementTree.fromstring(response.content)

    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert tree.tag == "oembed"
    assert {child.tag: child.text for child in tree} == {name: str(value) for name, value in data.items()}


@pytest.mark.parametrize(
    ("path", "src"),
    [
        ("", ""),
        ("/", ""),
        ("/novita/", ""),
        ("/novita/?comune=crema&anno=2022", "comune=crema&"),
        ("/novita/avvisi/", "tipo=avvisi&"),
        ("/argomenti/cer/", "argomento=cer&"),
        ("/comuni/crema/", "comune=crema&"),
        ("/incorpora/elenco/?comune=crema&aspetto=scuro&quanti=3", "comune=crema&quanti=3&aspetto=scuro&"),
    ],
)
def test_page_of_many_is_told_as_a_list(client, path, src):
    make_topic(slug="cer")
    make_municipality(slug="crema")

    data = oembed_of(client, path).json()

    assert Elements(data["html"]).named("iframe")[0]["src"] == f"http://testserver{LIST}?{src}dialogo=si"


def test_initiative_is_told_as_a_card(client):
    initiative = make_initiative(title="La fibra")

    assert oembed_of(client, initiative.get_absolute_url()).json()["title"] == "La fibra"


@pytest.mark.parametrize("typed", ["/iniziative/fibra", "/iniziative/Fibra/", "/iniziative/fibra/?utm_source=x"])
def test_initiative_is_known_by_an_address_as_people_paste_it(client, typed):
    make_initiative(title="La fibra", slug="fibra")

    assert oembed_of(client, typed).json()["title"] == "La fibra"


def test_no_more_room_is_taken_than_there_is(client):
    communique = make_communique(picture=make_picture())

    data = oembed_of(client, communique.get_absolute_url(), maxwidth=50, maxheight=200).json()

    assert (data["width"], data["height"]) == (50, 200)
    assert "thumbnail_url" not in data


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 400),
        ({"url": ""}, 400),
        ({"url": "x" * 2001}, 400),
        ({"url": "http://testserver/novita/", "maxwidth": "0"}, 400),
        ({"url": "http://testserver/novita/", "maxheight": "alto"}, 400),
        ({"url": "https://example.org/novita/"}, 404),
        ({"url": "http://testserver@example.org/novita/"}, 404),
        ({"url": "http://testserver.example.org/novita/"}, 404),
        ({"url": "ftp://testserver/novita/"}, 404),
        ({"url": "javascript://testserver/novita/"}, 404),
        ({"url": "http://[x/novita/"}, 404),
        ({"url": "http://testserver/privacy/"}, 404),
        ({"url": "http://testserver/admin/"}, 404),
        ({"url": "http://testserver/novita/comunicati/bozza/"}, 404),
        ({"url": "http://testserver/novita/comunicati/%00/"}, 404),
        ({"url": "http://testserver/argomenti/x/"}, 404),
        ({"url": "http://testserver/comuni/fuori/"}, 404),
        ({"url": "http://testserver/incorpora/elenco/?colore=rosso"}, 404),
    ],
)
def test_what_cannot_be_embedded_is_refused_in_the_form_asked_for(client, form, params, status):
    make_communique(slug="bozza", status="draft", title="Segreto")
    make_municipality(slug="fuori", in_area=False)

    response = client.get("/oembed", params | {"format": form})

    assert response.status_code == status
    assert response["Content-Type"].startswith({"json": "application/json", "xml": "text/xml"}[form])
    assert "Segreto" not in response.text
    message = (
        json.loads(response.content) if form == "json" else ElementTree.fromstring(response.content).find("error").text
    )
    assert message


def test_unknown_format_is_not_implemented(client):
    assert client.get("/oembed?" + urlencode({"url": "http://testserver/", "format": "yaml"})).status_code == 501


def test_pages_tell_where_their_oembed_is(client):
    pages = [make_communique(), make_initiative(), make_topic(), make_municipality()]
    paths = ["/", "/novita/", "/novita/avvisi/", f"{LIST}?quanti=3", *(page.get_absolute_url() for page in pages)]

    for path in paths:
        links = [link for link in Elements(client.get(path).text).named("link") if "oembed" in link.get("type", "")]
        assert [link["type"] for link in links] == ["application/json+oembed", "text/xml+oembed"], path
        for link in links:
            assert client.get(link["href"].removeprefix("http://testserver")).status_code == 200, link
