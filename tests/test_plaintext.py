"""Plain text: one table of cases, for the reader of the server and for that of the editor."""

import json
import random
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
    process = subprocess.run(
        [node, "--input-type=module", "--eval", READ],
        cwd=ROOT,
        input=json.dumps(texts),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(process.stdout)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_server_reads_plain_text(case):
    assert [block.html for block in read("\n".join(case["lines"]))] == case["blocks"]


def test_editor_reads_any_lines_alike():
    pool = [line for case in CASES for line in case["lines"]]
    pool += [
        "a) x",
        "b) y:",
        "1. A",
        "2. B",
        "(1) m",
        "1 - o",
        "i) h",
        "ii) j",
        "v) k",
        "o\tf",
        "§\tg",
        "q\tw\te",
        "E. t",
    ]
    pool += [
        "parola " * 12,
        "Parola lunga che " * 5,
        "a capo-",
        "tenzione",
        "info@x.it",
        "foto.jpg",
        "Fine.",
        "\xa0• y",
    ]
    chance = random.Random(48)
    texts = ["\n".join(chance.choices(pool, k=chance.randint(1, 12))) for _ in range(500)]

    theirs = dict(zip(texts, read_by_the_editor(texts), strict=True))

    ours = {text: [block.html for block in read(text)] for text in texts}
    assert {text: blocks for text, blocks in theirs.items() if blocks != ours[text]} == {}


def test_editor_reads_plain_text_alike():
    blocks = read_by_the_editor(["\n".join(case["lines"]) for case in CASES])

    assert dict(zip([case["case"] for case in CASES], blocks, strict=True)) == {
        case["case"]: case["blocks"] for case in CASES
    }
