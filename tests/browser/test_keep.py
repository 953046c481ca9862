"""Nobody loses work: what was typed comes back after a closed tab, an ended session, a lost network, another editor."""

import re

import pytest
from playwright.sync_api import expect

from .desks import walk_in
from .test_checks import chosen, editor

pytestmark = pytest.mark.any_database

ADD = "/admin/news/communique/add/"
TITLE, BODY = "Il mercato contadino torna in piazza", "Ogni sabato, dalle otto a mezzogiorno."

NOTHING_KEPT = "() => !Object.keys(localStorage).some((key) => key.startsWith('desk:'))"
KEPT = "words => Object.values(localStorage).some((kept) => kept.includes(words))"


@pytest.fixture
def form(at_desk):
    """The form of a new communiqué, in a browser that keeps nothing yet."""
    tab = at_desk("Redattore", ADD)
    expect(editor(tab)).to_be_visible()
    return tab


def type_in(tab):
    tab.locator("#id_title").fill(TITLE)
    editor(tab).click()
    tab.keyboard.type(BODY)
    choose_topic(tab, "Distretto Cremasco del Cibo")
    tab.get_by_role("button", name="Scegli dalla libreria…").click()
    tab.get_by_role("dialog").locator(".picture-wall button").first.click()
    expect(tab.locator("#id_picture")).not_to_have_value("")
    tab.wait_for_function(KEPT, arg=f'"picture":"{tab.locator("#id_picture").input_value()}"')


def choose_topic(tab, name):
    tab.locator(".field-topics .select2-search__field").fill(name[:8])
    tab.get_by_role("option", name=re.compile(name)).click()


def notice(tab):
    return tab.locator("[data-kept]")


def expect_all_taken(tab):
    """«Riprendi il testo» brings every field back."""
    expect(notice(tab)).to_be_visible()
    expect(tab.locator("#id_title")).not_to_have_value(TITLE)
    tab.get_by_role("button", name="Riprendi il testo").click()

    expect(tab.locator("#id_title")).to_have_value(TITLE)
    expect(editor(tab)).to_have_text(BODY)
    expect(chosen(tab, "topics")).to_have_text([re.compile(r"^Distretto Cremasco del Cibo( \(|$)")])
    expect(tab.locator(".field-topics .select2-selection__choice")).to_contain_text("Distretto Cremasco del Cibo")
    expect(tab.locator(".picture-chosen img")).to_be_visible()
    expect(notice(tab)).to_be_hidden()


def save(tab):
    tab.get_by_role("button", name="Salva e continua le modifiche").click()


def test_closed_tab_gives_all_back_until_the_server_has_it(form):
    type_in(form)
    form.close(run_before_unload=False)

    again = form.context.new_page()
    again.goto(form.url)
    expect(editor(again)).to_be_visible()
    expect_all_taken(again)
    again.reload()
    expect_all_taken(again)

    with again.expect_navigation():
        save(again)
    expect(again.locator(".messagelist")).to_contain_text(TITLE)
    expect(notice(again)).to_be_hidden()
    again.goto(form.url)
    expect(editor(again)).to_be_visible()
    expect(notice(again)).to_be_hidden()
    again.wait_for_function(NOTHING_KEPT)


def test_what_is_thrown_away_is_not_offered_again(form):
    type_in(form)
    form.reload()
    form.get_by_role("button", name="Scartalo").click()
    expect(notice(form)).to_be_hidden()

    form.reload()

    expect(editor(form)).to_be_visible()
    expect(notice(form)).to_be_hidden()


def test_ended_session_gives_all_back_after_the_door(form, portal):
    type_in(form)
    form.context.clear_cookies(name=re.compile("sessionid"))
    with form.expect_navigation():
        save(form)

    expect(form.get_by_role("heading", level=1)).to_have_text("La sessione è finita: entra di nuovo")
    expect(form.get_by_label("Titolo")).to_have_value(TITLE)
    form.get_by_role("link", name="Entra di nuovo").click()
    walk_in(form, "Redattore", portal)

    expect(form).to_have_url(re.compile(f"{ADD}$"))
    expect(editor(form)).to_be_visible()
    expect_all_taken(form)


