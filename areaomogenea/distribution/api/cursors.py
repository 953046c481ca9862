"""Pages of a list, cut at a row and not at a number: an address keeps its meaning when something new arrives."""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet

from areaomogenea.publishing.matches import Match
from areaomogenea.publishing.pagination import Cursor

from .problems import Refused


def position_at(name: str, cursor: str) -> tuple:
    """The values by which this list is ordered, as `cursor_to` wrote them; a cursor that we did not make is none."""
    try:
        hour, *rest = _signer(name).unsign_object(cursor)
    except (BadSignature, ValueError):
        raise Refused(404, "Questa pagina non c’è: il cursore non è di questo elenco. Riparti dalla prima.") from None
    return datetime.fromisoformat(hour), *rest


def cursor_to(name: str, hour: datetime, *rest: Any) -> str:
    return _signer(name).sign_object([hour.isoformat(), *rest])


def _signer(name: str) -> Signer:
    return Signer(salt=f"api/{name}", sep=".")


class Order(NamedTuple):
    """An order of rows: puts them so, leaves those after a position, and says the position of one."""

    arrange: Callable[[Any], QuerySet]
    after: Callable[..., QuerySet]
    position: Callable[[Any], tuple]


LATEST_FIRST = Order(
    methodcaller("latest_first"),
    lambda rows, hour, pk: rows.older_than(Cursor(hour, pk)),
    attrgetter("publish_at", "pk"),
)
SOONEST_FIRST = Order(
    methodcaller("soonest_first"),
    lambda rows, hour, pk: rows.filter(due_at__gte=hour).exclude(due_at=hour, pk__lte=pk),
    attrgetter("due_at", "pk"),
)
TITLES_FIRST = Order(
    lambda matches: matches,  # they come so
    lambda matches, hour, pk, in_title: matches.after(Match(in_title, hour, pk)),
    attrgetter("publish_at", "pk", "in_title"),
)


def page(name: str, rows: QuerySet, order: Order, limit: int, cursor: str | None) -> tuple[list, str | None]:
    """(rows of the page, the cursor to the next one or None)"""
    if cursor:
        rows = order.after(rows, *position_at(name, cursor))
    ahead = list(order.arrange(rows)[: limit + 1])
    own = ahead[:limit]
    return own, cursor_to(name, *order.position(own[-1])) if len(ahead) > limit else None
