"""The hostile corpus on the page that readers see, in a real browser and with no content policy to help."""

import json
import subprocess

import pytest

from areaomogenea.prose.html import ATTRIBUTES, TAGS

# Each page as the portal renders it, by its payload; nothing of it stays in the database.
# Payloads that leave the same text leave the same page.
PAGES = """
import json
from django.db import transaction
from django.test import Client
from news.models import Communique
from tests.factories import make_communique
from tests.payloads import PAYLOADS, UNCLOSED

known, pages = set(), {}
for payload in ["", *PAYLOADS, *UNCLOSED]:
    with transaction.atomic():
        path = make_communique(title="Prova", body=f"<p>prima</p>{payload}<p>dopo</p>").get_absolute_url()
        text = Communique.objects.values_list("body", flat=True).latest("pk")
        if text not in known:
            known.add(text)
            pages[payload] = Client(SERVER_NAME="localhost").get(path).text
        transaction.set_rollback(True)
print(json.dumps(pages))
"""
SENTINEL = """
  window.ran = [];
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'msgbox'])
    window[name] = (...given) => window.ran.push(`${name}(${given})`);
"""
# Touches every element as a reader may, and tells what stands in the text that no list allows.
FAULTS = """([tags, attributes]) => {
  const text = document.querySelector('.reading');
  const faults = [];
  document.addEventListener('click', (event) => event.preventDefault());
  for (const element of text.querySelectorAll('*')) {
    for (const kind of ['pointerenter', 'mouseenter', 'mouseover', 'mousedown', 'click', 'focus', 'wheel', 'copy'])
      element.dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }));
    if (element.matches('.table-responsive, thead')) continue; // the page's own
    const tag = element.localName;
    if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml' || !tags.includes(tag)) faults.push(`<${tag}>`);
    for (const { name, value } of element.attributes) {
      const isOurs = (tag === 'a' && name === 'rel') || (tag === 'h2' && name === 'id');
      if (!isOurs && !(attributes[tag] ?? []).includes(name)) faults.push(`<${tag} ${name}="${value}">`);
    }
    if (tag === 'a' && !/^(https?|mailto|tel):$/.test(element.protocol)) faults.push(element.href);
    if (tag === 'a' && (element.username || element.password)) faults.push(element.href);
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  faults.push(...ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `#${id} twice`));
  if (document.querySelectorAll('main, footer, h1').length !== 3) faults.push('the frame of the page is broken');
  if (!text.textContent.startsWith('prima')) faults.push('the words before are lost');
  return [...faults, ...window.ran];
}"""
HOME = "http://portale.test/"


def rendered(portal):
    output = portal.manage(subprocess.run, "shell", "--verbosity", "0", "--command", PAGES, check=True).stdout
    return json.loads(output)


@pytest.fixture
def bare(chromium):
    """A tab that gives each page as it is, without any header, and notes what else is asked for."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(SENTINEL)
    tab = context.new_page()
    tab.requests = set()

    def answer(route):
        if route.request.url == HOME:
            route.fulfill(body=tab.html, content_type="text/html; charset=utf-8")
        else:
            tab.requests.add(route.request.url)
            route.fulfill(body="")

    context.route("**/*", answer)
    yield tab
    context.close()


@pytest.mark.any_database
def test_nothing_runs_nothing_is_fetched_nothing_foreign_stands_there(bare, portal):
    pages = rendered(portal)
    allowed = [sorted(TAGS), {tag: sorted(names) for tag, names in ATTRIBUTES.items()}]
    faults = {}

    for payload, html in pages.items():
        bare.html = html
        bare.goto(HOME)
        if foreign := bare.evaluate(FAULTS, allowed):
            faults[payload[:80]] = foreign
    bare.wait_for_load_state("networkidle")

    assert faults == {}
    assert [url for url in sorted(bare.requests) if url.replace(HOME, "/") not in pages[""]] == []


def test_sentinel_would_notice(bare):
    """The same page with an uncleaned payload: what the test above could never miss."""
    frame = "<main><h1>x</h1><div class=reading>prima {}</div></main><footer></footer>"
    bare.html = frame.format(
        "<img src=https://evil.example/x onerror=alert(1)><svg id=a></svg><p id=a onclick=alert(2)>x</p>"
    )
    bare.goto(HOME)
    bare.wait_for_function("() => window.ran.length > 0")

    foreign = bare.evaluate(FAULTS, [sorted(TAGS), {}])

    assert {"<img>", "<svg>", "#a twice", "alert(1)", "alert(2)"} <= set(foreign)
    assert "https://evil.example/x" in bare.requests
