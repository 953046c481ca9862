"""A portal of fifteen years: realistic communiqués by the ten thousand, for benchmarks at scale on PostgreSQL.

The words are those of the demo's own pages, as often as they stand there; topics follow Zipf, seven in ten pages name
one to three Comuni, four in five have a picture, each has two versions with their contents, one in twenty a term.
"""

import random
from collections import Counter
from datetime import timedelta
from itertools import accumulate

BLOCK = 10_000  # written one by one; what is beyond is made of copies, each with an hour and an address of its own
YEARS = 15
COMMON, MIDDLING, RARE = "comune", "teleriscaldamento", "sghiaiatore"  # of 94, 6 and 0.1 pages in a hundred
LINKED = 0.18  # of the pages tell of the same initiative


class Writer:
    """Texts of the demo's words, by how often the demo uses them; the same each time."""

    def __init__(self, texts):
        self.random = random.Random(48)
        counts = Counter(word for text in texts for word in text.split() if word.isalpha())
        self.words, self.weights = list(counts), list(accumulate(counts.values()))

    def sentence(self, length):
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=length)).capitalize() + "."

    def paragraph(self):
        return "<p>" + " ".join(self.sentence(self.random.randint(8, 22)) for _ in range(3)) + "</p>"

    def body(self):
        marks = [(COMMON, 0.94), (MIDDLING, 0.06), (RARE, 0.001)]
        text = " ".join(word for word, share in marks if self.random.random() < share)
        section = "<h2>{}</h2>" + self.paragraph()
        listed = "".join(f"<li>{self.sentence(6)}</li>" for _ in range(3))
        pieces = [self.paragraph(), f"<p>{text}</p>" if text else "", section.format(self.sentence(3)[:-1])]
        pieces += [f"<ul>{listed}</ul>", section.format(self.sentence(4)[:-1])]
        pieces += [f"<blockquote><p>{self.sentence(14)}</p></blockquote>"] if self.random.random() < 0.3 else []
        return "".join(pieces)


