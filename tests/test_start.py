"""What a process that serves readers has loaded, asked of a fresh one: the modules of this one say nothing."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from .factories import make_communique, make_initiative, make_municipality, make_topic

ROOT = Path(__file__).parent.parent
# Libraries that only some addresses need, or only the desk: each is imported within the functions that use it.
DEAR = """
    PIL bs4 fontTools html5lib httpx icalendar mammoth markdown_it markdownify numpy openpyxl pypdf qrcode rdflib rich
    weasyprint
""".split()
# Modules of ours with many patterns or tables, for what comes in at the desk.
DEAR_OURS = {"areaomogenea.prose.document_reader", "areaomogenea.prose.terms", "news.intake"}
BARE = """
from django.conf import settings
apps = "admin auth contenttypes sessions messages sitemaps staticfiles"
settings.configure(INSTALLED_APPS=[f"django.contrib.{app}" for app in apps.split()])
from django.core.wsgi import get_wsgi_application
get_wsgi_application()
from django.contrib import admin
admin.site.urls
"""
OURS = """
import gc, runpy
served = runpy.run_path("deploy/gunicorn.conf.py")
import areaomogenea.wsgi
served["share_memory"]()
assert gc.isenabled(), "workers would keep all that goes round in circles"
from django.test import Client
answers = [Client(HTTP_HOST="localhost").get(address).status_code for address in json.loads(sys.argv[1])]
assert set(answers) == {200}, answers
"""


def modules(start, *arguments, **environment):
    program = f"import json, sys\n{start}\nprint(json.dumps([*sys.modules]))"
    command = [sys.executable, "-c", program, *arguments]
    return json.loads(subprocess.check_output(command, cwd=ROOT, env=os.environ | environment))


@pytest.fixture
def database(transactional_db, tmp_path):
    """The address of the database as it is now, for another process."""
    if connection.vendor == "postgresql":
        return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        connection.connection.backup(copy)
    return f"sqlite:///{tmp_path}/copy.sqlite3"


@pytest.fixture
def pages(transactional_db):
    crema, topic = make_municipality(), make_topic()
    rows = [make_communique([topic], [crema]), make_initiative([topic], [crema])]
    names = "home search site_map topics:index municipalities:index glossary scadenze:index calendario:index".split()
    names += (
        "iniziative:index news faq feed_rss feed_atom feed_json embed_list api:novita opendata:index sitemap".split()
    )
    places = [reverse("municipality", args=[crema.slug]), reverse("topics:detail", args=[topic.slug])]
    return [*map(reverse, names), *(row.get_absolute_url() for row in rows), *places]


def test_readers_load_no_library_that_their_pages_do_not_need(pages, database):
    loaded = modules(OURS, json.dumps(pages), DATABASE_URL=database, DJANGO_SETTINGS_MODULE="tests.settings")

    assert sorted({name.partition(".")[0] for name in loaded} & set(DEAR)) == []
    assert sorted(DEAR_OURS & set(loaded)) == []
    assert len(loaded) < 2.5 * len(modules(BARE))
