"""What the sheets of a communiqué tell besides what all publications do: nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import Communique


def context(communique: Communique, in_full: Callable[[str], str]) -> dict[str, Any]:
    return {}
