"""The child: bounds itself, opens the file that its standard input is, and says in JSON what it found."""

from __future__ import annotations

import json
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .limits import Allowance

LONGEST_FAULT = 300


def main() -> None:
    request = json.loads(sys.argv[1])
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from areaomogenea.sandbox import limits
    from areaomogenea.sandbox.errors import Refused, TooCostly

    allowance = limits.Allowance(**request["allowance"])
    bind(allowance, limits.OPEN_FILES)
    try:
        module, _, name = request["task"].partition(":")
        reply = {"answer": getattr(import_module(module), name)(sys.stdin.buffer, *request["arguments"])}
    except Refused as refused:
        reply = {"refused": str(refused)}
    except (TooCostly, MemoryError):
        reply = {"costly": True}
    except Exception as error:  # a broken file may break its reader in any way
        reply = {"broken": repr(error)[:LONGEST_FAULT]}
    write(reply, allowance.answer)


def bind(allowance: Allowance, open_files: int) -> None:
    for name, value in (
        ("AS", allowance.memory),
        ("FSIZE", allowance.answer),
        ("NOFILE", open_files),
        ("CORE", 0),
    ):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (allowance.cpu, allowance.cpu + 1))


def write(reply: dict[str, Any], most: int) -> None:
    """One line of JSON, then the bytes that it speaks of as {start, length}; or that they would be too many."""
    pieces, end = [], 0

    def apart(value: object) -> dict[str, int]:
        nonlocal end
        if not isinstance(value, bytes):
            raise TypeError(f"{type(value)} cannot be told")
        pieces.append(value)
        end += len(value)
        return {"start": end - len(value), "length": len(value)}

    head = json.dumps(reply, default=apart).encode("ascii")
    if len(head) + 1 + end > most:
        head, pieces = json.dumps({"costly": True}).encode("ascii"), []
    for piece in (head, b"\n", *pieces):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
