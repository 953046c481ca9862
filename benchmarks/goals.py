"""Every goal of what the portal costs, measured: what, the figure, the goal, and whether it is met.

    bin/with-postgres .venv/bin/python benchmarks/goals.py [--only PART,PART] [--import ITEMS] [ITEMS ...]

Databases of so many items (default 10,000 and 1,000,000; multiples of 10,000) are made and served as `speed.py` says.
The least of them is what pages are measured on, in times of a page that says hello and beside a small Wagtail with the
same news (`beside.py`); the largest, all else. The parts can be asked for one by one, since all of them take long.
Wagtail and Lighthouse come from their registries: where none answers, their lines are left out and it says why.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks import import_archive, memory, speed
from benchmarks.beside import PAGES as OF_WAGTAIL
from benchmarks.beside import wagtail_beside

TIMES_HELLO = {
    "communiqué": 20,
    "list": 20,
    "list, page 50": 20,
    "list, last page": 20,
    "home": 30,
    "topic, commonest": 30,
    "Comune": 30,
    "initiative": 40,
}
TIMES_HELLO_AGAIN = 4
OF_WAGTAIL_ANEW, OF_WAGTAIL_AGAIN = 0.5, 0.25
GROWTH = 1.2
SEARCH_MS, SITEMAP_MS, PART_MS, DESK_MS = 100, 100, 500, 300
FIRST_ROW_MS, ROWS_A_SECOND = 200, 5_000
FLAT = 1.1  # memory of workers that have sent a whole file of the most items, against the fewest
MEMORY_MB, START = 120, 0.8
ITEMS_A_SECOND = 250
LIGHTHOUSE = ("home", "list", "communiqué", "topic, commonest", "initiative", "Comune", "search")
MARKS = "performance,accessibility,best-practices,seo"


class Line(NamedTuple):
    what: str
    figure: float
    goal: float
    unit: str
    is_least: bool = False  # the goal is the least that will do

    @property
    def excess(self):
        """How far beyond its goal, as a share of it; not above zero where it is met."""
        return (self.goal - self.figure if self.is_least else self.figure - self.goal) / self.goal

    def __str__(self):
        figure, goal = (f"{number:,.{0 if abs(number) >= 100 else 2}f}" for number in (self.figure, self.goal))
        bound = "at least" if self.is_least else "at most"
        verdict = "met" if self.excess <= 0 else f"missed by {self.excess:.0%}"
        return f"{self.what:58}{figure:>10}  {bound:>8} {goal:>6} {self.unit:14}  {verdict}"


class Bench:
    """The portals that are measured: of the fewest items, of the most."""

    def __init__(self, stack, portals, rounds, imported):
        self.stack, self.rounds, self.imported = stack, rounds, imported
        self.numbers = sorted(portals)
        self.small, self.large = portals[self.numbers[0]], portals[self.numbers[-1]]

    @cached_property
    def chromium(self):
        from playwright.sync_api import sync_playwright

        from tests.browser.chromium import launch

        browser = launch(self.stack.enter_context(sync_playwright()))
        self.stack.callback(browser.close)
        return browser


def pages(bench):
    """Drawn anew and asked again, in times hello; beside Wagtail's same page."""
    public, kept = speed.public_requests(bench.small), speed.kept_requests(bench.small)
    requests = {name: public[name] for name in ("hello", *TIMES_HELLO)} | kept
    with wagtail_beside(bench.small) as wagtail:
        if wagtail:
            requests |= {
                f"Wagtail, {name}": speed.Request(wagtail, address, speed.DRAWN_ANEW)
                for name, address in OF_WAGTAIL.items()
            }
        costs = {name: sum(cost) for name, cost in speed.measured(requests, bench.rounds).items()}
    hello = costs["hello"]
    print(f"{'CPU ms:':10}" + ", ".join(f"{name} {cost:.1f}" for name, cost in costs.items()))
    for name, times in TIMES_HELLO.items():
        yield Line(f"{name}, drawn anew", costs[name] / hello, times, "x hello")
    for name in speed.KEPT:
        yield Line(f"{name}, again", costs[speed.AGAIN.format(name)] / hello, TIMES_HELLO_AGAIN, "x hello")
    for name in OF_WAGTAIL if wagtail else ():
        theirs, again = costs[f"Wagtail, {name}"], speed.AGAIN.format(name)
        yield Line(f"{name}, drawn anew", costs[name] / theirs, OF_WAGTAIL_ANEW, "of Wagtail's")
        if again in costs:
            yield Line(f"{name}, again", costs[again] / theirs, OF_WAGTAIL_AGAIN, "of Wagtail's")


def growth(bench):
    """Every address but the search, with the most items against the fewest.

    Terms, calendars and news of two days show more rows of more items, up to 100 or 1,000: their growth is those rows.
    """
    small, large = (
        speed.measured(speed.public_requests(portal), bench.rounds) for portal in (bench.small, bench.large)
    )
    for name in speed.ADDRESSES:
        if name in small and name in large:
            yield Line(f"growth: {name}", sum(large[name]) / sum(small[name]), GROWTH, "times")


def search(bench):
    p50, p95 = speed.percentiles(speed.searches(bench.large))
    yield Line("search, p50", p50, SEARCH_MS, "ms CPU")
    yield Line("search, p95", p95, SEARCH_MS, "ms CPU")


def sitemap(bench):
    goals = {"sitemap index": SITEMAP_MS, "sitemap of news": SITEMAP_MS, "sitemap, a part": PART_MS}
    small, large = map(speed.public_requests, (bench.small, bench.large))
    speed.measured({name: small[name] for name in goals}, bench.rounds)
    costs = speed.measured({name: large[name] for name in goals}, bench.rounds)
    few, many = (sum(memory.sizes_of(portal)) for portal in (bench.small, bench.large))
    for name, goal in goals.items():
        yield Line(name, sum(costs[name]), goal, "ms CPU")
    yield Line("sitemaps, memory of workers", many / few, FLAT, "of the fewest's")


