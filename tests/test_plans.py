"""A word that lists reads no more rows than it gives: asked on 50,000 publications, nearly all of one status."""

import json
import re
from datetime import date, timedelta
from inspect import isfunction

import pytest
from django.db import connection
from django.utils import timezone

from areaomogenea.deadlines.models import Deadline
from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.kinds import Group
from areaomogenea.publishing.models import Doubt, Publication
from areaomogenea.publishing.pagination import Cursor
from areaomogenea.publishing.revisions import Revision
from areaomogenea.quality.models import Link
from areaomogenea.search.engines import begun_words, whole_words
from areaomogenea.topics.models import Topic

from .factories import make_editor, make_municipality, make_topic

pytestmark = pytest.mark.django_db
ROWS, BATCH, PAGE = 50_000, 10_000, 50
MOST_SORTED = 600  # rows: what few there are of something, as many as a histogram of so many tells apart
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
LEADING = Link.publications.through
FILLED = Publication, Picture, Deadline, Revision, Link, PLACED, LINKED, LEADING
LARGE = {NAMED, *(model._meta.db_table for model in FILLED)}


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
        write_words()
        write_history()
        with connection.cursor() as cursor:
            for table in (*LARGE, Doubt._meta.db_table):
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


def write_words():
    """Of each page, as the index has it: one word is in nearly all, one in six of a hundred, one in three pages, and
    one was common before half of them came out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE publishing_publication SET search_vector = setweight(to_tsvector('simple', CASE WHEN id % 40 = 0 "
            "THEN 'comun' WHEN id % 3000 = 0 THEN 'band' ELSE 'pagin' END), 'A') || setweight(to_tsvector('simple', "
            "concat_ws(' ', CASE WHEN id % 17 > 0 THEN 'comun' END, CASE WHEN id % 17 = 1 THEN 'band' END, "
            "CASE WHEN id % 20000 = 7 THEN 'sghiaiator' END, CASE WHEN publish_at < now() - interval '30000 minutes' "
            "AND id % 5 = 0 THEN 'passat' END)), 'B')"
        )


HISTORY = """
    CREATE TEMP TABLE pages AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM publishing_publication;
    INSERT INTO publishing_revision (publication_id, version, action, at, comment, content)
    SELECT id, 1, CASE n % 1000 WHEN 0 THEN 'proposed' WHEN 1 THEN 'sent_back' ELSE 'approved' END,
        now() - n * interval '1 minute', '', '{}' FROM pages;
    INSERT INTO deadlines_deadline (publication_id, kind, title, for_citizens, for_businesses, for_municipalities,
        for_associations, closes_at, due_at, over_at, is_all_day, place, url, uid, sequence, called_off_why, updated_at)
    SELECT id, 'scadenza', 'Domande', true, false, false, false, at, at, at, false, '', '', gen_random_uuid(), 0, '', at
    FROM (SELECT id, now() - (n - 150) * interval '1 minute' AS at FROM pages) AS hours;
    INSERT INTO quality_link (address, message, failures, checked_at)
    SELECT 'https://esempio.it/' || n, '', CASE n % 1000 WHEN 0 THEN 2 ELSE 0 END,
        now() - CASE n % 1000 WHEN 1 THEN 90 ELSE 1 END * interval '1 day' FROM pages;
    INSERT INTO quality_link_publications (link_id, publication_id)
    SELECT quality_link.id, pages.id FROM pages JOIN quality_link ON address = 'https://esempio.it/' || n;
    INSERT INTO publishing_doubt (publication_id, code, message)
    SELECT id, 'dubbio', 'Da rileggere' FROM pages WHERE n % 1000 = 3;
    DROP TABLE pages;
