"""Six formats of one report: equal numbers, hostile text, same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from datetime import datetime
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from docx.oxml.ns import qn

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.layout.style_template import NEUTRAL, Logo, Look
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render import markdown
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.render.html import find_script
from hkz_xlsx.render.markdown import FITS
from hkz_xlsx.report.comparison import Comparison
from hkz_xlsx.report.content import document
from hkz_xlsx.report.write import RENDERERS
from hkz_xlsx.text import LANGS, Lang, Text, messages
from tests.report.cases import ARABIC, CASES, HAN, HEBREW, HOSTILE, LONG, WORD, report_of
from tests.report.extract import page, text_of

SUFFIXES = tuple(RENDERERS)
PEOPLE = tuple(s for s in SUFFIXES if s != ".json")

# The smallest picture there is: one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
LOOK = Look(
    palette=Palette(dark="#402060", accent="#803090", font="Verdana"),
    name="adviesbureau",
    adviser="Jansen & Zn. <advies>",
    contact=("info@jansen.example", "030 123 45 67"),
    cover=Text("Vertrouwelijk; alleen voor de opdrachtgever.", "Confidential."),
    logo=Logo(PIXEL, "png", Text("Logo van Jansen", "Logo of Jansen"), 40, 20),
    charts=("rubrieken",),
)


@cache
def data_of(case: str, suffix: str, lang: Lang = "nl") -> bytes:
    return RENDERERS[suffix](report_of(case, lang), NEUTRAL)


@cache
def text_in(case: str, suffix: str, lang: Lang = "nl") -> str:
    return text_of(suffix, data_of(case, suffix, lang))


def _squeezed(text: str) -> str:
    """Without what a typesetter adds: line ends and hyphens."""
    return re.sub(r"[\s-]", "", text)


def holds(text: str, expected: str, suffix: str) -> bool:
    """Whether a text stands in a report; a PDF has hyphenated words in it."""
    if suffix == ".pdf":
        return _squeezed(expected) in _squeezed(text)
    return expected in text


def _words(value: float | None, score: Score, lang: Lang) -> str:
    """A percentage as the rules say it, on its own: not through the code under test."""
    if value is None:
        nl = {"na": "n.v.t.", "undetermined": "nog niet te bepalen"}
        en = {"na": "n/a", "undetermined": "not yet known"}
        return (nl if lang == "nl" else en)[score.outcome]
    return f"{value:.1f} %".replace(".", ",") if lang == "nl" else f"{value:.1f}%"


def _numbers(score: Score, lang: Lang, suffix: str) -> str:
    percents = [_words(v, score, lang) for v in (score.score, score.substantiated)]
    counts = [score.answered, score.count]
    if suffix == ".md":
        return " | ".join([*percents, *map(str, counts)])
    maturity = "–" if score.maturity is None else f"{score.maturity:.1f}"
    if lang == "nl":
        maturity = maturity.replace(".", ",")
    counts += [score.unknown, score.na, score.core_failed]
    return " ".join([*percents, *map(str, counts), maturity, str(score.rated), str(score.signals)])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", ["empty", "half", "nearly"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_numbers_of_every_set(case: str, suffix: str, lang: Lang) -> None:
    """Each rubriek, each theme and the total stand there with all their numbers, in order; where
    there is no score at all, no table of scores stands there."""
    report, text = report_of(case, lang), text_in(case, suffix, lang)
    lines = (*report.rubrieken, *report.themes)
    scored = any(line.score.score is not None for line in lines)
    assert (messages(lang)("report.themes_note")[:20] in text) == scored
    rows = [(line.name, line.score) for line in lines] + [("", report.total)]
    for name, score in rows if scored else ():
        expected = _numbers(score, lang, suffix)
        assert holds(text, expected, suffix), (name, expected)
    for verdict in report.verdicts:
        assert holds(text, verdict.label, suffix)


@pytest.mark.parametrize("case", ["empty", "half", "nearly", "ready"])
def test_numbers_in_excel_are_numbers(case: str) -> None:
    """The Excel report holds the same numbers, as numbers; words only where there is none."""
    report = report_of(case)
    sheet = openpyxl.load_workbook(BytesIO(data_of(case, ".xlsx")))["Scores"]
    rows = {r[0]: r for r in sheet.iter_rows(min_row=5, values_only=True)}
    for line in (*report.rubrieken, *report.themes):
        score, row = line.score, rows[line.name]
        percents = [
            _words(v, score, "nl") if v is None else v for v in (score.score, score.substantiated)
        ]
        maturity = "–" if score.maturity is None else score.maturity
        assert list(row[2:]) == [
            *percents, score.answered, score.count, score.unknown, score.na, score.core_failed,
            maturity, score.rated, score.signals,
        ]  # fmt: skip


def test_dates_in_excel_are_dates() -> None:
    """End dates of evidence and dates of actions can be sorted and filtered as dates."""
    book = openpyxl.load_workbook(BytesIO(data_of("nearly", ".xlsx")))
    ends = [
        r[4].value for r in book["Bewijs"].iter_rows(min_row=5) if isinstance(r[4].value, datetime)
    ]
    dues = [r[4].value for r in book["Actieplan"].iter_rows(min_row=5)]
    expected = [e for e in report_of("nearly").evidence if e.valid_serial]
    assert len(ends) == len(expected) == 10
    assert all(hasattr(due, "year") for due in dues)


@pytest.mark.parametrize("suffix", PEOPLE)
def test_gaps_actions_and_evidence_are_all_there(suffix: str) -> None:
    """Every gap, every action, and (but for Markdown) every piece of evidence is named."""
    report, text = report_of("half"), text_in("half", suffix)
    wanted = {g.gap.requirement for g in report.gaps} | {a.requirement for a in report.actions}
    if suffix != ".md":
        wanted |= {e.requirement for e in report.evidence}
        assert all(holds(text, " ".join(e.evidence.split()), suffix) for e in report.evidence)
    assert wanted <= set(re.findall(r"\bCPV-\d+|[A-Z]{2,4}-\d+", text))
    for action in report.actions:
        assert holds(text, action.action, suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("case", ["half", "odd"])
def test_same_input_same_bytes(case: str, suffix: str) -> None:
    """No clock and no chance in any format."""
    assert RENDERERS[suffix](report_of(case), NEUTRAL) == data_of(case, suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_hostile_text_is_text(suffix: str) -> None:
    """Markup, formulas, other alphabets and emoji are shown as typed; of 32,000 characters pages
    have the beginning, and say so."""
    text = text_in("odd", suffix)
    flat = " ".join(HOSTILE.split())
    if suffix == ".json":
        flat = flat.replace('"', '\\"')
    assert flat in text
    assert "😀" in text
    if suffix == ".pdf":  # glyphs of other alphabets come out of a PDF in the order drawn
        assert set("سلام") & set(text) or any("\ufb50" <= c <= "\ufefc" for c in text)
        assert "U+6F22" in text
    else:
        assert ARABIC in text
        assert HEBREW in text
        assert HAN in text
        assert WORD in text or suffix == ".md"
    if suffix == ".md":
        assert "ingekort" in text
    elif suffix in (".xlsx", ".json"):
        assert LONG in text
    elif suffix != ".pdf":  # which divides lines where it will
        assert f"({len(LONG)} tekens, zie werkboek cel" in text
    assert "\u202e" not in text


def test_hostile_text_makes_nothing_happen() -> None:
    """No tag, no formula, no macro, no script comes from what a user typed, and no link but to an
    address that is shown in full."""
    known = {source.url for source in report_of("odd").sources if source.url}
    found = page(data_of("odd", ".html").decode())
    assert found.scripts == [str(find_script().text)]
    book = openpyxl.load_workbook(BytesIO(data_of("odd", ".xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink is not None]
    with zipfile.ZipFile(BytesIO(data_of("odd", ".docx"))) as package:
        assert not [n for n in package.namelist() if "vba" in n.lower()]
        links = package.read("word/_rels/document.xml.rels").decode()
    assert set(re.findall('Target="([^"]*)" TargetMode="External"', links)) == known
    reader = pypdf.PdfReader(BytesIO(data_of("odd", ".pdf")))
    assert "/AA" not in dict(reader.root_object)
    uris = {
        a.get_object()["/A"]["/URI"]
        for p in reader.pages
        for a in p.get("/Annots", ())
        if "/URI" in str(a.get_object().get("/A", ""))
    }
    assert uris == known


@pytest.mark.parametrize("suffix", PEOPLE)
@pytest.mark.parametrize("case", ["empty", "half"])
def test_unfinished_looks_unfinished(case: str, suffix: str) -> None:
    """No strong or weak rubrieken, no verdict but 'nog niet te bepalen', and it says so."""
    text, report = text_in(case, suffix), report_of(case)
    assert not report.ranked
    for word in (
        "Sterkste rubrieken",
        "Zwakste rubrieken",
        "Bijna gereed ",
        "Gereed voor toetsing ",
    ):
        assert word not in text.split("Over dit rapport")[0]
    assert "oogste score:" not in text
    assert "Nog niet te bepalen" in text
    if suffix != ".xlsx":
        assert "nog niet af" in text
        assert "nog niet te zeggen" in text or "er geen score" in text
        assert re.search(r"antwoord op \d+ kerneis", text)


@pytest.mark.parametrize("suffix", PEOPLE)
def test_finished_names_strong_and_weak(suffix: str) -> None:
    """From 90 % answered on the first page names them, and calls the verdict an indication."""
    text = text_in("nearly", suffix)
    assert holds(text, "Hoogste score: 3 rubrieken (100,0 %)", suffix)
    assert holds(text, "laagste score: ‘1. Plan: risico's kennen en kiezen’ (80,4 %).", suffix)
    assert "Bijna gereed" in text
    assert "indicatie" in text


@pytest.mark.parametrize("lang", LANGS)
def test_the_language_is_one(lang: Lang) -> None:
    """The words of the other language do not occur."""
    words = {"nl": ("Action", "Evidence", "answered", "Quick wins"), "en": ("Actieplan", "Bewijs",
             "beantwoord", "Snelle winst", "Onderbouwd", "peildatum")}  # fmt: skip
    for suffix in PEOPLE:
        text = text_in("half", suffix, lang)
        assert [w for w in words[lang] if re.search(rf"\b{w}\b", text)] == [], suffix


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_look_of_the_consultant(suffix: str) -> None:
    """Name and contact, cover text, colours, logo with alternative text, only the chosen charts."""
    data = RENDERERS[suffix](report_of("half"), LOOK)
    text = text_of(suffix, data)
    assert LOOK.adviser in text
    assert "030 123 45 67" in text
    if suffix == ".json":
        return
    assert LOOK.cover.nl in text
    raw = data.decode("latin-1")
    if suffix == ".html":
        assert 'alt="Logo van Jansen"' in raw
        assert "#402060" in raw
        assert page(data.decode()).tags.count("svg") == 2  # for a desk and for a phone
    if suffix == ".docx":
        with zipfile.ZipFile(BytesIO(data)) as package:
            xml = package.read("word/document.xml").decode()
            assert "Verdana" in package.read("word/styles.xml").decode()
        assert 'descr="Logo van Jansen"' in xml
        assert xml.count("<pic:pic ") + xml.count("<pic:pic>") == 2
    if suffix == ".xlsx":
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = package.namelist()
            assert any(n.startswith("xl/media/") for n in names)
            assert sum(n.startswith("xl/charts/") for n in names) == 1


def test_html_is_sound() -> None:
    """One file without network; a policy that runs our script only; headings in order; names."""
    html = data_of("nearly", ".html").decode()
    found = page(html)
    outside = [
        v for k, v in found.attributes if k in ("src", "href") and not (v or "").startswith("#")
    ]
    assert outside == []
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    digest = base64.b64encode(hashlib.sha256(found.scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    targets = {v for k, v in found.attributes if k == "href"}
    ids = [v for k, v in found.attributes if k == "id"]
    assert {f"#{i}" for i in ids} >= {str(t) for t in targets}
    assert len(ids) == len(set(ids))
    assert found.tags.count("h1") == 1
    levels = [int(t[1]) for t in found.tags if re.fullmatch(r"h[1-6]", t)]
    assert all(later - before <= 1 for before, later in pairwise(levels))
    assert found.tags.count("table") == found.tags.count("caption") == found.tags.count("thead")
    assert html.count('role="img" aria-label="') == found.tags.count("svg") > 0


def test_word_document_is_sound() -> None:
    """Real headings, a table of contents, repeated header rows, described pictures, language."""
    data = data_of("nearly", ".docx")
    document_ = docx.Document(BytesIO(data))
    styles = {p.style.name for p in document_.paragraphs if p.style}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet", "TOC 1"} <= styles
    with zipfile.ZipFile(BytesIO(data)) as package:
        xml = package.read("word/document.xml").decode()
        settings = package.read("word/settings.xml").decode()
        assert 'w:val="nl-NL"' in package.read("word/styles.xml").decode()
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    anchors = set(re.findall(r'w:anchor="(\w+)"', xml))
    assert anchors == set(re.findall(r" PAGEREF (\w+) ", xml))
    assert '<w:updateFields w:val="true"/><w:compat>' in settings
    assert anchors == set(re.findall(r'<w:bookmarkStart [^>]*w:name="(\w+)"', xml))
    tables = [t for t in document_.tables if len(t.rows) > 1]
    assert tables
    for table in tables:
        properties = table.rows[0]._tr.trPr
        assert properties is not None
        assert properties.find(qn("w:tblHeader")) is not None
    for picture in document_.element.body.iter(qn("wp:docPr")):
        assert picture.get("descr")


def _aligned(cell: Any) -> str:
    return str(cell.paragraphs[0].paragraph_format.alignment)


def test_rows_in_word_stay_on_a_page_and_headers_above_their_numbers() -> None:
    """A row is divided over two pages only when it is very high, as the one with a whole story."""
    document_ = docx.Document(BytesIO(data_of("odd", ".docx")))
    divided = whole = numbers = 0
    for table in (t for t in document_.tables if len(t.rows) > 1):
        head, *rows = table.rows
        numbers += sum(_aligned(cell).startswith("RIGHT") for cell in head.cells)
        for row in table.rows:
            tied = row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None
            longest = max(len(cell.text) for cell in row.cells)
            assert tied or longest > 300, longest
            assert not tied or longest < 2_000, longest
            divided, whole = divided + (not tied), whole + tied
        for row in rows:
            pairs = zip(head.cells, row.cells, strict=True)
            assert all(_aligned(above) == _aligned(cell) for above, cell in pairs)
    assert divided
    assert whole > 50
    assert numbers > 5


def test_pdf_is_sound() -> None:
    """Tagged, with bookmarks, title, language and page numbers; fonts of our own inside."""
    reader = pypdf.PdfReader(BytesIO(data_of("nearly", ".pdf")))
    root = reader.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"] is not None  # type: ignore[index]
    assert root["/Lang"] == "nl"  # type: ignore[index]
    titles = [str(e["/Title"]) for e in reader.outline if not isinstance(e, list)]
    assert "In één oogopslag" in titles
    assert any(t.startswith("Bijlage A") for t in titles)
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Gap-rapport")
    pages = len(reader.pages)
    assert f"Pagina {pages} van {pages}" in reader.pages[-1].extract_text()


@pytest.mark.parametrize("case", CASES)
def test_first_page_can_stand_alone(case: str) -> None:
    """The summary fits on the first page, in PDF; the contents stand on the second."""
    pages = pypdf.PdfReader(BytesIO(data_of(case, ".pdf"))).pages
    assert "In één oogopslag" in pages[0].extract_text()
    assert "Inhoud" in pages[1].extract_text()


@pytest.mark.parametrize("case", CASES)
def test_markdown_fits_a_message(case: str) -> None:
    """Below the limit of an issue, also with 32,000 characters in a cell."""
    assert len(data_of(case, ".md").decode()) <= FITS + 1_000


def test_markdown_that_does_not_fit_says_so() -> None:
    """What was left out is counted, and every section of which something is missing is named."""
    source = document(report_of("half"))
    titles = [section.title for section in source.sections if section.in_chat]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "FITS", 6_000)
        text = markdown.text(source)
    assert len(text) < 6_600
    assert text.count("NEN") >= 1
    (note,) = [line for line in text.splitlines() if re.search(r"zijn \d+ regels weggelaten", line)]
    there = [t for t in titles if f"## {markdown.escaped(t)}" in text.splitlines()]
    assert 1 < len(there) < len(titles)
    *whole, last = there
    for title in titles:
        told = markdown.escaped(title) in note
        assert told == (title not in whole), title
    broken_off, _, left_out = note.partition("Niet opgenomen")
    assert markdown.escaped(last) in broken_off
    assert markdown.escaped(last) not in left_out


def test_comparison_in_every_format() -> None:
    """Then, now and difference of every rubriek in every format for people."""
    report = report_of("nearly")
    found = report.comparison
    assert isinstance(found, Comparison)
    for suffix in [one for one, form in FORMATS.items() if not form.chat]:
        alone = text_of(suffix, RENDERERS[suffix](found, NEUTRAL))
        for text in (alone, text_in("nearly", suffix)):
            for line in found.rubrieken:
                assert line.then
                assert line.now
                then, now = (_words(s.score, s, "nl") for s in (line.then, line.now))
                step = "–" if line.difference is None else f"{line.difference:+.1f}"
                step = "0" if line.difference == 0 else step
                assert f"{then} {now} {step.replace('.', ',').replace('-', '−')}" in text, suffix
    book = openpyxl.load_workbook(BytesIO(RENDERERS[".xlsx"](found, NEUTRAL)))
    rows = {r[0]: r for r in book.worksheets[0].iter_rows(min_row=5, values_only=True)}
    for line in found.rubrieken:
        if line.difference is not None:
            assert rows[line.name][3] == line.difference
