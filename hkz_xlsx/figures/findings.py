"""What stands out in a field, in sentences made by rule from the figures that are shown.

Every sentence has a condition; where it does not hold there is no sentence, or another one. Nothing
is said that the figures do not say: of hidden figures only what may be said instead stands there,
ties are told as ties, and of one organisation nothing is compared. Of a set of editions its norm
parts are told as well, but for those that another set has too: their figures are of both.

| finding | stands there when |
|---|---|
| `one` | one organisation takes part; then only `response` and `verdict` stand beside it |
| `few` | fewer than ten do |
| `response` | always; of the newest round |
| `nothing` | nobody has a score yet |
| `verdict` | there are indications, the number that are ready is told or said to be hidden |
| `rubrieken` | two or more rubrieken have a score of at least half of all; else none |
| `rubrieken_same` | all of these have the same middle |
| `divided` | quartiles of two or more rubrieken are shown, and one is wider than the others |
| `claimed` | the middle of what is claimed above what is shown is more than nothing |
| `core` | a core requirement fails somewhere, and how often is shown |
| `core_fine`, `core_rare` | none fails anywhere; each fails at too few to show |
| `gaps` | a gap is found, and how often is shown; of questions that are equal all or none |
| `gaps_many` | more questions than can be named have a gap equally often |
| `moved` | two measurements of the same organisations are compared |
| `no_movement` | nobody was measured twice (never said of an anonymous report) |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hkz_xlsx.figures.cells import figure_text
from hkz_xlsx.figures.field_sections import BETWEEN
from hkz_xlsx.figures.model import Cell, Figures
from hkz_xlsx.figures.pictures import value_of
from hkz_xlsx.text import messages, say

FEW = 10
"""Fewer organisations say little about a field: so many are too few for quartiles too."""

MOST_EDITIONS = 3
"""Sets of editions that have their findings on the first page."""

_MOST_NAMED = 3
_HALF = 0.5
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence; ``lead`` says in a word what it is about, ``key`` which rule made it."""

    key: str
    lead: str
    text: str


class _Of:
    """The figures of one set of editions."""

    def __init__(self, figures: Figures, edition: str, every: Collection[str]) -> None:
        self.figures, self.edition, self.lang = figures, edition, figures.lang
        self.text = messages(figures.lang)
        others = {part for one in every if one != edition for part in one.split(BETWEEN)}
        self.editions = {edition, *(set(edition.split(BETWEEN)) - others)}

    def rows(self, section: str, **wanted: Cell) -> list[Row]:
        """Rows of the set of editions, and of its norm parts that no other set has."""
        found = self.figures.rows(section, **wanted)
        return [row for row in found if row["edition"] in self.editions]

    def level(self, section: str, level: str) -> list[Row]:
        return self.rows(section, level=self.text(f"portfolio.level.{level}"))

    def shown(self, section: str, row: Row, column: str) -> str:
        return figure_text(self.figures, section, row, column)

    def finding(self, key: str, **slots: object) -> Finding:
        lead = self.text(f"portfolio.lead.{key.partition('_')[0]}")
        return Finding(key, lead, say(self.lang, f"portfolio.finding.{key}", **slots))

    def all_of(self, names: Sequence[str]) -> str:
        """Names as a list in words."""
        if len(names) <= 1:
            return "".join(names)
        return say(self.lang, "portfolio.and", before=", ".join(names[:-1]), last=names[-1])


def _n(row: Row) -> int:
    return int(value_of(row, "n") or 0)


def _response(of: _Of) -> Iterator[Finding]:
    rows = of.rows("response")
    if not rows:
        return
    newest = max(rows, key=lambda row: str(row["round"] or ""))
    key = "response" if newest["round"] else "response_undated"
    slots = {key: of.shown("response", newest, key) for key in ("complete", "answered_median")}
    yield of.finding(key, n=newest["n"], round=newest["round"], **slots)


