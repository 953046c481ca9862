"""The public site as files that any web server shows: each page as readers without scripts see it, and what it shows.

Scripts ask the portal, which is not there any more; no page needs them.
"""

import posixpath
import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from areaomogenea.backups.archive import PARTIAL
from areaomogenea.publishing.models import Publication

from .export import addresses

# What needs somebody who answers. Whatever else a page leads to is in the copy.
LEFT_OUT = ("/admin/", "/accesso/", "/api/", "/incorpora/", "/oembed", "/cerca/", "/carta/", "/opensearch.xml")
NARROWING = {"argomento", "comune", "tipo", "anno", "iniziativa", "chiuse"}  # one at a time, each with its pages
PAGING = {"prima", "dopo", "pagina"}
TAG = re.compile(r"<(a|link|img|source|use|image|area|iframe)\b((?:[^>\"]|\"[^\"]*\")*)>")
ATTRIBUTE = re.compile(r'(\s)(href|src|srcset)="([^"]*)"')
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
IN_SHEET = re.compile(r"url\(([\"']?)([^)\"']+)\1\)")
SCRIPT = re.compile(r"<script(?![^>]*ld\+json)\b.*?</script>\s*", re.DOTALL)
STILL = "<p><em>Questa è una copia: qui non si cerca e non si filtra.</em></p>"
HOUR = '<p class="container"><em>Copia del sito com’era il {}.</em></p>'
MOVED = '<!DOCTYPE html><html lang="it"><meta charset="utf-8"><title>Spostata</title><meta http-equiv="refresh" content="0; url={0}"><p><a href="{0}">Questa pagina adesso sta qui</a>.</p></html>\n'  # noqa: E501


