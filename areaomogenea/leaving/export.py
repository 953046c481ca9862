"""Everything in one archive of open forms, with its own README: how a body leaves, and owes nobody anything."""

import csv
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone

from areaomogenea.backups.archive import PARTIAL, PIECE, sync_folder
from areaomogenea.backups.rows import one_moment
from areaomogenea.distribution.licence import LICENCE
from areaomogenea.distribution.models import OldAddress
from areaomogenea.distribution.opendata.writers import guarded
from areaomogenea.identity.models import Identity
from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import FormerSlug as FormerMunicipality
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing import kinds
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.publishing.models import FormerAddress, Publication
from areaomogenea.publishing.revisions import VersionFile
from areaomogenea.topics.models import FormerSlug as FormerTopic
from areaomogenea.topics.models import Topic

from . import pages
from .tables import FIELDS_LEFT_OUT, TABLES_LEFT_OUT, exported, lines_of, schema_of

EPOCH = (1980, 1, 1, 0, 0, 0)  # the hour of each file within: two exports of the same portal are the same
MEDIA_HEAD = ["file", "che cosa", "testo", "autore o descrizione", "licenza", "byte", "sha256"]


class Archive:
    """A zip whose every file has its digest, in the order of writing."""

    def __init__(self, file: IO[bytes]):
        self.zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.digests: dict[str, str] = {}

    @contextmanager
    def writing(self, name: str) -> Iterator[Any]:
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        digest = hashlib.sha256()
        with self.zip.open(info, "w", force_zip64=True) as member:

            def write(piece: bytes) -> None:
                digest.update(piece)
                member.write(piece)

            yield write
        self.digests[name] = digest.hexdigest()

    def add(self, name: str, pieces: Iterable[str]) -> None:
        with self.writing(name) as write:
            for piece in pieces:
                write(piece.encode())

    def finish(self) -> None:
        self.add("impronte.sha256", [f"{digest}  {name}\n" for name, digest in self.digests.items()])


def export_all(path: Path) -> dict[str, int]:
    """Writes the archive, which has its name when it is whole; how many tables, rows, pages, files it holds."""
    partial = path.with_name(path.name + PARTIAL)
    try:
        with partial.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)  # drafts and people
            archive = Archive(file)
            with closing(archive.zip):
                with one_moment():
                    numbers = write_all(archive)
                archive.finish()
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return numbers


def write_all(archive: Archive) -> dict[str, int]:
    numbers = dict.fromkeys(["righe", "pagine", "file"], 0)
    tables = []
    for model in exported():
        label = model._meta.label_lower
        archive.add(f"schemi/{label}.schema.json", [json.dumps(schema_of(model), ensure_ascii=False, indent=1)])
        archive.add(f"dati/{label}.json", lines_of(model))
        rows = model._base_manager.count()
        numbers["righe"] += rows
        tables.append((label, model._meta.verbose_name_plural, rows))
    for source in (pages.publications(), pages.topics()):
        for folder, html, markdown in source:
            archive.add(f"{folder}pagina.html", [html])
            archive.add(f"{folder}pagina.md", [markdown])
            numbers["pagine"] += 1
    archive.add("indirizzi.csv", lines_of_csv([["indirizzo", "porta a"], *addresses()]))
    numbers["file"] = add_media(archive)
    archive.add("LEGGIMI.md", [readme(tables, numbers)])
    return numbers | {"tabelle": len(tables)}


def lines_of_csv(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    yield "\ufeff"  # by which spreadsheets know accents
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=";").writerow([guarded(str(cell)) for cell in row])
        yield line.getvalue()


def addresses() -> Iterator[tuple[str, str]]:
    """Where each page stood, and what each former address leads to."""
    for row in Publication.objects.only("kind", "slug").order_by("pk").iterator():
        yield row.get_absolute_url(), f"pagine/{row.kind}/{row.slug}/"
    for former in FormerAddress.objects.select_related("publication").order_by("pk").iterator():
        there = former.publication
        if kinds.get(former.kind):
            yield Publication(kind=former.kind, slug=former.slug).get_absolute_url(), there.get_absolute_url()
    for topic in Topic.objects.order_by("pk"):
        yield topic.get_absolute_url(), f"pagine/argomenti/{topic.slug}/"
    for one in FormerTopic.objects.select_related("topic").order_by("pk"):
        yield Topic(slug=one.slug).get_absolute_url(), one.topic.get_absolute_url()
    for other in FormerMunicipality.objects.select_related("municipality").order_by("pk"):
        yield Municipality(slug=other.slug).get_absolute_url(), other.municipality.get_absolute_url()
    yield from OldAddress.objects.order_by("path").values_list("path", "leads_to")


def media() -> Iterator[list[Any]]:
    """[stored name, what it is, its words, whose it is], each file once."""
    known = set()
    pictures = Picture.objects.order_by("pk").values_list("file", "alternative_text", "credit")
    documents = Attachment.objects.order_by("pk").values_list("file", "name", "description")
    versions = VersionFile.objects.order_by("pk").values_list("file", flat=True)
    for what, rows in (
        ("immagine", pictures.iterator()),
        ("allegato", documents.iterator()),
        ("allegato di una versione di prima", ((name, "", "") for name in versions.iterator())),
    ):
        for name, text, whose in rows:
            if name not in known:
                known.add(name)
                yield [name, what, text, whose]


def add_media(archive: Archive) -> int:
    """The files as they were brought, and their list; of one that is lacking the list says so."""
    lines = []
    for name, what, text, whose in media():
        size: str | int = "manca"
        digest = ""
        if default_storage.exists(name):
            size, digest = add_file(archive, name)
        lines.append([f"media/{name}", what, text, whose, LICENCE if what != "immagine" else "", size, digest])
    archive.add("media/elenco.csv", lines_of_csv([MEDIA_HEAD, *lines]))
    return len(lines)


def add_file(archive: Archive, name: str) -> tuple[int, str]:
    with default_storage.open(name) as source, archive.writing(f"media/{name}") as write:
        while piece := source.read(PIECE):
            write(piece)
        size = source.tell()
    return size, archive.digests[f"media/{name}"]


def readme(tables: list[tuple[str, Any, int]], numbers: dict[str, int]) -> str:
    fields = [(label, name, why) for label, left in FIELDS_LEFT_OUT.items() for name, why in left.items()]
    context = {"who": Identity.current(), "made_at": timezone.now(), "tables": tables, "licence": LICENCE}
    context |= {"left_out": sorted(TABLES_LEFT_OUT.items()), "left_fields": fields}
    context |= {"pages": numbers["pagine"], "files": numbers["file"]}
    return render_to_string("leaving/readme.md", context).lstrip()
