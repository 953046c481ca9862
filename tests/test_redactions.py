"""What must not exist goes for good, says only that it went, and does not come back with an older copy."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.serializers import deserialize, serialize

from areaomogenea.accounts.entries import Entry
from areaomogenea.deadlines.models import Deadline, DeadlineMove
from areaomogenea.desk.redaction_pages import words_of
from areaomogenea.distribution.exports.pdf_cache import FOLDER
from areaomogenea.library.models import Picture
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.publishing.redactions import GONE, Redaction, carry_out_again, redact, text_digest
from areaomogenea.publishing.revisions import Revision, VersionFile
from areaomogenea.publishing.shared import keeper_of

from .factories import (
    make_attachment,
    make_communique,
    make_deadline,
    make_initiative,
    make_picture,
    make_topic,
    picture_file,
)
from .test_decisions import somebody
from .test_desk import LIST

pytestmark = pytest.mark.django_db
SECRET = "Mario Rossi"
WHY = "Un dato personale"


@pytest.fixture
def administrator():
    return somebody("Amministratore")


@pytest.fixture
def live():
    """A live page whose first version told what it should not."""
    live = make_communique([make_topic()], body=f"<p>{SECRET}</p>")
    live.record(None, "saved", f"Tolto {SECRET}")
    live.body = "<p>Una persona.</p>"
    live.save()
    live.record(None, "saved", "Corretto")
    return live


def everything_stored(live):
    """All that the tables tell of a live, as one text."""
    rows = [*live.revisions.all(), live, *Entry.objects.all(), *(entry.particulars for entry in entries_with_words())]
    return serialize("json", rows)


def entries_with_words():
    return Entry.objects.exclude(particulars=None).select_related("particulars")


def redact_at_desk(client, live, *chosen, area=LIST, **typed):
    read = {"version": live.version, "reason": WHY, "chosen": chosen}
    return client.post(f"{area}{live.pk}/oscura/", read | typed, follow=True)


def test_version_goes_and_the_ledger_says_that_not_what(administrator, live):
    first = live.revisions.get(version=1)

    answer = redact_at_desk(administrator, live, f"version:{first.pk}").text

    assert "Una cosa oscurata per sempre." in answer
    assert SECRET not in everything_stored(live)
    entry = Entry.objects.get(action="redacted")
    assert (entry.by_id, entry.particulars.comment) == (administrator.user.pk, WHY)
    history = administrator.get(f"{LIST}{live.pk}/history/").text
    assert "Oscurata il" in history
    assert SECRET not in history


def test_redacted_version_is_not_brought_back(administrator, live):
    first = live.revisions.get(version=1)
    redact(live, [("version", str(first.pk))], None, WHY)

    shown = administrator.get(f"{LIST}{live.pk}/storia/{first.pk}/").text
    administrator.post(f"{LIST}{live.pk}/storia/{first.pk}/", {"version": live.version})

    live.refresh_from_db()
    assert "il contenuto non c’è più" in shown
    assert live.body == "<p>Una persona.</p>"


def test_form_that_was_read_on_a_redacted_version_loses_nothing(administrator, live):
    first = live.revisions.get(version=1)
    redact(live, [("version", str(first.pk))], None, WHY)

    assert live.content_at(1) is None
    assert administrator.get(f"{LIST}{live.pk}/change/").status_code == 200


def test_version_of_now_is_mended_in_the_page_first(administrator, live):
    newest = live.revisions.get(version=live.version)

    answer = redact_at_desk(administrator, live, f"version:{newest.pk}").text

    newest.refresh_from_db()
    assert "la pagina di adesso si corregge prima" in answer
    assert newest.content


def test_note_goes_and_the_version_stays(administrator, live):
    first = live.revisions.get(version=1)

    redact_at_desk(administrator, live, f"comment:{first.pk}")

    first.refresh_from_db()
    assert (first.comment, bool(first.content)) == (GONE, True)
    assert not any(SECRET in entry.particulars.comment for entry in entries_with_words())


@pytest.mark.parametrize("make", [make_communique, make_initiative])
def test_document_goes_from_page_versions_proposals_and_disk(make, django_capture_on_commit_callbacks):
    live = make([make_topic()])
    make_attachment(live, file=ContentFile(b"%PDF-1.4 " + SECRET.encode(), "rossi.pdf"), name=SECRET)
    live.record(None, "saved")
    live.propose(None, live.content() | {"summary": "Altro."})
    name = Attachment.objects.get().file.name
    default_storage.save(f"{FOLDER}/{live.pk}/x.pdf", ContentFile(b"Una stampa"))

    with django_capture_on_commit_callbacks(execute=True):
        redact(live, [("file", text_digest(name))], None, WHY)

    assert not default_storage.exists(name)
    assert not default_storage.exists(f"{FOLDER}/{live.pk}/x.pdf")
    assert not Attachment.objects.exists()
    assert not VersionFile.objects.exists()
    assert SECRET not in everything_stored(type(live).objects.get(pk=live.pk))
    assert live.revisions.first().comment == "Un documento è stato oscurato"


def test_picture_goes_when_no_page_shows_it(administrator, django_capture_on_commit_callbacks):
    picture = make_picture()
    shown = make_communique(picture=picture)
    area, digest = "/admin/library/picture/", f"file:{text_digest(picture.file.name)}"
    picture.version = 0

    refused = redact_at_desk(administrator, picture, digest, area=area).text
    shown.picture = None
    shown.save()
    with django_capture_on_commit_callbacks(execute=True):
        redact_at_desk(administrator, picture, digest, area=area)

    assert "Qualche pagina la mostra ancora" in refused
    assert not Picture.objects.exists()
    assert [name for name in picture.stored_names() if default_storage.exists(name)] == []


def test_topic_loses_a_version_too(administrator):
    topic = make_topic(summary=SECRET)
    keeper_of(topic).record(None, "saved")
    topic.summary = "Una persona."
    topic.save()
    keeper = keeper_of(topic)
    keeper.record(None, "saved")

    redact_at_desk(administrator, keeper, f"version:{keeper.revisions.get(version=1).pk}", area="/admin/topics/topic/")

    assert SECRET not in serialize("json", keeper.revisions.all())


@pytest.mark.parametrize("typed", [{"reason": ""}, {"chosen": []}, {"chosen": ["version:999"]}, {"reason": "x" * 300}])
def test_nonsense_is_refused_in_words_and_nothing_goes(administrator, live, typed):
    first = live.revisions.get(version=1)

    answer = redact_at_desk(administrator, live, f"version:{first.pk}", **typed)

    assert "errorlist" in answer.text
    assert not Redaction.objects.exists()


def test_what_changed_meanwhile_is_read_first(administrator, live):
    first = live.revisions.get(version=1)

    answer = redact_at_desk(administrator, live, f"version:{first.pk}", version=0).text

    assert "Intanto questa pagina è cambiata" in answer
    assert not Redaction.objects.exists()


@pytest.mark.parametrize("role", ["Redattore comunale", "Redattore", "Responsabile"])
def test_page_is_not_there_for_others(role, live):
    client = somebody(role)

    assert client.get(f"{LIST}{live.pk}/oscura/").status_code == 404
    assert "oscura/" not in client.get(f"{LIST}{live.pk}/history/").text


def test_each_is_kept_apart_without_what_went(settings, live):
    first = live.revisions.get(version=1)

    redact(live, [("version", str(first.pk)), ("comment", str(first.pk))], None, WHY)

    text = settings.REDACTIONS_FILE.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(line["what"], line["key"], line["reason"]) for line in lines] == [
        ("version", str(live.pk), WHY),
        ("comment", str(live.pk), WHY),
    ]
    assert SECRET not in text


def test_where_nothing_can_be_kept_apart_nothing_goes(settings, tmp_path, administrator, live):
    settings.REDACTIONS_FILE = tmp_path / "nowhere" / "redactions.jsonl"
    first = live.revisions.get(version=1)

    answer = redact_at_desk(administrator, live, f"version:{first.pk}").text

    first.refresh_from_db()
    assert "Non è stato oscurato niente" in answer
    assert first.content


def test_older_copy_of_the_database_loses_it_again(live):
    first = live.revisions.get(version=1)
    copy = serialize("json", Revision.objects.all())
    redact(live, [("version", str(first.pk))], None, WHY)

    Redaction.objects.all().delete()
    for row in deserialize("json", copy):
        row.save()
    assert SECRET in serialize("json", Revision.objects.all())
    call_command("tick")

    assert SECRET not in serialize("json", Revision.objects.all())
    assert Redaction.objects.get().reason == WHY


def test_older_copy_of_the_files_loses_it_again(settings, tmp_path, live, django_capture_on_commit_callbacks):
    attachment = make_attachment(live)
    live.record(None, "saved")
    name = attachment.file.name
    shutil.copytree(settings.MEDIA_ROOT, tmp_path / "copy")
    with django_capture_on_commit_callbacks(execute=True):
        redact(live, [("file", text_digest(name))], None, WHY)

    shutil.copytree(tmp_path / "copy", settings.MEDIA_ROOT, dirs_exist_ok=True)
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("redact", "--again")

    assert not default_storage.exists(name)
    assert not Path(default_storage.path(name)).exists()


def test_document_that_got_the_name_later_stays_when_a_copy_returns(live, django_capture_on_commit_callbacks):
    name = make_attachment(live).file.name
    live.record(None, "saved")
    with django_capture_on_commit_callbacks(execute=True):
        redact(live, [("file", text_digest(name))], None, WHY)
    default_storage.save(name, ContentFile(b"Innocente"))
    other = make_communique()
    fields = {"name": "Innocente", "description": "Un altro", "kind": "PDF", "size": 9}
    Attachment.objects.create(publication=other, file=name, **fields)
    other.record(None, "saved")

    with django_capture_on_commit_callbacks(execute=True):
        carry_out_again(all_of_them=True)

    assert other.attachments.get().file.read() == b"Innocente"
    assert other.revisions.get().content["attachments"]


def test_version_that_got_the_key_later_stays_when_a_copy_returns(live):
    first = live.revisions.get(version=1)
    redact(live, [("version", str(first.pk)), ("comment", str(first.pk))], None, WHY)
    Redaction.objects.all().delete()
    content, later = live.content(), first.at + timedelta(hours=1)
    Revision.objects.filter(pk=first.pk).update(
        content=content, comment="Innocente", redacted_at=None, version=1, at=later
    )

    carry_out_again()

    first.refresh_from_db()
    assert (first.content, first.comment) == (content, "Innocente")


def test_picture_that_got_the_key_later_stays_when_a_copy_returns(django_capture_on_commit_callbacks):
    picture = make_picture()
    key, name = picture.pk, picture.file.name
    with django_capture_on_commit_callbacks(execute=True):
        redact(picture, [("file", text_digest(name))], None, WHY)
    make_picture(pk=key, file=picture_file("innocente.png"))

    with django_capture_on_commit_callbacks(execute=True):
        carry_out_again(all_of_them=True)

    assert Picture.objects.get(pk=key).file.name != name


def test_file_of_a_picture_that_comes_back_alone_goes_again(django_capture_on_commit_callbacks):
    picture = make_picture()
    name, content = picture.file.name, picture.file.read()
    with django_capture_on_commit_callbacks(execute=True):
        redact(picture, [("file", text_digest(name))], None, WHY)
    default_storage.save(name, ContentFile(content))

    with django_capture_on_commit_callbacks(execute=True):
        carry_out_again(all_of_them=True)

    assert not default_storage.exists(name)


def test_document_that_another_page_has_too_goes_from_there_as_a_version(live):
    name, other = make_attachment(live).file.name, make_initiative()
    fields = {"description": "Lo stesso", "kind": "PDF", "size": 9}
    Attachment.objects.create(publication=other, file=name, name=SECRET, **fields)
    for page in (live, other):
        page.record(None, "saved")
    version = other.version

    redact(live, [("file", text_digest(name))], None, WHY)

    other.refresh_from_db()
    assert (other.attachments.count(), other.version) == (0, version + 1)
    assert other.revisions.first().comment == "Un documento è stato oscurato"
    assert SECRET not in everything_stored(other)


def test_version_of_long_ago_can_be_redacted_too(administrator, live, monkeypatch):
    monkeypatch.setattr("areaomogenea.desk.redaction_pages.SHOWN", 1)
    first = live.revisions.get(version=1)

    newest = administrator.get(f"{LIST}{live.pk}/oscura/").text
    oldest = administrator.get(f"{LIST}{live.pk}/oscura/?pagina=2").text
    redact_at_desk(administrator, live, f"version:{first.pk}")

    first.refresh_from_db()
    assert f'value="version:{first.pk}"' not in newest
    assert 'href="?pagina=2"' in newest
    assert f'value="version:{first.pk}"' in oldest
    assert first.redacted_at


@pytest.mark.parametrize("verb", ["move", "call_off"])
def test_why_a_deadline_changed_goes_from_page_and_versions(administrator, client, live, verb):
    deadline = make_deadline(live)
    hours = {"closes_at": deadline.closes_at + timedelta(days=1)} if verb == "move" else {}
    getattr(deadline, verb)(None, f"Lo chiede {SECRET}", **hours)
    live.refresh_from_db()

    shown = administrator.get(f"{LIST}{live.pk}/oscura/")
    words = [value for value, *_ in shown.context["words"]]
    notes = [f"comment:{one.pk}" for one in live.revisions.exclude(comment="")]
    first = live.revisions.get(version=1)
    redact_at_desk(administrator, live, *words, *notes, f"version:{first.pk}")

    assert len(words) == 1
    assert SECRET not in everything_stored(live)
    assert SECRET not in serialize("json", [*Deadline.objects.all(), *DeadlineMove.objects.all()])
    assert SECRET not in client.get(live.get_absolute_url()).text
    assert GONE in client.get(live.get_absolute_url()).text


def test_line_that_was_cut_short_holds_nothing_up(settings, live):
    first = live.revisions.get(version=1)
    redact(live, [("version", str(first.pk))], None, WHY)
    with settings.REDACTIONS_FILE.open("a") as file:
        file.write('{"uid": "cut sh')
    Redaction.objects.all().delete()

    call_command("tick")

    assert Redaction.objects.count() == 1


@pytest.mark.parametrize("versions", [2, 12])
def test_cost_of_the_page_does_not_grow(administrator, live, versions, django_assert_max_num_queries):
    for _ in range(versions):
        make_attachment(live)
        live.record(None, "saved")

    with django_assert_max_num_queries(18):
        administrator.get(f"{LIST}{live.pk}/oscura/")


def test_redaction_that_cannot_be_done_again_holds_up_no_other(settings, live):
    first = live.revisions.get(version=1)
    redact(live, [("version", str(first.pk))], None, WHY)
    good = settings.REDACTIONS_FILE.read_text()
    strange = json.dumps(json.loads(good) | {"uid": str(uuid4()), "model": "nowhere.nothing"})
    settings.REDACTIONS_FILE.write_text(f"{strange}\n{good}")
    Redaction.objects.all().delete()

    call_command("tick")

    assert [row.model for row in Redaction.objects.all()] == ["publishing.publication"]


def test_names_in_a_former_address_and_of_a_guest_go_too(administrator, client, live):
    old = live.get_absolute_url()
    live.slug = "una-persona"
    live.save()
    live.preview_links.issue(live, by=None, reader=SECRET)
    page = administrator.get(f"{LIST}{live.pk}/oscura/").text
    chosen = [value for value, *_ in words_of(live)]

    redact_at_desk(administrator, live, *chosen)

    assert "Indirizzo di prima: «" in page
    assert f"Link di anteprima: «{SECRET}»" in page
    assert client.get(old).status_code == 404
    assert live.preview_links.get().reader == GONE
