"""The index of the search, made anew: after rows have come in by a way that calls no `save`."""

from django.apps import apps

from areaomogenea.search.engines import index_publication

from . import kinds

CHUNK = 200


def reindex() -> int:
    """Indexes all publications of every kind, a row at a time; how many there are."""
    number = 0
    for model in {apps.get_model(kind.model) for kind in kinds.every()}:
        for row in model._base_manager.order_by("pk").iterator(CHUNK):
            index_publication(row, row.searchable_text())
            number += 1
    return number
