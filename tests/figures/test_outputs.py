"""Reports, questions in SQL and the commands."""

from __future__ import annotations

import csv
import json
import re
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from docs.generate import PAGES
from hkz_xlsx.cli.main import cli
from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.content import grid_of
from hkz_xlsx.figures.model import Choices, FigureColumn, Figures, section_of
from hkz_xlsx.figures.outputs import SUFFIXES, render
from hkz_xlsx.layout.whose import Owner
from hkz_xlsx.portfolio.assemble import Settings
from hkz_xlsx.portfolio.build import How, build, read_counts
from hkz_xlsx.portfolio.manifest import read_manifest
from hkz_xlsx.portfolio.query import ask
from hkz_xlsx.problems import HkzError
from hkz_xlsx.text import LANGS, Lang
from tests.portfolio.conftest import Made


@pytest.fixture(scope="module", params=LANGS)
def found(request: pytest.FixtureRequest, made: Made) -> Figures:
    lang: Lang = request.param
    return figures_of(str(made.folder), Choices(lang, texts=True))


def test_every_section_is_there(found: Figures) -> None:
    assert [s.key for s in found.sections] == [
        "response", "distribution", "verdicts", "weakest", "strongest", "core", "gap_kinds", "common_gaps",
        "groups", "group_rubrieken", "movement", "movers", "unusual", "unusable", "evidence", "evidence_words", "questions",
    ]  # fmt: skip


def test_xlsx(found: Figures) -> None:
    """A sheet per section with all rows; names of users are texts, never formulas or links."""
    book = openpyxl.load_workbook(BytesIO(render(found, ".xlsx")))
    assert len(book.sheetnames) == len(found.sections) + 3
    for section, sheet in zip(found.sections, book.worksheets[2:-1], strict=True):
        assert sheet.max_row >= len(section.rows) + 4
        assert len(sheet.tables) == 1
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
    movers = book.worksheets[2 + [s.key for s in found.sections].index("movers")]
    assert any("<b>=1+1</b>" in str(cell.value) for row in movers.iter_rows() for cell in row)
    assert sum(len(getattr(sheet, "_charts", ())) for sheet in book.worksheets) >= 5


def test_html(found: Figures) -> None:
    """One page, no script, no address outside, every text of users escaped."""
    page = render(found, ".html").decode("utf-8")
    assert "<b>=1+1</b>" not in page
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in page
    # The name of the language of drawings is no address that anything is fetched from.
    bare = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"<script|<iframe|<link|javascript:|src=|https?://", bare)
    assert page.count("<svg") >= 8
    for section in found.sections:
        assert f'id="{section.key}"' in page


def test_no_word_of_the_other_language(found: Figures) -> None:
    page = re.sub(r"<style>.*?</style>", "", render(found, ".html").decode("utf-8"), flags=re.S)
    headings = " ".join(re.findall(r"<t?h\d?[^>]*>([^<]+)<", page))
    other = {
        "nl": ("Score of", "Share", "Median ", "Before", "Chapter"),
        "en": ("Aandeel", "Mediaan", "Rubriek", "Eerder"),
    }
    for word in other[found.lang]:
        assert word not in headings


def test_csv_and_parquet_hold_the_same(found: Figures) -> None:
    import pyarrow.parquet as pq

    text = render(found, ".csv").decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text), delimiter=";"))
    table = pq.read_table(BytesIO(render(found, ".parquet"))).to_pylist()
    assert len(rows) == len(table) > 500
    assert [float(r["value"]) for r in rows] == [r["value"] for r in table]
    assert {r["hidden"] for r in rows} == {""}
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@")), cell


def test_same_input_same_bytes(made: Made) -> None:
    one, two = (figures_of(str(made.folder), Choices()) for _ in range(2))
    for suffix in SUFFIXES:
        assert render(one, suffix) == render(two, suffix)


