"""Mistakes a person can act on: what file, which place, what is wrong, what to do.

A user's mistake is a `Problem`: collected, never raised while reading goes on. `HkzError`
carries problems out of a function that cannot go on. Codes are stable; their wording lives
in the message catalogues under ``problem.<CODE>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

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
        "NORM_ROW_WRONG": _E,
        "NORM_LOCK_CHANGED": _E,
        "NORM_LOCK_MISSING": _E,
        "NORM_UNKNOWN": _E,
        "NORM_NEEDS_SECTOR": _E,
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
        "PLAN_CHANGED": _W,
        "BLOCK_MISSING": _E,
        "BLOCK_TWICE": _E,
        "RESULTS_MISSING": _W,
        "COLUMN_MISSING": _E,
        "COLUMN_TWICE": _E,
        "ROW_MISSING": _E,
        "LINE_MISSING": _W,
        "ROW_UNKNOWN": _W,
        "ROW_TWICE": _E,
        "ANSWER_UNKNOWN": _E,
        "ANSWER_CLEANED": _W,
        "ANSWER_ERROR_CELL": _E,
        "DATE_WRONG": _E,
        "NUMBER_WRONG": _E,
        "SCORE_DIFFERS": _W,
        "SCORE_ABSENT": _I,
        "CARRY_OTHER_NORM": _E,
        "CARRY_NO_PLACE": _W,
        # output
        "TARGET_EXISTS": _E,
        "TARGET_UNWRITABLE": _E,
        "TARGET_IN_USE": _E,
        "TARGET_FORMAT": _E,
        "TARGET_IS_INPUT": _E,
        "TARGET_TWICE": _E,
        "TEXT_TOO_LONG": _E,
        "TEXT_CONTROL": _E,
    }
)


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
