"""The public site as files: every page, and no link that leads nowhere."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.core.management import CommandError, call_command

from areaomogenea.publishing.models import Publication

from .factories import make_communique, make_initiative, make_municipality, make_picture, make_topic
from .test_costs import furnish


class Links(HTMLParser):
    """Where a page leads, and what on it can be led to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.names, self.forms = [], {""}, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.forms += tag == "form"
        self.names |= {attributes.get("id"), attributes.get("name")}
        if attributes.get("rel") == "canonical":
            return
        sizes = [one.split()[0] for one in attributes.get("srcset", "").split(",") if one]
        self.links += [link for link in (attributes.get("href"), attributes.get("src"), *sizes) if link]


def broken(root):
    """(page, link) of those that lead to no file, or to no place of a page."""
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in root.rglob("*.html")}
    for path, page in pages.items():
        at = f"http://copia/{path.relative_to(root)}"
        for link in page.links:
            address, fragment = urldefrag(urljoin(at, link))
            parts = urlsplit(address)
            if parts.netloc != "copia":
                if parts.netloc == "testserver":
                    yield path, link
                continue
            target = root / unquote(parts.path).lstrip("/")
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (target in pages and unquote(fragment) not in pages[target].names):
                yield path, link


@pytest.fixture
def named_topics(db):
    """Those that the answers to frequent questions name."""
    for slug in ("cer", "suap", "cuc", "rtd"):
        make_topic(slug=slug)


@pytest.fixture
def small_portal(named_topics):
    crema, topic = make_municipality(name="Crema", slug="crema"), make_topic(slug="energia")
    page = make_communique([topic], [crema], title="Città & «acqua»: 100% #nostra?", picture=make_picture())
    make_initiative([topic], [crema])
    make_communique(title="Solo una bozza", status="draft")
    for _ in range(25):
        make_communique([topic])
    return page


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--rooted"]], ids=["relative", "rooted"])
def test_copy_of_the_site_has_every_page_and_no_broken_link(small_portal, tmp_path, options):
    call_command("export_site", tmp_path / "copia", *options)

    assert [*broken(tmp_path / "copia")] == []
    for row in Publication.objects.published():
        page = tmp_path / "copia" / row.get_absolute_url().strip("/") / "index.html"
        assert row.title.split("&")[0].strip() in page.read_text(encoding="utf-8")
    every = [path.read_text(encoding="utf-8") for path in (tmp_path / "copia").rglob("*.html")]
    assert not any("Solo una bozza" in text for text in every)
    assert sum(Links(text).forms for text in every) == 0
    assert any("qui non si cerca e non si filtra" in text for text in every)
    assert sum("Copia del sito com’era il " in text for text in every) > 30
    assert not any('href="/admin' in text or "<script src" in text for text in every)


@pytest.mark.slow
def test_copy_of_a_furnished_site_has_no_broken_link(named_topics, tmp_path):
    furnish(1)

    call_command("export_site", tmp_path / "copia")

    assert [*broken(tmp_path / "copia")] == []


@pytest.mark.slow
def test_former_address_leads_on(small_portal, tmp_path):
    before = small_portal.get_absolute_url()
    small_portal.note_coming_out()
    small_portal.slug = "nuovo-nome"
    small_portal.save()

    call_command("export_site", tmp_path / "copia")

    former = (tmp_path / "copia" / before.strip("/") / "index.html").read_text(encoding="utf-8")
    assert 'url=../nuovo-nome/index.html"' in former


def test_copy_is_made_where_nothing_is(tmp_path):
    (tmp_path / "copia").mkdir()

    with pytest.raises(CommandError, match="c’è già"):
        call_command("export_site", Path(tmp_path / "copia"))
