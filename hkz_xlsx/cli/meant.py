"""What was meant by an option that does not exist: imported when somebody mistypes one."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

import click

_ALIKE = 0.6
"""From how much of two names that is the same a slip of the finger is likely; without their dashes,
which all have in common."""

_OTHER_WORDS = {
    "clear": "remove", "delete": "remove", "unset": "remove", "reset": "remove",
    "verwijder": "remove", "wis": "remove",
    "overwrite": "force", "replace": "force", "overschrijf": "force", "vervang": "force",
    "language": "lang", "taal": "lang", "uitvoer": "output", "workers": "jobs", "threads": "jobs",
    "name": "organisation", "organization": "organisation", "organisatie": "organisation",
    "datum": "date", "norm": "norms", "anoniem": "anonymous", "vorig": "previous",
}  # fmt: skip
"""What other programs, or people who think in Dutch, call an option."""


def meant(fault: click.NoSuchOption) -> click.NoSuchOption:
    """The same, with the options that may have been meant, the likeliest first."""
    typed = fault.option_name.lstrip("-").casefold()
    fault.possibilities = list(_likely(typed, fault.ctx))[:3]  # type: ignore[misc]
    return fault


def _likely(typed: str, context: click.Context | None) -> Iterator[str]:
    options = context.command.get_params(context) if context else []
    names = [
        name for option in options if isinstance(option, click.Option) and not option.hidden
        for name in option.opts if name.startswith("--")
    ]  # fmt: skip
    if (other := f"--{_OTHER_WORDS.get(typed)}") in names:
        yield other
        return
    ratios = {name: SequenceMatcher(None, typed, name[2:]).ratio() for name in names}
    yield from sorted((n for n in names if ratios[n] >= _ALIKE), key=lambda n: -ratios[n])
