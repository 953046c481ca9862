"""Memory that two workers hold, and CPU of their start, beside a Django that does nothing.

    bin/with-postgres .venv/bin/python benchmarks/memory.py [ITEMS]

A database with the demo and so many communiqués (default 10000) is served by deploy/gunicorn.conf.py. Every public
address is asked until each worker has answered it three times. Memory is PSS, which counts of what processes share
its part for each: after the pages, feeds and endpoints that people and programs ask for all day, and after the
files too that are made for who wants them: PDF, text, card, calendar, open data.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks import speed  # noqa: E402

TIMES, STARTS = 3, 5
MADE = re.compile(r"^/dati/.*\.|\.(?:pdf|md|txt|png|ics)(?:\?|$)")
ADDRESSES = """
import json
from tests.addresses import address_of, public_patterns
known = {}
for pattern in public_patterns():
    try:
        known[pattern.name] = address_of(pattern)
    except LookupError:
        pass
print(json.dumps(known))
"""
START = """
import sys, time
before = time.process_time()
{start}
print(time.process_time() - before, len(sys.modules))
"""
OURS = """
import runpy
served = runpy.run_path("deploy/gunicorn.conf.py")
import areaomogenea.wsgi
served["share_memory"]()
"""
BARE = """
from django.conf import settings
apps = "admin auth contenttypes sessions messages sitemaps staticfiles"
settings.configure(
    INSTALLED_APPS=[f"django.contrib.{app}" for app in apps.split()],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "nothing"}},
)
from django.core.wsgi import get_wsgi_application
get_wsgi_application()
from django.contrib import admin
admin.site.urls
"""


def main(number):
    with speed.served(number) as portal:
        print(f"{number:,} items, MB of PSS: workers, in sum; and their master")
        for when, sizes in memories(portal):
            parts = " + ".join(f"{size:.0f}" for size in sizes)
            print(f"{when:28}{parts} = {sum(sizes):.0f}; {speed.pss(portal.process.pid):.0f}")
        print("CPU seconds of a start, modules")
        for name, start in {"Django and its admin": BARE, "the portal": OURS}.items():
            seconds, modules = started(start, portal.environment)
            print(f"{name:28}{seconds:6.2f}{modules:8.0f}")


def memories(portal):
    """(when, megabytes of each worker), as they are asked for more and more; of a portal that nobody has asked yet."""
    addresses = public_addresses(portal)
    yield "started", sizes_of(portal)
    ask(portal, [address for address in addresses if not MADE.search(address)])
    yield "pages, feeds, endpoints", sizes_of(portal)
    ask(portal, addresses)
    yield "every public address", sizes_of(portal)


def public_addresses(portal):
    known = json.loads(speed.manage(portal.environment, "shell", "-c", ADDRESSES))
    return [*known.values(), *(address.format(**portal.names) for address in speed.ADDRESSES.values())]


def ask(portal, addresses):
    for address in addresses:
        speed.ask_each_worker(speed.Request(portal, address, {}), TIMES)


def sizes_of(portal):
    return [speed.pss(worker) for worker in speed.workers_of(portal)]


def started(start, environment):
    """(CPU seconds, modules) of fresh processes, in the middle."""
    command = [sys.executable, "-c", START.format(start=start)]
    settings = {"DJANGO_SETTINGS_MODULE": "areaomogenea.settings"}
    how = {"cwd": ROOT, "env": environment | settings, "text": True}
    output = [subprocess.check_output(command, **how).split() for _ in range(STARTS)]
    return speed.middle([[float(number) for number in row] for row in output])


if __name__ == "__main__":
    main(int((sys.argv[1:] or [10_000])[0]))
