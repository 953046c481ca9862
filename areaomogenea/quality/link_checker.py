"""Asking other sites whether a page is still there: politely, for the status alone, never inside our own network."""

import asyncio
import socket
import ssl
import time
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx
from django.conf import settings

# They do not serve programs, or not so often: that says nothing of the page.
SHY = {401, 403, 405, 407, 429, 451, 999}
GONE = {404, 410}
PATIENCE = 30  # seconds in all for one link: a site that says a letter now and then is never silent
NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: how a network without IPv4 reaches what has nothing else
# What a gateway nearer than the world would take apart: IPv4-compatible, NAT64 of one's own, Teredo, 6to4.
LEADING_ELSEWHERE = [*map(ip_network, ("::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"))]


@dataclass(frozen=True)
class Outcome:
    status: int | None = None
    message: str = ""
    is_failure: bool = False


failure = partial(Outcome, is_failure=True)


class RefusalError(Exception):
    """An address that we do not ask, or a chain of them without end."""


class Checker:
    """One at a time, with a pause between two questions to the same site; nobody holds it longer than `patience`."""

    def __init__(self, contact="", timeout=10, pause=1, redirects=5, patience=PATIENCE):
        self.timeout, self.pause, self.redirects, self.patience = timeout, pause, redirects, patience
        self.last_requests = {}
        self.certificates = httpx.create_ssl_context()
        self.headers = {"User-Agent": f"AreaOmogenea-collegamenti/1.0 ({contact})", "Accept": "*/*"}

    def check(self, address: str) -> Outcome:
        """What a reader who follows this address meets: HEAD first, GET where a server does not like it."""
        return asyncio.run(self._check_in_time(address))

    async def _check_in_time(self, address):
        """Asynchronous for its limit alone, which holds whatever a site is doing."""
        try:
            async with asyncio.timeout(self.patience), self._client() as client:
                outcome = await self._outcome(client, "HEAD", address)
                is_answered = outcome.status and not outcome.is_failure
                return outcome if is_answered else await self._outcome(client, "GET", address)
        except TimeoutError:
            return failure(message=f"Non finisce di rispondere entro {self.patience:g} secondi.")

    def _client(self):
        return httpx.AsyncClient(
            timeout=self.timeout,
            headers=self.headers,
            verify=self.certificates,
            # Sites may share an IP address: a connection that is kept would answer for another one.
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,  # through a proxy we could not choose whom we talk to
        )

    async def _outcome(self, client, method, address):
        try:
            return outcome_of(await self._follow(client, method, address))
        except RefusalError as refusal:
            return failure(message=str(refusal))
        except (httpx.InvalidURL, UnicodeError):
            return failure(message="L’indirizzo è scritto male.")
        except socket.gaierror:
            return failure(message="Questo sito non esiste, o ha cambiato nome.")
        except httpx.TimeoutException:
            return failure(message=f"Non risponde entro {self.timeout:g} secondi.")
        except httpx.HTTPError as error:
            is_certificate = isinstance(_root(error), ssl.SSLError)
            return failure(message="Il certificato di sicurezza non vale." if is_certificate else "Non si raggiunge.")

    async def _follow(self, client, method, address):
        """The status at the end of the redirects."""
        url = httpx.URL(address)
        for _ in range(self.redirects + 1):
            response = await self._ask(client, method, url)
            if not response.has_redirect_location:
                return response.status_code
            url = url.join(response.headers["Location"])
        raise RefusalError("Rimanda da un indirizzo all’altro senza arrivare.")

    async def _ask(self, client, method, url):
        if url.scheme not in ("http", "https") or not url.host:
            raise RefusalError("Rimanda a qualcosa che non è una pagina.")
        await self._wait_for(url.host)
        place = await public_place(url.host, url.port or {"http": 80, "https": 443}[url.scheme])
        # The request goes to the very place that was looked at: a name may mean another one a moment later.
        request = client.build_request(
            method,
            url.copy_with(host=place),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await client.send(request, stream=True)
        await response.aclose()  # the body is not wanted, however large; of heads the library reads 100 kB at most
        client.cookies.clear()
        return response

    async def _wait_for(self, host):
        wait = self.last_requests.get(host, -self.pause) + self.pause - time.monotonic()
        await asyncio.sleep(max(0, min(wait, self.pause)))
        self.last_requests[host] = time.monotonic()


def outcome_of(status: int) -> Outcome:
    if status < 400:
        return Outcome(status)
    if status in SHY:
        return Outcome(status, f"Non si lascia controllare ({status}): guardalo tu.")
    if status in GONE:
        return failure(status, f"La pagina non c’è più ({status}).")
    return failure(status, f"Il sito risponde con un errore ({status}).")


async def public_place(host: str, port: int) -> str:
    """The IP address to ask for this host; RefusalError when any of them is of a private network."""
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = [ip_address(one[4][0].partition("%")[0]) for one in infos]
    if not all(is_public(place) or str(place) in settings.PRIVATE_PLACES_TO_CHECK for place in places):
        raise RefusalError("Porta dentro una rete privata.")
    return str(min(places, key=lambda place: place.version))


def is_public(place: IPv4Address | IPv6Address) -> bool:
    """Whether everybody's network leads there; an address that carries an older one leads where that one does."""
    if place.version == 6:
        if carried := place.ipv4_mapped or (place in NAT64 and ip_address(int(place) & 0xFFFFFFFF)):
            return is_public(carried)
        if place.is_site_local or any(place in network for network in LEADING_ELSEWHERE):
            return False
    return place.is_global and not place.is_multicast and not place.is_reserved


def _root(error):
    while cause := error.__cause__ or error.__context__:
        error = cause
    return error
