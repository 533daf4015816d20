"""The tables as Parquet: types, metadata, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hkz_xlsx import __version__
from hkz_xlsx.machine.faults import told
from hkz_xlsx.portfolio.schema import VERSION, TableSchema
from hkz_xlsx.problems import HkzError

_TYPES = {
    "text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "flag": pa.bool_(),
    "date": pa.date32(),
}  # fmt: skip

_GROUP = 65_536
"""Rows that stand together in a file, and are in memory together."""


def arrow_schema(table: TableSchema) -> pa.Schema:
    """Columns with their types; the version of the tables stands in the metadata."""
    metadata = {"hkz_xlsx.table": table.name, "hkz_xlsx.version": str(VERSION)}
    metadata["hkz_xlsx.program"] = __version__
    fields = [pa.field(column.name, _TYPES[column.kind]) for column in table.columns]
    return pa.schema(fields, metadata)


def as_table(table: TableSchema, columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """Rows from columns; a column that is not given is empty. Dates may be ISO texts."""
    schema = arrow_schema(table)
    count = max((len(values) for values in columns.values()), default=0)
    arrays = []
    for column in table.columns:
        values = columns.get(column.name) or [None] * count
        if column.kind == "date":
            values = [
                date.fromisoformat(v) if isinstance(v, str) and v else v or None for v in values
            ]
        elif column.kind == "text":
            values = _texts(values)
        arrays.append(pa.array(values, _TYPES[column.kind], from_pandas=False))
    return pa.Table.from_arrays(arrays, schema=schema)


def _texts(values: Sequence[Any]) -> Sequence[str | None]:
    # Most columns hold codes and keys: looked at together, not one by one.
    if set(map(type, values)) <= {str, type(None)} and "".join(filter(None, values)).isascii():
        return values
    return [v if v is None else _storable(str(v)) for v in values]


def _storable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def from_rows(table: TableSchema, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows from mappings; what a mapping does not have is empty."""
    return as_table(table, {name: [row.get(name) for row in rows] for name in table.names})


def sorted_rows(found: pa.Table, table: TableSchema) -> pa.Table:
    """In the order of the table."""
    return found.sort_by([(name, "ascending") for name in table.order])


def write_parquet(path: Path, found: pa.Table) -> None:
    """Write a file whole or not at all, readable by its owner only; raises `HkzError`."""
    with _writer(path, found.schema) as writer:
        writer.write_table(found, row_group_size=_GROUP)


@contextmanager
def parquet_pieces(
    path: Path, table: TableSchema
) -> Iterator[Callable[[Mapping[str, Sequence[Any]]], None]]:
    """Write the same file from many pieces, in memory that does not grow with their number.

    Yields:
        a function that adds rows, given as columns.
    """
    waiting: list[pa.Table] = []
    with _writer(path, arrow_schema(table)) as writer:

        def write() -> None:
            if waiting:
                writer.write_table(pa.concat_tables(waiting), row_group_size=_GROUP)
                waiting.clear()

        def add(columns: Mapping[str, Sequence[Any]]) -> None:
            waiting.append(as_table(table, columns))
            if sum(piece.num_rows for piece in waiting) >= _GROUP:
                write()

        yield add
        write()


@contextmanager
def _writer(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """A file that is put in place when it is whole. Raises `HkzError` when the disk fails."""
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".tmp-")
        with (
            os.fdopen(handle, "wb") as target,
            pq.ParquetWriter(target, schema, compression="zstd") as writer,
        ):
            yield writer
        os.replace(name, path)
    except BaseException as fault:
        Path(name or path).unlink(missing_ok=True)
        if isinstance(fault, OSError):
            raise HkzError(told(path, fault)) from None
        raise
