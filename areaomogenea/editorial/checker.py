"""Asking other sites whether a page is still there: politely, for the status alone, never inside our own network."""

import socket
import ssl
import time
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address

import httpx
from django.conf import settings

# They do not serve programs, or not so often: that says nothing of the page.
SHY = {401, 403, 405, 407, 429, 451, 999}
GONE = {404, 410}


@dataclass(frozen=True)
class Outcome:
    status: int | None = None
    message: str = ""
    is_failure: bool = False


failure = partial(Outcome, is_failure=True)


class RefusalError(Exception):
    """An address that we do not ask, or a chain of them without end."""


class Checker:
    """One at a time, with a pause between two questions to the same site."""

    def __init__(self, contact="", timeout=10, pause=1, redirects=5):
        self.pause, self.redirects = pause, redirects
        self.last_asked = {}
        self.client = httpx.Client(
            timeout=timeout,
            headers={"User-Agent": f"AreaOmogenea-collegamenti/1.0 ({contact})", "Accept": "*/*"},
            # Sites may share an IP address: a connection that is kept would answer for another one.
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,  # through a proxy we could not choose whom we talk to
        )

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.client.close()

    def check(self, address):
        """What a reader who follows this address meets: HEAD first, GET where a server does not like it."""
        outcome = self._outcome("HEAD", address)
        return outcome if outcome.status and not outcome.is_failure else self._outcome("GET", address)

    def _outcome(self, method, address):
        try:
            return told_by(self._follow(method, address))
        except RefusalError as refusal:
            return failure(message=str(refusal))
        except (httpx.InvalidURL, UnicodeError):
            return failure(message="L’indirizzo è scritto male.")
        except socket.gaierror:
            return failure(message="Questo sito non esiste, o ha cambiato nome.")
        except httpx.TimeoutException:
            return failure(message=f"Non risponde entro {self.client.timeout.read:g} secondi.")
        except httpx.HTTPError as error:
            is_certificate = isinstance(_root(error), ssl.SSLError)
            return failure(message="Il certificato di sicurezza non vale." if is_certificate else "Non si raggiunge.")

    def _follow(self, method, address):
        """The status at the end of the redirects."""
        url = httpx.URL(address)
        for _ in range(self.redirects + 1):
            response = self._ask(method, url)
            if not response.has_redirect_location:
                return response.status_code
            url = url.join(response.headers["Location"])
        raise RefusalError("Rimanda da un indirizzo all’altro senza arrivare.")

    def _ask(self, method, url):
        if url.scheme not in ("http", "https") or not url.host:
            raise RefusalError("Rimanda a qualcosa che non è una pagina.")
        self._wait_for(url.host)
        place = public_place(url.host, url.port or {"http": 80, "https": 443}[url.scheme])
        # The request goes to the very place that was looked at: a name may mean another one a moment later.
        request = self.client.build_request(
            method,
            url.copy_with(host=place),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        response = self.client.send(request, stream=True)
        response.close()  # the body is not wanted
        self.client.cookies.clear()
        return response

    def _wait_for(self, host):
        wait = self.last_asked.get(host, -self.pause) + self.pause - time.monotonic()
        time.sleep(max(0, min(wait, self.pause)))
        self.last_asked[host] = time.monotonic()


def told_by(status):
    if status < 400:
        return Outcome(status)
    if status in SHY:
        return Outcome(status, f"Non si lascia controllare ({status}): guardalo tu.")
    if status in GONE:
        return failure(status, f"La pagina non c’è più ({status}).")
    return failure(status, f"Il sito risponde con un errore ({status}).")


def public_place(host, port):
    """The IP address to ask for this host; RefusalError when any of them is of a private network."""
    places = [
        ip_address(found[4][0].partition("%")[0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
    if not all(is_public(place) or str(place) in settings.PRIVATE_PLACES_TO_CHECK for place in places):
        raise RefusalError("Porta dentro una rete privata.")
    return str(min(places, key=lambda place: place.version))


def is_public(place):
    place = getattr(place, "ipv4_mapped", None) or place
    return place.is_global and not place.is_multicast


def _root(error):
    while cause := error.__cause__ or error.__context__:
        error = cause
    return error
