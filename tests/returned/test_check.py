"""Checks of a returned workbook: what each code says, in which family, at which cell."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.problems import RETURNED, family
from hkz_xlsx.returned.check import check_grid, check_sources
from hkz_xlsx.returned.formula_shape import skeleton
from hkz_xlsx.returned.read import understand
from hkz_xlsx.scoring.cell_values import CellValue, from_serial, serial
from hkz_xlsx.scoring.choices import SIGNALS, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.grid import Grid, SheetGrid
from hkz_xlsx.spreadsheet.open import open_workbook, read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.agreement.files import rewrite
from tests.proof.corpus.make import FOLDER, expected
from tests.proof.hostile.package import SMALL_ODS, edited
from tests.support import library, plan_of

NORM = "125"


@cache
def _bytes() -> bytes:
    plan = plan_of("nl", NORM)
    return write_workbook(plan, sample_inputs(plan))


@cache
def _grid() -> Grid:
    return read_grid("w.xlsx", _bytes(), complete=True)


def _codes(grid: Grid) -> list[str]:
    return [p.code for p in check_grid(grid, library()).problems]


def test_an_untouched_workbook_has_only_its_own_signals() -> None:
    """Nothing is called changed that nobody changed."""
    codes = _codes(_grid())
    assert [c for c in codes if not c.startswith("SIGNAL_")] == ["CHECK_READ"]


def _label(name: str, code: str) -> str:
    return Choice(name).label(code, "nl")


def test_every_signal_has_its_code_and_cell() -> None:
    """Scoring, §6: one row per signal, and the one of the whole workbook."""
    plan = plan_of("nl", NORM)
    rows = plan.model.selection.rows
    core = next(r.requirement.id for r in rows if not r.na_allowed)
    free = [r.requirement.id for r in rows if r.na_allowed]
    required = next(
        r.requirement.id for r in rows
        if r.requirement.evidence_rule == "required" and r.requirement.id not in (core, *free[:6])
    )  # fmt: skip
    yes, no, na = (_label("status", code) for code in ("yes", "no", "na"))
    past = serial(_day(2025))
    typed: dict[tuple[str, str], CellValue] = {
        (core, "answer"): na, (free[0], "answer"): na, (required, "answer"): yes,
        (free[1], "answer"): yes, (free[1], "evidence"): "Plan", (free[1], "valid_until"): past,
        (free[2], "answer"): no, (free[2], "action"): "Doen",
        (free[3], "answer"): no, (free[3], "action"): "Doen", (free[3], "action_owner"): "Jan",
        (free[3], "action_due"): past,
        (free[4], "answer"): yes, (free[4], "evidence"): "Plan",
        (free[4], "advisor_answer"): no,
        (free[5], "answer"): no, (free[5], "maturity"): _label("maturity", "3"),
    }  # fmt: skip
    inputs: dict[Address, CellValue] = {
        Address(T.requirements, row, column): value for (row, column), value in typed.items()
    }
    inputs[Address(T.settings, "reference_date", "value")] = serial(_day(2026))
    grid = read_grid("w.xlsx", write_workbook(plan, inputs))
    found = {p.code: p.where for p in check_grid(grid, library()).problems}
    for name in SIGNALS:
        assert found[f"SIGNAL_{name.upper()}"].cell, name
    assert found["SIGNAL_NA_NOT_ALLOWED"].requirement == core
    everywhere = {Address(T.requirements, r.requirement.id, "answer"): yes for r in rows}
    grid = read_grid("w.xlsx", write_workbook(plan, everywhere))
    assert "SIGNAL_SAME_ANSWER" in _codes(grid)


def _day(year: int) -> date:
    return date(year, 11, 2)


def test_kinds_whose_formulas_cannot_be_compared_say_so() -> None:
    """Only what is certain is said of them."""
    assert "CHECK_LIMITED" in _codes(replace(_grid(), complete=False, kind="xls"))


def test_questions_and_layout_of_another_version_are_told_apart() -> None:
    """By the fingerprint of the questions, not by that of the whole plan."""

    def with_identity(old: str, new: str) -> Grid:
        sheets = [
            SheetGrid(
                s.title,
                {a: v.replace(old, new) if isinstance(v, str) else v for a, v in s.cells.items()},
            )
            for s in _grid().sheets
        ]
        return replace(_grid(), sheets=tuple(sheets), complete=False)

    identity = plan_of("nl", NORM).identity
    layout = with_identity(identity.plan, "0" * 16)
    assert "WORDING_UNKNOWN" in _codes(layout)
    print_ = identity.editions[0].fingerprint
    both = replace(layout, sheets=with_identity(print_, "f" * len(print_)).sheets)
    codes = {p.code: p for p in understand(both, library()).submission.problems}
    assert "PLAN_CHANGED" not in codes  # the plan itself is the same: nothing to tell
    sheets = tuple(
        SheetGrid(
            s.title,
            {
                a: v.replace(identity.plan, "0" * 16) if isinstance(v, str) else v
                for a, v in s.cells.items()
            },
        )
        for s in both.sheets
    )
    told = understand(replace(both, sheets=sheets), library()).submission.problems
    assert [p.slots["parts"] for p in told if p.code == "PLAN_CHANGED"] == [NORM]


def test_dates_of_a_file_that_counts_from_1904_are_no_difference() -> None:
    """Stored serial numbers are 1,462 days lower there; that is not a changed formula."""
    plan = plan_of("nl", NORM)
    block = next(b for _, b in plan.blocks() if b.table.key == T.settings)
    spot = (block.first_row, block.column_of("effective"))
    start = _grid().sheets[0]
    value = start.cells[spot]
    assert isinstance(value, float)
    cells = {**start.cells, spot: value - 1_462.0}
    shifted = replace(_grid(), sheets=(replace(start, cells=cells), *_grid().sheets[1:]))
    (differs,) = (p for p in check_grid(shifted, library()).problems if p.code == "SCORE_DIFFERS")
    told = from_serial(value - 1_462.0), from_serial(value)
    assert [differs.slots[name] for name in ("stored", "counted")] == [
        f"{day:%d-%m-%Y}" for day in told
    ]  # as a date stands in a cell, not as its number
    assert "SCORE_DIFFERS" not in _codes(replace(shifted, epoch_1904=True))


def test_formulas_are_compared_by_what_they_do() -> None:
    """Places, spaces, brackets, quotes and case differ between programs; functions do not."""
    ours = '=IF(Start!$B$21="",0.9*SUM($A$1:$A$9),1)'
    assert skeleton(ours) == skeleton(
        "=if('Start'!B22 = \"\",(0.899999999999999999*SUM(A2:A10)),1)"
    )
    assert skeleton(ours) != skeleton('=IF(Start!$B$21="",0.9*MAX($A$1:$A$9),1)')
    assert skeleton(ours) != skeleton('=IF(Start!$B$21="x",0.9*SUM($A$1:$A$9),1)')
    assert skeleton(ours) != skeleton('=IF(Start!$B$21="",0.8*SUM($A$1:$A$9),1)')


def test_files_folders_and_zips_in_one_run(tmp_path: Path) -> None:
    """Every file is named; one that cannot be used does not stop the others."""
    (tmp_path / "goed.xlsx").write_bytes(_bytes())
    (tmp_path / "kapot.xlsx").write_bytes(_bytes()[:9_000])
    with zipfile.ZipFile(tmp_path / "alles.zip", "w") as archive:
        archive.writestr("noord/retour.xlsx", _bytes())
    (tmp_path / "notulen.txt").write_text("geen werkboek", encoding="utf-8")
    run = CliRunner().invoke
    output = tmp_path / "uit" / "lijst.xlsx"
    output.parent.mkdir()
    result = run(cli, ["check", str(tmp_path), "--json", "--xlsx", str(output), "--lang", "en"])
    assert result.exit_code == 1, result.output
    data = json.loads(result.stdout)
    usable = {Path(f["file"]).name: f["usable"] for f in data["files"]}
    assert usable == {"goed.xlsx": True, "kapot.xlsx": False, "retour.xlsx": True}
    assert data["skipped"] == ["notulen.txt"]
    assert {key: data["counts"][key] for key in ("files", "unread")} == {"files": 3, "unread": 1}
    good = next(f for f in data["files"] if f["file"].endswith("goed.xlsx"))
    assert good["norms"] == [f"{NORM}@2009/r2"]
    assert {p["family"] for p in good["problems"]} == {"use", "sense"}
    rows = {v for s in open_workbook(output).sheets for v in s.cells.values()}
    assert {"CHECK_READ", "Can it be used?", "Done?"} <= rows
    result = run(cli, ["check", str(tmp_path / "goed.xlsx")])
    assert result.exit_code == 0
    assert "CHECK_READ" in result.stdout
    assert "Traceback" not in result.output


def test_every_code_of_a_returned_workbook_has_a_family() -> None:
    """And the edits of the corpus show most of them."""
    assert {family(code) for code in RETURNED} == {"use", "changed", "sense"}
    shown = {code for p in FOLDER.glob("*.json") for code in expected(p.stem).get("codes", {})}
    assert len(shown & RETURNED) >= 25


@pytest.mark.parametrize("option", ["--xlsx"])
def test_a_list_never_replaces_what_is_read(option: str, tmp_path: Path) -> None:
    """Not even with --force."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(_bytes())
    result = CliRunner().invoke(cli, ["check", str(path), option, str(path), "--force"])
    assert (result.exit_code, "TARGET_IS_INPUT" in result.stderr) == (1, True)
    assert path.read_bytes() == _bytes()
    assert io.BytesIO(path.read_bytes()).read(2) == b"PK"


