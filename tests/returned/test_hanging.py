"""What hangs on a cell is told with its place and kept, by every command; what is ours is not."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.comments import Comment

from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.portfolio.file_rows import body_of
from hkz_xlsx.problems import HkzError, Problem
from hkz_xlsx.returned.check import check_grid
from hkz_xlsx.returned.read import read_workbook, understand
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.grid import Grid, Kind
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.corpus import hanging as h
from tests.proof.hostile.package import edited, pack, unpack
from tests.support import first_layout, library, mostly_proof

NORM = "125"
SHEET = "Beoordeling"
FILES = Path(__file__).parent / "files"
TITLE = "Mijn eigen grafiek"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


@cache
def base() -> bytes:
    plan = first_layout("nl", NORM)
    return write_workbook(plan, sample_inputs(plan))


def checked(data: bytes, name: str = "w.xlsx") -> tuple[Problem, ...]:
    grid = read_grid(name, data, complete=True)
    return check_grid(grid, library()).problems


def hanging(data: bytes, name: str = "w.xlsx") -> list[tuple[str, str, str]]:
    """Code, cell and what is quoted, of everything that hangs on a cell."""
    return [
        (p.code, p.where.cell, p.slots["value"])
        for p in checked(data, name)
        if p.code.startswith("EXTRA_") and p.code != "EXTRA_TEXT"
    ]


_CHART = f'<c:chartSpace xmlns:c="{_C}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>{TITLE}</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:valAx><c:title><c:tx><c:rich><a:p><a:r><a:t>As</a:t></a:r></a:p></c:rich></c:tx></c:title></c:valAx></c:plotArea></c:chart></c:chartSpace>'
_POINTS = f'<dgm:dataModel xmlns:dgm="{_DGM}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>Plan</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt><dgm:t><a:p><a:r><a:t>Doe</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>'
_SAME_IN_VML = '<a:extLst><a:ext uri="{63B3BB69-23CF-44E3-9099-C40C66FF867C}"><a14:compatExt spid="_x0000_s1025"/></a:ext></a:extLst>'
_INK = '<mc:AlternateContent><mc:Choice Requires="xdr14"><xdr:contentPart r:id="rId1"><xdr14:nvContentPartPr xmlns:xdr14="http://schemas.microsoft.com/office/excel/2010/spreadsheetDrawing"><xdr14:cNvPr id="4" name="Inkt 3"/></xdr14:nvContentPartPr></xdr:contentPart></mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>'

CASES: dict[str, tuple[h.Hung, list[tuple[str, str, str]]]] = {
    "link": (
        h.link("K6", "https://intranet.voorbeeld.nl/protocol.pdf"),
        [("EXTRA_LINK", "K6", "https://intranet.voorbeeld.nl/protocol.pdf")],
    ),
    "mail": (h.link("K6", "mailto:jan@x.nl"), [("EXTRA_LINK", "K6", "mailto:jan@x.nl")]),
    "file": (
        h.link("K6", "file:///P:\\zorg\\plan.docx"),
        [("EXTRA_LINK", "K6", "file:///P:\\zorg\\plan.docx")],
    ),
    "in the file": (h.link("K6", "", "Kladblok!A1"), [("EXTRA_LINK", "K6", "#Kladblok!A1")]),
    "with a place": (
        h.link("K6", "plan.docx", "hoofdstuk2"),
        [("EXTRA_LINK", "K6", "plan.docx#hoofdstuk2")],
    ),
    "over an area": (
        h.link("H6:H8", "https://x.nl/a"),
        [("EXTRA_LINK", f"H{row}", "https://x.nl/a") for row in (6, 7, 8)],
    ),
    "text box": (
        h.drawing(h.anchor(h.box("Protocol wordt\nvervangen"))),
        [("EXTRA_SHAPE", "J7", "Protocol wordt\nvervangen")],
    ),
    "text box, one cell": (
        h.drawing(h.anchor(h.box("Los"), kind="oneCellAnchor")),
        [("EXTRA_SHAPE", "J7", "Los")],
    ),
    "text box, no cell": (
        h.drawing(h.anchor(h.box("Los"), kind="absoluteAnchor")),
        [("EXTRA_SHAPE", "", "Los")],
    ),
    "group in a group": (
        h.drawing(h.anchor(h.group(h.box("een"), h.group(h.box("twee"), h.picture("Foto", "rId1"))))
                  , rels=[("rId1", "image", "../media/foto.png")]),
        [("EXTRA_SHAPE", "J7", "een"), ("EXTRA_SHAPE", "J7", "twee"),
         ("EXTRA_PICTURE", "J7", "Foto (foto.png)")],
    ),
    "shape without text": (h.drawing(h.anchor(h.box("", "Ovaal 3"))), [("EXTRA_SHAPE", "J7", "Ovaal 3")]),
    "shape with a link": (
        h.drawing(
            h.anchor(h.box("Zie plan", inside='<a:hlinkClick r:id="rId1"/>')),
            rels=[("rId1", "hyperlink", "https://x.nl/plan")],
        ),
        [("EXTRA_SHAPE", "J7", "Zie plan\n")],
    ),
    "picture": (
        h.drawing(h.anchor(h.picture("Schermafdruk")), rels=[("rId1", "image", "../media/u.png")]),
        [("EXTRA_PICTURE", "J7", "Schermafdruk (u.png)")],
    ),
    "chart": (
        h.drawing(
            h.anchor(h.frame(_C, f'<c:chart xmlns:c="{_C}" r:id="rId1"/>')),
            rels=[("rId1", "chart", "../charts/chart99.xml")],
            parts={"xl/charts/chart99.xml": _CHART},
        ),
        [("EXTRA_OBJECT", "J7", f"{TITLE}")],
    ),
    "diagram": (
        h.drawing(
            h.anchor(h.frame(_DGM, f'<dgm:relIds xmlns:dgm="{_DGM}" r:dm="rId1"/>', "Diagram 1")),
            rels=[("rId1", "diagramData", "../diagrams/data1.xml")],
            parts={"xl/diagrams/data1.xml": _POINTS},
        ),
        [("EXTRA_SHAPE", "J7", "Plan\nDoe")],
    ),
    "ink": (
        h.drawing(h.anchor(_INK.format(h.picture("Inkt 3 als plaatje")))),
        [("EXTRA_OBJECT", "J7", "Inkt 3")],
    ),
    "only the fallback": (
        h.drawing(
            h.anchor(
                "<mc:AlternateContent><mc:Choice Requires=\"q\"/><mc:Fallback>"
                f"{h.box('Terugval')}</mc:Fallback></mc:AlternateContent>"
            )
        ),
        [("EXTRA_SHAPE", "J7", "Terugval")],
    ),
    "check box": (h.vml(h.vml_shape("Checkbox", "Akkoord", ticked=True)), [("EXTRA_OBJECT", "J7", "☑ Akkoord")]),
    "old text box": (h.vml(h.vml_shape("Rect", "Oude tekst")), [("EXTRA_SHAPE", "J7", "Oude tekst")]),
    "page header": (
        h.Hung('<headerFooter><oddHeader>&amp;L&amp;"Arial,Vet"&amp;12Concept van &amp;D&amp;R&amp;P</oddHeader></headerFooter>'),
        [("EXTRA_PAGE", "", "Concept van")],
    ),
    "picture in a page header": (
        h.Hung("<headerFooter><oddHeader>&amp;L&amp;G</oddHeader></headerFooter>"),
        [("EXTRA_PICTURE", "", "oddHeader")],
    ),
    "background": (
        h.Hung("", [("rIdB", "image", "../media/achtergrond.png", False)]),
        [("EXTRA_PICTURE", "", "achtergrond.png")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_check_names_it_with_its_cell(name: str) -> None:
    hung, expected = CASES[name]
    found = hanging(h.hang(base(), SHEET, hung))
    assert [
        (c, cell, v.split(" – ")[0][: len(e)])
        for (c, cell, v), (_, _, e) in zip(found, expected, strict=True)
    ] == expected


def _run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result.output


def _everything(path: Path) -> str:
    """All that stands in a workbook: cells of every sheet, and comments."""
    grid = read_grid(path.name, path.read_bytes(), complete=True)
    texts = [str(v) for s in grid.sheets for v in s.cells.values()]
    return "\n".join((*texts, *(c for s in grid.sheets for c in s.comments.values())))


def _all_at_once() -> tuple[bytes, list[tuple[str, str]]]:
    """Something of every kind on one sheet; what has to be kept, with its cell."""
    drawings = h.drawing(
        h.anchor(h.group(h.box("Protocol wordt vervangen"))),
        h.anchor(h.picture("Schermafdruk"), 8),
        h.anchor(h.box("Los"), kind="absoluteAnchor"),
        rels=[("rId1", "image", "../media/u.png")],
    )
    data = h.hang(base(), SHEET, drawings)
    for hung in (
        CASES["link"][0], CASES["check box"][0], CASES["page header"][0], _thread("Nog doen"),
    ):  # fmt: skip
        data = h.hang(data, SHEET, hung)
    return data, [
        ("https://intranet.voorbeeld.nl/protocol.pdf", "K6"),
        ("Protocol wordt vervangen", "J7"), ("Schermafdruk (u.png)", "J9"), ("Los", ""),
        ("☑ Akkoord", "J7"), ("Concept van", ""), ("Nog doen", "H6"),
    ]  # fmt: skip


def _listed(path: Path) -> set[tuple[str, str]]:
    """What stands on the sheet of what is not placed: text and cell."""
    submission = read_workbook(path, library(), complete=True)
    return {(one.value, one.where.cell) for one in submission.carried}


def test_every_command_keeps_it(tmp_path: Path) -> None:
    """Repaired, merged, carried into one new workbook and by a list; and repaired once more."""
    data, expected = _all_at_once()
    source, other = tmp_path / "terug.xlsx", tmp_path / "ander.xlsx"
    source.write_bytes(data)
    other.write_bytes(base())
    _run("repair", source, "-o", tmp_path / "repair.xlsx")
    _run("repair", tmp_path / "repair.xlsx", "-o", tmp_path / "again.xlsx")
    _run("merge", source, other, "-o", tmp_path / "merge.xlsx")
    _run("generate", NORM, "--answers", source, "-o", tmp_path / "generate.xlsx")
    _run("generate", NORM, "--answers", source, "-o", tmp_path / "english.xlsx", "--lang", "en")
    client = sample_inputs(first_layout("nl", NORM))
    name, kvk = (client.get(Address("organisation", key, "value")) for key in ("name", "kvk"))
    table = f"Naam;KvK;Vorig werkboek\n{name};{kvk};terug.xlsx\n"
    (tmp_path / "lijst.csv").write_text(table, encoding="utf-8")
    out = tmp_path / "uit"
    _run("batch", tmp_path / "lijst.csv", "-o", out, "--norm", NORM, "--date", "2026-11-02")
    (batch,) = out.glob("*.xlsx")
    made = [tmp_path / f"{n}.xlsx" for n in ("repair", "again", "merge", "generate", "english")]
    for path in (*made, batch):
        assert _listed(path) == set(expected), path.name
        assert hanging(path.read_bytes()) == [], path.name
        comments = "\n".join(
            text for sheet in read_grid("", path.read_bytes()).sheets
            for text in sheet.comments.values()
        )  # fmt: skip
        for text, cell in expected:
            assert not cell or text in comments, (path.name, text)
    assert made[0].read_bytes() == made[1].read_bytes()


def test_a_control_that_is_drawn_in_two_languages_is_told_once() -> None:
    new = h.drawing(
        h.anchor(
            '<mc:AlternateContent><mc:Choice Requires="a14">'
            + h.box("Akkoord", "Check Box 1", _SAME_IN_VML)
            + "</mc:Choice></mc:AlternateContent>"
        )
    )
    data = h.hang(h.hang(base(), SHEET, new), SHEET, h.vml(h.vml_shape("Checkbox", "Akkoord")))
    assert hanging(data) == [("EXTRA_OBJECT", "J7", "☐ Akkoord")]


def test_a_text_box_in_our_chart_is_told() -> None:
    parts = unpack(base())
    chart = "xl/charts/chart1.xml"
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartUserShapes" Target="../drawings/drawing50.xml"/></Relationships>'
    cdr = "http://schemas.openxmlformats.org/drawingml/2006/chartDrawing"
    shapes = f'<c:userShapes xmlns:c="{_C}" xmlns:cdr="{cdr}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><cdr:relSizeAnchor><cdr:from><cdr:x>0.1</cdr:x><cdr:y>0.1</cdr:y></cdr:from><cdr:sp><cdr:nvSpPr><cdr:cNvPr id="2" name="Tekst"/></cdr:nvSpPr><cdr:txBody><a:p><a:r><a:t>Nog na te kijken</a:t></a:r></a:p></cdr:txBody></cdr:sp></cdr:relSizeAnchor></c:userShapes>'
    assert chart in parts
    data = pack(
        {
            **parts,
            "xl/charts/_rels/chart1.xml.rels": rels.encode(),
            "xl/drawings/drawing50.xml": shapes.encode(),
        }
    )
    assert [(c, v) for c, _, v in hanging(data)] == [("EXTRA_SHAPE", "Nog na te kijken")]


def test_a_sheet_that_is_a_chart_is_told() -> None:
    parts = unpack(h.hang(base(), SHEET, CASES["chart"][0]))
    name = h.sheet_part(base(), SHEET)
    rels = name.replace("worksheets/", "worksheets/_rels/") + ".rels"
    drawing = parts[rels].decode().replace("../drawings/drawing99", "/xl/drawings/drawing99")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    new = {
        **unpack(base()),
        **{n: d for n, d in parts.items() if "99" in n},
        "xl/chartsheets/sheet1.xml": f'<chartsheet xmlns="{space}"/>'.encode(),
        "xl/chartsheets/_rels/sheet1.xml.rels": drawing.encode(),
    }
    book, links = new["xl/workbook.xml"].decode(), new["xl/_rels/workbook.xml.rels"].decode()
    sheet = '<sheet name="Grafiekblad" sheetId="99" r:id="rIdC"/></sheets>'
    link = f'<Relationship Id="rIdC" Type="{office}/chartsheet" Target="chartsheets/sheet1.xml"/>'
    new["xl/workbook.xml"] = book.replace("</sheets>", sheet).encode()
    new["xl/_rels/workbook.xml.rels"] = links.replace(
        "</Relationships>", link + "</Relationships>"
    ).encode()
    data = pack(new)
    assert [(c, v) for c, _, v in hanging(data)] == [("EXTRA_OBJECT", TITLE)]
    told = {(p.code, p.where.sheet) for p in checked(data)}
    assert {("EXTRA_OBJECT", "Grafiekblad"), ("SHEET_ADDED", "Grafiekblad")} <= told


def _by_openpyxl(edit: Callable[[openpyxl.Workbook], None], data: bytes = b"") -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data or base()))
    edit(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_our_own_charts_logo_and_pages_are_not_told() -> None:
    """With a template, saved by another program, with other names of parts."""
    plan = first_layout("nl", NORM)
    look = load_template("voorbeeld-adviesbureau")
    assert look.logo is not None
    dressed = write_workbook(plan, sample_inputs(plan), look)
    parts = unpack(dressed)
    renamed = {
        name.replace("charts/chart", "charts/diagram"): text.replace(
            b"charts/chart", b"charts/diagram"
        )
        for name, text in parts.items()
    }
    assert renamed.keys() != parts.keys()
    for data in (base(), dressed, pack(renamed), _by_openpyxl(lambda _: None, dressed)):
        assert hanging(data) == []


def test_a_second_picture_beside_the_logo_is_told() -> None:
    plan = first_layout("nl", NORM)
    dressed = write_workbook(plan, sample_inputs(plan), load_template("voorbeeld-adviesbureau"))
    name = next(
        n
        for n, d in unpack(dressed).items()
        if n.startswith("xl/drawings/drawing") and b":pic>" in d
    )

    def twice(data: bytes) -> bytes:
        start = (
            data.index(b"<xdr:twoCellAnchor")
            if b"<xdr:twoCellAnchor" in data
            else data.index(b"<xdr:oneCellAnchor")
        )
        end = data.index(b"</xdr:wsDr>")
        return data[:end] + data[start:end] + data[end:]

    assert [c for c, _, _ in hanging(edited(unpack(dressed), name, twice))] == ["EXTRA_PICTURE"]


def test_a_link_that_only_repeats_the_cell_is_not_told() -> None:
    """Programs make a link of every address that is typed."""

    def type_address(book: openpyxl.Workbook) -> None:
        book[SHEET]["K6"], book[SHEET]["K7"] = "https://x.nl/plan", "jan@x.nl"

    data = _by_openpyxl(type_address)
    data = h.hang(data, SHEET, h.link("K6", "https://x.nl/plan/", number=1))
    data = h.hang(data, SHEET, h.link("K7", "mailto:jan@x.nl", number=2))
    assert hanging(data) == []


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('=HYPERLINK("https://x.nl/plan","zie plan")', "https://x.nl/plan"),
        ('=HYPERLINK("#Kladblok!A1","zie plan")', "#Kladblok!A1"),
        ('=HYPERLINK("P:\\"&A1,"zie plan")', '"P:\\"&A1,"zie plan"'),
    ],
)
def test_a_link_by_a_formula_is_told_and_kept(formula: str, value: str, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book[SHEET]["K6"] = formula

    path = tmp_path / "w.xlsx"
    path.write_bytes(_by_openpyxl(edit))
    assert [(c, cell, v) for c, cell, v in hanging(path.read_bytes()) if cell == "K6"] == [
        ("EXTRA_LINK", "K6", value)
    ]
    _run("repair", path, "-o", tmp_path / "r.xlsx", code=1)  # openpyxl stores no outcome
    assert value in _everything(tmp_path / "r.xlsx")


NL = "[Opmerkingenthread]\n\nU kunt deze opmerkingenthread lezen in uw versie van Excel. Eventuele wijzigingen aan de thread gaan echter verloren als het bestand wordt geopend in een nieuwere versie van Excel. Meer informatie: https://go.microsoft.com/fwlink/?linkid=870924\n\nOpmerking:\n    Navragen bij Piet"
EN = "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment; however, any edits to it will get removed if the file is opened in a newer version of Excel. Learn more: https://go.microsoft.com/fwlink/?linkid=870924\n\nComment:\n    Navragen bij Piet"
OTHER = "[Wątek]\n\nZdanie programu.\nNog een zin.\n\nKomentarz:\n    Navragen bij Piet"


@pytest.mark.parametrize(
    ("text", "author"), [(NL, "tc={0}"), (NL, "Jan"), (EN, "tc={A-B}"), (OTHER, "tc={0}")]
)
def test_a_copy_of_a_conversation_is_only_what_people_wrote(text: str, author: str) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book[SHEET]["H6"].comment = Comment(text, author)

    assert hanging(_by_openpyxl(edit)) == [("EXTRA_COMMENT", "H6", "Navragen bij Piet")]


def test_a_comment_in_brackets_of_a_person_stays_whole() -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book[SHEET]["H6"].comment = Comment("[concept]\n\nNog doen.\n\nActie:\n    bellen", "Jan")

    assert [v for _, _, v in hanging(_by_openpyxl(edit))] == [
        "[concept]\n\nNog doen.\n\nActie:\n    bellen"
    ]


def _thread(*texts: str) -> h.Hung:
    said = "".join(
        f'<threadedComment ref="H6" personId="{{{i % 2}}}" id="{{{i}}}"><text>{t}</text></threadedComment>'
        for i, t in enumerate(texts)
    )
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    return h.Hung(
        "",
        [("rIdT", "threadedComment", "../threadedComments/threadedComment1.xml", False)],
        {
            "xl/threadedComments/threadedComment1.xml": f'<ThreadedComments xmlns="{space}">{said}</ThreadedComments>'
        },
    )


def test_a_conversation_without_a_copy_is_read() -> None:
    assert hanging(h.hang(base(), SHEET, _thread("Nog doen"))) == [
        ("EXTRA_COMMENT", "H6", "Nog doen")
    ]
    found = hanging((FILES / "x_threaded_only.xlsx").read_bytes())
    text = "Jan J: ¤99011¤ wij voldoen nog niet\nJan J: ¤99012¤ antwoord hierop"
    assert found == [("EXTRA_COMMENT", "H6", text)]


def test_a_conversation_goes_before_its_copy() -> None:
    """With every reply, and once."""

    def edit(book: openpyxl.Workbook) -> None:
        book[SHEET]["H6"].comment = Comment(NL, "tc={0}")

    data = h.hang(_by_openpyxl(edit), SHEET, _thread("Navragen bij Piet", "Gedaan"))
    assert hanging(data) == [("EXTRA_COMMENT", "H6", "Navragen bij Piet\nGedaan")]


# OpenDocument


def _answer(grid: Grid, row: int) -> object:
    submission = understand(grid, library()).submission
    key = submission.plan.model.table(T.requirements).rows[row]
    return submission.raw.get(Address(T.requirements, key, "answer"))


def test_a_shape_on_a_cell_of_an_ods_file_is_no_part_of_the_answer() -> None:
    for name, cell, text in (
        ("o_shape_on_answer.ods", "H6", "besproken 3 maart"),
        ("lo_textbox.ods", "J6", "¤99021¤ antwoord in een tekstvak"),
    ):
        data = (FILES / name).read_bytes()
        assert hanging(data, name) == [("EXTRA_SHAPE", cell, text)]
    assert (
        _answer(read_grid("o.ods", (FILES / "o_shape_on_answer.ods").read_bytes()), 0)
        == "Weet niet"
    )


_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_SHAPE = '<draw:custom-shape draw:name="Vorm">{}</draw:custom-shape>'
_ODS: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "group": (
        f"<draw:g>{_SHAPE.format('<text:p>een</text:p>')}<draw:g>{_SHAPE.format('<text:p>twee</text:p>')}</draw:g></draw:g>",
        [("EXTRA_SHAPE", "H6", "een"), ("EXTRA_SHAPE", "H6", "twee")],
    ),
    "text box": (
        '<draw:frame draw:name="Kader"><draw:text-box><text:p>Zie <text:span>map 3</text:span></text:p><text:p>en 4</text:p></draw:text-box></draw:frame>',
        [("EXTRA_SHAPE", "H6", "Zie map 3\nen 4")],
    ),
    "picture": (
        '<draw:frame draw:name="Foto"><draw:image xlink:href="Pictures/abc.png"><text:p/></draw:image><svg:desc>Kast</svg:desc></draw:frame>',
        [("EXTRA_PICTURE", "H6", "Foto (abc.png) – Kast")],
    ),
    "embedded": (
        '<draw:frame draw:name="Brief"><draw:object xlink:href="./Object 9"/><draw:image xlink:href="./ObjectReplacements/Object 9"/></draw:frame>',
        [("EXTRA_OBJECT", "H6", "Brief")],
    ),
    "link": ('<text:p><text:a xlink:href="https://x.nl/plan">Weet niet</text:a></text:p>', [("EXTRA_LINK", "H6", "https://x.nl/plan")]),
    "footnote": (
        '<text:p>Weet niet<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>vraag Jan</text:p></text:note-body></text:note></text:p>',
        [("EXTRA_FOOTNOTE", "H6", "vraag Jan")],
    ),
}  # fmt: skip


def _ods(inside: str, *, instead: bool, before: str = "") -> bytes:
    parts = unpack((FILES / "o_shape_on_answer.ods").read_bytes())
    text = parts["content.xml"].decode()
    shape = '<draw:custom-shape svg:width="3cm" svg:height="1cm"><text:p>besproken 3 maart</text:p></draw:custom-shape><text:p>Weet niet</text:p>'
    assert text.count(shape) == 1
    text = text.replace(shape, inside if instead else f"{inside}<text:p>Weet niet</text:p>")
    if before:
        mark = '<table:table table:name="Beoordeling"'
        at = text.index(">", text.index(mark)) + 1
        text = text[:at] + before + text[at:]
    parts["content.xml"] = text.encode()
    return pack(parts)


@pytest.mark.parametrize("name", _ODS)
def test_what_hangs_on_a_cell_of_an_ods_file(name: str, tmp_path: Path) -> None:
    inside, expected = _ODS[name]
    data = _ods(inside, instead="Weet niet" in inside)
    assert hanging(data, "w.ods") == expected
    assert _answer(read_grid("w.ods", data), 0) == "Weet niet"
    (tmp_path / "w.ods").write_bytes(data)
    _run("repair", tmp_path / "w.ods", "-o", tmp_path / "r.xlsx")
    text = _everything(tmp_path / "r.xlsx")
    assert all(value in text for _, _, value in expected)


def test_what_hangs_on_a_sheet_of_an_ods_file() -> None:
    """Drawings without a cell, and a control with its state."""
    before = (
        '<office:forms><form:form><form:checkbox form:id="c1" xml:id="c1" form:label="Akkoord" form:current-state="checked"/></form:form></office:forms>'
        f'<table:shapes>{_SHAPE.format("<text:p>los</text:p>")}<draw:control draw:control="c1"/></table:shapes>'
    )
    if (
        "xmlns:form"
        not in unpack((FILES / "o_shape_on_answer.ods").read_bytes())["content.xml"].decode()
    ):
        before = before.replace("<office:forms>", f'<office:forms xmlns:form="{_ODF}form:1.0">')
    found = hanging(_ods("", instead=False, before=before), "w.ods")
    assert found == [("EXTRA_SHAPE", "", "los"), ("EXTRA_OBJECT", "", "☑ Akkoord")]


def test_a_changed_footer_of_an_ods_file_is_told() -> None:
    parts = unpack((FILES / "o_shape_on_answer.ods").read_bytes())
    styles = parts["styles.xml"].decode()
    at = styles.index('style:name="PageStyle_5f_Beoordeling"')
    new = styles[at:].replace("HKZ 143 (2021)", "Concept 3", 1)
    parts["styles.xml"] = (styles[:at] + new).encode()
    found = [v for c, _, v in hanging(pack(parts), "w.ods") if c == "EXTRA_PAGE"]
    assert found == ["Concept 3"]


# Why two questions are empty


def _hides(state: str) -> bytes:
    parts = unpack(base())
    old = f'<sheet name="{SHEET}"'.encode()
    return edited(
        parts, "xl/workbook.xml", lambda d: d.replace(old, old + f' state="{state}"'.encode())
    )


def _merges(book: openpyxl.Workbook) -> None:
    book[SHEET].merge_cells("H6:H8")


def _comments(book: openpyxl.Workbook) -> None:
    book[SHEET]["H6"].comment = Comment("Wij voldoen niet", "Jan")


def _calculates(data: bytes) -> bytes:
    """An answer that a formula gives, with its outcome stored."""
    name = h.sheet_part(data, SHEET)

    def change(sheet: bytes) -> bytes:
        import re

        return re.sub(
            rb'<c r="H6"( s="\d+")? t="\w+">.*?</c>',
            rb'<c r="H6"\1 t="str"><f>H7</f><v>Voldoet</v></c>', sheet, count=1,
        )  # fmt: skip

    return edited(unpack(data), name, change)


SAID: dict[str, tuple[Callable[[], bytes], str]] = {
    "hidden": (lambda: _hides("hidden"), "SHEET_HIDDEN"),
    "very hidden": (lambda: _hides("veryHidden"), "SHEET_HIDDEN"),
    "merged": (lambda: _by_openpyxl(_merges), "CELLS_MERGED"),
    "formula": (lambda: _calculates(base()), "ANSWER_IS_FORMULA"),
    "comment": (lambda: _by_openpyxl(_comments), "EXTRA_COMMENT"),
    "text box": (lambda: h.hang(base(), SHEET, CASES["text box"][0]), "EXTRA_SHAPE"),
    "link": (lambda: h.hang(base(), SHEET, CASES["link"][0]), "EXTRA_LINK"),
}


@pytest.mark.parametrize("name", mostly_proof(SAID, "hidden", "comment"))
def test_every_command_says_it(name: str, tmp_path: Path) -> None:
    """Whoever runs only one of them hears why questions are empty."""
    make, code = SAID[name]
    path = tmp_path / "terug.xlsx"
    path.write_bytes(make())
    other = tmp_path / "ander.xlsx"
    other.write_bytes(base())

    def told(*arguments: object) -> str:
        return CliRunner().invoke(cli, [str(a) for a in arguments]).output

    assert code in told("check", path)
    _run_any = told("analyze", path, "-o", tmp_path / "een.json")
    assert code in _run_any
    assert code in (tmp_path / "een.json").read_text("utf-8")
    told("analyze", path, other, "-o", tmp_path / "map", "--format", "json")
    assert any(code in p.read_text("utf-8") for p in (tmp_path / "map").rglob("*.json"))
    assert code in told("repair", path, "-o", tmp_path / "r.xlsx")
    assert code in told("merge", path, other, "-o", tmp_path / "m.xlsx")
    assert code in told("generate", NORM, "--answers", path, "-o", tmp_path / "g.xlsx")
    assert code in told("compare", path, other)
    assert code in json.dumps(body_of(path.read_bytes(), library())["problems"])


def test_analyze_quotes_the_formula_of_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(_calculates(base()))
    assert "=H7" in CliRunner().invoke(cli, ["analyze", str(path)]).output


def test_ordinary_files_go_the_quick_way() -> None:
    """Our own charts and merged cells are no reason to leave it; what people add is."""
    assert quick(read_grid("", base()), library()) is not None
    for name, (make, _) in SAID.items():
        if name not in ("merged", "comment"):  # saved by a program that stores no outcomes
            assert quick(read_grid("", make()), library()) is None, name


# What cannot be read


@pytest.mark.parametrize(
    "part",
    ["xl/drawings/drawing99.xml", "xl/charts/chart99.xml", "xl/drawings/_rels/drawing99.xml.rels"],
)
def test_a_broken_part_costs_itself_only(part: str) -> None:
    data = h.hang(base(), SHEET, CASES["chart"][0])
    broken = pack({**unpack(data), part: b"<a><b></a>"})
    found = [
        (p.code, p.where.sheet, p.slots["part"])
        for p in checked(broken)
        if p.code == "ATTACHED_UNREAD"
    ]
    assert found == [("ATTACHED_UNREAD", SHEET, part)]
    missing = {name: text for name, text in unpack(data).items() if name != part}
    assert "CHECK_READ" in {p.code for p in checked(pack(missing))}


def test_a_doctype_in_a_drawing_is_refused() -> None:
    data = pack(
        {
            **unpack(h.hang(base(), SHEET, CASES["chart"][0])),
            "xl/drawings/drawing99.xml": b"<!DOCTYPE a><a/>",
        }
    )
    with pytest.raises(HkzError) as caught:
        read_grid("w.xlsx", data)
    assert [p.code for p in caught.value.problems] == ["FILE_DOCTYPE"]


@pytest.mark.parametrize("row", ["-1", "9" * 5000, "1048576", "x", ""])
def test_impossible_anchors_have_no_cell(row: str) -> None:
    body = h.anchor(h.box("tekst")).replace("<xdr:row>6<", f"<xdr:row>{row}<", 1)
    assert hanging(h.hang(base(), SHEET, h.drawing(body))) == [("EXTRA_SHAPE", "", "tekst")]


def test_thousands_of_drawings_and_deep_groups() -> None:
    """Deep nesting is read; of far too many is said that there are more."""
    deep = h.box("diep")
    for _ in range(2_000):
        deep = f"<xdr:grpSp>{deep}</xdr:grpSp>"
    assert hanging(h.hang(base(), SHEET, h.drawing(h.anchor(deep)))) == [
        ("EXTRA_SHAPE", "J7", "diep")
    ]
    many = h.drawing(*[h.anchor(h.box("x"))] * 6_000)
    assert "ATTACHED_UNREAD" in {p.code for p in checked(h.hang(base(), SHEET, many))}
    links = "".join(f'<hyperlink ref="K{i}" location="A{i}"/>' for i in range(1, 6_000))
    told = {
        p.code for p in checked(h.hang(base(), SHEET, h.Hung(f"<hyperlinks>{links}</hyperlinks>")))
    }
    assert {"EXTRA_LINK", "ATTACHED_UNREAD"} <= told


@pytest.mark.parametrize("kind", ["xls", "xlsb"])
def test_what_is_not_looked_at_in_a_binary_file_is_said(kind: Kind) -> None:
    grid = replace(read_grid("w", base()), kind=kind)
    found = [p for p in check_grid(grid, library()).problems if p.code == "ATTACHED_UNSEEN"]
    assert [p.slots["kind"] for p in found] == [kind]
    assert "ATTACHED_UNSEEN" not in {p.code for p in checked(base())}
