"""Which copies are worth their room: all of two days, then the last of each day, of each week, of each month."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

NAME = re.compile(r"portale-(\d{8}T\d{6}Z)\.tar(\.age)?")
ALL_FOR = timedelta(days=2)
SPANS = [(timedelta(days=14), "%Y-%m-%d"), (timedelta(days=70), "%G-%V"), (timedelta(days=400), "%Y-%m")]


def superfluous(paths: Iterable[Path], now: datetime) -> list[Path]:
    """Those of these copies that others stand for; what has another name is nobody's copy, and stays."""
    copies = sorted(((at, path) for path in paths if (at := hour_of(path))), reverse=True)
    chosen: set[object] = {copies[0][1]} if copies else set()
    for at, path in copies:
        age = now - at
        if age <= ALL_FOR:
            chosen.add(path)
        for longest, form in SPANS:
            if age <= longest and (span := at.strftime(form)) not in chosen:
                chosen |= {span, path}
    return [path for _, path in copies if path not in chosen]


def hour_of(path: Path) -> datetime | None:
    match = NAME.fullmatch(path.name)
    return datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if match else None
