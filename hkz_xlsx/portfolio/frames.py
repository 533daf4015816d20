"""Tables as pandas frames, for whoever analyses them in Python.

Types are those of the tables: texts are ``string``, codes ``category`` (those with an order in that
order), whole numbers ``Int64``, numbers ``float64``, flags ``boolean``, days ``datetime64[s]``.
What is empty is ``pd.NA``, ``NaN`` or ``NaT``: never 0 and never an empty text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkz_xlsx.portfolio.schema import EARLIER, TABLES, PortfolioColumn
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.scoring.choices import STATUSES

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

_ANSWERS = (*STATUSES, "empty")

ORDERED: Mapping[str, tuple[str, ...]] = {
    "answer": _ANSWERS, "own_answer": _ANSWERS, "advisor_answer": _ANSWERS,
    "severity": ("info", "warning", "error"), "size_class": ("0-10", "10-50", "50-250", "250+"),
}  # fmt: skip
"""Columns of codes, with their codes in the order of the product; no code is more than another."""

CODES = frozenset({
    "part", "edition", "rubriek", "topic", "gap", "priority", "finding", "evidence_kind", "state",
    "format", "reason", "lang", "edition_set", "basis", "level", "key", "outcome", "verdict",
    "family", "code", "round", "matched_by",
})  # fmt: skip
"""Columns of codes whose codes have no order, or are of a norm."""

_TYPES = {
    "text": "string", "whole": "Int64", "number": "float64", "flag": "boolean",
    "date": "datetime64[s]",
}  # fmt: skip


class UnknownNameError(HkzError, KeyError):
    """A table or a column that is not there: the names that there are stand in the message."""


def _unknown(place: Path, names: Sequence[str], known: Iterable[str]) -> UnknownNameError:
    said, choices = ", ".join(f"‘{name}’" for name in names), ", ".join(known)
    return UnknownNameError(
        problem("PORTFOLIO_NAME", Where(str(place)), name=said, choices=choices)
    )


class Portfolio:
    """A portfolio that ``hkz aggregate`` made.

    Args:
        folder: of the portfolio.

    Raises:
        HkzError: there is none (``PORTFOLIO_NONE``), or pandas or Arrow is not installed.
    """

    def __init__(self, folder: str | Path) -> None:
        from hkz_xlsx.machine.extras import need
        from hkz_xlsx.portfolio.stage import table_paths

        need("pandas", "pyarrow", "duckdb")
        self.folder = Path(folder)
        self._paths = table_paths(self.folder, None)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables; what their columns mean stands in ``codebook.md``."""
        return tuple(TABLES)

    def frame(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """One table.

        Args:
            table: its name, such as ``answers`` or ``scores``.
            columns: only these, in this order; all when left out.

        Returns:
            a row per row of the table, in its order, with the types of this module.

        Raises:
            UnknownNameError: no such table or column.
            HkzError: a file of the portfolio is damaged.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        if table not in TABLES:
            raise _unknown(self.folder, [table], TABLES)
        schema = TABLES[table]
        wanted = list(schema.names if columns is None else columns)
        if unknown := set(wanted) - set(schema.names):
            raise _unknown(self.folder / table, sorted(unknown), schema.names)
        try:
            found = [_read(pq.ParquetFile(path), table, wanted) for path in self._paths[table]]
        except (OSError, KeyError, pa.ArrowException):
            raise HkzError(problem("PORTFOLIO_NONE", Where(str(self.folder)))) from None
        kinds = {column.name: column for column in schema.columns}
        if not found:
            return typed(dict.fromkeys(wanted, ()), [kinds[name] for name in wanted])
        return of_arrow(pa.concat_tables(found), [kinds[name] for name in wanted])

    def query(self, sql: str) -> pd.DataFrame:
        """The rows of one question in SQL, as ``hkz query`` gives them.

        Raises:
            HkzError: the question cannot be run (``QUERY_WRONG``).
        """
        import pandas as pd

        from hkz_xlsx.portfolio.query import ask

        answer = ask(self.folder, sql)
        return pd.DataFrame.from_records(list(answer.rows), columns=list(answer.columns))


def _read(file: pq.ParquetFile, table: str, wanted: Sequence[str]) -> pa.Table:
    """These columns, also those that the release which made the file did not have yet."""
    import pyarrow as pa

    there = set(file.schema_arrow.names)
    said = [name if name in there else EARLIER.get((table, name), name) for name in wanted]
    found = file.read([name for name in dict.fromkeys(said) if name])
    empty = pa.nulls(file.metadata.num_rows)
    columns = [empty if name is None else found.column(name) for name in said]
    return pa.table(columns, names=list(wanted))


def of_arrow(found: pa.Table, columns: Iterable[PortfolioColumn]) -> pd.DataFrame:
    """Columns of an Arrow table with the types of this module."""
    values = {column.name: found.column(column.name).to_pylist() for column in columns}
    return typed(values, columns)


def typed(values: Mapping[str, Sequence[Any]], columns: Iterable[PortfolioColumn]) -> pd.DataFrame:
    """A frame of plain values; None is what is empty.

    Args:
        values: per column, all of one length.
        columns: with their kinds, in the order of the frame.
    """
    import pandas as pd

    made: dict[str, pd.Series[Any]] = {}
    for column in columns:
        given = list(values[column.name])
        if column.name in ORDERED or (column.name in CODES and column.kind == "text"):
            known = ORDERED.get(column.name, ())
            others = {one for one in given if one is not None} - set(known)
            dtype: Any = pd.CategoricalDtype([*known, *sorted(others)])
        else:
            dtype = _TYPES[column.kind]
        made[column.name] = pd.Series(given, dtype=dtype)
    return pd.DataFrame(made)
