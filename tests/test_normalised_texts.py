"""The migration that makes of old texts what would be stored now, and lets searches find them."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Value

from areaomogenea.editorial.models import Publication
from areaomogenea.topics.models import Topic
from news.models import Communique

from .factories import make_communique, make_topic

MIGRATION = import_module("areaomogenea.migrations.0011_normalised_texts")


def as_it_was(model, pk, **texts):
    """Stores what no field would let through today."""
    columns = {name: Value(text) for name, text in texts.items()}
    model.objects.filter(pk=pk).update(**columns)


@pytest.mark.django_db
def test_what_was_stored_before_is_normalised_and_found():
    communique, other = make_communique(), make_communique(title="Altro")
    topic, same = make_topic(name="Energia"), make_topic(name="Energia pulita")
    as_it_was(Publication, communique.pk, title="La C.E.R. \u202edi Cre\u00adma", body="<p>\u0338 ener\u200bgia</p>")
    as_it_was(
        Communique,
        communique.pk,
        subtitle="perche\u0301",
        source_name="A",
        source_url="https://example.org/e\u0301\u200b",
    )
    as_it_was(Topic, same.pk, name="Ener\u200bgia")
    as_it_was(Topic, topic.pk, keywords="uno\r\ndue")

    MIGRATION.normalise(apps, schema_editor=SimpleNamespace(connection=connection))

    row = Communique.objects.get(pk=communique.pk)
    assert (row.title, row.body) == ("La C.E.R. di Crema", "<p>\u0338 energia</p>")
    assert (row.subtitle, row.source_url) == ("perché", "https://example.org/e\u0301")
    assert [found.pk for found in Publication.objects.search("CER energia crema")] == [communique.pk]
    assert [found.pk for found in Publication.objects.search("altro")] == [other.pk]
    assert Topic.objects.get(pk=same.pk).name == "Ener\u200bgia"  # the other has this name: people say which is which
    assert Topic.objects.get(pk=topic.pk).keywords == "uno\ndue"
