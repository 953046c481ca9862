"""The panel of checks in a real browser: found while typing, gone to, accepted by keyboard."""

import re

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.browser.screens import on_screens
from tests.browser.test_accessibility import RULES, bring_axe
from tests.browser.test_layout import TOO_WIDE

pytestmark = pytest.mark.any_database

ADD = "/admin/news/communique/add/"
PASTE = """(editor, html) => {
  editor.focus();
  document.execCommand('selectAll');
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/html', html);
  editor.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
}"""
MARKED = """words => {
  const field = document.activeElement;
  return field.value?.slice(field.selectionStart, field.selectionEnd) === words;
}"""
RUN_ON_PANEL = "rules => axe.run('.checks', {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})"
BAD = """
<p>A Offanengo e a Ripalta nasce una comunità energetica, con la CUC.</p>
<p>Per i moduli <a href="https://example.org/moduli">clicca qui</a>, o leggi
<a href="/argomenti/non-esiste/">la spiegazione</a>. Domani si vota.</p>
"""


@pytest.fixture
def desk(at_desk):
    """desk(role, **how): a tab of somebody of the desk, with the form of a new communiqué."""

    def desk(role="Redattore", **how):
        tab = at_desk(role, ADD, **how)
        expect(tab.locator(".checks.is-live")).to_be_visible()
        expect(editor(tab)).to_be_visible()
        return tab

    return desk


def editor(tab):
    return tab.locator(".prose-editor [contenteditable=true]")


def paste(tab, html=BAD):
    editor(tab).evaluate(PASTE, html)


def panel(tab):
    return tab.get_by_role("region", name="Controlli")


def finding(tab, words):
    return panel(tab).get_by_role("listitem").filter(has_text=words)


def expect_selected(tab, words):
    """The editor moves the selection a frame after it was told to."""
    tab.wait_for_function("words => getSelection().toString() === words", arg=words)


def chosen(tab, name):
    return tab.locator(f"[name={name}] option:checked")


def test_finding_appears_while_typing_and_goes_when_mended(desk):
    tab = desk()
    tab.get_by_label("Titolo", exact=False).first.fill("AVVISO IMPORTANTE")

    expect(finding(tab, "è tutto in maiuscolo")).to_be_visible()
    expect(panel(tab).get_by_role("status").first).to_have_text(re.compile(r"\d cose da correggere, \d consigli"))

    tab.locator("#id_title").fill("Avviso")
    expect(finding(tab, "è tutto in maiuscolo")).to_have_count(0)
    expect(tab.locator("#id_title")).to_be_focused()  # focus was not stolen


@pytest.mark.parametrize("width", [1280, 320])
def test_finding_leads_to_its_words_in_the_text(desk, width):
    tab = desk(viewport={"width": width, "height": 700})
    paste(tab)
    expect(panel(tab).get_by_role("status").first).to_contain_text("consigli")

    for words, passage in [("non dice dove porta", "clicca qui"), ("«Domani»", "Domani"), ("«CUC»", "CUC")]:
        if width < 1200:
            panel(tab).get_by_role("button", name="Elenco dei controlli").click()
        finding(tab, words).get_by_role("button", name="Vai al punto").click()
        expect_selected(tab, passage)
        expect(editor(tab)).to_be_focused()
    box = tab.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    assert 0 <= box["top"] < box["bottom"] <= 700


FILLED = "<p>Una riga come le altre.</p>" * 25
PLACES = {
    "non dice dove porta": ("a", '<p>Per i moduli <a href="https://example.org/moduli">clicca qui</a>.</p>'),
    "che i lettori non trovano": ("a em", '<p><a href="/argomenti/niente/"><em>La spiegazione</em></a> intera.</p>'),
    "è di livello 4": ("h4", "<h4>I numeri</h4>"),
    "«CUC»": ("td", "<table><tbody><tr><th><p>Ente</p></th></tr><tr><td><p>CUC</p></td></tr></tbody></table>"),
    "non ha testo alternativo": ("img", '<figure><img src="{}" alt=""><figcaption>Foto: SUAP</figcaption></figure>'),
    "«SUAP»": ("figcaption", ""),
    "è tutto in maiuscolo": ("strong", "<p><strong>AVVISO IMPORTANTE PER TUTTI</strong></p>"),
}
IN_SIGHT = """selector => {
  const box = document.querySelector(`.ProseMirror ${selector}`).getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}"""


