"""What the demo does not show and a page may have to: made in the portal under test, which then says its addresses."""

import json
from datetime import date, timedelta

from django.utils import timezone

from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.preview_links import PreviewLink
from areaomogenea.topics.models import Topic
from initiatives.models import Participation
from tests.addresses import address_of, public_patterns
from tests.factories import (
    make_attachment,
    make_communique,
    make_deadline,
    make_initiative,
    make_office,
    make_picture,
    picture_file,
)

BODY = """
<h2>Che cosa cambia</h2>
<p>Un testo con <a href="/argomenti/">un collegamento</a> e <strong>una parola forte</strong>.</p>
<h3>I numeri</h3>
<table><tbody><tr><th><p>Comune</p></th><th><p>Punti</p></th></tr>
<tr><td><p>Casaletto Ceredano e dintorni</p></td><td><p>12</p></td></tr></tbody></table>
<h2>Che cosa fare</h2>
<ul><li><p>Leggere</p></li><li><p>Scrivere</p></li></ul><blockquote><p>Parole di altri.</p></blockquote>
"""
FIGURE = '<figure><img src="{}" alt="Una piazza"><figcaption>Foto: archivio</figcaption></figure>'


def make_scenery():
    """Addresses by name: one behind each door, and the states of a page that a door alone does not show."""
    shared = make_shared()
    addresses = {pattern.name: address_of(pattern) for pattern in public_patterns()}
    within = make_picture(file=picture_file(size=(1600, 900)))
    rich = make_communique(
        kind="notizie",
        title="Un titolo molto lungo, come a volte ne scrivono gli uffici quando vogliono dire proprio tutto",
        subtitle="Con un sottotitolo",
        body=BODY + FIGURE.format(within.file.url),
        office="Ufficio comunicazione",
        number="12/2026",
        source_name="Il giornale",
        source_url="https://example.org/articolo",
        source_licence="CC-BY 4.0",
        picture=make_picture(file=picture_file(size=(1600, 900))),
        topics=Topic.objects.all()[:3],
        places=[*Municipality.objects.of_area()[:3], *Municipality.objects.filter(in_area=False)[:1]],
        updated_at=timezone.now().replace(microsecond=0),
        expires_at=timezone.now() + timedelta(days=30),
    )
    within.make_avif()
    soon = timezone.now() + timedelta(days=3)
    term = make_deadline(rich, place="Crema", url="https://example.org/domande", closes_at=soon, for_businesses=True)
    term.move(by=None, reason="Lo hanno chiesto i Comuni.", closes_at=soon + timedelta(days=4))
    make_deadline(rich, title="Più avanti", opens_at=soon, closes_at=soon + timedelta(days=9))
    make_deadline(rich, kind="incontro", title="Assemblea", opens_at=soon, closes_at=None).call_off(None, "Neve.")
    make_attachment(rich)
    withdrawn = make_communique(status=Publication.Status.WITHDRAWN, publish_at=timezone.now() - timedelta(days=1))
    draft = make_communique(status=Publication.Status.DRAFT, picture=make_picture(), body=BODY)
    link = PreviewLink.objects.issue(draft, by=None, reader="Una sindaca")
    office = make_known_office()
    over = make_office(until=timezone.localdate() - timedelta(days=1))
    states = {
        "an office with everything": office.get_absolute_url(),
        "an office that is no more": over.get_absolute_url(),
        "a Comune with an office": office.municipality.get_absolute_url(),
        "a communiqué with everything": rich.get_absolute_url(),
        "an initiative with everything": shared.get_absolute_url(),
        "a Comune outside the 48": Municipality.objects.filter(in_area=False).first().get_absolute_url(),
        "news, filtered": "/novita/?tipo=notizie&argomento=cer&comune=crema&anno=2022",
        "news, nothing found": "/novita/?anno=2100",
        "news, refused": "/novita/?tipo=x&argomento=x&comune=x&anno=x&prima=x",
        "what is due, over": "/scadenze/?chiuse=1",
        "what is due, nothing": "/scadenze/?per=associazioni",
        "what is due, refused": "/scadenze/?argomento=x&comune=x&per=x",
        "calendar, a month": f"/calendario/?mese={soon:%Y-%m}",
        "calendar, refused": "/calendario/?mese=x",
        "search, found": "/cerca/?q=energia",
        "search, nothing found": "/cerca/?q=introvabile",
        "search, refused": f"/cerca/?q={'x' * 201}",
        "embeds, chosen": "/incorpora/?comune=crema&aspetto=scuro&colore=%23a31d1d",
        "embeds, refused": "/incorpora/?comune=atlantide&colore=rosso&quanti=1000000000",
        "Comune, refused": "/comuni/?comune=atlantide",
        "preview, for a guest": f"/anteprima/{link.token}/",
        "preview, over": "/anteprima/scaduta/",
        "404": "/non-esiste/",
        "410": withdrawn.get_absolute_url(),
    }
    return addresses | states


def make_known_office():
    """An office of a Comune with all that may be known of one."""
    office = make_office(
        Topic.objects.all()[:3],
        name="Ufficio relazioni con il pubblico e protocollo",
        municipality=Municipality.objects.get(slug="crema"),
        phone="0373 123456 int. 3",
        email="ufficio.relazioni.con.il.pubblico@comune.example.org",
        pec="protocollo@pec.example.org",
        address="Piazza del Duomo 25, Crema (CR)",
        website="https://example.org/uffici",
        purpose="Risponde a chi non sa a quale ufficio rivolgersi.",
        guidance="Porta un documento.",
        week="lun–ven 9–12:30; mar anche 14–16:30",
        hours_note="In agosto solo al mattino.",
        checked_on=timezone.localdate(),
        source="Sito del Comune",
        source_url="https://example.org/contatti",
    )
    day = timezone.localdate() + timedelta(days=30)
    office.closures.create(first=day, last=day + timedelta(days=4), why="ferie")
    office.holders.create(
        name="Ada Neri", role="head", phone="0373 123457", email="ada@example.org", since=date(2020, 5, 1)
    )
    return office


def make_shared():
    """An initiative with Comuni in every state, in groups and outside the 48."""
    shared = make_initiative(title="Un’iniziativa con tutti", body=BODY, known="partial")
    groups = [shared.groups.create(name=name, president="Ada Neri", note="Forse.") for name in ("Gerundo", "Izanese")]
    places = [*Municipality.objects.of_area()[:30], *Municipality.objects.filter(in_area=False)[:2]]
    for number, place in enumerate(places):
        state = Participation.State.values[number % 4]
        shared.participations.create(municipality=place, state=state, group=groups[number % 2], since=date(2025, 3, 8))
    return shared


def tell():
    print(json.dumps(make_scenery()))
