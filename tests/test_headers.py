"""What every answer tells browsers, by every public door and by the pages of refusal."""

import pytest

from .addresses import address_of, public_patterns
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
    expected = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin"}
    absent += [name for name, value in expected.items() if headers.get(name) != value]
    return absent + [name for name in ("Referrer-Policy", "Permissions-Policy") if name not in headers]


@pytest.mark.parametrize("pattern", public_patterns(), ids=str)
def test_every_door_says_what_browsers_may_do(client, pattern):
    assert lacking(client.get(address_of(pattern)), pattern.name in FRAMED) == []


@pytest.mark.parametrize("address", REFUSED)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_every_refusal_says_what_browsers_may_do(client, address, accept):
    assert lacking(client.get(address, headers={"Accept": accept})) == []
