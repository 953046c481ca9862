"""One word finds a thing by any name that it has or had; every door asks by it, and none by a column."""

import ast
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.quality.internal_links import dead_links, present_address
from areaomogenea.topics.models import Term, Topic
from news.kinds import NOTICE

from .factories import make_communique, make_initiative, make_municipality, make_term, make_topic
from .house import PACKAGES

ROOT = Path(__file__).parent.parent
# What keeps names, and what makes rows by the names of a file of ours.
KEEPERS = {"areaomogenea/naming/models.py", "areaomogenea/publishing/models.py"}


def sources():
    for room in PACKAGES:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name and name not in KEEPERS:
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def asked_by(call):
    """The columns by which a call asks for rows, as far as they are names in an address."""
    asking = ("filter", "exclude", "get", "get_or_create", "update_or_create", "get_object_or_404", "Q")
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    words = [word.arg.split("__") for word in call.keywords if word.arg] if name in asking else []
    return ["__".join(word) for word in words if "slug" in word]


def test_no_door_asks_for_a_row_by_its_slug_alone():
    faults = [
        f"{name}:{node.lineno}"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and asked_by(node)
    ]

    assert faults == []


@pytest.mark.parametrize(
    "name",
    ["cer", "energia", "CER", "Energia", " cer ", "cer)", "comunità-energetiche", "Comunità  energetiche", "C.E.R."],
)
@pytest.mark.django_db
def test_topic_is_found_by_every_name(name):
    topic = make_topic(slug="energia", acronym="CER", name="Comunità energetiche")
    topic.slug = "cer"
    topic.save()

    assert Topic.objects.named(name) == topic


@pytest.mark.parametrize("name", ["", None, "altro", "x" * 201, "cer\0", "🎉", "--"])
@pytest.mark.django_db
def test_what_nobody_is_called_finds_nobody(name):
    make_topic(slug="cer")
    make_communique(slug="cer")

    assert Topic.objects.named(name) is None
    assert Publication.objects.named(name) is None


@pytest.mark.parametrize(
    "name", ["spino-d-adda", "spino", "Spino d’Adda", "SPINO_D'ADDA", "019102", "spino-dadda", "Spino sull’Adda"]
)
@pytest.mark.django_db
def test_comune_is_found_by_every_name(name):
    spino = make_municipality(name="Spino d'Adda", slug="spino-dadda", istat_code="019102")
    spino.aliases.create(text="Spino sull'Adda")
    spino.aliases.create(text="Spino")
    spino.slug = "spino-d-adda"
    spino.save()

    assert Municipality.objects.named(name) == spino


@pytest.mark.django_db
def test_spelling_that_may_mean_another_is_no_name():
    for name in ("Monte Cremasco", "Palazzo Pignano"):
        place = make_municipality(name=name)
        place.aliases.create(text=name.split()[0], safe_alone=False)
        place.aliases.create(text="Pieve")

    assert [Municipality.objects.named(name) for name in ("monte", "pieve")] == [None, None]


@pytest.mark.django_db
def test_surest_name_comes_first():
    acronym, former, present = make_topic(acronym="RTD"), make_topic(slug="rtd"), make_topic(slug="altro")
    former.slug = "digitale"
    former.save()

    before = Topic.objects.named("rtd"), Topic.objects.named("RTD")
    Topic.objects.filter(pk=present.pk).update(slug="rtd")

    assert before == (former, former)
    assert Topic.objects.named("rtd") == present
    assert acronym.acronym == "RTD"


@pytest.mark.parametrize("name", ["riapre-il-ponte", "Riapre_il_Ponte", "riàpre il ponte", "ponte", "PONTE"])
@pytest.mark.django_db
def test_page_is_found_by_every_address(name):
    communique = make_communique(slug="ponte", kind="avvisi")
    communique.slug, communique.kind = "riapre-il-ponte", "comunicati"
    communique.save()

    assert Publication.objects.named(name) == communique.publication_ptr
    assert Publication.objects.named("ponte", "avvisi") == communique.publication_ptr
    assert Publication.objects.named("ponte", "comunicati") is None


