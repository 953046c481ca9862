"""How gunicorn serves the portal: for systemd, the demo and the benchmarks; the command line has the last word.

.venv/bin/gunicorn --config deploy/gunicorn.conf.py --bind unix:/run/areaomogenea/socket

Since the code is loaded before there are workers, HUP brings no new code. USR2 does, with nobody turned away: a second
master loads it while the first serves on the same socket, and then ends the first.
"""

import gc
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.systemd import SD_LISTEN_FDS_START, sd_notify

wsgi_app = "areaomogenea.wsgi"
workers, threads = 3, 4  # each thread keeps one connection to the database
# One request at a time (sync) would save 0.4 ms of a page's 30. But a file of open data may take minutes, a PDF
# seconds: meanwhile others are served, and nobody takes the worker for dead.
worker_class = "gthread"
keepalive = 75  # longer than the proxy keeps its connections, so that it never sends into one that closes
timeout = graceful_timeout = 30
limit_request_line = 8190
forwarder_headers = ""  # nobody who asks tells us under which prefix we stand
control_socket_disable = True  # it would stand in the home of a user who has none

# A page that asks longer than this of the database is given up; commands, which set no such bound, may take their time.
# PostgreSQL would compile what it thinks dear (jit): half a second before the first row of what is sent row by row.
raw_env = ["PGOPTIONS=-c statement_timeout=30s -c jit=off"]

# Where the portal logs in JSON, so does gunicorn.
if os.environ.get("HTTPS", "1").lower() not in ("0", "false", "no", "off"):
    sys.path.insert(0, str(Path(__file__).parent.parent))
    to_stderr = {"level": "INFO", "handlers": ["error_console"], "propagate": False}
    logconfig_dict = {
        "formatters": {"generic": {"()": "areaomogenea.monitoring.logs.JSONFormatter"}},
        "loggers": {"gunicorn.error": to_stderr, "gunicorn.access": to_stderr | {"handlers": []}},
    }
# Each process counts in files of its own there, and whichever is asked at /metriche/ adds them up. A second master
# begins anew, as after a restart: who reads figures knows that they may.
COUNTED_IN = "areaomogenea-metriche-"
if os.environ.get("METRICS_TOKEN") and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=COUNTED_IN)

# Loaded once, before there are workers, which share what they only read: a third of their memory, and a start at once.
preload_app = True
gc.disable()  # until all is loaded: of that nothing is thrown away, and to look for it is a tenth of the start


def child_exit(server: Any, worker: Any) -> None:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    folder = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""))
    if folder.name.startswith(COUNTED_IN):
        shutil.rmtree(folder, ignore_errors=True)


def when_ready(server: Any) -> None:
    share_memory()
    if server.master_pid:
        take_over(server)


def pre_exec(server: Any) -> None:
    """Puts the socket of systemd where the next master looks for it: gunicorn has moved it elsewhere."""
    if server.systemd:
        for number, listener in enumerate(server.LISTENERS, SD_LISTEN_FDS_START):
            os.dup2(listener.fileno(), number)


def take_over(server: Any) -> None:
    """All is loaded: systemd watches this master from now on, and the one before it ends what it has begun."""
    sd_notify(f"MAINPID={server.pid}\nREADY=1", server.log)
    os.kill(server.master_pid, signal.SIGTERM)


def share_memory() -> None:
    """What is loaded is set apart from what the collector walks through, and so writes on."""
    from django.db import connections
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018 (made now, and not again by each worker)
    connections.close_all()  # a connection belongs to one process
    gc.collect()
    gc.freeze()
    gc.enable()
