"""The W3C's Nu validator finds no error in any page."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .served import ROOT

VALIDATOR = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"


def errors(files):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # where there was no Java, bin/prepare put one there
    command = ["java", "-jar", VALIDATOR, "--format", "json", "--exit-zero-always", *files]
    output = subprocess.run(command, env=os.environ | {"PATH": path}, check=True, capture_output=True).stderr
    return [message for message in json.loads(output)["messages"] if message["type"] != "info"]


@pytest.mark.any_database
def test_pages_are_valid(portal, pages, crawled, tmp_path):
    unlinked = {path: portal.get(path) for path in pages.values() if path not in crawled}
    checked = {}
    for number, (path, answer) in enumerate((crawled | unlinked).items()):
        if answer.is_page:
            file = tmp_path / f"{number}.html"
            file.write_text(answer.text, encoding="utf-8")
            checked[f"file:{file}"] = path

    messages = [f"{checked[e['url']]}: {e['message']}\n    {e['extract']}" for e in errors(tmp_path.iterdir())]

    assert not messages, "\n".join(messages)
