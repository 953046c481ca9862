"""How well forms of offices are read: precision and recall of what their drafts say, and the words of each."""

import argparse
import os
import secrets
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "areaomogenea.settings")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))

import django  # noqa: E402

django.setup()

from tests.corpus import CASES, FIELDS, SOURCES  # noqa: E402
from tests.reading import reading_of  # noqa: E402
from tests.suggestion_cases import demo_suggester  # noqa: E402

COUNTS = ("items", "tables")


class Score:
    """Of what was found, how much is right; of what there is, how much was found."""

    def __init__(self):
        self.right, self.read_count, self.expected_count = 0, 0, 0

    def count(self, reading, expected):
        reading, expected = (
            Counter(filter(None, values if isinstance(values, list) else [values])) for values in (reading, expected)
        )
        self.right += (reading & expected).total()
        self.read_count, self.expected_count = self.read_count + reading.total(), self.expected_count + expected.total()

    def __str__(self):
        parts = [("precision", self.read_count), ("recall", self.expected_count)]
        return "  ".join(
            f"{name} {100 * self.right / whole if whole else 100:5.1f}% ({self.right:>3}/{whole:>3})"
            for name, whole in parts
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", action="store_true", help="words in and out of each document")
    options = parser.parse_args()
    suggester = demo_suggester()
    scores, misses, rows, seconds = {field: Score() for field in FIELDS}, Counter(), [], 0.0
    for source, dialect in CASES:
        start = time.perf_counter()
        reading = reading_of(source, dialect, suggester)
        seconds += time.perf_counter() - start
        for field in FIELDS:
            value, expected = reading.fields[field], source.expected[field]
            if field in COUNTS:  # so many of the same
                value, expected = (["one"] * number for number in (value, expected))
            scores[field].count(value, expected)
        misses.update((source.name, field) for field in reading.wrong(source.expected))
        rows.append((source.name, dialect, reading))
    print(f"{len(SOURCES)} forms, {len(CASES)} files, {1000 * seconds / len(CASES):.0f} ms each")
    for field, score in scores.items():
        print(f"  {field:<9} {score}")
    words_in, words_out = (sum(getattr(reading, name) for *_, reading in rows) for name in ("words_in", "words_out"))
    lost, invented = (sum(getattr(reading, name).total() for *_, reading in rows) for name in ("lost", "invented"))
    print(f"Words: {words_in} in, {words_out} in drafts, the rest told in doubts; {lost} lost, {invented} invented")
    if options.words:
        for name, dialect, reading in rows:
            summary = f"{reading.words_in:>4} in {reading.words_out:>4} out {reading.lost.total():>2} lost"
            print(f"  {summary}  {name} ({dialect})")
    print("Not right:" if misses else "All right.")
    for (name, field), files in sorted(misses.items()):
        print(f"  {field} of {name} ({files} of its files)")


if __name__ == "__main__":
    main()
