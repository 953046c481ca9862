"""What of a document was not taken: told with its words and its place, and nothing hidden comes out."""

from io import BytesIO
from zipfile import ZipFile

import odfdo
import pytest
from docx.oxml.ns import nsmap

from areaomogenea.prose.document_reader import parsed

from .manuscripts import open_document

pytestmark = pytest.mark.any_database  # what is read in a document
MORE = {
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "x": "urn:example:altro",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in (nsmap | MORE).items() if prefix != "xml")
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
STYLES = (
    '<w:style w:type="character" w:styleId="Nascosto"><w:name w:val="Nascosto"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Figlio"><w:name w:val="Figlio"/><w:basedOn w:val="Nascosto"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Coperto"><w:name w:val="Coperto"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Sommario1"><w:name w:val="toc 1"/></w:style>'
)


def word_of(body):
    """A .docx with this XML in its body, and little else."""
    parts = {
        "[Content_Types].xml": f'<Types><Override ContentType="{MAIN_TYPE}"/></Types>',
        "word/document.xml": f"<w:document {DECLARED}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {DECLARED}>{STYLES}</w:styles>",
    }
    content = BytesIO()
    with ZipFile(content, "w") as package:
        for name, xml in parts.items():
            package.writestr(name, xml)
    return content


def texts_of(document):
    return [block.text for block in document.blocks]


def p(*inner, style=""):
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(inner)}</w:p>"


def r(text, looks=""):
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(instruction, *result, form=""):
    begin = f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>'
    instruction_run = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{"".join(result)}' if result else ""
    return f'{begin}{instruction_run}{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def shape(words):
    data = f"<wps:wsp><wps:txbx><w:txbxContent>{p(r(words))}</w:txbxContent></wps:txbx></wps:wsp>"
    return (
        '<w:drawing><wp:anchor><wp:docPr id="1" name="Forma"/><a:graphic><a:graphicData>'
        f"{data}</a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )


def old_shape(words):
    return f"<w:pict><v:oval><v:textbox><w:txbxContent>{p(r(words))}</w:txbxContent></v:textbox></v:oval></w:pict>"


def chosen(new, old=""):
    fallback = f"<mc:Fallback>{old}</mc:Fallback>" if old else ""
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice>{fallback}</mc:AlternateContent></w:r>'
    )


CHOICES = '<w:listEntry w:val="Crema"/><w:listEntry w:val="Spino"/>'
DROP_DOWN = f'<w:ffData><w:ddList><w:result w:val="1"/>{CHOICES}</w:ddList></w:ffData>'
CHECKED = '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
PLACEHOLDER = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
TICKED = '<w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'
CHECKBOX = f"<w:sdt>{TICKED}<w:sdtContent>{r('☒')}</w:sdtContent></w:sdt>"
FRACTION = "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>"

PLAIN = "Prot. fine"
TAKEN = {
    "simple field": ('<w:fldSimple w:instr=" TITLE ">' + r("1234/2026") + "</w:fldSimple>", "Prot. 1234/2026 fine"),
    "field": (field(" DOCPROPERTY n ", r("1234"), r("/2026")), "Prot. 1234/2026 fine"),
    "nested field": (
        field(' IF </w:instrText></w:r>' + field(" MERGEFIELD x ", r("falso")) + '<w:r><w:instrText> = 1 ', r("vero")),
        "Prot. vero fine",
    ),
    "field that never ends": ('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>X</w:instrText></w:r>', PLAIN),
    "list to choose from": (field(" FORMDROPDOWN ", form=DROP_DOWN), "Prot. Spino fine"),
    "box to tick": (field(" FORMCHECKBOX ", form=CHECKED), "Prot. ☒ fine"),
    "control to tick": (CHECKBOX, "Prot. ☒ fine"),
    "smart tag": ('<w:smartTag w:element="City"><w:smartTagPr/>' + r("Crema") + "</w:smartTag>", "Prot. Crema fine"),
    "direction": ('<w:bdo w:val="ltr">' + r("Crema") + "</w:bdo>", "Prot. Crema fine"),
    "unknown wrapper": ("<x:altro>" + r("Crema") + "</x:altro>", "Prot. Crema fine"),
    "line break": ("<w:r><w:t>a</w:t><w:cr/><w:t>b</w:t></w:r>", "Prot. a b fine"),
    "tab of a place": ("<w:r><w:t>a</w:t><w:ptab/><w:t>b</w:t></w:r>", "Prot. a b fine"),
    "plain formula": ("<m:oMath><m:r><m:t>t=2q</m:t></m:r></m:oMath>", "Prot. t=2q fine"),
    "inserted": ("<w:ins>" + r("oggi") + "</w:ins>", "Prot. oggi fine"),
    "moved here": ("<w:moveTo>" + r("oggi") + "</w:moveTo>", "Prot. oggi fine"),
}  # fmt: skip


