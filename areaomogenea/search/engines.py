"""Italian full-text search: the same stems in PostgreSQL and in SQLite FTS5, so the same answers."""

import re
import unicodedata
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, CharField, Expression, F, Func, QuerySet, TextField
from django.db.models.base import ModelState
from django.db.models.lookups import Contains
from django.db.models.sql.compiler import SQLCompiler
from snowballstemmer import stemmer

from areaomogenea.prose.characters import normalised

Rows = TypeVar("Rows", bound=QuerySet)
SHORTEST_BEGINNING = 3  # letters: what begins with fewer is nearly everything
ENDINGS = "aeio"  # that who is still typing a word may be about to type
LONGEST_WORD = 40  # characters: longer ones are addresses and codes, cut alike in texts and in questions
STOP_WORDS = frozenset(
    """
    a ad agli ai al all alla alle allo anche c che chi ci col come con cosa cui d da dagli dai dal dall dalla dalle
    dallo degli dei del dell della delle dello di dove e ed fra gli ha hanno ho i il in io l la le lei lo loro lui ma
    mi ne negli nei nel nell nella nelle nello noi non o per perche piu quale quando quello quest questa questo qui se
    si sia sono su sugli sui sul sull sulla sulle sullo ti tra tu un una uno vi voi
    """.split()
)
DOTTED = re.compile(r"(?<!\w)(?<!\w\.)(?:[^\W\d_]\.)+[^\W\d_](?!\w)(?!\.[^\W\d_])")
italian = stemmer("italian")


@lru_cache(50_000)
def stem(word: str) -> str:
    # Accents go last: the Italian stemmer reads them ("città" is not a participle).
    return without_accents(italian.stemWord(word[:LONGEST_WORD]))


@lru_cache(50_000)
def without_accents(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))


def stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    return [stem(word) for word in words_of_text(text) if without_accents(word) not in STOP_WORDS]


class Indexed(Protocol):
    """What the index asks of a publication."""

    pk: int
    title: str
    _state: ModelState


class Holds(Func):
    """Whether a publication holds all these stems, anywhere or in its title."""

    output_field = BooleanField()

    def __init__(self, stems, where="anywhere", beginnings=()):
        """`beginnings`: one of these, or what begins so, is asked for too."""
        super().__init__(F("title"))  # any column of the table that the index is about
        self.stems, self.in_title, self.beginnings = stems, where == "title", beginnings

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str, ...]]:
        # The column itself, not a list of rows that hold it: PostgreSQL knows then how common each word is.
        weight = "A" if self.in_title else ""
        words = [f"'{stem}'{weight and ':A'}" for stem in self.stems]
        begun = " | ".join(f"'{stem}':*{weight}" for stem in self.beginnings)
        tsquery = " & ".join([*words, *([f"({begun})"] if begun else [])])
        return f"{self.table(compiler)}.search_vector @@ to_tsquery('simple', %s)", (tsquery,)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str, ...]]:
        begun = " OR ".join(f'"{stem}"*' for stem in self.beginnings)
        expression = " AND ".join([*(f'"{stem}"' for stem in self.stems), *([f"({begun})"] if begun else [])])
        subquery = "SELECT rowid FROM publishing_search WHERE publishing_search MATCH %s"
        return f"{self.table(compiler)}.id IN ({subquery})", (
            f"title : ({expression})" if self.in_title else expression,
        )

    def table(self, compiler: SQLCompiler) -> str:
        return compiler.quote_name_unless_alias(self.get_source_expressions()[0].alias)


def match(publications: Rows, query: str) -> Rows:
    """Those that hold all the words, title matches first, then the latest."""
    query_stems = stems(query)
    if not query_stems:
        return publications.none()
    results = publications.filter(Holds(query_stems)).alias(in_title=Holds(query_stems, "title"))
    return results.order_by("-in_title", "-publish_at", "-pk")


def with_any_in_title(publications: Rows, query: str) -> Rows:
    """Those that hold one of these words, or what begins with it, in their title."""
    query_stems = stems(query)
    return publications.filter(Holds([], "title", query_stems)) if query_stems else publications.none()


