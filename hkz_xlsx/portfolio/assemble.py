"""From what was read to the tables: matching, and Parquet files that depend on the files only.

Small tables are one file each. Those with a row per answer are a folder of parts, one for each
first digit of the file id; a part is made again only when one of its files changed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hkz_xlsx.layout.whose import Stated
from hkz_xlsx.norm.load import Library
from hkz_xlsx.portfolio.cache import opened_to_read
from hkz_xlsx.portfolio.file_rows import Body, unpack, unpack_all
from hkz_xlsx.portfolio.manifest import Manifest, attribute_rows
from hkz_xlsx.portfolio.match import CERTAIN, Matched, Seen, match
from hkz_xlsx.portfolio.names import requirement_rows, set_rows
from hkz_xlsx.portfolio.run import FoundFile
from hkz_xlsx.portfolio.schema import ANSWERS, SCORES, TABLES, TEXTS, size_class
from hkz_xlsx.problems import CODES, Problem, Severity, family, problem
from hkz_xlsx.returned.counts import Tally
from hkz_xlsx.returned.many import library_of
from hkz_xlsx.text import Lang

PARTS = (ANSWERS.name, SCORES.name, TEXTS.name)
"""Tables that are a folder of parts."""

_PIECE = 8_192
"""Rows of a large table that are lists of Python at once, and those of one file more."""

_TOGETHER = 500
"""Files whose heads are read at once."""

_QUOTED = frozenset(
    {"value", "values", "stored", "counted", "nearest", "choices", "table", "others"}
)
"""Slots of problems that can hold what somebody typed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the tables are made. ``texts``: keep what people wrote in their own words;
    ``same_client``: KvK numbers, or names, that are of one client; ``forget``: those to be taken
    out; ``until``: the last day that it may be kept."""

    lang: Lang = "nl"
    texts: bool = False
    round_kind: str = "year"
    norms: str = ""
    manifest: Manifest = field(default_factory=Manifest)
    same_client: tuple[tuple[str, ...], ...] = ()
    forget: tuple[str, ...] = ()
    until: date | None = None

    @property
    def stated(self) -> Stated:
        """The clients that people said are one: in the list, and with this run."""
        return Stated.of([*self.same_client, *self.manifest.same_client])


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
    cache: Path, folder: Path, entries: Sequence[FoundFile], version: str, settings: Settings,
    passing: Mapping[str, str],
) -> tuple[PartTask, ...]:  # fmt: skip
    """The parts that these files make; parts without files too, so that old ones are emptied."""
    files: dict[str, list[tuple[str, str]]] = {digit: [] for digit in "0123456789abcdef"}
    for entry in entries:
        if not entry.skipped:
            files[entry.file_id[0]].append((entry.file_id, f"{entry.sha256}.{version}"))

    def task(digit: str) -> PartTask:
        found = tuple(sorted(files[digit]))
        again = tuple((file_id, passing[key]) for file_id, key in found if key in passing)
        return PartTask(str(cache), str(folder), digit, found, settings.texts, again)

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


@dataclass(frozen=True, slots=True)
class SmallTask:
    """Everything but the large tables; ``entries`` with their heads come from the cache."""

    cache: str
    folder: str
    version: str
    entries: tuple[FoundFile, ...]
    settings: Settings


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of every file found; ``same_read`` and ``same_refused`` of those read and
    refused have the content of another file."""

    found: int
    read: int
    refused: int
    skipped: int
    organisations: int
    doubtful: int
    same_read: int = 0
    same_refused: int = 0

    @property
    def tally(self) -> Tally:
        """With files whose content was there before apart."""
        same = self.same_read + self.same_refused
        read, refused = self.read - self.same_read, self.refused - self.same_refused
        return Tally(self.found, read, refused, self.skipped, same)


def make_small(task: SmallTask) -> Counts:
    """Match the files and write the small tables; what a worker runs."""
    from hkz_xlsx.portfolio import arrow

    heads = _heads(task)
    seen = [_seen(entry, heads[entry.file_id]) for entry in task.entries if _is_read(entry, heads)]
    matched = match(seen, task.settings.round_kind, task.settings.stated)
    library = library_of(task.settings.norms)
    files = _file_rows(task.entries, heads, matched)
    tables: dict[str, Sequence[Mapping[str, Any]]] = {
        "files": files,
        "organisations": _organisation_rows(seen, heads, matched),
        "problems": _problem_rows(task, heads),
        "matches": [
            {"file_id": d.file_id, "other_file_id": d.other, "reason": d.reason}
            for d in matched.doubts
        ],
        "attributes": attribute_rows(seen, task.settings.manifest, task.settings.stated),
        **_dimensions(library, files),
    }
    for name, rows in tables.items():
        found = arrow.sorted_rows(arrow.from_rows(TABLES[name], rows), TABLES[name])
        arrow.write_parquet(Path(task.folder) / f"{name}.parquet", found)
    states = [row["state"] for row in files]
    again = [row["state"] for row in files if row.get("same_as")]
    return Counts(
        len(task.entries), states.count("read"), states.count("refused"), states.count("skipped"),
        len(set(matched.organisations.values())),
        sum(doubt.reason not in CERTAIN for doubt in matched.doubts),
        again.count("read"), again.count("refused"),
    )  # fmt: skip


