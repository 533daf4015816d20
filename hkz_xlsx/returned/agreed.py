"""What was changed in a workbook since somebody agreed to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hkz_xlsx.layout.codecs import Choice, Codec
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.changed import MOST_CELLS
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import CellValue, from_serial, shown
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.sealed_sheet import SEALED, Sealed, digest
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.text import Lang


def sealed_rows(grid: Grid, used: dict[str, set[tuple[int, int]]]) -> Sealed | None:
    """What the hidden sheet says; its cells are accounted for."""
    marks = [f"{SEALED}.{key}" for key in ("id", "value")]
    for sheet in grid.sheets:
        at = {v: spot for spot, v in sheet.cells.items() if isinstance(v, str) and v in marks}
        if len(at) < len(marks):
            continue
        used.setdefault(sheet.title, set()).update(sheet.cells)
        (top, keys), (_, texts) = (at[mark] for mark in marks)
        rows = {
            shown(value): shown(sheet.cells.get((row, texts)))
            for (row, column), value in sheet.cells.items()
            if column == keys and row > top
        }
        return Sealed.from_rows(rows)
    return None


def sealed(plan: WorkbookPlan, inputs: Inputs, salt: str) -> Sealed:
    """What is to be remembered of these answers.

    Args:
        plan: the workbook: every cell that people fill in is among it.
        inputs: values by address; spelling does not count, as programs change it when they save.
        salt: random text: the same answers have other digests in another workbook.
    """
    return Sealed(salt, _digests(plan, inputs, salt))


def _digests(plan: WorkbookPlan, inputs: Inputs, salt: str) -> dict[Address, str]:
    return {
        address: digest(salt, address, text)
        for address, codec in _asked(plan).items()
        if (text := _meaning(inputs.get(address), codec, plan.lang))
    }


def _asked(plan: WorkbookPlan) -> Mapping[Address, Codec]:
    """Every cell that people fill in, in the order of the workbook."""
    return {
        Address(block.table.key, row, field.key): codec
        for _, block, field in plan.inputs()
        for index, row in enumerate(block.table.rows)
        if (codec := field.codec(index)) is not None
    }


def _meaning(value: CellValue, codec: Codec, lang: Lang) -> str:
    """What an answer says, whatever the program that saved it made of its spelling."""
    if isinstance(codec, Choice) and isinstance(value, str):
        return codec.code(value, lang) or " ".join(value.split())
    if codec.kind == "date" and isinstance(value, float):
        return from_serial(value).isoformat()
    return " ".join(shown(value).split())


def changed_since(submission: Submission) -> tuple[Address, ...]:
    """Answers that are not what they were when somebody agreed; filled in or emptied since too."""
    agreed = submission.sealed
    if agreed is None:
        return ()
    plan = submission.plan
    now = _digests(plan, submission.as_understood, agreed.salt)
    return tuple(a for a in _asked(plan) if now.get(a) != agreed.digests.get(a))


def agreement(submission: Submission) -> Iterator[Problem]:
    """That somebody agreed, and what was changed since; nothing where nobody did."""
    if submission.sealed is None:
        return
    who = {key: submission.text(T.sign_off, key) for key in ("name", "date")}
    day = submission.as_understood.get(Address(T.sign_off, "date", "value"))
    if isinstance(day, float):
        who["date"] = from_serial(day).strftime("%d-%m-%Y")
    slots = {key: text or "–" for key, text in who.items()}
    changed = changed_since(submission)
    if not changed:
        yield problem("AGREED_KEPT", Where(submission.file), **slots)
        return
    heads = {(b.table.key, f.key): f.header for _, b, f in submission.plan.inputs()}
    first = submission.places.get(changed[0], Where(submission.file))
    names = [_named(one, heads, submission) for one in changed[:MOST_CELLS]]
    names += ["…"] if len(changed) > MOST_CELLS else []
    yield problem(
        "AGREED_CHANGED", replace(first, file=submission.file), count=len(changed),
        cells="; ".join(names), **slots,
    )  # fmt: skip


def _named(address: Address, heads: Mapping[tuple[str, str], str], submission: Submission) -> str:
    """A cell as people find it: question or sheet, column, and where it stands."""
    where = submission.places.get(address)
    spot = "!".join(part for part in (where.sheet, where.cell) if part) if where else ""
    head = heads[address.table, address.column]
    return f"{address.row} {head} ({spot})" if spot else f"{address.row} {head}"
