"""The words of the desk: every page of every admin in good Italian, whatever the noun and however many."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse

from areaomogenea.distribution.models import Hub, MissedAddress, OldAddress
from areaomogenea.identity.models import Identity
from areaomogenea.publishing.models import Doubt
from areaomogenea.quality.models import Link

from .factories import (
    make_attachment,
    make_communique,
    make_deadline,
    make_editor,
    make_initiative,
    make_municipality,
    make_picture,
    make_term,
    make_topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # what the desk's pages say

ENGLISH = """
    a[dn]d another all any are at available been between by change[ds]? changes choose clear contents? current day
    delete[ds]? deleting does doesn doubts each edit empty enter error errors for from go has have hide hold home how
    item items key model must new none not object objects of only on once open please popup remove removed required
    results? run save[ds]? search select selected selecting show sidebar staff successfully that the then this time
    to today toggle toggles type unknown update use user valid value values view visible was were when which will with
    without yes you your
""".split()
FEMININE = "iniziativa|immagine|persona|pubblicazione|pagina|voce|grafia|identità|tappa|domanda|versione|scadenza"
FEMININE_PLURAL = "iniziative|immagini|persone|pubblicazioni|pagine|voci|grafie|tappe|domande|versioni|scadenze"
MASCULINE = "comunicato|argomento|Comune|indirizzo|hub|collegamento|gruppo|allegato|importo|dubbio"
MASCULINE_PLURAL = "comunicati|argomenti|Comuni|indirizzi|collegamenti|gruppi|allegati|importi|dubbi"
WITH_A_VOWEL = (
    "allegato|anteprima|archivio|argomento|autore|azione|elenco|hub|identità|immagine|importo|incontro|indirizzo"
    "|iniziativa|invito|ora|altr[oa]"
)
DAYS = "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica".title()
MONTHS = "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre".title()
FAULTS = {
    "English": re.compile(rf"(?<![\w’'/.-])(?:{'|'.join(ENGLISH)})(?![\w’'/-])", re.IGNORECASE),
    "English plural": re.compile(r"\b\w+[oaei]s\b(?!’)"),
    "article": re.compile(
        rf"\b(?:il|un|lo|uno|del|al|dal|nel|sul|quel|questo|altro) (?:{FEMININE})\b"
        rf"|\b(?:la|una|della|alla|questa|altra) (?:{MASCULINE})\b"
        rf"|\b(?:il|la|lo|una|del|della|al|alla|dal|nel|sul) (?:{WITH_A_VOWEL})\b"
        rf"|\b(?:i|gli|dei|tutti) (?:{FEMININE_PLURAL})\b|\b(?:le|tutte) (?:{MASCULINE_PLURAL})\b",
        re.IGNORECASE,
    ),
    "participle": re.compile(
        rf"\b(?:{FEMININE}) (?:«[^»]*» )?(?:è )?(?:stato|selezionato|scelto)\b"
        rf"|\b(?:{FEMININE_PLURAL}) (?:selezionati|scelti)\b"
        rf"|\b(?:{MASCULINE}) (?:«[^»]*» )?(?:è )?(?:stata|selezionata|scelta)\b"
        rf"|\b(?:{MASCULINE_PLURAL}) (?:selezionate|scelte)\b|/[aeio]\b con successo",
        re.IGNORECASE,
    ),
    "number": re.compile(
        rf"(?<![\d.,])1 (?:{FEMININE_PLURAL}|{MASCULINE_PLURAL})\b|(?<![\d.,/])0 (?:{FEMININE}|{MASCULINE})\b"
    ),
    "seconds": re.compile(r"\b\d\d:\d\d:\d\d\b"),
    # A heading that is a day, and nothing else, begins with a capital as every heading does.
    "capital of a day or month": re.compile(rf"(?!\A(?:{DAYS}) \d+º? [a-z]+ \d{{4}}\Z)\b(?:{DAYS}|{MONTHS})\b"),
    "straight quotes": re.compile(r'(?<=\s)"\S'),
    "a word of Django": re.compile(r"tracciato delle modifiche|si prega|con successo|correttamente", re.IGNORECASE),
}
SILENT = {"script", "style", "svg", "textarea"}
SPEAKING = {"alt", "aria-label", "placeholder", "title"}


class Words(HTMLParser):
    """What a page says, to the eye and to who listens."""

    def __init__(self):
        super().__init__()
        self.texts, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT
        attributes = dict(attrs)
        self.texts += [attributes[name] for name in SPEAKING if attributes.get(name)]
        if tag == "input" and attributes.get("type") in ("submit", "button", "text"):
            self.texts.append(attributes.get("value") or "")
        if "data-inline-formset" in attributes:
            options = json.loads(attributes["data-inline-formset"])["options"]
            self.texts += [options["addText"], options["deleteText"]]

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT

    def handle_data(self, data):
        if not self.silent:
            self.texts.append(data)


def words_of(html):
    reader = Words()
    reader.feed(html)
    return [" ".join(str(text).split()) for text in reader.texts if str(text).strip()]


def faults_of(html):
    """(kind, where) for each."""
    return [
        (kind, line)
        for line in words_of(html)
        for kind, fault in FAULTS.items()
        if fault.search(re.sub(r"https?://\S+|/\S+/|<[^>]*>", "", line))
    ]


@pytest.mark.parametrize(
    "fault",
    [
        "Il iniziativa «X» è stato aggiunto", "Cancella persone selezionati", "Aggiungi un altro Grafia",
        "Per doubts: Vuoto", "Termine o incontros", "Lunedì 30 Novembre 2026", "Lunedì 30 novembre",
        "00:00:00", "1 comunicati", "Aggiungi un altro immagine", "Delete selected items", "Tracciato delle modifiche",
        "le Comuni",
    ],
)  # fmt: skip
def test_faults_are_known(fault):
    assert faults_of(f"<p>{fault}</p>")


@pytest.fixture
def scenery():
    """A row of each model, with all that its form shows."""
    topic, place, picture, author = make_topic(), make_municipality(), make_picture(), make_editor("Redattore")
    place.aliases.create(text="Crema città")
    make_term(topic=topic)
    for make in (make_communique, make_initiative):
        draft = make([topic], [place], status="draft", author=author, picture=picture, publish_at=None)
        Doubt.objects.create(publication=draft, code="caption", message="È una didascalia?")
        page = make([topic], [place], author=author)
        make_attachment(page)
        make_deadline(page)
    page.milestones.create(title="La firma")
    page.groups.create(name="Primo gruppo")
    page.amounts.create(what="Studio", euros=38000, funder="Regione")
    page.questions.create(question="Come si aderisce?", answer="<p>Così.</p>")
    Identity.objects.create(pk=1)
    OldAddress.objects.create(path="/vecchio", leads_to="/novita/")
    MissedAddress.objects.create(path="/cercato")
    Hub.objects.create(address="https://hub.example.org/")
    Link.objects.create(address="https://example.org/", failures=2)
    Group.objects.create(name="Ospiti")
    return author


@pytest.fixture
def administrator(client, scenery):
    user = make_editor("Amministratore", is_superuser=True)
    client.force_login(user)
    for model in site._registry:
        for row in model._default_manager.all()[:1]:
            fields = {"user": user, "content_type": ContentType.objects.get_for_model(model), "object_id": row.pk}
            for flag, message in ((ADDITION, [{"added": {}}]), (CHANGE, [{"changed": {"fields": ["Nome"]}}])):
                change = {"object_repr": str(row), "action_flag": flag, "change_message": json.dumps(message)}
                LogEntry.objects.create(**fields | change)
    return client


def pages_of(model):
    """(address, what is posted there) of the pages that the admin has for a model."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    listed = reverse(f"{name}_changelist")
    yield listed, None
    yield f"{listed}?_popup=1", None
    yield f"{listed}?q=niente", None
    yield reverse(f"{name}_add"), None
    yield f"{reverse(f'{name}_add')}?_popup=1", None
    yield reverse(f"{name}_add"), {"_save": "1"}
    yield listed, {"action": "", "_selected_action": []}
    yield listed, {"action": "delete_selected", "_selected_action": []}
    rows = [*model._default_manager.all()[:2]]
    if rows:
        yield listed, {"action": "delete_selected", "_selected_action": [row.pk for row in rows[:1]]}
        yield listed, {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    for row in rows:
        for page in ("change", "delete", "history"):
            yield reverse(f"{name}_{page}", args=[row.pk]), None
    try:
        yield reverse(f"{name}_preview_links", args=[rows[0].pk]), None
        yield reverse(f"{name}_import"), None
    except (NoReverseMatch, IndexError):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("model", site._registry, ids=str)
def test_pages_of_every_model_are_in_good_italian(administrator, model):
    faults = []
    for address, data in pages_of(model):
        answer = administrator.get(address) if data is None else administrator.post(address, data, follow=True)
        faults += [f"{address} {data or ''}: {kind}: {line}" for kind, line in faults_of(answer.text)]

    assert not faults, "\n".join(dict.fromkeys(faults))


def pages_of_the_desk():
    """Those that are of no model, and those for what went wrong."""
    yield from (
        "/admin/",
        "/admin/guida/",
        "/admin/news/",
        "/admin/initiatives/",
        "/admin/nulla/",
        "/admin/news/nulla/",
    )
    yield "/admin/autocomplete/"
    yield "/admin/autocomplete/?app_label=news&model_name=communique&field_name=title&term=x"
    yield from (
        f"/admin/news/communique/{page}" for page in ("da-documento/", "importa/", "99999/change/", "anteprima/")
    )
    yield from (
        "/admin/topics/topic/99999/change/",
        "/admin/news/communique/?stato=x",
        "/admin/library/picture/99999/",
    )


@pytest.mark.slow
@pytest.mark.parametrize("role", ["Redattore comunale", "Redattore", "Responsabile", "Amministratore"])
def test_pages_of_the_desk_are_in_good_italian_for_every_role(client, scenery, role):
    user = make_editor(role)
    if role == "Redattore comunale":
        user.assignments.create(municipality=make_municipality(name="Crema"))
    client.force_login(user)

    answers = {address: client.get(address, follow=True) for address in pages_of_the_desk()}
    faults = [
        f"{address}: {kind}: {line}"
        for address, answer in answers.items()
        if answer["Content-Type"].startswith("text/html")
        for kind, line in faults_of(answer.text)
    ]

    assert not faults, "\n".join(faults)
    assert {answer.status_code for answer in answers.values()} <= {200, 403, 404}


def test_scripts_of_the_desk_speak_italian(client, scenery):
    client.force_login(make_editor("Redattore"))

    script = client.get("/admin/jsi18n/").text

    assert '"Scelte: %(sel)s su %(cnt)s"' in script
    assert '"%(sel)s of %(cnt)s selected": [' in script
    assert re.search(r'"TIME_INPUT_FORMATS": \[\s*"%H:%M",', script)
