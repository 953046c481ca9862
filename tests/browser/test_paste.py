"""The rich-text editor in a real browser: what is pasted, what is typed by keyboard alone, what the store keeps."""

import json
import re
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import expect

from areaomogenea.prose.fields import LONGEST
from areaomogenea.prose.html import ATTRIBUTES, PICTURE_ATTRIBUTES, PICTURE_TAGS, TAGS, clean

from ..factories import picture_file
from .clipboards import CLIPBOARDS
from .desks import breathe
from .screens import on_screens

pytestmark = pytest.mark.any_database

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
WRITER = """
from django.contrib.auth.models import Permission
from tests.factories import make_editor
writer = make_editor(role="Redattore", email="penna@example.org")
writer.user_permissions.add(Permission.objects.get(codename="change_topic"))
"""
STORED = """
import json
from news.models import Communique
print(json.dumps(Communique.objects.latest("pk").body))
"""
PASTE = """([kinds, files]) => {
  const data = new DataTransfer();
  for (const [kind, value] of Object.entries(kinds)) if (value) data.setData(kind, value);
  for (const [name, type, content] of files) {
    data.items.add(new File([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], name, { type }));
  }
  const box = document.querySelector('#id_body, #id_explanation').parentElement.querySelector('.ProseMirror');
  box.focus();
  box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


VIOLATIONS = """async (where) =>
  (await axe.run(where)).violations.map((one) => `${one.id}: ${one.nodes[0].html}`)"""
NEW_LINE = """() => {
  const { editor } = document.querySelector('#id_body').parentElement.querySelector('.ProseMirror');
  editor.chain().insertContentAt(editor.state.doc.content.size, '<p></p>').focus('end').run();
}"""
EMPTY = """() => document.querySelector('#id_body').parentElement.querySelector('.ProseMirror')
  .editor.commands.clearContent()"""
OFFERED = """() => {
  const { schema } = document.querySelector('#id_body').parentElement.querySelector('.ProseMirror').editor;
  const offered = {};
  const note = ([tag, ...parts]) => {
    offered[tag] ??= [];
    for (const part of parts) {
      if (Array.isArray(part)) note(part);
      else if (part instanceof Object) offered[tag].push(...Object.keys(part).filter((name) => part[name] != null));
    }
  };
  // Every attribute set, so that each is drawn.
  const drawn = (type, more, ...how) => {
    const names = Object.keys(type.spec.attrs ?? {});
    note(type.spec.toDOM(type.create({ ...Object.fromEntries(names.map((name) => [name, 2])), ...more }), ...how));
  };
  for (const type of Object.values(schema.nodes).filter(({ spec }) => spec.toDOM)) {
    for (const level of type.name === 'heading' ? [2, 3, 4] : [2]) drawn(type, { level });
  }
  for (const type of Object.values(schema.marks)) drawn(type, { href: '/' }, true);
  return offered;
}"""


@pytest.fixture(scope="module")
def writer(chromium, portal):
    """A browser that somebody of the desk has entered with."""
    portal.manage(subprocess.run, "shell", "--verbosity", "0", "--command", WRITER, check=True)
    context = chromium.new_context(base_url=portal.base, viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto("/admin/login/")
    tab.locator("[type=password]").fill("prova")
    tab.locator("input[name=username], input[name=login]").fill("penna@example.org")
    tab.keyboard.press("Enter")
    tab.wait_for_url(lambda url: "login" not in url)
    yield context
    context.close()


@pytest.fixture
def form(writer):
    """The form of a new communiqué; the console must have said nothing when it is left."""
    tab = writer.new_page()
    messages = []
    tab.on("console", lambda message: messages.append(message.text))
    tab.on("pageerror", lambda error: messages.append(str(error)))
    open_form(tab, "/admin/news/communique/add/")
    yield tab
    tab.close()
    assert messages == []


def open_form(tab, path):
    tab.goto(path)
    tab.wait_for_selector("[role=toolbar]")


def paste(tab, html="", text="", files=()):
    tab.evaluate(PASTE, [{"text/html": html, "text/plain": text}, list(files)])


def value(tab):
    return tab.locator("#id_body").evaluate("element => element.value")


def expect_value(tab, html):
    expect(tab.locator("#id_body")).to_have_value(html)


def note(tab):
    return tab.locator(".field-body [role=status]")


def box(tab):
    return tab.get_by_role("textbox", name="Testo:")


def stored(portal):
    output = portal.manage(subprocess.run, "shell", "--verbosity", "0", "--command", STORED, check=True).stdout
    return json.loads(output)


@pytest.mark.parametrize("clipboard", CLIPBOARDS.values(), ids=str)
def test_paste_keeps_the_meaning(form, clipboard):
    paste(form, clipboard.html, clipboard.text)

    expect_value(form, clipboard.kept)
    assert clean(clipboard.kept) == clipboard.kept  # so the server stores it to the letter
    expect(note(form)).to_have_js_property("innerText", clipboard.note)


def test_what_was_pasted_is_what_the_server_stores(form, portal):
    for clipboard in CLIPBOARDS.values():
        form.evaluate(NEW_LINE)
        paste(form, clipboard.html, clipboard.text)
    shown = value(form)

    form.get_by_label("Titolo:", exact=True).fill("Tutto incollato")
    form.locator("input[name=_continue]").click()
    form.wait_for_selector("[role=toolbar]")

    assert stored(portal) == shown
    expect_value(form, shown)


def test_what_the_editor_itself_copied_comes_back_as_it_was(form):
    clipboard = CLIPBOARDS["Web page: a table with its caption and heads, an abbreviation, an emoji drawn as a picture"]
    paste(form, clipboard.html)
    form.keyboard.press("Control+a")
    form.keyboard.press("Control+x")
    expect_value(form, "")

    form.keyboard.press("Control+v")

    expect_value(form, clipboard.kept)


def png(name, *size):
    return name, "image/png", b64encode(picture_file(size=size).read()).decode()


HEIC = "IMG_2041.HEIC", "image/heic", b64encode(b"\0\0\0\x18ftypheic").decode()
DROP = """([files]) => {
  const data = new DataTransfer();
  for (const [name, type, content] of files) {
    data.items.add(new File([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], name, { type }));
  }
  const first = document.querySelector('.field-body .ProseMirror p');
  const { left, top } = first.getBoundingClientRect();
  const where = { clientX: left + 2, clientY: top + 2, dataTransfer: data, bubbles: true, cancelable: true };
  first.dispatchEvent(new DragEvent('drop', where));
}"""
SHAPE = re.compile(r' (?:src|class)="[^"]*"')


def test_pasted_pictures_come_in_one_after_the_other_and_what_is_none_is_told(form, portal):
    box(form).fill("Prima.")
    paste(form, files=[png("una.png", 60, 40), HEIC, png("due.png", 70, 40)])

    refusals = form.get_by_role("list", name="Immagini in arrivo")
    expect(refusals).to_contain_text("IMG_2041.HEIC»: È una foto HEIC")
    expect(note(form)).to_contain_text("2 immagini sono nel testo, da descrivere")
    expect(note(form)).to_contain_text("1 immagine non è stata caricata: il motivo è qui sotto.")
    assert SHAPE.sub("", value(form)) == (
        '<p>Prima.</p><figure><img alt="" width="60" height="40"></figure>'
        '<figure><img alt="" width="70" height="40"></figure>'
    )

    refusals.get_by_role("button", name="Ho letto di IMG_2041.HEIC").press("Enter")
    expect(refusals).to_be_hidden()
    form.get_by_label("Titolo:", exact=True).fill("Con due immagini")
    form.locator("input[name=_continue]").click()
    form.wait_for_selector("[role=toolbar]")
    assert stored(portal).count('alt=""') == 2


def test_dropped_picture_stands_after_the_block_that_it_fell_on(form):
    paste(form, "<p>Prima.</p><p>Dopo.</p>")
    form.evaluate(DROP, [[png("una.png", 60, 40)]])

    expect(note(form)).to_contain_text("1 immagine è nel testo, da descrivere")
    assert SHAPE.sub("", value(form)) == (
        '<p>Prima.</p><figure><img alt="" width="60" height="40"></figure><p>Dopo.</p>'
    )


def test_picture_within_a_pasted_page_comes_in_after_its_words(form):
    _, _, content = png("una.png", 60, 40)
    paste(form, f'<p>Prima.</p><img src="data:image/png;base64,{content}"><p>Dopo.</p>')

    expect(note(form)).to_contain_text("1 immagine è nel testo, da descrivere")
    assert SHAPE.sub("", value(form)) == (
        '<p>Prima.</p><p>Dopo.</p><figure><img alt="" width="60" height="40"></figure>'
    )


@pytest.fixture
def slow(writer):
    """A form whose pictures wait on their way until `let_go()`; axe is there."""
    tab, held, is_slow = writer.new_page(), [], [True]

    def route(held_route):
        held.append(held_route) if is_slow[0] and held_route.request.method == "POST" else held_route.continue_()

    def let_go():
        is_slow[0] = False
        for held_route in held:
            held_route.continue_()

    open_form(tab, "/admin/news/communique/add/")
    tab.evaluate(f"() => {{ {AXE} }}")
    tab.route("**/library/picture/**", route)
    yield tab, let_go
    tab.close()


def expect_sound(tab):
    for screen in on_screens(tab, [320, 1280]):
        assert tab.evaluate(VIOLATIONS, ".field-body") == [], screen
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen


def test_pictures_on_their_way_and_those_that_did_not_come_have_no_violation(slow):
    tab, let_go = slow
    paste(tab, files=[png("una.png", 60, 40), png("due.png", 70, 40), HEIC])
    coming = tab.get_by_role("list", name="Immagini in arrivo")
    expect(coming.get_by_role("progressbar")).to_have_count(3)
    expect_sound(tab)

    let_go()
    expect(note(tab)).to_contain_text("2 immagini sono nel testo, da descrivere")
    expect(coming.get_by_role("button")).to_have_count(1)
    expect_sound(tab)


def test_who_leaves_while_a_picture_is_on_its_way_is_asked(slow):
    tab, let_go = slow
    dialogs = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.dismiss()))
    box(tab).click()
    paste(tab, files=[png("una.png", 60, 40)])
    expect(tab.get_by_role("progressbar")).to_have_count(1)

    tab.evaluate("() => { location.href = '/admin/'; }")
    expect(tab.get_by_role("progressbar")).to_have_count(1)
    let_go()
    expect(note(tab)).to_contain_text("1 immagine è nel testo, da descrivere")

    assert dialogs == ["beforeunload"]


def test_too_long_a_paste_is_refused_where_it_can_still_be_copied(form):
    box(form).fill("Prima.")

    paste(form, text="parola " * 1_500_000)

    expect(note(form)).to_contain_text("10.500.000 caratteri, e il massimo è 200.000")
    expect_value(form, "<p>Prima.</p>")


def test_editor_offers_what_the_sanitiser_keeps_and_nothing_else(form):
    """Draws every node and mark of the editor, and holds their tags and attributes against the allow-list."""
    offered = form.evaluate(OFFERED)

    assert set(offered) == TAGS | PICTURE_TAGS
    attributes = {tag: set(names) - {"rel"} for tag, names in offered.items() if names and tag not in PICTURE_TAGS}
    assert attributes == ATTRIBUTES
    assert set(offered["img"]) >= PICTURE_ATTRIBUTES["img"]  # the library knows more of a picture than a text keeps
    assert "rel" in offered["a"]  # the sanitiser writes it by itself


def test_text_box_and_tools_speak_italian(form):
    tools = form.get_by_role("toolbar", name="Strumenti: Testo")
    labels = tools.get_by_role("button").evaluate_all("buttons => buttons.map((button) => button.ariaLabel)")

    assert labels[:6] == [
        "Titolo di sezione",
        "Titolo di sottosezione",
        "Titolo di terzo livello",
        "Paragrafo",
        "Grassetto",
        "Corsivo",
    ]
    every = form.locator(".field-body .prose-menubar button").evaluate_all(
        "all => all.map((one) => one.title).join('\\n')"
    )
    for english in ("heading", "list", "quote", "bold", "row", "column", "header", "undo", "insert"):
        assert english not in every.casefold()
    assert box(form).get_attribute("lang") == "it"


def test_text_is_written_by_keyboard_alone(form):
    form.get_by_label("In breve:").focus()
    form.keyboard.press("Tab")
    assert form.evaluate("document.activeElement.ariaLabel") == "Titolo di sezione"
    form.keyboard.press("Enter")
    expect(box(form)).to_be_focused()
    form.keyboard.type("Gli orari")
    form.keyboard.press("Enter")
    form.keyboard.press("Alt+F10")
    expect(form.get_by_role("toolbar", name="Strumenti: Testo").locator(":focus")).to_have_count(1)
    for _ in range(4):
        form.keyboard.press("ArrowRight")
    assert form.evaluate("document.activeElement.ariaLabel") == "Grassetto"
    assert form.evaluate("document.activeElement.ariaPressed") == "false"
    form.keyboard.press("Escape")
    expect(box(form)).to_be_focused()
    form.keyboard.type("Dalle 9 alle 12.")

    form.keyboard.press("Shift+Tab")

    assert form.evaluate("document.activeElement.getAttribute('role') !== 'textbox'")
    expect_value(form, "<h2>Gli orari</h2><p>Dalle 9 alle 12.</p>")


def test_tab_leaves_the_text_from_a_list_and_from_a_table(form):
    for source in ("Google Docs: nested lists", "Word: a table with a bold first row"):
        paste(form, CLIPBOARDS[source].html)
        form.locator(".ProseMirror :is(li li, td) p").last.click()

        form.keyboard.press("Tab")

        assert not form.evaluate("document.activeElement.matches('.ProseMirror')")
        expect_value(form, CLIPBOARDS[source].kept)
        form.evaluate(EMPTY)


def test_items_move_in_and_out(form):
    paste(form, "<ul><li>uno</li><li>due</li></ul>")
    form.locator(".ProseMirror li").last.click()
    breathe(form)

    form.get_by_role("button", name="Sposta il punto più dentro").click()
    expect_value(form, "<ul><li><p>uno</p><ul><li><p>due</p></li></ul></li></ul>")

    form.keyboard.press("Control+[")
    expect_value(form, "<ul><li><p>uno</p></li><li><p>due</p></li></ul>")


def test_link_dialog_asks_in_italian_and_says_what_is_wrong(form):
    box(form).fill("Vedi ")
    form.keyboard.press("End")
    breathe(form)
    form.keyboard.press("Control+k")
    dialog = form.get_by_role("dialog", name="Collegamento")

    dialog.get_by_label("Indirizzo").fill("javascript:alert(1)")
    dialog.get_by_role("button", name="Inserisci").click()
    expect(dialog).to_contain_text("Scrivi un indirizzo intero")
    expect(dialog).to_contain_text("Scrivi le parole")

    dialog.get_by_label("Indirizzo").fill("www.comune.crema.it/bandi")
    dialog.get_by_label("Parole da leggere").fill("i bandi di Crema")
    form.keyboard.press("Enter")
    expect_value(form, '<p>Vedi <a href="https://www.comune.crema.it/bandi" rel="noopener">i bandi di Crema</a></p>')

    expect(dialog).to_be_hidden()
    expect(box(form)).to_be_focused()
    box(form).get_by_text("i bandi di Crema").click()
    breathe(form)
    form.keyboard.press("Control+k")
    form.get_by_role("dialog", name="Modifica il collegamento").get_by_role("button", name="Annulla").click()
    expect(box(form)).to_be_focused()


def test_words_typed_over_a_link_are_its_words(form):
    paste(form, '<p>Per i moduli <a href="https://example.org/moduli">clicca qui</a>, subito.</p>')
    form.locator(".ProseMirror a").evaluate("link => getSelection().selectAllChildren(link)")
    breathe(form)

    form.keyboard.type("scarica i moduli")
    form.keyboard.press("ArrowRight")
    breathe(form)
    form.keyboard.type(" e")

    expect_value(
        form, '<p>Per i moduli <a href="https://example.org/moduli" rel="noopener">scarica i moduli</a>, e subito.</p>'
    )


def test_table_is_born_with_its_title_and_its_headers(form):
    form.get_by_role("button", name="Inserisci una tabella").click()
    dialog = form.get_by_role("dialog", name="Inserisci una tabella")
    dialog.get_by_label("Righe").fill("molte")
    dialog.get_by_role("button", name="Inserisci").click()
    expect(dialog).to_contain_text("Scrivi un numero da 2 a 100.")

    dialog.get_by_label("Titolo della tabella").fill("Le quote")
    dialog.get_by_label("Righe").fill("2")
    dialog.get_by_label("Colonne").fill("2")
    dialog.get_by_role("button", name="Inserisci").click()
    expect(dialog).to_be_hidden()
    expect(box(form)).to_be_focused()
    form.keyboard.type("Comune")
    expect(box(form)).to_contain_text("Comune")

    html = value(form)
    assert html == (
        '<table><caption>Le quote</caption><tbody><tr><th scope="col"><p>Comune</p></th><th scope="col"></th></tr>'
        "<tr><td></td><td></td></tr></tbody></table>"
    )
    assert clean(html) == html


def test_size_is_told_below_the_text(form):
    size = form.locator(".field-body .prose-size")
    assert "Al massimo 200.000 caratteri" in size.inner_text()

    box(form).fill("Tre parole sole.")

    form.wait_for_function("element => element.textContent.startsWith('3 parole.')", arg=size.element_handle())


def test_too_long_a_text_comes_back_with_its_fault(form):
    form.get_by_label("Titolo:", exact=True).fill("Lungo")
    long = f"<p>{'parola ' * (LONGEST // 7)}</p>"
    form.locator("#id_body").evaluate("(element, html) => { element.value = html; }", long)

    form.locator("[name=_save]").click()
    form.wait_for_selector("[role=toolbar]")

    fault = form.locator(".field-body .errorlist").inner_text()
    assert "Il testo è troppo lungo: 200.00" in fault
    assert len(value(form)) == len(long)
    assert box(form).get_attribute("aria-invalid") == "true"


def test_form_too_big_to_be_read_says_where_it_still_is(writer):
    tab = writer.new_page()
    open_form(tab, "/admin/news/communique/add/")
    tab.get_by_label("Titolo:", exact=True).fill("Troppo")
    box(tab).fill("Un testo giusto.")
    # In a field that is not drawn: it takes a browser seconds to break fourteen million letters into lines.
    tab.locator("[name=una_volta]").evaluate("element => { element.value = 'parola '.repeat(2_000_000); }")

    with tab.expect_navigation() as navigation:
        tab.locator("[name=_save]").click()

    assert navigation.value.status == 413
    assert "al massimo 12,0 MB" in tab.get_by_role("main").inner_text().replace("\xa0", " ")
    tab.go_back()
    expect(tab.get_by_label("Titolo:", exact=True)).to_have_value("Troppo")
    expect(box(tab)).to_have_text("Un testo giusto.")
    tab.close()


def test_explanation_of_a_topic_wears_the_same_editor(writer):
    tab = writer.new_page()
    tab.goto("/admin/topics/topic/")
    open_form(tab, tab.locator("#result_list tbody th a").first.get_attribute("href"))
    clipboard = CLIPBOARDS["Google Docs: bold in a style, the wrapper is not bold"]

    tab.get_by_role("textbox", name="Spiegazione:").fill("")
    paste(tab, clipboard.html)

    assert tab.locator("#id_explanation").evaluate("element => element.value") == clipboard.kept
    tab.close()


def test_editor_in_use_has_no_violation_and_no_sideways_scroll(writer):
    tab = writer.new_page()
    open_form(tab, "/admin/news/communique/add/")
    paste(tab, CLIPBOARDS["Word: a table with a bold first row"].html)
    tab.locator(".ProseMirror td").first.click()
    tab.evaluate(f"() => {{ {AXE} }}")

    for place in (".field-body", ".prose-editor-dialog"):
        for screen in on_screens(tab, [320, 1280]):
            assert tab.evaluate(VIOLATIONS, place) == [], screen
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen
        tab.keyboard.press("Control+k")
        expect(tab.locator(".prose-editor-dialog")).to_be_visible()
    tab.close()
