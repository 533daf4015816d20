"""A sheet of SpreadsheetML, cell by cell: exact, sparse, whatever program wrote it.

The dimension, counts and spans that a sheet states about itself are ignored: they lie. Rows
and cells may stand in any order, with or without a reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.scoring.cell_values import PERMITTED, RawValue, shown
from hkz_xlsx.spreadsheet.cells import (
    BROKEN,
    MAX_COLUMN,
    MAX_ROW,
    Book,
    BrokenCellError,
    place,
    plain_text,
)  # fmt: skip
from hkz_xlsx.spreadsheet.grid import Area, Manner, Spot, Validation
from hkz_xlsx.spreadsheet.runs import Runs
from hkz_xlsx.spreadsheet.safe_xml import parse_xml
from hkz_xlsx.spreadsheet.shared_formulas import shifted
from hkz_xlsx.spreadsheet.xlsx_between_values import unseen

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""Transitional and strict (ISO 29500) Open XML: the same words in another namespace."""

_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"

_TAGS: Mapping[str, str] = {
    **{
        f"{space} {tag}": tag
        for space in MAIN
        for tag in (
            "row", "col", "c", "v", "f", "is", "t", "r", "strike", "rPh", "sheetProtection",
            "mergeCell", "dataValidation", "formula1", "hyperlink", "oleObject", "control",
            "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter",
        )
    },
    f"{_X14} dataValidation": "dataValidation",
    f"{_X14} formula1": "formula1",
    f"{_XM} f": "xm:f",
    f"{_XM} sqref": "sqref",
}  # fmt: skip

_HANGS = frozenset({"hyperlink", "oleObject", "control"})
_PAGES = frozenset(
    {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}
)

Hung = tuple[str, dict[str, str]]
"""A tag around the cells that says what hangs on them, and its attributes; the text of a header
or footer stands under ``text``."""


@dataclass(slots=True)
class SheetFacts:
    """What a sheet holds, while it is being read; `Spot` is a 0-based row and column."""

    cells: dict[Spot, RawValue] = field(default_factory=dict)
    formulas: dict[Spot, str] = field(default_factory=dict)
    uncalculated: set[Spot] = field(default_factory=set)
    calculated: AbstractSet[Spot] = field(default_factory=set)
    rich: list[Spot] = field(default_factory=list)
    hung: list[Hung] = field(default_factory=list)
    broken: list[tuple[Spot, str]] = field(default_factory=list)
    twice: list[tuple[Spot, str, str]] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    date_formats: dict[Spot, str] = field(default_factory=dict)
    protected: bool = False
    locked: set[str] = field(default_factory=set)
    manners: dict[Spot, Manner] = field(default_factory=dict)

    def put(self, at: Spot, value: RawValue) -> None:
        """A cell that is not blank; a second value for it is kept as a problem.

        Raises:
            RefusedError: too many cells, or too many with two values.
        """
        cells = self.cells
        if at in cells:
            if cells[at] != value or type(cells[at]) is not type(value):
                self.twice.append((at, shown(cells[at]), shown(value)))
                if len(self.twice) > LIMITS.broken_cells:
                    raise RefusedError("FILE_BROKEN", detail="<c>")
            return
        cells[at] = value
        if len(cells) > LIMITS.cells:
            raise RefusedError("FILE_TOO_MANY_CELLS", limit=LIMITS.cells)

    def spoil(self, at: Spot, says: str) -> None:
        """A cell that says something impossible.

        Raises:
            RefusedError: there are too many of them.
        """
        self.cells[at] = BROKEN
        self.broken.append((at, says[:80]))
        if len(self.broken) > LIMITS.broken_cells:
            raise RefusedError("FILE_BROKEN", detail="<c>")