def test_questions_are_answered(made: Made) -> None:
    answer = ask(made.folder, "select count(*) as n from answers")
    assert answer.columns == ("n",)
    assert answer.rows == ((sum(len(one.rows) for one in made.members),),)
    assert len(ask(made.folder, "select * from answers", most=3).rows) == 3
    assert ask(made.folder, "with t as (select 1 as x) from t").rows == ((1,),)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')", "select * from '/etc/passwd'", "select * from read_text('/etc/passwd')",
        "copy files to '/tmp/x.csv'", "install httpfs", "load httpfs", "select 1; select 2", "set threads = 1",
        "set enable_external_access = true", "attach '/tmp/x.db'", "select * from glob('/etc/*')", "pragma version",
        "create table x as select 1", "insert into files select * from files", "export database '/tmp/x'",
        "select * from 'https://example.org/x.parquet'", "drop view files", "selec 1", "select nothing from files", "",
        "select * from sql", "call pragma_version()",
    ],
)  # fmt: skip
def test_questions_reach_nothing_else(sql: str, made: Made) -> None:
    """No file, no network, no change; the answer says what is wrong."""
    with pytest.raises(HkzError) as caught:
        ask(made.folder, sql)
    assert [p.code for p in caught.value.problems] == ["QUERY_WRONG"]


def test_no_portfolio(tmp_path: Path, made: Made) -> None:
    for call in (lambda: ask(tmp_path, "select 1"), lambda: read_counts(tmp_path)):
        with pytest.raises(HkzError) as caught:
            call()
        assert [p.code for p in caught.value.problems] == ["PORTFOLIO_NONE"]
    state = json.loads((made.folder / "portfolio.json").read_text())
    (tmp_path / "portfolio.json").write_text(json.dumps({**state, "portfolio": 0}))
    with pytest.raises(HkzError) as caught:
        read_counts(tmp_path)
    assert [p.code for p in caught.value.problems] == ["PORTFOLIO_VERSION"]


def test_manifest(tmp_path: Path) -> None:
    """By id, else by number and location; a number that says two things says nothing."""
    path = tmp_path / "manifest.csv"
    path.write_text(
        "client;kvk;location;workbook_id;Regio;Accountmanager\r\nA;51234568;Noord;w1;oost;x\r\n"
        "B;51234568;Zuid;;west;y\r\nC;1234567;;w3;zuid;z\r\n", encoding="utf-8-sig",
    )  # fmt: skip
    found = read_manifest(path)
    assert found.columns == ("Regio", "Accountmanager")
    assert found.of(Owner("", "", "", "w1"))["Regio"] == "oost"
    assert found.of(Owner("", "zuid", "51234568", ""))["Regio"] == "west"
    assert found.of(Owner("", "", "51234568", "")) == {}
    assert found.of(Owner("", "", "01234567", ""))["Regio"] == "zuid"
    listed = "Klant;KvK-nummer;Vestiging;Werkboek-id;Sterkte\nZorgé;1234567;Noord;w9;één\n"
    path.write_text(listed, encoding="cp1252")
    found = read_manifest(path)
    assert found.columns == ("Sterkte",)
    assert (
        found.of(Owner("", "", "", "w9"))["Sterkte"]
        == found.of(Owner("", "noord", "01234567", ""))["Sterkte"]
        == "één"
    )
    book, list_ = tmp_path / "lijst.xlsx", openpyxl.Workbook()
    for row in (["KvK", "Regio"], [1234567, "zuid"]):
        list_.worksheets[0].append(row)
    list_.save(book)
    assert read_manifest(book).of(Owner("", "", "01234567", ""))["Regio"] == "zuid"
    path.write_text("naam,plaats\nA,B\n")
    with pytest.raises(HkzError) as caught:
        read_manifest(path)
    assert [p.code for p in caught.value.problems] == ["PORTFOLIO_MANIFEST"]


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.exit_code, result.output


