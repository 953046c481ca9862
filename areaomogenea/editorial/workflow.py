"""Who may do what to a publication, and when: the one table that the desk's buttons are made from."""

from dataclasses import dataclass

from .models import Publication

DRAFT, REVIEW, APPROVED, WITHDRAWN = Publication.Status
# Whether who presses may approve.
APPROVERS, OTHERS, ANYBODY = {True}, {False}, {True, False}


@dataclass(frozen=True)
class Verb:
    """A change of state; `name` is the method of Publication that makes it."""

    name: str
    label: str
    done: str  # «Il ponte» ...
    before: tuple[str, ...]
    who: set[bool]
    needs_comment: bool = False
    needs_all: bool = False  # whatever readers would miss
    needs_hour: bool = False
    is_on_proposal: bool = False

    @property
    def button(self):
        return f"_verb_{self.name}"

    def is_open_to(self, user, publication):
        return (
            may_approve(user) in self.who
            and publication.status in self.before
            and (not self.is_on_proposal or publication.pending_proposal is not None)
        )


VERBS = [
    Verb("submit", "Manda in revisione", "è in revisione", (DRAFT,), ANYBODY),
    Verb("send_back", "Rimanda all’autore", "è rimandata all’autore", (REVIEW,), APPROVERS, needs_comment=True),
    Verb(
        "publish",
        "Approva per l’ora indicata",
        "è approvata",
        (DRAFT, REVIEW, WITHDRAWN),
        APPROVERS,
        needs_all=True,
        needs_hour=True,
    ),
    Verb("publish_now", "Pubblica adesso", "è pubblicata", (DRAFT, REVIEW, WITHDRAWN), APPROVERS, needs_all=True),
    Verb("correct", "Correggi con una nota", "è corretta", (APPROVED,), APPROVERS, needs_comment=True, needs_all=True),
    Verb("withdraw", "Ritira", "è ritirata", (APPROVED,), APPROVERS, needs_comment=True),
    Verb("propose", "Proponi la modifica", "ha una modifica da approvare", (APPROVED,), OTHERS, needs_all=True),
    Verb("accept", "Accetta la modifica", "è modificata", (APPROVED,), APPROVERS, needs_all=True, is_on_proposal=True),
    Verb(
        "refuse",
        "Rimanda la modifica",
        "resta com’era",
        (APPROVED,),
        APPROVERS,
        needs_comment=True,
        is_on_proposal=True,
    ),
]


def may_approve(user):
    return user.has_perm("editorial.publish_publication")


def only_proposes(user, publication):
    """What readers see changes only by who may approve: the others leave a proposal."""
    return publication is not None and publication.status == APPROVED and not may_approve(user)


def verbs_for(user, publication):
    return [verb for verb in VERBS if verb.is_open_to(user, publication)]


def pressed(data, verbs=VERBS):
    """The verb whose button was pressed in a posted form; None if it was another button."""
    return next((verb for verb in verbs if verb.button in data), None)