def _scored(of: _Of) -> list[Row]:
    """Rubrieken that at least half of the organisations have a score in."""
    rows = [
        row for row in of.level("distribution", "rubriek") if value_of(row, "median") is not None
    ]
    most = max(map(_n, rows), default=0)
    same = Counter(row["name"] for row in rows)
    return [
        row if same[row["name"]] == 1 else {**row, "name": f"{row['name']} – {row['edition']}"}
        for row in rows
        if _n(row) >= _HALF * most
    ]


def _verdicts(of: _Of) -> Iterator[Finding]:
    ready = of.text("choice.verdict.ready")
    for row in of.rows("verdicts", name=ready)[:_MOST_NAMED]:
        count = of.shown("verdicts", row, "count")
        told = of.finding("verdict", scheme=row["scheme"], ready=ready, count=count, n=row["n"])
        yield told


def _rubrieken(of: _Of) -> Iterator[Finding]:
    rows = _scored(of)
    if len(rows) < 2:  # noqa: PLR2004 - to compare
        return
    medians = {str(row["name"]): value_of(row, "median") or 0.0 for row in rows}
    low, high = min(medians.values()), max(medians.values())
    shown = {value_of(row, "median"): of.shown("distribution", row, "median") for row in rows}
    if low == high:
        yield of.finding("rubrieken_same", median=shown[low], count=len(rows))
        return
    ends = {}
    for key, value in (("weakest", low), ("strongest", high)):
        names = [f"‘{name}’" for name, median in medians.items() if median == value]
        if len(names) > _MOST_NAMED:
            names = [say(of.lang, "portfolio.so_many_rubrieken", count=len(names))]
        ends[key] = of.all_of(names)
    yield of.finding("rubrieken", low=shown[low], high=shown[high], **ends)


def _divided(of: _Of) -> Iterator[Finding]:
    widths: dict[str, tuple[float, Row]] = {}
    for row in _scored(of):
        one, three = value_of(row, "q1"), value_of(row, "q3")
        if one is not None and three is not None and _n(row) >= FEW:
            widths[str(row["name"])] = (round(three - one, 1), row)
    ordered = sorted(widths.items(), key=lambda item: -item[1][0])
    if len(ordered) < 2 or ordered[0][1][0] == ordered[1][1][0]:  # noqa: PLR2004 - to compare
        return
    name, (_, row) = ordered[0]
    slots = {key: of.shown("distribution", row, key) for key in ("q1", "q3")}
    yield of.finding("divided", name=f"‘{name}’", **slots)


def _claimed(of: _Of) -> Iterator[Finding]:
    for row in of.level("distribution", "total")[:1]:
        if (value_of(row, "claimed_more") or 0) > 0:
            slots = {
                key: of.shown("distribution", row, key)
                for key in ("median", "substantiated", "claimed_more")
            }
            yield of.finding("claimed", **slots)


def _top(rows: Sequence[Row], column: str) -> list[Row]:
    """The rows with the highest figure; none where that is nothing, or the first is hidden."""
    values = [value_of(row, column) for row in rows]
    best = max((value for value in values if value is not None), default=0.0)
    return [row for row, value in zip(rows, values, strict=True) if best > 0 and value == best]


def _core(of: _Of) -> Iterator[Finding]:
    rows = of.rows("core")
    first = _top(rows, "failed")
    few = say(of.lang, "portfolio.hidden.few", k=of.figures.choices.k)
    most = [row for row in rows if row["failed"] not in (few,) and isinstance(row["failed"], str)]
    if most:
        return  # some of it is not shown: the most frequent one may be among them
    if first:
        names = [f"{row['requirement']} ({row['name']})" for row in first[:_MOST_NAMED]]
        share = of.shown("core", first[0], "failed")
        if len(first) > _MOST_NAMED:
            yield of.finding("core_many", count=len(first), share=share)
        elif len(first) == 1:
            yield of.finding("core", name=names[0], share=share, n=first[0]["n"])
        else:
            yield of.finding("core_tie", names=of.all_of(names), share=share)
    elif rows and all(row["failed"] == few for row in rows):
        yield of.finding("core_rare", k=of.figures.choices.k)
    elif rows and all(value_of(row, "failed") == 0 for row in rows):
        yield of.finding("core_fine")


