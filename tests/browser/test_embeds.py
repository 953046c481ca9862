"""Embeds in a real browser, inside pages of somebody else: strict ones, and ones that strip."""

import re
import threading
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import nh3
import pytest
from micawber import Provider, ProviderRegistry
from playwright.sync_api import expect

from .test_accessibility import violations

pytestmark = pytest.mark.any_database

SHELL = '<!DOCTYPE html><html lang="it"><title>Un Comune</title><main><h1>Un Comune</h1>{}</main></html>'
STRICT = "default-src 'none'; style-src 'self'; frame-src {0}; script-src {0}; connect-src {0}; img-src {0}"
STRICTER = STRICT + "; require-trusted-types-for 'script'"
CLOSED = "default-src 'none'; style-src 'self'"
MOST_BYTES = 5_000


class Comune:
    """A site of its own: `show` puts a piece of HTML on a page with a policy, and returns the address."""

    def __init__(self, portal):
        self.portal, self.pages = portal, []
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                number = self.path.strip("/")
                if not number.isdigit():
                    self.send_error(404)
                    return
                html, policy = pages[int(number)]
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://localhost:{self.server.server_port}"

    def show(self, code, policy=STRICTER):
        self.pages.append((SHELL.format(code), policy.format(self.portal.base)))
        return f"{self.base}/{len(self.pages) - 1}"


@pytest.fixture(scope="module")
def comune(portal):
    site = Comune(portal)
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def tab(chromium):
    """A tab that knows what the console said and what was asked of whom."""
    tab = chromium.new_page(viewport={"width": 720, "height": 900})
    tab.messages, tab.requests = [], []
    tab.on("console", lambda message: tab.messages.append(message.text))
    tab.on("request", lambda request: tab.requests.append(request))
    yield tab
    tab.close()


def code(portal, name, query=""):
    """What the page of codes offers in one of its boxes."""
    box = portal.get(f"/incorpora/?{query}").text.partition(f'id="_{name}"')[2]
    return unescape(box.partition(">")[2].partition("</textarea>")[0])


def portal_requests(tab, portal):
    return [request for request in tab.requests if request.url.startswith(portal.base)]


def test_frame_works_on_a_strict_page(tab, comune, portal):
    tab.goto(comune.show(code(portal, "riquadro", "comune=crema&quanti=3&colore=%23a31d1d")), wait_until="networkidle")
    frame = tab.frame_locator("iframe")

    expect(frame.get_by_role("heading", level=1)).to_have_text("Novità per Crema")
    expect(frame.get_by_role("heading", level=2)).to_have_count(3)
    expect(frame.locator(".embed-head")).to_have_css("background-color", "rgb(163, 29, 29)")
    assert tab.messages == []
    assert tab.context.cookies() == []
    assert all(not (request.header_value("referer") or "").startswith(comune.base) for request in tab.requests)

    frame.get_by_role("heading", level=2).first.get_by_role("link").click()
    tab.wait_for_url(re.compile(f"{portal.base}/novita/.+"))
    assert tab.evaluate("document.referrer") == ""


@pytest.mark.parametrize("width", [336, 416, 500, 576, 660, 720])
def test_frame_needs_no_bar_to_scroll_in_a_column(tab, comune, portal, width):
    tab.set_viewport_size({"width": width, "height": 900})
    for query in (
        "quanti=1",
        "quanti=5",
        "quanti=20",
        "quanti=5&densita=compatta",
        "quanti=5&immagini=no",
        "quanti=1&densita=compatta&immagini=no",
    ):
        tab.goto(comune.show(code(portal, "riquadro", query)), wait_until="networkidle")
        inside = tab.frames[1].evaluate("[document.documentElement.scrollHeight, innerHeight]")
        assert inside[0] <= inside[1], query


@pytest.mark.parametrize(("query", "is_filled"), [("quanti=5", True), ("quanti=20&q=varchi", False)])
def test_rows_share_the_room_that_is_left_if_they_are_as_many_as_asked(tab, comune, portal, query, is_filled):
    tab.goto(comune.show(code(portal, "riquadro", query)), wait_until="networkidle")
    frame = tab.frame_locator("iframe")
    last, foot = (frame.locator(part).last.bounding_box() for part in (".embed-item", ".embed-foot"))

    assert (abs(last["y"] + last["height"] - foot["y"]) < 2) == is_filled


@pytest.mark.parametrize(("name", "tag"), [("riquadro", "iframe"), ("elemento", "area-omogenea")])
def test_theme_keeps_embeds_in_its_column(tab, comune, portal, name, tag):
    """As the block themes of WordPress do: they give a width and margins to whatever is written in a page."""
    tab.set_viewport_size({"width": 1000, "height": 900})
    column = "<style>main > * { max-width: 600px; margin-inline: auto }</style>"
    tab.goto(comune.show(column + code(portal, name), "default-src * 'unsafe-inline'"), wait_until="networkidle")

    box = tab.locator(tag).bounding_box()

    assert (box["x"], box["width"]) == (200, 600)


