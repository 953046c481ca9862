"""A first visit is light: what a page makes a new reader download, without its pictures and with them."""

import pytest

from .screens import HALVES, half_of
from .wire import ON_A_TELEPHONE, Wire

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
        wire = Wire(chromium, portal.base + path, **ON_A_TELEPHONE, device_scale_factor=ratio)
        wire.scroll()
        return wire.read(pictures=True)

    weights = {path: weight(path) for path in WITH_PICTURES}
    for path, (size, requests) in weights.items():
        print(f"{size:7,} bytes {requests:3} requests  {path}")
    assert {path: size for path, (size, _) in weights.items() if size > MAX_WITH_PICTURES} == {}
