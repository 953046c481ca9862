"""Until when a page holds: a day lasts to its end, in Rome, whatever the clocks do."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from areaomogenea.identity.models import Identity
from areaomogenea.publishing.expiry import end_of, expiry_in_words, is_over, over_since, until
from areaomogenea.publishing.expiry_fields import ExpiryFormField
from areaomogenea.publishing.models import Publication

from .factories import make_communique, make_municipality, make_topic, rome

NOON = rome(2026, 12, 10, 12)


@pytest.mark.parametrize(
    ("at", "before", "after", "short"),
    [
        (
            end_of(date(2026, 12, 10)),
            "Vale fino al 10 dicembre 2026",
            "Non vale più dall’11 dicembre 2026",
            "10 dicembre 2026",
        ),
        (
            end_of(date(2026, 12, 8)),
            "Vale fino all’8 dicembre 2026",
            "Non vale più dal 9 dicembre 2026",
            "8 dicembre 2026",
        ),
        (
            end_of(date(2026, 12, 31)),
            "Vale fino al 31 dicembre 2026",
            "Non vale più dal 1º gennaio 2027",
            "31 dicembre 2026",
        ),
        (
            end_of(date(2027, 1, 1)),
            "Vale fino al 1º gennaio 2027",
            "Non vale più dal 2 gennaio 2027",
            "1º gennaio 2027",
        ),
        (
            end_of(date(2026, 10, 25)),
            "Vale fino al 25 ottobre 2026",
            "Non vale più dal 26 ottobre 2026",
            "25 ottobre 2026",
        ),
        (
            end_of(date(2027, 3, 28)),
            "Vale fino al 28 marzo 2027",
            "Non vale più dal 29 marzo 2027",
            "28 marzo 2027",
        ),
        (
            NOON,
            "Vale fino alle 12:00 del 10 dicembre 2026",
            "Non vale più dalle 12:00 del 10 dicembre 2026",
            "10 dicembre 2026, 12:00",
        ),
        (
            rome(2026, 7, 11, 1, 30),
            "Vale fino all’1:30 dell’11 luglio 2026",
            "Non vale più dall’1:30 dell’11 luglio 2026",
            "11 luglio 2026, 01:30",
        ),
    ],
)
def test_expiry_is_said_in_words(at, before, after, short):
    assert (until(at), over_since(at), expiry_in_words(at)) == (before, after, short)


@pytest.mark.parametrize("day", [date(2026, 12, 10), date(2026, 10, 25), date(2027, 3, 28)])
def test_day_lasts_to_its_end(day):
    midnight = rome(day.year, day.month, day.day) + timedelta(days=1)

    assert not is_over(end_of(day), midnight - timedelta(microseconds=1))
    assert is_over(end_of(day), midnight)


def test_hour_holds_until_it_has_gone_by():
    assert not is_over(NOON, NOON + timedelta(milliseconds=900))
    assert is_over(NOON, NOON + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        (["10/12/2026", ""], end_of(date(2026, 12, 10))),
        (["10/12/2026", "12:00"], NOON),
        (["10/07/2026", "23:59"], rome(2026, 7, 10, 23, 59)),
        (["", ""], None),
    ],
)
def test_form_reads_a_day_or_an_hour_and_shows_the_same_again(typed, at):
    field = ExpiryFormField(required=False)

    assert field.clean(typed) == at
    pairs = zip(field.widget.widgets, field.widget.decompress(at), strict=True)
    assert [(box.format_value(value) or "").removesuffix(":00") for box, value in pairs] == [
        text.removesuffix(":00") for text in typed
    ]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["", "12:00"], "Scrivi anche il giorno."),
        (["31/02/2026", ""], "Scrivi il giorno come 31/12/2026."),
        (["10/12/2026", "mezzogiorno"], "Scrivi l’ora come 18:30, o lasciala vuota."),
        (["28/03/2027", "02:30"], "Quella notte cambia l’ora, e questa non vale: scegline un’altra."),
        (["10/12/2226", ""], "Scrivi un anno fra il 2004 e il 2100."),
    ],
)
def test_form_says_what_is_wrong_with_it(typed, message):
    with pytest.raises(ValidationError) as refused:
        ExpiryFormField(required=False).clean(typed)

    assert refused.value.messages == [message]


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "words"), [(1, "Vale fino a"), (-1, "Non vale più da")])
def test_page_says_until_when_it_holds(client, days, words):
    out = rome(2026, 1, 1)
    expires_at = end_of(localdate() + timedelta(days=days))
    communique = make_communique(title="Il ponte", publish_at=out, expires_at=expires_at)

    page = client.get(communique.get_absolute_url()).text

    assert words in page
    assert ("Non è più in corso" in page) == (days < 0)


@pytest.mark.django_db
def test_page_without_an_expiry_says_nothing_of_it(client):
    assert "validity" not in client.get(make_communique().get_absolute_url()).text


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_rows_and_row_agree_on_what_is_current(seconds):
    at = rome(2026, 3, 1)
    with time_machine.travel(at, tick=False):
        page = make_communique(publish_at=rome(2026, 1, 1), expires_at=at + timedelta(seconds=seconds))

        assert Publication.objects.current().exists() == (not page.is_over) == (seconds >= 0)


@pytest.fixture
def over():
    """A notice of Crema whose time is up."""
    places = {"topics": [make_topic(slug="acqua")], "places": [make_municipality(slug="crema")]}
    make_communique(**places, kind="avvisi", title="Ancora in corso")
    hours = {"publish_at": rome(2026, 1, 1), "expires_at": end_of(localdate() - timedelta(days=1))}
    return make_communique(**places, **hours, title="Acqua chiusa", kind="avvisi")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    """
    / /novita/ /novita/avvisi/ /novita/?comune=crema /argomenti/acqua/ /comuni/crema/ /comuni/crema/in-breve/
    /feed/rss.xml /feed/feed.json?argomento=acqua /incorpora/elenco/ /incorpora/elenco/?tipo=avvisi
    """.split(),
)
def test_what_is_over_leaves_what_tells_of_today(client, over, address):
    assert over.title not in client.get(address).text

    Publication.objects.update(expires_at=None)
    assert over.title in client.get(address).text


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["scadute=1", "anno=2026", "anno=2026&mese=1", "dal=2026-01-01", "al=2026-01-01"])
def test_archive_lists_what_is_over_and_says_so(client, over, query):
    page = client.get(f"/novita/?{query}").text

    assert over.title in page
    assert "Non è più in corso" in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/cerca/?q=acqua", "/feed/rss.xml?anno=2026", "/api/v1/novita"])
def test_what_is_over_is_still_known(client, over, address):
    assert over.title in client.get(address).text


@pytest.mark.django_db
@pytest.mark.parametrize(("years", "is_told"), [(2, True), (4, False), (None, False)])
def test_old_page_says_its_age_before_all_else(client, years, is_told):
    Identity(pk=1, aging_years=years).save()
    with time_machine.travel(rome(2026, 3, 1), tick=False):
        page = client.get(make_communique(publish_at=rome(2023, 2, 28)).get_absolute_url()).text

    assert ("Questa pagina è di 3 anni fa." in page) == is_told
    assert not is_told or page.index("3 anni fa") < page.index("<h1")
