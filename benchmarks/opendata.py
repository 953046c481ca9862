"""What a whole file of open data takes: seconds, and the most memory that the process held while it was sent.

    .venv/bin/python benchmarks/opendata.py [COMMUNIQUES...]

For each number of communiqués (default 1,000 and 100,000), each with a topic, a Comune and a version, in a temporary
database of the kind that DATABASE_URL names. Each file is asked for in a process of its own, by the whole middleware.
"""

import os
import sys
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ |= {"DJANGO_SETTINGS_MODULE": "areaomogenea.settings", "DEBUG": "0", "HTTPS": "0", "LOG_LEVEL": "CRITICAL"}
os.environ["PGOPTIONS"] = "-c jit=off"  # as in deploy/gunicorn.conf.py

import django
from many import add

NUMBERS = [int(number) for number in sys.argv[1:]] or [1_000, 100_000]
TEXT = "<p>Un testo di prova, con qualche parola in più perché pesi come uno vero.</p>" * 12


def measure(address):
    """(megabytes sent, seconds until the first piece, seconds in all, megabytes of memory before, and at most)"""
    from django.test import Client

    client = Client()
    client.get("/dati/")  # what only the first request of a process does is done
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is reckoned from here on
    start, sent, first = perf_counter(), 0, None
    for piece in client.get(address):
        first = first or perf_counter() - start
        sent += len(piece)
    return sent / 1e6, first, perf_counter() - start, before, memory("VmHWM")


def memory(what):
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(what))


def in_a_child(work, *arguments):
    from django.db import connection

    connection.close()
    with get_context("fork").Pool(1) as pool:
        return pool.apply(work, arguments)


def main():
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()
    with TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/portal.sqlite3"  # children must find it
        name = connection.creation.create_test_db(verbosity=0)
        call_command("load_municipalities", verbosity=0, stdout=StringIO())
        print(connection.display_name)
        print(
            f"{'communiqués':>11}  {'file':22}{'MB sent':>9}{'first s':>9}{'all s':>9}{'MB before':>11}{'MB peak':>9}"
            f"{'rows/s':>9}"
        )
        there = 0
        for number in NUMBERS:
            in_a_child(add, there, number, TEXT)
            there = number
            for form in ("csv", "json", "xlsx"):
                measures = in_a_child(measure, f"/dati/novita.{form}")
                row = "{:11,}  {:22}{:9.2f}{:9.2f}{:9.1f}{:11.0f}{:9.0f}{:9,.0f}"
                print(row.format(number, f"novita.{form}", *measures, number / measures[2]))
        for file in ("comuni.geojson", "catalogo.ttl"):
            measures = in_a_child(measure, f"/dati/{file}")
            print("{:>11}  {:22}{:9.2f}{:9.2f}{:9.1f}{:11.0f}{:9.0f}".format("", file, *measures))
        connection.creation.destroy_test_db(name, verbosity=0)
    teardown_test_environment()


main()
