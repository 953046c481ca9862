"""The board of participation in a browser: by keyboard alone, at every width, and without scripts."""

import json
import subprocess

import pytest

from .test_accessibility import bring_axe
from .test_desk_pages import faults_of, look_at

pytestmark = pytest.mark.any_database

NAME = "(e => e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? e.innerText ?? '')(document.activeElement)"
SCENERY = """
import json
from datetime import date
from areaomogenea.municipalities.models import Municipality
from initiatives.models import InitiativeGroup, Participation
from tests.factories import make_communique, make_initiative

def begun(title, **given):
    initiative = make_initiative(title=title, **given)
    group = InitiativeGroup.objects.create(initiative=initiative, name="Una comunità dal nome lungo")
    told = make_communique(title="Un comunicato che dice chi partecipa, e anche altro")
    for place, state in zip(Municipality.objects.filter(name__lt="D"), 5 * Participation.State.values):
        row = {"state": state, "since": date(2024, 11, 28), "group": group, "source": told}
        Participation.objects.create(initiative=initiative, municipality=place, **row)
    return initiative.pk

print(json.dumps({name: begun(name, status=name) for name in ("draft", "approved")}))
"""


@pytest.fixture(scope="module")
def boards(portal):
    output = portal.manage(subprocess.run, "shell", "--verbosity", "0", "--command", SCENERY, check=True).stdout
    return {name: f"/admin/initiatives/initiative/{pk}/comuni/" for name, pk in json.loads(output).items()}


def walk_to(tab, label):
    """By the key that walks, until what has the focus says so."""
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate(NAME).strip() == label:
            return
    pytest.fail(f"The keyboard does not reach «{label}».")


def test_column_is_checked_and_applied_by_keyboard_alone(at_desk, boards):
    tab = at_desk("Redattore", boards["draft"])

    walk_to(tab, "Cerca un Comune")
    tab.keyboard.type("ripalta")
    walk_to(tab, "Scegli tutti quelli mostrati")
    tab.keyboard.press("Space")
    count = tab.locator("[data-told]").inner_text()
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    walk_to(tab, "Resta com’è")
    for _ in range(2):
        tab.keyboard.press("ArrowDown")
    walk_to(tab, "Comunicato che lo dice")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")

    assert count == "3 Comuni scelti"
    assert "3 Comuni: salvato." in tab.inner_text(".messagelist")
    assert tab.locator("tr[data-state=joined]", has_text="Ripalta").count() == 3
    assert tab.complaints == []


def test_arrows_walk_down_the_column_and_shift_takes_a_stretch(at_desk, boards):
    tab = at_desk("Redattore", boards["draft"])
    boxes = tab.locator("[name=chosen]")

    boxes.nth(1).focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Space")
    boxes.nth(6).click(modifiers=["Shift"])

    assert [number for number in range(9) if boxes.nth(number).is_checked()] == [2, 3, 4, 5, 6]
    assert tab.locator("[data-told]").inner_text() == "5 Comuni scelti"


def test_filter_keeps_what_is_checked(at_desk, boards):
    tab = at_desk("Redattore", boards["draft"])

    tab.get_by_label("Scegli Crema", exact=True).check()
    tab.locator("[data-show=joined]").click()
    tab.get_by_label("Cerca un Comune").fill("atlantide")

    assert "Nessun Comune corrisponde" in tab.inner_text(".board-list")
    assert tab.locator("[data-told]").inner_text() == "Un Comune scelto, 1 fuori da quelli mostrati"
    assert tab.url.endswith("?nome=atlantide&stato=joined")


def test_board_works_without_scripts(at_desk, boards):
    tab = at_desk("Redattore", boards["draft"], java_script_enabled=False)

    tab.get_by_label("Cerca un Comune").fill("casaletto")
    tab.get_by_role("button", name="Cerca").click()
    tab.get_by_role("link", name="tutti quelli mostrati").click()
    tab.get_by_label("Invitato").check()
    tab.get_by_label("Dal", exact=True).fill("2024-11-29")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Applica").click()

    assert "3 Comuni: salvato." in tab.inner_text(".messagelist")
    assert tab.locator("tr[data-state=invited]:not([hidden])").count() == 3


@pytest.mark.parametrize("state", ["draft", "approved"])
def test_pages_of_the_board_have_no_fault(at_desk, boards, state):
    tab = at_desk("Redattore")
    board = boards[state]

    faults = [
        f"{path}: {fault}"
        for path in (board, f"{board}?stato=out", f"{board}crema/", f"{board}incolla/", f"{board}importa/")
        for fault in look_at(tab, path)
    ]

    assert not faults, "\n".join(faults)


def test_answers_of_the_board_have_no_fault(at_desk, boards):
    """Pages that only a post shows."""
    tab = at_desk("Redattore", f"{boards['draft']}incolla/")
    tab.get_by_label("I nomi").fill("Crema\nRipalta\nOffanego\nAtlantide\nCrema")
    read = answer_to(tab, "Leggi i nomi")
    refused = answer_to(tab, "Applica")
    tab.goto(boards["draft"])
    empty = answer_to(tab, "Applica")

    for (text, *faults), words in ((read, "2 dubbi"), (refused, "Scegli che Comune è «Ripalta»"), (empty, "almeno un")):
        assert words in text
        assert not faults, "\n".join(faults)


def answer_to(tab, button):
    """The words of the answer, then what axe has against it."""
    with tab.expect_navigation():
        tab.get_by_role("button", name=button).click()
    bring_axe(tab)
    return [tab.inner_text("#content"), *faults_of(tab)]
