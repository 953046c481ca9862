"""What the address of a list may ask for: the filters, the dates and the order that the list offers, nothing else.

Django takes any column of the model itself for a filter, whatever its look-up: by `?password__startswith=` a list of
people told hashes letter by letter, and `?title__regex=` had the database work without end.
"""

from typing import Any

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.views.main import ChangeList

from areaomogenea.accounts.requests import UserRequest

BOUNDS = ("gte", "lt")  # Django makes these of the year, the month and the day that were asked for


class DeclaredList:
    """Mixin of a ChangeList: what no filter of the list has taken must be declared."""

    def get_filters(self, request: UserRequest) -> Any:
        filters = super().get_filters(request)
        _, _, remaining, _, _ = filters
        declared = {
            *getattr(self.model_admin, "extra_lookups", ()),
            *(f"{self.date_hierarchy}__{bound}" for bound in BOUNDS),
        }
        for lookup in remaining:
            if lookup not in declared:
                raise DisallowedModelAdminLookup(f"Filtering by {lookup} not allowed")
        return filters


def declared_list(changelist: type[ChangeList]) -> type[ChangeList]:
    """The class of a ChangeList; `extra_lookups` of its admin are those that our own links use and no filter offers."""
    return type(changelist.__name__, (DeclaredList, changelist), {"__module__": changelist.__module__})
