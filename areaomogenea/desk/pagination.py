"""Pages of lists by number, as far as anybody goes through them: a million rows are not counted for who sees fifty."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST_COUNTED = 1_000


def number_of(rows: QuerySet) -> int:
    """How many there are; one more than MOST_COUNTED where there are more."""
    return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()


class ListPaginator(Paginator):
    """Django's own, but that it counts to MOST_COUNTED; `is_cut` says that there are more."""

    @cached_property
    def counted(self) -> int:
        rows: Any = self.object_list
        return number_of(rows) if isinstance(rows, QuerySet) else len(rows)

    @cached_property
    def count(self) -> int:
        return min(self.counted, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        return self.counted > MOST_COUNTED
