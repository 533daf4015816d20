"""Aggregated figures against the truth computed directly from the answers."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hkz_xlsx.figures.benchmark import benchmarks
from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.model import Choices, Figures
from hkz_xlsx.portfolio.assemble import Settings
from hkz_xlsx.portfolio.build import How, build
from hkz_xlsx.portfolio.database import open_tables, rows_of
from hkz_xlsx.portfolio.schema import size_class
from hkz_xlsx.returned.file_scores import scored
from hkz_xlsx.returned.read import understand
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.portfolio.conftest import Made
from tests.portfolio.field import POINTS, Member, write
from tests.proof.office.libreoffice import convert, needs_office
from tests.support import library, plan_of


def with_office(test: Callable[..., None]) -> Callable[..., None]:
    for mark in needs_office:
        test = mark(test)
    return test


LABEL = "HKZ 125 (2009, r2)"


@pytest.fixture(scope="module")
def found(made: Made) -> Figures:
    return figures_of(str(made.folder), Choices())


def dicts(found: Figures, key: str, **wanted: object) -> list[Mapping[str, object]]:
    """Rows of a section as mappings, those with these values."""
    section = found.section(key)
    keys = [h.key for h in section.headings]
    rows = [dict(zip(keys, row, strict=True)) for row in section.rows]
    return [row for row in rows if all(row[k] == v for k, v in wanted.items())]


def quartiles(values: list[float]) -> list[float]:
    return [round(q, 1) for q in statistics.quantiles(values, n=4, method="inclusive")]


def test_every_file_is_accounted_for(made: Made) -> None:
    """Found = read + refused + skipped, and every score is what its answers give."""
    counts = made.counts
    assert (counts.found, counts.read, counts.refused, counts.skipped) == (42, 39, 2, 1)
    assert counts.organisations == 31
    with open_tables(made.folder) as db:
        rows = rows_of(
            db,
            "select o.kvk, f.reference_date, f.score, f.substantiated, f.answered, f.score_changed "
            "from files f join organisations o using (organisation_id) where state = 'read'",
        )
    assert len(rows) == len(made.members)
    by_key = {(one.kvk, one.day): one for one in made.members}
    for kvk, day, score, substantiated, answered, _ in rows:
        one = by_key[kvk, day]
        assert (score, substantiated, answered) == (one.score, one.substantiated, one.answered)


def test_distribution(made: Made, found: Figures) -> None:
    """n, mean, quartiles and extremes of the newest measurements, per norm and per rubriek."""
    field = made.newest()
    scores = [one.score for one in field if one.score is not None]
    [row] = dicts(found, "distribution", edition=LABEL, level="alles")
    q1, median, q3 = quartiles(scores)
    assert row["n"] == len(scores) == 26
    assert (row["q1"], row["median"], row["q3"]) == (q1, median, q3)
    assert (row["lowest"], row["highest"]) == (min(scores), max(scores))
    assert row["mean"] == pytest.approx(statistics.fmean(scores), abs=0.051)
    more = [
        one.score - one.substantiated
        for one in field
        if one.score is not None and one.substantiated is not None
    ]
    assert row["claimed_more"] == pytest.approx(statistics.median(more), abs=0.051)
    for number in field[0].parts:
        values = [v for one in field if (v := one.parts[number]) is not None]
        [row] = [
            r for r in dicts(found, "distribution", edition=LABEL, level="rubriek")
            if str(r["name"]).startswith(f"{number}.")
        ]  # fmt: skip
        assert row["n"] == len(values)
        assert row["median"] == pytest.approx(statistics.median(values), abs=0.051)


def test_questions(made: Made, found: Figures) -> None:
    """Shares per Oordeel, score of the field, core failures and gaps, per question."""
    field = made.newest()
    rows = dicts(found, "questions", edition=LABEL)
    assert len(rows) == len(field[0].rows)
    core = {r["requirement"]: r for r in dicts(found, "core", edition=LABEL)}
    for row in rows:
        key = str(row["requirement"])
        codes = Counter(one.rows[key].code for one in field)
        assert row["n"] == 26
        for code, column in (
            ("yes", "yes"),
            ("partly", "partly"),
            ("no", "no"),
            ("na", "na"),
            ("", "empty"),
        ):
            assert row[f"answer_{column}"] == pytest.approx(100 * codes[code] / 26, abs=0.051)
        applicable = 26 - codes["na"]
        points = sum(float(POINTS[c]) * n for c, n in codes.items() if c != "na")
        if applicable:
            assert row["score"] == pytest.approx(100 * points / applicable, abs=0.051)
        if key in core:
            failed = 100 * (codes["no"] + codes["partly"]) / applicable
            assert core[key]["n"] == applicable
            assert core[key]["failed"] == pytest.approx(failed, abs=0.051)
    wanted = {r.requirement.id for r in field[0].plan.model.selection.rows if r.requirement.core}
    assert core.keys() == wanted
    weakest = [r["score"] for r in dicts(found, "weakest", edition=LABEL)]
    assert weakest == sorted(weakest)  # type: ignore[type-var]  # numbers


def test_groups(made: Made, found: Figures) -> None:
    """Size, branch and town: n and median of exactly those organisations."""

    def check(name: str, value: str, members: list[Member]) -> None:
        [row] = dicts(found, "groups", edition=LABEL, property=name, name=value)
        scores = [one.score for one in members if one.score is not None]
        assert row["n"] == len(scores)
        assert row["median"] == pytest.approx(statistics.median(scores), abs=0.051)

    field = made.newest()
    for branch in {one.branch for one in field}:
        check("Branche", branch, [one for one in field if one.branch == branch])
    for town in {one.town for one in field}:
        check("Gemeente", town, [one for one in field if one.town == town])
    small = [one for one in field if size_class(one.fte) == "0-10"]
    assert all(one.fte < 10 for one in small)
    check("Omvang", "minder dan 10 fte", small)


def test_movement(made: Made, found: Figures) -> None:
    """Two rounds of the same organisations, and nobody else."""
    pairs = [
        (before.score, after.score)
        for before in made.members
        for after in made.newest()
        if before.day.year == 2025 and before.kvk == after.kvk
    ]
    changes = [b - a for a, b in pairs if a is not None and b is not None]
    [row] = dicts(found, "movement", edition=LABEL, level="alles")
    assert (row["rounds"], row["n"]) == ("2025 → 2026", 8)
    assert row["change"] == pytest.approx(statistics.median(changes), abs=0.051)
    counts = [row["up"], row["same"], row["down"]]
    assert counts == [
        sum(c > 0 for c in changes),
        sum(c == 0 for c in changes),
        sum(c < 0 for c in changes),
    ]
    befores, afters = [a for a, _ in pairs if a is not None], [b for _, b in pairs if b is not None]
    assert (row["before"], row["after"]) == (
        pytest.approx(statistics.median(befores), abs=0.051),
        pytest.approx(statistics.median(afters), abs=0.051),
    )


def test_unusual_files(made: Made, found: Figures) -> None:
    """Who answered the same everywhere is told, and so is a claim far above the evidence."""
    rows = dicts(found, "unusual")
    same = {r["organisation"] for r in rows if "hetzelfde antwoord" in str(r["reasons"])}
    assert {one.name for one in made.newest() if one.kind == "same"} <= same
    assert not any("volgen niet" in str(r["reasons"]) for r in rows)
    liars = {r["organisation"] for r in rows if "ver boven" in str(r["reasons"])}
    assert liars <= {
        one.name for one in made.members if (one.score or 0) - (one.substantiated or 0) >= 30
    }


def test_editions_are_never_mixed(made: Made, found: Figures) -> None:
    """Five organisations with another norm stand apart everywhere."""
    for section in found.sections:
        keys = [h.key for h in section.headings]
        if "edition" in keys and "n" in keys:
            for row in section.rows:
                most = 5 if row[keys.index("edition")] == "HKZ 143 (2021, r2)" else 26
                assert int(row[keys.index("n")] or 0) <= most
    other = made.newest("143")
    [total] = dicts(found, "distribution", edition="HKZ 143 (2021, r2)", level="alles")
    scores = [one.score for one in other if one.score is not None]
    assert total["n"] == len(scores)
    assert total["median"] == pytest.approx(statistics.median(scores), abs=0.051)


def test_benchmark_compares_with_the_others_only(made: Made) -> None:
    """The median is that of the others; with fewer than k others nothing is compared."""
    pages = {page.about.name: page for page in benchmarks(str(made.folder), Choices())}
    field = made.newest()
    one = next(m for m in field if m.score is not None)
    others = [m.score for m in field if m is not one and m.score is not None]
    total = pages[one.name].total
    assert (total.own, total.n) == (one.score, len(others))
    assert total.median == pytest.approx(statistics.median(others), abs=0.051)
    lower = 100 * sum(score < (one.score or 0) for score in others) / len(others)
    section = pages[one.name].section
    assert section.rows[0][section.index("lower")] == pytest.approx(lower, abs=0.051)
    [few] = benchmarks(str(made.folder), Choices(), organisation=made.newest("143")[0].kvk)
    assert few.section.rows == ()
    assert len(pages) == 31


def test_returns_of_one_round(tmp_path: Path, made: Made) -> None:
    """Both rounds are counted, the newest is current."""
    with open_tables(made.folder) as db:
        rows = rows_of(
            db, "select round, count(*) filter (counts), count(*) filter (current) from files "
            "where state = 'read' group by 1 order by 1",
        )  # fmt: skip
    assert rows == [("2025", 8, 0), ("2026", 31, 31)]
    assert not list(tmp_path.iterdir())


@with_office
@pytest.mark.parametrize(
    "target",
    ["xlsx:Calc MS Excel 2007 XML", pytest.param("ods", marks=pytest.mark.proof)],
)
def test_files_saved_by_another_program(target: str, made: Made, tmp_path: Path) -> None:
    """A share of the returns passed through LibreOffice: the truth stays the truth."""
    chosen = [one for one in made.newest() if one.kind in ("sloppy", "ordinary", "liar")][:3]
    paths = write(chosen, tmp_path / "in")
    saved = convert(paths, tmp_path / "out", target)
    counts = build([tmp_path / "out"], tmp_path / "p", Settings(), How(jobs=1))
    assert (counts.read, len(saved)) == (3, 3)
    with open_tables(tmp_path / "p") as db:
        rows = rows_of(
            db, "select o.kvk, f.score, f.substantiated, f.answered, f.score_changed from files f "
            "join organisations o using (organisation_id)",
        )  # fmt: skip
    wanted = {(m.kvk, m.score, m.substantiated, m.answered, False) for m in chosen}
    assert set(rows) == wanted


def test_blank_in_a_returned_file_is_not_a_wrong_word(tmp_path: Path) -> None:
    """One word that is not on the list, one n.v.t. where that is no choice, and blanks."""
    plan = plan_of("nl", "125")
    allowed = {row.requirement.id: row.na_allowed for row in plan.model.selection.rows}
    first = next(key for key, fine in allowed.items() if not fine)
    word = next(key for key in allowed if key != first)
    inputs = {
        Address(T.requirements, first, "answer"): "N.v.t.",
        Address(T.requirements, word, "answer"): "misschien",
    }
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "een.xlsx").write_bytes(write_workbook(plan, inputs))
    build([tmp_path / "in"], tmp_path / "portfolio", Settings(), How())
    section = figures_of(str(tmp_path / "portfolio"), Choices()).section("questions")
    kinds = ("answer_empty", "answer_not_understood", "answer_na_not_allowed")
    found = {
        str(row[section.index("requirement")]): [row[section.index(key)] for key in kinds]
        for row in section.rows
    }
    assert found.pop(first) == [0, 0, 100]
    assert found.pop(word) == [0, 100, 0]
    assert set(map(tuple, found.values())) == {(100, 0, 0)}


def test_a_score_without_questions_that_apply_is_no_score_to_be_determined() -> None:
    """Everything n.v.t., and nothing answered yet, are two things; a mix of them is the second."""
    plan = plan_of("nl", "144")
    rows = plan.model.selection.rows
    own = [r.requirement.id for r in rows if (r.part.id, r.rubriek.number) == ("144", "4")]
    assert len(own) > 1
    for answered, outcome in (
        (0, "undetermined"),
        (len(own) - 1, "undetermined"),
        (len(own), "na"),
    ):
        inputs: dict[Address, CellValue] = {
            Address(T.requirements, key, "answer"): "N.v.t." for key in own[:answered]
        }
        file = understand(read_grid("w.xlsx", write_workbook(plan, inputs)), library()).submission
        found = {str(one["key"]): one["outcome"] for one in scored(file).sets}
        assert found["144:4"] == outcome, answered
        assert found["144:1"] == "undetermined"
