"""Mistakes a person can act on: what file, which place, what is wrong, what to do.

A user's mistake is a `Problem`: collected, never raised while reading goes on. `HkzError`
carries problems out of a function that cannot go on. Codes are stable; their wording lives
in the message catalogues under ``problem.<CODE>``.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from hkz_xlsx.problem_codes import CODES as CODES
from hkz_xlsx.problem_codes import Severity as Severity
from hkz_xlsx.text import Counted, Lang, NumberText, catalogue, say, seen, spoken

Family = Literal["use", "changed", "sense"]
"""What a finding in a returned workbook is about: can it be used, was it changed, does it make
sense."""

_CHANGED = frozenset(
    {
        "BLOCK_MISSING", "BLOCK_TWICE", "RESULTS_MISSING", "EARLIER_MISSING", "COLUMN_MISSING",
        "COLUMN_TWICE",
        "COLUMN_SWAPPED", "EXTRA_COMMENT", "CELLS_MERGED", "ROW_BY_TEXT", "EXTRA_LINK",
        "EXTRA_SHAPE", "EXTRA_PICTURE", "EXTRA_OBJECT", "EXTRA_FOOTNOTE", "EXTRA_PAGE",
        "SHEET_HIDDEN",
        "ROW_MISSING", "LINE_MISSING", "ROW_UNKNOWN", "ROW_NUMBERLESS", "ROW_TWICE",
        "ANSWER_ON_COPY", "EXTRA_TEXT",
        "KEYS_FROM_HEADERS", "SCORE_DIFFERS", "SHEET_RENAMED", "SHEET_MISSING", "SHEET_ADDED",
        "TEXT_CHANGED", "TEXT_MOVED", "WEIGHT_CHANGED", "FORMULA_OVERWRITTEN", "FORMULA_CHANGED",
        "DROPDOWN_GONE", "PROTECTION_GONE", "PROTECTION_NO_FILTER", "PROTECTION_NO_SIZES",
        "AGREED_KEPT", "AGREED_CHANGED",
    }
)  # fmt: skip
_NOT_RETURNED = (
    "NORM_", "SCOPE_", "TARGET_", "TEMPLATE_", "MERGE_", "DECISION_", "CARRY_", "STEP_",
    "MIGRATE_", "MIGRATION_", "NEXT_", "SPLIT_", "SIGN_", "OWN_TEXT_", "SHARE_", "PART_",
    "PORTFOLIO_", "QUERY_", "ENGINE_", "OUTPUT_", "SYSTEM_", "OWNER_", "RETURN_",
)  # fmt: skip
RETURNED = frozenset(code for code in CODES if not code.startswith(_NOT_RETURNED)) - {
    "TEXT_TOO_LONG",
    "TEXT_CONTROL",
}
"""Codes that can be found in a returned workbook."""

_AND_MORE = re.compile(r" \([^()]*\{more[}:][^()]*\)")
"""The part of a message that says how many others there are."""

_SENSE = ("ANSWER_", "DATE_", "KVK_", "NUMBER_", "SIGNAL_")


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
        row = f"({seen(self.requirement)})" if self.requirement else ""
        return "  ".join(part for part in (seen(place), seen(spot), row) if part)


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
        text = catalogue(lang)[f"problem.{self.code}.message"]
        if self.slots.get("more") == "0":
            text = _AND_MORE.sub("", text)  # nobody says "and 0 more"
        return text.format(**self._shown(lang))

    def hint(self, lang: Lang) -> str:
        """What to do about it, in one sentence."""
        return say(lang, f"problem.{self.code}.hint", **self._shown(lang))

    def _shown(self, lang: Lang) -> dict[str, str]:
        return {key: Counted(seen(spoken(value, lang))) for key, value in self.slots.items()}

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
    return Problem(code, where or Where(), {key: _text(value) for key, value in slots.items()})


def _text(value: object) -> str:
    if isinstance(value, NumberText):
        return value
    return NumberText(value) if isinstance(value, float) else str(value)


class HeldProblems:
    """Takes problems that came from another process, to be held for thousands of files: the same
    code, place or words in them is one object then."""

    _MOST = 50_000

    def __init__(self) -> None:
        self._texts: dict[tuple[str, type], str] = {}
        self._slots: dict[tuple[tuple[str, str, type], ...], Mapping[str, str]] = {}

    def held(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The same problems, made of what is held already."""
        return tuple(map(self._one, problems))

    def _one(self, found: Problem) -> Problem:
        for known in (self._texts, self._slots):
            if len(known) > self._MOST:  # of texts that are all different nothing is gained
                known.clear()
        text, at = self._text, found.where
        where = Where(text(at.file), at.line, text(at.sheet), text(at.cell), text(at.requirement))
        key = tuple((name, value, type(value)) for name, value in found.slots.items())
        if key not in self._slots:
            self._slots[key] = {text(name): text(value) for name, value in found.slots.items()}
        return Problem(text(found.code), where, self._slots[key])

    def _text(self, text: str) -> str:
        return self._texts.setdefault((text, type(text)), text)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them is an error."""
    return any(p.severity is Severity.ERROR for p in problems)


class HkzError(Exception):
    """Cannot go on; carries every problem found up to here."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.code} {p.where}" for p in problems))

    def __str__(self) -> str:
        """What a program that does not catch it shows: every problem with what to do."""
        return "\n".join(p.text("en") for p in self.problems)


def fault_name(fault: BaseException) -> str:
    """What the system calls a fault (``EACCES``): its own words are in its own language, its name
    is in none. A dash for a fault without one."""
    number = fault.errno if isinstance(fault, OSError) else None
    return errno.errorcode.get(number or 0, "–")
