"""The door of the desk in a real browser: by invitation, with an app, with a passkey, and nothing against its pages."""

import re
import subprocess
import time
from contextlib import contextmanager

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from .test_accessibility import judged
from .test_layout import TOO_WIDE

DESK = re.compile(r"//[^/]+/admin/$")
# Nobody whom other tests have inside.
SOLA = """
from areaomogenea.accounts.models import User
User.objects.create_user("sola@example.org", "canali-e-fontanili", is_staff=True)
"""
REFUSE = "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
ADMINISTRATOR = ("amministratore@example.org", "mosaico-48-comuni")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
OUTSIDE = [
    "",
    "password/dimenticata/",
    "password/dimenticata/inviata/",
    "password/cambiata/",
    "iscrizione/",
    "sospeso/",
]
OUTSIDE += ["arrivederci/", "invito/non-vale/", "password/nuova/1-non-vale/"]
INSIDE = ["sicurezza/", "sicurezza/passkey/nuova/", "sicurezza/app/scollega/", "sicurezza/codici/"]
INSIDE += ["sicurezza/codici/nuovi/", "password/", "conferma/", "conferma/codice/", "conferma/passkey/", "esci/"]


def code_of(secret, after=None):
    """What the app shows, for five seconds more; `after` is the code that it must not show again: it opens once."""
    while time.time() % 30 > 25 or (code := format_hotp_value(hotp_value(secret, int(time.time()) // 30))) == after:
        time.sleep(0.2)
    return code


class Visitor:
    """Somebody at a browser of their own, which remembers what its console complains about."""

    def __init__(self, chromium, portal, looks):
        self.looks = looks
        # A passkey belongs to a name: a number will not do.
        base = portal.base.replace("127.0.0.1", "localhost")
        self.context = chromium.new_context(base_url=base, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hear(self, message):
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def open(self, path):
        self.page.goto(path)
        return self.look()

    def look(self):
        """The page, after asking axe about it at two widths in both schemes."""
        for screen, violations in judged(self.page, [320, 1280]) if self.looks else ():
            faults = [(rule, node["html"][:200]) for rule, node in violations]
            assert (faults, self.page.evaluate(TOO_WIDE)) == ([], []), (self.page.url, screen)
        return self.page

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def enter(self, email, password):
        self.page.goto("/accesso/?next=/admin/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Entra")

    def give_code(self, code):
        self.page.get_by_label("Codice").fill(code)
        self.press("Entra")

    def hold_device(self):
        wire = self.context.new_cdp_session(self.page)
        wire.send("WebAuthn.enable")
        wire.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    def title(self):
        return self.page.get_by_role("heading", level=1).inner_text()


@pytest.fixture
def somebody(request, chromium, portal):
    # A way that is walked on both databases is looked at on one.
    looks = request.node.get_closest_marker("any_database") or request.config.getoption("share") != "2/2"

    @contextmanager
    def somebody():
        visitor = Visitor(chromium, portal, looks)
        yield visitor
        visitor.context.close()
        assert visitor.complaints == []

    return somebody


@pytest.mark.any_database
def test_pages_outside_the_door(somebody):
    with somebody() as visitor:
        for path in OUTSIDE:
            visitor.open(f"/accesso/{path}")


def test_whoever_forgot_and_whoever_insists_read_a_page(somebody, portal):
    with somebody() as visitor:
        visitor.page.goto("/accesso/password/dimenticata/")
        visitor.page.get_by_label("Email").fill("crema@example.org")
        visitor.press("Manda il collegamento")
        letter = portal.last_letter("crema@example.org")
        link = re.search(r"http\S+/nuova/\S+", letter.get_body(["plain"]).get_content())[0]
        assert "Scegli una nuova password" in visitor.open(link).title()
        for _ in range(6):
            visitor.page.goto("/accesso/password/dimenticata/")
            visitor.page.get_by_label("Email").fill("nessuno@example.org")
            visitor.press("Manda il collegamento")
        visitor.look()
        assert visitor.title() == "Aspetta qualche minuto"


@pytest.mark.any_database
def test_from_the_letter_to_the_desk(somebody, portal):
    """An Amministratore invites; the invited Responsabile chooses a password, an app, then a passkey."""
    with somebody() as anna:
        anna.enter(*ADMINISTRATOR)
        anna.look()
        anna.give_code(portal.codes[ADMINISTRATOR[0]].pop())
        anna.open("/admin/accounts/user/")
        page = anna.open("/admin/accounts/user/add/")
        page.get_by_label("E-mail").fill("bruno@example.org")
        page.get_by_label("Nome", exact=True).or_(page.get_by_label("Nome:", exact=True)).fill("Bruno")
        page.get_by_label("Responsabile", exact=True).check()
        anna.press("Manda l’invito")
        assert "La lettera di invito è partita per bruno@example.org." in anna.look().inner_text("body")
        assert "Non ha ancora accettato" in page.inner_text("body")

    letter = portal.last_letter("bruno@example.org")
    link = re.search(r"http\S+/invito/\S+", letter.get_body(["plain"]).get_content())[0]
    with somebody() as bruno:
        bruno.hold_device()
        page = bruno.open(link)
        page.get_by_label("Scegli una password").fill("canali-e-fontanili")
        page.get_by_label("Scrivila di nuovo").fill("canali-e-fontanili")
        bruno.press("Entra in redazione")
        assert "Prima di cominciare serve un secondo fattore" in bruno.look().inner_text("main")
        page.goto("/admin/news/communique/")
        assert page.url.endswith("/accesso/sicurezza/")

        page.get_by_role("link", name="Collega un’app").click()
        bruno.look()
        assert page.get_by_role("img", name="Codice QR").evaluate("image => image.naturalWidth") > 0
        secret = page.locator(".access-secret").inner_text()
        page.get_by_label("Codice").fill("000000")
        bruno.press("Collega l’app")
        bruno.look()
        first = code_of(secret)
        page.get_by_label("Codice").fill(first)
        bruno.press("Collega l’app")
        assert len(bruno.look().locator(".access-codes li").all()) == 10
        page.get_by_role("link", name="Li ho conservati").click()
        assert page.url.endswith("/admin/")

        page.get_by_role("link", name="I tuoi accessi").click()
        page.get_by_role("link", name="Aggiungi una passkey").click()
        bruno.press("Crea la passkey")
        page.wait_for_url("**/accesso/sicurezza/")
        assert "Passkey 1" in bruno.look().inner_text("main")
        for path in INSIDE:
            bruno.open(f"/accesso/{path}")
        for path in ("nome", "togli"):
            page.goto("/accesso/sicurezza/")
            page.locator(f'a[href$="/{path}/"]').click()
            bruno.look()

        page.goto("/accesso/esci/")
        bruno.press("Esci")
        assert bruno.title() == "Arrivederci"
        page.goto("/accesso/?next=/admin/publishing/")
        bruno.press("Entra con una passkey")
        page.wait_for_url(re.compile(r"//[^/]+/admin/publishing/$"))

        page.goto("/accesso/esci/")
        bruno.press("Esci")
        bruno.enter("bruno@example.org", "canali-e-fontanili")
        bruno.give_code("000000")
        bruno.look()
        bruno.press("Usa una passkey")
        page.wait_for_url(DESK)

        page.goto("/accesso/esci/")
        bruno.press("Esci")
        bruno.enter("bruno@example.org", "canali-e-fontanili")
        bruno.give_code(code_of(secret, after=first))
        page.wait_for_url(DESK)


def test_owner_ends_the_session_of_another_device(somebody, portal):
    portal.manage(subprocess.run, "shell", "--verbosity", "0", "--command", SOLA, check=True)
    with somebody() as other, somebody() as own:
        for visitor in (other, own):
            visitor.enter("sola@example.org", "canali-e-fontanili")
            visitor.page.wait_for_url(DESK)
        page = own.open("/accesso/sicurezza/")
        assert page.get_by_text("Questa", exact=True).count() == 1
        own.press("Chiudi tutte le altre")
        assert "Le altre sessioni sono chiuse" in own.look().inner_text("main")
        other.page.goto("/admin/")
        assert other.title() == "Entra in redazione"
        own.page.goto("/admin/")
        assert own.page.url.endswith("/admin/")


@pytest.mark.any_database
def test_device_that_refuses_is_said_in_words(somebody):
    with somebody() as visitor:  # and no device at hand
        visitor.page.goto("/accesso/")
        visitor.page.evaluate(REFUSE)
        visitor.press("Entra con una passkey")

        fault = visitor.page.get_by_role("alert")
        fault.filter(has_text="Non è andata").wait_for()


@pytest.mark.any_database
def test_door_is_walked_by_keyboard(somebody):
    with somebody() as visitor:
        visitor.page.goto("/accesso/?next=/admin/")
        visitor.page.get_by_label("E-mail").focus()
        for key in ("redattore@example.org", "Tab", "fontanile-cremasco", "Enter"):
            visitor.page.keyboard.press(key) if key in ("Tab", "Enter") else visitor.page.keyboard.type(key)
        visitor.page.wait_for_url(DESK)
