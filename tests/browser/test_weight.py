"""A first visit is light: what a page makes a new reader download, without its pictures and with them."""

import pytest

from .screens import HALVES, half_of

MAX_BYTES = 60_000
MAX_REQUESTS = 8
# Of an initiative, which the preview shows too: a fifth says and draws who takes part, Comune by Comune.
MORE_BYTES = dict.fromkeys(["iniziative:detail", "preview"], 68_000)
MORE_REQUESTS = {"embed_builder": 12}  # it shows a second page, in a frame
MAX_WITH_PICTURES = 150_000  # on a telephone, down to the foot
WITH_PICTURES = [
    "/",
    "/novita/",
    "/iniziative/",
    "/novita/comunicati/otto-comunita-energetiche/",
    "/iniziative/cer-del-cremasco/",
    "/argomenti/cer/",
    "/comuni/crema/",
    "/cerca/?q=energia",
]
SCROLL = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
        scrollTo(0, y);
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
}"""


class Wire:
    """Bytes that come over it, and requests, for a browser that has seen nothing before."""

    def __init__(self, chromium, address, **how):
        self.tab = chromium.new_page(**how)
        self.kinds, self.sizes = {}, {}
        wire = self.tab.context.new_cdp_session(self.tab)
        wire.on("Network.requestWillBeSent", lambda event: self.kinds.update({event["requestId"]: event["type"]}))
        wire.on("Network.loadingFinished", self.note)
        wire.send("Network.enable")
        self.tab.goto(address)

    def note(self, event):
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def read(self, pictures=False):
        self.tab.wait_for_load_state("networkidle")
        self.tab.close()
        requests = [request for request, kind in self.kinds.items() if pictures or kind != "Image"]
        return round(sum(self.sizes[request] for request in requests)), len(requests)


@pytest.mark.any_database
@pytest.mark.parametrize("half", HALVES)
def test_first_visits_are_light(chromium, portal, page_paths, half):
    # All are opened before any is read, so that the half second of silence that each must keep is waited for once.
    wires = {name: Wire(chromium, portal.base + page_paths[name]) for name in half_of(page_paths, half)}
    weights = {name: wire.read() for name, wire in wires.items()}

    for name, (size, requests) in weights.items():
        print(f"{size:7,} bytes {requests:3} requests  {name}")
    assert {
        name: weight
        for name, weight in weights.items()
        if weight[0] > MORE_BYTES.get(name, MAX_BYTES) or weight[1] > MORE_REQUESTS.get(name, MAX_REQUESTS)
    } == {}


@pytest.mark.any_database
@pytest.mark.parametrize("ratio", [1, 2.625])
def test_first_visits_are_light_with_their_pictures(chromium, portal, ratio):
    def weight(path):
        viewport = {"width": 412, "height": 823}
        wire = Wire(chromium, portal.base + path, viewport=viewport, device_scale_factor=ratio)
        wire.tab.evaluate(SCROLL)
        return wire.read(pictures=True)

    weights = {path: weight(path) for path in WITH_PICTURES}
    for path, (size, requests) in weights.items():
        print(f"{size:7,} bytes {requests:3} requests  {path}")
    assert {path: size for path, (size, _) in weights.items() if size > MAX_WITH_PICTURES} == {}