def _gaps(of: _Of) -> Iterator[Finding]:
    few = say(of.lang, "portfolio.hidden.few", k=of.figures.choices.k)

    def most_first(row: Row) -> float:
        hidden = 0.0 if row["gap_share"] == few else 101.0
        return -(hidden if isinstance(row["gap_share"], str) else value_of(row, "gap_share") or 0.0)

    rows = sorted(of.rows("common_gaps"), key=most_first)
    values = [value_of(row, "gap_share") or 0.0 for row in rows]
    if not rows or any(isinstance(row["gap_share"], str) for row in rows[:_MOST_NAMED]):
        return
    # In order, but of an anonymous report by what is shown: then more can be equal to the last.
    ordered = sorted(values, reverse=True)
    least = ordered[min(len(rows), _MOST_NAMED) - 1]
    if len(rows) > _MOST_NAMED and ordered[_MOST_NAMED] == least:
        named = [row for row, value in zip(rows, values, strict=True) if value > least]
    else:
        named = rows[:_MOST_NAMED]
    if named:
        shown = (of.shown("common_gaps", row, "gap_share") for row in named)
        names = [f"{row['requirement']} ({share})" for row, share in zip(named, shown, strict=True)]
        yield of.finding("gaps", names=of.all_of(names))
    elif least > 0:
        share = of.shown("common_gaps", rows[0], "gap_share")
        yield of.finding("gaps_many", count=ordered.count(least), share=share)


def _moved(of: _Of) -> Iterator[Finding]:
    total = of.text("portfolio.level.total")
    rows = [
        row
        for row in of.figures.rows("movement", level=total)
        # Also from an earlier edition, by a crosswalk.
        if str(row["edition"]).split(" → ")[-1] == of.edition
    ]
    if not rows:
        if not of.figures.choices.anonymous:
            yield of.finding("no_movement")
        return
    newest = max(rows, key=lambda row: str(row["rounds"]))
    before, after = str(newest["rounds"]).split(" → ")
    counts = {key: of.shown("movement", newest, key) for key in ("up", "same", "down")}
    change = of.shown("movement", newest, "change")
    yield of.finding("moved", n=newest["n"], before=before, after=after, change=change, **counts)


Rule = Callable[[_Of], Iterator[Finding]]
_RULES: tuple[Rule, ...] = (_verdicts, _rubrieken, _divided, _claimed, _core, _gaps, _moved)


def _found(of: _Of, n: int) -> Iterator[Finding]:
    yield from _response(of)
    if n == 1:
        yield of.finding("one")
        yield from _verdicts(of)
        return
    if not of.level("distribution", "total") and not _scored(of):
        yield of.finding("nothing")
    for rule in _RULES:
        yield from rule(of)
    if n < FEW:
        yield of.finding("few", n=n)


def _of_set(figures: Figures, edition: str, taking_part: Mapping[str, int]) -> tuple[Finding, ...]:
    return tuple(_found(_Of(figures, edition, taking_part), taking_part[edition]))


def findings(figures: Figures) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """Sets of editions with most organisations, and what stands out in each.

    The name of the set is empty where there is only one.
    """
    taking_part: dict[str, int] = {}
    for row in (*figures.rows("response"), *figures.rows("verdicts")):
        edition = str(row["edition"])
        taking_part[edition] = max(taking_part.get(edition, 0), _n(row))
    chosen = sorted(taking_part, key=lambda edition: (-taking_part[edition], edition))
    several = len(chosen) > 1
    return tuple(
        (edition if several else "", _of_set(figures, edition, taking_part))
        for edition in chosen[:MOST_EDITIONS]
    )
