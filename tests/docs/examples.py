"""Runs the examples of a page as a reader would: from top to bottom, in one empty folder.

What a page shows is what runs. Only what happens between two commands (a client fills a workbook
in) stands in comments that a reader does not see:

    <!-- file: NAME -->             the next block is the content of this file
    <!-- filled: FROM > TO -->      the workbook FROM, filled in, becomes TO
    <!-- cut: FROM > TO -->         FROM damaged: its end is gone
    <!-- folder: NAME -->           a folder in which nothing came back yet
    <!-- field: N > FOLDER -->      N invented organisations send their workbooks back to a folder
    <!-- notebook: NAME -->         the cells of a notebook beside the page
    <!-- not run -->                the next block is not run, such as an installation
    <!-- exit: N -->                the next block ends with this code

A ``text`` block after a command is what it prints, also what it says on the side; ``…`` stands for
what was left out, on a line of its own for whole lines.
"""

from __future__ import annotations

import ast
import json
import os
import random
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.portfolio.field import member, write

_BLOCK = re.compile(
    r"^<!-- (?P<note>.+?) -->$|^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Step:
    """A note, or a block with the line it begins on."""

    note: str
    kind: str
    body: str
    line: int


def steps(text: str) -> Iterator[Step]:
    """Notes and blocks of a page, in order."""
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Step(found["note"] or "", found["kind"] or "", found["body"] or "", line)


def commands(body: str) -> Iterator[list[str]]:
    """The commands of a block, without what is said of them behind ``#``."""
    for line in body.replace("\\\n", " ").splitlines():
        if words := shlex.split(line, comments=True):
            yield words


class Page:
    """A page being walked through in a folder of its own."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path, self._folder = path, folder
        self._skip, self._exit, self._target, self._said = False, 0, "", ""
        self.run_count = 0

    def walk(self) -> None:
        """Do everything the page says; an assertion names the line."""
        before = Path.cwd()
        os.chdir(self._folder)
        try:
            for step in steps(self._path.read_text("utf-8")):
                self._step(step)
        finally:
            os.chdir(before)

    def _step(self, step: Step) -> None:
        where = f"{self._path.name}:{step.line}"
        if step.note:
            self._note(step.note)
        elif self._target:
            target = Path(self._target)
            target.write_text(step.body, "utf-8")
            self._target = ""
        elif self._skip:
            self._skip = False
        elif step.kind == "sh":
            self._said = "".join(self._run(words, where) for words in commands(step.body))
            self._exit = 0
        elif step.kind == "text":
            assert fits(step.body, self._said), f"{where}\n{self._said}"
        elif step.kind == "python":
            exec(compile(step.body, where, "exec"), {})

    def _note(self, note: str) -> None:
        word, _, rest = note.partition(": ")
        match word:
            case "not run":
                self._skip = True
            case "exit":
                self._exit = int(rest)
            case "file":
                self._target = rest
            case "folder":
                Path(rest).mkdir()
            case "field":
                count, folder = rest.split(" > ")
                write([member(seed) for seed in range(int(count))], Path(folder))
            case "notebook":
                Notebook(self._path.with_name(rest)).run()
            case "filled" | "cut":
                source, target = rest.split(" > ")
                Path(target).parent.mkdir(parents=True, exist_ok=True)
                make = filled if word == "filled" else cut
                Path(target).write_bytes(make(Path(source)))
            case _:
                raise AssertionError(f"{self._path.name}: {note}")

    def _run(self, words: list[str], where: str) -> str:
        words, target = (words[:-2], words[-1]) if words[-2:-1] == [">"] else (words, "")
        if words[0] == "mkdir":
            Path(words[1]).mkdir()
            return ""
        assert words[0] == "hkz", f"{where}: {words}"
        done = CliRunner().invoke(cli, words[1:])
        assert done.exit_code == self._exit, f"{where}: {words}\n{done.output}"
        self.run_count += 1
        if target:
            Path(target).write_text(done.stdout, "utf-8")
            return str(done.stderr)
        return done.output


class Notebook:
    """A notebook: its cells run in order, and show what they give; HKZ_GOLDEN=1 rewrites that."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._book = json.loads(path.read_text("utf-8"))

    def run(self) -> None:
        """Run every cell of code."""
        names: dict[str, Any] = {}
        for number, cell in enumerate(self._book["cells"], 1):
            if cell["cell_type"] == "code":
                shown = self._cell("".join(cell["source"]), names, f"{self._path.name} {number}")
                made = [_output(shown)] if shown else []
                if os.environ.get("HKZ_GOLDEN"):
                    cell["outputs"] = made
                assert cell["outputs"] == made, f"{self._path.name}, cell {number}\n{shown}"
        if os.environ.get("HKZ_GOLDEN"):
            text = json.dumps(self._book, indent=1, ensure_ascii=False) + "\n"
            self._path.write_text(text, "utf-8", newline="\n")

    @staticmethod
    def _cell(source: str, names: dict[str, Any], where: str) -> str:
        tree = ast.parse(source)
        last = tree.body[-1] if isinstance(tree.body[-1], ast.Expr) else None
        if last is not None:
            tree.body.pop()
        exec(compile(tree, where, "exec"), names)
        if last is None:
            return ""
        value = eval(compile(ast.Expression(last.value), where, "eval"), names)
        return "" if value is None else str(value)


def _output(text: str) -> dict[str, Any]:
    """A result as notebooks keep it."""
    return {
        "data": {"text/plain": text.splitlines(keepends=True)}, "execution_count": None,
        "metadata": {}, "output_type": "execute_result",
    }  # fmt: skip


def fits(shown: str, said: str) -> bool:
    """Whether a page shows what was printed, but for what it leaves out."""
    lines = re.split(r"^…$\n?", shown.rstrip() + "\n", flags=re.MULTILINE)
    inside = (".*".join(map(re.escape, part.split("…"))) for part in lines)
    return re.fullmatch(r"(?:.*\n)*?".join(inside), said.rstrip() + "\n") is not None


def filled(source: Path) -> bytes:
    """The workbook as its client sends it back: the same one, with answers."""
    found = read_workbook(source, load_library())
    sample = sample_inputs(found.plan, random.Random(source.stem).randrange(1000))
    typed: dict[Address, CellValue] = {
        address: value for address, value in sample.items() if address.table == T.requirements
    }
    return write_workbook(replace(found.plan), {**found.as_counted, **typed})


def cut(source: Path) -> bytes:
    """A file that came back in half."""
    data = source.read_bytes()
    return data[: len(data) // 2]
