"""Mistakes a person can act on: what file, which place, what is wrong, what to do.

A user's mistake is a `Problem`: collected, never raised while reading goes on. `HkzError`
carries problems out of a function that cannot go on. Codes are stable; their wording lives
in the message catalogues under ``problem.<CODE>``.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from hkz_xlsx.text import Lang, say


class Severity(StrEnum):
    """How bad it is: an error stops or loses something, a warning may, info only tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: Mapping[str, Severity] = MappingProxyType(
    {
        # norm files
        "NORM_FILE_MISSING": _E,
        "NORM_YAML_BROKEN": _E,
        "NORM_YAML_FORBIDDEN": _E,
        "NORM_KEY_TWICE": _E,
        "NORM_KEY_UNKNOWN": _E,
        "NORM_KEY_MISSING": _E,
        "NORM_VALUE_WRONG": _E,
        "NORM_ID_TWICE": _E,
        "NORM_ID_FORM": _E,
        "NORM_FOLDER": _E,
        "NORM_REFERENCE_UNKNOWN": _E,
        "NORM_CORE_NA": _E,
        "NORM_LANGUAGES_DIFFER": _E,
        "NORM_NOTICE": _E,
        "NORM_QUESTION_FORM": _E,
        "NORM_QUESTION_TWO": _E,
        "NORM_QUESTION_LONG": _E,
        "NORM_QUESTION_SAME": _E,
        "NORM_TEXT_LONG": _E,
        "NORM_READABILITY": _E,
        "NORM_PARAGRAPH": _E,
        "NORM_DUTY": _E,
        "NORM_CLAUSE": _E,
        "NORM_CLAUSES_MANY": _E,
        "NORM_SCOPE_EMPTY": _E,
        "NORM_LAW_UNTAGGED": _E,
        "NORM_LAW_UNNAMED": _E,
        "NORM_WORD": _E,
        "MIGRATION_MISSING": _E,
        "MIGRATION_TWICE": _E,
        "MIGRATION_UNJUDGED": _E,
        "MIGRATION_RELATION": _E,
        "MIGRATION_STALE": _E,
        "NORM_ROW_WRONG": _E,
        "NORM_LOCK_CHANGED": _E,
        "NORM_LOCK_MISSING": _E,
        "NORM_UNKNOWN": _E,
        "NORM_NEEDS_SECTOR": _E,
        "NORM_ONLY_DRAFT": _E,
        "NORM_ASKED_TWICE": _E,
        "NORM_DRAFT_USED": _W,
        "NORM_PART_STAYS": _I,
        "SCOPE_UNKNOWN": _E,
        "NORM_NO_ROWS": _E,
        "NORM_NAME": _E,
        "STEP_TOO_LONG": _E,
        # templates
        "TEMPLATE_UNKNOWN": _E,
        "TEMPLATE_COLOUR_NAME": _E,
        "TEMPLATE_COLOUR": _E,
        "TEMPLATE_CONTRAST": _E,
        "TEMPLATE_SERIES": _E,
        "TEMPLATE_LOGO": _E,
        "TEMPLATE_TEXT_LONG": _E,
        # files of users
        "FILE_MISSING": _E,
        "FILE_UNREADABLE": _E,
        "FILE_NOT_SPREADSHEET": _E,
        "FILE_ENCRYPTED": _E,
        "FILE_BROKEN": _E,
        "FILE_TOO_BIG": _E,
        "FILE_EMPTY": _E,
        "FILE_CUT_OFF": _E,
        "FILE_IS_TEXT": _E,
        "FILE_IS_WEBPAGE": _E,
        "FILE_IS_XML": _E,
        "FILE_IS_ARCHIVE": _E,
        "FILE_IS_NUMBERS": _E,
        "FILE_OTHER_OFFICE": _E,
        "FILE_ENCRYPTED_ZIP": _E,
        "FILE_ENCRYPTED_ODS": _E,
        "FILE_BOMB": _E,
        "FILE_TOO_MANY_CELLS": _E,
        "FILE_ZIP_METHOD": _E,
        "FILE_ZIP_CONTRADICTS": _E,
        "FILE_UNSAFE_PATH": _E,
        "FILE_PART_TWICE": _E,
        "FILE_PART_MISSING": _E,
        "FILE_DOCTYPE": _E,
        "FILE_TIME": _E,
        "FILE_MEMORY": _E,
        "FILE_DIED": _E,
        "FILE_INTERNAL": _E,
        "ARCHIVE_NESTED": _W,
        "ARCHIVE_LIMIT": _E,
        "ARCHIVE_NOTHING": _E,
        "FILE_HAS_MACROS": _I,
        "FILE_HAS_LINKS": _I,
        "FILE_HAS_OBJECTS": _I,
        "FILE_EPOCH_1904": _I,
        "FILE_STRICT": _I,
        "CELL_BROKEN": _E,
        "CELL_TWICE": _E,
        "NOT_OUR_WORKBOOK": _E,
        "LAYOUT_UNKNOWN": _E,
        "EDITION_UNKNOWN": _E,
        "IDENTITY_BROKEN": _E,
        "IDENTITY_FROM_PROPERTY": _I,
        "IDENTITY_FROM_CELLS": _W,
        "IDENTITY_CONTRADICTED": _E,
        "KEYS_FROM_HEADERS": _W,
        "PLAN_CHANGED": _W,
        "LAYOUT_CHANGED": _I,
        "BLOCK_MISSING": _E,
        "BLOCK_TWICE": _E,
        "RESULTS_MISSING": _W,
        "COLUMN_MISSING": _E,
        "COLUMN_TWICE": _E,
        "COLUMN_SWAPPED": _E,
        "ROW_MISSING": _E,
        "LINE_MISSING": _W,
        "ROW_UNKNOWN": _W,
        "ROW_BY_TEXT": _W,
        "ROW_TWICE": _E,
        "ANSWER_ON_COPY": _E,
        "EXTRA_TEXT": _I,
        "EXTRA_COMMENT": _I,
        "ANSWER_UNKNOWN": _E,
        "ANSWER_CLEANED": _W,
        "ANSWER_ERROR_CELL": _E,
        "ANSWER_NOT_CALCULATED": _E,
        "ANSWER_IS_FORMULA": _W,
        "DATE_WRONG": _E,
        "NUMBER_WRONG": _E,
        "SCORE_DIFFERS": _W,
        "SCORE_ABSENT": _I,
        "NOT_PLACED": _I,
        # checks of a returned workbook
        "CHECK_READ": _I,
        "FILE_DUPLICATE": _I,
        "CHECK_LIMITED": _I,
        "SHEET_RENAMED": _I,
        "SHEET_MISSING": _W,
        "SHEET_ADDED": _I,
        "TEXT_CHANGED": _W,
        "TEXT_MOVED": _E,
        "WEIGHT_CHANGED": _E,
        "FORMULA_OVERWRITTEN": _W,
        "FORMULA_CHANGED": _W,
        "DROPDOWN_GONE": _W,
        "CELLS_MERGED": _W,
        "PROTECTION_GONE": _I,
        "SIGNAL_NA_NOT_ALLOWED": _W,
        "SIGNAL_NA_WITHOUT_REASON": _W,
        "SIGNAL_YES_WITHOUT_EVIDENCE": _W,
        "SIGNAL_EVIDENCE_EXPIRED": _W,
        "SIGNAL_ACTION_INCOMPLETE": _W,
        "SIGNAL_ACTION_OVERDUE": _W,
        "SIGNAL_ADVISOR_CONTRADICTS": _W,
        "SIGNAL_MATURITY_CONTRADICTS": _W,
        "SIGNAL_SAME_ANSWER": _W,
        # merging
        "MERGE_DIFFERENT": _E,
        "MERGE_SAME_FILE": _E,
        "DECISION_OPEN": _E,
        "DECISION_WRONG": _E,
        "DECISION_LIST": _E,
        "CARRY_OTHER_NORM": _E,
        "CARRY_NO_PLACE": _W,
        "CARRY_QUESTION_CHANGED": _W,
        "CARRY_QUESTION_UNSURE": _W,
        "CARRY_SCORES_OTHER": _W,
        "CARRY_SCORES_UNSURE": _W,
        # many files, two files
        "COMPARE_NOTHING": _E,
        # portfolio
        "PORTFOLIO_ORGANISATION": _E,
        "PORTFOLIO_BUSY": _E,
        "PORTFOLIO_NONE": _E,
        "PORTFOLIO_VERSION": _E,
        "PORTFOLIO_DAMAGED": _E,
        "PORTFOLIO_UNFINISHED": _E,
        "PORTFOLIO_FOLDER": _E,
        "PORTFOLIO_MANIFEST": _E,
        "QUERY_WRONG": _E,
        "ENGINE_MISSING": _E,
        "ENGINE_FAILED": _E,
        # output
        "TARGET_EXISTS": _E,
        "TARGET_UNWRITABLE": _E,
        "TARGET_DISK_FULL": _E,
        "TARGET_READ_ONLY": _E,
        "TARGET_DENIED": _E,
        "TARGET_IS_FOLDER": _E,
        "TARGET_NO_FOLDER": _E,
        "TARGET_NAME_LONG": _E,
        "OUTPUT_LOST": _E,
        "SYSTEM_FAULT": _E,
        "PROCESS_REFUSED": _E,
        "TARGET_IN_USE": _E,
        "TARGET_FORMAT": _E,
        "TARGET_IS_INPUT": _E,
        "TARGET_TWICE": _E,
        "TARGET_FOLDER": _E,
        "FORMAT_UNKNOWN": _E,
        "TEXT_TOO_LONG": _E,
        "TEXT_CONTROL": _E,
        # many workbooks at once
        "LIST_ENCODING": _E,
        "LIST_BROKEN": _E,
        "LIST_NO_HEADER": _E,
        "LIST_EMPTY": _E,
        "LIST_COLUMN_TWICE": _E,
        "LIST_COLUMN_FREE": _I,
        "LIST_CELL_LOOSE": _E,
        "LIST_CELL_ERROR": _E,
        "LIST_VALUE_MISSING": _E,
        "LIST_VALUE_WRONG": _E,
        "LIST_VALUE_CLEANED": _W,
        "LIST_ROW_TWICE": _E,
        "NAME_MADE_SAFE": _W,
        "NAME_TWICE": _W,
        "NAME_PATTERN": _E,
        "PREVIOUS_OTHER_NORM": _E,
        "PREVIOUS_LEFT_BEHIND": _W,
        "BATCH_FOLDER_USED": _E,
        "BATCH_RUNNING": _E,
        "BATCH_STOPPED": _E,
        "BATCH_PROCESS_DIED": _E,
        "RESUME_DIFFERS": _E,
        "MANIFEST_BROKEN": _E,
    }
)


