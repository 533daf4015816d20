"""Every file and every answer is accounted for: the counts must add up, and are shown.

Files found are read, refused, ignored (no workbook) or a duplicate of an earlier one. Of every
question in the files that were read the answer is there, empty, not understood, or its cell is
missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.choices import ANSWER, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import Lang, say


class TallyError(RuntimeError):
    """Files or answers are unaccounted for: a mistake of ours that must not go unnoticed."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of every file of a run."""

    found: int
    read: int
    refused: int
    ignored: int
    duplicate: int

    def __post_init__(self) -> None:
        if self.found != self.read + self.refused + self.ignored + self.duplicate:
            raise TallyError(str(self.data()))

    def data(self) -> dict[str, int]:
        """For JSON."""
        return asdict(self)

    def text(self, lang: Lang) -> str:
        """In one sentence."""
        return say(lang, "tally.files", **self.data())


@dataclass(frozen=True, slots=True)
class QuestionTally:
    """What became of the answers to one question, or to all: number of files in which."""

    files: int
    answered: int
    empty: int
    invalid: int
    missing: int

    def __post_init__(self) -> None:
        if self.files != self.answered + self.empty + self.invalid + self.missing:
            raise TallyError(str(self.data()))

    def data(self) -> dict[str, int]:
        """For JSON."""
        return asdict(self)

    def text(self, lang: Lang) -> str:
        """In one sentence."""
        return say(lang, "tally.answers", **self.data())


class QuestionCounter:
    """Counts per question, in order of appearance, what became of its answer in every file."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, int]] = {}

    def add(self, states: Mapping[str, str]) -> None:
        """Count one file: what `answer_states` said of it."""
        for row, state in states.items():
            counts = self._found.setdefault(row, dict.fromkeys(_NAMES, 0))
            counts[_FILES] += 1
            counts[state] += 1

    def result(self) -> Mapping[str, QuestionTally]:
        """Up to now."""
        return {row: QuestionTally(**counts) for row, counts in self._found.items()}


_NAMES = tuple(field.name for field in fields(QuestionTally))
_FILES, _ANSWERED, _EMPTY, _INVALID, _MISSING = _NAMES


def answer_states(submission: Submission) -> dict[str, str]:
    """What became of the answer to every question of one file."""
    rows = submission.plan.model.table(T.requirements).rows
    return {row: _state(submission, Address(T.requirements, row, ANSWER)) for row in rows}


def _state(submission: Submission, address: Address) -> str:
    reading = submission.readings.get(address)
    if reading is None or reading.nothing:
        return _EMPTY if address in submission.places else _MISSING
    return _INVALID if reading.state in ("unknown", "error") else _ANSWERED


def total(found: Mapping[str, QuestionTally]) -> QuestionTally:
    """All questions together."""
    sums = {name: sum(getattr(one, name) for one in found.values()) for name in _NAMES}
    return QuestionTally(**sums)