@pytest.mark.parametrize("inner", TAKEN)
def test_what_a_reader_of_the_paper_sees_is_taken(inner):
    xml, expected = TAKEN[inner]
    document = parsed(word_of(p(r("Prot. "), xml, r(" fine"))))

    assert " ".join(" ".join(texts_of(document)).split()) == expected
    assert "words-missing" not in dict(document.remarks)


LEFT_OUT = {
    "hidden": (r("segreto", "<w:vanish/>"), "hidden-text", "segreto"),
    "hidden by its style": (r("segreto", '<w:rStyle w:val="Nascosto"/>'), "hidden-text", "segreto"),
    "hidden by a style beneath": (r("segreto", '<w:rStyle w:val="Figlio"/>'), "hidden-text", "segreto"),
    "too small": (r("segreto", '<w:sz w:val="2"/>'), "hidden-text", "segreto"),
    "hidden in two runs": (r("segr", "<w:vanish/>") + r("eto", "<w:vanish/>"), "hidden-text", "segreto"),
    "deleted": ("<w:del><w:r><w:delText>vecchio</w:delText></w:r></w:del>", "changes", "vecchio"),
    "moved away": ("<w:moveFrom>" + r("vecchio") + "</w:moveFrom>", "changes", "vecchio"),
    "placeholder": (PLACEHOLDER.format(r("Fare clic qui")), "unfilled", "Fare clic qui"),
    "button": (field(" MACROBUTTON Nulla [Scrivi la data] "), "unfilled", "Nulla [Scrivi la data]"),
    "field without result": (field(" DOCPROPERTY Protocollo "), "field-empty", "DOCPROPERTY Protocollo"),
    "simple field without result": ('<w:fldSimple w:instr="AUTHOR"/>', "field-empty", "AUTHOR"),
    "fraction": (FRACTION, "formula", "ab"),
    "document in the document": ("<w:altChunk r:id='rId99'/>", "inserted", "un altro documento"),
    "reading aid": ("<w:r><w:ruby><w:rt>" + r("su") + "</w:rt><w:rubyBase/></w:ruby></w:r>", "unknown", "su"),
    "words of nobody's": ("<x:altro>sconosciuto</x:altro>", "unknown", "sconosciuto"),
}  # fmt: skip


@pytest.mark.parametrize("inner", LEFT_OUT)
def test_what_is_left_out_is_told_with_its_place_and_stays_out(inner):
    xml, code, words = LEFT_OUT[inner]
    document = parsed(word_of(p(r("Il testo chiaro"), xml, r(" continua"))))

    assert "".join(texts_of(document)) == "Il testo chiaro continua"
    assert f"«{words}» dopo «Il testo chiaro»" in dict(document.remarks)[code]
    assert [remark for remark, _ in document.remarks] == [code]


def test_hidden_paragraphs_rows_and_contents_stay_out():
    hidden_row = f"<w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{p(r('riga'))}</w:tc></w:tr>"
    shown_row = f"<w:tr><w:tc>{p(r('vista'))}</w:tc></w:tr>"
    body = p(r("Inizio")) + p(r("coperto"), style="Coperto") + p(r("Titolo 1"), style="Sommario1")
    document = parsed(word_of(f"{body}<w:tbl>{hidden_row}{shown_row}</w:tbl>"))

    assert texts_of(document) == ["Inizio", "vista"]
    assert dict(document.remarks) == {
        "hidden-text": "Nel documento c’è testo nascosto, che nella bozza non è entrato. "
        "È «coperto» dopo «Inizio», «riga» dopo «Inizio».",
        "contents": "Il sommario del documento non è nella bozza. Era: «Titolo 1» dopo «Inizio».",
    }


@pytest.mark.parametrize(
    "drawn",
    [
        chosen(shape("ATTENZIONE: chiuso")),
        chosen(shape("ATTENZIONE: chiuso"), old_shape("ATTENZIONE: chiuso")),
        chosen("<x:nuovo/>", old_shape("ATTENZIONE: chiuso")),
        f"<w:r>{shape('ATTENZIONE: chiuso')}</w:r>",
        f"<w:r>{old_shape('ATTENZIONE: chiuso')}</w:r>",
        '<w:r><w:pict><v:shape><v:textpath string="ATTENZIONE: chiuso"/></v:shape></w:pict></w:r>',
    ],
)
def test_box_of_text_is_taken_once_after_its_paragraph(drawn):
    document = parsed(word_of(p(r("Lo sportello"), drawn, r(" riapre.")) + p(r("Fine."))))

    assert texts_of(document) == ["Lo sportello riapre.", "ATTENZIONE: chiuso", "Fine."]
    assert document.remarks == [
        (
            "text-box",
            (
                "I riquadri del documento sono ora paragrafi. Sono: «ATTENZIONE: chiuso» dopo «Lo sportello riapre.». "
                "Controlla che siano al posto giusto."
            ),
        )
    ]


def test_date_that_changes_by_itself_is_taken_and_told():
    document = parsed(word_of(p(r("Crema, "), field(' DATE \\@ "d/M/yyyy" ', r("3/12/2026")))))

    assert texts_of(document) == ["Crema, 3/12/2026"]
    assert "«3/12/2026» dopo «Crema,»" in dict(document.remarks)["field-changing"]


