"""The lists and pickers of the desk: searched as readers search, narrowed in the words of the badges, in one order."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from areaomogenea.distribution.models import MissedAddress, OldAddress
from areaomogenea.publishing.models import Doubt, Publication

from .factories import (
    make_communique,
    make_editor,
    make_initiative,
    make_municipality,
    make_picture,
    make_term,
    make_topic,
    rome,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/news/communique/"
NOW = timezone.now()


@pytest.fixture
def administrator(client):
    user = make_editor(is_superuser=True)
    client.force_login(user)
    return client


def listed(client, query="", path=LIST):
    return [str(row) for row in client.get(f"{path}{query}").context["cl"].result_list]


@pytest.mark.parametrize(
    "query", ["mobilita", "mobilità", "MOBILITÀ", "mobilit", "mobil", "mobilità del", "la mobilità"]
)
@pytest.mark.parametrize("status", ["draft", "review", "approved"])
def test_list_is_searched_without_accents_and_by_stems(administrator, query, status):
    make_communique(title="La mobilità del Cremasco", status=status)
    make_communique(title="Un’altra cosa")

    assert listed(administrator, f"?q={query}") == ["La mobilità del Cremasco"]


def test_list_is_searched_in_texts_and_by_all_the_words(administrator):
    make_communique(title="Il bando", body="<p>Per le comunità energetiche.</p>")
    make_communique(title="Il ponte", body="<p>Per le comunità montane.</p>")

    assert listed(administrator, "?q=comunita+energetica") == ["Il bando"]
    assert listed(administrator, "?q=comunita") == ["Il ponte", "Il bando"]


def test_list_is_whole_while_nothing_is_asked(administrator):
    make_communique(title="Il bando")

    assert (
        listed(administrator, "?q=")
        == listed(administrator, "?q=il")
        == listed(administrator, "?q=%26")
        == ["Il bando"]
    )


@pytest.mark.parametrize(
    "query", ['"', "'", "a'b\"c", "AND", "bando OR ponte", "*", "%", "\\", "a:b", "(", "x" * 300, "NEAR(a b)"]
)
def test_list_is_searched_for_anything(administrator, query):
    make_communique(title="Il bando")

    assert administrator.get(LIST, {"q": query}).status_code == 200


def test_initiatives_are_searched_alike(administrator):
    make_initiative(title="Sportello per l’agilità")

    assert listed(administrator, "?q=agilita", "/admin/initiatives/initiative/") == ["Sportello per l’agilità"]


def picked(client, model, field, term):
    app, name = model.split(".")
    params = {"app_label": app, "model_name": name, "field_name": field, "term": term}
    return [row["text"] for row in client.get(reverse("admin:autocomplete"), params).json()["results"]]


def test_topics_and_comuni_are_picked_without_accents(administrator):
    make_topic(name="Comunità energetiche")
    make_municipality(name="Crespiatica")
    cantu = make_municipality(name="Cantù")
    cantu.aliases.create(text="Città di Cantù")

    assert picked(administrator, "news.communique", "topics", "comunita energetica") == ["Comunità energetiche"]
    assert picked(administrator, "news.communique", "municipalities", "cantu") == ["Cantù"]
    assert picked(administrator, "news.communique", "municipalities", "citta") == ["Cantù"]


def test_linked_pages_are_picked_by_stems_and_title_first(administrator):
    make_communique(title="Le comunità energetiche", status="draft", publish_at=None)
    make_communique(title="Altro", body="<p>Anche le comunità energetiche.</p>")

    assert picked(administrator, "news.communique", "linked", "comunita energ") == ["Le comunità energetiche", "Altro"]


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/admin/topics/topic/", "energetica", "Comunità energetiche"),
        ("/admin/topics/term/", "comunita rinnovabili", "CER"),
        ("/admin/municipalities/municipality/", "CITTA", "Cantù"),
        ("/admin/library/picture/", "citta", "La città vista dall’alto"),
        ("/admin/library/picture/", "dall'alto", "La città vista dall’alto"),
        ("/admin/accounts/user/", "nicolo", "Nicolò D’Adda"),
        ("/admin/accounts/user/", "d'adda", "Nicolò D’Adda"),
        ("/admin/distribution/oldaddress/", "MOBILITA", "/mobilità"),
        ("/admin/distribution/missedaddress/", "novita", "/novità"),
    ],
)
def test_small_lists_are_searched_without_accents(administrator, path, query, expected):
    make_topic(name="Comunità energetiche")
    make_term(acronym="CER", expansion="Comunità energetica rinnovabile")
    make_municipality(name="Cantù").aliases.create(text="Città di Cantù")
    make_picture(alternative_text="La città vista dall’alto")
    make_editor(first_name="Nicolò", last_name="D’Adda")
    OldAddress.objects.create(path="/mobilità", leads_to="/novita/")
    MissedAddress.objects.create(path="/novità")

    assert listed(administrator, f"?q={query}", path) == [expected]
    assert listed(administrator, "?q=niente", path) == []


def test_picture_is_found_in_the_dialog_without_accents(administrator):
    make_picture(alternative_text="La città vista dall’alto")

    pictures = administrator.get(reverse("admin:library_picture_library"), {"q": "citta"}).json()["pictures"]

    assert [picture["name"] for picture in pictures] == ["La città vista dall’alto"]


def test_list_is_narrowed_by_the_words_of_its_badges(administrator):
    for status in ("draft", "review", "withdrawn"):
        make_communique(title=status, status=status)
    make_communique(title="published")
    make_communique(title="scheduled", publish_at=NOW + timedelta(days=2))

    page = administrator.get(LIST)
    words = {code: Publication(status=code).standing[1] for code in ("draft", "review", "withdrawn")}
    words |= {"published": "Pubblicata", "scheduled": "Programmata"}

    for code, word in words.items():
        assert listed(administrator, f"?stato={code}") == [code]
        assert f">{word}</span>" in page.text
        assert f'">{word}</a>' in " ".join(page.text.split())
    assert "Approvata" not in page.text


def test_communiques_are_narrowed_by_their_kinds_alone(administrator):
    make_communique(title="Avviso", kind="avvisi")
    make_communique(title="Notizia", kind="notizie")

    assert listed(administrator, "?tipo=avvisi") == ["Avviso"]
    assert "tipo=iniziative" not in administrator.get(LIST).text


def test_list_is_narrowed_by_doubts(administrator):
    sure, unsure = make_communique(title="Sicura"), make_communique(title="Dubbia")
    Doubt.objects.create(publication=unsure, code="x", message="?")

    assert listed(administrator, "?dubbi=con") == ["Dubbia"]
    assert listed(administrator, "?dubbi=senza") == [str(sure)]


def test_list_tells_author_and_comuni_and_is_narrowed_by_them(administrator):
    author, crema = make_editor("Redattore", first_name="Ada", last_name="Negri"), make_municipality(name="Crema")
    make_communique(title="Di Ada", places=[crema], author=author)
    make_communique(title="Di tutti")
    make_municipality()

    page = administrator.get(LIST).text

    assert '<td class="field-place_names">Crema</td>' in page
    assert '<td class="field-place_names">Tutta l’Area</td>' in page
    assert "Ada Negri</td>" in page
    assert listed(administrator, f"?autore={author.pk}") == ["Di Ada"]
    assert listed(administrator, f"?comune={crema.slug}") == ["Di Ada"]


def test_list_is_narrowed_by_year(administrator):
    for year in (2022, 2024):
        make_communique(title=f"Del {year}", publish_at=rome(year, 1, 1))
    make_communique(title="Senza ora", status="draft", publish_at=None)

    page = administrator.get(LIST).text

    offered = [f'href="?anno={year}"' in page for year in (2021, 2022, 2023, 2024, 2025)]
    assert offered == [False, True, True, True, False]
    assert listed(administrator, "?anno=2022") == ["Del 2022"]


@pytest.mark.parametrize(
    "query",
    [
        "?anno=x",
        "?anno=99999",
        "?autore=x",
        "?autore=999999999999999999999",
        "?comune=atlantide",
        "?stato=x",
        "?dubbi=x",
        "?tipo=x",
    ],
)
def test_made_up_filter_is_no_fault(administrator, query):
    assert administrator.get(f"{LIST}{query}", follow=True).status_code == 200


def test_list_begins_with_what_has_no_hour(administrator):
    make_communique(title="Uscito")
    make_communique(title="Bozza con ora", status="draft", publish_at=NOW - timedelta(days=3))
    make_communique(title="Bozza", status="draft", publish_at=None)
    make_communique(title="Programmato", publish_at=NOW + timedelta(days=2))
    make_communique(title="Bozza più nuova", status="draft", publish_at=None)

    assert listed(administrator) == ["Bozza più nuova", "Bozza", "Programmato", "Uscito", "Bozza con ora"]


def test_filters_of_a_local_editor_name_nothing_of_others(client):
    crema, local = make_municipality(name="Crema", slug="crema"), make_editor("Redattore comunale")
    local.assignments.create(municipality=crema)
    other = make_editor("Redattore", first_name="Altra", last_name="Persona")
    make_communique(places=[make_municipality(name="Offanengo", slug="offanengo")], author=other)
    make_communique(places=[crema], author=local)
    client.force_login(local)

    page = client.get(LIST).text

    assert "Altra Persona" not in page
    assert "comune=offanengo" not in page
    assert "comune=crema" not in page  # the only one is no choice
    local.assignments.create(municipality=make_municipality(slug="dovera"))
    page = client.get(LIST).text
    assert [f"comune={slug}" in page for slug in ("crema", "dovera", "offanengo")] == [True, True, False]


def test_page_is_offered_on_the_site_once_readers_find_it(administrator):
    live, draft = make_communique(), make_communique(status="draft")
    coming = make_communique(publish_at=NOW + timedelta(days=1))

    pages = [administrator.get(f"{LIST}{row.pk}/change/").text for row in (live, draft, coming)]

    assert ["Vedi sul sito" in page for page in pages] == [True, False, False]
    assert f'href="{live.get_absolute_url()}"' in pages[0]
    assert all("Anteprima</button>" in page for page in pages)


def test_list_shows_the_drafts_that_one_document_made(administrator):
    one, other, _ = (make_communique(title=f"Bozza {n}", status="draft", publish_at=None) for n in range(3))

    assert listed(administrator, f"?id__in={one.pk},{other.pk}") == ["Bozza 1", "Bozza 0"]