Family = Literal["use", "changed", "sense"]
"""What a finding in a returned workbook is about: can it be used, was it changed, does it make
sense."""

_CHANGED = frozenset(
    {
        "BLOCK_MISSING", "BLOCK_TWICE", "RESULTS_MISSING", "COLUMN_MISSING", "COLUMN_TWICE",
        "COLUMN_SWAPPED", "EXTRA_COMMENT", "CELLS_MERGED", "ROW_BY_TEXT",
        "ROW_MISSING", "LINE_MISSING", "ROW_UNKNOWN", "ROW_TWICE", "ANSWER_ON_COPY", "EXTRA_TEXT",
        "KEYS_FROM_HEADERS", "SCORE_DIFFERS", "SHEET_RENAMED", "SHEET_MISSING", "SHEET_ADDED",
        "TEXT_CHANGED", "TEXT_MOVED", "WEIGHT_CHANGED", "FORMULA_OVERWRITTEN", "FORMULA_CHANGED",
        "DROPDOWN_GONE", "PROTECTION_GONE",
    }
)  # fmt: skip
_NOT_RETURNED = (
    "NORM_", "SCOPE_", "TARGET_", "TEMPLATE_", "MERGE_", "DECISION_", "CARRY_", "STEP_",
    "MIGRATION_", "PORTFOLIO_", "QUERY_", "ENGINE_", "OUTPUT_", "SYSTEM_",
)  # fmt: skip
RETURNED = frozenset(code for code in CODES if not code.startswith(_NOT_RETURNED)) - {
    "TEXT_TOO_LONG",
    "TEXT_CONTROL",
}
"""Codes that can be found in a returned workbook."""

