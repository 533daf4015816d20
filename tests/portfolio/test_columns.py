"""Columns of the tables as they go to Parquet."""

from __future__ import annotations

from typing import Any

import pytest

from hkz_xlsx.portfolio import arrow
from hkz_xlsx.portfolio.schema import PortfolioColumn, TableSchema

TABLE = TableSchema(
    "t", (PortfolioColumn("one", "text"), PortfolioColumn("two", "whole")), ("two",)
)


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (["a", None, "b"], ["a", None, "b"]),
        (["a", "", "é"], ["a", "", "é"]),
        (["a", "x\ud800y"], ["a", "x?y"]),
        ([None, None], [None, None]),
        ([1, "a", None, False], ["1", "a", None, "False"]),
        ([0, "a"], ["0", "a"]),
        ([], []),
    ],
)
def test_texts_of_a_column(values: list[Any], kept: list[str | None]) -> None:
    """What no file can hold becomes a question mark; what is no text is written as one."""
    found = arrow.as_table(TABLE, {"one": values, "two": list(range(len(values)))})
    assert found.column("one").to_pylist() == kept
