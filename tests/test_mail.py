"""Messages of electronic mail, saved as .eml: what they become, and what of them is told."""

from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO

import pytest

from areaomogenea.prose.document_reader import parsed
from areaomogenea.sandbox.errors import TooCostly
from news.manuscript import read_one

TEXT = "La riunione dei tecnici è il 2 dicembre 2026 in sala consiliare.\n"


def headed(message, subject="Avviso: riunione dei tecnici", sender="Ufficio <ufficio@example.org>"):
    message["From"], message["To"], message["Subject"] = sender, "redazione@example.org", subject
    message["Date"] = "Tue, 17 Nov 2026 09:00:00 +0100"
    return message


def mail(text=TEXT, page="", **headers):
    message = headed(EmailMessage(), **headers)
    message.set_content(page or text, subtype="html" if page else "plain")
    return message


def read(message):
    """The draft, and its doubts by their code."""
    document = parsed(BytesIO(message.as_bytes()))
    item = read_one(document.blocks)
    return item, dict(item.doubts + document.remarks)


def test_subject_is_the_title_without_what_programs_put_before_it_and_its_day_the_date():
    item, doubts = read(mail(subject="I: R: Avviso: riunione dei tecnici"))

    assert (item.title, item.kind, f"{item.date:%d/%m/%Y}") == ("Riunione dei tecnici", "avvisi", "17/11/2026")
    assert "ufficio@example.org" in doubts["mail-headers"]


def test_salutation_and_signature_are_told_and_left_out():
    item, doubts = read(mail(f"Buongiorno,\n\n{TEXT}\nCordiali saluti\nPaola Neri\n"))

    assert item.body == "<p>La riunione dei tecnici è il 2 dicembre 2026 in sala consiliare.</p>"
    assert ("Buongiorno" in doubts["salutation"], "Paola Neri" in doubts["closing"]) == (True, True)


PAGE = """<html><head><style>p { margin: 0 }</style></head><body><table><tr><td><table><tr><td>
<div style="display:none;max-height:0">Anteprima per i soli soci</div>
<h1>Contributi per lo sport</h1><p>Il bando è su <a href="https://example.org/bando">questa pagina</a>.</p>
<p><b>Chi può chiederli</b></p><ul><li>famiglie;</li><li>società.</li></ul>
<table><tr><th>Fascia</th><th>Importo</th></tr><tr><td>prima</td><td>200</td></tr></table>
<img src="https://example.org/l.png" alt="Logo della Regione"><img src="https://example.org/p.gif" width="1" height="1">
</td></tr></table></td></tr></table></body></html>"""


def test_page_keeps_its_structure_and_tells_what_is_hidden_and_what_is_a_picture():
    item, doubts = read(mail(page=PAGE))

    assert item.body.split("\n") == [
        "<h2>Contributi per lo sport</h2>",
        '<p>Il bando è su <a href="https://example.org/bando" rel="noopener">questa pagina</a>.</p>',
        "<h3>Chi può chiederli</h3>",
        "<ul><li>famiglie;</li><li>società.</li></ul>",
        (
            '<table><tbody><tr><th scope="col">Fascia</th><th scope="col">Importo</th></tr>'
            "<tr><td>prima</td><td>200</td></tr></tbody></table>"
        ),
    ]
    assert doubts["hidden-text"].endswith("È «Anteprima per i soli soci».")
    assert doubts["mail-pictures"] == "Immagini del messaggio, che non sono state prese: «Logo della Regione»."


def test_page_without_spaces_between_its_blocks_lacks_no_word():
    page = "<div>Possono chiederli:</div><ul><li>famiglie</li><li>società</li></ul><p>entro marzo<br>e non oltre</p>"
    item, doubts = read(mail(page=page))

    assert "words-missing" not in doubts
    assert "famiglie" in item.text


@pytest.mark.parametrize(
    "how",
    [
        "display: none",
        "VISIBILITY:hidden",
        "font-size:0",
        "font-size:1px",
        "opacity:0",
        "mso-hide:all",
        "max-height:0px",
    ],
)
def test_hidden_line_stays_out_however_it_is_hidden(how):
    item, doubts = read(mail(page=f'<p>Testo <span style="{how}">segreto</span> che resta.</p>'))

    assert item.text == "Testo che resta."
    assert "«segreto»" in doubts["hidden-text"]


@pytest.mark.parametrize("how", ["font-size:10px", "font-size:0.9em", "opacity:0.8", "max-height:100px"])
def test_line_that_is_shown_comes_in(how):
    item, _ = read(mail(page=f'<p>Testo <span style="{how}">che si vede</span>.</p>'))

    assert item.text == "Testo che si vede."


