"""Two people on one publication: what each changed since they parted, field by field and part by part."""

from dataclasses import dataclass

from areaomogenea.prose.compare import compare, near_changes

from .contents import alike, pieces_of, told

MINE, THEIRS = "mia", "sua"


@dataclass(frozen=True)
class Conflict:
    """A field or a part that both changed, each in their own way; passages are compared with what both started from."""

    name: str
    label: str
    by: str
    at: object
    mine: list
    theirs: list

    @property
    def choice(self):
        """The name of the answer: MINE or THEIRS."""
        return f"scelta_{self.name}"


def merge(publication, seen, mine):
    """(names of the fields and parts that only the others changed, Conflicts), between a content typed on the
    version `seen` and the publication as it stands.
    """
    base, theirs = publication.content_of(seen) or {}, publication.content()
    taken, conflicts = [], []
    for name, piece in pieces_of(type(publication)).items():
        if name not in mine:
            continue
        # A version from before a part was kept says nothing of it: what is typed counts as a change of it.
        ours, other, first = (alike(piece, content.get(name)) for content in (mine, theirs, base))
        if other == ours or (name in base and other == first):
            continue
        if name in base and ours == first:
            taken.append(name)
        else:
            conflicts.append(conflict_over(publication, seen, piece, mine, theirs, base))
    return taken, conflicts


def conflict_over(publication, seen, piece, mine, theirs, base):
    start, ours, other = (told(piece, content) for content in (base, mine, theirs))
    last = last_change_of(publication, piece.name, seen)
    by, at = (str(last.by or "Qualcuno"), last.at) if last else ("Qualcuno", None)
    return Conflict(
        piece.name,
        str(piece.verbose_name),
        by,
        at,
        *(list(near_changes(compare(start, side))) for side in (ours, other)),
    )


def last_change_of(publication, name, seen):
    """The newest revision after the version `seen` in which this field or part became what it is; None if unknown."""
    newer = publication.revisions.versions().filter(version__gte=seen)
    last, before = None, object()
    for revision in newer.select_related("by").order_by("version", "pk"):
        if revision.version > seen and revision.content.get(name) != before:
            last = revision
        before = revision.content.get(name)
    return last
