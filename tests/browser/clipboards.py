"""What programs put on the clipboard, in the shape that each gives it, and what a text should keep of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Clipboard:
    source: str
    html: str
    kept: str
    text: str = ""
    note: str = ""  # what the editor says beside the text

    def __str__(self):
        return self.source


def office(body, style=""):
    """The frame that Word and Excel put round what is copied."""
    return f"""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Word.Document>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal, li.MsoNormal {{mso-style-unhide:no; margin:0cm; font-size:12.0pt; font-family:"Calibri",sans-serif;}}
@page WordSection1 {{size:595.3pt 841.9pt;}} {style} --></style></head>
<body lang=IT style='tab-interval:35.4pt;word-wrap:break-word'><!--StartFragment-->{body}<!--EndFragment--></body></html>"""


def word_item(words, sign, level=1, place="Middle", which="l0"):
    """A list item as desktop Word writes it: a paragraph that begins with the sign of its bullet."""
    return f"""<p class=MsoListParagraphCxSp{place} style='margin-left:{36 * level}.0pt;mso-add-space:auto;text-indent:-18.0pt;
mso-list:{which} level{level} lfo1'><![if !supportLists]><span style='font-family:Symbol;mso-fareast-font-family:Symbol;
mso-bidi-font-family:Symbol'><span style='mso-list:Ignore'>{sign}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>{words}<o:p></o:p></p>
"""


WORD = [
    Clipboard(
        "Word: headings and paragraphs",
        office("""<h1>Il nuovo ponte<o:p></o:p></h1>
<p class=MsoNormal>Il ponte di Spino <b style='mso-bidi-font-weight:normal'>riapre</b> il <i>3&nbsp;maggio</i>.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<h2><span style='mso-fareast-font-family:"Times New Roman"'>I costi<o:p></o:p></span></h2>
<p class=MsoNormal style='text-align:justify'><span style='font-size:14.0pt;color:red'>Il costo è di&nbsp;&nbsp; 4 milioni</span>,
a&nbsp;carico della Provincia.<o:p></o:p></p>"""),
        "<h2>Il nuovo ponte</h2><p>Il ponte di Spino <strong>riapre</strong> il <em>3&nbsp;maggio</em>.</p>"
        "<h3>I costi</h3><p>Il costo è di 4 milioni, a carico della Provincia.</p>",
    ),
    Clipboard(
        "Word: bullets on two levels",
        office(
            "<p class=MsoNormal>Servono:<o:p></o:p></p>"
            + word_item("la domanda", "·", place="First")
            + word_item("firmata", "o", level=2)
            + word_item("in bollo", "o", level=2)
            + word_item("la <b>carta d’identità</b>", "·", place="Last")
            + "<p class=MsoNormal>Entro venerdì.<o:p></o:p></p>"
        ),
        "<p>Servono:</p><ul><li><p>la domanda</p><ul><li><p>firmata</p></li><li><p>in bollo</p></li></ul></li>"
        "<li><p>la <strong>carta d’identità</strong></p></li></ul><p>Entro venerdì.</p>",
    ),
    Clipboard(
        "Word: numbers, letters and a list that goes on",
        office(
            word_item("Prima fase", "1.", place="First")
            + word_item("studio", "a)", level=2)
            + word_item("progetto", "b)", level=2)
            + word_item("Seconda fase", "2.", place="Last")
            + "<p class=MsoListParagraph>Una pausa.<o:p></o:p></p>"
            + word_item("Terza fase", "3.", place="First")
        ),
        "<ol><li><p>Prima fase</p><ol><li><p>studio</p></li><li><p>progetto</p></li></ol></li><li><p>Seconda fase</p></li>"
        '</ol><p>Una pausa.</p><ol start="3"><li><p>Terza fase</p></li></ol>',
    ),
    Clipboard(
        "Word: title, quote, link, footnote, bookmark",
        office("""<p class=MsoTitle>Una casa per la Polizia locale<o:p></o:p></p>
