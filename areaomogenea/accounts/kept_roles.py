"""The roles that the portal itself keeps: what each may do comes back with every migrate, whoever changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import Group
_names: set[str] = set()


def register_kept_roles(names: Mapping[str, set[str]]) -> None:
    """Of the table that says what they may do, from an `AppConfig.ready()`."""
    _names.update(names)


def is_kept(group: Group | None) -> bool:
    return group is not None and group.name in _names