def files(bench):
    for portal in (bench.small, bench.large):
        for _ in range(2 * speed.WORKERS):  # what a worker imports for its first file is no cost of files
            speed.file_of_all(portal, 0)
    _, file = (speed.file_of_all(portal, float("inf")) for portal in (bench.small, bench.large))
    few, many = (sum(memory.sizes_of(portal)) for portal in (bench.small, bench.large))
    yield Line(f"{speed.WHOLE}, first row", file.first_cost, FIRST_ROW_MS, "ms CPU")
    yield Line(f"{speed.WHOLE}, rows", file.rate, ROWS_A_SECOND, "a second of CPU", is_least=True)
    yield Line(f"{speed.WHOLE}, memory of workers", many / few, FLAT, "of the fewest's")


def desk(bench):
    requests = speed.desk_requests(bench.large)
    lists = {name: one for name, one in requests.items() if name.split(": ")[1].startswith(("home", "list", "search"))}
    for name, cost in speed.measured(lists, bench.rounds).items():
        yield Line(name, sum(cost), DESK_MS, "ms CPU")


def workers(bench):
    """Memory of two, which nobody has asked anything yet, and CPU of a start."""
    with speed.served(bench.numbers[0], False) as portal:
        for when, sizes in memory.memories(portal):
            yield Line(f"two workers, {when}", sum(sizes), MEMORY_MB, "MB of PSS")
    seconds, _ = memory.started(memory.OURS, bench.small.environment)
    yield Line("a start", seconds, START, "s CPU")


def visits(bench):
    """First visits of every page, without pictures, and with them at the width of a telephone."""
    from tests.browser.test_weight import MAX_BYTES, MAX_REQUESTS, MAX_WITH_PICTURES
    from tests.browser.wire import ON_A_TELEPHONE, Wire

    base = f"http://localhost:{bench.small.port}"
    for name, path in pages_of(bench.small).items():
        size, requests = Wire(bench.chromium, base + path).read()
        yield Line(f"first visit: {name}", size / 1000, MAX_BYTES / 1000, "kB")
        yield Line(f"first visit: {name}", requests, MAX_REQUESTS, "requests")
    for name in LIGHTHOUSE:
        wire = Wire(bench.chromium, base + path_of(bench.small, name), **ON_A_TELEPHONE)
        wire.scroll()
        yield Line(f"first visit, pictures too: {name}", wire.read(True)[0] / 1000, MAX_WITH_PICTURES / 1000, "kB")


def pages_of(portal):
    """Paths of pages of the public by name, one for each pattern."""
    known = json.loads(speed.manage(portal.environment, "shell", "-c", memory.ADDRESSES))
    answers = {name: portal.get(path, {"Accept": "text/html"}) for name, path in known.items()}
    return {
        name: known[name]
        for name, answer in answers.items()
        if answer.status == 200 and answer.headers["Content-Type"].startswith("text/html")
    }


def path_of(portal, name):
    return (speed.ADDRESSES | {"search": speed.SEARCHES["common"]})[name].format(**portal.names)


def lighthouse(bench):
    """Its four marks on a telephone; the browser is that of the tests."""
    from tests.browser.chromium import NAMES

    browser = next(filter(None, map(shutil.which, reversed(NAMES))), "")
    flags = "--headless --no-sandbox --disable-gpu"
    options = ["--quiet", "--output=json", f"--only-categories={MARKS}", f"--chrome-flags={flags}"]
    for name in LIGHTHOUSE:
        address = f"http://localhost:{bench.small.port}{path_of(bench.small, name)}"
        try:
            command = ["npx", "--yes", "lighthouse", address, *options]
            environment = os.environ | {"CHROME_PATH": browser}
            report = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"No Lighthouse: {getattr(error, 'stderr', '') or error}", file=sys.stderr)
            return
        for mark, category in json.loads(report)["categories"].items():
            yield Line(f"Lighthouse, {name}: {mark}", category["score"] or 0, 1, "", is_least=True)


def imported(bench):
    """The import of the archive: how fast, and whether ten times as many items take more memory."""
    if bench.imported:
        fewer, all_of_them = (
            import_archive.measured(count, "False") for count in (bench.imported // 10, bench.imported)
        )
        yield Line(f"import_archive of {bench.imported:,}", all_of_them.rate, ITEMS_A_SECOND, "items a second", True)
        yield Line("import_archive, memory", all_of_them.peak / fewer.peak, 1.2, "times a tenth")


PARTS = {
    part.__name__: part for part in (pages, growth, search, sitemap, files, desk, workers, visits, lighthouse, imported)
}


def main(numbers, parts, rounds, is_again, imported):
    with ExitStack() as stack:
        portals = {number: stack.enter_context(speed.served(number, is_again)) for number in numbers}
        bench = Bench(stack, portals, rounds, imported)
        for name in parts:
            print(f"\n{name}: {(PARTS[name].__doc__ or '').strip()}".rstrip(": "))
            for line in PARTS[name](bench):
                print(line, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", type=int, default=[10_000, 1_000_000], metavar="ITEMS")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[*PARTS], help=",".join(PARTS))
    parser.add_argument("--import", type=int, default=0, dest="imported", metavar="ITEMS")
    parser.add_argument("--rounds", type=int, default=speed.ROUNDS)
    parser.add_argument("--again", action="store_true", help="make databases anew")
    options = parser.parse_args()
    main(options.numbers, options.only, options.rounds, options.again, options.imported)
