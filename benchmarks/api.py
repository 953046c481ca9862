"""What the API and the feeds cost the server: milliseconds over a few hundred requests, p50 and p99, and queries.

    .venv/bin/python benchmarks/api.py [REQUESTS] [COMMUNIQUES]

Puts that many communiqués (default 10,000), each with a version, a topic and a Comune, into a temporary database of
the kind that DATABASE_URL names. Elapsed time of the whole request, middleware and all, without any cache.
Every communiqué has the word «notizia», so that looking for it is the worst that a search can be asked.
"""

import os
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ |= {"DJANGO_SETTINGS_MODULE": "areaomogenea.settings", "DEBUG": "0", "HTTPS": "0", "LOG_LEVEL": "CRITICAL"}
os.environ["API_REQUESTS_PER_MINUTE"] = "1000000000"

import django
from many import add

REQUESTS = int(sys.argv[1]) if len(sys.argv) > 1 else 300
COMMUNIQUES = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
TEXT = "<p>Un testo di prova.</p>" * 20


def index():
    """What a search finds in each: two words of its title, its number among them, and four of its text."""
    from django.db import connection

    indexed = {
        "sqlite": "INSERT INTO publishing_search (rowid, title, text) "
        "SELECT id, 'notiz numer ' || id, 'fras brev test prov' FROM publishing_publication",
        "postgresql": "UPDATE publishing_publication SET search_vector = "
        "setweight(to_tsvector('simple', 'notiz numer ' || id), 'A') || to_tsvector('simple', 'fras brev test prov')",
    }
    with connection.cursor() as cursor:
        cursor.execute(indexed[connection.vendor])
        cursor.execute("ANALYZE")


def paths_by_name():
    from django.utils import timezone

    from areaomogenea.publishing.models import Publication

    rows = Publication.objects.published().latest_first()
    number = rows.count()
    narrow = rows[number // 2]
    topic, place = narrow.topics.get(), narrow.municipalities.get()
    since = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    addresses = {
        "list": "novita",
        "list, 100 rows": "novita?limite=100",
        "list, whole texts": "novita?limite=100&campi=titolo,testo_html",
        "half-way": following(narrow),
        "topic and Comune": f"novita?argomento={topic.slug}&comune={place.istat_code}",
        "changes of a day": f"novita?modificati_da={since}",
        "search, one found": f"cerca?q=notizia+{narrow.pk}",
        "search, all found": "cerca?q=notizia",
        "one": f"novita/{rows[0].pk}",
        "Comuni": "comuni",
        "document": "openapi.json",
    }
    fed = {
        "RSS": "rss.xml",
        "Atom": "atom.xml",
        "JSON Feed": "feed.json",
        "RSS, whole texts": "rss.xml?testo=intero&quanti=100",
        "RSS, one Comune": f"rss.xml?argomento={topic.slug}&comune={place.slug}",
        "RSS, one found": f"rss.xml?q=notizia+{narrow.pk}",
        "RSS, all found": "rss.xml?q=notizia",
    }
    paths = {name: f"/api/v1/{address}" for name, address in addresses.items()}
    return paths | {name: f"/feed/{address}" for name, address in fed.items()}


def following(row):
    from areaomogenea.distribution.api.cursors import cursor_to

    return f"novita?cursore={cursor_to('novita', row.publish_at, row.pk)}"


def measure(client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(3):
        client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, answer.content
    query_count, times = len(queries), []
    for _ in range(REQUESTS):
        start = perf_counter()
        client.get(address)
        times.append((perf_counter() - start) * 1000)
    times.sort()
    return query_count, times[len(times) // 2], times[int(len(times) * 0.99)], len(answer.content)


def main():
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0)
    call_command("load_municipalities", verbosity=0, stdout=StringIO())
    add(0, COMMUNIQUES, TEXT)
    index()
    print(f"{connection.display_name}, {COMMUNIQUES} communiqués, {REQUESTS} requests each")
    print(f"{'door':20}{'queries':>8}{'p50 ms':>9}{'p99 ms':>9}{'bytes':>9}")
    for label, address in paths_by_name().items():
        query_count, middle, worst, size = measure(Client(HTTP_ACCEPT_ENCODING="gzip"), address)
        print(f"{label:20}{query_count:>8}{middle:>9.1f}{worst:>9.1f}{size:>9}")
    connection.creation.destroy_test_db(name, verbosity=0)
    teardown_test_environment()


main()
