"""What `hkz check --json` writes of many files: piece by piece, and held once."""

from __future__ import annotations

import json
import pickle

from hkz_xlsx.problems import HeldProblems, Problem, Where, problem
from hkz_xlsx.report.render_check import json_pieces
from hkz_xlsx.returned.check import CheckedFile, CheckRun
from hkz_xlsx.returned.counts import Tally

_HARD = 'a "files": [] \n  "files": []\u2028.xlsx'
"""A name that looks like what stands around the files."""


def _found(name: str) -> tuple[Problem, ...]:
    where = Where(name, None, "Beoordeling", "C12", "125:1.1")
    return (problem("SIGNAL_NA_NOT_ALLOWED", where), problem("SHEET_MISSING", where, table="Hulp"))


def _run(*names: str) -> CheckRun:
    files = tuple(CheckedFile(name, _found(name), None) for name in names)
    return CheckRun(files, ("lees.txt",), Tally(len(names) + 1, 0, len(names), 1, 0), {})


def test_pieces_are_one_text_as_json_indents_it() -> None:
    for names in ((), (_HARD,), ("a.xlsx", _HARD, "b.xlsx")):
        pieces = list(json_pieces(_run(*names), "nl"))
        text = "".join(pieces)
        data = json.loads(text)
        assert [one["file"] for one in data["files"]] == list(names)
        assert data["skipped"] == ["lees.txt"]
        assert text == json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        assert len(pieces) == len(names) + 2, "a piece is no more than one file"


def test_problems_of_many_files_are_held_once() -> None:
    """Each comes from another process with objects of its own."""
    held = HeldProblems()
    sent = [_found(f"{n}.xlsx") for n in range(3)]
    kept = [held.held(pickle.loads(pickle.dumps(found))) for found in sent]
    assert kept == sent
    for one, other in zip(kept[0], kept[2], strict=True):
        assert one.code is other.code
        assert one.slots is other.slots
        assert one.where.sheet is other.where.sheet
        assert one.where.cell is other.where.cell