def _heads(task: SmallTask) -> dict[str, Body]:
    """What is known of every file as a whole, by file id."""
    db = opened_to_read(Path(task.cache))
    found: dict[str, Body] = {}
    entries = [entry for entry in task.entries if not entry.skipped]
    try:
        for at in range(0, len(entries), _TOGETHER):
            rows = []
            for entry in entries[at : at + _TOGETHER]:
                key = f"{entry.sha256}.{task.version}"
                row = db.execute("select head from bodies where key = ?", (key,)).fetchone()
                if row is not None:
                    rows.append((entry.file_id, row[0]))
            ids, heads = zip(*rows, strict=True) if rows else ((), ())
            found.update(zip(ids, unpack_all(heads), strict=True))
    finally:
        db.close()
    return found


def _is_read(entry: FoundFile, heads: Mapping[str, Body]) -> bool:
    return heads.get(entry.file_id, {}).get("state") == "read"


def _seen(entry: FoundFile, head: Body) -> Seen:
    file, who = head["file"], head["organisation"]
    return Seen(
        entry.file_id, file["workbook_id"], who["kvk"], who["location"], who["name"],
        file["reference_date"] or "", file["edition_set"], head["total"]["answered"], entry.sha256,
    )  # fmt: skip


def _file_rows(
    entries: Sequence[FoundFile], heads: Mapping[str, Body], matched: Matched
) -> list[dict[str, Any]]:
    first: dict[str, str] = {}
    rows = []
    for entry in entries:
        row: dict[str, Any] = {
            "file_id": entry.file_id, "file": entry.file, "sha256": entry.sha256,
            "bytes": entry.size, "state": "skipped",
        }  # fmt: skip
        head = heads.get(entry.file_id)
        if head is not None:
            row["same_as"] = first.get(entry.sha256)
            first.setdefault(entry.sha256, entry.file_id)
            row |= _about(entry, head, matched)
        rows.append(row)
    return rows


def _about(entry: FoundFile, head: Body, matched: Matched) -> dict[str, Any]:
    problems = [_problem(found) for found in head["problems"]]
    severities = [p.severity for p in problems]
    row: dict[str, Any] = {
        "state": head["state"],
        "errors": severities.count(Severity.ERROR),
        "warnings": severities.count(Severity.WARNING),
    }
    if head["state"] != "read":
        return row | {"reason": problems[0].code if problems else ""}
    total, key = head["total"], entry.file_id
    found: dict[str, Any] = row | head["file"] | {
        "organisation_id": matched.organisations[key],
        "round": matched.rounds[key] or None,
        "superseded_by": matched.superseded.get(key),
        "counts": key not in matched.superseded,
        "current": key in matched.current,
        "questions": total["count"],
        **{
            name: total[name]
            for name in (
                "answered", "core", "core_open", "signals", "answered_percentage", "score",
                "substantiated",
            )
        },
        "core_failed": total["core_no"] + total["core_partly"],
    }  # fmt: skip
    return found


def _problem(found: Sequence[Any]) -> Problem:
    code, *_, slots = found
    return problem(code if code in CODES else "FILE_INTERNAL", None, **slots)


def _organisation_rows(
    seen: Sequence[Seen], heads: Mapping[str, Body], matched: Matched
) -> list[dict[str, Any]]:
    groups: dict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        groups[matched.organisations[one.file_id]].append(one)
    rows = []
    for key, group in groups.items():
        group.sort(key=lambda one: (one.file_id not in matched.superseded, one.day, one.file_id))
        newest = heads[group[-1].file_id]["organisation"]
        # What the newest file leaves open an earlier one may say.
        merged = {
            name: next(
                (
                    v
                    for one in reversed(group)
                    if (v := heads[one.file_id]["organisation"][name]) not in ("", None)
                ),
                None,
            )
            for name in newest
        }
        counted = [one for one in group if one.file_id not in matched.superseded]
        rows.append(
            merged
            | {
                "organisation_id": key, "size_class": size_class(merged["fte"]) or None,
                "matched_by": matched.matched_by[group[-1].file_id], "files": len(group),
                "measurements": len(counted),
            }
        )  # fmt: skip
    return rows


def _problem_rows(task: SmallTask, heads: Mapping[str, Body]) -> list[dict[str, Any]]:
    rows = []
    for entry in task.entries:
        for ordinal, found in enumerate(heads.get(entry.file_id, {}).get("problems", ()), 1):
            told = _problem(found)
            slots = told.slots
            if not task.settings.texts:
                slots = {key: "…" if key in _QUOTED else value for key, value in slots.items()}
            message = Problem(told.code, told.where, slots).message(task.settings.lang)
            rows.append(
                {
                    "file_id": entry.file_id, "file": entry.file, "ordinal": ordinal,
                    "code": told.code, "severity": told.severity.value, "family": family(told.code),
                    "sheet": found[1] or None, "cell": found[2] or None,
                    "requirement": found[3] or None, "message": message,
                }
            )  # fmt: skip
    return rows


def _dimensions(
    library: Library, files: Sequence[Mapping[str, Any]]
) -> dict[str, Sequence[Mapping[str, Any]]]:
    wholes = sorted({row["edition_set"] for row in files if row.get("edition_set")})
    return {
        "requirements": requirement_rows(library, wholes),
        "sets": set_rows(library, wholes),
    }
