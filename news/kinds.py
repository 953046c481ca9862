"""The kinds of news; their first words are the vocabulary of AGID."""

from functools import partial

from areaomogenea.publishing.kinds import Group, Kind

kind_of_news = partial(
    Kind,
    group=Group.NEWS,
    model="news.Communique",
    page="news.views.page",
    exports="news.exports.context",
    endpoint="una_novita",
)
NEWS = kind_of_news(
    "notizie",
    "Notizia",
    "Notizie",
    path="novita/notizie/",
    lead="I fatti dell’Area, raccontati in breve e con la loro fonte.",
)
PRESS_RELEASE = kind_of_news(
    "comunicati",
    "Comunicato",
    "Comunicati",
    path="novita/comunicati/",
    lead="Le parole ufficiali dell’Area e di Consorzio.IT.",
)
NOTICE = kind_of_news(
    "avvisi",
    "Avviso",
    "Avvisi",
    path="novita/avvisi/",
    lead="Bandi, scadenze e cose da fare entro una data.",
)
KINDS = (NEWS, PRESS_RELEASE, NOTICE)