_SENSE = ("ANSWER_", "DATE_", "NUMBER_", "SIGNAL_")


def family(code: str) -> Family:
    """The family of a code that can be found in a returned workbook."""
    if code in _CHANGED:
        return "changed"
    return "sense" if code.startswith(_SENSE) else "use"


@dataclass(frozen=True, slots=True)
class Where:
    """A place a person can go to. Empty parts are left out of the message.

    ``file`` is a file name or relative path, ``line`` is 1-based, ``cell`` is like ``H12``.
    """

    file: str = ""
    line: int | None = None
    sheet: str = ""
    cell: str = ""
    requirement: str = ""

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line else "")
        spot = "!".join(part for part in (self.sheet, self.cell) if part)
        row = f"({self.requirement})" if self.requirement else ""
        return "  ".join(part for part in (_printable(place), _printable(spot), row) if part)


def _printable(text: str) -> str:
    """File names and sheet names of strangers can hold escape codes: show them, never run them."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding with its stable code; the wording follows from the language asked for."""

    code: str
    where: Where = field(default_factory=Where)
    slots: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(self.code)

    @property
    def severity(self) -> Severity:
        """Severity, fixed per code."""
        return CODES[self.code]

    def message(self, lang: Lang) -> str:
        """What is wrong, in one sentence."""
        return say(lang, f"problem.{self.code}.message", **self._shown())

    def hint(self, lang: Lang) -> str:
        """What to do about it, in one sentence."""
        return say(lang, f"problem.{self.code}.hint", **self._shown())

    def _shown(self) -> dict[str, str]:
        return {key: _printable(value) for key, value in self.slots.items()}

    def text(self, lang: Lang) -> str:
        """Place, code, message and hint on at most three lines, for terminals."""
        head = str(self.where)
        word = say(lang, f"severity.{self.severity.value}")
        lines = [head] if head else []
        lines.append(f"  {word} {self.code}  {self.message(lang)}")
        lines.append(f"    {say(lang, 'severity.hint')} {self.hint(lang)}")
        return "\n".join(lines)


def problem(code: str, where: Where | None = None, **slots: object) -> Problem:
    """Make a `Problem`; slots are turned into text here, so that problems stay plain data."""
    return Problem(code, where or Where(), {key: str(value) for key, value in slots.items()})


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them is an error."""
    return any(p.severity is Severity.ERROR for p in problems)


class HkzError(Exception):
    """Cannot go on; carries every problem found up to here."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.code} {p.where}" for p in problems))


def fault_name(fault: BaseException) -> str:
    """What the system calls a fault (``EACCES``): its own words are in its own language, its name
    is in none. A dash for a fault without one."""
    number = fault.errno if isinstance(fault, OSError) else None
    return errno.errorcode.get(number or 0, "–")
