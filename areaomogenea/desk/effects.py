"""What a verb would do, said before it is done: with what effect, what stands against it, what changed since."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from areaomogenea.accounts.models import User
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.publishing.models import DAYS_IN_BIN, Publication
from areaomogenea.publishing.revisions import differences
from areaomogenea.publishing.versions import Versioned
from areaomogenea.publishing.workflow import APPROVED, Verb
from areaomogenea.quality.check_input import check_input_of
from areaomogenea.quality.content_checks import blocking


@dataclass(frozen=True)
class Meanwhile:
    """The changes of a publication after the version that somebody read; both lists are empty where none is kept."""

    steps: list  # Revisions, the oldest first
    differences: list


@dataclass(frozen=True)
class Decision:
    """A verb and a publication that it is about to be done to."""

    publication: Publication
    verb: Verb
    effect: str
    obstacles: list = field(default_factory=list)
    cautions: list = field(default_factory=list)
    meanwhile: Meanwhile | None = None

    @property
    def can_be_made(self) -> bool:
        return not self.obstacles and self.meanwhile is None

    @property
    def read_name(self) -> str:
        """The field by which a form says which version was read."""
        return f"letta_{self.publication.pk}"

    @property
    def is_late(self) -> bool:
        """Whether it would come out with an hour that has passed, which somebody has to want."""
        return is_late(self.verb, self.publication)

    @property
    def late_name(self) -> str:
        """The field by which a form says that this was shown."""
        return f"passata_{self.publication.pk}"


def is_late(verb: Verb, publication: Publication) -> bool:
    return verb.needs_hour and publication.publish_at is not None and publication.publish_at <= timezone.now()


def decision_on(publication: Publication, verb: Verb, user: User, read: int | None = None) -> Decision:
    """A decision; `read` is the version that was shown to who decides, None if they see it for the first time."""
    meanwhile = meanwhile_of(publication, read, user) if read is not None and read != publication.version else None
    if not verb.is_open_to(user, publication):
        return Decision(publication, verb, "", [why_not(publication)], meanwhile=meanwhile)
    obstacles = missing_in(publication, verb) if verb.needs_all else []
    return Decision(publication, verb, effect_of(verb, publication), obstacles, cautions_on(publication), meanwhile)


def missing_in(publication: Publication, verb: Verb) -> list[str]:
    sheet = check_input_of(publication)
    if not verb.needs_hour and not publication.is_published():
        sheet.publish_at = sheet.now
    return [f"{finding.message} {finding.advice}" for finding in blocking(sheet)]


def meanwhile_of(publication: Versioned, read: int, user: User) -> Meanwhile:
    """The changes since the version `read`, which may be one that never was, as `user` may know of them."""
    before = publication.content_at(read)
    if before is None:
        return Meanwhile([], [])
    newer = publication.revisions.versions().filter(version__gt=read).select_related("by").order_by("version", "pk")
    return Meanwhile(list(newer), list(differences(type(publication), before, publication.content(), user)))


def unseen_changes(request: UserRequest, publication: Publication) -> Any:
    """The changes that a page that is posted did not show; None if it showed all there is."""
    read = whole_number(request.POST.get("version"))
    is_behind = request.method == "POST" and read != publication.version
    return meanwhile_of(publication, -1 if read is None else read, request.user) if is_behind else None


def whole_number(text: str) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None


def require_for_readers(row: Any) -> None:
    """Raises ValidationError with what blocks a page that readers see, or are about to; of topics and terms nothing."""
    is_for_readers = isinstance(row, Publication) and row.status == APPROVED
    if findings := blocking(check_input_of(row)) if is_for_readers else ():
        raise ValidationError([finding.message for finding in findings])


def effect_of(verb: Verb, publication: Publication) -> str:
    match verb.name:
        case "publish":
            return effect_of_hour(publication)
        case "publish_now":
            return f"Esce subito, a questo indirizzo: {publication.get_absolute_url()}"
        case "withdraw":
            return "I lettori non la trovano più: al suo posto leggono il motivo che scrivi."
        case "discard":
            until = date_format(timezone.localdate() + timedelta(days=DAYS_IN_BIN), "j F Y").lower()
            return f"Nessun lettore l’ha vista. Si può riprendere dal cestino fino al {until}."
        case "submit":
            return "La leggerà un Responsabile, che la approva o la rimanda."
        case "send_back":
            return "Torna bozza, con la tua nota per chi l’ha scritta."
    return "Torna bozza."


def effect_of_hour(publication: Publication) -> str:
    at, address = publication.publish_at, publication.get_absolute_url()
    if at is None or at > timezone.now():
        when = (
            f"{date_format(localtime(at), 'l j F Y')}, alle {date_format(localtime(at), 'H:i')}," if at else "Subito,"
        )
        return f"Esce da sola {when.lower()} a questo indirizzo: {address}"
    day = date_format(localtime(at), "j F Y, H:i").lower()
    return f"L’ora indicata è già passata: {day}. Esce subito, con la data che scegli, a questo indirizzo: {address}"


def cautions_on(publication: Publication) -> list[str]:
    """Sentences on what deserves a second look, and keeps nobody from going on."""
    doubts = publication.doubts.count()
    if not doubts:
        return []
    return [
        "Ha ancora un dubbio lasciato dall’importazione."
        if doubts == 1
        else f"Ha ancora {doubts} dubbi lasciati dall’importazione."
    ]


def why_not(publication: Versioned) -> str:
    """The reason why a verb is not open: whose decision came first, and when."""
    state = publication.standing[1].lower()
    last = publication.revisions.decisions().select_related("by").first()
    if not last:
        return f"Non si può: è {state}."
    when = date_format(localtime(last.at), "j F, H:i").lower()
    return f"Non si può: è {state}. {last.get_action_display()} da {last.by or 'qualcuno'}, {when}."