<p class=MsoQuote>Un passo atteso da anni.<o:p></o:p></p><p class=MsoQuote>E non è l’ultimo.<o:p></o:p></p>
<p class=MsoNormal><a name="_GoBack"></a>Il bando è <a href="https://www.regione.lombardia.it/bando?id=7&amp;utm_source=word&amp;utm_medium=email"><span
style='color:#0563C1;text-decoration:underline'>sul sito</span></a><a href="#_ftn1" style='mso-footnote-id:ftn1'
name="_ftnref1"><span class=MsoFootnoteReference><span style='vertical-align:super'>[1]</span></span></a>,
<a href="file:///C:/Users/rossi/Desktop/bando.docx">qui</a>.<o:p></o:p></p>"""),
        "<h2>Una casa per la Polizia locale</h2><blockquote><p>Un passo atteso da anni.</p><p>E non è l’ultimo.</p></blockquote>"
        '<p>Il bando è <a href="https://www.regione.lombardia.it/bando?id=7" rel="noopener">sul sito</a><sup>[1]</sup>, qui.</p>',
    ),
    Clipboard(
        "Word: a table with a bold first row",
        office("""<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'>
<tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'><td width=200 valign=top style='width:150pt;background:#D9E2F3'>
<p class=MsoNormal><b>Comune<o:p></o:p></b></p></td><td width=200><p class=MsoNormal><b>Quota</b><o:p></o:p></p></td></tr>
<tr style='mso-yfti-irow:1'><td><p class=MsoNormal>Crema<o:p></o:p></p></td><td><p class=MsoNormal align=right>12.000 €</p></td></tr>
<tr style='mso-yfti-irow:2;mso-yfti-lastrow:yes'><td colspan=2><p class=MsoNormal>Altri: da definire<o:p></o:p></p></td></tr></table>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>"""),
        '<table><tbody><tr><th scope="col"><p>Comune</p></th><th scope="col"><p>Quota</p></th></tr><tr><td><p>Crema</p></td>'
        '<td><p>12.000 €</p></td></tr><tr><td colspan="2"><p>Altri: da definire</p></td></tr></tbody></table>',
    ),
    Clipboard(
        "Word: pictures of the document",
        office("""<p class=MsoNormal>La caserma<!--[if gte vml 1]><v:shape id="_x0000_i1025" type="#_x0000_t75" style='width:200pt'>
<v:imagedata src="file:///C:/Temp/clip_image001.png" o:title=""/></v:shape><![endif]--><![if !vml]><img width=267 height=150
src="file:///C:/Temp/msohtmlclip1/01/clip_image002.png" v:shapes="_x0000_i1025"><![endif]> com’era<o:p></o:p></p>
<p class=MsoNormal><img width=300 height=200 src="data:image/png;base64,iVBORw0KGgo="></p>"""),
        "<p>La caserma com’era</p>",
        note="2 immagini non sono state incollate: caricale dalla raccolta.",
    ),
    Clipboard(
        "Word on the web: headings and lists that say their level",
        """<div class="OutlineElement Ltr SCXW1 BCX0"><p class="Paragraph SCXW1 BCX0" role="heading" aria-level="1" paraid="1"
 style="font-weight:normal;font-style:normal"><span data-contrast="none" class="TextRun SCXW1" style="font-size:20pt;color:#2F5496"><span
 class="NormalTextRun SCXW1">Come si partecipa</span></span><span class="EOP SCXW1" data-ccp-props="{}">&nbsp;</span></p></div>
<div class="OutlineElement Ltr SCXW1"><p class="Paragraph SCXW1"><span class="TextRun SCXW1" style="font-weight:bold"><span
 class="NormalTextRun">Chi</span></span><span class="TextRun SCXW1"><span class="NormalTextRun"> può chiedere:</span></span><span
 class="EOP">&nbsp;</span></p></div>
