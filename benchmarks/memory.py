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
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks import speed  # noqa: E402

TIMES, STARTS = 3, 5
MADE = re.compile(r"^/dati/.*\.|\.(?:pdf|md|txt|png|ics)(?:\?|$)")
ADDRESSES = """
import json
from tests.addresses import address_of, public_patterns
known = []
for pattern in public_patterns():
    try:
        known.append(address_of(pattern))
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
OURS = "import areaomogenea.wsgi; from django.urls import reverse; reverse('home')"
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
        environment = portal.environment
        addresses = json.loads(speed.manage(environment, "shell", "-c", ADDRESSES))
        addresses += [address.format(**portal.names) for address in speed.ADDRESSES.values()]
        print(f"{number:,} items, MB of PSS: workers, in sum; and their master")
        tell("started", portal)
        ask(portal, [address for address in addresses if not MADE.search(address)])
        tell("pages, feeds, endpoints", portal)
        ask(portal, addresses)
        tell("every public address", portal)
        print("CPU seconds of a start, modules")
        for name, start in {"Django and its admin": BARE, "the portal": OURS}.items():
            seconds, modules = zip(*(started(start, environment) for _ in range(STARTS)), strict=True)
            print(f"{name:28}{median(seconds):6.2f}{modules[0]:8.0f}")


def ask(portal, addresses):
    """Until each worker has answered each of them so many times."""
    for address in addresses:
        answers = dict.fromkeys(speed.workers_of(portal), 0)
        while min(answers.values()) < TIMES and sum(answers.values()) < 20 * TIMES:
            connection = HTTPConnection("127.0.0.1", portal.port, timeout=300)
            connection.request("GET", address, headers={"Accept-Encoding": "gzip", "Host": "localhost"})
            response = connection.getresponse()
            response.read()
            connection.close()
            answers[int(response.headers["X-Process"])] += 1


def tell(when, portal):
    sizes = [speed.pss(worker) for worker in speed.workers_of(portal)]
    parts = " + ".join(f"{size:.0f}" for size in sizes)
    print(f"{when:28}{parts} = {sum(sizes):.0f}; {speed.pss(portal.process.pid):.0f}")


def started(start, environment):
    """(CPU seconds, modules) of a fresh process."""
    command = [sys.executable, "-c", START.format(start=start)]
    settings = {"DJANGO_SETTINGS_MODULE": "areaomogenea.settings"}
    output = subprocess.check_output(command, cwd=ROOT, env=environment | settings, text=True)
    return [float(number) for number in output.split()]


if __name__ == "__main__":
    main(int((sys.argv[1:] or [10_000])[0]))
