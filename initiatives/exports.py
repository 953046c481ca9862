"""What the sheets of an initiative tell besides: PDF, plain text and Markdown."""

from collections.abc import Callable
from typing import Any

from .models import Initiative
from .money import money_of
from .participation_map import participation_map


def context(initiative: Initiative, in_full: Callable[[str], str]) -> dict[str, Any]:
    """Of a row that came `with_all`; `in_full` makes the HTML of a field that of a sheet."""
    return {
        "participation": participation_map(initiative),
        "money": money_of(initiative.amounts.all()),
        "answers": [(row.question, in_full(row.body_html)) for row in initiative.questions.all()],
    }
