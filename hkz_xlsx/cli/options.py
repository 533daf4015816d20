"""Options that mean the same in every command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def _remember(ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    ctx.meta["hkz.lang"] = value or "nl"
    return value


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


def norms_option(function: F) -> F:
    """``--norms``: another folder with norm files."""
    return click.option(
        "--norms",
        "norms_dir",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder with norm files, instead of the shipped ones.",
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


def force_option(function: F) -> F:
    """``--force``: replace existing files."""
    return click.option("--force", is_flag=True, help="Replace files that exist.")(function)


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
