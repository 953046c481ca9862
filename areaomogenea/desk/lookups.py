"""What the address of a list may ask for: the filters, the dates and the order that the list offers, nothing else.

Django takes any column of the model itself for a filter, whatever its look-up: by `?password__startswith=` a list of
people told hashes letter by letter, and `?title__regex=` had the database work without end.
"""

from django.contrib.admin.exceptions import DisallowedModelAdminLookup

BOUNDS = ("gte", "lt")  # Django makes these of the year, the month and the day that were asked for


class DeclaredList:
    """Mixin of a ChangeList: what no filter of the list has taken must be declared."""

    def get_filters(self, request):
        found = super().get_filters(request)
        _, _, remaining, _, _ = found
        declared = {
            *getattr(self.model_admin, "extra_lookups", ()),
            *(f"{self.date_hierarchy}__{bound}" for bound in BOUNDS),
        }
        for lookup in remaining:
            if lookup not in declared:
                raise DisallowedModelAdminLookup(f"Filtering by {lookup} not allowed")
        return found


class DeclaredLookups:
    """Mixin of every desk; `extra_lookups` are those that our own links use and no filter offers."""

    # Not as an attribute here: this class stands before the one that says it.

    def get_changelist(self, request, **kwargs):
        whole = super().get_changelist(request, **kwargs)
        return type(whole.__name__, (DeclaredList, whole), {"__module__": whole.__module__})

    def to_field_allowed(self, request, to_field):
        """A row is named by its key: nobody chooses which other column tells of it."""
        return to_field in ("id", "pk", self.opts.pk.name)
