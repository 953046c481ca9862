"""How many Comuni take part, for the checks of texts that tell a number."""

from collections import Counter
from collections.abc import Iterator

from areaomogenea.publishing.models import Publication
from areaomogenea.quality.content_checks import Count

from .kinds import INITIATIVE
from .models import Initiative


def counts(publication: Publication) -> Iterator[Count]:
    """Of the initiative that it is, or of those that it is linked with."""
    own = Initiative.objects.filter(pk=publication.pk)
    linked = Initiative.objects.filter(pk__in=Publication.objects.linked_to(publication).values("pk"))
    initiatives = own if publication.kind == INITIATIVE.code else linked
    for initiative in initiatives.prefetch_related("topics", "participations__municipality"):
        if initiative.count and initiative.known != Initiative.Known.PARTIAL:
            yield count_of(initiative)


def count_of(initiative: Initiative) -> Count:
    names = [initiative.title, *(topic.acronym or topic.name for topic in initiative.topics.all())]
    where = f"secondo la fonte di «{initiative.title}»"
    if initiative.knows_only_the_count:
        return Count(initiative.count, where, tuple(names))
    where = f"nella tabella di chi partecipa a «{initiative.title}»"
    return Count(initiative.count, where, tuple(names), frozenset(other_numbers(initiative)))


def other_numbers(initiative: Initiative) -> Iterator[int]:
    """Of each state, of each group, inside the Area and outside."""
    rows = initiative.participations.all()
    for key in (lambda row: row.state, lambda row: row.group_id, lambda row: row.municipality.in_area):
        yield from Counter(map(key, rows)).values()
    joined = initiative.joined
    yield from Counter(row.group_id for row in joined).values()
    yield from Counter(row.municipality.in_area for row in joined).values()
