"""One returned file to the rows of a portfolio: a pure function that any process can run.

The result is JSON, packed: plain data that costs little to hand over and to keep, and that
cannot do anything when it is read back. It depends on the bytes of the file and the norms only,
not on the name of the file.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.codecs import Choice, folded
from hkz_xlsx.layout.identity import CLIENT_PROPERTY
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import Library
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.portfolio.schema import VERSION, answers_kept, organisation_kept
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.file_scores import Scored, edition_set, scored
from hkz_xlsx.returned.many import library_of
from hkz_xlsx.returned.read import understand, whole_if_needed
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import from_serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.columns import ColumnRecord, kept_in_portfolio
from hkz_xlsx.scoring.model import rubriek_key
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import read_grid

Body = dict[str, Any]
"""The rows of one file; see `Read`."""


Packed = tuple[bytes, bytes]
_ROWS = ("answers", "scores", "texts")

TEXT_FIELDS = frozenset(
    record.key
    for record in kept_in_portfolio(T.requirements, LAYOUT_VERSION)
    if record.kind == "text"
)
"""Columns in which people write what they like."""


PASSING = frozenset({
    "FILE_TIME", "FILE_MEMORY", "FILE_DIED", "FILE_INTERNAL", "FILE_UNREADABLE",
    "FILE_ENCRYPTED", "FILE_PASSWORD_WRONG", "FILE_NEEDS_EXTRA",
})  # fmt: skip
"""Problems that another try, with a password or a library more, may not have: these files are
read again in a next run."""


def read_one(task: tuple[str, bytes]) -> Packed:
    """Read, clean and score one file.

    Args:
        task: folder with norms (empty: the shipped ones), and the bytes of the file.

    Returns:
        what is known of the file as a whole, and its rows, both packed for `unpack`; a file
        that cannot be used is such a result too.

    Raises:
        HkzError: it cannot be used now, and perhaps another time.
    """
    norms, data = task
    return packed(body_of(data, library_of(norms)))


def packed(body: Body) -> Packed:
    """As bytes to keep: the file as a whole apart from its rows, which are needed less often."""
    head = {key: value for key, value in body.items() if key not in _ROWS}
    return _pack(head), _pack({key: body[key] for key in _ROWS if key in body})


def _pack(body: Body) -> bytes:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def unpack(packed: bytes) -> Body:
    """What was packed."""
    found: Body = json.loads(_text(packed))
    return found


def unpack_all(packed: Iterable[bytes]) -> list[Body]:
    """What was packed, of many files; keys are in memory once and not once for every file."""
    found: list[Body] = json.loads(f"[{','.join(map(_text, packed))}]")
    return found


def _text(packed: bytes) -> str:
    return zlib.decompress(packed).decode("utf-8", "replace")


def refused(problems: tuple[Problem, ...]) -> Body:
    """The rows of a file that cannot be used."""
    return {"version": VERSION, "state": "refused", "problems": [_problem(p) for p in problems]}


def body_of(data: bytes, library: Library) -> Body:
    """Everything of one file that the tables need."""
    try:
        grid = read_grid("", data)
        submission = quick(grid, library) or _understood(grid, data, library)
    except HkzError as fault:
        if any(one.code in PASSING for one in fault.problems):
            raise  # whoever keeps it must know that another try may do better
        return refused(fault.problems)
    if submission.identity.subset:  # its scores are not those of an organisation
        return refused((problem("PART_NOT_COUNTED", Where()),))
    return _body(grid, submission)


def _understood(grid: Grid, data: bytes, library: Library) -> Submission:
    returned = understand(grid, library, PLANS.again)
    return whole_if_needed(returned, data, library, read_grid, PLANS.again).submission


def _body(grid: Grid, submission: Submission) -> Body:
    plan = submission.plan
    result = scored(submission)
    settings = submission.readings.get(Address(T.settings, "reference_date", "value"))
    day = settings.cell if settings else None
    identity = submission.identity
    known = submission.readings.get(WORKBOOK_ID)
    return {
        "version": VERSION,
        "state": "read",
        "problems": [_problem(p) for p in (*submission.problems, *result.problems)],
        "file": {
            "format": grid.kind,
            "workbook_id": str((known and known.cell) or grid.properties.get(CLIENT_PROPERTY, "")),
            "lang": identity.lang,
            "layout": identity.layout,
            "edition_set": edition_set(plan),
            "scope": str(identity.scope),
            "basis": result.basis,
            "reference_date": from_serial(day).isoformat() if isinstance(day, float) else None,
            "same_answer": result.same_answer,
            "score_changed": result.changed,
            "counted_score": result.counted,
            "stored_score": result.stored,
            "cleaned": any(r.state == "cleaned" for r in submission.readings.values()),
        },
        "organisation": _organisation(submission),
        "total": result.sets[0],
        "answers": _answers(submission, result),
        "scores": result.sets,
        "texts": _texts(submission),
    }  # fmt: skip


def _problem(found: Problem) -> list[object]:
    where = found.where
    return [found.code, where.sheet, where.cell, where.requirement, dict(found.slots)]


def _organisation(submission: Submission) -> dict[str, object]:
    """Who it is; the contact person, the address and who filled it in are not kept."""
    return {
        record.key: _kept(submission, record, Address("organisation", record.key, "value"))
        for record in organisation_kept()
    }


def _kept(submission: Submission, record: ColumnRecord, address: Address) -> object:
    """An answer as the tables hold it: text in one line, a code, a number, a day."""
    if record.kind in ("text", "kvk"):
        return " ".join(submission.text(*address).split())[:200]
    reading = submission.readings.get(address)
    cell = None if reading is None else reading.cell
    if record.kind == "choice":
        code = _code_of(record.choices, cell) if isinstance(cell, str) else None
        yes_no = record.choices == "yes_no"
        return code == "yes" if yes_no and code is not None else code
    if not isinstance(cell, float):
        return None
    return from_serial(cell).isoformat() if record.kind == "date" else cell


@lru_cache(maxsize=1_000)
def _code_of(name: str, label: str) -> str | None:
    return Choice(name).code_of(label)


def _fixed(plan: WorkbookPlan) -> dict[str, list[object]]:
    rows = plan.model.selection.rows
    return {
        "part": [r.part.id for r in rows],
        "edition": [str(r.part.edition) for r in rows],
        "rubriek": [rubriek_key(r.part.id, r.rubriek.number) for r in rows],
        "topic": [r.topic.id for r in rows],
        "requirement": [r.requirement.id for r in rows],
        "weight": [r.requirement.weight for r in rows],
        "core": [r.requirement.core for r in rows],
        "evidence_required": [r.requirement.evidence_rule == "required" for r in rows],
    }


def answers_of(submission: Submission) -> dict[str, list[object]]:
    """The rows of one file for the table ``answers``, by column; without its id."""
    found = _answers(submission, scored(submission))
    count = len(submission.plan.model.selection.rows)
    rows = {key: list(value) for key, value in found.items() if isinstance(value, list | tuple)}
    return {"ordinal": list(range(1, count + 1)), **rows}


def _answers(submission: Submission, result: Scored) -> dict[str, object]:
    plan, readings = submission.plan, submission.readings
    fixed: dict[str, list[object]] = PLANS.kept(plan, "portfolio.fixed", lambda: _fixed(plan))
    examples: list[tuple[tuple[str, str], ...]] = PLANS.kept(
        plan, "portfolio.examples", lambda: _examples(plan)
    )
    addresses: dict[str, list[Address]] = PLANS.kept(
        plan, "portfolio.addresses", lambda: _addresses(plan)
    )
    states = [
        [r is not None and r.state == "cleaned" for r in map(readings.get, addresses[key])]
        for key in ("answer", "maturity")
    ]
    evidence = map(readings.get, addresses["evidence"])
    kinds = [
        None if one is None else _evidence_kind(one.cell, listed)
        for one, listed in zip(evidence, examples, strict=True)
    ]
    more = {
        record.key: [
            _kept(submission, record, one) if one in readings else nothing
            for one in addresses[record.key]
        ]
        for record in answers_kept()
        for nothing in (_kept(submission, record, _NOWHERE),)
    }
    cleaned = [one or other for one, other in zip(*states, strict=True)]
    return {**fixed, **result.rows, "cleaned": cleaned, "evidence_kind": kinds, **more}


_NOWHERE = Address("", "", "")
"""No cell: what stands there is what an answer that nobody gave is."""


def _addresses(plan: WorkbookPlan) -> dict[str, list[Address]]:
    """By column those of all requirements."""
    keys = ("answer", "maturity", "evidence", *(record.key for record in answers_kept()))
    rows = [row.requirement.id for row in plan.model.selection.rows]
    return {key: [Address(T.requirements, row, key) for row in rows] for key in keys}


def _examples(plan: WorkbookPlan) -> list[tuple[tuple[str, str], ...]]:
    """Per requirement the norm's own examples of evidence: as compared, and in Dutch."""
    found = []
    for row in plan.model.selection.rows:
        listed = row.requirement.evidence
        pairs = [(folded(nl), nl) for nl in listed.nl]
        pairs += [(folded(en), nl) for nl, en in zip(listed.nl, listed.en, strict=True)]
        found.append(tuple(pairs))
    return found


def _evidence_kind(typed: object, examples: tuple[tuple[str, str], ...]) -> str | None:
    """The example of the norm that was named; ``other`` for other evidence, None for none.

    The norm's own words are no free text, so they can be counted without quoting anyone.
    """
    if not isinstance(typed, str) or not typed.strip():
        return None
    plain = folded(typed)
    return next((name for known, name in examples if known and known in plain), "other")


def _texts(submission: Submission) -> list[list[str]]:
    return [
        [address.row, address.column, reading.cell]
        for address, reading in submission.readings.items()
        if address.table == T.requirements
        and address.column in TEXT_FIELDS
        and isinstance(reading.cell, str)
    ]
