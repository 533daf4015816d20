"""``hkz`` alone on a terminal: what do you want to do, in four choices.

Each asks only what it needs, prints the command that does it, and runs it: who has seen it twice
types it the third time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.options import DayType
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from datetime import datetime

    from hkz_xlsx.norm.choose import Advice
    from hkz_xlsx.norm.load import Library

Made = tuple[str, ...]
"""The words of a command, without ``hkz``."""

MOST_FTE = 1_000_000
_ROOM = 5
"""Characters for the id of a norm, before its name."""

_BACKSLASHED = re.compile(r"\\(.)")
"""What a shell of Linux or macOS makes of a space in a name that is dragged to it."""


def on_terminal() -> bool:
    """Whether a person is there to answer, and not a pipe or a script."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def guide(lang: Lang) -> Made:
    """Asks what to do and what that needs; gives the command, or nothing when one is done."""
    click.echo(say(lang, "guided.what"))
    for number, (key, _) in enumerate(_CHOICES, 1):
        click.echo(f"  {number}  {say(lang, f'guided.{key}')}")
    click.echo(f"  0  {say(lang, 'guided.stop')}")
    click.echo(say(lang, "guided.leave"))
    chosen = _number(lang, 0, len(_CHOICES))
    return _CHOICES[chosen - 1][1](lang) if chosen else ()


def _asked(lang: Lang, key: str) -> str:
    """A line of text; empty for who only presses Enter."""
    found: str = click.prompt(say(lang, f"guided.{key}"), default="", show_default=False)
    return found.strip()


def _number(lang: Lang, low: int, high: int) -> int:
    """The number of a line of a list."""
    while True:
        typed = _asked(lang, "choice")
        with suppress(ValueError):
            if low <= (number := int(typed)) <= high:
                return number
        told = say(lang, "guided.no_choice", typed=typed, low=low, high=high)
        click.echo(told if typed else say(lang, "guided.needed"))


def _file(lang: Lang, key: str, *, needed: bool = True) -> str:
    """A file that is there. Dragged into the window, a name comes with quotes around it, or with
    a backslash before its spaces."""
    while True:
        typed = _asked(lang, key).strip("'\"& ")
        if not typed:
            if not needed:
                return typed
            click.echo(say(lang, "guided.needed"))
            continue
        found = (name for name in (typed, _BACKSLASHED.sub(r"\1", typed)) if Path(name).is_file())
        if name := next(found, ""):
            return name
        click.echo(say(lang, "guided.no_file", name=typed))


def _day(lang: Lang, key: str) -> str:
    """A day, as the command wants it."""
    while True:
        typed = _asked(lang, key)
        with suppress(click.BadParameter):
            day: datetime = DayType().convert(typed, None, None)
            return f"{day:%d-%m-%Y}"
        told = say(lang, "cli.no_day", value=typed) if typed else say(lang, "guided.needed")
        click.echo(told)


def _fte(lang: Lang) -> float | None:
    """A number the Dutch or the English way; None for who does not know it."""
    while typed := _asked(lang, "fte"):
        with suppress(ValueError):
            found = float(typed.replace(",", "."))
            if 0 <= found <= MOST_FTE:  # also refuses "nan"
                return found
        click.echo(say(lang, "guided.no_number", typed=typed))
    return None


def _norm(lang: Lang) -> str:
    """A norm by its number, also as it is printed (HKZ 143); or the one that fits best by what the
    organisation is, or another after all."""
    from hkz_xlsx.norm.load import load_library

    library = load_library()
    fitting: tuple[str, ...] = ()
    while True:
        if fitting:
            which = say(lang, "guided.which", choices=", ".join(fitting))
            typed = str(click.prompt(which, default=fitting[0])).strip()
        elif not (typed := _asked(lang, "norm")):
            fitting = _fitting(lang)
            continue
        asked = typed.lower().removeprefix("hkz").strip(" -")
        found = library.part(asked) if asked in library.ids else None
        if found is not None and found.structure != "organisation":
            return found.id
        _list_norms(lang, library, typed)


def _fitting(lang: Lang) -> tuple[str, ...]:
    """The norms that fit, each with the reason, the best first."""
    found = {one.generate[0]: one.reasons for one in _advice(lang) if one.generate}
    for part, reasons in found.items():
        why = " ".join(say(lang, f"choose.reason.{reason}") for reason in reasons)
        click.echo(f"  {part:<{_ROOM}}{why}")
    return tuple(found)


def _list_norms(lang: Lang, library: Library, typed: str) -> None:
    click.echo(say(lang, "guided.no_norm", name=typed))
    for one in library.newest():
        if one.structure != "organisation":  # that comes along, and never alone
            click.echo(f"  {one.id:<{_ROOM}}{one.short_name.get(lang)}")


def _advice(lang: Lang) -> tuple[Advice, ...]:
    from hkz_xlsx.norm.choose import PURPOSES, WORK, OrganisationProfile, choose
    from hkz_xlsx.norm.load import load_library

    fte = _fte(lang)
    click.echo(say(lang, "guided.work"))
    kinds = list(WORK)
    for number, kind in enumerate(kinds, 1):
        click.echo(f"  {number:>2}  {say(lang, f'page.kind.{kind}')}")
    number = _number(lang, 1, len(kinds))
    profile = OrganisationProfile(fte, (kinds[number - 1],), PURPOSES[:1])
    return choose(profile, load_library())


def _make(lang: Lang) -> Made:
    from hkz_xlsx.cli.new_names import new_name

    norm = _norm(lang)
    name = _asked(lang, "name")
    words = ["generate", norm]
    if name:
        words += ["--organisation", name]
    target = new_name(f"{name or say(lang, 'guided.workbook')} {norm}", ".xlsx")
    return (*words, "-o", str(target))


def _check(lang: Lang) -> Made:
    return ("check", _file(lang, "file"))


def _report(lang: Lang) -> Made:
    from hkz_xlsx.cli.new_names import new_name

    file = _file(lang, "file")
    earlier = _file(lang, "earlier", needed=False)
    target = new_name(f"{Path(file).stem} {say(lang, 'guided.report_name')}", ".html")
    return ("analyze", file, *(("--previous", earlier) if earlier else ()), "-o", str(target))


def _next(lang: Lang) -> Made:
    from hkz_xlsx.cli.new_names import new_name

    file = _file(lang, "last")
    day = _day(lang, "date")
    target = new_name(f"{Path(file).stem} {day[-4:]}", ".xlsx")
    return ("generate", "--next", file, "--date", day, "-o", str(target))


_CHOICES: tuple[tuple[str, Callable[[Lang], Made]], ...] = (
    ("make", _make), ("check", _check), ("report", _report), ("next", _next),
)  # fmt: skip
