"""The process that opens what somebody brought: what it may use, what it knows, and whom it makes wait."""

import os
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from django.db import connection, connections
from django.test import Client
from openpyxl import Workbook

from areaomogenea.publishing.models import Publication
from areaomogenea.sandbox import limits, process
from areaomogenea.sandbox.errors import Refused, TooCostly, Unreadable

from .factories import make_communique, make_editor, make_initiative, make_topic
from .manuscripts import WordFile, upload
from .papers import pdf
from .test_desk import LIST
from .test_history import change, form_of
from .test_library import LIBRARY, WALL
from .test_library import upload as chosen_picture

FAST = limits.Allowance(cpu=1, memory=256 * limits.MEGABYTE, answer=limits.MEGABYTE)


def answer_of(name, *words, content=b"x"):
    return process.ask(f"tests.hostile:{name}", BytesIO(content), FAST, *words)


def test_answer_is_what_the_function_says():
    answer = answer_of("say_back", "è", 1, None, content=b"\0\xff")

    assert answer == {"words": ["è", 1, None], "content": b"\0\xff", "nothing": b""}


@pytest.mark.parametrize("name", ["burn", "swell", "talk_on"])
def test_too_much_time_memory_or_answer_ends_it(name):
    with pytest.raises(TooCostly):
        answer_of(name)


@pytest.mark.parametrize("name", ["break_down", "vanish", "open_many"])
def test_whatever_breaks_a_reader_breaks_only_its_process(name):
    with pytest.raises(Unreadable):
        answer_of(name)


def test_who_sends_a_file_waits_no_longer_than_patience(monkeypatch):
    monkeypatch.setattr(limits, "PATIENCE", 1)

    with pytest.raises(TooCostly):
        answer_of("be_stuck")


def test_process_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "segreto")

    assert "segreto" not in str(answer_of("tell_secrets"))


@pytest.mark.parametrize(
    "reader", ["sandbox.office_files", "sandbox.images", "sandbox.tables", "prose.document_reader"]
)
def test_readers_start_without_the_models(reader):
    """They start in a fifth of a second; Django with its models takes a whole one."""
    check = "import sys; sys.exit(bool({'django.db.models', 'django.forms'} & {*sys.modules}))"
    command = [sys.executable, "-c", f"import areaomogenea.{reader}; {check}"]

    assert subprocess.run(command, check=False, cwd=Path(__file__).parents[1]).returncode == 0


def test_more_files_at_once_are_asked_to_come_back(monkeypatch):
    monkeypatch.setattr(limits, "WAIT_FOR_ROOM", 0)
    for _ in range(limits.AT_ONCE):
        assert process.room.acquire(timeout=60)
    try:
        with pytest.raises(Refused, match=process.BUSY):
            answer_of("say_back")
    finally:
        for _ in range(limits.AT_ONCE):
            process.room.release()

    assert answer_of("say_back")


# Nobody else waits


def word_file():
    word = WordFile()
    word.title("Il ponte riapre")
    word.text("Da lunedì si passa.")
    return word.file()


def sheet_file(*rows):
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return upload(out.getvalue(), "foglio.xlsx")


def with_attachment(draft):
    row = {"attachments-TOTAL_FORMS": 1, "attachments-0-name": "Atto", "attachments-0-description": "Il testo"}
    return change(draft), form_of(draft) | row | {"attachments-0-file": pdf(), "_save": "1"}


def with_board(draft):
    initiative = make_initiative(status="draft")
    rows = ["Comune", "stato"], ["Crema", "Aderisce"]
    return f"/admin/initiatives/initiative/{initiative.pk}/comuni/importa/", {"sheet": sheet_file(*rows)}


FORMS = {
    "attachment": with_attachment,
    "picture": lambda draft: (f"{WALL}add/", chosen_picture()),
    "dialog": lambda draft: (LIBRARY, chosen_picture()),
    "document": lambda draft: (f"{LIST}da-documento/", {"document": word_file(), "kind": "comunicati"}),
    "sheet": lambda draft: (f"{LIST}importa/", {"sheet": sheet_file(["titolo"], ["Il ponte"])}),
    "board": with_board,
}


def stopped_child():
    """The process that is about to open a file."""
    while True:
        for path in Path("/proc/self/task").glob("*/children"):
            for pid in path.read_text().split():
                if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
                    return int(pid)
        sleep(0.01)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", FORMS)
def test_while_a_slow_file_is_opened_others_write(form, monkeypatch):
    monkeypatch.setattr(process, "PROGRAM", Path(__file__).with_name("stopped_child.py"))
    draft = make_communique([make_topic()], status="draft")
    address, data = FORMS[form](draft)
    client, answers = Client(), []
    client.force_login(make_editor(is_superuser=True))

    def post():
        try:
            answers.append(client.post(address, data))
        finally:
            connections.close_all()

    sender = Thread(target=post)
    sender.start()
    child = stopped_child()
    try:
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET lock_timeout = '5s'")
        changed = Publication.objects.filter(pk=draft.pk).update(title="Scritto intanto")
    finally:
        os.kill(child, signal.SIGCONT)
        sender.join(120)

    assert (changed, [answer.status_code < 400 for answer in answers]) == (1, [True])
