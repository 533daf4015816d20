"""What a check found, as JSON and as a list to work through."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from hkz_xlsx.problems import Problem, Severity, family
from hkz_xlsx.report.render_json import problem_data
from hkz_xlsx.scoring.tables import CellValue
from hkz_xlsx.text import Lang, messages, say
from hkz_xlsx.workbook.check import Checked
from hkz_xlsx.workbook.submission import Submission
from hkz_xlsx.workbook.tables import TableColumn, TableSheet, write_tables

SCHEMA = "hkz_xlsx/check/1"


def _problem(found: Problem, lang: Lang) -> dict[str, Any]:
    return {"family": family(found.code), **problem_data(found, lang)}


def _identity(submission: Submission) -> dict[str, Any]:
    identity = submission.identity
    return {
        "norms": [str(edition) for edition in identity.editions],
        "scope": str(identity.scope),
        "layout": identity.layout,
        "lang": identity.lang,
        "answers": len(submission.raw),
        "extra": [
            {
                "reason": one.reason, "sheet": one.where.sheet, "cell": one.where.cell,
                "requirement": one.row, "column": one.column, "value": one.value,
            }
            for one in submission.extra
        ],
    }  # fmt: skip


def counts(checked: Sequence[Checked]) -> dict[str, int]:
    """Number of findings of every severity, files, of these the ones that cannot be used, and
    files that were skipped: found are files and skipped together."""
    found = [p.severity for one in checked for p in one.problems]
    skipped = sum(one.skipped for one in checked)
    return {
        "files": len(checked) - skipped,
        "unread": sum(one.submission is None for one in checked) - skipped,
        "skipped": skipped,
        **{severity.value: found.count(severity) for severity in Severity},
    }


def as_json(checked: Sequence[Checked], lang: Lang) -> str:
    """JSON text: every file with what it is and every finding."""
    files = [
        {
            "file": one.file,
            "usable": one.submission is not None,
            **(_identity(one.submission) if one.submission else {}),
            "problems": [_problem(p, lang) for p in one.problems],
        }
        for one in checked
        if not one.skipped
    ]
    data = {
        "schema": SCHEMA, "lang": lang, "counts": counts(checked), "files": files,
        "skipped": [one.file for one in checked if one.skipped],
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_xlsx(checked: Sequence[Checked], lang: Lang) -> bytes:
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
    rows = [row for one in checked for row in _rows(one, lang)]
    title = text("check.title")
    note = say(lang, "check.summary", **counts(checked))
    sheet = TableSheet(title, f"{title} ({len(rows)})", note, "Checks", columns, rows)
    return write_tables([sheet], title)


def _rows(checked: Checked, lang: Lang) -> Iterator[tuple[CellValue, ...]]:
    text = messages(lang)
    for found in checked.problems:
        where = found.where
        yield (
            text(f"severity.{found.severity.value}"), text(f"check.family.{family(found.code)}"),
            where.file or checked.file, where.sheet, where.cell, where.requirement,
            found.message(lang), found.hint(lang), found.code, "",
        )  # fmt: skip
