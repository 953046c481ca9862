"""Nobody loses work: what was typed comes back after a closed tab, an ended session, a lost network, another editor."""

import re

import pytest
from playwright.sync_api import expect

from .desks import walk_in
from .test_checks import chosen, editor

pytestmark = pytest.mark.any_database

ADD = "/admin/news/communique/add/"
TITLE, BODY = "Il mercato contadino torna in piazza", "Ogni sabato, dalle otto a mezzogiorno."

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
    return tab.locator("[data-keep]")


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
    again.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('desk:'))")


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
    form.context.clear_cookies(name="sessionid")
    with form.expect_navigation():
        save(form)

    walk_in(form, "Redattore", portal)

    form.goto(ADD)
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

    conflict.get_by_label("Prendi quella").check()
    with form.expect_navigation():
        save(form)

    expect(form.locator("#id_title")).to_have_value("Titolo dell’altra")
    expect(form.locator("#id_summary")).to_have_value("In breve mio.")
    expect(form.locator("#id_subtitle")).to_have_value("Sottotitolo dell’altra")
    assert form.complaints == other.complaints == []