class _Parser:
    """Expat's callbacks. Names the state of one cell at a time."""

    def __init__(self, book: Book, part: str, *, complete: bool) -> None:
        self.book, self.part, self.complete = book, part, complete
        self.calculated = set[Spot]()
        self.facts = SheetFacts(calculated=self.calculated)
        self.row, self.column = -1, -1
        self.at: Spot = (0, 0)
        self.kind, self.style = "", 0
        self.value: str | None = None
        self.inline: list[str] | None = None
        self.formula: dict[str, str] | None = None
        self.formula_text = ""
        self.taken: list[str] | None = None
        self.runs = Runs()
        self.in_cell, self.phonetic = False, 0
        self.shared: dict[str, tuple[Spot, str]] = {}
        self.rule: dict[str, str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _TAGS.get(name)
        if tag is None:
            return
        if tag == "c":
            self._open_cell(attributes)
        elif tag in ("v", "t", "f") and self.in_cell:
            self.taken = []
            if tag == "f":
                self.formula = attributes
        elif tag == "is":
            self.inline = []
            self.runs.take()
        elif tag in ("r", "strike"):
            self.runs.start(tag, attributes)
        elif tag == "rPh":
            self.phonetic += 1
        elif tag == "row":
            self._open_row(attributes)
        else:
            self._around(tag, attributes)

    def text(self, text: str) -> None:
        if self.taken is not None:
            self.taken.append(text)

    def end(self, name: str) -> None:
        tag = _TAGS.get(name)
        if tag is None:
            return
        if tag == "c":
            self._close_cell()
        elif tag in ("v", "t", "f"):
            if self.taken is not None:
                self._take(tag, "".join(self.taken))
                self.taken = None
        elif tag == "rPh":
            self.phonetic -= 1
        else:
            self._close_around(tag)

    def _open_row(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        if said is None:
            self.row += 1
        else:
            digits = said if said.isascii() and said.isdigit() else "0"
            self.row = int(digits[:8]) - 1
        if not 0 <= self.row < MAX_ROW:
            raise RefusedError("FILE_BROKEN", detail=f"{self.part}: row {str(said)[:20]}")
        self.column = -1
        if self.complete and unseen(attributes, "ht"):
            self.facts.hidden_rows.add(self.row)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        at = place(said) if said is not None else (max(self.row, 0), self.column + 1)
        if at is None or at[1] >= MAX_COLUMN:
            raise RefusedError("FILE_BROKEN", detail=f"{self.part}: {str(said)[:20]}")
        self.at, self.column = at, at[1]
        self.kind = attributes.get("t", "")
        style = attributes.get("s", "0")
        self.style = int(style) if style.isdigit() and len(style) < 7 else -1  # noqa: PLR2004 - 64,000 styles at most
        self.value = self.inline = self.formula = None
        self.formula_text = ""
        self.in_cell = True
        if "vm" in attributes and len(self.facts.rich) < LIMITS.attached:
            self.facts.rich.append(at)  # a picture in the cell, of which the value says nothing

    def _take(self, tag: str, text: str) -> None:
        if tag == "v":
            self.value = text
        elif tag == "f":
            self.formula_text = text
        elif self.inline is not None and not self.phonetic:
            self.inline.append(text)
            self.runs.text(text)

    def _close_cell(self) -> None:
        self.in_cell = False
        facts, at = self.facts, self.at
        text = self.value
        if self.kind == "inlineStr" and self.inline is not None:
            text = "".join(self.inline)
        if self.formula is not None:
            self._keep_formula(self.formula)
        try:
            value = self.book.value(self.kind, text, self.style)
        except BrokenCellError as fault:
            facts.spoil(at, str(fault))
            return
        if value is not None:
            facts.put(at, value)
            inline = self.runs.take() if self.kind == "inlineStr" else ""
            if (manner := self.book.manner(self.kind, text, self.style, inline)) is not None:
                facts.manners[at] = manner
            if self.complete and isinstance(value, datetime):
                facts.date_formats[at] = self.book.date_formats.get(self.style, "")
            if self.formula is not None:
                self.calculated.add(at)
        elif self.formula is not None and self.kind != "str":
            facts.uncalculated.add(at)

    def _keep_formula(self, attributes: dict[str, str]) -> None:
        if not self.complete:
            return
        text, group = self.formula_text, attributes.get("si", "")
        if attributes.get("t") == "shared":
            if text:
                self.shared[group] = (self.at, text)
            elif group in self.shared:
                origin, first = self.shared[group]
                text = shifted(first, self.at[0] - origin[0], self.at[1] - origin[1])
        if len(self.facts.formulas) >= LIMITS.cells:
            raise RefusedError("FILE_TOO_MANY_CELLS", limit=LIMITS.cells)
        self.facts.formulas[self.at] = plain_text(text)

    def _around(self, tag: str, attributes: dict[str, str]) -> None:
        """What stands around the cells."""
        if tag == "sheetProtection":
            self.facts.protected = attributes.get("sheet") in ("1", "true")
            if self.complete and self.facts.protected:
                said = {right: attributes.get(right, "1") for right in PERMITTED.values()}
                self.facts.locked = {r for r, no in said.items() if no not in ("0", "false")}
        elif tag == "col":
            self._column(attributes)
        elif tag in _PAGES:
            self.taken = []
        elif tag in _HANGS and len(self.facts.hung) <= LIMITS.attached:
            self.facts.hung.append((tag, attributes))
        elif tag == "mergeCell":
            self.facts.merged += areas(attributes.get("ref", ""))
        elif tag == "dataValidation":
            self.rule = {
                "type": attributes.get("type", "none"), "sqref": attributes.get("sqref", ""),
            }  # fmt: skip
        elif tag in ("formula1", "xm:f", "sqref") and self.rule is not None:
            self.taken = []

    def _column(self, attributes: dict[str, str]) -> None:
        if not (self.complete and unseen(attributes, "width")):
            return
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if all(n.isascii() and n.isdigit() and len(n) < 6 for n in (first, last)):  # noqa: PLR2004 - 16,384 columns at most
            found = range(int(first) - 1, min(int(last), MAX_COLUMN))
            self.facts.hidden_columns.update(found)

    def _close_around(self, tag: str) -> None:
        if tag in _PAGES and self.taken is not None:
            self.facts.hung.append((tag, {"text": "".join(self.taken)}))
            self.taken = None
        if self.rule is None:
            return
        if tag in ("formula1", "xm:f", "sqref"):
            if self.taken is not None:
                found = "".join(self.taken).strip()
                if tag == "sqref":
                    self.rule["sqref"] = found
                elif found:
                    self.rule.setdefault("formula", found)
            self.taken = None
        elif tag == "dataValidation":
            rule = Validation(
                tuple(areas(self.rule["sqref"])), self.rule["type"], self.rule.get("formula", "")
            )
            self.facts.validations.append(rule)
            self.rule = None


def areas(text: str) -> list[Area]:
    """The areas of ``A1:B3 C7``; what is no area is left out."""
    found = []
    for one in text.split()[:10_000]:
        first, _, last = one.replace("$", "").partition(":")
        top, bottom = place(first), place(last or first)
        if top is not None and bottom is not None:
            found.append(Area(top[0], top[1], bottom[0], bottom[1]))
    return found


def read_exactly(data: bytes, part: str, book: Book, *, complete: bool) -> SheetFacts:
    """Read a sheet part of any origin.

    Args:
        data: the part as unpacked.
        part: its name, for messages.
        book: shared strings, styles and epoch.
        complete: keep formulas and what stands around the cells.

    Raises:
        RefusedError: not well-formed, a DOCTYPE, an impossible place, or too much.
    """
    parser = _Parser(book, part, complete=complete)
    parse_xml(data, part, parser.start, parser.end, parser.text)
    return parser.facts
