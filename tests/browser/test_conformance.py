"""What the national validator for public sites looks for, read as it reads it."""

import re
from urllib.parse import urlsplit

import pytest

from .screens import look
from .served import ROOT

WRONG_FONTS = look("""() => {
  const font = (element) => getComputedStyle(element).fontFamily.split(',')[0].replaceAll('"', '').toLowerCase();
  return [...document.body.querySelectorAll('h1, h2, h3, h4, h5, h6, p')]
    .flatMap((text) => [text, ...text.querySelectorAll('*')])
    .filter((element) => !['titillium web', 'lora', 'roboto mono'].includes(font(element)))
    .map((element) => element.outerHTML.slice(0, 120));
}""")
NO_VERSION = look("() => parseInt(window.BOOTSTRAP_ITALIA_VERSION) >= 2 ? '' : 'no version'")
CLASSES = look("() => [...new Set([...document.querySelectorAll('*')].flatMap((element) => [...element.classList]))]")
# The words and the address of whatever wears each of these names, in the menu and in the footer.
PLACES = look("""() => {
  const worn = (within, name) => [...within.querySelectorAll(`[data-element="${name}"]`)]
    .map((element) => [element.innerText.trim(), element.getAttribute('href')]);
  const told = (within, names) => Object.fromEntries(names.map((name) => [name, worn(within, name)]));
  const [menu, ...menus] = document.querySelectorAll('[data-element="main-navigation"]');
  const [footer, ...footers] = document.querySelectorAll('footer');
  return {
    more: menus.length + footers.length,
    ...told(menu, ['news', 'custom-submenu']),
    ...told(footer, ['faq', 'report-inefficiency', 'accessibility-link', 'privacy-policy-link', 'legal-notes']),
  };
}""")
STYLES = (ROOT / "node_modules/bootstrap-italia/dist/css/bootstrap-italia.min.css").read_text(encoding="utf-8")
ITALIA_CLASSES = set(re.findall(r"\.(-?[a-z_][\w-]*)", STYLES, re.IGNORECASE))
LICENCE = """
In applicazione del principio open by default ai sensi dell’articolo 52 del decreto legislativo 7 marzo 2005, n. 82
(CAD) e salvo dove diversamente specificato (compresi i contenuti incorporati di terzi), i dati, i documenti e le
informazioni pubblicati sul sito sono rilasciati con licenza CC-BY 4.0. Gli utenti sono quindi liberi di condividere
(riprodurre, distribuire, comunicare al pubblico, esporre in pubblico), rappresentare, eseguire e recitare questo
materiale con qualsiasi mezzo e formato e modificare (trasformare il materiale e utilizzarlo per opere derivate) per
qualsiasi fine, anche commerciale con il solo onere di attribuzione, senza apporre restrizioni aggiuntive.
"""
NATIONAL_TOPICS = (
    """
Accesso all'informazione, Acqua, Agricoltura, Anagrafe, Animale domestico, Aria, Assistenza agli invalidi,
Assistenza sociale, Associazioni, Bilancio, Commercio al minuto, Commercio all'ingrosso, Commercio ambulante,
Comunicazione istituzionale, Comunicazione politica, Concorsi, Covid-19, Elezioni, Energie rinnovabili, Estero,
Foreste, Formazione professionale, Gemellaggi, Gestione rifiuti, Giustizia, Igiene pubblica, Immigrazione, Imposte,
Imprese, Inquinamento, Integrazione sociale, Isolamento termico, Istruzione, Lavoro, Matrimonio, Mercato, Mobilità
sostenibile, Morte, Nascita, Parcheggi, Patrimonio culturale, Pesca, Piano di sviluppo, Pista ciclabile, PNRR,
Politica commerciale, Polizia, Prodotti alimentari, Protezione civile, Residenza, Risposta alle emergenze, Sistema
giuridico, Spazio Verde, Sport, Sviluppo sostenibile, Tassa sui servizi, Tempo libero, Trasparenza amministrativa,
Trasporto pubblico, Turismo, Urbanizzazione, Viaggi, Zone pedonali, ZTL
""".replace("\n", " ")
    .strip()
    .split(", ")
)


def element(tab, name):
    return tab.locator(f'[data-element="{name}"]')


@pytest.mark.any_database
def test_titles_and_paragraphs_wear_the_national_fonts(results_of):
    assert results_of(WRONG_FONTS) == {}


@pytest.mark.any_database
def test_pages_declare_bootstrap_italia(results_of):
    assert results_of(NO_VERSION) == {}


@pytest.mark.any_database
def test_three_classes_in_ten_are_bootstrap_italias(results_of):
    classes = {path: set(used) for path, used in results_of(CLASSES).items()}
    shares = {path: len(used & ITALIA_CLASSES) / len(used) for path, used in classes.items()}

    assert min(shares.values()) >= 0.3, shares


@pytest.mark.any_database
def test_no_cookie_and_no_third_party_for_readers(chromium, portal, pages):
    origins = set()
    tab = chromium.new_page(base_url=portal.base)
    tab.on("request", lambda request: origins.add("{0.scheme}://{0.netloc}".format(urlsplit(request.url))))
    for path in pages.values():
        tab.goto(path)

    assert tab.context.cookies() == []
    assert origins == {portal.base}


@pytest.mark.any_database
def test_menu_and_footer_are_where_the_validator_reads_them(results_of, pages):
    places_by_page = results_of(PLACES)

    assert places_by_page.keys() == {*pages.values()}
    for places in places_by_page.values():
        assert places["more"] == 0
        assert [words for words, _ in places["news"]] == ["Novità"]
        assert places["custom-submenu"]
        ((words, _),) = places["faq"]
        assert re.search("FAQ|domande frequenti", words)
        ((words, address),) = places["report-inefficiency"]
        assert (words, address.startswith(("/", "mailto:"))) == ("Segnala disservizio", True)
        ((_, address),) = places["accessibility-link"]
        assert address
        assert [address for _, address in places["privacy-policy-link"]] == ["/privacy/"]
        assert [address for _, address in places["legal-notes"]] == ["/note-legali/"]


def test_licence_is_told_in_the_words_of_the_law(visit):
    tab = visit("/note-legali/")

    assert element(tab, "legal-notes-section").inner_text() == "Licenza dei contenuti"
    assert element(tab, "legal-notes-body").inner_text().split() == LICENCE.split()


def test_news_are_divided_as_in_the_national_model(visit):
    tab = visit("/novita/")

    assert element(tab, "news-category-link").all_inner_texts() == ["Notizie", "Comunicati", "Avvisi"]


def test_most_topics_carry_national_names(visit):
    tab = visit("/")
    with tab.expect_navigation():
        element(tab, "all-topics").click()
    named = element(tab, "topic-element").all_inner_texts()

    assert len([name for name in named if name in NATIONAL_TOPICS]) >= len(named) / 2 > 0
