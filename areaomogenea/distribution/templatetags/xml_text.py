"""Texts in templates of XML, which cannot hold every letter."""

from django import template

from areaomogenea.prose.characters import unhidden

register = template.Library()
register.filter(unhidden)
