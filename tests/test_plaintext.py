"""Plain text: one table of cases, for the reader of the server and for that of the editor."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from areaomogenea.prose.plaintext import read

ROOT = Path(__file__).parents[1]
CASES = json.loads((ROOT / "tests/data/plaintext.json").read_text(encoding="utf-8"))
READ = """
import { read } from './static/src/desk/plaintext.js';
const pieces = [];
for await (const piece of process.stdin) pieces.push(piece);
console.log(JSON.stringify(JSON.parse(Buffer.concat(pieces)).map((text) => read(text))));
"""


def read_by_the_editor(texts):
    node = shutil.which("node") or pytest.fail("Node is not here: bin/prepare test installs it.")
    told = subprocess.run(
        [node, "--input-type=module", "--eval", READ],
        cwd=ROOT,
        input=json.dumps(texts),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(told.stdout)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_server_reads_plain_text(case):
    assert [block.html for block in read("\n".join(case["lines"]))] == case["blocks"]


def test_editor_reads_plain_text_alike():
    told = read_by_the_editor(["\n".join(case["lines"]) for case in CASES])

    assert dict(zip([case["case"] for case in CASES], told, strict=True)) == {
        case["case"]: case["blocks"] for case in CASES
    }
