"""Debian's Firefox, led by WebDriver BiDi: Playwright's own way asks for commands that the ESR does not have."""

import json
import os
import shutil
import subprocess
import time
from base64 import b64decode
from contextlib import contextmanager, suppress
from itertools import count

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

NAMES = ["firefox-esr", "firefox"]
LISTENING = "WebDriver BiDi listening on "
PREFERENCES = {
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "it-IT, it",
    "network.captive-portal-service.enabled": False,
    "ui.prefersReducedMotion": 1,
    "widget.gtk.overlay-scrollbars.enabled": False,  # those that take room: most desks have a mouse
}
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "End": "\ue010", "Home": "\ue011"}
PATIENCE = 30  # seconds, for a state that must come


class RefusedError(Exception):
    """Firefox answered a command with an error."""


class BrokenScriptError(Exception):
    """A script threw an error in the page."""


@contextmanager
def running(folder):
    """Firefox with a profile of its own in `folder`, for as long as this lasts."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "Firefox is missing: bin/prepare test installs it."
    profile, log = folder / "profile", folder / "log"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("".join(lines))
    command = [path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=os.environ | {"HOME": str(folder)}, stdout=output, stderr=output)
    try:
        with connect(f"{address_in(log, process)}/session", max_size=None, proxy=None) as socket:
            firefox = Firefox(socket)
            yield firefox
            firefox.close()
        process.wait(timeout=PATIENCE)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def address_in(log, process):
    def address():
        assert process.poll() is None, f"Firefox has ended:\n{log.read_text()}"
        return next((line.partition(LISTENING)[2] for line in log.read_text().splitlines() if LISTENING in line), "")

    return until(address, "an address of WebDriver BiDi")


class Firefox:
    """`tab()` opens one as somebody new."""

    def __init__(self, socket):
        self.socket, self.numbers, self.events = socket, count(1), []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])

    def ask(self, method, **params):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv(timeout=PATIENCE * 2))
            if message.get("id") == number:
                break
            self.events.append(message)
        if message["type"] == "error":
            raise RefusedError(f"{message['error']}: {message['message']}")
        return message["result"]

    def tab(self, base, **screen):
        person = self.ask("browser.createUserContext")["userContext"]
        context = self.ask("browsingContext.create", type="tab", userContext=person)["context"]
        return Tab(self, base, context, person).look(**screen)

    def close(self):
        with suppress(ConnectionClosed):  # it may be gone before it answers
            self.ask("browser.close")


class Tab:
    """What somebody does and sees; a script is a function of JavaScript, and what it returns comes back."""

    def __init__(self, firefox, base, context, person):
        self.firefox, self.base, self.context, self.person = firefox, base, context, person

    def ask(self, method, **params):
        return self.firefox.ask(method, context=self.context, **params)

    def look(self, width=1280, height=900):
        self.ask("browsingContext.setViewport", viewport={"width": width, "height": height})
        return self

    def goto(self, path):
        self.ask("browsingContext.navigate", url=self.base + path, wait="complete")

    def reload(self):
        self.ask("browsingContext.reload", wait="complete")

    def run(self, script, *args):
        answer = self.firefox.ask(
            "script.callFunction",
            functionDeclaration=f"async (given) => JSON.stringify(await ({script})(...JSON.parse(given)) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(args)}],
            target={"context": self.context},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise BrokenScriptError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def wait(self, script, *args):
        """What the script returns, as soon as that is true; the page may change under it."""

        def look():
            with suppress(RefusedError, BrokenScriptError):  # half a page has not what the script looks at
                return self.run(script, *args)

        return until(look, script)

    def see(self, selector):
        """Until it is there to be pressed."""
        return self.wait("selector => document.querySelector(selector)?.checkVisibility()", selector)

    def read(self, selector):
        return self.run(READ, selector)

    def click(self, selector):
        """Presses it where it lies, once it has come to rest with nothing before it."""
        x, y = self.wait(CENTRE, selector)
        clicks = [{"type": f"pointer{step}", "button": 0} for step in ("Down", "Up")]
        moved = {"type": "pointerMove", "x": x, "y": y}
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [moved, *clicks]}
        self.ask("input.performActions", actions=[mouse])

    def type(self, words):
        self.strike([*words])

    def press(self, *keys):
        self.strike([KEYS[key] for key in keys])

    def strike(self, letters):
        strokes = [{"type": f"key{step}", "value": letter} for letter in letters for step in ("Down", "Up")]
        self.ask("input.performActions", actions=[{"type": "key", "id": "keyboard", "actions": strokes}])

    def hold(self, path):
        """Keeps back what is asked of this address; the function that it returns lets it go on."""
        self.firefox.ask("session.subscribe", events=["network.beforeRequestSent"])
        where = {"type": "pattern", "pathname": path}
        held = self.firefox.ask(
            "network.addIntercept", phases=["beforeRequestSent"], urlPatterns=[where], contexts=[self.context]
        )

        def let_go():
            self.firefox.ask("network.removeIntercept", intercept=held["intercept"])
            params = [
                event["params"] for event in self.firefox.events if event["method"] == "network.beforeRequestSent"
            ]
            for request in {one["request"]["request"] for one in params if one["isBlocked"]}:
                self.firefox.ask("network.continueRequest", request=request)

        return let_go

    def leave(self, go):
        """Does what leads to another page, and waits until that is here."""
        self.run("() => { document.documentElement.dataset.left = 'yes' }")
        go()
        self.wait("() => !document.documentElement.dataset.left && document.readyState === 'complete'")

    @property
    def complaints(self):
        """What its console complains about, since it was opened."""
        params = [event["params"] for event in self.firefox.events if event.get("method") == "log.entryAdded"]
        mine = [entry for entry in params if entry["source"].get("context") == self.context]
        return [entry["text"] for entry in mine if entry["level"] in ("error", "warn")]

    def photograph(self, path):
        image = self.ask("browsingContext.captureScreenshot", origin="document")["data"]
        path.write_bytes(b64decode(image))

    def close(self):
        self.firefox.ask("browser.removeUserContext", userContext=self.person)


READ = """selector => {
  const element = document.querySelector(selector);
  return element.matches('input, select, textarea') ? element.value : element.textContent;
}"""
CENTRE = """async selector => {
  const element = document.querySelector(selector);
  if (!element?.checkVisibility()) return null;
  element.scrollIntoView({block: 'center', behavior: 'instant'});
  const centre = () => {
    const box = element.getBoundingClientRect();
    return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
  };
  const [x, y] = centre();
  for (let frame = 0; frame < 3; frame++) {
    await new Promise(requestAnimationFrame);
    const [left, top] = centre();
    if (left !== x || top !== y) return null;
  }
  return element.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
}"""


def until(look, what=""):
    deadline = time.monotonic() + PATIENCE
    while True:
        if result := look():
            return result
        assert time.monotonic() < deadline, f"This never came: {what}"
        time.sleep(0.05)
