"""A first visit is light: what a page makes a new reader download, pictures aside."""

import pytest

from .screens import HALVES, half_of

MAX_BYTES = 80_000
MAX_REQUESTS = 10
MORE_REQUESTS = {"/incorpora/": 13}  # it shows a second page, in a frame


class Wire:
    """Bytes that come over it, and requests, for a browser that has seen nothing before."""

    def __init__(self, chromium, address):
        self.tab = chromium.new_page()
        self.kinds, self.sizes = {}, {}
        wire = self.tab.context.new_cdp_session(self.tab)
        wire.on("Network.requestWillBeSent", lambda event: self.kinds.update({event["requestId"]: event["type"]}))
        wire.on("Network.loadingFinished", self.note)
        wire.send("Network.enable")
        self.tab.goto(address)

    def note(self, event):
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def read(self):
        self.tab.wait_for_load_state("networkidle")
        self.tab.close()
        requests = [request for request, kind in self.kinds.items() if kind != "Image"]
        return round(sum(self.sizes[request] for request in requests)), len(requests)


@pytest.mark.any_database
@pytest.mark.parametrize("half", HALVES)
def test_first_visits_are_light(chromium, portal, page_paths, half):
    # All are opened before any is read, so that the half second of silence that each must keep is waited for once.
    wires = {path: Wire(chromium, portal.base + path) for path in half_of(page_paths.values(), half)}
    weights = {path: wire.read() for path, wire in wires.items()}

    for path, (size, requests) in weights.items():
        print(f"{size:7,} bytes {requests:3} requests  {path}")
    assert {
        path
        for path, (size, requests) in weights.items()
        if size > MAX_BYTES or requests > MORE_REQUESTS.get(path, MAX_REQUESTS)
    } == set()