def test_white_letters_on_white_are_told_and_on_a_colour_are_not():
    white = '<w:color w:val="FFFFFF"/>'
    shaded = '<w:tcPr><w:shd w:val="clear" w:fill="003366"/></w:tcPr>'
    cells = f"<w:tbl><w:tr><w:tc>{shaded}{p(r('Orari', white))}</w:tc></w:tr></w:tbl>"
    document = parsed(word_of(p(r("Testo "), r("bianco", white)) + cells))

    assert texts_of(document) == ["Testo bianco", "Orari"]
    assert [code for code, _ in document.remarks] == ["pale-text"]


def test_word_that_the_reader_loses_is_named(monkeypatch):
    monkeypatch.setattr("areaomogenea.prose.document_reader.shows_nothing", lambda text: text.startswith("perduto"))
    document = parsed(word_of(p(r("Il testo resta")) + p(r("perduto il resto"))))

    assert dict(document.remarks)["words-missing"] == (
        "Parole del documento che nella bozza mancano: «perduto il resto». Aggiungile tu, se servono."
    )


# OpenDocument


HIDDEN_STYLE = (
    '<style:style style:name="via" style:family="{}"><style:text-properties text:display="none"/></style:style>'
)
CHILD_STYLE = '<style:style style:name="figlio" style:family="text" style:parent-style-name="via"/>'


def odt_of(*xml):
    styles = [odfdo.Element.from_tag(HIDDEN_STYLE.format(family)) for family in ("text", "paragraph")]
    styles.append(odfdo.Element.from_tag(CHILD_STYLE))
    return open_document(*map(odfdo.Element.from_tag, xml), styles=styles)


OPEN_LEFT_OUT = {
    "hidden": ('<text:span text:style-name="via">segreto</text:span>', "hidden-text", "segreto"),
    "hidden by a style beneath": ('<text:span text:style-name="figlio">segreto</text:span>', "hidden-text", "segreto"),
    "hidden by a condition": (
        '<text:hidden-text text:string-value="segreto" text:is-hidden="true"/>', "hidden-text", "segreto",
    ),
    "placeholder": ("<text:placeholder>&lt;data&gt;</text:placeholder>", "unfilled", "<data>"),
    "object": ('<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>', "not-text", "un oggetto"),
    "comment": (
        "<office:annotation><dc:creator>Anna</dc:creator><text:p>Sicuri?</text:p></office:annotation>",
        "comments",
        "Sicuri?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("inner", OPEN_LEFT_OUT)
def test_what_is_left_out_of_an_open_document_is_told_with_its_place(inner):
    xml, code, words = OPEN_LEFT_OUT[inner]
    document = parsed(odt_of(f"<text:p>Il testo chiaro{xml} continua</text:p>"))

    assert "".join(texts_of(document)) == "Il testo chiaro continua"
    assert f"«{words}» dopo «Il testo chiaro»" in dict(document.remarks)[code]
    assert [remark for remark, _ in document.remarks] == [code]


def test_hidden_parts_of_an_open_document_stay_out():
    contents = (
        '<text:table-of-content text:name="Indice"><text:table-of-content-source><text:index-title-template>Indice'
        "</text:index-title-template></text:table-of-content-source><text:index-body><text:p>Titolo 1</text:p>"
        "</text:index-body></text:table-of-content>"
    )
    deleted = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info>'
        "<dc:creator>Anna</dc:creator></office:change-info><text:p>alle nove</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
    )
    document = parsed(
        odt_of(
            deleted,
            '<text:p>Apre <text:change text:change-id="c1"/>alle dieci</text:p>',
            '<text:p text:style-name="via">segreto</text:p>',
            '<text:section text:name="s" text:display="none"><text:p>sezione</text:p></text:section>',
            contents,
        )
    )

    assert texts_of(document) == ["Apre alle dieci"]
    assert dict(document.remarks) == {
        "hidden-text": "Nel documento c’è testo nascosto, che nella bozza non è entrato. "
        "È «segreto sezione» dopo «Apre alle dieci».",
        "changes": "Il documento ha revisioni in sospeso: sono prese come accettate. Tolto: «alle nove» dopo «Apre».",
        "contents": "Il sommario del documento non è nella bozza. Era: «Titolo 1» dopo «Apre alle dieci».",
    }


def test_fields_and_boxes_of_an_open_document_are_taken_once():
    box = "<draw:frame><draw:text-box><text:p>ATTENZIONE: chiuso</text:p></draw:text-box></draw:frame>"
    date = '<text:date text:fixed="false">3/12/2026</text:date>'
    document = parsed(odt_of(f"<text:p>Crema, {date}{box}</text:p>", "<text:p>Fine.</text:p>"))

    assert texts_of(document) == ["Crema, 3/12/2026", "ATTENZIONE: chiuso", "Fine."]
    assert [code for code, _ in document.remarks] == ["field-changing", "text-box"]
