"""What the other forms of a page cost: CPU seconds for a PDF, its size and pages; milliseconds once it is kept.

    .venv/bin/python benchmarks/handouts.py [TIMES]

Loads the demo content into a temporary database of the kind that DATABASE_URL names.
"""

import os
import sys
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ |= {"DJANGO_SETTINGS_MODULE": "areaomogenea.settings", "DEBUG": "0", "HTTPS": "0", "LOG_LEVEL": "CRITICAL"}

import django

TIMES = int(sys.argv[1]) if len(sys.argv) > 1 else 20
PAGES = {
    "short": "/novita/notizie/ciclabili-luci-spente-di-notte",
    "long, table": "/novita/comunicati/otto-comunita-energetiche",
    "initiative": "/iniziative/cer-del-cremasco",
}


def seconds(client, address, times=TIMES, before=lambda: None):
    taken = []
    for _ in range(times):
        before()
        start = process_time()
        assert client.get(address).status_code == 200
        taken.append(process_time() - start)
    return median(taken)


def main():
    with TemporaryDirectory() as folder:
        os.environ["MEDIA_ROOT"] = folder
        django.setup()
        from django.core.management import call_command
        from django.db import connection
        from django.test import Client
        from django.test.utils import setup_test_environment, teardown_test_environment
        from pypdf import PdfReader

        from areaomogenea.distribution.exports.pdf_cache import throw_away
        from areaomogenea.publishing.models import Publication

        setup_test_environment()
        name = connection.creation.create_test_db(verbosity=0)
        call_command("load_demo", verbosity=0, stdout=StringIO())
        client = Client()
        first = seconds(client, f"{PAGES['short']}.pdf", times=1)
        print(f"{connection.display_name}; the first PDF of a process: {first:.2f} s")
        print(f"{'page':14}{'PDF s':>8}{'kB':>6}{'pages':>7}{'kept ms':>9}{'text ms':>9}{'Markdown ms':>13}")
        for page, address in PAGES.items():
            row = Publication.objects.get(slug=address.rpartition("/")[2])
            pdf = b"".join(client.get(f"{address}.pdf"))
            made = seconds(client, f"{address}.pdf", before=partial(throw_away, row))
            cached, text, markdown = (seconds(client, f"{address}.{end}") for end in ("pdf", "txt", "md"))
            pages = len(PdfReader(BytesIO(pdf)).pages)
            print(f"{page:14}{made:>8.2f}{len(pdf) / 1000:>6.0f}{pages:>7}", end="")
            print(f"{cached * 1000:>9.1f}{text * 1000:>9.1f}{markdown * 1000:>13.1f}")
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


main()
