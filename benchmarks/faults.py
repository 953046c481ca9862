"""The portal on its worst days: what readers and editors get while something fails, and when all is well again.

    .venv/bin/python benchmarks/faults.py [--seconds N] [SCENARIO ...]

Each scenario starts the files of deploy/ on free ports, with a PostgreSQL of its own (tests/serving.py), lets readers
and an editor work (tests/load.py), makes the fault, and prints a line of the table. Without names all are run, for
minutes; `tests/test_faults.py` runs the same ones in short. What a machine lacks (root for small disks, libfaketime,
Redis) is left out, in words.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.speed import pss
from tests.load import Editor, Readers
from tests.serving import LONG, UNTRUSTED, WORKERS, Line, Portal, free_port, wait_until

DRAWN = ["/novita/?n={n}", "/?n={n}", "/mappa-del-sito/?n={n}"]  # each anew: no cache has them
CACHED = ["/", "/novita/", "/argomenti/", "/mappa-del-sito/"]
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
REDIS = shutil.which("redis-server")
SCENARIOS = {}


class Lacking(Exception):  # noqa: N818 (no error: this machine cannot do it)
    """What a scenario would need, in words."""


@dataclass
class Outcome:
    """A line of the table; `problems` are what must not be, in words."""

    requests: int
    failures: int
    slowest: float
    recovery: float | None = None
    checked: str = ""
    problems: list[str] = field(default_factory=list)


def scenario(function):
    SCENARIOS[function.__name__.replace("_", "-")] = function
    return function


def outcome(readers, failures, checked, recovery=None, problems=()):
    statuses = Counter((one.status, re.sub(r"\d+", "…", one.address)) for one in failures)
    seen = [f"{number} × {status or 'no answer'} of {address}" for (status, address), number in statuses.items()]
    return Outcome(len(readers.answers), len(failures), readers.slowest, recovery, checked, [*problems, *seen])


# Processes


@scenario
def worker_killed(portal, times=20):
    with Readers(portal, DRAWN) as readers:
        for _ in range(times):
            readers.wait_for(20)
            killed = random.choice(portal.gunicorn.workers)
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda killed=killed: killed not in (now := portal.gunicorn.workers) and len(now) == WORKERS)
        readers.wait_for(20)
    cut = len(readers.failures()) - len(readers.failures(200, 0))  # nobody gives the rest of an answer that has begun
    problems = [f"{cut} answers cut by {times} kills"] if cut > times else []
    checked = f"{times} workers killed under load, {cut} in the middle of an answer; longest silence"
    return outcome(readers, readers.failures(200, 0), checked, readers.silence, problems)


@scenario
def reloaded(portal, times=5):
    """ExecReload of the service: a second master takes the place of the first."""
    with Readers(portal, DRAWN) as readers:
        for _ in range(times):
            readers.wait_for(20)
            first = portal.gunicorn.master
            portal.gunicorn.signal(signal.SIGUSR2)
            wait_until(lambda first=first: portal.gunicorn.master not in (None, first), "another master")
            readers.wait_for(20)
    silence = readers.silence
    problems = [f"silent for {silence:.1f} s"] if times > 1 and silence > 1 else []
    return outcome(readers, readers.failures(), f"{times} new masters; longest silence", silence, problems)


@scenario
def restarted(portal, times=3):
    """The service begins anew behind its socket: who asks meanwhile waits."""
    with Readers(portal, DRAWN) as drawn, Readers(portal, CACHED, number=2) as cached:
        cached.wait_for(20)
        for _ in range(times):
            drawn.wait_for(20)
            portal.gunicorn.restart()
        drawn.wait_for(20)
    failures = drawn.failures() + cached.failures()
    return outcome(drawn, failures, f"{times} restarts; longest wait of who needs the portal", drawn.silence)


# The database


def refused_at_once(answers):
    """What is wrong with the 503 of readers: each says when to come again, and no cache keeps it."""
    refused = [one for one in answers if one.status == 503]
    wrong = [one for one in refused if not one.headers.get("Retry-After") or one.headers["Cache-Control"] != "no-store"]
    return [f"{len(wrong)} of {len(refused)} refused without Retry-After or no-store"] if wrong else []


@contextmanager
def loop_of_tick(portal):
    """`manage.py tick --loop`, beside; it must be there at the end, and end well."""
    command = [sys.executable, "manage.py", "tick", "--loop", "--verbosity", "2"]
    run = {"cwd": Path(__file__).parent.parent, "env": portal.environment, "text": True, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, **run)
    try:
        process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()


@scenario
def database_stopped(portal, seconds=60):
    for address in CACHED:
        portal.get(address)
    with (
        loop_of_tick(portal) as tick,
        Readers(portal, CACHED, number=4) as cached,
        Readers(portal, DRAWN, number=4) as drawn,
    ):
        cached.wait_for(20, 200)
        drawn.wait_for(20, 200)
        portal.database.stop()
        drawn.wait_for(20, 503)
        cached.wait_for(20, 200)
        time.sleep(seconds)
        portal.database.start()
        back = time.monotonic()
        drawn.wait_for(1, 200)
        recovery = time.monotonic() - back
        drawn.wait_for(20, 200)
        cached.wait_for(20, 200)
        problems = refused_at_once(drawn.answers)
        problems += ["tick --loop has ended"] if tick.poll() is not None else []
    late = [one for one in drawn.answers if one.start > back + recovery and one.status != 200]
    problems += [f"{len(late)} pages refused after it was back"] if late else []
    failures = cached.failures() + drawn.failures(200, 503)
    refused = len(drawn.failures())
    return outcome(
        cached, failures, f"cached pages; of {len(drawn.answers)} others {refused} refused (503)", recovery, problems
    )


@scenario
def database_restarted(portal, times=5):
    """What an upgrade by night does: each connection is cut, and nobody is asking."""
    with Readers(portal, DRAWN) as readers:
        readers.wait_for(40)
    for _ in range(times):
        portal.database.stop()
        portal.database.start()
        with Readers(portal, DRAWN) as after:
            after.wait_for(40)
        readers.answers += after.answers
    return outcome(readers, readers.failures(), f"{times} restarts of the database between pages")


@contextmanager
def line_to_database(portal):
    if portal.line:
        yield portal.line
        return
    with closing(Line(portal.database.socket)) as line, portal.served_with(DATABASE_URL=line.address):
        yield line


@scenario
def database_silent(portal, seconds=30):
    """The host of the database loses every packet; nobody refuses a connection."""
    with line_to_database(portal) as line:
        for address in CACHED:
            portal.get(address)
        with Readers(portal, CACHED, number=4) as cached, Readers(portal, DRAWN) as drawn:
            drawn.wait_for(40, 200)
            line.cut()
            cut = time.monotonic()
            drawn.wait_for(100, 503)
            cached.wait_for(20)
            time.sleep(seconds)
            line.mend()
            back = time.monotonic()
            drawn.wait_for(20, 200)
            recovery = time.monotonic() - back
    refused = [one for one in drawn.answers if one.status == 503 and one.start > cut]
    slow = [one for one in refused if one.seconds > 2]
    checked = f"of {len(refused)} refused {len(slow)} waited, {max(one.seconds for one in refused):.1f} s at most"
    problems = refused_at_once(refused)
    problems += ["most waited"] if len(slow) > len(refused) / 2 else []
    return outcome(cached, cached.failures() + drawn.failures(200, 503), checked, recovery, problems)


@scenario
def connection_limit(portal, limit=3, seconds=20):
    ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal'"
    with portal.database.as_superuser() as database, Readers(portal, DRAWN, number=24) as readers:
        readers.wait_for(20)
        database.execute(f"ALTER ROLE portal CONNECTION LIMIT {limit}")
        database.execute(ends)
        readers.wait_for(20, 503)
        readers.wait_for(20, 200)
        time.sleep(seconds)
        database.execute("ALTER ROLE portal CONNECTION LIMIT -1")
        back = time.monotonic()
        readers.wait_for(100)
        late = [one for one in readers.answers if one.start > back and one.status != 200]
    refused = len(readers.failures())
    checked = f"{refused} refused (503) with {limit} connections for 8 threads, {len(late)} after it"
    return outcome(readers, readers.failures(200, 503), checked, problems=refused_at_once(readers.answers))


# What else may be away


@scenario
def cache_stopped(portal, times=40):
    """The Redis of CACHE_URL: it stops, and then its host does not answer."""
    if not REDIS:
        raise Lacking("redis-server is not installed")
    port = free_port()
    command = [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with (
        subprocess.Popen(command, stdout=subprocess.DEVNULL) as redis,
        portal.served_with(CACHE_URL=f"redis://127.0.0.1:{port}/0", API_REQUESTS_PER_MINUTE="1000000"),
        Readers(portal, ["/api/v1/novita"], number=4, headers={"Cookie": "sessionid=none"}) as readers,
    ):
        readers.wait_for(times)
        redis.send_signal(signal.SIGSTOP)
        readers.wait_for(times)
        redis.kill()
        readers.wait_for(times)
    return outcome(readers, readers.failures(), "Redis frozen, then killed: the API answers, and counts nobody")


@contextmanager
def small_disk(portal, size):
    folder = portal.folder / "disk"
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
    if mount.returncode:
        raise Lacking("nothing can be mounted here: a small disk needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@scenario
def disk_full(portal):
    """A document and a picture that have no room: the form comes back, with its text and the reason."""
    from PIL import Image

    picture = portal.folder / "foto.png"
    Image.frombytes("RGB", (900, 600), os.urandom(900 * 600 * 3)).save(picture)
    row = {"attachments-TOTAL_FORMS": "1", "attachments-0-name": "L’atto", "attachments-0-description": "Il testo"}
    with (
        small_disk(portal, "256k") as disk,
        portal.served_with(MEDIA_ROOT=str(disk)),
        closing(Editor(portal)) as editor,
    ):
        typed = editor.typed(title="Il ponte riapre", body="<p>Da lunedì.</p>", **row)
        responses = [
            editor.post(
                "/admin/news/communique/add/", {"attachments-0-file": ("atto.csv", b"a;b\n" * 200_000)}, **typed
            ),
            editor.post(
                "/admin/library/picture/add/",
                {"file": ("foto.png", picture.read_bytes())},
                alternative_text="La piazza",
                credit="Archivio",
                focal_x="0.5",
                focal_y="0.5",
            ),
        ]
        left = [path.name for path in disk.rglob("*") if path.is_file()]
    words = zip(responses, ("Il ponte riapre", "La piazza"), strict=True)
    lost = [text for response, text in words if not (text in response.text and "Non c’è posto" in response.text)]
    problems = [f"«{text}» is not shown again" for text in lost] + [f"left: {name}" for name in left]
    seconds = max(response.elapsed.total_seconds() for response in responses)
    return Outcome(
        2, len(lost), seconds, checked="the field says so, the text is kept, no file is left", problems=problems
    )


@scenario
def sqlite_full(portal, size="8m"):
    """The disk of an SQLite fills up while somebody publishes."""
    with small_disk(portal, size) as disk:
        address = f"sqlite:///{disk / 'portal.sqlite3'}"
        portal.manage("migrate", "--verbosity", "0", DATABASE_URL=address)
        with portal.served_with(DATABASE_URL=address), closing(Editor(portal, DATABASE_URL=address)) as editor:
            responses, published, body = [], 0, f"<p>{'Un testo lungo. ' * 3_000}</p>"
            while len(responses) < 400 and not (responses and responses[-1].status_code == 503):
                title = f"Pagina {len(responses)}"
                responses.append(editor.post("/admin/news/communique/add/", **editor.typed(title=title, body=body)))
                published += responses[-1].status_code == 302
            kept = title in responses[-1].text
            count = "from news.models import Communique; print(Communique.objects.count())"
            rows = int(portal.shell(count, DATABASE_URL=address))
            sound = portal.shell(INTEGRITY, DATABASE_URL=address).strip()
            pages = [portal.get(address).status for address in CACHED]
    problems = [] if kept else ["the text is not shown again"]
    problems += [f"{published} saved, {rows} there"] if rows != published else []
    problems += [f"integrity: {sound}"] if sound != "ok" else []
    problems += [f"pages answer {pages}"] if {*pages} != {200} else []
    failures = sum(response.status_code not in (302, 503) for response in responses)
    slowest = max(response.elapsed.total_seconds() for response in responses)
    checked = f"{published} saved, then 503 with the text; integrity ok, pages read"
    return Outcome(len(responses), failures, slowest, checked=checked, problems=problems)


INTEGRITY = (
    "from django.db import connection; print(connection.cursor().execute('PRAGMA integrity_check').fetchone()[0])"
)


# Halfway through a piece of work


@scenario
def killed_while_publishing(portal, times=200):
    """kill -9 of a random worker at random moments, while two editors write, publish, change and withdraw."""
    with closing(Editor(portal)) as one, closing(Editor(portal)) as other:
        work = [Work(one), Work(other)]
        for each in work:
            each.start()
        for _ in range(times):
            time.sleep(random.uniform(0.1, 1.5))
            with suppress(ProcessLookupError):
                os.kill(random.choice(wait_until(lambda: portal.gunicorn.workers)), signal.SIGKILL)
        for each in work:
            each.stop()
    files = {str(path.relative_to(portal.media)) for path in portal.media.rglob("*") if path.is_file()}
    state = json.loads(portal.shell(STATE))
    before = time.time() - 3 * 24 * 60 * 60
    for name in files:
        os.utime(portal.media / name, (before, before))
    portal.shell("from django.core.cache import cache; cache.clear()")  # an hour has gone by since files were tidied
    portal.manage("tick")
    left = {str(path.relative_to(portal.media)) for path in portal.media.rglob("*") if path.is_file()}
    orphans = {name for name in left if name.startswith(("immagini/", "documenti/")) and name not in state["files"]}
    problems = state["problems"] + [f"a file of nobody stays: {name}" for name in sorted(orphans)]
    problems += [f"lost: {name}" for name in state["files"] if name in files and name not in left]
    done = [step for each in work for step in each.done]
    problems += [
        f"«{title}» was {word}, and is {state['status'].get(title)}"
        for title, word in last_of(done).items()
        if not allowed(word, state["status"].get(title))
    ]
    steps, broken = sum(each.steps for each in work), sum(each.broken for each in work)
    checked = f"{times} kills; {len(state['status'])} pages, {len(files - left)} files of nobody collected"
    return Outcome(
        steps,
        len(problems),
        max(each.slowest for each in work),
        checked=f"{checked}; {broken} steps cut",
        problems=problems,
    )


def last_of(done):
    return dict(done)


def allowed(word, status):
    """Whether a page may stand so after the last step that was answered: another may have been made, unanswered."""
    return (
        status
        in {"saved": ("draft", "approved"), "published": ("approved", "withdrawn"), "withdrawn": ("withdrawn",)}[word]
    )


class Work(threading.Thread):
    """An editor's day, step by step; a step that is cut is not known to be done, and another page is begun."""

    def __init__(self, editor):
        super().__init__(daemon=True)
        self.editor, self.done, self.is_over = editor, [], threading.Event()
        self.steps, self.broken, self.slowest = 0, 0, 0.0

    def run(self):
        while not self.is_over.is_set():
            title = f"Pagina {random.getrandbits(40):x}"
            for word, step in (
                ("saved", self.write),
                ("published", self.publish),
                ("published", self.change),
                ("withdrawn", self.withdraw),
            ):
                start = time.monotonic()
                self.steps += 1
                try:
                    is_done = step(title)
                except Exception:  # whatever a cut line does to a client
                    is_done = False
                self.slowest = max(self.slowest, time.monotonic() - start)
                if not is_done:
                    self.broken += 1
                    break
                self.done.append((title, word))

    def stop(self):
        self.is_over.set()
        self.join(LONG)

    def write(self, title):
        row = {"attachments-TOTAL_FORMS": "1", "attachments-0-name": "L’atto", "attachments-0-description": "Il testo"}
        files = {"attachments-0-file": ("atto.csv", b"a;b\n" * 1_000)}
        picture = {"alternative_text": "La piazza", "credit": "Archivio", "focal_x": "0.5", "focal_y": "0.5"}
        self.editor.post("/admin/library/picture/add/", {"file": ("foto.png", PICTURE)}, **picture)
        response = self.editor.post(
            "/admin/news/communique/add/", files, **self.editor.typed(title=title, _continue="1", **row)
        )
        self.page = response.headers.get("Location", "")
        return response.status_code == 302

    def publish(self, title):
        return self.editor.decide(self.page, "publish_now")

    def change(self, title):
        return self.editor.change(self.page, title=title, summary="Cambiata.")

    def withdraw(self, title):
        return self.editor.decide(self.page, "withdraw", comment="Un errore.")


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63606060f80f00010401005fe5c34b0000000049454e44ae426082"
)
STATE = """
import json
from collections import Counter
from django.db import connection
from areaomogenea.accounts.entries import Entry
from areaomogenea.library.models import Picture
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.publishing.indexing import reindex
from areaomogenea.publishing.revisions import Revision, VersionFile
from news.models import Communique
INDEX = {
    "postgresql": "SELECT id, search_vector::text FROM publishing_publication ORDER BY id",
    "sqlite": "SELECT rowid, title, text FROM publishing_search ORDER BY rowid",
}[connection.vendor]
def index():
    with connection.cursor() as cursor:
        cursor.execute(INDEX)
        return cursor.fetchall()
problems = []
for page in Communique.objects.all():
    versions = sorted(page.revisions.versions().values_list("version", flat=True))
    if versions != list(range(1, page.version + 1)):
        problems.append(f"{page}: version {page.version} of {versions}")
    if page.content() != page.content_at(page.version):
        problems.append(f"{page}: is not as its last version")
    decided = {"approved": "approved", "withdrawn": "withdrawn"}
    actions = page.revisions.order_by("version").values_list("action", flat=True)
    last = [decided[action] for action in actions if action in decided]
    if page.status != (last or ["draft"])[-1]:
        problems.append(f"{page}: {page.status}, decided {last}")
of_history = Counter((str(key), action) for key, action in Revision.objects.values_list("publication", "action"))
label = Communique._meta.label_lower
entries = Entry.objects.filter(action__in=Revision.Action.values).values_list("key", "action", "model")
of_ledger = Counter((key, action) for key, action, model in entries)
of_history = Counter(of_history)
if of_history != of_ledger:
    problems.append(f"history and ledger differ: {of_history - of_ledger}, {of_ledger - of_history}")
before = index()
reindex()
if before != index():
    problems.append("the index is not of what is there")
files = [*VersionFile.objects.values_list("file", flat=True), *Attachment.objects.values_list("file", flat=True)]
files += [name for picture in Picture.objects.all() for name in picture.stored_names()]
status = dict(Communique.objects.values_list("title", "status"))
print(json.dumps({"problems": problems, "files": sorted({*files}), "status": status}))
"""


