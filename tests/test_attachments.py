"""Documents attached are a part of every version: compared, proposed, brought back; their bytes stay while told."""

import os
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth import get_user
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfWriter

from areaomogenea.library.uploads import UPLOADS, uploads_of
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.publishing.orphans import orphans, remove_orphans
from news.models import Communique

from .factories import make_attachment, make_communique, make_editor, make_initiative, make_municipality, make_topic
from .test_desk import LIST
from .test_history import change, form_of, somebody

# Files and forms; the rows of versions, tests/test_parts.py has on both.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
TEXT = "Un atto del Comune."


def upload(name="atto.txt", text=TEXT):
    return SimpleUploadedFile(name, text.encode(), "text/plain")


def rows_of(*rows):
    """What the browser sends for these attachments, each stored or new: what is typed in it."""
    data = {"attachments-TOTAL_FORMS": len(rows), "attachments-INITIAL_FORMS": sum("id" in row for row in rows)}
    for number, row in enumerate(rows):
        data |= {f"attachments-{number}-{name}": value for name, value in row.items()}
    return data


def new(**typed):
    return {"file": upload(), "name": "L’atto", "description": "Il testo dell’atto"} | typed


def as_it_is(attachment, **typed):
    return {"id": attachment.pk, "name": attachment.name, "description": attachment.description} | typed


@pytest.fixture
def draft():
    return make_communique([make_topic()], status="draft", title="Il ponte", summary="Riapre.", body="<p>Lunedì.</p>")


@pytest.fixture
def live():
    return make_communique([make_topic()], title="Il ponte", summary="Riapre.", body="<p>Riapre lunedì.</p>")


def formset_in(page):
    return next(one.formset for one in page.context["inline_admin_formsets"] if one.formset.prefix == "attachments")


# Kept


@pytest.mark.parametrize("make", [make_communique, make_initiative])
def test_version_tells_the_attachments_of_every_kind(make):
    page = make()
    attachment = make_attachment(page)

    content = page.record(by=None, action="saved").content

    assert content["attachments"] == [
        {
            "pk": attachment.pk,
            "file": attachment.file.name,
            "name": "L’atto",
            "description": "Il testo dell’atto",
            "kind": "PDF",
            "size": 13,
            "pages": None,
            "language": "",
            "has_text": None,
        }
    ]


def test_adding_one_is_a_version_told_in_words(draft):
    elena = somebody()

    elena.post(change(draft), form_of(draft, **rows_of(new())))

    saved = draft.revisions.get(action="saved")
    assert Communique.objects.get().version == saved.version
    assert "Cambia: allegati" in elena.get(f"{LIST}{draft.pk}/history/").text
    page = elena.get(f"{LIST}{draft.pk}/storia/{saved.pk}/").text
    assert "<ins>L’atto: Il testo dell’atto (atto.txt, TXT, 1 kB)" in page


def test_saving_them_as_they_are_is_no_version(draft):
    attachment = make_attachment(draft)
    draft.record(by=None, action="saved")

    somebody().post(change(draft), form_of(draft, **rows_of(as_it_is(attachment))))

    assert draft.revisions.count() == 1


def test_page_that_said_nothing_of_them_does_not_say_what_was_not_done(draft):
    """What was saved before attachments were a part has versions without them: nobody added the first."""
    make_attachment(draft)
    old = draft.record(by=None, action="saved")
    del old.content["attachments"]
    old.save()
    elena = somebody()

    elena.post(change(draft), form_of(Communique.objects.get(), title="Il ponte nuovo"))

    assert draft.attachments.count() == 1
    assert draft.revisions.first().content["attachments"] == draft.content()["attachments"]
    assert "Cambia: titolo, indirizzo</p>" in elena.get(f"{LIST}{draft.pk}/history/").text
    assert "allegati" not in elena.get(f"{LIST}{draft.pk}/history/").text


def test_readers_are_told_when_a_file_was_replaced(live):
    attachment = make_attachment(live)
    assert live.updated_at is None

    somebody("Responsabile").post(
        change(live), form_of(live, **rows_of(as_it_is(attachment, file=upload("nuovo.txt"))))
    )

    stored = Communique.objects.get()
    assert (stored.updated_at is not None, stored.version) == (True, live.version + 1)
    assert stored.attachments.get().file.name.endswith("nuovo.txt")


