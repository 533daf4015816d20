"""Passwords that a person gave for files of others: known in this process, handed to workers
through their pipe, and nowhere else: not on a command line, in a log, a manifest or a cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

R = TypeVar("R")

MOST_TRIED = 200
"""Passwords tried on one file: each costs some 0.1 s, by design of the format."""


@dataclass(frozen=True, slots=True)
class Password:
    """A password, and what the name of a file says when it is for that file; empty for any."""

    text: str
    hint: str = ""

    def __repr__(self) -> str:
        """Nothing of it: representations end up in logs."""
        return "Password(…)"


_known: list[Password] = []


def use(passwords: Sequence[Password]) -> None:
    """From now on, these are tried on protected files."""
    _known[:] = passwords


def known(file: str = "") -> tuple[Password, ...]:
    """What is to be tried on a file, those meant for it first; no more than `MOST_TRIED`."""
    name = file.casefold()
    meant = [one for one in _known if one.hint and one.hint.casefold() in name]
    others = [one for one in _known if one not in meant]
    return (*meant, *others)[:MOST_TRIED]


def with_known(
    passwords: Sequence[Password],
    function: Callable[..., R],
    arguments: tuple[object, ...],
    options: Mapping[str, object],
) -> R:
    """A call in a worker, which knows the passwords of its parent for as long as it lasts.

    Args:
        passwords: those that files may be opened with, kept in memory only.
        function: what the worker was asked to call.
        arguments: its arguments.
        options: its named arguments.
    """
    use(passwords)
    try:
        return function(*arguments, **options)
    finally:
        use(())
