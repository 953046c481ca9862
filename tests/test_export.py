"""Everything in open forms: what is in the tables is in the archive, and what must not leave is not."""

import csv
import hashlib
import io
import json
import re
import zipfile
from html import unescape
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from areaomogenea.accounts.ledger_values import description_of
from areaomogenea.backups.rows import as_text, owns_table
from areaomogenea.leaving.tables import FIELDS_LEFT_OUT, TABLES_LEFT_OUT, exported, fields_of
from areaomogenea.library.models import Picture
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.publishing.preview_links import PreviewLink
from areaomogenea.publishing.redactions import redact

from .factories import (
    make_attachment,
    make_communique,
    make_editor,
    make_initiative,
    make_picture,
    make_term,
    make_topic,
)
from .test_costs import furnish

SECRET = "Mario Rossi"


@pytest.fixture
def archive(tmp_path):
    """The archive of the portal as it is now: {name: bytes}, in its order."""

    def archive(name="portale.zip"):
        call_command("export_all", tmp_path / name)
        with zipfile.ZipFile(tmp_path / name) as file:
            return {one: file.read(one) for one in file.namelist()}

    return archive


def as_json(value):
    return json.loads(json.dumps(value, default=as_text))


@pytest.mark.django_db(transaction=True)
def test_what_is_in_the_tables_is_in_the_archive_as_its_schema_says(archive):
    furnish(1)
    make_term()
    live = make_communique([make_topic()], title="Perché “così”?", picture=make_picture())
    live.record(make_editor("Responsabile"), "saved", "Una nota")

    files = archive()

    for model in exported():
        label = model._meta.label_lower
        rows, schema = (json.loads(files[name]) for name in (f"dati/{label}.json", f"schemi/{label}.schema.json"))
        names = [field.attname for field in fields_of(model)]
        stored = model._base_manager.order_by("pk").values(*names)
        assert rows == as_json(list(stored)), label
        Draft202012Validator.check_schema(schema)
        assert [*Draft202012Validator(schema).iter_errors(rows)] == [], label
    assert sum(name.endswith("pagina.md") for name in files) > 5


@pytest.mark.any_database
def test_what_is_left_out_is_there_to_be_left_out():
    """Whoever renames or drops a table, or a column, mends the list; whoever adds one exports it by that alone."""
    models = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}

    assert TABLES_LEFT_OUT.keys() <= models.keys()
    assert {model._meta.label_lower for model in exported()} | TABLES_LEFT_OUT.keys() == {
        label for label, model in models.items() if owns_table(model)
    }
    for label, fields in FIELDS_LEFT_OUT.items():
        assert fields.keys() <= {field.name for field in models[label]._meta.local_concrete_fields}


@pytest.mark.any_database
def test_no_column_that_opens_a_door_leaves():
    names = {"password", "token", "secret", "seed", "session_key"}

    assert [
        f"{model._meta.label_lower}.{field.name}"
        for model in exported()
        for field in fields_of(model)
        if field.name in names | description_of(model).secret
    ] == []


@pytest.mark.django_db(transaction=True)
def test_people_leave_without_their_secrets(archive):
    editor = make_editor("Responsabile", email="anna@example.org", password="una parola segreta")
    PreviewLink.objects.issue(make_communique(status="draft"), by=editor, reader="Il sindaco")
    secret = editor.authenticator_set.get().data

    everything = b"\n".join(archive().values())

    assert b"anna@example.org" in everything
    assert editor.password.encode() not in everything
    assert json.dumps(secret)[2:-2].encode() not in everything
    assert PreviewLink.objects.get().digest.encode() not in everything


@pytest.mark.django_db(transaction=True)
def test_files_leave_as_they_came_with_whose_they_are(archive):
    page = make_communique(picture=make_picture(alternative_text="La «piazza»; di sera", credit="Anna"))
    make_attachment(page)

    files = archive()

    text = files["media/elenco.csv"].decode("utf-8-sig")
    lines = {line["file"]: line for line in csv.DictReader(io.StringIO(text), delimiter=";")}
    for row in (*Picture.objects.all(), *Attachment.objects.all()):
        content = files[f"media/{row.file.name}"]
        assert content == row.file.read()
        assert lines[f"media/{row.file.name}"]["sha256"] == hashlib.sha256(content).hexdigest()
    [picture] = [line for line in lines.values() if line["che cosa"] == "immagine"]
    assert (picture["testo"], picture["autore o descrizione"]) == ("La «piazza»; di sera", "Anna")