def test_approver_meets_what_was_attached_after_reading():
    """Readers never see an attachment that whoever approved had not been told of."""
    waiting = make_communique([make_topic()], status="review", title="Il ponte")
    read = form_of(waiting)
    somebody().post(change(waiting), form_of(waiting, **rows_of(new(name="Mai visto"))))

    page = somebody("Responsabile").post(change(waiting), read | {"_save": "1"}, follow=True).text

    assert "Intanto altri avevano cambiato: allegati («Mai visto»)." in page
    assert Communique.objects.get().attachments.count() == 1


@pytest.mark.parametrize("button", ["_verb_publish_now", "_verb_publish"])
def test_nobody_publishes_a_document_or_a_deadline_that_was_not_read(button):
    waiting = make_communique([make_topic()], status="review", title="Il ponte")
    read = form_of(waiting)
    term = {"kind": "scadenza", "title": "Mai visto", "audience": "cittadini", "closes_day": "31/12/2099"}
    added = rows_of(new(name="Mai letto")) | {"deadlines-TOTAL_FORMS": 1}
    somebody().post(change(waiting), form_of(waiting, **added, **{f"deadlines-0-{k}": v for k, v in term.items()}))

    page = somebody("Responsabile").post(change(waiting), read | {button: "1"}).text

    assert Communique.objects.get().status == "review"
    assert "<ins>Mai letto: Il testo dell’atto (" in page
    assert "<ins>Mai visto: entro il 31 dicembre 2099, per cittadini" in page


def test_file_that_others_replaced_stays_and_is_told(draft):
    attachment = make_attachment(draft)
    draft.record(by=None, action="saved")
    of_marco = form_of(Communique.objects.get(), title="Titolo di Marco", **rows_of(as_it_is(attachment)))
    replaced = rows_of(as_it_is(attachment, file=upload("nuovo.txt")))
    somebody().post(change(draft), form_of(Communique.objects.get(), **replaced))

    page = somebody().post(change(draft), of_marco, follow=True).text

    assert "Intanto altri avevano cambiato: allegati («L’atto»)." in page
    assert draft.attachments.get().file.name.endswith("nuovo.txt")


def test_file_and_words_of_one_document_that_two_changed_are_chosen(draft):
    attachment = make_attachment(draft)
    draft.record(by=None, action="saved")
    of_marco = form_of(Communique.objects.get(), **rows_of(as_it_is(attachment, file=upload("di-marco.txt"))))
    renamed = rows_of(as_it_is(attachment, name="Nome di Elena"))
    somebody(first_name="Elena").post(change(draft), form_of(Communique.objects.get(), **renamed))

    marco = somebody()
    page = marco.post(change(draft), of_marco)
    assert "Anche Elena ha cambiato allegati: «Nome di Elena», che hai cambiato tu: scegli quale tenere." in page.text
    row = formset_in(page).forms[0]
    answer = {f"scelta_attachments_{attachment.pk}": "mia"}
    of_marco.pop("attachments-0-file")
    again = rows_of(as_it_is(attachment, **{"file-tenuto": row["file"].value().token}))
    now = Communique.objects.get().version
    marco.post(change(draft), of_marco | again | answer | {"read_version": now})

    stored = draft.attachments.get()
    assert (stored.name, stored.file.read()) == ("L’atto", TEXT.encode())


# Brought back


def test_version_comes_back_with_its_files(client, draft):
    attachment = make_attachment(draft)
    name = attachment.file.name
    revision = draft.record(by=None, action="saved")
    elena = somebody()
    elena.post(change(draft), form_of(Communique.objects.get(), **rows_of(as_it_is(attachment, DELETE="on"))))
    assert not draft.attachments.exists()

    elena.post(f"{LIST}{draft.pk}/storia/{revision.pk}/", {"version": Communique.objects.get().version})

    back = draft.attachments.get()
    assert (back.pk, back.file.name, back.file.read()) == (attachment.pk, name, b"%PDF-1.4 atto")
    assert draft.content() == revision.content


