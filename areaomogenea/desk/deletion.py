"""What a deletion takes along, told without the rows that only join two others."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.utils.text import capfirst


def without_joins(
    deleted: list[Any], counts: dict[Any, int], lacking: set[str], protected: list[Any]
) -> tuple[Any, ...]:
    """The answer of `get_deleted_objects`, without the rows that only join two others."""
    joins = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
    heads = tuple(f"{capfirst(meta.verbose_name)}: " for meta in joins)
    names = {str(name) for meta in joins for name in (meta.verbose_name, meta.verbose_name_plural)}
    return (
        without_lines(deleted, heads),
        {name: count for name, count in counts.items() if str(name) not in names},
        {name for name in lacking if str(name) not in names},
        without_lines(protected, heads),
    )


def without_lines(lines: Iterable[Any], heads: tuple[str, ...]) -> list[Any]:
    """A nested list of lines, without those that begin so."""
    return [
        without_lines(line, heads) if isinstance(line, list) else line
        for line in lines
        if isinstance(line, list) or not str(line).startswith(heads)
    ]
