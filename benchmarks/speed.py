"""What each public address costs with many items: CPU of the server and of PostgreSQL, beside a page that says hello.

    bin/with-postgres .venv/bin/python benchmarks/speed.py [ITEMS ...]

A database with the demo and so many communiqués (default 10000; multiples of 10,000) is made and served by gunicorn for
each number, then all addresses are asked in turn, round after round, so that a busy machine disturbs all alike. CPU is
what the kernel has counted for every thread of gunicorn and of PostgreSQL, in nanoseconds: waiting does not count. The
medians are of ROUNDS rounds of TIMES requests, each over a connection of its own, with gzip and without any cache.
"""

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.scale import COMMON, MIDDLING, RARE  # noqa: E402

ROUNDS, TIMES, WORKERS = 7, 6, 2
HELLO, COOKIE = "/ciao/", "misura=1"  # who sends a cookie gets no response that was kept
SERVED = {"DJANGO_SETTINGS_MODULE": "benchmarks.served_settings", "DEBUG": "0", "HTTPS": "0", "LOG_LEVEL": "CRITICAL"}
SERVED |= {"SECRET_KEY": "x" * 60, "SECOND_FACTOR_KEY": "y" * 60, "PYTHONPATH": str(ROOT)}
ADDRESSES = {
    "hello": HELLO,
    "communiqué": "{communique}",
    "list": "/novita/",
    "list, page 50": "/novita/?pagina=50",
    "list, last page": "/novita/?pagina={last}",
    "list of a year": "/novita/?anno=2024",
    "home": "/",
    "topic, commonest": "/argomenti/{common}/",
    "topic, rarest": "/argomenti/{rare}/",
    "Comune": "/comuni/crema/",
    "Comune in brief": "/comuni/crema/in-breve/",
    "initiative": "{initiative}",
    "topic and Comune": "/novita/?argomento={common}&comune=crema",
    "rare topic and Comune": "/novita/?argomento={rare}&comune=crema",
    "everything narrowed": "/novita/?tipo=avvisi&argomento={common}&comune=crema&anno=2024",
    "of an initiative": "/novita/?iniziativa={initiative_slug}",
    "terms": "/scadenze/",
    "calendar, month": "/calendario/",
    "topics": "/argomenti/",
    "Comuni": "/comuni/",
    "site map": "/mappa-del-sito/",
    "RSS": "/feed/rss.xml",
    "RSS of a Comune": "/feed/rss.xml?comune=crema",
    "RSS of a topic and a Comune": "/feed/rss.xml?argomento={common}&comune=crema",
    "JSON Feed": "/feed/feed.json?argomento={rare}",
    "calendar file": "/calendario/calendario.ics",
    "API list": "/api/v1/novita",
    "API list of a Comune": "/api/v1/novita?comune=crema",
    "embed": "/incorpora/elenco/?argomento={common}",
    "sitemap index": "/sitemap.xml",
    "sitemap of news": "/sitemap-novita.xml",
    "sitemap, a part": "/sitemap-pubblicazioni.xml",
    "search, common": f"/cerca/?q={COMMON}",
    "search, middling": f"/cerca/?q={MIDDLING}",
    "search, rare": f"/cerca/?q={RARE}",
    "search, three words": f"/cerca/?q={COMMON}+energia+{MIDDLING}",
    "search, page 50": f"/cerca/?q={COMMON}&pagina=50",
}


def main(numbers):
    with ExitStack() as stack:
        portals = {number: stack.enter_context(served(number)) for number in numbers}
        measures = {number: measured(portal) for number, portal in portals.items()}
    hello = measures[numbers[0]]["hello"]
    print(
        f"CPU ms of server + PostgreSQL; {WORKERS} workers of gunicorn (gthread), {ROUNDS} rounds of {TIMES} requests"
    )
    print(f"{'':28}" + "".join(f"{number:>20,}" for number in numbers) + f"{'growth':>9}{'x hello':>9}")
    for name in ADDRESSES:
        row = [measures[number].get(name) for number in numbers]
        if None in row:
            print(f"{name:28} refused")
            continue
        parts = "".join(f"{server:>11.1f} + {database:<6.1f}" for server, database in row)
        first, last = sum(row[0]), sum(row[-1])
        print(f"{name:28}{parts}{last / first:>9.2f}{first / sum(hello):>9.1f}")


