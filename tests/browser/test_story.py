"""The whole story in a real browser: from a Word file to a communiqué that is published, corrected and withdrawn."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.manuscripts import WordFile

from .desks import give_when_asked, walk_in
from .test_checks import editor, expect_selected, finding, panel

TITLE = "Apre lo sportello dell’energia condivisa"
# What a hand does: clicks of a mouse, and fields that were written in.
COUNT = """
const count = (name, more) => (sessionStorage[name] = Number(sessionStorage[name] ?? 0) + more);
const written = () => new Set(JSON.parse(sessionStorage.written ?? '[]'));
addEventListener('click', (event) => event.isTrusted && event.detail && count('clicks', 1), true);
addEventListener('input', ({ target }) => {
  sessionStorage.written = JSON.stringify([...written().add(target.id || target.className)]);
}, true);
"""
COUNTED = "() => [Number(sessionStorage.clicks), JSON.parse(sessionStorage.written).length]"


@pytest.fixture
def manuscript(tmp_path):
    word = WordFile()
    word.text("COMUNICATO STAMPA")
    word.title(TITLE)
    word.text(
        "A Ripalta apre uno sportello per chi vuole produrre energia insieme ai vicini e dividerne i vantaggi: lo "
        "hanno deciso i sindaci nella riunione di martedì 19 ottobre 2022, dopo mesi di incontri con le famiglie, con "
        "le imprese e con le associazioni del territorio, e i lavori sono pagati con i fondi del PNRR."
    )
    word.link(word.text("Per prendere appuntamento "), "clicca qui", "https://example.org/appuntamento")
    word.heading("Che cosa portare", 1)
    word.item("La bolletta più recente")
    word.item("Un documento di identità")
    path = tmp_path / "comunicato.docx"
    path.write_bytes(word.file().read())
    return path


def go_to(tab, words):
    finding(tab, words).get_by_role("button", name="Vai al punto").click()


def press(tab, name):
    """A button that leads to another page."""
    with tab.expect_navigation():
        tab.get_by_role("button", name=name, exact=True).click()


def messages(tab):
    return tab.locator(".messagelist")


def standing(tab):
    return tab.get_by_role("region", name="A che punto è")


def open_from_desk(tab, pile):
    """The communiqué, from the pile of the desk where it lies."""
    tab.goto("/admin/")
    lying = tab.get_by_role("region", name=pile)
    if (more := lying.get_by_role("link", name="Mostra anche")).count():
        more.click()  # other tests have left theirs on the same desk
    lying.get_by_role("link", name=TITLE).click()
    expect(editor(tab)).to_be_visible()


def test_from_a_word_file_to_a_withdrawn_page(at_desk, portal, manuscript):
    redattore = at_desk("Redattore")
    redattore.context.add_init_script(COUNT)
    give_when_asked(redattore, manuscript)
    address, seconds, clicks, written = write_and_submit(redattore)
    print(f"\nFrom the file to the review: {seconds:.1f} s, {clicks} clicks, {written} fields written in.")
    assert portal.get(address).status == 404

    responsabile = at_desk.tab(at_desk.context(viewport={"width": 1280, "height": 900}), "/accesso/?next=/admin/")
    walk_in(responsabile, "Responsabile", portal)
    approve_for_tomorrow(responsabile)
    assert portal.get(address).status == 404

    bring_forward(responsabile)
    assert TITLE in portal.get(address).text

    propose_another_place(redattore)
    assert "Crema e Ripalta" not in portal.get(address).text

    accept_what_was_proposed(responsabile)
    assert "Crema e Ripalta" in portal.get(address).text

    correct(responsabile, "La sede è a Crema, non a Ripalta.")
    assert re.search(r"Correzione del .+?\.</strong> La sede è a Crema, non a Ripalta\.", portal.get(address).text)

    withdraw(responsabile, "Lo sportello non apre più.")
    gone = portal.get(address)
    assert (gone.status, "Il motivo: Lo sportello non apre più." in gone.text) == (410, True)
    assert redattore.complaints == responsabile.complaints == []


def write_and_submit(tab):
    """What it took an editor who never saw the desk: (address, seconds of the machine, clicks, fields)."""
    begun = time.monotonic()
    tab.get_by_role("link", name="Parti da un documento").click()
    tab.get_by_label("Documento").click()
    expect(tab.get_by_label("Documento")).to_have_value(re.compile(r"\bcomunicato\.docx$"))
    press(tab, "Prepara la bozza")

    expect(tab.locator("#id_title")).to_have_value(TITLE)
    address = f"/novita/comunicati/{tab.locator('#id_slug').input_value()}/"
    doubts = tab.get_by_role("region", name=re.compile("Dubbi"))
    expect(doubts).to_contain_text("«martedì 19 ottobre»: il giorno della settimana non corrisponde alla data.")

    go_to(tab, "Manca il testo «in breve»")
    expect(tab.locator("#id_summary")).to_be_focused()
    tab.keyboard.type("Un nuovo sportello aiuta a fare comunità energetiche: si apre su appuntamento.")
    panel(tab).get_by_role("button", name=re.compile("Aggiungi Comunità energetiche")).click()
    panel(tab).get_by_role("button", name="Aggiungi Ripalta Cremasca").click()
    finding(tab, "«PNRR»").get_by_role("button", name="Scrivi per esteso").click()
    go_to(tab, "«martedì 19 ottobre»")
    expect_selected(tab, "martedì 19")
    tab.keyboard.type("mercoledì 19")
    go_to(tab, "«clicca qui»")
    expect_selected(tab, "clicca qui")
    tab.keyboard.type("scrivi allo sportello")
    expect(finding(tab, "clicca qui")).to_have_count(0)
    expect(panel(tab).get_by_role("status").first).to_contain_text(
        "Niente da correggere"
    )  # the hour is for who approves

    tab.get_by_role("button", name="Scegli dalla libreria…").click()
    wall = tab.get_by_role("dialog").locator(".picture-wall button")
    wall.filter(has_not_text="Da descrivere").first.click()
    expect(tab.locator("#id_picture")).not_to_have_value("")
    doubts = tab.get_by_role("group", name="Dubbi da sciogliere").get_by_role("checkbox")
    assert doubts.count() > 0
    for doubt in doubts.all():
        doubt.check()
    press(tab, "Manda in revisione")
    expect(messages(tab)).to_contain_text("è in revisione")
    return address, time.monotonic() - begun, *tab.evaluate(COUNTED)


def approve_for_tomorrow(tab):
    open_from_desk(tab, "Aspettano la tua decisione")
    expect(standing(tab)).to_contain_text("In revisione")
    expect(tab.get_by_role("region", name=re.compile("Dubbi"))).to_have_count(0)
    look_at_it_on_a_phone(tab)

    press(tab, "Approva per l’ora indicata")
    expect(tab.locator(".field-publish_at")).to_contain_text("Manca l’ora di pubblicazione")
    expect(tab.locator("#id_title")).to_have_value(TITLE)

    day, hour = tab.locator("#id_publish_at_0"), tab.locator("#id_publish_at_1")
    tomorrow = tab.evaluate("new Date(Date.now() + 86400000).toLocaleDateString('it-IT', {timeZone: 'Europe/Rome'})")
    day.fill(tomorrow)
    hour.fill("09:30")
    press(tab, "Approva per l’ora indicata")
    expect(tab.get_by_text("Esce da sola")).to_be_visible()
    expect(tab.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text(TITLE)
    press(tab, "Approva per l’ora indicata")
    expect(messages(tab)).to_contain_text("è approvata per il")
    tab.goto("/admin/")
    expect(tab.get_by_role("region", name="In uscita nei prossimi sette giorni")).to_contain_text(TITLE)


def look_at_it_on_a_phone(tab):
    with tab.context.expect_page() as opened:
        tab.get_by_role("button", name="Anteprima").click()
    preview = opened.value
    page = preview.frame_locator("iframe")
    preview.get_by_role("button", name="Telefono 390").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(preview.locator("iframe")).to_have_js_property("clientWidth", 390)
    assert page.locator("html").evaluate("html => [innerWidth, html.scrollWidth]") == [390, 390]
    expect(page.get_by_role("link", name="scrivi allo sportello")).to_be_visible()
    preview.close()


def bring_forward(tab):
    """What waits for its hour comes out now; a past hour alone does not bring it out."""
    tab.get_by_role("region", name="In uscita nei prossimi sette giorni").get_by_role("link", name=TITLE).click()
    expect(standing(tab)).to_contain_text("Programmata per il")
    yesterday = tab.evaluate("new Date(Date.now() - 86400000).toLocaleDateString('it-IT', {timeZone: 'Europe/Rome'})")
    tab.locator("#id_publish_at_0").fill(yesterday)
    press(tab, "Salva e continua le modifiche")
    expect(tab.locator(".field-publish_at")).to_contain_text("premi «Pubblica adesso»")
    press(tab, "Pubblica adesso")
    expect(tab.get_by_text("Esce subito")).to_be_visible()
    press(tab, "Pubblica adesso")
    expect(messages(tab)).to_contain_text("è pubblicata")


def propose_another_place(tab):
    open_from_desk(tab, "Uscite negli ultimi sette giorni")
    expect(standing(tab)).to_contain_text("la pagina resta com’è finché un Responsabile non l’accetta")
    tab.locator("#id_subtitle").fill("Per Crema e Ripalta")
    tab.get_by_label("Nota").fill("Manca Crema")
    press(tab, "Proponi la modifica")
    expect(messages(tab)).to_contain_text("aspetta un Responsabile. La pagina resta com’è.")


def accept_what_was_proposed(tab):
    open_from_desk(tab, "Aspettano la tua decisione")
    standing(tab).get_by_role("link", name="Confronta e decidi").click()
    expect(tab.get_by_text("«Manca Crema»")).to_be_visible()
    expect(tab.locator("ins").filter(has_text="Per Crema e Ripalta")).to_be_visible()
    press(tab, "Accetta la modifica")
    expect(messages(tab)).to_contain_text("è modificata")


def correct(tab, note):
    open_from_desk(tab, "Uscite negli ultimi sette giorni")
    press(tab, "Correggi con una nota")
    expect(tab.get_by_text("Scrivi una nota: chi la legge deve sapere perché.", exact=True)).to_be_visible()
    tab.get_by_label("Nota").fill(note)
    press(tab, "Correggi con una nota")
    expect(messages(tab)).to_contain_text("è corretta")


def withdraw(tab, reason):
    open_from_desk(tab, "Uscite negli ultimi sette giorni")
    tab.get_by_label("Nota").fill(reason)
    press(tab, "Ritira")
    expect(messages(tab)).to_contain_text("è ritirata")


def walk_to(tab, selector):
    """By the Tab key, as somebody who has no mouse."""
    for _ in range(80):
        tab.keyboard.press("Tab")
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached.")


def test_written_and_handed_over_by_keyboard_alone(at_desk):
    tab = at_desk("Redattore")
    walk_to(tab, '[href="/admin/news/communique/add/"]')
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    expect(editor(tab)).to_be_visible()

    walk_to(tab, "#id_title")
    tab.keyboard.type("La biblioteca apre la sera")
    walk_to(tab, "#id_summary")
    tab.keyboard.type("Dal 3 dicembre si può leggere fino alle dieci.")
    walk_to(tab, ".ProseMirror")
    tab.keyboard.type("La biblioteca di Crema resta aperta fino alle 22, dal lunedì al venerdì.")
    walk_to(tab, ".field-topics .select2-search__field")
    tab.keyboard.type("Ambiente")
    tab.get_by_role("option", name=re.compile("Ambiente")).wait_for()
    tab.keyboard.press("Enter")
    expect(tab.locator(".field-topics .select2-selection__choice")).to_contain_text("Ambiente")
    walk_to(tab, '[name="_verb_submit"]')
    with tab.expect_navigation():
        tab.keyboard.press("Enter")

    expect(messages(tab)).to_contain_text("«La biblioteca apre la sera» è in revisione")
    assert tab.complaints == []
