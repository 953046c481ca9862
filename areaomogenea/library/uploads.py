"""What somebody chose and has not saved yet is open to them, in their session, as long as it waits."""

import time
from datetime import timedelta

PATIENCE = timedelta(days=1)  # how long what was chosen waits for its form to be saved
UPLOADS = "uploads"  # in a session: [name, hour] of documents, the newest last
MOST = 50


def uploads_of(session):
    """The stored names that still wait, with the hour when each was chosen."""
    before = time.time() - PATIENCE.total_seconds()
    entries = (entry for entry in session.get(UPLOADS, ()) if isinstance(entry, list))  # before, names stood alone
    return {name: hour for name, hour in entries if hour > before}


def remember_uploads(session, names):
    waiting = uploads_of(session) | dict.fromkeys(names, int(time.time()))
    session[UPLOADS] = [list(one) for one in waiting.items()][-MOST:]
