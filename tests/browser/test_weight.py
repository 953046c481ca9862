"""A first visit is light: what a page makes a new reader download, pictures aside."""

MAX_BYTES = 80_000
MAX_REQUESTS = 10


def download(chromium, address):
    """Bytes on the wire, and number of requests, for a browser that has seen nothing before."""
    tab = chromium.new_page()
    wire = tab.context.new_cdp_session(tab)
    kinds, sizes = {}, {}
    wire.on("Network.requestWillBeSent", lambda event: kinds.update({event["requestId"]: event["type"]}))
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    wire.send("Network.enable")
    tab.goto(address, wait_until="networkidle")
    tab.close()
    wanted = [request for request, kind in kinds.items() if kind != "Image"]
    return round(sum(sizes[request] for request in wanted)), len(wanted)


def test_first_visits_are_light(chromium, portal, doors):
    weights = {path: download(chromium, portal.base + path) for path in doors.values()}

    for path, (size, requests) in weights.items():
        print(f"{size:7,} bytes {requests:3} requests  {path}")
    assert {path for path, (size, requests) in weights.items() if size > MAX_BYTES or requests > MAX_REQUESTS} == set()