def test_editor_previews_the_frame(tab, comune, portal):
    """As that of WordPress does, in a page of its own with no address and no origin."""
    sandbox = '<iframe id="preview" sandbox="allow-scripts"></iframe>'
    tab.goto(comune.show(sandbox, "default-src * blob: 'unsafe-inline'"))
    tab.evaluate(
        """code => { const page = new Blob([code], { type: 'text/html' });
                     document.getElementById('preview').src = URL.createObjectURL(page) }""",
        code(portal, "riquadro"),
    )

    expect(tab.frame_locator("#preview").frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("Novità")


def test_element_works_on_a_stricter_page(tab, comune, portal):
    chosen = "comune=crema&quanti=10&colore=%23f2c500&aspetto=scuro"  # some of ten have a picture
    tab.goto(comune.show(code(portal, "elemento", chosen)), wait_until="networkidle")
    element = tab.locator("area-omogenea")

    expect(element.get_by_role("heading", level=2)).to_have_text("Novità per Crema")
    expect(element.get_by_role("heading", level=3)).to_have_count(10)
    expect(element.locator(".embed-head")).to_have_css("background-color", "rgb(242, 197, 0)")
    expect(element.locator(".embed")).to_have_css("background-color", "rgb(18, 37, 43)")
    element.locator("img").first.scroll_into_view_if_needed()
    expect(element.locator("img").first).to_have_js_property("complete", True)
    assert tab.messages == []
    assert tab.context.cookies() == []
    assert {request.header_value("referer") for request in portal_requests(tab, portal)} == {None}
    assert "/novita/" in element.get_by_role("link").first.get_attribute("href")


def test_element_follows_its_attributes(tab, comune, portal):
    tab.goto(comune.show(code(portal, "elemento", "quanti=2")), wait_until="networkidle")
    element = tab.locator("area-omogenea")
    expect(element.get_by_role("heading", level=3)).to_have_count(2)

    element.evaluate("element => element.setAttribute('quanti', 1)")

    expect(element.get_by_role("heading", level=3)).to_have_count(1)


@pytest.mark.parametrize("policy", [CLOSED, STRICT.replace("connect-src {0}", "connect-src 'none'")])
def test_without_script_or_network_the_link_inside_the_element_stays(tab, comune, portal, policy):
    tab.goto(comune.show(code(portal, "elemento", "comune=crema"), policy), wait_until="networkidle")

    expect(tab.get_by_role("link", name="Novità per Crema")).to_be_visible()
    expect(tab.get_by_role("link", name="Novità per Crema")).to_have_attribute(
        "href", re.compile("/novita/.comune=crema")
    )


def test_refused_element_keeps_its_link(tab, comune, portal):
    wrong = code(portal, "elemento", "comune=crema").replace('comune="crema"', 'comune="atlantide"')

    tab.goto(comune.show(wrong), wait_until="networkidle")

    expect(tab.get_by_role("link", name="Novità per Crema")).to_be_visible()


@pytest.mark.parametrize("name", ["riquadro", "elemento", "collegamenti"])
def test_page_that_strips_keeps_a_link(tab, comune, portal, name):
    tab.goto(comune.show(nh3.clean(code(portal, name, "comune=crema"))))

    link = tab.get_by_role("link", name="Novità per Crema")
    expect(link).to_be_visible()
    assert portal.get(link.get_attribute("href").removeprefix(portal.base)).status == 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["", "&colore=%23ffe600", "&colore=%23777777"])
def test_embeds_are_accessible(visit, comune, portal, scheme, colour):
    looks = ["", "aspetto=chiaro&densita=compatta", "aspetto=scuro&immagini=no"]
    how = {"viewport": {"width": 320, "height": 700}, "color_scheme": scheme}
    frames = [f"/incorpora/elenco/?{look}{colour}" for look in looks]
    frames += [portal.addresses["embed_card"], "/incorpora/elenco/?comune=atlantide"]
    elements = [comune.show(code(portal, "elemento", f"{look}{colour}"), "default-src *") for look in looks]

    text = violations(visit(path, **how) for path in frames)
    assert not text, text
    for address in elements:
        tab = visit(address, **how)
        tab.locator("area-omogenea h2").wait_for()
        text = violations([tab])
        assert not text, text


def test_wordpress_hears_of_height_and_links(tab, comune, portal):
    """In the words of its wp-embed.js, from a frame that may run scripts and do nothing else."""
    src = f"{portal.base}{portal.addresses['embed_card']}?dialogo=si#?secret=abcdefghij"
    tab.add_init_script("window.heard = []; addEventListener('message', (event) => heard.push(event.data))")
    tab.goto(comune.show(f'<iframe sandbox="allow-scripts" src="{src}" title="x"></iframe>'), wait_until="networkidle")

    tab.frame_locator("iframe").get_by_role("link").first.click(force=True)

    tab.wait_for_function("() => heard.some((one) => one.message === 'link')")
    messages = {one["message"]: one for one in tab.evaluate("heard")}
    assert messages["height"]["secret"] == messages["link"]["secret"] == "abcdefghij"
    assert messages["height"]["value"] > 100
    assert messages["link"]["value"].startswith(portal.base)


