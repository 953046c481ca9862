"""What a deletion takes along, told without the rows that only join two others."""

from django.apps import apps
from django.utils.text import capfirst


class Deletion:
    """Goes before an admin."""

    def get_deleted_objects(self, objs, request):
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        joining = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
        heads = tuple(f"{capfirst(meta.verbose_name)}: " for meta in joining)
        names = {str(name) for meta in joining for name in (meta.verbose_name, meta.verbose_name_plural)}
        return (
            without(deleted, heads),
            {name: count for name, count in counts.items() if str(name) not in names},
            {name for name in lacking if str(name) not in names},
            without(protected, heads),
        )


def without(told, heads):
    """The same nested list, without the lines that begin so."""
    return [
        without(line, heads) if isinstance(line, list) else line
        for line in told
        if isinstance(line, list) or not str(line).startswith(heads)
    ]
