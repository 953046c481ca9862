"""The desk: what waits for whom, asked of publications in a number of questions that does not grow with them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from areaomogenea.accounts.models import User
from areaomogenea.accounts.scope import writes_for_area
from areaomogenea.publishing.expiry import midnight
from areaomogenea.publishing.models import Publication, PublicationQuerySet
from areaomogenea.publishing.workflow import may_approve
from areaomogenea.quality.models import Link

from .pagination import MOST_COUNTED, number_of

SHOWN, MOST = 6, 200
DAYS = 7
UNPLACED = "Non è detto dove valgono"


@dataclass(frozen=True)
class Pile:
    """Some of the publications that ask for the same thing; `more` says how many are counted and not shown."""

    name: str
    title: str
    empty: str
    rows: list = field(default_factory=list)
    more: int = 0
    is_cut: bool = False  # whether there are more than are counted

    @property
    def count(self) -> int:
        return len(self.rows) + self.more


@dataclass(frozen=True)
class Day:
    date: date
    rows: list

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()


def piles_for(user: User, whole: str = "") -> list[Pile]:
    """The piles that ask for this person's eyes; the one named `whole` with all that a page can hold."""
    mine = Publication.objects.editable_by(user)
    back = mine.sent_back_to(user).latest_first()
    drafts = mine.drafts().written_by(user).exclude(pk__in=back.values("pk")).order_by("-pk")
    again = mine.published().to_read_again(by=timezone.localdate() + timedelta(days=DAYS)).order_by("review_by")
    out = mine.published().published_since(timezone.now() - timedelta(days=DAYS)).latest_first()
    piles = [
        waiting_for(user, mine.awaiting_decision().order_by("pk")),
        ("back", "Rimandate a te", "Nessuna correzione da fare.", back),
        ("drafts", "Le tue bozze", "Nessuna bozza aperta.", drafts),
        ("again", "Da rileggere", "Nessuna pagina pubblicata è da rileggere questa settimana.", again),
        ("out", "Uscite negli ultimi sette giorni", "In questi giorni non è uscito niente.", out),
    ]
    if writes_for_area(user):
        piles.append(("unplaced", UNPLACED, "", mine.published().of_unknown_coverage().latest_first()))
    made = [pile(*row, shown=MOST if row[0] == whole else SHOWN) for row in piles]
    return [one for one in made if one.rows or one.empty]


def waiting_for(user: User, waiting: PublicationQuerySet) -> tuple[str, str, str, PublicationQuerySet]:
    """The first pile: for who approves, what asks for a decision; for the others, what they have handed over."""
    if may_approve(user):
        return "decide", "Aspettano la tua decisione", "Niente da decidere: tutto fatto.", waiting
    return "waiting", "In mano al Responsabile", "Non hai mandato niente in revisione.", waiting.written_by(user)


def pile(name: str, title: str, empty: str, publications: PublicationQuerySet, shown: int) -> Pile:
    rows = list(publications.for_desk()[: shown + 1])
    number = number_of(publications) if len(rows) > shown else len(rows)
    more = min(number, MOST_COUNTED) - len(rows[:shown])
    return Pile(name, title, empty, rows[:shown], more, number > MOST_COUNTED)


def week_for(user: User) -> list[Day]:
    """The coming seven days, each with what comes out in it."""
    today = timezone.localdate()
    start, end = midnight(today), midnight(today + timedelta(days=DAYS))
    coming = list(Publication.objects.editable_by(user).scheduled().coming_out(start, end).oldest_first().for_desk())
    dates = [today + timedelta(days=number) for number in range(DAYS)]
    return [Day(date, [row for row in coming if timezone.localdate(row.publish_at) == date]) for date in dates]


def broken_links_for(user: User) -> tuple[list[Link], int]:
    """(some broken links, how many there are)."""
    broken = Link.objects.of_interest_to(user).broken().longest_broken_first()
    some = list(broken.prefetch_related("publications", "topics")[:SHOWN])
    return some, broken.count() if len(some) == SHOWN else len(some)
