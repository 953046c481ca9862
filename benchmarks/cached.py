"""A page that nginx has kept, beside a static file of the same bytes: requests per second, in one run.

    .venv/bin/python benchmarks/cached.py [--seconds N] [ROUNDS]

The files of deploy/ on free ports (tests/serving.py), without its limits per address and with one process of nginx;
`wrk` asks both in turn over TLS, eight connections, brotli and gzip; the medians are of ROUNDS rounds (default 5).
Then how old a page can be when the portal has said something else: each is read again and again until it is seen.
"""

import argparse
import re
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.load import Editor
from tests.serving import Nginx, Portal, wait_until

CONNECTIONS = 8
UNLIMITED = [
    (r"\n *limit_(req|conn) .*", ""),
    (r"(?<=\n)( *)location / {", r"\1location /kept/ { alias FILES/; gzip_static on; default_type text/html; }\n\g<0>"),
]
PAGES = {"home": "/", "list": "/novita/", "communiqué": "/novita/comunicati/edizione-0/"}


def main(rounds, seconds):
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed: apt-get install wrk")
    with (
        TemporaryDirectory(prefix="portal.") as folder,
        Portal(Path(folder)) as portal,
        closing(Editor(portal)) as editor,
    ):
        page = editor.publish("Edizione 0")
        throughput(portal, rounds, seconds)
        ages(portal, editor, page)


def throughput(portal, rounds, seconds):
    folder = portal.folder / "unlimited"
    folder.mkdir()
    files = folder / "files"
    files.mkdir()
    changes = [(pattern, text.replace("FILES", str(files))) for pattern, text in UNLIMITED]
    print(f"{'page':14}{'packing':>10}{'bytes':>8}{'kept/s':>10}{'static/s':>10}{'share':>8}")
    limited = portal.nginx
    with closing(Nginx(folder, portal.gunicorn.path, changes=changes)) as portal.nginx:
        for name, address in PAGES.items():
            for packing in ("", "gzip"):
                row(portal, name, address, packing, files, rounds, seconds)
    portal.nginx = limited


def row(portal, name, address, packing, files, rounds, seconds):
    response = portal.get(address, **{"Accept-Encoding": packing or "identity"})
    file = files / f"{len([*files.iterdir()])}.html"
    (file.with_name(f"{file.name}.gz") if packing else file).write_bytes(response.body)
    own = f"/kept/{file.name}"
    assert portal.get(own, **{"Accept-Encoding": packing or "identity"}).body == response.body
    rates = [(rate(portal, address, packing, seconds), rate(portal, own, packing, seconds)) for _ in range(rounds)]
    kept, static = (median(part) for part in zip(*rates, strict=True))
    share = median(one / other for one, other in rates)
    print(
        f"{name:14}{packing or '–':>10}{len(response.body):>8,}{kept:>10,.0f}{static:>10,.0f}{share:>8.2f}", flush=True
    )


def rate(portal, address, packing, seconds):
    """Requests that are answered in a second."""
    url = f"https://localhost:{portal.nginx.port}{address}"
    headers = ["-H", "Host: localhost", "-H", f"Accept-Encoding: {packing or 'identity'}", "-H", "Accept: text/html"]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *headers, url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in output, output
    return float(re.search(r"Requests/sec: +([\d.]+)", output)[1])


def ages(portal, editor, page, times=5):
    """Seconds until what was published, or withdrawn, is seen by who reads all the while."""
    seen = []
    for edition in range(1, times + 1):
        editor.change(page, title=f"Edizione {edition}")
        start = time.monotonic()
        wait_until(lambda edition=edition: f"Edizione {edition}" in portal.get("/novita/").body.decode())
        seen.append(time.monotonic() - start)
    print(f"published: seen after {median(seen):.1f} s, {max(seen):.1f} s at most")
    address = PAGES["communiqué"]
    portal.get(address)
    editor.decide(page, "withdraw", comment="Un errore.")
    start = time.monotonic()
    wait_until(lambda: portal.get(address).status == 410)
    print(f"withdrawn: seen after {time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", nargs="?", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each measure")
    options = parser.parse_args()
    main(options.rounds, options.seconds)
