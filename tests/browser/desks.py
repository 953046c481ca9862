"""People at the desk: who enters once through the real door, and comes back as often as a test wants."""

from functools import cache

from areaomogenea.management.commands.load_demo import LOGINS

COMPLAINTS = ("error", "warning")
PASSWORDS = {role: (email, password) for role, email, password in LOGINS}


class Desk:
    """desk(role, path, **how): a tab of that person at that path, which remembers what its console complains about."""

    def __init__(self, chromium, portal):
        self.chromium, self.portal = chromium, portal
        self.contexts, self.clients = [], {}
        self.entered = cache(self.enter)

    def __call__(self, role, path="/admin/", **how):
        how = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"} | how
        return self.tab(self.context(storage_state=self.entered(role), **how), path)

    def fetch(self, role, path):
        """What the server answers that person, without a tab that shows it."""
        if role not in self.clients:
            self.clients[role] = self.context(storage_state=self.entered(role)).request
        return self.clients[role].get(path)

    def context(self, **how):
        self.contexts.append(self.chromium.new_context(base_url=self.portal.base, **how))
        return self.contexts[-1]

    def tab(self, context, path):
        tab = context.new_page()
        tab.complaints = []
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.on("console", lambda message: message.type in COMPLAINTS and tab.complaints.append(message.text))
        tab.goto(path)
        return tab

    def enter(self, role):
        """The cookies of somebody who has just entered, with a second factor where it is asked."""
        context = self.context()
        walk_in(self.tab(context, "/accesso/?next=/admin/"), role, self.portal)
        return context.storage_state()

    def close(self):
        for context in self.contexts:
            context.close()
        self.contexts.clear()
        self.clients.clear()


def give_when_asked(tab, path):
    """The file that every chooser of the tab is answered with."""
    # Chromium holds its dialog back only while somebody listens: asked for together with the key, that may come late.
    tab.on("filechooser", lambda chooser: chooser.set_files(path))


def breathe(tab):
    """A frame: the editor hears of a moved cursor a moment later, and no hand is faster than that."""
    tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def walk_in(tab, role, portal):
    email, password = PASSWORDS[role]
    tab.get_by_label("E-mail").fill(email)
    tab.get_by_label("Password", exact=True).fill(password)
    tab.get_by_role("button", name="Entra", exact=True).click()
    if email in portal.codes:
        tab.get_by_label("Codice").fill(portal.codes[email].pop())
        tab.get_by_role("button", name="Entra", exact=True).click()
    tab.locator("#user-tools").wait_for()
