"""The help of commands and options in Dutch: from ``hkz.po``, like what click itself says.

Docstrings and options are written in English, where docs/cli.md takes them from. Who uses ``hkz``
in Dutch gets the sentences of ``catalogues/locale/nl/LC_MESSAGES/hkz.po`` in their place, put there
when a command is imported: nothing is looked up for a command that is not used.
"""

from __future__ import annotations

import gettext
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click

LOCALE = Path(__file__).parents[1] / "catalogues" / "locale"
_AS_IT_IS = "\b"
"""Before a paragraph that click leaves as it stands: the examples."""

_KINDS = {"text": "TEKST", "integer": "GETAL", "integer range": "GETAL", "float": "GETAL"}
"""What click calls a kind of value → what it is called in the help."""

ARGUMENTS = {
    "PATHS": "PAD", "FILES": "BESTAND", "FILE": "BESTAND", "FOLDER": "MAP", "CLIENTS": "LIJST",
    "PREVIOUS": "VORIG", "CURRENT": "HUIDIG", "OLD": "OUD", "NEW": "NIEUW", "VALUE": "WAARDE",
}  # fmt: skip
"""What stands for a file or a value in the first line of the help, in Dutch; a test says when one
is missing."""

_spoken: list[Callable[[str], str]] = []
_filled: dict[str, tuple[str, dict[str, str]]] = {}
"""A sentence of the help as it is read in English → the sentence with its places, what is there."""


def filled(sentence: str, **slots: str) -> str:
    """A sentence of the help with what code knows in its places, such as the kinds of report. It is
    translated as it is written, so that one kind more changes no translation.

    Args:
        sentence: with ``{places}``.
        slots: what stands there, the same in every language.
    """
    text = sentence.format(**slots)
    _filled[_sentence(text)] = (sentence, slots)
    return text


def speak_dutch() -> None:
    """From now on the help of every command that is imported is Dutch."""
    _spoken[:] = [gettext.translation("hkz", LOCALE, ["nl"], fallback=True).gettext]


def _paragraphs(text: str) -> list[str]:
    return inspect.cleandoc(text).split("\n\n")


def _sentence(paragraph: str) -> str:
    return " ".join(paragraph.split())


def help_texts(command: click.Command) -> Iterator[str]:
    """Every text that a person reads in the help of a command and of those under it."""
    for paragraph in _paragraphs(command.help or ""):
        if paragraph and not paragraph.startswith(_AS_IT_IS):
            yield _sentence(paragraph)
    for option in command.params:
        if isinstance(option, click.Option):
            known = _sentence(option.help or "")
            yield from filter(None, (_filled.get(known, (known, {}))[0], _form(option)))
    if isinstance(command, click.Group):
        for one in command.commands.values():
            yield from help_texts(one)


def _form(option: click.Option) -> str:
    """What stands for the value of an option: its own word, or that of our own kind of value."""
    return option.metavar or str(getattr(option.type, "form", ""))


def in_language(text: str) -> str:
    """A text of the help in the language that is spoken."""
    if not _spoken or not text:  # for no text, gettext gives the head of its file
        return text
    return "\n\n".join(
        one.replace("Example:", "Voorbeeld:", 1)
        if one.startswith(_AS_IT_IS)
        else _translation(_sentence(one))
        for one in _paragraphs(text)
    )


def _translation(sentence: str) -> str:
    (said,) = _spoken
    if sentence not in _filled:
        return said(sentence)
    places, slots = _filled[sentence]
    return said(places).format(**slots)


def or_more(number: float | None) -> str:
    """From where numbers may go, in the language that is spoken."""
    return f"{number} {'of meer' if _spoken else 'or more'}"


def argument_words(argument: click.Argument) -> str:
    """What stands for an argument in the first line of the help, as click makes it."""
    if argument.metavar:
        return argument.metavar
    word = (argument.name or "").upper()
    word = word if argument.required else f"[{word}]"
    return word if argument.nargs == 1 else f"{word}..."


def _argument(argument: click.Argument) -> str:
    return re.sub("[A-Z]+", lambda word: ARGUMENTS.get(word[0], word[0]), argument_words(argument))


def translated(command: click.Command, *, below: bool = True) -> click.Command:
    """The command, with its help in the language that is spoken.

    Args:
        command: changed in place.
        below: also the commands under it.
    """
    if not _spoken:
        return command
    command.help = in_language(command.help or "")
    command.options_metavar = "[OPTIES]"
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = in_language(option.help or "") or None
            kind = "" if option.is_flag or option.count else _KINDS.get(option.type.name, "")
            option.metavar = in_language(option.metavar or "") or kind or None
        elif isinstance(option, click.Argument) and not isinstance(option.type, click.Choice):
            option.metavar = _argument(option)
    if isinstance(command, click.Group):
        command.subcommand_metavar = "OPDRACHT [GEGEVENS]..."
        if below:
            for one in command.commands.values():
                translated(one)
    return command
