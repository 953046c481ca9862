"""What the portal costs with many items: CPU of the server and of PostgreSQL, beside a page that says hello.

    bin/with-postgres .venv/bin/python benchmarks/speed.py [--again] [--rounds N] [ITEMS ...]

A database with the demo and so many communiqués (default 10000; multiples of 10,000) is made and served by
deploy/gunicorn.conf.py for each number, then all addresses are asked in turn, round after round, so that a busy machine
disturbs all alike: those of the public, what the portal keeps, the desk as two people see it, searches of all
sorts, the file of all news, and what memory the workers hold after it. CPU is what the kernel has counted for every
thread of the server and of PostgreSQL, in nanoseconds: waiting does not count. The medians are of ROUNDS rounds of
TIMES requests, each over a connection of its own, with gzip; what the portal keeps is `again`, all else is drawn.

A server of PostgreSQL that stays keeps its databases, and they are used again, unless `--again` makes them anew.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.scale import COMMON, MIDDLING, RARE  # noqa: E402

ROUNDS, TIMES, WORKERS = 7, 6, 2
HELLO = "/ciao/"
DRAWN_ANEW = {"Cookie": "misura=1"}  # who sends a cookie gets no response that was kept
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
    "what is not there": "/novita/avvisi/comune-e-bando/",
}
SEARCHES = {
    "common": f"/cerca/?q={COMMON}",
    "middling": f"/cerca/?q={MIDDLING}",
    "rare": f"/cerca/?q={RARE}",
    "three words": f"/cerca/?q={COMMON}+energia+{MIDDLING}",
    "in many titles": "/cerca/?q=energia",
    "a title": "/cerca/?q={title}",
    "a sentence": "/cerca/?q=per+il+comune+di+crema+e+i+cittadini",
    "in no page": "/cerca/?q=xyzzy",
    "page 50": f"/cerca/?q={COMMON}&pagina=50",
    "middling, page 50": f"/cerca/?q={MIDDLING}&pagina=50",
    "feed": f"/feed/rss.xml?q={COMMON}",
    "feed, middling": f"/feed/rss.xml?q={MIDDLING}",
    "feed, narrowed": f"/feed/rss.xml?q={COMMON}&argomento={{common}}&comune=crema",
    "feed, rarely": f"/feed/rss.xml?q={COMMON}&argomento={{rare}}&comune=crema",
    "feed, all narrowed": f"/feed/rss.xml?q={MIDDLING}&tipo=avvisi&argomento={{common}}&comune=crema&anno=2024",
    "API": f"/api/v1/cerca?q={COMMON}",
    "API, middling": f"/api/v1/cerca?q={MIDDLING}",
    "API, rare": f"/api/v1/cerca?q={RARE}",
}
LIST = "/admin/news/communique/"
DESK = {
    "home": "/admin/",
    "list": LIST,
    "list, page 20": f"{LIST}?p=20",
    "list of a year": f"{LIST}?anno=2024",
    "list of a Comune": f"{LIST}?comune=crema",
    "list in review": f"{LIST}?stato=review",
    "list on a topic": f"{LIST}?argomento={{common}}",
    "list, by title": f"{LIST}?o=1",
    "search, common": f"{LIST}?q={COMMON}",
    "search, middling": f"{LIST}?q={MIDDLING}",
    "search, rare": f"{LIST}?q={RARE}",
    "search, begun": f"{LIST}?q={MIDDLING[:6]}",
    "search, three words": f"{LIST}?q={COMMON}+energia+{MIDDLING}",
    "linked pages": "/admin/autocomplete/?app_label=news&model_name=communique&field_name=linked&term=comu",
    "form": f"{LIST}{{key}}/change/",
    "history": f"{LIST}{{key}}/history/",
}
ROLES = {"responsabile": "Responsabile", "redattore-comunale": "Redattore comunale"}
WHOLE, SECONDS_OF_FILE = "/dati/novita.csv", 15


def main(numbers, is_again, rounds):
    with ExitStack() as stack:
        portals = {number: stack.enter_context(served(number, is_again)) for number in numbers}
        names = [*ADDRESSES, *(f"desk of {role}: {name}" for role in ROLES for name in DESK)]
        measures = {number: measured(portal, addresses_of(portal), rounds) for number, portal in portals.items()}
        hello = measures[numbers[0]]["hello"]
        print(f"CPU ms of server + PostgreSQL; {rounds} rounds of {TIMES} requests")
        print(f"{'':36}" + "".join(f"{number:>20,}" for number in numbers) + f"{'growth':>9}{'x hello':>9}")
        for name in [*ADDRESSES, *(f"again, {name}" for name in KEPT), *names[len(ADDRESSES) :]]:
            tell(name, [measures[number].get(name) for number in numbers], hello)
        costs = {number: searches(portal) for number, portal in portals.items()}
        for name in SEARCHES:
            tell(f"search: {name}", [middle(costs[number][name]) for number in numbers], hello)
        for number, portal in portals.items():
            every = sorted(sum(cost) for of_one in costs[number].values() for cost in of_one)
            print(f"{number:,}: search p50 {median(every):.1f}, p95 {every[int(0.95 * len(every))]:.1f}")
            print(f"{number:,}: {WHOLE}, {file_of_all(portal)}")
            sizes = [pss(worker) for worker in workers_of(portal)]
            print(f"{number:,}: PSS of workers {' + '.join(f'{size:.0f}' for size in sizes)} = {sum(sizes):.0f} MB")


def tell(name, row, hello):
    if None in row:
        print(f"{name:36} refused")
        return
    parts = "".join(f"{server:>11.1f} + {database:<6.1f}" for server, database in row)
    first, last = sum(row[0]), sum(row[-1])
    print(f"{name:36}{parts}{last / first:>9.2f}{first / sum(hello):>9.1f}", flush=True)


@contextmanager
def served(number, is_again=True):
    """A portal of that many items, as `Portal`."""
    import psycopg
    from environ import Env

    options = Env.db_url_config(os.environ["DATABASE_URL"])
    options = {name.lower(): options[name] or None for name in ("HOST", "PORT", "USER", "PASSWORD")}
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"speed_{number}"
    with psycopg.connect(**options, dbname="postgres", autocommit=True) as server:
        if is_again:
            server.execute(f"DROP DATABASE IF EXISTS {name}")
        is_there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not is_there:
            server.execute(f"CREATE DATABASE {name}")
        database = address._replace(path=f"{address.path.rpartition('/')[0]}/{name}").geturl()
        media = ROOT / "var" / "speed" / str(number)
        media.mkdir(parents=True, exist_ok=True)
        environment = os.environ | SERVED | {"DATABASE_URL": database, "MEDIA_ROOT": str(media)}
        manage(environment, "migrate")
        if not is_there:
            manage(environment, "load_demo")
            started = time.monotonic()
            manage(environment, "shell", "-c", f"from benchmarks.scale import fill; fill({number})")
            print(f"{number:,} items written in {time.monotonic() - started:.0f} s", file=sys.stderr)
        names = dict(line.split("=", 1) for line in manage(environment, "shell", "-c", NAMES).splitlines())
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
from urllib.parse import quote_plus
from django.conf import settings
from django.db.models import Count
from django.test import Client
from areaomogenea.accounts.models import Assignment, User
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Topic
from initiatives.models import Initiative
from tests.factories import make_editor
topics = Topic.objects.alias(number=Count("publications")).filter(number__gt=0).order_by("-number")
initiative = Initiative.objects.published().order_by("pk").first()
pages = Publication.objects.published().filter(slug__startswith="pagina-4")
page = pages.filter(picture__isnull=False, topics__isnull=False).first()
print("common=" + topics[0].slug, "rare=" + topics.last().slug, sep="\\n")
print("initiative=" + initiative.get_absolute_url(), "initiative_slug=" + initiative.slug, sep="\\n")
print("communique=" + page.get_absolute_url(), f"key={page.pk}", sep="\\n")
print("title=" + quote_plus(page.title))
for name, role in ROLES.items():
    email = f"misura-{name}@example.org"
    user = User.objects.filter(email=email).first() or make_editor(role, email=email)
    if role.endswith("comunale"):
        Assignment.objects.get_or_create(user=user, municipality=Municipality.objects.get(slug="crema"))
    client = Client()
    client.force_login(user)
    print(f"{name}={settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
""".replace("ROLES", repr(ROLES))
KEPT = ("communiqué", "list", "home", "topic, commonest", "Comune", "initiative", "RSS")  # while nothing changes


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

    def get(self, address, headers=None):
        """The status of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request("GET", address, headers={"Accept-Encoding": "gzip", "Host": "localhost"} | (headers or {}))
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status

    def cost(self):
        """Nanoseconds until now: of the server, of the database."""
        return cpu_of(family_of(self.process.pid)), cpu_of(family_of(self.postmaster))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def addresses_of(portal):
    """(address, headers of the request) by name: of the public, of the desk, of what the portal keeps."""
    addresses = {name: (address.format(**portal.names), DRAWN_ANEW) for name, address in ADDRESSES.items()}
    for role in ROLES:
        cookie = {"Cookie": portal.names[role]}
        for name, address in DESK.items():
            addresses[f"desk of {role}: {name}"] = (address.format(**portal.names), cookie)
    for name in KEPT:
        address, _ = addresses[name]
        addresses[f"again, {name}"] = (address, {})
    return addresses


def measured(portal, addresses, rounds):
    """Milliseconds of a request by the name of its address: of the server, of the database."""
    for name, (address, headers) in [*addresses.items()]:
        answers = {portal.get(address, headers) for _ in range(2 * WORKERS)}
        if not answers <= {200, 304} and name != "what is not there":
            print(f"{name}: {address} answers {answers}", file=sys.stderr)
            del addresses[name]
    costs = {name: [] for name in addresses}
    for _ in range(rounds):
        for name, (address, headers) in addresses.items():
            costs[name].append(cost_of(portal, address, headers, TIMES))
    return {name: middle(rows) for name, rows in costs.items()}


def cost_of(portal, address, headers=None, times=1):
    before = portal.cost()
    for _ in range(times):
        portal.get(address, headers)
    return [(now - then) / times / 1e6 for now, then in zip(portal.cost(), before, strict=True)]


def middle(rows):
    return tuple(median(part) for part in zip(*rows, strict=True))


def searches(portal):
    """The costs of each search, one by one: what counts is how few are dear."""
    addresses = {name: address.format(**portal.names) for name, address in SEARCHES.items()}
    for address in addresses.values():
        portal.get(address, DRAWN_ANEW)
    return {name: [cost_of(portal, address, DRAWN_ANEW) for _ in range(ROUNDS)] for name, address in addresses.items()}


def file_of_all(portal):
    """When the first byte of the file of all news comes, and what its rows cost, in words."""
    before, started = portal.cost(), time.monotonic()
    connection = HTTPConnection("127.0.0.1", portal.port, timeout=300)
    connection.request("GET", WHOLE, headers={"Host": "localhost"})
    response = connection.getresponse()
    rows = response.read(1).count(b"\n")
    first, first_cost = time.monotonic() - started, sum(portal.cost()) - sum(before)
    while (piece := response.read(1 << 16)) and time.monotonic() - started < SECONDS_OF_FILE:
        rows += piece.count(b"\n")
    seconds = (sum(portal.cost()) - sum(before)) / 1e9
    connection.close()
    beginning = f"first byte after {first_cost / 1e6:.0f} ms of CPU ({first:.2f} s)"
    return f"{beginning}, {rows / seconds:,.0f} rows per second of CPU"


def workers_of(portal):
    return [process for process in family_of(portal.process.pid) if process != portal.process.pid]


def pss(process):
    """Megabytes of memory, of what processes share its part."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    return int(re.search(r"^Pss: +(\d+)", rollup, re.MULTILINE)[1]) / 1024


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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", type=int, default=[10_000], metavar="ITEMS")
    parser.add_argument("--again", action="store_true", help="make databases anew")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    main(options.numbers, options.again, options.rounds)
