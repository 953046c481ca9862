"""What the pictures of the guide show and the demo does not have: a portal made for them alone."""

import json
from datetime import datetime, time, timedelta

from django.utils import timezone

from areaomogenea.accounts.models import User
from areaomogenea.management.commands.load_demo import LOGINS
from areaomogenea.municipalities.models import Municipality
from areaomogenea.quality.models import Link
from areaomogenea.topics.models import Topic
from news.models import Communique

BODY = """<p>Lo sportello aiuta famiglie e imprese a leggere la bolletta e a entrare in una comunità energetica.</p>
<h2>Quando è aperto</h2>
<ul><li><p>Il lunedì, dalle 9 alle 12.</p></li><li><p>Il giovedì, dalle 14 alle 17.</p></li></ul>
<h2>Che cosa portare</h2><p>Basta l’ultima bolletta. Non serve l’appuntamento.</p>"""
UNFINISHED = """<p>La CUC riapre le iscrizioni. Il termine è martedì 19 ottobre 2022, e per sapere come fare
<a href="/argomenti/">clicca qui</a>.</p><p>Possono iscriversi le imprese che hanno una sede in uno dei 48 Comuni,
che non hanno debiti con il fisco, che hanno già lavorato per un Comune negli ultimi cinque anni e che presentano la
domanda completa di tutti i documenti.</p>"""
SUMMARY = "Due mattine e un pomeriggio alla settimana, senza appuntamento."


class Stage:
    """The people of the demo, and what they have written by the time the pictures are taken."""

    def __init__(self):
        people = {role: User.objects.get(email=email) for role, email, _ in LOGINS}
        self.writer, self.local, self.approver = (
            people[role] for role in ("Redattore", "Redattore comunale", "Responsabile")
        )

    def write(self, title, author=None, summary=SUMMARY, body=BODY, topic="cer", **fields):
        fields |= {"author": author or self.writer, "summary": summary, "body": body, "coverage": "these"}
        row = Communique.objects.create(kind="comunicati", title=title, **fields)
        row.topics.set(Topic.objects.filter(slug=topic))
        row.municipalities.set(Municipality.objects.filter(slug="crema"))
        row.record(row.author, "first")
        return row

    def set(self):
        """Addresses at the desk, by what the pictures call them."""
        unfinished = self.write("AVVISO IMPORTANTE: iscrizioni riaperte", summary="", body=UNFINISHED, topic="")
        self.write("Fibra ottica, i cantieri di primavera", topic="banda-ultralarga")
        back = self.write("Varchi, le telecamere diventano 130", topic="polizia-locale-varchi")
        back.submit(by=self.writer)
        back.send_back(by=self.approver, comment="Manca la data dell’accensione.")
        waiting = self.write("Crema, lo sportello energia cambia orario", self.local, publish_at=on_day(2, 9))
        waiting.submit(by=self.local)
        for days, title in ((1, "Raccolta dei rifiuti, il calendario nuovo"), (4, "Domenica si pedala fra le rogge")):
            self.write(title, publish_at=on_day(days, 8)).publish(by=self.approver)
        live = self.published()
        again = Communique.objects.published().exclude(pk=live.pk).first()
        Communique.objects.filter(pk=again.pk).update(review_by=timezone.localdate() + timedelta(days=3))
        self.break_link(again)
        return {"unfinished": unfinished.pk, "waiting": waiting.pk, "live": live.pk}

    def published(self):
        """A page with a history, for which somebody proposes a change."""
        live = self.write("Sportello energia, gli orari dell’autunno", publish_at=timezone.now() - timedelta(days=2))
        live.submit(by=self.writer)
        live.publish(by=self.approver)
        live.take(live.content() | {"body": live.body.replace("dalle 9", "dalle 10")})
        live.correct(by=self.approver, comment="Il lunedì si apre alle 10, non alle 9.")
        change = {"title": "Sportello energia, gli orari dell’inverno", "body": live.body.replace("giovedì", "venerdì")}
        live.propose(self.writer, live.content() | change, "Da dicembre cambia il pomeriggio.")
        return live

    def break_link(self, page):
        failing = {"failures": 3, "failing_since": on_day(-4, 6), "message": "La pagina non c’è più"}
        link = Link.objects.create(address="https://www.example.org/bandi/energia-2022", **failing)
        link.publications.add(page)


def on_day(days, hour):
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), time(hour)))


def tell():
    logins = {role: (email, password) for role, email, password in LOGINS}
    print(json.dumps({"logins": logins, "rows": Stage().set()}))
