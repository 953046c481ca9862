"""Topics and places that a text seems to be about, with the words that say so; somebody has to accept them."""

from dataclasses import dataclass

from areaomogenea.municipalities.models import Municipality
from areaomogenea.topics.models import Topic

from .coverage import Coverage, said_of_all


@dataclass(frozen=True)
class Suggestion:
    """Rows that a passage may stand for: one, or several among which only a person can choose."""

    field: str
    passage: str
    rows: tuple
    is_certain: bool = True

    @property
    def offers(self):
        """(key, words) of each row, as a form takes it."""
        return [(str(getattr(row, "pk", row)), getattr(row, "label", str(row))) for row in self.rows]

    @property
    def is_verbatim(self):
        """Whether the text names the only row in full."""
        return [str(row) for row in self.rows] == [self.passage]


def suggested_topics(text, chosen):
    return [
        Suggestion("topics", passage, (topic,))
        for topic, passage in Topic.objects.suggested_by(text)
        if topic.pk not in chosen
    ]


def suggested_municipalities(text, chosen, offered):
    """`offered` are the keys of those that this person may choose; None for all."""
    gazetteer = Municipality.objects.defer("border", "outline").gazetteer()
    mentions = gazetteer.mentions(text)
    certain = {mention.municipalities[0]: mention.passage for mention in reversed(mentions) if mention.is_certain}
    known = chosen | {municipality.pk for municipality in certain}
    found = [((municipality,), passage, True) for municipality, passage in reversed(certain.items())]
    for mention in mentions:
        if not mention.is_certain and not any(municipality.pk in known for municipality in mention.municipalities):
            found.append((mention.municipalities, mention.passage, False))
    for rows, passage, is_certain in found:
        rows = tuple(row for row in rows if row.pk not in chosen and (offered is None or row.pk in offered))
        if rows:
            yield Suggestion("municipalities", passage, rows, is_certain)


def suggested_coverage(text, chosen):
    """All the Area, where the text speaks of it and nobody has said yet where it applies."""
    passage = "" if chosen else said_of_all(text)
    return [Suggestion("coverage", passage, (Coverage.AREA,))] if passage else []
