"""A `Grid` to a `Submission`: rows found by written id, columns by key, sheets by what is on them.

The plan is rebuilt from the identity in the file and walked as the writer walked it, so that
nothing here knows a column name, a sheet title or a position.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.codecs import Reading
from hkz_xlsx.layout.identity import CLIENT_PROPERTY, Identity
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.values import EXTRA, evaluation
from hkz_xlsx.norm.load import Library
from hkz_xlsx.plan_build.build import plan_again
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.returned.agreed import agreement, sealed_rows
from hkz_xlsx.returned.collect import Collector
from hkz_xlsx.returned.comments import remarks
from hkz_xlsx.returned.compare import same
from hkz_xlsx.returned.hanging import hanging
from hkz_xlsx.returned.moved import moved_questions
from hkz_xlsx.returned.read_by_place import by_place
from hkz_xlsx.returned.recognise import ENOUGH_IDS, other_identity, read_identity
from hkz_xlsx.returned.set_aside import left_over, loose_rows, plan_texts
from hkz_xlsx.returned.submission import Altered, Returned, Submission
from hkz_xlsx.returned.unseen import unseen
from hkz_xlsx.scoring.cell_values import a1, cell_value, shown
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.sheets.loose_sheets import Extra
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import Engine, file_bytes, open_bytes, open_workbook


def _in_file(fault: HkzError, file: str) -> HkzError:
    return HkzError(*(replace(p, where=replace(p.where, file=file)) for p in fault.problems))


Plans = Callable[[Library, Identity], WorkbookPlan]
"""Makes the plan of a workbook again."""


class Reader(Protocol):
    """Reads the bytes of a file: `open_bytes` in a process of its own, `read_grid` in this one."""

    def __call__(self, file: str, data: bytes, /, *, complete: bool = False) -> Grid:
        """Name for messages and bytes to a grid."""


def _version(identity: Identity, reader: Collector) -> Iterator[Problem]:
    """A file from another version: whether its questions differ, the sheets around them, or no
    more than their texts."""
    plan, file = reader.plan, reader.grid.file
    if identity.plan in ("", plan.identity.plan):
        return
    then = {e.part: e.fingerprint for e in identity.editions}
    now = {e.part: e.fingerprint for e in plan.identity.editions}
    changed = [part for part, print_ in now.items() if then.get(part, "") != print_]
    if changed and all(then.values()):
        yield problem("PLAN_CHANGED", Where(file), parts=", ".join(changed))
    elif identity.shape != plan.identity.shape or _other_keys(reader):
        yield problem("LAYOUT_CHANGED", Where(file))
    else:
        yield problem("WORDING_UNKNOWN", Where(file))


def _other_texts(reader: Collector) -> None:
    """Where we write a text outside tables, a file from another version has its own."""
    if reader.same_version:
        return
    for sheet in reader.plan.sheets:
        for title in (title for title, key in reader.homes.items() if key == sheet.key):
            reader.used.setdefault(title, set()).update((t.row, t.column) for t in sheet.texts)


def _other_keys(reader: Collector) -> bool:
    """Whether a key row of ours has a column that this layout has not. A file of layout 1 says
    no shape: then its keys must tell."""
    for _, block in reader.plan.blocks():
        found = reader.found.get(block.table.key)
        if found is None or found.by_headers:
            continue
        known = {block.marker(field.key) for field in block.fields}
        other = re.compile(rf"{re.escape(block.table.key)}\.[a-z_0-9]+")
        row_of_keys = (v for (row, _), v in found.sheet.cells.items() if row == found.top)
        texts = {value for value in row_of_keys if isinstance(value, str)}
        if any(other.fullmatch(text) for text in texts - known):
            return True
    return False


def understand(grid: Grid, library: Library, plans: Plans = plan_again) -> Returned:
    """Understand a file that was opened.

    Args:
        grid: the file.
        library: question sets that it may be of.
        plans: makes the plan again; a reader of many files keeps plans, and reads those in which
            nothing but the answers differs by place.

    Raises:
        HkzError: as `read_workbook`.
    """
    if plans == PLANS.again:
        found = by_place(grid, library, lambda own, norms: by_keys(own, norms, plans))
        if found is not None:
            return found
    return by_keys(grid, library, plans)


def by_keys(grid: Grid, library: Library, plans: Plans = plan_again) -> Returned:
    """Understand a file of which anything may differ: tables by their keys, rows by their ids.

    Args:
        grid: the file.
        library: question sets that it may be of.
        plans: as `understand`.

    Raises:
        HkzError: as `read_workbook`.
    """
    try:
        identity, problems = read_identity(grid, library)
        plan = plans(library, identity)
    except HkzError as fault:
        raise _in_file(fault, grid.file) from None
    reader = _collected(grid, plan, identity)
    if _few_rows(reader) and (other := other_identity(grid, library, identity)) is not None:
        identity, plan = other, plans(library, other)
        norms = ", ".join(map(str, other.editions))
        problems = (problem("IDENTITY_CONTRADICTED", Where(grid.file), norms=norms),)
        reader = _collected(grid, plan, identity)
    values = evaluation(plan, {address: cell_value(value) for address, value in reader.raw.items()})
    altered = _typed_over(reader)
    carried, agreed = loose_rows(grid, reader.used), sealed_rows(grid, reader.used)
    shows = _shown_outside(plan, values)
    _other_texts(reader)
    left = left_over(grid, plan, reader.used, reader.homes, reader.places, shows)
    beside = (*reader.extra, *left)
    free = {(one.where.sheet, one.where.cell) for one in beside}
    extra = (
        *beside,
        *remarks(grid, plan, reader.places, carried),
        *hanging(grid, plan, reader.homes, reader.places, free),
    )
    answers = {address: where for address, where in reader.places.items() if address in reader.raw}
    told = [*grid.problems, *problems, *reader.problems, *_version(identity, reader)]
    told += moved_questions(plan, altered)
    told += unseen(grid, plan, reader.found, reader.homes, answers)
    told += _extra_problems(extra, grid.file)
    submission = Submission(
        grid.file, identity, plan, reader.raw, reader.readings, reader.places, reader.stored,
        tuple(told), (*extra, *_over_fixed(altered), *_over_formulas(reader, values)), carried,
        altered, grid.epoch_1904, grid.kind, agreed,
    )  # fmt: skip
    submission.knows(values)
    if agreed is not None:
        submission = replace(submission, problems=(*told, *agreement(submission)))
        submission.knows(values)
    return Returned(grid, submission, reader.found, reader.homes)


def _collected(grid: Grid, plan: WorkbookPlan, identity: Identity) -> Collector:
    """What stands in a file, read as the workbook of that plan."""
    reader = Collector(grid, plan, same_version=identity.plan == plan.identity.plan)
    reader.read()
    client = grid.properties.get(CLIENT_PROPERTY)
    if client and WORKBOOK_ID not in reader.raw:
        reader.raw[WORKBOOK_ID] = client
        reader.readings[WORKBOOK_ID] = Reading("exact", client, client)
    return reader


def _few_rows(reader: Collector) -> bool:
    """Whether questions of another workbook stand where ours should: an identity that was
    pasted from elsewhere."""
    codes = [p.code for p in reader.problems]
    rows = len(reader.plan.model.table(T.requirements).rows)
    unknown = codes.count("ROW_UNKNOWN") + codes.count("ROW_NUMBERLESS")
    return unknown >= ENOUGH_IDS and 2 * codes.count("ROW_MISSING") > rows


def read_workbook(
    path: Path, library: Library, engine: Engine | None = None, *, complete: bool = False
) -> Submission:
    """Read a returned workbook; bad cells are problems in the result, never exceptions.

    Args:
        path: the file; never written.
        library: question sets that it may be of.
        engine: who reads; by default the quickest reader that is exact for this file.
        complete: also what stands around the answers: formulas, comments, drawings.

    Raises:
        HkzError: the file as a whole cannot be used; the problem says why and what to do.
    """
    if complete or engine is not None:
        grid = open_workbook(path, engine, complete=complete)
        return understand(grid, library, PLANS.again).submission
    return _read(path.name, file_bytes(path), library, open_bytes, PLANS.again)


def read_bytes(file: str, data: bytes, library: Library) -> Submission:
    """Read a returned workbook from its bytes.

    Args:
        file: its name, for messages; the suffix says nothing, the bytes do.
        data: the whole file.
        library: question sets that it may be of.

    Raises:
        HkzError: as `read_workbook`.
    """
    return _read(file, data, library, open_bytes, PLANS.again)


def _read(file: str, data: bytes, library: Library, reader: Reader, plans: Plans) -> Submission:
    return whole_if_needed(
        understand(reader(file, data), library, plans), data, library, reader, plans
    ).submission


def whole_if_needed(
    returned: Returned, data: bytes, library: Library, reader: Reader, plans: Plans
) -> Returned:
    """A file that was read for its values, read for everything when formulas give answers: then
    what they say has to be told.

    Args:
        returned: what was understood of it.
        data: the bytes of the file.
        library: the norms.
        reader: `open_bytes`, or `read_grid` in a worker.
        plans: as `understand`.

    Raises:
        HkzError: as `read_workbook`.
    """
    codes = {p.code for p in returned.submission.problems}
    if returned.grid.complete or "ANSWER_IS_FORMULA" not in codes:
        return returned
    return understand(reader(returned.grid.file, data, complete=True), library, plans)


def _shown_outside(plan: WorkbookPlan, values: Evaluation) -> dict[str, frozenset[str]]:
    """What formulas outside the tables show, by sheet: they stand on no row that is found."""
    return {
        sheet.key: frozenset(
            shown(values.value(f"{EXTRA}.{sheet.key}", "all", a1(cell.row, cell.column))).strip()
            for cell in sheet.formulas
        )
        for sheet in plan.sheets
        if sheet.formulas
    }


def _typed_over(reader: Collector) -> tuple[Altered, ...]:
    """Fixed texts that a person changed. In a file from another version a column that differs
    for the most part is the other version's."""
    if reader.same_version:
        return tuple(reader.altered)
    counts: dict[tuple[str, str], int] = {}
    for one in reader.altered:
        key = (one.address.table, one.address.column)
        counts[key] = counts.get(key, 0) + (not one.owner)
    rows = {block.table.key: len(block.table.rows) for _, block in reader.plan.blocks()}
    return tuple(
        one
        for one in reader.altered
        if one.owner
        or counts[one.address.table, one.address.column] <= max(1, rows[one.address.table] // 2)
    )


def _over_fixed(altered: tuple[Altered, ...]) -> Iterator[Extra]:
    for one in altered:
        if one.value and not one.owner:
            yield Extra("given", one.where, one.value, one.address.row, one.column)


def _over_formulas(reader: Collector, counted: Evaluation) -> Iterator[Extra]:
    """Texts typed over a formula: no formula, or a text that ours does not give."""
    # Many formulas of texts repeat a text of ours: then nothing has to be computed.
    repeated = plan_texts(reader.plan)
    for sheet, block, one in reader.plan.computed():
        heads = {field.header for other in sheet.blocks for field in other.fields}
        found = reader.found.get(block.table.key)
        if found is None or one.key not in found.columns:
            continue
        column = found.columns[one.key]
        for row, key in found.rows:
            value, spot = found.sheet.cells.get((row, column)), (row, column)
            if not isinstance(value, str) or spot in found.sheet.formulas:
                continue
            if value in heads or value == block.marker(one.key):
                continue  # of a key or header row, sorted here
            if not reader.grid.complete and value in repeated:
                continue
            known = key in block.table.rows
            if not known and not block.table.inputs():
                continue  # what stands below a table that nobody types in is no row of it
            ours = None if not known else counted.value(block.table.key, key, one.key)
            if reader.grid.complete or (known and not same(value, ours)):
                where = Where(reader.grid.file, None, found.sheet.title, a1(*spot), key)
                yield Extra("formula", where, value, key, one.header)


def _extra_problems(extra: tuple[Extra, ...], file: str) -> Iterator[Problem]:
    """One note per sheet; every cell stands in the list that repairing and checking make."""
    by_sheet: dict[tuple[str, str], list[Extra]] = {}
    for one in extra:
        if one.reason in EXTRA_CODES:
            by_sheet.setdefault((EXTRA_CODES[one.reason], one.where.sheet), []).append(one)
    for (code, title), group in by_sheet.items():
        first = group[0]
        where = Where(file, None, title, first.where.cell, first.row)
        yield problem(code, where, value=first.value, more=len(group) - 1)


EXTRA_CODES: Mapping[str, str] = {
    "text": "EXTRA_TEXT",
    "comment": "EXTRA_COMMENT",
    "link": "EXTRA_LINK",
    "shape": "EXTRA_SHAPE",
    "picture": "EXTRA_PICTURE",
    "object": "EXTRA_OBJECT",
    "footnote": "EXTRA_FOOTNOTE",
    "page": "EXTRA_PAGE",
}
"""How it is told that people wrote something beside the answers, by its reason."""
