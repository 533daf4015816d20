"""Tables of given, typed-in and computed columns: what scores are defined over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.expr import Expr


@dataclass(frozen=True, slots=True)
class Given:
    """A column whose values are known when the workbook is made, one per row."""

    key: str
    values: tuple[CellValue, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """A column that a person fills in."""

    key: str


@dataclass(frozen=True, slots=True)
class Computed:
    """A column of formulas: one expression for all rows, or one per row."""

    key: str
    expr: Expr | tuple[Expr, ...]

    def of(self, index: int) -> Expr:
        """The expression of one row."""
        return self.expr[index] if isinstance(self.expr, tuple) else self.expr


TableColumn = Given | Input | Computed


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by key, columns by key. The same table is placed on a sheet and evaluated here."""

    key: str
    rows: tuple[str, ...]
    columns: tuple[TableColumn, ...]
    _by_key: dict[str, TableColumn] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look-ups by key are many."""
        object.__setattr__(self, "_by_key", {one.key: one for one in reversed(self.columns)})

    def column(self, key: str) -> TableColumn:
        """The column with that key; KeyError if there is none (our mistake)."""
        found = self._by_key.get(key)
        if found is None:
            raise KeyError(f"{self.key}.{key}")
        return found

    def inputs(self) -> tuple[str, ...]:
        """Keys of the columns that a person fills in."""
        return tuple(c.key for c in self.columns if isinstance(c, Input))

    def computed(self) -> tuple[str, ...]:
        """Keys of the columns of formulas."""
        return tuple(c.key for c in self.columns if isinstance(c, Computed))


class Address(NamedTuple):
    """One cell by meaning instead of by place. A tuple, as it is looked up by thousands."""

    table: str
    row: str
    column: str


Inputs = Mapping[Address, CellValue]
"""What people typed, by address; what is not there is blank."""


def tables_by_key(tables: Iterable[Table]) -> dict[str, Table]:
    """The tables by key; two with one key is our mistake."""
    found: dict[str, Table] = {}
    for table in tables:
        if table.key in found or len(set(table.rows)) != len(table.rows):
            raise ValueError(f"table or row key used twice: {table.key}")
        found[table.key] = table
    return found
