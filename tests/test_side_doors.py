"""No side door to a live page: nobody who may not approve changes a word that readers see, whatever they write."""

import lxml.html
import pytest
from django.contrib.admin import site
from django.urls import reverse

from areaomogenea.desk.read_only import ReadOnlyAdmin
from areaomogenea.identity.models import Identity

from .addresses import public_patterns
from .factories import (
    make_attachment,
    make_communique,
    make_deadline,
    make_initiative,
    make_municipality,
    make_picture,
    make_term,
    make_topic,
)
from .test_decisions import somebody

# Who may write is asked of permissions and states.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.slow]