def test_a_file_named_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    run = check_sources([path, path], library())
    assert (run.tally.found, run.tally.duplicate) == (2, 1)
    assert run.files[1].problems[0].code == "FILE_DUPLICATE"


def test_nothing_to_check_is_told(tmp_path: Path) -> None:
    """An empty folder or zip is not a folder in which all is well."""
    (tmp_path / "map").mkdir()
    with zipfile.ZipFile(tmp_path / "leeg.zip", "w") as archive:
        archive.writestr("lees.txt", "hoi")
    for name in ("map", "leeg.zip"):
        done = CliRunner().invoke(cli, ["check", str(tmp_path / name)])
        assert (done.exit_code, "ARCHIVE_NOTHING" in done.output) == (1, True), name


def _other_protection(change: Callable[[str], str]) -> Grid:
    def on(name: str, part: bytes) -> bytes:
        if "worksheets/sheet" not in name:
            return part
        return re.sub(rb"<sheetProtection[^>]*>", lambda m: change(m[0].decode()).encode(), part)

    return read_grid("w.xlsx", rewrite(_bytes(), on), complete=True)


@pytest.mark.parametrize(
    ("gone", "codes"),
    [
        ('autoFilter="0"', ["PROTECTION_NO_FILTER"]),
        ('formatRows="0"', ["PROTECTION_NO_SIZES"]),
        ('formatColumns="0"', ["PROTECTION_NO_SIZES"]),
        (
            'formatColumns="0" formatRows="0" autoFilter="0"',
            ["PROTECTION_NO_FILTER", "PROTECTION_NO_SIZES"],
        ),
        (' objects="1"', []),
    ],
)  # fmt: skip
def test_rights_on_a_protected_sheet_that_vanished(gone: str, codes: list[str]) -> None:
    """Some programs leave them out when they save; then one cannot filter and is not told why."""
    one_of = re.compile("|".join(map(re.escape, gone.split())))
    grid = _other_protection(lambda tag: one_of.sub("", tag))
    found = [p for p in check_grid(grid, library()).problems if p.code.startswith("PROTECTION")]
    assert [p.code for p in found] == codes
    for one in found:
        assert "Beoordeling" in one.slots["sheets"]
        assert family(one.code) == "changed"
    if "PROTECTION_NO_FILTER" in codes:
        assert "Toelichting" not in found[0].slots["sheets"]  # no filter stands there
        assert "daarom kunt u daar niet filteren" in found[0].message("nl")


