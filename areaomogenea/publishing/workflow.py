"""Who may do what to a publication, and when: the one table that the desk's buttons are made from."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from areaomogenea.accounts.models import User

from .models import Publication
from .revisions import Revision
from .versions import Versioned

DRAFT, REVIEW, APPROVED, WITHDRAWN, BINNED = Publication.Status


def may_approve(user: User) -> bool:
    return user.has_perm("publishing.publish_publication")


def only_proposes(user: User, publication: Versioned) -> bool:
    """What readers see changes only by who may approve: the others leave a proposal."""
    return publication is not None and publication.status == APPROVED and not may_approve(user)


def wrote_it(user: User, publication: Versioned) -> bool:
    """Its author, or who handed it over."""
    handed_over = Revision.objects.filter(publication=publication.pk, action=Revision.Action.SUBMITTED, by=user)
    return user.pk is not None and (publication.author_id == user.pk or handed_over.exists())


# Who presses: each is asked of (user, publication).
def anybody(user: User, publication: Versioned) -> bool:
    return True


def approver(user: User, publication: Versioned) -> bool:
    return may_approve(user)


def others(user: User, publication: Versioned) -> bool:
    return not may_approve(user)


def owner(user: User, publication: Versioned) -> bool:
    """Of what waits for its hour, who may approve; of the rest, who wrote it too."""
    return may_approve(user) or (publication.status != APPROVED and wrote_it(user, publication))


# When: each is asked of the publication.
def always(publication: Versioned) -> bool:
    return True


def was_seen(publication: Versioned) -> bool:
    return publication.was_seen()


def unseen(publication: Versioned) -> bool:
    return not publication.was_seen()


def not_out(publication: Versioned) -> bool:
    return not publication.is_published()


@dataclass(frozen=True)
class Verb:
    """A change of state; `name` is the method of Publication that makes it."""

    name: str
    label: str
    done: str  # «Il ponte» ...
    done_many: str  # 12 pagine ...
    before: tuple[str, ...]
    who: Callable
    when: Callable = always
    needs_comment: bool = False
    needs_all: bool = False  # whatever readers would miss
    needs_hour: bool = False
    asks: bool = False  # on a page of its own, which says what will happen
    is_on_proposal: bool = False
    is_in_form: bool = True

    @property
    def button(self) -> str:
        return f"_verb_{self.name}"

    @property
    def tells_readers(self) -> bool:
        """Its note is read by everybody."""
        return self.name in ("withdraw", "correct")

    def is_open_to(self, user: User, publication: Versioned) -> bool:
        return (
            publication.status in self.before
            and self.when(publication)
            and self.who(user, publication)
            and (not self.is_on_proposal or publication.pending_proposal is not None)
        )


VERBS = [
    Verb("submit", "Manda in revisione", "è in revisione", "sono in revisione", (DRAFT,), anybody),
    Verb("recall", "Riprendi in bozza", "è di nuovo una bozza", "sono di nuovo bozze", (REVIEW,), wrote_it),
    Verb(
        "send_back",
        "Rimanda all’autore",
        "è rimandata all’autore",
        "sono rimandate a chi le ha scritte",
        (REVIEW,),
        approver,
        needs_comment=True,
    ),
    Verb(
        "publish",
        "Approva per l’ora indicata",
        "è approvata",
        "sono approvate",
        (DRAFT, REVIEW, WITHDRAWN),
        approver,
        needs_all=True,
        needs_hour=True,
        asks=True,
    ),
    Verb(
        "publish_now",
        "Pubblica adesso",
        "è pubblicata",
        "sono pubblicate",
        (DRAFT, REVIEW, APPROVED, WITHDRAWN),
        approver,
        when=not_out,
        needs_all=True,
        asks=True,
    ),
    Verb(
        "unschedule",
        "Riporta in bozza",
        "è di nuovo una bozza",
        "sono di nuovo bozze",
        (APPROVED,),
        approver,
        when=unseen,
    ),
    Verb(
        "correct",
        "Correggi con una nota",
        "è corretta",
        "sono corrette",
        (APPROVED,),
        approver,
        when=was_seen,
        needs_comment=True,
        needs_all=True,
    ),
    Verb(
        "withdraw",
        "Ritira",
        "è ritirata",
        "sono ritirate",
        (APPROVED,),
        approver,
        when=was_seen,
        needs_comment=True,
    ),
    Verb(
        "propose",
        "Proponi la modifica",
        "ha una modifica da approvare",
        "hanno una modifica da approvare",
        (APPROVED,),
        others,
        needs_all=True,
    ),
    Verb(
        "accept",
        "Accetta la modifica",
        "è modificata",
        "sono modificate",
        (APPROVED,),
        approver,
        needs_all=True,
        is_on_proposal=True,
    ),
    Verb(
        "refuse",
        "Rimanda la modifica",
        "resta com’era",
        "restano com’erano",
        (APPROVED,),
        approver,
        needs_comment=True,
        is_on_proposal=True,
    ),
    Verb(
        "discard",
        "Metti nel cestino",
        "è nel cestino",
        "sono nel cestino",
        (DRAFT, REVIEW, APPROVED),
        owner,
        when=unseen,
        asks=True,
        is_in_form=False,
    ),
    Verb(
        "recover",
        "Riprendi dal cestino",
        "è di nuovo una bozza",
        "sono di nuovo bozze",
        (BINNED,),
        anybody,
        is_in_form=False,
    ),
]
VERB = {verb.name: verb for verb in VERBS}


def verbs_for(user: User, publication: Versioned) -> list[Verb]:
    return [verb for verb in VERBS if verb.is_open_to(user, publication)]


def pressed(data: Container[str], verbs: Iterable[Verb] = VERBS) -> Verb | None:
    """The verb whose button was pressed in a posted form; None if it was another button."""
    return next((verb for verb in verbs if verb.button in data), None)
