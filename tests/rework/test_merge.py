"""Several workbooks to one: what agrees is taken, the rest by a rule, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.codecs import Choice, Reading
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError, Where
from hkz_xlsx.returned.read import read_workbook, understand
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.decisions import told_apart
from hkz_xlsx.rework.merge import RULES, Rule, merged
from hkz_xlsx.rework.merge_plan import merge_plan
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import TODAY, library, plan_of

NORM = "125"
ROWS = plan_of("nl", NORM).model.table(T.requirements).rows
DATE = Address(T.settings, "reference_date", "value")
NAME = Address("organisation", "name", "value")


def _label(code: str, name: str = "status", lang: str = "nl") -> str:
    return Choice(name).label(code, "nl" if lang == "nl" else "en")


def _row(index: int, column: str) -> Address:
    return Address(T.requirements, ROWS[index], column)


def _noord(lang: str = "nl") -> dict[Address, CellValue]:
    return {
        NAME: "Noord", DATE: TODAY,
        _row(0, "answer"): _label("yes", lang=lang), _row(0, "evidence"): "Jaarverslag",
        _row(1, "answer"): _label("yes", lang=lang), _row(1, "evidence"): "Protocol noord",
        _row(1, "valid_until"): TODAY + 90,
        _row(2, "answer"): _label("na", lang=lang), _row(3, "answer"): _label("partly", lang=lang),
        _row(4, "answer"): _label("no", lang=lang), _row(5, "answer"): "misschien",
        _row(6, "maturity"): _label("3", "maturity", lang),
    }  # fmt: skip


def _zuid() -> dict[Address, CellValue]:
    return {
        NAME: "Zuid", DATE: TODAY - 30,
        _row(0, "answer"): _label("yes"), _row(0, "evidence"): "Jaarverslag",
        _row(1, "answer"): _label("no"), _row(1, "evidence"): "Protocol zuid",
        _row(1, "valid_until"): TODAY + 10,
        _row(2, "answer"): _label("unknown"), _row(3, "answer"): _label("unknown"),
        _row(5, "answer"): _label("partly"), _row(6, "maturity"): _label("2", "maturity"),
    }  # fmt: skip


def _file(name: str, inputs: dict[Address, CellValue], plan: WorkbookPlan) -> Submission:
    return understand(read_grid(name, write_workbook(plan, inputs)), library()).submission


@pytest.fixture(name="two")
def _two() -> list[Submission]:
    plan = plan_of("nl", NORM)
    return [_file("noord.xlsx", _noord(), plan), _file("zuid.xlsx", _zuid(), plan)]


EXPECTED: dict[Rule, dict[Address, CellValue]] = {
    "lowest": {
        _row(1, "answer"): _label("no"), _row(2, "answer"): _label("unknown"),
        _row(3, "answer"): _label("unknown"), _row(1, "valid_until"): TODAY + 10,
        _row(1, "evidence"): "noord.xlsx: Protocol noord\nzuid.xlsx: Protocol zuid",
        _row(6, "maturity"): _label("2", "maturity"), NAME: "Noord", DATE: TODAY,
    },
    "latest": {
        _row(1, "answer"): _label("yes"), _row(2, "answer"): _label("na"),
        _row(1, "evidence"): "Protocol noord", NAME: "Noord", DATE: TODAY,
    },
    "first": {
        _row(1, "answer"): _label("yes"), _row(2, "answer"): _label("na"),
        _row(6, "maturity"): _label("3", "maturity"), DATE: TODAY,
    },
}  # fmt: skip


@pytest.mark.parametrize("rule", EXPECTED)
def test_rules(rule: Rule, two: list[Submission]) -> None:
    """What each rule takes; what agrees, or what one file alone says, is always taken."""
    result = merged(two, merge_plan(two, library()), rule)
    inputs = result.fresh.inputs
    for address, value in EXPECTED[rule].items():
        assert inputs[address] == value, address
    assert inputs[_row(0, "answer")] == _label("yes")
    assert inputs[_row(4, "answer")] == _label("no")
    assert inputs[_row(5, "answer")] == _label(
        "partly"
    )  # a word that is not on the list never wins
    assert _row(0, "evidence") not in {d.address for d in result.differences}


@pytest.mark.parametrize("rule", [r for r in RULES if r != "ask-file"])
def test_nothing_any_file_says_is_lost(rule: Rule, two: list[Submission]) -> None:
    """Every value stands in a cell or in the log, and all of it comes back from the new file."""
    result = merged(two, merge_plan(two, library()), rule)
    fresh = result.fresh
    back = understand(
        read_grid("samen.xlsx", write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes)),
        library(),
    ).submission
    assert dict(back.as_understood) == dict(fresh.inputs)
    assert sorted(map(str, back.carried)) == sorted(map(str, fresh.extra))
    again = repaired(back)
    assert sorted(map(str, again.extra)) == sorted(map(str, fresh.extra))
    log = {(e.where.file, e.address, e.reason) for e in fresh.extra}
    for index, one in enumerate(two):
        for address, value in one.as_understood.items():
            kept = fresh.inputs.get(address) == value
            named = any((one.file, address, why) in log for why in ("taken", "not_taken"))
            assert kept or named, (index, address)


def test_files_in_two_languages(two: list[Submission]) -> None:
    """The same answer in another language is no difference."""
    english = _file("north.xlsx", _noord("en"), plan_of("en", NORM))
    both = [two[0], english]
    result = merged(both, merge_plan(both, library()))
    assert result.differences == ()


def test_scopes_are_taken_together() -> None:
    """A row that holds for one location stands in the merged workbook."""
    lib = library()
    plans = [
        plan_workbook(select(lib, ["138"], Scope.parse([f"funding={word}"])), "nl", ["138"])
        for word in ("wmo", "jeugdwet")
    ]
    files = [_file(f"{i}.xlsx", {}, plan) for i, plan in enumerate(plans)]
    plan = merge_plan(files, lib)
    rows = set(plan.model.table(T.requirements).rows)
    for one in plans:
        assert set(one.model.table(T.requirements).rows) <= rows


def _texts(count: int, length: int) -> dict[str, str]:
    """What files say in one cell; an emoji counts double where programs count room."""
    return {
        f"locatie {i:02d}.xlsx": f"Begin {i}. " + "tekst 😀 " * (length // 8) + f"Slot {i}."
        for i in range(count)
    }


@pytest.mark.parametrize(
    ("count", "length"),
    [
        pytest.param(24, 1900, marks=pytest.mark.proof),
        pytest.param(40, 900, marks=pytest.mark.proof),
        (3, 14000),
        (2, 28000),
    ],
)
def test_texts_that_do_not_fit_in_one_cell_are_whole(count: int, length: int) -> None:
    """As many whole texts as the cell holds; every other one whole among the decisions; told."""
    plan, texts = plan_of("nl", NORM), _texts(count, length)
    address = _row(0, "note")
    files = [_file(name, {address: text}, plan) for name, text in texts.items()]
    result = merged(files, merge_plan(files, library()))
    value = str(result.fresh.inputs[address])
    assert len(value.encode("utf-16-le")) // 2 <= 32_767
    fitting = [name for name, text in texts.items() if f"{name}: {text}" in value]
    assert value.count("Begin") == value.count("Slot") == len(fitting)
    rest = count - len(fitting)
    assert rest > 0
    assert value.endswith(f"[+ {rest}: zie het blad ‘Besluiten’]")
    # Not one more would fit.
    left = 32_767 - len(value.encode("utf-16-le")) // 2
    assert (
        left < len(f"{next(iter(texts))}: {texts[next(iter(texts))]}".encode("utf-16-le")) // 2 + 9
    )
    log = {e.where.file: e for e in result.fresh.extra if e.address == address}
    for name, text in texts.items():
        assert log[name].value == text
        assert log[name].reason == ("taken" if name in fitting else "not_taken")
        assert ("past niet" in log[name].told) == (name not in fitting)
    (told,) = result.problems
    assert told.code == "MERGE_NO_ROOM"
    assert (told.where.sheet, told.where.requirement) == ("Beoordeling", ROWS[0])
    assert told.slots == {"count": str(rest), "total": str(count), "table": "Besluiten"}
    fresh = result.fresh
    data = write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes)
    assert read_grid("samen.xlsx", data).sheets
    cell = openpyxl.load_workbook(BytesIO(data))["Beoordeling"][told.where.cell]
    assert cell.value == value


@pytest.mark.parametrize("length", [32_700, 32_701, 32_766, 32_767])
def test_a_text_that_fits_in_a_cell_stays_whole(length: int) -> None:
    """Also one that fills it; repair and merge alike."""
    text, address = "a" * (length - 4) + "slot", _row(0, "note")
    files = [_file(f"{i}.xlsx", {address: text}, plan_of("nl", NORM)) for i in range(2)]
    result = merged(files, merge_plan(files, library()))
    assert result.fresh.inputs[address] == text
    assert result.problems == ()
    assert repaired(files[0]).inputs[address] == text


def test_a_text_longer_than_any_cell_is_kept(two: list[Submission]) -> None:
    """Other programs have larger cells: what is too long stands in the cell as far as it goes, and
    whole on the sheet of what has no place."""
    text, address = "woord 😀 " * 9_000, _row(0, "note")
    files = [replace(one, readings={**one.readings, address: Reading("exact", text, text)},
                     places={**one.places, address: Where(one.file, None, "Beoordeling", "N6")})
             for one in two]  # fmt: skip
    for rule in ("lowest", "latest"):
        result = merged(files, merge_plan(files, library()), rule)
        value = str(result.fresh.inputs[address])
        assert 32_700 < len(value.encode("utf-16-le")) // 2 <= 32_767
        kept = "".join(e.value for e in result.fresh.extra if e.address == address)
        assert kept == text
        (told,) = [p for p in result.problems if p.code == "MERGE_NO_ROOM"]
        assert told.slots["table"] == "Niet geplaatst"
        write_workbook(result.fresh.plan, result.fresh.inputs, notes=result.fresh.notes)


def test_other_norms_are_refused(two: list[Submission]) -> None:
    """Every file that does not fit is named."""
    other = _file("anders.xlsx", {}, plan_of("nl", "143"))
    with pytest.raises(HkzError) as caught:
        merge_plan([*two, other], library())
    (found,) = caught.value.problems
    assert (found.code, found.where.file) == ("MERGE_DIFFERENT", "anders.xlsx")


class TestCommand:
    """From files to a file."""

    def _files(self, folder: Path) -> list[str]:
        plan, paths = plan_of("nl", NORM), []
        for name, inputs in (("noord", _noord()), ("zuid", _zuid())):
            path = folder / f"{name}.xlsx"
            path.write_bytes(write_workbook(plan, inputs))
            paths.append(str(path))
        return paths

    def test_decisions_in_a_list(self, tmp_path: Path) -> None:
        """Written first; read when chosen; open or wrong choices are named by their cell."""
        run, files = CliRunner().invoke, self._files(tmp_path)
        target, choices = tmp_path / "samen.xlsx", tmp_path / "besluiten.xlsx"
        command = [
            "merge",
            *files,
            "-o",
            str(target),
            "--rule",
            "ask-file",
            "--decisions",
            str(choices),
        ]
        assert run(cli, command).exit_code == 0
        assert choices.exists()
        assert not target.exists()
        result = run(cli, command)
        assert (result.exit_code, "DECISION_OPEN" in result.stderr) == (1, True)

        book = openpyxl.load_workbook(choices)
        sheet = book.active
        assert sheet is not None
        for row in range(5, sheet.max_row + 1):
            sheet.cell(row, 5).value = "B"
        sheet["E5"] = "Q"
        book.save(choices)
        result = run(cli, command)
        assert (result.exit_code, "DECISION_WRONG" in result.stderr) == (1, True)
        assert "E5" in result.stderr
        sheet["E5"] = "b"
        book.save(choices)
        result = run(cli, command)
        assert target.exists(), result.output
        merged_file = read_workbook(target, library())
        assert merged_file.text(T.requirements, ROWS[1], "evidence") == "Protocol zuid"
        assert merged_file.text("organisation", "name") == "Zuid"
        assert "DECISION_HIDDEN" not in result.stderr
        sheet.row_dimensions[6].hidden = True
        book.save(choices)
        again = run(cli, [*command, "--force"])
        assert (again.exit_code, "DECISION_HIDDEN" in again.stderr) == (result.exit_code, True)
        assert "(rij 6)" in again.stderr

    def test_says_what_did_not_fit(self, tmp_path: Path) -> None:
        """The cell of the new workbook is named; nothing is wrong, so the exit code is 0."""
        files = []
        for name, text in _texts(20, 2500).items():
            path = tmp_path / name
            path.write_bytes(write_workbook(plan_of("nl", NORM), {_row(0, "note"): text}))
            files.append(str(path))
        result = CliRunner().invoke(cli, ["merge", *files, "-o", str(tmp_path / "samen.xlsx")])
        assert result.exit_code == 0, result.stderr
        assert "MERGE_NO_ROOM" in result.stderr
        assert "samen.xlsx" in result.stderr
        assert "Besluiten" in result.stderr

    def test_a_list_goes_by_the_names_of_its_files(self, tmp_path: Path) -> None:
        """Named in another order a letter is still the file of its header; other files are
        refused."""
        run, files = CliRunner().invoke, self._files(tmp_path)
        choices = tmp_path / "besluiten.xlsx"
        ask = ["--rule", "ask-file", "--decisions", str(choices)]
        run(cli, ["merge", *files, "-o", str(tmp_path / "een.xlsx"), *ask])
        book = openpyxl.load_workbook(choices)
        sheet = book.active
        assert sheet is not None
        spot = next(c for row in sheet for c in row if c.value == "Keuze")
        for row in range(spot.row + 1, sheet.max_row + 1):
            of_second = sheet.cell(row, spot.column - 1).value
            sheet.cell(row, spot.column).value = "B" if of_second else "A"
        book.save(choices)
        kept = []
        for name, order in (("een", files), ("twee", files[::-1])):
            path = tmp_path / f"{name}.xlsx"
            run(cli, ["merge", *order, "-o", str(path), *ask])
            found = read_workbook(path, library()).as_understood
            kept.append({a: v for a, v in found.items() if a.table == T.requirements})
        assert kept[0] == kept[1]
        other = tmp_path / "ander.xlsx"
        other.write_bytes(Path(files[1]).read_bytes())
        result = run(cli, ["merge", files[0], str(other), "-o", str(tmp_path / "x.xlsx"), *ask])
        assert (result.exit_code, "DECISION_FILES" in result.stderr) == (1, True)

    def _in_folders(self, folder: Path) -> list[Path]:
        """Two files of one name, in folders that have folders of one name."""
        found = []
        for place, path in zip(("noord", "zuid"), self._files(folder), strict=True):
            found.append(folder / place / "terug" / "werkboek.xlsx")
            found[-1].parent.mkdir(parents=True)
            Path(path).rename(found[-1])
        return found

    def test_files_of_one_name_are_told_apart_in_a_list(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By the folders that differ, however long the path and wherever they are named from; in
        another order a letter is still its file. A list of an earlier release is read too."""
        deep = tmp_path / ("d" * 120) / ("e" * 120)
        deep.mkdir(parents=True)
        files = self._in_folders(deep)
        assert told_apart([*files, deep / "x.xlsx"])[1:] == ["zuid/terug/werkboek.xlsx", "x.xlsx"]
        choices = tmp_path / "besluiten.xlsx"
        ask = ["--rule", "ask-file", "--decisions", str(choices)]
        monkeypatch.chdir(deep)
        near = [str(file.relative_to(deep)) for file in files]
        run, kept = CliRunner().invoke, []
        run(cli, ["merge", *near, "-o", str(tmp_path / "een.xlsx"), *ask])
        book = openpyxl.load_workbook(choices)
        sheet: Any = book.active
        spot = next(c for row in sheet for c in row if c.value == "Keuze")
        heads = [sheet.cell(spot.row, spot.column - n) for n in (2, 1)]
        assert [h.value for h in heads] == [
            "A. noord/terug/werkboek.xlsx", "B. zuid/terug/werkboek.xlsx",
        ]  # fmt: skip
        for row in range(spot.row + 1, sheet.max_row + 1):
            of_second = sheet.cell(row, spot.column - 1).value
            sheet.cell(row, spot.column).value = "B" if of_second else "A"
        book.save(choices)
        named = list(map(str, files))
        for number, order in enumerate((near, near[::-1], named[::-1])):
            path = tmp_path / f"{number}.xlsx"
            run(cli, ["merge", *order, "-o", str(path), *ask])
            kept.append(read_workbook(path, library()).as_understood)
        for one, file in zip("AB", named, strict=True):
            heads["AB".index(one)].value = f"{one}. {file}"[:200]
        book.save(choices)
        path = tmp_path / "oud.xlsx"
        run(cli, ["merge", *named, "-o", str(path), *ask])
        kept.append(read_workbook(path, library()).as_understood)
        rows = [{a: v for a, v in one.items() if a.table == T.requirements} for one in kept]
        assert all(one == rows[0] for one in rows)

    def test_wrong_use(self, tmp_path: Path) -> None:
        """One file, a file named twice, another list, an output that is read."""
        run, files = CliRunner().invoke, self._files(tmp_path)
        target = str(tmp_path / "samen.xlsx")
        assert run(cli, ["merge", files[0], "-o", target]).exit_code == 2
        assert run(cli, ["merge", *files, "-o", target, "--rule", "ask-file"]).exit_code == 2
        result = run(cli, ["merge", files[0], files[0], "-o", target])
        assert (result.exit_code, "MERGE_SAME_FILE" in result.stderr) == (1, True)
        result = run(cli, ["merge", *files, "-o", files[0], "--force"])
        assert (result.exit_code, "TARGET_IS_INPUT" in result.stderr) == (1, True)
        (tmp_path / "lijst.xlsx").write_bytes(write_workbook(plan_of("nl", "143")))
        ask = ["--rule", "ask-file", "--decisions", str(tmp_path / "lijst.xlsx")]
        result = run(cli, ["merge", *files, "-o", target, *ask])
        assert (result.exit_code, "DECISION_LIST" in result.stderr) == (1, True)

    def test_repair_says_what_it_did(self, tmp_path: Path) -> None:
        """A file with a wrong answer: exit 1, a new file, the old one as it was."""
        run, files = CliRunner().invoke, self._files(tmp_path)
        before = Path(files[0]).read_bytes()
        target = tmp_path / "hersteld.xlsx"
        result = run(cli, ["repair", files[0], "-o", str(target)])
        assert (result.exit_code, "Niet geplaatst" in result.stderr) == (1, True)
        assert Path(files[0]).read_bytes() == before
        result = run(cli, ["repair", files[1], "-o", str(target), "--force", "--lang", "en"])
        assert (result.exit_code, "nothing needed repair" in result.stderr) == (0, True)
        result = run(cli, ["check", str(target)])
        assert "NOT_PLACED" not in result.stdout
        run(cli, ["repair", files[0], "-o", str(target), "--force"])
        assert "NOT_PLACED" in run(cli, ["check", str(target)]).stdout
