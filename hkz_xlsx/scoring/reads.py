"""What an expression reads of other cells."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, fields, is_dataclass
from functools import cache

from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.follows import Follows


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a kind of expression; nothing for a plain value."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _nodes(part: object) -> Iterator[object]:
    """An expression and every expression in it."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting += one
        elif names := _names(type(one)):  # type: ignore[arg-type]  # a class has a hash
            yield one
            waiting += [getattr(one, name) for name in names]


@dataclass(frozen=True, slots=True)
class Reads:
    """What an expression reads: cells, tables of which it reads whole columns, table and column of
    both, and columns of its own table."""

    cells: frozenset[x.Cell]
    whole: frozenset[str]
    columns: frozenset[tuple[str, str]]
    here: frozenset[str]


def _reads(expr: object) -> Reads:
    nodes = list(_nodes(expr))
    cells = frozenset(node for node in nodes if isinstance(node, x.Cell))
    columns = frozenset(node for node in nodes if isinstance(node, x.Column))
    both: tuple[x.Cell | x.Column, ...] = (*cells, *columns)
    return Reads(
        cells,
        frozenset(one.table for one in columns),
        frozenset((one.table, one.column) for one in both),
        frozenset(node.column for node in nodes if isinstance(node, x.Here)),
    )


reads_of = Follows(_reads)
"""What an expression, or a tuple of them, reads."""


def read_by(expr: object, own: str) -> Set[tuple[str, str]]:
    """Table and column of everything that an expression reads.

    Args:
        expr: an expression, or a tuple of them.
        own: key of the table in which it stands.
    """
    reads = reads_of(expr)
    return reads.columns | {(own, column) for column in reads.here} if reads.here else reads.columns
