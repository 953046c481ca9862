"""The endpoints of the API: what may be asked, what is answered, and the words of the document for each."""

from collections import namedtuple
from dataclasses import dataclass

from .. import resources
from ..fields import Schema
from . import parameters as forms
from . import views
from .endpoint import View

Words = namedtuple("Words", "tag summary description", defaults=[""])
WORDS = {  # of each operation, as the document says them
    "novita": Words(
        "Novità",
        "Le novità dell’Area",
        "Dalla più recente, a pagine. Con «modificati_da» tieni una copia: chiedi ogni volta ciò che è cambiato "
        "dall’ora in cui avevi cominciato il giro prima, e togli ciò che trovi in «ritirati». Il testo intero arriva "
        "se lo chiedi con «campi».",
    ),
    "una_novita": Words("Novità", "Una novità, con il testo intero"),
    "iniziative": Words(
        "Iniziative",
        "Le iniziative comuni, con chi partecipa",
        "Dalla più recente, a pagine. «modificati_da» e «ritirati» funzionano come per le novità.",
    ),
    "iniziativa": Words("Iniziative", "Un’iniziativa, con il testo intero"),
    "scadenze": Words(
        "Scadenze",
        "Scadenze e incontri",
        "Dal più vicino, a pagine: quelli non ancora finiti, o quelli che dice «quando». Con «modificati_da» chiedi "
        "«quando=tutte»: anche ciò che è passato può essere cambiato.",
    ),
    "argomenti": Words("Argomenti", "Gli argomenti di cui si occupa l’Area", "Tutti insieme: sono pochi."),
    "argomento": Words("Argomenti", "Un argomento, con la spiegazione intera"),
    "comuni": Words("Comuni", "I 48 Comuni", "Tutti insieme. Il confine, in GeoJSON, arriva se lo chiedi con «campi»."),
    "comune": Words(
        "Comuni", "Un Comune, con il confine", "Anche uno fuori dai 48, se partecipa a qualche iniziativa."
    ),
    "cerca": Words(
        "Ricerca",
        "Cerca fra novità e iniziative",
        "Trova ciò che contiene tutte le parole, in ogni loro forma: prima chi le ha nel titolo, poi dalla più "
        "recente.",
    ),
    "status": Words("Servizio", "Se il servizio funziona", "Non conta nel limite delle richieste."),
}


@dataclass(frozen=True)
class Endpoint:
    """`operation` is its id in the document, which stays for ever, and the name of its URL."""

    operation: str
    path: str
    view: View
    form: type[forms.ParametersForm]
    response: Schema

    @property
    def is_health(self) -> bool:
        return self.response is resources.HEALTH


ENDPOINTS = (
    Endpoint("novita", "/novita", views.news_list, forms.NewsListForm, resources.NEWS_LIST),
    Endpoint("una_novita", "/novita/{numero}", views.news_item, forms.NewsItemForm, resources.NEWS),
    Endpoint("iniziative", "/iniziative", views.initiative_list, forms.InitiativeListForm, resources.INITIATIVE_LIST),
    Endpoint("iniziativa", "/iniziative/{numero}", views.initiative, forms.InitiativeForm, resources.INITIATIVE),
    Endpoint("scadenze", "/scadenze", views.deadline_list, forms.DeadlineListForm, resources.DEADLINE_LIST),
    Endpoint("argomenti", "/argomenti", views.topic_list, forms.TopicListForm, resources.TOPIC_LIST),
    Endpoint("argomento", "/argomenti/{slug}", views.topic, forms.TopicForm, resources.TOPIC),
    Endpoint("comuni", "/comuni", views.municipality_list, forms.MunicipalityListForm, resources.MUNICIPALITY_LIST),
    Endpoint("comune", "/comuni/{codice_istat}", views.municipality, forms.MunicipalityForm, resources.MUNICIPALITY),
    Endpoint("cerca", "/cerca", views.search, forms.SearchForm, resources.MATCH_LIST),
    Endpoint("status", "/status", views.health, forms.ParametersForm, resources.HEALTH),
)
