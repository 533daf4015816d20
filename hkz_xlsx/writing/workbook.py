"""A `WorkbookPlan` and what people typed, to the bytes of an xlsx file."""

from __future__ import annotations

import re
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from xlsxwriter import Workbook

from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.identity import CLIENT_PROPERTY, identity_properties
from hkz_xlsx.layout.plan import Block, Sheet, WorkbookPlan
from hkz_xlsx.layout.refs import Places
from hkz_xlsx.layout.style_template import NEUTRAL, Look, dressed
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.machine.garbage import uncollected
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.writing.beside import NotStampableError, Numbers, noted_sheets, parts_beside
from hkz_xlsx.writing.block_cells import Job
from hkz_xlsx.writing.checked import WriteRefusedError
from hkz_xlsx.writing.filled_template import CLIENT_ID, FilledTemplate, packed_parts
from hkz_xlsx.writing.formats import formats, mark_formats
from hkz_xlsx.writing.pack import (
    CORE,
    SHEETS,
    TABLES,
    TYPED_SINCE,
    lean,
    typed_empty,
    unstyled,
    with_language,
    without_arrows,
)
from hkz_xlsx.writing.parts import PartsWorkbook
from hkz_xlsx.writing.sheet import SheetWriter
from hkz_xlsx.writing.stamp import Packed, zipped

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""Fixed creation time: same input, same bytes."""

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def check_addresses(plan: WorkbookPlan, inputs: Inputs) -> None:
    """A typed value without a place would be lost without a word.

    Raises:
        KeyError: there is one; our mistake.
    """
    places = {
        (block.table.key, field.key): frozenset(block.table.rows)
        for _, block, field in plan.inputs()
    }
    for address in inputs:
        if address.row not in places.get((address.table, address.column), ()):
            raise KeyError(address)


def write_workbook(
    plan: WorkbookPlan,
    inputs: Inputs | None = None,
    look: Look = NEUTRAL,
    *,
    notes: Mapping[Address, str] | None = None,
) -> bytes:
    """Write the workbook and check what came out before handing it over.

    Args:
        plan: the description of the workbook.
        inputs: typed values by address; dates as serial numbers.
        look: colours, font, logo, cover text and charts of a template.
        notes: a comment per typed cell.

    Returns:
        The bytes of the file: the same for the same arguments.

    Raises:
        HkzError: a typed text that no cell can hold.
        WriteRefusedError: the library did not write what it was asked to.
    """
    inputs, notes = inputs or {}, notes or {}
    key = _key(plan, inputs, look, notes) if inputs else None
    template = _TEMPLATES.template(key)
    if template is not None:
        with suppress(NotStampableError):
            return zipped(template.members(plan, inputs, look, notes))
    written = _workbook(plan, inputs, look, notes)
    _TEMPLATES.written(key, (plan, inputs, look, notes), written)
    return zipped(packed_parts(plan, written.parts, inputs))


_Key = tuple[object, ...]


_What = tuple[WorkbookPlan, Inputs, Look, Mapping[Address, str]]
"""What a workbook is written from."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A workbook as it was written: its parts, and the numbers that texts and styles have in it."""

    parts: dict[str, bytes]
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class _Template:
    """A workbook with places to fill in, and what is to be known of it for its other parts."""

    filled: FilledTemplate
    written: _Written

    @classmethod
    def of(cls, what: _What, written: _Written) -> _Template:
        """Of a workbook that was written.

        Raises:
            NotStampableError: such a workbook can only be written.
        """
        plan, inputs, look, notes = what
        plan = _opened(plan, inputs)
        beside = parts_beside(plan, look, notes, written.numbers, written.parts)
        if any(written.parts.get(name) != raw for name, raw in beside.items()):
            raise NotStampableError(plan.identity.plan)
        filled = FilledTemplate(plan, inputs, written.parts, beside)
        tables = {n: raw for n, raw in written.parts.items() if n.startswith(TABLES)}
        return cls(filled, _Written(tables, written.numbers))

    def members(
        self, plan: WorkbookPlan, inputs: Inputs, look: Look, notes: Mapping[Address, str]
    ) -> Iterator[tuple[str, Packed]]:
        """The parts of another workbook of the kind."""
        known = self.written
        plan = _opened(plan, inputs)
        beside = parts_beside(plan, look, notes, known.numbers, known.parts)
        yield from self.filled.members(plan, inputs, beside)


