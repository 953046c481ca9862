"""Topics and places that a text seems to be about, with the words that say so; somebody has to accept them.

The panel of the desk, the documents that come in and the archive ask the same Suggester.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from areaomogenea.municipalities.gazetteer import Gazetteer, Mention, plain_name
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.coverage import Coverage, whole_area_passage
from areaomogenea.topics.keywords import Passage
from areaomogenea.topics.models import Topic

SHORTEST_OPENING = 80  # characters: a greeting or a place and date are followed by what the text begins with
LONGEST_OPENING = 900
TIMES = 2  # that a text must name a thing, below its opening, to be about it; one more for each WORDS_A_TIME words
WORDS_A_TIME = 500


@dataclass(frozen=True)
class Suggestion:
    """Rows that a passage may stand for: one, or several among which only a person can choose."""

    field: str
    passage: str
    rows: tuple
    is_certain: bool = True

    @property
    def offers(self) -> list[tuple[str, str]]:
        """(key, words) of each row, as a form takes it."""
        return [(str(getattr(row, "pk", row)), getattr(row, "label", str(row))) for row in self.rows]

    @property
    def is_verbatim(self) -> bool:
        """Whether the text names the only row in full."""
        return len(self.rows) == 1 and plain_name(str(self.rows[0])) == plain_name(self.passage)

    @property
    def is_ambiguous(self) -> bool:
        return len(self.rows) > 1


class Written:
    """A text in the parts that weigh: its title, its opening, and the rest, in plain words with a line a paragraph."""

    def __init__(self, title: str, body: str, subtitle: str = "", summary: str = ""):
        self.title = " ".join(title.split())
        above = [" ".join(line.split()) for line in (subtitle, summary) if line.strip()]
        length = opening_length(body)
        self.opening = "\n".join([*above, body[:length]])
        self.rest = body[length:]

    @cached_property
    def text(self) -> str:
        return f"{self.title}\n{self.opening}\n{self.rest}"

    @property
    def start_of_opening(self) -> int:
        return len(self.title) + 1

    @property
    def start_of_rest(self) -> int:
        return self.start_of_opening + len(self.opening) + 1

    @cached_property
    def times(self) -> int:
        """How often what stands in the rest alone must stand there."""
        return TIMES + len(self.rest.split()) // WORDS_A_TIME


def opening_length(body: str) -> int:
    """Up to the end of the first paragraph that says something; of one that does not end, its beginning."""
    end = 0
    while end < SHORTEST_OPENING and end < len(body):
        following = body.find("\n", end + 1)
        end = following if following > 0 else len(body)
    if end <= LONGEST_OPENING:
        return end
    return body.rfind(" ", 0, LONGEST_OPENING) if " " in body[:LONGEST_OPENING] else LONGEST_OPENING


@dataclass
class Suggester:
    """Suggests for any number of texts: topics and names are read once."""

    topics: list[Topic]
    gazetteer: Gazetteer

    def suggest(self, written: Written) -> list[Suggestion]:
        return [*self.of_topics(written), *self.of_municipalities(written)]

    def of_topics(self, written: Written) -> Iterator[Suggestion]:
        for topic in self.topics:
            if passages := topic.passages(written.text):
                best, is_certain = weighed(passages, written)
                yield Suggestion("topics", best.text, (topic,), is_certain)

    def of_municipalities(self, written: Written) -> Iterator[Suggestion]:
        """The certain ones first; what may mean one of these is no doubt."""
        met = {}
        for mention in self.gazetteer.occurrences(written.text):
            met.setdefault(mention.municipalities, []).append(mention)
        is_of_all = bool(whole_area_passage(f"{written.title}\n{written.opening}"))
        certain = {}
        for rows, mentions in met.items():
            sure = surest(mentions, written, is_of_all)
            if sure:
                certain[rows] = sure
        yield from (Suggestion("municipalities", one.passage, rows) for rows, one in certain.items())
        known = {row for rows in certain for row in rows}
        for rows, mentions in met.items():
            if known.isdisjoint(rows):
                yield Suggestion("municipalities", mentions[0].passage, rows, is_certain=False)


def make_suggester() -> Suggester:
    topics = Topic.objects.with_keywords().defer("explanation")
    return Suggester([*topics], Municipality.objects.defer("border", "outline").gazetteer())


def left_to_choose(
    suggestions: Iterable[Suggestion], chosen: Mapping[str, set[int]], offered: Iterable[int] | None
) -> Iterator[Suggestion]:
    """Without what was chosen, by keys of each field, and without Comuni that this person may not choose.

    `offered` are the keys of those that may be; None for all.
    """
    for one in suggestions:
        keys = chosen[one.field]
        if not one.is_certain and any(row.pk in keys for row in one.rows):
            continue
        limits = offered if one.field == "municipalities" else None
        rows = tuple(row for row in one.rows if row.pk not in keys and (limits is None or row.pk in limits))
        if rows:
            yield replace(one, rows=rows)


def suggested_coverage(text: str, chosen: Coverage | str) -> list[Suggestion]:
    """All the Area, where the text speaks of it and nobody has said yet where it applies."""
    passage = "" if chosen else whole_area_passage(text)
    return [Suggestion("coverage", passage, (Coverage.AREA,))] if passage else []


def weighed(passages: list[Passage], written: Written) -> tuple[Passage, bool]:
    """The passage that says most of a topic, and whether it says enough."""
    for passage in passages:
        if passage.start < written.start_of_opening:
            return passage, True
    strong = [passage for passage in passages if not passage.is_weak]
    if not strong:
        return passages[0], False
    is_early = strong[0].start < written.start_of_rest
    return strong[0], is_early or times(strong, written.text) >= written.times


def times(passages: list[Passage], text: str) -> int:
    """How many there are: one that explains the other, in brackets, is not another."""
    return 1 + sum(text[one.end : other.start].strip() not in ("(", ")", "") for one, other in pairwise(passages))


def surest(mentions: list[Mention], written: Written, is_of_all: bool) -> Mention | None:
    """The mention that makes a Comune certain, if there is one."""
    sure = [mention for mention in mentions if mention.says_where]
    above = [mention for mention in sure if mention.start < written.start_of_opening]
    if above or not sure or is_of_all:
        return above[0] if above else None
    is_enough = sure[0].start < written.start_of_rest or len(sure) >= written.times
    return sure[0] if is_enough else next((mention for mention in sure if mention.is_listed), None)
