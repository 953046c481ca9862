"""Inputs of the checks, filled from what is kept or from what a form holds."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from areaomogenea.identity.years import FIRST_YEAR
from areaomogenea.prose.html import clean_with_pictures
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.publishing.coverage import coverage_of
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Term

from .content_checks import DAYS_OF_A_TITLE, CheckedDocument, CheckInput, title_key
from .internal_links import dead_links

MOST_NAMESAKES = 2_000
COUNTERS, ADVISERS, READERS = [], [], []


def register_counts(counter: Callable[..., Any]) -> None:
    """Registers a function of a publication that tells the Counts of what it is about."""
    COUNTERS.append(counter)


def register_advice(adviser: Callable[..., Any]) -> None:
    """Registers a function of a publication that yields Findings which only its kind knows of."""
    ADVISERS.append(adviser)


def register_advice_on_text(reader: Callable[..., Any]) -> None:
    """Registers a function of a CheckInput, of a publication (None: not saved yet) and of its rows as they stand in a
    form, by table (None: as they are stored), that yields Findings about what the text says and the rows do not.
    """
    READERS.append(reader)


def check_input_of(publication: Publication) -> CheckInput:
    values = {name: getattr(publication, name, "") for name in ("title", "subtitle", "summary", "body")}
    values |= {name: getattr(publication, name) for name in ("publish_at", "picture", "coverage", "expires_at")}
    values |= {name: getattr(publication, name).all() for name in ("topics", "municipalities")}
    values["dated"] = getattr(publication, "dated", None)
    return check_input_from(values, documents_of(publication), publication)


def check_input_from(
    values: Mapping[str, Any], documents: Iterable[CheckedDocument] = (), own: Publication | None = None
) -> CheckInput:
    """From the values of fields by name, whatever is missing; `own` is the publication they are of, once it is saved.

    What only advice needs is left to `with_advice`.
    """
    picture, places = values.get("picture"), bool(values.get("municipalities"))
    check_input = CheckInput(
        title=values.get("title") or "",
        subtitle=values.get("subtitle") or "",
        summary=values.get("summary") or "",
        body=clean_with_pictures(values.get("body") or ""),
        publish_at=values.get("publish_at"),
        dated=values.get("dated"),
        has_topics=bool(values.get("topics")),
        coverage=coverage_of(values.get("coverage"), places),
        has_places=places,
        expires_at=values.get("expires_at"),
        picture=picture.alternative_text if picture else None,
        documents=tuple(documents),
    )
    at = max(check_input.now, check_input.publish_at or check_input.now)
    check_input.dead_links = dead_links((link.href for link in check_input.outline.links), at, own)
    return check_input


def documents_of(publication: Publication) -> list[CheckedDocument]:
    return [checked_document(attachment) for attachment in publication.attachments.all()]


def checked_document(attachment: Attachment) -> CheckedDocument:
    return CheckedDocument(attachment.name, attachment.description, getattr(attachment, "has_text", None))


def with_advice(
    check_input: CheckInput, own: Publication | None = None, rows: Mapping[str, list[dict[str, Any]]] | None = None
) -> CheckInput:
    """The same input, with the glossary, the titles of late, the counts and what its kind knows beside it.

    `rows`: of its tables, by name, each a dict of what a form shows; None if they are as they are stored.
    """
    check_input.expansions = dict(Term.objects.values_list("acronym", "expansion"))
    check_input.namesakes = titles_of_late(check_input.publish_at or check_input.now, own)
    check_input.counts = tuple(count for counter in COUNTERS for count in counter(own)) if own else ()
    check_input.of_its_kind = tuple(finding for adviser in ADVISERS for finding in adviser(own)) if own else ()
    findings = [finding for reader in READERS for finding in reader(check_input, own, rows)]
    keys = settled_keys(own) if own and any(finding.key for finding in findings) else set()
    check_input.of_its_text = tuple(finding for finding in findings if finding.key not in keys)
    check_input.settled = tuple(finding for finding in findings if finding.key in keys)
    return check_input


def settled_keys(publication: Publication) -> set[str]:
    return set(publication.settled.values_list("key", flat=True))


def titles_of_late(before: datetime, own: Publication | None = None) -> dict[str, date]:
    """The day each title came out last."""
    if before.year < FIRST_YEAR:  # absurd, and told so: nothing came out before it
        return {}
    published = Publication.objects.published(before).filter(publish_at__gt=before - timedelta(days=DAYS_OF_A_TITLE))
    others = published.exclude(pk=own.pk) if own else published
    latest = others.latest_first().values_list("title", "publish_at")[:MOST_NAMESAKES]
    return {title_key(title): timezone.localdate(hour) for title, hour in reversed(latest)}
