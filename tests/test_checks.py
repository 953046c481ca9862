"""The checks before publishing: each with a text that fails and one that passes."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from areaomogenea.prose.html import clean
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import FormerAddress
from areaomogenea.quality.check_input import check_input_from, check_input_of, with_advice
from areaomogenea.quality.content_checks import (
    CHECKS,
    CheckedDocument,
    CheckInput,
    Count,
    Finding,
    Severity,
    blocking,
    count_contradicted,
    findings,
)
from areaomogenea.quality.internal_links import NOTHING_THERE, dead_links

from .factories import (
    make_attachment,
    make_communique,
    make_initiative,
    make_municipality,
    make_picture,
    make_term,
    make_topic,
)
from .processor import timed

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
EXPANSIONS = {"CER": "Comunità energetica rinnovabile", "SUAP": "Sportello unico per le attività produttive"}
HARD = (
    "L’amministrazione comunale, nell’ambito della programmazione pluriennale degli interventi infrastrutturali, "
    "ha approvato definitivamente la documentazione progettuale concernente la riqualificazione complessiva "
    "dell’illuminazione pubblica sovracomunale. "
)
LONG = " ".join(["una parola"] * 18) + "."


def make_check_input(**overrides):
    fields = {
        "title": "Apre il ponte",
        "summary": "Il ponte apre lunedì.",
        "body": "<p>Il ponte apre.</p>",
        "publish_at": NOW + timedelta(hours=1),
        "has_topics": True,
        "coverage": "area",
        "expansions": EXPANSIONS,
        "now": NOW,
    }
    return CheckInput(**fields | overrides)


def codes(sheet):
    return {finding.code for finding in findings(sheet)}


COUNT = Count(41, "nella tabella di «Energia»", ("Energia", "CER"), frozenset([9]))
OTHER = Count(30, "nella tabella di «Sportello»", ("Lo sportello unico",))

# code, what fails, what passes
BLOCKING = [
    ("title-without-letters", {"title": ""}, {}),
    ("title-without-letters", {"title": "🎉🎉 12"}, {"title": "🎉 Festa"}),
    ("summary-missing", {"summary": " "}, {"summary": "Il punto."}),
    ("body-missing", {"body": "<p> </p>"}, {"body": "<p>Testo</p>"}),
    ("body-missing", {"body": "<hr>"}, {"body": "<ul><li>Testo</li></ul>"}),
    ("body-too-long", {"body": f"<p>{'a ' * 100_001}</p>"}, {"body": f"<p>{'a ' * 90_000}</p>"}),
    ("topic-missing", {"has_topics": False}, {"has_topics": True}),
    ("coverage-missing", {"coverage": ""}, {"coverage": "nowhere"}),
    ("coverage-contradicted", {"coverage": "these"}, {"coverage": "these", "has_places": True}),
    ("coverage-contradicted", {"coverage": "area", "has_places": True}, {"coverage": "area"}),
    ("coverage-contradicted", {"coverage": "nowhere", "has_places": True}, {"coverage": "nowhere"}),
    ("over-before-it-is-out", {"expires_at": NOW}, {"expires_at": NOW + timedelta(hours=1)}),
    ("hour-missing-or-absurd", {"publish_at": None}, {"publish_at": NOW}),
    ("hour-missing-or-absurd", {"publish_at": NOW.replace(year=1970)}, {"publish_at": NOW.replace(year=2004)}),
    ("hour-missing-or-absurd", {"publish_at": NOW.replace(year=2999)}, {"publish_at": NOW.replace(year=2028)}),
    ("image-without-alternative", {"picture": " "}, {"picture": "La piazza"}),
    (
        "image-without-alternative",
        {"body": '<p>a</p><img src="/x">'},
        {"body": '<p>a</p><img src="/x" alt="La piazza">'},
    ),
    ("image-without-alternative", {"body": '<p>a</p><img src="/x" alt="">'}, {"picture": None}),
    (
        "attachment-without-description",
        {"documents": (CheckedDocument("Il bando", ""),)},
        {"documents": (CheckedDocument("Il bando", "Il testo del bando"),)},
    ),
    (
        "broken-link",
        {"body": '<p><a href="/x/">il bando</a></p>', "dead_links": {"/x/": "porta altrove"}},
        {"body": '<p><a href="/x/">il bando</a></p>'},
    ),
    (
        "broken-link",
        {"body": '<h2>Come fare</h2><p><a href="#quando">quando</a></p>'},
        {"body": '<h2>Come fare</h2><p><a href="#come-fare">come</a></p>'},
    ),
    ("broken-link", {"body": '<p><a href="">il bando</a></p>'}, {"body": '<p><a href="tel:037300">telefono</a></p>'}),
]


def body(*paragraphs):
    return {"body": "".join(f"<p>{words}</p>" for words in paragraphs)}


def same_body(html):
    return {"body": html}


WARNING = [
    ("acronym-unexplained", body("La CER apre."), body("La comunità energetica rinnovabile (CER) apre.")),
    (
        "acronym-unexplained",
        body("Il RTD risponde."),
        body("Il Responsabile per la transizione digitale (RTD) risponde."),
    ),
    (
        "acronym-unexplained",
        body("Il RTD (nuovo) risponde."),
        body("Il RTD (Responsabile transizione digitale) risponde."),
    ),
    ("acronym-unexplained", body("Usa lo SPID."), body("Usa lo SPID, cioè l’identità digitale.")),
    ("acronym-unexplained", {"title": "Il nuovo SUAP"}, {"title": "Il nuovo sportello"}),
    (
        "acronym-unexplained",
        body("Il testo (DGR) dice."),
        body("La delibera della Giunta regionale (in sigla DGR) dice."),
    ),
    ("acronym-unexplained", body("La CUC compra."), body('La <abbr title="Centrale unica">CUC</abbr> compra.')),
    ("acronym-unexplained", body("Vedi CIG del bando."), body("Vedi https://example.org/CIG del bando.")),
    ("hard-to-read", body(HARD, HARD), body("Il Comune apre un ufficio. " * 10)),
    ("long-sentence", body(LONG), body(LONG.replace("una parola una", "una parola. Una"))),
    ("long-sentence", {"summary": LONG}, {"summary": "Breve."}),
    ("heading-out-of-order", same_body("<h2>a</h2><h4>b</h4>"), same_body("<h2>a</h2><h3>b</h3><h4>c</h4><h2>d</h2>")),
    ("heading-out-of-order", same_body("<h3>a</h3>"), same_body("<h2>a</h2><h3>b</h3><h3>c</h3>")),
    ("vague-link", body('Per i moduli <a href="/">clicca qui</a>'), body('Scarica <a href="/">i moduli</a>')),
    ("vague-link", body('Leggi <a href="/">Qui.</a>'), body('<a href="/">Qui trovi i moduli</a>')),
    ("vague-link", body('<a href="https://a.it/x">https://a.it/x</a>'), body('<a href="mailto:a@b.it">a@b.it</a>')),
    ("vague-link", body('a<a href="https://a.it"></a>'), body('<a href="https://a.it">il sito del Comune</a>')),
    ("all-capitals", {"title": "AVVISO IMPORTANTE"}, {"title": "Avviso importante"}),
    ("all-capitals", body("È OBBLIGATORIO prenotare."), body("È obbligatorio prenotare alla CUC.")),
    ("wrong-weekday", body("Martedì 19 ottobre 2022 si apre."), body("Mercoledì 19 ottobre 2022 si apre.")),
    ("wrong-weekday", body("Apre martedì 9 marzo."), body("Apre lunedì 9 marzo.")),
    ("wrong-weekday", {"summary": "Il 30 e martedì 31 febbraio 2026."}, {"summary": "Il 28 febbraio."}),
    ("relative-time", body("Il ponte apre domani."), body("Il ponte apre domani, 11 marzo.")),
    ("relative-time", {"title": "Oggi si vota"}, {"title": "Ad oggi nessun voto"}),
    ("deadline-past", body("Domande entro il 3 marzo 2022."), body("Domande entro il 3 aprile 2026.")),
    (
        "deadline-past",
        body("Domande entro il 3/3/2026."),
        {"publish_at": NOW - timedelta(days=9)} | body("Entro il 3/3/2026."),
    ),
    (
        "over-already",
        {"expires_at": NOW - timedelta(days=1), "publish_at": NOW - timedelta(days=2)},
        {"expires_at": NOW, "publish_at": NOW - timedelta(days=2)},
    ),
    (
        "scanned-document",
        {"documents": (CheckedDocument("Atto", "a", False),)},
        {"documents": (CheckedDocument("Atto", "a", True),)},
    ),
    (
        "scanned-document",
        {"documents": (CheckedDocument("Atto", "a", False),)},
        {"documents": (CheckedDocument("Atto", "a"),)},
    ),
    (
        "title-used-lately",
        {"namesakes": {"apre il ponte": date(2026, 3, 1)}},
        {"namesakes": {"altro": date(2026, 3, 1)}},
    ),
    (
        "count-contradicted",
        {"body": "<p>Aderiscono trentasei Comuni.</p>", "counts": (COUNT,)},
        {"body": "<p>Aderiscono quarantuno Comuni, poi altri 5 Comuni.</p>", "counts": (COUNT,)},
    ),
    (
        "count-contradicted",
        {"title": "Sono 36 dei 48 Comuni", "counts": (COUNT,)},
        {"title": "Tutti i 48 Comuni, 9 Comuni di Fulcheria", "counts": (COUNT,)},
    ),
    (
        "count-contradicted",
        {"body": "<p>Lo sportello CER serve 36 Comuni.</p>", "counts": (COUNT, OTHER)},
        {"body": "<p>Lo sportello serve 36 Comuni.</p>", "counts": (COUNT, OTHER)},
    ),
    ("hour-left-to-others", {"publish_at": None, "is_for_others": True}, {"is_for_others": True}),
    ("advice-of-its-kind", {"of_its_kind": (Finding("La tappa era prevista per ieri.", "Spuntala."),)}, {}),
    ("rows-missing", {"of_its_text": (Finding("Il testo nomina una scadenza.", "Aggiungi la riga."),)}, {}),
]


@pytest.mark.parametrize(("code", "failing", "passing"), BLOCKING)
def test_what_blocks(code, failing, passing):
    assert code in {finding.code for finding in blocking(make_check_input(**failing))}
    assert code not in codes(make_check_input(**passing))


@pytest.mark.parametrize(("code", "failing", "passing"), WARNING)
def test_what_warns(code, failing, passing):
    assert code in codes(make_check_input(**failing))
    assert code not in codes(make_check_input(**passing))
    assert not blocking(make_check_input(**failing))


def test_every_check_has_its_texts():
    tried = {code for code, _, _ in BLOCKING + WARNING}

    assert tried == {check.__name__.replace("_", "-") for _, check in CHECKS}


def test_good_sheet_has_no_finding():
    assert findings(make_check_input()) == []


@pytest.mark.parametrize(
    "words",
    [
        "Nel XIX secolo, sotto Leone XIII.",
        "Spino d’Adda (CR) e Crespiatica (LO).",
        "Costa 20 EUR più IVA, in PDF.",
        "Il comune di CREMA: Crema risponde.",
        "AVVISO AI CITTADINI DI CREMA",
        "Scrivi a info@COMUNE.it o usa il modulo A21.",
        "La strada provinciale SP235.",
        "Consorzio IT e l’app IO.",
    ],
)
def test_what_is_no_acronym_is_left_alone(words):
    assert "acronym-unexplained" not in codes(make_check_input(**body(words)))


def test_acronym_of_the_glossary_comes_with_its_expansion():
    [finding] = [one for one in findings(make_check_input(**body("La CER e la CER."))) if one.passage == "CER"]

    assert finding.rewriting == "Comunità energetica rinnovabile (CER)"
    assert finding.rewriting in finding.advice


def test_finding_says_where_it_is():
    sheet = make_check_input(summary="Apre domani.", **body('Per i moduli <a href="/">clicca qui</a>'))
    places = {finding.code: (finding.field, finding.passage, finding.href) for finding in findings(sheet)}

    assert places == {
        "relative-time": ("summary", "domani", ""),
        "vague-link": ("body", "clicca qui", "/"),
    }


def test_all_that_is_found_says_what_to_do():
    sheets = [make_check_input(**failing) for _, failing, _ in BLOCKING + WARNING]

    assert all(
        finding.message and finding.advice.endswith((".", "»")) for sheet in sheets for finding in findings(sheet)
    )


# Links


@pytest.fixture
def portal(db):
    """A page of each kind that links may lead to."""
    make_topic(slug="cer").former_slugs.create(slug="energia")
    make_municipality(slug="crema")
    live = make_communique(kind="notizie", slug="viva")
    FormerAddress.objects.create(kind="notizie", slug="prima", publication_id=live.pk)
    make_communique(kind="notizie", slug="bozza", status="draft")
    make_communique(kind="notizie", slug="ritirata", status="withdrawn")
    make_communique(kind="notizie", slug="futura", publish_at=timezone.now() + timedelta(days=3))


GOOD = """
/ /novita/ /novita /novita/?tipo=notizie /novita/notizie/viva/ /novita/notizie/viva /novita/notizie/viva/#punto
/novita/notizie/prima/ /argomenti/cer/ /argomenti/energia/ /comuni/crema/ /glossario/#cer http://localhost/comuni/crema/
http://localhost:8000/novita/ //localhost/novita/ https://example.org/non-esiste/ mailto:a@example.org tel:+39037300
#punto /static/portal.css
""".split()
DEAD = """
/non-esiste/ /novita/notizie/bozza/ /novita/notizie/ritirata/ /novita/notizie/futura/ /novita/avvisi/viva/
/argomenti/altro/ /comuni/atlantide/ /file/documenti/2026/mai.pdf http://localhost/non-esiste /admin/ /admin/news/
www.example.org argomenti/cer/ http://[ /comuni/crema%00/ /file/%00
""".split()


@pytest.mark.parametrize("address", GOOD)
def test_link_that_readers_can_follow(portal, address):
    assert dead_links([address], timezone.now()) == {}


@pytest.mark.parametrize("address", DEAD)
def test_link_that_leads_nowhere(portal, address):
    assert [*dead_links([address], timezone.now())] == [address]


@pytest.mark.parametrize("kind", kinds.codes())
def test_link_to_the_own_address_of_any_kind_is_good(db, kind):
    make = make_initiative if kind == "iniziative" else partial(make_communique, kind=kind)
    live, draft = make(slug="viva").get_absolute_url(), make(slug="bozza", status="draft").get_absolute_url()

    assert dead_links([live, f"{live}?da=qui", draft], timezone.now()) == {draft: NOTHING_THERE}


def test_link_to_a_page_in_another_form_asks_for_the_page(db):
    make_initiative(slug="viva")
    make_communique(kind="avvisi", slug="viva")
    good = ["/iniziative/viva.pdf", "/iniziative/viva/mappa.svg", "/novita/avvisi/viva.txt"]
    bad = ["/iniziative/mai.pdf", "/iniziative/mai/mappa.svg", "/novita/notizie/viva.txt", "/comuni/mai/in-breve/"]

    assert [*dead_links([*good, *bad], timezone.now())] == bad


def test_link_to_a_picture_within_a_text_that_readers_see_is_good(db):
    picture = make_picture()
    make_communique(body=f'<figure><img src="{picture.file.url}" alt="x"></figure>')

    assert dead_links([*picture.urls.values()], timezone.now()) == {}


def test_link_to_what_comes_out_before_is_good(portal):
    assert dead_links(["/novita/notizie/futura/"], timezone.now() + timedelta(days=4)) == {}


def test_link_to_a_file_asks_who_shows_it(db):
    draft, live = make_communique(status="draft"), make_communique(picture=make_picture())
    own, shown = make_attachment(draft).file.url, [make_attachment(live).file.url, *live.picture.urls.values()]

    assert [*dead_links([own, *shown], timezone.now())] == [own]
    assert dead_links([own, *shown], timezone.now(), own=draft) == {}


@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_does_not_grow(portal, rows, django_assert_max_num_queries):
    for number in range(rows):
        make_communique(kind="notizie", slug=f"altra-{number}")
    addresses = [f"/novita/notizie/altra-{number}/" for number in range(rows)]

    with django_assert_max_num_queries(8):
        assert dead_links([*addresses, *GOOD], timezone.now()) == {}


# Sheets


def test_publication_and_form_make_the_same_sheet(db):
    topic, picture = make_topic(), make_picture()
    communique = make_communique([topic], picture=picture, subtitle="Da lunedì")
    make_attachment(communique)
    fields = ("title", "subtitle", "summary", "body", "publish_at", "coverage", "expires_at")
    typed = {name: getattr(communique, name) for name in fields}
    now = timezone.now()

    stored, form = check_input_of(communique), check_input_from(typed | {"topics": [topic], "picture": picture})
    stored.now = form.now = now

    assert stored.documents == (CheckedDocument("L’atto", "Il testo dell’atto"),)
    form.documents = stored.documents
    assert stored == form


def test_advice_brings_the_glossary_and_the_titles_of_late(db):
    make_term(acronym="CER", expansion="Comunità energetica rinnovabile")
    make_communique(title="Apre il ponte!")
    make_communique(title="Chiude il ponte", publish_at=timezone.now() - timedelta(days=31))
    make_communique(title="Cade il ponte", status="draft")
    own = make_communique(title="Resta il ponte")

    sheet = with_advice(check_input_of(own), own)

    assert dict(sheet.expansions) == {"CER": "Comunità energetica rinnovabile"}
    assert [*sheet.namesakes] == ["apre il ponte"]


# Cost

WORDS = "Il Comune apre un ufficio in piazza e tutti possono entrare ogni giorno. "
HOSTILE = {
    "no stop": "parola " * 28_000,
    "stops": "." * 200_000,
    "short sentences": "Ciao. " * 33_000,
    "capitals": "AA " * 60_000 + "AAa",
    "acronyms": "".join(
        f"<p>A{number:05}</p>".translate(str.maketrans("0123456789", "BCDEFGHIJK")) for number in range(14_000)
    ),
    "brackets": "AA (" * 50_000,
    "links": '<a href="/x">qui</a> ' * 7_000,
    "headings": "<h2>a</h2>" * 19_000 + '<a href="#b">b</a>',
    "days": "lunedì 1, " * 20_000,
    "times": "oggi " * 39_000 + "3 marzo",
    "deadlines": "entro " * 33_000,
    "addresses": "https://" * 25_000,
    "blocks": "<p>a</p>" * 25_000,
}


def seconds(html):
    sheet = make_check_input(body=clean(html))
    with timed() as cost:
        findings(sheet)
    return cost.own


def test_long_text_is_checked_while_it_is_typed():
    text = "".join(f"<p>{WORDS * 5}</p>" for _ in range(31))  # two thousand words

    assert min(seconds(text) for _ in range(3)) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_costs_no_more_than_its_length(html):
    assert seconds(html) < 2


def test_only_so_many_findings_alike_are_told():
    sheet = make_check_input(body='<p>a</p><img src="/x">' * 1_000)

    assert len(blocking(sheet)) == 10
    assert {finding.level for finding in blocking(sheet)} == {Severity.BLOCKS}


def test_number_of_comuni_is_compared_with_the_initiative_it_is_about(db):
    energy = make_initiative(title="Energia di tutti", body="<p>Aderiscono cinque Comuni.</p>")
    news = make_communique(title="5 Comuni aderiscono")
    for place in (make_municipality(), make_municipality()):
        energy.participations.create(municipality=place)
    apart = make_communique(title="5 Comuni aderiscono")
    news.linked.add(energy)

    groups = [[*count_contradicted(with_advice(check_input_of(one), one))] for one in (energy, news, apart)]

    where = "nella tabella di chi partecipa a «Energia di tutti» sono 2."
    assert [[one.message for one in group] for group in groups] == [
        [f"«cinque Comuni»: {where}"],
        [f"«5 Comuni»: {where}"],
        [],
    ]


def test_number_that_a_source_reports_counts_where_no_table_is_public(db):
    fibre = make_initiative(
        known="count", reported_count=43, reported_by="Regione", title="Fibra", body="<p>44 Comuni.</p>"
    )

    messages = [*count_contradicted(with_advice(check_input_of(fibre), fibre))]

    assert [one.message for one in messages] == ["«44 Comuni»: secondo la fonte di «Fibra» sono 43."]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Nel territorio dei 52 Comuni soci la rete ne ha raggiunti 40.", []),
        ("Dei 52 Comuni soci, quaranta sono collegati.", []),
        ("Su 52 Comuni ne sono collegati 40.", []),
        ("40 dei 52 Comuni hanno la fibra.", []),
        ("I 52 Comuni soci: 40 collegati.", []),
        ("Dei 52 Comuni soci la rete ne ha raggiunti 41.", ["52 Comuni"]),
        ("Erano 40, ora sono 44 Comuni.", ["44 Comuni"]),
        ("Dei 30 Comuni, 40 sono collegati.", ["30 Comuni"]),
        ("La rete ha raggiunto 52 Comuni il 14.40.", ["52 Comuni"]),
    ],
)
def test_number_of_all_stands_beside_that_of_those_who_take_part(text, wrong):
    sheet = make_check_input(body=f"<p>{text}</p>", counts=(Count(40, "secondo la fonte di «Fibra»", ()),))

    assert [finding.passage for finding in count_contradicted(sheet)] == wrong