"""


def write_history():
    """Each page has a version, one in a thousand a proposal or was sent back; a deadline, nearly always over; a link
    elsewhere, which rarely is broken.
    """
    with connection.cursor() as cursor:
        cursor.execute(HISTORY.replace("%", "%%"), [])


P, D, R, L = (model.objects for model in (Publication, Deadline, Revision, Link))
# Each word, by its queryset and its name, as it is used: what it is asked of, and in which order; in a few ways.
WORDS = {
    "Publication.published": lambda: P.published().latest_first()[:PAGE],
    "Publication.scheduled": lambda: P.scheduled().oldest_first()[:PAGE],
    "Publication.hours_between": lambda: P.hours_between(now(), now() + timedelta(minutes=30)),
    "Publication.withdrawn": lambda: P.withdrawn().latest_first()[:PAGE],
    "Publication.unseen": lambda: P.drafts().unseen().latest_first()[:PAGE],
    "Publication.binned": lambda: P.binned().latest_binned_first()[:PAGE],
    "Publication.kept": lambda: P.kept().latest_first()[:PAGE],
    "Publication.binned_before": lambda: P.binned_before(now())[:PAGE],
    "Publication.latest_binned_first": lambda: P.binned().latest_binned_first()[:PAGE],
    "Publication.once_published": lambda: P.once_published().latest_first()[:PAGE],
    "Publication.newly_out": lambda: P.newly_out()[:PAGE],
    "Publication.put_off": lambda: P.put_off()[:PAGE],
    "Publication.changed_since": lambda: P.changed_since(now() - timedelta(minutes=20)).order_by("pk")[:PAGE],
    "Publication.changed_between": lambda: P.changed_between(
        now() - timedelta(minutes=20), now() - timedelta(minutes=10)
    ).order_by("pk")[:PAGE],
    "Publication.drafts": lambda: P.drafts().latest_first()[:PAGE],
    "Publication.awaiting_decision": lambda: P.awaiting_decision().order_by("pk")[:PAGE],
    "Publication.written_by": lambda: P.drafts().written_by(somebody()).order_by("-pk")[:PAGE],
    "Publication.sent_back_to": lambda: P.sent_back_to(somebody()).latest_first()[:PAGE],
    "Publication.to_read_again": lambda: P.published().to_read_again(by=now().date()).order_by("review_by")[:PAGE],
    "Publication.published_since": lambda: P.published().published_since(yesterday()).latest_first()[:PAGE],
    "Publication.coming_out": lambda: P.scheduled().coming_out(now(), now() + timedelta(days=7)).oldest_first()[:PAGE],
    "Publication.of_kind": lambda: P.published().of_kind("notizie").latest_first()[:PAGE],
    "Publication.news": lambda: P.published().news().latest_first()[:PAGE],
    "Publication.of_group": lambda: P.published().of_group(Group.LASTING).latest_first()[:PAGE],
    "Publication.picturing": lambda: P.picturing("immagini/7.webp").order_by("pk")[:PAGE],
    "Publication.attaching": lambda: P.attaching("allegati/7.pdf").order_by("pk")[:PAGE],
    "Publication.current": lambda: P.published().current().latest_first()[:PAGE],
    "Publication.in_month": lambda: P.published().in_month(2020, 5).latest_first()[:PAGE],
    "Publication.between_days": lambda: P.published().between_days(date(2020, 5, 1), None).latest_first()[:PAGE],
    "Publication.in_year": lambda: P.published().in_year(now().year).latest_first()[:PAGE],
    "Publication.naming": lambda: P.published().naming(place(0)).latest_first()[:PAGE],
    "Publication.naming: few do": lambda: P.published().naming(place(9)).latest_first()[:PAGE],
    "Publication.in_doubt": lambda: P.in_doubt().latest_first()[:PAGE],
    "Publication.without_doubts": lambda: P.without_doubts().latest_first()[:PAGE],
    "Publication.for_whole_area": lambda: P.published().for_whole_area().latest_first()[:PAGE],
    "Publication.about": lambda: about(0).latest_first()[:PAGE],
    "Publication.about: few name it": lambda: about(9).latest_first()[:PAGE],
    "Publication.of_unknown_coverage": lambda: P.published().of_unknown_coverage().latest_first()[:PAGE],
    "Publication.editable_by": lambda: P.editable_by(somebody()).latest_first()[:PAGE],
    "Publication.editable_by: for one Comune": lambda: P.kept().editable_by(local()).latest_first()[:PAGE],
    "Publication.seen_by": lambda: P.seen_by(somebody()).latest_first()[:PAGE],
    "Publication.seen_by: for one Comune": lambda: P.seen_by(local()).latest_first()[:PAGE],
    "Publication.with_known_by": lambda: P.published().with_known_by(local()).latest_first()[:PAGE],
    "Publication.on": lambda: on("comune").latest_first()[:PAGE],
    "Publication.on: few are": lambda: on("raro").latest_first()[:PAGE],
    "Publication.pinned_first": lambda: on("comune").pinned_first()[:PAGE],
    "Publication.linked_to": lambda: P.published().linked_to(page(-1)).latest_first()[:PAGE],
    "Publication.linked_to: one is": lambda: P.published().linked_to(page(6)).latest_first()[:PAGE],
    "Publication.linking": lambda: P.linking(page(6)).order_by("pk")[:PAGE],
    "Publication.related_to": lambda: P.published().related_to(page(2), 8),
    "Publication.related_to: few have its topic": lambda: P.published().related_to(page(1001), 8),
    "Publication.related_to: many link it": lambda: P.published().related_to(page(-1), 8),
    "Publication.older_than": lambda: P.published().older_than(middle()).latest_first()[:PAGE],
    "Publication.newer_than": lambda: P.published().newer_than(middle()).oldest_first()[:PAGE],
    "Publication.latest_first": lambda: P.latest_first()[:PAGE],
    "Publication.oldest_first": lambda: P.filter(publish_at__isnull=False).oldest_first()[:PAGE],
    "Publication.known_as": lambda: P.published().known_as("Notizia_7", "notizie")[:PAGE],
    "Publication.known_as: of any kind": lambda: P.published().known_as("Notizia_7")[:PAGE],
    "Publication.with_topics": lambda: P.published().with_topics().latest_first()[:PAGE],
    "Publication.with_all": lambda: P.published().with_all().latest_first()[:PAGE],
    "Publication.with_places": lambda: P.published().with_places().latest_first()[:PAGE],
    "Publication.with_picture": lambda: P.published().with_picture().latest_first()[:PAGE],
    "Publication.with_last_change": lambda: P.published().with_last_change().latest_first()[:PAGE],
    "Publication.with_latest_change": lambda: P.published().with_latest_change().latest_first()[:PAGE],
    "Publication.for_cards": lambda: P.published().for_cards().latest_first()[:PAGE],
    "Publication.for_desk": lambda: P.kept().for_desk().latest_first()[:PAGE],
    "Publication.latest_holding": lambda: P.published().latest_holding("bando", PAGE).latest_first()[:PAGE],
    "Publication.holding": lambda: P.holding(begun_words("sghiaiato")).order_by("pk")[:PAGE],
    "Publication.first_holding": lambda: P.first_holding(begun_words("band"), PAGE).latest_first()[:PAGE],
    "Publication.with_any_in_title": lambda: P.published().with_any_in_title("bando").latest_first()[:PAGE],
    "Deadline.published": lambda: D.published().upcoming().soonest_first()[:PAGE],
    "Deadline.standing": lambda: D.published().standing().upcoming().open_first().with_publication()[:4],
    "Deadline.called_off": lambda: D.upcoming().called_off().soonest_first()[:PAGE],
    "Deadline.upcoming": lambda: D.upcoming().soonest_first()[:PAGE],
    "Deadline.over": lambda: D.published().over().latest_first()[:PAGE],
    "Deadline.over_since": lambda: D.published().over_since(now() - timedelta(minutes=60)).soonest_first()[:PAGE],
    "Deadline.once_published": lambda: D.once_published().upcoming().soonest_first()[:PAGE],
    "Deadline.falling": lambda: D.published().falling(now(), now() + timedelta(minutes=60)).soonest_first()[:PAGE],
    "Deadline.of_kind": lambda: D.published().of_kind(Deadline.Kind.DEADLINE).upcoming().soonest_first()[:PAGE],
    "Deadline.meant_for": lambda: D.published().upcoming().meant_for("cittadini").soonest_first()[:PAGE],
    "Deadline.for_public": lambda: D.published().upcoming().for_public().soonest_first()[:PAGE],
    "Deadline.on": lambda: D.published().upcoming().on(topic("comune")).soonest_first()[:PAGE],
    "Deadline.about": lambda: D.published().upcoming().about(place(0)).soonest_first()[:PAGE],
    "Deadline.hours_between": lambda: D.hours_between(now(), now() + timedelta(minutes=20)),
    "Deadline.soonest_first": lambda: D.soonest_first()[:PAGE],
    "Deadline.open_first": lambda: D.published().upcoming().open_first()[:PAGE],
    "Deadline.latest_first": lambda: D.published().over().latest_first()[:PAGE],
    "Deadline.with_publication": lambda: D.with_publication().upcoming().soonest_first()[:PAGE],
    "Deadline.with_moves": lambda: D.with_moves().upcoming().soonest_first()[:PAGE],
    "Deadline.with_all": lambda: D.published().upcoming().with_all().soonest_first()[:PAGE],
    "Deadline.with_labels": lambda: D.published().upcoming().with_labels().soonest_first()[:PAGE],
    "Deadline.with_last_change": lambda: D.published().upcoming().with_last_change().soonest_first()[:PAGE],
    "Deadline.shown": lambda: page(21).deadlines.shown(),
    "Revision.pending": lambda: R.pending().order_by("pk")[:PAGE],
    "Revision.versions": lambda: page(7).revisions.versions()[:PAGE],
    "Revision.withdrawals": lambda: page(7).revisions.withdrawals(),
    "Revision.sent_back": lambda: R.sent_back().order_by("pk")[:PAGE],
    "Revision.newest_first": lambda: page(7).revisions.newest_first()[:PAGE],
    "Revision.decisions": lambda: page(7).revisions.decisions(),
    "Revision.of_version": lambda: page(7).revisions.of_version(1),
    "Link.broken": lambda: L.of_interest_to(somebody()).broken().longest_broken_first()[:PAGE],
    "Link.of_interest_to": lambda: L.of_interest_to(local()).broken().longest_broken_first()[:PAGE],
    "Link.longest_broken_first": lambda: L.broken().longest_broken_first()[:PAGE],
    "Picture.named": lambda: Picture.objects.named(["immagini/7.webp"]),
    "Picture.undescribed": lambda: Picture.objects.undescribed().order_by("-pk")[:PAGE],
    "Picture.landscape": lambda: Picture.objects.landscape().order_by("-pk")[:PAGE],
    "Picture.portrait": lambda: Picture.objects.landscape().order_by("-pk")[:PAGE],
    "Picture.with_uses": lambda: Picture.objects.with_uses().order_by("-pk")[:PAGE],
    "Picture.without_avif": lambda: Picture.objects.without_avif().order_by("pk")[:PAGE],
}
LISTING = (Publication, Deadline, Revision, Link, Picture)
NO_LISTS = {  # words that give no rows to be listed, and have tests of their own
    "Publication.named",
    "Publication.leading_to",
    "Publication.search",
    "Publication.years",
    "Publication.months_of",
}
READ_WHOLE = {  # words that a timer goes all through, and filters that read a table to answer
    "Link.due",
    "Link.unclaimed",
    "Picture.used",
    "Picture.unused",
}


def now():
    return timezone.now()


def yesterday():
    return now() - timedelta(days=1)


def somebody():
    return make_editor(is_superuser=True)


def local():
    """Somebody who writes for the Comune that many pages name."""
    user = make_editor(role="Redattore comunale")
    user.assignments.create(municipality=place(0))
    return user


def place(number):
    return Municipality.objects.order_by("pk")[number]


def topic(slug):
    return Topic.objects.get(slug=slug)


def middle():
    return Cursor.at(Publication.objects.published().latest_first()[ROWS // 2])


def on(slug):
    return Publication.objects.published().news().on(Topic.objects.get(slug=slug))


def page(number):
    """By its place in the order of keys, from 1 on; from the end if it is negative."""
    keys = Publication.objects.order_by("pk").values_list("pk", flat=True)
    key = keys[number - 1] if number > 0 else keys.reverse()[-number - 1]
    return Publication.objects.with_topics().get(pk=key)


def about(number):
    return Publication.objects.published().about(place(number))


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("word", WORDS)
def test_word_reads_no_more_than_it_gives(word):
    rows = WORDS[word]()

    nodes = list(nodes_of(json.loads(rows.explain(format="json"))[0]["Plan"]))

    assert not [node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE - {NAMED}]
    assert not [node for node in nodes if node["Node Type"] == "Sort" and node["Plan Rows"] > MOST_SORTED]
    assert not [node for node in hashed(nodes) if node["Plan Rows"] > MOST_SORTED]


def hashed(nodes):
    """Those whose rows are all read into a set, before the first row is asked whether it is one of them."""
    names = {name for node in nodes for name in re.findall(r"hashed (SubPlan \d+)", node.get("Filter", ""))}
    return [node for node in nodes if node.get("Subplan Name") in names]


def test_every_word_that_lists_is_asked():
    """A word that is added to one of these querysets is asked here, or said to list nothing."""
    words = {
        f"{model.__name__}.{name}"
        for model in LISTING
        for name, word in vars(type(model.objects.all())).items()
        if isfunction(word) and not name.startswith("_")
    }

    assert {name.partition(":")[0] for name in WORDS} | NO_LISTS | READ_WHOLE == words


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", ["comune", "bando", "sghiaiatore", "passato", "comune bando", "nulla"])
def test_search_ranks_as_if_it_had_read_all(query):
    """What many pages hold, what few do, and what was common once."""
    words, published = whole_words(query), Publication.objects.published()
    ranked = published.filter(words.held()).alias(in_title=words.held("title"))

    first = [match.pk for match in published.search(query).first(60)]

    assert first == [*ranked.order_by("-in_title", "-publish_at", "-pk").values_list("pk", flat=True)[:60]]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(("number", "named"), [(0, 35_000), (9, 3), (10, 231)])
def test_what_concerns_a_comune_is_found_by_reading_no_row_twice(number, named):
    """However many name it; what they name stands in a table beside, of which a page reads at most its part."""
    rows = about(number).latest_first()[:PAGE]
    plan = json.loads(rows.explain(format="json", analyze=True))[0]["Plan"]
    scans = [node for node in nodes_of(plan) if "Relation Name" in node]
    read = sum((scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)) * scan["Actual Loops"] for scan in scans)

    assert Publication.objects.naming(place(number)).count() == named
    assert read <= ROWS


def nodes_of(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)
