"""The command that imports archives: all of a file or nothing, never twice, and honest about the rest."""

import json
import os
import re
from datetime import datetime
from io import StringIO
from pathlib import Path
from select import select

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from areaomogenea.publishing.models import Doubt, Publication
from news.archive import read_listing
from news.management.commands import import_archive
from news.models import ArchiveItem, Communique
from news.retellings import twins_in_archive
from tests.factories import make_communique, make_municipality, make_topic

SAMPLE = Path(__file__).parent / "data" / "archivio-di-prova.txt"
ITEM = "Comunicato stampa\n\nIl nuovo orario\n\nSi apre alle nove.\n\n5 Dicembre 2023\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(tmp_path):
    def write(content, name="archivio.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def run(*arguments):
    """What the command printed, its messages, and the error it ended with."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_archive", *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), err.getvalue(), str(error)
    return out.getvalue(), err.getvalue(), ""


def rows_of(*arguments):
    out, _, _ = run("--json", *arguments)
    return json.loads(out)


def rome(day, hour=0):
    return datetime(2023, 12, day, hour, tzinfo=timezone.get_default_timezone())


def results(rows):
    return [row["result"] for row in rows]


def test_items_come_in_as_drafts_at_midnight_in_rome(archive):
    _, _, error = run(archive(ITEM))

    communique = Communique.objects.get()
    assert error == ""
    assert (communique.title, communique.kind, communique.status) == ("Il nuovo orario", "comunicati", "draft")
    assert timezone.localtime(communique.publish_at).isoformat() == "2023-12-05T00:00:00+01:00"
    assert (communique.summary, communique.body) == ("Si apre alle nove.", "<p>Si apre alle nove.</p>")
    assert communique.archive_item.file_name == "archivio.txt"
    assert list(communique.doubts.values_list("code", flat=True)) == ["summary-suggested", "coverage-unknown"]


def test_imported_items_can_be_searched(archive):
    run(archive(ITEM))

    assert [publication.title for publication in Publication.objects.search("orari")] == ["Il nuovo orario"]


def test_item_without_date_has_no_hour():
    run(SAMPLE)

    dateless = Communique.objects.filter(publish_at=None)
    assert sorted(dateless.values_list("title", flat=True)) == [
        "Comunicato Stampa - Area Omogenea Cremasca - Gli uffici cambiano orario",
        "Mercato contadino - Ogni sabato a Vailate",
    ]


def test_second_run_imports_nothing_and_says_so():
    run(SAMPLE)
    out, _, error = run(SAMPLE)

    assert (Communique.objects.count(), ArchiveItem.objects.count(), error) == (6, 6, "")
    assert "Importati: 0. Già presenti: 6. Rifiutati: 0. Non c’era nulla di nuovo." in out


def test_item_edited_since_is_still_known(archive):
    path = archive(ITEM)
    run(path)
    Communique.objects.update(title="Un altro titolo", publish_at=None)

    assert results(rows_of(path)) == ["duplicate"]


def test_what_an_editor_wrote_with_that_title_and_date_is_known(archive):
    make_communique(title="il nuovo  orario", publish_at=rome(5, 18))

    assert results(rows_of(archive(ITEM))) == ["duplicate"]


def test_same_title_on_another_day_is_another_item(archive):
    make_communique(title="Il nuovo orario", publish_at=rome(6))

    assert results(rows_of(archive(ITEM))) == ["created"]


@pytest.mark.parametrize("dry_run", [[], ["--dry-run"]])
def test_item_listed_twice_comes_in_once(archive, dry_run):
    one, other = archive(ITEM + ITEM, "uno.txt"), archive(ITEM, "altro.txt")

    assert results(rows_of(one, other, *dry_run)) == ["created", "duplicate", "duplicate"]


def test_dry_run_writes_nothing_and_says_what_would_happen():
    rows = rows_of(SAMPLE, "--dry-run")

    assert (results(rows), Communique.objects.count(), Doubt.objects.count()) == (["created"] * 6, 0, 0)


def test_topics_and_certain_comuni_are_set_and_uncertain_ones_are_doubts(archive):
    energy = make_topic(name="Energia", slug="energia", keywords="pannell*")
    make_topic(name="Strade", slug="strade", keywords="strad*")
    crema = make_municipality(name="Crema", istat_code="019035")
    make_municipality(name="Ripalta Arpina")
    make_municipality(name="Ripalta Guerina")
    monte = make_municipality(name="Monte Cremasco")
    monte.aliases.create(text="Monte", safe_alone=False)
    text = "Pannelli a Crema e Ripalta, non a Cremona, dice Crem@online. Poi si va a Monte."

    [row] = rows_of(archive(ITEM.replace("Si apre alle nove.", text)))

    communique = Communique.objects.get()
    assert (row["topics"], row["municipalities"]) == (["energia"], ["019035"])
    assert (communique.topics.get(), communique.municipalities.get()) == (energy, crema)
    assert [doubt.message for doubt in communique.doubts.filter(code="ambiguous-municipality")] == [
        "«Ripalta» forse indica Ripalta Arpina o Ripalta Guerina: aggiungilo tu, se è così.",
        "«Monte» forse indica Monte Cremasco: aggiungilo tu, se è così.",
    ]


def test_unsafe_spelling_is_no_doubt_where_the_full_name_stands(archive):
    monte = make_municipality(name="Monte Cremasco")
    monte.aliases.create(text="Monte", safe_alone=False)

    [row] = rows_of(archive(ITEM.replace("alle nove", "a Monte Cremasco. A Monte")))

    assert [doubt["code"] for doubt in row["doubts"]] == ["summary-suggested"]


def known(*places):
    make_topic(name="Cultura", keywords="archivio\nrogge\nvolontari\nciclovia\nmercato\nsala")
    for name in places:
        make_municipality(name=name)


def test_publishing_leaves_out_doubtful_titles_dates_and_places():
    known("Pandino", "Montodine", "Vailate")
    _, messages, _ = run(SAMPLE, "--publish")

    assert [publication.title for publication in Publication.objects.published()] == [
        "Pandino riapre l’archivio storico dopo i lavori",
        "La ciclovia arriva a Montodine",
    ]
    assert Publication.objects.filter(status="draft").count() == 4
    assert "non pubblicato «Due serate sulle acque delle rogge». Non si sa dove vale" in messages


@pytest.mark.parametrize(
    "text",
    [
        "La sala apre alle nove.",  # nowhere is named
        "La sala di Pandino apre alle nove, per tutti i 48 Comuni.",
        "La sala apre alle nove a Pandino e a Ripalta.",
        "Apre Anna Rossi, sindaca di Pandino. Poi parla la sindaca di Dovera, Anna Rossi.",
    ],
)
def test_what_has_a_doubt_about_its_place_is_kept_back(archive, text):
    known("Pandino", "Dovera", "Ripalta Arpina", "Ripalta Cremasca")
    [row] = rows_of(archive(ITEM.replace("Si apre alle nove.", text)), "--publish")

    assert (row["result"], row["published"]) == ("created", False)


def test_publishing_asks_for_what_the_desk_asks_for(archive):
    make_municipality(name="Pandino")
    path = archive(ITEM.replace("alle nove", "alle nove a Pandino. A Pandino"))
    _, tried, _ = run(path, "--publish", "--dry-run")
    _, messages, _ = run(path, "--publish")

    assert not Publication.objects.published().exists()
    assert "non pubblicato «Il nuovo orario». Manca l’argomento." in messages
    assert messages in tried


def test_date_to_come_is_not_published(archive):
    run(archive(ITEM.replace("2023", "2099")), "--publish")

    assert Communique.objects.get().status == "draft"


def test_items_of_one_day_stand_in_the_order_of_the_file(archive, monkeypatch):
    monkeypatch.setattr(import_archive, "BATCH", 2)
    titles = ["Il primo", "Il secondo", "Il terzo", "Il quarto"]
    run(archive("".join(f"\n\n{title}\n\nSi apre.\n\n5 Dicembre 2023\n" for title in titles)))

    assert list(Communique.objects.values_list("title", flat=True)) == titles


def test_json_has_an_object_for_each_item():
    rows = rows_of(SAMPLE)

    assert {key: value for key, value in rows[1].items() if key != "doubts"} == {
        "title": "Due serate sulle acque delle rogge",
        "subtitle": "Letture e immagini nella sala di Soncino",
        "date": "2023-12-04",
        "kind": "comunicati",
        "topics": [],
        "coverage": "",
        "municipalities": [],
        "result": "created",
        "published": False,
        "words": 70,
    }
    assert rows[1]["doubts"][2] == {
        "code": "relative-time",
        "message": "«ieri» si capisce solo sapendo la data: meglio scrivere il giorno.",
    }


def test_list_tells_what_happened():
    make_municipality(name="Pandino")
    out, _, _ = run(SAMPLE)

    first = next(line for line in out.split("\n") if line.startswith("Pandino riapre"))
    assert f"{first}\n  importato · 2023-12-05 · Comunicato · Pandino\n" in out
    assert "frase: controlla" in out
    assert "Importati: 6. Già presenti: 0. Rifiutati: 0." in out


def test_progress_is_redrawn_in_place(archive):
    ours, theirs = os.openpty()
    items = [ITEM.replace("nove", f"nove e {number}").replace("5 D", f"{1 + number % 28} D") for number in range(300)]
    with open(theirs, "w") as terminal:  # noqa: PTH123 (a descriptor)
        call_command("import_archive", str(archive("\n".join(items))), stdout=StringIO(), stderr=terminal)
        shown = os.read(ours, 2**16).decode()
        while not shown.endswith(import_archive.CLEARED) and select([ours], [], [], 30)[0]:
            shown += os.read(ours, 2**16).decode()  # a terminal gives what it has
    os.close(ours)

    drawn = re.findall(r"\r\x1b\[Karchivio\.txt: \d+%", shown)
    assert (len(drawn), drawn[-1][-4:]) == (2, "100%")
    assert shown.endswith(import_archive.CLEARED)


def test_progress_is_for_who_looks(archive):
    assert run(archive(ITEM))[1].count("%") == 0


def test_long_list_is_cut_and_counted(archive, monkeypatch):
    monkeypatch.setattr(import_archive, "ROWS_SHOWN", 4)
    out, _, _ = run(SAMPLE)

    assert "Altri 2 non sono nell’elenco" in out


def test_item_that_the_file_cuts_is_refused_and_the_others_come_in(archive):
    path = archive(ITEM + "\nIl secondo\n\nSi chiude alle")
    out, messages, error = run(path, "--json")

    assert "rifiutato «Il secondo». Il file finisce prima della data di chiusura" in messages
    assert [(row["title"], row["result"]) for row in json.loads(out)] == [
        ("Il nuovo orario", "created"),
        ("Il secondo", "refused"),
    ]
    assert Communique.objects.get().title == "Il nuovo orario"
    assert error == "File non importati: 0. Comunicati rifiutati: 1."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "è vuoto"),
        (b"\n \n", "è vuoto"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "contiene caratteri di controllo"),
        (ITEM.encode() + b"\x00", "contiene caratteri di controllo"),
        (b"\x81\x8d\x8f", "non è un file di testo"),
        ("Una lettera senza date.\nE senza titoli.", "non c’è nessun comunicato completo"),
    ],
)
def test_bad_file_is_reported_and_the_next_one_comes_in(archive, content, message):
    bad, good = archive(content, "cattivo.txt"), archive(ITEM, "buono.txt")

    out, messages, error = run(bad, good, "--json")

    assert f"{bad}: {message}" in messages
    assert [row["title"] for row in json.loads(out) if row["result"] == "created"] == ["Il nuovo orario"]
    assert error.startswith("File non importati: 1.")


def test_unreadable_file_has_no_table_and_no_false_comfort(archive):
    out, _, _ = run(archive(b""))

    assert out == "Importati: 0. Già presenti: 0. Rifiutati: 0.\n"


def test_portal_without_topics_and_comuni_is_told(archive):
    path = archive(ITEM)
    _, messages, _ = run(path)
    make_topic(keywords="orario")
    make_municipality()
    _, later, _ = run(path)

    assert "nessun argomento ha parole" in messages
    assert "nessun Comune: caricali prima con load_municipalities" in messages
    assert later == ""


def test_missing_file_and_folder_are_reported(tmp_path):
    out, messages, error = run(tmp_path / "manca.txt", tmp_path, "--json")

    assert (json.loads(out), error) == ([], "File non importati: 2. Comunicati rifiutati: 0.")
    assert f"{tmp_path / 'manca.txt'}: non esiste. Non è stato importato nulla." in messages
    assert f"{tmp_path}: non è un file. Non è stato importato nulla." in messages


def test_file_that_fails_halfway_leaves_nothing(archive, monkeypatch):
    def read_and_fail(lines):
        yield from read_listing(lines)
        raise OSError

    monkeypatch.setattr(import_archive, "BATCH", 1)
    monkeypatch.setattr(import_archive, "read_listing", read_and_fail)
    out, messages, _ = run(archive(ITEM + ITEM.replace("2023", "2022")), "--json")

    assert (json.loads(out), Communique.objects.count(), ArchiveItem.objects.count()) == ([], 0, 0)
    assert "non si può leggere. Non è stato importato nulla." in messages


def test_windows_text_is_read_and_mentioned(archive):
    path = archive(ITEM.replace("alle nove", "“più” tardi").encode("cp1252"))
    _, messages, error = run(path)

    assert (Communique.objects.get().summary, error) == ("Si apre “più” tardi.", "")
    assert "non è in UTF-8, letto come Windows-1252" in messages


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_text_with_a_mark_is_read(archive, encoding):
    path = archive(ITEM.replace("alle nove", "“più” tardi").replace("\n", "\r\n").encode(encoding))

    assert rows_of(path)[0]["title"] == "Il nuovo orario"
    assert Communique.objects.get().summary == "Si apre “più” tardi."


@pytest.mark.parametrize("items", [1, 40])
def test_cost_of_looking_does_not_grow(archive, items):
    path = archive("".join(f"Il lavoro {n}\n\nSi apre.\n\n5 Dicembre {1950 + n}\n\n" for n in range(items)))
    queries = []

    def note(execute, sql, *rest):
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        run(path, "--dry-run", "--json")

    # What is missing (two), topics, Comuni, items imported before, communiqués of those days (twice).
    assert len(queries) == 7


# The same thing twice


FULL = ITEM.replace("Si apre alle nove.", f"Si apre alle nove. {'Ogni giorno la sala accoglie i lettori. ' * 8}")


def test_later_copy_with_much_more_text_is_a_draft_with_a_doubt(archive):
    run(archive(ITEM))
    path = archive(FULL, "intero.txt")
    [row] = rows_of(path, "--publish")

    assert (row["result"], row["published"]) == ("created", False)
    assert [doubt["message"] for doubt in row["doubts"] if doubt["code"] == "copy-fuller"] == [
        "C’è già con lo stesso titolo e la stessa data, ma con meno parole (4 invece di 60). Tieni il più completo."
    ]
    assert results(rows_of(path)) == ["duplicate"]


def test_shorter_copy_is_known(archive):
    run(archive(FULL))

    assert results(rows_of(archive(ITEM, "breve.txt"))) == ["duplicate"]


NEWS = "Anna Bianchi, Carlo Verdi e Lucia Neri aprono con 300 libri la sala di Casalmaggiore."
SAME_NEWS = "Nella sala di Casalmaggiore trovi 300 libri, grazie a Carlo Verdi, Lucia Neri e Anna Bianchi."


@pytest.mark.parametrize(
    ("title", "text"),
    [("Il nuovo orario della biblioteca civica", "Altro."), ("Libri per tutti", SAME_NEWS)],
)
@pytest.mark.parametrize("dry_run", [[], ["--dry-run"]])
def test_twins_of_one_day_are_a_doubt_in_one_file_and_against_the_portal(archive, title, text, dry_run):
    one = f"Comunicato stampa\n\nNuovo orario alla biblioteca civica\n\n{NEWS}\n\n5 Dicembre 2023\n"
    other = f"\n\n{title}\n\n{text}\n\n5 Dicembre 2023\n"
    first, second = rows_of(archive(one + other), "--publish", *dry_run)
    run(archive(one), "--publish")
    [later] = rows_of(archive(f"Comunicato stampa{other}", "dopo.txt"), *dry_run)

    assert "twin" not in [doubt["code"] for doubt in first["doubts"]]
    assert "twin" in [doubt["code"] for doubt in second["doubts"]]
    assert (second["result"], second["published"]) == ("created", False)
    assert later["result"] == "created" if dry_run else "duplicate"


def test_same_words_on_another_day_are_no_twin(archive):
    text = f"\n\nUno\n\n{NEWS}\n\n5 Dicembre 2023\n\n\nDue\n\n{NEWS}\n\n6 Dicembre 2023\n"

    assert "twin" not in [doubt["code"] for row in rows_of(archive(text)) for doubt in row["doubts"]]


def test_what_somebody_wrote_on_that_day_in_other_words_is_a_doubt(archive):
    make_communique(title="Libri per tutti", body=f"<p>{SAME_NEWS}</p>", publish_at=rome(5, 18))
    [row] = rows_of(archive(ITEM.replace("Si apre alle nove.", NEWS)))

    assert [doubt["message"] for doubt in row["doubts"] if doubt["code"] == "twin"] == [
        "Forse è lo stesso di «Libri per tutti», che è già nel portale e ha lo stesso giorno: tieni uno solo dei due."
    ]


def test_what_comes_after_the_archive_in_other_words_knows_its_twin(archive):
    run(archive(ITEM.replace("Si apre alle nove.", NEWS)))
    later = make_communique(title="Libri per tutti", body=f"<p>{SAME_NEWS}</p>", publish_at=rome(5, 18))
    other = make_communique(title="Il ponte", body="<p>Il ponte riapre.</p>", publish_at=rome(5, 18))

    assert [[twin.title for twin in twins_in_archive(row)] for row in (later, other)] == [["Il nuovo orario"], []]


# What is not published, and why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Il nuovo orario\n\nSi apre alle nove.\n\nLeggi tutto", "qui c’è solo l’inizio"),
        ("“Il nuovo orario\n\nSi apre alle nove.", "le virgolette non si chiudono"),
        ("Il nuovo orario\n\nIl nuovo orario degli uffici\n\nSi apre alle nove.", "un titolo un po’ diverso"),
    ],
)
def test_what_has_a_doubt_about_title_or_words_is_kept_back_and_told(archive, text, why):
    _, messages, _ = run(archive(f"Comunicato stampa\n\n{text}\n\n5 Dicembre 2023\n"), "--publish")

    assert Communique.objects.get().status == "draft"
    assert "non pubblicato «" in messages
    assert why in messages


@pytest.mark.parametrize("rest", ["", "Tipo articolo: News\n\nAllegato | Dimensione\na.pdf | 3 KB\n"])
def test_page_without_words_is_refused(archive, rest):
    path = archive(f"Nuovo regolamento\n\nData Articolo: 17 Ottobre 2022\n\n{rest}")
    _, messages, error = run(path, "--publish")

    assert (Communique.objects.count(), error) == (0, "File non importati: 0. Comunicati rifiutati: 1.")
    assert "rifiutato «Nuovo regolamento». Sotto il titolo non c’è testo." in messages


def test_mayor_of_two_comuni_is_a_doubt_within_a_text_and_across_texts(archive):
    for name in ("Casaletto Ceredano", "Casaletto Vaprio", "Crema"):
        make_municipality(name=name)
    one = "Parla Ilaria Dioli, sindaca di Casaletto Vaprio. Con lei il sindaco di Crema, Fabio Rossi."
    other = "C’era la sindaca di Casaletto Ceredano Ilaria Dioli e Fabio Rossi, sindaco di Crema."
    text = f"\n\nUno\n\n{one}\n\n5 Dicembre 2023\n\n\nDue\n\n{other}\n\n4 Dicembre 2023\n"
    rows = rows_of(archive(text))

    assert [[doubt["message"] for doubt in row["doubts"] if doubt["code"] == "mayor-of-two"] for row in rows] == [
        [],
        [
            (
                "«Ilaria Dioli» risulta alla guida di Casaletto Vaprio e di Casaletto Ceredano: "
                "controlla quale dei due Comuni è giusto."
            )
        ],
    ]


# Saved web pages


WEB_PAGE = """<!DOCTYPE html><html><head><title>Nuovo regolamento | Area Omogenea</title>
<script>var a = "<p>no</p>";</script>
<style>p { color: red }</style></head><body><header><h2>Area Omogenea</h2></header>
<nav><ul><li><a href="/">Home</a></li></ul></nav>
<main><h1>Nuovo regolamento</h1><div class="field-label">Tipo articolo:&nbsp;</div><div>Avviso</div>
<div class="field-label">Data Articolo:&nbsp;</div><div>Lunedì, 17 Ottobre, 2022 - 11:00</div>
<p>Si apre <strong>alle nove</strong>.</p><ul><li>a Crema<ul><li>in centro</li></ul></li><li>a Izano</li></ul>
<p>Articolo tratto da <a href="https://example.org/1">Cremaonline</a></p>
<table><tr><th>Allegato</th><th>Dimensione</th></tr><tr><td>Modulo.pdf</td><td>94 KB</td></tr></table></main>
<footer><p>Via Roma 1</p></footer></body></html>"""


def test_saved_web_page_gives_its_article(archive):
    run(archive(WEB_PAGE, "pagina.html"))

    communique = Communique.objects.get()
    assert (communique.title, communique.kind) == ("Nuovo regolamento", "avvisi")
    assert timezone.localdate(communique.publish_at).isoformat() == "2022-10-17"
    assert (communique.source_name, communique.source_url) == ("Cremaonline", "https://example.org/1")
    assert communique.body == (
        "<p>Si apre <strong>alle nove</strong>.</p>"
        "<ul><li><p>a Crema</p><ul><li>in centro</li></ul></li><li>a Izano</li></ul>"
    )
    assert "attachments-listed" in communique.doubts.values_list("code", flat=True)


@pytest.mark.parametrize("how", ['style="display:none"', 'style="color:red; VISIBILITY : hidden"', "hidden"])
def test_what_a_web_page_hides_comes_in_with_a_doubt_and_is_not_published(archive, how):
    shown = "<p>Si apre <strong>alle nove</strong>.</p>"
    hidden = f"<div {how}><p>Codice <b>segreto</b><br>dello sportello.</p></div>"
    run(archive(WEB_PAGE.replace(shown, shown + hidden), "pagina.html"), "--publish")

    communique = Communique.objects.get()
    assert "<p>Codice <strong>segreto</strong>" in communique.body
    assert communique.status == "draft"
    message = communique.doubts.get(code="hidden-text").message
    assert "era nascosto, e nella bozza si legge: «Codice segreto dello sportello.»" in message


@pytest.mark.parametrize(("tag", "how"), [("<ul>", 'style="color:red"'), ("<nav>", 'hidden=""')])
def test_web_page_that_hides_nothing_of_its_article_has_no_such_doubt(archive, tag, how):
    run(archive(WEB_PAGE.replace(tag, f"{tag[:-1]} {how}>"), "pagina.html"))

    assert not Communique.objects.get().doubts.filter(code="hidden-text").exists()


def test_web_page_that_is_too_long_is_refused(archive, monkeypatch):
    monkeypatch.setattr(import_archive, "LONGEST_PAGE", 3)
    path = archive(WEB_PAGE * 5)

    assert f"{path}: è una pagina di oltre 3 caratteri. Non è stato importato nulla." in run(path)[1]
