"""Questions of people, in SQL, over the tables of a portfolio: reading only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from hkz_xlsx.portfolio.database import open_tables
from hkz_xlsx.problems import HkzError, problem


@dataclass(frozen=True, slots=True)
class Answer:
    """Names of columns, and rows of plain values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def ask(folder: Path, sql: str, most: int | None = None) -> Answer:
    """Run one question.

    The tables can be read, and nothing else: no other file, no network, no extension, and no
    setting can be changed. Only a question that gives rows is run.

    Args:
        folder: the portfolio.
        sql: one select (or with, from, describe, summarize, show) statement of DuckDB.
        most: give at most this many rows.

    Raises:
        HkzError: no portfolio, or the question cannot be run; the problem says why.
    """
    with open_tables(folder, closed=True) as db:
        try:
            statements = db.extract_statements(sql)
            kinds = {s.type for s in statements}
            allowed = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
            if len(statements) != 1 or not kinds <= allowed:
                raise HkzError(problem("QUERY_WRONG", None, detail="select …"))
            found = db.execute(sql)
            names = tuple(str(name) for name, *_ in found.description or ())
            rows = found.fetchall() if most is None else found.fetchmany(most)
        except duckdb.Error as fault:
            detail = str(fault).split("\n\n")[0].strip()
            raise HkzError(problem("QUERY_WRONG", None, detail=detail)) from None
    return Answer(names, tuple(rows))
