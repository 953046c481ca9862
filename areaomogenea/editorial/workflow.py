"""Who may do what to a publication, and when: the one table that the desk's buttons are made from."""

from dataclasses import dataclass

from .models import Publication

DRAFT, REVIEW, APPROVED, WITHDRAWN = Publication.Status


@dataclass(frozen=True)
class Verb:
    """A change of state; `name` is the method of Publication that makes it."""

    name: str
    label: str
    done: str
    before: tuple[str, ...]
    is_for_approvers: bool = True
    needs_comment: bool = False
    needs_all: bool = False  # whatever readers would miss

    @property
    def button(self):
        return f"_verb_{self.name}"

    def is_open_to(self, user, publication):
        may = user.has_perm("editorial.publish_publication") or not self.is_for_approvers
        return may and publication.status in self.before


VERBS = [
    Verb("submit", "Salva e manda in revisione", "in revisione", (DRAFT,), is_for_approvers=False),
    Verb("send_back", "Rimanda all’autore", "rimandata all’autore", (REVIEW,), needs_comment=True),
    Verb("publish", "Salva e pubblica", "approvata", (DRAFT, REVIEW, WITHDRAWN), needs_all=True),
    Verb("withdraw", "Ritira", "ritirata", (APPROVED,), needs_comment=True),
]


def verbs_for(user, publication):
    return [verb for verb in VERBS if verb.is_open_to(user, publication)]
