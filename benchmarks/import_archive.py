"""How fast `import_archive` is, and whether its memory stays flat: 500 and 5,000 items of invented text."""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
MONTHS = "Gennaio Febbraio Marzo Aprile Maggio Giugno Luglio Agosto Settembre Ottobre Novembre Dicembre".split()
SUBJECTS = "fibra protezione salute scuola energia cultura turismo sport".split()
PLACES = ["Crema", "Offanengo", "Rivolta d’Adda", "Ripalta", "Soncino", "Castelleone", "Pandino", "Madignano"]
WORDS = """
    la biblioteca apre un nuovo orario per i lettori mentre il servizio dei trasporti cambia percorso e gli uffici
    ricevono su appuntamento; il bando chiede una domanda breve, l'elenco degli allegati e una firma: nessun costo
    per le famiglie, perchè la spesa e’ coperta dal contributo regionale di 4000 euro per ogni "progetto comune"
""".split()
TOPICS = f"""
from areaomogenea.topics.models import Topic
for word in {SUBJECTS}:
    Topic.objects.create(name=word, slug=word, short=word, summary=word, explanation=word, keywords=word)
"""


def item(number, chance):
    day = date(2024, 12, 31) - timedelta(days=number // 2)
    title = f"Avviso {number} da {chance.choice(PLACES)} su {' '.join(chance.sample(WORDS, 5))}"
    paragraphs = [" ".join(chance.choices(WORDS, k=50)).capitalize() + "." for _ in range(4)]
    paragraphs.append(f"Si parla di {chance.choice(SUBJECTS)} e di {chance.choice(SUBJECTS)}.")
    bullets = [f"  • Punto {point} di {chance.choice(PLACES)}" for point in range(3)]
    return "\n".join([title, "", *paragraphs, *bullets, "", f"{day.day} {MONTHS[day.month - 1]} {day.year}", "", ""])


def write_archive(path, count):
    chance = random.Random(2022)
    with path.open("w", encoding="utf-8") as file:
        file.write("Comunicato stampa\n\n")
        file.writelines(item(number, chance) for number in range(count))


def manage(folder, debug, *arguments):
    """Seconds by the clock, seconds of processor, and peak memory (MB) of one command."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'prova.sqlite3'}", "DEBUG": debug}
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments[0]}: exit status {process.returncode}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


class Import(NamedTuple):
    """Items per second, by the clock and by the processor, peak memory in MB, and items per second the second time."""

    rate: float
    rate_of_processor: float
    peak: float
    rate_again: float


def measured(count, debug, *options):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_archive(folder / "archivio.txt", count)
        manage(folder, debug, "migrate", "-v0")
        manage(folder, debug, "load_municipalities")
        manage(folder, debug, "shell", "-v0", "-c", TOPICS)
        seconds, busy, peak = manage(folder, debug, "import_archive", str(folder / "archivio.txt"), *options)
        again, *_ = manage(folder, debug, "import_archive", str(folder / "archivio.txt"), *options)
    return Import(count / seconds, count / busy, peak, count / again)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[500, 5000])
    parser.add_argument("--debug", action="store_true", help="as in a fresh clone, with DEBUG on")
    parser.add_argument("--publish", action="store_true")
    options = parser.parse_args()
    for count in options.counts:
        one = measured(count, str(options.debug), *(["--publish"] if options.publish else []))
        rates = f"{one.rate:4.0f} items/s ({one.rate_of_processor:.0f} of processor time)"
        print(f"{count:6,} items: {rates}, peak {one.peak:3.0f} MB; second run {one.rate_again:4.0f} items/s")


if __name__ == "__main__":
    main()