def test_lost_network_gives_all_back(form):
    address = form.url
    type_in(form)
    form.context.set_offline(True)
    save(form)
    form.wait_for_url(re.compile("chrome-error"))
    form.context.set_offline(False)

    form.goto(address)

    expect(editor(form)).to_be_visible()
    expect_all_taken(form)


def test_second_of_two_editors_sees_the_conflict_and_chooses(form, at_desk):
    form.locator("#id_title").fill("Titolo di partenza")
    with form.expect_navigation():
        save(form)
    other = at_desk("Amministratore", form.url)
    other.locator("#id_title").fill("Titolo dell’altra")
    other.locator("#id_subtitle").fill("Sottotitolo dell’altra")
    with other.expect_navigation():
        save(other)

    form.locator("#id_title").fill("Titolo mio")
    form.locator("#id_summary").fill("In breve mio.")
    with form.expect_navigation():
        save(form)
    conflict = form.get_by_role("group", name="Titolo")
    expect(conflict).to_contain_text("Prendi quella di Amministratore")
    expect(form.locator("#id_title")).to_have_value("Titolo mio")
    expect(form.locator("#id_summary")).to_have_value("In breve mio.")
    expect(form.locator("#id_subtitle")).to_have_value("Sottotitolo dell’altra")
    expect(notice(form)).to_have_count(0)  # one question at a time

    conflict.get_by_label("Prendi quella").check()
    with form.expect_navigation():
        save(form)

    expect(form.locator("#id_title")).to_have_value("Titolo dell’altra")
    expect(form.locator("#id_summary")).to_have_value("In breve mio.")
    expect(form.locator("#id_subtitle")).to_have_value("Sottotitolo dell’altra")
    assert form.complaints == other.complaints == []


# Rows, boxes, files


INITIATIVE = "/admin/initiatives/initiative/add/"
ROWS = {
    "milestones-0-title": "Firma dell’accordo",
    "milestones-1-title": "Prime consegne",
    "groups-0-name": "Gruppo del nord",
    "amounts-0-what": "Un furgone",
    "questions-0-question": "Quanto costa?",
    "deadlines-0-title": "Domande",
    "attachments-0-name": "L’accordo",
}


def add_row(tab, table):
    tab.locator(f"#{table}-group .add-row a").click()


@pytest.fixture
def initiative(at_desk, tmp_path):
    """The form of a new initiative with rows in every table of it, and a file."""
    tab = at_desk("Redattore", INITIATIVE)
    expect(editor(tab)).to_be_visible()
    for name, words in ROWS.items():
        add_row(tab, name.partition("-")[0])
        tab.locator(f"#id_{name}").fill(words)
    tab.locator("#questions-0 .ProseMirror").click()
    tab.keyboard.type("Niente.")
    tab.locator("#id_milestones-1-is_done").check()
    document = tmp_path / "accordo.csv"
    document.write_text("a;b\n")
    tab.locator("#id_attachments-0-file").set_input_files(document)
    tab.wait_for_function(KEPT, arg="accordo.csv")
    tab.wait_for_function(KEPT, arg="Niente.")
    return tab


def test_rows_of_every_table_come_back_and_files_are_named(initiative, portal):
    initiative.context.clear_cookies(name=re.compile("sessionid"))
    with initiative.expect_navigation():
        save(initiative)
    expect(initiative.get_by_text("Da scegliere di nuovo: accordo.csv")).to_be_visible()
    initiative.get_by_role("link", name="Entra di nuovo").click()
    walk_in(initiative, "Redattore", portal)

    expect(notice(initiative)).to_contain_text("Scegli di nuovo: accordo.csv.")
    initiative.get_by_role("button", name="Riprendi il testo").click()

    for name, words in ROWS.items():
        expect(initiative.locator(f"#id_{name}")).to_have_value(words)
    expect(initiative.locator("#questions-0 .ProseMirror")).to_have_text("Niente.")
    expect(initiative.locator("#id_milestones-1-is_done")).to_be_checked()
    expect(initiative.locator("#id_milestones-0-is_done")).not_to_be_checked()
    expect(initiative.locator("#attachments-0 .upload-again")).to_have_text("Scegli di nuovo: accordo.csv")
    assert initiative.complaints == ["Failed to load resource: the server responded with a status of 403 (Forbidden)"]