@pytest.mark.parametrize(
    "line",
    [
        '<p>Testo <span style="color:#fff">pagare entro ieri</span>.</p>',
        '<p>Testo <span style="font-size:12px; COLOR : White !important">pagare entro ieri</span>.</p>',
        '<p>Testo <font color="#FFFFFF">pagare <b>entro</b> ieri</font>.</p>',
        '<div style="color:rgb(255, 255, 255)"><p>pagare entro ieri</p></div><p>Testo.</p>',
        '<div style="background:#036"><p>Testo.</p><p style="color:#fff;background:#fff">pagare entro ieri</p></div>',
        '<p>Testo.</p><table bgcolor="#003366"><tr><td bgcolor="#ffffff" style="color:#fff">pagare entro ieri</table>',
        '<p>Testo <span style="color:#fff;background-color:transparent">pagare entro ieri</span>.</p>',
    ],
)
def test_white_line_comes_in_and_is_told(line):
    item, doubts = read(mail(page=line))

    assert "pagare entro ieri" in item.text
    assert "«pagare entro ieri»" in doubts["pale-text"]


@pytest.mark.parametrize(
    "line",
    [
        '<p style="background:#036"><span style="color:#fff">Testo</span></p>',
        '<table><tr><td bgcolor="#003366"><p style="color:white">Testo</p></td></tr></table>',
        '<div style="color:#fff"><p style="color:#000">Testo</p></div>',
        '<p style="background-color:white">Testo</p>',
        '<p style="color:#fff"><a href="https://example.org/">Testo</a></p>',
        '<p style="color:#fff;background-image:url(x.png)">Testo</p>',
        '<p style="border-color:#fff">Testo</p>',
    ],
)
def test_line_that_is_seen_on_its_paper_is_no_doubt(line):
    _, doubts = read(mail(page=line))

    assert "pale-text" not in doubts


def test_all_texts_of_a_message_come_in_and_the_rest_is_named():
    message = headed(MIMEMultipart("mixed"))
    for part in (TEXT, "Si entra dal retro.\n"):
        message.attach(MIMEText(part, "plain", "utf-8"))
    attached = MIMEText("dati", "csv")
    attached.add_header("Content-Disposition", "attachment", filename="elenco.csv")
    message.attach(attached)
    item, doubts = read(message)

    assert item.text.split("\n") == [TEXT.strip(), "Si entra dal retro."]
    assert "«elenco.csv»" in doubts["mail-attachments"]


def test_page_is_taken_where_the_plain_text_says_next_to_nothing():
    message = mail("Questo messaggio richiede un programma che legge HTML.")
    message.add_alternative(f"<p>{TEXT * 4}</p>", subtype="html")

    assert "sala consiliare" in read(message)[0].text


def test_message_in_a_message_is_read_and_the_note_above_it_told():
    message = mail("Da pubblicare, grazie.\n\nGiovanni\n", subject="I: Vaccini")
    message.add_attachment(mail("I nuovi orari sono: lunedì 8-12, giovedì 14-18.\n", subject="Vaccini: nuovi orari"))
    item, doubts = read(message)

    assert (item.title, item.text) == ("Vaccini: nuovi orari", "I nuovi orari sono: lunedì 8-12, giovedì 14-18.")
    assert "Da pubblicare, grazie." in doubts["mail-around"]


def test_message_without_sender_or_subject_is_read():
    message = EmailMessage()
    message["Subject"] = "Mercato spostato"
    message["Date"] = "Tue, 17 Nov 2026 09:00:00 +0100"
    message.set_content("Il mercato è in piazza Trento.\n")
    bare = EmailMessage()
    bare["From"] = "a@example.org"
    bare.set_content("Il mercato è spostato\n\nDa sabato è in piazza Trento.\n")

    assert (read(message)[0].title, read(bare)[0].title) == ("Mercato spostato", "Il mercato è spostato")


def test_messages_in_messages_end():
    message = mail()
    for _ in range(30):
        outer = mail("Inoltro.\n")
        outer.add_attachment(message)
        message = outer

    assert read(message)[0].title


def test_page_of_tags_alone_is_read_in_time_and_one_too_long_refused():
    assert read(mail(page="<div>" * 20_000 + "Testo del messaggio."))[0].text == "Testo del messaggio."
    with pytest.raises(TooCostly):
        parsed(BytesIO(mail(page=f"<p>{'parola ' * 20_000}</p>").as_bytes()))