@dataclass(slots=True)
class _Kind:
    """Workbooks with one key: the first of them, until there is a second; then their template.

    The plan is kept, so that what the key says stays its own.
    """

    plan: WorkbookPlan
    first: tuple[_What, _Written] | None
    template: _Template | None = None


class _Templates:
    """Templates of the workbooks that were written last, each made when a second one is asked for,
    of the parts of the first."""

    _MOST = 4

    def __init__(self) -> None:
        self._known: OrderedDict[_Key, _Kind] = OrderedDict()

    def template(self, key: _Key | None) -> _Template | None:
        """The template of workbooks with this key."""
        kind = self._known.get(key) if key is not None else None
        if kind is None:
            return None
        self._known.move_to_end(key)  # type: ignore[arg-type]  # no key, no kind
        if kind.first is not None:
            first, kind.first = kind.first, None
            with suppress(NotStampableError):
                kind.template = _Template.of(*first)
        return kind.template

    def written(self, key: _Key | None, what: _What, written: _Written) -> None:
        """A workbook was written, the first with its key or one that fits no template."""
        if key is None or key in self._known:
            return
        self._known[key] = _Kind(what[0], (what, written))
        while len(self._known) > self._MOST:
            self._known.popitem(last=False)


_TEMPLATES = _Templates()


def _key(plan: WorkbookPlan, inputs: Inputs, look: Look, notes: Mapping[Address, str]) -> _Key:
    """What decides of a workbook all but the answers: its sheets as they are described, those with
    rows of their own and those with comments, the columns shown, what it looks like, and whether it
    says whose it is."""
    sheets = (sheet.key if sheet.varies else id(sheet) for sheet in plan.sheets)
    shown = tuple(sheet.hidden_columns for sheet in _opened(plan, inputs).sheets)
    noted = noted_sheets(plan, notes)
    return (*sheets, plan.identity, look, shown, noted, bool(inputs.get(CLIENT_ID)))


def workbook_parts(
    plan: WorkbookPlan,
    inputs: Inputs | None = None,
    look: Look = NEUTRAL,
    *,
    notes: Mapping[Address, str] | None = None,
) -> dict[str, bytes]:
    """The parts of `write_workbook`, unpacked, in the order of the file.

    Args:
        plan: the workbook.
        inputs: typed values by address; dates as serial numbers.
        look: colours, font, logo, cover text and charts of a template.
        notes: a comment per typed cell.

    Raises:
        HkzError: a typed text that no cell can hold.
        WriteRefusedError: the library did not write what it was asked to.
    """
    return _workbook(plan, inputs or {}, look, notes or {}).parts


def _workbook(
    plan: WorkbookPlan, inputs: Inputs, look: Look, notes: Mapping[Address, str]
) -> _Written:
    check_addresses(plan, inputs)
    parts, asked, numbers = _written(plan, inputs, look, notes)
    _verify(parts, asked)
    parts[CORE] = with_language(parts[CORE], plan.lang)
    if plan.identity.layout >= TYPED_SINCE:
        _hide_arrows(parts, plan)
        for name in parts:
            if name.startswith(SHEETS):
                parts[name] = lean(typed_empty(parts[name]))
            elif name.startswith(TABLES):
                parts[name] = unstyled(parts[name])
    return _Written(parts, numbers)


def _hide_arrows(parts: dict[str, bytes], plan: WorkbookPlan) -> None:
    """No filter button above texts that nobody filters by."""
    hidden = {
        block.object_name: [i for i, field in enumerate(block.fields) if not field.arrow]
        for _, block in plan.blocks()
        if block.filtered
    }
    for name in parts:
        if name.startswith(TABLES):
            for table, columns in hidden.items():
                if columns and f' name="{table}"'.encode() in parts[name]:
                    parts[name] = without_arrows(parts[name], columns)


