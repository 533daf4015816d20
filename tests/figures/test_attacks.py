"""What somebody can work out who reads an anonymous report with care, and who has more than one.

Every attack is made here by trying all that could have been: whatever gives the same report could
be the truth. A hidden number is safe as long as enough of them could be it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.model import (
    Cell,
    Choices,
    FigureColumn,
    Figures,
    FigureTable,
    protected,
    section_of,
)
from hkz_xlsx.figures.pictures import pictures
from hkz_xlsx.figures.privacy import CountedPart, rounded_count
from hkz_xlsx.render.document import NumberCell, Picture
from hkz_xlsx.render.plots import Heat
from tests.portfolio.made_up import One, made_up

Report = tuple[Cell, ...]


def published(kind: Any, parts: Sequence[CountedPart], n: int, k: int) -> Report:
    """What a report says of n organisations: their number, and a column per part."""
    headings = [
        FigureColumn("n", "whole"),
        *(FigureColumn(f"c{i}", kind) for i in range(len(parts))),
    ]
    found = protected(section_of("x", headings, [(n, *parts)]), Choices(anonymous=True, k=k))
    assert found is not None
    return found.rows[0] if found.rows else ()


def table(report: Callable[[int, int], Report], k: int) -> dict[Report, set[tuple[int, int]]]:
    """Every report there can be, with all counts of all numbers that give it."""
    found: dict[Report, set[tuple[int, int]]] = defaultdict(set)
    for n in range(k, 12 * k):
        for count in range(n + 1):
            found[report(count, n)].add((count, n))
    return found


@pytest.mark.parametrize("k", [3, 5, 8])
@pytest.mark.parametrize("kind", ["whole", "share", "percent"])
def test_no_figure_gives_a_count_back(kind: str, k: int) -> None:
    """Nor how many did otherwise, nor how many there are: each could be k different numbers."""
    reports = table(lambda count, n: published(kind, [CountedPart(count, n)], n, k), k)
    for report, could_be in reports.items():
        counts = {count for count, _ in could_be}
        assert len(counts) >= k, report
        assert len({n - count for count, n in could_be}) >= k, report
        assert len({n for _, n in could_be}) >= k, report


@pytest.mark.parametrize("k", [3, 5])
def test_no_figure_says_zero_or_everybody(k: int) -> None:
    """A number below k is told as such, and so are all but fewer than k."""
    for n in range(k, 30):
        for count in range(n + 1):
            whole, share = (
                published(kind, [CountedPart(count, n)], n, k)[1] for kind in ("whole", "share")
            )
            if count < k:
                assert whole == share == f"< {k}"
            elif n - count < k:
                assert whole == share == f"alle op < {k} na"
            else:
                assert whole == rounded_count(count, k) > 0
                assert isinstance(share, float)
                assert 0 < share < 100
                assert share % 5 == 0


def divided(n: int, into: int) -> Iterator[tuple[int, ...]]:
    """Every way to divide n over so many answers."""
    for found in product(range(n + 1), repeat=into - 1):
        if sum(found) <= n:
            yield (*found, n - sum(found))


@pytest.mark.parametrize(("k", "into", "most"), [(3, 3, 17), (3, 4, 13), (4, 3, 18), (5, 3, 21)])
def test_the_other_answers_do_not_give_a_rare_one(k: int, into: int, most: int) -> None:
    """Answers of a question add up to all organisations: no rare one is what the others leave.

    Neither is the number of those who gave any of the rare answers.
    """
    could_be: dict[Report, list[tuple[int, ...]]] = defaultdict(list)
    for n in range(k, most + 1):
        for counts in divided(n, into):
            parts = [
                CountedPart(c, n, (*counts[:i], *counts[i + 1 :])) for i, c in enumerate(counts)
            ]
            could_be[published("share", parts, n, k)].append(counts)
    # Of the largest numbers not all that gives the same report was tried.
    whole = {
        report: found for report, found in could_be.items() if int(report[0] or 0) + k - 1 <= most
    }
    assert len(whole) > 20
    for report, found in whole.items():
        for place in range(into):
            if any(counts[place] < k for counts in found):
                assert len({counts[place] for counts in found}) >= k - 1, (report, found)
        rare = {sum(c for c in counts if c < k) for counts in found}
        assert not rare & set(range(1, k)) or len(rare) >= k - 1, (report, rare)


@pytest.fixture(name="members", scope="module")
def _members() -> list[One]:
    """Seventeen organisations that answer much the same; two of them were measured before, too."""
    found = []
    for number in range(17):
        answers = ["yes" if number < 16 else "no", "partly" if number < 3 else "yes"]
        answers += ["no" if number < 8 else "yes", "empty" if number < 14 else "not_understood"]
        verdict = "not_ready" if number < 2 else "nearly"
        found.append(
            One(
                answers, verdict, 40.0 + number, "welzijn" if number < 12 else "zorg",
                changed=number == 0, complete=number > 1,
                rounds=("2025", "2026") if number < 6 else ("2026",),
            )
        )  # fmt: skip
    return found


@pytest.fixture(name="report", scope="module")
def _report(members: list[One], tmp_path_factory: pytest.TempPathFactory) -> Figures:
    folder = made_up(tmp_path_factory.mktemp("field"), members)
    return figures_of(str(folder), Choices(anonymous=True))


def numbers(section: FigureTable) -> Iterator[tuple[FigureColumn, Cell]]:
    for row in section.rows:
        yield from zip(section.headings, row, strict=True)


def test_no_section_says_zero_for_hidden(report: Figures) -> None:
    """In a whole report: counts and shares are multiples of five that are not 0 or 100, or words."""
    kinds: Counter[str] = Counter()
    for section in report.sections:
        for heading, value in numbers(section):
            if heading.kind in ("whole", "share") and heading.key != "n":
                kinds[str(value) if isinstance(value, str) else "number"] += 1
                assert isinstance(value, str) or (value and value % 5 == 0), (section.key, heading)
                assert isinstance(value, str) or heading.kind == "whole" or float(value or 0) < 100
    assert kinds["< 5"]
    assert kinds["alle op < 5 na"]
    assert kinds["number"]


def test_verdicts_and_their_complement(report: Figures) -> None:
    """Two of seventeen are not ready: nor does the number of the others say so."""
    section = report.section("verdicts")
    name, count, share = (section.index(key) for key in ("name", "count", "share"))
    found = {row[name]: (row[count], row[share]) for row in section.rows}
    assert found["Niet gereed"] == ("< 5", "< 5")
    assert found["Bijna gereed"] == ("alle op < 5 na", "alle op < 5 na")


def test_means_come_from_rounded_counts(report: Figures) -> None:
    """The number of gaps per organisation does not give the number of gaps back."""
    section = report.section("gap_kinds")
    name, mean = section.index("name"), section.index("per_organisation")
    found = {row[name]: row[mean] for row in section.rows}
    assert found["Voldoet niet"] == round((5 + 2) / (15 + 2), 1)  # nine answers of seventeen
    assert found["Voldoet deels"] == "niet getoond"  # of three organisations only


def test_ranked_rows_do_not_order_what_is_hidden(tmp_path: Path) -> None:
    """Questions that 4, 3, 2, 1 and 0 of twenty fail: in the order of the number of the question."""
    members = [
        One(["no" if number < fails else "yes" for fails in (2, 0, 4, 1, 3)])
        for number in range(20)
    ]
    report = figures_of(str(made_up(tmp_path, members)), Choices(anonymous=True))
    for key in ("core", "weakest", "strongest", "common_gaps"):
        section = report.section(key)
        names = [str(row[section.index("requirement")]) for row in section.rows]
        assert names == sorted(names), key
        assert len(names) >= 4


def test_the_weakest_stand_first(tmp_path: Path) -> None:
    """As far as it is shown, the order is that of the figures."""
    members = [
        One(["no" if number < fails else "yes" for fails in (20, 40, 60, 2, 97)])
        for number in range(100)
    ]
    report = figures_of(str(made_up(tmp_path, members)), Choices(anonymous=True))
    for key, wanted in (("weakest", "53214"), ("strongest", "41235"), ("core", "53214")):
        section = report.section(key)
        names = [str(row[section.index("requirement")]) for row in section.rows]
        assert [name[-1] for name in names] == list(wanted), key


def test_blank_is_not_what_was_not_understood(tmp_path: Path) -> None:
    """Of a question seven left blank, two wrote something else in, and one n.v.t. that cannot be."""
    answers = ["empty"] * 7 + ["not_understood"] * 2 + ["na_not_allowed"]
    folder = made_up(tmp_path, [One([answer]) for answer in answers])
    section = figures_of(str(folder), Choices()).section("questions")
    shares = dict(zip([h.key for h in section.headings], section.rows[0], strict=True))
    assert shares["answer_empty"] == 70.0
    assert shares["answer_not_understood"] == 20.0
    assert shares["answer_na_not_allowed"] == 10.0
    core = figures_of(str(folder), Choices()).section("core")
    assert core.rows[0][core.index("answer_open")] == 100.0


def test_rounds(report: Figures) -> None:
    """Numbers of two rounds, and of all organisations, differ by nothing or by k at least."""
    section = report.section("response")
    counts = [int(row[section.index("n")] or 0) for row in section.rows]
    counts += [int(row[report.section("distribution").index("n")] or 0)
               for row in report.section("distribution").rows]  # fmt: skip
    assert sorted(set(counts)) == [5, 15]
    for one, other in combinations(counts, 2):
        assert abs(one - other) % 5 == 0


@pytest.mark.parametrize("far", [4, 5, 6])
def test_nested_groups(far: int, tmp_path: Path) -> None:
    """A group that contains another and a few more gives those few away by subtraction."""
    members = [
        One(
            branch="zorg" if number < 10 + far else f"ander {number % 2}",
            values={"Regio": "noord" if number < 10 else f"zuid {number % 3}"},
        )
        for number in range(60)
    ]
    section = figures_of(str(made_up(tmp_path, members)), Choices(anonymous=True)).section("groups")
    names = {row[section.index("name")] for row in section.rows}
    assert {"noord", "zorg"} & names
    assert ({"noord", "zorg"} <= names) == (far >= 5)


def test_two_runs_that_differ_by_one_organisation(members: list[Any], tmp_path: Path) -> None:
    """The figures that count differ by nothing at all or by a whole step of k, whoever is added."""
    before, after = (
        figures_of(str(made_up(tmp_path / str(count), members[:count])), Choices(anonymous=True))
        for count in (16, 17)
    )
    compared = 0
    for section in before.sections:
        other = after.section(section.key)
        if [r[: section.index("n")] for r in section.rows] != [
            r[: other.index("n")] for r in other.rows
        ]:
            continue
        for (heading, one), (_, two) in zip(numbers(section), numbers(other), strict=True):
            if heading.kind in ("whole", "share"):
                compared += 1
                assert isinstance(one, str) or isinstance(two, str) or (one or 0) == (two or 0)
    assert compared > 20


def test_two_values_of_k_give_more_away_than_either() -> None:
    """What the documentation warns of: with reports for 4 and for 5, some counts are known.

    With one of them none is (`test_no_figure_gives_a_count_back`). The report says it too.
    """
    could_be: dict[tuple[Report, Report], set[int]] = defaultdict(set)
    for n in range(20, 60):
        for count in range(n + 1):
            reports = [published("whole", [CountedPart(count, n)], n, k) for k in (4, 5)]
            could_be[reports[0], reports[1]].add(count)
    known = {next(iter(counts)) for counts in could_be.values() if len(counts) == 1}
    assert 4 in known
    text = (Path(__file__).parents[2] / "docs" / "portfolio.md").read_text("utf-8")
    assert "Two reports with different `-k`" in text


def in_rubrieken(number: int, far: int) -> dict[str, float | None]:
    """Everybody has the first rubriek; of the second the last ``far`` of every group have none."""
    return {"a": 40.0 + number % 7, "b": None if number % 20 >= 20 - far else 60.0}


@pytest.mark.parametrize("far", [0, 1, 12, 14, 15, 16, 17, 20])
def test_a_heat_map_hides_what_a_group_or_the_rest_would_tell(far: int, tmp_path: Path) -> None:
    """Every cell that is shown is of k at least; so is what the shown cells of a property leave of
    everybody with a score in that rubriek, and what one group has more than another."""
    members = [
        One(
            branch="abc"[number // 20], rubrieken=in_rubrieken(number, far),
            values={"Regio": "noord" if number < 26 else "zuid"},
        )
        for number in range(60)
    ]  # fmt: skip
    members += [One(branch="d", rubrieken={"a": 1.0, "b": 2.0}) for _ in range(3)]
    found = figures_of(str(made_up(tmp_path, members)), Choices(anonymous=True))
    section = found.section("group_rubrieken")
    name, rubriek, kind = (section.index(key) for key in ("name", "rubriek", "property"))
    people: dict[tuple[str, str, str], frozenset[int]] = {}
    for row in section.rows:
        of = frozenset(
            number
            for number, one in enumerate(members)
            if row[name] in (one.branch, one.values.get("Regio", "niet bekend"))
            and one.rubrieken[str(row[rubriek])] is not None
        )
        people[str(row[rubriek]), str(row[kind]), str(row[name])] = of
    assert any(key[0] == "a" for key in people)
    for (which, property_, _), of in people.items():
        assert len(of) >= 5
        everybody = {n for n, one in enumerate(members) if one.rubrieken[which] is not None}
        shown = [o for (w, p, _), o in people.items() if (w, p) == (which, property_)]
        rest = everybody.difference(*shown)
        assert not 0 < len(rest) < 5, (which, property_)
        for (w, _, _), other in people.items():
            if w == which and of < other:
                assert len(other - of) >= 5
    for row in section.rows:
        assert row[section.index("n")] in (5, 10, 15, 20, 25, 30)
        assert float(row[section.index("median")] or 0) % 1 == 0


def test_a_hidden_cell_of_a_heat_map_says_that_it_is_hidden(tmp_path: Path) -> None:
    """Not that there is nothing: an empty square would be read as a score of nobody."""
    members = [
        One(branch="abc"[number // 20], rubrieken={"a": 50.0, "b": 50.0 if number < 43 else None})
        for number in range(60)
    ]
    choices = Choices(anonymous=True)
    section = figures_of(str(made_up(tmp_path, members)), choices).section("group_rubrieken")
    told = {row[0]: row[1:] for _, heat in pictures(section, choices) for row in heat_rows(heat)}
    assert all(isinstance(cell, NumberCell) for row in told.values() for cell in row)
    shown = {
        row: [cell.shown("nl") for cell in cells if isinstance(cell, NumberCell)]
        for row, cells in told.items()
    }
    assert shown["a"] == ["50 %"] * 3
    # Three of the last group have one, so one more group is hidden: all of them are told.
    assert sorted(shown["b"]) == ["50 %", "niet getoond", "niet getoond"]


def heat_rows(picture: Picture) -> tuple[tuple[Any, ...], ...]:
    assert isinstance(picture, Heat)
    return picture.table()[1]


def test_movement_and_rounds_do_not_count_the_new_ones(tmp_path: Path) -> None:
    """Who came new in the second round is not what one number leaves of another."""
    for new in range(6):
        members = [One(rounds=("2025", "2026"), score=50.0 + n) for n in range(11)]
        members += [One(rounds=("2026",)) for _ in range(new)]
        found = figures_of(str(made_up(tmp_path / str(new), members)), Choices(anonymous=True))
        counts = [
            int(row[found.section("response").index("n")] or 0)
            for row in found.section("response").rows
        ]
        assert set(counts) == ({10} if new < 4 else {10, 15})


def test_two_runs_with_another_group_column(tmp_path: Path) -> None:
    """Groups cut otherwise in a second report: sizes are multiples of k in both, so that what one
    has more than the other is 0 or k at least."""
    sizes: set[int] = set()
    for cut in (20, 22, 24):
        members = [
            One(values={"Regio": "noord" if n < cut else "zuid"}, rubrieken={"a": float(n)})
            for n in range(60)
        ]
        found = figures_of(str(made_up(tmp_path / str(cut), members)), Choices(anonymous=True))
        section = found.section("groups")
        sizes |= {int(row[section.index("n")] or 0) for row in section.rows}
    assert sizes <= {20, 35, 40}
