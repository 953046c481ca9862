"""The demo as it is served: started on an empty database, asked as any client may ask."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from itertools import pairwise, takewhile
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import psycopg
from django.db import connection
from lxml.html import document_fromstring

ROOT = Path(__file__).parents[2]
NOT_PUBLIC = ("/admin/", "/static/")


@contextmanager
def empty_database(folder):
    """The address of a new database, of the kind under test."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'portal.sqlite3'}"
        return
    name = f"portal_{os.getpid()}"
    options = {key.lower(): connection.settings_dict[key] or None for key in ("HOST", "PORT", "USER", "PASSWORD")}
    with psycopg.connect(**options, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            address = urlsplit(os.environ["DATABASE_URL"])
            yield address._replace(path=f"{address.path.rpartition('/')[0]}/{name}").geturl()
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Portal:
    """`base` is where it answers, `addresses` one path for each name of a page or file, `codes` the demo's by login."""

    def __init__(self, database, media):
        self.letters = media.parent / "letters"
        post = {"EMAIL_URL": f"filemail:///{self.letters}"}
        production = {"DEBUG": "0", "HTTPS": "0", "SECRET_KEY": "x" * 50, "SECOND_FACTOR_KEY": "y" * 50}
        production |= post | {
            "CONFIRMATION_SECONDS": "86400"
        }  # people of the tests enter once, and stay for all of them
        self.environment = os.environ | production | {"DATABASE_URL": database, "MEDIA_ROOT": str(media)}
        self.server = self.manage(subprocess.Popen, "demo", "--port", "0")
        output = [line.decode() for line in takewhile(lambda line: b"Ctrl-C" not in line, self.server.stdout)]
        self.base = next(line.split()[1] for line in output if "Portale" in line).rstrip("/")
        followed = [(login.split(), line) for login, line in pairwise(output) if "codici:" in line]
        self.codes = {login[-2]: line.partition("codici:")[2].split() for login, line in followed}

    def manage(self, start, *arguments, **how):
        command = [sys.executable, "manage.py", *arguments]
        return start(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, **how)

    def wait(self, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                return self.get("/")
            except URLError:
                time.sleep(0.1)
        raise TimeoutError(f"{self.base} does not answer.")

    def make_scenery(self):
        code = "from tests.browser.scenery import tell; tell()"
        output = self.manage(subprocess.run, "shell", "--verbosity", "0", "--command", code, check=True).stdout
        self.addresses = json.loads(output)

    def stop(self):
        self.server.terminate()
        self.server.communicate(timeout=30)

    def last_letter(self, to, seconds=20):
        """The newest to this address; it leaves beside the request that asked for it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for path in sorted(self.letters.glob("*"), key=lambda path: path.stat().st_mtime, reverse=True):
                letter = message_from_bytes(path.read_bytes(), policy=policy.default)
                if letter["To"] == to:
                    return letter
            time.sleep(0.1)
        raise TimeoutError(f"No letter came for {to}.")

    def get(self, path):
        try:
            response = urlopen(self.base + path, timeout=60)
        except HTTPError as error:
            response = error
        with response:
            text = response.read().decode(errors="replace")
            return Answer(response.status, response.headers.get_content_type(), text)

    def crawl(self):
        """Every public path that links lead to, from the home page, and what it answers."""
        answers, waiting = {}, ["/"]
        while waiting:
            path = waiting.pop()
            if path not in answers:
                answers[path] = self.get(path)
                # Filters and pagers combine without end: one step into them is enough.
                waiting += [] if "?" in path else self.public_links(path, answers[path])
        return answers

    def public_links(self, path, answer):
        addresses = (urldefrag(urljoin(self.base + path, link)).url for link in answer.links)
        paths = (url.removeprefix(self.base) for url in addresses if url.startswith(f"{self.base}/"))
        return [path for path in paths if not path.startswith(NOT_PUBLIC)]


@dataclass
class Answer:
    status: int
    kind: str
    text: str

    @property
    def is_page(self):
        return self.kind == "text/html"

    @property
    def links(self):
        if not self.is_page:
            return []
        named = document_fromstring(self.text).xpath("//@href | //@src | //@action")
        return [link for link in map(str, named) if link]