@contextmanager
def served(number):
    """A portal of that many items, as `Portal`."""
    import psycopg
    from environ import Env

    options = Env.db_url_config(os.environ["DATABASE_URL"])
    options = {name.lower(): options[name] or None for name in ("HOST", "PORT", "USER", "PASSWORD")}
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"speed_{number}"
    with TemporaryDirectory() as media, psycopg.connect(**options, dbname="postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        database = address._replace(path=f"{address.path.rpartition('/')[0]}/{name}").geturl()
        environment = os.environ | SERVED | {"DATABASE_URL": database, "MEDIA_ROOT": media}
        manage(environment, "migrate")
        manage(environment, "load_demo")
        started = time.monotonic()
        manage(environment, "shell", "-c", f"from benchmarks.scale import fill; fill({number})")
        print(f"{number:,} items written in {time.monotonic() - started:.0f} s", file=sys.stderr)
        names = dict(line.split("=", 1) for line in manage(environment, "shell", "-c", NAMES).split())
        portal = Portal(environment, names, number, server.info.backend_pid)
        try:
            yield portal
        finally:
            portal.stop()


def manage(environment, *arguments):
    """What the command says."""
    command = [sys.executable, "manage.py", *arguments, "-v0"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


NAMES = """
from django.db.models import Count
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Topic
from initiatives.models import Initiative
topics = Topic.objects.alias(number=Count("publications")).filter(number__gt=0).order_by("-number")
initiative = Initiative.objects.published().order_by("pk").first()
pages = Publication.objects.published().filter(slug__startswith="pagina-4")
page = pages.filter(picture__isnull=False, topics__isnull=False).first()
print("common=" + topics[0].slug, "rare=" + topics.last().slug)
print("initiative=" + initiative.get_absolute_url(), "initiative_slug=" + initiative.slug)
print("communique=" + page.get_absolute_url())
"""


class Portal:
    """gunicorn on that environment; `names` fill the addresses."""

    def __init__(self, environment, names, number, backend):
        self.environment, self.names = environment, names | {"last": number // 12}
        self.port = free_port()
        bind = f"127.0.0.1:{self.port}"
        options = ["--config", "deploy/gunicorn.conf.py", "--workers", str(WORKERS), "--bind", bind]
        command = [sys.executable, "-m", "gunicorn", *options, "--log-level", "critical"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)
        self.postmaster = parent_of(backend)
        while True:
            try:
                self.get(HELLO)
                break
            except OSError:
                time.sleep(0.2)

    def get(self, address, method="GET"):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request(method, address, headers={"Accept-Encoding": "gzip", "Host": "localhost", "Cookie": COOKIE})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, len(body)

    def cost(self):
        """Nanoseconds until now: of the server, of the database."""
        return cpu_of(family_of(self.process.pid)), cpu_of(family_of(self.postmaster))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def measured(portal):
    """Milliseconds of a request by the name of its address: of the server, of the database."""
    addresses = {name: address.format(**portal.names) for name, address in ADDRESSES.items()}
    for name, address in [*addresses.items()]:
        answers = {portal.get(address)[0] for _ in range(4 * WORKERS)}
        if answers != {200}:
            print(f"{name}: {address} answers {answers}", file=sys.stderr)
            del addresses[name]
    costs = {name: [] for name in addresses}
    for _ in range(ROUNDS):
        for name, address in addresses.items():
            before = portal.cost()
            for _ in range(TIMES):
                portal.get(address)
            costs[name].append([(now - then) / TIMES / 1e6 for now, then in zip(portal.cost(), before, strict=True)])
    return {name: tuple(median(part) for part in zip(*rows, strict=True)) for name, rows in costs.items()}


def parent_of(process):
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def family_of(process):
    """The process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *map(int, children)]


def cpu_of(processes):
    nanoseconds = 0
    for process in processes:
        for thread in Path(f"/proc/{process}/task").glob("*/schedstat"):
            nanoseconds += int(thread.read_text().split()[0])
    return nanoseconds


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]] or [10_000])
