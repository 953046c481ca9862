"""Where pictures are shown, and what that means for who changes their words: pages share them, approval does not."""

from django.db import transaction
from django.db.models import Q

from areaomogenea.accounts.models import User
from areaomogenea.library.models import Picture

from .models import Publication, PublicationQuerySet
from .revisions import Revision, RevisionQuerySet
from .workflow import may_approve

DESCRIPTION_FIELDS = ("alternative_text", "credit", "focal_x", "focal_y")
WORDLESS = ' alt=""'


def uses_of(picture: Picture) -> PublicationQuerySet:
    return Publication.objects.picturing(picture.stored_name)


def may_change_words(user: User, picture: Picture) -> bool:
    """What readers see, what a proposal brings and what others show changes only with who may approve."""
    if may_approve(user):
        return True
    uses = uses_of(picture)
    if versions_with(picture).exists():
        return False
    own = Publication.objects.editable_by(user).order_by().values("pk")
    is_shown = uses.filter(Q(status=Publication.Status.APPROVED) | ~Q(pk__in=own)).exists()
    return not is_shown and not proposals_with(picture).exists()


def telling_of(picture: Picture, revisions: RevisionQuerySet) -> RevisionQuerySet:
    stem = picture.file.name.rpartition(".")[0]
    return revisions.filter(Q(content__picture=picture.pk) | Q(content__body__icontains=stem))


def proposals_with(picture: Picture) -> RevisionQuerySet:
    """Proposals that wait and would show it, at the head or in the text."""
    return telling_of(picture, Revision.objects.pending())


def versions_with(picture: Picture) -> RevisionQuerySet:
    """Versions of what readers saw once: brought back, they would show it again."""
    seen = Publication.objects.once_published().order_by().values("pk")
    return telling_of(picture, Revision.objects.versions().filter(publication__in=seen))


def hold_uses(picture: Picture) -> None:
    """Nobody publishes, until the end of the transaction, what shows it now."""
    list(Publication.objects.select_for_update().filter(pk__in=uses_of(picture).order_by().values("pk")).values("pk"))


@transaction.atomic
def note_new_words(picture: Picture, by: User) -> None:
    """A new version of whatever waits with it: what was read there is not what stands there any more."""
    out = Publication.objects.published().order_by().values("pk")
    waiting = Q(pk__in=uses_of(picture).exclude(pk__in=out).order_by().values("pk"))
    proposed = Q(pk__in=proposals_with(picture).order_by().values("publication"))
    for publication in Publication.objects.kept().filter(waiting | proposed).order_by("pk"):
        publication = publication.as_its_kind()
        publication.keep_first_version()
        if WORDLESS in publication.body and not publication.is_published():
            publication.save()  # its text takes the words that the library has for it now
        publication.record(by, Revision.Action.SAVED, f"Cambiate le parole dell’immagine «{picture}»"[:255])