def test_form_that_is_refused_says_where_and_goes_on_being_kept(initiative):
    with initiative.expect_navigation():
        save(initiative)

    faults = initiative.get_by_role("region", name="Non è stato salvato")
    expect(faults).to_be_focused()
    expect(faults).to_contain_text("Titolo: Questo campo è obbligatorio.")
    expect(notice(initiative)).to_have_count(0)
    for name, words in ROWS.items():
        expect(initiative.locator(f"#id_{name}")).to_have_value(words)
    faults.get_by_role("link", name="Scadenza o incontro 1, Per chi").click()
    assert initiative.evaluate("document.activeElement.name") == "deadlines-0-audience"
    faults.get_by_role("link", name="Titolo").click()
    expect(initiative.locator("#id_title")).to_be_focused()
    initiative.locator("#id_title").fill("La rete delle biblioteche")
    initiative.wait_for_function(KEPT, arg="La rete delle biblioteche")
    assert initiative.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('desk:')).length") == 1


def test_ticked_doubts_and_rows_to_delete_come_back(at_desk, portal):
    tab = at_desk("Redattore", "/admin/news/communique/da-documento/")
    tab.get_by_label("Oppure il testo").fill("Il nuovo orario\n\nDa lunedì lo sportello apre alle otto.\n")
    tab.get_by_role("button", name="Prepara la bozza").click()
    tab.locator("#id_doubts-0-DELETE").check()
    add_row(tab, "deadlines")
    tab.locator("#id_deadlines-0-title").fill("Domande")
    tab.wait_for_function(KEPT, arg="Domande")

    tab.reload()
    tab.get_by_role("button", name="Riprendi il testo").click()

    expect(tab.locator("#id_doubts-0-DELETE")).to_be_checked()
    expect(tab.locator("#id_deadlines-0-title")).to_have_value("Domande")


# Every form, and nobody else's


FORMS = {
    "/admin/topics/term/add/": "#id_explanation",
    "/admin/topics/topic/add/": "#id_summary",
    "/admin/library/picture/add/": "#id_alternative_text",
    "/admin/accounts/user/add/": "#id_first_name",
    "/admin/distribution/oldaddress/elenco/": "#id_lines",
    "/admin/distribution/oldaddress/add/": "#id_leads_to",
    "/admin/news/communique/da-documento/": "#id_text",
}


def test_every_form_of_the_desk_is_kept(at_desk):
    tab = at_desk("Amministratore")
    for address, field in FORMS.items():
        tab.goto(address)
        tab.locator(field).fill("Parole da tenere")
        tab.wait_for_function(KEPT, arg=address)

        tab.reload()
        tab.get_by_role("button", name="Riprendi il testo").click()

        expect(tab.locator(field)).to_have_value("Parole da tenere")
    key = tab.locator("[name=csrfmiddlewaretoken]").first.input_value()
    assert not tab.evaluate(KEPT, key)
    tab.goto("/admin/")
    expect(tab.get_by_role("region", name="In questo browser").get_by_role("link")).to_have_count(len(FORMS))


