"""The communiqué that tells a participation: by the address or the title that somebody pastes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q

from areaomogenea.accounts.models import User
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication, PublicationQuerySet
from areaomogenea.quality.internal_links import inner_path, match_of

if TYPE_CHECKING:
    from initiatives.models import Initiative

MOST_OFFERED = 40


def sources_for(user: User) -> PublicationQuerySet:
    """News that readers see anyway, and what this person may edit."""
    return Publication.objects.news().seen_by(user).defer("body")


def offered_titles(initiative: Initiative, user: User) -> list[str]:
    """Those that are linked with the initiative, then the latest."""
    linked = sources_for(user).linked_to(initiative).latest_first().values_list("title", flat=True)
    latest = sources_for(user).latest_first().values_list("title", flat=True)
    return list(dict.fromkeys([*linked[:MOST_OFFERED], *latest[:MOST_OFFERED]]))


def source_called(text: str, user: User) -> Publication | None:
    """Raises ValidationError, in words for who typed it."""
    sources = sources_for(user)
    path, _ = inner_path(text) if "/" in text and " " not in text else ("", "")
    match = path and match_of(path)
    if match and match.namespace in kinds.codes(kinds.Group.NEWS) and "slug" in match.kwargs:
        communiques = [row for row in [sources.named(match.kwargs["slug"], match.namespace)] if row]
    else:
        variants = {text, text.replace("'", "’"), text.replace("’", "'")}
        communiques = list(sources.filter(any_lookup(variants, "title__iexact"))[:2])
    if not communiques:
        similar = sources.filter(any_lookup({text}, "title__icontains")).values_list("title", flat=True)[:3]
        titles = " o ".join(f"«{title}»" for title in similar)
        advice = f"Forse {titles}." if titles else "Copia il suo titolo o il suo indirizzo."
        raise ValidationError(f"Nessun comunicato si chiama così. {advice}")
    if len(communiques) > 1:
        raise ValidationError("Più comunicati hanno questo titolo: copia l’indirizzo di quello giusto.")
    return communiques[0]


def any_lookup(texts: Iterable[str], lookup: str) -> Q:
    condition = Q()
    for text in texts:
        condition |= Q(**{lookup: text})
    return condition
