"""What comes over the wire to a browser that has seen nothing before."""

SCROLL = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
        scrollTo(0, y);
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
}"""
ON_A_TELEPHONE = {"viewport": {"width": 412, "height": 823}}


class Wire:
    """Bytes and requests of a visit."""

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

    def scroll(self):
        """Down to the foot, so that the pictures of the whole page come."""
        self.tab.evaluate(SCROLL)

    def read(self, pictures=False):
        self.tab.wait_for_load_state("networkidle")
        self.tab.close()
        requests = [request for request, kind in self.kinds.items() if pictures or kind != "Image"]
        return round(sum(self.sizes[request] for request in requests)), len(requests)
