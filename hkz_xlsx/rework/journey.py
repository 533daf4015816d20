"""Every typed cell of a file to where it belongs in another workbook, and an account of each.

What the relation of two questions means for each kind of cell stands here, once: it is carried,
shown beside the new question, or listed with the old one. Afterwards every cell is looked up
again, by its address, in what was made: one that is not there stops the command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hkz_xlsx.layout.codecs import Choice, Codec
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.routes import Edge
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.returned.questions import Passage, questions
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.newest import codecs, in_words_of, visible
from hkz_xlsx.rework.repair import headers
from hkz_xlsx.rework.tables_kept import Fate, Purpose, table_fates
from hkz_xlsx.scoring.cell_values import CellError, CellValue
from hkz_xlsx.scoring.choices import (
    ANSWER,
    JUDGED,
    LOOKED_AT,
    LOW_TO_HIGH,
    OF_ACTION,
    OF_ADVISOR,
    ORIGIN,
    OWN_TEXT,
    PREVIOUS,
    T,
)
from hkz_xlsx.scoring.columns import records_at
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import Extra, Reason
from hkz_xlsx.text import say


@dataclass
class Landed:
    """What was made of a file: cells of the new workbook, and what is listed in it."""

    inputs: dict[Address, CellValue] = field(default_factory=dict)
    listed: list[Extra] = field(default_factory=list)
    fates: dict[Address, list[tuple[Fate, Address]]] = field(default_factory=dict)
    revised: dict[str, str] = field(default_factory=dict)
    """New row → old row, where an answer or what stands beside it has to be looked at."""


class Journey:
    """One file on its way to another workbook.

    Args:
        submission: what was read.
        plan: the new workbook.
        way: what its rows say about the new ones.
        purpose: what the new workbook is for.
    """

    def __init__(
        self, submission: Submission, plan: WorkbookPlan, way: Passage, purpose: Purpose
    ) -> None:
        self.submission, self.plan, self.way, self.purpose = submission, plan, way, purpose
        self._langs = (submission.plan.lang, plan.lang)
        self.before = {a: c for a, c in codecs(submission.plan).items() if c is not None}
        self.places = {a: c for a, c in codecs(plan).items() if c is not None}
        self._rows = frozenset(plan.model.table(T.requirements).rows)
        keys = {record.key for record in records_at(T.requirements, plan.identity.layout)}
        self.shows = PREVIOUS in keys
        """Whether the new workbook has a column for earlier answers and where they came from."""
        self._names = headers(submission.plan)
        self._asked = questions(submission)
        self._arrived: dict[Address, list[tuple[Address, CellValue]]] = {}
        self._lines: dict[str, list[tuple[int, int, str]]] = {}
        self.landed = Landed()
        self.typed = {
            address: value
            for address, value in submission.as_understood.items()
            if not isinstance(value, CellError) and address in self.before
        }

    def run(self) -> Landed:
        """Place every cell, and account for every one.

        Raises:
            HkzError: a cell is nowhere in what was made; our mistake, told before anything is
                written.
        """
        finished = self._finished() if self.purpose == "next" else frozenset()
        fates = table_fates(self.typed, self.before, self._langs[0], self.way, self.purpose)
        for address, value in self.typed.items():
            if address.table != T.requirements:
                self._beside(address, value, fates.get(address, "carried"))
            elif address.row in finished and address.column in OF_ACTION:
                self._list(address, "completed")
            else:
                self._in_row(address, value)
        self._together()
        if self.shows:
            self._columns_of_origin()
        self._check()
        return self.landed

    def edges(self, row: str) -> tuple[Edge, ...]:
        """The rows of the new workbook that an old row says something about."""
        return tuple(edge for edge in self.way.onward.get(row, ()) if edge.new in self._rows)

    def moved(self, address: Address) -> Address | None:
        """Where the very same answer stands in the new workbook; None when it does not."""
        if address.table != T.requirements:
            return address if address in self.places else None
        edges = self.edges(address.row)
        if len(edges) != 1 or edges[0].standing != "equal":
            return None
        moved = Address(address.table, edges[0].new, address.column)
        return moved if moved in self.places else None

    def _finished(self) -> frozenset[str]:
        """Rows whose action was done or dropped."""
        return frozenset(
            address.row
            for address, value in self.typed.items()
            if address.table == T.requirements
            and address.column == OF_ACTION[-1]
            and self._code(address, value) in ("done", "dropped")
        )

    def _code(self, address: Address, value: CellValue) -> str | None:
        codec = self.before[address]
        return codec.code(value, self._langs[0]) if isinstance(codec, Choice) else None

    def _fate(self, address: Address, fate: Fate, at: Address) -> None:
        self.landed.fates.setdefault(address, []).append((fate, at))

    def _beside(self, address: Address, value: CellValue, fate: Fate) -> None:
        """A cell of another sheet or table."""
        if fate == "renewed":
            self._fate(address, "renewed", address)
        elif fate == "carried" and address in self.places:
            self._arrive(address, address, value)
        else:
            self._list(address, "completed" if fate == "completed" else "no_row")

    def _in_row(self, address: Address, value: CellValue) -> None:
        """A cell of Beoordeling: what becomes of it is what the relation says."""
        edges, column = self.edges(address.row), address.column
        if not edges:
            self._list(address, "no_row")
            return
        if not self.shows and any(edge.standing == "shown" for edge in edges):
            self._list(address, "other_question")
            return
        for edge in edges:
            if edge.standing != "equal":
                self.landed.revised.setdefault(edge.new, edge.old)
        if column == LOOKED_AT:
            self._seen(address, value, edges)
        elif column in JUDGED or column in OF_ADVISOR:
            for edge in edges:
                carried = ("equal", "superset") if column in JUDGED else ("equal",)
                if edge.standing in carried:
                    self._arrive(address, Address(T.requirements, edge.new, column), value)
                elif self.shows:
                    self._show(address, value, edge)
                else:
                    self._list(address, "other_question")
        else:
            action = column in OF_ACTION
            taking = [edge for edge in edges if (edge.head if action else edge.evidence)]
            for edge in taking:
                self._arrive(address, Address(T.requirements, edge.new, column), value)
            if not taking:  # the row of a split that would take it is not in this workbook
                self._list(address, "no_row")

    def _seen(self, address: Address, value: CellValue, edges: Sequence[Edge]) -> None:
        """Whether it was looked at holds for this question and this measurement only."""
        moved = self.moved(address)
        if self.purpose == "same" and moved is not None:
            self._arrive(address, moved, value)
        else:
            self._fate(address, "renewed", Address(T.requirements, edges[0].new, LOOKED_AT))

    def _arrive(self, address: Address, at: Address, value: CellValue) -> None:
        if at not in self.places:
            self._list(address, "column_gone")
            return
        value = in_words_of(value, self.before[address], self.places[at], self._langs)
        self._arrived.setdefault(at, []).append((address, value))
        self._fate(address, "carried", at)

    def _show(self, address: Address, value: CellValue, edge: Edge) -> None:
        """A line in the column with what was answered before."""
        at = Address(T.requirements, edge.new, PREVIOUS)
        self._lines.setdefault(edge.new, []).append(self._line(address, value, edge))
        self._fate(address, "shown", at)

    def _line(self, address: Address, value: CellValue, edge: Edge) -> tuple[int, int, str]:
        """Kind, height (the lowest first) and text of a line."""
        rank = 0
        codec, code = self.before[address], self._code(address, value)
        if isinstance(codec, Choice) and code is not None:
            order = LOW_TO_HIGH.get(codec.name, codec.codes)
            rank = order.index(code) if code in order else len(order)
        columns = (*JUDGED, *OF_ADVISOR)
        kind = columns.index(address.column)
        return kind, rank, self.shown_line(address, value, edge)

    def shown_line(self, address: Address, value: CellValue, edge: Edge) -> str:
        """What stands in *Vorig oordeel* of a cell.

        Args:
            address: the cell in the old workbook.
            value: what was understood there.
            edge: the old row and the new one beside which it is shown.

        Returns:
            the value in the words of the new workbook, on one line; behind the old row where
            several lead to the new one, and behind the header of every column but the answer's.
        """
        at = Address(T.requirements, edge.new, address.column)
        now: Codec | None = self.places.get(at)
        text = visible(in_words_of(value, self.before[address], now, self._langs), now)
        several = len({e.old for es in self.way.onward.values() for e in es
                       if e.new == edge.new}) > 1  # fmt: skip
        label = "" if address.column == ANSWER else headers(self.plan)[T.requirements, at.column]
        name = ": ".join(part for part in (edge.old if several else "", label) if part)
        return " ".join((f"{name}: {text}" if name else text).split())

    def _list(self, address: Address, reason: Reason) -> None:
        """On a sheet of its own, with the question it was an answer to."""
        if self.shows and reason in ("other_question", "no_row", "column_gone"):
            reason = "not_carried"
        elif not self.shows and reason == "completed":
            reason = "no_row"
        where = self.submission.places.get(
            address, Where(self.submission.file, requirement=address.row)
        )
        question = self._asked.get(address.row, "")
        told = say(self._langs[1], "loose.old_question", question=question) if question else ""
        text = visible(self.typed[address], self.before[address])
        name = self._names[address.table, address.column]
        self.landed.listed.append(Extra(reason, where, text, address.row, name, address, told))
        self._fate(address, "listed", address)

    def _together(self) -> None:
        """Cells that come together in one: texts under each other, else the lowest or earliest;
        what is not taken is listed."""
        for at, arrived in self._arrived.items():
            taken = _taken(self.places[at], [value for _, value in arrived], self._langs[1])
            self.landed.inputs[at] = taken
            for address, value in arrived:
                if not _holds(taken, value):
                    self._list(address, "not_carried" if self.shows else "no_row")

    def _columns_of_origin(self) -> None:
        """Where an answer came from, and what was answered before."""
        labels = {code: self.plan.text(f"choice.origin.{code}") for code in ("previous", "revised")}
        typed_in = {at.row for at in self.landed.inputs if at.table == T.requirements}
        old = self.submission.as_understood
        for row in self._rows:
            at = Address(T.requirements, row, ORIGIN)
            if row in self.landed.revised and (row in typed_in or row in self._lines):
                self.landed.inputs[at] = labels["revised"]
            elif self.purpose != "same" and row in typed_in:
                self.landed.inputs[at] = labels["previous"]
        for before, edges in ((r, self.edges(r)) for r in self.way.onward):
            for edge in edges:
                self._kept_columns(old, before, edge)
        for row, lines in self._lines.items():
            at = Address(T.requirements, row, PREVIOUS)
            texts = [text for _, _, text in sorted(lines, key=lambda line: line[:2])]
            held = str(self.landed.inputs.get(at, ""))
            more = [line for line in held.splitlines() if line not in texts]
            self.landed.inputs[at] = "\n".join((*texts, *more))

    def _kept_columns(self, old: Mapping[Address, CellValue], row: str, edge: Edge) -> None:
        """What an earlier journey wrote: kept while the question is not answered, or as it was in
        the same measurement."""
        answered = old.get(Address(T.requirements, row, ANSWER)) is not None
        for column in (PREVIOUS, ORIGIN, OWN_TEXT):
            value = old.get(Address(T.requirements, row, column))
            at = Address(T.requirements, edge.new, column)
            if value is None:
                continue
            if column == PREVIOUS and self.purpose != "same" and answered:
                continue
            if column == ORIGIN and (at in self.landed.inputs or self.purpose != "same"):
                continue
            if column == ORIGIN and not self._arrived_in(edge.new):
                continue  # of a question that was split, a part to which nothing went
            if column == OWN_TEXT and edge.standing != "equal":
                continue
            if column == ORIGIN:
                value = self._origin(value)
            held = self.landed.inputs.get(at)
            self.landed.inputs[at] = value if held is None else f"{held}\n{value}"

    def _arrived_in(self, row: str) -> bool:
        """Whether anything of an earlier workbook stands in a row, or beside it."""
        beside = Address(T.requirements, row, PREVIOUS) in self.landed.inputs
        rows = {at.row for at in self._arrived if at.table == T.requirements}
        return beside or row in self._lines or row in rows

    def _origin(self, value: CellValue) -> CellValue:
        """A label in the language of the new workbook."""
        codec = Choice("origin")
        code = codec.code(value, self._langs[0]) if isinstance(value, str) else None
        return value if code is None else codec.label(code, self._langs[1])

    def _check(self) -> None:
        """Every typed cell stands somewhere in what was made: by its address, not by a count."""
        listed = {(e.address, e.value) for e in self.landed.listed}
        wrong = [a for a, value in self.typed.items() if not self._found(a, value, listed)]
        if wrong:
            where = self.submission.places.get(wrong[0], Where(self.submission.file))
            raise HkzError(problem("CARRY_UNACCOUNTED", where, count=len(wrong)))

    def _found(
        self, address: Address, value: CellValue, listed: set[tuple[Address | None, str]]
    ) -> bool:
        fates = self.landed.fates.get(address, [])
        text = visible(value, self.before[address])
        found = []
        for fate, at in fates:
            if fate == "carried":
                moved = in_words_of(value, self.before[address], self.places[at], self._langs)
                kept = _holds(self.landed.inputs.get(at), moved)
                found.append(kept or (address, text) in listed)
            elif fate == "shown":
                edge = next(e for e in self.edges(address.row) if e.new == at.row)
                lines = str(self.landed.inputs.get(at, "")).splitlines()
                found.append(self.shown_line(address, value, edge) in lines)
            else:
                found.append(fate == "renewed" or (address, text) in listed)
        return bool(found) and all(found)


def _holds(cell: CellValue, value: CellValue) -> bool:
    """Whether a cell has a value, or a text all lines of another."""
    if isinstance(cell, str) and isinstance(value, str):
        return cell == value or f"\n{value}\n" in f"\n{cell}\n"
    return cell == value and cell is not None


def _taken(codec: Codec, values: Sequence[CellValue], lang: Literal["nl", "en"]) -> CellValue:
    """What stands in a cell in which several came together."""
    different = list(dict.fromkeys(values))
    if len(different) == 1:
        return different[0]
    if isinstance(codec, Choice):
        order = LOW_TO_HIGH.get(codec.name, codec.codes)
        ranked = {codec.label(code, lang): place for place, code in enumerate(order)}
        return min(different, key=lambda v: ranked.get(str(v), len(ranked)))
    days = [value for value in different if isinstance(value, float)]
    if codec.kind == "date" and days:
        return min(days)
    return "\n".join(str(value) for value in different)


def rows_of(way: Passage, rows: Sequence[str]) -> Iterator[str]:
    """The new rows that old ones lead to, each once, in order."""
    yield from dict.fromkeys(e.new for row in rows for e in way.onward.get(row, ()))
