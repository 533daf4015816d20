"""New tables stand beside those of a portfolio until all of them are whole.

So a full disk, or a run that is killed, leaves the portfolio as it was. Only while the finished
tables are put in place, which needs no room and takes milliseconds, the portfolio counts as
unfinished; a next run then makes them again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hkz_xlsx.machine.faults import put_in_place
from hkz_xlsx.portfolio.cache import NAME
from hkz_xlsx.portfolio.parts import PARTS
from hkz_xlsx.portfolio.schema import TABLES
from hkz_xlsx.problems import HkzError, Where, problem

STATE = "portfolio.json"


@dataclass(frozen=True, slots=True)
class Stage:
    """A portfolio, and the parts of its large tables that are made anew; small tables all are."""

    folder: Path
    parts: tuple[str, ...]

    @property
    def root(self) -> Path:
        """Where new tables are written."""
        return self.folder / ".new"

    def empty(self) -> None:
        """Begin without what an earlier run left."""
        if self.root.exists():
            shutil.rmtree(self.root)
        self.root.mkdir(mode=0o700)

    def paths(self, table: str) -> list[Path]:
        """The files of a table as they will be."""
        if table not in PARTS:
            return [path for path in (self.root / f"{table}.parquet",) if path.is_file()]
        found = {p.stem: p for p in (self.folder / table).glob("*.parquet")}
        found = {name: path for name, path in found.items() if name not in self.parts}
        found |= {p.stem: p for p in (self.root / table).glob("*.parquet")}
        return [found[name] for name in sorted(found)]

    def put_in_place(self) -> None:
        """Replace the tables; while `STATE` is not there, the portfolio counts as unfinished."""
        (self.folder / STATE).unlink(missing_ok=True)
        for table in PARTS:
            for part in self.parts:
                new, path = (root / table / f"{part}.parquet" for root in (self.root, self.folder))
                if new.is_file():
                    path.parent.mkdir(exist_ok=True)
                    put_in_place(new, path)
                else:
                    path.unlink(missing_ok=True)
        for path in sorted(self.root.glob("*.*"), key=lambda p: p.name == STATE):
            put_in_place(path, self.folder / path.name)
        shutil.rmtree(self.root)


def table_paths(folder: Path, stage: Stage | None = None) -> dict[str, Sequence[str]]:
    """The files of every table of a portfolio, or of what is going to be one.

    Raises:
        HkzError: it is no portfolio, or not a finished one.
    """
    if stage is None:
        check_finished(folder)
        stage = Stage(folder, ())
        small = {name: folder / f"{name}.parquet" for name in TABLES if name not in PARTS}
        if not small["files"].is_file():
            raise HkzError(problem("PORTFOLIO_NONE", Where(str(folder))))
        one = {name: [path] if path.is_file() else [] for name, path in small.items()}
    else:
        one = {name: stage.paths(name) for name in TABLES if name not in PARTS}
    found = {name: one[name] if name in one else stage.paths(name) for name in TABLES}
    return {name: [os.fspath(p.resolve()) for p in paths] for name, paths in found.items()}


def check_finished(folder: Path) -> None:
    """Refuse a portfolio in which something was going on when it stopped.

    Raises:
        HkzError: it is half made or half updated.
    """
    if (folder / NAME).is_file() and not (folder / STATE).is_file():
        raise HkzError(problem("PORTFOLIO_UNFINISHED", Where(str(folder))))