<div class="ListContainerWrapper SCXW1"><ul class="BulletListStyle1 SCXW1" role="list"><li data-leveltext="•" data-listid="2"
 data-aria-posinset="1" data-aria-level="1" role="listitem" class="OutlineElement"><p class="Paragraph"><span class="TextRun">i Comuni</span><span
 class="EOP">&nbsp;</span></p></li></ul></div>
<div class="ListContainerWrapper SCXW1"><ul class="BulletListStyle2" role="list"><li data-aria-posinset="1" data-aria-level="2"
 role="listitem"><p class="Paragraph"><span class="TextRun">anche in gruppo</span><span class="EOP">&nbsp;</span></p></li></ul></div>
<div class="ListContainerWrapper SCXW1"><ul class="BulletListStyle1" role="list"><li data-aria-posinset="2" data-aria-level="1"
 role="listitem"><p class="Paragraph"><span class="TextRun">le imprese</span><span class="EOP">&nbsp;</span></p></li></ul></div>""",
        "<h2>Come si partecipa</h2><p><strong>Chi</strong> può chiedere:</p><ul><li><p>i Comuni</p>"
        "<ul><li><p>anche in gruppo</p></li></ul></li><li><p>le imprese</p></li></ul>",
    ),
]


def google(body):
    return (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-0a1b2c3d-7fff-0000-1111-222233334444">'
        f'{body}</b><br class="Apple-interchange-newline">'
    )


def google_run(words, style="font-weight:400;font-style:normal;text-decoration:none"):
    return (
        "<span style=\"font-size:11pt;font-family:Arial,sans-serif;color:#000000;background-color:transparent;"
        f'vertical-align:baseline;white-space:pre-wrap;{style}">{words}</span>'
    )


BOLD = "font-weight:700;font-style:normal"
PARAGRAPH = '<p dir="ltr" style="line-height:1.38;margin-top:0pt;margin-bottom:0pt;">'
LINE = '<li dir="ltr" style="list-style-type:disc;font-size:11pt;" aria-level="{}"><p dir="ltr" role="presentation">{}</p></li>'

GOOGLE_DOCS = [
    Clipboard(
        "Google Docs: bold in a style, the wrapper is not bold",
        google(
            f'<h2 dir="ltr">{google_run("Il bando", "font-weight:400")}</h2><br>{PARAGRAPH}{google_run("Le domande si presentano ")}'
            f"{google_run('entro il 30 giugno', BOLD)}{google_run(', anche ')}"
            f'{google_run("on line", "font-weight:400;font-style:italic")}{google_run(".")}</p><br><br>'
            f'{PARAGRAPH}{google_run("Info: ")}<a href="https://www.google.com/url?q=https://www.comunecrema.it/bandi?x%3D1&amp;sa=D&amp;source=editors"'
            f' style="text-decoration:none;">{google_run("la pagina del bando", "text-decoration:underline")}</a></p>'
        ),
        "<h2>Il bando</h2><p>Le domande si presentano <strong>entro il 30 giugno</strong>, anche <em>on line</em>.</p>"
        '<p>Info: <a href="https://www.comunecrema.it/bandi?x=1" rel="noopener">la pagina del bando</a></p>',
    ),
    Clipboard(
        "Google Docs: nested lists",
        google(
            f'<ul style="margin-top:0;margin-bottom:0;">{LINE.format(1, google_run("acqua"))}<ul>{LINE.format(2, google_run("potabile"))}</ul>'
            f'{LINE.format(1, google_run("luce"))}</ul><ol style="margin-top:0">{LINE.format(1, google_run("uno"))}{LINE.format(1, google_run("due"))}</ol>'
        ),
        "<ul><li><p>acqua</p><ul><li><p>potabile</p></li></ul></li><li><p>luce</p></li></ul>"
        "<ol><li><p>uno</p></li><li><p>due</p></li></ol>",
    ),
    Clipboard(
        "Google Docs: a table, a picture, raised and lowered signs",
        google(
            '<div dir="ltr" style="margin-left:0pt;" align="left"><table style="border:none;border-collapse:collapse;"><colgroup>'
            '<col width="120" /><col width="300" /></colgroup><tbody><tr style="height:0pt">'
            f'<td style="border:solid 1pt">{PARAGRAPH}{google_run("Voce", BOLD)}</p></td><td>{PARAGRAPH}{google_run("Valore", BOLD)}</p></td></tr>'
            f'<tr><td>{PARAGRAPH}{google_run("CO")}<span style="font-size:0.6em;vertical-align:sub;">2</span></p></td>'
            f'<td>{PARAGRAPH}{google_run("40 m")}<span style="vertical-align:super;font-size:0.6em">2</span></p></td></tr></tbody></table></div><br>'
            f'{PARAGRAPH}<span style="border:none;display:inline-block;overflow:hidden;width:602px;height:400px;">'
            '<img src="https://lh7-rt.googleusercontent.com/docsz/AD_4nXc" width="602" height="400" /></span></p>'
        ),
        '<table><tbody><tr><th scope="col"><p>Voce</p></th><th scope="col"><p>Valore</p></th></tr><tr><td><p>CO<sub>2</sub></p></td>'
        "<td><p>40 m<sup>2</sup></p></td></tr></tbody></table>",
        note="1 immagine non è stata incollata: caricala dalla raccolta.",
    ),
]

LIBREOFFICE = [
    Clipboard(
        "LibreOffice Writer: fonts, lists, quotations",
        """<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/><title></title>