def test_commands(made: Made, tmp_path: Path) -> None:
    """From files to portfolio and reports, from a portfolio to reports, pages and questions."""
    files, folder = tmp_path / "retouren", tmp_path / "portfolio"
    files.mkdir()
    manifest = tmp_path / "manifest.csv"
    lines = ["kvk;Regio"]
    for path in sorted(made.files.glob("retour-*"))[:5]:
        (files / path.name).write_bytes(path.read_bytes())
        number = path.name[7:15]
        line = f"{number};{'oost' if number[-1] in '02468' else 'west'}"
        lines += [line] if line not in lines else []
    manifest.write_text("\n".join(lines))
    page = tmp_path / "veld.html"
    code, output = run(
        "aggregate", files, "-o", folder, "-o", page, "--manifest", manifest, "-j", 1
    )
    assert code == 0, output
    assert "Bestanden gevonden: 5; gelezen: 5" in output
    assert "Regio" in page.read_text("utf-8")
    assert (folder / "codebook.md").read_text("utf-8").startswith("# Codeboek")
    code, output = run("aggregate", folder, "-o", page)
    assert (code, "TARGET_EXISTS" in output) == (1, True)
    pages = tmp_path / "terug"
    code, output = run(
        "aggregate",
        folder,
        "-o",
        tmp_path / "v.xlsx",
        "--benchmark",
        pages,
        "-k",
        3,
        "--lang",
        "en",
    )
    assert code == 0, output
    assert len(list(pages.iterdir())) == 3
    assert "<b>=1+1" not in next(pages.iterdir()).read_text("utf-8")
    code, output = run(
        "aggregate", folder, "--benchmark", tmp_path / "q", "--pictures", tmp_path / "p", "-k", 3
    )
    assert code == 0, output  # no report of the field is needed for these
    assert len(list((tmp_path / "q").iterdir())) == 3
    code, output = run(
        "aggregate",
        folder,
        "-o",
        tmp_path / "w.csv",
        "--benchmark",
        pages,
        "--organisation",
        "niemand",
    )
    assert (code, "PORTFOLIO_ORGANISATION" in output) == (1, True)
    code, output = run("query", "select count(*) as n from files", "-p", folder, "--format", "json")
    assert json.loads(output) == [{"n": 5}]
    code, output = run("query", "select '=1' as x", "-p", folder, "--format", "csv")
    assert output == "x\n'=1\n"
    assert run("query", "select 1 as een", "-p", folder)[1].split() == ["een", "---", "1"]
    odd = "select 29.549999999999997::double as a, 123456.5::double as b, 1e-7::double as c"
    assert run("query", odd, "-p", folder, "--format", "csv")[1] == "a,b,c\n29.55,123456.5,1e-07\n"
    assert json.loads(run("query", odd, "-p", folder, "--format", "json")[1])[0]["a"] == 29.55
    assert run("query", odd, "-p", folder)[1].split()[-3:] == ["29.55", "123456.5", "1e-07"]
    code, output = run("query", "copy files to 'x'", "-p", folder)
    assert (code, "QUERY_WRONG" in output) == (1, True)


@pytest.mark.parametrize(
    "more",
    [(), ("-o", "p", "--anonymous"), ("-o", "a", "-o", "b"), ("-o", "x.csv", "--engine", "spark")],
)
def test_wrong_use(more: tuple[str, ...], made: Made) -> None:
    assert run("aggregate", made.files, *more)[0] == 2


def test_wrong_targets_are_told_before_reading(made: Made, tmp_path: Path) -> None:
    code, output = run("aggregate", made.files, "-o", tmp_path / "x.odt")
    assert (code, "TARGET_FORMAT" in output) == (1, True)
    code, output = run("aggregate", made.files, "-o", tmp_path / "weg" / "x.csv")
    assert (code, "TARGET_NO_FOLDER" in output) == (1, True)
    code, output = run("aggregate", tmp_path, "-o", tmp_path / "x.csv")
    assert (code, "ARCHIVE_NOTHING" in output) == (1, True)


def test_codebook_page_is_made_from_the_schema() -> None:
    made_page = (Path(__file__).parents[2] / "docs" / "codebook.md").read_text("utf-8")
    assert made_page == PAGES["codebook.md"]()


def test_groups_are_called_as_people_spell_them(made: Made, tmp_path: Path) -> None:
    """Whatever the case, and by the spelling that most of them have."""
    files = sorted(p for p in made.files.iterdir() if "2026" in p.name)[:6]
    numbers = [p.name.split("-")[1] for p in files]
    regions = ["Den Haag", "den haag", "Den Haag ", "DEN HAAG", "Oost", "oost"]
    lines = [f"{number};{region}" for number, region in zip(numbers, regions, strict=True)]
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("\n".join(["kvk;Regio", *lines]), "utf-8")
    listed = read_manifest(manifest)
    folder = tmp_path / "portfolio"
    build(files, folder, Settings(manifest=listed), How(jobs=1))
    section = next(s for s in figures_of(str(folder), Choices("nl")).sections if s.key == "groups")
    at = section.index("property"), section.index("name"), section.index("n")
    found = [(row[at[1]], row[at[2]]) for row in section.rows if row[at[0]] == "Regio"]
    assert found == [("Den Haag", 4), ("Oost", 2)]


