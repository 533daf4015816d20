"""What the page asks for, as a call with JSON in and JSON out; files lie in folders of the worker.

Every action runs the command of the command line that does the same, so both give the same bytes.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hkz_xlsx.machine.in_process import in_this_process, lost
from hkz_xlsx.problems import HkzError, Problem
from hkz_xlsx.text import Lang

Asked = Mapping[str, Any]
"""What a screen asks: plain values as JSON has them."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command said: its exit code, what it printed, and the problems in it."""

    code: int
    out: str
    err: str
    problems: tuple[Problem, ...]

    @property
    def fine(self) -> bool:
        """Whether it found nothing wrong."""
        return self.code == 0


def command(*words: str) -> CommandResult:
    """Run a command of ``hkz`` here.

    Args:
        words: as typed after ``hkz``.

    Raises:
        click.ClickException: the page asked for something that the command does not know.
    """
    from hkz_xlsx.cli.main import cli
    from hkz_xlsx.cli.output import heard

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), heard() as problems:
        code = cli.main(list(words), prog_name="hkz", standalone_mode=False)
    return CommandResult(int(code or 0), out.getvalue(), err.getvalue(), tuple(problems))


def shown(problems: tuple[Problem, ...], lang: Lang) -> list[dict[str, Any]]:
    """Problems as the page shows them."""
    from hkz_xlsx.problems import family
    from hkz_xlsx.report.render_json import problem_data

    return [{"family": family(one.code), **problem_data(one, lang)} for one in problems]


class Told:
    """Tells the page of files before and after the work on them, and knows what it knew before.

    Args:
        known: answers by call; ``FILE_TIME``, ``FILE_MEMORY`` or ``FILE_DIED`` for a file on
            which the worker was lost.
        begins: told of the call and the file.
        ends: told of the call and its answer.
    """

    def __init__(
        self,
        known: Mapping[str, bytes | str],
        begins: Callable[[str, str], None],
        ends: Callable[[str, bytes], None],
    ) -> None:
        self._known, self.begins, self.ends = known, begins, ends

    def known(self, call: str) -> bytes | None:
        """The answer to a call that was done before, or on which a worker was lost."""
        found = self._known.get(call)
        match found:
            case "FILE_TIME" | "FILE_MEMORY" | "FILE_DIED":
                return lost(found)
            case None | str():
                return None
            case _:
                return bytes(found)  # a buffer of the browser


def call(action: str, asked: str, folder: str, watch: Told | None = None) -> str:
    """Do what a screen asks.

    Args:
        action: a key of `ACTIONS`.
        asked: JSON; see the action.
        folder: an empty folder for the files that are made.
        watch: told of every file that is worked on.

    Returns:
        JSON: what the action says; ``problems`` alone when nothing could be made.
    """
    from hkz_xlsx.page.actions import ACTIONS

    words: Asked = json.loads(asked)
    target = Path(folder)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with in_this_process(watch):
        try:
            found = ACTIONS[action](words, target)
        except HkzError as fault:
            found = {"refused": True, "problems": shown(fault.problems, words.get("lang", "nl"))}
    found["files"] = [
        path.relative_to(target).as_posix() for path in sorted(target.rglob("*")) if path.is_file()
    ]
    return json.dumps(found, ensure_ascii=False)
