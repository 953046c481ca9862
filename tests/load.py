"""Who reads and writes while something fails: many readers at once, an editor at the desk."""

import asyncio
import html
import re
import ssl
import threading
import time
from collections import Counter
from itertools import count, pairwise
from typing import NamedTuple

import httpx

from .serving import LONG, UNTRUSTED, wait_until


class Answer(NamedTuple):
    """`status` is 0 where none came; `mark` is what `Readers.mark` made of the body."""

    address: str
    start: float
    seconds: float
    status: int
    headers: httpx.Headers
    mark: object

    @property
    def end(self):
        return self.start + self.seconds


class Readers:
    """So many people who read these addresses in turn, through nginx, until the end of the block.

    "{n}" in an address is another number each time, so that no cache has the page. They come from as many places as
    there may be on this computer, and read twenty pages a second at most: nginx counts requests of one.
    """

    def __init__(self, portal, addresses, number=8, pause=0.05, mark=None, headers=None):
        self.portal, self.addresses, self.number, self.pause = portal, addresses, number, pause
        self.mark, self.headers = mark or (lambda text: None), {"Host": "localhost"} | (headers or {})
        self.answers, self._numbers, self._is_over = [], count(), False

    def __enter__(self):
        self._thread = threading.Thread(target=lambda: asyncio.run(self._read_all()))
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._is_over = True
        self._thread.join(LONG)

    async def _read_all(self):
        await asyncio.gather(*(self._read(number) for number in range(self.number)))

    async def _read(self, number):
        place = f"127.0.{1 + number // 250}.{1 + number % 250}"
        transport = httpx.AsyncHTTPTransport(verify=UNTRUSTED, local_address=place)
        base = f"https://127.0.0.1:{self.portal.nginx.port}"
        await asyncio.sleep(self.pause * number / self.number)
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=self.headers, timeout=LONG) as client:
            for turn in count(number):
                if self._is_over:
                    return
                address = self.addresses[turn % len(self.addresses)].format(n=next(self._numbers))
                self.answers.append(await self._ask(client, address))
                await asyncio.sleep(self.pause)

    async def _ask(self, client, address):
        start = time.monotonic()
        try:
            response = await client.get(address, extensions={"sni_hostname": "localhost"})
        except (httpx.HTTPError, ssl.SSLError, OSError):
            return Answer(address, start, time.monotonic() - start, 0, httpx.Headers(), None)
        seconds = time.monotonic() - start
        return Answer(address, start, seconds, response.status_code, response.headers, self.mark(response.text))

    def wait_for(self, number=1, status=None):
        """Until so many more answers have come, each to a request that began later than now."""
        since = time.monotonic()

        def has_come():
            late = [one for one in self.answers[-20 * number - 1000 :] if one.start > since]
            return sum(1 for one in late if status in (None, one.status)) >= number

        wait_until(
            has_come, f"answers of readers ({status or 'any'}; so far {Counter(one.status for one in self.answers)})"
        )

    def failures(self, *allowed):
        return [one for one in self.answers if one.status not in (allowed or (200,))]

    @property
    def slowest(self):
        return max(one.seconds for one in self.answers)

    @property
    def silence(self):
        """The longest time in which nobody got an answer."""
        ends = sorted(one.end for one in self.answers)
        return max(later - sooner for sooner, later in pairwise(ends))


SESSION = """
from secrets import token_hex
from django.conf import settings
from django.test import Client
from areaomogenea.topics.models import Topic
from tests.factories import make_editor, make_topic
client = Client()
client.force_login(make_editor("Responsabile", email=f"{token_hex(8)}@example.org"))
print(client.cookies[settings.SESSION_COOKIE_NAME].value, (Topic.objects.first() or make_topic()).pk)
"""
ROWS = {
    f"{table}-{what}_FORMS": "0" for table in ("doubts", "attachments", "deadlines") for what in ("TOTAL", "INITIAL")
}
ADD = "/admin/news/communique/add/"


class Editor:
    """Somebody who writes and approves at the desk, with a browser's cookies and without its scripts."""

    def __init__(self, portal, **environment):
        session, self.topic = portal.shell(SESSION, **environment).split()
        self.base = f"https://localhost:{portal.nginx.port}"
        cookies = {"__Host-sessionid": session}
        headers = {"Host": "localhost", "Origin": "https://localhost", "Referer": "https://localhost/admin/"}
        more = {"verify": UNTRUSTED, "timeout": LONG, "follow_redirects": False}
        self.client = httpx.Client(base_url=self.base, cookies=cookies, headers=headers, **more)

    def close(self):
        self.client.close()

    def get(self, address):
        return self.client.get(address)

    def post(self, address, files=None, **typed):
        """The response to the form at this address, filled in with this besides what it holds."""
        return self.client.post(address, data=self.fields(address) | typed, files=files)

    def fields(self, address):
        """What the form at this address holds when it is opened."""
        return fields_in(self.get(address).text)

    def change(self, page, **typed):
        words = {name: value for name, value in self.typed(**typed).items() if name not in ROWS}
        return accepted(self.post(page, **words, _save="1"))

    def decide(self, page, verb, **typed):
        row = page.removesuffix("change/")
        return accepted(self.post(f"{row}decisione/{verb}/", **typed))

    def typed(self, **fields):
        """What the form of a communiqué is filled in with."""
        words = {"kind": "comunicati", "title": "Un titolo", "summary": "In breve.", "body": "<p>Testo.</p>"}
        return ROWS | words | {"coverage": "area", "topics": self.topic} | fields

    def publish(self, title, **typed):
        """The address at the desk of a new communiqué, published."""
        saved = accepted(self.post(ADD, **self.typed(title=title, _verb_publish_now="1", **typed)))
        accepted(self.post(saved.headers["Location"]))
        return saved.headers["Location"].partition("decisione/")[0] + "change/"


def accepted(response):
    """The response to a form that was not shown again; AssertionError with the reasons if it was."""
    lists = re.findall(r'<ul class="(?:errorlist|messagelist).*?</ul>', response.text, re.DOTALL)
    reasons = [" ".join(html.unescape(re.sub("<[^>]*>", " ", one)).split()) for one in lists]
    assert response.status_code == 302, (response.status_code, reasons)
    return response


WRITTEN = {"hidden", "text", "date", "time", "number"}


def fields_in(page):
    """What the inputs of a page hold, whether somebody has written it or not."""
    inputs = [dict(re.findall(r'([a-z-]+)="([^"]*)"', one)) for one in re.findall(r"<input[^>]*>", page)]
    written = [one for one in inputs if one.get("type") in WRITTEN and "name" in one]
    return {one["name"]: html.unescape(one["value"]) for one in written if one.get("value")}
