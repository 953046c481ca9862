"""The admin desk: every page opens, verbs say what they did, what is live changes only by who may publish."""

import pytest
from django.contrib.admin import site
from django.urls import reverse

from areaomogenea.identity.models import Identity
from areaomogenea.publishing.models import Doubt, Publication
from initiatives.models import Initiative
from news.models import Communique

from .factories import make_communique, make_editor, make_initiative, make_municipality, make_topic

pytestmark = pytest.mark.django_db
LIST = "/admin/news/communique/"


@pytest.fixture
def administrator(client):
    user = make_editor(is_superuser=True)
    client.force_login(user)
    return client


@pytest.fixture
def writer(client):
    client.force_login(make_editor(role="Redattore"))
    return client


def form_data(**overrides):
    empty = {f"{inline}-{field}": 0 for inline in ("doubts", "attachments", "deadlines") for field in FORMS}
    typed = {"kind": "notizie", "title": "Un titolo", "summary": "In breve.", "body": "<p>Testo.</p>"}
    return empty | typed | {"coverage": "these" if overrides.get("municipalities") else "area"} | overrides


FORMS = ("TOTAL_FORMS", "INITIAL_FORMS")


@pytest.mark.parametrize("model", [model for model in site._registry if model is not Publication], ids=str)
def test_every_list_and_form_opens(administrator, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    assert administrator.get(reverse(f"{name}_changelist")).status_code == 200
    assert administrator.get(reverse(f"{name}_add")).status_code in (200, 403)


@pytest.mark.parametrize(("model", "kind"), [("news/communique", "notizie"), ("initiatives/initiative", "iniziative")])
def test_new_publication_is_begun_as_the_first_kind_of_its_app(writer, model, kind):
    assert writer.get(f"/admin/{model}/add/").context["adminform"].form.initial["kind"] == kind


def test_form_of_a_communique_shows_the_doubts_first(administrator):
    communique = make_communique(status="draft")
    Doubt.objects.create(publication=communique, code="caption", message="La riga «16.10.2022» è una didascalia?")

    page = administrator.get(f"{LIST}{communique.pk}/change/").text

    assert page.index("«16.10.2022»") < page.index("id_title")


@pytest.mark.parametrize("key", ["9" * 20, "0", "x"])
def test_form_of_a_row_that_is_not_there_is_not_found(administrator, key):
    assert administrator.get(f"{LIST}{key}/change/").status_code == 404


def test_new_communique_is_a_draft_of_its_author(writer):
    writer.post(f"{LIST}add/", form_data())

    communique = Communique.objects.get()
    assert (communique.status, communique.slug) == ("draft", "un-titolo")
    assert communique.author.email.startswith("redazione")


def test_letters_that_nobody_sees_are_not_kept(writer):
    writer.post(f"{LIST}add/", form_data(title="Bando\x0bper i Comuni\x02"))

    assert Communique.objects.get().title == "Bando per i Comuni"


@pytest.mark.parametrize("day", ["01/01/1970", "01/01/2999", "01/01/0001", "31/12/9999"])
def test_absurd_hour_is_told_at_its_field_in_a_draft_too(writer, day):
    response = writer.post(f"{LIST}add/", form_data(publish_at_0=day, publish_at_1="09:00"))

    assert not Communique.objects.exists()
    assert "L’ora di pubblicazione è" in str(response.context["adminform"].form.errors["publish_at"])
    assert "Un titolo" in response.text


def test_new_communique_is_handed_over_at_once(writer):
    assert 'name="_verb_submit"' in writer.get(f"{LIST}add/").text

    page = writer.post(f"{LIST}add/", form_data(_verb_submit="1"), follow=True).text

    communique = Communique.objects.get()
    assert (communique.status, [step.action for step in communique.revisions.all()]) == (
        "review",
        ["submitted", "first"],
    )
    assert "«Un titolo» è in revisione" in page


def test_new_communique_is_published_only_by_who_may(writer):
    assert 'name="_verb_publish_now"' not in writer.get(f"{LIST}add/").text

    page = writer.post(f"{LIST}add/", form_data(topics=[make_topic().pk], _verb_publish_now="1")).text

    assert "Questo pulsante non c’è: scegline un altro." in page
    assert "Un titolo" in page
    assert not Communique.objects.exists()


def test_publish_refuses_what_readers_would_miss(administrator):
    communique = make_communique(status="draft", summary="")

    page = administrator.post(LIST, {"action": "publish", "_selected_action": [communique.pk]}, follow=True).text

    assert "Manca il testo «in breve»." in page
    assert "Manca l’argomento." in page
    communique.refresh_from_db()
    assert communique.status == "draft"


def test_publish_and_withdraw_say_what_they_did(administrator):
    communique = make_communique([make_topic()], status="draft", title="Il ponte")

    publish, withdraw = (
        {"action": name, "_selected_action": [communique.pk], "decided": "1"} for name in ("publish", "withdraw")
    )
    read = f"letta_{communique.pk}"
    now = {"hour": "now", f"passata_{communique.pk}": "1"}
    assert "«Il ponte» è pubblicata" in administrator.post(LIST, publish | {read: 0} | now, follow=True).text
    assert "Il motivo, che i cittadini leggeranno" in administrator.post(LIST, withdraw | {read: 1}).text
    why = {"comment": "Il ponte è chiuso.", read: 1}
    assert "«Il ponte» è ritirata" in administrator.post(LIST, withdraw | why, follow=True).text


def test_writer_cannot_publish_nor_touch_what_is_live(writer):
    live, draft = make_communique(title="Pubblicata"), make_communique([make_topic()], status="draft")

    writer.post(LIST, {"action": "publish", "_selected_action": [draft.pk]})
    writer.post(f"{LIST}{live.pk}/change/", form_data(title="Cambiata di nascosto"))

    draft.refresh_from_db()
    live.refresh_from_db()
    assert (draft.status, live.title) == ("draft", "Pubblicata")


def test_live_communique_cannot_lose_its_hour(administrator):
    communique = make_communique()

    response = administrator.post(f"{LIST}{communique.pk}/change/", form_data(publish_at_0="", publish_at_1=""))

    assert response.status_code == 200
    assert "Manca l’ora di pubblicazione" in response.text
    assert "Un titolo" in response.text  # what was typed is still there


def test_identity_is_one_and_reaches_every_page(administrator):
    Identity.objects.create(pk=1, owner="Consorzio di prova", vat_number="01234567890")

    assert administrator.get("/admin/identity/identity/add/").status_code == 403
    assert "Partita IVA 01234567890" in administrator.get("/privacy/").text


@pytest.mark.parametrize("rows", [2, 12])
def test_list_cost_does_not_grow(administrator, rows, django_assert_max_num_queries):
    topic = make_topic()
    for _ in range(rows):
        make_communique([topic])

    with django_assert_max_num_queries(15):
        administrator.get(LIST)


@pytest.fixture
def of_crema(client):
    """A client of somebody who writes for Crema alone, and Crema."""
    crema, user = make_municipality(name="Crema"), make_editor(role="Redattore comunale")
    user.assignments.create(municipality=crema)
    client.force_login(user)
    return client, crema


def linking(crema, other, **overrides):
    return form_data(municipalities=[crema.pk], linked=[other.pk], **overrides)


def test_draft_of_others_is_no_choice_to_link_with(of_crema):
    client, crema = of_crema
    secret = make_communique(title="Segreto di altri", status="draft")

    page = client.post(f"{LIST}add/", linking(crema, secret)).text

    assert "Segreto di altri" not in page
    assert not Communique.objects.exclude(pk=secret.pk).exists()


def test_what_readers_see_may_be_linked_by_anybody(of_crema):
    client, crema = of_crema
    seen = make_communique()

    client.post(f"{LIST}add/", linking(crema, seen))

    assert [*Communique.objects.get(status="draft").linked.all()] == [seen.publication_ptr]


def test_link_with_a_draft_of_others_stays_when_somebody_saves(of_crema):
    client, crema = of_crema
    secret, seen = make_communique(title="Segreto di altri", status="draft"), make_communique()
    own = make_communique(places=[crema], status="draft")
    own.linked.add(secret)

    page = client.get(f"{LIST}{own.pk}/change/").text
    client.post(f"{LIST}{own.pk}/change/", linking(crema, seen, seen_version=own.version))

    assert "Segreto di altri" not in page
    assert {row.pk for row in own.linked.all()} == {secret.pk, seen.pk}


def test_draft_of_others_is_no_source_of_a_step(of_crema):
    client, crema = of_crema
    secret = make_communique(title="Segreto di altri", status="draft")
    initiative = make_initiative(places=[crema], status="draft")
    own = Initiative.objects.get(pk=initiative.pk)
    empty = {f"{name}-{field}": 0 for name in ("questions", "amounts", "groups") for field in FORMS}
    step = {"milestones-TOTAL_FORMS": 1, "milestones-INITIAL_FORMS": 0, "milestones-0-title": "Una tappa"}
    step |= {"milestones-0-precision": "day", "milestones-0-source": secret.pk}
    rest = {"stage": "active", "known": "list", "seen_version": own.version}

    page = client.post(
        f"/admin/initiatives/initiative/{own.pk}/change/", form_data(municipalities=[crema.pk], **empty, **step, **rest)
    ).text

    assert "Segreto di altri" not in page
    assert not own.milestones.exists()