@scenario
def killed_while_publishing_sqlite(portal, times=200):
    address = f"sqlite:///{portal.folder / 'killed.sqlite3'}"
    folder = portal.folder / "of-sqlite"
    folder.mkdir()
    with Portal(folder, DATABASE_URL=address) as other:
        return killed_while_publishing(other, times)


@scenario
def clock_back(portal):
    """Two hours back, a page is withdrawn; the clock is right again: who keeps a copy is informed."""
    if not FAKETIME:
        raise Lacking("libfaketime is not installed")
    with closing(Editor(portal)) as editor:
        editor.publish("Da ritirare")
    portal.manage("tick")
    hour = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    portal.shell(WITHDRAWN, LD_PRELOAD=str(FAKETIME), FAKETIME="-2h")
    address = f"/api/v1/novita?modificati_da={hour}"
    changed = json.loads(portal.get(address).body)
    problems = [] if len(changed["ritirati"]) == 1 else [f"{address} is silent: {changed}"]
    return Outcome(1, len(problems), 0, checked="the withdrawal is among what has changed since", problems=problems)


WITHDRAWN = """
from news.models import Communique
assert Communique.objects.get(title="Da ritirare").withdraw(by=None, comment="Un errore.")
"""


# Many at once


@scenario
def crowd(portal, seconds=300, number=500, every=10):
    """So many readers, an editor who publishes every few seconds: no error, no page older than ten seconds."""
    with closing(Editor(portal)) as editor:
        page = editor.publish("Edizione 0")
        addresses = ["/", "/novita/", "/feed/rss.xml", "/novita/comunicati/edizione-0/"]
        published, memory = [(time.monotonic(), 0)], []
        with Readers(portal, addresses, number=number, pause=1, mark=edition_in) as readers:
            readers.wait_for(number)
            start = time.monotonic()
            edition = 0
            while time.monotonic() - start < seconds or edition < 3:
                time.sleep(every)
                edition += 1
                editor.change(page, title=f"Edizione {edition}")
                published.append((time.monotonic(), edition))
                memory.append(sum(pss(worker) for worker in portal.gunicorn.workers))
            wait_until(lambda: [one.mark for one in readers.answers[-20:]] == [edition] * 20, "the last edition")
    stale = [one for one in readers.answers if one.status == 200 and one.mark < newest(published, one.start - 10)]
    ages = [age_of(published, one) for one in readers.answers if one.status == 200]
    problems = [f"{len(stale)} pages older than 10 s"] if stale else []
    growth = memory[-1] - memory[len(memory) // 5]
    problems += [f"memory grew by {growth:.0f} MB"] if growth > 20 else []
    checked = f"{edition} editions, the oldest page {max(ages):.1f} s; memory {memory[0]:.0f} → {memory[-1]:.0f} MB"
    return outcome(readers, readers.failures(), checked, problems=problems)


def edition_in(text):
    match = re.search(r"Edizione (\d+)", text)
    return int(match[1]) if match else -1


def newest(published, moment):
    return max((edition for at, edition in published if at <= moment), default=-1)


def age_of(published, answer):
    """For how long the next edition had been out when a page without it was asked for."""
    return max((answer.start - at for at, edition in published if edition == answer.mark + 1), default=0)


@scenario
def slow_senders(portal, number=40, seconds=20):
    """Those who send a form a byte at a time hold no thread of the portal."""
    plain = [socket.create_connection(("127.0.0.1", portal.nginx.port)) for _ in range(number)]
    lines = [UNTRUSTED.wrap_socket(one, server_hostname="localhost") for one in plain]
    for line in lines:
        line.sendall(b"POST /accesso/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n")
    with Readers(portal, DRAWN) as readers:
        until = time.monotonic() + seconds
        while time.monotonic() < until or len(readers.answers) < 40:
            for line in lines:
                line.sendall(b"a")
            time.sleep(0.2)
    for line in lines:
        line.close()
    return outcome(readers, readers.failures(), f"{number} slow senders beside")


@scenario
def heavy_paper(portal, paragraphs=300):
    """One PDF that takes long: meanwhile pages are read, and who asks for it too is answered."""
    address = portal.shell(HEAVY.format(paragraphs=paragraphs)).strip()
    with Readers(portal, DRAWN) as readers:
        readers.wait_for(20)
        pdfs = [
            threading.Thread(target=lambda: statuses.append(portal.get(f"{address[:-1]}.pdf").status)) for _ in range(6)
        ]
        statuses = []
        start = time.monotonic()
        for pdf in pdfs:
            pdf.start()
        readers.wait_for(20)
        for pdf in pdfs:
            pdf.join()
        seconds = time.monotonic() - start
    problems = [] if 200 in statuses and {*statuses} <= {200, 503} else [f"PDF: {statuses}"]
    return outcome(
        readers, readers.failures(), f"six asked for a PDF of {seconds:.0f} s: {sorted(statuses)}", problems=problems
    )


HEAVY = """
from tests.factories import make_communique
body = ("<p>" + "Un testo lungo, di molte parole. " * 12 + "</p>") * {paragraphs}
print(make_communique(body=body).get_absolute_url())
"""


def main(names, seconds):
    print(f"{'scenario':34}{'requests':>9}{'failures':>9}{'slowest':>9}{'recovery':>9}  checked")
    is_well = True
    for name in names or SCENARIOS:
        function = SCENARIOS[name]
        is_long = seconds is not None and "seconds" in signature(function).parameters
        long = {"seconds": seconds} if is_long else {}
        with TemporaryDirectory(prefix="portal.") as folder, Portal(Path(folder)) as portal:
            try:
                row = function(portal, **long)
            except Lacking as lacking:
                print(f"{name:34} left out: {lacking}", flush=True)
                continue
        recovery = "" if row.recovery is None else f"{row.recovery:.2f} s"
        print(
            f"{name:34}{row.requests:>9,}{row.failures:>9}{row.slowest:>7.2f} s{recovery:>9}  {row.checked}", flush=True
        )
        for problem in row.problems:
            print(f"{'':34}! {problem}", flush=True)
        is_well = is_well and not row.failures and not row.problems
    return is_well


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*SCENARIOS, []], metavar="SCENARIO", help=", ".join(SCENARIOS))
    parser.add_argument("--seconds", type=int, help="how long each fault lasts, where it lasts")
    options = parser.parse_args()
    sys.exit(not main(options.names, options.seconds))
