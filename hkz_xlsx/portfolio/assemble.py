"""From what was read to the tables: matching, and Parquet files that depend on the files only.

Small tables are made here, one file each; those with a row per answer in `parts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hkz_xlsx.layout.whose import Stated
from hkz_xlsx.norm.load import Library
from hkz_xlsx.portfolio.cache import opened_to_read
from hkz_xlsx.portfolio.file_rows import Body, unpack_all
from hkz_xlsx.portfolio.manifest import Manifest, attribute_rows
from hkz_xlsx.portfolio.match import CERTAIN, Matched, Seen, match
from hkz_xlsx.portfolio.names import requirement_rows, set_rows
from hkz_xlsx.portfolio.run import FoundFile
from hkz_xlsx.portfolio.schema import TABLES, size_class
from hkz_xlsx.portfolio.told import kept_slots
from hkz_xlsx.problems import CODES, Problem, Severity, family, problem
from hkz_xlsx.returned.counts import Tally
from hkz_xlsx.returned.many import library_of
from hkz_xlsx.text import Lang

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
            shown = Problem(told.code, told.where, slots)
            rows.append(
                {
                    "file_id": entry.file_id, "file": entry.file, "ordinal": ordinal,
                    "code": told.code, "severity": told.severity.value, "family": family(told.code),
                    "sheet": found[1] or None, "cell": found[2] or None,
                    "requirement": found[3] or None,
                    "message": shown.message(task.settings.lang), "slots": kept_slots(shown),
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