def holding(publications: Rows, query: str) -> Rows:
    """Those that hold all the words, the last of which may be only begun; all where nothing is asked."""
    return publications.filter(holds(query)) if stems(query) else publications


def title_first(publications: Rows, query: str) -> Rows:
    """The same, those that hold them in their title before the others."""
    if not stems(query):
        return publications
    results = publications.filter(holds(query)).alias(in_title=holds(query, "title"))
    return results.order_by("-in_title", "-publish_at", "-pk")


def holds(query: str, where: str = "anywhere") -> Holds:
    *whole, last = words_of_text(query)
    if len(last) < SHORTEST_BEGINNING or last in STOP_WORDS:
        return Holds(stems(query), where)
    begun = sorted({stem(last), *(stem(last + ending) for ending in ENDINGS)})
    return Holds(stems(" ".join(whole)), where, begun)


def words_of_text(text: str) -> list[str]:
    """The words of a text as they are written, in small letters; C.E.R. is CER."""
    whole = DOTTED.sub(lambda acronym: acronym[0].replace(".", ""), normalised(text))
    return re.findall(r"[^\W_]+", whole.lower())


def folded(text: str) -> str:
    """As the eye of somebody in a hurry reads it: without accents and capitals, every apostrophe alike."""
    return without_accents(str(text).lower().replace("’", "'"))


def in_common(word: str, other: str) -> str:
    """How both begin; the word, if they do not begin alike."""
    return next((word[:length] for length in range(len(word), 0, -1) if other.startswith(word[:length])), word)


MARKED = "àáâãäåèéêëìíîïòóôõöùúûüçñ"
MARKED += MARKED.upper() + "’"
PLAIN = folded(MARKED).replace("'", "''")  # as SQL quotes it


@CharField.register_lookup
@TextField.register_lookup
class Folded(Contains):
    """Contains, for tables that stay small: accents and capitals do not count."""

    lookup_name = "folded"

    def get_prep_lookup(self) -> str:
        return folded(normalised(str(self.rhs)))

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return connection.operators["contains"] % rhs

    def process_lhs(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, lhs: Expression | None = None
    ) -> tuple[str, tuple[str | int, ...]]:
        column, params = super().process_lhs(compiler, connection, lhs)
        if connection.vendor == "sqlite":
            return f"folded({column})", params
        return f"translate(lower({column}), '{MARKED}', '{PLAIN}')", params


@CharField.register_lookup
@TextField.register_lookup
class Stemmed(Folded):
    """The same by the stem of a word: who asks for «energetiche» finds «energetica»."""

    lookup_name = "stemmed"

    def get_prep_lookup(self) -> str:
        word = folded(normalised(str(self.rhs)))
        if not re.fullmatch(r"[^\W_]+", word):
            return word
        return in_common(word, stem(str(self.rhs).lower()))


def add_folded_function(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """PostgreSQL translates letters by itself."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("folded", 1, folded_or_none, deterministic=True)


def folded_or_none(text: str | None) -> str | None:
    return None if text is None else folded(text)


def index_publication(publication: Indexed, text: str) -> None:
    """Remember the stems of a publication: its title, and all the text that searches should reach."""
    connection = connections[publication._state.db or DEFAULT_DB_ALIAS]
    title, text = " ".join(stems(publication.title)), " ".join(stems(text))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "UPDATE publishing_publication SET search_vector = "
                "setweight(to_tsvector('simple', %s), 'A') || setweight(to_tsvector('simple', %s), 'B') WHERE id = %s",
                [title, text, publication.pk],
            )
        else:
            unindex_publication(publication)
            cursor.execute(
                "INSERT INTO publishing_search (rowid, title, text) VALUES (%s, %s, %s)", [publication.pk, title, text]
            )


def unindex_publication(publication: Indexed) -> None:
    connection = connections[publication._state.db or DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM publishing_search WHERE rowid = %s", [publication.pk])
