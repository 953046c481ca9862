"""Titles and texts as offices write them, with the topics and the Comuni that a person would set.

Each is (title, text, topics, Comuni, what is only touched on): slugs of topics, names of Comuni.
"""

import csv
import tomllib
from pathlib import Path

from areaomogenea.municipalities.gazetteer import Gazetteer
from areaomogenea.municipalities.models import Alias, Municipality
from areaomogenea.quality.suggestions import Suggester, Written
from areaomogenea.topics.models import Topic

ROOT = Path(__file__).resolve().parent.parent / "areaomogenea"
DATA = ROOT / "municipalities" / "data"

CASES = [
    # where a name stands
    ("Crema, riapre la piscina", "Da lunedì.", [], ["Crema"], []),
    ("Riapre la piscina", "Da lunedì a Crema si nuota.", [], ["Crema"], []),
    ("RIAPRE LA PISCINA DI RIVOLTA D’ADDA", "Da lunedì.", [], ["Rivolta d'Adda"], []),
    ("AVVISO: LAVORI A SPINO D'ADDA", "Da lunedì.", [], ["Spino d'Adda"], []),
    ("Lavori a Spino D’Adda", "Da lunedì.", [], ["Spino d'Adda"], []),
    ("Lavori a Casale Cremasco – Vidolasco", "Da lunedì.", [], ["Casale Cremasco-Vidolasco"], []),
    ("Lavori a Ripalta cremasca", "Da lunedì.", [], ["Ripalta Cremasca"], []),
    ("Lavori in corso #Offanengo", "Da lunedì.", [], ["Offanengo"], []),
    ("Lavori in corso", "Da lunedì. #SpinoDAdda #BandaUltralarga", ["banda-ultralarga"], ["Spino d'Adda"], []),
    ("Lavori in corso", "Da lunedì. #cremapulita", [], [], []),
    ("Lavori in corso", "Da lunedì. #CremaPulita", [], [], ["Crema"]),
    ("Il mercato si sposta", "Comune di Offanengo: il mercato si sposta.", [], ["Offanengo"], []),
    ("Comune di Madignano: si sposta il mercato", "Da lunedì.", [], ["Madignano"], []),
    ("Strade chiuse", "Chiuse le strade fra Izano, Fiesco e Trigolo.", [], ["Izano", "Fiesco", "Trigolo"], []),
    # one word in passing
    (
        "La biblioteca cambia orario",
        (
            "La biblioteca apre alle nove e chiude alle diciotto, tutti i giorni tranne la domenica "
            "e le feste comandate.\n"
            "I lettori possono chiedere i libri anche per telefono: arrivano in tre giorni dalle altre biblioteche.\n"
            "Un libro smarrito l’anno scorso è stato ritrovato a Izano, nel cestino di una bicicletta."
        ),
        [],
        [],
        ["Izano"],
    ),
    (
        "La biblioteca cambia orario",
        (
            "La biblioteca apre alle nove e chiude alle diciotto, tutti i giorni tranne la domenica "
            "e le feste comandate.\n"
            "A Izano i lettori sono quattrocento, e i prestiti crescono ogni anno. A Izano si va anche di sera."
        ),
        [],
        ["Izano"],
        [],
    ),
    (
        "La biblioteca cambia orario",
        (
            "La biblioteca apre alle nove e chiude alle diciotto, tutti i giorni tranne la domenica "
            "e le feste comandate.\n"
            "L’ordine del giorno toccava per ultima la protezione civile."
        ),
        [],
        [],
        ["protezione-civile"],
    ),
    (
        "La biblioteca cambia orario",
        (
            "La biblioteca apre alle nove e chiude alle diciotto, tutti i giorni tranne la domenica "
            "e le feste comandate.\n"
            "I Comuni del sistema:\n- Izano\n- Fiesco\n- Trigolo"
        ),
        [],
        ["Izano", "Fiesco", "Trigolo"],
        [],
    ),
    # bodies, streets, persons
    ("La Diocesi di Crema apre le sale", "Da lunedì.", [], [], ["Crema"]),
    ("Il vescovo di Crema visita le scuole", "Da lunedì.", [], [], ["Crema"]),
    ("ASST di Crema: prelievi anche il sabato", "Da lunedì.", ["sanita-sociale"], [], ["Crema"]),
    ("Ospedale Maggiore di Crema, nuovi orari", "Da lunedì.", ["sanita-sociale"], [], ["Crema"]),
    ("Le Diocesi di Lodi e Crema insieme", "Da lunedì.", [], [], ["Crema"]),
    ("Lavori in via Crema", "Da lunedì.", [], [], ["Crema"]),
    ("Lavori in viale Crema e piazza Castelleone", "Da lunedì.", [], [], ["Crema", "Castelleone"]),
    ("Lavori sulla strada per Soncino", "Da lunedì.", [], [], ["Soncino"]),
    ("Lavori sulla strada Crema-Lodi", "Da lunedì.", [], [], ["Crema"]),
    ("Lavori in via Macallè a Crema", "Da lunedì.", [], ["Crema"], []),
    ("Il nuovo comandante", "Il comandante Mario Crema prende servizio.", [], [], ["Crema"]),
    ("Il nuovo comandante", "Il dott. Crema prende servizio.", [], [], ["Crema"]),
    ("Il nuovo comandante", "Prende servizio il sig. Crema Mario.", [], [], ["Crema"]),
    ("Il nuovo comandante", "Prende servizio M. Crema.", [], [], ["Crema"]),
    ("Il sindaco di Madignano: avanti insieme", "Così Elena Festari.", [], [], ["Madignano"]),
    ("Avanti insieme", "Lo dice la sindaca del Comune di Madignano.", [], [], ["Madignano"]),
    ("Crema e il suo circondario crescono", "Di poco.", [], [], ["Crema"]),
    ("Nuovi orari", "Crema, 3 dicembre 2022\nGli uffici cambiano orario.", [], [], ["Crema"]),
    ("Trescore Balneario, terme aperte", "Da lunedì.", [], [], ["Trescore Cremasco"]),
    ("Gita al Monte Rosa e a Palazzo Lombardia", "Da lunedì.", [], [], []),
    ("Chi siede al tavolo", "Il tavolo dei sindaci.\nCinzia Fontana\nCrema\nScuole", [], [], ["Crema"]),
    # no Comune at all
    ("L’Area Omogenea Cremasca e la provincia di Cremona", "Lo scrive Crem@online.", ["area-omogenea"], [], []),
    ("La crema del Cremasco", "Una crema fresca.", [], [], []),
    # bare names that several share
    ("Il mercato di Ripalta", "Da lunedì.", [], [], ["Ripalta Arpina", "Ripalta Cremasca", "Ripalta Guerina"]),
    ("Il mercato di CASALETTO", "Ieri.", [], [], ["Casaletto Ceredano", "Casaletto di Sopra", "Casaletto Vaprio"]),
    ("Il mercato di Ripalta Arpina", "A Ripalta si va di sabato.", [], ["Ripalta Arpina"], []),
    # all the Area
    ("Uno sportello per tutti i 48 Comuni", "Oggi lo ospita il Comune di Offanengo.", [], [], ["Offanengo"]),
    # topics, however their words are written
    ("La fibra FTTH arriva in paese", "Da lunedì.", ["banda-ultralarga"], [], []),
    ("#BandaUltralarga, si parte", "Da lunedì.", ["banda-ultralarga"], [], []),
    ("#bandaultralarga, si parte", "Da lunedì.", ["banda-ultralarga"], [], []),
    ("Le fibre ottiche in ogni casa", "Da lunedì.", ["banda-ultralarga"], [], []),
    ("Ecopiazzola chiusa", "Da lunedì.", ["ambiente-rifiuti"], [], []),
    ("Nuovo Centro di Raccolta", "Da lunedì.", ["ambiente-rifiuti"], [], []),
    ("LE COMUNITA' ENERGETICHE", "Da lunedì.", ["cer"], [], []),
    ("Le comunita energetiche", "Da lunedì.", ["cer"], [], []),
    ("Una C.E.R. per il paese", "Da lunedì.", ["cer"], [], []),
    ("Suap, si cambia", "Da lunedì.", ["suap"], [], []),
    ("Gare d’appalto più semplici", "Da lunedì.", ["cuc"], [], []),
    ("Il presidente all’Area Omogenea", "Parla dell’Area.", ["area-omogenea"], [], []),
    ("Le novità nell’Area Omogenea", "Da lunedì.", ["area-omogenea"], [], []),
    ("Un cero acceso", "L’amministratore delegato ringrazia.", [], [], []),
    ("La lettura delle targhe", "Da lunedì.", ["polizia-locale-varchi"], [], []),
    ("Sanita' più vicina", "Da lunedì.", ["sanita-sociale"], [], []),
    ("Il raccolto di mais", "Da lunedì.", [], [], []),
]