def test_version_comes_back_without_a_file_that_was_erased(draft):
    attachment = make_attachment(draft)
    revision = draft.record(by=None, action="saved")
    attachment.delete()
    default_storage.delete(attachment.file.name)

    draft.restore(revision, by=None)

    assert not draft.attachments.exists()


def test_old_version_says_nothing_of_them_and_leaves_them(draft):
    make_attachment(draft)
    old = draft.record(by=None, action="saved")
    del old.content["attachments"]
    old.save()
    draft.title = "Un altro"
    draft.save()
    draft.record(by=None, action="saved")
    elena = somebody()

    page = elena.get(f"{LIST}{draft.pk}/storia/{old.pk}/").text
    elena.post(f"{LIST}{draft.pk}/storia/{old.pk}/", {"version": Communique.objects.get().version})

    assert "Di allegati questa versione non dice nulla: restano come sono." in page
    draft.refresh_from_db()
    assert (draft.title, draft.attachments.count()) == ("Il ponte", 1)


def test_amount_is_proved_by_a_document_that_came_back():
    initiative = make_initiative()
    attachment = make_attachment(initiative)
    initiative.amounts.create(what="Impianti", euros=5, funder="Regione", document=attachment)
    revision, key = initiative.record(by=None, action="saved"), attachment.pk
    attachment.delete()
    initiative.record(by=None, action="saved")

    initiative.restore(revision, by=None)

    assert initiative.amounts.get().document_id == key


# Proposed


def test_proposed_document_is_for_the_desk_until_it_is_accepted(client, live):
    writer = somebody()

    writer.post(change(live), form_of(live, **rows_of(new())))

    name = live.pending_proposal.content["attachments"][0]["file"]
    assert not live.attachments.exists()
    assert default_storage.open(name).read() == TEXT.encode()
    assert client.get(f"/file/{name}").status_code == 404
    assert client.get(live.get_absolute_url()).context["publication"].documents == []
    assert writer.get(f"/admin/library/picture/file/{name}").status_code == 200

    approver, address = somebody("Responsabile"), f"{LIST}{live.pk}/proposta/"
    page = approver.get(address).text
    assert "<ins>L’atto: Il testo dell’atto (" in page
    assert f'Da leggere: <a href="/admin/library/picture/file/{name}">L’atto</a>.' in page
    read = {"proposal": live.pending_proposal.pk, "version": Communique.objects.get().version}
    approver.post(address, read | {"_verb_accept": "1"})

    assert live.attachments.get().file.name == name
    assert b"".join(client.get(f"/file/{name}")) == TEXT.encode()


def test_who_proposes_goes_on_with_the_document_proposed(live):
    writer = somebody()
    writer.post(change(live), form_of(live, **rows_of(new())))
    name = live.pending_proposal.content["attachments"][0]["file"]

    page = writer.get(change(live))
    row = formset_in(page).forms[0]
    assert (row["name"].value(), row["file"].value().name) == ("L’atto", name)
    carried = row["file"].value().token
    again = {"name": "L’atto corretto", "description": "Il testo", "file-tenuto": carried}
    begun = {"seen_proposal": live.pending_proposal.pk}
    writer.post(change(live), form_of(Communique.objects.get(), **rows_of(again), **begun))

    (proposed,) = live.pending_proposal.content["attachments"]
    assert (proposed["file"], proposed["name"], proposed["size"]) == (name, "L’atto corretto", len(TEXT.encode()))


def test_proposed_removal_is_accepted(live):
    attachment = make_attachment(live)
    somebody().post(change(live), form_of(live, **rows_of(as_it_is(attachment, DELETE="on"))))
    assert live.attachments.count() == 1

    live.accept(by=None)

    assert live.attachments.count() == 0


def test_accepting_leaves_what_was_attached_meanwhile(live):
    first = make_attachment(live)
    somebody().post(change(live), form_of(live, **rows_of(as_it_is(first, name="Rinominato"))))
    approver = somebody("Responsabile")
    now = Communique.objects.get()
    approver.post(change(live), form_of(now, **rows_of(as_it_is(first), new(name="Aggiunto intanto"))))

    Communique.objects.get().accept(by=None)

    assert sorted(live.attachments.values_list("name", flat=True)) == ["Aggiunto intanto", "Rinominato"]


# Typed


