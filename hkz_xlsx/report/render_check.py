"""What a check found, as JSON and as a list to work through."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hkz_xlsx.problems import Problem, Severity, family
from hkz_xlsx.report.render_json import problem_data
from hkz_xlsx.returned.check import CheckedFile, CheckRun, Usable
from hkz_xlsx.returned.second_reader import ReaderPair
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.text import Lang, messages
from hkz_xlsx.writing.tables import TableColumn, TableSheet, write_tables

SCHEMA = "hkz_xlsx/check/1"


def _problem(found: Problem, lang: Lang) -> dict[str, Any]:
    return {"family": family(found.code), **problem_data(found, lang)}


def _identity(usable: Usable) -> dict[str, Any]:
    identity = usable.identity
    return {
        "norms": [str(edition) for edition in identity.editions],
        "scope": str(identity.scope),
        "layout": identity.layout,
        "lang": identity.lang,
        "answers": usable.answers,
        "extra": [
            {
                "reason": one.reason, "sheet": one.where.sheet, "cell": one.where.cell,
                "requirement": one.row, "column": one.column, "value": one.value,
            }
            for one in usable.extra
        ],
    }  # fmt: skip


def _pair(pair: ReaderPair) -> dict[str, Any]:
    return {
        "sheet": pair.where.sheet, "cell": pair.where.cell, "table": pair.table, "row": pair.row,
        "column": pair.column, "value": pair.ours, "openpyxl": pair.second, "same": pair.same,
    }  # fmt: skip


def counts(run: CheckRun) -> dict[str, int]:
    """Number of findings of every severity, files, and files that cannot be used."""
    found = [p.severity for one in run.files for p in one.problems]
    return {
        "files": len(run.files),
        "unread": sum(one.usable is None for one in run.files),
        **{severity.value: found.count(severity) for severity in Severity},
    }


def json_pieces(run: CheckRun, lang: Lang) -> Iterator[str]:
    """JSON text in pieces, one per file: what became of all files and answers; every file with
    what it is and every finding."""
    data = {
        "schema": SCHEMA, "lang": lang, "counts": counts(run), "found": run.tally.data(),
        "questions": {row: one.data() for row, one in run.questions.items()}, "files": [],
        "skipped": run.ignored,
    }  # fmt: skip
    # A line break in a text is written as its escape, so this stands there once.
    head, _, tail = _json(data).partition(_NO_FILES)
    yield f"{head}{_NO_FILES[:-1]}"
    before = ""
    for one in run.files:
        yield before + "\n    " + _json(_file(one, lang)).replace("\n", "\n    ")
        before = ","
    yield ("\n  ]" if run.files else "]") + tail + "\n"


_NO_FILES = '\n  "files": []'


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def _file(one: CheckedFile, lang: Lang) -> dict[str, Any]:
    return {
        "file": one.file,
        "usable": one.usable is not None,
        **({"same_as": one.same_as} if one.same_as else {}),
        **(_identity(one.usable) if one.usable else {}),
        "problems": [_problem(p, lang) for p in one.problems],
        **({"second_reader": [_pair(pair) for pair in one.pairs]} if one.pairs else {}),
    }


def as_xlsx(run: CheckRun, lang: Lang) -> bytes:
    """The bytes of a workbook with one row per finding and a column to tick off."""
    text = messages(lang)
    widths = {
        "severity": 10.0, "family": 22.0, "file": 30.0, "sheet": 16.0, "cell": 8.0,
        "requirement": 12.0,
    }  # fmt: skip
    columns = (
        *(TableColumn(text(f"check.column.{key}"), width) for key, width in widths.items()),
        TableColumn(text("report.column.message"), 60),
        TableColumn(text("report.column.hint"), 60),
        TableColumn(text("report.column.code"), 26),
        TableColumn(text("check.column.done"), 10),
    )
    rows = [row for one in run.files for row in _rows(one, lang)]
    title = text("check.title")
    note = run.tally.text(lang)
    sheet = TableSheet(title, f"{title} ({len(rows)})", note, "Checks", columns, rows)
    return write_tables([sheet], title)


def _rows(checked: CheckedFile, lang: Lang) -> Iterator[tuple[CellValue, ...]]:
    text = messages(lang)
    for found in checked.problems:
        where = found.where
        yield (
            text(f"severity.{found.severity.value}"), text(f"check.family.{family(found.code)}"),
            where.file or checked.file, where.sheet, where.cell, where.requirement,
            found.message(lang), found.hint(lang), found.code, "",
        )  # fmt: skip
