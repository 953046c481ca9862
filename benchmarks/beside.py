"""The small Wagtail of `wagtail_site`, served beside the portal on the same PostgreSQL, with the same news.

Wagtail is no dependency of the portal: pip brings it into an environment of its own, var/speed/wagtail.
"""

import os
import subprocess
import sys
import venv
from contextlib import contextmanager
from importlib.metadata import version

from benchmarks import speed

NUMBER = 10_000  # of its pages, whatever the portal has
FOLDER = speed.ROOT / "var" / "speed" / "wagtail"
PYTHON = FOLDER / "bin" / "python"
PACKAGES = ["wagtail==8.0.1", "psycopg[binary]", *(f"{name}=={version(name)}" for name in ("django", "gunicorn"))]
OPTIONS = ["django.core.wsgi:get_wsgi_application()", "--preload", "--worker-class", "gthread", "--threads", "4"]
DATABASE = "speed_wagtail"
NEWS = """
import json
from areaomogenea.publishing.models import Publication
rows = Publication.objects.filter(slug__startswith="pagina-").latest_first().values_list("title", "summary", "body")
with open("{}", "w", encoding="utf-8") as file:
    json.dump([*rows[:{}]], file)
"""
FILL = """
import json
from benchmarks.wagtail_site.fill import fill
with open("{}", encoding="utf-8") as file:
    fill(json.load(file))
"""
PAGES = {
    "communiqué": f"/novita/pagina-{NUMBER * 2 // 5}/",
    "list": "/novita/",
    "list, page 50": "/novita/?page=50",
    "list, last page": f"/novita/?page={NUMBER // 12}",
}


@contextmanager
def wagtail_beside(portal):
    """A server of Wagtail; None, and why, where it cannot be had."""
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"No Wagtail beside: it cannot be installed ({error}).", file=sys.stderr)
        yield None
        return
    settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.wagtail_site.settings", "PYTHONPATH": str(speed.ROOT)}
    environment = os.environ | settings | {"DATABASE_URL": speed.address_of(DATABASE)}
    environment |= {"MEDIA_ROOT": str(FOLDER / "media")}
    with speed.connected() as connection:
        if not speed.has_database(connection, DATABASE):
            connection.execute(f"CREATE DATABASE {DATABASE}")
            django(environment, "migrate")
            news = f"{FOLDER}/news.json"
            speed.manage(portal.environment, "shell", "-c", NEWS.format(news, NUMBER))
            django(environment, "shell", "--no-imports", "-c", FILL.format(news))
        server = speed.Server(PYTHON, OPTIONS, environment, connection.info.backend_pid)
        try:
            yield server
        finally:
            server.stop()


def install():
    if not (FOLDER / "installed").exists():
        venv.create(FOLDER, clear=True, with_pip=True)
        command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        (FOLDER / "installed").touch()


def django(environment, *arguments):
    subprocess.run([PYTHON, "-m", "django", *arguments, "-v0"], cwd=speed.ROOT, env=environment, check=True)
