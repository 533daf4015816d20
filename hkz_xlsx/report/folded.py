"""The same finding in many places, said once with its places: for a terminal.

Lists to work through and JSON keep every finding apart; a person reads forty times the same two
lines only once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from hkz_xlsx.problems import Problem, Severity, Where
from hkz_xlsx.returned.check import CheckedFile
from hkz_xlsx.text import Lang, say, seen, spoken

MOST_PLACES = 8
"""Places named of one finding; the others are counted."""

_Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


def _key(found: Problem) -> _Key:
    """What makes two findings the same mistake: what was typed there may differ."""
    slots = tuple(sorted((k, v) for k, v in found.slots.items() if k != "value"))
    return found.code, found.where.file, found.where.sheet, slots


def folded(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Findings that are the same mistake together, in order of their first."""
    groups: dict[_Key, list[Problem]] = {}
    for found in problems:
        groups.setdefault(_key(found), []).append(found)
    return list(groups.values())


def folded_text(problems: Iterable[Problem], lang: Lang) -> Iterator[str]:
    """Every mistake once: the places, what is wrong and what to do."""
    for group in folded(problems):
        first = group[0]
        if len(group) == 1:
            yield first.text(lang)
            continue
        where = replace(first.where, cell="", requirement="", line=None)
        places = _listed([_place(one.where) for one in group], lang)
        head, _, rest = replace(first, where=where).text(lang).partition("\n")
        mark = "!" if where.sheet else ":" if first.where.line else "  "
        values = dict.fromkeys(one.slots.get("value", "") for one in group)
        # A finding without any place of its own has only its message to show.
        text = f"{head}{mark}{places}\n{rest}" if str(where) else f"{places}\n{head}\n{rest}"
        if len(values) > 1:
            shown = [
                f"‘{seen(spoken(value, lang))}’"
                for value in values
                if value != first.slots.get("value")
            ]
            text += f"\n    {say(lang, 'severity.also')} {_listed(shown, lang)}"
        yield text


def _place(where: Where) -> str:
    spot = where.cell or (str(where.line) if where.line else "")
    row = f"({seen(where.requirement)})" if where.requirement else ""
    return " ".join(part for part in (spot, row) if part)


def _listed(names: Sequence[str], lang: Lang) -> str:
    """The first names, and how many others there are."""
    named = [name for name in names if name]
    shown = ", ".join(named[:MOST_PLACES])
    rest = len(names) - min(len(named), MOST_PLACES)
    if not shown:
        return say(lang, "severity.times", count=len(names))
    return f"{shown} {say(lang, 'severity.more', count=rest)}" if rest else shown


def file_line(checked: CheckedFile, lang: Lang) -> str:
    """One file of a check on one line: can it be used, how full is it, how much was found."""
    found = [one.severity for one in checked.problems]
    counts = {
        severity.value: found.count(severity) for severity in (Severity.ERROR, Severity.WARNING)
    }
    state = "used" if checked.usable else "refused"
    if checked.same_as:
        state = "again"
    parts = [say(lang, f"check.state.{state}")]
    parts += [
        say(lang, "check.answered", answered=one.slots["answered"], count=one.slots["count"])
        for one in checked.problems
        if one.code == "CHECK_READ"
    ]
    wrong = any(counts.values())
    parts.append(say(lang, "check.found", **counts) if wrong else say(lang, "check.fine"))
    return f"{seen(checked.file)}: {'; '.join(parts)}."