def fill(number):
    """Adds that many communiqués, a multiple of BLOCK, to a database that holds the demo."""
    from django.db import connection, transaction

    with transaction.atomic():
        first, last = write_block()
    for copy in range(1, number // BLOCK):
        with transaction.atomic():
            copy_block(copy, first, last)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        cursor.execute("VACUUM ANALYZE")


def write_block():
    """The keys of the first and of the last of the pages that are made."""
    from django.db import connection
    from django.utils import timezone
    from django.utils.html import strip_tags

    from areaomogenea.deadlines.models import Deadline
    from areaomogenea.library.models import Picture
    from areaomogenea.municipalities.models import Municipality
    from areaomogenea.publishing.models import Publication
    from areaomogenea.publishing.revisions import Revision
    from areaomogenea.search.engines import stems
    from areaomogenea.topics.models import Topic
    from initiatives.models import Initiative

    texts = [strip_tags(body.replace("<", " <")) for body in Publication.objects.values_list("body", flat=True)]
    writer = Writer(texts)
    chance, now = writer.random, timezone.now().replace(microsecond=0)
    topics = list(Topic.objects.order_by("position", "pk"))
    by_zipf = list(accumulate(1 / place for place in range(1, len(topics) + 1)))
    places, pictures = list(Municipality.objects.of_area()), list(Picture.objects.all())
    initiative = Initiative.objects.published().order_by("pk").first()

    def page(number):
        at = now - timedelta(minutes=1 + number * YEARS * 365 * 24 * 60 // BLOCK)
        coverage = chance.choices(["these", "area", "nowhere"], [70, 25, 5])[0]
        return Publication(
            kind=chance.choices(["notizie", "comunicati", "avvisi"], [5, 3, 2])[0],
            title=f"{writer.sentence(8)[:-1]} {number}",
            slug=f"pagina-{number}",
            summary=writer.sentence(16)[:255],
            coverage=coverage,
            body=writer.body(),
            picture=chance.choice(pictures) if chance.random() < 0.8 else None,
            status="approved",
            publish_at=at,
            came_out_at=at,
            version=2,
        )

    made = Publication.objects.bulk_create([page(number) for number in range(BLOCK)], batch_size=1000)
    on, named, linked = (
        field.through for field in (Publication.topics, Publication.municipalities, Publication.linked)
    )

    def stemmed(text):
        return " ".join(stems(text))

    def topics_of(one):
        return set(chance.choices(topics, cum_weights=by_zipf, k=chance.choices([1, 2, 3], [5, 3, 2])[0]))

    rows = [on(publication=one, topic=topic) for one in made for topic in topics_of(one)]
    on.objects.bulk_create(rows, batch_size=5000)
    naming = [one for one in made if one.coverage == "these"]
    few = {one.pk: chance.sample(places, chance.randint(1, 3)) for one in naming}
    rows = [named(publication=one, municipality=place) for one in naming for place in few[one.pk]]
    named.objects.bulk_create(rows, batch_size=5000)
    telling = [one for one in made if chance.random() < LINKED]
    linked.objects.bulk_create([linked(from_publication=one, to_publication_id=initiative.pk) for one in telling])
    versions = [
        Revision(publication=one, version=version, action=action, at=one.publish_at, content=content_of(one))
        for one in made
        for version, action in ((1, "first"), (2, "approved"))
    ]
    Revision.objects.bulk_create(versions, batch_size=1000)
    due = [
        Deadline(publication=one, title="Termine", for_citizens=True, closes_at=one.publish_at + timedelta(days=30))
        for one in made[::20]
    ]
    for one in due:
        one.due_at = one.over_at = one.closes_at
    Deadline.objects.bulk_create(due)
    with connection.cursor() as cursor:
        columns = "subtitle, office, number, source_name, source_url, source_licence"
        cursor.execute(
            f"INSERT INTO news_communique (publication_ptr_id, {columns}) "
            "SELECT id, '', '', '', '', '', '' FROM publishing_publication WHERE id BETWEEN %s AND %s",
            [made[0].pk, made[-1].pk],
        )
        cursor.executemany(
            "UPDATE publishing_publication SET search_vector = "
            "setweight(to_tsvector('simple', %s), 'A') || setweight(to_tsvector('simple', %s), 'B') WHERE id = %s",
            [(stemmed(one.title), stemmed(one.searchable_text()), one.pk) for one in made],
        )
    return made[0].pk, made[-1].pk


def content_of(publication):
    return {name: getattr(publication, name) for name in ("title", "summary", "body", "kind", "coverage")}


# Each copy lies elsewhere in the fifteen years, which it fills as the first does: beside their like, pages would come
# by the dozen of the same Comune and topic.
EARLIER = "now() - make_interval(secs => mod(extract(epoch FROM now() - {}) + {{seconds}}, {{span}})::float)"
SPAN, GOLDEN = YEARS * 365 * 24 * 60 * 60, 0.618034
TABLES = {  # what of each row of a copy is not as in the first block
    "publishing_publication": {
        "id": "id + {step}",
        "title": "title || ' bis {copy}'",
        "slug": "slug || '-{copy}'",
        "publish_at": EARLIER.format("publish_at"),
        "came_out_at": EARLIER.format("came_out_at"),
    },
    "publishing_publication_topics": {"publication_id": "publication_id + {step}"},
    "publishing_publication_municipalities": {"publication_id": "publication_id + {step}"},
    "publishing_publication_linked": {"from_publication_id": "from_publication_id + {step}"},
    "publishing_revision": {"publication_id": "publication_id + {step}", "at": EARLIER.format("at")},
    "deadlines_deadline": {"publication_id": "publication_id + {step}", "uid": "gen_random_uuid()"},
}


def copy_block(copy, first, last):
    """Copies of the pages from the first to the last, at other hours."""
    from django.db import connection

    params = {"step": copy * BLOCK, "copy": copy, "seconds": round(copy * GOLDEN % 1 * SPAN), "span": SPAN}
    tables = TABLES | {"news_communique": {"publication_ptr_id": "publication_ptr_id + {step}"}}
    with connection.cursor() as cursor:
        for table, changed in tables.items():
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            columns = [column for column in columns if column != "id" or "id" in changed]
            values = ", ".join(changed.get(column, column).format(**params) for column in columns)
            key = next(column for column in changed if column.endswith("id"))
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} "
                f"WHERE {key} BETWEEN {first} AND {last}"
            )
