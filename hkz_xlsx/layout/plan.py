"""The workbook, described: what the writer walks and the reader walks again.

Nothing in here knows a spreadsheet library. Rows and columns are 0-based; widths are in
characters of the default font, heights in points, as Excel counts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from hkz_xlsx.layout.codecs import Codec
from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.styles import INPUT_STYLES
from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Computed, Input, Table
from hkz_xlsx.text import Lang, Messages

T = TypeVar("T")
Visibility = Literal["visible", "hidden", "very_hidden"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What Excel shows beside a selected input cell, and when a wrong value is refused."""

    title: str
    text: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a block as its user meets it.

    ``codecs`` and ``prompts`` have one entry for all rows, or one per row (forms). ``lead`` is the
    style of the first line of its texts, ``arrow`` whether its header bears a filter.
    """

    key: str
    header: str
    style: str
    codecs: tuple[Codec, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    header_style: str = ""
    lead: str = ""
    arrow: bool = True

    def codec(self, row: int) -> Codec | None:
        """The codec of a row."""
        return _of(self.codecs, row)

    def style_of(self, row: int) -> str:
        """The style of a row: of input cells it follows from the kind of answer."""
        codec = self.codec(row)
        return INPUT_STYLES[codec.kind] if codec is not None else self.style

    def prompt(self, row: int) -> Prompt | None:
        """The prompt of a row."""
        return _of(self.prompts, row)


def _of(items: tuple[T, ...], row: int) -> T | None:
    if not items:
        return None
    return items[0] if len(items) == 1 else items[row]


@dataclass(frozen=True, slots=True)
class Block:
    """A table at a place: hidden key row, header row, then one row per table row.

    ``columns`` are sheet columns of the fields. ``object_name`` makes it a table object.
    ``carried`` marks values that we write for formulas to show; they are read back too.
    """

    table: Table
    fields: tuple[Field, ...]
    columns: tuple[int, ...]
    top: int
    object_name: str = ""
    heights: tuple[float, ...] = ()
    header_height: float | None = None
    carried: bool = False

    @property
    def header_row(self) -> int:
        """Sheet row of the headers."""
        return self.top + 1

    @property
    def first_row(self) -> int:
        """Sheet row of the first table row."""
        return self.top + 2

    @property
    def last_row(self) -> int:
        """Sheet row of the last table row."""
        return self.first_row + len(self.table.rows) - 1

    @property
    def filtered(self) -> bool:
        """Whether its headers bear a filter: a table object in which people type, with a column
        that they filter by."""
        typed = bool(self.object_name) and bool(self.table.inputs())
        return typed and any(field.arrow for field in self.fields)

    def column_of(self, key: str) -> int:
        """Sheet column of a field; KeyError when it is not placed."""
        for placed, column in zip(self.fields, self.columns, strict=True):
            if placed.key == key:
                return column
        raise KeyError(f"{self.table.key}.{key}")

    def marker(self, key: str) -> str:
        """What the hidden key row says above a field."""
        return f"{self.table.key}.{key}"


@dataclass(frozen=True, slots=True)
class TextCell:
    """A text outside every table; may span columns."""

    row: int
    column: int
    text: str
    style: str
    span: int = 1
    height: float | None = None


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A computed cell outside every table (the organisation line at the top of a sheet)."""

    row: int
    column: int
    expr: x.Expr
    style: str


@dataclass(frozen=True, slots=True)
class Highlight:
    """A conditional format on a field: cells equal to a text or number, a bar, or rows for which
    the ``test`` holds.

    ``until`` is the last field when it spans several that stand beside each other.
    """

    table: str
    field: str
    rule: Literal["equals", "bar", "when"]
    style: str
    value: str | float = ""
    until: str = ""
    test: x.Expr | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: a column of a table, with its name and colour style."""

    name: str
    column: x.Column
    style: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart drawn from a table that stands beside or below it; templates choose by ``key``.

    ``target`` is the number at which bars have a line across; columns have ``line``, a series
    drawn as one. ``backwards``: the last row of the table stands first, as where the newest
    measurement is the first row; rows without a number show none.
    """

    key: str
    title: str
    alt_text: str
    categories: x.Column
    series: tuple[Series, ...]
    row: int
    column: int
    height: int
    width: int
    axis_max: float | None = None
    kind: Literal["bar", "column"] = "bar"
    target: float | None = None
    line: Series | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """How a sheet prints: A4, landscape unless said; repeated rows are 0-based inclusive.

    ``scale`` in percent, else one page wide; ``breaks`` are rows that start a new page,
    ``across`` prints the pages of a row of cells one after the other. ``until`` is the last column
    that is printed, ``narrow`` that when quiet columns are shown too.
    """

    repeat_rows: tuple[int, int] | None = None
    repeat_columns: tuple[int, int] | None = None
    landscape: bool = True
    scale: int | None = None
    breaks: tuple[int, ...] = ()
    across: bool = False
    until: int | None = None
    narrow: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    ``cover`` are the two rows kept free for a template's cover text and signature, ``logo``
    is the column at the top in which its logo stands, at the right. ``quiet_columns`` are hidden
    columns that are shown as soon as something stands in them; ``heights`` are those of rows
    outside every block, in points. ``varies`` says that its rows are others in every file.
    """

    key: str
    title: str
    widths: tuple[float, ...]
    hidden_columns: frozenset[int] = frozenset()
    blocks: tuple[Block, ...] = ()
    texts: tuple[TextCell, ...] = ()
    formulas: tuple[FormulaCell, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    charts: tuple[Chart, ...] = ()
    freeze: tuple[int, int] | None = None
    page: Page = field(default_factory=Page)
    visibility: Visibility = "visible"
    tab: str = ""
    cover: tuple[int, int] | None = None
    logo: int | None = None
    zoom: int = 100
    quiet_columns: frozenset[int] = frozenset()
    heights: tuple[tuple[int, float], ...] = ()
    varies: bool = False

    def left_out(self, field: Field, column: int) -> bool:
        """Whether the cells of a column are not written at all: nothing stands in them, as the
        quiet column is still hidden, and nobody types in them."""
        return column in self.quiet_columns & self.hidden_columns and not field.codecs


@dataclass(frozen=True, slots=True)
class WorkbookPlan:
    """Everything about a workbook but what people type into it."""

    identity: Identity
    lang: Lang
    model: ScoreModel
    sheets: tuple[Sheet, ...]
    properties: Mapping[str, str]

    @property
    def text(self) -> Messages:
        """The texts of the workbook, in its language and wording."""
        return self.model.text

    def say(self, key: str, **slots: object) -> str:
        """A text of the workbook with its ``{slots}`` filled in."""
        return self.model.say(key, **slots)

    def blocks(self) -> Iterator[tuple[Sheet, Block]]:
        """Every block with its sheet."""
        for sheet in self.sheets:
            for block in sheet.blocks:
                yield sheet, block

    def tables(self) -> tuple[Table, ...]:
        """Every table that stands in the workbook: a closed set for evaluation."""
        return tuple(block.table for _, block in self.blocks())

    def inputs(self) -> Iterator[tuple[Sheet, Block, Field]]:
        """Every column that people type in."""
        for sheet, block in self.blocks():
            for placed in block.fields:
                if isinstance(block.table.column(placed.key), Input):
                    yield sheet, block, placed

    def computed(self) -> Iterator[tuple[Sheet, Block, Field]]:
        """Every column of formulas."""
        for sheet, block in self.blocks():
            for placed in block.fields:
                if isinstance(block.table.column(placed.key), Computed):
                    yield sheet, block, placed
