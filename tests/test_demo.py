"""The demo's logins: known to everybody, so they must stay on the computer that shows the demo."""

import pytest
from django.core.management import CommandError, call_command

from areaomogenea.accounts.models import User
from areaomogenea.checks import demo_logins_are_disabled
from areaomogenea.management.commands.demo import login_lines
from areaomogenea.management.commands.load_demo import LOGINS, Command, documents

from .factories import make_municipality

pytestmark = pytest.mark.django_db


# Of these the sources say how many Comuni take part, and not which.
ONLY_COUNTED = {"axel", "banda-ultralarga", "centri-di-raccolta", "ufficio-rtd", "varchi"}
ITEMS = {path: fields for folder in ("communiques", "initiatives") for path, fields in documents(folder)}


@pytest.mark.parametrize("item", ITEMS)
def test_item_of_the_demo_says_where_it_applies(item):
    fields = ITEMS[item]
    names, is_table = fields.get("municipalities", []), "groups" in fields
    text = " ".join([fields["title"], fields["summary"], fields["body"]]).replace("’", "'")

    assert (fields["coverage"] == "these") == bool(names or is_table)
    assert [name for name in names if name not in text] == []
    assert fields["slug"] not in ONLY_COUNTED or fields["coverage"] == "nowhere"


def make_logins():
    make_municipality(slug="crema")
    Command().make_logins()


def test_demo_makes_no_login_where_the_portal_is_served_for_real(settings):
    settings.HTTPS = True

    make_logins()

    assert not User.objects.exists()


def test_check_refuses_a_database_with_the_people_of_the_demo():
    make_logins()

    assert [error.id for error in demo_logins_are_disabled(None, databases=["default"])] == ["areaomogenea.E003"]
    User.objects.update(is_active=False)
    assert demo_logins_are_disabled(None, databases=["default"]) == []


def test_demo_is_not_served_for_real(settings):
    settings.HTTPS = True

    with pytest.raises(CommandError, match="solo su questo computer"):
        call_command("demo")


def test_login_with_a_second_factor_is_told_with_codes_that_work(client):
    make_logins()
    role, email, password = next(login for login in LOGINS if login[0] == "Responsabile")

    text = " ".join(login_lines(role, email, password))
    client.post("/accesso/", {"login": email, "password": password})
    client.post("/accesso/codice/", {"code": text.split()[-1]})

    assert client.get("/admin/").status_code == 200


def test_login_that_needs_no_second_factor_is_told_without(client):
    make_logins()

    assert len(list(login_lines("Redattore", "redattore@example.org", "fontanile-cremasco"))) == 1
