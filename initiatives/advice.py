"""What the checks say of an initiative alone: what was to be by now, and nobody has said whether it was."""

from collections.abc import Iterator

from areaomogenea.publishing.models import Publication
from areaomogenea.quality.content_checks import Finding, quoted

from .models import Milestone


def milestone_overdue(publication: Publication) -> Iterator[Finding]:
    """Of the steps as they were saved."""
    for milestone in Milestone.objects.filter(initiative=publication.pk, is_done=False):
        if milestone.is_overdue():
            foreseen = f"era prevista per {milestone.foreseen}"
            yield Finding(
                f"La tappa {quoted(milestone.title)} {foreseen}, e non è segnata come fatta.",
                "Se è fatta, spunta «Fatta»; se è slittata, correggi la data.",
                "milestones",
            )
