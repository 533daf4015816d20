"""A file as plain values: what every reader gives, whatever program saved the file.

Rows and columns are 0-based. Nothing here knows what our workbooks look like.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from hkz_xlsx.problems import Problem
from hkz_xlsx.scoring.cell_values import RawValue

Kind = Literal["xlsx", "xlsm", "xlsb", "xls", "ods"]
"""What a file is by content; a name ending in something else is only a name."""

Visibility = Literal["visible", "hidden", "veryHidden"]

Spot = tuple[int, int]
"""0-based row and column."""

_SPOTS: dict[Spot, Spot] = {}
_MOST_SPOTS = 100_000


def one_spot(spot: Spot) -> Spot:
    """The same place, as the one object that stands for it as far as there is room: looking up
    thousands of cells by identity takes a third of the time."""
    if len(_SPOTS) >= _MOST_SPOTS:
        return _SPOTS.get(spot, spot)
    return _SPOTS.setdefault(spot, spot)


@dataclass(frozen=True, slots=True)
class Area:
    """A block of cells; first and last row and column, 0-based, both included."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, at: Spot) -> bool:
        return self.top <= at[0] <= self.bottom and self.left <= at[1] <= self.right


@dataclass(frozen=True, slots=True)
class Validation:
    """What may be typed in some areas.

    ``type`` is the word of SpreadsheetML: list, date, whole, decimal, textLength, custom.
    ``formula`` is the list or the first bound as it stands in the file, without ``=``.
    """

    areas: tuple[Area, ...]
    type: str
    formula: str = ""


AttachedKind = Literal["link", "shape", "picture", "chart", "object", "footnote", "page"]
"""What hangs on a cell or sheet: a link; a text box or another drawing; a picture; a chart; a
control, an embedded file or what else a program draws; a footnote; a page's header or footer."""


@dataclass(frozen=True, slots=True)
class Attached:
    """Something on a sheet that is no value of a cell.

    ``at`` is the cell it is anchored to, None where it has no cell. ``text`` is the target of a
    link, the text in a drawing, the title of a chart, the words of a footnote or page; empty
    where it holds no text. ``name`` is what the program calls it, with alternative text and file
    of a picture.
    """

    kind: AttachedKind
    at: Spot | None
    text: str = ""
    name: str = ""

    @property
    def shown(self) -> str:
        """Its text, else its name; both for a picture."""
        if self.kind in ("picture", "object"):
            return " – ".join(dict.fromkeys(filter(None, (self.text, self.name))))
        return self.text or self.name


Struck = Literal["", "partly", "wholly"]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a cell shows its value, where that says something of what was meant.

    ``struck`` is how much of it is struck through. ``format`` is a number format other than
    those in which a number stands as it is; ``shown`` is what the program showed, when the file
    says so.
    """

    struck: Struck = ""
    format: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """One sheet: title and every cell that is not blank, by 0-based (row, column).

    Some are there only when the file was read for everything (`Grid.complete`): ``formulas``
    without ``=`` by cell (shared formulas written out for every cell), ``validations``,
    ``hidden_rows`` (hidden by hand or by a filter), ``hidden_columns``; ``date_formats``: number
    format by cell, of cells that are dates; ``locked``: those of the rights in `PERMITTED`, in
    words of SpreadsheetML, that the protection of the sheet takes away. Always there, as far as
    the kind of file is read for them, are ``comments`` by cell, ``merged`` areas, what is
    ``attached``, ``calculated`` (cells with a value that a formula gave), ``uncalculated``
    (formulas for which the file holds no value: nobody calculated them, or the result is an empty
    text), and ``manners`` of cells that show their value in a manner of their own.
    """

    title: str
    cells: Mapping[Spot, RawValue]
    formulas: Mapping[Spot, str] = field(default_factory=dict)
    visibility: Visibility = "visible"
    validations: tuple[Validation, ...] = ()
    protected: bool = False
    comments: Mapping[Spot, str] = field(default_factory=dict)
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    uncalculated: frozenset[Spot] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    date_formats: Mapping[Spot, str] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    calculated: AbstractSet[Spot] = frozenset()
    attached: tuple[Attached, ...] = ()
    manners: Mapping[Spot, Manner] = field(default_factory=dict)

    @property
    def struck(self) -> Mapping[Spot, bool]:
        """Cells with text that is struck through, and whether all of it is."""
        return {at: how.struck == "wholly" for at, how in self.manners.items() if how.struck}


@dataclass(frozen=True, slots=True)
class Grid:
    """A file as plain values, with its custom document properties.

    ``complete`` says whether formulas, validations, protection and hidden rows were read too;
    when it is false, their absence means nothing. ``epoch_1904`` says that the file counts
    days from 1904: cells formatted as dates are points in time and so right already, but a
    bare number that is meant as a date is 1,462 days short. ``problems`` is what was noticed
    on reading: cells that could not be read, macros and links that were left alone.
    """

    file: str
    sheets: tuple[SheetGrid, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = "xlsx"
    epoch_1904: bool = False
    problems: tuple[Problem, ...] = ()
    complete: bool = False
