"""What a page costs the server, without any cache: queries, and CPU milliseconds over a few hundred requests.

    .venv/bin/python benchmarks/pages.py [REQUESTS] [COMMUNIQUES]

Loads the demo content and that many more communiqués (default 0) into a temporary database of the kind
that DATABASE_URL names. Process time, so that a busy machine does not count.
"""

import os
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ |= {"DJANGO_SETTINGS_MODULE": "areaomogenea.settings", "DEBUG": "0", "HTTPS": "0", "LOG_LEVEL": "CRITICAL"}

import django

REQUESTS = int(sys.argv[1]) if len(sys.argv) > 1 else 300
MORE = int(sys.argv[2]) if len(sys.argv) > 2 else 0
PAGES = {
    "home": "/",
    "list": "/novita/",
    "list, narrowed": "/novita/?argomento=cer&comune=crema&anno=2024",
    "communiqué": "/novita/comunicati/otto-comunita-energetiche/",
    "topic": "/argomenti/cer/",
    "topics": "/argomenti/",
    "Comune": "/comuni/crema/",
    "Comuni": "/comuni/",
    "search": "/cerca/?q=energia",
    "not found": "/nessuna/",
}


def add(how_many):
    from django.utils import timezone

    from areaomogenea.topics.models import Topic
    from news.models import Communique

    topics = list(Topic.objects.all())
    for n in range(how_many):
        communique = Communique.objects.create(
            kind="notizie",
            title=f"Notizia numero {n}",
            summary="Una frase in breve.",
            coverage="area",
            body="<p>Un testo di prova.</p>" * 20,
            status="approved",
            publish_at=timezone.now() - timedelta(hours=n + 1),
        )
        communique.topics.add(topics[n % len(topics)])


def measure(client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(5):
        client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    query_count, times = len(queries), []
    for _ in range(REQUESTS):
        start = process_time()
        client.get(address)
        times.append((process_time() - start) * 1000)
    return query_count, median(times), sum(times) / len(times), len(page.content)


def main():
    with TemporaryDirectory() as folder:
        os.environ["MEDIA_ROOT"] = folder
        django.setup()
        from django.core.management import call_command
        from django.db import connection
        from django.test import Client
        from django.test.utils import setup_test_environment, teardown_test_environment

        setup_test_environment()
        name = connection.creation.create_test_db(verbosity=0)
        call_command("load_demo", verbosity=0, stdout=StringIO())
        add(MORE)
        print(f"{connection.display_name}, {27 + MORE} communiqués, {REQUESTS} requests each")
        print(f"{'page':16}{'queries':>8}{'CPU ms median':>15}{'mean':>8}{'bytes':>9}")
        for page, address in PAGES.items():
            queries, middle, mean, size = measure(Client(HTTP_ACCEPT_ENCODING="gzip"), address)
            print(f"{page:16}{queries:>8}{middle:>15.1f}{mean:>8.1f}{size:>9}")
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


main()
