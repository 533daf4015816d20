"""The large tables, with a row per answer: a folder of parts each.

There is a part for each first digit of the file id; it is made again only when one of its files
changed, so a few new files among thousands cost a few parts.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hkz_xlsx.portfolio.cache import opened_to_read
from hkz_xlsx.portfolio.file_rows import Body, unpack
from hkz_xlsx.portfolio.run import FoundFile
from hkz_xlsx.portfolio.schema import ANSWERS, SCORES, TABLES, TEXTS

PARTS = (ANSWERS.name, SCORES.name, TEXTS.name)
"""Tables that are a folder of parts."""

_PIECE = 8_192
"""Rows of a large table that are lists of Python at once, and those of one file more."""


@dataclass(frozen=True, slots=True)
class PartTask:
    """One part of the large tables: files by id and by key in the cache.

    ``passing`` are results that may be others when the same bytes are read again.
    """

    cache: str
    folder: str
    name: str
    files: tuple[tuple[str, str], ...]
    texts: bool
    passing: tuple[tuple[str, str], ...] = ()

    @property
    def fingerprint(self) -> str:
        """Changes when the part would."""
        text = repr((self.files, self.texts, self.passing))
        return hashlib.sha256(text.encode()).hexdigest()


def part_tasks(
    cache: Path, folder: Path, entries: Sequence[FoundFile], version: str, *, texts: bool,
    passing: Mapping[str, str],
) -> tuple[PartTask, ...]:  # fmt: skip
    """The parts that these files make; parts without files too, so that old ones are emptied.

    Args:
        cache: the database with what was read.
        folder: where the tables are made.
        entries: the files of the run; those that were skipped have no rows.
        version: of what was read, as it is named in the cache.
        texts: keep what people wrote in their own words.
        passing: from `Cache.passing`: results that may be others when the same bytes are read
            again.
    """
    files: dict[str, list[tuple[str, str]]] = {digit: [] for digit in "0123456789abcdef"}
    for entry in entries:
        if not entry.skipped:
            files[entry.file_id[0]].append((entry.file_id, f"{entry.sha256}.{version}"))

    def task(digit: str) -> PartTask:
        found = tuple(sorted(files[digit]))
        again = tuple((file_id, passing[key]) for file_id, key in found if key in passing)
        return PartTask(str(cache), str(folder), digit, found, texts, again)

    return tuple(map(task, files))


def make_part(task: PartTask) -> int:
    """Write one part of every large table; what a worker runs. Gives the number of answers."""
    from hkz_xlsx.portfolio import arrow

    with ExitStack() as files:
        tables: dict[str, Callable[[Mapping[str, list[Any]]], None]] = {}

        def write(name: str, columns: Mapping[str, list[Any]]) -> None:
            if name not in tables:
                path = Path(task.folder) / name / f"{task.name}.parquet"
                tables[name] = files.enter_context(arrow.parquet_pieces(path, TABLES[name]))
            tables[name](columns)

        return sum(_write_part(task, write))


def _write_part(
    task: PartTask, write: Callable[[str, Mapping[str, list[Any]]], None]
) -> Iterator[int]:
    """Hand over the rows of a part in pieces, so that memory does not grow with their number;
    gives the number of answers in each."""
    columns: dict[str, dict[str, list[Any]]] = {name: defaultdict(list) for name in PARTS}

    def hand_over(least: int) -> Iterator[int]:
        for name in PARTS:
            count = len(columns[name].get("file_id", ()))
            if count > least:
                write(name, columns[name])
                columns[name] = defaultdict(list)
                yield count if name == ANSWERS.name else 0

    for file_id, body in _bodies(task):
        _add_answers(columns[ANSWERS.name], file_id, body)
        _add_rows(columns[SCORES.name], SCORES.names, file_id, body.get("scores", ()))
        if task.texts:
            rows = [
                dict(zip(("requirement", "field", "text"), t, strict=True))
                for t in body.get("texts", ())
            ]
            _add_rows(columns[TEXTS.name], TEXTS.names, file_id, rows)
        yield from hand_over(_PIECE)
    yield from hand_over(0)


def _bodies(task: PartTask) -> Iterable[tuple[str, Body]]:
    db = opened_to_read(Path(task.cache))
    try:
        for file_id, key in task.files:
            row = db.execute("select body from bodies where key = ?", (key,)).fetchone()
            if row is not None:
                yield file_id, unpack(row[0])
    finally:
        db.close()


def _add_answers(into: dict[str, list[Any]], file_id: str, body: Body) -> None:
    answers = body.get("answers")
    if not answers:
        return
    count = len(answers["requirement"])
    into["file_id"] += [file_id] * count
    into["ordinal"] += range(1, count + 1)
    for name in ANSWERS.names:
        if name not in ("file_id", "ordinal"):
            into[name] += answers.get(name) or [None] * count


def _add_rows(
    into: dict[str, list[Any]],
    names: Sequence[str],
    file_id: str,
    rows: Iterable[Mapping[str, Any]],
) -> None:
    for ordinal, row in enumerate(rows, 1):
        own = {"file_id": file_id, "ordinal": ordinal}
        for name in names:
            into[name].append(own[name] if name in own else row.get(name))
