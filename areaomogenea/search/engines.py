"""Italian full-text search: the same stems in PostgreSQL and in SQLite FTS5, so the same answers."""

import re
import unicodedata
from dataclasses import dataclass
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
        begun = " | ".join(f"'{stem}':*" for stem in self.beginnings)
        tsquery = " & ".join([*(f"'{stem}'" for stem in self.stems), *([f"({begun})"] if begun else [])])
        column = f"{self.table(compiler)}.search_vector"
        column = f"ts_filter({column}, '{{a}}')" if self.in_title else column  # titles have an index of their own
        return f"{column} @@ to_tsquery('simple', %s)", (tsquery,)

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


@dataclass(frozen=True)
class Words:
    """The stems that somebody looks for; one of the `beginnings`, or what begins so, is looked for too."""

    stems: list[str]
    beginnings: list[str]

    def __bool__(self):
        return bool(self.stems or self.beginnings)

    def held(self, where: str = "anywhere") -> Holds:
        return Holds(self.stems, where, self.beginnings)


def whole_words(query: str) -> Words:
    return Words(stems(query), [])


def begun_words(query: str) -> Words:
    """The same, but the last word may be only begun."""
    *whole, last = words_of_text(query) or [""]
    if len(last) < SHORTEST_BEGINNING or without_accents(last) in STOP_WORDS:
        return whole_words(query)
    return Words(stems(" ".join(whole)), sorted({stem(last), *(stem(last + ending) for ending in ENDINGS)}))


def with_any_in_title(publications: Rows, query: str) -> Rows:
    """Those that hold one of these words, or what begins with it, in their title."""
    words = Words([], stems(query))
    return publications.filter(words.held("title")) if words else publications.none()


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


def number_without_index(pks: list[int]) -> int:
    """How many of these publications no search can reach."""
    if not pks:
        return 0
    connection, marks = connections[DEFAULT_DB_ALIAS], ", ".join(["%s"] * len(pks))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            table, known = "publishing_publication", "id IN ({marks}) AND search_vector IS NOT NULL"
        else:
            table, known = "publishing_search", "rowid IN ({marks})"
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {known.format(marks=marks)}", pks)  # noqa: S608
        return len(pks) - cursor.fetchone()[0]


def unindex_publication(publication: Indexed) -> None:
    connection = connections[publication._state.db or DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM publishing_search WHERE rowid = %s", [publication.pk])
