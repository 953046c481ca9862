"""What hostile files and texts cost: seconds of the processor, of the process that opens a file and of ours.

    .venv/bin/python benchmarks/hostile.py [files] [texts]

The files are those of the suite (tests/hostile.py), each brought to its own door. Of each function the dearest of all
hostile texts is told, at 50,000, 100,000 and 200,000 characters; no database is asked.
"""

import os
import sys
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ |= {"DJANGO_SETTINGS_MODULE": "areaomogenea.settings", "LOG_LEVEL": "CRITICAL"}
LENGTHS = 50_000, 100_000, 200_000


def files():
    from django.core.files.base import ContentFile

    from tests.hostile import FILES
    from tests.processor import timed
    from tests.test_hostile import refusal_of

    print(f"{'file':48} {'bytes':>11} {'process':>8} {'ours':>6} {'clock':>6}  told")
    for what, (entry, name, make, _) in FILES.items():
        content = make()
        began = perf_counter()
        with timed() as cost:
            message = refusal_of(entry, ContentFile(content, name))
        columns = f"{cost.of_children:6.2f} {cost.own:6.2f} {perf_counter() - began:6.2f}"
        print(f"{what:48} {len(content):11,}  {columns}  {message[:80] or 'taken'}")


def texts():
    from areaomogenea.prose.blocks import Block
    from areaomogenea.prose.diff import body_lines, compare
    from areaomogenea.prose.html import clean
    from areaomogenea.prose.typography import typeset_html
    from areaomogenea.search.engines import stems
    from news.archive import read_listing
    from tests.hostile import TEXTS, text_of
    from tests.test_hostile import checks, page

    functions = {
        "clean": clean,
        "checks, of clean HTML": checks,
        "page, of clean HTML": page,
        "typography": typeset_html,
        "comparison with its reverse": lambda text: compare(text, text[::-1]),
        "words of a field": body_lines,
        "stems": stems,
        "listing": lambda text: list(read_listing(map(Block.line, text.splitlines()))),
    }
    print(f"{'function':28} " + " ".join(f"{length:>32,}" for length in LENGTHS) + "   (the dearest text)")
    for name, function in functions.items():
        worst = []
        for length in LENGTHS:
            cost = {}
            for what in TEXTS:
                text = text_of(what, length)
                text = clean(text) if "clean HTML" in name else text
                start = process_time()
                function(text)
                cost[what] = process_time() - start
            dearest = max(cost, key=cost.get)
            worst.append(f"{cost[dearest]:5.2f} s {dearest:24.24}")
        print(f"{name:28} " + " ".join(worst), flush=True)


def main(names):
    import django

    django.setup()
    for name, measure in (("files", files), ("texts", texts)):
        if not names or name in names:
            measure()


if __name__ == "__main__":
    main(sys.argv[1:])
