"""What a consultant need not type each time, kept in one file of their own.

The file is TOML with texts only, in the folder where programs keep settings on this system;
``HKZ_SETTINGS`` names another. What is typed on the command line goes first.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hkz_xlsx.cli.options import lang_option
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from hkz_xlsx.layout.style_template import Look

KEYS: Mapping[str, tuple[str, ...]] = {
    "lang": ("lang",),
    "template": ("template",),
    "word_template": ("word_template",),
    "norms": ("norms_dir",),
    "folder": (),
    "adviser": (),
}
"""Setting → parameters of commands that take it; the last two are looked up where they matter."""

FILE, META = "settings.toml", "hkz.settings"


def settings_path() -> Path:
    """Where the file is, or would be."""
    named = os.environ.get("HKZ_SETTINGS")
    return Path(named) if named else Path(click.get_app_dir("hkz")) / FILE


def read_settings() -> dict[str, str]:
    """Every setting in the file; empty when there is none.

    Raises:
        HkzError: the file cannot be read, is no TOML, or says what nobody asks; all at once.
    """
    path = settings_path()
    try:
        if not path.is_file():
            return {}
    except OSError:
        return {}  # a home that is not ours has no settings for us
    import tomllib

    from hkz_xlsx.problems import HkzError, Where, problem

    where = Where(str(path))
    try:
        found = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise HkzError(problem("SETTINGS_UNREAD", where, detail=str(fault))) from None
    wrong = [key for key, value in found.items() if key not in KEYS or not isinstance(value, str)]
    if wrong:
        choices = ", ".join(KEYS)
        raise HkzError(*(problem("SETTINGS_KEY", where, key=key, choices=choices) for key in wrong))
    return found


def default_map(
    group: click.Group, settings: Mapping[str, str], only: str = ""
) -> dict[str, Any]:  # fmt: skip
    """Settings as defaults of the commands that have such a parameter, as click wants them.

    Args:
        group: the commands.
        settings: what was kept.
        only: the one command that is going to run; none other is imported then.
    """
    found: dict[str, Any] = {}
    if not settings or (only and only not in group.commands):
        return found
    for name in [only] if only else list(group.commands):
        command = group.commands[name]
        if isinstance(command, click.Group):
            found[name] = default_map(command, settings)
            continue
        names = {param.name for param in command.params}
        found[name] = {
            param: value for key, value in settings.items() for param in KEYS[key] if param in names
        }
    return found


def setting(key: str) -> str:
    """A setting of this run; empty when there is none."""
    context = click.get_current_context(silent=True)
    found: Mapping[str, str] = context.meta.get(META, {}) if context else {}
    return found.get(key, "")


def chosen_look(template: str) -> Look:
    """The looks that ``--template`` names; the adviser of the settings where they name none."""
    from dataclasses import replace

    from hkz_xlsx.layout.template import load_template

    look = load_template(template)
    context = click.get_current_context(silent=True)
    look = with_word(look, context.meta.get("hkz.word_template", "") if context else "")
    return look if look.adviser else replace(look, adviser=setting("adviser"))


def with_word(look: Look, path: str) -> Look:
    """With the Word template that ``--word-template`` names; that of the look where it names none.

    Raises:
        HkzError: there is no such Word file.
    """
    from dataclasses import replace

    from hkz_xlsx.layout.style_template import OwnWord
    from hkz_xlsx.problems import HkzError, Where, problem

    if not path:
        return look
    try:
        data = Path(path).read_bytes()
    except OSError:
        raise HkzError(problem("WORD_TEMPLATE_UNREAD", Where(path))) from None
    return replace(look, word=OwnWord(Path(path).name, data))


def _checked(key: str, value: str) -> str:
    """The value as it is kept; raises `HkzError` for one that no command could use."""
    from hkz_xlsx.problems import HkzError, Where, problem

    if key == "lang" and value not in ("nl", "en"):
        raise HkzError(problem("SETTINGS_VALUE", Where(key), value=value, choices="nl, en"))
    if key == "template":
        from hkz_xlsx.layout.template import load_template

        load_template(str(Path(value).resolve()) if Path(value).is_dir() else value)
    if key == "word_template":
        from hkz_xlsx.layout.style_template import NEUTRAL
        from hkz_xlsx.report.write import look_for

        look_for(with_word(NEUTRAL, value), [".docx"])
        return str(Path(value).resolve())
    if key in ("template", "norms", "folder") and (key == "folder" or Path(value).is_dir()):
        return str(Path(value).resolve())  # the same from whatever folder one works in
    return value


@click.command()
@click.argument("key", required=False, type=click.Choice(list(KEYS)))
@click.argument("value", required=False)
@click.option("--remove", is_flag=True, help="Take this setting out.")
@lang_option
def config(key: str | None, value: str | None, remove: bool, lang: Lang) -> None:
    """Show or keep settings: language, template, adviser, folder, norms.

    \b
    Example:
      hkz config
      hkz config template C:\\huisstijl
      hkz config adviser "Bureau Helder, J. de Wit"
      hkz config template --remove
    """
    import json

    from hkz_xlsx.machine.atomic import make_folder, write_file

    path = settings_path()
    settings = read_settings()
    if key is not None and (value is not None or remove):
        if remove or not value:  # nothing to keep is no setting
            settings.pop(key, None)
        else:
            settings[key] = _checked(key, value)
        lines = [f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in settings.items()]
        make_folder(path.parent)
        write_file(path, "".join(lines).encode(), force=True)
    for one in KEYS if key is None else (key,):
        click.echo(f"{one} = {settings.get(one, '–')}")
    click.echo(say(lang, "config.file", path=path), err=True)
