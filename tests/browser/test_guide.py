"""The guide as an editor reads it: at any width, in both schemes, with all its pictures."""

import pytest

from .screens import on_screens
from .test_accessibility import violations
from .test_layout import TOO_WIDE

SEEN = "() => [...document.querySelectorAll('.desk-guide-text img')].every((image) => image.naturalWidth)"
WIDTHS = [320, 768, 1280]


@pytest.mark.any_database
def test_guide_has_no_violation_and_fits(at_desk):
    tab = at_desk("Redattore", "/admin/guida/")
    for image in tab.locator(".desk-guide-text img").all():
        image.scroll_into_view_if_needed()
    tab.wait_for_function(SEEN)

    assert [part for _ in on_screens(tab, WIDTHS) for part in tab.evaluate(TOO_WIDE)] == []
    assert violations([tab], WIDTHS) == ""