def test_document_is_not_to_be_chosen_again_when_something_else_is_wrong(draft):
    writer = somebody()

    page = writer.post(change(draft), form_of(draft, title="", **rows_of(new())))
    row = formset_in(page).forms[0]
    token = row["file"].value().token
    assert token in page.text
    typed = {"name": "L’atto", "description": "Il testo dell’atto", "file-tenuto": token}
    assert writer.get(f"/admin/library/picture/file/{row['file'].value().name}").status_code == 200
    assert somebody().get(f"/admin/library/picture/file/{row['file'].value().name}").status_code == 404
    writer.post(change(draft), form_of(draft, **rows_of(typed)))

    assert draft.attachments.get().file.read() == TEXT.encode()


@pytest.mark.parametrize("token", ["", "inventato", "eyJmaWxlIjoiYSJ9:1:2"])
def test_document_that_nobody_chose_is_not_taken(draft, token):
    row = {"name": "L’atto", "description": "Il testo", "file-tenuto": token}

    page = somebody().post(change(draft), form_of(draft, **rows_of(row)))

    assert formset_in(page).errors[0]["file"] == ["Questo campo è obbligatorio."]


def test_document_that_was_left_too_long_is_asked_for_again(draft):
    writer = somebody()
    page = writer.post(change(draft), form_of(draft, title="", **rows_of(new())))
    file = formset_in(page).forms[0]["file"].value()
    default_storage.delete(file.name)

    row = {"name": "L’atto", "description": "Il testo", "file-tenuto": file.token}
    page = writer.post(change(draft), form_of(draft, **rows_of(row)))

    assert formset_in(page).errors[0]["file"][0].startswith("Scegli di nuovo il documento")


def chosen_by(writer, draft):
    """What was chosen in a form that is shown again: its stored name, and the row that carries it."""
    page = writer.post(change(draft), form_of(draft, title="", **rows_of(new())))
    value = formset_in(page).forms[0]["file"].value()
    return value.name, rows_of({"name": "L’atto", "description": "Il testo", "file-tenuto": value.token})


def test_document_that_somebody_else_chose_is_not_taken(draft):
    _, row = chosen_by(somebody(), draft)

    page = somebody().post(change(draft), form_of(draft, **row))

    assert formset_in(page).errors[0]["file"] == ["Questo campo è obbligatorio."]


def test_document_with_other_bytes_than_those_chosen_is_asked_for_again(draft):
    writer = somebody()
    name, row = chosen_by(writer, draft)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(b"Di altri"))

    page = writer.post(change(draft), form_of(draft, **row))

    assert formset_in(page).errors[0]["file"][0].startswith("Scegli di nuovo il documento")
    assert not draft.attachments.exists()


def test_document_chosen_waits_a_day_for_its_form(draft):
    writer = somebody()
    editor = get_user(writer)
    with time_machine.travel(timezone.now() - timedelta(hours=25), tick=False):
        name, row = chosen_by(writer, draft)
        session = {UPLOADS: writer.session[UPLOADS]}
        assert list(uploads_of(session)) == [name]
    writer.force_login(editor)

    page = writer.post(change(draft), form_of(draft, **row))

    assert formset_in(page).errors[0]["file"][0].startswith("Scegli di nuovo il documento")
    assert not uploads_of(session)


def test_name_that_a_session_remembers_from_before_opens_nothing(draft):
    writer, others = somebody("Redattore comunale"), make_attachment(draft)
    session = writer.session
    session[UPLOADS] = [others.file.name]
    session.save()

    assert writer.get(f"/admin/library/picture/file/{others.file.name}").status_code == 404


def test_preview_shows_documents_as_typed(draft):
    writer = somebody()
    stored, gone = make_attachment(draft), make_attachment(draft, name="Tolto")
    typed = rows_of(as_it_is(stored, name="Rinominato"), as_it_is(gone, DELETE="on"), new(name="Appena scelto"))

    frame = writer.post(change(draft).replace("change", "anteprima"), form_of(draft, **typed))
    page = writer.post(change(draft).replace("change", "anteprima/pagina"), dict(frame.context["typed"]))

    names = [document["name"] for document in page.context["publication"].documents]
    assert names == ["Rinominato", "Appena scelto"]
    file = page.context["publication"].documents[1]["file"]
    assert f"/admin/library/picture/file/{file}" in page.text
    assert writer.get(f"/admin/library/picture/file/{file}").status_code == 200
    assert draft.attachments.count() == 2