def demo_suggester():
    """With the topics of the demonstration and the Comuni of the territory, and no database."""
    files = sorted((ROOT / "demo" / "topics").glob("*.toml"))
    topics = [Topic(name=path.stem, slug=path.stem, keywords="\n".join(table(path)["keywords"])) for path in files]
    return Suggester(topics, Gazetteer([*municipalities()]))


def municipalities():
    aliases = {}
    for row in rows("aliases.csv"):
        alias = Alias(text=row["alias"], safe_alone=row["safe_to_match_alone"] == "yes")
        aliases.setdefault(row["istat"], []).append(alias)
    for row in [*rows("municipalities.csv"), *rows("outside.csv")]:
        municipality = Municipality(pk=int(row["istat"]), istat_code=row["istat"], name=row["name"])
        municipality._prefetched_objects_cache = {"aliases": aliases.get(row["istat"], [])}
        yield municipality


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def table(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def answers(suggester, title, text, subtitle=""):
    """Slugs of topics, names of Comuni, and all that is only perhaps meant."""
    suggestions = suggester.suggest(Written(title, text, subtitle))
    topics = [one.rows[0].slug for one in suggestions if one.field == "topics" and one.is_certain]
    places = [one.rows[0].name for one in suggestions if one.field == "municipalities" and one.is_certain]
    return (
        topics,
        places,
        [getattr(row, "slug", "") or row.name for one in suggestions if not one.is_certain for row in one.rows],
    )
