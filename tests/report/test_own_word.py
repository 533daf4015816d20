"""A consultant's own Word template: every field, hostile content in data and in the template."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from docs import word_template
from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.style_template import NEUTRAL, OwnWord
from hkz_xlsx.layout.template import load_template, templates_folder
from hkz_xlsx.problems import HkzError
from hkz_xlsx.render.own_word import Data
from hkz_xlsx.report.word_fields import CHARTS, SHAPE, check, fields, own_word_file
from hkz_xlsx.writing.workbook import write_workbook
from tests.report.cases import CASES, HOSTILE, LONG, PART, inputs_of, report_of
from tests.report.extract import text_of
from tests.support import plan_of

EXAMPLE = templates_folder() / "voorbeeld-adviesbureau" / "rapport.docx"
DOCS = Path(__file__).parents[2] / "docs" / "word-template.md"


def _template(*paragraphs: str, footer: str = "", title: str = "") -> OwnWord:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    made.sections[0].footer.paragraphs[0].text = footer
    made.core_properties.title = title
    target = BytesIO()
    made.save(target)
    return OwnWord("mijn.docx", target.getvalue())


def _text(data: bytes) -> str:
    found = docx.Document(BytesIO(data))
    footer = " ".join(p.text for p in found.sections[0].footer.paragraphs)
    return f"{text_of('.docx', data)} {footer}"


def _codes(template: OwnWord) -> list[tuple[str, int | None]]:
    with pytest.raises(HkzError) as caught:
        check(template)
    return [(p.code, p.where.line) for p in caught.value.problems]


def _shape(data: Data, path: str = "") -> set[str]:
    """Every path of plain data; lists are looked into."""
    if isinstance(data, Mapping):
        return {found for key, one in data.items() for found in _shape(one, f"{path}.{key}")}
    if isinstance(data, Sequence) and not isinstance(data, str):
        return {found for one in data for found in _shape(one, f"{path}[]")} or {path + "[]?"}
    return {path}


def test_the_shape_is_what_reports_give() -> None:
    """No field is promised that is not there, none is given that cannot be named."""
    promised = {path for path in _shape(SHAPE) if not path.startswith(".charts")}
    given = set[str]()
    for case in CASES:
        given |= {path for path in _shape(fields(report_of(case), NEUTRAL)) if path[-1] != "?"}
    assert given <= promised
    assert promised - given <= {p for p in promised if p.startswith((".history", ".adviser"))}


def test_every_field_is_documented() -> None:
    """By its name, in the table of the page."""
    page = DOCS.read_text("utf-8")
    names = {part.strip("[]") for path in _shape(SHAPE) for part in path.split(".") if part}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("case", CASES)
def test_shipped_example(case: str) -> None:
    """Has no mistakes, shows what the report says, in the same bytes each time."""
    look = load_template("voorbeeld-adviesbureau")
    word = OwnWord("rapport.docx", EXAMPLE.read_bytes())
    check(word)
    report = report_of(case)
    data = own_word_file(report, look, word)
    assert data == own_word_file(report, look, word)
    text = _text(data)
    assert "{" not in text.replace(HOSTILE, "") or case == "odd"
    for line in report.first:
        assert line.question in text
    for verdict in report.verdicts:
        assert verdict.label in text


def test_the_example_is_what_its_script_makes() -> None:
    assert EXAMPLE.read_bytes() == word_template.example()


def test_hostile_data_stay_text() -> None:
    """What people typed is neither a field, nor markup, nor a command of the library."""
    odd = "{{ title }} {% raw %} {_{ x }_} {# # #} <w:p/> &amp; \x07\x0c]]> {%p if %}"
    report = report_of("odd")
    organisation = {**report.organisation, "name": odd, "assessor": HOSTILE}
    template = _template(
        "{{ organisation.name }}|{{ organisation.assessor }}",
        "{%p for g in gaps %}", "{{ g.note }}", "{%p endfor %}",
        footer="{{ organisation.name }}", title="Over {{ organisation.name }}",
    )  # fmt: skip
    check(template)
    data = own_word_file(replace(report, organisation=organisation), NEUTRAL, template)
    text = _text(data)
    shown = " ".join(odd.replace("\x07", "").replace("\x0c", "").split())
    assert text.count(shown) == 2
    assert " ".join(HOSTILE.split()) in text
    assert LONG[:1000] in text
    assert f"({len(LONG)} tekens, zie werkboek cel" in text
    assert docx.Document(BytesIO(data)).core_properties.title == f"Over {shown}"
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert 'TargetMode="External"' not in package.read("word/_rels/document.xml.rels").decode()


HOSTILE_TEMPLATES = (
    "{{ ''.__class__.__mro__ }}", "{{ title.__class__ }}", "{{ gaps.__len__ }}",
    "{{ gaps.0.__class__ }}", "{{ title.upper() }}", "{{ self.__init__ }}",
    "{{ cycler.__init__.__globals__ }}", "{{ lipsum.__globals__ }}", "{{ namespace() }}",
    "{% for x in range(10) %}{% endfor %}", "{{ title|attr('__class__') }}",
    "{{ '%s' % title }}", "{{ 'a' * 100000000 }}", "{{ 9 ** 9 }}", "{% include 'x' %}",
    "{% import 'x' as y %}", "{% extends 'x' %}", "{{ title.format(title) }}",
    "{{ title|format(title) }}", "{{ title['__class__'] }}", "{{ joiner }}", "{{ dict }}",
    "{% for g in gaps %}{{ loop.__class__ }}{% endfor %}",
    "{% for g in gaps %}{{ loop._iterator }}{% endfor %}",
    "{{ charts.rubrieken._template }}", "{{ gaps|map(attribute='__class__')|list }}",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE_TEMPLATES)
def test_a_template_reaches_nothing_but_its_data(text: str) -> None:
    """Refused before any report is made."""
    assert {code for code, _ in _codes(_template("eerst", text))} <= {
        "WORD_TEMPLATE_FIELD", "WORD_TEMPLATE_SYNTAX",
    }  # fmt: skip


def test_every_mistake_at_once_with_its_paragraph() -> None:
    """Names that do not exist, also deep in a list, in body and footer."""
    template = _template(
        "{{ titel }}", "goed: {{ title }}", "{% for g in gaps %}{{ g.vraag }}{% endfor %}",
        "{{ organisation.naam }}", footer="{{ datum }}",
    )  # fmt: skip
    with pytest.raises(HkzError) as caught:
        check(template)
    found = [(p.code, p.where.line, p.slots["field"]) for p in caught.value.problems]
    assert found[:3] == [
        ("WORD_TEMPLATE_FIELD", 1, "titel"), ("WORD_TEMPLATE_FIELD", 3, "vraag"),
        ("WORD_TEMPLATE_FIELD", 4, "naam"),
    ]  # fmt: skip
    assert found[3][2] == "datum"
    assert "{{ organisation.naam }}" in caught.value.problems[2].message("nl")


@pytest.mark.parametrize("text", ["{{ title", "{% if title %}x", "{% endfor %}", "{{ title | }}"])
def test_broken_commands_are_told_with_their_paragraph(text: str) -> None:
    codes = _codes(_template("eerst", text))
    assert {code for code, _ in codes} == {"WORD_TEMPLATE_SYNTAX"}


def _with_part(template: OwnWord, name: str, data: bytes, *, also: bool = True) -> OwnWord:
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(template.data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.namelist():
            if one != name or also:
                new.writestr(one, old.read(one))
        if name not in old.namelist() or not also:
            new.writestr(name, data)
    return OwnWord(template.name, target.getvalue())


REMOTE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r9" Target="http://example.org/x.dotm" TargetMode="External" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
    b"</Relationships>"
)


@pytest.mark.parametrize(
    ("name", "data", "also"),
    [
        ("word/vbaProject.bin", b"x", True),
        ("word/activeX/activeX1.xml", b"<x/>", True),
        ("word/embeddings/oleObject1.bin", b"x", True),
        ("word/_rels/settings.xml.rels", REMOTE, False),
        ("word/header9.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', True),
        ("word/footer9.xml", b"<w:instrText> DDEAUTO c:\\x </w:instrText>", True),
        ("word/footer9.xml", b'<w:fldSimple w:instr="INCLUDETEXT C:\\geheim.txt"/>', True),
    ],
)  # fmt: skip
def test_what_can_run_or_fetch_is_refused(name: str, data: bytes, *, also: bool) -> None:
    template = _with_part(_template("{{ title }}"), name, data, also=also)
    assert _codes(template) == [("WORD_TEMPLATE_UNSAFE", None)]


def test_a_hyperlink_is_fine() -> None:
    link = REMOTE.replace(b"attachedTemplate", b"hyperlink").replace(b"x.dotm", b"")
    check(_with_part(_template("{{ title }}"), "word/_rels/footer9.xml.rels", link))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip", EXAMPLE.read_bytes()[:900]])
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    assert _codes(OwnWord("x.docx", data)) == [("WORD_TEMPLATE_UNREAD", None)]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = _with_part(_template("x"), "word/media/large.xml", b"0" * 100_000_001)
    assert len(bomb.data) < 1_000_000
    assert _codes(bomb) == [("WORD_TEMPLATE_UNREAD", None)]


def test_charts_are_pictures_where_they_are_shown() -> None:
    """One picture for each that is named; nothing where there is nothing to show."""
    template = _template(*(f"{{{{ charts.{name} }}}}" for name in CHARTS))
    for case, least in (("half", 5), ("empty", 0)):
        with zipfile.ZipFile(BytesIO(own_word_file(report_of(case), NEUTRAL, template))) as package:
            pictures = [n for n in package.namelist() if n.startswith("word/media/")]
        assert len(pictures) == least, case


def test_on_the_command_line(tmp_path: Path) -> None:
    """The template is used, and its mistakes are told before any work."""
    book, own = tmp_path / "w.xlsx", tmp_path / "mijn.docx"
    book.write_bytes(write_workbook(plan_of("nl", PART), inputs_of("nearly")))
    own.write_bytes(_template("Rapport over {{ organisation.name }}").data)
    out = tmp_path / "r.docx"
    run = CliRunner().invoke(
        cli, ["analyze", str(book), "--word-template", str(own), "-o", str(out)]
    )
    assert run.exit_code == 0, run.output
    assert "Rapport over Zorggroep De Linde" in text_of(".docx", out.read_bytes())
    own.write_bytes(_template("{{ organisatie }}").data)
    wrong = tmp_path / "geen.docx"
    run = CliRunner().invoke(
        cli, ["analyze", str(book), "--word-template", str(own), "-o", str(wrong)]
    )
    assert run.exit_code == 1
    assert "WORD_TEMPLATE_FIELD" in run.output + run.stderr
    assert not wrong.exists()


def test_of_a_template_folder(tmp_path: Path) -> None:
    """``word: rapport.docx``; only a Word file in the folder itself."""
    folder = tmp_path / "bureau"
    folder.mkdir()
    text = (templates_folder() / "neutraal" / "template.yaml").read_text("utf-8")
    (folder / "template.yaml").write_text(f"{text}\nword: rapport.docx\n", "utf-8")
    with pytest.raises(HkzError, match="TEMPLATE_WORD"):
        load_template(str(folder))
    (folder / "rapport.docx").write_bytes(EXAMPLE.read_bytes())
    found = load_template(str(folder)).word
    assert found is not None
    assert found.data == EXAMPLE.read_bytes()
    (folder / "template.yaml").write_text(f"{text}\nword: ../rapport.docx\n", "utf-8")
    with pytest.raises(HkzError, match="TEMPLATE_WORD"):
        load_template(str(folder))