<meta name="generator" content="LibreOffice 24.8 (Linux)"/><style type="text/css">@page { size: 21cm 29.7cm; margin: 2cm }
p { line-height: 115%; background: transparent } h1.western { font-family: "Liberation Sans" } a:link { color: #000080 }</style></head>
<body lang="it-IT" dir="ltr"><h1 class="western">La fibra arriva</h1>
<p style="line-height: 100%; margin-bottom: 0cm"><font color="#c9211e"><font face="Liberation Serif, serif"><font size="3"
style="font-size: 12pt"><b>Offanengo</b></font></font></font> e <i><span style="font-weight: normal">dintorni</span></i>.</p>
<p style="margin-bottom: 0cm"><br/>
</p>
<ul><li><p style="margin-bottom: 0cm">case sparse</p></li><ul><li><p>cascine</p></li></ul><li><p>aziende</p></li></ul>
<blockquote>Un lavoro lungo.</blockquote></body></html>""",
        "<h2>La fibra arriva</h2><p><strong>Offanengo</strong> e <em>dintorni</em>.</p>"
        "<ul><li><p>case sparse</p><ul><li><p>cascine</p></li></ul></li><li><p>aziende</p></li></ul>"
        "<blockquote><p>Un lavoro lungo.</p></blockquote>",
    ),
    Clipboard(
        "LibreOffice Calc: cells that only a style sheet makes bold",
        """<html><head><meta name="generator" content="LibreOffice 24.8"/><style type="text/css">body,div,table { font-size:x-small }
.capo { font-weight: bold }</style></head><body><table cellspacing="0" border="0"><colgroup width="120"></colgroup><colgroup
width="85"></colgroup><tr><td class="capo" height="17" align="left">Anno</td><td class="capo" align="left">2026</td></tr>
<tr><td height="17" align="left">Spesa</td><td align="right" sdval="1250" sdnum="1040;">1250</td></tr></table></body></html>""",
        '<table><tbody><tr><th scope="col"><p>Anno</p></th><th scope="col"><p>2026</p></th></tr>'
        "<tr><td><p>Spesa</p></td><td><p>1250</p></td></tr></tbody></table>",
    ),
]

EXCEL = [
    Clipboard(
        "Excel: empty rows and columns, classes, first column bold too",
        office(
            """<table border=0 cellpadding=0 cellspacing=0 width=256 style='border-collapse:collapse;width:192pt'><col width=64 span=3
style='width:48pt'><tr height=20 style='height:15.0pt'><td height=20 class=xl65 width=64>Comune</td><td class=xl65>Abitanti</td><td
class=xl65>Seggi</td><td></td></tr><tr height=20><td class=xl65>Bagnolo</td><td align=right class=xl66>4.700</td><td align=right>12</td><td></td></tr>
<tr height=20><td></td><td></td><td></td><td></td></tr><tr height=20><td class=xl65>Vailate</td><td align=right>4.500</td><td>12</td><td></td></tr></table>""",
            ".xl65 {mso-style-parent:style0; font-weight:700; text-align:left;} .xl66 {mso-number-format:Standard;}",
        ),
        '<table><tbody><tr><th scope="col"><p>Comune</p></th><th scope="col"><p>Abitanti</p></th><th scope="col"><p>Seggi</p></th></tr>'
        '<tr><th scope="row"><p>Bagnolo</p></th><td><p>4.700</p></td><td><p>12</p></td></tr>'
        '<tr><th scope="row"><p>Vailate</p></th><td><p>4.500</p></td><td><p>12</p></td></tr></tbody></table>',
    ),
    Clipboard(
        "Excel: one cell is a paragraph",
        office("<table><tr height=20><td height=20 width=64 style='height:15.0pt'>Totale: 48 Comuni</td></tr></table>"),
        "<p>Totale: 48 Comuni</p>",
    ),
]

PDF = [
    Clipboard(
        "PDF viewer: lines cut by the paper, words cut at their ends",
        "",
        "<p>Comunicato stampa</p><p>L’Assemblea dei sindaci ha approvato ieri sera il protocollo che istituisce lo sportello "
        "unico per le imprese dei quarantotto Comuni del Cremasco, con la collaborazione delle associazioni.</p>"
        "<p>Il servizio parte a gennaio:</p><ul><li><p>per le pratiche edilizie, compresi i permessi di costruire in sanatoria e le "
        "variazioni;</p></li><li><p>per il commercio.</p></li></ul><p>Informazioni agli sportelli.</p>",
        text="""Comunicato stampa

L’Assemblea dei sindaci ha approvato ieri sera il protocollo che istituisce lo spor-
tello unico per le imprese dei quarantotto Comuni del Cremasco, con la collabora-
zione delle associazioni.
Il servizio parte a gennaio:
• per le pratiche edilizie, compresi i permessi di costruire in sanatoria e le
variazioni;
• per il commercio.
Informazioni agli sportelli.
""",
    ),
    Clipboard(
        "PDF viewer: numbered lines",
        "",
        "<p>Ordine del giorno</p><ol><li><p>Bilancio</p></li><li><p>Nomine</p></li></ol><p>Crema, 3 maggio 2026</p>",
        text="Ordine del giorno\r\n1. Bilancio\r\n2. Nomine\r\n\r\nCrema, 3 maggio 2026",
    ),
    Clipboard(
        "PDF in a browser: a span and a break for each line",
        """<meta charset='utf-8'><span dir="ltr" role="presentation" style="left: 70px; top: 90px; font-size: 16px;">La Comunità energetica
 rinnovabile del Cremasco raccoglie</span><br role="presentation"><span dir="ltr" role="presentation" style="left: 70px">le adesioni di
 famiglie e imprese fino al trenta giu-</span><br role="presentation"><span dir="ltr" role="presentation">gno prossimo.</span><br
 role="presentation"><span dir="ltr" role="presentation">Per aderire si scrive al proprio Comune.</span>""",
        "<p>La Comunità energetica rinnovabile del Cremasco raccoglie le adesioni di famiglie e imprese fino al trenta giugno "
        "prossimo.</p><p>Per aderire si scrive al proprio Comune.</p>",
    ),
    Clipboard(
        "Plain text: an address keeps its lines apart",
        "",
        "<p>Consorzio.IT</p><p>Via del Commercio 29</p><p>26013 Crema</p>",
        text="Consorzio.IT\nVia del Commercio 29\n26013 Crema",
    ),
]

WEB = [
    Clipboard(
        "Newspaper: pixels, sharing, scripts, captions, tracked links",
        """<article class="story"><h1 class="headline" style="font-family:Georgia">Treni, si cambia</h1>
<p class="byline"><span style="color:#888">di Anna Bianchi</span></p><style>.ad{display:block}</style>
<div class="share"><button>Condividi</button><a href="https://www.facebook.com/sharer?u=x"><svg viewBox="0 0 1 1"><path d="M0 0"/></svg></a></div>
<figure><img src="https://giornale.example/foto.jpg" alt="Un treno" width="800" height="450"><figcaption>La stazione di Crema</figcaption></figure>
<div class="body"><p>«Da giugno&nbsp;il treno diretto», dice l’assessore. <a href="https://giornale.example/orari?utm_campaign=x&fbclid=abc&linea=4#tabella" target="_blank"
 onclick="track()" class="lnk"><span>Gli orari</span></a>.</p><div style="display:none">Abbonati!</div>
<h2>Le fermate</h2><div>Il treno ferma a Crema<br><br>e a Casaletto.</div><script>track("letto")</script>
<blockquote class="pull"><p>Era ora.</p></blockquote><p><a href="javascript:void(0)">Commenta</a></p><p>&nbsp;</p>
<img src="https://stat.giornale.example/p.gif?id=7" width="1" height="1"><noscript><img src="https://stat.giornale.example/n.gif"></noscript></div></article>""",
        "<h2>Treni, si cambia</h2><p>di Anna Bianchi</p><p>La stazione di Crema</p><p>«Da giugno il treno diretto», dice l’assessore. "
        '<a href="https://giornale.example/orari?linea=4#tabella" rel="noopener">Gli orari</a>.</p><h3>Le fermate</h3>'
        "<p>Il treno ferma a Crema</p><p>e a Casaletto.</p><blockquote><p>Era ora.</p></blockquote><p>Commenta</p>",
        note="1 immagine non è stata incollata: caricala dalla raccolta.",
    ),
    Clipboard(
        "Newsletter: tables that only arrange, safe links",
        """<table width="600" cellpadding="0" align="center"><tbody><tr><td style="padding:10px"><table width="100%"><tbody><tr><td>
<h3 style="margin:0">Avviso</h3><p style="margin:0">L’ufficio chiude alle 12.</p></td></tr><tr><td><a
href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.cremasco.example%2Fufficio&amp;data=05">La pagina dell’ufficio</a>
</td></tr></tbody></table></td></tr></tbody></table>""",
        "<h3>Avviso</h3><p>L’ufficio chiude alle 12.</p>"
        '<p><a href="https://www.cremasco.example/ufficio" rel="noopener">La pagina dell’ufficio</a></p>',
    ),
    Clipboard(
        "Web page: a table with its caption and heads, an abbreviation, an emoji drawn as a picture",
        """<table class="wikitable"><caption>Le <b>rate</b></caption><thead><tr><th>Rata</th><th>Scadenza</th></tr></thead>
<tbody><tr><th>Prima</th><td>16 giugno <img class="emoji" alt="📅" src="https://s.w.org/1f4c5.svg"></td></tr></tbody></table>
<p>La <abbr title="Tassa sui rifiuti">TARI</abbr> cambia. Il <del>vecchio</del> <ins>nuovo</ins> piano <mark>vale</mark> <q>subito</q>.</p><hr>
<p>Fine.</p>""",
        '<table><caption>Le rate</caption><tbody><tr><th scope="col"><p>Rata</p></th><th scope="col"><p>Scadenza</p></th></tr>'
        '<tr><th scope="row"><p>Prima</p></th><td><p>16 giugno 📅</p></td></tr></tbody></table>'
        '<p>La <abbr title="Tassa sui rifiuti">TARI</abbr> cambia. Il vecchio nuovo piano vale «subito».</p><hr><p>Fine.</p>',
    ),
]

CLIPBOARDS = [*WORD, *GOOGLE_DOCS, *LIBREOFFICE, *EXCEL, *PDF, *WEB]
