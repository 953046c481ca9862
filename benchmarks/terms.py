"""How well terms and meetings are read in passages of offices, and what reading a long text costs.

    .venv/bin/python benchmarks/terms.py

Precision: of what is read, how much is there, with its day and hour; recall: of what is there, how much is read.
"""

import sys
from datetime import date
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

from areaomogenea.prose.fields import LONGEST
from areaomogenea.prose.terms import terms
from tests.passages import WRITTEN_ON, measured, passages

SEEDS = ["1 gennaio ", "Domande entro il 3 dicembre alle 12 in sala a, b, c ", "dal 1 al 2 marzo ", "1, 2, 3 e "]


def seconds(text):
    start = process_time()
    terms(text, WRITTEN_ON)
    return process_time() - start


def main():
    right, read_count, expected_count, wrong = measured(terms)
    table = passages()
    empty = sum(not lines for _, lines in table)
    print(f"{len(table)} passages, {empty} of them with nothing to keep; {expected_count} terms and meetings")
    print(f"precision {right / read_count:.3f}, recall {right / expected_count:.3f}")
    for text, got, meant in wrong:
        print(f"  {text!r}\n    read {got}, wanted {meant}")
    prose = "\n".join(text for text, _ in table)
    for name, seed in {"the passages": prose, **{repr(seed): seed for seed in SEEDS}}.items():
        text = (seed * (LONGEST // len(seed) + 1))[:LONGEST]
        print(f"{LONGEST:,} characters of {name}: {seconds(text):.3f} s")
    old = (prose * (LONGEST // len(prose) + 1))[:LONGEST]
    start = process_time()
    terms(old, WRITTEN_ON, since=date(2030, 1, 1))
    print(f"{LONGEST:,} characters of passages that are over: {process_time() - start:.3f} s")


if __name__ == "__main__":
    main()
