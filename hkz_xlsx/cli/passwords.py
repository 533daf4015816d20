"""Passwords for protected files: from a file or asked for, never on the command line itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hkz_xlsx.text import say

if TYPE_CHECKING:
    from hkz_xlsx.machine.passwords import Password

F = TypeVar("F", bound=Callable[..., Any])

_LISTS = (".csv", ".xlsx", ".xlsm", ".ods")


def password_options(function: F) -> F:
    """``--password-file`` and ``--ask-password``: what protected files are opened with."""
    function = click.option(
        "--ask-password",
        is_flag=True,
        expose_value=False,
        callback=_ask,
        help="Ask for a password for protected files.",
    )(function)
    return click.option(
        "--password-file",
        type=click.Path(path_type=Path, dir_okay=False),
        expose_value=False,
        callback=_from_file,
        help="Passwords for protected files: one on each line, or a client list with a column "
        "Wachtwoord.",
    )(function)


def _ask(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from hkz_xlsx.machine.passwords import Password

        lang = ctx.meta.get("hkz.lang", "nl")
        typed = click.prompt(say(lang, "cli.password"), hide_input=True, err=True)
        _use([Password(typed)], ctx)


def _from_file(ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
    if value is not None and not ctx.resilient_parsing:
        _use(read_passwords(value), ctx)


def _use(passwords: list[Password], ctx: click.Context) -> None:
    """Known until the command ends."""
    from hkz_xlsx.machine.extras import need
    from hkz_xlsx.machine.passwords import known, use

    need("msoffcrypto")
    use([*known(), *passwords])
    ctx.call_on_close(lambda: use(()))


def read_passwords(path: Path) -> list[Password]:
    """The passwords in a file, in its order.

    A list (csv, xlsx, ods) has a column *Wachtwoord* (*Password*): each is meant first for files
    with the name, or the KvK number, of its row in theirs. Any other file is plain text, in
    UTF-8, with a password on each line; spaces at the ends do not count.

    Raises:
        HkzError: the file cannot be read, or holds no password.
    """
    from hkz_xlsx.machine.passwords import Password
    from hkz_xlsx.problems import HkzError, Where, fault_name, problem

    where = Where(path.name)
    if path.suffix.lower() in _LISTS:
        found = _of_list(path)
    else:
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except FileNotFoundError:
            raise HkzError(problem("FILE_MISSING", where)) from None
        except (OSError, UnicodeDecodeError) as fault:
            detail = fault_name(fault) if isinstance(fault, OSError) else "UTF-8"
            raise HkzError(problem("FILE_UNREADABLE", where, detail=detail)) from None
        found = [Password(line.strip()) for line in lines if line.strip()]
    if not found:
        raise HkzError(problem("PASSWORDS_NONE", where))
    return found


def _of_list(path: Path) -> list[Password]:
    from hkz_xlsx.batch.table import read_tables
    from hkz_xlsx.machine.passwords import Password
    from hkz_xlsx.scoring.cell_values import shown

    found = []
    for raw in read_tables(path, ("password",)):
        places = {one.key: one.place for one in raw.headings if one.key}
        for _, row in raw.rows:
            text = {k: shown(row[at]).strip() for k, at in places.items() if at < len(row)}
            if text.get("password"):
                hints = [text[key] for key in ("file", "kvk", "name") if text.get(key)]
                found += [Password(text["password"], hint) for hint in hints or [""]]
    return found
