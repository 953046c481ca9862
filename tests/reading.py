"""What a source of the corpus gives when it is read: the fields of its draft, its doubts, the words that were lost."""

import re
from collections import Counter
from dataclasses import dataclass

from areaomogenea.prose.html import plain
from areaomogenea.prose.typography import words
from news.manuscript import read_one

from .suggestion_cases import answers

HEADING = re.compile(r"<h[234]>(.*?)</h[234]>")


@dataclass(frozen=True)
class Reading:
    fields: dict
    doubts: set
    words_in: int
    words_out: int
    lost: Counter  # words that are neither in the draft nor in its doubts
    invented: Counter

    def wrong(self, expected):
        return {field for field, value in expected.items() if self.fields[field] != value}


def reading_of(source, dialect, suggester):
    item = read_one(source.blocks(dialect))
    topics, places, _ = answers(suggester, item.title, item.text, item.subtitle)
    fields = {
        "title": item.title,
        "subtitle": item.subtitle,
        "date": item.date.isoformat() if item.date else "",
        "number": item.number,
        "kind": item.kind,
        "headings": [plain(heading) for heading in HEADING.findall(item.body)],
        "items": item.body.count("<li>"),
        "tables": item.body.count("<table>"),
        "topics": sorted(topics),
        "comuni": sorted(places),
    }
    written = Counter(words(source.words))
    draft = Counter(words(f"{item.title} {item.subtitle} {item.number} {item.text}"))
    doubt_words = Counter(words(" ".join(message for _, message in item.doubts)))
    kinds = Counter(words(f"{KIND_WORDS} {item.number}"))
    lost = Counter({word: n for word, n in (written - draft - doubt_words - kinds).items() if not is_sign(word)})
    return Reading(fields, {code for code, _ in item.doubts}, written.total(), draft.total(), lost, draft - written)


# A heading that tells the kind becomes the kind.
KIND_WORDS = (
    "comunicato stampa news nota per la stampa a v v i s o avviso pubblico avviso alla cittadinanza bando circolare n"
    " del ordinanza sindacale"
)


def is_sign(word):
    """What begins an item, and is written by its list."""
    return len(word) == 1 or word in ("ii", "iii", "iv")
