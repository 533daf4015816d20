"""How far a long command is: on a terminal only, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

_OFTEN = 50
"""Steps between two looks at the bar when there are many: telling can cost more than a step."""


class Advance(Protocol):
    """To be told of progress."""

    def __call__(self, count: int = 1, *, total: int | None = None, note: str = "") -> None:
        """So many more are done; of how many, as far as is known now, and what else to show."""


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Advance]:
    """A line on stderr with how many, rate and time left; gives a function to be told of steps.

    Args:
        title: what is being done.
        total: how many there will be; None when that is not known beforehand.
    """
    if not sys.stderr.isatty():

        def silent(count: int = 1, *, total: int | None = None, note: str = "") -> None:
            """Nobody looks."""

        yield silent
        return
    from rich import progress as line
    from rich.console import Console
    from rich.text import Text

    class Rate(line.ProgressColumn):
        """Steps per second."""

        def render(self, task: line.Task) -> Text:
            """The number, once it is known."""
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "")

    columns = (
        line.TextColumn("{task.description}"), line.BarColumn(), line.MofNCompleteColumn(),
        Rate(), line.TimeRemainingColumn(), line.TextColumn("{task.fields[note]}"),
    )  # fmt: skip
    with line.Progress(*columns, console=Console(stderr=True), refresh_per_second=5) as bar:
        task = bar.add_task(title, total=total, note="")
        waiting, of = 0, total

        def step(count: int = 1, *, total: int | None = None, note: str = "") -> None:
            nonlocal waiting, of
            waiting, of = waiting + count, total or of
            if waiting >= _OFTEN or (of or 0) < 10 * _OFTEN:
                bar.update(task, advance=waiting, total=of, note=note)
                waiting = 0

        yield step
        bar.update(task, advance=waiting)