def test_wordpress_hears_of_height_from_a_frame_that_it_hides(tab, comune, portal):
    """It hides the frame until it hears, and asks for what was said before its script was there."""
    src = f"{portal.base}{portal.addresses['embed_card']}?dialogo=si#?secret=abcdefghij"
    tab.add_init_script("window.heard = []; addEventListener('message', (event) => heard.push(event.data))")
    frame = f'<iframe sandbox="allow-scripts" src="{src}" title="x"></iframe>'
    page = f"<style>iframe {{ position: absolute; visibility: hidden }}</style>{frame}"
    tab.goto(comune.show(page, "default-src * 'unsafe-inline'"), wait_until="networkidle")

    tab.wait_for_function("() => heard.some((one) => one.message === 'height' && one.value > 100)")
    tab.evaluate("heard.length = 0")
    for secret in ("somebodyel", "abcdefghij"):
        tab.evaluate("secret => frames[0].postMessage({ message: 'ready', secret }, '*')", secret)

    tab.wait_for_function("() => heard.length")
    assert [one["message"] for one in tab.evaluate("heard")] == ["height"]


def test_no_other_page_can_be_framed(tab, comune, portal):
    for path in ("/", "/incorpora/", "/novita/"):
        tab.goto(
            comune.show(f'<iframe src="{portal.base}{path}" title="x"></iframe>', STRICT), wait_until="networkidle"
        )
        assert "frame-ancestors" in " ".join(tab.messages), path
        tab.messages.clear()


def test_preview_and_codes_follow_the_choices(tab, portal):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=portal.base)
    tab.goto(f"{portal.base}/incorpora/")

    tab.get_by_label("Comune", exact=True).select_option("Offanengo")
    expect(tab.locator(".builder-status")).to_have_text("Anteprima e codici aggiornati.")
    expect(tab.frame_locator(".builder-preview iframe").get_by_role("heading", level=1)).to_have_text(
        "Novità per Offanengo"
    )
    tab.get_by_role("button", name="Copia il riquadro").click()

    expect(tab.locator(".builder-status")).to_have_text("Copiato: il codice del riquadro.")
    expect(tab.locator("[data-copies=_riquadro]")).to_have_text("Copiato")
    assert "comune=offanengo" in tab.evaluate("navigator.clipboard.readText()")
    assert tab.url.endswith("comune=offanengo&quanti=5&aspetto=automatico&densita=comoda&immagini=si&colore=%230b5563")


def test_wrong_choice_is_told_where_the_preview_was(tab, portal):
    tab.goto(f"{portal.base}/incorpora/")

    for typed in ("1000000000", "abc"):
        tab.get_by_label("Quante").fill(typed)

        expect(tab.locator(".builder-status")).to_contain_text("C’è qualcosa da correggere")
        expect(tab.locator(".builder-preview")).to_contain_text("da 1 a 20")
        expect(tab.get_by_label("Quante")).to_have_value(typed)
        tab.get_by_label("Quante").fill("3")
        expect(tab.locator(".builder-status")).to_have_text("Anteprima e codici aggiornati.")


def test_page_of_codes_works_without_scripts(chromium, portal):
    context = chromium.new_context(java_script_enabled=False, base_url=portal.base)
    tab = context.new_page()
    tab.goto("/incorpora/")

    tab.get_by_label("Comune", exact=True).select_option("Offanengo")
    tab.get_by_role("button", name="Mostra").click()

    expect(tab.get_by_label("Codice del riquadro")).to_have_value(re.compile("comune=offanengo"))
    expect(tab.frame_locator(".builder-preview iframe").get_by_role("heading", level=1)).to_have_text(
        "Novità per Offanengo"
    )
    assert tab.get_by_role("button", name="Copia").count() == 0
    context.close()


def test_another_program_reads_the_oembed_of_a_page(portal):
    """Micawber did not write it; it turns an address on a page of its own into what is shown there."""
    address = portal.base + portal.addresses["comunicati:detail"]
    sites = ProviderRegistry()
    sites.register(f"{re.escape(portal.base)}/.*", Provider(f"{portal.base}/oembed"))

    answer = sites.request(address)

    assert (answer["type"], answer["provider_name"], answer["url"]) == ("rich", "Area Omogenea Cremasca", address)
    assert f'src="{portal.base}/incorpora/scheda/comunicati/' in sites.parse_html(f"<p>{address}</p>")


def test_element_is_light(portal):
    script = portal.get("/incorpora/area-omogenea.js").text.encode()

    size = len(brotli.compress(script))
    print(f"{len(script):,} bytes, {size:,} as they travel")
    assert size < MOST_BYTES