def test_document_that_nobody_can_read_aloud_is_told(draft, pdf_of_images):
    page = somebody().post(change(draft), form_of(draft, **rows_of(new(file=pdf_of_images))), follow=True).text

    assert "«L’atto»: Le pagine sono immagini" in page


@pytest.fixture
def pdf_of_images():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    content = BytesIO()
    writer.write(content)
    return SimpleUploadedFile("scansione.pdf", content.getvalue(), "application/pdf")


@pytest.mark.parametrize("rows", [1, 6])
def test_form_costs_the_same_for_more_documents(rows, draft, django_assert_max_num_queries):
    for number in range(rows):
        make_attachment(draft, name=f"Atto {number}")
    draft.record(by=None, action="saved")
    writer = somebody()
    writer.get(change(draft))

    with django_assert_max_num_queries(41):
        writer.get(change(draft))


# Bytes


def aged(name, hours=25):
    then = time.time() - hours * 3600
    os.utime(default_storage.path(name), (then, then))
    return name


def test_bytes_that_a_version_tells_of_stay(draft):
    attachment = make_attachment(draft)
    draft.record(by=None, action="saved")
    Attachment.objects.all().delete()
    never = aged(default_storage.save("documenti/2026/mai.txt", ContentFile(b"mai")))
    fresh = default_storage.save("documenti/2026/appena.txt", ContentFile(b"appena"))
    aged(attachment.file.name)

    assert remove_orphans() == [never]

    assert default_storage.exists(attachment.file.name)
    assert default_storage.exists(fresh)
    assert list(orphans([attachment.file.name, fresh])) == [fresh]


def test_name_of_a_document_never_comes_back(draft):
    first = make_attachment(draft)
    default_storage.delete(first.file.name)

    second = make_attachment(draft)

    assert first.file.name != second.file.name
    assert second.file.name.endswith("/atto.pdf")
    assert not Path(default_storage.path(first.file.name)).parent.exists()


def test_document_is_downloaded_by_the_name_it_was_chosen_with(client, live):
    attachment = make_attachment(live)

    assert client.get(attachment.file.url)["Content-Disposition"] == 'inline; filename="atto.pdf"'


def test_bytes_of_a_refused_proposal_stay_with_the_history(live):
    somebody().post(change(live), form_of(live, **rows_of(new())))
    name = live.pending_proposal.content["attachments"][0]["file"]
    live.refuse(by=None, comment="Non è quello")

    assert list(orphans([name])) == []


def test_version_that_does_not_tell_of_it_any_more_lets_the_bytes_go(draft):
    attachment = make_attachment(draft)
    revision = draft.record(by=None, action="saved")
    Attachment.objects.all().delete()

    revision.content["attachments"] = []
    revision.save()

    assert list(orphans([attachment.file.name])) == [attachment.file.name]


def test_clock_removes_what_nobody_tells_of(draft, capsys):
    name = aged(default_storage.save("documenti/2026/mai.txt", ContentFile(b"mai")))

    call_command("tick", verbosity=2)

    assert not default_storage.exists(name)
    assert "Documenti di nessuno, tolti: 1" in capsys.readouterr().out


def test_only_so_many_are_removed_at_once():
    names = [aged(default_storage.save(f"documenti/2026/{n}.txt", ContentFile(b"x"))) for n in range(3)]

    assert len(remove_orphans(most=2)) == 2
    assert sum(default_storage.exists(name) for name in names) == 1


def test_files_of_others_versions_are_not_for_whoever_may_not_edit_them(draft):
    attachment = make_attachment(draft)
    draft.record(by=None, action="saved")
    Attachment.objects.all().delete()
    editor = make_editor(role="Redattore comunale")
    editor.assignments.create(municipality=make_municipality())
    client = somebody()
    assert client.get(f"/admin/library/picture/file/{attachment.file.name}").status_code == 200
    client.force_login(editor)

    assert client.get(f"/admin/library/picture/file/{attachment.file.name}").status_code == 404