def test_one_chart_for_one_edition_and_halves_in_the_workbook(made: Made) -> None:
    """Rows of an edition stand together, and a mean of 1.5 is not shown as 2."""
    found = figures_of(str(made.folder), Choices("nl"))
    core = next(s for s in found.sections if s.key == "core")
    editions = [str(row[core.index("edition")]) for row in core.rows]
    assert editions == sorted(editions)
    book = openpyxl.load_workbook(BytesIO(render(found, ".xlsx")))
    kinds = book.worksheets[2 + [s.key for s in found.sections].index("gap_kinds")]
    assert kinds["D5"].number_format == "0.0"


def _aggregate(*args: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["aggregate", *map(str, args)])
    return done.exit_code, done.output


@pytest.fixture(name="ready", scope="module")
def _ready(made: Made, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A portfolio with a list and rounds of half a year, and that list."""
    root = tmp_path_factory.mktemp("ready")
    listed, folder = root / "lijst.csv", root / "portfolio"
    one = made.members[0]
    listed.write_text(f"KvK;Regio\n{one.kvk};Noord\n", "utf-8")
    settings = Settings(round_kind="half", manifest=read_manifest(listed))
    (root / "een").mkdir()
    (root / "een" / "een.xlsx").write_bytes(one.data())
    build([root / "een"], folder, settings, How())
    return folder, listed


@pytest.mark.parametrize("option", ["--texts", "--manifest", "--round"])
def test_a_portfolio_that_was_made_otherwise_is_refused(
    option: str, ready: tuple[Path, Path], tmp_path: Path
) -> None:
    """An option that says how tables are made does nothing on tables that are there."""
    folder, _ = ready
    other = tmp_path / "ander.csv"
    other.write_text("KvK;Regio\n12345674;Zuid\n", "utf-8")
    value = {"--texts": (), "--manifest": (other,), "--round": ("year",)}[option]
    code, told = _aggregate(folder, "-o", tmp_path / "uit.html", option, *value)
    assert (code, (tmp_path / "uit.html").exists()) == (1, False)
    assert "PORTFOLIO_SETTINGS" in told
    assert option in told


def test_a_portfolio_that_was_made_so_is_used(ready: tuple[Path, Path], tmp_path: Path) -> None:
    folder, listed = ready
    made_so = ("--manifest", listed, "--round", "half")
    code, told = _aggregate(folder, "-o", tmp_path / "uit.html", *made_so)
    assert code == 0, told
    assert _aggregate(folder, "-o", tmp_path / "nog.html")[0] == 0


@pytest.mark.parametrize(
    ("name", "value"), [("--by-hash", ()), ("--engine", ("dask",)), ("--norms", (".",))]
)
def test_reading_options_are_refused_where_nothing_is_read(
    name: str, value: tuple[str, ...], ready: tuple[Path, Path], tmp_path: Path
) -> None:
    code, told = _aggregate(ready[0], "-o", tmp_path / "uit.html", name, *value)
    assert (code, (tmp_path / "uit.html").exists()) == (2, False)
    assert name in told


def test_an_organisation_without_pages_is_refused(tmp_path: Path) -> None:
    assert _aggregate(tmp_path, "-o", tmp_path / "uit.html", "--organisation", "x")[0] == 2


def test_a_very_long_text_of_somebody_does_not_fill_pages() -> None:
    """What people typed as evidence: its beginning with where the rest is; a usual one whole."""
    headings = (FigureColumn("name", "text", 60),)
    long, usual = "lang verhaal " * 2_000, "verslag " * 100
    section = section_of("evidence_words", headings, [(long,), (usual,)], private=True)
    _, grid = grid_of(section, Choices())
    assert (
        grid.rows[0][0] == f"{long[:1500].rstrip()}… (26000 tekens; de Excel-versie heeft ze alle)"
    )
    assert grid.rows[1][0] == usual