def test_board_is_kept_until_it_is_applied(at_desk):
    tab = at_desk("Responsabile", "/admin/initiatives/initiative/")
    tab.locator("#result_list a", has_text=re.compile("Comuni|Nessuno|Un Comune")).first.click()
    tab.locator(".board-table tbody tr:not([hidden]) [name=chosen]").nth(1).check()
    chosen_one = tab.locator("[name=chosen]:checked").get_attribute("value")
    tab.wait_for_function(KEPT, arg=f'"chosen":["{chosen_one}"]')

    tab.reload()
    tab.get_by_role("button", name="Riprendi il testo").click()

    expect(tab.locator("[name=chosen]:checked")).to_have_attribute("value", chosen_one)
    expect(tab.locator("[data-told]")).to_have_text("Un Comune scelto")


def test_first_page_lists_what_is_kept_and_can_throw_it_away(form):
    form.locator("#id_title").fill(TITLE)
    form.wait_for_function(KEPT, arg=TITLE)

    form.goto("/admin/")
    unsaved = form.get_by_role("region", name="In questo browser c’è del testo non salvato")
    unsaved.get_by_role("button", name="Scarta").click()
    form.wait_for_function(NOTHING_KEPT)
    unsaved.get_by_role("button", name="Rimettilo").click()
    unsaved.get_by_role("link", name=TITLE).click()

    expect(form).to_have_url(re.compile(f"{ADD}$"))
    expect(notice(form)).to_be_visible()


def test_another_person_of_the_same_browser_finds_nothing(form, portal):
    form.locator("#id_title").fill(TITLE)
    form.wait_for_function(KEPT, arg=TITLE)
    form.context.clear_cookies()

    form.goto("/accesso/?next=/admin/")
    walk_in(form, "Redattore comunale", portal)
    expect(form.get_by_role("region", name="In questo browser")).to_have_count(0)
    form.goto(ADD)

    expect(editor(form)).to_be_visible()
    expect(notice(form)).to_have_count(0)
    assert form.evaluate(KEPT, TITLE)


def test_full_store_is_told_and_leaving_asks_first(form):
    form.evaluate("localStorage.setItem('altro', 'di un altro sito')")
    form.evaluate(FILL)
    form.locator("#id_title").fill(TITLE)

    expect(form.get_by_text("Questo browser non riesce a conservare quello che scrivi")).to_be_visible()
    dialogs = []
    form.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    form.goto("/admin/")
    assert dialogs == ["beforeunload"]
    assert form.evaluate("localStorage.getItem('altro')") == "di un altro sito"


FILL = """() => {
  for (let size = 1 << 22; size; size >>= 1)
    try { for (let n = 0; ; n++) localStorage.setItem(`pieno-${size}-${n}`, 'x'.repeat(size)); } catch {}
}"""


def test_what_is_kept_is_left_without_a_question(form):
    dialogs = []
    form.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    form.locator("#id_title").fill(TITLE)

    form.goto("/admin/")

    assert dialogs == []
    expect(form.get_by_role("region", name="In questo browser").get_by_role("link", name=TITLE)).to_be_visible()


# The server has answered the first press and the page has not heard it yet: a slow line, and no race to win.
TWICE = """async () => {
  const button = document.querySelector('[name=_continue]');
  const body = new FormData(button.form, button);
  await fetch(button.form.action, { method: 'POST', body, redirect: 'manual' });
  button.form.requestSubmit(button);
}"""


def test_two_clicks_make_one_page(form):
    form.locator("#id_title").fill("Una volta sola")

    form.evaluate(TWICE)
    expect(form).to_have_url(re.compile("/change/"))
    expect(form.locator(".messagelist")).to_contain_text("Il modulo è arrivato due volte")

    form.goto("/admin/news/communique/?q=Una+volta+sola")
    expect(form.locator("#result_list tbody tr", has_text="Una volta sola")).to_have_count(1)
    form.wait_for_function(NOTHING_KEPT)


def test_old_key_saves_after_one_more_press(form):
    form.locator("#id_title").fill("Chiave vecchia")
    form.context.clear_cookies(name=re.compile("csrf"))
    with form.expect_navigation():
        save(form)

    form.get_by_role("button", name="Salva adesso come").click()

    expect(form.locator(".messagelist")).to_contain_text("Chiave vecchia")
    form.wait_for_function(NOTHING_KEPT)
