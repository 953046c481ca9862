"""publiccode.yml: what catalogues of software for public bodies read of this one, as their standard wants it."""

import re
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

ROOT = Path(__file__).parent.parent
NEEDED = {
    *("publiccodeYmlVersion", "name", "url", "releaseDate", "platforms", "categories", "developmentStatus"),
    *("softwareType", "organisation", "description", "legal", "maintenance", "localisation"),
}
MORE = {"softwareVersion", "logo", "intendedAudience", "dependsOn", "IT"}
pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def publiccode():
    return yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_it_has_the_keys_that_the_standard_knows_and_all_that_it_needs(publiccode):
    assert publiccode["publiccodeYmlVersion"] == "0.5"
    assert NEEDED <= publiccode.keys() <= NEEDED | MORE
    assert publiccode["developmentStatus"] in ("concept", "development", "beta", "stable", "obsolete")
    assert publiccode["softwareType"] == "standalone/web"
    assert publiccode["platforms"] == ["web"]
    assert date.fromisoformat(publiccode["releaseDate"])


def test_addresses_are_whole_and_files_are_there(publiccode):
    for address in (publiccode["url"], publiccode["organisation"]["uri"]):
        assert urlsplit(address).scheme in ("https", "urn")
    assert (ROOT / publiccode["logo"]).suffix in (".svg", ".png")
    assert (ROOT / publiccode["logo"]).is_file()


def test_texts_are_as_long_as_they_may_be(publiccode):
    assert list(publiccode["description"]) == ["it"]
    words = publiccode["description"]["it"]
    assert 0 < len(words["shortDescription"]) <= 150
    assert 150 <= len(words["longDescription"]) <= 10_000
    assert 5 <= len(words["features"]) <= 20
    assert max(map(len, words["features"])) <= 100


def test_it_says_of_the_project_what_the_project_says(publiccode, project):
    assert publiccode["legal"]["license"] == project["license"]
    assert publiccode["softwareVersion"] == project["version"]
    python = next(one for one in publiccode["dependsOn"]["open"] if one["name"] == "Python")
    first, beyond = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project["requires-python"]).groups()
    assert (python["versionMin"], python["versionMax"]) == (f"3.{first}", f"3.{int(beyond) - 1}")


def test_somebody_maintains_it_in_the_language_that_it_has(publiccode):
    assert publiccode["maintenance"]["type"] == "internal"
    assert all(contact["name"] for contact in publiccode["maintenance"]["contacts"])
    assert publiccode["localisation"] == {"localisationReady": False, "availableLanguages": ["it"]}


def test_italian_part_claims_no_platform_that_is_not_used(publiccode):
    italian = publiccode["IT"]
    assert italian["countryExtensionVersion"] == "1.0"
    assert not any(italian["piattaforme"].values())
    assert italian["conforme"].keys() <= {
        "lineeGuidaDesign",
        "modelloInteroperabilita",
        "misureMinimeSicurezza",
        "gdpr",
    }
