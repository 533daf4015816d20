"""Progress: on a terminal a bar, in a pipe nothing."""

from __future__ import annotations

import sys
from io import StringIO

import pytest

from hkz_xlsx.cli.progress import progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("total", [3, 1_000])
def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch, total: int) -> None:
    """Title, how many of how many."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress("Werkboeken", total) as step:
        for _ in range(total):
            step(1)
    assert "Werkboeken" in screen.getvalue()
    assert f"{total}/{total}" in screen.getvalue()


def test_a_total_that_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found on the way, with what else is to be told."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress("Lezen") as step:
        step()
        step(2, total=4, note="1 onbruikbaar")
    assert "3/4" in screen.getvalue()
    assert "1 onbruikbaar" in screen.getvalue()


def test_silence_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one character."""
    screen = StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress("Werkboeken", 3) as step:
        step(1)
    assert screen.getvalue() == ""
