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
NEWS = kind_of_news("notizie", "Notizia", "Notizie", path="novita/notizie/")
PRESS_RELEASE = kind_of_news("comunicati", "Comunicato", "Comunicati", path="novita/comunicati/")
NOTICE = kind_of_news("avvisi", "Avviso", "Avvisi", path="novita/avvisi/")
KINDS = (NEWS, PRESS_RELEASE, NOTICE)
