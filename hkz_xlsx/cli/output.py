"""What commands print: data on stdout, talk on stderr."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import click

from hkz_xlsx.problems import Problem, Severity
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.text import Lang, say

_HEARD: ContextVar[list[Problem] | None] = ContextVar("heard", default=None)


@contextmanager
def heard() -> Iterator[list[Problem]]:
    """The problems that are shown within this block, for a caller with a screen of its own."""
    found: list[Problem] = []
    token = _HEARD.set(found)
    try:
        yield found
    finally:
        _HEARD.reset(token)


def wrong_use(key: str, **slots: object) -> click.UsageError:
    """What is wrong with the command itself, by its key under ``usage``, in the chosen language."""
    return click.UsageError(say(_spoken(), f"usage.{key}", **slots))


def wrong_value(option: str, key: str, **slots: object) -> click.BadParameter:
    """What is wrong with the value of an option, by its key, in the chosen language."""
    return click.BadParameter(say(_spoken(), key, **slots), param_hint=option)


def _spoken() -> Lang:
    context = click.get_current_context(silent=True)
    lang: Lang = context.meta.get("hkz.lang", "nl") if context else "nl"
    return lang


def show_problems(problems: Iterable[Problem], lang: Lang) -> None:
    """Every problem with place, code and advice, then how many there were."""
    shown = list(problems)
    if (listener := _HEARD.get()) is not None:
        listener += shown
    if shown:
        from hkz_xlsx.report.folded import folded_text

        for text in folded_text(shown, lang):
            click.echo(text, err=True)
    errors = sum(p.severity is Severity.ERROR for p in shown)
    warnings = sum(p.severity is Severity.WARNING for p in shown)
    if shown:
        click.echo(say(lang, "cli.found", errors=errors, warnings=warnings), err=True)
    show_password_tip({p.code for p in shown}, lang)


def show_password_tip(codes: Iterable[str], lang: Lang) -> None:
    """How a password is given, to who meets a file that has one: no file or page of ours speaks of
    options."""
    if "FILE_ENCRYPTED" in codes:
        click.echo(say(lang, "cli.password_tip"), err=True)


def exit_with_errors(problems: Iterable[Problem]) -> None:
    """End with exit code 1 when something that was read is wrong, at the end of a command that made
    its file all the same."""
    if any(p.severity is Severity.ERROR for p in problems):
        click.get_current_context().exit(1)


def show_written(path: Path, lang: Lang) -> None:
    """Says where a file is."""
    click.echo(say(lang, "cli.written", path=path), err=True)


_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Control codes and marks of direction that JSON lets stand: a terminal would obey them."""


def show_json(text: str | Iterable[str]) -> None:
    """JSON on stdout, with every such character as its escape; the same data when read.

    Args:
        text: all of it, or its pieces: of thousands of files they are never together in memory.
    """
    for piece in (text,) if isinstance(text, str) else text:
        click.echo(_UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", piece), nl=False)


def show_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their longest text."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())


def check_new_workbook(path: Path, sources: Sequence[Path], *, force: bool) -> None:
    """Refuse a workbook that cannot be, as `check_new_file`.

    Args:
        path: the workbook that is to be written.
        sources: files that are read.
        force: what exists already may be written over.
    """
    check_new_file(path, sources, ".xlsx", force=force)


_OF_FILES = {
    *FORMATS, ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".json", ".zip", ".ics", ".svg",
    ".parquet",
}  # fmt: skip
"""Endings that people give a file, and no folder."""


def check_new_folder(path: Path) -> None:
    """Refuse a name of a file where a folder is to come: it would become a folder of that name.

    Args:
        path: the folder that is to be written in.

    Raises:
        HkzError: the name ends as that of a file, and no such folder is there.
    """
    from hkz_xlsx.problems import HkzError, Where, problem

    if path.suffix.lower() in _OF_FILES and not path.is_dir():
        raise HkzError(problem("TARGET_NOT_FOLDER", Where(str(path)), suffix=path.suffix))


def check_new_file(path: Path, sources: Sequence[Path], suffix: str, *, force: bool) -> None:
    """Refuse a file that cannot be, before anything is read.

    Args:
        path: the file that is to be written.
        sources: files that are read; none of them may be written over, also with ``force``.
        suffix: that the file must have, in small letters, with its dot.
        force: what exists already may be written over.

    Raises:
        HkzError: another format, a file that is read, or a place where nothing can be written.
    """
    from hkz_xlsx.machine.faults import check_targets
    from hkz_xlsx.problems import HkzError, Where, problem

    where = Where(str(path))
    if path.suffix.lower() != suffix:
        named = path.suffix or "–"
        raise HkzError(problem("TARGET_FORMAT", where, suffix=named, choices=suffix))
    if any(path.resolve() == source.resolve() for source in sources):
        raise HkzError(problem("TARGET_IS_INPUT", where))
    check_targets([path], force=force)
