"""A file as plain values: what every reader gives, whatever program saved the file.

Rows and columns are 0-based. Nothing here knows what our workbooks look like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from hkz_xlsx.layout.codecs import RawValue
from hkz_xlsx.problems import Problem

Kind = Literal["xlsx", "xlsm", "xlsb", "xls", "ods"]
"""What a file is by content; a name ending in something else is only a name."""

Visibility = Literal["visible", "hidden", "veryHidden"]

Spot = tuple[int, int]
"""0-based row and column."""


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

    All but title and cells are there when the file was read for everything (`Grid.complete`):
    ``formulas`` without ``=`` by cell (shared formulas written out for every cell),
    ``comments`` by cell, ``merged`` areas, ``hidden_rows`` (hidden by hand or by a filter).
    ``uncalculated`` (always there) are formulas for which the file holds no value: nobody
    calculated them, or the result is an empty text. ``manners`` (always there) are cells that
    show their value in a manner of their own.
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
    manners: Mapping[Spot, Manner] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grid:
    """A file as plain values, with its custom document properties.

    ``complete`` says whether formulas, validations, protection and comments were read too;
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