def _written(
    plan: WorkbookPlan, inputs: Inputs, look: Look, notes: Mapping[Address, str]
) -> tuple[dict[str, bytes], list[tuple[str, int]], Numbers]:
    """The parts as XlsxWriter makes them, how many formulas each sheet asked for, and numbers."""
    shown = _opened(dressed(plan, look), inputs)
    with warnings.catch_warnings(), uncollected():
        warnings.simplefilter("error")
        workbook = PartsWorkbook(_OPTIONS)
        _properties(workbook, plan, inputs)
        named = formats(workbook, look.palette, plan.lang)
        job = Job(
            plan, Places.of(plan.sheets), evaluation(plan, inputs), inputs, plan.text,
            workbook, named,
            mark_formats(workbook, look.palette, plan.identity.layout), look, notes,
        )  # fmt: skip
        written = [SheetWriter(job, sheet).write() for sheet in shown.sheets]
        written[0].do("activate")
        parts = workbook.finished()
    asked = [(sheet.sheet.name, sheet.formulas) for sheet in written]
    numbers = Numbers.of(workbook, named)
    _let_go(workbook)
    return parts, asked, numbers


def _let_go(workbook: Workbook) -> None:
    """Free what XlsxWriter leaves behind: some 10 MiB of objects that refer to each other. Without
    their fields they are gone at once; to look for them among all objects there are took a fifth
    of the time of writing."""
    for part in (*workbook.worksheets(), *workbook.charts, *workbook.formats):
        vars(part).clear()
    vars(workbook).clear()


def _opened(plan: WorkbookPlan, inputs: Inputs) -> WorkbookPlan:
    """The plan with quiet columns shown in which something stands."""
    filled = {(a.table, a.column) for a, value in inputs.items() if value not in (None, "")}

    def opened(sheet: Sheet) -> Sheet:
        shown = {
            column
            for block in sheet.blocks
            for field, column in zip(block.fields, block.columns, strict=True)
            if column in sheet.quiet_columns and (block.table.key, field.key) in filled
        }
        if not shown:
            return sheet
        page = sheet.page
        if page.narrow is not None:
            page = replace(page, until=page.narrow)
        blocks = tuple(_heightened(block, sheet, inputs) for block in sheet.blocks)
        hidden = sheet.hidden_columns - shown
        return replace(sheet, hidden_columns=hidden, page=page, blocks=blocks)

    if not any(sheet.quiet_columns for sheet in plan.sheets):
        return plan
    return replace(plan, sheets=tuple(map(opened, plan.sheets)))


def _heightened(block: Block, sheet: Sheet, inputs: Inputs) -> Block:
    """With rows as high as what stands in its quiet columns."""
    quiet = [
        (field.key, sheet.widths[column])
        for field, column in zip(block.fields, block.columns, strict=True)
        if column in sheet.quiet_columns and not field.codecs
    ]
    if not quiet or not block.heights:
        return block
    fitted = (
        height_of(
            [
                (str(inputs[at]), width, _QUIET_SIZE)
                for key, width in quiet
                if (at := Address(block.table.key, row, key)) in inputs
            ],
            height,
        )
        for row, height in zip(block.table.rows, block.heights, strict=True)
    )
    return replace(block, heights=tuple(fitted))


_QUIET_SIZE = 9.0
"""Size of the letters in columns of values that are carried along."""


def _properties(workbook: Workbook, plan: WorkbookPlan, inputs: Inputs) -> None:
    workbook.set_properties({**plan.properties, "created": CREATED})
    for name, piece in identity_properties(plan.identity.property_text()).items():
        workbook.set_custom_property(name, piece, "text")
    client = inputs.get(CLIENT_ID)
    if client:
        workbook.set_custom_property(CLIENT_PROPERTY, str(client), "text")
    workbook.set_calc_mode("auto")
    workbook.set_size(24_000, 14_000)


def _verify(parts: Mapping[str, bytes], asked: Sequence[tuple[str, int]]) -> None:
    """Count what was written: a file that is a valid zip can still be an empty workbook."""
    sheets = [name for name in parts if re.fullmatch(r"xl/worksheets/\w+\.xml", name)]
    if len(sheets) != len(asked):
        raise WriteRefusedError(f"{len(sheets)} of {len(asked)} sheets")
    for index, (name, wanted) in enumerate(asked, 1):
        part = parts[f"xl/worksheets/sheet{index}.xml"]
        # Among the cells no other tag begins with this letter.
        formulas = part.count(b"<f", 0, part.find(b"</sheetData>"))
        if formulas != wanted:
            raise WriteRefusedError(f"{name}: {formulas} formulas, {wanted} asked")
