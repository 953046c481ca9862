"""Take the pictures of the guide again, from the demo as it is now: .venv/bin/python -m docs.take_screenshots"""

import json
import subprocess
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch
from tests.browser.served import Portal

PICTURES = Path(__file__).parent / "immagini"
WIDTH, HEIGHT = 1200, 900
MOST_BYTES = 90_000
LIST = "/admin/news/communique/"
DOCUMENT = """Nuovi orari per lo sportello SUAP

Dal 1° marzo 2027 lo sportello è aperto anche il sabato mattina.

Lo sportello unico di Crema e di Offanengo risponde alle imprese che aprono, cambiano o chiudono.
"""


class Photographer:
    """Somebody of the desk at a browser, whose screen is kept in pictures."""

    def __init__(self, chromium, portal, email, password):
        how = {"viewport": {"width": WIDTH, "height": HEIGHT}, "locale": "it-IT", "timezone_id": "Europe/Rome"}
        context = chromium.new_context(base_url=portal.base, reduced_motion="reduce", color_scheme="light", **how)
        self.page = context.new_page()
        self.page.goto("/accesso/?next=/admin/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Entra")
        if codes := portal.codes.get(email):
            self.page.get_by_label("Codice").fill(codes.pop())
            self.press("Entra")
        self.page.wait_for_url("**/admin/")

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def open(self, path):
        self.page.goto(path, wait_until="networkidle")

    def take(self, name, start="body", end=None, most=HEIGHT):
        """A strip of the page, as wide as the window, from the top of one part to the bottom of another."""
        self.page.evaluate("document.activeElement.blur()")
        self.page.wait_for_timeout(300)
        first, last = (self.page.locator(part).first.bounding_box() for part in (start, end or start))
        across = self.page.evaluate("scrollY")
        top = max(0, first["y"] + across - 16 * (start != "body"))
        height = min(most, last["y"] + last["height"] + across + 16 - top)
        clip = {"x": 0, "y": top, "width": WIDTH, "height": height}
        keep(name, self.page.screenshot(clip=clip, full_page=True))


def keep(name, png):
    picture = Image.open(BytesIO(png)).convert("RGB")
    for quality in (85, 75, 65, 50):
        content = BytesIO()
        picture.save(content, "WEBP", quality=quality, method=6)
        if content.tell() < MOST_BYTES:
            break
    else:
        raise ValueError(f"{name} weighs too much: take less of the page.")
    (PICTURES / f"{name}.webp").write_bytes(content.getvalue())


def take_all(login, rows):
    """`login` opens a browser for a role; `rows` are keys of publications by name."""
    form, proposal, history = (f"{LIST}{{}}/{page}/" for page in ("change", "proposta", "history"))
    writer = login("Redattore")
    writer.open("/admin/")
    writer.take("scrivania-redattore", end=".desk-piles")
    writer.open(form.format(rows["unfinished"]))
    writer.take("modulo")
    take_checks(writer)
    take_document(writer)
    take_library(writer)
    take_preview(writer, form.format(rows["waiting"]))

    approver = login("Responsabile")
    approver.open("/admin/")
    approver.take("scrivania", end=".desk-week", most=1300)
    approver.open(form.format(rows["waiting"]))
    approver.take("decisioni", start=".desk-verbs")
    approver.open(proposal.format(rows["live"]))
    approver.take("proposta", start="h1", end="form.desk-verbs")
    approver.open(history.format(rows["live"]))
    approver.take("storia", start="h1", end=".desk-steps")
    take_conflict(writer, approver, form.format(rows["waiting"]))

    administrator = login("Amministratore")
    administrator.open("/admin/accounts/user/add/")
    administrator.take("invito", start="h1", end="#content", most=760)


def take_checks(editor):
    """The panel alone, as tall as all that it has found."""
    panel = editor.page.locator(".checks-frame")
    panel.evaluate("frame => { frame.style.maxHeight = 'none'; frame.style.overflow = 'visible'; }")
    keep("controlli", panel.screenshot())


def take_document(editor):
    editor.open(f"{LIST}da-documento/")
    editor.page.get_by_label("Oppure il testo").fill(DOCUMENT)
    editor.take("da-documento", start="h1", end=".submit-row")


def take_library(editor):
    editor.open("/admin/library/picture/")
    editor.take("libreria", start="h1", end="#content", most=760)
    editor.page.locator(".picture-wall a").first.click()
    editor.page.locator(".focal-marker").wait_for()
    editor.page.wait_for_load_state("networkidle")
    editor.take("punto-d-interesse", start=".focal-desk")


def take_preview(editor, address):
    editor.open(address.replace("change/", "anteprima/"))
    editor.page.get_by_role("button", name="Telefono 390").click()
    editor.page.wait_for_load_state("networkidle")
    editor.take("anteprima", start="h1", end=".preview-stage", most=800)
    editor.open(address.replace("change/", "link-di-anteprima/"))
    editor.page.get_by_label("Per chi").fill("Sindaco di Crema")
    editor.take("link-di-anteprima", start="h1", end=".submit-row")


def take_conflict(first, second, address):
    """Two people open the same form; both change the title."""
    first.open(address)
    second.open(address)
    for editor, title in (
        (second, "Sportello energia, si cambia orario"),
        (first, "Crema, nuovo orario per l’energia"),
    ):
        editor.page.locator("#id_title").fill(title)
        editor.press("Salva")
    first.take("conflitto", start=".desk-note")


def main():
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        portal = Portal(f"sqlite:///{folder}/portal.sqlite3", Path(folder) / "media")
        try:
            portal.wait()
            code = "from docs.scenes import tell; tell()"
            output = portal.manage(subprocess.run, "shell", "--verbosity", "0", "--command", code, check=True).stdout
            output = json.loads(output)
            chromium = launch(playwright)
            PICTURES.mkdir(exist_ok=True)
            take_all(lambda role: Photographer(chromium, portal, *output["logins"][role]), output["rows"])
            chromium.close()
        finally:
            portal.stop()


if __name__ == "__main__":
    main()
