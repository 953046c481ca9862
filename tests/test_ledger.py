"""The ledger: written once, kept for a stated time whoever asks, and emptied only by its door."""

import json
import subprocess
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from areaomogenea.accounts import ledger, retention
from areaomogenea.accounts.entries import Entry, Particulars
from areaomogenea.accounts.ledger import Action
from areaomogenea.checks import ledger_is_kept_long_enough
from areaomogenea.topics.models import Topic

from .factories import make_communique, make_editor, make_term, make_topic

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent


@pytest.fixture
def recent_entry():
    """A line with words, not old enough to go."""
    return ledger.note(Action.CHANGED, make_topic(name="Acqua"), before={"short": "A"}, after={"short": "B"})


@pytest.fixture
def over():
    """A line whose time is over."""
    with time_machine.travel(timezone.now() - timedelta(days=800)):
        return ledger.note(Action.CHANGED, make_topic(), comment="Tanto tempo fa")


def refused(change):
    """Whether the database refuses it."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


# What the database refuses


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: Entry.objects.filter(pk=entry.pk).update(action="deleted"),
        lambda entry: Entry.objects.filter(pk=entry.pk).update(kept_until=timezone.now()),
        lambda entry: Particulars.objects.filter(pk=entry.pk).update(after={}),
        lambda entry: entry.save(),
        lambda entry: Entry.objects.filter(pk=entry.pk).delete(),
        lambda entry: entry.particulars.delete(),
        lambda entry: entry.delete(),
        lambda entry: run("DELETE FROM accounts_particulars"),
        lambda entry: run("DELETE FROM accounts_entry"),
    ],
)
def test_nobody_changes_or_deletes_what_was_noted(recent_entry, change):
    assert refused(lambda: change(recent_entry))
    assert Entry.objects.get(pk=recent_entry.pk).particulars.after == {"short": "B"}


def test_nobody_changes_what_is_old_enough_to_go(over):
    assert refused(lambda: Entry.objects.filter(pk=over.pk).update(action="deleted"))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such statement")
def test_nobody_truncates_it(recent_entry):
    connection.check_constraints()
    assert refused(lambda: run("TRUNCATE accounts_entry CASCADE"))
    assert refused(lambda: run("TRUNCATE accounts_particulars"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such statement")
def test_nobody_writes_a_line_in_the_place_of_another(recent_entry):
    again = "SELECT id, at, 'deleted', model, key, kept_until FROM accounts_entry"

    assert refused(lambda: run(f"REPLACE INTO accounts_entry (id, at, action, model, key, kept_until) {again}"))


def test_line_says_until_when_it_is_kept_as_of_its_writing(settings):
    settings.LEDGER_DAYS = 400
    entry = ledger.note(Action.EXPORTED)
    settings.LEDGER_DAYS = 1

    entry.refresh_from_db()
    assert entry.kept_until - entry.at == pytest.approx(timedelta(days=400), abs=timedelta(seconds=1))
    assert refused(entry.delete)


@pytest.mark.parametrize(("days", "expected"), [(179, ["areaomogenea.E008"]), (180, [])])
def test_check_refuses_to_keep_it_for_less_than_six_months(settings, days, expected):
    settings.LEDGER_DAYS = days

    assert [error.id for error in ledger_is_kept_long_enough(None)] == expected


@pytest.mark.django_db(transaction=True)
def test_migration_is_undone_and_done_again():
    call_command("migrate", "accounts", "0001", verbosity=0)
    assert not refused(ledger.note(Action.EXPORTED).delete)
    call_command("migrate", "accounts", verbosity=0)
    assert refused(ledger.note(Action.EXPORTED).delete)


# What may go


def test_purge_takes_what_is_over_and_nothing_else(over, recent_entry):
    assert retention.purge() == "Registro: 1 voci oltre il loro tempo"
    assert retention.purge() == ""
    assert list(Entry.objects.values_list("pk", flat=True)) == [recent_entry.pk]
    assert list(Particulars.objects.values_list("pk", flat=True)) == [recent_entry.pk]


def test_tick_purges(over):
    call_command("tick")

    assert not Entry.objects.exists()


def test_door_lets_a_test_empty_it(recent_entry):
    with retention.unlocked(), transaction.atomic():
        run("DELETE FROM accounts_particulars")
        run("DELETE FROM accounts_entry")

    assert not Entry.objects.exists()
    assert refused(lambda: ledger.note(Action.EXPORTED).delete())


def test_nothing_of_the_portal_passes_the_door():
    command = ["git", "grep", "-l", "-e", "unlocked(", "-e", "ledger_door", "--", "*.py"]
    paths = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()

    assert {path for path in paths if not path.startswith("tests/")} == {
        "areaomogenea/accounts/retention.py",
        "areaomogenea/accounts/migrations/0002_ledger_is_kept.py",
    }


@pytest.mark.django_db(transaction=True)
def test_it_leaves_one_database_and_is_loaded_in_another(recent_entry, tmp_path):
    out = StringIO()
    call_command("dumpdata", "accounts", stdout=out)
    (tmp_path / "ledger.json").write_text(out.getvalue())
    with retention.unlocked():
        run("DELETE FROM accounts_particulars")
        run("DELETE FROM accounts_entry")

    call_command("loaddata", str(tmp_path / "ledger.json"), verbosity=0)

    entry = Entry.objects.get()
    assert (entry.pk, entry.kept_until > entry.at, entry.particulars.label) == (recent_entry.pk, True, "Acqua")
    assert refused(entry.delete)


# Redaction


def test_redaction_takes_the_words_and_says_so(recent_entry):
    term = make_term(acronym="CER")
    other = ledger.note(Action.CHANGED, term, comment="Resta")

    retention.redact_entries(Topic.objects.get(), "Un nome che non doveva esserci")

    entries = Entry.objects.filter(model="topics.topic").order_by("pk")
    assert [entry.action for entry in entries] == ["changed", "redacted"]
    assert not Particulars.objects.filter(pk=recent_entry.pk).exists()
    assert entries[1].particulars.comment == "Un nome che non doveva esserci"
    assert (other.particulars.comment, entries[1].particulars.label) == ("Resta", "")
    assert refused(other.particulars.delete)


# What is noted


def test_line_tells_who_what_which_and_from_where(client):
    entry = ledger.note(Action.CHANGED, make_topic(name="Acqua"))
    assert (entry.by, entry.address, entry.model, entry.particulars.label) == (None, None, "topics.topic", "Acqua")


def test_kinds_of_publications_are_noted_by_the_row_they_share():
    communique = make_communique()

    entry = ledger.note(Action.SAVED, communique)

    assert (entry.model, entry.key) == ("publishing.publication", str(communique.pk))


def test_person_stands_there_by_key_and_without_a_name():
    anna = make_editor(first_name="Anna", last_name="Bianchi")

    entry = ledger.note(Action.CHANGED, anna, by=anna)

    assert (entry.by_id, entry.model, entry.key) == (anna.pk, "accounts.user", str(anna.pk))
    assert not Particulars.objects.filter(pk=entry.pk).exists()


def test_line_goes_with_the_change_that_did_not_happen():
    with transaction.atomic():
        ledger.note(Action.CHANGED, make_topic())
        transaction.set_rollback(True)

    assert not Entry.objects.exists()


def test_change_is_told_by_the_fields_that_differ():
    topic = make_topic(name="Acqua", short="Prima")

    with ledger.change(topic):
        topic.short = "Dopo"
        topic.save()

    particulars = Entry.objects.get().particulars
    assert (particulars.before, particulars.after) == ({"short": "Prima"}, {"short": "Dopo"})


def test_change_of_nothing_is_not_noted():
    topic = make_topic()

    with ledger.change(topic):
        topic.save()

    assert not Entry.objects.exists()


def test_no_secret_and_no_name_comes_in():
    anna = make_editor(first_name="Anna", email="anna@example.org", password="un-segreto")

    with ledger.change(anna):
        anna.first_name, anna.email = "Annamaria", "annamaria@example.org"
        anna.set_password("un-altro-segreto")
        anna.save()

    particulars = Entry.objects.get().particulars
    words = json.dumps([particulars.label, particulars.before, particulars.after])
    assert set(particulars.after) == {"first_name", "email", "password"}
    assert not [word for word in ("Anna", "anna", "example", "md5", anna.password) if word in words]


def test_what_anybody_can_make_happen_is_noted_so_many_times_an_hour():
    anna = make_editor()
    with time_machine.travel("2026-03-02 10:00", tick=False):
        for path in ("/a", "/a", "/b", "/c", "/d"):
            ledger.note_within(3, Action.DENIED, {"by": anna}, once=True, by=anna, comment=path)
    with time_machine.travel("2026-03-02 11:01", tick=False):
        ledger.note_within(3, Action.DENIED, {"by": anna}, once=True, by=anna, comment="/a")

    comments = Entry.objects.order_by("pk").values_list("particulars__comment", flat=True)
    assert list(comments) == ["/a", "/b", "/c (le altre di quest’ora non sono annotate)", "/a"]
