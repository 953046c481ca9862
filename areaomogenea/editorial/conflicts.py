"""Two people on one publication: what each changed since they parted, field by field."""

from dataclasses import dataclass

from areaomogenea.prose.compare import compare, in_words, near_changes

from .history import fields_of, shown

MINE, THEIRS = "mia", "sua"


@dataclass(frozen=True)
class Conflict:
    """A field that both changed, each in their own way; passages are compared with what both started from."""

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
    """(names of the fields that only the others changed, Conflicts), between a content typed on the version
    `seen` and the publication as it stands.
    """
    base, theirs = publication.content_of(seen), publication.content()
    fields = {field.name: field for field in fields_of(type(publication)) if field.name in mine}
    taken, conflicts = [], []
    for name, field in fields.items():
        versions = [mine[name], theirs[name], base.get(name) if base else None]
        ours, other, first = (alike(field, value) for value in versions)
        if other in (ours, first):
            continue
        if ours == first:
            taken.append(name)
        else:
            conflicts.append(conflict_over(publication, seen, field, *versions))
    return taken, conflicts


def alike(field, value):
    """A form that does not change when a browser writes the same text in other tags."""
    return in_words(value or "") if field.get_internal_type() == "TextField" else value


def conflict_over(publication, seen, field, mine, theirs, base):
    start, ours, other = (shown(field, value) for value in (base, mine, theirs))
    last = last_change_of(publication, field.name, seen)
    by, at = (str(last.by or "Qualcuno"), last.at) if last else ("Qualcuno", None)
    return Conflict(
        field.name,
        str(field.verbose_name),
        by,
        at,
        *(list(near_changes(compare(start, side))) for side in (ours, other)),
    )


def last_change_of(publication, name, seen):
    """The newest revision after the version `seen` in which this field became what it is; None if unknown."""
    newer = publication.revisions.versions().filter(version__gte=seen)
    last, before = None, object()
    for revision in newer.select_related("by").order_by("version", "pk"):
        if revision.version > seen and revision.content.get(name) != before:
            last = revision
        before = revision.content.get(name)
    return last
