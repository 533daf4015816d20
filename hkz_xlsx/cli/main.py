"""The ``hkz`` command: the group, the edge where problems become text, exit codes.

Exit codes: 0 fine, 1 problems found, 2 wrong usage, 130 stopped (Ctrl-C). Data goes to stdout,
talk to stderr. Command modules import click only; everything else is imported when a command runs,
so that ``hkz --help`` stays quick.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from itertools import pairwise

import click

from hkz_xlsx import __version__
from hkz_xlsx.cli.commands import Commands, described
from hkz_xlsx.cli.dutch import LOCALE, speak_dutch, translated
from hkz_xlsx.cli.output import show_problems
from hkz_xlsx.cli.settings import META, default_map, read_settings
from hkz_xlsx.problems import HkzError, Problem, Where, fault_name, problem
from hkz_xlsx.text import Lang, say

STOPPED = 130


class CommandGroup(click.Group):
    """Turns `HkzError`, what the system refuses and being stopped into text and an exit code;
    every other exception is a bug and stays one."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, none of which has to be imported for it."""
        whole, self.commands = self.commands, described()
        try:
            super().format_commands(ctx, formatter)
        finally:
            self.commands = whole

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            try:
                return super().invoke(ctx)
            except click.NoSuchOption as fault:
                from hkz_xlsx.cli.meant import meant

                raise meant(fault) from None
            finally:
                sys.stdout.flush()  # while there is still somebody to tell that it fails
        except HkzError as fault:
            show_problems(fault.problems, ctx.meta.get("hkz.lang", "nl"))
            ctx.exit(1)
        except (KeyboardInterrupt, click.Abort):
            if sys.stderr.isatty():
                click.echo(err=True)  # behind the question, or the sign that Ctrl-C leaves
            key = ctx.meta.get("hkz.stopped", "cli.stopped")
            click.echo(say(ctx.meta.get("hkz.lang", "nl"), key), err=True)
            ctx.exit(STOPPED)
        except ModuleNotFoundError as fault:
            from hkz_xlsx.machine.extras import not_installed

            if (said := not_installed(fault)) is None:
                raise
            show_problems([said], ctx.meta.get("hkz.lang", "nl"))
            ctx.exit(1)
        except OSError as fault:
            if fault.errno == errno.EPIPE:
                raise  # whoever read our output has seen enough
            show_problems([_refused(fault)], ctx.meta.get("hkz.lang", "nl"))
            _forget_output()
            ctx.exit(1)


def _refused(fault: OSError) -> Problem:
    """What the system would not do; without a file name it is about our own output."""
    from pathlib import Path

    from hkz_xlsx.machine.faults import full, told

    detail = fault_name(fault)
    if not fault.filename:
        return problem("OUTPUT_LOST", None, detail=detail)
    name = os.fsdecode(fault.filename)
    if full(fault) or fault.errno == errno.EROFS:
        return told(Path(name), fault)
    return problem("SYSTEM_FAULT", Where(name), detail=detail)


def _forget_output() -> None:
    """Output that cannot be written must not be tried again at the end of the process."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())


@click.group(
    cls=CommandGroup,
    commands=Commands(),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="hkz")
@click.option(
    "--lang",
    "spoken",
    type=click.Choice(["nl", "en"]),
    help="Language of everything; also possible behind a command.",
)
@click.pass_context
def cli(ctx: click.Context, spoken: str | None) -> None:
    """Make self-assessment workbooks for Dutch HKZ quality norms, and read completed ones back
    into gap reports. Without a command, on a terminal: what would you like to do?
    """
    settings = {**read_settings(), **({"lang": spoken} if spoken else {})}
    ctx.meta[META] = settings
    if ctx.invoked_subcommand is not None:
        ctx.default_map = default_map(cli, settings, ctx.invoked_subcommand)
        return
    from hkz_xlsx.cli.guided import guide, on_terminal

    if not on_terminal():
        click.echo(ctx.get_help())
        return
    lang: Lang = "en" if settings.get("lang") == "en" else "nl"
    ctx.meta["hkz.lang"] = lang
    if words := guide(lang):
        from hkz_xlsx.cli.called import shell_line

        words = ("--lang", spoken, *words) if spoken else words
        click.echo(f"{say(lang, 'guided.command')}\n  {shell_line(words)}\n")
        ctx.exit(cli.main(list(words), prog_name="hkz", standalone_mode=False) or 0)


def _speak(words: list[str]) -> None:
    """What click says of wrong use in Dutch too, unless the command or the settings say English.

    gettext looks for the language in the environment; the command line is not parsed yet.
    """
    import gettext

    with suppress(HkzError):  # settings that cannot be read are told when the command runs
        chosen = read_settings().get("lang", "nl")
        spoken = [w.removeprefix("--lang=") for w in words if w.startswith("--lang=")]
        spoken += [after for word, after in pairwise(words) if word == "--lang"]
        if (spoken or [chosen])[-1] == "nl":
            os.environ["LANGUAGE"] = "nl"
            gettext.bindtextdomain("click", LOCALE)
            gettext.textdomain("click")
            speak_dutch()
            translated(cli, below=False)


def main() -> None:
    """Entry point of the ``hkz`` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that cannot show a star must not stop us
            # In a file or a pipe there is no console to ask: always the same letters.
            words = {} if stream.isatty() else {"encoding": "utf-8"}
            stream.reconfigure(errors="replace", **words)
    _speak(sys.argv[1:])
    cli(prog_name="hkz")
