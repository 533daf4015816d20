"""The commands by name: what a list of them says, without importing any.

``hkz --help`` and ``hkz`` alone show a line per command; a command is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module

import click

from hkz_xlsx.cli.dutch import in_language, translated

LINES: Mapping[str, str] = {
    "aggregate": (
        "Read returned files into a portfolio: tables, and figures about the whole field."
    ),
    "analyze": ("Read completed workbooks and report scores, gaps, actions, signals and problems."),
    "batch": ("Make a workbook for every client on a list, with a manifest of what went out."),
    "check": ("Look returned files over: can they be used, were they changed, do they make sense."),
    "collect": (
        "Show per client what came back: nothing, empty, partly, complete, faulty, or twice."
    ),
    "compare": (
        "Compare two completed workbooks: scores then and now, what was solved, what slipped."
    ),
    "config": ("Show or keep settings: language, template, adviser, folder, norms."),
    "demo": ("Make a workbook, fill it with invented answers, analyze it and write the report."),
    "form": ("Make a form to print and fill in with a pen: the questions of a workbook, as a PDF."),
    "generate": (
        "Make a workbook for one or more norm parts; parts that belong together come along."
    ),
    "merge": (
        "Put the workbooks of several colleagues or locations together, with a log of differences."
    ),
    "migrate": ("Move completed workbooks to another question set and the newest layout."),
    "norms": ("Show and check the norms that workbooks can be made for."),
    "query": (
        "Ask a question in SQL (DuckDB) over the tables of a portfolio; they can only be read."
    ),
    "repair": (
        "Make a fresh workbook with every answer of a damaged one; the original stays as it is."
    ),
    "share": (
        "Make a copy to give away, without texts and paragraphs from your own copy of the norm."
    ),
    "sign": ("Make a copy of a workbook that remembers what somebody agreed to."),
    "split": ("Make a part of a completed workbook for each of those who fill it in."),
}
"""Command → the first lines of its help, as they stand there."""

_ELSEWHERE = {"config": "settings"}
"""Commands that do not stand in the module of their name."""


class Commands(MutableMapping[str, click.Command]):
    """Every command; imported when somebody looks at it."""

    def __init__(self) -> None:
        self._loaded: dict[str, click.Command] = {}
        self._names = dict.fromkeys(LINES)

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._loaded:
            module = import_module(f"hkz_xlsx.cli.{_ELSEWHERE.get(name, name)}")
            self._loaded[name] = translated(getattr(module, name))
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._names[name] = None
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._names[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class WholeLines(click.Group):
    """A group whose list of commands says the whole first sentence of each; click cuts it off."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list, every sentence over as many lines as it needs."""
        for one in self.commands.values():
            one.short_help = one.get_short_help_str(limit=LONGEST_LINE)
        super().format_commands(ctx, formatter)


LONGEST_LINE = 1000
"""Characters of a first sentence: more than any has."""


def described() -> dict[str, click.Command]:
    """Stand-ins that only have a name and their first lines, for a list; whole, for click cuts a
    ``help`` where it thinks it long."""
    return {name: click.Command(name, short_help=in_language(line)) for name, line in LINES.items()}
