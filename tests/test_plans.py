"""A word that lists reads no more rows than it gives: asked on 50,000 publications, nearly all of one status."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Topic

from .factories import make_editor, make_municipality, make_topic

pytestmark = pytest.mark.django_db
ROWS, BATCH, PAGE = 50_000, 10_000, 50
MINUTE = timedelta(minutes=1)


def status_of(number):
    """How the rows are skewed: of a thousand one is a draft, and fewer wait, were withdrawn or lie in the bin."""
    rare = {1: "draft", 2: "review", 3: "withdrawn", 4: "binned", 5: "scheduled"}
    return rare.get(number % 1000, "approved")


def coverage_of(number):
    """Of a hundred one is for all the Area, and seventy name a Comune; of a thousand nobody has said it of one."""
    return "these" if number % 10 < 7 else "area" if number % 100 == 97 else "" if number % 1000 == 98 else "nowhere"


def row(number, now):
    status, at = status_of(number), now - timedelta(minutes=number)
    fields = {"status": status, "publish_at": at, "came_out_at": at if status in ("approved", "withdrawn") else None}
    fields |= {"binned_at": at} if status == "binned" else {}
    fields |= {"status": "approved", "publish_at": now + timedelta(minutes=number)} if status == "scheduled" else {}
    return Publication(
        kind="notizie",
        title=f"Notizia {number}",
        slug=f"notizia-{number}",
        summary="In breve.",
        coverage=coverage_of(number),
        **fields,
    )


def picture(number):
    """Of a thousand one has no words yet."""
    words = "" if number % 1000 == 1 else "La piazza"
    return Picture(file=f"immagini/{number}.webp", alternative_text=words, width=1280, height=720)


NAMED = Publication.municipalities.through._meta.db_table
PLACED, LINKED = Publication.topics.through, Publication.linked.through
LARGE = {NAMED, *(model._meta.db_table for model in (Publication, Picture, PLACED, LINKED))}


@pytest.fixture(scope="module")
def many(lasting):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite tells no number of rows in its plans")
    with lasting():
        now = timezone.now().replace(microsecond=0)
        for start in range(0, ROWS, BATCH):
            Publication.objects.bulk_create(row(number, now) for number in range(start, start + BATCH))
            Picture.objects.bulk_create(picture(number) for number in range(start, start + BATCH))
        places, named = [make_municipality() for _ in range(48)], Publication.municipalities.through
        keys = Publication.objects.filter(coverage="these").order_by("pk").values_list("pk", flat=True)
        rows = [named(publication_id=pk, municipality=places[0]) for pk in keys]
        rows += [named(publication_id=pk, municipality=places[9]) for pk in keys[::15_000]]  # three
        rows += [named(publication_id=pk, municipality=places[10 + n % 38]) for n, pk in enumerate(keys[::4])]
        named.objects.bulk_create(rows, batch_size=BATCH)
        place_and_link()
        with connection.cursor() as cursor:
            for table in LARGE:
                cursor.execute(f"ANALYZE {table}")
        yield


def place_and_link():
    """Half of all pages have one topic, and one in a thousand another; a fifth tell of the page that came out first."""
    keys = list(Publication.objects.order_by("pk").values_list("pk", flat=True))
    common, rare = make_topic(slug="comune"), make_topic(slug="raro")
    placed = [(pk, common) for pk in keys[::2]] + [(pk, rare) for pk in keys[::1000]]
    PLACED.objects.bulk_create((PLACED(publication_id=pk, topic=topic) for pk, topic in placed), batch_size=BATCH)
    links = [LINKED(from_publication_id=pk, to_publication_id=keys[-1]) for pk in keys[:-1:5]]
    LINKED.objects.bulk_create(links, batch_size=BATCH)


WORDS = {
    "river": lambda user: Publication.objects.published().latest_first()[:PAGE],
    "hours of a minute": lambda user: Publication.objects.hours_between(timezone.now(), timezone.now() + MINUTE),
    "newly out": lambda user: Publication.objects.newly_out()[:PAGE],
    "in the bin": lambda user: Publication.objects.binned().latest_binned_first()[:PAGE],
    "long in the bin": lambda user: Publication.objects.binned_before(timezone.now())[:PAGE],
    "drafts": lambda user: Publication.objects.drafts().latest_first()[:PAGE],
    "scheduled": lambda user: Publication.objects.scheduled().oldest_first()[:PAGE],
    "put off": lambda user: Publication.objects.put_off()[:PAGE],
    "by a former name": lambda user: Publication.objects.published().known_as("Notizia_7", "notizie")[:PAGE],
    "by a name of any kind": lambda user: Publication.objects.published().known_as("Notizia_7")[:PAGE],
    "a word in the title": lambda user: (
        Publication.objects.published().with_any_in_title("bando").latest_first()[:PAGE]
    ),
    "awaiting a decision": lambda user: Publication.objects.awaiting_decision().order_by("pk")[:PAGE],
    "about a Comune that many name": lambda user: about(0).latest_first()[:PAGE],
    "about a Comune that few name": lambda user: about(9).latest_first()[:PAGE],
    "of nobody knows where": lambda user: Publication.objects.published().of_unknown_coverage().latest_first()[:PAGE],
    "pictures to be described": lambda user: Picture.objects.undescribed().order_by("-pk")[:PAGE],
    "for all the Area": lambda user: Publication.objects.published().for_whole_area().latest_first()[:PAGE],
    "on a topic that many have": lambda user: on("comune").latest_first()[:PAGE],
    "on a topic that few have": lambda user: on("raro").latest_first()[:PAGE],
    "on a topic, pinned first": lambda user: on("comune").pinned_first()[:PAGE],
    "linked by many": lambda user: Publication.objects.published().linked_to(page(-1)).latest_first()[:PAGE],
    "linked by one": lambda user: Publication.objects.published().linked_to(page(6)).latest_first()[:PAGE],
    "related by a topic that many have": lambda user: Publication.objects.published().related_to(page(2), 8),
    "related by a topic that few have": lambda user: Publication.objects.published().related_to(page(1001), 8),
    "related to what many link": lambda user: Publication.objects.published().related_to(page(-1), 8),
}


def on(slug):
    return Publication.objects.published().news().on(Topic.objects.get(slug=slug))


def page(number):
    """By its place in the order of keys, from 1 on; from the end if it is negative."""
    keys = Publication.objects.order_by("pk").values_list("pk", flat=True)
    key = keys[number - 1] if number > 0 else keys.reverse()[-number - 1]
    return Publication.objects.with_topics().get(pk=key)


def about(number):
    return Publication.objects.published().about(Municipality.objects.order_by("pk")[number])


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("word", WORDS)
def test_word_reads_no_more_than_it_gives(word):
    rows = WORDS[word](make_editor(is_superuser=True))

    nodes = list(nodes_of(json.loads(rows.explain(format="json"))[0]["Plan"]))

    assert not [node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE - {NAMED}]
    assert not [node for node in nodes if node["Node Type"] == "Sort" and node["Plan Rows"] > 4 * PAGE]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(("place", "named"), [(0, 35_000), (9, 3), (10, 231)])
def test_what_concerns_a_comune_is_found_by_reading_no_row_twice(place, named):
    """However many name it; what they name stands in a table beside, of which a page reads at most its part."""
    rows = about(place).latest_first()[:PAGE]
    plan = json.loads(rows.explain(format="json", analyze=True))[0]["Plan"]
    scans = [node for node in nodes_of(plan) if "Relation Name" in node]
    number = sum((scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)) * scan["Actual Loops"] for scan in scans)

    assert Publication.objects.naming(Municipality.objects.order_by("pk")[place]).count() == named
    assert number <= ROWS


def nodes_of(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)
