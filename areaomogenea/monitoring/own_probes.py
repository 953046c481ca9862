"""The probes of this room: what every portal stands on, whatever it publishes."""

import os
import pkgutil
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage, storages
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince

from areaomogenea.accounts import deferred_mail

from . import works
from .faults import faults_of_last_day
from .models import LastRun
from .probes import AWAY, DATABASE, Reading, State, register_probe

PATIENCE = 3  # seconds that a disk or a server of caches may take
PIECE = bytes(4096)
LITTLE_ROOM, LITTLE_SHARE = 2 * 2**30, 0.05  # bytes, and of the whole disk: less than both is little
NO_ROOM = 200 * 2**20
BACKUP = "copia"
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="probes")


def register() -> None:
    works.register_work(
        BACKUP,
        "Copia di sicurezza",
        within=A_DAY,
        remedy="Guarda perché: journalctl -u areaomogenea-backup. A mano: sudo portale manage backup",
    )
    register_probe(DATABASE, "Banca dati", database)
    register_probe("migrazioni", "Tabelle della banca dati", migrations)
    register_probe("file", "File caricati", files, asks_database=False)
    register_probe("memoria", "Memoria di lavoro", working_memory)
    register_probe(BACKUP, "Copia di sicurezza", backup)
    register_probe("lavori", "Lavori che tornano", recurring_works)
    register_probe("disco", "Posto sul disco", disk, is_public=False, asks_database=False)
    register_probe("lettere", "Lettere", letters, is_public=False, is_alarm=False, asks_database=False)
    register_probe("errori", "Errori", errors, is_public=False, is_alarm=False, asks_database=False)


def within_patience(ask: Callable[[], object]) -> None:
    """Raises what it raises; WaitedTooLong from a disk or a server that does not answer at all."""
    answer = _threads.submit(ask)
    try:
        answer.result(PATIENCE)
    finally:
        answer.cancel()  # what still waits behind others that hang


def database() -> Reading:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return Reading(State.FAULT, "Non risponde: i lettori vedono solo le pagine già pronte.", AWAY)
    return Reading(State.WELL, f"Risponde ({connection.display_name}).")


def migrations() -> Reading:
    known = on_disk()
    applied = set(MigrationRecorder(connection).applied_migrations())
    if missing := len(known - applied):
        words = "Manca 1 aggiornamento" if missing == 1 else f"Mancano {missing} aggiornamenti"
        return Reading(
            State.FAULT, f"{words}: qualche pagina può non riuscire.", "Falli con: sudo portale manage migrate"
        )
    return Reading(State.WELL, "Sono quelle di questa versione del portale.")


@cache
def on_disk() -> frozenset[tuple[str, str]]:
    """Of each app its migrations, by the names of their files: to import them all would keep them in memory."""
    names = set()
    for label in (config.label for config in apps.get_app_configs()):
        module, _ = MigrationLoader.migrations_module(label)
        try:
            path = import_module(module).__path__ if module else []
        except ModuleNotFoundError:
            continue
        names |= {(label, one.name) for one in pkgutil.iter_modules(path) if one.name[0] not in "_~"}
    return frozenset(names)


def files() -> Reading:
    try:
        within_patience(write_a_little)
    except (OSError, WaitedTooLong):
        return Reading(
            State.FAULT,
            "Non si possono salvare: chi scrive non può allegare foto e documenti.",
            "Guarda se il disco è pieno (df -h) e se la cartella dei file è di chi fa girare il portale.",
        )
    return Reading(State.WELL, "Si possono salvare.")


def write_a_little() -> None:
    storage = storages["default"]
    if not isinstance(storage, FileSystemStorage):
        storage.exists("salute")
        return
    folder = Path(storage.location)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(PIECE)
        file.flush()


def working_memory() -> Reading:
    """The table of the cache is only read: whatever is written makes every kept page be drawn anew."""
    try:
        caches["default"].get("salute")
        within_patience(ask_counters)
    except Error:
        raise
    except Exception:
        return Reading(
            State.WARNING,
            "Il server della memoria di lavoro non risponde: il portale va avanti senza.",
            "Controlla CACHE_URL e il suo server (Valkey o Redis).",
        )
    return Reading(State.WELL, "Risponde.")


def ask_counters() -> None:
    caches["counters"].set("salute", os.getpid(), 60)
    caches["counters"].get("salute")


