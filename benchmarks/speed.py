"""What the portal costs with many items: CPU of the server and of PostgreSQL, beside a page that says hello.

    bin/with-postgres .venv/bin/python benchmarks/speed.py [--again] [--rounds N] [ITEMS ...]

A database with the demo and so many communiqués (default 10000; multiples of 10,000) is made and served by
deploy/gunicorn.conf.py for each number, then all addresses are asked in turn, round after round, so that a busy machine
disturbs all alike: those of the public, what the portal keeps, the desk as two people see it, searches of all
sorts, the file of all news, and what memory the workers hold after it. CPU is what the kernel has counted for every
thread of the server and of PostgreSQL, in nanoseconds: waiting does not count. The medians are of ROUNDS rounds of
TIMES requests, each over a connection of its own, with gzip; what the portal keeps is `again`, without the first draw
of each minute and worker; all else is drawn. `goals.py` says which of the goals are met.

A server of PostgreSQL that stays keeps its databases, and they are used again, unless `--again` makes them anew.
"""

import argparse
import csv
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from io import TextIOWrapper
from pathlib import Path
from statistics import median
from typing import NamedTuple
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
DESK_OF_ROLES = [(role, name) for role in ROLES for name in DESK]
KEPT = ("communiqué", "list", "home", "topic, commonest", "Comune", "initiative", "RSS")  # while nothing changes
AGAIN = "again, {}"
WHOLE, SECONDS_OF_FILE = "/dati/novita.csv", 15


def main(numbers, is_again, rounds):
    with ExitStack() as stack:
        portals = {number: stack.enter_context(served(number, is_again)) for number in numbers}
        measures = {number: measured(requests_of(portal), rounds) for number, portal in portals.items()}
        hello = measures[numbers[0]]["hello"]
        print(f"CPU ms of server + PostgreSQL; {rounds} rounds of {TIMES} requests")
        print(f"{'':36}" + "".join(f"{number:>20,}" for number in numbers) + f"{'growth':>9}{'x hello':>9}")
        for name in [*ADDRESSES, *map(AGAIN.format, KEPT), *(desk_name(*one) for one in DESK_OF_ROLES)]:
            tell(name, [measures[number].get(name) for number in numbers], hello)
        costs = {number: searches(portal) for number, portal in portals.items()}
        for name in SEARCHES:
            tell(f"search: {name}", [middle(costs[number][name]) for number in numbers], hello)
        for number, portal in portals.items():
            print("{:,}: search p50 {:.1f}, p95 {:.1f}".format(number, *percentiles(costs[number])))
            file = file_of_all(portal, SECONDS_OF_FILE)
            beginning = f"first row after {file.first_cost:.0f} ms of CPU ({file.first:.2f} s)"
            print(f"{number:,}: {WHOLE}, {beginning}, {file.rate:,.0f} rows per second of CPU")
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
    name = f"speed_{number}"
    with connected() as server:
        if is_again:
            server.execute(f"DROP DATABASE IF EXISTS {name}")
        is_there = has_database(server, name)
        if not is_there:
            server.execute(f"CREATE DATABASE {name}")
        media = ROOT / "var" / "speed" / str(number)
        media.mkdir(parents=True, exist_ok=True)
        environment = os.environ | SERVED | {"DATABASE_URL": address_of(name), "MEDIA_ROOT": str(media)}
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


def connected(database="postgres"):
    """A connection to a database of the server of DATABASE_URL, which commits each statement."""
    import psycopg
    from environ import Env

    options = Env.db_url_config(os.environ["DATABASE_URL"])
    options = {name.lower(): options[name] or None for name in ("HOST", "PORT", "USER", "PASSWORD")}
    return psycopg.connect(**options, dbname=database, autocommit=True)


