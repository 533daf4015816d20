"""What became of files that were moved to other question sets, as a workbook to work through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from hkz_xlsx.problems import Problem
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.text import Lang, messages
from hkz_xlsx.writing.tables import TableColumn, TableSheet, write_tables


class FileLine(Protocol):
    """What is told of one file."""

    @property
    def file(self) -> str:
        """Its name."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is to be said of it."""

    def cells(self) -> Mapping[str, CellValue]:
        """By column key: state (a key), output, old, new, carried, shown, listed."""


_WIDTHS = {
    "file": 34.0, "state": 16.0, "output": 34.0, "old": 26.0, "new": 26.0, "carried": 14.0,
    "shown": 14.0, "listed": 14.0,
}  # fmt: skip
_NUMBERS = ("carried", "shown", "listed")


def as_xlsx(files: Sequence[FileLine], lang: Lang, note: str) -> bytes:
    """Every file with its counts, and every problem with its place and a column to tick off.

    Args:
        files: one line per file, also of those that were not migrated.
        lang: language of headers and messages.
        note: stands under the titles: the outcome of the run in a sentence.

    Returns:
        the bytes of a workbook with two sheets.
    """
    text = messages(lang)
    columns = tuple(
        TableColumn(
            text(f"migrate.column.{key}"), width, "number" if key in _NUMBERS else "text"
        )
        for key, width in _WIDTHS.items()
    )  # fmt: skip
    rows = [_cells(one, lang) for one in files]
    title, told = text("migrate.title"), text("migrate.told")
    widths = {"severity": 10.0, "file": 30.0, "sheet": 16.0, "cell": 8.0, "requirement": 12.0}
    more = (
        *(TableColumn(text(f"check.column.{key}"), width) for key, width in widths.items()),
        TableColumn(text("report.column.message"), 60), TableColumn(text("report.column.hint"), 60),
        TableColumn(text("report.column.code"), 26), TableColumn(text("check.column.done"), 10),
    )  # fmt: skip
    problems = [row for one in files for row in _problems(one, lang)]
    sheets = (
        TableSheet(title, title, note, "Files", columns, rows),
        TableSheet(told, f"{told} ({len(problems)})", note, "Told", more, problems),
    )
    return write_tables(sheets, title)


def _cells(one: FileLine, lang: Lang) -> tuple[CellValue, ...]:
    values = {"file": one.file, **one.cells()}
    values["state"] = messages(lang)(f"migrate.state.{values['state']}")
    return tuple(values[key] for key in _WIDTHS)


def _problems(one: FileLine, lang: Lang) -> Iterator[tuple[CellValue, ...]]:
    text = messages(lang)
    for found in one.problems:
        where = found.where
        yield (
            text(f"severity.{found.severity.value}"), where.file or one.file, where.sheet,
            where.cell, where.requirement, found.message(lang), found.hint(lang), found.code, "",
        )  # fmt: skip
