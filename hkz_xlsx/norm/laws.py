"""How old our laws are, and which announced changes are open: what to look up each year."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hkz_xlsx.norm.model import KnownChange, Law
from hkz_xlsx.text import Lang, Messages

State = Literal["passed", "coming", "undated"]
"""Of an announced change, on the day that is asked about."""


@dataclass(frozen=True, slots=True)
class OpenChange:
    """An announced change, and whether its day is there yet."""

    change: KnownChange
    state: State


@dataclass(frozen=True, slots=True)
class LawAge:
    """One law, its age in days since it was looked at, and its open changes."""

    law: Law
    days: int
    changes: tuple[OpenChange, ...]

    def count(self, state: State) -> int:
        """How many open changes are in that state."""
        return sum(one.state == state for one in self.changes)


def law_ages(laws: Iterable[Law], day: date) -> tuple[LawAge, ...]:
    """Every law on that day, what is most in need of a look first: looked at longest ago, then
    changes of which the day has passed, then those without a day.

    Raises:
        ValueError: ``checked_on`` is not a date.
    """
    found = [
        LawAge(
            law, (day - date.fromisoformat(law.checked_on)).days,
            tuple(OpenChange(c, _state(c, day)) for c in law.known_change_after),
        )
        for law in laws
    ]  # fmt: skip
    return tuple(
        sorted(found, key=lambda one: (-one.days, -one.count("passed"), -one.count("undated")))
    )


def _state(change: KnownChange, day: date) -> State:
    if not change.on:
        return "undated"
    return "passed" if date.fromisoformat(change.on) <= day else "coming"


def as_json(revision: str, ages: Iterable[LawAge], day: date, lang: Lang) -> str:
    """The same for a program, ending with a line end.

    Args:
        revision: of the shared data that the laws stand in, such as ``r2``.
        ages: the laws, each with how long ago it was looked at, in days.
        day: the day on which that was counted.
        lang: language of names and texts.
    """
    laws = [
        {
            "id": one.law.id,
            "name": one.law.name.get(lang),
            "kind": one.law.kind,
            "checked_on": one.law.checked_on,
            "days": one.days,
            "confidence": one.law.confidence,
            "text_state": one.law.text_state.get(lang),
            "changes": [
                {
                    "on": c.change.on or None,
                    "certain": c.change.certain,
                    "state": c.state,
                    "what": c.change.what.get(lang),
                }
                for c in one.changes
            ],
            "unsure": one.law.unsure.get(lang) if one.law.unsure else None,
        }
        for one in ages
    ]
    data = {"shared": revision, "on": day.isoformat(), "laws": laws}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def state_text(law: Law, lang: Lang, text: Messages) -> str:
    """What a law entry rests on, what is open and what is unsure, in one text.

    Args:
        law: the entry.
        lang: language of the text.
        text: the catalogue of that language.
    """
    lines = [law.text_state.get(lang)]
    lines += [change_text(change, lang, text) for change in law.known_change_after]
    if law.unsure is not None:
        lines.append(text("help.law.unsure").format(what=law.unsure.get(lang)))
    return " ".join(lines)


def change_text(change: KnownChange, lang: Lang, text: Messages) -> str:
    """An announced change with its day, and whether that is certain.

    Args:
        change: what is announced; without a day when none is known.
        lang: language of the text.
        text: the catalogue of that language.
    """
    key = "undated" if not change.on else "certain" if change.certain else "uncertain"
    day = "-".join(reversed(change.on.split("-")))
    return text(f"help.law.{key}").format(day=day, what=change.what.get(lang))
