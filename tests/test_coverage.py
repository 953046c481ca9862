"""Where a page applies: these Comuni, all the Area, nowhere in particular; what nobody said is none of them."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from areaomogenea.distribution.resources import COVERAGES
from areaomogenea.distribution.social_images import what_it_shows
from areaomogenea.publishing.coverage import (
    FAULTS,
    coverage_in_short,
    coverage_of,
    doubt_about,
    faults,
    whole_area_passage,
)
from areaomogenea.publishing.models import Doubt, Publication
from news.models import Communique

from .factories import make_communique, make_deadline, make_editor, make_municipality, make_topic
from .test_desk import LIST, form_data
from .test_history import change, form_of

pytestmark = pytest.mark.django_db
ADD = f"{LIST}add/"


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("Lo sportello serve tutti i 48 Comuni.", "tutti i 48 Comuni"),
        ("Vale per tutti e 48 i Comuni.", "tutti e 48 i Comuni"),
        ("Il servizio arriva nei 48 Comuni.", "nei 48 Comuni"),
        ("I QUARANTOTTO COMUNI hanno firmato.", "I QUARANTOTTO COMUNI"),
        ("Riguarda tutti i Comuni dell’Area.", "tutti i Comuni"),
        ("In tutta l’Area omogenea si raccoglie il vetro.", "tutta l’Area omogenea"),
        ("In tutto il Cremasco.", "tutto il Cremasco"),
        ("Partecipano 39 dei 48 Comuni.", ""),
        ("Hanno aderito 36 Comuni su 48.", ""),
        ("Invitati tutti i Comuni soci.", ""),
        ("Vale per tutti i Comuni della Lombardia.", ""),
        ("L’Area Omogenea Cremasca riunisce 48 Comuni.", ""),
        ("Ai sindaci di Crema.", ""),
    ],
)
def test_text_that_speaks_of_all_the_area_is_recognised(text, passage):
    assert whole_area_passage(text) == passage


@pytest.mark.parametrize(
    ("text", "places", "code", "words"),
    [
        ("Il ponte.", ["Crema"], None, ""),
        ("Il ponte.", [], "coverage-unknown", "Non si sa dove vale"),
        ("Per tutti i 48 Comuni.", [], "coverage-unknown", "«tutti i 48 Comuni»: forse vale in tutta l’Area"),
        ("Per tutti i 48 Comuni.", ["Crema"], "coverage-perhaps-area", "dice anche «tutti i 48 Comuni»"),
    ],
)
def test_import_leaves_what_it_does_not_know_as_a_doubt(text, places, code, words):
    doubt = doubt_about(text, places)

    assert (doubt and doubt[0], words in (doubt or ("", ""))[1]) == (code, True)


def test_naming_comuni_says_where_and_nothing_says_nothing():
    assert [coverage_of("", ["Crema"]), coverage_of("", []), coverage_of("area", ["Crema"])] == ["these", "", "area"]


@pytest.mark.parametrize(
    ("coverage", "places", "is_fine"),
    [
        ("these", ["Crema"], True),
        ("these", [], False),
        ("area", [], True),
        ("area", ["Crema"], False),
        ("nowhere", [], True),
        ("nowhere", ["Crema"], False),
        ("", [], True),
    ],
)
def test_where_and_comuni_are_one_thing(coverage, places, is_fine):
    assert (not faults(coverage, places)) == is_fine


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["Crema"], "Crema"),
        (["Crema", "Dovera"], "Crema e Dovera"),
        (["Crema", "Dovera", "Izano"], "Crema, Dovera e Izano"),
        (["Crema", "Dovera", "Izano", "Offanengo"], "Crema, Dovera e altri 2"),
    ],
)
def test_comuni_are_told_in_short(names, expected):
    assert coverage_in_short(names) == expected


# At the desk


@pytest.fixture
def desk(client):
    client.force_login(make_editor("Responsabile"))
    return client


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["adminform"].form.errors.items()}


def test_none_of_the_three_is_chosen_beforehand(desk):
    form = desk.get(ADD).context["adminform"].form

    assert form["coverage"].value() in ("", None)
    assert [value for value, _ in form.fields["coverage"].choices] == ["these", "area", "nowhere"]


def test_draft_waits_for_it_and_publishing_does_not(desk):
    topic = make_topic()
    desk.post(ADD, form_data(coverage="", topics=[topic.pk]))
    draft = Communique.objects.get()

    refused = desk.post(change(draft), form_of_draft(draft) | {"_verb_publish_now": "1"})

    assert draft.coverage == ""
    assert errors_of(refused) == {
        "coverage": [f"Non è detto dove vale. {FAULTS['coverage']}"],
    }


def form_of_draft(draft):
    draft.publish_at = draft.publish_at or draft.revisions.first().at
    return form_of(draft) | {"publish_at_0": "", "publish_at_1": ""}


@pytest.mark.parametrize(
    ("coverage", "names_one", "stored", "errors"),
    [
        ("", True, "these", {}),
        ("these", True, "these", {}),
        ("nowhere", False, "nowhere", {}),
        ("these", False, None, {"municipalities": ["Hai scelto «Questi Comuni»: scegline almeno uno."]}),
        ("area", True, None, {"municipalities": ["Togli questi Comuni, oppure scegli «Questi Comuni»."]}),
    ],
)
def test_form_keeps_where_and_comuni_together(desk, coverage, names_one, stored, errors):
    places = [make_municipality().pk] if names_one else []

    response = desk.post(ADD, form_data(coverage=coverage, municipalities=places))

    assert (errors_of(response) if errors else {}) == errors
    assert [one.coverage for one in Communique.objects.all()] == ([stored] if stored else [])


def test_who_writes_for_some_comuni_is_asked_for_them_alone(client):
    crema, local = make_municipality(), make_editor("Redattore comunale")
    local.assignments.create(municipality=crema)
    client.force_login(local)

    fields = client.get(ADD).context["adminform"].form.fields
    client.post(ADD, form_data(coverage="area", municipalities=[crema.pk]))

    assert "coverage" not in fields
    assert Communique.objects.get().coverage == "these"


def test_panel_leads_who_writes_for_some_comuni_to_a_field_that_they_have(client):
    local = make_editor("Redattore comunale")
    for place in (make_municipality(), make_municipality()):
        local.assignments.create(municipality=place)
    client.force_login(local)

    panel = client.post(f"{LIST}controlla/", {"title": "Il ponte", "body": "<p>Per tutti i 48 Comuni.</p>"}).text

    assert 'data-go="municipalities"' in panel
    assert 'data-go="coverage"' not in panel
    assert 'data-add="coverage"' not in panel


def test_panel_offers_all_the_area_until_somebody_says_where(desk):
    typed = {"title": "Il ponte", "body": "<p>Per tutti i 48 Comuni.</p>"}

    begun, answered = (
        desk.post(f"{LIST}controlla/", typed | coverage).text for coverage in ({}, {"coverage": "nowhere"})
    )

    assert 'data-add="coverage" data-key="area" data-label="Tutta l’Area"' in begun
    assert 'data-add="coverage"' not in answered


def test_saying_where_takes_the_doubt_away(desk):
    draft = make_communique(status="draft", coverage="")
    Doubt.objects.create(publication=draft, code="coverage-unknown", message="Dove?")
    Doubt.objects.create(publication=draft, code="title-long", message="Altro")

    rows = {"doubts-TOTAL_FORMS": 2, "doubts-INITIAL_FORMS": 2}
    rows |= {f"doubts-{n}-id": doubt.pk for n, doubt in enumerate(draft.doubts.all())}
    desk.post(change(draft), form_of(draft, coverage="area") | rows)

    draft.refresh_from_db()
    assert (draft.coverage, [doubt.code for doubt in draft.doubts.all()]) == ("area", ["title-long"])


def test_proposal_says_where_and_is_accepted(client):
    crema, live = make_municipality(), make_communique()
    live.doubts.create(code="coverage-unknown", message="Non si sa dove vale.")
    live.keep_first_version()

    live.propose(make_editor(), live.content() | {"coverage": "these", "municipalities": [crema.pk]})
    live.accept(make_editor("Responsabile"))

    live.refresh_from_db()
    assert (live.coverage, [*live.municipalities.all()]) == ("these", [crema])
    assert live.revisions.versions().newest_first().first().content["coverage"] == "these"
    assert not live.doubts.exists()


def test_proposal_that_cannot_be_true_any_more_is_not_accepted():
    crema, live = make_municipality(), make_communique()
    live.keep_first_version()

    live.propose(make_editor(), live.content() | {"municipalities": [crema.pk]})

    with pytest.raises(ValidationError):
        live.accept(make_editor("Responsabile"))
    assert not live.municipalities.exists()


def test_list_finds_what_is_left_to_say(desk):
    make_communique(title="Detto")
    make_communique(title="Da dire", coverage="")

    page = desk.get(f"{LIST}?vale=non-detto")

    assert [row.title for row in page.context["cl"].result_list] == ["Da dire"]


# Of many at once


def saying(rows, **typed):
    read = {f"letta_{row.pk}": row.version for row in rows}
    return {"action": "say_where", "_selected_action": [row.pk for row in rows], "placed": "True", **read, **typed}


def test_many_are_told_at_once_each_as_a_version_of_its_own(desk):
    crema, rows = make_municipality(name="Crema"), [make_communique(coverage="", title=f"N {n}") for n in range(2)]
    rows[0].doubts.create(code="coverage-unknown", message="Non si sa dove vale.")

    page = desk.post(LIST, {"action": "say_where", "_selected_action": [row.pk for row in rows]})
    assert ["N 0" in page.text, "N 1" in page.text, " checked" in page.text] == [True, True, False]
    desk.post(LIST, saying(rows, coverage="these", municipalities=[crema.pk]))

    stored = [(row.coverage, [*row.municipalities.all()], row.doubts.count()) for row in reread(*rows)]
    assert stored == [("these", [crema], 0)] * 2
    assert [row.revisions.versions().newest_first().first().content["coverage"] for row in rows] == ["these"] * 2


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "nessuna è presa da sola"),
        ({"coverage": "these"}, "scegline almeno uno"),
        ({"coverage": "area", "municipalities": True}, "Togli questi Comuni"),
    ],
)
def test_none_is_told_until_one_of_the_three_is_chosen(desk, typed, message):
    crema, row = make_municipality(), make_communique(coverage="")

    page = desk.post(LIST, saying([row], **{**typed, **({"municipalities": [crema.pk]} if len(typed) > 1 else {})}))

    assert message in page.text
    assert [one.coverage for one in reread(row)] == [""]


def test_what_changed_meanwhile_or_was_said_stays(desk):
    decided, changed, other = (make_communique(coverage=value) for value in ("area", "", ""))
    read = saying([decided, changed, other], coverage="nowhere")
    changed.record(make_editor(), "saved")

    page = desk.post(LIST, read)

    assert [row.coverage for row in reread(decided, changed, other)] == ["area", "", "nowhere"]
    assert "È cambiata dopo che hai aperto questa pagina" in page.text
    assert "è già detto dove vale" in page.text


def test_who_may_not_approve_proposes_it(client):
    client.force_login(make_editor("Redattore"))
    live, draft = make_communique(coverage=""), make_communique(coverage="", status="draft")

    client.post(LIST, saying([live, draft], coverage="area"))

    assert [row.coverage for row in reread(live, draft)] == ["", "area"]
    assert live.pending_proposal.content == {"coverage": "area", "municipalities": []}


def test_who_writes_for_some_comuni_says_it_of_none(client):
    crema, local = make_municipality(), make_editor("Redattore comunale")
    local.assignments.create(municipality=crema)
    client.force_login(local)
    row = make_communique(places=[crema], coverage="")

    client.post(LIST, saying([row], coverage="area"))

    assert "say_where" not in client.get(LIST).text
    assert [one.coverage for one in reread(row)] == [""]


def test_desk_counts_what_is_left_to_say(desk, client):
    assert "Non è detto dove valgono" not in desk.get("/admin/").text
    make_communique(coverage="", title="Da dire")

    page = desk.get("/admin/").text

    assert 'Non è detto dove valgono <span class="desk-count">1</span>' in " ".join(page.split())
    assert f"{LIST}?vale=non-detto" in page
    client.force_login(make_editor("Redattore comunale"))
    assert "Non è detto dove valgono" not in client.get("/admin/").text


def reread(*rows):
    return [Publication.objects.get(pk=row.pk) for row in rows]


# What readers are told


@pytest.fixture
def three():
    """Of each value one, the unknown too, by its value."""
    crema = make_municipality(name="Crema", slug="crema", istat_code="019035")
    make_municipality(name="Offanengo", slug="offanengo", istat_code="019062")
    rows = {value: make_communique(coverage=value, title=f"Novità {word}") for value, word in WORDS.items()}
    rows["these"].municipalities.add(crema)
    return rows


WORDS = {"these": "di Crema", "area": "per tutti", "nowhere": "da nessuna parte", "": "chissà dove"}


def test_page_tells_the_three_apart(client, three):
    pages = {value: client.get(row.get_absolute_url()).text for value, row in three.items()}

    assert {value: ("mosaic-small" in page, 'id="_dove"' in page) for value, page in pages.items()} == {
        "these": (True, True),
        "area": (True, True),
        "nowhere": (False, True),
        "": (False, False),
    }
    assert '#area" class="is-here"' in pages["area"]
    assert '#area" class="is-here"' not in pages["these"]
    assert "<p>Nessuno in particolare.</p>" in pages["nowhere"]


def test_page_of_a_comune_keeps_apart_what_is_its_own(client, three):
    crema, offanengo = (client.get(f"/comuni/{slug}/").context for slug in ("crema", "offanengo"))

    assert titles(crema["named"], crema["whole_area"]) == [["Novità di Crema"], ["Novità per tutti"]]
    assert titles(offanengo["named"], offanengo["whole_area"]) == [[], ["Novità per tutti"]]


def titles(*lists):
    return [[row.title for row in rows] for rows in lists]


@pytest.mark.parametrize("path", ["/novita/?comune={}", "/incorpora/elenco/?comune={}", "/feed/rss.xml?comune={}"])
def test_filter_by_comune_finds_what_names_it_and_what_is_for_all(client, three, path):
    crema, offanengo = (client.get(path.format(slug)).text for slug in ("crema", "offanengo"))

    assert [f"Novità {word}" in crema for word in WORDS.values()] == [True, True, False, False]
    assert [f"Novità {word}" in offanengo for word in WORDS.values()] == [False, True, False, False]


def test_api_and_open_data_say_which(client, three):
    api = client.get("/api/v1/novita").json()["dati"]
    rows = json.loads(client.get(reverse("opendata:novita_json")).getvalue())
    key = "dati" if "dati" in rows else list(rows)[-1]
    rows = rows[key]

    for row in three.values():
        make_deadline(row, title=row.title)
    due, results = (client.get(f"/api/v1/{path}").json()["dati"] for path in ("scadenze", "cerca?q=novità"))

    expected = {f"Novità {WORDS[value]}": COVERAGES[value] for value in WORDS}
    assert {row["titolo"]: row["riguarda"] for row in due} == expected
    assert {row["titolo"]: row["riguarda"] for row in results} == expected
    assert [len(row["comuni"]) for row in due if row["riguarda"] == "comuni"] == [1]
    assert {row["titolo"]: row["riguarda"] for row in api} == expected
    assert {row["titolo"]: row["riguarda"] for row in rows} == expected


def test_feeds_say_which(client, three):
    items = client.get("/feed/feed.json").json()["items"]
    rss = client.get("/feed/rss.xml").text

    assert {item["title"]: item["_area_omogenea"]["coverage"] for item in items} == {
        f"Novità {word}": value or None for value, word in WORDS.items()
    }
    atom = client.get("/feed/atom.xml").text
    assert [feed.count("<dcterms:spatial>") for feed in (rss, atom)] == [2, 2]


def test_words_on_paper_say_which(client, three):
    texts = {value: client.get(f"{row.get_absolute_url().rstrip('/')}.txt").text for value, row in three.items()}

    lines = {
        "these": "Comuni: Crema",
        "area": "Comuni: tutti i 48 dell’Area",
        "nowhere": "Comuni: nessuno in particolare",
    }
    assert {value: [line in texts[value] for line in lines.values()] for value in WORDS} == {
        "these": [True, False, False],
        "area": [False, True, False],
        "nowhere": [False, False, True],
        "": [False, False, False],
    }


def test_picture_of_a_page_is_another_where_it_applies_elsewhere():
    row = make_communique()
    rows = Publication.objects.with_topics().with_places()
    before = what_it_shows(rows.get(pk=row.pk))

    Publication.objects.filter(pk=row.pk).update(coverage="nowhere")

    assert what_it_shows(rows.get(pk=row.pk)) != before
