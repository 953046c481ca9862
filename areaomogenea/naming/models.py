"""Things that have a name in an address, and keep every one that they had."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value

from .slugs import first_free, slug_of

Row = TypeVar("Row", bound="Named")
Names = models.QuerySet[Any, tuple[int, int, str]]  # (key, how, name)
LONGEST_NAME = 200  # letters: who asks by more of them asks for nothing of ours
FORMER_AS_IT_WAS, PRESENT, FORMER, SHORT = range(4)  # how a row is known by another name than its own, the surest first


def is_name(text: str | None) -> bool:
    """Whether anything can be called so, and a database be asked for it."""
    return text is not None and len(text) <= LONGEST_NAME and "\0" not in text and bool(slug_of(text))


class NamedQuerySet(models.QuerySet[Row]):
    """Of a table that stays small: who asks by any name but the present one has all of them read."""

    own_names: tuple[str, ...] = ("slug",)  # unique fields, of which each is enough
    short_names: tuple[str, ...] = ()  # fields by which people call a row too

    def named(self, text: str | None) -> Row | None:
        """The row that goes by this name; None where none does, or more than one.

        Its present name first, then one that it had, then either in other letters (capitals, accents, spaces), then
        what people call it for short.
        """
        if not is_name(text):
            return None
        exact = reduce(or_, (models.Q(**{field: text}) for field in self.own_names))
        return self.filter(exact).first() or self._otherwise_named(text)

    def _otherwise_named(self, text):
        slug = slug_of(text, LONGEST_NAME)
        matches: dict[int, set[int]] = {}
        for pk, sense, name in self.names():
            if sense == FORMER and name == text:
                matches.setdefault(FORMER_AS_IT_WAS, set()).add(pk)
            elif slug_of(name, LONGEST_NAME) == slug:
                matches.setdefault(sense, set()).add(pk)
        rows = matches[min(matches)] if matches else ()
        return self.filter(pk__in=rows).first() if len(rows) == 1 else None

    def names(self) -> Names:
        """(key, how, name) of every name of every row, in one question."""
        return union_of(self.sources_of_names())

    def sources_of_names(self) -> Iterator[Names]:
        yield names_in(self.model._base_manager, "pk", PRESENT, "slug")
        former: Any = self.model._meta.get_field("former_slugs")
        yield names_in(former.related_model.objects, former.field.attname, FORMER, "slug")
        for field in self.short_names:
            yield names_in(self.model._base_manager, "pk", SHORT, field)

    def leading_to(self, slugs: Collection[str]) -> set[str]:
        """Those of these names that some row goes by."""
        known = {slug_of(name, LONGEST_NAME) for _, _, name in self.names()} if slugs else set()
        return {slug for slug in slugs if slug_of(slug, LONGEST_NAME) in known}


def names_in(rows: models.Manager | models.QuerySet, key: str, how: int, field: str) -> Names:
    return rows.order_by().values_list(key, Value(how, models.IntegerField()), field)


def union_of(sources: Iterable[Names]) -> Names:
    first, *others = sources
    return first.union(*others, all=True)


class Named(models.Model):
    """A row with a `slug`; it is made of `name_source` unless somebody writes one, and moves only if somebody does."""

    name_source = "name"
    slug: models.SlugField
    former_slugs: Any  # the rows of a table of its own room

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        before = self._stored_slug()
        if self.slug != before:
            self.slug = slug_of(self.slug) or before or self._free_slug()
        holder = self._formers().filter(slug=self.slug).exclude(**{self._former.name: self.pk}).first()
        if holder:
            owner = getattr(holder, self._former.name)
            raise ValidationError({"slug": f"Questo indirizzo porta già a «{owner}», che l’aveva prima."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        before = self._stored_slug()
        self.slug = self.slug or before or self._free_slug()
        super().save(*args, **kwargs)
        if before and before != self.slug:
            self.former_slugs.filter(slug=self.slug).delete()  # it is the present one again
            self._formers().get_or_create(slug=before, defaults={self._former.attname: self.pk})

    @property
    def _former(self):
        relation: Any = self._meta.get_field("former_slugs")
        return relation.field

    @property
    def _table(self) -> models.QuerySet[Any]:
        return type(self)._base_manager.all()

    def _formers(self):
        return self._former.model.objects

    def _stored_slug(self):
        return self._table.filter(pk=self.pk).values_list("slug", flat=True).first() or "" if self.pk else ""

    def _free_slug(self):
        slug: Any = self._meta.get_field("slug")
        stem = slug_of(getattr(self, self.name_source), slug.max_length - 4) or "senza-nome"
        others = self._table.filter(slug__startswith=stem).exclude(pk=self.pk)
        formerly = self._formers().filter(slug__startswith=stem).exclude(**{self._former.name: self.pk})
        return first_free(stem, {*others.values_list("slug", flat=True), *formerly.values_list("slug", flat=True)})


class FormerName(models.Model):
    """A name that a row had, and that leads to it for ever; the one relation of its class says to which."""

    slug = models.SlugField("indirizzo di prima", max_length=60, unique=True)

    class Meta:
        abstract = True
        verbose_name = "indirizzo di prima"
        verbose_name_plural = "indirizzi di prima"

    def __str__(self):
        return self.slug

    def clean(self) -> None:
        owners: Any = next(field.related_model for field in self._meta.fields if field.is_relation)
        holder = owners._base_manager.filter(slug=self.slug).first()
        if holder:
            raise ValidationError({"slug": f"Questo è l’indirizzo di «{holder}» adesso."})
