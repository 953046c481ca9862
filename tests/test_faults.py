"""The worst days of benchmarks/faults.py in short: real servers, which stop, start and are killed while people read."""

import pytest

from benchmarks import faults

from .load import Editor
from .serving import NGINX, Portal, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.any_database,  # the portal that is served has its own
    pytest.mark.skipif(not NGINX, reason="nginx is not installed"),
]
SHORT = {  # a full disk is in test_full_disk.py, a second master in test_serving.py
    "worker-killed": {"times": 1},
    "database-stopped": {"seconds": 0},
    "database-restarted": {"times": 1},
    "database-silent": {"seconds": 0},
    "connection-limit": {"seconds": 0},
    "killed-while-publishing": {"times": 4},
    "crowd": {"seconds": 0, "number": 20, "every": 0.5},
    "slow-senders": {"number": 10, "seconds": 0},
    "heavy-paper": {"paragraphs": 10},
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    with Portal(tmp_path_factory.mktemp("portal"), has_line=True) as portal:
        yield portal


@pytest.mark.parametrize("name", SHORT)
def test_nobody_is_failed_while(portal, name):
    try:
        outcome = faults.SCENARIOS[name](portal, **SHORT[name])
    except faults.Lacking as lacking:
        pytest.skip(str(lacking))

    assert (outcome.failures, outcome.problems) == (0, [])
    assert outcome.requests > 0


def test_what_is_published_and_withdrawn_is_seen_through_every_cache(portal):
    """Whatever they can unpack; and nobody is shown the copy of before while the database is away."""
    packings = [{"Accept-Encoding": packing} for packing in ("br", "gzip", "identity")]
    editor = Editor(portal)
    page = editor.publish("Da leggere")
    address = portal.shell(
        "from news.models import Communique; print(Communique.objects.get(title='Da leggere').get_absolute_url())"
    ).strip()
    statuses = lambda: [portal.get(address, **packing).status for packing in packings]  # noqa: E731 (said thrice)
    assert statuses() == [200, 200, 200]

    editor.decide(page, "withdraw", comment="Un errore.")

    # Whoever asks more than forty times a second is told to come back later.
    wait_until(lambda: statuses() == [410, 410, 410], "the withdrawal", seconds=10, pause=0.5)
    portal.database.stop()
    try:
        assert statuses() == [410, 410, 410]
    finally:
        portal.database.start()


@pytest.mark.parametrize("address", ["/admin/", "/accesso/", "/api/v1/status"])
def test_no_cache_keeps_what_is_of_one_reader(portal, address):
    responses = [portal.get(address) for _ in range(2)]

    assert [response.headers["Cache-Status"] for response in responses] == ["nginx; fwd=miss"] * 2


def test_each_request_is_told_its_own_name(portal):
    """Of a page that is kept, too."""
    responses = [portal.get("/argomenti/") for _ in range(3)]

    names = [response.headers.get_all("X-Request-ID") for response in responses]
    assert responses[-1].headers["Cache-Status"].startswith("nginx; hit")
    assert [len(of_one) for of_one in names] == [1, 1, 1]
    assert len({of_one[0] for of_one in names}) == 3


def test_who_has_come_in_is_shown_everything_anew(portal):
    portal.get("/")
    response = portal.get("/", Cookie="__Host-sessionid=abc")

    assert (response.status, response.headers["Cache-Status"]) == (200, None)