@pytest.mark.django_db
def test_address_in_the_letters_of_another_is_not_to_be_had():
    make_communique(slug="il-ponte", kind="avvisi")
    other = make_communique(kind="avvisi")
    other.slug = "Il_Ponte"

    with pytest.raises(ValidationError, match="Questo indirizzo è già di"):
        other.full_clean()


@pytest.mark.parametrize("word", ["avvisi", "avviso", "Avvisi", "AVVISO"])
def test_kind_is_found_by_its_words(word):
    assert kinds.named(word) is NOTICE
    assert kinds.named(f"{word}-altri") is None


@pytest.mark.django_db
def test_comune_keeps_the_addresses_that_it_had(client):
    crema = make_municipality(name="Crema", slug="crema-cr")
    for slug in ("citta-di-crema", "crema"):
        crema.slug = slug
        crema.save()
    thief = make_municipality(name="Offanengo")
    thief.slug = "crema-cr"

    with pytest.raises(ValidationError, match="porta già a «Crema»"):
        thief.full_clean()

    for old in ("crema-cr", "citta-di-crema", "Crema"):
        assert client.get(f"/comuni/{old}/?x=1").url == "/comuni/crema/?x=1"


@pytest.mark.parametrize("make", [make_topic, make_municipality, make_term])
@pytest.mark.django_db
def test_cleared_name_is_the_one_of_before(make):
    row = make(slug="uno")

    row.slug = ""
    row.full_clean()
    row.save()

    assert row.slug == "uno"
    assert not row.former_slugs.exists()


@pytest.mark.django_db
def test_new_row_takes_its_name_from_its_words():
    first, second = make_topic(name="L’acqua & l’aria", slug=""), make_topic(name="L'acqua e l'aria", slug="")

    assert (first.slug, second.slug) == ("l-acqua-e-l-aria", "l-acqua-e-l-aria-2")


@pytest.mark.django_db
def test_anchor_of_the_glossary_stays(client):
    term = make_term(acronym="CER", slug="cer")
    term.slug = "comunita"
    term.save()

    assert 'id="cer"' in client.get("/glossario/").text
    assert Term.objects.named("CER") == term


@pytest.mark.django_db
def test_comune_that_was_given_another_address_keeps_it_when_the_data_are_loaded_again():
    call_command("load_municipalities", verbosity=0)
    crema = Municipality.objects.named("crema")
    crema.slug = "citta-di-crema"
    crema.save()

    call_command("load_municipalities", verbosity=0)

    assert Municipality.objects.get(pk=crema.pk).slug == "citta-di-crema"


@pytest.mark.django_db
def test_link_to_a_former_name_is_not_dead():
    topic, place, page = make_topic(slug="uno"), make_municipality(slug="due"), make_communique(slug="tre")
    for row in (topic, place, page):
        row.slug = f"{row.slug}-nuovo"
        row.save()
    old = ["/argomenti/uno/", "/argomenti/UNO/", "/comuni/due/", "/novita/comunicati/tre/", "/novita/comunicati/Tre"]

    assert dead_links([*old, "/argomenti/mai/"], timezone.now()) == {
        "/argomenti/mai/": "porta a una pagina che i lettori non trovano"
    }
    assert [present_address(path) for path in old] == [
        *["/argomenti/uno-nuovo/"] * 2,
        "/comuni/due-nuovo/",
        *["/novita/comunicati/tre-nuovo/"] * 2,
    ]


@pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
@pytest.mark.django_db
def test_former_address_of_what_is_hidden_leads_nowhere(status):
    initiative = make_initiative(slug="uno", status=status)
    initiative.slug = "due"
    initiative.save()

    assert [present_address(f"/iniziative/{slug}/") for slug in ("uno", "due")] == ["", ""]
