"""The guide as an editor reads it: at any width, in both schemes, with all its pictures."""

import pytest

from areaomogenea.management.commands.load_demo import LOGINS

from .test_accessibility import violations
from .test_layout import TOO_WIDE

SEEN = "[...document.querySelectorAll('.desk-guide-text img')].every((image) => image.naturalWidth)"


@pytest.fixture(scope="module")
def entered(chromium, portal):
    """What the browser of an editor keeps after the login."""
    _, email, password = next(login for login in LOGINS if login[0] == "Redattore")
    context = chromium.new_context(base_url=portal.base)
    tab = context.new_page()
    tab.goto("/admin/")
    tab.get_by_label("E-mail").fill(email)
    tab.get_by_label("Password", exact=True).fill(password)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/admin/")
    yield context.storage_state()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_guide_has_no_violation_and_fits(chromium, portal, entered, width, scheme):
    how = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "reduced_motion": "reduce"}
    context = chromium.new_context(base_url=portal.base, storage_state=entered, **how)
    tab = context.new_page()
    tab.goto("/admin/guida/")
    for image in tab.locator(".desk-guide-text img").all():
        image.scroll_into_view_if_needed()
    tab.wait_for_function(SEEN)

    assert tab.evaluate(TOO_WIDE) == []
    assert violations([tab]) == ""
    context.close()
