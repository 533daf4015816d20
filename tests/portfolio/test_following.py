"""Measurements follow each other along crosswalks, not only within one question set."""

from __future__ import annotations

from pathlib import Path

from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.portfolio.assemble import Settings
from hkz_xlsx.portfolio.build import How, build
from hkz_xlsx.portfolio.database import open_tables
from hkz_xlsx.portfolio.movements import following
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library

OLD, NEW = "143@2021/r1", "143@2021/r2"


def measured(folder: Path, norm: str, day: float, answer: str) -> None:
    plan = plan_workbook(select(library(), [norm]), "nl", [norm])
    rows = plan.model.table(T.requirements).rows
    typed = {Address(T.requirements, row, "answer"): answer for row in rows}
    own: Inputs = {
        Address("organisation", "name", "value"): "De Brug",
        Address("organisation", "kvk", "value"): "68750110",
        Address(T.settings, "reference_date", "value"): day,
    }
    path = folder / f"{day:.0f}.xlsx"
    path.write_bytes(write_workbook(plan, {**typed, **own}))


def test_a_year_with_another_question_set(tmp_path: Path) -> None:
    """Three years, the last two with the newer set: two movements, of which one says that its
    scores are about other questions."""
    files = tmp_path / "retour"
    files.mkdir()
    for norm, day, answer in (
        (OLD, 45_700.0, "Voldoet niet"), (NEW, 46_000.0, "Voldoet deels"),
        (NEW, 46_400.0, "Voldoet"),
    ):  # fmt: skip
        measured(files, norm, day, answer)
    build([files], tmp_path / "p", Settings(), How(jobs=1))
    with open_tables(tmp_path / "p") as db:
        rows = db.execute(
            "select edition_from, edition, round_from, round_to, score_from, score_to "
            "from movements where level = 'total' order by date_to"
        ).fetchall()
        levels = db.execute(
            "select level, count(*) from movements where edition_from <> edition group by level"
        ).fetchall()
    assert rows == [
        (OLD, NEW, "2025", "2025", 0.0, 50.0), (NEW, NEW, "2025", "2027", 50.0, 100.0),
    ]  # fmt: skip
    assert {"rubriek", "part", "total"} <= {level for level, _ in levels}


def test_what_follows_on_what() -> None:
    """Only forward, only where somebody judged, and every part of a workbook has to."""
    both = f"123@2015+A1:2019/r1 {OLD}"
    newer = f"123@2015+A1:2019/r2 {NEW}"
    half = f"123@2015+A1:2019/r9 {NEW}"
    found = set(following([OLD, NEW, both, newer, half, "125@2009/r1"], library()))
    pairs = {(a, b) for a, b, _ in found if a != b}
    assert pairs == {
        (OLD, NEW), (both, newer), ("123@2015+A1:2019/r1", "123@2015+A1:2019/r2"),
    }  # fmt: skip
    family = {a: name for a, _, name in found}
    assert family[OLD] == family[NEW]
    assert family[both] == family[newer]
    assert len({family[OLD], family[both], family[half], family["125@2009/r1"]}) == 4
