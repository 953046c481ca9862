"""The real Chromium of this computer; if it can be had without its windows, each tab costs a quarter."""

import shutil

NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
OPTIONS = """--no-sandbox --disable-gpu --disable-background-networking --disable-component-update
--disable-sync --no-first-run""".split()


def launch(playwright):
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "Chromium is missing: bin/prepare test installs it."
    return playwright.chromium.launch(executable_path=path, args=OPTIONS)
