"""One vocabulary of parameters: what selects at one door selects at every other, by any of its words."""

import pytest

from .factories import make_communique, make_initiative, make_municipality, make_topic

pytestmark = pytest.mark.django_db
PATHS = ["/feed/rss.xml", "/feed/atom.xml", "/feed/feed.json", "/incorpora/elenco/", "/api/v1/novita"]
SAME = {
    "comune": ["crema", "019035", "19035", "Crema"],
    "argomento": ["comunita-energetiche", "CER", "Comunità energetiche"],
    "iniziativa": ["cer-del-cremasco", "{number}", "CER del Cremasco"],
    "tipo": ["avvisi", "avviso"],
}


@pytest.fixture
def initiative():
    topic = make_topic(slug="comunita-energetiche", name="Comunità energetiche", acronym="CER")
    crema = make_municipality(name="Crema", slug="crema", istat_code="019035")
    linked = make_initiative(title="CER del Cremasco", slug="cer-del-cremasco")
    make_communique([topic], [crema], kind="avvisi", title="Voluto").linked.add(linked)
    make_communique([make_topic()], [make_municipality()], kind="notizie", title="Lasciato")
    return linked


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("name", "word"), [(name, word) for name, words in SAME.items() for word in words])
def test_every_door_takes_a_thing_by_any_of_its_words(client, initiative, path, name, word):
    response = client.get(path, {name: word.format(number=initiative.pk)})

    assert response.status_code == 200
    assert ("Voluto" in response.text, "Lasciato" in response.text) == (True, False)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["limite", "quanti"])
def test_every_door_takes_how_many_by_either_word(client, initiative, path, name):
    assert ["Voluto" in client.get(path, {name: number}).text for number in (1, 2)].count(True) >= 1
    assert sum(title in client.get(path, {name: 1}).text for title in ("Voluto", "Lasciato")) == 1


@pytest.mark.parametrize("path", PATHS)
def test_two_words_that_say_different_things_are_refused(client, initiative, path):
    assert client.get(path, {"limite": 1, "quanti": 2}).status_code in (400, 422)


@pytest.mark.parametrize("word", SAME["comune"])
def test_calendar_takes_a_comune_by_any_of_its_words(client, initiative, word):
    assert client.get("/calendario/calendario.ics", {"comune": word}).status_code == 200
