"""Pages of a list, cut at a row and not at a number: an address keeps its meaning when something new arrives."""

from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.db.models import Q

from areaomogenea.publishing.pagination import Cursor

from .problems import Refused


def position_at(name, cursor):
    """The values by which this list is ordered, as `cursor_to` wrote them; a cursor that we did not make is none."""
    try:
        hour, *rest = _signer(name).unsign_object(cursor)
    except (BadSignature, ValueError):
        raise Refused(404, "Questa pagina non c’è: il cursore non è di questo elenco. Riparti dalla prima.") from None
    return datetime.fromisoformat(hour), *rest


def cursor_to(name, hour, *rest):
    return _signer(name).sign_object([hour.isoformat(), *rest])


def _signer(name):
    return Signer(salt=f"api/{name}", sep=".")


class River:
    """The order of publications: the latest first."""

    def order(self, rows):
        return rows.latest_first()

    def after(self, rows, hour, pk):
        return rows.older_than(Cursor(hour, pk))

    def position(self, row):
        return row.publish_at, row.pk


class Agenda:
    """The order of deadlines: the soonest first."""

    def order(self, rows):
        return rows.soonest_first()

    def after(self, rows, hour, pk):
        return rows.filter(due_at__gte=hour).exclude(due_at=hour, pk__lte=pk)

    def position(self, row):
        return row.due_at, row.pk


class Found:
    """The order of a search: titles first, then the latest."""

    def order(self, rows):
        return rows

    def after(self, rows, hour, pk, in_title):
        beyond = Q(publish_at__lte=hour) & ~Q(publish_at=hour, pk__gte=pk) & Q(in_title=in_title)
        return rows.filter(beyond | Q(in_title=False) if in_title else beyond)

    def position(self, row):
        return row.publish_at, row.pk, bool(row.in_title)


def page(name, rows, order, limit, cursor):
    """(rows of the page, the cursor to the next one or None)"""
    if cursor:
        rows = order.after(rows, *position_at(name, cursor))
    rows = list(order.order(rows)[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    return rows, cursor_to(name, *order.position(rows[-1])) if more else None