def test_rights_as_other_programs_write_them() -> None:
    """LibreOffice writes words for truth; a sheet that is not protected takes no rights away."""
    words = _other_protection(lambda t: t.replace('"0"', '"false"').replace('"1"', '"true"'))
    assert not [c for c in _codes(words) if c.startswith("PROTECTION")]
    gone = _other_protection(lambda _: "")
    assert {c for c in _codes(gone) if c.startswith("PROTECTION")} == {"PROTECTION_GONE"}


def test_rights_in_ods() -> None:
    """LibreOffice drops them all when it saves as .ods; one of them it has a word for."""
    table = b'<table:table table:name="Blad 1"'
    right = b'<l:table-protection xmlns:l="urn:l" l:select-protected-cells="true" %s/>'

    def locked(protected: bytes, said: bytes) -> frozenset[str]:
        def change(part: bytes) -> bytes:
            return part.replace(table + b">", table + protected + b">" + right % said)

        return read_grid("in", edited(SMALL_ODS, "content.xml", change)).sheets[0].locked

    everything = frozenset({"autoFilter", "formatColumns", "formatRows"})
    assert locked(b' table:protected="true"', b"") == everything
    assert locked(b' table:protected="true"', b'l:autofilter="true"') == everything - {"autoFilter"}
    assert locked(b"", b"") == frozenset()
