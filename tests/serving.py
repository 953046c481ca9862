"""The portal as it is served for good: a PostgreSQL of its own that may be stopped, gunicorn, and nginx, by deploy/."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).parent.parent
SEARCHED = f"{os.environ['PATH']}:/usr/sbin:/sbin"
NGINX = shutil.which("nginx", path=SEARCHED)
LONG = 120  # seconds that a busy machine may need for what usually takes one
WORKERS = 2
ENVIRONMENT = {
    "ALLOWED_HOSTS": "localhost",
    "BEHIND_PROXY": "1",
    "DEBUG": "0",
    "DJANGO_SETTINGS_MODULE": "areaomogenea.settings",
    "HTTPS": "1",
    "LOG_LEVEL": "CRITICAL",
    "PYTHONPATH": str(ROOT),
    "SECOND_FACTOR_KEY": "y" * 60,
    "SECRET_KEY": "x" * 60,
    "SITE_ADDRESS": "https://localhost",
}
UNTRUSTED = ssl.create_default_context()  # nginx is given a certificate that nobody signed
UNTRUSTED.check_hostname, UNTRUSTED.verify_mode = False, ssl.CERT_NONE


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_until(state, what="it", seconds=LONG, pause=0.02):
    """What `state()` gives once that is true; AssertionError if it never is."""
    until = time.monotonic() + seconds
    while not (value := state()):
        assert time.monotonic() < until, f"{what} did not come in {seconds} s"
        time.sleep(pause)
    return value


class PostgreSQL:
    """A server made for this alone, by bin/with-postgres; `address` is that of a role that is no superuser."""

    def __init__(self):
        command = ["bin/with-postgres", "sh", "-c", 'echo "$DATABASE_URL"; exec cat']
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, **pipes)
        self.folder = Path(urlsplit(self.process.stdout.readline().strip()).path).parent
        self.data = self.folder / "data"
        self.commands = Path(f"/proc/{self.postmaster}/exe").resolve().parent
        with self.as_superuser("postgres") as database:
            database.execute("CREATE ROLE portal LOGIN")
            database.execute("CREATE DATABASE portal OWNER portal")

    @property
    def address(self):
        return f"postgres://portal@/{self.folder}/portal"

    @property
    def socket(self):
        return str(self.folder / ".s.PGSQL.5432")

    @property
    def postmaster(self):
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def as_superuser(self, name="portal"):
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=name, autocommit=True)

    def _control(self, *words):
        owner = {"user": self.data.stat().st_uid, "extra_groups": []} if os.getuid() == 0 else {}
        log = ["--log", self.data / "log", "--pgdata", self.data, "--silent", "--wait", "--timeout", str(LONG)]
        run = {"check": True, "cwd": "/", "stderr": subprocess.DEVNULL}  # one that is down is not complained of
        subprocess.run([self.commands / "pg_ctl", *words, *log], **run, **owner)

    def stop(self):
        self._control("stop", "--mode=fast")

    def start(self):
        self._control("restart")  # with the options that it had

    def close(self):
        self.process.stdin.close()
        self.process.wait(LONG)


class Line:
    """A TCP port that leads to a socket of PostgreSQL, until it is cut: then its packets are lost."""

    def __init__(self, path):
        self.path, self.pairs = path, []
        self.open()
        self.address = f"postgres://portal@127.0.0.1:{self.port}/portal"

    def open(self, port=0):
        self.server = socket.create_server(("127.0.0.1", port))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self._take, args=[self.server], daemon=True).start()

    def _take(self, server):
        with suppress(OSError):
            while True:
                self._lead(server.accept()[0])

    def _lead(self, near):
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(self.path)
        except OSError:  # there is no server: who asks is refused
            near.close()
            return
        self.pairs.append((near, far))
        for ends in (near, far), (far, near):
            threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source, target):
        with suppress(OSError):
            while piece := source.recv(1 << 16):
                target.sendall(piece)
        for one in source, target:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def cut(self):
        """Connections end; in place of the port stands one whose queue is full, so that each packet to it is lost."""
        self._end()
        self.server = socket.socket()
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.server.bind(("127.0.0.1", self.port))
        self.server.listen(0)
        self.waiting = [socket.socket() for _ in range(4)]
        for one in self.waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", self.port))

    def mend(self):
        for one in self.waiting:
            one.close()
        self.server.close()
        wait_until(self._reopens, "the port")

    def _reopens(self):
        with suppress(OSError):
            self.open(self.port)
            return True

    def _end(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        for pair in self.pairs:
            for one in pair:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        self.pairs.clear()

    def close(self):
        self._end()


class Gunicorn:
    """The portal by deploy/gunicorn.conf.py, on a socket that stays while it is restarted, as systemd keeps one."""

    def __init__(self, folder, environment, *options):
        self.path, self.environment, self.options = folder / "socket", environment, options
        self.file, self.log = folder / "gunicorn.pid", (folder / "gunicorn.log").open("ab")
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(self.path))
        self.socket.listen(2048)
        self.start()

    def start(self):
        self.file.unlink(missing_ok=True)
        options = ["--config", "deploy/gunicorn.conf.py", "--workers", str(WORKERS), "--pid", self.file, *self.options]
        command = [sys.executable, Path(sys.executable).parent / "gunicorn", "--log-level", "warning", *options]
        # The socket is handed over as systemd does it: number 3, for the process that the shell becomes.
        handed_over = f'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&{self.socket.fileno()}'
        keep = {"pass_fds": [self.socket.fileno()], "stdout": self.log, "stderr": self.log}
        self.process = subprocess.Popen(
            ["bash", "-c", handed_over, "bash", *command],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            **keep,
        )
        wait_until(lambda: self.workers, "gunicorn")

    @property
    def master(self):
        with suppress(OSError, ValueError):
            return int(self.file.read_text())
        return None

    @property
    def workers(self):
        with suppress(OSError):
            return [
                int(child) for child in Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
            ]
        return []

    def get(self, address, **headers):
        """The response without nginx, as `read` gives it."""
        http = HTTPConnection("localhost", timeout=LONG)
        http.sock = socket.socket(socket.AF_UNIX)
        http.sock.settimeout(LONG)
        http.sock.connect(str(self.path))
        return read(http, address, headers | {"X-Forwarded-Proto": "https"})

    def signal(self, number):
        os.kill(self.master, number)

    def stop(self):
        master = self.master
        os.kill(master, signal.SIGTERM)
        wait_until(
            lambda: self.process.poll() is not None and not Path(f"/proc/{master}").exists(), "the end of gunicorn"
        )

    def restart(self):
        self.stop()
        self.start()

    def close(self):
        with suppress(TypeError, ProcessLookupError):
            self.stop()
        self.socket.close()
        self.log.close()


class Nginx:
    """nginx by deploy/nginx.conf, with places and ports of its own; `plain` is the one without TLS."""

    def __init__(self, folder, socket_path, static=ROOT / "var" / "static", changes=()):
        """`changes`: (pattern, text) of what else is to be otherwise in the file."""
        self.port, self.plain = free_port(), free_port()
        file = self.write(folder, socket_path, static, changes)
        self.process = subprocess.Popen([NGINX, "-e", folder / "nginx.log", "-c", file])
        wait_until(lambda: self.process.poll() is not None or self.listens(), "nginx")
        assert self.process.poll() is None, (folder / "nginx.log").read_text()

    def write(self, folder, socket_path, static, changes):
        names = ["-subj", "/CN=localhost", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        make = ["openssl", "req", *names, "-keyout", folder / "portale.key", "-out", folder / "portale.pem"]
        subprocess.run(make, check=True, capture_output=True)
        places = {
            "/etc/ssl/": f"{folder}/",
            "/run/areaomogenea/socket": str(socket_path),
            "/srv/areaomogenea/current": str(ROOT),
            "/var/cache/areaomogenea-nginx": f"{folder}/pages",
            "/var/lib/areaomogenea/static": str(static),
            "portale.example.it": "localhost",
            "listen 80": f"listen 127.0.0.1:{self.plain}",
            "listen 443": f"listen 127.0.0.1:{self.port}",
        }
        site = (ROOT / "deploy" / "nginx.conf").read_text()
        for place, own in places.items():
            site = site.replace(place, own)
        for pattern, text in ((r"\n *listen \[::\].*", ""), *changes):
            site = re.sub(pattern, text, site)
        user = ["user root;"] if os.getuid() == 0 else []  # the folders of a test are open to nobody else
        own = [f"{kind}_temp_path {folder}/{kind};" for kind in "client_body proxy fastcgi uwsgi scgi".split()]
        own += [f"error_log {folder}/nginx.log;", "access_log off;", "include /etc/nginx/mime.types;"]
        ways = [f"pid {folder}/pid;", "daemon off;", "worker_processes 1;", "events { worker_connections 4096; }"]
        file = folder / "nginx.conf"
        file.write_text("\n".join([*user, *ways, "http {", *own, site, "}"]))
        return file

    def listens(self):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        return False

    def close(self):
        self.process.terminate()
        self.process.wait(LONG)


class Portal:
    """All of it, started, with its tables made; what the environment is to hold besides goes by its name.

    Without `DATABASE_URL` it has a PostgreSQL of its own, `database`; with `has_line` it speaks with it by a `line`.
    """

    database = line = None

    def __init__(self, folder, has_line=False, **environment):
        self.has_line = has_line
        self.folder, self.media = folder, folder / "media"
        places = {"MEDIA_ROOT": str(self.media), "REDACTIONS_FILE": str(folder / "redactions.jsonl")}
        self.environment = os.environ | ENVIRONMENT | places | environment
        if "DATABASE_URL" not in environment:
            self.environment.pop("DATABASE_URL", None)

    def __enter__(self):
        with ExitStack() as parts:
            if "DATABASE_URL" not in self.environment:
                self.database = parts.enter_context(closing(PostgreSQL()))
                self.environment["DATABASE_URL"] = self.database.address
            if self.has_line:
                self.line = parts.enter_context(closing(Line(self.database.socket)))
                self.environment["DATABASE_URL"] = self.line.address
            self.manage("migrate", "--verbosity", "0")
            self.gunicorn = parts.enter_context(closing(Gunicorn(self.folder, self.environment)))
            self.nginx = parts.enter_context(closing(Nginx(self.folder, self.gunicorn.path)))
            wait_until(self.answers, "the portal")
            self.parts = parts.pop_all()
        return self

    def __exit__(self, *error):
        self.parts.close()

    @contextmanager
    def served_with(self, **environment):
        """Within, gunicorn runs in an environment that holds this too."""
        before = self.gunicorn.environment
        for one in (before | environment, before):
            self.gunicorn.environment = one
            self.gunicorn.restart()
            wait_until(self.answers, "the portal")
            if one is not before:
                yield

    def answers(self):
        with suppress(OSError):
            return self.gunicorn.get("/robots.txt").status == 200
        return False

    def manage(self, *words, **environment):
        """What the command writes."""
        command = [sys.executable, "manage.py", *words]
        run = {"cwd": ROOT, "env": self.environment | environment, "stdout": subprocess.PIPE, "text": True}
        return subprocess.run(command, check=True, **run).stdout

    def shell(self, program, **environment):
        return self.manage("shell", "--no-imports", "--command", program, **environment)

    def get(self, address, **headers):
        """The response through nginx, as `read` gives it."""
        return read(HTTPSConnection("localhost", self.nginx.port, timeout=LONG, context=UNTRUSTED), address, headers)


def read(http, address, headers):
    """The response, with its `body` and the `seconds` that it took."""
    start = time.monotonic()
    http.request("GET", address, headers={"Host": "localhost"} | headers)
    response = http.getresponse()
    response.body = response.read()
    response.seconds = time.monotonic() - start
    http.close()
    return response
