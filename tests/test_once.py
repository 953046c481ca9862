"""Two clicks make one page: a form counts once, whoever answers its second arrival, and leads to what it made."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from areaomogenea.accounts.models import User
from areaomogenea.desk.models import KEPT_FOR, Submission
from areaomogenea.desk.once import REPEATED, fresh_key
from areaomogenea.desk.registered import RegisteredAdmin
from areaomogenea.distribution.models import OldAddress
from areaomogenea.library.models import Picture
from areaomogenea.publishing.preview_links import PreviewLink
from areaomogenea.topics.models import Term
from initiatives.models import Initiative
from news.models import Communique

from .factories import make_communique, make_deadline, make_editor, make_topic, picture_file
from .test_desk import LIST, form_data

pytestmark = pytest.mark.django_db
ADD = f"{LIST}add/"


@pytest.fixture
def desk(client):
    client.force_login(make_editor("Responsabile", is_superuser=True))
    return client


def key_in(page):
    return page.text.partition('name="una_volta" value="')[2].partition('"')[0]


def twice(desk, address, data):
    """What both answers say; each is a browser that follows where it is led."""
    key = {"una_volta": fresh_key()}
    return [desk.post(address, data() | key, follow=True) for _ in range(2)]


def test_form_carries_a_key_of_its_own(desk):
    one, other = (key_in(desk.get(ADD)) for _ in range(2))

    assert len(one) == len(other) == 32
    assert one != other


def test_form_that_is_shown_again_keeps_its_key(desk):
    key = fresh_key()

    assert key_in(desk.post(ADD, form_data(title="", una_volta=key))) == key


@pytest.mark.parametrize("model", [Communique, Initiative, Picture, User, Term, OldAddress])
def test_every_form_that_adds_carries_a_key(desk, model):
    name = f"{model._meta.app_label}_{model._meta.model_name}"

    assert len(key_in(desk.get(reverse(f"admin:{name}_add")))) == 32


def test_every_admin_of_the_desk_has_forms_that_count_once():
    assert [desk for desk in admin.site._registry.values() if not isinstance(desk, RegisteredAdmin)] == []


def test_two_clicks_make_one_communique(desk):
    first, second = twice(desk, ADD, lambda: form_data(title="Il ponte", _continue="1"))

    assert Communique.objects.count() == 1
    assert second.redirect_chain == first.redirect_chain
    assert REPEATED in second.text
    assert 'value="Il ponte"' in second.text


def test_two_clicks_make_one_version_and_one_row(desk):
    communique = make_communique(status="draft")
    row = {"deadlines-TOTAL_FORMS": 1, "deadlines-0-kind": "scadenza", "deadlines-0-title": "Domande"}
    row |= {"deadlines-0-closes_day": "31/12/2099", "deadlines-0-audience": "cittadini"}

    twice(desk, f"{LIST}{communique.pk}/change/", lambda: form_data(kind=communique.kind, **row))

    assert [deadline.title for deadline in communique.deadlines.all()] == ["Domande"]


def test_two_clicks_make_one_initiative(desk):
    tables = ("milestones", "groups", "amounts", "questions", "doubts", "attachments", "deadlines")
    typed = {f"{table}-{count}": 0 for table in tables for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
    fields = {
        "title": "La rete",
        "body": "<p>Testo.</p>",
        "stage": Initiative.Stage.ACTIVE,
        "known": Initiative.Known.LIST,
    }

    _, second = twice(desk, "/admin/initiatives/initiative/add/", lambda: typed | fields)

    assert Initiative.objects.count() == 1
    assert REPEATED in second.text


def test_two_clicks_take_in_one_document(desk):
    text = "Il nuovo orario\n\nDa lunedì lo sportello di Crema apre alle otto e chiude a mezzogiorno.\n"

    _, second = twice(
        desk, reverse("admin:news_communique_from_document"), lambda: {"kind": "comunicati", "text": text}
    )

    assert Communique.objects.count() == 1
    assert REPEATED in second.text


def test_two_clicks_take_in_one_picture(desk):
    words = {"alternative_text": "La piazza", "credit": "Archivio", "focal_x": "0.5", "focal_y": "0.5"}

    twice(desk, "/admin/library/picture/add/", lambda: words | {"file": picture_file()})

    assert Picture.objects.count() == 1


def test_dialog_answers_twice_with_one_picture(desk):
    words = {"alternative_text": "La piazza", "credit": "Archivio", "focal_x": "0.5", "focal_y": "0.5"}

    first, second = twice(desk, reverse("admin:library_picture_library"), lambda: words | {"file": picture_file()})

    assert Picture.objects.count() == 1
    assert first.json() == second.json()


def test_two_clicks_tell_one_link_twice(desk):
    """The browser throws the first answer away, and the link is told nowhere else."""
    draft = make_communique(status="draft")
    address = reverse("admin:news_communique_preview_links", args=[draft.pk])

    first, second = twice(desk, address, lambda: {"reader": "La sindaca", "days": "7", "issue": "1"})

    assert PreviewLink.objects.count() == 1
    links = [page.text.partition('readonly value="')[2].partition('"')[0] for page in (first, second)]
    assert links[0] == links[1]
    assert desk.get(links[1]).status_code == 200


def test_link_of_another_form_is_another(desk):
    draft = make_communique(status="draft")
    address = reverse("admin:news_communique_preview_links", args=[draft.pk])

    for _ in range(2):
        twice(desk, address, lambda: {"reader": "La sindaca", "days": "7"})

    assert PreviewLink.objects.count() == 2


def test_two_clicks_write_one_invitation(desk, letters, committed):
    groups = [make_editor("Redattore").groups.get().pk]
    person = {"email": "nuova@example.org", "groups": groups, "una_volta": fresh_key()}

    for _ in range(2):
        committed(lambda: desk.post("/admin/accounts/user/add/", person))

    assert User.objects.filter(email="nuova@example.org").count() == 1
    assert len(letters) == 1


def test_two_clicks_leave_one_proposal():
    live = make_communique([make_topic()])
    writer = Client()
    writer.force_login(make_editor("Redattore"))
    typed = {"kind": live.kind, "title": "Un altro titolo", "slug": live.slug, "topics": live.topics.get().pk}
    typed |= {"publish_at_0": "01/10/2025", "publish_at_1": "09:00", "_verb_propose": "1"}

    twice(writer, f"{LIST}{live.pk}/change/", lambda: form_data(**typed))

    assert live.revisions.filter(action="proposed").count() == 1


def test_two_clicks_move_a_deadline_once(desk):
    deadline = make_deadline(make_communique())
    address = reverse("admin:news_communique_deadline_move", args=[deadline.publication_id, deadline.pk])
    moved = {"seen": deadline.sequence, "closes_day": "31/12/2099", "closes_hour": "", "reason": "Più tempo"}

    _, second = twice(desk, address, lambda: moved)

    deadline.refresh_from_db()
    assert deadline.sequence == moved["seen"] + 1
    assert REPEATED in second.text


def test_two_clicks_import_one_sheet(desk):
    sheet = "titolo,tipo\r\nIl ponte,comunicati\r\n"

    twice(desk, reverse("admin:news_communique_import"), lambda: {"table": sheet, "confirm": "1"})

    assert Communique.objects.count() == 1


def test_form_gone_back_to_and_changed_gives_its_text_back(desk):
    key = {"una_volta": fresh_key()}
    desk.post(ADD, form_data(title="Il ponte") | key)

    response = desk.post(ADD, form_data(title="La ciclabile") | key, headers={"sec-fetch-site": "same-origin"})

    assert response.status_code == 409
    assert "Da questo modulo è già nata una pagina" in response.text
    assert ">\nLa ciclabile</textarea>" in response.text
    assert Communique.objects.count() == 1


def test_text_given_back_makes_another_page_when_asked(desk):
    key = {"una_volta": fresh_key()}
    desk.post(ADD, form_data(title="Il ponte") | key)
    page = desk.post(ADD, form_data(title="La ciclabile") | key, headers={"sec-fetch-site": "same-origin"})

    desk.post(ADD, form_data(title="La ciclabile", una_volta=key_in(page)))

    assert {communique.title for communique in Communique.objects.all()} == {"Il ponte", "La ciclabile"}


def test_page_gone_back_to_and_changed_is_changed_again(desk):
    communique = make_communique(status="draft", title="Il ponte")
    key = {"una_volta": fresh_key()}

    for title in ("Il ponte riapre", "Il ponte riapre lunedì"):
        desk.post(f"{LIST}{communique.pk}/change/", form_data(kind=communique.kind, title=title) | key)

    communique.refresh_from_db()
    assert communique.title == "Il ponte riapre lunedì"


def test_preview_of_a_form_that_was_saved_is_shown(desk):
    key = {"una_volta": fresh_key()}
    desk.post(ADD, form_data(title="Il ponte") | key)

    response = desk.post(reverse("admin:news_communique_preview_new"), form_data(title="Il ponte") | key)

    assert response.status_code == 200


def test_key_of_one_person_says_nothing_to_another(desk):
    key = {"una_volta": fresh_key()}
    desk.post(ADD, form_data(title="Il ponte") | key)
    other = Client()
    other.force_login(make_editor("Redattore"))

    other.post(ADD, form_data(title="Il ponte") | key)

    assert Communique.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x", "0" * 33, "A" * 32])
def test_form_without_a_key_is_taken_in_as_ever(desk, key):
    for _ in range(2):
        desk.post(ADD, form_data(title="Il ponte", una_volta=key))

    assert Communique.objects.count() == 2


def test_refused_form_leaves_no_key(desk):
    desk.post(ADD, form_data(title="", una_volta=fresh_key()))

    assert not Submission.objects.exists()


def test_keys_are_forgotten_after_a_week(desk):
    desk.post(ADD, form_data(una_volta=fresh_key()))
    call_command("tick")
    assert Submission.objects.count() == 1

    Submission.objects.update(at=timezone.now() - KEPT_FOR - timedelta(seconds=1))
    call_command("tick")

    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_the_same_moment_make_one_page():
    if connection.vendor == "sqlite":
        pytest.skip("an SQLite in memory has one connection; the other run of the suite has a PostgreSQL")
    user = make_editor(is_superuser=True)
    key, barrier, pages = fresh_key(), Barrier(4), []
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.force_login(user)

    def press(client):
        try:
            barrier.wait()
            pages.append(client.post(ADD, form_data(title="Il ponte", una_volta=key, _continue="1"), follow=True))
        finally:
            connection.close()

    threads = [Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Communique.objects.count() == 1
    assert sum(REPEATED in page.text for page in pages) == 3
    assert len({page.redirect_chain[-1] for page in pages}) == 1


MAKE = """
import django; django.setup()
from tests.factories import make_editor; make_editor(is_superuser=True)
"""
COUNT = """
import django; django.setup()
from news.models import Communique; print(Communique.objects.count())
"""
ONE = f"""
import django; django.setup()
from django.conf import settings; settings.ALLOWED_HOSTS = ["testserver"]
from django.test import Client
from areaomogenea.accounts.models import User
from tests.test_desk import form_data
client = Client(); client.force_login(User.objects.get())
print(client.post("{ADD}", form_data(title="Il ponte", una_volta="{"7" * 32}")).status_code)
"""


@pytest.mark.slow
@pytest.mark.any_database
def test_two_processes_make_one_page(file_database, tmp_path):
    database = {"DATABASE_URL": file_database, "MEDIA_ROOT": str(tmp_path)}
    environment = os.environ | database | {"DJANGO_SETTINGS_MODULE": "tests.settings", "HTTPS": "0"}
    root = Path(__file__).parent.parent

    def run(*command, start=subprocess.run, **how):
        return start([sys.executable, *command], cwd=root, env=environment, **how)

    run("-c", MAKE, check=True)

    posts = [run("-c", ONE, start=subprocess.Popen, stdout=subprocess.PIPE) for _ in range(2)]

    assert [post.communicate()[0] for post in posts] == [b"302\n", b"302\n"]
    assert run("-c", COUNT, check=True, capture_output=True).stdout == b"1\n"
