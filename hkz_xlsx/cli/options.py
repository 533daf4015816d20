"""Options that mean the same in every command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from hkz_xlsx.cli.dutch import in_language, or_more
from hkz_xlsx.cli.output import wrong_value
from hkz_xlsx.text import Lang, say

F = TypeVar("F", bound=Callable[..., Any])


class DayType(click.DateTime):
    """A day, the Dutch way or the way of programs; told so when it is none."""

    form = "DD-MM-YYYY"

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d", "%d-%m-%Y"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """What stands in the help."""
        return in_language(self.form)

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:  # fmt: skip
        """A day, or click's own refusal in the words and the language of the command.

        Args:
            value: what was typed.
            param: the option it was typed for.
            ctx: knows the language, once ``--lang`` was read.
        """
        try:
            day: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            lang: Lang = ctx.meta.get("hkz.lang", "nl") if ctx else "nl"
            self.fail(say(lang, "cli.no_day", value=value), param, ctx)
        return day


class Whole(click.IntRange):
    """A whole number from somewhere on, which is told in words."""

    def _describe_range(self) -> str:
        """In the help, and of a number that cannot be."""
        return or_more(self.min)


def _remember(ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    ctx.meta["hkz.lang"] = value or "nl"
    return value


def given(name: str) -> bool:
    """Whether an option was typed, or kept in the settings, and is not what it is by itself."""
    source = click.get_current_context().get_parameter_source(name)
    return source not in (None, ParameterSource.DEFAULT)


def lang_option(function: F) -> F:
    """``--lang``: language of what is made and of messages."""
    return click.option(
        "--lang",
        type=click.Choice(["nl", "en"]),
        default="nl",
        show_default=True,
        is_eager=True,
        callback=_remember,
        help="Language of the result and of messages.",
    )(function)


def report_lang_option(function: F) -> F:
    """``--lang`` for reports: the language of the workbook unless said otherwise."""
    return click.option(
        "--lang",
        type=click.Choice(["nl", "en"]),
        is_eager=True,
        callback=_remember,
        help="Language of the report; by default that of the workbook.",
    )(function)


def message_lang_option(function: F) -> F:
    """``--lang`` of commands that keep the language of the workbook."""
    return click.option(
        "--lang",
        type=click.Choice(["nl", "en"]),
        is_eager=True,
        callback=_remember,
        help="Language of messages; by default that of the workbook.",
    )(function)


NORMS_GROUP = "hkz_xlsx.norms"
"""Where packages of others say that they bring norm files: an entry point with a name to choose
them by, and a function that gives their folder (docs/norm-format.md)."""


def _norms_folder(
    _ctx: click.Context, _param: click.Parameter, value: Path | None
) -> Path | None:  # fmt: skip
    """A folder as it is; a name as the folder of the installed package that gives it."""
    if value is None or value.exists():
        return value
    from importlib.metadata import entry_points

    for point in entry_points(group=NORMS_GROUP, name=str(value)):
        return Path(point.load()())
    return value


def norms_option(function: F) -> F:
    """``--norms``: another folder with norm files, or those of an installed package."""
    return click.option(
        "--norms",
        "norms_dir",
        type=click.Path(path_type=Path, file_okay=False),
        callback=_norms_folder,
        help="Folder with norm files, or the name of an installed package with them, instead of "
        "the shipped ones.",
    )(function)


def template_option(function: F) -> F:
    """``--template``: colours, font, logo and cover text."""
    return click.option(
        "--template",
        default="neutraal",
        show_default=True,
        metavar="NAME|FOLDER",
        help="Looks: a shipped template, or your own folder with a template.yaml.",
    )(function)


def word_template_option(function: F) -> F:
    """``--word-template``: a Word file of one's own; `chosen_look` takes it."""
    return click.option(
        "--word-template",
        metavar="FILE",
        default="",
        expose_value=False,
        callback=_keep,
        help="Your own Word file (.docx) with fields to fill; see docs/word-template.md.",
    )(function)


def _keep(context: click.Context, param: click.Parameter, value: str) -> None:
    context.meta[f"hkz.{param.name}"] = value


def new_workbook_option(function: F) -> F:
    """``-o`` for one new workbook; without it, a name that no file has."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        help="The workbook to write (.xlsx); by default a new name, never that of a file that is "
        "there.",
    )(function)


def jobs_option(function: F) -> F:
    """``--jobs``: how many processes."""
    return click.option(
        "-j",
        "--jobs",
        type=Whole(0),
        default=0,
        help="Processes; by default as many as it pays to use.",
    )(function)


def full_option(function: F) -> F:
    """``--full``: print everything, also what stands in a file that is written."""
    return click.option("--full", is_flag=True, help="Print everything, nothing folded.")(function)


def force_option(function: F) -> F:
    """``--force``: replace existing files."""
    return click.option("--force", is_flag=True, help="Replace files that exist.")(function)


def same_client_option(function: F) -> F:
    """``--same-client``: what is put together is of one client, whatever it says itself."""
    return click.option(
        "--same-client",
        is_flag=True,
        help="These files are of one client though KvK number, location or name differ: a merger, "
        "a corrected number. It is noted in the result.",
    )(function)


def _pairs(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, ...], ...]:
    found = tuple(tuple(part.strip() for part in value.split("=")) for value in values)
    for value, names in zip(values, found, strict=True):
        if len(names) < 2 or not all(names):  # noqa: PLR2004 - two make one
            raise wrong_value("--same-client", "usage.two_clients", value=value)
    return found


def same_clients_option(function: F) -> F:
    """``--same-client`` where there are many: which of them are one."""
    return click.option(
        "--same-client",
        "same_client",
        multiple=True,
        callback=_pairs,
        metavar="NUMBER=NUMBER",
        help="Two KvK numbers (or a name where there is none) that are of one client: a merger, a "
        "corrected number. May be repeated.",
    )(function)


def basis_option(function: F) -> F:
    """``--basis``: own or adviser's answers."""
    return click.option(
        "--basis",
        type=click.Choice(["self", "advisor"]),
        help="Whose answers count; by default what the workbook says.",
    )(function)


def list_options(function: F) -> F:
    """``--sheet``, ``--hidden``, ``--struck``: what of a list is only read when asked for."""
    function = click.option(
        "--struck", is_flag=True, help="Also read what is struck through in the list."
    )(function)
    function = click.option(
        "--hidden", is_flag=True, help="Also read rows and sheets of the list that are hidden."
    )(function)
    return click.option(
        "--sheet",
        "sheets",
        multiple=True,
        metavar="NAME",
        help="Sheet of the list to read; by default the first with a list. May be repeated.",
    )(function)
