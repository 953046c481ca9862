"""What the desk's pages cost the server with few and with many publications: queries and milliseconds.

    .venv/bin/python benchmarks/desk.py [ITEMS ...]

Fills a temporary database of the kind that DATABASE_URL names with as many communiqués in every state (default 10,
then 10,000) and asks each page as a Responsabile does. Process time, so that a busy machine does not count.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ |= {"DJANGO_SETTINGS_MODULE": "areaomogenea.settings", "DEBUG": "0", "HTTPS": "0", "LOG_LEVEL": "CRITICAL"}

import django

SIZES = [int(size) for size in sys.argv[1:]] or [10, 10_000]
REQUESTS = 10
STATES = ("draft", "review", "approved", "approved", "withdrawn")
LIST = "/admin/news/communique/"
PAGES = {
    "desk": "/admin/",
    "list": LIST,
    "list, in review": f"{LIST}?stato=review",
    "list, search": f"{LIST}?q=ponte",
    "form": f"{LIST}{{pk}}/change/",
    "history": f"{LIST}{{pk}}/history/",
    "pictures": "/admin/library/picture/",
}


def fill(how_many, author):
    from django.utils import timezone

    from areaomogenea.topics.models import Topic
    from news.models import Communique

    topics = [
        Topic.objects.get_or_create(slug=f"tema-{n}", defaults={"name": f"Tema {n}", "short": "Un tema"})[0]
        for n in range(12)
    ]
    for n in range(Communique.objects.count(), how_many):
        communique = Communique.objects.create(
            kind="notizie",
            title=f"Il ponte numero {n}",
            summary="Una frase in breve.",
            coverage="area",
            body="<p>Un testo di prova.</p>" * 20,
            status=STATES[n % len(STATES)],
            publish_at=timezone.now() + timedelta(hours=100 - n),
            author=author,
        )
        communique.topics.add(topics[n % len(topics)])
        communique.record(author, "saved")


def measure(client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    query_count, times = len(queries), []
    for _ in range(REQUESTS):
        start = process_time()
        client.get(address)
        times.append((process_time() - start) * 1000)
    return query_count, median(times)


def main():
    with TemporaryDirectory() as folder:
        os.environ["MEDIA_ROOT"] = folder
        django.setup()
        from django.db import connection
        from django.test import Client
        from django.test.utils import setup_test_environment, teardown_test_environment

        from news.models import Communique
        from tests.factories import make_editor

        setup_test_environment()
        name = connection.creation.create_test_db(verbosity=0)
        client, approver = Client(), make_editor(role="Responsabile")
        client.force_login(approver)
        for size in SIZES:
            fill(size, approver)
            pk = Communique.objects.filter(status="approved").first().pk
            print(f"\n{connection.display_name}, {size:,} communiqués\n{'page':18}{'queries':>8}{'CPU ms':>9}")
            for page, address in PAGES.items():
                queries, milliseconds = measure(client, address.format(pk=pk))
                print(f"{page:18}{queries:>8}{milliseconds:>9.1f}")
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


main()
