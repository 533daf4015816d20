"""A file is read for its values; where a formula gives an answer, once more for everything."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned import read
from hkz_xlsx.returned.read import read_bytes, read_workbook, understand, whole_if_needed
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.spreadsheet.open import Engine, Grid, read_grid
from tests.returned.test_hanging import _calculates, base
from tests.support import library


@cache
def file(*, formula: bool) -> bytes:
    """A filled workbook, with a formula for an answer, its outcome stored, or with words only."""
    return _calculates(base()) if formula else base()


class Recorded:
    """A reader that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes, bool]] = []

    def __call__(self, name: str, data: bytes, /, *, complete: bool = False) -> Grid:
        self.asked.append((name, data, complete))
        return read_grid(name, data, complete=complete)


@pytest.mark.parametrize("formula", [False, True])
def test_a_second_reading_only_where_a_formula_answers(*, formula: bool) -> None:
    data, reader = file(formula=formula), Recorded()
    first = understand(reader("w.xlsx", data), library(), PLANS.again)
    found = whole_if_needed(first, data, library(), reader, PLANS.again)
    again = [("w.xlsx", data, True)] if formula else []
    assert reader.asked == [("w.xlsx", data, False), *again]
    assert found.grid.complete == formula
    assert (found is first) != formula


def test_what_was_read_whole_is_not_read_again() -> None:
    data, reader = file(formula=True), Recorded()
    first = understand(reader("w.xlsx", data, complete=True), library(), PLANS.again)
    assert "ANSWER_IS_FORMULA" in {p.code for p in first.submission.problems}
    assert whole_if_needed(first, data, library(), reader, PLANS.again) is first
    assert len(reader.asked) == 1


@pytest.mark.parametrize("formula", [False, True])
def test_every_way_to_read_says_the_same_of_it(tmp_path: Path, *, formula: bool) -> None:
    """The formula itself too, which the values do not have."""
    path, data = tmp_path / "w.xlsx", file(formula=formula)
    path.write_bytes(data)
    found = read_workbook(path, library())
    assert read_bytes("w.xlsx", data, library()).problems == found.problems
    told = [p.slots["value"] for p in found.problems if p.code == "ANSWER_IS_FORMULA"]
    assert told == (["=H7"] if formula else [])
    assert {p.where.file for p in found.problems} <= {"w.xlsx"}


def test_who_reads_and_how_much_is_what_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, data = tmp_path / "w.xlsx", file(formula=False)
    path.write_bytes(data)
    asked: list[tuple[object, ...]] = []

    def of_file(named: Path, engine: Engine | None = None, *, complete: bool = False) -> Grid:
        asked.append((named, engine, complete))
        return read_grid(named.name, named.read_bytes(), engine, complete=complete)

    def of_bytes(name: str, given: bytes, *, complete: bool = False) -> Grid:
        asked.append((name, given, complete))
        return read_grid(name, given, complete=complete)

    monkeypatch.setattr(read, "open_workbook", of_file)
    monkeypatch.setattr(read, "open_bytes", of_bytes)
    read_workbook(path, library())
    read_workbook(path, library(), complete=True)
    read_workbook(path, library(), "openpyxl")
    read_workbook(path, library(), "openpyxl", complete=True)
    assert asked == [
        ("w.xlsx", data, False), (path, None, True), (path, "openpyxl", False),
        (path, "openpyxl", True),
    ]  # fmt: skip


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(b"geen werkboek")
    ways: tuple[Callable[[], Submission], ...] = (
        lambda: read_workbook(path, library()),
        lambda: read_workbook(path, library(), complete=True),
        lambda: read_bytes("w.xlsx", b"geen werkboek", library()),
    )
    for way in ways:
        with pytest.raises(HkzError) as caught:
            way()
        assert [p.where.file for p in caught.value.problems] == ["w.xlsx"]
