"""For whom somebody writes: all the Area, or the Comuni assigned to them; and how the desk says so."""

from typing import Any

from django.utils.text import get_text_list

from .models import Assignment, User

MOST_COUNTED = 1_000


def writes_for_area(user: User) -> bool:
    return user.has_perm("publishing.write_for_area")


def names_of_own(user: User) -> list[str]:
    """Of the Comuni that this person writes for."""
    own = Assignment.objects.filter(user=user).order_by("municipality__name")
    return [*own.values_list("municipality__name", flat=True)]


def the_only_one(user: User) -> int | None:
    """The key of the one Comune that this person writes for; None if they may choose."""
    if writes_for_area(user):
        return None
    own = [*Assignment.objects.filter(user=user).values_list("municipality", flat=True)[:2]]
    return own[0] if len(own) == 1 else None


def scope_in_words(user: User, publications: Any = None) -> str:
    """«Scrivi per Crema: vedi le pagine che nominano Crema, 8 su 31.»; "" for who writes for all the Area.

    Counted among `publications`, as far as they are few, are, beside what this person edits, those that readers see:
    no number tells of what others prepare.
    """
    if writes_for_area(user):
        return ""
    names = names_of_own(user)
    if not names:
        return "Non ti è ancora assegnato nessun Comune: chiedilo a chi amministra il portale."
    sentence = f"Scrivi per {get_text_list(names, 'e')}"
    if publications is None:
        return f"{sentence}."
    which = names[0] if len(names) == 1 else "almeno uno di questi Comuni"
    own, published = publications.kept().editable_by(user), publications.published()
    shown, known = (rows.order_by().values("pk")[: MOST_COUNTED + 1].count() for rows in (own, published))
    if max(shown, known) > MOST_COUNTED:
        return f"{sentence}: vedi le pagine che nominano {which}."
    return f"{sentence}: vedi le pagine che nominano {which}, {shown} su {known + shown - own.published().count()}."
