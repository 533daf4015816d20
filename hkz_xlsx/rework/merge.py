"""Several returned workbooks of the same norms to one: what agrees is taken, the rest decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hkz_xlsx.layout.codecs import Choice, Codec, KvkNumber
from hkz_xlsx.layout.kvk import read_kvk
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.refs import Places
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.returned.changed import MOST_CELLS
from hkz_xlsx.returned.licensed import licensed_among, own_text
from hkz_xlsx.returned.owners import statements
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.merge_plan import one_workbook, whose
from hkz_xlsx.rework.newest import codecs, visible, without_place
from hkz_xlsx.rework.repair import (
    Fresh,
    fits_in_cell,
    headers,
    listed,
    too_long,
    writable,
    writable_extra,
)
from hkz_xlsx.scoring.cell_values import CellValue, a1, shown
from hkz_xlsx.scoring.choices import LOW_TO_HIGH, OWN_TEXT, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import Extra, with_loose
from hkz_xlsx.sheets.notes import notes
from hkz_xlsx.text import say

Rule = Literal["lowest", "latest", "first", "ask-file"]
RULES: tuple[Rule, ...] = ("lowest", "latest", "first", "ask-file")

Decisions = Mapping[Address, int]
"""Address → index of the file whose value is taken."""


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """What one file says in a cell; ``file`` is its index, ``fits`` whether it was understood."""

    file: int
    value: CellValue
    where: Where
    fits: bool


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A cell in which files differ; ``codec`` is its kind of answer."""

    address: Address
    column: str
    codec: Codec | None
    said: tuple[CellAnswer, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """A fresh workbook and how it came about; ``problems`` of cells that cannot hold everything,
    by their place in it (its file has no name yet)."""

    fresh: Fresh
    differences: tuple[CellDifference, ...]
    problems: tuple[Problem, ...]


class _Merge:
    def __init__(self, submissions: Sequence[Submission], plan: WorkbookPlan) -> None:
        self.submissions, self.plan = submissions, plan
        self.names = headers(plan)
        self.codecs = {a: codec for a, codec in codecs(plan).items() if not own_text(a)}
        dates = [s.as_understood.get(_REFERENCE) for s in submissions]
        numbers = [d if isinstance(d, float) else 0.0 for d in dates]
        self.keeps_id = one_workbook(submissions)
        # Of files with the same date the one named last is the newest.
        self.newest_first = sorted(
            range(len(submissions)), key=lambda i: (numbers[i], i), reverse=True
        )

    def said(self, address: Address) -> tuple[CellAnswer, ...]:
        """What every file says; blanks say nothing. Labels are put in the language of the plan."""
        found = []
        codec = self.codecs[address]
        for index, submission in enumerate(self.submissions):
            value = submission.as_understood.get(address)
            if value is None:
                continue
            fits = submission.readings[address].state not in ("unknown", "error")
            if isinstance(codec, Choice) and fits:
                value = codec.from_cell(value, self.plan.lang).cell
            if isinstance(codec, KvkNumber):  # one of nobody never wins from one that is
                fits = fits and bool(read_kvk(str(value)).usable)
            found.append(CellAnswer(index, value, submission.places[address], fits))
        return tuple(found)

    def differences(self) -> tuple[list[CellDifference], dict[Address, CellValue]]:
        agreed: dict[Address, CellValue] = {}
        found = []
        for address, codec in self.codecs.items():
            said = self.said(address)
            if not said:
                continue
            kept = address != _WORKBOOK_ID or self.keeps_id
            if len({_same(one.value) for one in said}) == 1 and kept:
                agreed[address] = said[0].value
            else:
                column = self.names[address.table, address.column]
                found.append(CellDifference(address, column, codec, said))
        return found, agreed

    def decide(
        self, one: CellDifference, rule: Rule, chosen: Decisions
    ) -> tuple[CellValue, frozenset[int], str]:
        """The value taken, of which files, and the catalogue key of the rule that said so."""
        if one.address == _WORKBOOK_ID:
            return None, frozenset(), "none"
        if rule == "ask-file" and one.address in chosen:
            index = chosen[one.address]
            value = next(s.value for s in one.said if s.file == index)
            return value, _files(one, value), "ask"
        valid = [s for s in one.said if s.fits] or list(one.said)
        if len({_same(s.value) for s in valid}) == 1:
            return valid[0].value, _files(one, valid[0].value), "unknown"
        kind = one.codec.kind if one.codec else "text"
        if rule == "latest":
            order = {index: place for place, index in enumerate(self.newest_first)}
            value = min(valid, key=lambda s: order[s.file]).value
            return value, _files(one, value), "latest"
        once = one.codec is None or kind == "number"
        if rule == "first" or once or one.address.table == "organisation":
            key = "first" if rule == "first" else "once"
            return self._low_or_first(one, valid, key)
        if kind == "text":
            return *self._joined(valid), "joined"
        return self._low_or_first(one, valid, "lowest")

    def _low_or_first(
        self, one: CellDifference, valid: list[CellAnswer], key: str
    ) -> tuple[CellValue, frozenset[int], str]:
        value = valid[0].value
        codec = one.codec
        if key != "first" and isinstance(codec, Choice):
            order = [
                codec.label(code, self.plan.lang)
                for code in LOW_TO_HIGH.get(codec.name, codec.codes)
            ]
            ranked = [s for s in valid if s.value in order]
            if ranked:
                value, key = min(ranked, key=lambda s: order.index(str(s.value))).value, "lowest"
        elif key == "lowest":  # dates
            days = [s.value for s in valid if isinstance(s.value, float)]
            newest = one.address == _REFERENCE
            if days:
                value, key = (max(days), "newest") if newest else (min(days), "earliest")
        return value, _files(one, value), key

    def _joined(self, valid: list[CellAnswer]) -> tuple[str, frozenset[int]]:
        """Every different text once, with who said it; and the files whose text it holds.

        A text is taken whole or not at all: how many do not fit stands in the cell.
        """
        who: dict[str, list[int]] = {}
        for one in valid:
            who.setdefault(shown(one.value), []).append(one.file)
        kept: list[str] = []
        taken: list[int] = []
        for text, files in who.items():
            names = ", ".join(self.submissions[index].file for index in files)
            more = [*kept, f"{names}: {text}"]
            rest = len(valid) - len(taken) - len(files)
            # Where others may come that do not fit, there has to be room to say so.
            if fits_in_cell("\n".join([*more, self._rest(rest)] if rest else more)):
                kept, taken = more, [*taken, *files]
        if len(taken) < len(valid):
            kept.append(self._rest(len(valid) - len(taken)))
        return "\n".join(kept), frozenset(taken)

    def _rest(self, count: int) -> str:
        sheet = say(self.plan.lang, "sheet.decisions.tab")
        return say(self.plan.lang, "merge.rest", count=count, table=sheet)

    def no_room(self, address: Address, count: int, total: int, sheet: str) -> Problem:
        """What is told of a cell that cannot hold everything; the sheet says where it stands."""
        where = place_in(self.plan, address)
        table = say(self.plan.lang, f"sheet.{sheet}.tab")
        return problem("MERGE_NO_ROOM", where, count=count, total=total, table=table)

    def log(self, one: CellDifference, taken: frozenset[int], rule: str) -> list[Extra]:
        """One line per file: what it says, and whether that was taken by which rule."""
        lang = self.plan.lang
        told = say(lang, f"merge.rule.{rule}")
        no_room = say(lang, "merge.rule.no_room")

        def why(said: CellAnswer) -> str:
            return no_room if rule == "joined" and said.fits and said.file not in taken else told

        return [
            Extra(
                "taken" if said.file in taken else "not_taken",
                replace(said.where, file=self.submissions[said.file].file),
                visible(said.value, one.codec), one.address.row, one.column, one.address, why(said),
            )
            for said in one.said
        ]  # fmt: skip


_REFERENCE = Address(T.settings, "reference_date", "value")
_WORKBOOK_ID = Address("client", "workbook_id", "value")


def _same(value: CellValue) -> object:
    return value.strip() if isinstance(value, str) else value


def _files(one: CellDifference, value: CellValue) -> frozenset[int]:
    return frozenset(s.file for s in one.said if _same(s.value) == _same(value))


def differences(
    submissions: Sequence[Submission], plan: WorkbookPlan
) -> tuple[CellDifference, ...]:
    """Every cell in which the files differ, in the order of the workbook."""
    return tuple(_Merge(submissions, plan).differences()[0])


def merged(
    submissions: Sequence[Submission],
    plan: WorkbookPlan,
    rule: Rule | None = "lowest",
    chosen: Decisions | None = None,
    *,
    same_client: bool = False,
) -> Merged:
    """One workbook from several.

    Args:
        submissions: what was read, in the order in which the files were named.
        plan: from `merge_plan`.
        rule: what is taken where files differ. ``lowest``: the answer that scores least, any
            answer before n.v.t., the earliest date (of the reference date the latest), texts
            joined with who said what, organisation data of the first file. ``latest``: the file
            with the latest reference date. ``first``: the file named first. ``ask-file``: what
            ``chosen`` says, else as ``lowest``. None, for parts of one workbook: they say
            different things nowhere.
        chosen: decisions by address.
        same_client: the files were stated to be of one client; that is noted in the log.

    Returns:
        The fresh workbook with a log of every difference; nothing any file says is left out, but
        for text of the norm from somebody's own copy, which stays with that person.

    Raises:
        HkzError: differences without a rule.
    """
    merge = _Merge(submissions, plan)
    found, inputs = merge.differences()
    if rule is None:
        _refuse(found, submissions)
    log, undecided, problems = _settled(merge, found, inputs, (rule or "lowest", chosen or {}))
    clean, cut = writable(inputs)
    long = []
    for address, text in cut:
        problems.append(merge.no_room(address, 1, 1, "not_placed"))
        from_file = next(s for s in submissions if s.as_understood.get(address) == text)
        where = replace(from_file.places[address], file=from_file.file)
        long.append(too_long(address, text, where, plan))
    stated = statements(whose(submissions, same_client=same_client), plan.lang)
    extra = [*_unplaced(submissions, plan), *writable_extra(long), *stated, *log]
    wrong = _not_understood(submissions, clean)
    comments = notes(extra, plan.text, frozenset(wrong | undecided))
    comments = {a: note for a, note in comments.items() if a in merge.codecs}
    fresh = Fresh(with_loose(plan, extra), clean, comments, tuple(extra))
    return Merged(fresh, tuple(found), tuple(problems))


def _not_understood(
    submissions: Sequence[Submission], inputs: Mapping[Address, CellValue]
) -> set[Address]:
    """Where a value is kept as it was typed though it is none that can be chosen there."""
    return {
        a for s in submissions for a, r in s.readings.items()
        if r.state in ("unknown", "error") and inputs.get(a) == s.as_understood.get(a)
    }  # fmt: skip


def _settled(
    merge: _Merge,
    found: Sequence[CellDifference],
    inputs: dict[Address, CellValue],
    how: tuple[Rule, Decisions],
) -> tuple[list[Extra], set[Address], list[Problem]]:
    """Puts what is taken for every difference among the inputs.

    Returns:
        the log of all differences, the cells in which no file says anything that fits, and what
        there is to tell.
    """
    log: list[Extra] = []
    undecided: set[Address] = set()
    problems: list[Problem] = []
    for one in found:
        value, taken, why = merge.decide(one, *how)
        if value is not None:
            inputs[one.address] = value
        if not any(s.fits for s in one.said) and not isinstance(one.codec, KvkNumber):
            undecided.add(one.address)
        for line in merge.log(one, taken, why):
            log += [line] if fits_in_cell(line.value) else writable_extra([line])
        left = sum(s.fits and s.file not in taken for s in one.said) if why == "joined" else 0
        if left:
            total = sum(s.fits for s in one.said)
            problems.append(merge.no_room(one.address, left, total, "decisions"))
    return log, undecided, problems


def _refuse(found: Sequence[CellDifference], submissions: Sequence[Submission]) -> None:
    """Parts of one workbook that contradict each other: nobody said what to do about that."""
    wrong = []
    for one in to_settle(found):
        values = "; ".join(
            f"{submissions[s.file].file}: ‘{visible(s.value, one.codec)}’" for s in one.said
        )
        where = replace(one.said[-1].where, file=submissions[one.said[-1].file].file)
        wrong.append((where, {"column": one.column, "values": values}))
    if wrong:
        told = wrong[:MOST_CELLS]
        rest = [0] * (len(told) - 1) + [len(wrong) - len(told)]
        raise HkzError(
            *(
                problem("MERGE_PARTS_DIFFER", where, **slots, more=more)
                for (where, slots), more in zip(told, rest, strict=True)
            )
        )


def to_settle(differences: Sequence[CellDifference]) -> tuple[CellDifference, ...]:
    """Differences that a person or a rule decides: a workbook id is never taken over."""
    return tuple(one for one in differences if one.address != _WORKBOOK_ID)


def place_in(plan: WorkbookPlan, address: Address) -> Where:
    """Where a cell stands in a workbook that is to be written."""
    sheet, block = Places.of(plan.sheets).at[address.table]
    row = block.first_row + block.table.rows.index(address.row)
    cell = a1(row, block.column_of(address.column))
    return Where("", None, sheet.title, cell, address.row)


def _unplaced(submissions: Sequence[Submission], plan: WorkbookPlan) -> list[Extra]:
    """What no file had a place for, and answers on rows that the merged workbook lacks."""
    found: list[Extra] = []
    for submission in submissions:
        for one in listed(submission):
            # Files of one name are told apart by their folder.
            fresh = one not in submission.carried
            where = replace(one.where, file=submission.file) if fresh else one.where
            found.append(replace(one, where=where))
        found += without_place(submission, plan)
    own = set(licensed_among(found, (OWN_TEXT,)))
    return [one for one in found if one not in own]
