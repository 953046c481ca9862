"""What it takes to copy a portal, to read it back, to move it, and to leave with everything.

    bin/with-postgres .venv/bin/python benchmarks/leaving.py [ITEMS] [--media MEGABYTES]

A database with the demo and so many communiqués (default 10000; a multiple of 10,000), files of so many megabytes
beside those of the demo (default 0), then each command in a process of its own: seconds of the clock, of the processor,
and the most memory that any of its processes held.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
PLACE = {"DEBUG": "1", "SECRET_KEY": "x" * 60, "SECOND_FACTOR_KEY": "y" * 60, "HTTPS": "0", "PYTHONPATH": str(ROOT)}
MEMORY = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{used.ru_utime + used.ru_stime:.1f} {used.ru_maxrss // 1024}", file=sys.stderr)
sys.exit(code)
"""


def measured(label, environment, *arguments):
    began = time.monotonic()
    command = [sys.executable, "-c", MEMORY, sys.executable, "manage.py", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{label}: {done.stderr[-2000:]}")
    processor, memory = done.stderr.split()[-2:]
    print(f"{label:42} {time.monotonic() - began:7.1f} s {processor:>7} s CPU {memory:>6} MB", flush=True)
    return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items", nargs="?", type=int, default=10_000)
    parser.add_argument("--media", type=int, default=0)
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="leaving-") as folder:
        work(Path(folder), arguments)


def work(folder, arguments):
    (media := folder / "media").mkdir()
    ours = PLACE | {"MEDIA_ROOT": str(media), "REDACTIONS_FILE": str(folder / "redactions.jsonl")}
    measured("tables", ours, "migrate", "-v0")
    measured("demo", ours, "load_demo")
    if arguments.items:
        measured("items", ours, "shell", "-v0", "-c", f"from benchmarks.scale import fill; fill({arguments.items})")
        measured("index", ours, "reindex")
    (media / "documenti").mkdir(exist_ok=True)
    for number in range(arguments.media // 64):
        with (media / "documenti" / f"grande {number}.bin").open("wb") as file:
            piece = os.urandom(2**20)
            for _ in range(64):
                file.write(piece)
    key, copies = folder / "chiave", folder / "copie"
    public = measured("key", ours, "backup_key", key).partition("BACKUP_RECIPIENTS=")[2].strip()
    measured("copy, open, not read back", ours, "backup", copies, "--unverified")
    [copy] = copies.glob("*.tar")
    time.sleep(1)
    print(measured("copy, closed and read back", ours | {"BACKUP_RECIPIENTS": public}, "backup", copies))
    [closed] = copies.glob("*.tar.age")
    print(f"{copy.stat().st_size / 1e6:.0f} MB, {closed.stat().st_size / 1e6:.0f} MB")
    address = f"sqlite:///{folder}/altrove.sqlite3"
    there = ours | {"DATABASE_URL": address, "MEDIA_ROOT": str(folder / "altrove")}
    measured("restored from the closed one, in SQLite", there, "restore", closed, "--key", key)
    print(measured("moved to SQLite", ours, "move_database", f"sqlite:///{folder}/mossa.sqlite3"))
    server, _, options = os.environ["DATABASE_URL"].partition("?")
    name = f"mossa_{os.getpid()}"
    measured("(a new database)", ours, "shell", "-v0", "-c", CREATE.format(name=name))
    back = f"{server.rpartition('/')[0]}/{name}{'?' if options else ''}{options}"
    print(measured("moved to PostgreSQL", there, "move_database", back))
    for command in ("export_all", "export_site"):
        if (ROOT / "areaomogenea" / "management" / "commands" / f"{command}.py").exists():
            print(measured(command, ours, command, folder / command))


CREATE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE DATABASE {name}")
"""

if __name__ == "__main__":
    main()
