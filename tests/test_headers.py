"""What every answer tells browsers, by every public door and by the pages of refusal."""

import re

import pytest

from .addresses import address_of, public_patterns
from .factories import make_editor
from .test_costs import furnish

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # headers are said by the middleware
POLICY = ["object-src 'none'", "base-uri 'none'"]
FRAMED = {"embed_list", "embed_card"}  # pages of others may frame these
REFUSED = ["/nessuna/", "/a%00b", "/cerca/?q=%00", "/feed/rss.xml?x=1", "/oembed", "/api/v1/x"]


@pytest.fixture(scope="module", autouse=True)
def furnished(lasting):
    with lasting():
        furnish(1)
        yield


@pytest.fixture(autouse=True)
def _own_files():
    """The files are those of `furnished`."""


def lacking(response, framed=False):
    policy, headers = response["Content-Security-Policy"], dict(response.items())
    absent = [directive for directive in POLICY if directive not in policy]
    frames = [part for part in policy.split("; ") if part.startswith("frame-ancestors")]
    if (frames, headers.get("X-Frame-Options")) != (([], None) if framed else (["frame-ancestors 'none'"], "DENY")):
        absent.append("who may frame it")
    stays = headers["Content-Type"].startswith("text/html") and not framed
    expected = {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin" if stays else "cross-origin",
    }
    absent += [name for name, value in expected.items() if headers.get(name) != value]
    return absent + [name for name in ("Referrer-Policy", "Permissions-Policy") if name not in headers]


@pytest.mark.parametrize("pattern", public_patterns(), ids=str)
def test_every_door_says_what_browsers_may_do(client, pattern):
    assert lacking(client.get(address_of(pattern)), pattern.name in FRAMED) == []


@pytest.mark.parametrize("address", REFUSED)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_every_refusal_says_what_browsers_may_do(client, address, accept):
    assert lacking(client.get(address, headers={"Accept": accept})) == []


def test_files_of_the_desk_stay_at_the_desk(client):
    client.force_login(make_editor(role="Responsabile"))

    assert client.get("/admin/jsi18n/")["Cross-Origin-Resource-Policy"] == "same-origin"


# The Observatory of Mozilla (mdn-http-observatory, src/grader/charts.js) begins with 100, which is an A+, and takes for
# each of these; what it gives besides (CSP, frames, referrer, resources, cookies) is for who lost nearly nothing.

UNSAFE = {"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "*"}


def observed(response):
    parts = response["Content-Security-Policy"].split(";")
    policy = {name: set(sources) for name, *sources in map(str.split, parts)}
    cookies = response.cookies.values()
    year = int(re.search(r"max-age=(\d+)", response["Strict-Transport-Security"])[1])
    taken = {
        "scripts": bool(UNSAFE & policy.get("script-src", policy["default-src"])) or policy["object-src"] != {"'none'"},
        "styles": bool(UNSAFE & policy["style-src"]),
        "cookies": any(not (cookie["secure"] and cookie["httponly"] and cookie["samesite"]) for cookie in cookies),
        "reading by others": "Access-Control-Allow-Origin" in response.headers,
        "referrer": response["Referrer-Policy"] not in {"strict-origin-when-cross-origin", "no-referrer"},
        "https": year < 15_768_000,
        "types": response["X-Content-Type-Options"] != "nosniff",
        "resources": response["Cross-Origin-Resource-Policy"] != "same-origin",
        "frames": policy["frame-ancestors"] != {"'none'"},
    }
    return [name for name, is_so in taken.items() if is_so]


@pytest.mark.parametrize(
    "address", ["/", "/novita/comunicati/", "/cerca/?q=ponte", "/accesso/", "/admin/", "/nessuna/"]
)
def test_observatory_takes_nothing_from_a_page(client, settings, address):
    settings.SECURE_HSTS_SECONDS, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE = 31_536_000, True, True
    client.force_login(make_editor(role="Redattore"))

    assert observed(client.get(address, secure=True)) == []