def disk() -> Reading:
    usages = [shutil.disk_usage(existing(Path(path))) for path in (settings.MEDIA_ROOT, settings.VAR_DIR)]
    tightest = min(usages, key=lambda usage: usage.free)
    words = f"Liberi {filesizeformat(tightest.free)} su {filesizeformat(tightest.total)}."
    remedy = "Libera spazio (df -h, du -sh), o allarga il disco. Le copie di sicurezza stanno meglio su un altro."
    if tightest.free < NO_ROOM:
        return Reading(State.FAULT, f"{words} Sta per finire.", remedy)
    if tightest.free < LITTLE_ROOM and tightest.free < tightest.total * LITTLE_SHARE:
        return Reading(State.WARNING, f"{words} È poco.", remedy)
    return Reading(State.WELL, words)


def existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


def ago(at: datetime) -> str:
    return "poco fa" if timezone.now() - at < A_MINUTE else f"{timesince(at, depth=1)} fa"


def backup() -> Reading:
    run = LastRun.objects.filter(name=BACKUP).first()
    work = works.work_named(BACKUP)
    if run and run.succeeded_at:
        is_old = timezone.now() - run.succeeded_at > work.within
        words = f"L’ultima riuscita è di {ago(run.succeeded_at)}."
        if not is_old:
            return Reading(State.WELL, words, latest=run.succeeded_at)
        since = run.succeeded_at + work.within
        return Reading(State.WARNING, f"È vecchia. {words}", work.remedy, since, latest=run.succeeded_at)
    if run:
        return Reading(State.WARNING, "Non è mai riuscita.", work.remedy, run.failing_since)
    if not settings.HTTPS:  # a trial on somebody's computer
        return Reading(State.UNUSED, "Nessuno ne ha mai fatte: su un server ci pensa un timer.")
    remedy = "Accendi il timer: sudo systemctl enable --now areaomogenea-backup.timer"
    return Reading(State.WARNING, "Nessuno ne ha mai fatte.", remedy, patience=A_DAY)


def recurring_works() -> list[Reading]:
    runs = LastRun.objects.in_bulk()
    others = [work for work in works.every() if work.name != BACKUP]
    return [replace(reading_of(work, runs.get(work.name)), name=work.name, label=work.label) for work in others]


def reading_of(work: works.Work, run: LastRun | None) -> Reading:
    if run is None:
        if not settings.HTTPS:
            return Reading(State.UNUSED, "Non è mai partito.")
        return Reading(State.WARNING, "Non è mai partito.", work.remedy, patience=work.within)
    if run.failing_since:
        words = f"Non riesce ({run.error})."
        return Reading(State.WARNING, words, LOOK, run.failing_since, run.succeeded_at)
    if timezone.now() - run.ended_at > work.within:
        if not settings.HTTPS:
            return Reading(State.UNUSED, f"Riuscito {ago(run.ended_at)}; da solo non riparte.", latest=run.succeeded_at)
        words = f"È fermo da {timesince(run.ended_at, depth=1)}."
        return Reading(State.WARNING, words, work.remedy, run.ended_at + work.within, run.succeeded_at)
    return Reading(State.WELL, f"Riuscito {ago(run.ended_at)}.", latest=run.succeeded_at)


LOOK = "Guarda il registro (journalctl -u areaomogenea-tick): dice quale riga si è fermata e perché."


def letters() -> Reading:
    failed = [one for one in faults_of_last_day().latest_first() if one.logger == deferred_mail.__name__]
    waiting = deferred_mail.waiting()
    leaving = f" In partenza: {waiting}." if waiting else ""
    if failed:
        number, latest = sum(one.times for one in failed), datetime.fromtimestamp(failed[0].latest).astimezone()
        words = f"Non partite nelle ultime 24 ore: {number}, l’ultima {ago(latest)}.{leaving}"
        return Reading(State.WARNING, words, "Controlla EMAIL_URL e il server della posta.", latest)
    if settings.EMAIL_BACKEND in LOCAL_BACKENDS:
        return Reading(State.UNUSED, "Da questo computer non parte nessuna lettera.", "Imposta EMAIL_URL.")
    return Reading(State.WELL, f"Nessuna è rimasta qui nelle ultime 24 ore.{leaving}")


LOCAL_BACKENDS = [
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased", "locmem")
]


def errors() -> Reading:
    faults = faults_of_last_day()
    if not faults.number:
        return Reading(State.WELL, "Nessuno nelle ultime 24 ore.")
    latest = max(one.latest for one in faults.sightings.values())
    words = f"Nelle ultime 24 ore: {faults.number}. L’ultimo {ago(datetime.fromtimestamp(latest).astimezone())}."
    return Reading(State.WARNING, words, "Sono elencati qui sotto, con ciò che serve a chi li ripara.")