def test_finding_brings_its_place_into_sight_whatever_that_is(desk, portal):
    tab = desk(viewport={"width": 1280, "height": 768})
    picture = re.search(r"/file/immagini/[^\s\"]+", portal.get(portal.addresses["a communiqué with everything"]).text)
    html = FILLED + "".join(place + FILLED for _, place in PLACES.values())
    editor(tab).evaluate("(one, html) => one.editor.commands.setContent(html)", html.format(picture[0]))
    tab.locator("#id_title").fill("Un titolo")
    expect(finding(tab, "«CUC»").first).to_be_visible()

    for words, (selector, _) in [*PLACES.items(), *reversed(PLACES.items())]:
        finding(tab, words).get_by_role("button", name="Vai al punto").first.click()
        tab.wait_for_function(IN_SIGHT, arg=selector)


def test_finding_leads_to_fields_of_every_kind(desk):
    tab = desk()
    tab.locator("#id_summary").fill("Si vota domani alle nove.")

    finding(tab, "«domani»").get_by_role("button", name="Vai al punto").click()
    tab.wait_for_function(MARKED, arg="domani")
    finding(tab, "Manca l’argomento").get_by_role("button", name="Vai al punto").click()
    expect(tab.locator(".field-topics .select2-search__field")).to_be_focused()
    tab.keyboard.type("energ")
    expect(tab.get_by_role("option", name=re.compile("Comunità energetiche"))).to_be_visible()
    tab.locator("#id_publish_at_0").fill("01/01/1970")
    tab.locator("#id_publish_at_1").fill("9.30")
    finding(tab, "L’ora di pubblicazione").get_by_role("button", name="Vai al punto").click()
    expect(tab.locator("#id_publish_at_0")).to_be_focused()


def test_acronym_is_spelled_out_with_one_click(desk):
    tab = desk()
    paste(tab)

    finding(tab, "«CUC»").get_by_role("button", name="Scrivi per esteso").click()

    expect(editor(tab)).to_contain_text("con la Centrale unica di committenza (CUC).")
    expect(finding(tab, "«CUC»")).to_have_count(0)
    expect(tab.locator("#id_body")).to_have_value(re.compile(r"\(CUC\)"))  # what will be saved


def test_suggestions_are_accepted_by_keyboard(desk):
    tab = desk()
    paste(tab)
    offanengo = panel(tab).get_by_role("button", name="Aggiungi Offanengo")
    offanengo.focus()

    tab.keyboard.press("Enter")

    expect(chosen(tab, "municipalities")).to_have_text(["Offanengo"])
    expect(tab.locator(".field-municipalities .select2-selection__choice")).to_contain_text("Offanengo")
    expect(offanengo).to_have_count(0)
    # Focus went on to the next one, and stays when the list comes anew.
    expect(tab.locator(":focus")).to_contain_text("Ripalta")
    expect(panel(tab).get_by_role("status").first).to_contain_text("consigli")
    expect(tab.locator(":focus")).to_contain_text("Ripalta")

    panel(tab).get_by_role("button", name=re.compile("Aggiungi Comunità energetiche")).press("Enter")
    expect(finding(tab, "Manca l’argomento")).to_have_count(0)


def test_many_comuni_are_accepted_at_once(desk):
    tab = desk()
    paste(tab, "<p>Da Crema, Offanengo e Soncino.</p>")

    panel(tab).get_by_role("button", name="Aggiungi tutti e 3 i Comuni nominati").click()

    expect(chosen(tab, "municipalities")).to_have_text(["Crema", "Offanengo", "Soncino"])


def test_who_writes_for_one_comune_accepts_it_in_a_plain_list(desk):
    tab = desk("Redattore comunale")
    paste(tab, "<p>Da Crema a Offanengo.</p>")

    expect(chosen(tab, "municipalities")).to_have_text(["Crema"])  # the only one, chosen from the start
    expect(panel(tab).get_by_role("status").first).to_contain_text("da correggere")
    expect(panel(tab).get_by_role("button", name="Aggiungi Crema")).to_have_count(0)
    expect(panel(tab).get_by_role("button", name="Aggiungi Offanengo")).to_have_count(0)


def test_lost_network_is_told_and_got_over(desk):
    tab = desk()
    tab.context.set_offline(True)
    tab.locator("#id_title").fill("AVVISO IMPORTANTE")
    expect(panel(tab)).to_contain_text("La rete non risponde")

    tab.context.set_offline(False)

    expect(finding(tab, "è tutto in maiuscolo")).to_be_visible()
    expect(panel(tab)).not_to_contain_text("La rete non risponde")


