"""Italian full-text search: the same stems in PostgreSQL and in SQLite FTS5, so the same answers."""

import re
import unicodedata
from functools import lru_cache

from django.db import connections
from django.db.models import BooleanField, F, Func
from snowballstemmer import stemmer

LONGEST_WORD = 40  # characters: longer ones are addresses and codes, cut alike in texts and in questions
STOP_WORDS = frozenset(
    """
    a ad agli ai al all alla alle allo anche c che chi ci col come con cosa cui d da dagli dai dal dall dalla dalle
    dallo degli dei del dell della delle dello di dove e ed fra gli ha hanno ho i il in io l la le lei lo loro lui ma
    mi ne negli nei nel nell nella nelle nello noi non o per perche piu quale quando quello quest questa questo qui se
    si sia sono su sugli sui sul sull sulla sulle sullo ti tra tu un una uno vi voi
    """.split()
)
italian = stemmer("italian")


@lru_cache(50_000)
def stem(word):
    # Accents go last: the Italian stemmer reads them ("città" is not a participle).
    return without_accents(italian.stemWord(word[:LONGEST_WORD]))


@lru_cache(50_000)
def without_accents(word):
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))


def stems(text):
    """The stems of the words that carry meaning, in order."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())
    return [stem(word) for word in words if without_accents(word) not in STOP_WORDS]


class Holds(Func):
    """Whether a publication holds all these stems, anywhere or in its title."""

    output_field = BooleanField()

    def __init__(self, stems, where="anywhere"):
        super().__init__(F("title"))  # any column of the table that the index is about
        self.stems, self.in_title = stems, where == "title"

    def as_postgresql(self, compiler, connection):
        # The column itself, not a list of rows that hold it: PostgreSQL knows then how common each word is.
        asked = " & ".join(f"'{stem}'{':A' if self.in_title else ''}" for stem in self.stems)
        return f"{self.table(compiler)}.search_vector @@ to_tsquery('simple', %s)", [asked]

    def as_sqlite(self, compiler, connection):
        asked = " AND ".join(f'"{stem}"' for stem in self.stems)
        found = "SELECT rowid FROM editorial_search WHERE editorial_search MATCH %s"
        return f"{self.table(compiler)}.id IN ({found})", [f"title : ({asked})" if self.in_title else asked]

    def table(self, compiler):
        return compiler.quote_name_unless_alias(self.get_source_expressions()[0].alias)


def match(publications, words):
    """Those that hold all the words, title matches first, then the latest."""
    asked = stems(words)
    if not asked:
        return publications.none()
    found = publications.filter(Holds(asked)).alias(in_title=Holds(asked, "title"))
    return found.order_by("-in_title", "-publish_at", "-pk")


def index(publication, text):
    """Remember the stems of a publication: its title, and all the text that searches should reach."""
    connection = connections[publication._state.db]
    title, text = " ".join(stems(publication.title)), " ".join(stems(text))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "UPDATE editorial_publication SET search_vector = "
                "setweight(to_tsvector('simple', %s), 'A') || setweight(to_tsvector('simple', %s), 'B') WHERE id = %s",
                [title, text, publication.pk],
            )
        else:
            forget(publication)
            cursor.execute(
                "INSERT INTO editorial_search (rowid, title, text) VALUES (%s, %s, %s)", [publication.pk, title, text]
            )


def forget(publication):
    connection = connections[publication._state.db]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM editorial_search WHERE rowid = %s", [publication.pk])
