"""Sums, hours and days as they are typed at the desk, in every form of it, and as readers see them."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.contrib.admin import site
from django.urls import reverse

from areaomogenea.prose.forms import NumberBox
from news.models import Communique

from .factories import make_editor, make_initiative, make_municipality, make_picture
from .test_desk import form_data
from .test_parts import change, form_of, one_more

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # what forms make of what is typed
WITH_DECIMALS = (forms.DecimalField, forms.FloatField)


@pytest.fixture
def desk(client):
    client.force_login(make_editor(is_superuser=True))
    return client


@pytest.fixture
def draft():
    return make_initiative(status="draft", publish_at=None)


def errors_of(response):
    formsets = response.context["inline_admin_formsets"]
    return {
        name: messages
        for formset in formsets
        for form in formset.formset.forms
        for name, messages in form.errors.items()
    }


def test_no_form_of_the_desk_leaves_numbers_to_the_browser(desk):
    widgets = {}
    for model in site._registry:
        response = desk.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"))
        assert 'type="number"' not in response.text, model
        if response.status_code == 200:
            formsets = response.context["inline_admin_formsets"]
            for form in [response.context["adminform"].form, *(one.formset.empty_form for one in formsets)]:
                fields = form.fields.items()
                widgets |= {name: type(field.widget) for name, field in fields if isinstance(field, WITH_DECIMALS)}

    assert widgets == dict.fromkeys(["euros", "focal_x", "focal_y"], NumberBox)


def test_sum_is_read_and_shown_again_as_it_is_written(desk, draft):
    typed = one_more(
        draft, "amounts", what="Studio", euros="38.000,50", funder="GAL", standing="spent", precision="day"
    )

    desk.post(change(draft), form_of(draft, **typed))

    assert draft.amounts.get().euros == Decimal("38000.50")
    page = desk.get(change(draft)).text
    assert 'value="38.000,50"' in page
    assert 'inputmode="decimal"' in page


def test_row_with_nothing_but_a_badly_typed_sum_does_not_vanish(desk, draft):
    typed = one_more(draft, "amounts", euros="38,000", standing="planned", precision="day")

    response = desk.post(change(draft), form_of(draft, **typed))

    assert "si può leggere in due modi" in str(errors_of(response)["euros"])
    assert 'value="38,000"' in response.text
    assert not draft.amounts.exists()


@pytest.mark.parametrize("typed", ["0", "-5", "0,00"])
def test_sum_is_more_than_nothing(desk, draft, typed):
    row = one_more(draft, "amounts", what="Studio", euros=typed, funder="GAL", standing="spent", precision="day")

    response = desk.post(change(draft), form_of(draft, **row))

    assert errors_of(response) == {"euros": ["Scrivi una somma più grande di zero."]}


@pytest.mark.parametrize(
    ("typed", "chosen", "day", "precision"),
    [
        ("2027", "year", date(2027, 1, 1), "year"),
        ("2027", "day", date(2027, 1, 1), "year"),
        ("marzo 2027", "month", date(2027, 3, 1), "month"),
        ("03/2027", "day", date(2027, 3, 1), "month"),
        ("15/03/2027", "year", date(2027, 1, 1), "year"),
        ("15.3.2027", "day", date(2027, 3, 15), "day"),
        ("15/03/27", "day", date(2027, 3, 15), "day"),
    ],
)
def test_milestone_takes_a_year_or_a_month_for_what_they_are(desk, draft, typed, chosen, day, precision):
    row = one_more(draft, "milestones", title="Apre la caserma", on=typed, precision=chosen)

    desk.post(change(draft), form_of(draft, **row))

    step = draft.milestones.get()
    assert (step.on, step.precision) == (day, precision)


def test_milestone_says_how_to_write_a_day_that_it_does_not_understand(desk, draft):
    row = one_more(draft, "milestones", title="Apre la caserma", on="quando si potrà", precision="day")

    response = desk.post(change(draft), form_of(draft, **row))

    assert errors_of(response)["on"] == [
        "Scrivi la data come 31/12/2027; se sai solo il mese o l’anno, 12/2027 o 2027."
    ]


@pytest.mark.parametrize(("typed", "hour"), [("12.00", 12), ("9", 9), ("ore 18", 18)])
def test_hour_of_publication_is_read_as_it_is_typed(desk, typed, hour):
    desk.post("/admin/news/communique/add/", form_data(publish_at_0="24/11/2026", publish_at_1=typed))

    at = Communique.objects.get().publish_at
    assert at.astimezone().minute == 0
    assert at.hour == hour - 1  # in Rome, in November


def test_hour_of_publication_says_how_to_write_it(desk):
    response = desk.post("/admin/news/communique/add/", form_data(publish_at_0="24/11/2026", publish_at_1="mezzodì"))

    assert response.context["adminform"].form.errors["publish_at"] == ["Scrivi l’ora come 18:30."]


@pytest.mark.parametrize(("typed", "expected"), [("34.000", 34000), ("34000", 34000), ("950", 950)])
def test_population_is_read_with_its_point(desk, typed, expected):
    place = make_municipality(name="Crema")
    address = reverse("admin:municipalities_municipality_change", args=[place.pk])
    shown = desk.get(address).context["adminform"].form
    data = {name: shown.get_initial_for_field(field, name) for name, field in shown.fields.items()}
    data = {name: value for name, value in data.items() if value is not None} | {
        "population": typed,
        "population_date": "1.1.2026",
    }

    desk.post(address, data | {"aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0})

    place.refresh_from_db()
    assert place.population == expected


def test_focal_point_is_shown_and_read_with_a_comma(desk):
    picture = make_picture(focal_x=0.25)
    address = reverse("admin:library_picture_change", args=[picture.pk])
    assert 'value="0,25"' in desk.get(address).text

    words = {"alternative_text": "La piazza", "credit": "Archivio"}
    desk.post(address, words | {"focal_x": "0,75", "focal_y": "0.125"})

    picture.refresh_from_db()
    assert (picture.focal_x, picture.focal_y) == (0.75, 0.125)


# What readers see


def shown_sums(client, initiative):
    page = client.get(initiative.get_absolute_url()).text
    return re.findall(r'class="money-amount">(?:circa )?([0-9.,]+)<', page), page


def test_cents_are_shown_where_there_are_any_and_totals_are_true(client):
    initiative = make_initiative()
    for euros in ("38000.50", "120000"):
        initiative.amounts.create(what="Lavori", euros=euros, funder="Regione", standing="granted")

    sums, page = shown_sums(client, initiative)

    assert sums == ["120.000,00", "38.000,50", "158.000,50"]
    assert "<strong>158.000,50 €</strong>" in page


def test_round_sums_are_shown_without_cents(client):
    initiative = make_initiative()
    for euros in (38000, 120_000):
        initiative.amounts.create(what="Lavori", euros=euros, funder="Regione", standing="granted")

    assert shown_sums(client, initiative)[0] == ["120.000", "38.000", "158.000"]