def test_expired_session_is_told(desk):
    tab = desk()
    tab.context.clear_cookies(name="sessionid")
    tab.locator("#id_title").fill("Un titolo")

    expect(panel(tab)).to_contain_text("La sessione è finita")


@pytest.mark.parametrize("widths", [[320, 768], [1280]], ids=["bar", "column"])
def test_panel_has_no_violation_and_fits(desk, widths):
    tab = desk(viewport={"width": widths[0], "height": 800})
    paste(tab)
    expect(panel(tab).get_by_role("status").first).to_contain_text("consigli")
    if widths[0] < 1200:
        panel(tab).get_by_role("button", name="Elenco dei controlli").click()
    bring_axe(tab)

    for screen in on_screens(tab, widths):
        expect(finding(tab, "Manca l’argomento")).to_be_visible()
        violations = tab.evaluate(RUN_ON_PANEL, RULES)["violations"]
        assert not violations, (screen, violations)
        assert tab.evaluate(TOO_WIDE) == [], screen


def test_bar_opens_and_closes_by_keyboard(desk):
    tab = desk(viewport={"width": 320, "height": 700})
    paste(tab)
    expect(panel(tab).get_by_role("status").first).to_contain_text("consigli")
    toggle = panel(tab).get_by_role("button", name="Elenco dei controlli")
    toggle.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")

    tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")

    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-expanded", "false")


def test_findings_are_read_without_scripts(desk):
    tab = desk()
    tab.locator("#id_title").fill("AVVISO IMPORTANTE")
    tab.locator("input[name=_continue]").click()
    expect(finding(tab, "è tutto in maiuscolo")).to_be_visible()
    still = tab.context.browser.new_context(java_script_enabled=False, storage_state=tab.context.storage_state())
    page = still.new_page()
    page.goto(tab.url)

    expect(finding(page, "è tutto in maiuscolo")).to_be_visible()
    expect(panel(page).get_by_role("button")).to_have_count(0)
    still.close()


def test_who_says_that_a_day_is_no_deadline_is_not_asked_again(desk):
    tab, year = desk(), localdate().year + 1
    tab.locator("#id_title").fill("Bando per i cortili")
    paste(tab, f"<p>Le domande si presentano entro le ore 12 del 15 gennaio {year}.</p>")
    message = "Il testo nomina una scadenza che la pagina non ha"
    expect(finding(tab, message)).to_be_visible()
    expect(panel(tab).get_by_role("button", name="Non è una scadenza")).to_have_count(0)  # there is no page yet
    tab.locator("input[name=_continue]").click()
    expect(tab.locator(".messagelist .success")).to_be_visible()

    panel(tab).get_by_role("button", name="Non è una scadenza").press("Enter")
    expect(finding(tab, message)).to_have_count(0)
    expect(panel(tab).get_by_role("heading", name="Controlli")).to_be_focused()
    tab.reload()
    expect(panel(tab).get_by_role("button", name="Chiedilo di nuovo")).to_be_visible()
    expect(finding(tab, message)).to_have_count(0)
    panel(tab).get_by_role("button", name="Chiedilo di nuovo").press("Enter")
    expect(finding(tab, message)).to_be_visible()


def test_term_of_the_text_becomes_a_row_by_keyboard(desk):
    tab = desk()
    year = localdate().year + 1
    tab.locator("#id_title").fill("Bando per le scuole")
    paste(tab, f"<p>Le domande si presentano entro le ore 12 del 15 gennaio {year}.</p>")
    offer = finding(tab, "Il testo nomina una scadenza che la pagina non ha")
    offer.get_by_role("button", name="Aggiungi la scadenza").focus()

    tab.keyboard.press("Enter")

    row = tab.locator("#deadlines-0")
    expect(row.get_by_label("Cittadini")).to_be_focused()  # the one thing that the text does not say
    expect(row.get_by_label("Cittadini")).to_be_in_viewport()
    expect(row.get_by_label("Che cosa")).to_have_value("Domande: Bando per le scuole")
    expect(row.locator("[name=deadlines-0-closes_day]")).to_have_value(f"15/01/{year}")
    expect(row.locator("[name=deadlines-0-closes_hour]")).to_have_value("12:00")
    expect(panel(tab).get_by_role("listitem").filter(has_text="Bando per le scuole")).to_have_count(0)
    tab.locator("#id_summary").fill("In breve.")
    expect(finding(tab, "Manca il testo «in breve»")).to_have_count(0)  # the panel has been asked again
    expect(offer).to_have_count(0)
