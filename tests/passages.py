"""Passages as offices and associations write them, with the terms and meetings that a reader has to keep of each.

The table, data/passages.txt, has a passage in a line, " / " where its own lines end; below, indented, what is to be
read of it: kind, day, hour if it is told, "?" if it is in doubt, "@" and where, if the passage tells it. All of them
are texts of the same day.
"""

from datetime import date
from pathlib import Path

FILE = Path(__file__).parent / "data" / "passages.txt"
WRITTEN_ON = date(2026, 11, 30)  # a Monday


def passages():
    """(passage, what is to be read of it) of the whole table."""
    rows = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            rows[-1][1].append(line.strip())
        else:
            rows.append((line.replace(" / ", "\n"), []))
    return rows


def term_line(term):
    """A term as the table has it."""
    hour, place = f"{term.hour:%H:%M}" if term.hour else "", f"@ {term.place}" if term.place else ""
    return " ".join(filter(None, [term.kind.value, f"{term.day}", hour, "" if term.is_certain else "?", place]))


def essence(line):
    """What must be right for a row to be: its kind, its day, its hour."""
    return line.partition(" @")[0].removesuffix(" ?")


def measured(read):
    """(right, read, wanted) over the table, by kind, day and hour; and the lines of what was read wrong."""
    right = read_count = expected_count = 0
    wrong = []
    for text, lines in passages():
        got, meant = [essence(term_line(term)) for term in read(text, WRITTEN_ON)], [essence(line) for line in lines]
        right += len({*got} & {*meant})
        read_count, expected_count = read_count + len(got), expected_count + len(meant)
        if got != meant:
            wrong.append((text, got, meant))
    return right, read_count, expected_count, wrong
