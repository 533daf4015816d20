"""The tables of a portfolio in DuckDB: views over the files, and nothing else in reach."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

import duckdb

from hkz_xlsx.portfolio.schema import EARLIER, TABLES, PortfolioColumn, TableSchema
from hkz_xlsx.portfolio.stage import Stage, table_paths
from hkz_xlsx.problems import HkzError, Where, problem

_TYPES = {
    "text": "varchar", "whole": "bigint", "number": "double", "flag": "boolean", "date": "date",
}  # fmt: skip
_MEMORY = "1GB"


def open_tables(
    folder: Path, *, closed: bool = False, stage: Stage | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection with a view per table.

    Args:
        folder: the portfolio.
        closed: for questions of people: nothing outside the tables can be read or written, no
            extension loaded, no setting changed.
        stage: tables that are still to be put in place.

    Raises:
        HkzError: it is no portfolio, or not a finished one.
    """
    found = table_paths(folder, stage)
    db = duckdb.connect(":memory:")
    db.execute(f"set memory_limit = '{_MEMORY}'")
    db.execute(f"set temp_directory = {_quoted(f'{tempfile.gettempdir()}/hkz-{os.getpid()}.tmp')}")
    db.execute("set enable_progress_bar = false")
    db.execute("set python_enable_replacements = false")  # no table of a name in our own code
    db.execute("set autoinstall_known_extensions = false")
    db.execute("set autoload_known_extensions = false")
    allowed: list[str] = []
    try:
        for table in TABLES.values():
            paths = found[table.name]
            allowed += paths
            db.execute(f"create view {table.name} as {_source(db, table, paths)}")
    except duckdb.Error:  # a file that is damaged, or of somebody else
        db.close()
        raise HkzError(problem("PORTFOLIO_NONE", Where(str(folder)))) from None
    if closed:
        db.execute(f"set allowed_paths = [{', '.join(map(_quoted, allowed))}]")
        db.execute("set temp_directory = ''")
        db.execute("set enable_external_access = false")
        db.execute("set lock_configuration = true")
    return db


def _source(db: duckdb.DuckDBPyConnection, table: TableSchema, paths: Sequence[str]) -> str:
    if not paths:
        columns = ", ".join(f"null::{_TYPES[c.kind]} as {_name(c)}" for c in table.columns)
        return f"select {columns} where false"
    listed = ", ".join(map(_quoted, paths))
    files = f"read_parquet([{listed}])"
    there = {str(row[0]) for row in rows_of(db, f"describe from {files}")}
    names = ", ".join(_there(table, column, there) for column in table.columns)
    return f"select {names} from {files}"  # noqa: S608 - our own names and paths, quoted


def _there(table: TableSchema, column: PortfolioColumn, there: Container[str]) -> str:
    """A column, also where the release that made the tables did not have it."""
    key = (table.name, column.name)
    if column.name in there or key not in EARLIER:
        return _name(column)
    earlier = EARLIER[key]
    value = f'"{earlier}"' if earlier else f"null::{_TYPES[column.kind]}"
    return f"{value} as {_name(column)}"


def _name(column: PortfolioColumn) -> str:
    return f'"{column.name}"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def rows_of(
    db: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """All rows of a question of ours.

    Args:
        db: the open tables.
        sql: written by us; what people typed comes in ``values``, never in here.
        values: for the ``?`` of ``sql``, in order.
    """
    return list(db.execute(sql, list(values)).fetchall())
