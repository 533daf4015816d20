"""What commands print: data on stdout, talk on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from hkz_xlsx.problems import Problem, Severity
from hkz_xlsx.text import Lang, say


def show_problems(problems: Iterable[Problem], lang: Lang) -> None:
    """Every problem with place, code and advice, then how many there were."""
    shown = list(problems)
    for found in shown:
        click.echo(found.text(lang), err=True)
    errors = sum(p.severity is Severity.ERROR for p in shown)
    warnings = sum(p.severity is Severity.WARNING for p in shown)
    if shown:
        click.echo(say(lang, "cli.found", errors=errors, warnings=warnings), err=True)


def show_written(path: Path, lang: Lang) -> None:
    """Says where a file is."""
    click.echo(say(lang, "cli.written", path=path), err=True)


def show_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their longest text."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())
