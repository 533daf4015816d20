"""What a formula does, apart from where it stands."""

from __future__ import annotations

import re
from functools import lru_cache

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.refs import Places, RowRefs
from hkz_xlsx.scoring.formula import formula

_TEXT = re.compile(r'"(?:[^"]|"")*"')
_SHEET_NAME = re.compile(r"(?:'(?:[^']|'')*'|\$?[^\W\d][\w.]*)!")
_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?")
_TOKEN = re.compile(
    r"#[A-Z/!?0]+|[A-Z_.][A-Z0-9_.]*(?=\()|\d+(?:\.\d+)?(?:E[-+]?\d+)?|@|<>|<=|>=|[-+*/=<>&]"
)

_SHORT = 500
"""Characters of a formula that is kept: ours are shorter."""


def skeleton(text: str) -> tuple[str, ...]:
    """What a formula does, without the places it refers to: those move with rows and columns.

    Programs write the same formula in their own way (spaces, brackets, case, quotes round sheet
    names), so only functions, operators, numbers and texts are compared. Thousands of files
    have the same formulas, so what was found is kept, unless it is long.
    """
    return _kept(text) if len(text) <= _SHORT else _skeleton(text)


def _skeleton(text: str) -> tuple[str, ...]:
    texts: list[str] = []

    def keep(match: re.Match[str]) -> str:
        texts.append(match.group(0))
        return f" @{len(texts) - 1} "

    bare = _TEXT.sub(keep, text.removeprefix("=").replace("_xlfn.", ""))
    bare = _REFERENCE.sub(" ", _SHEET_NAME.sub("", bare).upper())
    bare = re.sub(r"@(\d+)", "@", bare)
    # 0.9 comes back as 0.899999999999999999978 from one program.
    tokens = [f"{float(t):.12g}" if t[0].isdigit() else t for t in _TOKEN.findall(bare)]
    return (*tokens, *texts)


_kept = lru_cache(maxsize=32_768)(_skeleton)


def loose_skeletons(plan: WorkbookPlan) -> frozenset[tuple[str, ...]]:
    """What our formulas outside tables do."""
    places, text = Places.of(plan.sheets), plan.text
    return frozenset(
        skeleton(formula(cell.expr, RowRefs(places, text, sheet, None, cell.row)))
        for sheet in plan.sheets
        for cell in sheet.formulas
    )