@pytest.mark.django_db(transaction=True)
def test_pages_lead_to_the_files_beside_them(archive):
    page = make_communique(picture=make_picture())
    make_attachment(page)

    files = archive()

    html = files[f"pagine/comunicati/{page.slug}/pagina.html"].decode()
    linked = re.findall(r'="\.\./\.\./\.\./([^"]+)"', html)
    assert len(linked) == 2
    assert all(unquote(unescape(name)) in files for name in linked)
    assert "../../../media/" in files[f"pagine/comunicati/{page.slug}/pagina.md"].decode()


@pytest.mark.django_db(transaction=True)
def test_drafts_and_what_was_withdrawn_leave_and_say_so(archive):
    for title, status in (("Una bozza", "draft"), ("Una ritirata", "withdrawn")):
        make_communique(title=title, status=status, publish_at=None)
    make_initiative(title="Un’iniziativa", status="draft", publish_at=None)

    files = archive()

    assert 'stato: "Bozza"' in files["pagine/comunicati/una-bozza/pagina.md"].decode()
    assert 'stato: "Ritirata"' in files["pagine/comunicati/una-ritirata/pagina.md"].decode()
    assert b"Un\xe2\x80\x99iniziativa" in files["pagine/iniziative/un-iniziativa/pagina.html"]


@pytest.mark.django_db(transaction=True)
def test_former_addresses_lead_to_those_of_today(archive):
    page = make_communique(title="Prima")
    page.note_coming_out()
    page.slug = "dopo"
    page.save()

    text = archive()["indirizzi.csv"].decode("utf-8-sig")

    assert "/novita/comunicati/prima/;/novita/comunicati/dopo/" in text
    assert "/novita/comunicati/dopo/;pagine/comunicati/dopo/" in text


@pytest.mark.django_db(transaction=True)
def test_what_was_redacted_is_nowhere(archive):
    page = make_communique([make_topic()], body=f"<p>{SECRET}</p>")
    page.record(None, "saved", f"Tolto {SECRET}")
    page.body = "<p>Una persona.</p>"
    page.save()
    page.record(None, "saved")
    name = make_attachment(page).file.name
    page.record(None, "saved")
    first = page.revisions.get(version=1)
    redact(page, [("version", str(first.pk)), ("comment", str(first.pk))], None, "Un dato personale")

    files = archive()

    assert default_storage.exists(name)
    assert [name for name, content in files.items() if SECRET.encode() in content] == []
    assert b"Un dato personale" in files["dati/publishing.redaction.json"]


@pytest.mark.django_db(transaction=True)
def test_two_exports_of_the_same_portal_are_the_same(archive):
    make_attachment(make_communique([make_topic()]))

    one, other = archive("uno.zip"), archive("altro.zip")

    assert [*one] == [*other]
    assert {name for name in one if one[name] != other[name]} <= {"LEGGIMI.md", "impronte.sha256"}
    digests = dict(line.split("  ")[::-1] for line in one.pop("impronte.sha256").decode().splitlines())
    assert digests == {name: hashlib.sha256(content).hexdigest() for name, content in one.items()}
    readme = one["LEGGIMI.md"].decode()
    assert all(model._meta.label_lower in readme for model in exported())
    assert all(reason in readme for reason in TABLES_LEFT_OUT.values())


@pytest.mark.django_db(transaction=True)
def test_archive_is_written_over_nothing_and_is_for_nobody_else(archive, tmp_path):
    archive()

    with pytest.raises(CommandError, match="c’è già"):
        archive()
    assert (tmp_path / "portale.zip").stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="Non è rimasto niente"):
        archive("manca/portale.zip")
