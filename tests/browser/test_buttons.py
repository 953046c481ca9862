"""The buttons of the desk: in small letters, their words in the middle of their box, on every screen."""

import pytest

from .screens import on_screens

BUTTONS = "#content input[type=submit], #content button, #content a.button, #content a.deletelink, #content a.closelink"
FAULTS = """
(buttons) => [...document.querySelectorAll(buttons)].filter((one) => one.offsetParent).flatMap((one) => {
  const told = (one.value || one.innerText || '').trim();
  const style = getComputedStyle(one);
  const faults = style.textTransform === 'none' ? [] : [`${told}: ${style.textTransform}`];
  if (one.tagName !== 'A' || !told) return faults;
  const range = document.createRange();
  range.selectNodeContents(one);
  const [box, words] = [one.getBoundingClientRect(), range.getBoundingClientRect()];
  const off = Math.abs((box.top + box.bottom) - (words.top + words.bottom)) / 2;
  return off > 3 ? [...faults, `${told}: ${off} px off the middle`] : faults;
})
"""
PAGES = {
    "Amministratore": ["/admin/topics/topic/1/change/", "/admin/topics/topic/1/delete/", "/admin/accounts/user/add/"],
    "Redattore": ["/admin/news/communique/", "/admin/news/communique/add/", "/admin/news/communique/da-documento/"],
    "Redattore comunale": ["/admin/news/communique/999999/change/"],
}


@pytest.mark.any_database
def test_buttons_are_small_lettered_and_their_words_in_the_middle(at_desk):
    for role, paths in PAGES.items():
        tab = at_desk(role)
        for path in paths:
            tab.goto(path)
            for screen in on_screens(tab, [320, 768, 1280]):
                assert tab.evaluate(FAULTS, BUTTONS) == [], f"{path} ({screen})"