class StaticSite:
    """A copy that grows from its first page. `is_rooted`: its links begin at the root of a host."""

    def __init__(self, folder: Path, is_rooted: bool = False, with_pdf: bool = False):
        self.folder, self.is_rooted = folder, is_rooted
        self.left_out = (".pdf",) if not with_pdf else ()
        host = urlsplit(settings.SITE_ADDRESS)
        is_secure = host.scheme == "https"
        port = str(host.port or (443 if is_secure else 80))
        self.host = host.netloc
        self.client = Client(raise_request_exception=False, SERVER_NAME=host.hostname, SERVER_PORT=port)
        self.secure = is_secure
        self.hour = HOUR.format(date_format(localtime(), "j F Y, H:i").lower())
        self.waiting: list[str] = []
        self.known: set[str] = set()
        self.faults: list[str] = []

    def write(self) -> int:
        """How many files it is."""
        for address in self.beginnings():
            self.lead(address)
        written = 0
        while self.waiting:
            written += self.keep(self.waiting.pop())
        for before, after in addresses():
            former = self.own(urljoin("/", before))
            if former and former not in self.known and (there := self.own(after)) in self.known:
                self.place(former).write_text(MOVED.format(escape(self.link(former, there, ""))), encoding="utf-8")
                written += 1
        return written

    def beginnings(self) -> Iterator[str]:
        yield from map(reverse, ("home", "site_map", "news", "glossary", "topics:index", "municipalities:index"))
        for row in Publication.objects.published().only("kind", "slug").order_by("pk").iterator():
            yield row.get_absolute_url()

    def lead(self, address: str) -> None:
        if address not in self.known:
            self.known.add(address)
            self.waiting.append(address)

    def own(self, address: str) -> str:
        """An address of this site that is in the copy, without its host; "" for any other."""
        parts = urlsplit(address)
        if parts.scheme not in ("", "http", "https") or parts.netloc not in ("", self.host):
            return ""
        if parts.path.startswith(LEFT_OUT) or parts.path.endswith(self.left_out):
            return ""
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if len(query.keys() - PAGING) > 1 or query.keys() - NARROWING - PAGING:
            return ""
        if query and not parts.path.endswith("/"):
            return ""
        return f"{parts.path}?{parts.query}" if query else parts.path

    def keep(self, address: str) -> int:
        """Writes what answers there, if anything does: 1 or 0."""
        response: Any = self.client.get(address, secure=self.secure, headers={"accept": "text/html,*/*"})
        if response.status_code in (301, 302, 308):
            there = self.own(urljoin(address, response["Location"]))
            if there:
                self.lead(there)
                self.place(address).write_text(MOVED.format(escape(self.link(address, there, ""))), encoding="utf-8")
            return bool(there)
        if response.status_code != 200:
            self.faults.append(f"{address}: {response.status_code}")
            return 0
        kind = response["Content-Type"].partition(";")[0]
        if kind == "text/html":
            self.place(address).write_text(self.page(address, response.text), encoding="utf-8")
        elif kind == "text/css":
            text = b"".join(response).decode()
            sheet = IN_SHEET.sub(lambda url: f"url({self.led(address, url[2]) or url[2]})", text)
            self.place(address).write_text(sheet, encoding="utf-8")
        else:
            with self.place(address).open("wb") as file:
                file.writelines(response)
        return 1

    def path_of(self, address: str) -> str:
        """Where in the copy it stands, from its root."""
        parts = urlsplit(address)
        path = unquote(parts.path).lstrip("/")
        if query := parse_qsl(parts.query, keep_blank_values=True):
            path += "_" + "_".join(f"{name}-{value}" for name, value in query).replace("/", "-") + "/"
        return f"{path}index.html" if not path or path.endswith("/") else path

    def place(self, address: str) -> Path:
        path = self.folder / self.path_of(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def link(self, page: str, target: str, fragment: str) -> str:
        path = self.path_of(target)
        if self.is_rooted:
            link = "/" + path.removesuffix("index.html")
        else:
            link = posixpath.relpath(path, posixpath.dirname(self.path_of(page)) or ".")
        return iri(link) + (f"#{fragment}" if fragment else "")

    def page(self, address: str, html: str) -> str:
        html = html.replace("</main>", f"{self.hour}</main>")
        html = FORM.sub(lambda form: "" if "it-search-wrapper" in form[0][:200] else STILL, SCRIPT.sub("", html))
        return TAG.sub(lambda tag: self.tag(address, tag), html)

    def tag(self, page: str, tag: re.Match[str]) -> str:
        if tag[1] == "link" and 'rel="canonical"' in tag[2]:
            return tag[0]
        is_lost = False

        def attribute(match: re.Match[str]) -> str:
            nonlocal is_lost
            if match[2] == "srcset":
                sizes = [one.strip().partition(" ") for one in unescape(match[3]).split(",")]
                every = ", ".join(f"{self.led(page, one)} {size}" for one, _, size in sizes)
                return f'{match[1]}srcset="{escape(every)}"'
            led = self.led(page, unescape(match[3]))
            is_lost = is_lost or led is None
            return f'{match[1]}{match[2]}="{escape(led)}"' if led is not None else ""

        changed = ATTRIBUTE.sub(attribute, tag[2])
        if is_lost:
            return "" if tag[1] != "a" else f'<a{changed} title="Non è in questa copia">'
        return f"<{tag[1]}{changed}>"

    def led(self, page: str, link: str) -> str | None:
        """A link of a page, as the copy has it; None where that has not got what it leads to."""
        whole, fragment = urldefrag(urljoin(page, link))
        parts = urlsplit(whole)
        is_ours = parts.netloc in ("", self.host) and parts.scheme in ("", "http", "https", "webcal")
        if not is_ours or link.startswith("#"):
            return link
        target = self.own(whole)
        if not target:
            return None
        self.lead(target)
        return self.link(page, target, fragment)


def iri(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3F").replace("#", "%23").replace(" ", "%20")


def export_site(folder: Path, is_rooted: bool, with_pdf: bool) -> tuple[int, list[str]]:
    """Writes the copy, which has its name when it is whole; (how many files, what did not answer)."""
    partial = folder.with_name(folder.name + PARTIAL)
    partial.mkdir(parents=True)
    site = StaticSite(partial, is_rooted, with_pdf)
    number = site.write()
    partial.replace(folder)
    return number, site.faults
