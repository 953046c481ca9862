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
NEVER = "Mai approvato"
WRITTEN = [model for model, desk in site._registry.items() if not isinstance(desk, ReadOnlyAdmin)]
WORDS = ("text", "email", "url")


@pytest.fixture
def crema():
    return make_municipality(name="Crema", slug="crema")


@pytest.fixture
def live(crema):
    """One page of each sort that readers see, with all that a page may show; by the model that writes it."""
    topic, picture = make_topic(acronym="CER"), make_picture()
    make_term(acronym="CER", slug="cer")
    communique = make_communique([topic], [crema], picture=picture)
    initiative = make_initiative([topic], [crema])
    initiative.milestones.create(title="Nasce", precision="day")
    make_attachment(communique)
    make_deadline(communique)
    communique.linked.add(initiative)
    Identity.objects.create(pk=1)
    return communique, initiative, topic


def what_readers_see(client, live):
    rows = [*live, *live[0].municipalities.all()]
    own = [row.get_absolute_url() for row in rows if hasattr(row, "get_absolute_url")]
    plain = [
        reverse(pattern.name)
        for pattern in public_patterns()
        if "<" not in pattern.route and "admin" not in pattern.route
    ]
    return "".join(getattr(client.get(address), "text", "") for address in [*own, *plain] if "." not in address)


def as_shown(page):
    """What the form of a page would send, and the names of the fields of words in it; None where nothing is saved."""
    forms = lxml.html.fromstring(page.text).forms
    form = next((form for form in forms if form.get("id", "").endswith("_form")), None)
    if form is None or not {"_save", "_verb_propose"} & {field.get("name") for field in form.iter("input")}:
        return None
    data = {}
    for name, value in form.form_values():
        if "__prefix__" not in name:
            data.setdefault(name, []).append(value)
    words = [field.name for field in form.inputs if field.name in data and is_words(field)]
    return data, [name for name in words if not name.endswith("_FORMS")]


def is_words(field):
    return field.tag == "textarea" or (field.tag == "input" and field.get("type", "text") in WORDS)


def type_everywhere(client, row):
    """Types over each word of the form of a row, one after the other, and saves; how many times."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    page = client.get(address)
    shown = as_shown(page) if page.status_code == 200 else None
    for number, name in enumerate(shown[1] if shown else ()):
        data, _ = as_shown(client.get(address))
        client.post(address, data | {name: f"{NEVER} {number}", "comment": NEVER, "_save": "1"})
    return len(shown[1]) if shown else 0


@pytest.mark.parametrize("role", ["Redattore comunale", "Redattore"])
@pytest.mark.parametrize("model", WRITTEN, ids=lambda model: model.__name__)
def test_nothing_that_a_writer_types_is_read_before_it_is_approved(client, crema, live, role, model):
    writer = somebody(role)
    writer.user.assignments.create(municipality=crema)

    for row in model._default_manager.all()[:1]:
        type_everywhere(writer, row)

    assert NEVER not in what_readers_see(client, live)


@pytest.mark.parametrize("number", [0, 1, 2], ids=["communiqué", "initiative", "topic"])
def test_the_walk_would_find_a_side_door(client, live, number):
    """What an approver types by the same steps is read at once; and a writer has as many fields to type in."""
    row, writer = live[number], somebody("Redattore")

    typed = type_everywhere(writer, row)
    seen = what_readers_see(client, live)
    type_everywhere(somebody(), row)

    assert (typed > 5, NEVER in seen, NEVER in what_readers_see(client, live)) == (True, False, True)
