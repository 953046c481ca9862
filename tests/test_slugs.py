"""The name that a title gives an address: words apart, in plain letters, the same at the server and while one types."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from areaomogenea.naming.slugs import is_slug_of, slug_of

SCRIPT = Path(__file__).parent.parent / "static/src/desk/slugs.js"
SLUGS = {
    "Bilancio dell'anno": "bilancio-dell-anno",
    "Bilancio dell’anno": "bilancio-dell-anno",
    "l'AREA": "l-area",
    "Spino d'Adda": "spino-d-adda",
    "1°/2° lotto": "1-2-lotto",
    "1º e 2ª edizione": "1-e-2-edizione",
    "Luce & gas": "luce-e-gas",
    "Luce&gas": "luce-e-gas",
    "38.000 € per il ponte": "38000-euro-per-il-ponte",
    "1.250.000€": "1250000-euro",
    "28.5.2027": "28-5-2027",
    "art.5 e n.12": "art-5-e-n-12",
    "+20% in 5 anni": "piu-20-per-cento-in-5-anni",
    "La C.E.R. del Cremasco": "la-cer-del-cremasco",
    "S.p.A.": "spa",
    "C.E.R": "cer",
    "e.g.test": "eg-test",
    "Perché la città è così": "perche-la-citta-e-cosi",
    "PERCHÉ": "perche",
    "Straße, Łódź, œuvre": "strasse-lodz-oeuvre",
    "m² e CO₂": "m2-e-co2",
    "½ giornata": "1-2-giornata",
    "manu\u00adtenzione e\u200b fine": "manutenzione-e-fine",
    "SPID™ a sportello": "spid-a-sportello",
    "sotto_linea e – lineetta": "sotto-linea-e-lineetta",
    "  «Virgolette» … ": "virgolette",
    "❤\ufe0f cuore": "cuore",
    "🎉🎉": "",
    "Привет": "",
    "": "",
    "parola " * 30: "-".join(["parola"] * 14),
    "a" * 130: "a" * 100,
    f"{'a' * 99} bcd": "a" * 99,
    f"{'a' * 98} b c": f"{'a' * 98}-b",
}


@pytest.mark.parametrize(("title", "slug"), SLUGS.items())
def test_title_gives_its_words_apart(title, slug):
    assert slug_of(title) == slug


def test_desk_writes_the_same_while_it_is_typed():
    script = f"await import({json.dumps(SCRIPT.as_uri())}); "
    script += f"console.log(JSON.stringify({json.dumps(list(SLUGS))}.map((title) => URLify(title, 120))));"
    node = shutil.which("node") or pytest.fail("Node is not here: bin/prepare test installs it.")

    result = subprocess.run([node, "--input-type=module", "-e", script], check=True, capture_output=True, text=True)

    assert dict(zip(SLUGS, json.loads(result.stdout), strict=True)) == SLUGS


@pytest.mark.parametrize("slug", SLUGS.values())
def test_name_of_a_name_is_itself(slug):
    assert slug_of(slug) == slug


@pytest.mark.parametrize(
    ("slug", "is_made"), [("il-ponte", True), ("il-ponte-2", True), ("il-ponte-di-spino", False), ("ponte", False)]
)
def test_name_that_somebody_typed_is_told_from_one_that_was_made(slug, is_made):
    assert is_slug_of(slug, "Il ponte") is is_made


def test_long_title_is_no_work():
    assert slug_of("a." * 500_000) == slug_of("a." * 500)
