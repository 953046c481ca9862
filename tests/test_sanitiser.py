"""Whatever comes in, only what the allow-list names goes out, and it goes out the same a second time."""

from html.parser import HTMLParser

import pytest

from areaomogenea.prose.characters import normalised_html
from areaomogenea.prose.fields import LONGEST
from areaomogenea.prose.html import ATTRIBUTES, TAGS, clean, for_reading, plain
from areaomogenea.topics.models import Topic
from news.models import Communique

from .factories import make_communique, make_editor
from .payloads import LINKS, PAYLOADS, UNCLOSED
from .processor import timed

BEFORE, AFTER = "<p>Parole di prima.</p>", "<p>Parole di dopo.</p>"


class Judge(HTMLParser):
    """Reads HTML with a parser that is not the sanitiser's, and notes what no list allows."""

    def __init__(self, html):
        super().__init__()
        self.faults = []
        self.open = []
        self.feed(html)
        self.close()
        self.faults += [f"{tag} is never closed" for tag in self.open]

    def handle_starttag(self, tag, attributes):
        allowed = ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        self.faults += [f"<{tag}>"] * (tag not in TAGS)
        self.faults += [f"<{tag} {name}>" for name, _ in attributes if name not in allowed]
        self.faults += [f"href {href}" for name, href in attributes if name == "href" and not is_followed(href)]
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            self.faults.append(f"</{tag}> in the wrong place")

    def handle_comment(self, data):
        self.faults.append("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def is_followed(href):
    return href.startswith(("https://", "http://", "mailto:", "tel:", "/", "#")) and not href.startswith("//")


def name_of(payload):
    return payload[:60].encode("unicode_escape").decode()


def test_corpus_is_large_enough():
    assert len({*PAYLOADS, *UNCLOSED}) >= 100


@pytest.mark.parametrize("payload", PAYLOADS + UNCLOSED, ids=name_of)
def test_nothing_but_the_allowed_goes_out(payload):
    html = clean(BEFORE + payload + AFTER)

    assert Judge(html).faults == []
    assert clean(html) == html
    assert normalised_html(html) == html
    assert plain(html).startswith("Parole di prima.")


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS, ids=name_of)
def test_words_around_survive(payload):
    assert plain(clean(BEFORE + payload + AFTER)).endswith("Parole di dopo.")


@pytest.mark.parametrize("payload", [link for link in LINKS if ">testo</a>" in link], ids=name_of)
def test_words_of_a_bad_link_survive(payload):
    assert "testo" in plain(clean(payload))


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS, ids=name_of)
def test_in_the_middle_of_a_sentence_too(payload):
    html = clean(f"<ul><li>uno <em>due {payload} tre</em></li></ul><table><tr><td>{payload}</td></tr></table>")

    assert Judge(html).faults == []
    assert clean(html) == html
    assert plain(html).split()[:2] == ["uno", "due"]


@pytest.mark.slow
@pytest.mark.parametrize("first", PAYLOADS[::7], ids=name_of)
def test_two_of_them_do_not_help_each_other(first):
    for second in PAYLOADS[3::11]:
        html = clean(first + second)

        assert Judge(html).faults == []
        assert clean(html) == html


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS, ids=name_of)
def test_what_a_page_adds_is_allowed_too(payload):
    html, sections = for_reading(clean(payload))

    anchors = [anchor for anchor, _ in sections]
    assert len(set(anchors)) == len(anchors)
    assert html.count("<table>") == html.count('<div class="table-responsive"')


def test_longest_text_is_cleaned_in_a_moment():
    text = "<p>parola <b>forte</b></p>" * (LONGEST // 26)

    with timed() as cost:
        clean(text)

    assert cost.own < 5  # a tenth of it on an idle machine


@pytest.mark.django_db
def test_database_gives_the_corpus_back_to_the_letter():
    """What a browser finds in the pages that one database gave holds for any other."""
    communique = make_communique(status="draft")
    changed = []
    for payload in PAYLOADS + UNCLOSED:
        communique.body = BEFORE + payload + AFTER
        communique.save()
        if Communique.objects.get(pk=communique.pk).body != communique.body:
            changed.append(payload)

    assert changed == []


@pytest.mark.django_db
def test_ten_megabytes_come_back_with_a_fault_at_their_field(client):
    client.force_login(make_editor(is_superuser=True))
    inline = {f"former_slugs-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    fields = {"name": "Lungo", "slug": "lungo", "short": "Troppo", "summary": "Troppo.", "position": 0}

    page = client.post("/admin/topics/topic/add/", inline | fields | {"explanation": "parola!" * 1_500_000}).text

    assert "Il testo è troppo lungo: 10.500.000 caratteri, e il massimo è 200.000." in page
    assert page.count("parola!") == 1_500_000  # what was typed is still there
    assert not Topic.objects.exists()


@pytest.mark.django_db
def test_more_than_a_form_may_carry_gets_a_page_that_says_so(client):
    client.force_login(make_editor(is_superuser=True))

    response = client.post("/admin/topics/topic/add/", {"explanation": "parola " * 2_000_000})

    assert response.status_code == 413
    assert "ciò che hai scritto è ancora nel tuo browser" in response.text
