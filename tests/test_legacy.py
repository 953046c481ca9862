"""Addresses of the old site: they lead on for ever, and what leads nowhere is told to the editors."""

import pytest

from areaomogenea.distribution.models import MissedAddress, OldAddress

from .factories import make_communique, make_editor, make_initiative, make_topic

pytestmark = pytest.mark.django_db
ADD, PASTE = "/admin/distribution/oldaddress/add/", "/admin/distribution/oldaddress/elenco/"


@pytest.fixture
def moving_clock(monkeypatch):
    """The clock by which addresses are sampled, which stands still until it is told to go on."""

    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

        def go(self, seconds):
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr("areaomogenea.distribution.models.time", clock)
    return clock


@pytest.fixture(autouse=True)
def _nobody_has_missed():
    MissedAddress.objects.sampler.moments.clear()


@pytest.fixture
def keeper(client):
    client.force_login(make_editor(role="Responsabile"))
    return client


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/articoli_nostri", "/novita/"),
        ("/articoli_nostri/", "/novita/"),
        ("/articoli_nostri?page=3", "/novita/"),
        ("/tipo-articolo/comunicato-stampa", "/novita/comunicati/"),
        ("/tipo-articolo/avviso/?page=1", "/novita/avvisi/"),
        ("/area-tematica/cer", "/argomenti/cer/"),
        ("/area-tematica/cer/", "/argomenti/cer/"),
        ("/articolointerno/il-ponte", "/novita/comunicati/il-ponte/"),
        ("/articolointerno/il-ponte/", "/novita/comunicati/il-ponte/"),
    ],
)
def test_address_leads_to_what_took_its_place(client, old, new):
    make_topic(slug="cer")
    make_communique(slug="il-ponte")

    response = client.get(old)

    assert (response.status_code, response.headers["Location"]) == (301, new)


def test_former_addresses_count_too(client):
    topic, communique = make_topic(slug="energia"), make_communique(slug="il-ponte")
    topic.slug, communique.slug = "cer", "il-ponte-di-spino"
    topic.save()
    communique.save()

    assert client.get("/area-tematica/energia").headers["Location"] == "/argomenti/cer/"
    assert client.get("/articolointerno/il-ponte").headers["Location"] == "/novita/comunicati/il-ponte-di-spino/"


def test_table_of_editors_comes_first(client):
    make_communique(slug="il-ponte")
    OldAddress.objects.create(path="/articolointerno/il-ponte", leads_to="/argomenti/")
    OldAddress.objects.create(path="/taxonomy/term/12", leads_to="/argomenti/")

    assert client.get("/articolointerno/il-ponte").headers["Location"] == "/argomenti/"
    assert client.get("/taxonomy/term/12").headers["Location"] == "/argomenti/"


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_what_is_hidden_is_not_betrayed(client, state):
    make_communique(slug="il-ponte", status=state)

    assert client.get("/articolointerno/il-ponte").status_code == 404


def test_what_leads_nowhere_is_counted(client):
    for _ in range(3):
        client.get("/articolointerno/mai-esistito?page=2")
    client.get("/taxonomy/term/99/")

    assert list(MissedAddress.objects.values_list("path", "times")) == [
        ("/articolointerno/mai-esistito", 3),
        ("/taxonomy/term/99", 1),
    ]


def test_endless_inventions_do_not_fill_the_table(client, monkeypatch):
    monkeypatch.setattr("areaomogenea.distribution.models.MOST_MISSED", 3)
    for path in ["cercato", "cercato", *map(str, range(6))]:
        client.get(f"/articolointerno/{path}")

    assert list(MissedAddress.objects.values_list("path", flat=True)) == [
        "/articolointerno/cercato",
        "/articolointerno/4",
        "/articolointerno/5",
    ]


def test_flood_of_inventions_makes_us_write_a_few_times_a_minute(client, django_assert_max_num_queries, moving_clock):
    for number in range(100):
        client.get(f"/articolointerno/{number}")
    with django_assert_max_num_queries(12):  # what each page of an address that is not there asks, and no more
        client.get("/articolointerno/altro")
    noted = MissedAddress.objects.count()
    moving_clock.go(61)
    client.get("/articolointerno/dopo-un-minuto")

    assert (noted, MissedAddress.objects.count()) == (20, 21)


@pytest.mark.parametrize("path", ["x" * 250, "a b", "<script>", "perch\u202e\u00e9", "😀", "a'b", "a%22b"])
def test_words_of_strangers_are_not_kept(client, path):
    client.get(f"/articolointerno/{path}")

    assert not MissedAddress.objects.exists()


def test_telling_where_it_leads_takes_it_off_the_list(keeper):
    keeper.get("/articolointerno/bando")

    keeper.post(
        "/admin/distribution/oldaddress/add/", {"path": "/articolointerno/bando", "leads_to": "/novita/avvisi/"}
    )

    assert not MissedAddress.objects.exists()
    assert keeper.get("/articolointerno/bando").headers["Location"] == "/novita/avvisi/"


@pytest.mark.parametrize(
    "target", ["novita/", "//example.org/", "https://example.org/", "/non-esiste/", "/admin/", "/articolointerno/bando"]
)
def test_destination_that_readers_do_not_see_is_refused(keeper, target):
    page = keeper.post(ADD, {"path": "/articolointerno/bando", "leads_to": target}).text

    assert not OldAddress.objects.exists()
    assert "errornote" in page


def test_list_is_pasted_from_a_spreadsheet(keeper):
    OldAddress.objects.create(path="/taxonomy/term/1", leads_to="/novita/")
    lines = "https://www.consorzioit.net/taxonomy/term/1\t/argomenti/\n\n/taxonomy/term/2 ; /comuni/\n/a /cerca/"

    keeper.post(PASTE, {"lines": lines})

    assert dict(OldAddress.objects.values_list("path", "leads_to")) == {
        "/taxonomy/term/1": "/argomenti/",
        "/taxonomy/term/2": "/comuni/",
        "/a": "/cerca/",
    }


def test_one_wrong_line_keeps_the_whole_list_back(keeper):
    page = keeper.post(PASTE, {"lines": "/a ; /comuni/\n/b\n/c ; /non-esiste/"}).text

    assert not OldAddress.objects.exists()
    assert "Riga 2" in page
    assert "Riga 3" in page
    assert "/a ; /comuni/" in page


def test_writers_read_the_table_and_do_not_change_it(client):
    client.force_login(make_editor(role="Redattore"))

    assert client.get("/admin/distribution/oldaddress/").status_code == 200
    assert client.get(PASTE).status_code == 403


def test_old_address_may_lead_to_an_initiative(keeper):
    initiative = make_initiative()
    data = {"path": "/taxonomy/term/90", "leads_to": initiative.get_absolute_url()}

    keeper.post("/admin/distribution/oldaddress/add/", data)

    assert keeper.get("/taxonomy/term/90").url == initiative.get_absolute_url()