def has_database(server, name):
    return bool(server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def address_of(database):
    address = urlsplit(os.environ["DATABASE_URL"])
    return address._replace(path=f"{address.path.rpartition('/')[0]}/{database}").geturl()


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


class Server:
    """A gunicorn, and the PostgreSQL that it asks: a process of which is `backend`."""

    def __init__(self, python, options, environment, backend):
        self.environment, self.port = environment, free_port()
        bind = f"127.0.0.1:{self.port}"
        how = ["--workers", str(WORKERS), "--bind", bind, "--log-level", "critical"]
        self.process = subprocess.Popen([python, "-m", "gunicorn", *options, *how], cwd=ROOT, env=environment)
        self.postmaster = parent_of(backend)
        while True:
            try:
                self.get(HELLO)
                break
            except OSError:
                time.sleep(0.2)

    @contextmanager
    def response_to(self, address, headers):
        """The response, of which nothing has been read."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request("GET", address, headers={"Host": "localhost"} | headers)
        try:
            yield connection.getresponse()
        finally:
            connection.close()

    def get(self, address, headers=None) -> HTTPResponse:
        """The response, which has been read."""
        with self.response_to(address, {"Accept-Encoding": "gzip"} | (headers or {})) as response:
            response.read()
        return response

    def cost(self):
        """Nanoseconds until now: of the server, of the database."""
        return cpu_of(family_of(self.process.pid)), cpu_of(family_of(self.postmaster))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


class Portal(Server):
    """The portal on that environment; `names` fill the addresses."""

    def __init__(self, environment, names, number, backend):
        self.names = names | {"last": number // 12}
        super().__init__(sys.executable, ["--config", "deploy/gunicorn.conf.py"], environment, backend)


class Request(NamedTuple):
    """What is asked of a server; `is_kept` if the portal answers with what it has drawn before."""

    server: Server
    address: str
    headers: dict[str, str]
    is_kept: bool = False

    def get(self):
        return self.server.get(self.address, self.headers)


def requests_of(portal):
    """Requests by name: of the public, drawn anew and again, and of the desk."""
    return public_requests(portal) | kept_requests(portal) | desk_requests(portal)


def public_requests(portal):
    return {name: Request(portal, address.format(**portal.names), DRAWN_ANEW) for name, address in ADDRESSES.items()}


def kept_requests(portal):
    return {AGAIN.format(name): Request(portal, ADDRESSES[name].format(**portal.names), {}, True) for name in KEPT}


def desk_requests(portal):
    return {
        desk_name(role, name): Request(portal, DESK[name].format(**portal.names), {"Cookie": portal.names[role]})
        for role, name in DESK_OF_ROLES
    }


def desk_name(role, name):
    return f"desk of {role}: {name}"


def measured(requests, rounds):
    """Milliseconds of a request by its name: of the server, of the database. What is refused is left out."""
    for name, request in [*requests.items()]:
        answers = {request.get().status for _ in range(2 * WORKERS)}
        if not answers <= {200, 304} and name != "what is not there":
            print(f"{name}: {request.address} answers {answers}", file=sys.stderr)
            del requests[name]
    costs = {name: [] for name in requests}
    for _ in range(rounds):
        for name, request in requests.items():
            costs[name].append((cost_when_kept if request.is_kept else cost_of)(request, TIMES))
    return {name: middle(rows) for name, rows in costs.items()}


def cost_of(request, times=1):
    before = request.server.cost()
    for _ in range(times):
        request.get()
    return [(now - then) / times / 1e6 for now, then in zip(request.server.cost(), before, strict=True)]


def cost_when_kept(request, times):
    """The same once each worker has drawn it in this minute."""
    while True:
        minute = time.time() // 60
        ask_each_worker(request)
        cost = cost_of(request, times)
        if time.time() // 60 == minute:
            return cost


def ask_each_worker(request, times=1, most=20):
    """Until each has answered so many times, or all together so many times more."""
    answers = dict.fromkeys(workers_of(request.server), 0)
    while min(answers.values()) < times and sum(answers.values()) < most * times:
        answers[int(request.get().headers["X-Process"])] += 1


def middle(rows):
    return tuple(median(part) for part in zip(*rows, strict=True))


def searches(portal):
    """The costs of each search, one by one: what counts is how few are dear."""
    requests = {name: Request(portal, address.format(**portal.names), DRAWN_ANEW) for name, address in SEARCHES.items()}
    for request in requests.values():
        request.get()
    return {name: [cost_of(request) for _ in range(ROUNDS)] for name, request in requests.items()}


def percentiles(costs):
    """Of all these searches, those that half of them and nineteen in twenty do not exceed."""
    every = sorted(sum(cost) for of_one in costs.values() for cost in of_one)
    return median(every), every[int(0.95 * len(every))]


class File(NamedTuple):
    """Of a file that is sent row by row: seconds and CPU ms until the first, and rows per second of CPU."""

    first: float
    first_cost: float
    rate: float


def file_of_all(portal, seconds):
    """The file of all news, or as much of it as comes in so many seconds."""
    before, started = sum(portal.cost()), time.monotonic()
    with portal.response_to(WHOLE, {}) as response:
        rows = csv.reader(TextIOWrapper(response, "utf-8", newline=""))  # a text has lines of its own
        next(rows), next(rows)
        first, first_cost, number = time.monotonic() - started, sum(portal.cost()) - before, 1
        for number, _ in enumerate(rows, 2):  # noqa: B007 (the last one counts)
            if time.monotonic() - started > seconds:
                break
        cost = sum(portal.cost()) - before
    return File(first, first_cost / 1e6, number * 1e9 / cost)


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
