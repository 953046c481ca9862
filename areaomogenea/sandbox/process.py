"""The parent's side: starts a process for one file, waits as long as it may last, and takes its answer in JSON."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any

from . import limits
from .errors import Refused, TooCostly, Unreadable

PROGRAM = Path(__file__).with_name("child.py")
STOPPED = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ, -signal.SIGALRM, -signal.SIGPROF}
BUSY = "In questo momento il portale sta esaminando altri file: riprova fra qualche secondo."
NO_SPACE = "Il portale non ha spazio per ricevere il file: riprova più tardi, e avvisa chi lo gestisce."
PIECE = limits.MEGABYTE

room = BoundedSemaphore(limits.AT_ONCE)
logger = logging.getLogger(__name__)


def ask(task: str, file: IO[bytes], allowance: limits.Allowance, *arguments: object) -> Any:
    """The answer of the function `task` ("module:function") on a file, asked in a process of its own.

    Raises Refused with the words of the function, TooCostly, or Unreadable. `arguments` and the answer are JSON, in
    which bytes may stand too.
    """
    with a_place():
        return ask_at_once(task, file, allowance, *arguments)


def ask_at_once(task: str, file: IO[bytes], allowance: limits.Allowance, *arguments: object) -> Any:
    """The same of a file of our own, whose askers stand in a line of their own."""
    request = json.dumps({"task": task, "arguments": arguments, "allowance": vars(allowance)})
    with descriptor_of(file) as descriptor, TemporaryFile() as answer:
        return answer_of(*run(request, descriptor, answer, max(limits.PATIENCE, allowance.patience)), task)


@contextmanager
def a_place() -> Iterator[None]:
    if not room.acquire(timeout=limits.WAIT_FOR_ROOM):
        raise Refused(BUSY)
    try:
        yield
    finally:
        room.release()


@contextmanager
def descriptor_of(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """A copy that the system knows, whether the file is on disk or in memory, at its beginning."""
    file.seek(0)
    with TemporaryFile() as copy:
        try:
            while piece := file.read(PIECE):
                copy.write(piece)
            copy.seek(0)
        except OSError:
            raise Refused(NO_SPACE) from None
        finally:
            file.seek(0)
        yield copy


def run(request: str, descriptor: IO[bytes], answer: IO[bytes], patience: float) -> tuple[int, bytes]:
    # Isolated, and with nothing of our environment: what breaks out of a reader finds no secret there.
    command = [sys.executable, "-I", str(PROGRAM), request]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 (our own program; of the file comes nothing that is run)
        command, stdin=descriptor, stdout=answer, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
    ) as process:
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
        except BaseException:
            process.kill()
            raise
    answer.seek(0)
    return process.returncode, answer.read()


def answer_of(code: int, content: bytes, task: str) -> Any:
    if code in STOPPED:
        raise TooCostly
    try:
        head, _, rest = content.partition(b"\n")
        reply = json.loads(head, object_hook=lambda one: _with_bytes(one, rest))
    except ValueError:
        logger.warning("%s ended with code %s and no answer.", task, code)
        raise Unreadable from None
    if "refused" in reply:
        raise Refused(reply["refused"])
    if "costly" in reply:
        raise TooCostly
    if "broken" in reply:
        logger.warning("%s could not read a file: %s", task, reply["broken"])
        raise Unreadable
    return reply["answer"]


def _with_bytes(one, rest):
    if one.keys() == {"start", "length"}:
        return rest[one["start"] : one["start"] + one["length"]]
    return one
