"""Writes what is expected of every edit, for review: python -m tests.proof.corpus.make."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.check import check_grid
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import open_workbook
from tests.proof.corpus.edits import EDITS, edited
from tests.support import first_layout, library

FOLDER = Path(__file__).parent / "expected"


def outcome(path: Path) -> dict[str, Any]:
    """What is found in a file: findings by code, answers against the base, and extra texts."""
    try:
        checked = check_grid(open_workbook(path, complete=True), library())
    except HkzError as fault:
        return {"refused": [p.code for p in fault.problems]}
    codes = Counter(p.code for p in checked.problems if not p.code.startswith("SIGNAL_"))
    found: dict[str, Any] = {"codes": dict(sorted(codes.items()))}
    if checked.submission is not None:
        now = checked.submission.as_understood
        then = sample_inputs(first_layout("nl"))
        found["answers"] = len(now)
        found["differs"] = {
            _name(address): [_plain(then.get(address)), _plain(now.get(address))]
            for address in sorted({*now, *then}, key=_name)
            if then.get(address) != now.get(address)
        }
        found["extra"] = [
            [e.reason, e.where.sheet, e.where.cell, e.row, e.value[:60]]
            for e in checked.submission.extra
        ]
    return found


def _name(address: Address) -> str:
    return f"{address.table}/{address.row}/{address.column}"


def _plain(value: CellValue) -> object:
    return value if isinstance(value, str | float | bool) or value is None else str(value)


def expected(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return data


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        for name in EDITS:
            path = Path(folder) / f"{name}.xlsx"
            path.write_bytes(edited(name))
            text = json.dumps(outcome(path), ensure_ascii=False, indent=1) + "\n"
            (FOLDER / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
