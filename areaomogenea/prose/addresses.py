"""Where a link leads: the address itself, without who sent it round or follows who opens it."""

import re
from urllib.parse import parse_qs, unquote_plus, urlsplit

from .characters import unhidden

# Both patterns are handed to the editor too, which cleans what is pasted while it is still in sight.
TRACKER = (
    r"^(?:amp;)?(?:(?:utm|mtm|matomo|piwik)_\w*|pk_(?:campaign|kwd|keyword|source|medium|content|cid)"
    r"|fbclid|fb_(?:action_ids|action_types|source|ref)|gclid|gclsrc|gbraid|wbraid|dclid|gad_\w*|srsltid|_ga|_gac|_gl"
    r"|msclkid|yclid|_openstat|twclid|ttclid|li_fat_id|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|vero_id"
    r"|oly_anon_id|oly_enc_id)(?:=|$)"
)
REDIRECTOR = (
    r"^https?://(?:www\.google\.[a-z.]+/url|lm?\.facebook\.com/l\.php"
    r"|[\w.-]+\.safelinks\.protection\.outlook\.com/[^?]*)\?"
)
REDIRECTED_TO = ("q", "url", "u")

IS_TRACKER, IS_REDIRECTOR = (re.compile(pattern, re.IGNORECASE) for pattern in (TRACKER, REDIRECTOR))
WITHOUT_SCHEME = re.compile(r"www\.", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
FOLLOWED = {"http", "https", "mailto", "tel"}
LONGEST = 2000


def address(href: str) -> str:
    """The address in its plain form; "" where no honest link leads there."""
    href = re.sub(r"[\t\n]", "", unhidden(href)).strip().replace(" ", "%20")
    if IS_REDIRECTOR.match(href):
        href = next(_targets(href), href)
    if href.startswith("//"):
        href = f"https:{href}"
    elif WITHOUT_SCHEME.match(href):
        href = f"https://{href}"
    return _without_trackers(href) if _is_honest(href) else ""


def _targets(href):
    query = parse_qs(urlsplit(href).query)
    return (query[name][0] for name in REDIRECTED_TO if re.match("https?://", query.get(name, [""])[0]))


def _is_honest(href):
    """An honest address is short enough to be read, and does not show one site's name and open another."""
    try:
        split = urlsplit(href)
    except ValueError:
        return False
    if SCHEME.match(href) and split.scheme not in FOLLOWED:
        return False
    needs_host = split.scheme in ("http", "https")
    return len(href) <= LONGEST and "\\" not in href and "@" not in split.netloc and bool(split.netloc) == needs_host


def _without_trackers(href):
    path, mark, rest = href.partition("?")
    query, hash_mark, fragment = rest.partition("#")
    kept = untracked(query)
    return f"{path}{mark if kept else ''}{kept}{hash_mark}{fragment}"


def untracked(query: str) -> str:
    """A query as it was, without the parameters by which those who send an address round count who opens it."""
    return "&".join(pair for pair in query.split("&") if not IS_TRACKER.match(unquote_plus(pair)))
