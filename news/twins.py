"""The same document brought twice: known again by its file, by its words, or by a page that says the same."""

from collections.abc import Collection
from hashlib import sha256

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q

from areaomogenea.prose.html import plain
from areaomogenea.prose.typography import words
from areaomogenea.publishing.models import PublicationQuerySet

from .models import Communique, Intake

MOST_TWINS = 10  # pages
MOST_OF_A_TITLE = 50  # that are compared by their text


def digest_of_file(file: UploadedFile) -> str:
    digest = sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def digest_of_words(title: str, text: str) -> str:
    """The same for texts that differ in spaces, signs and capitals alone."""
    return sha256(f"{' '.join(words(title))}\n{' '.join(words(text))}".encode()).hexdigest()


def draft_digest(communique: Communique) -> str:
    return digest_of_words(communique.title, plain(communique.body))


def twins_of(communiques: Collection[Communique], file_digest: str) -> PublicationQuerySet:
    """Pages, the latest first, made of this file, of the words of these drafts, or saying them now.

    What lies in the bin is none: who threw it away may begin again.
    """
    digests = {draft_digest(communique) for communique in communiques}
    brought = Q(words_digest__in=digests) | (Q(file_digest=file_digest) if file_digest else Q())
    titles = {communique.title for communique in communiques}
    alike = Communique.objects.kept().filter(title__in=titles).latest_first()[:MOST_OF_A_TITLE]
    saying = [row.pk for row in alike if draft_digest(row) in digests]
    known = Q(pk__in=Intake.objects.filter(brought).values("communique")) | Q(pk__in=saying)
    return Communique.objects.kept().filter(known).order_by("-pk")[:MOST_TWINS]
