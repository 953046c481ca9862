"""What programs put on the clipboard, in the shape that each gives it, and what a text should keep of it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data/clipboards"


@dataclass(frozen=True)
class Clipboard:
    source: str
    kept: str
    html: str = ""
    text: str = ""
    note: str = ""  # what the editor says beside the text

    def __str__(self):
        return self.source


def read(path):
    for clipboard in tomllib.loads(path.read_text(encoding="utf-8"))["clipboard"]:
        # Lines are there for who reads the file: what is kept has none between its tags.
        yield Clipboard(**clipboard | {"kept": clipboard["kept"].replace(">\n<", "><")})


CLIPBOARDS = {clipboard.source: clipboard for path in sorted(FOLDER.glob("*.toml")) for clipboard in read(path)}
