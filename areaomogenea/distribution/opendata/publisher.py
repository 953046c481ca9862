"""Whoever publishes the data, as files and catalogue name them."""

import hashlib
import json
from email.utils import parseaddr

from django.conf import settings
from django.utils.text import slugify

from areaomogenea.identity.models import Identity

from .datasets import DATASETS


def code_of(who: Identity) -> str:
    """The code by which the national index of public bodies knows it, or else what tells it from all others."""
    return settings.IPA_CODE or who.vat_number.replace(" ", "") or slugify(who.owner)


def address_of(who: Identity) -> str:
    """Where to write about the data; at the very least to whoever signs the portal's letters."""
    return who.email or who.pec or who.report_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def shape(who: Identity) -> str:
    """A digest of what files and catalogue say besides their rows: another when code or owner say otherwise."""
    described = [
        (dataset.title, dataset.description, [column.name for column in dataset.columns])
        for dataset in DATASETS.values()
    ]
    owner = [who.name, who.owner, who.owner_website, code_of(who), address_of(who), who.phone]
    return hashlib.sha256(json.dumps([described, owner]).encode()).hexdigest()
