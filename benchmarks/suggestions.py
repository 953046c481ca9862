"""How well topics and Comuni are suggested: precision and recall over cases, the demonstration and an archive."""

import argparse
import os
import secrets
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "areaomogenea.settings")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))

import django  # noqa: E402

django.setup()

from areaomogenea.prose.blocks import Block  # noqa: E402
from areaomogenea.prose.html import plain  # noqa: E402
from news.archive import encoding_of, read_listing  # noqa: E402
from tests.suggestion_cases import CASES, answers, demo_suggester, table  # noqa: E402

# What a person sets after reading the archive of 2022, by the first words of a title.
ARCHIVE = {
    "Area omogenea, Festari": (["area-omogenea", "sanita-sociale"], []),
    "Le comunità energetiche": (["cer"], ["Crema"]),
    "Imprese Nei 48 Comuni": (["suap", "polizia-locale-varchi", "banda-ultralarga"], []),
    "E via alle Comunità": (["cer"], []),
    "Incontro in Regione": (["cer"], []),
    "Il ruolo del Responsabile": (["rtd"], []),
    "Incontro tra Comunità": (["cuc", "rtd"], []),
    "Nasce il polo": (["protezione-civile"], ["Crema"]),
    "Area omogenea cremasca, Gianni": (["area-omogenea", "sanita-sociale", "mobilita-infrastrutture"], []),
    "Caro Energia": (["cer", "area-omogenea"], []),
}


@dataclass
class Score:
    right: int = 0
    wrong: list = field(default_factory=list)
    missed: list = field(default_factory=list)
    perhaps: int = 0  # of the missed, those that a doubt asks about

    def count(self, title, suggested, expected, perhaps):
        self.right += len({*suggested} & {*expected})
        self.wrong += [(title, one) for one in suggested if one not in expected]
        missed = [one for one in expected if one not in suggested]
        self.missed += [(title, one) for one in missed]
        self.perhaps += sum(one in perhaps for one in missed)

    def __str__(self):
        suggested, expected = self.right + len(self.wrong), self.right + len(self.missed)
        precision, recall = (100 * self.right / whole if whole else 100 for whole in (suggested, expected))
        return (
            f"precision {precision:5.1f}% ({self.right}/{suggested}), recall {recall:5.1f}% ({self.right}/{expected}); "
            f"of {len(self.missed)} missed, {self.perhaps} are asked about"
        )


def of_cases():
    for title, text, topics, places, _ in CASES:
        yield title, "", text, topics, places


def of_demo():
    for folder in ("communiques", "initiatives"):
        for path in sorted((ROOT / "areaomogenea" / "demo" / folder).glob("*.toml")):
            row = table(path)
            above = f"{row.get('subtitle', '')} {row['summary']}"
            yield row["title"], above, plain(row["body"]), row["topics"], row.get("municipalities", [])


def of_archive(path):
    with path.open(encoding=encoding_of(path)) as lines:
        for item in read_listing(map(Block.line, lines)):
            expected = next((answer for start, answer in ARCHIVE.items() if item.title.startswith(start)), None)
            if expected:
                yield item.title, item.subtitle, item.text, *expected


def measure(name, texts, suggester, shown):
    topics, places, seconds, number, doubts = Score(), Score(), 0.0, 0, 0
    for title, subtitle, text, wanted_topics, wanted_places in texts:
        start = time.perf_counter()
        found_topics, found_places, perhaps = answers(suggester, title, text, subtitle)
        seconds += time.perf_counter() - start
        topics.count(title, found_topics, wanted_topics, perhaps)
        places.count(title, found_places, wanted_places, perhaps)
        number += 1
        doubts += bool(perhaps)
    print(f"{name}: {number} texts, {doubts} with something left to a person, {1000 * seconds / number:.1f} ms each")
    for what, score in [("topics", topics), ("Comuni", places)]:
        print(f"  {what}: {score}")
        if shown:
            for sign, rows in [("+", score.wrong), ("-", score.missed)]:
                print("".join(f"    {sign} {one} | {title}\n" for title, one in rows), end="")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", nargs="?", type=Path, help="a listing of the old site, of October and November 2022")
    parser.add_argument("--show", action="store_true", help="what was wrong (+) and what was missed (-)")
    options = parser.parse_args()
    suggester = demo_suggester()
    measure("Cases", of_cases(), suggester, options.show)
    measure("Demonstration", of_demo(), suggester, options.show)
    if options.archive:
        measure("Archive", of_archive(options.archive), suggester, options.show)


if __name__ == "__main__":
    main()
